//! One source of records, whatever its format: detected from its content.

use crate::{Field, Found, Interaction, InteractionRef, Reading};

use super::blocks::{Blocks, START};
use super::csv::{self, CsvReader};
use super::error::{Error, ErrorKind, Result};
use super::fast::chunk::Between;
use super::form::Form;
use super::json::{self, JsonReader, Layout, Section};
use super::object::{self, Read};
use super::record_error::{Position, RecordError};
use super::source::Source;

/// A source and how to read its records.
pub(crate) enum Reader {
    Json(JsonReader),
    Csv(CsvReader),
    /// No byte, or only white space.
    Empty(Blocks),
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
    /// Detects the form of a source by its content.
    pub(crate) fn open(source: Source) -> Result<Self> {
        Ok(match Form::of(source)? {
            Form::Empty(blocks) => Self::Empty(blocks),
            Form::List(blocks) => Self::Json(JsonReader::new(blocks, Layout::Array)),
            Form::Objects(mut blocks) => {
                let layout = if is_document(&mut blocks)? { Layout::Document } else { Layout::Lines };
                Self::Json(JsonReader::new(blocks, layout))
            }
            Form::Table(blocks) => match CsvReader::new(blocks)? {
                Ok(reader) => Self::Csv(reader),
                Err(mut blocks) => {
                    if memchr::memmem::find(blocks.peek(START)?, b"\n{").is_none() {
                        return Err(neither(&blocks));
                    }
                    // lines of which the first is broken, as in a file of rejects
                    Self::Json(JsonReader::new(blocks, Layout::Lines))
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

    /// Whether it is a document, which may hold recipients.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self, Self::Json(reader) if reader.layout() == Layout::Document)
    }

    /// Whether a break in the syntax ends with its line.
    pub(crate) fn is_lines(&self) -> bool {
        !matches!(self, Self::Json(reader) if reader.layout() != Layout::Lines)
    }

    /// Whether a document's list has been reached.
    pub(crate) const fn has_seen(&self, section: Section) -> bool {
        matches!(self, Self::Json(reader) if reader.has_seen(section))
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
            Self::Csv(reader) => match reader.next()? {
                csv::Step::Record => Step::Record,
                csv::Step::End => Step::End,
            },
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

    /// Steps behind the current record, if what follows can be cut into pieces: the source, and what
    /// stands between records.
    pub(crate) fn stand_behind(&mut self) -> Option<(&mut Blocks, Between)> {
        match self {
            Self::Json(reader) => {
                let between = reader.stand_behind()?;
                Some((reader.blocks_mut(), between))
            }
            Self::Csv(_) | Self::Empty(_) => None,
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
        memchr::memchr(b'\n', self.blocks().window().get(self.raw().len() + 1..).unwrap_or_default()).is_none()
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

    /// What a row repeats of the current record, which has been checked before.
    pub(crate) fn outline(&self) -> InteractionRef<'_> {
        match self {
            Self::Json(reader) => reader.outline(),
            Self::Csv(reader) => reader.outline(),
            Self::Empty(_) => InteractionRef::default(),
        }
    }

    /// The current recipient, checked.
    pub(crate) fn recipient(&self, reading: &Reading<'_>) -> Result<crate::Recipient, RecordError> {
        match self {
            Self::Json(reader) => reader.recipient(reading),
            Self::Csv(_) | Self::Empty(_) => Err(RecordError::new(self.position(), "recipients stand in JSON")),
        }
    }
}

/// Opens recipients: a JSON array or lines.
pub(crate) fn open_recipients(source: Source) -> Result<JsonReader> {
    match Form::of(source)? {
        Form::List(blocks) => Ok(JsonReader::recipients(blocks, Layout::Array)),
        Form::Objects(blocks) => Ok(JsonReader::recipients(blocks, Layout::Lines)),
        Form::Empty(blocks) => {
            let name = blocks.source.name();
            let message = format!("{name}: no recipients in it; allowed: a JSON array or lines of them");
            Err(Error::new(ErrorKind::Nothing, message))
        }
        Form::Table(blocks) => {
            let name = blocks.source.name();
            let message = format!("{name}:1:1: found no JSON; allowed: a JSON array or lines of recipients");
            Err(Error::new(ErrorKind::Form, message))
        }
    }
}

/// Whether the object at the start of the window is a document: the first known key decides.
fn is_document(blocks: &mut Blocks) -> Result<bool> {
    loop {
        let (decided, whole) = first_telling_key(&blocks.window()[1..]);
        match decided {
            Some(document) => return Ok(document),
            None if whole => return Ok(false),
            None => {
                if !blocks.much_more()? {
                    return Ok(false);
                }
            }
        }
    }
}

/// Walks over the members of an object from behind its brace. Returns what the first key that means
/// anything says, and whether the walk ended for another reason than that the bytes ran out.
fn first_telling_key(bytes: &[u8]) -> (Option<bool>, bool) {
    let mut at = 0;
    let skip = |at: usize, byte: u8| {
        let space = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match bytes.get(at + space) {
            Some(&found) if found == byte => Ok(at + space + 1),
            Some(_) => Err(true),
            None => Err(false),
        }
    };
    loop {
        let mut keys = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter::<String>();
        match keys.next() {
            Some(Ok(key)) => {
                if key == "interactions" || key == "recipients" {
                    return (Some(true), true);
                }
                if Field::named(key.as_bytes()).is_some() {
                    return (Some(false), true);
                }
            }
            Some(Err(error)) => return (None, !error.is_eof()),
            None => return (None, false),
        }
        at += keys.byte_offset();
        at = match skip(at, b':') {
            Ok(at) => at,
            Err(whole) => return (None, whole),
        };
        match object::read_value(&bytes[at..]) {
            Read::Whole(end) => at += end,
            Read::Short(_) => return (None, false),
            Read::Broken(_) => return (None, true),
        }
        at = match skip(at, b',') {
            Ok(at) => at,
            Err(whole) => return (None, whole),
        };
    }
}

fn neither(blocks: &Blocks) -> Error {
    let Position { line, column } = blocks.position();
    let start = String::from_utf8_lossy(&blocks.window()[..blocks.window().len().min(200)]).into_owned();
    let found = Found::text(start.lines().next().unwrap_or_default());
    let name = blocks.source.name();
    Error::new(
        ErrorKind::Form,
        format!(
            "{name}:{line}:{column}: found {found}; allowed: JSON interactions ([…], or {{…}} one a line), or CSV whose header names recipient and point; an export goes through `serveup import` first"
        ),
    )
}
