//! All rows of all sources through a map: each is mapped, rejected, dropped by
//! the map or superseded by a later row of its case, and counted as that.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};
use std::rc::Rc;

use jaq_json::Val;

use super::case::{Case, Superseded};
use super::check::Check;
use super::counts::Counts;
use super::latest::{AsOf, Latest};
use super::map::{Failure, Map};
use super::row_sink::{Each, RowSink};
use super::rows::{Rows, Step};
use super::sandbox::text_of;
use crate::read::checks::Checks;
use crate::read::record_error::{Position, RecordError};
use crate::read::rejects::Rejects;
use crate::read::sink::IntoSession;
use crate::read::{self, Error, ErrorKind, Note, Numbering, Observer, Recorded, Result, Source, Summary};
use crate::wording::grouped;
use crate::{Interaction, Problem, Session};

/// How many interactions a row may give.
const MOST: usize = 100_000;

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
    /// As of when what is still open is judged, as maps see it.
    as_of: Val,
    map: Option<Rc<Map>>,
    options: Options<'m>,
    check: Check<'m>,
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
    pub fn open(sources: Vec<Source>, map: Option<Rc<Map>>, options: Options<'m>) -> Result<Self> {
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
        let mut look = |rows: &Rows| latest.iter_mut().for_each(|latest| latest.row(rows));
        let superseded =
            options.case.as_ref().map(|case| Superseded::survey(case, &mut opened, &mut look)).transpose()?;
        if let (Some(latest), None) = (&mut latest, &superseded) {
            opened.iter_mut().try_for_each(|rows| latest.survey(rows))?;
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
        let as_of = as_of.map_or(Val::Null, |instant| Val::utf8_str(instant.to_string()));
        Ok(Self {
            sources: opened,
            superseded,
            as_of,
            map,
            check: Check::new(options.read.reading.clone()),
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
        each: impl FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool>,
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
                for (name, column) in self.map.iter().flat_map(|map| map.misspelt(columns)) {
                    let (source, name, nearest) = (rows.name().to_owned(), name.to_owned(), column.to_owned());
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
                let message = format!("{}: no list at \"{}\" in it", rows.name(), self.options.read.form.at.join("."));
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
        let before = self.counts.read;
        while !sink.gone() {
            if self.counts.read.is_multiple_of(1024) {
                observer.progress(self.passed + rows.blocks().offset(), self.counts.read);
            }
            let step = rows.next()?;
            match step {
                Step::End => break,
                Step::Trailer => {
                    self.counts.trailers += 1;
                    continue;
                }
                Step::Row | Step::RecordError(_) | Step::Broken(_) => self.counts.read += 1,
            }
            let number = self.counts.read - before;
            let index = usize::try_from(self.counts.read - 1).unwrap_or(usize::MAX);
            if superseded.is_some_and(|superseded| superseded.has(index)) {
                self.counts.superseded += 1;
                continue;
            }
            match step {
                Step::Broken(fault) => {
                    let to_line_end = rows.is_lines() || !self.options.read.keep_going;
                    let fault = if to_line_end { fault } else { fault.and("the rest of the file is not read") };
                    self.reject(rows, number, &fault, rejects, observer)?;
                    rows.skip_broken(|part| rejects.keep_part(part))?;
                    rejects.keep_part(b"\n")?;
                }
                Step::RecordError(fault) => {
                    self.reject(rows, number, &fault, rejects, observer)?;
                    rejects.keep(rows.raw())?;
                }
                Step::Row => {
                    if let Err(fault) = self.row(rows, number, sink)? {
                        self.reject(rows, number, &fault, rejects, observer)?;
                        rejects.keep(rows.raw())?;
                    }
                }
                Step::Trailer | Step::End => {}
            }
        }
        Ok(())
    }

    fn reject(
        &mut self,
        rows: &Rows,
        number: u64,
        fault: &RecordError,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        self.counts.rejected += 1;
        rejects.take(rows.name(), number, fault, observer)
    }

    /// Maps one row, and passes what it gives to the sink.
    fn row(&mut self, rows: &Rows, number: u64, sink: &mut impl RowSink) -> Result<Result<(), RecordError>> {
        self.marred += u64::from(memchr::memmem::find(rows.raw(), "\u{fffd}".as_bytes()).is_some());
        let row = match rows.value() {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        sink.row(&row);
        let Some(map) = self.map.clone() else { return Ok(Ok(())) };
        let place = row_place(rows.name(), rows.position(), number);
        let lines = match self.lines(&map, &row, &place) {
            Ok(lines) => lines,
            Err(failure) if failure.left_out => {
                self.counts.leave_out(&failure.message);
                return Ok(Ok(()));
            }
            Err(failure) => return Ok(Err(fault(&map, rows, &row, &failure))),
        };
        let interactions = match self.interactions(rows, &lines) {
            Ok(interactions) => interactions,
            Err(failure) => return Ok(Err(fault(&map, rows, &row, &failure))),
        };
        if interactions.is_empty() {
            self.counts.dropped += 1;
            return Ok(Ok(()));
        }
        self.recovers(rows, number, &interactions);
        let first = 1 + self.counts.interactions - self.before;
        self.counts.mapped += 1;
        self.counts.interactions += interactions.len() as u64;
        sink.mapped(&Recorded { source: rows, thing: "interaction", number: first }, &interactions, &lines)?;
        Ok(Ok(()))
    }

    /// The interactions of one row, checked. None is taken if one is refused.
    fn interactions<'t>(&mut self, rows: &Rows, lines: &'t [String]) -> Result<Vec<Interaction<'t>>, Failure> {
        let flawed =
            |(index, problem): (usize, Problem)| Failure::of_problem(&problem, (lines.len() > 1).then_some(index + 1));
        let interactions = self.check.interactions(lines).map_err(flawed)?;
        self.checks.fit_row(&interactions, || rows.line()).map_err(flawed)?;
        Ok(interactions.into_iter().map(|(interaction, _)| interaction).collect())
    }

    /// Remembers which failures the interactions of a row recover.
    fn recovers(&mut self, rows: &Rows, number: u64, interactions: &[Interaction<'_>]) {
        let records = self.accepted()..self.accepted() + interactions.len();
        for interaction in interactions {
            if let Some(failure) = &interaction.recovers {
                let raw = self.options.read.takes_back().then(|| rows.raw());
                let id = interaction.id.as_deref();
                self.checks.recovers(failure, records.clone(), number, rows.position(), id, raw);
            }
        }
    }

    /// Everything that the map gives for a row, each as one line.
    fn lines(&self, map: &Map, row: &Val, place: &Val) -> Result<Vec<String>, Failure> {
        let mut lines = Vec::new();
        map.run(row, place, &self.as_of, |given| {
            if lines.len() == MOST {
                let most = grouped(MOST as u64);
                return Err(Failure::plain(format!("gave more than {most} interactions; does it end?")));
            }
            lines.push(self.check.write(given)?);
            Ok(())
        })?;
        Ok(lines)
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

/// What a map sees as `$row`.
fn row_place(file: &str, place: Position, number: u64) -> Val {
    let count = |number: u64| Val::from(usize::try_from(number).unwrap_or(usize::MAX));
    let members = [("file", Val::utf8_str(file.to_owned())), ("line", count(place.line)), ("number", count(number))];
    Val::obj(members.into_iter().map(|(key, value)| (Val::utf8_str(key), value)).collect())
}

/// The way to a list of objects inside a row that may be one object with all rows in it.
fn list_inside(row: &Val, depth: usize) -> Option<String> {
    let Val::Obj(members) = row else { return None };
    let is_rows = |value: &Val| matches!(value, Val::Arr(items) if matches!(items.first(), Some(Val::Obj(_))));
    let mut inside = members.iter().filter_map(|(key, value)| {
        let key = text_of(key);
        if is_rows(value) {
            return Some(key);
        }
        (depth < 4).then(|| list_inside(value, depth + 1)).flatten().map(|inside| format!("{key}.{inside}"))
    });
    inside.next()
}

/// A failure of a map, at the place in the row that it is about.
fn fault(map: &Map, rows: &Rows, row: &Val, failure: &Failure) -> RecordError {
    let place = if failure.no_column && rows.columns().is_some() {
        rows.header_position()
    } else {
        failure.found.as_deref().and_then(|found| rows.position_of(found))
    };
    let fault =
        RecordError::new(place.unwrap_or_else(|| rows.position()), format!("{}: {}", map.name(), failure.message));
    let lacking = failure.no_column || failure.found.as_deref() == Some("nothing");
    let list = (lacking && rows.columns().is_none()).then(|| list_inside(row, 1)).flatten();
    match list {
        Some(list) => fault.and(&format!("if the rows stand in a list inside, say --at {list}")),
        None => fault,
    }
}
