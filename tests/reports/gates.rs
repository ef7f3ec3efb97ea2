//! `journey --require`: the lower bound decides, and not the share.

use crate::figures::bounds;
use crate::harness::{FORMATS, Serveup};
use crate::told::{document, list, over_records};

/// Records of a point: so many sound, so many failed, of so many recipients.
fn records(point: &str, sound: usize, failed: usize, recipients: usize) -> String {
    let signals = ["on-time"].into_iter().cycle().take(sound).chain(["late"].into_iter().cycle().take(failed));
    signals.enumerate().map(|(number, signal)| format!("r{},{point},{signal}\n", number % recipients)).collect()
}

fn table(rows: &str) -> String {
    format!("recipient,point,signals\n{rows}")
}

/// A run of a gate over records, whose report the test does not look at.
fn gate(flags: &str, rows: &str) -> Serveup {
    over_records(&format!("journey {flags} -f json"), &table(rows)).any_stdout()
}

#[test]
fn three_inputs_end_in_three_ways() {
    // 10 of 10 people: the bound is 10 / (10 + t²) = 10 / 15.12 = 66 %, with t = 2.262 of 9 degrees of freedom
    gate("--require 60%", &records("p", 10, 0, 10)).run();
    // 9 of 10 is a share of 90 %, but at least only 52.3 %
    let broken = gate("--require 60%", &records("p", 9, 1, 10)).status(1);
    broken.stderr("gate: p: at least 52.3 % sound, 60.0 % required\n").run();
    // 9 of 9 is a bound of 9 / (9 + t²) = 63 %, but of too few
    let few = gate("--require 60%", &records("p", 9, 0, 9)).status(3);
    few.stderr("gate: too little data: 1 group with fewer than 10 remarked interactions or 5 recipients\n").run();
}

#[test]
fn what_does_not_reach_the_share_required_does_not_look_as_if_it_did() {
    // 36 of 36: 36 / (36 + t²) = 36 / 40.1213 = 89.728 %, with t = 2.0301 of 35 degrees of freedom
    let rows = records("p", 36, 0, 36);
    gate("--require 0.8972", &rows).run();
    let broken = gate("--require 0.8975", &rows).status(1);
    broken.stderr("gate: p: at least 89.73 % sound, 89.75 % required\n").run();
    let broken = gate("--require 89.73%", &rows).status(1);
    broken.stderr("gate: p: at least 89.728 % sound, 89.730 % required\n").run();
}

#[test]
fn the_report_is_printed_whatever_the_gate_says() {
    for (sound, failed, status) in [(10, 0, 0), (5, 5, 1), (5, 0, 3)] {
        let rows = records("p", sound, failed, sound + failed);
        let plain = over_records("journey -f json", &table(&rows)).any_stdout().run().stdout;
        let run = gate("--require 60%", &rows).status(status).stdout(plain);
        if status == 0 { run } else { run.stderr_has("gate: ") }.run();
    }
}

#[test]
fn the_bound_itself_is_enough() {
    let rows = records("p", 17, 3, 20);
    let report = document(over_records("journey", &table(&rows)));
    let low = list(&report, "groups")[0]["sound"]["low"].as_f64().expect("a bound");
    let (share, by_hand, ..) = bounds(&(0..20).map(|who| (who.to_string(), who < 17)).collect()).expect("a share");
    assert!((low - by_hand).abs() < 1e-12 && share > low);
    // a step of 10⁻⁹ to either side, so that the last digits of a double have no say
    gate(&format!("--require {:.9}", low - 1e-9), &rows).run();
    gate(&format!("--require {:.9}", low + 1e-9), &rows).status(1).stderr_has("gate: p: ").run();
    gate(&format!("--require {share}"), &rows).status(1).stderr_has("gate: p: ").run();
    // nothing is required of nobody, and everything of nobody but the flawless, who are never certain
    gate("--require 0", &records("p", 0, 10, 10)).run();
    gate("--require 100%", &records("p", 1000, 0, 10)).status(1).stderr_has("100.0 % required").run();
}

#[test]
fn a_share_may_be_written_in_either_way() {
    let rows = records("p", 9, 1, 10);
    for share in ["60%", "0.6", "60 %", "0.60", ".6", "60.0%"] {
        let run = over_records("journey", &table(&rows)).arg("--require").arg(share).any_stdout();
        run.status(1).stderr("gate: p: at least 52.3 % sound, 60.0 % required\n").run();
    }
    for share in ["52%", "0.52", "0%", "0"] {
        over_records("journey", &table(&rows)).arg("--require").arg(share).any_stdout().run();
    }
}

#[test]
fn wrong_shares_are_refused() {
    for share in ["60", "abc", "-1", "101%", "1.1", "-1%", "", "%", "nan", "NaN%", "inf", "60%%", "0,6", "1/2"] {
        let run = over_records(&format!("journey --require={share}"), &table(&records("p", 10, 0, 10)));
        run.status(2).stderr_has("--require").run();
    }
    for flags in ["--require 0.5 --of worst", "--require 0.5 --min-count -3", "--require 0.5 --min-recipients few"] {
        gate(flags, "").status(2).stderr_has("error: ").run();
    }
    // a condition of a gate that nobody asked for is a mistake
    for flags in ["--of top-half", "--min-count 3", "--min-recipients 3"] {
        gate(flags, "").status(2).stderr_has("--require").run();
    }
}

#[test]
fn another_share_may_have_to_reach_it() {
    let liked = records("p", 10, 0, 10).replace("on-time", "as-hoped");
    gate("--require 60% --of top-half", &liked).run();
    // expected is sound, but it is not in the top half
    let expected = records("p", 10, 0, 10);
    gate("--require 60% --of sound", &expected).run();
    let broken = gate("--require 60% --of top-half", &expected).status(1);
    broken.stderr("gate: p: at least 0.0 % in the top half, 60.0 % required\n").run();
    // and liked but for one it is again the bound that decides
    let rows = format!("{}r9,p,on-time\n", records("p", 9, 0, 9).replace("on-time", "as-hoped"));
    let broken = gate("--require 60% --of top-half", &rows).status(1);
    broken.stderr("gate: p: at least 52.3 % in the top half, 60.0 % required\n").run();
}

#[test]
fn too_few_is_what_the_flags_say() {
    // 9 of 9 are at least 63 %: enough, if nine are
    let nine = records("p", 9, 0, 9);
    gate("--require 60% --min-count 9", &nine).run();
    let few = gate("--require 60% --min-count 12", &records("p", 11, 0, 9)).status(3);
    few.stderr("gate: too little data: 1 group with fewer than 12 remarked interactions or 5 recipients\n").run();
    // ten moments of four people
    let four = records("p", 10, 0, 4);
    let few = gate("--require 60%", &four).status(3);
    few.stderr("gate: too little data: 1 group with fewer than 10 remarked interactions or 5 recipients\n").run();
    // they count for 10 / 2.6, as two of them have three each
    gate("--require 27% --min-recipients 4", &four).run();
    gate("--require 28% --min-recipients 4", &four).status(1).stderr_has("gate: p: ").run();
    gate("--require 60% --min-recipients 11", &records("p", 10, 0, 10)).status(3).stderr_has("11 recipients").run();
    // five people are enough, but ten moments of five count for five: 5 / (5 + t²) = 39.3 %, with t = 2.776
    gate("--require 39%", &records("p", 10, 0, 5)).run();
    gate("--require 40%", &records("p", 10, 0, 5)).status(1).stderr_has("at least 39.3 % sound").run();
    // people of whom nothing is noted are none of them
    let silent = format!("{}r9,p,\n", records("p", 12, 0, 4));
    gate("--require 1%", &silent).status(3).stderr_has("too little data").run();
}

#[test]
fn too_few_is_else_what_the_rules_say() {
    let rules = "[enough]\ninteractions = 3\nrecipients = 2\n";
    let run = |rows: &str| gate("--require 1% --levels rules.toml", rows).file("rules.toml", rules);
    // 3 of 3 of two people count for 1.8: 1.8 / (1.8 + t²) = 1.1 %, with t = 12.706
    run(&records("p", 3, 0, 2)).run();
    run(&records("p", 3, 0, 1)).status(3).stderr_has("3 remarked interactions or 2 recipients").run();
    run(&records("p", 2, 0, 2)).status(3).stderr_has("gate: too little data: 1 group").run();
}

#[test]
fn what_is_unremarked_is_not_enough() {
    let rows = format!("{}r9,p,\n", records("p", 9, 0, 9));
    gate("--require 60%", &rows).status(3).stderr_has("too little data").run();
    let nothing = records("p", 10, 0, 10).replace("on-time", "");
    gate("--require 0", &nothing).status(3).stderr_has("too little data").run();
    // nothing noted has no share, however few are enough
    gate("--require 0 --min-count 0 --min-recipients 0", &nothing).status(3).stderr_has("too little data").run();
}

#[test]
fn every_group_has_to_reach_it_and_broken_beats_too_little() {
    let (good, bad, few) = (records("good", 12, 0, 12), records("bad", 6, 6, 6), records("few", 3, 0, 3));
    gate("--require 60%", &format!("{good}{}", good.replace("good", "fine"))).run();
    let run = gate("--require 60%", &format!("{good}{bad}")).status(1);
    run.stderr("gate: bad: at least 20.2 % sound, 60.0 % required\n").run();
    gate("--require 60%", &format!("{good}{few}"))
        .status(3)
        .stderr_has("gate: too little data: 1 group with fewer than")
        .run();
    for rows in [format!("{few}{bad}{good}"), format!("{bad}{few}")] {
        gate("--require 60%", &rows).status(1).stderr_has("gate: bad: at least 20.2 % sound").run();
    }
    // all together they would have passed or failed otherwise: the total is no group
    let all = format!("{good}{good}{good}{}", records("bad", 10, 2, 6));
    let report = document(over_records("journey", &table(&all)));
    assert!(report["total"]["sound"]["low"].as_f64().expect("a bound") > 0.8);
    gate("--require 80%", &format!("{all}{few}")).status(1).stderr_has("gate: bad: ").run();
}

#[test]
fn groups_by_other_dimensions_are_held_against_it_too() {
    let rows = records("p", 9, 1, 10);
    gate("--require 60% --by recipient", &rows).status(3).stderr_has("10 groups with fewer than").run();
    // what no record has would make one group of all
    let run = gate("--require 60% --by channel,team", &rows).status(2);
    run.stderr_has("serveup: --by: no record has \"channel\", so the gate has nothing to check").run();
}

#[test]
fn nothing_reported_is_too_little() {
    over_records("journey --require 60% -f jsonl", "[]")
        .status(3)
        .stderr("note: records: no records found\ngate: too little data: there are no groups\n")
        .run();
    let dated = "at,recipient,point,signals\n2026-01-05,a,p,late\n";
    let run = over_records("journey --require 60% --since 2026-02-01 -f jsonl", dated);
    run.status(3).stderr("gate: too little data: there are no groups\n").run();
}

#[test]
fn the_first_twenty_findings_are_listed_and_the_rest_counted() {
    let rows: String = (0..25).map(|point| records(&format!("p{point:02}"), 5, 5, 5)).collect();
    let ran = gate("--require 60%", &rows).status(1).stderr_has("gate: p00: ").stderr_has("gate: p19: ").run();
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 21, "{}", ran.stderr);
    assert!(lines[20].contains("5 groups more") || lines[20].contains("5 more"), "{}", lines[20]);
    // --quiet silences notes, and a finding is none
    let quiet = gate("--require 60% --quiet", &rows).status(1).stderr(ran.stderr.clone());
    quiet.run();
}

#[test]
fn a_gate_counts_in_every_format() {
    for format in FORMATS {
        let run = over_records(&format!("journey --require 60% -f {format}"), &table(&records("p", 9, 1, 10)));
        run.any_stdout().status(1).stderr_has("gate: p: ").run();
    }
}

#[test]
fn a_gate_knows_who_spoke() {
    // 40 of 40: of 40 people at least 40 / (40 + t²) = 90.7 %, of 8 with five moments each 8 / (8 + t²) = 58.9 %
    gate("--require 90%", &records("p", 40, 0, 40)).run();
    let eight = gate("--require 90%", &records("p", 40, 0, 8)).status(1);
    eight.stderr("gate: p: at least 58.9 % sound, 90.0 % required\n").run();
    // the same on one point
    let rows = table(&records("p", 40, 0, 8));
    let report = document(over_records("journey", &rows));
    assert_eq!(list(&report, "groups")[0]["sound"]["design_effect"], 5.0);
    assert_eq!(document(over_records("check p", &rows))["sound"], report["total"]["sound"]);
}

/// Months of so many sound and failed moments each, of ten recipients.
fn months(months: &[(&str, usize, usize)]) -> String {
    let mut rows = "recipient,point,at,signals\n".to_owned();
    for (month, sound, failed) in months {
        for number in 0..sound + failed {
            let signal = if number < *sound { "on-time" } else { "late" };
            let day = number % 28 + 1;
            rows.push_str(&format!("r{},p,{month}-{day:02},{signal}\n", number % 10));
        }
        // so that the month is over
        rows.push_str(&format!("r0,p,{month}-30,on-time\n"));
    }
    rows
}

#[test]
fn a_group_that_slips_breaks_the_gate() {
    let gate = |months_of: &str| over_records("uplift --fail-on-slipping -f json", months_of).any_stdout();
    let broken = gate(&months(&[("2026-04", 60, 0), ("2026-06", 20, 40)]));
    // of the months compared the earlier is empty
    broken
        .status(3)
        .stderr("gate: too little data: 1 group without enough interactions or recipients in both periods\n")
        .run();
    let compare = |months_of: &str| {
        over_records("uplift --fail-on-slipping --compare 2026-04..2026-06 -f json", months_of).any_stdout()
    };
    // 61 of 61 sound, then 21 of 61
    let broken = compare(&months(&[("2026-04", 60, 0), ("2026-06", 20, 40)])).status(1);
    broken.stderr("gate: p: slipping, sound -66 points from 2026-04 to 2026-06\n").run();
    compare(&months(&[("2026-04", 60, 0), ("2026-06", 60, 0)])).run();
    compare(&months(&[("2026-04", 20, 40), ("2026-06", 60, 0)])).run();
    let nothing = compare("recipient,point,at\n").status(3);
    nothing.stderr_has("gate: too little data: there are no groups\n").run();
}

#[test]
fn one_point_may_be_required_to_be_sound() {
    let check = |flags: &str, rows: &str| over_records(&format!("check p {flags} -f json"), &table(rows)).any_stdout();
    // the same words as of every point of a journey
    for (sound, failed, status) in [(10, 0, 0), (9, 1, 1), (9, 0, 3)] {
        let rows = records("p", sound, failed, sound + failed);
        let ran = gate("--require 60%", &rows).status(status);
        let said = if status == 0 { ran } else { ran.stderr_has("gate: ") }.run().stderr;
        check("--require 60%", &format!("{rows}{}", records("q", 0, 20, 20))).status(status).stderr(said).run();
    }
    check("--require 10% --of top-half", &records("p", 20, 0, 20)).status(1).stderr_has("in the top half").run();
    check("--require 10% --min-count 30", &records("p", 20, 0, 20)).status(3).stderr_has("fewer than 30").run();
    // what is broken outranks what is too little data
    let both = check("--require 60% --fail-on-failure", &records("p", 5, 1, 6)).status(1);
    both.stderr_has("is a failure").stderr_has("too little data").run();
    // a moment that is only described has no share
    let described = crate::harness::serveup("check p --require 60%").status(2);
    described.stderr("serveup: --require needs records; name a file of interactions\n").run();
}
