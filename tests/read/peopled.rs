//! Workbooks that hold the people served in a sheet of their own, beside the records.

use rust_xlsxwriter::Workbook;

use crate::harness::serveup;
use crate::refused;

/// A workbook with these sheets; cells are separated by `|`, rows by line breaks.
fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        for (row, line) in (0..).zip(rows.lines()) {
            for (column, cell) in (0..).zip(line.split('|')).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

const MOMENTS: &str = "recipient|point|channel\na|p|phone\nb|p|phone";
const PEOPLE: &str = "id|prefers.channel\na|phone\n\n|\nb|email";

#[test]
fn they_count_for_the_records_beside_them() {
    let sheets = book(&[("May", MOMENTS), ("Recipients ", PEOPLE)]);
    for flags in ["", "--sheet may", "--strict"] {
        let run = serveup(&format!("rate in -f json {flags}")).file("in", &sheets);
        run.columns("recipient level", &["a desired", "b expected"]).run();
    }
    // and for those of other files
    let run = serveup("rate more in -f json").file("in", &sheets).file("more", MOMENTS.replace('|', ","));
    run.columns("recipient level", &["a desired", "b expected", "a desired", "b expected"]).run();
}

#[test]
fn other_sheets_are_named_as_ever() {
    let sheets = book(&[("May", MOMENTS), ("recipients", PEOPLE), ("June", MOMENTS), ("levels", "note\nmine")]);
    let note = "note: in: sheet \"May\" is the only one read; for another, add --sheet: \"June\", \"levels\"\n";
    let run = serveup("rate in -f json").file("in", &sheets);
    run.columns("recipient level", &["a desired", "b expected"]).stderr(note).run();
}

#[test]
fn an_empty_sheet_of_them_holds_none() {
    for people in ["", "id|name"] {
        let run = serveup("rate in -f json").file("in", book(&[("May", MOMENTS), ("recipients", people)]));
        run.columns("recipient level", &["a expected", "b expected"]).run();
    }
}

#[test]
fn what_is_wrong_in_it_is_told_with_its_cell() {
    let wrong = |people: &str, told: &str| {
        let sheets = book(&[("May", MOMENTS), ("recipients", people)]);
        refused("", &sheets, &format!("in: sheet \"recipients\", cell {told}"));
        refused("--sheet May", &sheets, &format!("in: sheet \"recipients\", cell {told}"));
    };
    wrong(
        "id|values\na|time\n\nb|money; tim",
        "B4: recipient 2: values[1]: unknown value \"tim\"; did you mean \"time\"?",
    );
    wrong("id\na\na", "A3: recipient 2: id: \"a\" is there already; give one of the two a `since`, or keep one");
    wrong("id|name\n|A", "A2: recipient 1: id: is empty; write what the records call this recipient");
    wrong(
        "email\na@example.org",
        "A1: \"email\" is not a header with the column id; add it, or rename the sheet if it holds something else",
    );
}

#[test]
fn the_same_recipient_in_two_places_is_an_error() {
    let sheets = book(&[("May", MOMENTS), ("recipients", PEOPLE)]);
    let told = "serveup: in: sheet \"recipients\", cell A2: recipient 1: id: \"a\" is there already; \
                give one of the two a `since`, or keep one\n";
    let run = serveup("rate in --recipients who").file("in", &sheets).file("who", "id\na\n");
    run.status(2).stderr(told).run();
}

#[test]
fn a_file_of_recipients_is_read_from_their_sheet() {
    let sheets = book(&[("May", MOMENTS), ("RECIPIENTS", PEOPLE)]);
    let run = serveup("rate in -f json --recipients who").file("in", MOMENTS.replace('|', ",")).file("who", sheets);
    run.columns("recipient level", &["a desired", "b expected"]).run();
}

#[test]
fn unknown_columns_of_theirs_are_noted() {
    let sheets = book(&[("May", MOMENTS), ("recipients", "id|naem\na|A")]);
    let note = "unknown field \"naem\" in 1 recipient is ignored; did you mean \"name\"?";
    let run = serveup("rate in -f json").file("in", &sheets).any_stdout();
    run.stderr(format!("note: {note}\n")).run();
    let run = serveup("rate in --strict").file("in", &sheets).status(2);
    run.stderr_has("in: sheet \"recipients\", cell A2: recipient 1: ").run();
}

#[test]
fn exports_have_no_such_sheet() {
    let sheets = book(&[("May", MOMENTS), ("recipients", "email\na@example.org")]);
    let run = serveup("import in --map m.jq --quiet").file("in", sheets).file("m.jq", "{recipient, point}");
    assert_eq!(run.any_stdout().run().stdout.lines().count(), 2);
}
