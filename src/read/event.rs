//! What is only to be told while records are read: nothing here is printed by the library.

use std::fmt;

use super::record_error::RecordError;
use crate::error::Found;
use crate::wording::count;

/// Who is told.
pub trait Observer: Send {
    /// Something was rejected.
    fn rejected(&mut self, _: &Rejected<'_>) {}

    /// There is something to be noted.
    fn note(&mut self, _: &Note) {}

    /// How far reading has come: so many bytes of all sources, so many records or rows.
    fn progress(&mut self, _bytes: u64, _things: u64) {}
}

/// Nobody.
impl Observer for () {}

/// A record or row that cannot be taken, where reading goes on.
#[derive(Debug)]
pub struct Rejected<'a> {
    /// What it is: `record`, `row`.
    pub thing: &'static str,
    /// The source it stands in.
    pub source: &'a str,
    /// Its number there, from 1.
    pub number: u64,
    /// What is wrong, and where.
    pub fault: &'a RecordError,
}

impl fmt::Display for Rejected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault.describe(self.source, self.thing, self.number))
    }
}

/// Something to be noted that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A field that nothing reads, so many times in a thing such as a record.
    UnknownField {
        /// What has it.
        thing: &'static str,
        /// Its name.
        name: String,
        /// How often.
        times: u64,
        /// The field that was nearly meant, if one is near.
        meant: Option<String>,
    },
    /// More of those, so many times, that are not listed.
    MoreUnknownFields(u64),
    /// Recoveries of failures that are not in the input.
    RecoversNothing {
        /// How many.
        count: usize,
        /// The first failure named, and the line of the record that names it.
        first: (String, u64),
    },
    /// A source with no records in it.
    Empty(String),
    /// A table whose header came again, as where files were joined.
    HeaderAgain {
        /// The source.
        source: String,
        /// How often.
        times: u64,
    },
    /// A sheet of a workbook was read that has others.
    OtherSheets {
        /// The source, with its sheet.
        source: String,
        /// The names of the others.
        others: Vec<String>,
    },
    /// Something about the rows of an export, in words.
    Rows(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { thing, name, times, meant } => {
                let has = if *times == 1 { "has" } else { "have" };
                write!(f, "{} {has} an unknown field {}; ", count(*times, thing), Found::text(name))?;
                if let Some(meant) = meant {
                    write!(f, "did you mean \"{meant}\"? ")?;
                }
                f.write_str("nothing reads it")
            }
            Self::MoreUnknownFields(times) => {
                write!(f, "more unknown fields, {}, are not listed", count(*times, "time"))
            }
            Self::RecoversNothing { count, first: (failure, line) } => {
                let records = if *count == 1 {
                    "1 record recovers a failure that is".to_owned()
                } else {
                    format!("{count} records recover failures that are")
                };
                write!(f, "{records} not in the input, first {} on line {line}", Found::text(failure))
            }
            Self::Empty(source) => write!(f, "{source}: holds no records"),
            Self::HeaderAgain { source, times } => {
                write!(f, "{source}: the header comes again, {}; skipped", count(*times, "time"))
            }
            Self::OtherSheets { source, others } => {
                let others: Vec<_> = others.iter().map(|other| Found::text(other).to_string()).collect();
                write!(f, "{source} is read alone; --sheet reads another: {}", others.join(", "))
            }
            Self::Rows(words) => f.write_str(words),
        }
    }
}
