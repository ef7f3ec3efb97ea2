//! The lines of a table of ratings: how wide its columns are, and what stands in them.

use std::sync::OnceLock;

use crate::print::OutputStyle;
use crate::print::lines::{Color, GAP, Lines};
use crate::print::table::{label, middle_out, path_end, shortened, shown, width_of, written_day};
use crate::rating::why::RatedMoment;
use crate::{Half, InteractionRef, Level, LevelWording, Model, Reason};

/// No terminal has room for more of a name.
const LONGEST_NAME: usize = 100;

/// From this width of its column on, the reasons are given in full.
const ROOM_FOR_REASONS: usize = 50;

/// How a table of ratings is laid out, shared by the threads that make its lines. The first lines decide the widths.
pub struct Layout<'m> {
    pub(super) model: &'m Model,
    pub(super) style: OutputStyle,
    widths: OnceLock<Widths>,
}

/// One rating as people read it, before the widths are known.
pub(super) struct Line {
    id: String,
    when: String,
    who: String,
    place: String,
    level: String,
    brief: String,
    reasons: String,
    color: Option<Color>,
}

impl<'m> Layout<'m> {
    /// Of a table in this style.
    #[must_use]
    pub const fn new(model: &'m Model, style: OutputStyle) -> Self {
        Self { model, style, widths: OnceLock::new() }
    }

    /// Whether the widths are known.
    pub(super) fn is_decided(&self) -> bool {
        self.widths.get().is_some()
    }

    /// Whether ids are known that there is no room for.
    pub(super) fn hides_ids(&self) -> bool {
        self.widths.get().is_some_and(|widths| widths.hides_ids)
    }

    /// No lines yet, once the widths are known.
    pub(super) fn begin(&self) -> Option<Lines> {
        Some(Lines::new(self.style, self.widths.get()?.columns()))
    }

    /// Decides the widths by these lines, if they are not known, and begins with the names of the columns.
    pub(super) fn decide(&self, lines: &[Line]) -> Lines {
        let mut decided = false;
        let widths = self.widths.get_or_init(|| {
            decided = true;
            Widths::of(lines, usize::from(self.style.width))
        });
        let lines = Lines::new(self.style, widths.columns());
        if decided && self.style.header {
            let names = ["id", "when", "who", "where", "level", "why"];
            return lines.heading(&names[widths.first()..]);
        }
        lines
    }

    /// The line of a moment; with known widths only what they show of it.
    pub(super) fn line(&self, moment: &RatedMoment<'_, '_>, outline: &InteractionRef<'_>) -> Line {
        let assessment = &moment.assessment;
        let in_full = self.widths.get().map(|widths| widths.why >= ROOM_FOR_REASONS);
        Line {
            id: outline.id.as_deref().map(|id| middle_out(id, LONGEST_NAME)).unwrap_or_default(),
            when: outline.at.as_deref().map(shown).unwrap_or_default(),
            who: outline.recipient.as_deref().map(|who| middle_out(who, LONGEST_NAME)).unwrap_or_default(),
            place: path_end(&outline.point, LONGEST_NAME),
            level: level_cell(self.model, assessment.level, assessment.failure, assessment.reason),
            brief: if in_full == Some(true) { String::new() } else { shown(&moment.brief(LevelWording::Labels)) },
            reasons: if in_full == Some(false) {
                String::new()
            } else {
                shown(&moment.why(LevelWording::Labels).join(" · "))
            },
            color: if assessment.failure {
                Some(Color::DarkRed)
            } else if assessment.level.half() == Half::Top {
                Some(Color::DarkGreen)
            } else {
                None
            },
        }
    }

    /// Adds a line to those of the table.
    pub(super) fn lay_out(&self, line: Line, lines: &mut Lines) {
        let Some(widths) = self.widths.get() else { return };
        let why = if widths.why >= ROOM_FOR_REASONS { line.reasons } else { shortened(&line.brief, widths.why * 4) };
        let cells = [
            if widths.id > 0 { middle_out(&line.id, widths.id) } else { String::new() },
            shortened(&short_when(&line.when, widths.when), widths.when),
            middle_out(&line.who, widths.who),
            path_end(&line.place, widths.place),
            line.level,
            why,
        ];
        let cells = &cells[widths.first()..];
        let color = line.color.filter(|_| self.style.color);
        lines.add(cells, color.map(|color| (cells.len() - 2, color)));
    }
}

/// `2 basic, slid`; a failure is marked `!`. Without colour the rank and the words carry the
/// meaning.
fn level_cell(model: &Model, level: Level, failure: bool, reason: Reason) -> String {
    let mark = if failure { "!" } else { " " };
    let slid = if reason.slid() { ", slid" } else { "" };
    [mark, level.rank().to_string().as_str(), " ", &label(model, level), slid].concat()
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
    /// Whether there are ids that are not shown.
    hides_ids: bool,
    when: usize,
    who: usize,
    place: usize,
    level: usize,
    why: usize,
}

impl Widths {
    /// The first column that is shown.
    fn first(&self) -> usize {
        usize::from(self.id == 0)
    }

    /// Those of the columns that are shown.
    fn columns(&self) -> Vec<usize> {
        let Self { id, when, who, place, level, why, .. } = *self;
        [id, when, who, place, level, why][self.first()..].to_vec()
    }

    /// Widths that use the terminal: the level whole, the rest by need; ids only where nothing else has to
    /// give way to them.
    fn of(lines: &[Line], width: usize) -> Self {
        let longest = |text: fn(&Line) -> &str| lines.iter().map(|line| width_of(text(line))).max().unwrap_or(0);
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
        let ids = longest(|line| &line.id);
        let id = if ids > 0 && whole + ids.max(2) + GAP <= rest { ids.max(2) } else { 0 };
        let (rest, least_who, least_place) = if id > 0 { (rest - id - GAP, WHO, PLACE) } else { (rest, 3, 5) };
        let who = who.clamp(3, (rest / 4).max(least_who));
        let place = place.clamp(5, (rest / 3).max(least_place));
        Self { id, hides_ids: id < ids, when, who, place, level, why: rest - who - place }
    }
}
