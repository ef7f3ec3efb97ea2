//! The rules of the model, case by case, worked by hand and seen through the binary.
//!
//! Each line of a case is `level reason next`: what the moment was, the rule
//! that decided, and what the same act, done as well again, will be worth.

use crate::harness::{lines, serveup};

/// Noted as a surprise that created value.
const GIFT: &str = r#""signals":["unexpected"],"value":["felt-good"]"#;

/// One moment of an act with acme.
fn act(name: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"recipient":"acme","point":"thanks","action":"{name}"{comma}{more}}}"#)
}

fn note(more: &str) -> String {
    act("handwritten-note", more)
}

/// Rates records by the shipped rules.
#[track_caller]
fn rated(records: &[String], expected: &[&str]) {
    by_rules("", records, expected);
}

/// Rates records by the shipped rules with an overlay.
#[track_caller]
fn by_rules(overlay: &str, records: &[String], expected: &[&str]) {
    let run = serveup("rate in -f json --quiet --levels rules.toml").file("rules.toml", overlay);
    run.file("in", lines(records)).columns("level reason next", expected).run();
}

/// The same with what is known of the recipients.
#[track_caller]
fn for_recipient(recipient: &str, records: &[String], expected: &[&str]) {
    let run = serveup("rate in -f json --quiet --recipients who").file("who", recipient);
    run.file("in", lines(records)).columns("level reason next", expected).run();
}

// ── Worked in the model ─────────────────────────────────────────────────────

#[test]
fn the_note_as_recorded_honestly() {
    // unexpected once, then just delivered: slide(surprising, 1..4) = desired, expected, basic, basic;
    // then basic is owed and missed, and one below basic is criminal
    let records = [note(GIFT), note(""), note(""), note(""), note(""), note(r#""signals":["omitted"]"#)];
    let expected = [
        "surprising facts desired",
        "desired repeat expected",
        "expected repeat basic",
        "basic repeat basic",
        "basic repeat basic",
        "criminal lapse basic",
    ];
    rated(&records, &expected);
}

#[test]
fn the_note_as_recorded_unexpected_every_time() {
    // a second gift is not unexpected, whatever is noted: the same levels
    let omitted = r#""signals":["unexpected","omitted"],"value":["felt-good"]"#;
    let records = [note(GIFT), note(GIFT), note(GIFT), note(GIFT), note(GIFT), note(omitted)];
    let expected = [
        "surprising facts desired",
        "desired repeat expected",
        "expected repeat basic",
        "basic repeat basic",
        "basic repeat basic",
        "criminal lapse basic",
    ];
    rated(&records, &expected);
}

#[test]
fn the_note_with_a_word_of_theirs() {
    // the verdict of the second puts the act back on surprising, and it slides from there
    let records = [note(GIFT), note(r#""verdict":"surprising""#), note(""), note(""), note("")];
    let expected = [
        "surprising facts desired",
        "surprising verdict desired",
        "desired repeat expected",
        "expected repeat basic",
        "basic repeat basic",
    ];
    rated(&records, &expected);
}

#[test]
fn late_first_then_on_time() {
    // the shortfall wins, but the novelty is spent: the second time is worth one below surprising
    let late = r#""signals":["unexpected","late"],"value":["felt-good"]"#;
    let records = [note(late), note(r#""signals":["on-time"]"#)];
    rated(&records, &["basic facts desired", "desired repeat expected"]);
}

#[test]
fn the_report_they_prefer() {
    // desired never rides (from = surprising), so it lasts; late, the shortfall decides, and what
    // was owed, the baseline, is only one above it and pushes it no lower
    let who = r#"{"id":"acme","prefers":{"cadence":"weekly"}}"#;
    let weekly = || act("report", r#""served":{"cadence":"weekly"}"#);
    let late = act("report", r#""served":{"cadence":"weekly"},"signals":["late"]"#);
    let expected = [
        "desired facts -",
        "desired facts -",
        "desired facts -",
        "desired facts -",
        "basic facts -",
        "desired facts -",
    ];
    for_recipient(who, &[weekly(), weekly(), weekly(), weekly(), late, weekly()], &expected);
}

#[test]
fn the_invoice() {
    // always done as agreed, so it is owed as expected; left out, that is one below
    let agreed = || act("invoice", r#""signals":["as-agreed"]"#);
    let records = [agreed(), agreed(), agreed(), agreed(), act("invoice", r#""signals":["omitted"]"#)];
    let expected = ["expected facts -", "expected facts -", "expected facts -", "expected facts -", "basic lapse -"];
    rated(&records, &expected);
}

// ── From facts to evidence ──────────────────────────────────────────────────

#[test]
fn the_lowest_shortfall_wins_over_every_lift() {
    let moments = [
        r#""signals":["late","astonishing"],"value":["time"]"#,
        r#""signals":["late","promise-broken","impolite"]"#,
        r#""signals":["on-time","as-hoped"]"#,
        r#""signals":["as-hoped","story-told"],"value":["time"]"#,
    ];
    // each is an act of its own, so nothing came before
    let records: Vec<_> = moments.iter().zip(["a", "b", "c", "d"]).map(|(more, name)| act(name, more)).collect();
    let expected = ["basic facts surprising", "criminal facts -", "desired facts -", "unbelievable facts surprising"];
    rated(&records, &expected);
}

#[test]
fn a_surprise_counts_only_where_it_created_value_they_want() {
    let record =
        |value: &str| format!(r#"{{"recipient":"acme","point":"p","signals":["unexpected"],"value":[{value}]}}"#);
    let created =
        [r#""money""#, r#""time""#, r#""quantified""#, r#""money","time""#, r#""felt-good""#, r#""emotional""#, ""];
    let records = created.map(record);
    // time is not money; a category on either side meets all its kinds; nobody wants what is not there
    let values = |list: &str| format!(r#"{{"id":"acme","values":[{list}]}}"#);
    let (counts, not) = ("surprising facts -", "expected facts -");
    for_recipient(&values(r#""time""#), &records, &[not, counts, counts, counts, not, not, not]);
    for_recipient(&values(r#""quantified""#), &records, &[counts, counts, counts, counts, not, not, not]);
    for_recipient(&values(r#""anxiety-reduced""#), &records, &[not, not, not, not, not, counts, not]);
    // one who has not said takes any, but none is none
    for_recipient(&values(""), &records, &[counts, counts, counts, counts, counts, counts, not]);
}

#[test]
fn preferences_are_compared_for_the_keys_both_name() {
    let who = r#"{"id":"acme","prefers":{"channel":"phone","pace":"fast"}}"#;
    let served = |more: &str| format!(r#"{{"recipient":"acme","point":"p",{more}}}"#);
    let moments = [
        (r#""channel":"phone""#, "desired facts -"),
        (r#""channel":"Phone""#, "expected facts -"),
        (r#""channel":"phone","served":{"pace":"slow"}"#, "expected facts -"),
        (r#""channel":"phone","served":{"pace":"fast","mood":"calm"}"#, "desired facts -"),
        // what was served names the channel itself
        (r#""channel":"phone","served":{"channel":"email"}"#, "expected facts -"),
        (r#""channel":"email","served":{"channel":"phone"}"#, "desired facts -"),
        (r#""served":{"mood":"calm"}"#, "expected unremarked -"),
    ];
    for (more, expected) in moments {
        for_recipient(who, &[served(more)], &[expected]);
    }
}

#[test]
fn a_moment_with_nothing_noted_is_unremarked() {
    let plain = r#"{"recipient":"acme","point":"p"}"#.to_owned();
    // an act nobody noted anything about either, as long as the escalator has no say
    rated(&[plain, note(""), note("")], &["expected unremarked -"; 3]);
    // the provider's opinion is no observation
    let run = serveup("rate in -f json").file("in", r#"{"recipient":"acme","point":"p","claimed":"unbelievable"}"#);
    run.columns("level reason claimed gap", &["expected unremarked unbelievable 3"]).run();
}

// ── The escalator ───────────────────────────────────────────────────────────

#[test]
fn omitting_what_nobody_owes_costs_nothing() {
    let omitted = r#""signals":["omitted"]"#;
    // never done before; done once as a surprise: desired was owed, one below is expected, as the evidence
    rated(
        &[note(omitted), note(GIFT), note(omitted)],
        &["expected facts -", "surprising facts desired", "expected facts desired"],
    );
    // an omission is no delivery: the next time is still the second
    rated(
        &[note(GIFT), note(omitted), note("")],
        &["surprising facts desired", "expected facts desired", "desired repeat expected"],
    );
}

#[test]
fn a_broken_promise_is_no_delivery() {
    let records = [note(r#""signals":["promise-broken"]"#), note(r#""signals":["omitted"]"#)];
    // nothing was delivered before, so nothing is owed
    rated(&records, &["criminal facts -", "expected facts -"]);
}

#[test]
fn late_when_basic_is_owed_is_criminal() {
    // time 4 since surprising is worth basic; owed − 1 = criminal, though the facts say basic
    let records = [note(GIFT), note(""), note(""), note(r#""signals":["late"]"#)];
    let expected =
        ["surprising facts desired", "desired repeat expected", "expected repeat basic", "criminal lapse basic"];
    rated(&records, &expected);
}

#[test]
fn better_than_ever_is_new() {
    let wow = r#""signals":["astonishing"],"value":["felt-good"]"#;
    let records = [note(GIFT), note(""), note(wow), note("")];
    let expected = [
        "surprising facts desired",
        "desired repeat expected",
        "unbelievable facts surprising",
        "surprising repeat desired",
    ];
    rated(&records, &expected);
}

#[test]
fn a_repeat_their_way_missed_is_worth_no_more_than_its_facts() {
    let missed = r#""signals":["preference-missed"]"#;
    // the standing would be desired, the facts say expected; then the standing is expected itself
    let records = [note(GIFT), note(missed), note(missed)];
    rated(&records, &["surprising facts desired", "expected facts expected", "expected repeat basic"]);
}

#[test]
fn a_verdict_moves_the_act_up_and_down() {
    // up: nothing was noted, and their word makes it unbelievable; it slides from there
    let records = [note(r#""verdict":"unbelievable""#), note("")];
    rated(&records, &["unbelievable verdict surprising", "surprising repeat desired"]);
    // down: held on expected, so the next is basic, by sliding and not by failing
    let records = [note(GIFT), note(r#""verdict":"expected""#), note("")];
    rated(&records, &["surprising facts desired", "expected verdict basic", "basic repeat basic"]);
    // a verdict below expected sets nothing: the act goes on from where it was held
    let records = [note(GIFT), note(r#""verdict":"basic""#), note("")];
    rated(&records, &["surprising facts desired", "basic verdict expected", "expected repeat basic"]);
}

#[test]
fn failures_are_told_from_what_has_only_slid() {
    let records = [
        note(GIFT),
        note(""),
        note(""),
        note(""),
        note(r#""signals":["omitted"]"#),
        note(r#""signals":["late"],"verdict":"expected""#),
        note(r#""verdict":"basic""#),
        act("other", r#""signals":["late"]"#),
    ];
    let expected = [
        "surprising facts false",
        "desired repeat false",
        "expected repeat false",
        "basic repeat false",
        "criminal lapse true",
        "expected verdict false",
        "basic verdict true",
        "basic facts true",
    ];
    let run = serveup("rate in -f json").file("in", lines(records));
    run.columns("level reason failure", &expected).run();
}

#[test]
fn acts_and_recipients_are_told_apart() {
    let bolt = note(GIFT).replace("acme", "bolt");
    let records = [note(GIFT), bolt.clone(), act("Handwritten-Note", GIFT), note(GIFT), bolt];
    let (first, second) = ("surprising facts desired", "desired repeat expected");
    rated(&records, &[first, first, first, second, second]);
    // the same act at another point is the same act
    rated(&[note(GIFT), note(GIFT).replace("thanks", "parcel")], &[first, second]);
}

// ── Rules of one's own ──────────────────────────────────────────────────────

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
    let records = ["2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01"].map(|at| moment(at));
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
