//! Tables to fill in: the fields of an interaction as columns, with three examples.
//!
//! A [`workbook`] also has lists to choose names from, a sheet for the people served, and sheets
//! that explain levels, signals, value and fields under the rules given; [`csv()`] is the table alone.
//! Both can be read as they are.
//!
//! ```
//! let table = String::from_utf8(serveup::template::csv())?;
//! assert!(table.starts_with("at,recipient,point,"));
//! assert_eq!(table.lines().count(), 4);
//!
//! let workbook = serveup::template::workbook(&serveup::Model::shipped())?;
//! assert!(workbook.starts_with(b"PK"), "a workbook is a zip archive");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod explained;
mod filled;
mod style;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::rules::Model;
use columns::{INTERACTION, RECIPIENT};
use explained::Lists;
use filled::Filled;
use style::Style;

/// Why a workbook cannot be made, such as a text in the rules that is too long for a cell.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be made: {0}")]
pub struct Error(#[from] XlsxError);

/// The table of interactions as CSV, with three examples.
#[must_use]
pub fn csv() -> Vec<u8> {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    let names = INTERACTION.map(|column| column.name);
    let rows = (0..INTERACTION[0].examples.len()).map(|row| INTERACTION.map(|column| column.examples[row]));
    for row in std::iter::once(names).chain(rows) {
        let written = table.write_record(row);
        debug_assert!(written.is_ok(), "memory takes what is written, and rows are as long as their header");
    }
    table.into_inner().unwrap_or_default()
}

/// The workbook for a model as an `.xlsx` file: the names that its lists offer and explain are those of the model.
///
/// # Errors
/// What a workbook cannot hold: a label or an explanation of more than 32,767 characters.
pub fn workbook(model: &Model) -> Result<Vec<u8>, Error> {
    let (mut book, style) = (Workbook::new(), Style::new());
    // the same rules make the same file, whenever it is made
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("Interactions to rate").set_creation_datetime(&made));
    let explained = explained::sheets(model);
    let lists = Lists::of(&explained);
    filled::write(book.add_worksheet(), &Filled::INTERACTIONS, &INTERACTION, &lists, &style)?;
    filled::write(book.add_worksheet(), &Filled::RECIPIENTS, &RECIPIENT, &lists, &style)?;
    explained::write(&mut book, &explained, &style)?;
    Ok(book.save_to_buffer()?)
}
