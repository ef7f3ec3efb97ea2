//! Presets tell the truth: for every kind of case that a help desk exports, what comes of it, worked by hand
//! in `truth/PRESET.json`, with the reason of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::harness::{Serveup, lines, serveup};

/// Some rows of an export, and all that is to come of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What is special about it.
    kind: String,
    /// Why that is to come of it.
    why: String,
    /// The rows, of JSON.
    #[serde(default)]
    pub(crate) rows: Vec<Value>,
    /// The export as a text, of tables and odd forms.
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    /// The id, the level, the signals and the verdict of each interaction: `1-first-reply criminal late unresolved`.
    gives: Vec<String>,
    /// How many rows are left out, by reason.
    #[serde(default)]
    left_out: BTreeMap<String, u64>,
}

impl Case {
    /// The export.
    pub(crate) fn export(&self) -> String {
        if self.text.is_empty() { lines(self.rows.iter().map(Value::to_string)) } else { self.text.clone() }
    }
}

/// The cases of every preset.
pub(crate) fn cases() -> Vec<(String, Vec<Case>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/truth");
    let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("a file").path());
    let cases = |file: std::path::PathBuf| {
        let preset = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("the cases");
        let cases = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (preset, cases)
    };
    let mut all: Vec<_> = files.map(cases).collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

#[test]
fn every_kind_of_case_gives_what_was_worked_by_hand() {
    let mut wrong = Vec::new();
    for (preset, cases) in cases() {
        for case in cases {
            let found = outcome(&preset, &case);
            let wanted = (case.gives.clone(), case.left_out.clone());
            if found != wanted {
                wrong.push(format!("{preset}: {}: {}\n  wanted {wanted:?}\n  found  {found:?}", case.kind, case.why));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_kind_is_tried_three_times_and_explained() {
    for (preset, cases) in cases() {
        let mut kinds = BTreeMap::new();
        for case in &cases {
            *kinds.entry(case.kind.as_str()).or_insert(0) += 1;
            assert!(case.why.split_whitespace().count() > 3, "{preset}: {}: says why", case.kind);
        }
        for (kind, count) in kinds {
            assert!(count >= 3, "{preset}: {kind}: {count} cases");
        }
    }
}

/// What comes of the rows.
fn outcome(preset: &str, case: &Case) -> (Vec<String>, BTreeMap<String, u64>) {
    let import = serveup(&format!("import --from {preset} in -o out.jsonl")).file("in", case.export());
    let ran = case.flags.iter().fold(import, Serveup::arg).any_stderr().run();
    let counts = ran.stderr.lines().find(|line| line.starts_with("read ")).expect("the counts").to_owned();
    assert!(counts.contains(" 0 rejected"), "{preset}: {}: {}", case.kind, ran.stderr);
    let records: Vec<Value> =
        ran.read("out.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let rated = ran.then("rate out.jsonl -q -f json").any_stdout().run();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let gives = records.iter().zip(rated.rows()).map(|(record, rating)| {
        let signals = record["signals"].as_array().into_iter().flatten().map(text);
        let verdict = record["verdict"].as_str().map(|verdict| format!("verdict={verdict}"));
        let words = [text(&record["id"]), text(&rating["level"])].into_iter().chain(signals).chain(verdict);
        words.collect::<Vec<_>>().join(" ")
    });
    (gives.collect(), reasons(&counts))
}

/// The reasons in the line of counts: `… dropped by the map (2 outbound, 1 spam); within rows 1 case left out (1 test)`.
fn reasons(counts: &str) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for told in ["dropped by the map (", "left out ("] {
        let Some((_, told)) = counts.split_once(told) else { continue };
        for reason in told.split(')').next().unwrap_or_default().split(", ") {
            let (count, why) = reason.split_once(' ').expect("a count and a reason");
            *reasons.entry(why.to_owned()).or_default() += count.replace(',', "").parse::<u64>().expect("a count");
        }
    }
    reasons
}

/// Small exports that were read wrong once, where they lie beside the project: one of each kind.
#[test]
fn exports_that_were_read_wrong_once_are_read_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/exports");
    if !folder.exists() {
        eprintln!("not run: {} is not there", folder.display());
        return;
    }
    let wanted: [(&str, &str, &[&str]); 7] = [
        // nobody ever replied, a target was missed, and it is over: late, and never answered; in the end it was closed
        // by its due date
        ("never-answered", "freshdesk", &["31-first-reply criminal late unresolved", "31-resolution expected on-time"]),
        ("never-answered", "zendesk", &["1-first-reply criminal late unresolved", "1-resolution expected on-time"]),
        // three messages and no answer; no target is known
        ("ignored", "zendesk", &["901-first-reply criminal chased unresolved", "901-resolution expected"]),
        // open, and both due dates have passed
        ("open-overdue", "freshdesk", &["18-first-reply basic late", "18-resolution basic late"]),
        // a mail that the company sent
        ("outbound", "freshdesk", &[]),
        // an automatic answer is none, so the target of an hour passed, and then it was closed
        ("autoreply", "freshdesk", &["903-first-reply criminal late unresolved", "903-resolution expected"]),
        // the best of three steps is no more than expected or above
        ("three-step", "freshdesk", &["23-survey-1 expected verdict=expected-or-above"]),
    ];
    for (kind, preset, gives) in wanted {
        let text = fs::read_to_string(folder.join(format!("{kind}-{preset}.jsonl"))).expect("an export");
        let why = String::new();
        let (rows, flags, left_out) = (Vec::new(), Vec::new(), BTreeMap::new());
        let case = Case { kind: kind.to_owned(), why, rows, text, flags, gives: Vec::new(), left_out };
        let (found, left_out) = outcome(preset, &case);
        assert_eq!(found, gives, "{kind}-{preset}");
        assert_eq!(left_out.is_empty(), !gives.is_empty(), "{kind}-{preset}");
    }
}
