//! Ratings as a table for people: when, who, where, level, why; and which, where there is room for ids.

mod layout;

use std::io::{self, Write};

use layout::Line;

pub use layout::Layout;

use crate::print::lines::Lines;
use crate::print::table::{hidden_columns, label, paragraph};
use crate::rating::why::RatedMoment;
use crate::wording::{count, grouped};
use crate::{InteractionRef, Level, Model, Reason};

/// How many rows decide the widths.
const FIRST: usize = 500;

/// A table that grows; its first rows decide the widths.
pub struct RatingTable<'l, 'm, W: Write> {
    layout: &'l Layout<'m>,
    to: W,
    /// The rows that are to decide.
    waiting: Vec<Line>,
    tally: Tally,
}

/// Some rows of a table, made by the caller that has them.
pub struct TableRows<'l, 'm> {
    layout: &'l Layout<'m>,
    /// Those that are laid out, if the widths were known when this was begun.
    lines: Option<Lines>,
    /// The others.
    waiting: Vec<Line>,
    tally: Tally,
}

/// The counts of the last line.
#[derive(Default)]
struct Tally {
    levels: [u64; 6],
    slid: [u64; 6],
    unremarked: u64,
    failures: u64,
}

impl<'l, 'm> TableRows<'l, 'm> {
    /// No rows yet.
    #[must_use]
    pub fn new(layout: &'l Layout<'m>) -> Self {
        Self { layout, lines: layout.begin(), waiting: Vec::new(), tally: Tally::default() }
    }

    /// Adds the row of a moment with this outline.
    pub fn row(&mut self, moment: &RatedMoment<'_, '_>, outline: &InteractionRef<'_>) {
        self.tally.take(moment);
        let line = self.layout.line(moment, outline);
        match &mut self.lines {
            Some(lines) => self.layout.lay_out(line, lines),
            None => self.waiting.push(line),
        }
    }
}

impl<'l, 'm, W: Write> RatingTable<'l, 'm, W> {
    /// A table with nothing in it yet.
    pub fn new(layout: &'l Layout<'m>, to: W) -> Self {
        Self { layout, to, waiting: Vec::new(), tally: Tally::default() }
    }

    /// Where it is printed to.
    pub const fn get_ref(&self) -> &W {
        &self.to
    }

    /// How many rows it has.
    pub fn count(&self) -> u64 {
        self.tally.levels.iter().sum()
    }

    /// Prints rows.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn append(&mut self, rows: TableRows<'_, '_>) -> io::Result<()> {
        let TableRows { lines, waiting, tally, .. } = rows;
        self.tally.add(&tally);
        self.waiting.extend(waiting);
        if self.waiting.len() >= FIRST || self.layout.is_decided() {
            self.print_waiting()?;
        }
        lines.map_or(Ok(()), |lines| self.to.write_all(lines.into_text().as_bytes()))
    }

    /// Prints the rows that wait.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.print_waiting()?;
        self.to.flush()
    }

    /// Prints what waits and the line of counts, and gives the writer back.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn close(mut self) -> io::Result<W> {
        self.print_waiting()?;
        let width = usize::from(self.layout.style.width);
        let gap = if self.count() > 0 { "\n" } else { "" };
        let hidden = hidden_columns(&[(self.layout.hides_ids(), "id")], width);
        let end = format!("{gap}{hidden}{}", paragraph(&self.tally.in_words(self.layout.model), width));
        self.to.write_all(end.as_bytes())?;
        Ok(self.to)
    }

    fn print_waiting(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut lines = self.layout.decide(&self.waiting[..self.waiting.len().min(FIRST)]);
        for line in self.waiting.drain(..) {
            self.layout.lay_out(line, &mut lines);
        }
        self.to.write_all(lines.into_text().as_bytes())
    }
}

impl Tally {
    fn take(&mut self, moment: &RatedMoment<'_, '_>) {
        let (level, reason) = (moment.assessment.level.index(), moment.assessment.reason);
        self.levels[level] += 1;
        self.slid[level] += u64::from(reason.slid());
        self.unremarked += u64::from(reason == Reason::Unremarked);
        self.failures += u64::from(moment.assessment.failure);
    }

    fn add(&mut self, more: &Self) {
        let pairs = self.levels.iter_mut().zip(more.levels).chain(self.slid.iter_mut().zip(more.slid));
        pairs.for_each(|(count, more)| *count += more);
        self.unremarked += more.unremarked;
        self.failures += more.failures;
    }

    fn in_words(&self, model: &Model) -> String {
        let total = self.levels.iter().sum();
        if total == 0 {
            return "no interactions to report".to_owned();
        }
        let levels = Level::ALL.into_iter().filter(|level| self.levels[level.index()] > 0).map(|level| {
            let number = grouped(self.levels[level.index()]);
            let label = label(model, level);
            let mut parts = Vec::new();
            if self.slid[level.index()] > 0 {
                parts.push(format!("{} only slid", grouped(self.slid[level.index()])));
            }
            if level == Level::BASELINE && self.unremarked > 0 {
                parts.push(format!("{} unremarked", grouped(self.unremarked)));
            }
            let aside = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
            format!("{number} {label}{aside}")
        });
        let levels = levels.collect::<Vec<_>>().join(", ");
        format!("{}: {levels}; {}", count(total, "interaction"), count(self.failures, "failure"))
    }
}
