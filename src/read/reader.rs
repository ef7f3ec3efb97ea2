//! One source of records, whatever its format: detected from its content.

use crate::{Found, Interaction, Reading};

use super::blocks::{Blocks, START};
use super::content::Content;
use super::csv::CsvReader;
use super::error::{Error, ErrorKind, Result};
use super::event::Note;
use super::fast::objects::Between;
use super::fast::table::Table;
use super::foreign;
use super::form::Form;
use super::json::{self, JsonReader, Layout, Section};
use super::record_error::{Position, RecordError};
use super::source::Source;

/// A source and how to read its records.
pub(crate) enum Reader {
    Json(Box<JsonReader>),
    Csv(Box<CsvReader>),
    /// No byte, or only white space.
    Empty(Box<Blocks>),
}

/// How the records that follow are written.
pub(crate) enum Ahead<'r> {
    Objects(Between),
    Rows(Table<'r>),
}

/// What a reader came upon.
pub(crate) enum Step {
    Record,
    Recipient,
    RecordError(RecordError),
    Broken(RecordError),
    UnknownKey(String, Position),
    End,
}

impl Reader {
    /// Tells the form of a source by its content, and by what is known of it beforehand.
    pub(crate) fn open(source: Source, form: &Form) -> Result<Self> {
        Ok(match Content::of(source, form)? {
            Content::Empty(blocks) => Self::Empty(Box::new(blocks)),
            Content::List(blocks) | Content::Object(blocks) => Self::Json(Box::new(JsonReader::new(blocks))),
            Content::Table(blocks, delimiter) => match CsvReader::new(blocks, delimiter)? {
                Ok(reader) => Self::Csv(Box::new(reader)),
                Err(mut blocks) => {
                    if let Some(what) = foreign::of_table(blocks.peek_lines(2, 64)?) {
                        return Err(Error::new(ErrorKind::Form, format!("{}: {what}", blocks.source.name())));
                    }
                    if let Some(below) = CsvReader::header_below(&mut blocks, delimiter)? {
                        return Err(title(&mut blocks, below));
                    }
                    if blocks.source.grid().is_some() || memchr::memmem::find(blocks.peek(START)?, b"\n{").is_none() {
                        return Err(neither(&mut blocks, form)?);
                    }
                    // lines of which the first is broken, as in a file of rejects
                    Self::Json(Box::new(JsonReader::new(blocks)))
                }
            },
        })
    }

    pub(crate) const fn blocks(&self) -> &Blocks {
        match self {
            Self::Json(reader) => reader.blocks(),
            Self::Csv(reader) => reader.sheet().blocks(),
            Self::Empty(blocks) => blocks,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.blocks().source.name()
    }

    /// Whether it begins with a document, which may hold recipients.
    pub(crate) fn is_at_document(&mut self) -> Result<bool> {
        match self {
            Self::Json(reader) => reader.is_at_document(),
            Self::Csv(_) | Self::Empty(_) => Ok(false),
        }
    }

    /// The same of the recipients in documents alone.
    pub(crate) fn only_recipients(self) -> Self {
        match self {
            Self::Json(reader) => Self::Json(Box::new(reader.only_recipients())),
            other => other,
        }
    }

    /// Whether a break in the syntax ends with its line.
    pub(crate) fn is_lines(&self) -> bool {
        !matches!(self, Self::Json(reader) if reader.layout() != Layout::Lines)
    }

    /// What is to be noted of a table once it has been read.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Note> {
        let again = match self {
            Self::Csv(reader) => reader.sheet().headers_again(),
            Self::Json(_) | Self::Empty(_) => 0,
        };
        table_notes(&self.blocks().source, again)
    }

    /// Goes to the next record.
    pub(crate) fn next(&mut self) -> Result<Step> {
        Ok(match self {
            Self::Json(reader) => match reader.next()? {
                json::Step::Record(Section::Interactions | Section::Rows) => Step::Record,
                json::Step::Record(Section::Recipients) => Step::Recipient,
                json::Step::RecordError(fault) => Step::RecordError(fault),
                json::Step::Broken(fault) => Step::Broken(fault),
                json::Step::UnknownKey(key, place) => Step::UnknownKey(key, place),
                json::Step::End => Step::End,
            },
            Self::Csv(reader) => {
                if reader.next()? {
                    Step::Record
                } else {
                    Step::End
                }
            }
            Self::Empty(_) => Step::End,
        })
    }

    /// Steps over what is broken and returns it: up to the next line of an object in lines, else
    /// the rest of the file.
    pub(crate) fn skip_broken(&mut self, piece: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match self {
            Self::Json(reader) => reader.skip_broken(piece),
            Self::Csv(_) | Self::Empty(_) => Ok(()),
        }
    }

    /// Steps behind the current record, if what follows can be cut into chunks: the source, and how the records in
    /// them are written.
    pub(crate) fn stand_behind(&mut self) -> Option<(&mut Blocks, Ahead<'_>)> {
        match self {
            Self::Json(reader) => {
                let between = reader.stand_behind()?;
                Some((reader.blocks_mut(), Ahead::Objects(between)))
            }
            Self::Csv(reader) => reader.stand_behind().map(|(blocks, table)| (blocks, Ahead::Rows(table))),
            Self::Empty(_) => None,
        }
    }

    /// How many bytes there are, where that is known beforehand.
    pub(crate) const fn size(&self) -> Option<u64> {
        self.blocks().source.size()
    }

    /// How far into the source the current record starts, or as far as the next one is looked for.
    pub(crate) const fn offset(&self) -> u64 {
        self.blocks().offset()
    }

    /// Where the current record starts.
    pub(crate) fn position(&self) -> Position {
        match self {
            Self::Csv(reader) => reader.sheet().position(),
            other => other.blocks().position(),
        }
    }

    /// The line the current record starts in, faster than its place.
    pub(crate) fn line(&self) -> u64 {
        match self {
            Self::Csv(reader) => reader.sheet().position().line,
            other => other.blocks().line(),
        }
    }

    /// The bytes of the current record.
    pub(crate) fn raw(&self) -> &[u8] {
        match self {
            Self::Json(reader) => reader.raw(),
            Self::Csv(reader) => reader.sheet().raw(),
            Self::Empty(_) => &[],
        }
    }

    /// Whether no whole line is available behind the current record.
    pub(crate) fn last_at_hand(&self) -> bool {
        self.blocks().last_at_hand(self.raw().len())
    }

    /// The header of a CSV file.
    pub(crate) fn header(&self) -> Option<&[u8]> {
        match self {
            Self::Csv(reader) => Some(reader.sheet().header()),
            _ => None,
        }
    }

    /// A fault of the whole file: of a CSV header.
    pub(crate) fn header_fault(&self) -> Option<RecordError> {
        match self {
            Self::Csv(reader) => reader.header_fault(),
            _ => None,
        }
    }

    /// Calls `each` with every field of the current record that is unknown here.
    pub(crate) fn unknown_fields(&self, each: impl FnMut(&str)) {
        match self {
            Self::Json(reader) => reader.unknown_fields().for_each(each),
            Self::Csv(reader) => reader.unknown_fields().for_each(each),
            Self::Empty(_) => {}
        }
    }

    /// The current record, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        match self {
            Self::Json(reader) => reader.interaction(reading),
            Self::Csv(reader) => reader.interaction(reading),
            Self::Empty(blocks) => Err(RecordError::new(blocks.position(), "no records")),
        }
    }

    /// The current recipient, checked.
    pub(crate) fn recipient(&self, reading: &Reading<'_>) -> Result<crate::Recipient, RecordError> {
        match self {
            Self::Json(reader) => reader.recipient(reading),
            Self::Csv(_) | Self::Empty(_) => Err(RecordError::new(self.position(), "recipients are read from JSON")),
        }
    }
}

/// What is to be noted of a table, whose header came again so many times.
pub(crate) fn table_notes(source: &Source, headers_again: u64) -> impl Iterator<Item = Note> + use<> {
    let others = source.grid().map(|grid| grid.others()).filter(|others| !others.is_empty());
    let others = others.map(|others| Note::OtherSheets { source: source.name().to_owned(), others: others.to_vec() });
    let again =
        (headers_again > 0).then(|| Note::HeaderAgain { source: source.name().to_owned(), times: headers_again });
    others.into_iter().chain(again)
}

/// Something stands above the header, which is in this line or row.
pub(crate) fn title(blocks: &mut Blocks, header: u64) -> Error {
    let (place, is_sheet) = (blocks.top(), blocks.source.grid().is_some());
    let row = if is_sheet { "row" } else { "line" };
    let found =
        blocks.peek_lines(1, 200).map(|line| String::from_utf8_lossy(line).trim().to_owned()).unwrap_or_default();
    let found = Found::text(if is_sheet { found.trim_matches(',') } else { &found });
    let message = format!(
        "{}: {found} looks like a title, the header is in {row} {header}; add --skip {}",
        place.in_source(blocks.source.name()),
        header - 1
    );
    Error::new(ErrorKind::Form, message)
}

/// What is neither JSON nor a table of records, and what it may be.
fn neither(blocks: &mut Blocks, form: &Form) -> Result<Error> {
    let (place, is_sheet) = (blocks.top(), blocks.source.grid().is_some());
    let start = String::from_utf8_lossy(&blocks.window()[..blocks.window().len().min(200)]).into_owned();
    let found = Found::text(start.lines().next().unwrap_or_default());
    let advice = match form.encoding.filter(|_| !is_sheet) {
        Some(encoding) => Some(format!("if it is not in {}, leave --encoding out or change it", encoding.name())),
        None => CsvReader::advice(blocks, form.delimiter)?.map(str::to_owned),
    };
    let mut wrong = if is_sheet {
        format!("{found} is not a header with recipient and point")
    } else {
        format!("{found} is neither JSON nor a header with recipient and point")
    };
    if let Some(others) = blocks.source.grid().map(|grid| grid.others()).filter(|others| !others.is_empty()) {
        let others: Vec<_> = others.iter().map(|other| Found::text(other).to_string()).collect();
        wrong = format!("{wrong}; name another sheet with --sheet ({})", others.join(", "));
    }
    let advice = advice.as_deref().unwrap_or("to read an export, add --from, --map or --jq");
    let place = place.in_source(blocks.source.name());
    Ok(Error::new(ErrorKind::Form, format!("{place}: {wrong}; {advice}")))
}
