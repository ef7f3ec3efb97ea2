//! All sources as one stream of checked records: ids once, `at` on all or on
//! none, rejects kept, everything counted.

mod again;
mod ahead;
mod ids;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use serveup::{Found, Interaction, InteractionRef, Problem, Reading, RecipientDraft, Recipients, Weighed};

use super::pieces::{Noter, Texts};
use super::place::{Fault, Place};
use super::reader::{Reader, Step};
use super::recipients::{hunt_recipients, read_recipients};
use super::rejects::Rejects;
use super::timing::Timing;
use super::unknown::Unknown;
use crate::messages::{count, note, say};
use crate::progress::Passed;

pub(crate) use again::Rereader;
pub(crate) use ahead::Ahead;
use ahead::{Patience, Stretch};
use ids::Ids;

/// How records are taken in.
#[derive(Clone, Debug)]
pub(crate) struct Intake<'m> {
    pub(crate) reading: Reading<'m>,
    pub(crate) keep_going: bool,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) strict: bool,
    pub(crate) quiet: bool,
    /// Whether the records will be read a second time.
    pub(crate) again: bool,
}

/// One accepted record.
pub(crate) struct Recorded<'a> {
    reader: &'a Reader,
    reading: &'a Reading<'a>,
    /// Its number in its file, from 1.
    number: u64,
}

impl<'a> Recorded<'a> {
    /// The whole record, read with all its checks.
    pub(crate) fn interaction(&self) -> Result<Interaction<'a>> {
        self.reader
            .interaction(self.reading)
            .map_err(|fault| anyhow!(fault.describe(self.file(), "record", self.number)))
    }

    /// What a row repeats of it.
    pub(crate) fn outline(&self) -> InteractionRef<'a> {
        self.reader.outline()
    }

    /// The file it stands in.
    pub(crate) fn file(&self) -> &'a str {
        self.reader.name()
    }

    /// The line that says something about this record.
    pub(crate) fn line(&self, message: impl Into<String>) -> String {
        let id = self.outline().id.map(std::borrow::Cow::into_owned);
        Fault::new(self.reader.place(), message).with_id(id).describe(self.file(), "record", self.number)
    }

    /// Whether reading the next one may have to wait for more input.
    pub(crate) fn last_at_hand(&self) -> bool {
        self.reader.last_at_hand()
    }
}

/// Who takes the records as they are read.
pub(crate) trait Taker<'m>: Send {
    /// What notes more of records that are scanned ahead than their facts and a few texts.
    type Noter: Noter;

    /// How records may be scanned ahead of being taken, for those to whom that is enough.
    fn ahead(&self) -> Option<Ahead<'m, Self::Noter>> {
        None
    }

    /// Whether it prints rows meanwhile.
    fn prints(&self) -> bool {
        false
    }

    /// Takes a record; `false` if no more are wanted.
    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool>;

    /// Takes records that were scanned ahead, and what was noted of them.
    fn scanned<'t>(
        &mut self,
        _: impl Iterator<Item = (Weighed, Texts<'t>)> + Clone,
        _: <Self::Noter as Noter>::Notes,
    ) -> Result<()> {
        Ok(())
    }
}

/// A taker that looks at every record.
impl<F: FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool> + Send> Taker<'_> for F {
    type Noter = ();

    fn prints(&self) -> bool {
        true
    }

    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool> {
        self(recorded, interaction)
    }
}

/// The records of all sources.
pub(crate) struct Records<'m> {
    readers: Vec<Reader>,
    intake: Intake<'m>,
    ids: Ids,
    timing: Timing,
    unknown: Unknown,
    unknown_of_recipients: Unknown,
    unknown_of_documents: Unknown,
    recoveries: Vec<Recovery>,
    rejects: Rejects,
    accepted: usize,
    /// What was scanned ahead, in order.
    stretches: Vec<Stretch>,
    /// Whole records that were rejected, by their place among all whole records.
    refused: BTreeSet<u64>,
}

/// A record that names the failure it recovers.
struct Recovery {
    failure: String,
    record: usize,
    file: usize,
    number: u64,
    place: Place,
    id: Option<String>,
    /// Kept only where the record may have to be rejected for it later.
    raw: Option<Vec<u8>>,
}

impl<'m> Records<'m> {
    /// Opens all sources and reads the recipients, wherever they stand.
    pub(crate) fn open(files: &[PathBuf], recipients: Option<&Path>, intake: Intake<'m>) -> Result<(Self, Recipients)> {
        let files = &super::sources(files)?;
        let mut known = Recipients::default();
        let mut unknown_of_recipients = Unknown::of("recipient");
        if let Some(path) = recipients {
            read_recipients(path, &intake.reading, intake.strict, &mut known, &mut unknown_of_recipients)?;
        }
        let mut readers = Vec::new();
        for file in files {
            let mut reader = Reader::open(file)?;
            if reader.is_document() {
                // recipients count for all records, wherever they stand
                hunt_recipients(&mut reader, &intake.reading, &mut known)?;
            } else if !intake.again {
                reader.keep_no_more();
            }
            readers.push(reader);
        }
        let rejects = Rejects::new("record", intake.rejects.as_deref(), intake.keep_going)?;
        let records = Self {
            readers,
            intake,
            ids: Ids::default(),
            timing: Timing::default(),
            unknown: Unknown::of("record"),
            unknown_of_recipients,
            unknown_of_documents: Unknown::of("document"),
            recoveries: Vec::new(),
            rejects,
            accepted: 0,
            stretches: Vec::new(),
            refused: BTreeSet::new(),
        };
        Ok((records, known))
    }

    /// Reads and checks all records, and hands the accepted ones to the taker, as
    /// long as it gives back `true`. Gives back which of them have to be taken
    /// back, by their place among the accepted: under `--strict`, those that
    /// recover a failure nobody recorded.
    pub(crate) fn read(&mut self, taker: &mut impl Taker<'m>) -> Result<BTreeSet<usize>> {
        let mut readers = std::mem::take(&mut self.readers);
        let mut progress = Passed::over("records", readers.iter().map(Reader::size), taker.prints(), self.intake.quiet);
        let mut whole = 0;
        for (file, reader) in readers.iter_mut().enumerate() {
            self.ids.begin(reader.name());
            if let Some(fault) = reader.header_fault() {
                bail!(fault.describe_as("header", reader.name()));
            }
            if !matches!(reader, Reader::Empty(_)) {
                self.rejects.expect_header(reader.name(), reader.header())?;
            }
            let ahead = taker.ahead().filter(|_| !(self.intake.strict && self.intake.keep_going));
            let (mut number, mut patience) = (0, Patience::NEW);
            loop {
                if let Some(ahead) = ahead.as_ref().filter(|_| number > 0 && patience.is_over(reader.offset())) {
                    let before = reader.offset();
                    let count = self.run_ahead(reader, file, number, ahead, taker, &mut progress)?;
                    (number, whole) = (number + count, whole + count);
                    patience.renew(before, reader.offset());
                }
                progress.at(reader.offset(), whole);
                match reader.next()? {
                    Step::End => break,
                    Step::Recipient => self.recipient_passed(reader)?,
                    Step::UnknownKey(key, place) => self.key_passed(reader, &key, place)?,
                    Step::Fault(fault) => {
                        number += 1;
                        self.rejects.take(reader.name(), number, &fault)?;
                        self.rejects.keep(reader.raw())?;
                    }
                    Step::Broken(fault) => {
                        number += 1;
                        let fault = if reader.is_lines() || !self.intake.keep_going {
                            fault
                        } else {
                            fault.and("the rest of the file is not read")
                        };
                        self.rejects.take(reader.name(), number, &fault)?;
                        reader.skip_broken(|piece| self.rejects.keep_piece(piece))?;
                        self.rejects.keep_piece(b"\n")?;
                    }
                    Step::Record => {
                        number += 1;
                        whole += 1;
                        let Some(interaction) = self.admit(reader, file, number, whole)? else { continue };
                        let recorded = Recorded { reader, reading: &self.intake.reading, number };
                        if !taker.record(&recorded, &interaction)? {
                            return Ok(BTreeSet::new());
                        }
                        self.accepted += 1;
                    }
                }
            }
            reader.end_here();
            progress.pass(reader.offset());
        }
        drop(progress);
        self.readers = readers;
        self.conclude()
    }

    /// Tells what means nothing in a recipient of a document; it was read before.
    fn recipient_passed(&mut self, reader: &Reader) -> Result<()> {
        let mut odd = None;
        reader.unknown_fields(|name| {
            odd.get_or_insert_with(|| name.to_owned());
            self.unknown_of_recipients.take(name);
        });
        match odd.filter(|_| self.intake.strict) {
            Some(name) => {
                let fault = Fault::of(&Unknown::problem(&name, &RecipientDraft::KEYS), reader.place());
                bail!(fault.describe_as("recipient", reader.name()))
            }
            None => Ok(()),
        }
    }

    /// Tells a key of a document that means nothing.
    fn key_passed(&mut self, reader: &Reader, key: &str, place: Place) -> Result<()> {
        self.unknown_of_documents.take(key);
        if self.intake.strict {
            let fault = Fault::of(&Unknown::problem(key, &["interactions", "recipients"]), place);
            bail!(fault.describe_as("document", reader.name()));
        }
        Ok(())
    }

    /// Checks the current record, or rejects it.
    fn admit<'r>(
        &mut self,
        reader: &'r Reader,
        file: usize,
        number: u64,
        whole: u64,
    ) -> Result<Option<Interaction<'r>>> {
        let interaction = reader.interaction(&self.intake.reading);
        let checked = interaction.and_then(|interaction| self.fits(&interaction, reader).map(|()| interaction));
        let interaction = match checked {
            Ok(interaction) => interaction,
            Err(fault) => {
                self.rejects.take(reader.name(), number, &fault)?;
                self.rejects.keep(reader.raw())?;
                self.refused.insert(whole);
                return Ok(None);
            }
        };
        if let Some(failure) = &interaction.recovers {
            let late_reject = self.intake.strict && self.intake.keep_going;
            self.recoveries.push(Recovery {
                failure: failure.clone().into_owned(),
                record: self.accepted,
                file,
                number,
                place: reader.place(),
                id: interaction.id.as_deref().map(str::to_owned),
                raw: late_reject.then(|| reader.raw().to_owned()),
            });
        }
        Ok(Some(interaction))
    }

    /// Checks what a record cannot show by itself.
    fn fits(&mut self, interaction: &Interaction<'_>, reader: &Reader) -> Result<(), Fault> {
        let fault = |problem: &Problem| {
            Fault::of(problem, reader.place()).with_id(interaction.id.as_deref().map(str::to_owned))
        };
        self.timing.fits(interaction.at.is_some()).map_err(|problem| fault(&problem))?;
        let mut odd = None;
        reader.unknown_fields(|name| {
            odd.get_or_insert_with(|| name.to_owned());
            self.unknown.take(name);
        });
        if let Some(name) = odd.filter(|_| self.intake.strict) {
            return Err(fault(&Unknown::problem(&name, &serveup::Field::ALL.map(serveup::Field::name))));
        }
        if let Some(id) = &interaction.id {
            let known = self.ids.add(id, || reader.line());
            if let Some(first) = known.map_err(|error| Fault::new(reader.place(), error.to_string()))? {
                let found = format!("{} again, first {first}", Found::text(id));
                return Err(fault(&Problem::form("id", Found::thing(found), "each id once")));
            }
        }
        // a rejected record decides nothing for those that are left
        self.timing.take(interaction.at.is_some());
        Ok(())
    }

    /// What is said once all is read.
    fn conclude(&mut self) -> Result<BTreeSet<usize>> {
        let quiet = self.intake.quiet;
        let mut taken_back = BTreeSet::new();
        let dangling: Vec<_> =
            std::mem::take(&mut self.recoveries).into_iter().filter(|it| !self.ids.contains(&it.failure)).collect();
        if self.intake.strict {
            for recovery in &dangling {
                let found = Found::text(&recovery.failure);
                let problem = Problem::form("recovers", found, "the id of a failure in the input");
                let fault = Fault::of(&problem, recovery.place).with_id(recovery.id.clone());
                self.rejects.take(self.readers[recovery.file].name(), recovery.number, &fault)?;
                self.rejects.keep(recovery.raw.as_deref().unwrap_or_default())?;
                taken_back.insert(recovery.record);
            }
        } else if let Some(first) = dangling.first() {
            let records = if dangling.len() == 1 {
                "1 record recovers a failure that is"
            } else {
                "records recover failures that are"
            };
            let number = if dangling.len() == 1 { String::new() } else { format!("{} ", dangling.len()) };
            let failure = Found::text(&first.failure);
            note(quiet, &format!("{number}{records} not in the input, first {failure} on line {}", first.place.line));
        }
        for unknown in [&self.unknown, &self.unknown_of_recipients, &self.unknown_of_documents] {
            unknown.tell(quiet);
        }
        for reader in self.readers.iter().filter(|_| self.readers.len() > 1) {
            if matches!(reader, Reader::Empty(_)) {
                note(quiet, &format!("{}: is empty", reader.name()));
            }
        }
        let rejected = self.rejects.conclude()?;
        if self.intake.keep_going {
            let rated = (self.accepted - taken_back.len()) as u64;
            say(&format!("took {rated} of {}, rejected {rejected}", count(rated + rejected, "record")));
            if rated == 0 && rejected > 0 {
                bail!("nothing was left to rate");
            }
        }
        if self.readers.iter().all(|reader| matches!(reader, Reader::Empty(_))) {
            let names: Vec<_> = self.readers.iter().map(Reader::name).collect();
            bail!("{}: no records", names.join(", "));
        }
        Ok(taken_back)
    }

    /// An error if a file changed since it was opened.
    pub(crate) fn unchanged(&self) -> Result<()> {
        self.readers.iter().try_for_each(Reader::unchanged)
    }

    /// Whether all sources can be read a second time.
    pub(crate) fn can_be_read_again(&self) -> bool {
        self.readers.iter().all(Reader::can_be_read_again)
    }

    /// How records are read.
    pub(crate) fn reading(&self) -> Reading<'m> {
        self.intake.reading.clone()
    }

    /// Whether the records say when they happened; `None` if there are none.
    pub(crate) const fn timed(&self) -> Option<bool> {
        self.timing.timed()
    }
}
