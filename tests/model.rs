//! The page about the rules is true: every example in `docs/model.md` is computed again. Tables of moments are records
//! in CSV as they stand, read and rated by the program; tables of figures are compared with the functions of the library.
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test reads the page and lays out its examples")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use serveup::escalator::slide;
use serveup::stats::{Clusters, Difference, Distribution, Pairs, Share, false_discovery_rates};
use serveup::{Level, Model};

/// A table of the page, with the blocks of code that stand between it and the table before.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// A levels file that applies to it.
    levels: Option<String>,
    /// Recipients that apply to it.
    recipients: Option<String>,
}

impl Table {
    /// The cells of a column.
    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }
}

fn tables(page: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut blocks: HashMap<String, String> = HashMap::new();
    let (mut fence, mut in_table) = (None::<String>, false);
    for line in page.lines() {
        if let Some(language) = &fence {
            if line.starts_with("```") {
                fence = None;
            } else {
                let block = blocks.entry(language.clone()).or_default();
                block.push_str(line);
                block.push('\n');
            }
        } else if let Some(language) = line.strip_prefix("```") {
            fence = Some(language.to_owned());
        } else if let Some(row) = line.strip_prefix('|') {
            let cells: Vec<String> = row.trim_end_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            if !in_table {
                let (levels, recipients) = (blocks.remove("toml"), blocks.remove("json"));
                tables.push(Table { header: cells, rows: Vec::new(), levels, recipients });
            } else if !cells.iter().all(|cell| cell.chars().all(|character| character == '-')) {
                tables.last_mut().expect("a table").rows.push(cells);
            }
            in_table = true;
            continue;
        }
        in_table = false;
    }
    tables
}

/// What the program answers about the moments of a table.
struct Answers {
    folder: tempfile::TempDir,
    options: Vec<&'static str>,
}

impl Answers {
    fn to(table: &Table) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let level = table.column("level").expect("a level");
        let fields = &table.header[1..level];
        let mut records = csv::Writer::from_path(folder.path().join("moments.csv")).expect("a file");
        let given = |field: &str| fields.iter().any(|other| other == field);
        let defaults = [("point", "visit"), ("recipient", "acme")].into_iter().filter(|(field, _)| !given(field));
        let header = fields.iter().map(String::as_str).chain(defaults.clone().map(|(field, _)| field));
        records.write_record(header).expect("a header");
        for row in &table.rows {
            let cells = row[1..level].iter().map(String::as_str).chain(defaults.clone().map(|(_, text)| text));
            records.write_record(cells).expect("a record");
        }
        records.flush().expect("a file");
        let mut options = Vec::new();
        let mut lay_out = |name: &'static str, option, text: &Option<String>| {
            if let Some(text) = text {
                std::fs::write(folder.path().join(name), text).expect("a file");
                options.extend([option, name]);
            }
        };
        lay_out("levels.toml", "--levels", &table.levels);
        lay_out("recipients.json", "--recipients", &table.recipients);
        Self { folder, options }
    }

    fn of(&self, command: &[&str]) -> Value {
        let mut serveup = Command::new(env!("CARGO_BIN_EXE_serveup"));
        let serveup = serveup.current_dir(self.folder.path()).env_remove("SERVEUP_LEVELS");
        let output = serveup.args(command).args(&self.options).args(["-f", "json", "moments.csv"]).output();
        let output = output.expect("the program");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// A value as the page writes it.
fn written(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The member of a list whose `key` is that text.
fn with<'v>(list: &'v Value, key: &str, text: &str) -> Option<&'v Value> {
    list.as_array()?.iter().find(|item| item.pointer(key).and_then(Value::as_str) == Some(text))
}

fn check_moments(table: &Table) {
    let answers = Answers::to(table);
    let rated = answers.of(&["rate", "--why"]);
    let needs = |columns: &[&str]| columns.iter().any(|column| table.column(column).is_some());
    let recovered = needs(&["status", "bounce"]).then(|| answers.of(&["recovery"]));
    let loyal = needs(&["loyalty"]).then(|| answers.of(&["journey", "--by", "recipient"]));
    let level = table.column("level").expect("a level");
    for (row, rating) in table.rows.iter().zip(rated.as_array().expect("rows")) {
        for (column, wanted) in table.header.iter().zip(row).skip(level) {
            let found = match column.as_str() {
                "status" | "bounce" => {
                    let id = rating["id"].as_str().expect("an id");
                    let item = with(&recovered.as_ref().expect("failures")["items"], "/id", id);
                    item.map_or(Value::Null, |item| item[column.as_str()].clone())
                }
                "loyalty" => {
                    let recipient = rating["recipient"].as_str().expect("a recipient");
                    let group = with(&loyal.as_ref().expect("groups")["groups"], "/key/recipient", recipient);
                    group.expect("a group")["loyalty"].clone()
                }
                column => rating.get(column).unwrap_or_else(|| panic!("no column {column}")).clone(),
            };
            assert_eq!(&written(&found), wanted, "{column} of {}, in {:?}: {rating}", row[0], table.header);
        }
    }
}

/// `5 of 7` as moments and successes.
fn of(text: &str) -> (u64, u64) {
    let (count, of) = text.split_once(" of ").expect("so many of so many");
    (of.parse().expect("a count"), count.parse().expect("a count"))
}

fn share(recipients: impl Iterator<Item = (u64, u64)>) -> Share {
    recipients.fold(Share::default(), |share, (n, x)| Share { count: share.count + x, of: share.of + n })
}

#[track_caller]
fn assert_figure(wanted: &str, found: Option<f64>) {
    assert_eq!(wanted, format!("{:.4}", found.expect("a figure")));
}

fn check_shares(table: &Table) {
    for row in &table.rows {
        let recipients: Vec<(u64, u64)> = row[0].split(", ").map(of).collect();
        let mut clusters = Clusters::default();
        for &(n, x) in &recipients {
            clusters.add(n, x);
        }
        let estimate = share(recipients.into_iter()).estimate(&clusters);
        for (wanted, found) in
            row[1..].iter().zip([estimate.share, estimate.design_effect, estimate.low, estimate.high])
        {
            assert_figure(wanted, found);
        }
    }
}

fn check_differences(table: &Table) {
    for row in &table.rows {
        let met = |text: &str| {
            let (before, after) = text.split_once(" then ").expect("one period, then the other");
            (of(before), of(after))
        };
        let met: Vec<((u64, u64), (u64, u64))> = row[0].split(", ").map(met).collect();
        let mut pairs = Pairs::default();
        for &(before, after) in &met {
            pairs.add(before, after);
        }
        let (before, after) = (share(met.iter().map(|met| met.0)), share(met.iter().map(|met| met.1)));
        let difference = after.estimate(&pairs.after).minus(&before.estimate(&pairs.before));
        let figures = [difference.diff, difference.low, difference.high, pairs.p_value(before, after)];
        for (wanted, found) in row[1..].iter().zip(figures) {
            assert_figure(wanted, found);
        }
    }
}

fn check_discoveries(table: &Table) {
    let p: Vec<f64> = table.rows.iter().map(|row| row[0].parse().expect("a number")).collect();
    for (row, q) in table.rows.iter().zip(false_discovery_rates(&p)) {
        assert_figure(&row[1], Some(q));
        let difference = Difference { diff: Some(-0.2), q: Some(q), ..Difference::default() };
        assert_eq!(row[2] == "yes", difference.fell());
    }
}

fn check_slides(table: &Table) {
    let model = Model::shipped();
    for row in &table.rows {
        let held = Level::ALL.into_iter().find(|level| level.name() == row[0]).expect("a level");
        for (n, wanted) in (0..).zip(&row[1..]) {
            assert_eq!(slide(&model, held, n).name(), wanted, "{held} after {n}");
        }
    }
}

fn check_quartiles(table: &Table) {
    for row in &table.rows {
        let counts: Vec<u64> = row[..6].iter().map(|count| count.parse().expect("a count")).collect();
        let levels = Distribution(counts.try_into().expect("six counts"));
        let found = [levels.quartile(1), levels.quartile(2), levels.quartile(3), levels.worst()];
        assert!(found.into_iter().map(|level| level.expect("a level").name()).eq(&row[6..]), "{row:?}");
    }
}

/// Figures of the moments in the table before.
fn check_agreement(moments: &Table, figures: &Table) {
    let found = &Answers::to(moments).of(&["calibrate"]);
    for (name, wanted) in figures.header.iter().zip(&figures.rows[0]) {
        let found = found.get(name).unwrap_or(&found["evidence"][name.as_str()]).as_f64().expect("a figure");
        assert!((found - wanted.parse::<f64>().expect("a figure")).abs() < 5e-5, "{name} is {found}");
    }
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/model.md");
    std::fs::read_to_string(path).expect("the page")
}

#[test]
fn every_example_of_the_rules_is_true() {
    let page = page();
    let tables = tables(&page);
    let mut checked: HashMap<&str, usize> = HashMap::new();
    for (place, table) in tables.iter().enumerate() {
        match table.header[0].as_str() {
            "moment" => check_moments(table),
            "recipients" => check_shares(table),
            "met" => check_differences(table),
            "p" => check_discoveries(table),
            "held" => check_slides(table),
            "c" => check_quartiles(table),
            "count" => check_agreement(&tables[place - 1], table),
            _ => continue,
        }
        *checked.entry(&table.header[0]).or_default() += table.rows.len();
    }
    let rows = |kind: &str| checked.get(kind).copied().unwrap_or(0);
    assert!(rows("moment") >= 50, "{checked:?}");
    assert!(["recipients", "met", "p", "held", "c", "count"].iter().all(|kind| rows(kind) >= 1), "{checked:?}");
}

/// The page has the levels, signals and kinds of the shipped rules, no more and no less.
#[test]
fn the_page_names_every_signal_and_kind() {
    let page = page();
    let model = Model::shipped();
    let tables = tables(&page);
    let levels = tables.iter().find(|table| table.header[0] == "rank").expect("the levels");
    for (row, level) in levels.rows.iter().zip(Level::ALL) {
        let signals = model.signals().iter().filter(|signal| signal.level == level);
        let signals: Vec<String> = signals.map(|signal| format!("`{}`", signal.name)).collect();
        assert_eq!((row[0].clone(), row[1].as_str()), (level.rank().to_string(), level.name()));
        assert_eq!(row[3], signals.join(" "));
    }
    let values = tables.iter().find(|table| table.header[0] == "category").expect("the values");
    for kind in model.kinds() {
        let row = values.rows.iter().find(|row| row[0] == kind.category.name()).expect("the category");
        assert!(row[1].contains(&format!("`{}`", kind.name)), "{}", kind.name);
    }
}

/// Comments cite sections of this page by "section 4 of the model", and every section that they cite is there.
#[test]
fn cited_sections_are_there() {
    let page = page();
    let mut cited = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).expect("a source file");
        // a comment may break anywhere
        let words: Vec<&str> = text.split_whitespace().filter(|word| !["//", "///", "//!"].contains(word)).collect();
        let text = words.join(" ");
        for (end, _) in text.match_indices(" of the model") {
            let Some(from) = text[..end].rfind("section").filter(|from| end - from < 20) else { continue };
            let numbers = text[from..end].split(|character: char| !character.is_ascii_digit());
            for number in numbers.filter(|number| !number.is_empty()) {
                assert!(page.contains(&format!("\n## {number}. ")), "{}: section {number}", file.display());
                cited += 1;
            }
        }
        assert!(!text.contains("MODEL.md"), "{} cites a page that is not in the project", file.display());
    }
    assert!(cited >= 25, "{cited} citations");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let inside = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    inside.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}
