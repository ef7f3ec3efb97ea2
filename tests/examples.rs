//! Every example runs as shown, and what the examples' own page says of them is true.
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test reads the examples")]

use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn data(name: &str) -> PathBuf {
    Path::new(ROOT).join("examples/data").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(data(name)).expect("an example file")
}

/// Runs a library example as its documentation says.
#[track_caller]
fn example(name: &str, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--example", name, "--"])
        .args(args)
        .current_dir(ROOT)
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The rows of `serveup rate FILE -f json`.
#[track_caller]
fn rated(name: &str, args: &[&str]) -> Vec<serde_json::Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_serveup"))
        .args(["rate", "-f", "json"])
        .args(args)
        .arg(data(name))
        .env_remove("SERVEUP_LEVELS")
        .output()
        .expect("serveup");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name} rates without a note");
    serde_json::from_slice(&output.stdout).expect("rows")
}

#[test]
fn the_help_desk_is_what_its_generator_makes() {
    assert_eq!(example("helpdesk", &[]), text("helpdesk.jsonl"));
}

#[test]
fn load_records_are_the_same_for_the_same_seed_and_can_all_be_read() {
    let records = example("generate", &["500", "7"]);
    assert_eq!(records, example("generate", &["500", "7"]));
    assert_ne!(records, example("generate", &["500", "8"]));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &records).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_serveup")).arg("rate").arg(file.path()).output().expect("serveup");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 501);
}

#[test]
fn the_library_examples_run() {
    let moments = example("rate_moments", &[]);
    assert!(
        moments.starts_with("delivery, card: surprising (facts)\n    noted: handwritten-card (surprising)\n"),
        "{moments}"
    );
    let sure = example("how_sure", &["20", "2"]);
    assert_eq!(sure.matches("in the mean: ").count(), 2, "{sure}");
    assert_eq!(sure, example("how_sure", &["20", "2"]));
    let decay = example("project_decay", &[]);
    assert!(decay.contains("6  2026-02-09 00:00  basic         criminal\n"), "{decay}");
}

/// Holds the rows of a page's table (`| id | level ✗ | reason | …`), worked by
/// hand, against ratings; ✗ marks a failure. How many were compared.
#[track_caller]
fn compare(file: &str, section: &str, rows: &[serde_json::Value]) -> usize {
    let mut compared = 0;
    for line in section.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, level, reason, ..] = cells.as_slice() else { continue };
        let Some(row) = rows.iter().find(|row| row["id"] == **id) else { continue };
        let (level, failure) = level.strip_suffix(" ✗").map_or((*level, false), |level| (level, true));
        assert_eq!(row["level"], level, "{file} {id}");
        assert_eq!(row["reason"], *reason, "{file} {id}");
        assert_eq!(row["failure"], failure, "{file} {id}");
        compared += 1;
    }
    assert!(compared >= rows.len(), "{file}: every record is told");
    compared
}

/// The examples' page says, worked by hand, what level each record has, by
/// which rule, and whether it is a failure.
#[test]
fn every_level_worked_by_hand_is_the_level_rated() {
    let page = text("README.md");
    let mut compared = 0;
    for section in page.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        let tickets: &[&str] = &["--from", "zendesk", "--quiet"];
        let files =
            [("shop.json", &[][..]), ("agency.json", &[]), ("escalator.jsonl", &[]), ("tickets.jsonl", tickets)];
        let Some((file, flags)) = files.into_iter().find(|(file, _)| title.starts_with(file)) else { continue };
        compared += compare(file, section, &rated(file, flags));
    }
    assert!(compared >= 60, "{compared} levels were compared");
}

/// The page of the example maps gives the command for each table, and says what becomes of every record.
#[test]
fn every_example_map_gives_the_levels_worked_by_hand() {
    let folder = Path::new(ROOT).join("examples/maps");
    let page = std::fs::read_to_string(folder.join("README.md")).expect("the page");
    let mut compared = 0;
    for section in page.split("\n## ").skip(1) {
        let file = section.lines().next().unwrap_or_default();
        let command = section.lines().find_map(|line| line.strip_prefix("    serveup ")).expect("a command");
        let import = command.strip_suffix(" | serveup rate -").expect("a pipe into rate");
        let imported = tempfile::NamedTempFile::new().expect("a file");
        let output = Command::new(env!("CARGO_BIN_EXE_serveup"))
            .args(import.split(' '))
            .arg("-o")
            .arg(imported.path())
            .current_dir(&folder)
            .output()
            .expect("serveup");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{file}: {told}");
        assert!(told.starts_with("read ") && told.lines().count() == 1, "{file}: {told}");
        compared += compare(file, section, &rated(&imported.path().display().to_string(), &[]));
    }
    assert!(compared >= 27, "{compared} levels were compared");
}

#[test]
fn the_same_records_as_csv_have_the_same_ratings() {
    assert_eq!(rated("escalator.jsonl", &[]), rated("escalator.csv", &[]));
}

#[test]
fn an_act_done_after_more_than_ninety_days_is_new_again_where_the_rules_forget() {
    let memory = data("memory.toml");
    let (plain, forgetful) =
        (rated("escalator.jsonl", &[]), rated("escalator.jsonl", &["--levels", &memory.display().to_string()]));
    let changed: Vec<_> = plain.iter().zip(&forgetful).filter(|(one, other)| one["level"] != other["level"]).collect();
    let [(before, after)] = changed.as_slice() else { panic!("one record changes") };
    assert_eq!(
        (&before["id"], &before["level"], &after["level"]),
        (&"e16".into(), &"basic".into(), &"surprising".into())
    );
}
