//! Nothing is no failure.

use crate::harness::serveup;

const NOTHING: [&str; 6] = ["", " \n\t\r\n", "\u{feff}", "[]", "recipient,point\n", "{\"interactions\":[]}"];

#[test]
fn no_records_are_no_failure() {
    for nothing in NOTHING {
        let note = "note: in: no records found\n";
        serveup("rate in -f json").file("in", nothing).stdout("[]\n").stderr(note).run();
        serveup("rate in -f jsonl --quiet").file("in", nothing).run();
        serveup("rate -f json").stdin(nothing).stdout("[]\n").stderr(note.replace("in", "stdin")).run();
        serveup("rate in -f json --in-order").file("in", nothing).stdout("[]\n").stderr(note).run();
        serveup("journey in -f jsonl").file("in", nothing).stderr(note).run();
        let gate = "gate: too little data: there were no interactions\n";
        let run = serveup("rate in -f json --fail-on-failure").file("in", nothing).stdout("[]\n");
        run.status(3).stderr(format!("{note}{gate}")).run();
        let run = serveup("journey in -f jsonl --require 90%").file("in", nothing).status(3);
        run.stderr(format!("{note}gate: too little data: there are no groups\n")).run();
    }
}

#[test]
fn no_rows_are_no_failure() {
    for (nothing, note) in [("", "note: in: no records found\n"), (" \n", "note: in: no records found\n"), ("[]", "")] {
        let run = serveup("import in --map m.jq").file("m.jq", ".").file("in", nothing);
        run.stderr(format!("{note}read 0 rows: 0 mapped to 0 interactions, 0 rejected, 0 dropped by the map\n")).run();
    }
}

#[test]
fn nothing_beside_something_is_noted() {
    let run = serveup("rate a b -f json").file("a", "").file("b", r#"{"recipient":"x","point":"p"}"#);
    run.columns("recipient", &["x"]).stderr("note: a: no records found\n").run();
}
