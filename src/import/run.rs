//! All rows of all sources through a map: each is mapped, rejected, dropped by
//! the map or superseded by another row of its case, and counted as that. Threads
//! map ahead, and what they give is taken in the order of the rows.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};
use std::sync::Arc;

use super::batch::{End, Row, Taking, What};
use super::case::{Case, Superseded};
use super::chunks::chunks;
use super::counts::Counts;
use super::latest::{AsOf, Latest};
use super::map::{Failure, Map};
use super::mapper::{Done, Gave, Job, Mapper, Outcome, keys};
use super::row_sink::{Each, RowSink};
use super::rows::Rows;
use super::sandbox::STACK;
use crate::ordered::{self, Then, Threads};
use crate::read::checks::Checks;
use crate::read::fast::parallel::Backoff;
use crate::read::record_error::RecordError;
use crate::read::recorded::RecordSource;
use crate::read::rejects::Rejects;
use crate::read::sink::IntoSession;
use crate::read::{self, Error, ErrorKind, Note, Numbering, Observer, Recorded, Result, Source, Summary};
use crate::{Instant, Interaction, Session};

/// How rows are taken.
#[derive(Clone, Debug)]
pub struct Options<'m> {
    /// How what they give is read.
    pub read: read::Options<'m>,
    /// Which of several rows of one case counts, where only one does.
    pub case: Option<Case>,
    /// As of when what is still open is judged.
    pub as_of: AsOf,
}

/// The sources, open, and everything that is to happen with their rows.
pub struct Import<'m> {
    sources: Vec<Rows>,
    superseded: Option<Superseded>,
    /// As of when what is still open is judged.
    as_of: Option<Instant>,
    map: Option<Map>,
    options: Options<'m>,
    checks: Checks,
    numbering: Numbering,
    counts: Counts,
    /// How many interactions came from the sources before the current one.
    before: u64,
    /// Sources that are tables.
    tables: u64,
    /// Rows with the replacement character for lost characters.
    marred: u64,
    /// How many bytes the sources before the current one have.
    passed: u64,
}

impl<'m> Import<'m> {
    /// Opens all sources. Without a map the rows are only looked at.
    ///
    /// # Errors
    /// What cannot be read, or is in no form that is read.
    pub fn open(sources: Vec<Source>, map: Option<Map>, options: Options<'m>) -> Result<Self> {
        let form = &options.read.form;
        let mut latest = match options.as_of {
            AsOf::Latest(times) if map.is_some() => Some(Latest::of(times, options.read.reading.zone.as_ref())),
            _ => None,
        };
        let twice = options.case.is_some() || latest.is_some();
        let (mut opened, mut again) = (Vec::new(), Vec::new());
        for source in sources {
            let (source, replay) = source.opened(form)?.twice();
            opened.push(Rows::open(source, form)?);
            if twice { again.push(replay) } else { replay.forget() }
        }
        if let AsOf::Latest(times) = options.as_of {
            for rows in &mut opened {
                rows.mark(times.names);
            }
        }
        let threads = options.read.threads;
        let survey = |case: &Case| Superseded::survey(case, &mut opened, latest.as_mut(), threads);
        let superseded = options.case.as_ref().map(survey).transpose()?;
        if let (Some(latest), None) = (&mut latest, &superseded) {
            opened.iter_mut().try_for_each(|rows| latest.survey(rows, threads))?;
        }
        if !again.is_empty() {
            drop(std::mem::take(&mut opened));
            for replay in again {
                opened.push(Rows::open(replay.source()?, form)?);
            }
        }
        let as_of = match options.as_of {
            AsOf::Given(instant) => Some(instant),
            _ => latest.and_then(Latest::found),
        };
        Ok(Self {
            sources: opened,
            superseded,
            as_of,
            map,
            checks: Checks::new("interaction", options.read.strict),
            numbering: Numbering::new("interaction"),
            options,
            counts: Counts::default(),
            before: 0,
            tables: 0,
            marred: 0,
            passed: 0,
        })
    }

    /// How many bytes all sources have, where that is known beforehand.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.sources.iter().map(|rows| rows.blocks().source.size()).sum()
    }

    /// Whether the interactions say when they happened; `None` if there are none.
    #[must_use]
    pub const fn timed(&self) -> Option<bool> {
        self.checks.timed()
    }

    /// Whether an interaction with this id was accepted so far.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.checks.has_id(id)
    }

    /// Takes every row and adds the interactions to the session, as
    /// [`Records::read`](read::Records::read) does with records.
    ///
    /// # Errors
    /// As [`Import::run`].
    pub fn read<S: Read + Write + Seek + Send>(
        &mut self,
        session: &mut Session<'m, S>,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
    ) -> Result<(Summary, Counts)> {
        let (summary, counts) = self.rows(rejects, &mut IntoSession(session), observer)?;
        session.take_back(summary.taken_back.clone());
        Ok((summary, counts))
    }

    /// Takes every row and passes the interactions to `each`, one by one, as long as it returns `true`.
    ///
    /// # Errors
    /// As [`Import::run`]; and errors of `each`.
    pub fn for_each(
        &mut self,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
        each: impl FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool> + Send,
    ) -> Result<(Summary, Counts)> {
        self.rows(rejects, &mut Each::new(each), observer)
    }

    /// Takes every row, to be looked at; nothing is held of rows that have passed. `rejects` keeps those that cannot be taken as they came. What became of them.
    ///
    /// # Errors
    /// The first row that cannot be taken, unless mapping keeps going; what cannot be read or kept.
    pub fn run(
        &mut self,
        rejects: Option<&mut (dyn Write + Send)>,
        sink: &mut impl RowSink,
        observer: &mut dyn Observer,
    ) -> Result<Counts> {
        self.checks.hold_nothing();
        Ok(self.rows(rejects, sink, observer)?.1)
    }

    fn rows(
        &mut self,
        rejects: Option<&mut (dyn Write + Send)>,
        sink: &mut impl RowSink,
        observer: &mut dyn Observer,
    ) -> Result<(Summary, Counts)> {
        let mut rejects = Rejects::new("row", rejects, self.options.read.keep_going);
        let mut sources = std::mem::take(&mut self.sources);
        for rows in &mut sources {
            let columns = rows.renamed();
            if !columns.is_empty() {
                observer.note(&Note::ColumnsRenamed { source: rows.name().to_owned(), columns });
            }
        }
        let superseded = self.superseded.take();
        for rows in &mut sources {
            self.begin(rows.name());
            if rows.is_empty() {
                observer.note(&Note::Empty(rows.name().to_owned()));
                continue;
            }
            rejects.expect_header(rows.name(), rows.header())?;
            if rows.is_decoded() {
                rejects.mark();
            }
            if let Some(columns) = rows.columns() {
                sink.columns(columns);
                self.tables += 1;
                for (name, nearest) in self.map.iter().flat_map(|map| map.misspelt(columns)) {
                    let source = rows.name().to_owned();
                    observer.note(&Note::NoColumn { source, name, nearest });
                }
            }
            self.source(rows, superseded.as_ref(), sink, &mut rejects, observer)?;
            if sink.gone() {
                return Ok((self.summary(BTreeSet::new()), self.counts.clone()));
            }
            self.passed += rows.blocks().offset();
            rows.notes().for_each(|note| observer.note(&note));
            if !rows.has_list() {
                let message = format!(
                    "{}: there is no list at \"{}\"; correct --at",
                    rows.name(),
                    self.options.read.form.at.join(".")
                );
                return Err(Error::new(ErrorKind::Form, message));
            }
        }
        self.conclude(&mut rejects, observer)
    }

    /// A source begins.
    fn begin(&mut self, name: &str) {
        self.before = self.counts.interactions;
        self.checks.begin(name);
        self.numbering.begin(name, self.accepted());
    }

    /// How many interactions were accepted.
    fn accepted(&self) -> usize {
        usize::try_from(self.counts.interactions).unwrap_or(usize::MAX)
    }

    /// Takes every row of one source.
    fn source(
        &mut self,
        rows: &mut Rows,
        superseded: Option<&Superseded>,
        sink: &mut impl RowSink,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        let (map, reading) = (self.map.take(), self.options.read.reading.clone());
        let header = rows.header_position();
        let job = Job {
            map: map.as_ref(),
            reading: &reading,
            as_of: self.as_of,
            table: rows.columns().map(<[String]>::to_vec).zip(header),
            lines: sink.wants_lines(),
        };
        let threads = Threads { count: self.options.read.threads, stack: Some(STACK) };
        let by_chunks =
            !sink.wants_each() && !self.options.read.takes_back() && map.as_ref().is_some_and(|map| !map.counts_rows());
        let (mut number, first) = (0, self.counts.read);
        let (mut backoff, name) = (Backoff::NEW, Arc::from(rows.name()));
        let place = |number: u64| usize::try_from(first + number - 1).unwrap_or(usize::MAX);
        let is_superseded = |number| superseded.is_some_and(|superseded| superseded.has(place(number)));
        loop {
            let before = rows.blocks().offset();
            if by_chunks && number > 0 && backoff.is_over(before) {
                let accept = |done: &mut Done, number: u64| {
                    done.batch.number_from(number, is_superseded);
                    self.accept(&job, done, sink, rejects, observer)
                };
                number = chunks(rows, threads, &job, &name, number, accept)?;
                backoff.renew(before, rows.blocks().offset());
                if sink.gone() {
                    break;
                }
            }
            let until = if by_chunks { backoff.until().max(rows.blocks().offset() + 1) } else { u64::MAX };
            let mut taking = Taking::new(rows, number, is_superseded, until);
            let accept = |done: Done| self.accept(&job, &done, sink, rejects, observer);
            let own = || Mapper::new(&job);
            ordered::map_with(threads, own, || taking.next(), Mapper::map, accept)?;
            number = taking.number;
            let fault = match taking.end {
                Some(End::Broken(fault)) => fault,
                Some(End::Paused) if !sink.gone() => continue,
                _ => break,
            };
            number += 1;
            self.counts.read += 1;
            let to_line_end = rows.is_lines() || !self.options.read.keep_going;
            let fault = if to_line_end { fault } else { fault.and("the rest of the file is not read") };
            self.reject(rows.name(), number, &fault, rejects, observer)?;
            rows.skip_broken(|part| rejects.keep_part(part))?;
            rejects.keep_part(b"\n")?;
        }
        self.map = map;
        Ok(())
    }

    /// Takes what threads made of some rows.
    fn accept(
        &mut self,
        job: &Job<'_, '_>,
        done: &Done,
        sink: &mut impl RowSink,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<Then> {
        let is_row = |index: &&usize| matches!(done.batch.row(**index).what(), What::Row);
        self.marred += done.marred.iter().filter(is_row).count() as u64;
        let columns = job.table.as_ref().map(|(columns, _)| columns.as_slice()).unwrap_or_default();
        let keys = sink.wants_rows().then(|| keys(columns));
        for (row, outcome) in done.batch.rows().zip(&done.outcomes) {
            match row.what() {
                What::Trailer => self.counts.trailers += 1,
                What::Superseded => {
                    self.counts.read += 1;
                    self.counts.superseded += 1;
                }
                What::Row | What::Faulty(_) => {
                    self.counts.read += 1;
                    if let (Some(keys), What::Row) = (&keys, row.what())
                        && let Ok(value) = row.value(keys, None)
                    {
                        sink.row(&value);
                    }
                    if let Err(fault) = self.row(job, row, outcome, sink)? {
                        self.reject(row.name(), row.number(), &fault, rejects, observer)?;
                        rejects.keep(row.raw())?;
                    }
                }
            }
            if sink.gone() {
                return Ok(Then::Stop);
            }
        }
        observer.progress(self.passed + done.batch.offset, self.counts.read);
        Ok(Then::GoOn)
    }

    fn reject(
        &mut self,
        source: &str,
        number: u64,
        fault: &RecordError,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        self.counts.rejected += 1;
        rejects.take(source, number, fault, observer)
    }

    /// Takes what became of one row, and passes what it gave to the sink.
    fn row(
        &mut self,
        job: &Job<'_, '_>,
        row: Row<'_>,
        outcome: &Outcome,
        sink: &mut impl RowSink,
    ) -> Result<Result<(), RecordError>> {
        let Gave { interactions, unknown, lines, left_out } = match outcome {
            Outcome::Faulty(fault) => return Ok(Err(fault.clone())),
            Outcome::LeftOut(why) => {
                self.counts.leave_out(why);
                return Ok(Ok(()));
            }
            Outcome::Gave(gave) => gave,
            Outcome::Unmapped => return Ok(Ok(())),
        };
        if let Err((index, problem)) = self.checks.fit_row(interactions, unknown, || row.line()) {
            let failure = Failure::of_problem(&problem, (interactions.len() > 1).then_some(index + 1));
            let place = failure.found.as_deref().and_then(|found| row.position_of(found));
            let name = job.map.map(Map::name).unwrap_or_default();
            let place = place.unwrap_or_else(|| row.position());
            return Ok(Err(RecordError::new(place, format!("{name}: {}", failure.message))));
        }
        for why in left_out {
            self.counts.leave_out_part(why);
        }
        if interactions.is_empty() {
            if left_out.is_empty() {
                self.counts.dropped += 1;
            } else {
                self.counts.leave_out("whole page");
            }
            return Ok(Ok(()));
        }
        self.recovers(row, interactions);
        let first = 1 + self.counts.interactions - self.before;
        self.counts.mapped += 1;
        self.counts.interactions += interactions.len() as u64;
        sink.mapped(&Recorded { source: &row, thing: "interaction", number: first }, interactions, lines)?;
        Ok(Ok(()))
    }

    /// Remembers which failures the interactions of a row recover.
    fn recovers(&mut self, row: Row<'_>, interactions: &[Interaction<'_>]) {
        let records = self.accepted()..self.accepted() + interactions.len();
        for interaction in interactions {
            if let Some(failure) = &interaction.recovers {
                let raw = self.options.read.takes_back().then(|| row.raw());
                let id = interaction.id.as_deref();
                self.checks.recovers(failure, records.clone(), row.number(), row.position(), id, raw);
            }
        }
    }

    /// Reports what is known once all rows have been taken.
    fn conclude(&mut self, rejects: &mut Rejects<'_>, observer: &mut dyn Observer) -> Result<(Summary, Counts)> {
        let taken_back = self.checks.conclude(rejects, observer)?;
        // a row that is rejected in the end was mapped at first
        self.counts.mapped -= rejects.count() - self.counts.rejected;
        self.counts.rejected = rejects.count();
        self.counts.interactions -= taken_back.len() as u64;
        if self.counts.read == 0 && self.tables > 0 {
            observer.note(&Note::HeaderAlone);
        }
        if self.marred > 0 {
            observer.note(&Note::CharactersLost { rows: self.marred });
        }
        Ok((self.summary(taken_back), self.counts.clone()))
    }

    fn summary(&mut self, taken_back: BTreeSet<usize>) -> Summary {
        Summary {
            accepted: self.counts.interactions,
            rejected: self.counts.rejected,
            taken_back,
            numbering: std::mem::replace(&mut self.numbering, Numbering::new("interaction")),
        }
    }
}
