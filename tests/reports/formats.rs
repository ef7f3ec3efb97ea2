//! Whatever the format, the values are the same.

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::figures::near;
use crate::harness::{Ran, Serveup, cell};
use crate::told::{EXAMPLES, document_of, over_example};

/// Lists of objects that have no column: there is no room for them in a cell.
const LEFT_TO_JSON: [&str; 5] = ["series", "next.slid", "next.missed_preferences", "worst_moments", "latest_moments"];

/// An item of a list in a cell: a text, or an object of which each kind has its words.
fn in_words(item: &Value) -> String {
    let Value::Object(fields) = item else { return cell(item) };
    let has = |names: &[&str]| names.iter().all(|name| fields.contains_key(*name));
    let field = |name: &str| cell(&fields[name]);
    let unit = || match &fields["unit"] {
        Value::Null => String::new(),
        unit => format!(" {}", cell(unit)),
    };
    if has(&["kind", "unit", "amount"]) {
        format!("{}={}{}", field("kind"), field("amount"), unit())
    } else if has(&["unit", "amount", "per_bounce"]) {
        format!("{}{}", field("amount"), unit())
    } else if has(&["action", "count", "bounced"]) {
        format!("{} {}/{}", field("action"), field("bounced"), field("count"))
    } else if has(&["signal", "count"]) {
        format!("{}={}", field("signal"), field("count"))
    } else if has(&["kind", "recipients"]) {
        format!("{}={}", field("kind"), field("recipients"))
    } else {
        panic!("no words for {item}")
    }
}

/// A row as dotted names with cells: what is nested is `top_half.share`, lists are joined by `;`, what is absent is empty.
pub(crate) fn flat(row: &Value) -> Vec<(String, String)> {
    fn add(path: &str, value: &Value, cells: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    if !LEFT_TO_JSON.contains(&path.as_str()) {
                        add(&path, value, cells);
                    }
                }
            }
            Value::Array(list) => {
                let words: Vec<String> = list.iter().map(in_words).collect();
                cells.push((path.to_owned(), words.join(";")));
            }
            other => cells.push((path.to_owned(), cell(other))),
        }
    }
    let mut cells = Vec::new();
    add("", row, &mut cells);
    cells
}

/// The lines of tsv as cells, unescaped.
pub(crate) fn tsv(text: &str) -> Vec<Vec<String>> {
    assert!(!text.contains('\r'), "a bare carriage return in {text:?}");
    let cell = |cell: &str| {
        let mut plain = String::new();
        let mut characters = cell.chars();
        while let Some(character) = characters.next() {
            plain.push(match (character, character == '\\') {
                (_, true) => match characters.next() {
                    Some('t') => '\t',
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('\\') => '\\',
                    other => panic!("\\{other:?} in {cell}"),
                },
                (other, false) => other,
            });
        }
        plain
    };
    text.lines().map(|line| line.split('\t').map(cell).collect()).collect()
}

/// The records of csv as cells.
pub(crate) fn csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// The cells of the only table of a text in Markdown.
pub(crate) fn markdown(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().expect("a row").push(String::new()),
            Event::Text(part) | Event::Code(part) => {
                rows.last_mut().and_then(|row| row.last_mut()).expect("a cell").push_str(&part);
            }
            Event::Start(Tag::Table(_)) | Event::End(_) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    rows
}

pub(crate) fn same_cell(one: &str, other: &str) -> bool {
    one == other || matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if near(one, other))
}

#[track_caller]
fn assert_cells(table: &[Vec<String>], rows: &[Value], what: &str) {
    let (names, cells) = table.split_first().expect("a line of names");
    assert_eq!(cells.len(), rows.len(), "{what}: the number of rows");
    for (cells, row) in cells.iter().zip(rows) {
        let is_json = |item: &str| item.starts_with(['{', '[']) && serde_json::from_str::<Value>(item).is_ok();
        let json = cells.iter().find(|cell| is_json(cell) || cell.split(';').any(is_json));
        assert_eq!(json, None, "{what}: JSON in a cell");
        assert_eq!(cells.len(), names.len(), "{what}: the number of cells");
        let expected = flat(row);
        assert_eq!(expected.len(), names.len(), "{what}: {names:?} beside {expected:?}");
        for (name, wanted) in expected {
            let place = names.iter().position(|known| *known == name);
            let place = place.unwrap_or_else(|| panic!("{what}: no column {name} in {names:?}"));
            assert!(same_cell(&cells[place], &wanted), "{what}: {name} is {} instead of {wanted}", cells[place]);
        }
    }
}

/// Runs the same in every machine format and compares with the rows of the
/// JSON document; `run` is to start the same run each time.
#[track_caller]
pub(crate) fn assert_formats_agree(run: impl Fn() -> Serveup, rows: impl Fn(&Value) -> Vec<Value>) {
    let start = |format: &str| -> Ran { run().arg("--quiet").arg("-f").arg(format).any_stdout().run() };
    let rows = rows(&document_of(&start("json")));
    let lines = start("jsonl").stdout;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines, rows, "jsonl");
    assert_tables_agree(run, &rows);
}

/// Runs the same in every format of tables and compares with these rows.
#[track_caller]
fn assert_tables_agree(run: impl Fn() -> Serveup, rows: &[Value]) {
    let start = |format: &str| -> Ran { run().arg("--quiet").arg("-f").arg(format).any_stdout().run() };
    let table = tsv(&start("tsv").stdout);
    assert_cells(&table, rows, "tsv");
    assert_eq!(csv(&start("csv").stdout), table, "csv beside tsv");
    // in Markdown the same, but with numbers rounded for people
    let shown = markdown(&start("md").stdout);
    assert_eq!(shown.len(), table.len(), "md: the number of rows");
    let like = |shown: &str, cell: &str| match (shown.parse::<f64>(), cell.parse::<f64>()) {
        (Ok(shown), Ok(exact)) => (shown - exact).abs() <= 0.000_500_001,
        _ => shown.trim() == serveup::printable(cell).trim(),
    };
    let places: Vec<usize> =
        shown[0].iter().filter_map(|name| table[0].iter().position(|known| known == name)).collect();
    // a group of a journey has more than fits into a chat
    let some = table[0].iter().any(|name| name == "levels.basic") && shown[0].len() >= 9;
    assert!(places.len() == shown[0].len() && (some || shown[0] == table[0]), "md: {:?}", shown[0]);
    for (shown, row) in shown.iter().zip(&table) {
        for (shown, place) in shown.iter().zip(&places) {
            let cell = &row[*place];
            assert!(like(shown, cell), "md: {shown:?} beside {cell:?}");
        }
    }
    let bare = run().arg("--quiet").arg("-f").arg("csv").arg("--no-header").any_stdout().run();
    assert_eq!(csv(&bare.stdout), table[1..], "csv without a header");
}

#[test]
fn steps_are_rows_in_every_format() {
    for name in EXAMPLES {
        let run = || over_example("next", name);
        let lines = run().arg("-f").arg("jsonl").arg("--quiet").any_stdout().run().stdout;
        let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_tables_agree(run, &rows);
    }
}
