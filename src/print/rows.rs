//! Rows in the machine formats: made in chunks, on any thread, and printed in order.

use std::io::{self, Write};

use serde::Serialize;

use super::cells::Cells;
use super::lines::Lines;
use super::rating::RatingRows;
use super::separated::Separated;
use super::{Format, OutputStyle, Widths, markdown};
use crate::rating::row::Rating;

/// Some rows as bytes, made by the caller that has them.
pub struct Chunk {
    style: OutputStyle,
    cells: Cells,
    bytes: Vec<u8>,
    /// What adds the rows of ratings, once there are any.
    ratings: Option<RatingRows>,
    /// The lines of a table.
    table: Option<Box<Lines>>,
    count: u64,
}

impl Chunk {
    /// No rows yet.
    #[must_use]
    pub fn new(style: OutputStyle) -> Self {
        Self { style, cells: Cells::new(style), bytes: Vec::new(), ratings: None, table: None, count: 0 }
    }

    /// The same for a table of these widths.
    #[must_use]
    pub fn with_widths(self, widths: Option<&Widths>) -> Self {
        let table = widths.map(|widths| Box::new(widths.lines(self.style)));
        Self { table, ..self }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A value that has no form as a row.
    pub fn row<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        self.count += 1;
        match self.style.format {
            Format::Json => {
                self.bytes.extend_from_slice(NEXT);
                serde_json::to_writer(&mut self.bytes, row)?;
            }
            Format::Jsonl => {
                serde_json::to_writer(&mut self.bytes, row)?;
                self.bytes.push(b'\n');
            }
            Format::Md => {
                self.cells.fill(row).map_err(io::Error::other)?;
                markdown::line(&mut self.bytes, self.cells.iter());
            }
            Format::Tsv | Format::Csv | Format::Table => {
                self.cells.fill(row).map_err(io::Error::other)?;
                match &mut self.table {
                    Some(lines) => lines.row(self.cells.iter().map(String::from_utf8_lossy)),
                    None => separated(self.style).line(&mut self.bytes, self.cells.iter()),
                }
            }
        }
        Ok(())
    }

    /// Adds the row of a rating; `plain` says that no text of its record holds a quote, a backslash or a control
    /// character. The same as [`Chunk::row`], but faster.
    ///
    /// # Errors
    /// As [`Chunk::row`].
    pub fn rating(&mut self, rating: &Rating<'_>, plain: bool) -> io::Result<()> {
        if self.ratings.is_none() {
            self.ratings = RatingRows::new(self.style);
        } else if self.count == 1 {
            // more than one come together
            self.bytes.reserve(if rating.details.is_some() { 4 * ROOM } else { ROOM });
        }
        let Self { style, bytes, ratings: Some(ratings), count, .. } = self else { return self.row(rating) };
        if style.format == Format::Json {
            bytes.extend_from_slice(NEXT);
        }
        ratings.add(bytes, rating, plain)?;
        if style.format != Format::Json {
            bytes.push(b'\n');
        }
        *count += 1;
        Ok(())
    }

    /// The bytes of the rows; `first` says that no row has been printed before.
    fn into_bytes(mut self, first: bool) -> Vec<u8> {
        if let Some(lines) = self.table {
            return lines.into_text().into_bytes();
        }
        // in json each row begins with what ends the one before
        if first && self.style.format == Format::Json && self.count > 0 {
            self.bytes[..FIRST.len()].copy_from_slice(FIRST);
        }
        self.bytes
    }
}

/// How many bytes rows of ratings that are made together usually take; where they are explained, four times as many.
const ROOM: usize = 1 << 17;

/// What comes before the first row of a json list.
const FIRST: &[u8; 2] = b"[\n";

/// What comes before any other.
const NEXT: &[u8; 2] = b",\n";

/// Rows in a machine format, one after the other.
pub struct Rows<W: Write> {
    style: OutputStyle,
    widths: Option<Widths>,
    to: W,
    count: u64,
}

impl<W: Write> Rows<W> {
    /// Prints rows in a format other than [`Format::Table`], which needs widths.
    pub const fn new(style: OutputStyle, to: W) -> Self {
        Self { style, widths: None, to, count: 0 }
    }

    /// The same for a table of these widths.
    #[must_use]
    pub fn with_widths(self, widths: Option<Widths>) -> Self {
        Self { widths, ..self }
    }

    /// Where they are printed to.
    pub const fn get_ref(&self) -> &W {
        &self.to
    }

    /// The same, to be changed.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.to
    }

    /// How many rows have been printed.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Prints rows that were made elsewhere. `sample` shows the columns.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn append<T: Serialize>(&mut self, chunk: Chunk, sample: &T) -> io::Result<()> {
        if chunk.count == 0 {
            return Ok(());
        }
        if self.count == 0 {
            self.open(sample)?;
        }
        let count = chunk.count;
        self.to.write_all(&chunk.into_bytes(self.count == 0))?;
        self.count += count;
        Ok(())
    }

    /// Prints the line of column names, where the format has one.
    fn open<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        // without a line of names there is no table in Markdown
        let header = self.style.header || self.style.format == Format::Md;
        if !header || matches!(self.style.format, Format::Json | Format::Jsonl) {
            return Ok(());
        }
        let names = Cells::names(row).map_err(io::Error::other)?;
        let mut heading = Vec::new();
        if self.style.format == Format::Md {
            markdown::line(&mut heading, names.iter().map(String::as_bytes));
            markdown::rule(&mut heading, names.len());
        } else if let Some(widths) = &self.widths {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            heading = widths.lines(self.style).heading(&names).into_text().into_bytes();
        } else {
            separated(self.style).line(&mut heading, names.iter().map(String::as_bytes));
        }
        self.to.write_all(&heading)
    }

    /// Completes what is printed, and gives the writer back. `sample` shows the columns where there was no row.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn close<T: Serialize>(mut self, sample: &T) -> io::Result<W> {
        if self.count == 0 {
            self.open(sample)?;
        }
        if self.style.format == Format::Json {
            self.to.write_all(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(self.to)
    }
}

/// How the lines of a style are separated; a table without widths has those of tsv.
fn separated(style: OutputStyle) -> Separated {
    Separated::of(style.format).unwrap_or(Separated::Tsv)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;
    use crate::rating::escalator::{Assessment, Reason};
    use crate::rating::row::Details;
    use crate::record::interaction::InteractionRef;
    use crate::{Category, Level, Model};

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![3 => "[a-z0-9:/ é日-]{0,40}", 1 => "[=+@a-c ,;'\"\\\\/\t\r\n\u{0}\u{1f}\u{7f}\u{85}\u{2028}é-]{0,20}"]
    }

    /// Few, so that there are many ratings that differ in one of them only.
    fn levels() -> impl Strategy<Value = Option<Level>> {
        prop_oneof![
            8 => Just(Some(Level::BASELINE)),
            1 => Just(None),
            1 => select(&Level::ALL[..]).prop_map(Some),
        ]
    }

    fn explanations() -> impl Strategy<Value = Details> {
        let values = option::of(subsequence(Category::NAMES.to_vec(), 0..=4));
        let near_misses = option::of(texts());
        let why = vec(texts(), 0..6);
        (values, near_misses, why).prop_map(|(value, near_miss, why)| Details { value, near_miss, why })
    }

    fn ratings() -> impl Strategy<Value = Rating<'static>> {
        let outlines = (option::of(texts()), option::of(texts()), option::of(texts()), texts(), option::of(texts()));
        let reasons =
            [Reason::Verdict, Reason::Lapse, Reason::Market, Reason::Repeat, Reason::Facts, Reason::Unremarked];
        let levels = (levels(), levels(), levels(), levels(), levels(), levels());
        let reason = prop_oneof![4 => Just(Reason::Facts), 1 => select(reasons.to_vec())];
        let ruled = (levels, reason, proptest::bool::weighted(0.2));
        let blank = Rating::blank(&Model::shipped(), false).assessment;
        (outlines, ruled, option::of(explanations())).prop_map(move |(outline, (levels, reason, failure), details)| {
            let ((id, at, recipient, point, action), (level, assessed, evidence, standing, next, claimed)) =
                (outline, levels);
            let owned = |text: Option<String>| text.map(Cow::Owned);
            let (id, at, recipient, action) = (owned(id), owned(at), owned(recipient), owned(action));
            let outline = InteractionRef { id, at, recipient, point: Cow::Owned(point), action, claimed };
            let or_baseline = |level: Option<Level>| level.unwrap_or(Level::BASELINE);
            let (level, assessed, evidence) = (or_baseline(level), or_baseline(assessed), or_baseline(evidence));
            let assessment = Assessment { level, assessed, evidence, standing, next, reason, failure, ..blank };
            Rating { outline, assessment, details }
        })
    }

    fn is_plain(outline: &InteractionRef<'_>) -> bool {
        let InteractionRef { id, at, recipient, point, action, .. } = outline;
        let mut texts = [id, at, recipient, action].into_iter().flatten().chain([point]);
        texts.all(|text| !text.chars().any(|char| char.is_control() || matches!(char, '"' | '\\')))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_row_is_the_row(ratings in vec(ratings(), 1..40), escape_formulas in any::<bool>()) {
            for format in [Format::Tsv, Format::Csv, Format::Json, Format::Jsonl, Format::Md] {
                let style = OutputStyle { format, header: true, escape_formulas, color: false, width: 80 };
                let (mut fast, mut full) = (Chunk::new(style), Chunk::new(style));
                // twice, so that all that is repeated was written before
                for rating in ratings.iter().chain(&ratings) {
                    fast.rating(rating, is_plain(&rating.outline))?;
                    full.row(rating)?;
                    prop_assert_eq!(String::from_utf8_lossy(&fast.bytes), String::from_utf8_lossy(&full.bytes));
                }
                prop_assert_eq!(fast.count, full.count);
            }
        }
    }
}
