//! All rows of all sources through a map: each is mapped, rejected, dropped by
//! the map or superseded by a later row of its case, and counted as that.

use std::fmt;
use std::io::Write;

use crate::{Interaction, Reading};
use jaq_json::Val;

use super::check::Check;
use super::last::Older;
use super::map::{Failure, Map};
use super::rows::{Rows, Step};
use super::sandbox::text_of;
use crate::read::record_error::{Position, RecordError};
use crate::read::rejects::Rejects;
use crate::read::{Error, ErrorKind, Form, Note, Observer, Result, Source};
use crate::wording::{count, grouped};

/// How many interactions a row may give.
const MOST: usize = 100_000;

/// How rows are taken.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// What is known of the form of the sources.
    pub form: Form,
    /// The column that names the case, where only its last row counts.
    pub last_by: Option<&'a str>,
    /// Whether rows that cannot be taken are rejected and counted, and mapping goes on.
    pub keep_going: bool,
    /// Whether fields that are unknown are errors.
    pub strict: bool,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that were there.
    pub read: u64,
    /// Rows that gave interactions.
    pub mapped: u64,
    /// The interactions they gave.
    pub interactions: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Rows for which the map gave nothing.
    pub dropped: u64,
    /// Rows that a later one of the same case follows.
    pub older: u64,
    /// Last lines that are no rows.
    pub trailers: u64,
}

impl fmt::Display for Counts {
    /// The line that shows that nothing was lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, mapped, interactions, rejected, dropped, older, trailers } = *self;
        write!(
            f,
            "read {}: {} mapped to {}, {} rejected, {} dropped by the map",
            count(read, "row"),
            grouped(mapped),
            count(interactions, "interaction"),
            grouped(rejected),
            grouped(dropped),
        )?;
        if older > 0 {
            write!(f, ", {} superseded by a later row", grouped(older))?;
        }
        if trailers > 0 {
            write!(f, "; beside them {}", count(trailers, "trailer line"))?;
        }
        Ok(())
    }
}

/// Takes the interactions that rows give.
pub trait RowSink {
    /// The columns of a table, before its rows.
    fn columns(&mut self, _: &[String]) {}

    /// A row, before it is mapped.
    fn row(&mut self, _: &Val) {}

    /// The interactions of a row, which are valid, and their lines.
    ///
    /// # Errors
    /// What keeps them from being taken.
    fn mapped(&mut self, interactions: &[Interaction<'_>], lines: &[String]) -> Result<()>;

    /// Whether no more are wanted.
    fn gone(&self) -> bool {
        false
    }
}

/// The sources, open, and everything that is to happen with their rows.
pub struct Import<'a, 'w> {
    sources: Vec<Rows>,
    older: Option<Older>,
    map: Option<&'a Map>,
    options: Options<'a>,
    check: Check<'a>,
    rejects: Rejects<'w>,
    counts: Counts,
    /// Sources that are tables.
    tables: u64,
    /// Rows with the replacement character for lost characters.
    marred: u64,
    /// How many bytes the sources before the current one have.
    passed: u64,
}

impl<'a, 'w> Import<'a, 'w> {
    /// Opens all sources. Without a map the rows are only looked at. `rejects` keeps the rows that
    /// cannot be taken as they came.
    ///
    /// # Errors
    /// What cannot be read, or is in no form that is read.
    pub fn open(
        sources: Vec<Source>,
        map: Option<&'a Map>,
        reading: Reading<'a>,
        options: Options<'a>,
        rejects: Option<&'w mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
    ) -> Result<Self> {
        let (mut opened, mut again) = (Vec::new(), Vec::new());
        for source in sources {
            let (source, replay) = source.opened(&options.form)?.twice();
            let rows = Rows::open(source, &options.form)?;
            let columns = rows.renamed();
            if !columns.is_empty() {
                observer.note(&Note::ColumnsRenamed { source: rows.name().to_owned(), columns });
            }
            opened.push(rows);
            if options.last_by.is_some() { again.push(replay) } else { replay.forget() }
        }
        let older = options.last_by.map(|column| Older::survey(column, &mut opened)).transpose()?;
        if !again.is_empty() {
            drop(std::mem::take(&mut opened));
            for replay in again {
                opened.push(Rows::open(replay.source()?, &options.form)?);
            }
        }
        let rejects = Rejects::new("row", rejects, options.keep_going);
        let check = Check::new(reading, options.strict);
        let (counts, tables, marred, passed) = (Counts::default(), 0, 0, 0);
        Ok(Self { sources: opened, older, map, options, check, rejects, counts, tables, marred, passed })
    }

    /// How many bytes all sources have, where that is known beforehand.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.sources.iter().map(|rows| rows.blocks().source.size()).sum()
    }

    /// Takes every row. What became of them.
    ///
    /// # Errors
    /// The first row that cannot be taken, unless mapping keeps going; what cannot be read or kept.
    pub fn run(mut self, sink: &mut impl RowSink, observer: &mut dyn Observer) -> Result<Counts> {
        let mut sources = std::mem::take(&mut self.sources);
        let older = self.older.take();
        for rows in &mut sources {
            if rows.is_empty() {
                observer.note(&Note::Empty(rows.name().to_owned()));
                continue;
            }
            self.rejects.expect_header(rows.name(), rows.header())?;
            if rows.is_decoded() {
                self.rejects.mark();
            }
            if let Some(columns) = rows.columns() {
                sink.columns(columns);
                self.tables += 1;
                for (name, column) in self.map.into_iter().flat_map(|map| map.misspelt(columns)) {
                    let (source, name, nearest) = (rows.name().to_owned(), name.to_owned(), column.to_owned());
                    observer.note(&Note::NoColumn { source, name, nearest });
                }
            }
            self.source(rows, older.as_ref(), sink, observer)?;
            if sink.gone() {
                return Ok(self.counts);
            }
            self.passed += rows.blocks().offset();
            rows.notes().for_each(|note| observer.note(&note));
            if !rows.has_list() {
                let message = format!("{}: no list at \"{}\" in it", rows.name(), self.options.form.at.join("."));
                return Err(Error::new(ErrorKind::Form, message));
            }
        }
        Ok(self.conclude(observer))
    }

    /// Takes every row of one source.
    fn source(
        &mut self,
        rows: &mut Rows,
        older: Option<&Older>,
        sink: &mut impl RowSink,
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
            if older.is_some_and(|older| older.has(index)) {
                self.counts.older += 1;
                continue;
            }
            match step {
                Step::Broken(fault) => {
                    let to_line_end = rows.is_lines() || !self.options.keep_going;
                    let fault = if to_line_end { fault } else { fault.and("the rest of the file is not read") };
                    self.reject(rows, number, &fault, observer)?;
                    rows.skip_broken(|part| self.rejects.keep_part(part))?;
                    self.rejects.keep_part(b"\n")?;
                }
                Step::RecordError(fault) => {
                    self.reject(rows, number, &fault, observer)?;
                    self.rejects.keep(rows.raw())?;
                }
                Step::Row => {
                    if let Err(fault) = self.row(rows, number, sink)? {
                        self.reject(rows, number, &fault, observer)?;
                        self.rejects.keep(rows.raw())?;
                    }
                }
                Step::Trailer | Step::End => {}
            }
        }
        Ok(())
    }

    fn reject(&mut self, rows: &Rows, number: u64, fault: &RecordError, observer: &mut dyn Observer) -> Result<()> {
        self.counts.rejected += 1;
        self.rejects.take(rows.name(), number, fault, observer)
    }

    /// Maps one row, and passes what it gives to the sink.
    fn row(&mut self, rows: &Rows, number: u64, sink: &mut impl RowSink) -> Result<Result<(), RecordError>> {
        self.marred += u64::from(memchr::memmem::find(rows.raw(), "\u{fffd}".as_bytes()).is_some());
        let row = match rows.value() {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        sink.row(&row);
        let Some(map) = self.map else { return Ok(Ok(())) };
        let place = rows.position();
        let lines = match self.lines(map, &row, &row_place(rows.name(), place, number)) {
            Ok(lines) => lines,
            Err(failure) => return Ok(Err(fault(map, rows, &row, &failure))),
        };
        let interactions = match self.check.interactions(&lines) {
            Ok(interactions) => interactions,
            Err(failure) => return Ok(Err(fault(map, rows, &row, &failure))),
        };
        if interactions.is_empty() {
            self.counts.dropped += 1;
            return Ok(Ok(()));
        }
        self.counts.mapped += 1;
        self.counts.interactions += interactions.len() as u64;
        sink.mapped(&interactions, &lines)?;
        Ok(Ok(()))
    }

    /// Everything that the map gives for a row, each as one line.
    fn lines(&self, map: &Map, row: &Val, place: &Val) -> Result<Vec<String>, Failure> {
        let mut lines = Vec::new();
        map.run(row, place, |given| {
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
    fn conclude(self, observer: &mut dyn Observer) -> Counts {
        self.check.tell_unknown(observer);
        if self.counts.read == 0 && self.tables > 0 {
            observer.note(&Note::HeaderAlone);
        }
        if self.marred > 0 {
            observer.note(&Note::CharactersLost { rows: self.marred });
        }
        self.counts
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
