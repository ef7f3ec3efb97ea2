//! Exports read by every command: what `--from`, `--map` and `--jq` do there is what `import` does before them.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{Ran, Serveup, serveup};
use crate::through::counts;

/// Every command that reads records, with flags that show all it finds.
const COMMANDS: [&str; 8] = [
    "rate -f json",
    "rate -f csv --in-order",
    "decay -f json",
    "journey -f json --by point,channel",
    "uplift -f json",
    "recovery -f json",
    "calibrate -f json",
    "report -o page.html",
];

/// The exports that presets are tried on: the preset, the name of the file, further flags.
pub(crate) fn exports() -> Vec<(String, String, String)> {
    let cases = fs::read_to_string(folder().join("presets.json")).expect("the cases");
    let cases: Vec<Value> = serde_json::from_str(&cases).expect("cases");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let flags = |args: &Value| args.as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(" ");
    cases.iter().map(|case| (text(&case["preset"]), text(&case["file"]), flags(&case["args"]))).collect()
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/import"))
}

pub(crate) fn content(file: &str) -> Vec<u8> {
    fs::read(folder().join("data").join(file)).expect("an export")
}

/// Where a damage hits, how much of it, and how.
pub(crate) type Hit = (prop::sample::Index, usize, usize);

/// Up to three damages.
pub(crate) fn hits() -> impl Strategy<Value = Vec<Hit>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..4_usize), 1..4)
}

/// An export with bytes lost, doubled, or others in their place.
pub(crate) fn damaged(mut bytes: Vec<u8>, hits: Vec<Hit>) -> Vec<u8> {
    for (place, length, kind) in hits {
        let start = place.index(bytes.len());
        let end = (start + length).min(bytes.len());
        let part = bytes[start..end].to_vec();
        match kind {
            0 => drop(bytes.drain(start..end)),
            1 => drop(bytes.splice(start..start, part)),
            2 => drop(bytes.splice(start..end, *b"\"")),
            _ => drop(bytes.splice(start..end, *b"\n{")),
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

/// What came of a run, whatever its status: that, standard output, and the page if there is one.
fn outcome(run: &Serveup) -> (Option<i32>, String, String) {
    let page = run.path("page.html");
    let _ = fs::remove_file(&page);
    let output = run.command().output().expect("the program runs");
    let page = fs::read_to_string(page).unwrap_or_default();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), page)
}

/// The same of the interactions that an import gives: where it fails, nothing is left to a command.
fn outcome_by_import(ran: &Ran, import: &str, command: &str) -> (Option<i32>, String, String) {
    let (status, lines, _) = outcome(&ran.then(import));
    if status != Some(0) {
        return (status, String::new(), String::new());
    }
    fs::write(ran.folder.path().join("imported"), lines).expect("written");
    outcome(&ran.then(&format!("{command} imported -q")))
}

#[test]
fn every_command_reads_exports_as_import_does() {
    for (preset, file, flags) in exports() {
        let ran = serveup("--version").file("in", content(&file)).any_stdout().run();
        for command in COMMANDS {
            // what is not in order of time ends --in-order after some rows, in both ways
            let read = outcome(&ran.then(&format!("{command} --from {preset} {flags} in -q")));
            let imported = outcome_by_import(&ran, &format!("import --from {preset} {flags} in -q"), command);
            assert_eq!(read, imported, "{file}: {command}");
            assert!(!read.1.is_empty() || !read.2.is_empty(), "{file}: {command}: something comes of it");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same holds of exports that are damaged: bytes lost, doubled, or others in their place.
    #[test]
    fn damaged_exports_are_read_as_import_reads_them(
        export in 0..exports().len(),
        hits in hits(),
        keep_going in any::<bool>(),
    ) {
        let (preset, file, flags) = &exports()[export];
        let bytes = damaged(content(file), hits);
        let keep_going = if keep_going { "--keep-going" } else { "" };
        let ran = serveup("--version").file("in", bytes).any_stdout().run();
        let read = outcome(&ran.then(&format!("rate -f json --from {preset} {flags} in -q {keep_going}")));
        let import = format!("import --from {preset} {flags} in -q {keep_going}");
        let imported = outcome_by_import(&ran, &import, &format!("rate -f json {keep_going}"));
        // an import of which nothing is left says so by its counts, a rating by its status
        if imported.1 == "[]\n" && read.0 == Some(2) {
            prop_assert_eq!(read.1, "");
            return Ok(());
        }
        prop_assert_eq!(read, imported, "{}", file);
    }
}

const ROWS: &str = "n,who,what,of\n1,a,late,\n2,b,,1\n3,a,unresolved,\n";

/// A map in the text of a flag: rows give an interaction for every signal named, or one.
fn by(map: &str, line: &str, rows: &str) -> Serveup {
    serveup(line).arg("--jq").arg(map).file("in", rows)
}

const MAP: &str =
    "{id: .n, recipient: .who, point: \"desk\", signals: [.what | known | select(.)], recovers: (.of | known)}";

#[test]
fn what_became_of_the_rows_is_said_unless_quiet() {
    let rows = ["1 basic", "2 expected", "3 criminal"];
    let told = format!("note: {}", counts(3, 3, 3, 0, 0));
    by(MAP, "rate -f json in", ROWS).columns("id level", &rows).stderr(told).run();
    by(MAP, "rate -f json in -q", ROWS).columns("id level", &rows).run();
    // rows that cannot be taken are counted whatever is asked for
    let told =
        format!("rejected: in:3:1: row 2: --jq: recipient: is empty; write who was served\n{}", counts(2, 1, 1, 1, 0));
    let run = by(MAP, "rate -f json in -q --keep-going", "n,who,what,of\n1,a,late,\n2,,,\n");
    run.columns("id", &["1"]).stderr(told).run();
}

#[test]
fn a_gate_names_the_row() {
    let told = "gate: in:2:1: interaction 1 (id \"1\"): is a failure: basic\ngate: in:4:1: interaction 3 (id \"3\"): is a failure: criminal\n";
    for line in ["rate in -q --fail-on-failure", "rate in -q --fail-on-failure --in-order"] {
        by(MAP, line, ROWS).status(1).any_stdout().stderr(told).run();
    }
}

#[test]
fn an_id_that_comes_twice_is_an_error_of_its_row() {
    let told = "serveup: in:3:1: row 2: --jq: id: \"1\" was already used on line 2; give every record an id of its own, \
                or use the last row of a case with --last-by COLUMN\n";
    let rows = "n,who,what,of\n1,a,late,\n1,b,,\n";
    by(MAP, "rate in", rows).status(2).stderr(told).run();
    by(MAP, "rate in -q -f json --last-by n", rows).columns("recipient", &["b"]).run();
    by(MAP, "rate in -q -f json --first-by n", rows).columns("recipient", &["a"]).run();
    // of two in one row none is taken
    let twice = "(1, 2) as $n | {id: \"x\", recipient: .who, point: \"desk\"}";
    let told = "serveup: in:2:1: row 1: --jq: interaction 2: id: \"x\" was already used in the same row; give every record an id of its own, \
                or use the last row of a case with --last-by COLUMN\n";
    by(twice, "rate in", rows).status(2).stderr(told).run();
}

#[test]
fn recoveries_of_nothing_are_told_or_refused() {
    let rows = "n,who,what,of\n1,a,late,\n2,b,,9\n";
    let note = format!(
        "note: 1 record recovers a failure that is not in the input: \"9\" on line 3\nnote: {}",
        counts(2, 2, 2, 0, 0)
    );
    by(MAP, "rate -f json in", rows).columns("id", &["1", "2"]).stderr(note).run();
    let told = "in:3:1: row 2 (id \"2\"): recovers: no record has the id \"9\"; correct it, or leave --strict out\n";
    by(MAP, "rate in --strict", rows).status(2).stderr(format!("serveup: {told}")).run();
    // whatever a row gave is taken back with it, and the row can be replayed
    let two = format!("{MAP}, {{id: \"\\(.n)b\", recipient: .who, point: \"door\"}}");
    let run = by(&two, "rate -f json in -q --strict --keep-going --rejects bad", rows);
    let told = format!("rejected: {told}{}", counts(2, 1, 2, 1, 0));
    let ran = run.columns("id", &["1", "1b"]).stderr(told).run();
    assert_eq!(ran.read("bad"), "n,who,what,of\n2,b,,9\n");
}

#[test]
fn recipients_stand_beside_exports() {
    let map = "{id: .n, recipient: .who, point: \"desk\", channel: \"phone\"}";
    let people = "id;prefers.channel\na;phone\nb;email\n";
    let run = by(map, "rate in -q -f json --recipients people", ROWS).file("people", people);
    run.columns("id evidence", &["1 desired", "2 expected", "3 desired"]).run();
}

#[test]
fn flags_of_exports_need_a_map() {
    let need = "is for exports; add --from, --map or --jq, or leave it out";
    for flag in ["--at a", "--last-by a", "--first-by a", "--trailer"] {
        let name = flag.split(' ').next().expect("a flag");
        serveup(&format!("rate in {flag}")).file("in", "").status(2).stderr(format!("serveup: {name} {need}\n")).run();
    }
    serveup("check p --jq .").status(2).stderr("serveup: --jq needs records; name a file of interactions\n").run();
    serveup("rate in --from zendeks").status(2).stderr_has("'zendesk'").run();
    serveup("decay in --from zendeks")
        .file("in", "")
        .status(2)
        .stderr_has("serveup: --from: unknown preset \"zendeks\"; write one of: zendesk, zendesk-csv, ")
        .run();
    serveup("rate in --jq {").file("in", "").status(2).stderr("serveup: --jq:1:1: { is never closed; close it\n").run();
}
