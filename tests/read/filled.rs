//! A table to fill in, made by `serveup init`: it reads back as it is, and offers every name of the rules.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use serveup::{Category, Field, Level, Model, Rung, template};

use crate::data;
use crate::harness::serveup;

/// Columns that say how the examples are rated.
const COLUMNS: &str = "id at recipient point level reason failure claimed gap";

/// A kind and a signal of one's own, and a level in another language.
const OWN: &str = "[[levels]]\nname = 'basic'\nlabel = 'minimal'\n[levels.signals]\nsticky = 'it stuck'\n\
                   [[value]]\ncategory = 'emotional'\n[value.kinds]\nproud = 'felt proud'\n";

#[test]
fn the_workbook_reads_back_as_it_is() {
    // ada likes the phone and no hurry, and had both: more than as agreed; late and chased is basic; and
    // what surprised ben is his own word
    let wanted = [
        "m1 2026-01-05 ada bicycle/repair/advice desired facts false - -",
        "m2 2026-01-08 ben bicycle/repair/pick-up basic facts true expected 1",
        "m3 2026-01-09 ben bicycle/repair/pick-up surprising verdict false - -",
    ];
    let made = serveup("init x.xlsx").run();
    for flags in ["", "--strict", "--sheet Interactions", "--timezone Europe/Berlin"] {
        made.then(&format!("rate x.xlsx -f json {flags}")).columns(COLUMNS, &wanted).run();
    }
    made.then("recovery x.xlsx -f json").stdout_has("\"status\": \"bounced\"").run();
}

#[test]
fn the_table_alone_is_the_same_without_what_recipients_prefer() {
    let wanted = [
        "m1 2026-01-05 ada bicycle/repair/advice expected facts false - -",
        "m2 2026-01-08 ben bicycle/repair/pick-up basic facts true expected 1",
        "m3 2026-01-09 ben bicycle/repair/pick-up surprising verdict false - -",
    ];
    let made = serveup("init x.CSV").run();
    made.then("rate --strict x.CSV -f json").columns(COLUMNS, &wanted).run();
    // what they prefer is in the workbook
    let made = made.then("init who.xlsx").run();
    let first = "m1 2026-01-05 ada bicycle/repair/advice desired facts false - -";
    let wanted = [first, wanted[1], wanted[2]];
    made.then("rate --recipients who.xlsx x.CSV -f json").columns(COLUMNS, &wanted).run();
}

#[test]
fn what_office_programs_save_of_it_reads_the_same() {
    let wanted = ["m1 desired", "m2 basic", "m3 surprising", "m4 desired", "m5 desired", "m6 basic"];
    let run = serveup("rate in -f json").file("in", data("filled.ods"));
    run.columns("id level", &wanted).run();
    // what looks like a number was kept as it was typed
    let run = serveup("rate in -f json --since 2026-02-03 --until 2026-02-03").file("in", data("filled.ods"));
    run.columns("id recipient", &["m4 007"]).run();
}

#[test]
fn rules_of_ones_own_are_in_it() {
    let made = serveup("init --levels own.toml x.xlsx").file("own.toml", OWN).run();
    made.then("rate --strict --levels own.toml x.xlsx -f json")
        .columns("level", &["desired", "basic", "surprising"])
        .run();
    let model = Model::with_overlay(OWN).expect("rules");
    let mut book = opened(&template::workbook(&model).expect("a workbook"));
    assert!(column(&mut book, "signals", "signal").contains(&"sticky".to_owned()));
    assert!(column(&mut book, "value", "value").contains(&"proud".to_owned()));
    assert_eq!(column(&mut book, "levels", "label")[1], "minimal");
    assert_eq!(column(&mut book, "signals", "level")[3], "basic (minimal)");
    offers_every_name(&model);
}

#[test]
fn every_name_of_the_rules_can_be_chosen() {
    offers_every_name(&Model::shipped());
}

#[test]
fn every_field_is_a_column_and_explained() {
    let mut book = opened(&template::workbook(&Model::shipped()).expect("a workbook"));
    let header = header(&mut book, "interactions");
    let table = String::from_utf8(template::csv()).expect("text");
    assert_eq!(header.join(","), table.lines().next().expect("a header"));
    let fields: Vec<_> = header.iter().filter_map(|name| name.split('.').next()).collect();
    assert!(Field::ALL.into_iter().all(|field| fields.contains(&field.name())), "{fields:?}");
    let all: Vec<_> = header.into_iter().chain(self::header(&mut book, "recipients")).collect();
    assert_eq!(column(&mut book, "fields", "field"), all);
    assert!(column(&mut book, "fields", "what goes in").iter().all(|means| means.ends_with('.')));
}

#[test]
fn the_same_rules_make_the_same_file() {
    let workbook = || template::workbook(&Model::shipped()).expect("a workbook");
    assert!(workbook() == workbook());
}

#[test]
fn what_does_not_fit_into_a_cell_is_an_error() {
    let mut own = String::from("[[levels]]\nname = 'basic'\nmeans = '");
    writeln!(own, "{}'", "x".repeat(40_000)).expect("text");
    let run = serveup("init --levels own.toml x.xlsx").file("own.toml", own).status(2);
    let ran = run.stderr_has("serveup: the workbook cannot be made: ").run();
    assert_eq!(ran.names(), ["own.toml"]);
}

/// Lists offer every name of the rules, and what is refused is none of them.
fn offers_every_name(model: &Model) {
    let bytes = template::workbook(model).expect("a workbook");
    let mut book = opened(&bytes);
    let columns = header(&mut book, "interactions");
    let lists = validations(&bytes, 1);
    let signals: Vec<_> = model.signals().iter().map(|signal| signal.name.clone()).collect();
    let value: Vec<_> = model.value_names().map(str::to_owned).collect();
    let levels = Level::NAMES.map(str::to_owned).to_vec();
    for (field, mut names, refuses) in [
        ("signals", signals, false),
        ("value", value.clone(), false),
        ("verdict", levels.clone(), true),
        ("claimed", levels, true),
        ("response", Rung::NAMES.map(str::to_owned).to_vec(), true),
    ] {
        let place = columns.iter().position(|name| name == field).expect("a column");
        let list = lists.iter().find(|list| list.starts_with(place)).unwrap_or_else(|| panic!("{field}: no list"));
        assert!(list.attributes.contains(':') && list.attributes.contains("10001\""), "{}", list.attributes);
        assert_eq!(list.attributes.contains("showErrorMessage=\"1\""), refuses, "{field}");
        let mut offered = range(&mut book, &list.formula);
        names.sort();
        offered.sort();
        assert_eq!(offered, names, "{field}: {}", list.formula);
    }
    for (field, names) in [("stage", "beginning,middle,end"), ("relation", "external,internal")] {
        let place = columns.iter().position(|name| name == field).expect("a column");
        let list = lists.iter().find(|list| list.starts_with(place)).expect("a list");
        assert_eq!(list.formula, format!("\"{names}\""));
    }
    assert!(Category::NAMES.iter().all(|name| value.iter().any(|value| value == name)));
}

/// What can be chosen in some cells.
struct Validation {
    attributes: String,
    formula: String,
}

impl Validation {
    /// Whether it is for the column in this place, counted from 0, from the first row below the header.
    fn starts_with(&self, column: usize) -> bool {
        let letter = char::from(b'A' + u8::try_from(column).expect("a letter"));
        self.attributes.contains(&format!("sqref=\"{letter}2:"))
    }
}

/// What can be chosen in the cells of a sheet, counted from 1.
fn validations(workbook: &[u8], sheet: usize) -> Vec<Validation> {
    let mut parts = zip::ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut text = String::new();
    let mut part = parts.by_name(&format!("xl/worksheets/sheet{sheet}.xml")).expect("a sheet");
    part.read_to_string(&mut text).expect("text");
    let validations = text.split("<dataValidation ").skip(1);
    let validation = |text: &str| {
        let (attributes, rest) = text.split_once("><formula1>").expect("a list");
        let formula = rest.split("</formula1>").next().expect("a list").replace("&quot;", "\"");
        Validation { attributes: attributes.to_owned(), formula }
    };
    validations.map(validation).collect()
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn opened(workbook: &[u8]) -> Book {
    Xlsx::new(Cursor::new(workbook.to_owned())).expect("a workbook")
}

/// The rows of a sheet as texts.
fn rows(book: &mut Book, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).expect("a sheet");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

fn header(book: &mut Book, sheet: &str) -> Vec<String> {
    rows(book, sheet).swap_remove(0)
}

/// The cells of a column below its name.
fn column(book: &mut Book, sheet: &str, name: &str) -> Vec<String> {
    let mut rows = rows(book, sheet).into_iter();
    let place = rows.next().expect("a header").iter().position(|column| column == name).expect("a column");
    rows.map(|row| row[place].clone()).collect()
}

/// The cells of a range like `signals!$A$2:$A$9`.
fn range(book: &mut Book, range: &str) -> Vec<String> {
    let (sheet, cells) = range.split_once('!').expect("a sheet");
    let parts: Vec<_> = cells.split(['$', ':']).filter(|part| !part.is_empty()).collect();
    let [column, first, same, last] = parts.as_slice() else { panic!("{range}") };
    assert_eq!(column, same);
    let place = usize::from(column.as_bytes()[0] - b'A');
    let (first, last): (usize, usize) = (first.parse().expect("a row"), last.parse().expect("a row"));
    let rows = rows(book, sheet);
    assert_eq!((first, last), (2, rows.len()), "all rows below the header");
    rows[first - 1..last].iter().map(|row| row[place].clone()).collect()
}
