//! Ratings and reports as bytes: one value, one way of printing per format, into any writer.
//!
//! Machine formats keep raw values. What is for people, [`text`] and the [`page`], is short,
//! harmless and no wider than asked for.

mod bars;
mod cells;
mod document;
mod lines;
mod markdown;
pub mod page;
mod rating;
mod rows;
mod separated;
mod table;
pub mod text;
mod widths;

pub use bars::{points, short_of};
pub use document::{Document, InParts, Listed, document};
pub use rows::{Chunk, Rows};
pub use table::{key_in, path_end};
pub use widths::Widths;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// Tab-separated values, one row a line.
    Tsv,
    /// Comma-separated values.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table in Markdown.
    Md,
}

/// How results are to look.
#[derive(Clone, Copy, Debug)]
pub struct OutputStyle {
    /// The format.
    pub format: Format,
    /// Whether tables and separated values name their columns.
    pub header: bool,
    /// Whether a spreadsheet is to find no formula in tsv and csv.
    pub escape_formulas: bool,
    /// Whether tables are coloured.
    pub color: bool,
    /// How wide tables are, in columns of a terminal.
    pub width: u16,
}
