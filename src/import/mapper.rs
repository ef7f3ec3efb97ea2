//! What a thread does with rows: by the mapper of a preset, or else the map.

use std::sync::Arc;

use jaq_json::Val;

use super::batch::{Batch, Row, What};
use super::check::{Check, WithUnknown};
use super::map::{Compiled, Failure, Map};
use super::sandbox::text_of;
use super::typed::{Beside, Given, TableMapper, Typed, Unusual};
use crate::read::fast::chunk::Chunk;
use crate::read::fast::objects::{Between, next_record};
use crate::read::object::{self, Read};
use crate::read::record_error::{Position, RecordError};
use crate::read::recorded::RecordSource;
use crate::wording::grouped;
use crate::{Instant, Interaction, Reading};

/// How many interactions a row may give.
const MOST: usize = 100_000;

/// What all threads know that map the rows of a source.
pub(super) struct Job<'j, 'm> {
    pub(super) map: Option<&'j Map>,
    pub(super) reading: &'j Reading<'m>,
    /// As of when what is still open is judged.
    pub(super) as_of: Option<Instant>,
    /// The columns of a table, and where its header stands.
    pub(super) table: Option<(Vec<String>, Position)>,
    /// Whether interactions are wanted as lines, too.
    pub(super) lines: bool,
}

/// What became of a row.
pub(super) enum Outcome {
    /// It is not mapped: it is only looked at, or it is none.
    Unmapped,
    /// It gave something.
    Gave(Gave),
    /// The map leaves it out, for this reason.
    LeftOut(String),
    /// It cannot be taken.
    Faulty(RecordError),
}

/// What a row gave.
pub(super) struct Gave {
    pub(super) interactions: Vec<Interaction<'static>>,
    /// The unknown fields of each; nothing where none can have any.
    pub(super) unknown: Vec<Vec<String>>,
    /// Their lines, if those are wanted.
    pub(super) lines: Vec<String>,
    /// Why parts of it were left out.
    pub(super) left_out: Vec<String>,
}

/// Rows that were mapped.
pub(super) struct Done {
    pub(super) batch: Batch,
    /// What became of each.
    pub(super) outcomes: Vec<Outcome>,
    /// Which of them have the replacement character for lost characters.
    pub(super) marred: Vec<usize>,
    /// What of a chunk is left to the reader that goes row by row, and where that starts.
    pub(super) rest: Option<(Vec<u8>, Position)>,
}

/// Maps rows, on one thread.
pub(super) struct Mapper<'j, 'm> {
    job: &'j Job<'j, 'm>,
    check: Check<'m>,
    table: Option<Box<dyn TableMapper>>,
    /// The names of the columns, and `$as_of`, as the map sees them.
    keys: Vec<Val>,
    as_of: Val,
    /// Compiled with the first row that needs it.
    compiled: Option<Compiled>,
}

impl<'j, 'm> Mapper<'j, 'm> {
    pub(super) fn new(job: &'j Job<'j, 'm>) -> Self {
        let columns = job.table.as_ref().map(|(columns, _)| columns.as_slice());
        let table = match (job.map.and_then(Map::typed), columns) {
            (Some(Typed::Table(find)), Some(columns)) => find(columns),
            _ => None,
        };
        Self {
            job,
            check: Check::new(job.reading.clone()),
            table,
            keys: keys(columns.unwrap_or_default()),
            as_of: job.as_of.map_or(Val::Null, |instant| Val::utf8_str(instant.to_string())),
            compiled: None,
        }
    }

    /// Maps all rows of a batch.
    pub(super) fn map(&mut self, batch: Batch) -> Done {
        let lost = memchr::memmem::Finder::new("\u{fffd}");
        let (mut outcomes, mut marred) = (Vec::new(), Vec::new());
        for row in batch.rows() {
            // which of them count is known where they are taken
            if lost.find(row.raw()).is_some() {
                marred.push(outcomes.len());
            }
            outcomes.push(match (row.what(), self.job.map) {
                (What::Faulty(fault), _) => Outcome::Faulty(fault.clone()),
                (What::Row, Some(map)) => self.by_mapper(map, row).unwrap_or_else(|| self.by_map(map, row)),
                (What::Row, None) => row.value(&self.keys, None).map_or_else(Outcome::Faulty, |_| Outcome::Unmapped),
                (What::Superseded | What::Trailer, _) => Outcome::Unmapped,
            });
        }
        Done { batch, outcomes, marred, rest: None }
    }

    /// Maps all rows of a chunk, up to the first that is left to the reader that goes row by row. Where rows end is
    /// guessed, and proven by reading them.
    pub(super) fn map_chunk(&mut self, chunk: Chunk, between: Between, name: &Arc<str>) -> Done {
        let lost = memchr::memmem::Finder::new("\u{fffd}");
        let (mut batch, mut position) = Batch::of_chunk(name, chunk);
        // `position` is that of the byte `from`, where the last row starts, and `at` is where it ends
        let (mut outcomes, mut marred, mut from, mut at) = (Vec::new(), Vec::new(), 0, 0);
        let rest = loop {
            let Some(start) = next_record(batch.bytes(), at, between) else {
                let place = position.behind(&batch.bytes()[from..at]);
                break (at < batch.bytes().len()).then(|| (batch.bytes()[at..].to_vec(), place));
            };
            let place = position.behind(&batch.bytes()[from..start]);
            let end = start + length_of_row(&batch.bytes()[start..], between);
            let row = batch.find(start..end, place);
            let is_marred = lost.find(row.raw()).is_some();
            let Some(outcome) = self.proven(row) else {
                let place = position.behind(&batch.bytes()[from..at]);
                break Some(batch.lose(at, place));
            };
            if is_marred {
                marred.push(outcomes.len());
            }
            outcomes.push(outcome);
            (position, from, at) = (place, start, end);
        };
        Done { batch, outcomes, marred, rest }
    }

    /// What becomes of a row, if it is one. What the mapper understands is.
    fn proven(&mut self, row: Row<'_>) -> Option<Outcome> {
        let map = self.job.map?;
        if let Some(outcome) = self.by_mapper(map, row) {
            return Some(outcome);
        }
        let text = row.text()?;
        let is_whole = matches!(object::read_value(text.as_bytes()), Read::Whole(length) if length == text.len());
        (is_whole && !object::too_deep(text.as_bytes())).then(|| self.by_map(map, row))
    }

    /// What the mapper makes of a row, if it understands it.
    fn by_mapper(&self, map: &Map, row: Row<'_>) -> Option<Outcome> {
        let beside = Beside { number: row.number(), as_of: self.job.as_of, zone: map.zone() };
        let mut given = Vec::new();
        let mapped = match (map.typed()?, &self.table) {
            (Typed::Json(mapper), _) => mapper(row.text().filter(|text| !has_halves(text))?, &beside, &mut given),
            (Typed::Table(_), Some(mapper)) => mapper.row(&row.cells()?, &beside, &mut given),
            (Typed::Table(_), None) => return None,
        };
        match mapped {
            Err(Unusual::Odd) => return None,
            Err(Unusual::LeftOut(why)) => return Some(Outcome::LeftOut(why.to_owned())),
            Ok(()) => {}
        }
        let mut interactions = Vec::with_capacity(given.len());
        for given in &mut given {
            if let Some(at) = given.at.as_deref().and_then(|at| self.check.as_records_have_it(at)) {
                given.at = Some(at.into());
            }
            interactions.push(given.check(self.job.reading).ok()?.into_owned());
        }
        let lines = if self.job.lines { given.iter().map(Given::line).collect() } else { Vec::new() };
        let (unknown, left_out) = (Vec::new(), Vec::new());
        Some(Outcome::Gave(Gave { interactions, unknown, lines, left_out }))
    }

    /// What the map makes of a row. What it cannot see of it is not made a value, unless something is wrong.
    fn by_map(&mut self, map: &Map, row: Row<'_>) -> Outcome {
        let compiled = match self.compiled.take().map_or_else(|| map.compiled(), Ok) {
            Ok(compiled) => self.compiled.insert(compiled),
            Err(error) => return Outcome::Faulty(RecordError::new(row.position(), error.to_string())),
        };
        let wanted = compiled.wanted.clone();
        match wanted.map(|wanted| self.of_value(map, row, row.value(&self.keys, Some(&wanted)))) {
            None | Some(Outcome::Faulty(_)) => self.of_value(map, row, row.value(&self.keys, None)),
            Some(outcome) => outcome,
        }
    }

    /// What the map makes of a row, as it sees it.
    fn of_value(&mut self, map: &Map, row: Row<'_>, value: Result<Val, RecordError>) -> Outcome {
        let value = match value {
            Ok(value) => value,
            Err(fault) => return Outcome::Faulty(fault),
        };
        let (lines, left_out) = match self.lines(map, row, &value) {
            Ok(given) => given,
            Err(failure) if failure.left_out => return Outcome::LeftOut(failure.message),
            Err(failure) => return Outcome::Faulty(self.fault(map, row, &value, &failure)),
        };
        match self.check.interactions(&lines) {
            Ok(interactions) => {
                let owned = |(interaction, unknown): WithUnknown<'_>| (interaction.into_owned(), unknown);
                let (interactions, unknown) = interactions.into_iter().map(owned).unzip();
                let lines = if self.job.lines { lines } else { Vec::new() };
                Outcome::Gave(Gave { interactions, unknown, lines, left_out })
            }
            Err((index, problem)) => {
                let failure = Failure::of_problem(&problem, (lines.len() > 1).then_some(index + 1));
                Outcome::Faulty(self.fault(map, row, &value, &failure))
            }
        }
    }

    /// Everything that the map gives for a row, each as one line, and why it left out parts.
    fn lines(&self, map: &Map, row: Row<'_>, value: &Val) -> Result<(Vec<String>, Vec<String>), Failure> {
        let (mut lines, mut left_out) = (Vec::new(), Vec::new());
        let Some(compiled) = &self.compiled else { return Ok((lines, left_out)) };
        compiled.run(map, [value, &row_place(row), &self.as_of], |given| {
            if let Some(why) = part_left_out(&given) {
                left_out.push(why);
                return Ok(());
            }
            if lines.len() == MOST {
                let most = grouped(MOST as u64);
                return Err(Failure::plain(format!(
                    "returned more than {most} interactions for one row; check that it ends"
                )));
            }
            lines.push(self.check.write(given)?);
            Ok(())
        })?;
        Ok((lines, left_out))
    }

    /// A failure of the map, at the place in the row that it is about.
    fn fault(&self, map: &Map, row: Row<'_>, value: &Val, failure: &Failure) -> RecordError {
        let header = self.job.table.as_ref().map(|(_, header)| *header);
        let place = match header {
            Some(header) if failure.no_column => Some(header),
            _ => failure.found.as_deref().and_then(|found| row.position_of(found)),
        };
        let place = place.unwrap_or_else(|| row.position());
        let fault = RecordError::new(place, format!("{}: {}", map.name(), failure.message));
        let lacking = failure.no_column || failure.found.as_deref() == Some("missing");
        let list = (lacking && header.is_none()).then(|| list_inside(value, 1)).flatten();
        match list {
            Some(list) => fault.and(&format!("if the rows are in a list inside, add --at {list}")),
            None => fault,
        }
    }
}

/// How long the row is that bytes start with, as it seems: up to the end of the line, or as far as it is JSON.
fn length_of_row(bytes: &[u8], between: Between) -> usize {
    match between {
        Between::Lines => {
            let line = memchr::memchr(b'\n', bytes).map_or(bytes, |newline| &bytes[..newline]);
            line.trim_ascii_end().len()
        }
        Between::Commas => match object::read_value(bytes) {
            Read::Whole(length) => length,
            Read::Short(_) | Read::Broken(_) => bytes.len(),
        },
    }
}

/// Why a part of the row is left out, if that is what the map gave.
fn part_left_out(given: &Val) -> Option<String> {
    let Val::Obj(members) = given else { return None };
    let why = members.get(&Val::utf8_str("left_out")).filter(|_| members.len() == 1)?;
    Some(text_of(why))
}

/// The names of columns as the keys of rows.
pub(super) fn keys(columns: &[String]) -> Vec<Val> {
    columns.iter().map(|name| Val::utf8_str(name.clone())).collect()
}

/// Whether a text of JSON may hold halves of a character, which parsers do not take alike.
fn has_halves(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "\\u").any(|at| matches!(text.as_bytes().get(at + 2), Some(b'd' | b'D')))
}

/// What a map sees as `$row`.
fn row_place(row: Row<'_>) -> Val {
    let count = |number: u64| Val::from(usize::try_from(number).unwrap_or(usize::MAX));
    let line = count(row.position().line);
    let members = [("file", Val::utf8_str(row.name().to_owned())), ("line", line), ("number", count(row.number()))];
    Val::obj(members.into_iter().map(|(key, value)| (Val::utf8_str(key), value)).collect())
}

/// The way to a list of objects inside a row that may be one object with all rows in it.
pub(super) fn list_inside(row: &Val, depth: usize) -> Option<String> {
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
