//! Wrong records: refused with their place, the field, what was found and what
//! is allowed; nothing is printed, and the status is 2.

use crate::harness::{lines, refused, serveup};

pub(crate) const VERDICTS: &str =
    "criminal, basic, expected, desired, surprising, unbelievable, LEVEL-or-below or LEVEL-or-above";

const LISTED: &str = "`serveup levels` lists them";
const TEXT: &str = "text";
const SIGNAL_LIST: &str = r#"a list of signals, like ["late"]"#;
pub(crate) const VALUE_LIST: &str = r#"a list of the value created, like ["time"]"#;
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
    for (found, value) in [("null", "null"), ("empty", r#""""#), ("an empty list", "[]"), ("an empty object", "{ }")] {
        let recipient = format!("1:14: record 1: recipient: is {found}; write who was served");
        refused(format!(r#"{{"recipient":{value},"point":"p"}}"#), &recipient);
        let point = format!("1:26: record 1: point: is {found}; write where it happened, like pick-up");
        refused(format!(r#"{{"recipient":"a","point":{value}}}"#), &point);
    }
    refused("{}", "1:1: record 1: recipient: is missing; write who was served");
    refused(r#"[{"recipient":"a"}]"#, "1:2: record 1: point: is missing; write where it happened, like pick-up");
}

#[test]
fn a_text_is_a_text_or_a_number() {
    for (found, value) in [("true or false", "true"), ("a list", r#"["x"]"#), ("an object", r#"{"x":1}"#)] {
        let texts =
            ["id", "at", "journey", "transaction", "action", "channel", "stage", "relation", "provider", "team"];
        for field in texts.into_iter().chain(["verdict", "claimed", "said", "recovers", "response"]) {
            field_refused(&format!(r#""{field}":^{value}"#), &format!("{field}: is {found}; write {TEXT}"));
        }
    }
}

#[test]
fn lists_and_objects_are_what_they_are() {
    for (fields, found, allowed) in [
        (r#""signals":^3"#, "signals: is a number", SIGNAL_LIST),
        (r#""signals":^"late""#, "signals: is text", SIGNAL_LIST),
        (r#""signals":^{"late":1}"#, "signals: is an object", SIGNAL_LIST),
        (r#""signals":[^null]"#, "signals[0]: is null", "a name as text"),
        (r#""signals":["late",^["x"]]"#, "signals[1]: is a list", "a name as text"),
        (r#""value":^5"#, "value: is a number", VALUE_LIST),
        (r#""value":^"time""#, "value: is text", VALUE_LIST),
        (r#""value":^{}"#, "value: is an empty object", VALUE_LIST),
        (r#""served":^"email""#, "served: is text", PAIRS),
        (r#""served":^["email"]"#, "served: is a list", PAIRS),
        (r#""served":^7"#, "served: is a number", PAIRS),
        (r#""served":{"a":"b","c":^[]}"#, "served.c: is an empty list", TEXT),
        (r#""served":{"a":^true}"#, "served.a: is true or false", TEXT),
    ] {
        field_refused(fields, &format!("{found}; write {allowed}"));
    }
}

#[test]
fn names_are_those_there_are_and_the_nearest_is_offered() {
    let verdicts = format!("write {VERDICTS}");
    for (fields, found, nearest, allowed) in [
        (r#""verdict":^"Basic""#, r#"verdict: unknown verdict "Basic""#, "basic", ""),
        (r#""verdict":^"EXPECTED""#, r#"verdict: unknown verdict "EXPECTED""#, "expected", ""),
        (r#""verdict":^" basic""#, r#"verdict: unknown verdict " basic""#, "basic", ""),
        (r#""verdict":^"basic or below""#, r#"verdict: unknown verdict "basic or below""#, "basic-or-below", ""),
        (r#""verdict":^"good""#, r#"verdict: unknown verdict "good""#, "", verdicts.as_str()),
        (r#""verdict":^3"#, r#"verdict: unknown verdict "3""#, "", verdicts.as_str()),
        (r#""claimed":^"surprised""#, r#"claimed: unknown level "surprised""#, "surprising", ""),
        (r#""signals":["late",^"lat"]"#, r#"signals[1]: unknown signal "lat""#, "late", ""),
        (r#""signals":[^"on_time"]"#, r#"signals[0]: unknown signal "on_time""#, "on-time", ""),
        (r#""signals":[^7]"#, r#"signals[0]: unknown signal "7""#, "", LISTED),
        (r#""signals":[^""]"#, r#"signals[0]: unknown signal """#, "", LISTED),
        (r#""value":[^"luck"]"#, r#"value[0]: unknown value "luck""#, "", LISTED),
        (r#""value":["time",^{"kind":"mony"}]"#, r#"value[1]: unknown value "mony""#, "money", ""),
        (r#""stage":^"mid""#, r#"stage: unknown stage "mid""#, "middle", "write beginning, middle or end"),
        (r#""relation":^"client""#, r#"relation: unknown relation "client""#, "", "write external or internal"),
        (
            r#""response":^"excuse""#,
            r#"response: unknown response "excuse""#,
            "",
            "write blame, shame, justify or responsibility",
        ),
    ] {
        let advice = match nearest {
            "" => allowed.to_owned(),
            nearest => format!("did you mean \"{nearest}\"?"),
        };
        field_refused(fields, &format!("{found}; {advice}"));
    }
}

#[test]
fn amounts_are_measured_and_only_of_what_can_be() {
    let number = "a number of at most 15 digits, zero or more";
    for (value, found, allowed) in [
        (r#"{"kind":"time","amount":-1}"#, r#"amount: cannot use "-1""#, number),
        (r#"{"kind":"time","amount":"x"}"#, r#"amount: cannot use "x""#, number),
        (r#"{"kind":"time","amount":"1_000"}"#, r#"amount: cannot use "1_000""#, number),
        (r#"{"kind":"time","amount":"+1"}"#, r#"amount: cannot use "+1""#, number),
        (r#"{"kind":"time","amount":"1e"}"#, r#"amount: cannot use "1e""#, number),
        (r#"{"kind":"time","amount":1234567890123456}"#, r#"amount: cannot use "1234567890123456""#, number),
        (r#"{"kind":"time","amount":[1]}"#, "amount: is a list", "text or a number"),
        (r#"{"kind":"time","unit":"h"}"#, "amount: is missing", "how much, as there is a unit"),
        (r#"{"amount":1}"#, "kind: is missing", "a category or kind of value"),
    ] {
        field_refused(&format!(r#""value":[^{value}]"#), &format!("value[0].{found}; write {allowed}"));
    }
    field_refused(r#""value":[^{"kind":"time","kind":"time"}]"#, "value[0].kind: is given twice; keep one");
    field_refused(r#""value":[^{"amont":1}]"#, r#"value[0].amont: unknown key "amont"; did you mean "amount"?"#);
    let cell = r#""{""kind"":""time"",""amount"":""1_000""}""#;
    serveup("rate in")
        .file("in", format!("recipient,point,value\na,p,{cell}\n"))
        .status(2)
        .stderr_has(&format!("value[0].amount: cannot use \"1_000\"; write {number}"))
        .run();
    let priced = "value[0].amount: emotional value has no amount, it is only counted; leave the amount out";
    field_refused(r#""value":[^{"kind":"felt-good","amount":1}]"#, priced);
    let forms = r#"value[0]: is a number; write a category or kind of value, or {"kind": …, "amount": …, "unit": …}"#;
    field_refused(r#""value":[^3]"#, forms);
}

#[test]
fn a_field_or_key_stands_once() {
    field_refused(r#""point":^"q""#, "point: is given twice; keep one");
    field_refused(r#""p\u006fint":^"q""#, "point: is given twice; keep one");
    field_refused(r#""x":1,"x":^2"#, "x: is given twice; keep one");
    field_refused(r#""served":{"k":"a","k":^"b"}"#, "served.k: is given twice; keep one");
    field_refused(r#""served":{"k":null,"k":^"b"}"#, "served.k: is given twice; keep one");
}

#[test]
fn times_are_instants_or_dates() {
    let exists = "there is no such day or time, so correct it";
    let range = "it is outside the years 0001 to 9999, so leave it out if it means \"no date\"";
    let form = "write it like 2026-01-05 or 2026-01-05 09:30Z, or name its form with --date-format '%d/%m/%Y %H:%M'";
    let seconds = "it looks like seconds since 1970: add --date-format '%s'";
    for (at, advice) in [
        ("2026-02-30", exists),
        ("2025-02-29", exists),
        ("2026-13-01", exists),
        ("2026-01-05T24:00:00Z", exists),
        ("2026-01-05T24:00Z", exists),
        ("9999-12-31", range),
        ("0000-01-01", range),
        ("28.02.2026", "write 2026-02-28, or add --date-format '%d.%m.%Y'"),
        ("1/5/2026", "the day or the month may come first: add --date-format '%d/%m/%Y' or '%m/%d/%Y'"),
        ("20260105", "write 2026-01-05, or add --date-format '%Y%m%d'"),
        ("1767571200", seconds),
        ("now", form),
        ("2026-01-05T09Z", form),
    ] {
        let told = format!("at: cannot read \"{at}\" as a date; {advice}");
        field_refused(&format!(r#""at":^"{at}""#), &told);
    }
    field_refused(r#""at":^1767571200"#, &format!("at: cannot read \"1767571200\" as a date; {seconds}"));
    for at in ["2026-01-05T09:00:00", "2026-01-05 09:00:00.5", "2026-01-05 09:00"] {
        let told = "has no offset; add one like +01:00, or name the zone with --timezone Europe/Berlin";
        field_refused(&format!(r#""at":^"{at}""#), &format!("at: \"{at}\" {told}"));
    }
}

#[test]
fn a_zone_is_one_there_is() {
    let said = "serveup: --timezone: unknown time zone \"Mars/Base\"; write one like Europe/Berlin, or UTC\n";
    serveup("rate in --timezone Mars/Base").file("in", "[]").status(2).stderr(said).run();
}

#[test]
fn what_is_found_is_shown_short_and_harmless() {
    // forty characters of it, and nothing that moves a cursor
    let (long, cut) = ("é".repeat(50), "é".repeat(40));
    field_refused(
        &format!(r#""verdict":^"{long}""#),
        &format!("verdict: unknown verdict \"{cut}…\"; write {VERDICTS}"),
    );
    let harmless = r#"relation: unknown relation "\u{1b}[2J\u{a}\u{202e}"; write external or internal"#;
    field_refused(r#""relation":^"\u001b[2J\n\u202e""#, harmless);
    // names of fields come from the records too
    let harmless = r"served.k\u{1b}[2J: is an empty list; write text";
    field_refused(r#""served":{"k\u001b[2J":^[]}"#, harmless);
    field_refused(r#""x\u001b":1,"x\u001b":^2"#, r"x\u{1b}: is given twice; keep one");
}

// ── Records beside each other ───────────────────────────────────────────────

#[test]
fn times_stand_on_all_records_or_on_none() {
    let (with, without) = (r#"{"recipient":"a","point":"p","at":"2026-01-05"}"#, r#"{"recipient":"a","point":"p"}"#);
    let missing =
        "3:1: record 3: at: is missing here, but the records before have it; write it in all records or in none";
    refused(lines([with, with, without]), missing);
    let surplus = "2:1: record 2: at: is given here, but not in the records before; write it in all records or in none";
    refused(lines([without, with]), surplus);
    // of two files the second does not fit the first
    let said = format!("serveup: b:{}\n", missing.replace("3:1: record 3", "1:1: record 1"));
    serveup("rate a b").file("a", with).file("b", without).status(2).stderr(said).run();
}

#[test]
fn an_id_twice_names_both_places() {
    let record = |id: &str| format!(r#"{{"id":"{id}","recipient":"a","point":"p"}}"#);
    let message = "3:3: record 3 (id \"x\"): id: \"x\" was already used on line 1; give every record an id of its own";
    refused(format!("{}\n{}\n  {}\n", record("x"), record("y"), record("x")), message);
    // in another file
    let said =
        "serveup: b:2:1: record 2 (id \"x\"): id: \"x\" was already used at a:3; give every record an id of its own\n";
    let run = serveup("rate a b").file("a", format!("\n\n{}", record("x")));
    run.file("b", lines([record("z"), record("x")])).status(2).stderr(said).run();
}

#[test]
fn the_record_is_named_by_number_and_id() {
    let records = "{\"id\":\"n1\",\"recipient\":\"a\",\"point\":\"p\"}\n\n{\"id\":\"n2\",\"recipient\":\"a\"}\n";
    refused(records, "3:1: record 2 (id \"n2\"): point: is missing; write where it happened, like pick-up");
    let array = "[\n  {\"recipient\":\"a\",\"point\":\"p\"},\n  {\"recipient\":\"é\", \"verdict\":\"x\", \"id\":7, \"point\":\"p\"}\n]";
    refused(array, &format!("3:31: record 2 (id \"7\"): verdict: unknown verdict \"x\"; write {VERDICTS}"));
}

// ── CSV ─────────────────────────────────────────────────────────────────────

#[test]
fn a_csv_header_names_the_fields() {
    let neither = "is neither JSON nor a header with recipient and point; to read an export, add --from, --map or --jq";
    refused("id,who\n1,a\n", &format!("1:1: \"id,who\" {neither}"));
    refused("hello\n", &format!("1:1: \"hello\" {neither}"));
    refused(
        "recipient,at\na,2026-01-05\n",
        "1:1: header: point: there is no such column; add one that says where it happened, like pick-up",
    );
    refused(
        "point,at\np,2026-01-05\n",
        "1:1: header: recipient: there is no such column; add one that says who was served",
    );
    refused("recipient,point,point\na,p,q\n", "1:1: header: point: is given twice; keep one");
    refused("recipient,point,mood,mood\na,p,1,2\n", "1:1: header: mood: is given twice; keep one");
    let twice = "1:1: header: served.channel: is given twice; keep one";
    refused("recipient,point,served.channel,served.channel\na,p,q,r\n", twice);
}

#[test]
fn a_csv_cell_is_refused_in_its_place() {
    let three = "recipient,point,verdict\n";
    refused(format!("{three}a,p\n"), "2:4: record 1: has 2 cells, but the header has 3; add the missing ones");
    refused(
        format!("{three}a,p,basic\n\nb,p,basic,x\n"),
        "4:11: record 2: has 4 cells, but the header has 3; quote cells that contain the separator",
    );
    refused(
        format!("{three}a,p,good\n"),
        &format!("2:5: record 1: verdict: unknown verdict \"good\"; write {VERDICTS}"),
    );
    refused(
        format!("{three}\"a, b\",\"p\",good\n"),
        &format!("2:12: record 1: verdict: unknown verdict \"good\"; write {VERDICTS}"),
    );
    refused(
        format!("{three}\"a\r\nb\",p,good\n"),
        &format!("3:6: record 1: verdict: unknown verdict \"good\"; write {VERDICTS}"),
    );
    refused(format!("{three}a,,basic\n"), "2:3: record 1: point: is empty; write where it happened, like pick-up");
    refused(format!("{three},p,basic\n"), "2:1: record 1: recipient: is empty; write who was served");
    let quote = "2:5: record 1: this quote is never closed; close it, or copy the file again if it was cut short";
    refused(format!("{three}a,p,\"basic\nb,p,basic\n"), quote);
    refused(
        "recipient,point,signals\na,p,late;lat\n",
        "2:5: record 1: signals[1]: unknown signal \"lat\"; did you mean \"late\"?",
    );
    refused(
        "recipient,point,signals\na,p,late;\n",
        "2:5: record 1: signals[1]: unknown signal \"\"; `serveup levels` lists them",
    );
    refused(
        "recipient,point,value\na,p,luck\n",
        "2:5: record 1: value[0]: unknown value \"luck\"; `serveup levels` lists them",
    );
    refused(
        "id,recipient,point\nx,a,p\ny,a,p\nx,a,p\n",
        "4:1: record 3 (id \"x\"): id: \"x\" was already used on line 2; give every record an id of its own",
    );
    refused(
        "recipient,point,at\na,p,2026-01-05\na,p,\n",
        "3:1: record 2: at: is missing here, but the records before have it; write it in all records or in none",
    );
}

// ── Strict ──────────────────────────────────────────────────────────────────

#[test]
fn unknown_fields_are_errors_under_strict() {
    let message = "serveup: in:1:1: record 1 (id \"n\"): verdct: unknown field \"verdct\"; did you mean \"verdict\"?\n";
    let record = r#"{"id":"n","recipient":"a","point":"p","verdct":"basic"}"#;
    serveup("rate in --strict").file("in", record).status(2).stderr(message).run();
    let csv = "recipient,point,mood\na,p,good\n";
    let message =
        "serveup: in:2:1: record 1: mood: unknown field \"mood\"; `serveup schema interaction` lists the fields\n";
    serveup("rate in --strict").file("in", csv).status(2).stderr(message).run();
}

#[test]
fn recoveries_of_unknown_failures_are_errors_under_strict() {
    let records = "{\"id\":\"r\",\"recipient\":\"a\",\"point\":\"p\",\"recovers\":\"f\"}\n{\"id\":\"f\",\"recipient\":\"a\",\"point\":\"p\"}\n";
    // wherever the failure stands
    serveup("rate in --strict -f json").file("in", records).columns("id", &["r", "f"]).run();
    let said = "serveup: in:1:1: record 1 (id \"r\"): recovers: no record has the id \"f\"; correct it, or leave --strict out\n";
    let alone = records.lines().next().expect("a line");
    serveup("rate in --strict").file("in", alone).status(2).stderr(said).run();
}
