//! The functions that maps have beside jq's own, each value worked by hand.

use serde_json::{Value, json};

use crate::through::{import, values};

/// A row with something of each kind.
const ROW: &str = r#"{"nil": null, "text": " x ", "number": 7, "object": {"k": 1, "n": null}}"#;

/// What one expression gives for [`ROW`], as a list of its outputs.
#[track_caller]
pub(crate) fn gives(flags: &str, cases: &[(&str, Value)]) {
    let expressions: Vec<String> = cases.iter().map(|(expression, _)| format!("[{expression}]")).collect();
    let map = format!("{{recipient: \"r\", point: \"p\", said: ([{}] | tojson)}}", expressions.join(", "));
    let ran = import(&format!("-q {flags}"), &map, ROW).any_stdout().run();
    let rows = values(&ran.stdout);
    let given: Vec<Value> = serde_json::from_str(rows[0]["said"].as_str().expect("a text")).expect("JSON");
    assert_eq!(given.len(), cases.len());
    for (given, (expression, wanted)) in given.into_iter().zip(cases) {
        assert_eq!(given, json!([wanted]), "{expression} {flags}");
    }
}

/// An expression that is an error for [`ROW`], at this column.
#[track_caller]
pub(crate) fn fails(flags: &str, expression: &str, column: u32, message: &str) {
    let map = format!("{{recipient: \"r\", point: \"p\", said: (({expression}) | tojson)}}");
    let told = format!("serveup: in:1:{column}: row 1: m.jq: {message}\n");
    import(flags, &map, ROW).status(2).stderr(told).run();
}

#[test]
fn known() {
    gives(
        "",
        &[
            (".text | known", json!("x")),
            ("\"n/A\\t\" | known", Value::Null),
            ("\"\" | known", Value::Null),
            (".nil | known", Value::Null),
            // blanks that spreadsheets leave are blanks
            ("\"\\u00a0 \" | known", Value::Null),
            ("\"n.a.\" | known", json!("n.a.")),
            ("\" ? \" | known(\"?\")", Value::Null),
            ("\"??\" | known(\"?\")", json!("??")),
            ("\"-\" | known([\"?\", \"-\"])", Value::Null),
            ("\"none\" | known([])", json!("none")),
            // words are compared as they are written
            ("\"Unknown\" | known(\"unknown\")", json!("Unknown")),
            (".nil | known(\"?\")", Value::Null),
            // what is no text is known
            (".number | known", json!(7)),
            ("false | known", json!(false)),
            (".object | known", json!({"k": 1, "n": null})),
        ],
    );
}

#[test]
fn instants_of_a_format() {
    gives(
        "",
        &[
            ("\"05.01.2026 09:30\" | instant(\"%d.%m.%Y %H:%M\")", json!("2026-01-05T09:30:00")),
            ("\"2026-01-05 09:30:15\" | instant(\"%Y-%m-%d %H:%M:%S\")", json!("2026-01-05T09:30:15")),
            // digits need no second place: a leap day, day first
            ("\"29/2/2016 01:16\" | instant(\"%d/%m/%Y %H:%M\")", json!("2016-02-29T01:16:00")),
            // a date alone stays a date
            ("\"05.01.2026\" | instant(\"%d.%m.%Y\")", json!("2026-01-05")),
            ("\"20260105\" | instant(\"%Y%m%d\")", json!("2026-01-05")),
            // a number is read as it is written
            ("20260105 | instant(\"%Y%m%d\")", json!("2026-01-05")),
            ("\" 05.01.2026\\n\" | instant(\"%d.%m.%Y\")", json!("2026-01-05")),
            ("\"Jan 5, 2026\" | instant(\"%b %d, %Y\")", json!("2026-01-05")),
            ("\"5 January 2026\" | instant(\"%d %B %Y\")", json!("2026-01-05")),
            // clocks of twelve hours: midnight and noon are the twelfth
            ("\"1/5/26 12:05 AM\" | instant(\"%m/%d/%y %I:%M %p\")", json!("2026-01-05T00:05:00")),
            ("\"1/5/26 12:05 PM\" | instant(\"%m/%d/%y %I:%M %p\")", json!("2026-01-05T12:05:00")),
            ("\"1/5/26 2:05 pm\" | instant(\"%m/%d/%y %I:%M %p\")", json!("2026-01-05T14:05:00")),
            // two-digit years are those of POSIX: 69 to 99 are of the last century
            ("\"31.12.68\" | instant(\"%d.%m.%y\")", json!("2068-12-31")),
            ("\"31.12.69\" | instant(\"%d.%m.%y\")", json!("1969-12-31")),
            ("\"01.01.00\" | instant(\"%d.%m.%y\")", json!("2000-01-01")),
            ("\"2026-01-05T09:30:00.25\" | instant(\"%Y-%m-%dT%H:%M:%S%.f\")", json!("2026-01-05T09:30:00.25")),
            (".nil | instant(\"%d.%m.%Y\")", Value::Null),
        ],
    );
}

#[test]
fn instants_of_the_first_format_that_fits() {
    gives(
        "",
        &[
            // month 29 does not fit the first
            ("\"2/29/2016\" | instant([\"%d/%m/%Y\", \"%m/%d/%Y\"])", json!("2016-02-29")),
            // both fit: the first
            ("\"3/4/2016\" | instant([\"%d/%m/%Y\", \"%m/%d/%Y\"])", json!("2016-04-03")),
            ("\"3/4/2016\" | instant([\"%m/%d/%Y\", \"%d/%m/%Y\"])", json!("2016-03-04")),
            // a format has to fit the whole text
            ("\"05.01.2026 09:30\" | instant([\"%d.%m.%Y\", \"%d.%m.%Y %H:%M\"])", json!("2026-01-05T09:30:00")),
            (".nil | instant([\"%d/%m/%Y\", \"%m/%d/%Y\"])", Value::Null),
        ],
    );
}

#[test]
fn instants_with_an_offset_in_the_text() {
    gives(
        "",
        &[
            ("\"2026-01-05 09:30 +0100\" | instant(\"%Y-%m-%d %H:%M %z\")", json!("2026-01-05T09:30:00+01:00")),
            ("\"2026-01-05 09:30 -05:30\" | instant(\"%Y-%m-%d %H:%M %:z\")", json!("2026-01-05T09:30:00-05:30")),
            // the text knows better than the zone
            (
                "\"2026-01-05 09:30 +0530\" | instant(\"%Y-%m-%d %H:%M %z\"; \"Europe/Berlin\")",
                json!("2026-01-05T09:30:00+05:30"),
            ),
        ],
    );
}

#[test]
fn instants_in_a_zone() {
    gives(
        "",
        &[
            (
                "\"05.01.2026 09:30\" | instant(\"%d.%m.%Y %H:%M\"; \"Europe/Berlin\")",
                json!("2026-01-05T09:30:00+01:00"),
            ),
            (
                "\"05.07.2026 09:30\" | instant(\"%d.%m.%Y %H:%M\"; \"Europe/Berlin\")",
                json!("2026-07-05T09:30:00+02:00"),
            ),
            // UTC is written as rate writes it
            ("\"05.01.2026 09:30\" | instant(\"%d.%m.%Y %H:%M\"; \"UTC\")", json!("2026-01-05T09:30:00Z")),
            // a date is the start of that day there
            ("\"05.01.2026\" | instant(\"%d.%m.%Y\"; \"America/New_York\")", json!("2026-01-05T00:00:00-05:00")),
            // a night in March has no 02:30 in Berlin: the clocks were put forward by an hour, and so is it
            (
                "\"2026-03-29 02:30\" | instant(\"%Y-%m-%d %H:%M\"; \"Europe/Berlin\")",
                json!("2026-03-29T03:30:00+02:00"),
            ),
            // a night in October has it twice: the first
            (
                "\"2026-10-25 02:30\" | instant(\"%Y-%m-%d %H:%M\"; \"Europe/Berlin\")",
                json!("2026-10-25T02:30:00+02:00"),
            ),
            // that day had no midnight there
            ("\"2018-11-04\" | instant(\"%Y-%m-%d\"; \"America/Sao_Paulo\")", json!("2018-11-04T01:00:00-02:00")),
            (".nil | instant(\"%d.%m.%Y\"; \"Europe/Berlin\")", Value::Null),
        ],
    );
    // the zone that was written in the map stands above the flag's
    gives(
        "--timezone Europe/Berlin",
        &[("\"05.01.2026\" | instant(\"%d.%m.%Y\"; \"America/New_York\")", json!("2026-01-05T00:00:00-05:00"))],
    );
}

#[test]
fn times_that_are_none_are_errors() {
    let message = |found: &str, allowed: &str| {
        format!("cannot read \"{found}\" as a time with {allowed}; add its format to instant")
    };
    for wrong in ["29/2/2015", "2026-01-05", "5/1/2026 09:30", "", "x"] {
        let expression = format!("\"{wrong}\" | instant(\"%d/%m/%Y\")");
        // the row holds one x, with blanks around it; places of texts that are not in the row are the row's
        fails("", &expression, 1, &message(wrong, "%d/%m/%Y"));
    }
    fails(
        "",
        "\"13/14/2016\" | instant([\"%d/%m/%Y\", \"%m/%d/%Y\"])",
        1,
        &message("13/14/2016", "%d/%m/%Y or %m/%d/%Y"),
    );
    fails("", "\"5/1/2026 25:00\" | instant(\"%d/%m/%Y %H:%M\")", 1, &message("5/1/2026 25:00", "%d/%m/%Y %H:%M"));
    // a time of day without its day is none
    fails("", "\"09:30\" | instant(\"%H:%M\")", 1, &message("09:30", "%H:%M"));
    // the text of the row, where it stands: {"nil": null, "text": is 22 characters and a blank
    fails("", ".text | instant(\"%d/%m/%Y\")", 23, &message(" x ", "%d/%m/%Y"));
    fails("", "true | instant(\"%Y\")", 1, "cannot read true as a time; pass it text");
    // what has no percent sign is no format
    let format = "instant: cannot use the format \"YYYY-MM-DD\"; write one like \"%d.%m.%Y %H:%M\"";
    fails("", "\"2026-01-05\" | instant(\"YYYY-MM-DD\")", 1, format);
    let zone = "unknown time zone \"Berln\"; did you mean Europe/Berlin?";
    fails("", "\"5/1/2026\" | instant(\"%d/%m/%Y\"; \"Berln\")", 1, zone);
}

#[test]
fn later() {
    gives(
        "",
        &[
            ("\"2026-01-05T09:30:00Z\" | later(1.5)", json!("2026-01-05T11:00:00Z")),
            ("\"2026-01-05T09:30:00Z\" | later(-10)", json!("2026-01-04T23:30:00Z")),
            ("\"2026-01-05T09:30:00Z\" | later(0)", json!("2026-01-05T09:30:00Z")),
            // what had an offset leaves in UTC
            ("\"2026-01-05T09:30:00+02:00\" | later(1)", json!("2026-01-05T08:30:00Z")),
            // what had none has none
            ("\"2026-01-05T09:30:00\" | later(24)", json!("2026-01-06T09:30:00")),
            ("\"2026-01-05\" | later(1)", json!("2026-01-05T01:00:00")),
            // a third of an hour is 20 minutes
            ("\"2026-01-05T09:30:00Z\" | later(1 / 3)", json!("2026-01-05T09:50:00Z")),
            (".nil | later(1)", Value::Null),
            ("\"2026-01-05\" | later(null)", Value::Null),
        ],
    );
    // by the clocks of the zone: an hour after one o'clock it is three, on that night
    gives(
        "--timezone Europe/Berlin",
        &[
            ("\"2026-03-29T01:00:00\" | later(1)", json!("2026-03-29T03:00:00+02:00")),
            ("\"2026-01-05\" | later(1)", json!("2026-01-05T01:00:00+01:00")),
            ("\"2026-01-05T09:30:00Z\" | later(1)", json!("2026-01-05T10:30:00Z")),
        ],
    );
    fails("", "\"2026-01-05\" | later(\"1\")", 1, "later: pass it a number of hours");
    fails("", "\"2026-01-05\" | later(1e9)", 1, "\"2026-01-05\" and this many hours are outside the years 1 to 9999");
    let told = "cannot read \"5.1.2026\" as a date; write 2026-01-05, or read it with instant(\"%d.%m.%Y\")";
    fails("", "\"5.1.2026\" | later(1)", 1, told);
    fails("", ".number | later(1)", 1, "cannot read 7 as a time; pass it text");
}

#[test]
fn hours_and_days() {
    gives(
        "",
        &[
            ("hours(\"2026-01-05T09:30:00Z\"; \"2026-01-05T12:00:00Z\")", json!(2.5)),
            ("hours(\"2026-01-05T12:00:00Z\"; \"2026-01-05T09:30:00Z\")", json!(-2.5)),
            // midnight at +01:00 is an hour before midnight in UTC
            ("hours(\"2026-01-05T00:00:00Z\"; \"2026-01-05T00:00:00+01:00\")", json!(-1.0)),
            ("hours(\"2026-01-05\"; \"2026-01-05T06:30:00\")", json!(6.5)),
            ("days(\"2024-02-01\"; \"2024-03-01\")", json!(29.0)),
            ("days(\"2026-01-05T12:00:00Z\"; \"2026-01-06T00:00:00Z\")", json!(0.5)),
            ("days(\"2026-03-29\"; \"2026-03-30\")", json!(1.0)),
            ("hours(null; \"2026-01-05\")", Value::Null),
            ("hours(\"2026-01-05\"; null)", Value::Null),
            ("days(null; null)", Value::Null),
        ],
    );
    // that day had 23 hours in Berlin
    gives(
        "--timezone Europe/Berlin",
        &[
            ("hours(\"2026-03-29\"; \"2026-03-30\")", json!(23.0)),
            ("hours(\"2026-01-05\"; \"2026-01-05T00:00:00Z\")", json!(1.0)),
        ],
    );
    fails("", "hours(\"soon\"; null)", 1, &unread("soon"));
    fails("", "days(null; \"soon\")", 1, &unread("soon"));
    fails("", "days(.number; null)", 1, "cannot read 7 as a time; pass it text");
}

/// What is said of a text that no format is guessed for.
fn unread(text: &str) -> String {
    let forms = "write it like 2026-01-05 or 2026-01-05 09:30Z";
    format!(
        "cannot read \"{text}\" as a date; {forms}, or read it with instant and its format, like \"%d.%m.%Y %H:%M\""
    )
}

#[test]
fn days_of_the_calendar() {
    let cases = [
        ("\"2026-02-01\" | day", json!("2026-02-01")),
        // what has no offset is on the day that is written
        ("\"2026-02-01T23:30:00\" | day", json!("2026-02-01")),
        ("\"2026-02-01 23:30\" | day", json!("2026-02-01")),
        (".nil | day", Value::Null),
        (".nil | day(\"Europe/Berlin\")", Value::Null),
        // half past eleven in the evening in UTC is after midnight in Berlin, and still the afternoon in New York
        ("\"2026-02-01T23:30:00Z\" | day(\"Europe/Berlin\")", json!("2026-02-02")),
        ("\"2026-02-01T23:30:00Z\" | day(\"Eastern Time (US & Canada)\")", json!("2026-02-01")),
        ("\"2026-02-01\" | day(\"Asia/Tokyo\")", json!("2026-02-01")),
    ];
    gives("", &cases);
    gives("--timezone Asia/Tokyo", &cases);
    // without a zone an instant is on the day of its own clocks
    let own = "\"2026-02-01T23:30:00-05:00\" | day";
    gives("", &[(own, json!("2026-02-01"))]);
    gives("--timezone UTC", &[(own, json!("2026-02-02"))]);
    fails("", "\"soon\" | day", 1, &unread("soon"));
    fails(
        "",
        "\"2026-02-30\" | day",
        1,
        "cannot read \"2026-02-30\" as a date; there is no such day or time, so correct it",
    );
    fails("", ".number | day", 1, "cannot read 7 as a time; pass it text");
}

#[test]
fn days_between_two_days() {
    gives(
        "",
        &[
            // due on a day and done that afternoon: not late
            ("days_between(\"2026-02-01\"; \"2026-02-01T16:45:00+01:00\")", json!(0)),
            ("days_between(\"2026-02-01T23:59:00Z\"; \"2026-02-02T00:01:00Z\")", json!(1)),
            ("days_between(\"2026-03-01\"; \"2026-02-27\")", json!(-2)),
            ("days_between(\"2024-02-01\"; \"2024-03-01\")", json!(29)),
            ("days_between(\"2025-01-01\"; \"2026-01-01\")", json!(365)),
            ("days_between(null; \"2026-02-01\")", Value::Null),
            ("days_between(\"2026-02-01\"; null)", Value::Null),
        ],
    );
    // that day had 23 hours in Berlin, and is a day all the same; 23:30 there is 22:30 in UTC
    gives(
        "--timezone Europe/Berlin",
        &[
            ("days_between(\"2026-03-29\"; \"2026-03-30\")", json!(1)),
            ("days_between(\"2026-02-01\"; \"2026-02-01T22:30:00Z\")", json!(0)),
            ("days_between(\"2026-02-01\"; \"2026-02-01T23:30:00Z\")", json!(1)),
        ],
    );
    fails("", "days_between(\"soon\"; null)", 1, &unread("soon"));
}

#[test]
fn instants_since_1970() {
    let cases = [
        // 2026 begins 56 years of 365 days and 14 leap days after 1970: 20454 days of 86400 seconds
        ("1767225600 | instant(\"%s\")", json!("2026-01-01T00:00:00Z")),
        ("\"1767225600\" | instant(\"%s\")", json!("2026-01-01T00:00:00Z")),
        ("1767225600.25 | instant(\"%s%.f\")", json!("2026-01-01T00:00:00.25Z")),
        ("1767225600125 | instant(\"%s%3f\")", json!("2026-01-01T00:00:00.125Z")),
        ("\"1767225600125\" | instant([\"%d/%m/%Y\", \"%s%3N\"])", json!("2026-01-01T00:00:00.125Z")),
        ("-86400 | instant(\"%s\")", json!("1969-12-31T00:00:00Z")),
        (".nil | instant(\"%s\")", Value::Null),
    ];
    gives("", &cases);
    // they are instants in any zone
    gives("--timezone Asia/Tokyo", &cases);
    fails(
        "",
        "\"2026\" | instant(\"%s%3f\") | instant(\"%s\")",
        1,
        "cannot read \"1970-01-01T00:00:02.026Z\" as a time with %s; add its format to instant",
    );
    let told = "cannot read \"1767225600\" as a date; it looks like seconds since 1970: read it with instant(\"%s\")";
    fails("", "\"1767225600\" | day", 1, told);
}

#[test]
fn lookup() {
    gives(
        "",
        &[
            ("\"open\" | lookup(\"status\"; {open: false, closed: true})", json!(false)),
            ("\"open\" | lookup(\"status\"; {open: null})", Value::Null),
            ("\"open\" | lookup(\"status\"; {open: {a: 1}})", json!({"a": 1})),
            // numbers are looked up as they are written
            (".number | lookup(\"code\"; {\"7\": \"closed\"})", json!("closed")),
            (".nil | lookup(\"status\"; {open: 1})", Value::Null),
        ],
    );
    fails(
        "",
        "\"Open\" | lookup(\"status\"; {open: 1, closed: 2})",
        1,
        "status: the map does not know \"Open\", only open, closed",
    );
    fails("", "\"7.0\" | lookup(\"code\"; {\"7\": 1})", 1, "code: the map does not know \"7.0\", only 7");
    fails("", "\"\" | lookup(\"code\"; {\"7\": 1})", 1, "code: the map does not know \"\", only 7");
}

#[test]
fn column() {
    gives(
        "",
        &[
            ("column(\"text\")", json!(" x ")),
            // it is there, though nothing stands in it
            ("column(\"nil\")", Value::Null),
            (".object | column(\"k\")", json!(1)),
        ],
    );
    fails("", "column(\"Text\")", 1, "there is no column \"Text\"; there are: nil, text, number, object");
    fails("", ".object | column(\"text\")", 1, "there is no column \"text\"; there are: k, n");
}

#[test]
fn a_zone_in_the_text_or_at_the_end_of_the_format_counts() {
    let cases = [
        // Tokyo is nine hours ahead, all year round
        ("\"2026-01-05 09:30 Asia/Tokyo\" | instant(\"%Y-%m-%d %H:%M %Q\")", json!("2026-01-05T09:30:00+09:00")),
        ("\"2026-01-05T09:30:00Z\" | instant(\"%Y-%m-%dT%H:%M:%SZ\")", json!("2026-01-05T09:30:00Z")),
        ("\"2026-01-05 09:30 UTC\" | instant(\"%Y-%m-%d %H:%M UTC\")", json!("2026-01-05T09:30:00Z")),
        // a date is a date in any zone
        ("\"2026-01-05Z\" | instant(\"%Y-%m-%dZ\")", json!("2026-01-05")),
    ];
    gives("", &cases);
    gives("--timezone Europe/Berlin", &cases);
}

/// What the interpreter lacks of jq, or has otherwise; each value is that of jq 1.7.
#[test]
fn functions_of_jq_are_as_jq_has_them() {
    gives(
        "",
        &[
            (".number | IN(6, 7)", json!(true)),
            ("\"a\" | IN(\"b\", \"c\")", json!(false)),
            ("IN(1, 2; 2, 3)", json!(true)),
            ("[{id: 1}, {id: \"x\"}] | INDEX(.id)", json!({"1": {"id": 1}, "x": {"id": "x"}})),
            ("INDEX({k: \"a\"}, {k: \"a\", v: 2}; .k)", json!({"a": {"k": "a", "v": 2}})),
            ("65 | ascii", json!("A")),
            ("[.object | leaf_paths]", json!([["k"]])),
            ("[1, [2] | toarray]", json!([[1], [2]])),
            (".nil | ltrimstr(\"a\")", Value::Null),
            (".number | rtrimstr(\"a\")", json!(7)),
            ("\"äbä\" | ltrimstr(\"ä\")", json!("bä")),
            ("\"äbä\" | rtrimstr(\"ä\")", json!("äb")),
            ("\"äbä\" | trimstr(\"ä\")", json!("b")),
            ("[\"a\", null, 2, true] | join(\"-\")", json!("a--2-true")),
            ("[] | join(\"-\")", json!("")),
            ("[null] | join(\"-\")", json!("")),
            (
                "[{name: \"a\", value: 1}, {k: \"b\", v: 2}, {key: \"c\"}] | from_entries",
                json!({"a": 1, "b": 2, "c": null}),
            ),
            ("[1, 2, 3] | del(.[0, 1])", json!([3])),
            ("[1, 2, 3] | del(.[1:])", json!([1])),
            ("{a: null} | del(.a)", json!({})),
            ("{} | del(.a.b)", json!({})),
            (".nil | del(.a)", Value::Null),
            ("{a: {b: 1}} | del(.a, .a.b)", json!({})),
            ("\"[1]\" | fromjson", json!([1])),
        ],
    );
    // nothing at all would drop the row without a word
    fails("", "\"\" | tonumber", 1, "fromjson: \"\" is not one value; pass it one");
    fails("", "\"1 2\" | fromjson", 1, "fromjson: \"1 2\" is not one value; pass it one");
}
