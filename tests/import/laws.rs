//! Laws of importing: what must hold for every table, however it is written, and however it is broken.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::harness::{Ran, lines, serveup};
use crate::through::{SHOWS, import, numbers, shown, values};

/// Each case starts the program, so there are not very many.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The text of a cell: all that is hard to write, and what looks like something else.
fn cell() -> impl Strategy<Value = String> {
    let hard = [
        "", " ", ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", "é", "😀", "N/A", "{", "[", "-", "'",
        "\u{feff}", "x",
    ];
    prop_oneof!["[a-z0-9]{1,8}", prop::collection::vec(select(hard.to_vec()), 0..6).prop_map(|parts| parts.concat()),]
}

/// A table of texts: its header, of names that are told apart, and its rows, of which none is all blank.
fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    (2_usize..5).prop_flat_map(|width| {
        let names = (0..width).map(|column| format!("c{column}")).collect::<Vec<_>>();
        let row = prop::collection::vec(cell(), width).prop_filter("not blank", |row| {
            row.iter().any(|cell| cell.bytes().any(|byte| !byte.is_ascii_whitespace()))
        });
        (Just(names), prop::collection::vec(row, 0..8))
    })
}

/// Writes a table; cells are quoted where they must be, or all of them.
fn written(header: &[String], rows: &[Vec<String>], separator: char, end: &str, all_quoted: bool) -> String {
    let cell = |cell: &String| {
        let hard = cell.contains([separator, '"', '\n', '\r']) || cell.starts_with('\u{feff}');
        if hard || all_quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let row = |row: &[String]| row.iter().map(cell).collect::<Vec<_>>().join(&separator.to_string()) + end;
    std::iter::once(header).chain(rows.iter().map(Vec::as_slice)).map(row).collect()
}

/// What a map sees of a row.
fn object(header: &[String], row: &[String]) -> Value {
    Value::Object(header.iter().cloned().zip(row.iter().map(|cell| json!(cell))).collect())
}

/// What maps saw, by what [`SHOWS`] gave.
fn seen(lines: &str) -> Vec<Value> {
    let said = |line: &Value| serde_json::from_str(line["said"].as_str().expect("a text")).expect("JSON");
    values(lines).iter().map(said).collect()
}

proptest! {
    #![proptest_config(cases(40))]

    /// Any table of texts, written in any way, is what it was.
    #[test]
    fn a_table_is_what_it_was((header, rows) in table(), all_quoted: bool, windows: bool, mark: bool) {
        let wanted: Vec<Value> = rows.iter().map(|row| object(&header, row)).collect();
        for (name, separator) in [(",", ','), (";", ';'), ("tab", '\t'), ("|", '|')] {
            let end = if windows { "\r\n" } else { "\n" };
            let text = written(&header, &rows, separator, end, all_quoted);
            let text = if mark { format!("\u{feff}{text}") } else { text };
            let ran = import(&format!("-q --delimiter {name}"), SHOWS, &text).any_stdout().run();
            prop_assert_eq!(&seen(&ran.stdout), &wanted, "{:?}", text);
        }
    }

    /// As JSON it is the same in lines, in a list, and in a list in an object.
    #[test]
    fn rows_of_json_are_what_they_were((header, rows) in table(), spaced: bool) {
        let wanted: Vec<Value> = rows.iter().map(|row| object(&header, row)).collect();
        let text = |value: &Value| if spaced { format!("{value:#}") } else { value.to_string() };
        let listed = text(&json!(wanted));
        let object = text(&json!({"a": 1, "in": {"rows": wanted, "x": [{}]}, "z": [2]}));
        let apart = lines(wanted.iter().map(text));
        for (flags, content) in [("", listed), ("--at in.rows", object), ("", apart)] {
            if content.is_empty() { continue }
            let ran = import(&format!("-q {flags}"), SHOWS, &content).any_stdout().run();
            prop_assert_eq!(&seen(&ran.stdout), &wanted, "{:?}", content);
        }
    }
}

// ── Broken tables ───────────────────────────────────────────────────────────

/// A map that rejects, drops and doubles, as the first cell says.
const JUDGE: &str = r#"
.k as $k
| if $k == "drop" then empty
  elif $k == "fail" then error("as it was told")
  else {recipient: "r", point: "p", said: .v}, (select($k == "two") | {recipient: "r", point: "q"}) end
"#;

fn line() -> impl Strategy<Value = String> {
    let whole = ("(one|two|drop|fail|x)", cell()).prop_map(|(k, v)| {
        format!(
            "{k},{}",
            if v.contains([',', '"', '\n', '\r']) { format!("\"{}\"", v.replace('"', "\"\"")) } else { v }
        )
    });
    let broken = select(vec![
        "one",
        "a,b,c",
        "\"",
        "\"open",
        "one,\"open",
        "one,\"x\"y",
        ",",
        "",
        "  ",
        "\"two\",\"a\nb\"",
        "\"drop\",",
        "one,\"",
        "\"\"\"",
        "é,ü",
    ]);
    prop_oneof![4 => whole, 1 => broken.prop_map(str::to_owned)]
}

/// A table with damage: lines of all kinds, perhaps bytes that are no text, perhaps cut off at the end.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let stray = prop::option::of((any::<prop::sample::Index>(), select(vec![0xE9_u8, b'"', b'\n', b',', b'\r', 0xFF])));
    let cut = prop::option::of(any::<prop::sample::Index>());
    (prop::collection::vec(line(), 0..12), select(vec!["\n", "\r\n"]), stray, cut).prop_map(
        |(lines, end, stray, cut)| {
            let mut bytes = format!("k,v{end}{}", lines.join(end)).into_bytes();
            let start = "k,v\r\n".len().min(bytes.len());
            if let Some((place, byte)) = stray {
                bytes.insert(start + place.index(bytes.len() - start + 1), byte);
            }
            if let Some(place) = cut {
                bytes.truncate(start + place.index(bytes.len() - start + 1));
            }
            bytes
        },
    )
}

/// Status and outputs of an import that may go either way.
fn either_way(flags: &str, content: &[u8]) -> (i32, String, String) {
    let output = import(flags, JUDGE, content).command().output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// Values and damage that a file of JSON may be made of.
const PIECES: [&str; 12] = [
    r#"{"k":"one"}"#,
    r#"{"k":"two","v":"x"}"#,
    r#"{"k":"drop"}"#,
    r#"{"k":"fail"}"#,
    r#"{"k" 1}"#,
    "3",
    "{",
    "[",
    "]",
    "\"",
    "null",
    "{}{}",
];

proptest! {
    #![proptest_config(cases(80))]

    /// Every row is counted once, the status is 0 or 2, and the two ways of running agree.
    #[test]
    fn every_row_of_a_broken_table_is_counted(content in damaged(), trailer: bool) {
        let flags = if trailer { "--trailer" } else { "" };
        let (status, out, said) = either_way(&format!("--keep-going --rejects bad {flags}"), &content);
        prop_assert!(!said.contains("panicked") && !said.contains("to its end"), "{}", said);
        let told = said.lines().find(|line| line.starts_with("read ")).expect("counts");
        let of = numbers(told);
        prop_assert_eq!(of[0], of[1] + of[3] + of[4], "{}", said);
        prop_assert_eq!(of[2], out.lines().count() as u64, "{}", said);
        let rejected = said.lines().filter(|line| line.starts_with("rejected: in:")).count();
        prop_assert_eq!(of[3], rejected as u64, "{}", said);
        let none_left = of[3] > 0 && of[3] == of[0];
        prop_assert_eq!(status, if none_left { 2 } else { 0 }, "{}", said);
        prop_assert_eq!(said.ends_with("serveup: every row was rejected\n"), none_left);

        // without keeping going it is all or nothing
        let (strict, whole, told) = either_way(flags, &content);
        if of[3] == 0 {
            prop_assert_eq!((strict, whole, told), (0, out, said));
        } else {
            prop_assert_eq!((strict, whole.as_str()), (2, ""));
            // and the first fault is the same
            let first = said.lines().find_map(|line| line.strip_prefix("rejected: ")).expect("a fault");
            prop_assert_eq!(told, format!("serveup: {first}\n"));
        }
    }

    /// Rejects that are imported again are rejected again, with the same words.
    #[test]
    fn rejects_are_rejected_again(content in damaged()) {
        let run = import("--keep-going --rejects bad", JUDGE, &content);
        let output = run.command().output().expect("the program runs");
        let first = String::from_utf8(output.stderr).expect("text");
        // what is wrong with a stray quote depends on the lines behind it, which are not kept
        prop_assume!(!first.contains("quote"));
        let again = serveup("import --map m.jq in --keep-going").file("m.jq", JUDGE);
        let bad = std::fs::read(run.path("bad")).expect("rejects");
        let output = again.file("in", bad).command().output().expect("the program runs");
        let second = String::from_utf8(output.stderr).expect("text");
        prop_assert_eq!(words(&second), words(&first), "{:?}", String::from_utf8_lossy(&content));
        prop_assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    }

    /// Nothing of a broken file of JSON is lost without a word either.
    #[test]
    fn broken_json_is_counted(
        rows in prop::collection::vec(select(PIECES.to_vec()), 1..8),
        listed: bool,
    ) {
        let content = if listed { format!("[{}]", rows.join(",\n")) } else { rows.join("\n") };
        // what begins with neither bracket is a table
        prop_assume!(content.starts_with(['[', '{']));
        let (status, out, said) = either_way("--keep-going", content.as_bytes());
        prop_assert!(!said.contains("panicked") && !said.contains("to its end"), "{}", said);
        let of = numbers(said.lines().find(|line| line.starts_with("read ")).expect("counts"));
        prop_assert_eq!(of[0], of[1] + of[3] + of[4], "{}", said);
        prop_assert_eq!(of[2], out.lines().count() as u64, "{}", said);
        prop_assert_eq!(status, if of[3] > 0 && of[3] == of[0] { 2 } else { 0 }, "{}", said);
    }
}

/// What was said of rejects, without their places.
fn words(said: &str) -> Vec<&str> {
    let rejected = said.lines().filter(|line| line.starts_with("rejected: "));
    rejected.map(|line| line.splitn(4, ": ").nth(3).unwrap_or(line)).collect()
}

// ── The last of each case ───────────────────────────────────────────────────

proptest! {
    #![proptest_config(cases(40))]

    /// `--last-by` gives what a table without the earlier rows would give.
    #[test]
    fn the_last_of_each_case(
        cases in prop::collection::vec(select(vec!["1", "2", "3", "", "a b"]), 1..15),
        json: bool,
    ) {
        prop_assume!(cases.iter().any(|case| !case.is_empty()));
        let rows: Vec<(usize, &str)> = cases.iter().copied().enumerate().collect();
        let last = |(index, case): &(usize, &str)| case.is_empty() || !cases[index + 1..].contains(case);
        let wanted: Vec<String> = rows.iter().filter(|row| last(row)).map(|(index, _)| format!("n{index}")).collect();
        let content = if json {
            lines(rows.iter().map(|(index, case)| json!({"case": case, "n": format!("n{index}")}).to_string()))
        } else {
            let rows = rows.iter().map(|(index, case)| format!("{case},n{index}"));
            lines(std::iter::once("case,n".to_owned()).chain(rows))
        };
        let map = r#"{recipient: "r", point: "p", said: .n}"#;
        let ran: Ran = import("--last-by case", map, &content).stdout(shown(&wanted)).stderr_has("read ").run();
        let of = numbers(&ran.stderr);
        prop_assert_eq!(of[0], rows.len() as u64);
        prop_assert_eq!(of.get(5).copied().unwrap_or(0), (rows.len() - wanted.len()) as u64);
    }
}
