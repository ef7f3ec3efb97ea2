//! Ratings as a table for people: when, who, where, level, why.

use std::io::{self, Write};

use crate::{Half, Level, Model, Rating, Reason};
use comfy_table::{Cell, Color};
use unicode_width::UnicodeWidthStr;

use crate::print::OutputStyle;
use crate::print::table::{
    heading, label, middle_out, paragraph, path_end, plain, set_widths, shortened, shown, written_day,
};
use crate::wording::{count, grouped};

/// How many rows are laid out and printed together.
const BATCH: usize = 500;

/// No terminal has room for more of a name.
const LONGEST_NAME: usize = 100;

/// From this width of its column on, the reasons are given in full.
const ROOM_FOR_REASONS: usize = 50;

/// A table that grows batch by batch; the first batch decides the widths.
pub struct RatingTable<'m, W: Write> {
    model: &'m Model,
    style: OutputStyle,
    to: W,
    waiting: Vec<RatingLine>,
    widths: Option<[u16; 5]>,
    tally: Tally,
}

/// One rating as people read it.
pub struct RatingLine {
    when: String,
    who: String,
    place: String,
    level: String,
    brief: String,
    reasons: String,
    color: Option<Color>,
    level_of: Level,
    slid: bool,
    unremarked: bool,
    failure: bool,
}

/// The counts of the last line.
#[derive(Default)]
struct Tally {
    levels: [u64; 6],
    slid: [u64; 6],
    unremarked: u64,
    failures: u64,
}

impl RatingLine {
    /// The line of a rating, explained with labels.
    #[must_use]
    pub fn of(model: &Model, rating: &Rating<'_>) -> Self {
        let Rating { outline, assessment, details } = rating;
        let (brief, reasons) = match details {
            Some(details) => (shown(&details.brief), shown(&details.why.join(" · "))),
            None => (String::new(), String::new()),
        };
        Self {
            when: outline.at.as_deref().map(shown).unwrap_or_default(),
            who: outline.recipient.as_deref().map(|who| middle_out(who, LONGEST_NAME)).unwrap_or_default(),
            place: path_end(&outline.point, LONGEST_NAME),
            level: level_cell(model, rating),
            brief,
            reasons,
            color: if assessment.failure {
                Some(Color::Red)
            } else if assessment.level.half() == Half::Top {
                Some(Color::Green)
            } else {
                None
            },
            level_of: assessment.level,
            slid: assessment.reason.slid(),
            unremarked: assessment.reason == Reason::Unremarked,
            failure: assessment.failure,
        }
    }
}

impl<'m, W: Write> RatingTable<'m, W> {
    /// A table with nothing in it yet.
    pub fn new(model: &'m Model, style: OutputStyle, to: W) -> Self {
        Self { model, style, to, waiting: Vec::new(), widths: None, tally: Tally::default() }
    }

    /// Where it is printed to.
    pub const fn get_ref(&self) -> &W {
        &self.to
    }

    /// How many rows it has.
    pub fn count(&self) -> u64 {
        self.tally.levels.iter().sum()
    }

    /// Takes one line.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn row(&mut self, line: RatingLine) -> io::Result<()> {
        self.tally.take(&line);
        self.waiting.push(line);
        if self.waiting.len() >= BATCH { self.lay_out() } else { Ok(()) }
    }

    /// Prints the rows that wait.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.lay_out()?;
        self.to.flush()
    }

    /// Prints what waits and the line of counts, and gives the writer back.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn close(mut self) -> io::Result<W> {
        self.lay_out()?;
        let width = usize::from(self.style.width);
        let gap = if self.count() > 0 { "\n" } else { "" };
        let end = format!("{gap}{}", paragraph(&self.tally.in_words(self.model), width));
        self.to.write_all(end.as_bytes())?;
        Ok(self.to)
    }

    fn lay_out(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let first = self.widths.is_none();
        let widths = *self.widths.get_or_insert_with(|| widths(&self.waiting, usize::from(self.style.width)));
        let [when, who, place, _, why] = widths.map(usize::from);
        let mut table = plain(self.style.width, self.style.color);
        if first && self.style.header {
            table.set_header(heading(&["when", "who", "where", "level", "why"], self.style.color));
        }
        for line in self.waiting.drain(..) {
            let why = if why >= ROOM_FOR_REASONS { line.reasons } else { shortened(&line.brief, why * 4) };
            let level = Cell::new(line.level);
            table.add_row(vec![
                Cell::new(shortened(&short_when(&line.when, when), when)),
                Cell::new(middle_out(&line.who, who)),
                Cell::new(path_end(&line.place, place)),
                match line.color.filter(|_| self.style.color) {
                    Some(color) => level.fg(color),
                    None => level,
                },
                Cell::new(why),
            ]);
        }
        set_widths(&mut table, &widths);
        self.to.write_all((table.trim_fmt() + "\n").as_bytes())
    }
}

/// `2 basic, slid`; a failure is marked `!`. Without colour the rank and the words carry the
/// meaning.
fn level_cell(model: &Model, rating: &Rating<'_>) -> String {
    let mark = if rating.assessment.failure { "!" } else { " " };
    let slid = if rating.assessment.reason.slid() { ", slid" } else { "" };
    format!("{mark}{} {}{slid}", rating.assessment.level.rank(), label(model, rating.assessment.level))
}

/// A time cut to the day or the minute, whatever fits.
fn short_when(when: &str, width: usize) -> String {
    if width < 16 {
        return written_day(when).to_owned();
    }
    let as_records_have_it = when.as_bytes().get(4) == Some(&b'-');
    when.get(..16).filter(|_| as_records_have_it).map_or_else(|| when.to_owned(), |minute| minute.replace('T', " "))
}

/// Column widths that use the terminal: the level whole, the rest by need.
fn widths(lines: &[RatingLine], width: usize) -> [u16; 5] {
    let longest = |text: fn(&RatingLine) -> &str| lines.iter().map(|line| text(line).width()).max().unwrap_or(0);
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
    fn take(&mut self, line: &RatingLine) {
        self.levels[line.level_of.index()] += 1;
        self.slid[line.level_of.index()] += u64::from(line.slid);
        self.unremarked += u64::from(line.unremarked);
        self.failures += u64::from(line.failure);
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
