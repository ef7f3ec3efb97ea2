//! Wrong records: refused with their place, the field, what was found and what
//! is allowed; nothing is printed, and the status is 2.

use crate::harness::{lines, refused, serveup, signals_allowed};

pub(crate) const VERDICTS: &str =
    "criminal, basic, expected, desired, surprising, unbelievable, LEVEL-or-below or LEVEL-or-above";
pub(crate) const LEVELS: &str = "criminal, basic, expected, desired, surprising or unbelievable";
pub(crate) const VALUES: &str = "quantified, emotional, relational, existential, money, time, understood, felt-good, \
                      anxiety-reduced, connected-to-people, connected-to-provider, purpose or direction";
const FIELDS: &str = "id, at, recipient, journey, transaction, point, action, signals, value, served, channel, stage, \
                      relation, provider, team, verdict, claimed, said, recovers, response or cost";

const TEXT: &str = "a text";
const SIGNAL_LIST: &str = r#"a list of signals, like ["late"]"#;
pub(crate) const VALUE_LIST: &str = r#"a list of value created, like ["time"]"#;
pub(crate) const PAIRS: &str = r#"an object of texts, like {"channel": "email"}"#;

/// A record with these fields beside the required ones is refused with this
/// message, at the place marked by `^`.
#[track_caller]
fn field_refused(fields: &str, message: &str) {
    let marked = format!(r#"{{"recipient":"a","point":"p",{fields}}}"#);
    let (before, after) = marked.split_once('^').expect("a mark");
    refused(format!("{before}{after}"), &format!("1:{}: record 1: {message}", before.chars().count() + 1));
}

// ── Fields ──────────────────────────────────────────────────────────────────

#[test]
fn required_fields_are_required() {
    for (found, value) in
        [("null", "null"), ("an empty text", r#""""#), ("an empty list", "[]"), ("an empty object", "{ }")]
    {
        let recipient = format!("1:14: record 1: recipient: found {found}; allowed: {TEXT}");
        refused(format!(r#"{{"recipient":{value},"point":"p"}}"#), &recipient);
        let point = format!("1:26: record 1: point: found {found}; allowed: {TEXT}");
        refused(format!(r#"{{"recipient":"a","point":{value}}}"#), &point);
    }
    refused("{}", "1:1: record 1: recipient: found nothing; allowed: a text");
    refused(r#"[{"recipient":"a"}]"#, "1:2: record 1: point: found nothing; allowed: a text");
}

#[test]
fn a_text_is_a_text_or_a_number() {
    for (found, value) in [("true or false", "true"), ("a list", r#"["x"]"#), ("an object", r#"{"x":1}"#)] {
        let texts =
            ["id", "at", "journey", "transaction", "action", "channel", "stage", "relation", "provider", "team"];
        for field in texts.into_iter().chain(["verdict", "claimed", "said", "recovers", "response"]) {
            field_refused(&format!(r#""{field}":^{value}"#), &format!("{field}: found {found}; allowed: {TEXT}"));
        }
    }
}

#[test]
fn lists_and_objects_are_what_they_are() {
    for (fields, found, allowed) in [
        (r#""signals":^3"#, "signals: found a number", SIGNAL_LIST),
        (r#""signals":^"late""#, "signals: found a text", SIGNAL_LIST),
        (r#""signals":^{"late":1}"#, "signals: found an object", SIGNAL_LIST),
        (r#""signals":[^null]"#, "signals[0]: found null", "a name"),
        (r#""signals":["late",^["x"]]"#, "signals[1]: found a list", "a name"),
        (r#""value":^5"#, "value: found a number", VALUE_LIST),
        (r#""value":^"time""#, "value: found a text", VALUE_LIST),
        (r#""value":^{}"#, "value: found an empty object", VALUE_LIST),
        (r#""served":^"email""#, "served: found a text", PAIRS),
        (r#""served":^["email"]"#, "served: found a list", PAIRS),
        (r#""served":^7"#, "served: found a number", PAIRS),
        (r#""served":{"a":"b","c":^[]}"#, "served.c: found an empty list", TEXT),
        (r#""served":{"a":^true}"#, "served.a: found true or false", TEXT),
    ] {
        field_refused(fields, &format!("{found}; allowed: {allowed}"));
    }
}

#[test]
fn names_are_those_there_are_and_the_nearest_is_offered() {
    let signals = signals_allowed();
    for (fields, found, nearest, allowed) in [
        (r#""verdict":^"Basic""#, r#"verdict: found "Basic""#, "basic", VERDICTS),
        (r#""verdict":^"EXPECTED""#, r#"verdict: found "EXPECTED""#, "expected", VERDICTS),
        (r#""verdict":^" basic""#, r#"verdict: found " basic""#, "basic", VERDICTS),
        (
            r#""verdict":^"basic or below""#,
            r#"verdict: found "basic or below""#,
            "basic-or-below",
            "criminal, basic, expected, desired, surprising, unbelievable, basic-or-below, LEVEL-or-below or LEVEL-or-above",
        ),
        (r#""verdict":^"good""#, r#"verdict: found "good""#, "", VERDICTS),
        (r#""verdict":^3"#, r#"verdict: found "3""#, "", VERDICTS),
        (r#""claimed":^"surprised""#, r#"claimed: found "surprised""#, "surprising", LEVELS),
        (r#""signals":["late",^"lat"]"#, r#"signals[1]: found "lat""#, "late", signals.as_str()),
        (r#""signals":[^"on_time"]"#, r#"signals[0]: found "on_time""#, "on-time", signals.as_str()),
        (r#""signals":[^7]"#, r#"signals[0]: found "7""#, "", signals.as_str()),
        (r#""signals":[^""]"#, r#"signals[0]: found """#, "", signals.as_str()),
        (r#""value":[^"luck"]"#, r#"value[0]: found "luck""#, "", VALUES),
        (r#""value":["time",^{"kind":"mony"}]"#, r#"value[1]: found "mony""#, "money", VALUES),
        (r#""stage":^"mid""#, r#"stage: found "mid""#, "middle", "beginning, middle or end"),
        (r#""relation":^"client""#, r#"relation: found "client""#, "", "external or internal"),
        (r#""response":^"excuse""#, r#"response: found "excuse""#, "", "blame, shame, justify or responsibility"),
    ] {
        let meant = if nearest.is_empty() { String::new() } else { format!(" (did you mean \"{nearest}\"?)") };
        field_refused(fields, &format!("{found}{meant}; allowed: {allowed}"));
    }
}

#[test]
fn amounts_are_measured_and_only_of_what_can_be() {
    let number = "a number, zero or more, of at most 15 digits";
    for (value, found, allowed) in [
        (r#"{"kind":"time","amount":-1}"#, r#"amount: found "-1""#, number),
        (r#"{"kind":"time","amount":"x"}"#, r#"amount: found "x""#, number),
        (r#"{"kind":"time","amount":"1_000"}"#, r#"amount: found "1_000""#, number),
        (r#"{"kind":"time","amount":"+1"}"#, r#"amount: found "+1""#, number),
        (r#"{"kind":"time","amount":"1e"}"#, r#"amount: found "1e""#, number),
        (r#"{"kind":"time","amount":1234567890123456}"#, r#"amount: found "1234567890123456""#, number),
        (r#"{"kind":"time","amount":[1]}"#, "amount: found a list", "a text or a number"),
        (r#"{"kind":"time","unit":"h"}"#, "amount: found nothing", "a number for the unit to count"),
        (r#"{"amount":1}"#, "kind: found nothing", "a category or kind of value"),
        (r#"{"kind":"time","kind":"time"}"#, "kind: found the same key twice", "each key once"),
        (r#"{"amont":1}"#, r#"amont: found "amont" (did you mean "amount"?)"#, "kind, amount or unit"),
    ] {
        field_refused(&format!(r#""value":[^{value}]"#), &format!("value[0].{found}; allowed: {allowed}"));
    }
    let cell = r#""{""kind"":""time"",""amount"":""1_000""}""#;
    serveup("rate in")
        .file("in", format!("recipient,point,value\na,p,{cell}\n"))
        .status(2)
        .stderr_has(&format!("value[0].amount: found \"1_000\"; allowed: {number}"))
        .run();
    let priced = "value[0].amount: found 1; allowed: no amount: emotional value is counted, never priced";
    field_refused(r#""value":[^{"kind":"felt-good","amount":1}]"#, priced);
    let forms = r#"value[0]: found a number; allowed: a category, a kind, or {"kind": …, "amount": …, "unit": …}"#;
    field_refused(r#""value":[^3]"#, forms);
}

#[test]
fn a_field_or_key_stands_once() {
    field_refused(r#""point":^"q""#, "point: found the same field twice; allowed: each field once");
    field_refused(r#""p\u006fint":^"q""#, "point: found the same field twice; allowed: each field once");
    field_refused(r#""x":1,"x":^2"#, "x: found the same field twice; allowed: each field once");
    field_refused(r#""served":{"k":"a","k":^"b"}"#, "served.k: found the same key twice; allowed: each key once");
    field_refused(r#""served":{"k":null,"k":^"b"}"#, "served.k: found the same key twice; allowed: each key once");
}

#[test]
fn times_are_instants_or_dates() {
    let exists = "there is no such day or time of day";
    let range = "it lies outside the years 0001 to 9999, so leave it out if it stands for \"no date\"";
    let form = "write it like 2026-01-05 or 2026-01-05T09:30:00Z, or name its form with --date-format";
    let seconds = "it looks like seconds since 1970, so say --date-format '%s'";
    for (at, advice) in [
        ("2026-02-30", exists),
        ("2025-02-29", exists),
        ("2026-13-01", exists),
        ("2026-01-05T24:00:00Z", exists),
        ("2026-01-05T24:00Z", exists),
        ("9999-12-31", range),
        ("0000-01-01", range),
        ("28.02.2026", "write 2026-02-28, or say --date-format '%d.%m.%Y'"),
        ("1/5/2026", "it may be day first or month first, so say --date-format '%d/%m/%Y' or '%m/%d/%Y'"),
        ("20260105", "write 2026-01-05, or say --date-format '%Y%m%d'"),
        ("1767571200", seconds),
        ("now", form),
        ("2026-01-05T09Z", form),
    ] {
        let told = format!("at: cannot read \"{at}\" as a date; {advice}");
        field_refused(&format!(r#""at":^"{at}""#), &told);
    }
    field_refused(r#""at":^1767571200"#, &format!("at: cannot read \"1767571200\" as a date; {seconds}"));
    for at in ["2026-01-05T09:00:00", "2026-01-05 09:00:00.5", "2026-01-05 09:00"] {
        let told = "has no offset; add one, like +01:00, or name the zone with --timezone Europe/Berlin";
        field_refused(&format!(r#""at":^"{at}""#), &format!("at: \"{at}\" {told}"));
    }
}

#[test]
fn a_zone_is_one_there_is() {
    let said = "serveup: --timezone: unknown zone \"Mars/Base\"; zones are written like Europe/Berlin, or UTC\n";
    serveup("rate in --timezone Mars/Base").file("in", "[]").status(2).stderr(said).run();
}

#[test]
fn what_is_found_is_shown_short_and_harmless() {
    // forty characters of it, and nothing that moves a cursor
    let (long, cut) = ("é".repeat(50), "é".repeat(40));
    field_refused(&format!(r#""verdict":^"{long}""#), &format!("verdict: found \"{cut}…\"; allowed: {VERDICTS}"));
    let harmless = r#"relation: found "\u{1b}[2J\u{a}\u{202e}"; allowed: external or internal"#;
    field_refused(r#""relation":^"\u001b[2J\n\u202e""#, harmless);
    // names of fields come from the records too
    let harmless = r"served.k\u{1b}[2J: found an empty list; allowed: a text";
    field_refused(r#""served":{"k\u001b[2J":^[]}"#, harmless);
    field_refused(r#""x\u001b":1,"x\u001b":^2"#, r"x\u{1b}: found the same field twice; allowed: each field once");
}

// ── Records beside each other ───────────────────────────────────────────────

#[test]
fn times_stand_on_all_records_or_on_none() {
    let (with, without) = (r#"{"recipient":"a","point":"p","at":"2026-01-05"}"#, r#"{"recipient":"a","point":"p"}"#);
    let missing = "3:1: record 3: at: found nothing, where the records before have an instant; allowed: `at` on all records or on none";
    refused(lines([with, with, without]), missing);
    let surplus = "2:1: record 2: at: found an instant, where the records before have none; allowed: `at` on all records or on none";
    refused(lines([without, with]), surplus);
    // of two files the second does not fit the first
    let said = format!("serveup: b:{}\n", missing.replace("3:1: record 3", "1:1: record 1"));
    serveup("rate a b").file("a", with).file("b", without).status(2).stderr(said).run();
}

#[test]
fn an_id_twice_names_both_places() {
    let record = |id: &str| format!(r#"{{"id":"{id}","recipient":"a","point":"p"}}"#);
    let message = "3:3: record 3 (id \"x\"): id: found \"x\" again, first on line 1; allowed: each id once";
    refused(format!("{}\n{}\n  {}\n", record("x"), record("y"), record("x")), message);
    // in another file
    let said = "serveup: b:2:1: record 2 (id \"x\"): id: found \"x\" again, first at a:3; allowed: each id once\n";
    let run = serveup("rate a b").file("a", format!("\n\n{}", record("x")));
    run.file("b", lines([record("z"), record("x")])).status(2).stderr(said).run();
}

#[test]
fn the_record_is_named_by_number_and_id() {
    let records = "{\"id\":\"n1\",\"recipient\":\"a\",\"point\":\"p\"}\n\n{\"id\":\"n2\",\"recipient\":\"a\"}\n";
    refused(records, "3:1: record 2 (id \"n2\"): point: found nothing; allowed: a text");
    let array = "[\n  {\"recipient\":\"a\",\"point\":\"p\"},\n  {\"recipient\":\"é\", \"verdict\":\"x\", \"id\":7, \"point\":\"p\"}\n]";
    refused(array, &format!("3:31: record 2 (id \"7\"): verdict: found \"x\"; allowed: {VERDICTS}"));
}

// ── CSV ─────────────────────────────────────────────────────────────────────

#[test]
fn a_csv_header_names_the_fields() {
    let allowed = "allowed: JSON interactions ([…], or {…} one a line), or a table whose header names recipient and point; read an export with --from, --map or --jq";
    refused("id,who\n1,a\n", &format!("1:1: found \"id,who\"; {allowed}"));
    refused("hello\n", &format!("1:1: found \"hello\"; {allowed}"));
    refused("recipient,at\na,2026-01-05\n", "1:1: header: point: found no such column; allowed: a column of that name");
    refused("point,at\np,2026-01-05\n", "1:1: header: recipient: found no such column; allowed: a column of that name");
    refused(
        "recipient,point,point\na,p,q\n",
        "1:1: header: point: found the same column twice; allowed: each column once",
    );
    refused(
        "recipient,point,mood,mood\na,p,1,2\n",
        "1:1: header: mood: found the same column twice; allowed: each column once",
    );
    let twice = "1:1: header: served.channel: found the same column twice; allowed: each column once";
    refused("recipient,point,served.channel,served.channel\na,p,q,r\n", twice);
}

#[test]
fn a_csv_cell_is_refused_in_its_place() {
    let (three, signals) = ("recipient,point,verdict\n", signals_allowed());
    refused(format!("{three}a,p\n"), "2:4: record 1: found 2 cells; allowed: 3, as in the header");
    refused(
        format!("{three}a,p,basic\n\nb,p,basic,x\n"),
        "4:11: record 2: found 4 cells; allowed: 3, as in the header",
    );
    refused(format!("{three}a,p,good\n"), &format!("2:5: record 1: verdict: found \"good\"; allowed: {VERDICTS}"));
    refused(
        format!("{three}\"a, b\",\"p\",good\n"),
        &format!("2:12: record 1: verdict: found \"good\"; allowed: {VERDICTS}"),
    );
    refused(
        format!("{three}\"a\r\nb\",p,good\n"),
        &format!("3:6: record 1: verdict: found \"good\"; allowed: {VERDICTS}"),
    );
    refused(format!("{three}a,,basic\n"), "2:3: record 1: point: found an empty text; allowed: a text");
    refused(format!("{three},p,basic\n"), "2:1: record 1: recipient: found an empty text; allowed: a text");
    let quote = "2:5: record 1: found a quote that is never closed; the file may have been cut short";
    refused(format!("{three}a,p,\"basic\nb,p,basic\n"), quote);
    refused(
        "recipient,point,signals\na,p,late;lat\n",
        &format!("2:5: record 1: signals[1]: found \"lat\" (did you mean \"late\"?); allowed: {signals}"),
    );
    refused(
        "recipient,point,signals\na,p,late;\n",
        &format!("2:5: record 1: signals[1]: found \"\"; allowed: {signals}"),
    );
    refused(
        "recipient,point,value\na,p,luck\n",
        &format!("2:5: record 1: value[0]: found \"luck\"; allowed: {VALUES}"),
    );
    refused(
        "id,recipient,point\nx,a,p\ny,a,p\nx,a,p\n",
        "4:1: record 3 (id \"x\"): id: found \"x\" again, first on line 2; allowed: each id once",
    );
    refused(
        "recipient,point,at\na,p,2026-01-05\na,p,\n",
        "3:1: record 2: at: found nothing, where the records before have an instant; allowed: `at` on all records or on none",
    );
}

// ── Strict ──────────────────────────────────────────────────────────────────

#[test]
fn unknown_fields_are_errors_under_strict() {
    let message = format!(
        "serveup: in:1:1: record 1 (id \"n\"): unknown field: found \"verdct\" (did you mean \"verdict\"?); allowed: {FIELDS}\n"
    );
    let record = r#"{"id":"n","recipient":"a","point":"p","verdct":"basic"}"#;
    serveup("rate in --strict").file("in", record).status(2).stderr(message).run();
    let csv = "recipient,point,mood\na,p,good\n";
    let message = format!("serveup: in:2:1: record 1: unknown field: found \"mood\"; allowed: {FIELDS}\n");
    serveup("rate in --strict").file("in", csv).status(2).stderr(message).run();
}

#[test]
fn recoveries_of_unknown_failures_are_errors_under_strict() {
    let records = "{\"id\":\"r\",\"recipient\":\"a\",\"point\":\"p\",\"recovers\":\"f\"}\n{\"id\":\"f\",\"recipient\":\"a\",\"point\":\"p\"}\n";
    // wherever the failure stands
    serveup("rate in --strict -f json").file("in", records).columns("id", &["r", "f"]).run();
    let said =
        "serveup: in:1:1: record 1 (id \"r\"): recovers: found \"f\"; allowed: the id of a failure in the input\n";
    let alone = records.lines().next().expect("a line");
    serveup("rate in --strict").file("in", alone).status(2).stderr(said).run();
}
