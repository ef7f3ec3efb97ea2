//! What reading reports beside records. The library prints none of it.

use std::fmt;

use super::record_error::RecordError;
use crate::error::Found;
use crate::record::field::Field;
use crate::wording::count;

/// Receives what reading reports.
pub trait Observer: Send {
    /// Something was rejected.
    fn rejected(&mut self, _: &Rejected<'_>) {}

    /// There is something to be noted.
    fn note(&mut self, _: &Note) {}

    /// How far reading has come: this many bytes of all sources, this many records or rows.
    fn progress(&mut self, _bytes: u64, _things: u64) {}
}

/// Nobody.
impl Observer for () {}

/// A record or row that cannot be taken, where reading goes on.
#[derive(Debug)]
pub struct Rejected<'a> {
    /// What it is: `record`, `row`.
    pub thing: &'static str,
    /// The source it is in.
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
    /// A field that nothing reads, with its count, in a thing such as a record.
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
    /// More of those, with their count, that are not listed.
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
    /// Columns of an export that maps call otherwise than its header does.
    ColumnsRenamed {
        /// The source.
        source: String,
        /// These.
        columns: Vec<ColumnRenamed>,
    },
    /// A map asks for a column that is not there.
    NoColumn {
        /// The source.
        source: String,
        /// What the map asks for.
        name: String,
        /// The column that may be meant.
        nearest: String,
    },
    /// A table without a row.
    HeaderAlone,
    /// Rows in which characters were lost, as in a wrong encoding.
    CharactersLost {
        /// How many rows.
        rows: u64,
    },
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
}

/// A column that maps call otherwise than its header does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRenamed {
    /// Its place in the header, from 1.
    pub number: usize,
    /// What the header calls it; empty where it does not.
    pub written: String,
    /// What maps call it.
    pub name: String,
}

impl fmt::Display for ColumnRenamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, written, name } = self;
        match written.as_str() {
            "" => write!(f, "column {number} has no name; in maps it is {}", Found::text(name)),
            _ => write!(f, "there is a second column {}; in maps it is {}", Found::text(written), Found::text(name)),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { thing, name, times, meant } => {
                write!(f, "unknown field {} in {} is ignored", Found::text(name), count(*times, thing))?;
                match meant {
                    Some(meant) if meant == name.trim_end_matches('.') => {
                        let example = Field::named(meant.as_bytes()).map_or("served.channel", Field::column);
                        write!(f, "; name its columns like {example}")
                    }
                    Some(meant) => write!(f, "; did you mean \"{meant}\"?"),
                    None => Ok(()),
                }
            }
            Self::MoreUnknownFields(times) => {
                write!(f, "other unknown fields are ignored ({})", count(*times, "time"))
            }
            Self::RecoversNothing { count, first: (failure, line) } => {
                let failure = Found::text(failure);
                if *count == 1 {
                    write!(f, "1 record recovers a failure that is not in the input: {failure} on line {line}")
                } else {
                    let first = format!("the first is {failure} on line {line}");
                    write!(f, "{count} records recover failures that are not in the input; {first}")
                }
            }
            Self::Empty(source) => write!(f, "{source}: no records found"),
            Self::ColumnsRenamed { source, columns } => {
                let columns: Vec<_> = columns.iter().map(ToString::to_string).collect();
                write!(f, "{source}: {}", columns.join("; "))
            }
            Self::NoColumn { source, name, nearest } => {
                write!(f, "{source}: there is no column {}; did you mean {}?", Found::text(name), Found::text(nearest))
            }
            Self::HeaderAlone => f.write_str("there is a header, but no row below it"),
            Self::CharactersLost { rows } => {
                let contain = if *rows == 1 { "contains" } else { "contain" };
                let rows = count(*rows, "row");
                write!(f, "{rows} {contain} \u{fffd}, the sign of a lost character; check --encoding")
            }
            Self::HeaderAgain { source, times } => {
                write!(f, "{source}: the header is repeated {}; the repeats are skipped", count(*times, "time"))
            }
            Self::OtherSheets { source, others } => {
                let others: Vec<_> = others.iter().map(|other| Found::text(other).to_string()).collect();
                write!(f, "{source} is the only one read; for another, add --sheet: {}", others.join(", "))
            }
        }
    }
}
