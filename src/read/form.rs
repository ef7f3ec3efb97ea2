//! What is known of the form of sources beforehand.

use encoding_rs::Encoding;

/// What is known of the form of sources beforehand; all else is told by their content.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The keys that lead to the list of rows in a JSON object, where rows of an export are read.
    pub at: Vec<String>,
    /// What separates the cells of a table.
    pub delimiter: Option<u8>,
    /// The encoding of the texts, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Which sheet of a workbook is read, where it is not the first.
    pub sheet: Option<String>,
    /// How many lines, or rows of a sheet, stand before the header.
    pub skip: u64,
    /// Whether a last line with nothing but a first cell is no row, where rows of an export are read.
    pub trailer: bool,
}

impl Form {
    /// Nothing is known.
    pub const UNKNOWN: Self =
        Self { at: Vec::new(), delimiter: None, encoding: None, sheet: None, skip: 0, trailer: false };
}
