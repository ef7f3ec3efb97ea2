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
fn a_bar_of_one_remarked_moment_is_no_picture_of_many() {
    let silent: String = (0..1999).map(|who| format!("c{who},p,,2026-01-05\n")).collect();
    let records = format!("{HEADER}{silent}c0,p,late,2026-01-06\n");
    let table = over_records("journey -f table", &records).any_stdout().run().stdout;
    let row = table.lines().nth(1).expect("the row of p");
    assert_eq!(row.split_whitespace().take(3).collect::<Vec<_>>(), ["p", "2,000", "1"], "{table}");
    assert!(row.contains("╱╱╱│") && !row.contains('▓') && row.ends_with("little"), "{table}");
    assert!(table.starts_with("point  count  remarked  "), "{table}");
    assert!(table.contains("little (hatched): too little data, fewer than 10 remarked interactions or 5"), "{table}");
    over_records("check -f table p", &records)
        .stdout_has("data      too little: 1 remarked interaction of 1 recipient\n")
        .run();
    let page = over_records("report", &records).any_stdout().run().stdout;
    assert!(
        page.contains("class=\"diverging faint\"")
            && page.contains(", 1 with something noted, median")
            && page.contains("Faint bars")
    );
    // what is enough is drawn as it is, and nothing more is said
    let enough = format!("{HEADER}{}", moments(1, 9, 1));
    let table = over_records("journey -f table", &enough).any_stdout().run().stdout;
    assert!(table.contains('▓') && !table.contains("little") && !table.contains("remarked  "), "{table}");
    let page = over_records("report", &enough).any_stdout().run().stdout;
    assert!(!page.contains("class=\"diverging faint\"") && !page.contains("Faint bars"));
}

#[test]
fn moments_of_one_recipient_count_for_what_they_say() {
    let rows = (0..40).map(|number| format!("c{},p,on-time,2026-01-05\n", number % 8));
    let records = format!("{HEADER}{}", rows.collect::<String>());
    over_records("check -f table p", &records)
        .stdout_has("for sound 40 remarked interactions of 8 recipients count like 8 independent\n")
        .run();
    let table = over_records("journey -f table", &records).any_stdout().run().stdout;
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("; 40 remarked interactions of 8 recipients count like 8 independent ones"), "{table}");
    over_records("report", &records)
        .any_stdout()
        .stdout_has("40 moments of 8 recipients count like 8 independent ones")
        .run();
    let once = format!("{HEADER}{}", moments(1, 20, 0));
    let table = over_records("journey -f table", &once).any_stdout().run().stdout;
    assert!(!table.contains("count like"), "{table}");
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
