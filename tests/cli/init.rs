//! A table to fill in is a new file, whole or not at all, and nothing is ever written over.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::serveup;

#[test]
fn nothing_is_written_over() {
    for name in ["x.xlsx", "x.csv"] {
        let told = format!("serveup: {name}: exists already and is not overwritten; name another file\n");
        let ran = serveup(&format!("init {name}")).file(name, "mine").status(2).stderr(told).run();
        assert_eq!((ran.read(name), ran.names()), ("mine".to_owned(), vec![name.to_owned()]));
    }
    let run = serveup("init x.csv");
    fs::create_dir(run.path("x.csv")).expect("a folder");
    run.status(2).stderr_has("x.csv: exists already").run();
    let run = serveup("init x.csv").file("mine", "mine");
    symlink("mine", run.path("x.csv")).expect("a link");
    let ran = run.status(2).stderr_has("x.csv: exists already").run();
    assert_eq!(ran.read("mine"), "mine");
}

#[test]
fn a_link_that_leads_nowhere_yet_is_followed() {
    let run = serveup("init x.csv");
    symlink("made.csv", run.path("x.csv")).expect("a link");
    let ran = run.run();
    assert_eq!(ran.names(), ["made.csv", "x.csv"]);
    assert!(ran.read("made.csv").starts_with("at,recipient,"));
}

#[test]
fn the_ending_decides() {
    for name in ["-", "x", "x.xls", "x.csv.gz", ".csv"] {
        let told = format!("serveup: {name}: unknown kind of file; name one that ends in .xlsx (a workbook) or .csv\n");
        let ran = serveup("init").arg(name).status(2).stderr(told).run();
        assert!(ran.names().is_empty());
    }
    let ran = serveup("init x.XLSX").run().then("init X.Csv").run();
    assert!(ran.read("X.Csv").starts_with("at,recipient,"));
}

#[test]
fn a_file_is_named() {
    serveup("init").status(2).stderr_has("<FILE>").stderr_has("Usage: serveup init").run();
    serveup("init x.csv --force").status(2).stderr_has("unexpected argument '--force'").run();
}

#[test]
fn where_nothing_can_be_written_nothing_is_left() {
    serveup("init nowhere/x.xlsx").status(2).stderr("serveup: nowhere/x.xlsx: no such folder\n").run();
    let Some(run) = serveup("init x.xlsx").by_nobody() else { return };
    let ran = run.status(2).stderr("serveup: x.xlsx: cannot be written: permission denied\n").run();
    assert_eq!(ran.names(), ["the-program"]);
}

#[test]
fn rules_that_are_bad_make_no_table() {
    let run = serveup("init x.xlsx --levels own.toml").file("own.toml", "nonsense = 1\n").status(2);
    let ran = run.stderr_has("own.toml:1:1: ").run();
    assert_eq!(ran.names(), ["own.toml"]);
    let run = serveup("init x.csv").env("SERVEUP_LEVELS", "nowhere.toml").status(2);
    run.stderr_has("nowhere.toml: cannot read the levels file").run();
}
