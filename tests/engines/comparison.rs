//! The comparison with an engine, on few records and without times: every reading command answers as the engine's best
//! query for the same question.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::engine::{Engine, folder};
use crate::fresh;

#[test]
fn every_command_answers_as_duckdb_does() {
    if !Engine::DuckDb.there() {
        return;
    }
    let (root, work) = (Path::new(env!("CARGO_MANIFEST_DIR")), fresh("comparison"));
    let generate = ["run", "--quiet", "--offline", "--example", "generate", "--", "3000", "7"];
    let records = Command::new(env!("CARGO")).args(generate).current_dir(root).output().expect("cargo");
    assert!(records.status.success(), "{}", String::from_utf8_lossy(&records.stderr));
    fs::write(work.join("3000.jsonl"), records.stdout).expect("records");
    let compare = Command::new("python3")
        .arg(root.join("benches/compare.py"))
        .args(["--check", "3000", "--program", env!("CARGO_BIN_EXE_serveup"), "--work"])
        .arg(&work)
        .env("PYTHONPATH", folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("SERVEUP_LEVELS")
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&compare.stderr);
    assert!(compare.status.success(), "{said}");
    let compared = said.lines().filter(|line| line.contains(": equal: ")).count();
    let left_out: Vec<&str> = said.lines().filter(|line| line.starts_with("NOT COMPARED: ")).collect();
    for line in &left_out {
        // not by a macro, whose words are kept back where the test passes
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    assert_eq!(compared + left_out.len(), 16, "{said}");
    assert!(said.contains("journey: equal: 12 groups in every figure"), "{said}");
}
