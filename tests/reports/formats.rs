//! Whatever the format, the values are the same.

use serde_json::Value;

use crate::figures::{near, same};
use crate::harness::{Ran, Serveup, cell};
use crate::told::document_of;

/// A row as dotted names with cells: what is nested is `top_half.share`, lists are joined by `;`, what is absent is empty.
pub(crate) fn flat(row: &Value) -> Vec<(String, String)> {
    fn add(path: &str, value: &Value, cells: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    add(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, cells);
                }
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

pub(crate) fn same_cell(one: &str, other: &str) -> bool {
    // a list of objects in a cell is each of them as JSON, joined by `;`
    let list = |cell: &str| -> Option<Vec<Value>> {
        let inside = cell.strip_prefix('{')?.strip_suffix('}')?;
        inside.split("};{").map(|object| serde_json::from_str(&format!("{{{object}}}")).ok()).collect()
    };
    one == other
        || matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if near(one, other))
        || matches!(
            (list(one), list(other)),
            (Some(one), Some(other)) if same(&Value::from(one.clone()), &Value::from(other.clone()))
        )
}

#[track_caller]
fn assert_cells(table: &[Vec<String>], rows: &[Value], what: &str) {
    let (names, cells) = table.split_first().expect("a line of names");
    assert_eq!(cells.len(), rows.len(), "{what}: the number of rows");
    for (cells, row) in cells.iter().zip(rows) {
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
    let table = tsv(&start("tsv").stdout);
    assert_cells(&table, &rows, "tsv");
    assert_eq!(csv(&start("csv").stdout), table, "csv beside tsv");
    let bare = run().arg("--quiet").arg("-f").arg("csv").arg("--no-header").any_stdout().run();
    assert_eq!(csv(&bare.stdout), table[1..], "csv without a header");
}
