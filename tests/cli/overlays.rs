//! Rules of one's own, case by case, worked by hand: memory, market, what
//! rides, what stands for an act, how long a level lasts.
//!
//! Each line of a case is `level reason next`, as in the cases of the shipped rules.

use crate::harness::{lines, serveup};
use crate::rules::{GIFT, act, by_rules, note, rated};

/// The note at a date.
fn note_on(date: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    note(&format!(r#""at":"{date}"{comma}{more}"#))
}

#[test]
fn acts_are_forgotten_after_a_longer_gap_than_the_memory() {
    let overlay = "[escalator]\nmemory_days = 30\n";
    // 30 days are not more than 30; 30 days and a second are
    let records = [
        note_on("2026-01-01T00:00:00Z", GIFT),
        note_on("2026-01-31T00:00:00Z", GIFT),
        note_on("2026-03-02T00:00:01Z", GIFT),
    ];
    by_rules(overlay, &records, &["surprising facts desired", "desired repeat expected", "surprising facts desired"]);
    // without the overlay nothing is
    rated(&records, &["surprising facts desired", "desired repeat expected", "expected repeat basic"]);
    // nothing is owed any more either; and an omission is no delivery that would keep the memory fresh
    let omitted = r#""signals":["omitted"]"#;
    let records = [
        note_on("2026-01-01", GIFT),
        note_on("2026-01-02", ""),
        note_on("2026-01-03", ""),
        note_on("2026-01-30", omitted),
        note_on("2026-02-28", omitted),
    ];
    let expected = [
        "surprising facts desired",
        "desired repeat expected",
        "expected repeat basic",
        "criminal lapse basic",
        "expected facts -",
    ];
    by_rules(overlay, &records, &expected);
}

#[test]
fn the_shipped_example_of_memory() {
    // plant cuttings come back after 203 days: new again with a memory of 90
    let run = |rules: &str, level: &str| {
        let run = serveup(&format!("rate -f json --quiet --since 2026-11-01 {rules}"));
        let example = |name: &str| crate::harness::example(name).display().to_string();
        let run = if rules.is_empty() { run } else { run.arg(example("memory.toml")) };
        run.arg(example("escalator.jsonl")).columns("id level reason", &[level]).run();
    };
    run("", "e16 basic repeat");
    run("--levels", "e16 surprising facts");
    // and the row says why
    let example = |name: &str| crate::harness::example(name).display().to_string();
    let run = serveup("rate -f json --quiet --since 2026-11-01 --levels").arg(example("memory.toml"));
    run.arg(example("escalator.jsonl")).stdout_has("longer ago than anyone remembers: new again").run();
}

#[test]
fn the_market_takes_an_act_down_for_everyone() {
    let overlay = "[[market]]\nact = \"handwritten-note\"\nsince = 2026-01-15\nlevel = \"expected\"\n";
    let bolt = |at: &str, more: &str| note_on(at, more).replace("acme", "bolt");
    let records = [
        note_on("2026-01-14T23:59:59Z", GIFT),
        // midnight UTC of the date: its own standing is desired, everyone's expected
        note_on("2026-01-15T00:00:00Z", GIFT),
        // own standing expected, no lower than the market: the repeat decided
        note_on("2026-01-16", ""),
        note_on("2026-01-17", ""),
        // for somebody new it is no surprise either, though their peak is
        bolt("2026-01-18", GIFT),
        // owed is the lower of desired and expected; one below expected is basic
        bolt("2026-01-19", r#""signals":["omitted"]"#),
        // never done for carl, but owed by everyone: basic
        note_on("2026-01-20", r#""signals":["omitted"]"#).replace("acme", "carl"),
    ];
    let expected = [
        "surprising facts desired",
        "expected market expected",
        "expected repeat basic",
        "basic repeat basic",
        "expected market expected",
        "basic lapse expected",
        "basic lapse expected",
    ];
    by_rules(overlay, &records, &expected);
    // without times there is no market
    by_rules(overlay, &[note(GIFT)], &["surprising facts desired"]);
}

#[test]
fn the_newest_market_row_counts_and_a_path_can_be_meant() {
    let overlay = r#"
[[market]]
act = "shop/next-day"
since = "2026-03-01"
level = "basic"
[[market]]
act = "shop/next-day"
since = 2026-01-01
level = "desired"
"#;
    let moment = |at: &str| format!(r#"{{"recipient":"{at}","journey":"shop","point":"next-day","at":"{at}",{GIFT}}}"#);
    let records = ["2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01"].map(moment);
    // a moment that names another act is not meant, wherever it happens
    let named = moment("2026-03-02").replace(r#""point""#, r#""action":"gift","point""#);
    let records = [records.as_slice(), &[named]].concat();
    let expected = [
        "surprising facts -",
        "desired market desired",
        "desired market desired",
        "basic market basic",
        "surprising facts desired",
    ];
    by_rules(overlay, &records, &expected);
}

#[test]
fn what_rides_can_begin_lower_or_higher() {
    let preferred = || act("report", r#""signals":["preferred-way"]"#);
    let report = [preferred(), preferred(), preferred(), preferred()];
    let slides = ["desired facts expected", "expected repeat basic", "basic repeat basic", "basic repeat basic"];
    by_rules("[escalator]\nfrom = \"desired\"\n", &report, &slides);
    rated(&report, &["desired facts -"; 4]);
    by_rules("[escalator]\nfrom = \"unbelievable\"\n", &[note(GIFT), note(GIFT)], &["surprising facts -"; 2]);
}

#[test]
fn the_point_can_stand_for_an_act_without_name() {
    let unnamed = || format!(r#"{{"recipient":"acme","journey":"care","point":"thanks",{GIFT}}}"#);
    let named = format!(r#"{{"recipient":"acme","point":"parcel","action":"care/thanks",{GIFT}}}"#);
    let records = [unnamed(), unnamed(), named];
    // equal names are one act, whether a path or not
    let expected = ["surprising facts desired", "desired repeat expected", "expected repeat basic"];
    by_rules("[escalator]\nunnamed = \"point\"\n", &records, &expected);
    rated(&records, &["surprising facts -", "surprising facts -", "surprising facts desired"]);
    // nothing is unseen then, so there is no note about it
    let run = serveup("rate in -f json --levels rules.toml").file("in", lines(records));
    let run = run.file("rules.toml", "[escalator]\nunnamed = \"point\"\n");
    run.columns("level", &["surprising", "desired", "expected"]).run();
}

#[test]
fn a_level_can_last_longer() {
    let overlay = "[[levels]]\nname = \"surprising\"\nlasts = 2\n[[levels]]\nname = \"expected\"\nlasts = 3\n";
    let records: Vec<_> = std::iter::once(note(GIFT)).chain(std::iter::repeat_n(note(""), 7)).collect();
    let expected = [
        "surprising facts surprising",
        "surprising repeat desired",
        "desired repeat expected",
        "expected repeat expected",
        "expected repeat expected",
        "expected repeat basic",
        "basic repeat basic",
        "basic repeat basic",
    ];
    by_rules(overlay, &records, &expected);
}

#[test]
fn a_level_can_need_value_or_not() {
    let overlay =
        "[[levels]]\nname = \"surprising\"\nneeds_value = false\n[[levels]]\nname = \"desired\"\nneeds_value = true\n";
    let records = [act("a", r#""signals":["unexpected"]"#), act("b", r#""signals":["as-hoped"]"#)];
    by_rules(overlay, &records, &["surprising facts desired", "expected facts -"]);
    rated(&records, &["expected facts -", "desired facts -"]);
}
