//! All sources as one stream of checked records: ids once, `at` on all or on
//! none, rejects kept, everything counted.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};

use super::checks::Checks;
use super::document::LISTS;
use super::error::{Error, ErrorKind, Result};
use super::event::{Note, Observer};
use super::fast::chunk::Scanned;
use super::fast::parallel::{self, Backoff, Extent};
use super::in_order::InOrder;
use super::numbering::Numbering;
use super::options::Options;
use super::reader::{Ahead, Reader, Step};
use super::recipients::{open_recipients, read_recipients, recipients_of};
use super::record_error::{Position, RecordError};
use super::recorded::Recorded;
use super::rejects::Rejects;
use super::sink::{Each, IntoSession, Rated, Sink};
use super::source::Source;
use super::unknown::Unknown;
use super::workbook::Wanted;
use crate::rating::assessor::Weigher;
use crate::rating::recipients::Recipients;
use crate::record::draft::RecipientDraft;
use crate::record::interaction::Interaction;
use crate::session::{Collector, Round, Session};

/// The result of reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many records were accepted, without those that were taken back.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// Records that were accepted and had to be taken back, by their place among the accepted.
    pub taken_back: BTreeSet<usize>,
    /// Which record of which source each accepted one is.
    pub numbering: Numbering,
}

/// The records of all sources.
pub struct Records<'m> {
    readers: Vec<Reader>,
    /// Of which of them the recipients in documents have been read.
    surveyed: Vec<bool>,
    options: Options<'m>,
    checks: Checks,
    unknown_of_recipients: Unknown,
    unknown_of_documents: Unknown,
    numbering: Numbering,
    accepted: usize,
    /// How many bytes the sources before the current one have.
    passed: u64,
}

impl<'m> Records<'m> {
    /// Opens all sources and reads the recipients, wherever they are: those of `recipients`, and of
    /// any document and any workbook among the sources that has a sheet of that name.
    ///
    /// # Errors
    /// What cannot be read, is in no form that is read, or is no recipient.
    pub fn open(sources: Vec<Source>, recipients: Option<Source>, options: Options<'m>) -> Result<(Self, Recipients)> {
        let mut known = Recipients::default();
        let mut unknown_of_recipients = Unknown::of("recipient", RecipientDraft::KEYS);
        let mut add = |source: Source, known: &mut Recipients| {
            read_recipients(source, &options, known, &mut unknown_of_recipients)
        };
        if let Some(source) = recipients {
            add(open_recipients(source, &options)?, &mut known)?;
        }
        let (mut readers, mut surveyed) = (Vec::new(), Vec::new());
        for source in sources {
            let mut source = source.opened_for(&options.form, Wanted::Records)?;
            if let Some(recipients) = source.take_recipients() {
                add(recipients, &mut known)?;
            }
            let (source, again) = source.twice();
            let mut reader = Reader::open(source, &options.form)?;
            let survey = reader.is_at_document()?;
            if survey {
                // recipients count for all records, wherever they stand
                recipients_of(reader.only_recipients(), &options.reading, &mut known)?;
                reader = Reader::open(again.source()?, &options.form)?;
            } else {
                again.forget();
            }
            readers.push(reader);
            surveyed.push(survey);
        }
        let records = Self {
            readers,
            surveyed,
            checks: Checks::new("record", options.strict),
            options,
            unknown_of_recipients,
            unknown_of_documents: Unknown::of("document", LISTS),
            numbering: Numbering::default(),
            accepted: 0,
            passed: 0,
        };
        Ok((records, known))
    }

    /// How many bytes all sources have, where that is known beforehand.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.readers.iter().map(Reader::size).sum()
    }

    /// Reads and checks all records, and adds the accepted ones to the session. `rejects` keeps the
    /// others as they came; `observer` receives notes, rejected records and progress.
    ///
    /// # Errors
    /// The first record that cannot be taken, unless reading keeps going; what cannot be read or kept.
    pub fn read<S: Read + Write + Seek + Send>(
        &mut self,
        session: &mut Session<'m, S>,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
    ) -> Result<Summary> {
        let summary = self.run(&mut IntoSession(session), rejects, observer)?;
        session.take_back(summary.taken_back.clone());
        Ok(summary)
    }

    /// Reads and checks all records, and passes the accepted ones to `each`, one by one, as long as
    /// it returns `true`.
    ///
    /// # Errors
    /// As [`Records::read`]; and errors of `each`.
    pub fn for_each(
        &mut self,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
        each: impl FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool> + Send,
    ) -> Result<Summary> {
        self.run(&mut Each(each), rejects, observer)
    }

    /// Reads and checks all records, which are promised to be in time order, and passes the accepted ones to `taker`,
    /// with the session that rates them: one by one, or many at once where many are at hand.
    ///
    /// # Errors
    /// As [`Records::read`]; and errors of `taker`.
    pub fn in_order<S: Read + Write + Seek + Send>(
        &mut self,
        session: &mut Session<'m, S>,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
        taker: &mut impl InOrder<'m, S>,
    ) -> Result<Summary> {
        let threads = self.options.threads;
        self.run(&mut Rated { session, taker, threads, round: Round::default() }, rejects, observer)
    }

    /// Whether the records say when they happened; `None` if there are none.
    #[must_use]
    pub const fn timed(&self) -> Option<bool> {
        self.checks.timed()
    }

    /// Whether a record with this id was accepted so far.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.checks.has_id(id)
    }

    fn run<K: Sink<'m>>(
        &mut self,
        sink: &mut K,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
    ) -> Result<Summary> {
        let mut rejects = Rejects::new("record", rejects, self.options.keep_going);
        let mut readers = std::mem::take(&mut self.readers);
        for (file, reader) in readers.iter_mut().enumerate() {
            self.checks.begin(reader.name());
            self.numbering.begin(reader.name(), self.accepted);
            if let Some(fault) = reader.header_fault() {
                return Err(Error::of(ErrorKind::Header, &fault, "header", reader.name()));
            }
            if !matches!(reader, Reader::Empty(_)) {
                rejects.expect_header(reader.name(), reader.header())?;
            }
            if reader.blocks().source.is_decoded() {
                rejects.mark();
            }
            if !self.source(reader, file, sink, &mut rejects, observer)? {
                return Ok(self.summary(&rejects, BTreeSet::new()));
            }
            self.passed += reader.offset();
        }
        let taken_back = self.conclude(&readers, &mut rejects, observer)?;
        Ok(self.summary(&rejects, taken_back))
    }

    fn summary(&mut self, rejects: &Rejects<'_>, taken_back: BTreeSet<usize>) -> Summary {
        Summary {
            accepted: (self.accepted - taken_back.len()) as u64,
            rejected: rejects.count(),
            taken_back,
            numbering: std::mem::take(&mut self.numbering),
        }
    }

    /// Takes all records of a source; `false` if no more are wanted.
    fn source<K: Sink<'m>>(
        &mut self,
        reader: &mut Reader,
        file: usize,
        sink: &mut K,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<bool> {
        let parts = sink.parts().filter(|_| !self.options.takes_back());
        let (mut number, mut backoff) = (0, Backoff::NEW);
        loop {
            if let Some(parts) = parts.as_ref().filter(|_| number > 0 && backoff.is_over(reader.offset())) {
                let before = (reader.offset(), number);
                let extent = sink.extent();
                let (count, odd) = self.scan_ahead(reader, number, (extent, parts), sink, observer)?;
                number += count;
                // that there was no more at hand says nothing about what follows
                if odd || matches!(extent, Extent::All) {
                    backoff.renew(before.0, reader.offset());
                }
                if count > 0 && !sink.end_round(reader.name(), before.1, reader.blocks().last_at_hand(0))? {
                    return Ok(false);
                }
            }
            if number.is_multiple_of(1024) {
                observer.progress(self.passed + reader.offset(), self.accepted as u64);
            }
            match reader.next()? {
                Step::End => return sink.end_round(reader.name(), number, true),
                Step::Recipient => self.recipient_passed(reader, file)?,
                Step::UnknownKey(key, place) => self.key_passed(reader, &key, place)?,
                Step::RecordError(fault) => {
                    number += 1;
                    self.reject(reader, number, &fault, rejects, observer)?;
                    rejects.keep(reader.raw())?;
                }
                Step::Broken(fault) => {
                    number += 1;
                    let to_line_end = reader.is_lines() || !self.options.keep_going;
                    let fault = if to_line_end { fault } else { fault.and("the rest of the file is not read") };
                    self.reject(reader, number, &fault, rejects, observer)?;
                    reader.skip_broken(|part| rejects.keep_part(part))?;
                    rejects.keep_part(b"\n")?;
                }
                Step::Record => {
                    number += 1;
                    let interaction = match self.admit(reader, number) {
                        Ok(interaction) => interaction,
                        Err(fault) => {
                            self.reject(reader, number, &fault, rejects, observer)?;
                            rejects.keep(reader.raw())?;
                            continue;
                        }
                    };
                    if !sink.record(&Recorded { source: reader, thing: "record", number }, &interaction)? {
                        return Ok(false);
                    }
                    self.accepted += 1;
                }
            }
        }
    }

    fn reject(
        &mut self,
        reader: &Reader,
        number: u64,
        fault: &RecordError,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        self.numbering.reject(self.accepted);
        rejects.take(reader.name(), number, fault, observer)
    }

    /// Takes the records that follow, scanned by several threads, up to the first that it leaves to
    /// the full reader. How many there were, and whether there was such a one.
    fn scan_ahead<K: Sink<'m>>(
        &mut self,
        reader: &mut Reader,
        number: u64,
        (extent, parts): (Extent, &(Weigher<'m>, Collector<'m>)),
        sink: &mut K,
        observer: &mut dyn Observer,
    ) -> Result<(u64, bool)> {
        let Some((blocks, ahead)) = reader.stand_behind() else { return Ok((0, true)) };
        let Self { options, checks, accepted, passed, .. } = self;
        let before = *accepted;
        let check = |scanned: &Scanned| {
            let usual = checks.fit_chunk(scanned, *accepted, number + (*accepted - before) as u64)?;
            *accepted += usual;
            observer.progress(*passed + scanned.offset, *accepted as u64);
            Ok(usual)
        };
        let steps = sink.steps()?;
        let odd = match ahead {
            Ahead::Objects(between) => parallel::scan(blocks, (&between, extent), options, parts, check, steps)?,
            Ahead::Rows(table) => parallel::scan(blocks, (&table, extent), options, parts, check, steps)?,
        };
        Ok(((*accepted - before) as u64, odd))
    }

    /// Reports unknown fields in a recipient of a document; it was read before.
    fn recipient_passed(&mut self, reader: &Reader, file: usize) -> Result<()> {
        if !self.surveyed.get(file).is_some_and(|surveyed| *surveyed) {
            let wrong =
                "is in a document behind other records; put that document first, or name a file with --recipients";
            let fault = RecordError::new(reader.position(), wrong);
            return Err(Error::of(ErrorKind::Recipient, &fault, "recipient", reader.name()));
        }
        let mut odd = None;
        reader.unknown_fields(|name| {
            odd.get_or_insert_with(|| name.to_owned());
            self.unknown_of_recipients.take(name);
        });
        match odd.filter(|_| self.options.strict) {
            Some(name) => {
                let fault = RecordError::of(&self.unknown_of_recipients.problem(&name), reader.position());
                Err(Error::of(ErrorKind::Recipient, &fault, "recipient", reader.name()))
            }
            None => Ok(()),
        }
    }

    /// Tells a key of a document that means nothing.
    fn key_passed(&mut self, reader: &Reader, key: &str, place: Position) -> Result<()> {
        self.unknown_of_documents.take(key);
        if self.options.strict {
            let fault = RecordError::of(&self.unknown_of_documents.problem(key), place);
            return Err(Error::of(ErrorKind::Document, &fault, "document", reader.name()));
        }
        Ok(())
    }

    /// Checks the current record.
    fn admit<'r>(&mut self, reader: &'r Reader, number: u64) -> Result<Interaction<'r>, RecordError> {
        let interaction = reader.interaction(&self.options.reading)?;
        let fits = self.checks.fits(&interaction, |each| reader.unknown_fields(each), || reader.line());
        fits.map_err(|problem| {
            RecordError::of(&problem, reader.position()).with_id(interaction.id.as_deref().map(str::to_owned))
        })?;
        if let Some(failure) = &interaction.recovers {
            let records = self.accepted..self.accepted + 1;
            let raw = self.options.takes_back().then(|| reader.raw());
            self.checks.recovers(failure, records, number, reader.position(), interaction.id.as_deref(), raw);
        }
        Ok(interaction)
    }

    /// Reports what is known once all is read. Which records have to be taken back.
    fn conclude(
        &mut self,
        readers: &[Reader],
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<BTreeSet<usize>> {
        let taken_back = self.checks.conclude(rejects, observer)?;
        for unknown in [&self.unknown_of_recipients, &self.unknown_of_documents] {
            unknown.tell(observer);
        }
        readers.iter().flat_map(Reader::notes).for_each(|note| observer.note(&note));
        let nothing = self.accepted == 0 && rejects.count() == 0;
        for reader in readers {
            if nothing || matches!(reader, Reader::Empty(_)) {
                observer.note(&Note::Empty(reader.name().to_owned()));
            }
        }
        Ok(taken_back)
    }
}
