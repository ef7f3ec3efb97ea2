//! The queries that `serveup sql` writes, run on real engines: they must rate every
//! record as the program does, in every column, and sum up every group as it does.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "tests lay out files and read what the engines make of them")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod comparison;
mod engine;
mod formats;
mod generate;
mod report;
#[path = "../../examples/splitmix/mod.rs"]
mod splitmix;
#[path = "../support/mod.rs"]
mod support;
mod vectors;
mod wrong;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cases::{CASES, answer, by_the_program};
use engine::Engine;
use serveup::sql::{Dialect, TableName, query};

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

/// What every reason says of which levels, in all the program's ratings.
#[test]
fn the_records_try_every_reason_at_every_level() {
    let (_, folders) = &*LAID_OUT;
    let reason_and_level = |row: String| {
        let cells: Vec<&str> = row.split('\t').collect();
        format!("{} {}", cells[7], cells[1])
    };
    let rows = folders.iter().flat_map(|folder| by_the_program(folder).into_iter().skip(1));
    let met: BTreeSet<String> = rows.map(reason_and_level).collect();
    let counts = ["facts", "lapse", "market", "repeat", "unremarked", "verdict"]
        .map(|reason| met.iter().filter(|met| met.starts_with(reason)).count());
    // market: basic to surprising; repeat: basic to unbelievable, where it lasts longer than once
    assert_eq!(counts, [6, 2, 4, 5, 1, 6], "{met:?}");
}

#[test]
fn tables_of_any_name_are_found() {
    if !Engine::DuckDb.there() {
        return;
    }
    let all = fresh("names");
    let case = &CASES[1];
    let folder = case.lay_out(&all, Some(300));
    // names of steps of the query are free to be names of tables
    let names = ["moments", "facts", "market", "at", "my table.it's \"so\"", "main.o'hara -- x", "back\\slash"];
    for (number, name) in names.into_iter().enumerate() {
        let quoted = TableName::new(name, Dialect::DuckDb).expect("a name");
        let schema = quoted
            .to_string()
            .split_once('.')
            .map_or(String::new(), |(schema, _)| format!("CREATE SCHEMA IF NOT EXISTS {schema};"));
        let people = TableName::new("recipients", Dialect::DuckDb).expect("a name");
        let query = query(&case.model(), Dialect::DuckDb, &quoted, Some(&people));
        let text = format!("{schema} CREATE VIEW {quoted} AS SELECT * FROM interactions; {query}");
        fs::write(folder.join(format!("duckdb-{number}.sql")), text).expect("a query");
    }
    Engine::DuckDb.run(&all);
    for (number, name) in names.into_iter().enumerate() {
        same(name, &by_the_program(&folder), &answer(&folder, &format!("duckdb-{number}")));
    }
}

#[test]
fn the_page_about_sql_shows_the_examples_as_they_are() {
    let read = |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file");
    let page = read("docs/sql.md");
    for (language, name) in [("sql", "load_duckdb.sql"), ("sql", "load_parquet.sql"), ("python", "rate_spark.py")] {
        assert!(page.contains(&format!("```{language}\n{}```", read(&format!("examples/sql/{name}")))), "{name}");
    }
    // the versions that the page names are those that are installed
    for version in read("tests/engines/requirements.txt").lines() {
        let (_, version) = version.split_once("==").expect("a pinned version");
        let major_minor = version.rsplit_once('.').expect("three numbers").0;
        assert!(page.contains(major_minor), "{version}");
    }
}
