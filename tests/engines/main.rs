//! The query that `serveup sql` writes, run on real engines: it must rate every
//! record as the program does, in every column.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "tests lay out files and read what the engines make of them")]

mod cases;
mod engine;
mod generate;
#[path = "../support/mod.rs"]
mod support;
mod wrong;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cases::{CASES, answer, by_the_program};
use engine::Engine;

/// The cases laid out once for all engines: their folder, and one for each.
static LAID_OUT: LazyLock<(PathBuf, Vec<PathBuf>)> = LazyLock::new(|| {
    let all = fresh("cases");
    let folders = CASES.iter().map(|case| case.lay_out(&all, None)).collect();
    (all, folders)
});

/// An empty folder among the files of the build.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sql").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// How many rows two lists have in common, row by row, and the first that differs.
#[track_caller]
fn same(name: &str, program: &[String], engine: &[String]) {
    assert_eq!(program.len(), engine.len(), "{name}: as many rows");
    let differing: Vec<usize> = (0..program.len()).filter(|&row| program[row] != engine[row]).collect();
    if let Some(&first) = differing.first() {
        panic!("{name}: {} rows differ, the first is {first}\n{}\n{}", differing.len(), program[first], engine[first]);
    }
}

fn rates_as_the_program(engine: Engine) {
    if !engine.there() {
        return;
    }
    let (all, folders) = &*LAID_OUT;
    for (case, folder) in CASES.iter().zip(folders) {
        fs::write(folder.join(format!("{}.sql", engine.name())), case.query(engine)).expect("a query");
    }
    engine.run(all);
    let mut rows = 0;
    for (case, folder) in CASES.iter().zip(folders) {
        let program = by_the_program(folder);
        same(case.name, &program, &answer(folder, engine.name()));
        rows += program.len() - 1;
    }
    assert!(rows >= 200_000, "{rows} records");
}

#[test]
fn duckdb_rates_as_the_program() {
    rates_as_the_program(Engine::DuckDb);
}

#[test]
fn spark_rates_as_the_program() {
    rates_as_the_program(Engine::Spark);
}
