//! Every preset from an export in its vendor's shape to ratings: levels, counts
//! and fields worked by hand in `presets.json`, with the reason of each.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use serveup::import::Preset;

use crate::harness::BINARY;

/// One export, and all that is to come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    preset: String,
    file: String,
    #[serde(default)]
    args: Vec<String>,
    /// Why each record has its level.
    why: BTreeMap<String, String>,
    /// Id, level and reason, in order.
    ratings: Vec<[String; 3]>,
    /// Fields of records that the ratings cannot prove; null is "not given".
    #[serde(default)]
    shows: BTreeMap<String, BTreeMap<String, Value>>,
    counts: Counts,
}

#[derive(Deserialize)]
struct Counts {
    read: u64,
    mapped: u64,
    dropped: u64,
}

fn run(args: &[&str], stdin: Option<&Path>) -> (String, String) {
    let mut command = Command::new(BINARY);
    command.args(args).env_remove("SERVEUP_LEVELS");
    if let Some(file) = stdin {
        command.stdin(std::fs::File::open(file).expect("a file"));
    }
    let output = command.output().expect("the program runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{args:?}: {stderr}");
    (stdout.into_owned(), stderr.into_owned())
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

#[test]
fn every_preset_gives_the_levels_worked_by_hand() {
    let cases = std::fs::read_to_string(folder().join("presets.json")).expect("the cases");
    let cases: Vec<Case> = serde_json::from_str(&cases).expect("cases");
    let mut rated = 0;
    for case in &cases {
        check(case);
        rated += case.ratings.len();
    }
    assert!(rated >= 130, "{rated} records were compared");
    for preset in Preset::ALL.map(|preset| preset.name) {
        assert!(cases.iter().any(|case| case.preset == preset), "{preset} has a case");
    }
}

fn check(case: &Case) {
    let file = folder().join("data").join(&case.file);
    let file = file.display().to_string();
    let mut args = vec!["import", "--from", &case.preset, &file];
    args.extend(case.args.iter().map(String::as_str));
    let (lines, told) = run(&args, None);

    let Counts { read, mapped, dropped } = case.counts;
    let counted = told.lines().last().expect("the counts are told");
    let rows = if read == 1 { "row" } else { "rows" };
    let start = format!(
        "read {read} {rows}: {mapped} mapped to {} interactions, 0 rejected, {dropped} dropped by the map",
        case.ratings.len()
    );
    assert!(counted.starts_with(&start), "{}: {counted}, not {start}", case.file);
    let superseded = read - mapped - dropped;
    let told_so = counted.contains(&format!(", {superseded} superseded by another row of the case"));
    assert_eq!(told_so, superseded > 0, "{}: {counted}", case.file);

    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (id, fields) in &case.shows {
        let record = records.iter().find(|record| record["id"] == id.as_str());
        let record = record.unwrap_or_else(|| panic!("{}: {id} is there", case.file));
        for (field, value) in fields {
            assert_eq!(&record[field], value, "{}: {id}: {field}", case.file);
        }
    }

    let imported = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(imported.path(), lines).expect("written");
    let (ratings, notes) = run(&["rate", "-", "-f", "json"], Some(imported.path()));
    assert_eq!(notes, "", "{}: rates without a note", case.file);
    let ratings: Vec<Value> = serde_json::from_str(&ratings).expect("ratings");
    let text = |rating: &Value, field: &str| rating[field].as_str().unwrap_or("null").to_owned();
    let found: Vec<_> =
        ratings.iter().map(|rating| ["id", "level", "reason"].map(|field| text(rating, field))).collect();
    assert_eq!(found, case.ratings, "{}", case.file);
    for [id, ..] in &case.ratings {
        assert!(case.why.contains_key(id), "{}: {id} is explained", case.file);
    }
}

#[test]
fn every_preset_is_printed_with_its_comments() {
    for preset in Preset::ALL.map(|preset| preset.name) {
        let (text, told) = run(&["import", "--show-map", "--from", preset], None);
        assert!(text.starts_with("# ") && text.contains(&format!("serveup import --from {preset}")), "{preset}");
        assert_eq!(told, "");
    }
}

/// The page about presets has a section and a row of its table for each, and explains each reason to leave a case out.
#[test]
fn every_preset_and_every_reason_stands_in_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/presets.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let (shared, desks) = page.split_once("\n## zendesk\n").expect("the first section");
    let mut reasons = 0;
    for Preset { name, text, .. } in Preset::ALL {
        assert!(shared.contains(&format!("\n| [`{name}`](#{name}) |")), "{name} stands in the table");
        assert!(page.contains(&format!("\n## {name}\n")), "{name} has a section");
        let section = page.split(&format!("\n## {name}\n")).nth(1).expect("its section");
        let section = section.split("\n## ").next().expect("its end");
        for reason in text.split("left_out(\"").skip(1) {
            let reason = reason.split('"').next().expect("the reason");
            assert!(shared.contains(&format!("`{reason}`")), "what {reason} means is said");
            let in_words = section.contains(&format!("`{reason}`")) || reason == "open" || reason == "empty page";
            assert!(in_words, "{name} may leave out {reason}");
            reasons += 1;
        }
    }
    assert!(reasons >= 50, "{reasons} reasons were looked for");
    assert!(desks.matches("Known from:").count() >= 13, "where the shapes are known from is said");
}

/// The public table of complaints, where it lies beside the project.
#[test]
fn the_real_complaints_all_come_through() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cfpb-complaints.csv");
    if !table.exists() {
        eprintln!("not run: {} is not there", table.display());
        return;
    }
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/maps/complaints.jq");
    let (lines, told) = run(&["import", "--map", &map.display().to_string(), &table.display().to_string()], None);
    assert_eq!(told, "read 3,186 rows: 3,186 mapped to 3,186 interactions, 0 rejected, 0 dropped by the map\n");
    // counted in the table itself: 595 disputed, 2,534 not disputed, 57 not asked; 3 are still in progress
    let with = |part: &str| lines.lines().filter(|line| line.contains(part)).count();
    assert_eq!(with("\"unresolved\""), 595);
    assert_eq!(with("\"as-agreed\""), 2534 - not_disputed_in_progress(&table));
}

fn not_disputed_in_progress(table: &Path) -> usize {
    let text = std::fs::read_to_string(table).expect("the table");
    text.lines().filter(|line| line.contains(",In progress,") && line.trim_end().ends_with(",No")).count()
}
