//! What is known of the people served, from a source of its own or from documents.

use super::error::{Error, ErrorKind, Result};
use super::json::{Section, Step as JsonStep};
use super::reader::{Reader, Step, open_recipients};
use super::record_error::RecordError;
use super::source::Source;
use super::unknown::Unknown;
use crate::rating::assessor::Recipients;
use crate::record::draft::{Reading, RecipientDraft};

/// Reads a source of recipients.
pub(super) fn read_recipients(
    source: Source,
    reading: &Reading<'_>,
    strict: bool,
    known: &mut Recipients,
    unknown: &mut Unknown,
) -> Result<()> {
    let mut reader = open_recipients(source)?;
    let mut number = 0;
    loop {
        let fault = match reader.next()? {
            JsonStep::End => return Ok(()),
            JsonStep::UnknownKey(..) => continue,
            JsonStep::Record(_) => {
                number += 1;
                let place = reader.position();
                reader.unknown_fields().for_each(|name| unknown.take(name));
                let odd = reader.unknown_fields().next().filter(|_| strict);
                let odd = odd.map(|name| RecordError::of(&Unknown::problem(name, &RecipientDraft::KEYS), place));
                let added = odd.map_or_else(|| reader.recipient(reading), Err);
                match added
                    .and_then(|recipient| known.add(recipient).map_err(|problem| RecordError::of(&problem, place)))
                {
                    Ok(()) => continue,
                    Err(fault) => fault,
                }
            }
            JsonStep::RecordError(fault) | JsonStep::Broken(fault) => {
                number += 1;
                fault
            }
        };
        return Err(wrong(&fault, reader.blocks().source.name(), number));
    }
}

fn wrong(fault: &RecordError, name: &str, number: u64) -> Error {
    Error::of_numbered(ErrorKind::Recipient, fault, name, "recipient", number)
}

/// Reads the recipients of a document, wherever they are in it. Breaks in the syntax are left for
/// the reading of the records to report.
pub(super) fn recipients_of(reader: &mut Reader, reading: &Reading<'_>, known: &mut Recipients) -> Result<()> {
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
            Step::Record if reader.has_seen(Section::Recipients) => return Ok(()),
            Step::Record | Step::RecordError(_) | Step::UnknownKey(..) => {}
            Step::Broken(_) | Step::End => return Ok(()),
        }
    }
}
