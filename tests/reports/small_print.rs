//! What people read looks like what it is: shares that are not all, differences that are not none, texts
//! that would hide something.

use crate::told::over_records;

/// So many sound moments of a point and so many failures, in a month.
fn moments(month: u32, sound: usize, failed: usize) -> String {
    let signals = ["on-time"].into_iter().cycle().take(sound).chain(["late"].into_iter().cycle().take(failed));
    signals.enumerate().map(|(number, signal)| format!("c{number},p,{signal},2026-0{month}-05\n")).collect()
}

const HEADER: &str = "recipient,point,signals,at\n";

#[test]
fn nearly_all_is_not_all_and_hardly_any_is_not_none() {
    let nearly = format!("{HEADER}{}", moments(1, 249, 1));
    let hardly = format!("{HEADER}{}", moments(1, 1, 249));
    over_records("journey -f table", &nearly).stdout_has(" >99 %    0 %\n").run();
    over_records("journey -f table", &hardly).stdout_has("  <1 %    0 %\n").run();
    let check = over_records("check -f table p", &nearly).stdout_has(">99 % (98 to >99)").run();
    assert!(!check.stdout.contains("100 %"), "{}", check.stdout);
    for records in [&nearly, &hardly] {
        let page = over_records("report", records).any_stdout().run().stdout;
        let shown = if records == &nearly { "&gt;99\u{a0}%" } else { "&lt;1\u{a0}%" };
        assert!(page.contains(shown), "the page has no {shown}");
    }
    // what programs read is not rounded
    over_records("journey -f json", &nearly).stdout_has("\"share\": 0.996").run();
}

#[test]
fn a_difference_is_not_none() {
    let records = format!("{HEADER}{}{}", moments(1, 250, 1), moments(2, 251, 1));
    let run = over_records("uplift -f table --compare 2026-01..2026-02", &records);
    run.stdout_has(">99 % in 2026-01, >99 % in 2026-02: +<1 (").run();
    let same = format!("{HEADER}{}{}", moments(1, 250, 1), moments(2, 250, 1));
    over_records("uplift -f table --compare 2026-01..2026-02", &same).stdout_has("in 2026-02: 0 (").run();
}

#[test]
fn what_cannot_be_seen_is_shown_and_what_belongs_together_stays_so() {
    let record = |who: &str| format!("[{{\"recipient\":\"{who}\",\"point\":\"p\",\"signals\":[\"late\"]}}]");
    for hidden in
        ['\u{61c}', '\u{202e}', '\u{200b}', '\u{ad}', '\u{3164}', '\u{fffa}', '\u{e0041}', '\u{fe0f}', '\u{200d}']
    {
        let escape = hidden.escape_unicode().to_string();
        let records = record(&format!("a{hidden}b"));
        let shown = format!("a{escape}b");
        over_records("rate -f table", &records).stdout_has(&shown).run();
        let gate =
            over_records("journey -f table --by recipient --require 1 --min-count 1 --min-recipients 1", &records);
        gate.status(1).stdout_has(&shown).stderr_has(&shown).run();
        let page = over_records("report", &records).any_stdout().run().stdout;
        assert!(page.contains(&shown) && !page.contains(hidden), "{escape} on the page");
        // programs get what was written
        over_records("rate -f tsv", &records).stdout_has(&format!("a{hidden}b")).run();
    }
    for whole in ["می\u{200c}خواهم", "👩\u{200d}🚀", "\u{2764}\u{fe0f}"] {
        over_records("rate -f table", &record(whole)).stdout_has(whole).run();
        let page = over_records("report", &record(whole)).any_stdout().run().stdout;
        assert!(page.contains(whole), "{whole} on the page");
    }
}
