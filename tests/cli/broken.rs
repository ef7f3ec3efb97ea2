//! Input that is broken as a whole: cut short, nested without end, in another
//! encoding, or no file at all. Refused with its place, and nothing is printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::{refused, serveup};

const RECORD: &str = "a record {…}";
const NOT_UTF_8: &str = "is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1";

#[test]
fn an_input_without_records() {
    for nothing in ["", " \n\t\r\n", "\u{feff}", "\u{feff}\n"] {
        serveup("rate in -f json").file("in", nothing).stdout("[]\n").stderr("note: in: no records found\n").run();
        serveup("rate -f json").stdin(nothing).stdout("[]\n").stderr("note: stdin: no records found\n").run();
    }
    let notes = "note: a: no records found\nnote: b: no records found\n";
    serveup("rate a b -f json").file("a", "").file("b", "\n").stdout("[]\n").stderr(notes).run();
}

#[test]
fn what_is_cut_short_is_told() {
    let end = "found the end of the file; it may have been cut short";
    let record = r#"{"recipient":"a","point":"p"}"#;
    refused("[", &format!("1:2: record 1: expected a comma or ], {end}"));
    refused(format!("[{record}"), &format!("1:31: record 2: expected a comma or ], {end}"));
    refused(format!("[{record},"), &format!("1:32: record 2: expected {RECORD}, {end}"));
    refused(
        format!("[{record},\n{{\"recip"),
        "2:7: record 2: the file ends inside text; copy it again if it was cut short",
    );
    refused(
        format!("{record}\n{{\"recipient\":"),
        "2:13: record 2: the file ends inside a value; copy it again if it was cut short",
    );
    refused(format!("{{\"interactions\":[{record}]"), &format!("1:48: record 2: expected a comma or }}, {end}"));
}

#[test]
fn broken_syntax_is_told_where_it_breaks() {
    let record = r#"{"recipient":"a","point":"p"}"#;
    refused(r#"{"recipient":"a" "point":"p"}"#, "1:18: record 1: a comma or } is missing here");
    refused(r#"{"recipient":"a","point":"p",}"#, "1:30: record 1: nothing follows this comma; delete it");
    refused(r#"{"recipient":01,"point":"p"}"#, "1:15: record 1: this is not a JSON number; put text in quotes");
    refused(format!("[{record},]"), &format!("1:32: record 2: expected {RECORD} behind the comma, found \"]\""));
    refused(format!("[{record}{record}]"), "1:31: record 2: expected a comma or ], found \"{\"");
    refused(format!("[{record}] x"), "1:33: record 2: expected another value, [ or {, or nothing, found \"x\"");
    refused(format!("[{record},[]]"), &format!("1:32: record 2: expected {RECORD}, found an empty list"));
    refused(format!("{record}\n3\n"), &format!("2:1: record 2: expected {RECORD}, found a number"));
    refused(format!("{record}\noops\n"), &format!("2:1: record 2: expected {RECORD}, found \"oops\""));
    refused(
        "{\"recipient\":\"a\",\"point\":\"p\",\"said\":\"\\ud800\"}",
        "1:37: record 1: said: has a broken escape (unexpected end of hex escape); write the character itself",
    );
}

#[test]
fn no_number_is_no_value() {
    refused(
        r#"{"recipient":"a","point":"p","said":NaN}"#,
        "1:37: record 1: this is not a JSON value; put text in quotes",
    );
    refused(
        r#"{"recipient":"a","point":"p","value":[Infinity]}"#,
        "1:39: record 1: this is not a JSON value; put text in quotes",
    );
    refused("[NaN]", "1:2: record 1: this is not a JSON value; put text in quotes");
    refused(
        "NaN",
        "1:1: \"NaN\" is neither JSON nor a header with recipient and point; to read an export, add --from, --map or --jq",
    );
}

#[test]
fn a_document_holds_lists() {
    let document = |more: &str| format!(r#"{{"interactions":{more}}}"#);
    refused(document("{}"), "1:17: record 1: interactions: is an empty object; write a list");
    refused(document("\"x\""), "1:17: record 1: interactions: is text; write a list");
    let twice = "1:20: record 1: interactions: is given twice; keep one";
    refused(document(r#"[],"interactions":[]"#), twice);
}

#[test]
fn encodings_other_than_utf_8_are_told() {
    let utf_16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let record = r#"{"recipient":"a","point":"p"}"#;
    for big in [false, true] {
        // a mark says what it is
        for text in [format!("\u{feff}{record}"), "\u{feff}recipient,point\na,p\n".to_owned()] {
            serveup("rate in --no-header").file("in", utf_16(&text, big)).stdout_has("\t\ta\tp\t\texpected\t").run();
        }
        serveup("rate in")
            .file("in", utf_16(record, big))
            .status(2)
            .stderr(
                "serveup: in: is not text, or in another encoding; if it is text, add its --encoding, like utf-16le\n",
            )
            .run();
    }
    refused(b"{\"recipient\":\"a\",\"point\":\"caf\xe9\"}", &format!("1:30: record 1: {NOT_UTF_8}"));
    refused(b"recipient,point\na,caf\xe9\n", &format!("2:3: record 1: {NOT_UTF_8}"));
    refused(b"{\"recipient\":\"a\",\"caf\xe9\":1,\"point\":\"p\"}", &format!("1:22: record 1: {NOT_UTF_8}"));
}

// ── Hostile input ───────────────────────────────────────────────────────────

#[test]
fn a_hundred_thousand_brackets() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = "is nested deeper than 128 levels; flatten it";
    refused(&open, "1:100000: record 1: the file ends inside a list; copy it again if it was cut short");
    refused(format!("{open}{close}"), &format!("1:2: record 1: expected {RECORD}, found a list"));
    let record =
        |field: &str, open: &str, close: &str| format!(r#"{{"recipient":"a","point":"p","{field}":{open}{close}}}"#);
    refused(record("signals", &open, &close), &format!("1:40: record 1: {deep}"));
    refused(record("said", &open, &close), &format!("1:37: record 1: {deep}"));
    refused(record("unknown", &open, &close), &format!("1:40: record 1: {deep}"));
    refused(record("unknown", &open, ""), "1:100040: record 1: this is not a JSON value; put text in quotes");
    let (open, close) = (r#"{"k":"#.repeat(100_000), "}".repeat(100_000));
    refused(record("served", &open, &format!("1{close}")), &format!("1:39: record 1: {deep}"));
    refused(record("unknown", &open, &format!("1{close}")), &format!("1:40: record 1: {deep}"));
    // before anything tells a record from a document
    refused(format!(r#"{{"x":{open}1{close},"recipient":"a","point":"p"}}"#), &format!("1:6: record 1: {deep}"));
    refused(&open, "1:500000: record 1: the file ends inside a value; copy it again if it was cut short");
}

#[test]
fn a_text_of_fifty_megabytes() {
    let text = "x".repeat(50_000_000);
    let shown = format!("\"\"{}…\"", "x".repeat(39));
    let said = format!(
        "serveup: in:1:1: {shown} is neither JSON nor a header with recipient and point; to read an export, add --from, --map or --jq\n"
    );
    serveup("rate in").file("in", format!("\"{text}\"")).status(2).stderr(said).run();
    let said = format!("serveup: in:1:2: record 1: expected {RECORD}, found text\n");
    serveup("rate in").file("in", format!("[\"{text}\"]")).status(2).stderr(said).run();
    // where a text belongs it is no more than a long one
    let record = format!(r#"{{"recipient":"acme","point":"p","said":"{text}"}}"#);
    serveup("rate in -f json").file("in", record).columns("recipient", &["acme"]).run();
}

#[test]
fn keys_of_a_document_that_mean_nothing_are_told() {
    // a misspelt `interactions` would quietly lose all of them
    let document = r#"{"recipients":[],"interaction":[{"recipient":"a","point":"p"}]}"#;
    let run = serveup("rate in -f json").file("in", document).stdout("[]\n");
    run.stderr_has("unknown field \"interaction\"").run();
    serveup("rate in --strict").file("in", document).status(2).stderr_has("\"interaction\"").run();
}

// ── Files ───────────────────────────────────────────────────────────────────

#[test]
fn what_is_no_file_is_told() {
    serveup("rate nowhere").status(2).stderr("serveup: nowhere: no such file\n").run();
    serveup("rate nowhere/at-all").status(2).stderr("serveup: nowhere/at-all: no such file\n").run();
    let run = serveup("rate folder");
    fs::create_dir(run.path("folder")).expect("a folder");
    run.status(2).stderr("serveup: folder: is a directory; name the files in it\n").run();
    // one of several
    serveup("rate in nowhere").file("in", "[]").status(2).stderr("serveup: nowhere: no such file\n").run();
}

#[test]
fn a_file_without_read_permission_is_told() {
    let Some(run) = serveup("rate in").file("in", "[]").by_nobody() else { return };
    fs::set_permissions(run.path("in"), fs::Permissions::from_mode(0o000)).expect("permissions");
    run.status(2).stderr("serveup: in: cannot be read: permission denied\n").run();
}
