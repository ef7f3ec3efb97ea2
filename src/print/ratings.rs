//! Ratings as a table for people: when, who, where, level, why.

use anyhow::Result;
use comfy_table::{Cell, Color};
use serveup::{Half, Level, Model, Rating};
use unicode_width::UnicodeWidthStr;

use super::table::{heading, label, middle_out, paragraph, path_end, plain, set_widths, shortened, shown};
use crate::messages::{count, grouped};
use crate::output::Output;
use crate::settings::Look;

/// How many rows are laid out and printed together.
const BATCH: usize = 500;

/// No terminal has room for more of a name.
const LONGEST_NAME: usize = 100;

/// From this width of its column on, the reasons are given in full.
const ROOM_FOR_REASONS: usize = 50;

/// A table that grows batch by batch; the first batch decides the widths.
pub(crate) struct RatingTable<'m> {
    model: &'m Model,
    look: Look,
    output: Output,
    waiting: Vec<Line>,
    widths: Option<[u16; 5]>,
    tally: Tally,
}

/// One rating as people read it.
struct Line {
    when: String,
    who: String,
    place: String,
    level: String,
    brief: String,
    reasons: String,
    color: Option<Color>,
}

/// The counts of the last line.
#[derive(Default)]
struct Tally {
    levels: [u64; 6],
    slid: [u64; 6],
    unremarked: u64,
    failures: u64,
}

impl<'m> RatingTable<'m> {
    pub(crate) fn new(model: &'m Model, look: Look, output: Output) -> Self {
        Self { model, look, output, waiting: Vec::new(), widths: None, tally: Tally::default() }
    }

    pub(crate) const fn gone(&self) -> bool {
        self.output.gone()
    }

    pub(crate) fn count(&self) -> u64 {
        self.tally.levels.iter().sum()
    }

    /// Takes one rating, explained with labels.
    pub(crate) fn row(&mut self, rating: &Rating<'_>) -> Result<()> {
        self.tally.take(rating);
        let (brief, reasons) = match &rating.details {
            Some(details) => (shown(&details.brief), shown(&details.why.join(" · "))),
            None => (String::new(), String::new()),
        };
        self.waiting.push(Line {
            when: rating.outline.at.as_deref().map(shown).unwrap_or_default(),
            who: rating.outline.recipient.as_deref().map(|who| middle_out(who, LONGEST_NAME)).unwrap_or_default(),
            place: path_end(&rating.outline.point, LONGEST_NAME),
            level: level_cell(self.model, rating),
            brief,
            reasons,
            color: if rating.assessment.failure {
                Some(Color::Red)
            } else if rating.assessment.level.half() == Half::Top {
                Some(Color::Green)
            } else {
                None
            },
        });
        if self.waiting.len() >= BATCH { self.lay_out() } else { Ok(()) }
    }

    /// Prints the rows that wait.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.lay_out()?;
        self.output.flush_now()
    }

    /// Prints what waits and the line of counts.
    pub(crate) fn close(mut self) -> Result<()> {
        self.lay_out()?;
        let width = usize::from(self.look.width);
        let gap = if self.count() > 0 { "\n" } else { "" };
        let end = format!("{gap}{}", paragraph(&self.tally.in_words(self.model), width));
        self.output.put(end.as_bytes())?;
        self.output.finish()
    }

    fn lay_out(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let first = self.widths.is_none();
        let widths = *self.widths.get_or_insert_with(|| widths(&self.waiting, usize::from(self.look.width)));
        let [when, who, place, _, why] = widths.map(usize::from);
        let mut table = plain(self.look.width, self.look.color);
        if first && self.look.header {
            table.set_header(heading(&["when", "who", "where", "level", "why"], self.look.color));
        }
        for line in self.waiting.drain(..) {
            let why = if why >= ROOM_FOR_REASONS { line.reasons } else { shortened(&line.brief, why * 4) };
            let level = Cell::new(line.level);
            table.add_row(vec![
                Cell::new(shortened(&short_when(&line.when, when), when)),
                Cell::new(middle_out(&line.who, who)),
                Cell::new(path_end(&line.place, place)),
                match line.color.filter(|_| self.look.color) {
                    Some(color) => level.fg(color),
                    None => level,
                },
                Cell::new(why),
            ]);
        }
        set_widths(&mut table, &widths);
        self.output.put(table.trim_fmt().as_bytes())?;
        self.output.put(b"\n")
    }
}

/// `2 basic, slid`; a failure is marked `!`. Without colour the rank and the words tell all.
fn level_cell(model: &Model, rating: &Rating<'_>) -> String {
    let mark = if rating.assessment.failure { "!" } else { " " };
    let slid = if rating.assessment.reason.slid() { ", slid" } else { "" };
    format!("{mark}{} {}{slid}", rating.assessment.level.rank(), label(model, rating.assessment.level))
}

/// A time cut to the day or the minute, whatever fits.
fn short_when(when: &str, width: usize) -> String {
    let end = if width >= 16 { 16 } else { 10 };
    when.get(..end).unwrap_or(when).replace('T', " ")
}

/// Column widths that use the terminal: the level whole, the rest by need.
fn widths(lines: &[Line], width: usize) -> [u16; 5] {
    let longest = |text: fn(&Line) -> &str| lines.iter().map(|line| text(line).width()).max().unwrap_or(0);
    let when = match longest(|line| &line.when) {
        0 => 4,
        1..=10 => 10,
        _ if width >= 100 => 16,
        _ => 10,
    };
    let level = longest(|line| &line.level).clamp(5, width / 3);
    // on a terminal too narrow for this the lines are wider than it
    let rest = width.saturating_sub(when + level + 4 * 2).max(20);
    let who = longest(|line| &line.who).clamp(3, rest / 4);
    let place = longest(|line| &line.place).clamp(5, rest / 3);
    let why = rest - who - place;
    [when, who, place, level, why].map(|column| u16::try_from(column).unwrap_or(u16::MAX))
}

impl Tally {
    fn take(&mut self, rating: &Rating<'_>) {
        self.levels[rating.assessment.level.index()] += 1;
        self.slid[rating.assessment.level.index()] += u64::from(rating.assessment.reason.slid());
        self.unremarked += u64::from(rating.assessment.reason == serveup::Reason::Unremarked);
        self.failures += u64::from(rating.assessment.failure);
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
