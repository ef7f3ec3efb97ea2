//! All rows of all sources through a map: each is mapped, rejected, dropped by
//! the map or superseded by a later row of its case, and counted as that.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use jaq_json::Val;
use serveup::{Found, Interaction, Reading};

use super::check::Check;
use super::ground::text_of;
use super::last::Older;
use super::map::{Failure, Map};
use super::rows::{Form, Rows, Step};
use crate::input::place::{Fault, Place};
use crate::input::rejects::Rejects;
use crate::input::sources;
use crate::messages::{count, grouped, note, say};
use crate::progress::Passed;

/// How many interactions a row may give.
const MOST: usize = 100_000;

/// How rows are taken.
pub(crate) struct Taking<'a> {
    pub(crate) form: Form,
    /// The column that names the case, where only its last row counts.
    pub(crate) last_by: Option<&'a str>,
    pub(crate) keep_going: bool,
    pub(crate) rejects: Option<&'a Path>,
    pub(crate) strict: bool,
    pub(crate) quiet: bool,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Rows that were there.
    pub(crate) read: u64,
    /// Rows that gave interactions.
    pub(crate) mapped: u64,
    /// The interactions they gave.
    pub(crate) interactions: u64,
    /// Rows that could not be taken.
    pub(crate) rejected: u64,
    /// Rows for which the map gave nothing.
    pub(crate) dropped: u64,
    /// Rows that a later one of the same case follows.
    pub(crate) older: u64,
    /// Last lines that are no rows.
    pub(crate) trailers: u64,
}

impl Counts {
    /// The line that shows that nothing was lost.
    pub(crate) fn tell(self) {
        let Self { read, mapped, interactions, rejected, dropped, older, trailers } = self;
        let mut line = format!(
            "read {}: {} mapped to {}, {} rejected, {} dropped by the map",
            count(read, "row"),
            grouped(mapped),
            count(interactions, "interaction"),
            grouped(rejected),
            grouped(dropped),
        );
        if older > 0 {
            line.push_str(&format!(", {} superseded by a later row", grouped(older)));
        }
        if trailers > 0 {
            line.push_str(&format!("; beside them {}", count(trailers, "trailer line")));
        }
        say(&line);
    }
}

/// Who looks on while rows are mapped.
pub(crate) trait Onlooker {
    /// The columns of a table, before its rows.
    fn columns(&mut self, _: &[String]) {}

    /// A row, before it is mapped.
    fn row(&mut self, row: &Val);

    /// The interactions of a row, which are good, and the lines they stand in.
    fn mapped(&mut self, interactions: &[Interaction<'_>], lines: &[String]) -> Result<()>;

    /// Whether nobody looks on any more.
    fn gone(&self) -> bool {
        false
    }
}

/// The sources, open, and everything that is to happen with their rows.
pub(crate) struct Walk<'a> {
    sources: Vec<Rows>,
    map: Option<&'a Map>,
    taking: Taking<'a>,
    check: Check<'a>,
    rejects: Rejects,
    counts: Counts,
    /// Sources that are tables.
    tables: u64,
    /// Rows with the mark that stands for lost characters.
    marred: u64,
}

impl<'a> Walk<'a> {
    /// Opens all sources. Without a map the rows are only looked at.
    pub(crate) fn open(
        files: &[PathBuf],
        map: Option<&'a Map>,
        reading: Reading<'a>,
        taking: Taking<'a>,
    ) -> Result<Self> {
        let files = &sources(files)?;
        let mut sources = Vec::new();
        for file in files {
            let mut rows = Rows::open(file, &taking.form)?;
            if taking.last_by.is_none() {
                rows.keep_no_more();
            }
            if let Some(renamed) = rows.renamed() {
                note(taking.quiet, &format!("{}: {renamed}", rows.name()));
            }
            sources.push(rows);
        }
        let rejects = Rejects::new("row", taking.rejects, taking.keep_going)?;
        let check = Check::new(reading, taking.strict);
        Ok(Self { sources, map, taking, check, rejects, counts: Counts::default(), tables: 0, marred: 0 })
    }

    /// Takes every row. What became of them.
    pub(crate) fn run(mut self, onlooker: &mut impl Onlooker) -> Result<Counts> {
        let mut sources = std::mem::take(&mut self.sources);
        if sources.iter().all(Rows::is_empty) {
            let names: Vec<_> = sources.iter().map(Rows::name).collect();
            bail!("{}: no rows", names.join(", "));
        }
        let sizes = sources.iter().map(|rows| rows.blocks().source.size());
        let mut progress = Passed::over("rows", sizes, true, self.taking.quiet);
        let older = self.taking.last_by.map(|column| Older::survey(column, &mut sources)).transpose()?;
        for rows in &mut sources {
            if rows.is_empty() {
                note(self.taking.quiet, &format!("{}: is empty", rows.name()));
                continue;
            }
            self.rejects.expect_header(rows.name(), rows.header())?;
            if rows.is_decoded() {
                self.rejects.mark();
            }
            if let Some(columns) = rows.columns() {
                onlooker.columns(columns);
                self.tables += 1;
                for (name, column) in self.map.into_iter().flat_map(|map| map.misspelt(columns)) {
                    let (name, column) = (Found::text(name), Found::text(column));
                    note(self.taking.quiet, &format!("{}: no column {name}; did you mean {column}?", rows.name()));
                }
            }
            self.source(rows, older.as_ref(), onlooker, &mut progress)?;
            if onlooker.gone() {
                return Ok(self.counts);
            }
            rows.unchanged()?;
            progress.pass(rows.blocks().offset());
            if !rows.has_list() {
                bail!("{}: no list at \"{}\" in it", rows.name(), self.taking.form.at.join("."));
            }
        }
        drop(progress);
        self.conclude()
    }

    /// Takes every row of one source.
    fn source(
        &mut self,
        rows: &mut Rows,
        older: Option<&Older>,
        onlooker: &mut impl Onlooker,
        progress: &mut Passed,
    ) -> Result<()> {
        let before = self.counts.read;
        while !onlooker.gone() {
            progress.at(rows.blocks().offset(), self.counts.read);
            let step = rows.next()?;
            match step {
                Step::End => break,
                Step::Trailer => {
                    self.counts.trailers += 1;
                    continue;
                }
                Step::Row | Step::Fault(_) | Step::Broken(_) => self.counts.read += 1,
            }
            let number = self.counts.read - before;
            let index = usize::try_from(self.counts.read - 1).unwrap_or(usize::MAX);
            if older.is_some_and(|older| older.has(index)) {
                self.counts.older += 1;
                continue;
            }
            match step {
                Step::Broken(fault) => {
                    let to_line_end = rows.is_lines() || !self.taking.keep_going;
                    let fault = if to_line_end { fault } else { fault.and("the rest of the file is not read") };
                    self.reject(rows, number, &fault)?;
                    rows.skip_broken(|piece| self.rejects.keep_piece(piece))?;
                    self.rejects.keep_piece(b"\n")?;
                }
                Step::Fault(fault) => {
                    self.reject(rows, number, &fault)?;
                    self.rejects.keep(rows.raw())?;
                }
                Step::Row => {
                    if let Err(fault) = self.row(rows, number, onlooker)? {
                        self.reject(rows, number, &fault)?;
                        self.rejects.keep(rows.raw())?;
                    }
                }
                Step::Trailer | Step::End => {}
            }
        }
        Ok(())
    }

    fn reject(&mut self, rows: &Rows, number: u64, fault: &Fault) -> Result<()> {
        self.counts.rejected += 1;
        self.rejects.take(rows.name(), number, fault)
    }

    /// Maps one row, and hands what it gives to the onlooker.
    fn row(&mut self, rows: &Rows, number: u64, onlooker: &mut impl Onlooker) -> Result<Result<(), Fault>> {
        self.marred += u64::from(memchr::memmem::find(rows.raw(), "\u{fffd}".as_bytes()).is_some());
        let row = match rows.value() {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        onlooker.row(&row);
        let Some(map) = self.map else { return Ok(Ok(())) };
        let place = rows.place();
        let lines = match self.lines(map, row, row_place(rows.name(), place, number)) {
            Ok(lines) => lines,
            Err(failure) => return Ok(Err(fault(map, rows, &failure))),
        };
        let interactions = match self.check.interactions(&lines) {
            Ok(interactions) => interactions,
            Err(failure) => return Ok(Err(fault(map, rows, &failure))),
        };
        if interactions.is_empty() {
            self.counts.dropped += 1;
            return Ok(Ok(()));
        }
        self.counts.mapped += 1;
        self.counts.interactions += interactions.len() as u64;
        onlooker.mapped(&interactions, &lines)?;
        Ok(Ok(()))
    }

    /// Everything that the map gives for a row, each as one line.
    fn lines(&self, map: &Map, row: Val, place: Val) -> Result<Vec<String>, Failure> {
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

    /// What is said once all rows have been taken.
    fn conclude(mut self) -> Result<Counts> {
        let quiet = self.taking.quiet;
        self.check.tell_unknown(quiet);
        if self.counts.read == 0 && self.tables > 0 {
            note(quiet, "there is a header and no row under it");
        }
        if self.marred > 0 {
            let hold = if self.marred == 1 { "holds" } else { "hold" };
            let rows = count(self.marred, "row");
            note(quiet, &format!("{rows} {hold} \u{fffd}, which stands for a lost character; is --encoding right?"));
        }
        let rejected = self.rejects.conclude()?;
        if rejected > 0 && rejected == self.counts.read - self.counts.older {
            self.counts.tell();
            bail!("every row was rejected");
        }
        Ok(self.counts)
    }
}

/// What a map sees as `$row`.
fn row_place(file: &str, place: Place, number: u64) -> Val {
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
fn fault(map: &Map, rows: &Rows, failure: &Failure) -> Fault {
    let place = if failure.no_column && rows.columns().is_some() {
        Some(Place::START)
    } else {
        failure.found.as_deref().and_then(|found| rows.place_of(found))
    };
    let fault = Fault::new(place.unwrap_or_else(|| rows.place()), format!("{}: {}", map.name(), failure.message));
    let lacking = failure.no_column || failure.found.as_deref() == Some("nothing");
    let list = rows.value().ok().filter(|_| lacking && rows.columns().is_none()).and_then(|row| list_inside(&row, 1));
    match list {
        Some(list) => fault.and(&format!("if the rows stand in a list inside, say --at {list}")),
        None => fault,
    }
}
