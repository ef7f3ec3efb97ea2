//! What is known of the people served, from a file of its own or from documents.

use std::path::Path;

use anyhow::{Result, anyhow};
use serveup::{Reading, RecipientDraft, Recipients};

use super::json::{Section, Step as JsonStep};
use super::place::Fault;
use super::reader::{Reader, Step, open_recipients};
use super::unknown::Unknown;

/// Reads a file of recipients.
pub(super) fn read_recipients(
    path: &Path,
    reading: &Reading<'_>,
    strict: bool,
    known: &mut Recipients,
    unknown: &mut Unknown,
) -> Result<()> {
    let mut reader = open_recipients(path)?;
    let mut number = 0;
    loop {
        let fault = match reader.next()? {
            JsonStep::End => return Ok(()),
            JsonStep::UnknownKey(..) => continue,
            JsonStep::Record(_) => {
                number += 1;
                let place = reader.place();
                reader.unknown_fields().for_each(|name| unknown.take(name));
                let odd = reader.unknown_fields().next().filter(|_| strict);
                let odd = odd.map(|name| Fault::of(&Unknown::problem(name, &RecipientDraft::KEYS), place));
                let added = odd.map_or_else(|| reader.recipient(reading), Err);
                match added.and_then(|recipient| known.add(recipient).map_err(|problem| Fault::of(&problem, place))) {
                    Ok(()) => continue,
                    Err(fault) => fault,
                }
            }
            JsonStep::Fault(fault) | JsonStep::Broken(fault) => {
                number += 1;
                fault
            }
        };
        let name = reader.blocks().source.name().to_owned();
        return Err(recipient_fault(&fault, &name, number));
    }
}

pub(super) fn recipient_fault(fault: &Fault, name: &str, number: u64) -> anyhow::Error {
    anyhow!(fault.describe(name, "recipient", number))
}

/// Reads the recipients of a document, then goes back to its start. Breaks in
/// the syntax are left for the reading of the records to report.
pub(super) fn hunt_recipients(reader: &mut Reader, reading: &Reading<'_>, known: &mut Recipients) -> Result<()> {
    let mut number = 0;
    loop {
        match reader.next()? {
            Step::Recipient => {
                number += 1;
                let added = reader
                    .recipient(reading)
                    .and_then(|recipient| known.add(recipient).map_err(|problem| Fault::of(&problem, reader.place())));
                added.map_err(|fault| recipient_fault(&fault, reader.name(), number))?;
            }
            Step::Record if reader.has_seen(Section::Recipients) => break,
            Step::Record | Step::Fault(_) | Step::UnknownKey(..) => {}
            Step::Broken(_) | Step::End => break,
        }
    }
    reader.rewind()
}
