//! The rules of the model, case by case, worked by hand and seen through the binary.
//!
//! Each line of a case is `level reason next`: what the moment was, the rule
//! that decided, and what the same act, done as well again, will be worth.

use crate::harness::{lines, serveup};

/// Noted as a surprise that created value.
pub(crate) const GIFT: &str = r#""signals":["unexpected"],"value":["felt-good"]"#;

/// One moment of an act with acme.
pub(crate) fn act(name: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"recipient":"acme","point":"thanks","action":"{name}"{comma}{more}}}"#)
}

pub(crate) fn note(more: &str) -> String {
    act("handwritten-note", more)
}

/// Rates records by the shipped rules.
#[track_caller]
pub(crate) fn rated(records: &[String], expected: &[&str]) {
    by_rules("", records, expected);
}

/// Rates records by the shipped rules with an overlay.
#[track_caller]
pub(crate) fn by_rules(overlay: &str, records: &[String], expected: &[&str]) {
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
        // one different is enough, whichever comes first
        (r#""channel":"email","served":{"pace":"fast"}"#, "expected facts -"),
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
