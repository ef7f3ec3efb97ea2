//! Ratings as a table for people: when, who, where, level, why; and which, where there is room for ids.

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

/// Blanks between two columns.
const GAP: usize = 2;

/// From this width of its column on, the reasons are given in full.
const ROOM_FOR_REASONS: usize = 50;

/// A table that grows batch by batch; the first batch decides the widths.
pub struct RatingTable<'m, W: Write> {
    model: &'m Model,
    style: OutputStyle,
    to: W,
    waiting: Vec<RatingLine>,
    widths: Option<Widths>,
    tally: Tally,
}

/// One rating as people read it.
pub struct RatingLine {
    id: String,
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
            id: outline.id.as_deref().map(|id| middle_out(id, LONGEST_NAME)).unwrap_or_default(),
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
        let widths = *self.widths.get_or_insert_with(|| Widths::of(&self.waiting, usize::from(self.style.width)));
        let mut table = plain(self.style.width, self.style.color);
        let ids = usize::from(widths.id == 0);
        if first && self.style.header {
            let names = ["id", "when", "who", "where", "level", "why"];
            table.set_header(heading(&names[ids..], self.style.color));
        }
        for line in self.waiting.drain(..) {
            let reasons = widths.why >= ROOM_FOR_REASONS;
            let why = if reasons { line.reasons } else { shortened(&line.brief, widths.why * 4) };
            let level = Cell::new(line.level);
            let cells = [
                Cell::new(middle_out(&line.id, widths.id)),
                Cell::new(shortened(&short_when(&line.when, widths.when), widths.when)),
                Cell::new(middle_out(&line.who, widths.who)),
                Cell::new(path_end(&line.place, widths.place)),
                match line.color.filter(|_| self.style.color) {
                    Some(color) => level.fg(color),
                    None => level,
                },
                Cell::new(why),
            ];
            table.add_row(cells.into_iter().skip(ids).collect::<Vec<_>>());
        }
        let Widths { id, when, who, place, level, why } = widths;
        let columns = [id, when, who, place, level, why].map(|column| u16::try_from(column).unwrap_or(u16::MAX));
        set_widths(&mut table, &columns[ids..]);
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

/// How much of who, where and why has to fit beside ids.
const WHO: usize = 16;
const PLACE: usize = 24;
const WHY: usize = 24;

/// How wide the columns are, in cells of the terminal.
#[derive(Clone, Copy)]
struct Widths {
    /// 0 where ids are not shown.
    id: usize,
    when: usize,
    who: usize,
    place: usize,
    level: usize,
    why: usize,
}

impl Widths {
    /// Widths that use the terminal: the level whole, the rest by need; ids only where nothing else has to
    /// give way to them.
    fn of(lines: &[RatingLine], width: usize) -> Self {
        let longest = |text: fn(&RatingLine) -> &str| lines.iter().map(|line| text(line).width()).max().unwrap_or(0);
        let when = match longest(|line| &line.when) {
            0 => 4,
            1..=10 => 10,
            _ if width >= 100 => 16,
            _ => 10,
        };
        let level = longest(|line| &line.level).clamp(5, width / 3);
        // on a terminal too narrow for this the lines are wider than it
        let rest = width.saturating_sub(when + level + 4 * GAP).max(20);
        let (who, place) = (longest(|line| &line.who), longest(|line| &line.place));
        let whole = who.clamp(3, WHO) + place.clamp(5, PLACE) + longest(|line| &line.brief).clamp(3, WHY);
        let id = longest(|line| &line.id);
        let id = if id > 0 && whole + id.max(2) + GAP <= rest { id.max(2) } else { 0 };
        let (rest, least_who, least_place) = if id > 0 { (rest - id - GAP, WHO, PLACE) } else { (rest, 3, 5) };
        let who = who.clamp(3, (rest / 4).max(least_who));
        let place = place.clamp(5, (rest / 3).max(least_place));
        Self { id, when, who, place, level, why: rest - who - place }
    }
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
