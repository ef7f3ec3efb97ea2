//! Workbooks: which sheet is read, what its cells say, and where something is wrong in it.

use crate::harness::serveup;
use crate::{data, refused};

#[test]
fn the_sheet_asked_for() {
    let run = |flags: &str| serveup(&format!("rate in -f json {flags}")).file("in", data("sheets.xlsx"));
    let note = "note: in: sheet \"2026\" is the only one read; for another, add --sheet: \"Intro\", \"2025\"\n";
    run("--sheet 2026").columns("recipient", &["2026"]).stderr(note).run();
    run("--sheet hidden --quiet").columns("recipient", &["h"]).run();
    let told = "serveup: in: has no sheet \"2027\"; did you mean \"2026\"?\n";
    run("--sheet 2027").status(2).any_stdout().stderr(told).run();
    let told = "in: sheet \"Intro\", cell A1: \"Please read\" is not a header with recipient and point; name another sheet with --sheet (\"2025\", \"2026\"); to read an export, add --from, --map or --jq";
    refused("", data("sheets.xlsx"), told);
}

#[test]
fn what_is_wrong_is_told_with_its_cell() {
    let wrong = |name: &str, told: &str| refused("", data(name), &format!("in: sheet \"S\", cell {told}"));
    wrong("error-cell.xlsx", "B3: record 2: this cell has the error #N/A; correct its formula, or empty it");
    wrong("libreoffice-error.ods", "B3: record 2: this cell has the error #N/A; correct its formula, or empty it");
    wrong(
        "unsaved-formula.xlsx",
        "C3: record 2: this cell has a formula without a value; open the workbook and save it",
    );
    wrong(
        "second-header.xlsx",
        "A2: record 1: recipient: is empty; write who was served; if this is a second header row, delete it",
    );
    wrong("two-tables.xlsx", "A4: header: a second table starts here; put it into its own file or sheet");
    wrong("beside.xlsx", "E3: record 2: there is something beside the table; move it away, or give its column a name");
    wrong(
        "long-number.xlsx",
        "A3: record 2: this number is too long for a workbook to hold exactly; format the column as text and enter it again",
    );
    wrong("merged.xlsx", "A3: record 2: recipient: is empty; write who was served");
    wrong("title.xlsx", "A1: \"Moments of March\" looks like a title, the header is in row 3; add --skip 2");
    let told = "in: sheet \"Sheet\", cell XFD1048576: record 1: there is something beside the table; move it away, or give its column a name";
    refused("", data("far-cell.xlsx"), told);
}

#[test]
fn columns_in_one_cell_are_told() {
    let advice = "all columns are in one cell: split it with Text to Columns, or use the CSV file it was made from";
    let told = format!(
        "in: sheet \"python-semi\", cell A1: \"Recipient;Point;At;Action;Signals;Value;…\" is not a header with recipient and point; {advice}"
    );
    refused("", data("libreoffice-one-column.xlsx"), &told);
}

#[test]
fn an_empty_sheet_before_the_records_is_told() {
    let note = "note: in: sheet \"Cover\" is the only one read; for another, add --sheet: \"Moments\"\nnote: in: sheet \"Cover\": no records found\n";
    serveup("rate in -f json").file("in", data("empty-first.xlsx")).stdout("[]\n").stderr(note).run();
    let run = serveup("rate in -f json --sheet moments").file("in", data("empty-first.xlsx"));
    run.columns("recipient", &["a"]).stderr_has("sheet \"Moments\"").run();
}

#[test]
fn people_of_an_office_program_are_read() {
    let run = serveup("rate in -f json").file("in", data("libreoffice-people.ods"));
    run.columns("recipient level", &["a desired", "b expected"]).run();
}

#[test]
fn rows_at_the_top_are_skipped() {
    let run = serveup("rate in -f json --skip 2").file("in", data("title.xlsx"));
    run.columns("recipient point level", &["a p basic"]).run();
}

#[test]
fn what_is_rejected_is_kept_as_a_table() {
    let run = serveup("rate in -f json --keep-going --rejects bad").file("in", data("error-cell.xlsx"));
    let ran = run.columns("recipient", &["a"]).stderr_has("cell B3").stderr_has("rejected 1").run();
    assert_eq!(ran.read("bad"), "recipient,point,signals,sum\nb,#N/A,late,1\n");
}

#[test]
fn a_gate_names_cells() {
    let run = serveup("rate in --quiet --timezone UTC --fail-on-failure").file("in", data("openpyxl.xlsx"));
    let told = "gate: in: sheet \"Moments\", cell A4: record 3: is a failure\n";
    run.status(1).any_stdout().stderr_has(told.split(": is").next().expect("a place")).run();
}

#[test]
fn times_need_a_zone() {
    let run = serveup("rate in --quiet").file("in", data("openpyxl.xlsx")).status(2);
    run.stderr_has("in: sheet \"Moments\", cell C2: record 1: at: \"2026-03-01T14:00:00\" has no offset; add one")
        .run();
}

#[test]
fn recipients_may_stand_in_a_workbook() {
    let records = "recipient,point,served.channel\nacme,p,phone\n";
    let run = serveup("rate in -f json --recipients who").file("in", records).file("who", data("recipients.xlsx"));
    run.columns("recipient level", &["acme desired"]).run();
}

#[test]
fn exports_may_be_workbooks() {
    let map = "{recipient: .Recipient, point: .Point, at: .At}";
    let run = serveup("import in --map m.jq --quiet --timezone Europe/Berlin").file("m.jq", map);
    let ran = run.file("in", data("openpyxl.xlsx")).any_stdout().run();
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    assert!(
        ran.stdout.contains(r#""recipient":"1042""#) && ran.stdout.contains("2026-03-01T14:00:00"),
        "{}",
        ran.stdout
    );
}
