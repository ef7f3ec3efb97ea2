//! What is known of the people served, from a source of its own or from documents.

use super::advice::Place;
use super::content::Content;
use super::error::{Error, ErrorKind, Result};
use super::event::Observer;
use super::form::Form;
use super::json::{JsonReader, Section, Step as JsonStep};
use super::options::Options;
use super::reader::{Reader, Step};
use super::record_error::{Position, RecordError};
use super::sheet::Sheet;
use super::source::Source;
use super::unknown::Unknown;
use super::workbook::Wanted;
use crate::Recipient;
use crate::error::{Found, Problem};
use crate::rating::recipients::Recipients;
use crate::record::draft::{Reading, RecipientDraft};

/// Reads a source of recipients, in any form; `observer` receives notes.
///
/// # Errors
/// What cannot be read, and the first that is no recipient.
pub fn recipients(source: Source, options: &Options<'_>, observer: &mut dyn Observer) -> Result<Recipients> {
    let (mut known, mut unknown) = (Recipients::default(), Unknown::of("recipient", RecipientDraft::KEYS));
    read_recipients(open_recipients(source, options)?, options, &mut known, &mut unknown)?;
    unknown.tell(observer);
    Ok(known)
}

/// Opens a source of recipients: of a workbook the sheet that has them.
pub(super) fn open_recipients(source: Source, options: &Options<'_>) -> Result<Source> {
    source.opened_for(&form(options), Wanted::Recipients)
}

/// What is known of the form of recipients: the flags that say more are about records.
fn form(options: &Options<'_>) -> Form {
    Form { encoding: options.form.encoding, ..Form::UNKNOWN }
}

/// Reads a source of recipients, which has been opened.
pub(super) fn read_recipients(
    source: Source,
    options: &Options<'_>,
    known: &mut Recipients,
    unknown: &mut Unknown,
) -> Result<()> {
    let (reading, strict) = (&options.reading, options.strict);
    let name = source.name().to_owned();
    let mut number = 0;
    let mut take = |place: Position, recipient: Result<Recipient, RecordError>, odd: Vec<&str>| {
        number += 1;
        for name in &odd {
            unknown.take(name);
        }
        let odd = odd.first().filter(|_| strict).map(|name| RecordError::of(&unknown.problem(name), place));
        let added = odd
            .map_or(recipient, Err)
            .and_then(|recipient| known.add(recipient).map_err(|problem| RecordError::of(&problem, place)));
        added.map_err(|fault| wrong(&fault, &name, number))
    };
    match Content::of(source, &form(options))? {
        Content::List(blocks) | Content::Object(blocks) => {
            let mut reader = JsonReader::recipients(blocks);
            loop {
                let place = match reader.next()? {
                    JsonStep::End => return Ok(()),
                    // in a document
                    JsonStep::UnknownKey(..) | JsonStep::Record(Section::Interactions) => continue,
                    JsonStep::Record(_) => reader.position(),
                    JsonStep::RecordError(fault) | JsonStep::Broken(fault) => {
                        return take(fault.place, Err(fault), Vec::new());
                    }
                };
                take(place, reader.recipient(reading), reader.unknown_fields().collect())?;
            }
        }
        Content::Empty(blocks) => {
            let message = format!("{}: no recipients found", blocks.source.name());
            Err(Error::new(ErrorKind::Nothing, message))
        }
        Content::Table(blocks, delimiter) => {
            let mut table = Table::open(blocks, delimiter)?;
            while table.sheet.next()? {
                take(table.sheet.position(), table.recipient(reading), table.unknown().collect())?;
            }
            Ok(())
        }
    }
}

fn wrong(fault: &RecordError, name: &str, number: u64) -> Error {
    Error::of_numbered(ErrorKind::Recipient, fault, name, "recipient", number)
}

/// Reads the recipients of documents, wherever in them they stand. Breaks in the syntax are left
/// for the reading of the records to report.
pub(super) fn recipients_of(mut reader: Reader, reading: &Reading<'_>, known: &mut Recipients) -> Result<()> {
    let mut number = 0;
    loop {
        match reader.next()? {
            Step::Recipient => {
                number += 1;
                let added = reader.recipient(reading).and_then(|recipient| {
                    known.add(recipient).map_err(|problem| RecordError::of(&problem, reader.position()))
                });
                added.map_err(|fault| wrong(&fault, reader.name(), number))?;
            }
            Step::Broken(_) => reader.skip_broken(|_| Ok(()))?,
            Step::Record | Step::RecordError(_) | Step::UnknownKey(..) => {}
            Step::End => return Ok(()),
        }
    }
}

/// Recipients as rows under a header of their keys; `prefers.channel` and the like are columns of their own.
struct Table {
    sheet: Sheet,
    columns: Vec<Column>,
}

enum Column {
    Key(&'static str),
    Prefers(String),
    Unknown(String),
}

impl Column {
    fn named(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        match (RecipientDraft::KEYS.into_iter().find(|key| *key == lower && *key != "prefers"), name.get(8..)) {
            (Some(key), _) => Self::Key(key),
            (None, Some(key)) if lower.starts_with("prefers.") && !key.is_empty() => Self::Prefers(key.to_owned()),
            _ => Self::Unknown(name.to_owned()),
        }
    }
}

impl Table {
    fn open(mut blocks: super::Blocks, delimiter: Option<u8>) -> Result<Self> {
        for delimiter in super::csv::tried(delimiter) {
            let names = Sheet::header_of(&mut blocks, delimiter)?;
            if names.iter().any(|name| name.eq_ignore_ascii_case("id")) {
                let sheet = Sheet::new(blocks, delimiter)?;
                let columns = sheet.names().iter().map(|name| Column::named(name)).collect();
                if let Some(fault) = sheet.header_fault() {
                    return Err(Error::of(ErrorKind::Header, &fault, "header", sheet.blocks().source.name()));
                }
                return Ok(Self { sheet, columns });
            }
        }
        let place = blocks.top();
        let found = Found::text(String::from_utf8_lossy(blocks.peek_lines(1, 200)?).trim());
        let message = if blocks.source.grid().is_some() {
            format!(
                "{found} is not a header with the column id; add it, or rename the sheet if it holds something else"
            )
        } else {
            format!(
                "{found} is neither JSON nor a header with the column id; write recipients as JSON, or add that column"
            )
        };
        Err(Error::new(ErrorKind::Form, format!("{}: {message}", place.in_source(blocks.source.name()))))
    }

    /// Names of columns that mean nothing here.
    fn unknown(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|column| match column {
            Column::Unknown(name) if !name.is_empty() => Some(name.as_str()),
            _ => None,
        })
    }

    fn recipient(&self, reading: &Reading<'_>) -> Result<Recipient, RecordError> {
        if let Some(fault) = self.sheet.fault() {
            return Err(fault);
        }
        let mut draft = RecipientDraft::default();
        for (index, column) in self.columns.iter().enumerate() {
            let put = |draft: &mut RecipientDraft, cell: &str| -> Result<(), Problem> {
                match column {
                    Column::Key("id") => draft.id(cell),
                    Column::Key("name") => {
                        draft.name(cell);
                        Ok(())
                    }
                    Column::Key("since") => draft.since(reading, cell),
                    Column::Key("worth") => draft.worth(cell),
                    Column::Key(_) => crate::record::row::items(cell)
                        .enumerate()
                        .try_for_each(|(place, name)| draft.values(reading.model, place, name))
                        .map_err(|problem| Place::Cell.advise(problem)),
                    Column::Prefers(key) => {
                        draft.prefers_key(key)?;
                        crate::record::row::items(cell).try_for_each(|wanted| draft.prefers(key, wanted))
                    }
                    Column::Unknown(_) => Ok(()),
                }
            };
            let cell = match column {
                Column::Unknown(_) => self.sheet.utf8(index),
                _ => self.sheet.text(index),
            }?;
            put(&mut draft, cell).map_err(|problem| RecordError::of(&problem, self.sheet.position_of_cell(index)))?;
        }
        draft.finish().map_err(|problem| RecordError::of(&problem, self.sheet.position()))
    }
}
