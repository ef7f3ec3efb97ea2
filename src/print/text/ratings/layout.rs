//! The lines of a table of ratings: how wide its columns are, and what stands in them.

use std::sync::OnceLock;

use comfy_table::{Cell, Color, Table};
use unicode_width::UnicodeWidthStr;

use crate::print::OutputStyle;
use crate::print::table::{
    finished, heading, label, middle_out, path_end, plain, plain_width, shortened, shown, width_of, written_day,
};
use crate::printable::is_plain;
use crate::rating::why::RatedMoment;
use crate::{Half, InteractionRef, Level, LevelWording, Model, Reason};

/// No terminal has room for more of a name.
const LONGEST_NAME: usize = 100;

/// Blanks between two columns.
const GAP: usize = 2;

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

/// The text of lines that have been laid out, one after the other.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    /// The line that is being made.
    padded: String,
    /// Lines that the table of the crate lays out, behind the text.
    open: Option<Table>,
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

    /// Decides the widths by these lines, if they are not known, and lays out the names of the columns.
    pub(super) fn decide(&self, lines: &[Line], text: &mut Text) {
        let mut decided = false;
        let widths = self.widths.get_or_init(|| {
            decided = true;
            Widths::of(lines, usize::from(self.style.width))
        });
        if decided && self.style.header {
            let names = ["id", "when", "who", "where", "level", "why"];
            let mut table = plain(self.style.width, self.style.color);
            table.set_header(heading(&names[widths.first()..], self.style.color));
            text.close(table, widths);
        }
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

    /// Lays out a line, once the widths are known.
    pub(super) fn lay_out(&self, line: Line, text: &mut Text) {
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
        text.add(&cells[widths.first()..], line.color.filter(|_| self.style.color), self.style, widths);
    }

    /// The text of lines that have been laid out.
    pub(super) fn complete(&self, mut text: Text) -> String {
        if let Some(widths) = self.widths.get() {
            text.close_open(widths);
        }
        text.text
    }
}

impl Text {
    fn add(&mut self, cells: &[String], color: Option<Color>, style: OutputStyle, widths: &Widths) {
        let columns = &widths.columns()[widths.first()..];
        if color.is_none() && pad(&mut self.padded, cells, columns) {
            self.close_open(widths);
            self.text.push_str(&self.padded);
            return;
        }
        let level = cells.len() - 2;
        let cells = cells.iter().enumerate().map(|(column, cell)| match color.filter(|_| column == level) {
            Some(color) => Cell::new(cell).fg(color),
            None => Cell::new(cell),
        });
        self.open.get_or_insert_with(|| plain(style.width, style.color)).add_row(cells.collect::<Vec<_>>());
    }

    fn close_open(&mut self, widths: &Widths) {
        if let Some(table) = self.open.take() {
            self.close(table, widths);
        }
    }

    fn close(&mut self, table: Table, widths: &Widths) {
        self.text.push_str(&finished(table, widths.columns().into_iter().skip(widths.first())));
    }
}

/// How wide a cell is that stands on one line; `None` where it takes more than this width.
fn width_in(cell: &str, most: usize) -> Option<usize> {
    let one_line = || (!cell.contains(char::is_control)).then(|| cell.width());
    plain_width(cell).or_else(one_line).filter(|width| *width <= most)
}

fn add_blanks(line: &mut String, mut count: usize) {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let some = count.min(BLANKS.len());
        line.push_str(&BLANKS[..some]);
        count -= some;
    }
}

/// Makes the line of cells as a table lays them out, or the lines where only the last cell takes several; `false` where
/// another one does, or more is in it than plain words.
fn pad(line: &mut String, cells: &[String], columns: &[usize]) -> bool {
    line.clear();
    for (column, (cell, &width)) in cells.iter().zip(columns).enumerate() {
        if let Some(used) = width_in(cell, width) {
            line.push_str(cell);
            add_blanks(line, width - used + GAP);
            continue;
        }
        let is_last = column + 1 == cells.len();
        let Some(parts) = is_last.then(|| broken(cell, width)).flatten() else { return false };
        let indent = columns[..column].iter().map(|width| width + GAP).sum();
        for (place, part) in parts.into_iter().enumerate() {
            if place > 0 {
                line.push('\n');
                add_blanks(line, indent);
            }
            line.push_str(part);
        }
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    true
}

/// A text broken between its words as a table does it; `None` where there is anything else than plain words that fit,
/// with one blank between two.
fn broken(text: &str, width: usize) -> Option<Vec<&str>> {
    if !is_plain(text) {
        return None;
    }
    let (mut lines, mut start, mut end) = (Vec::new(), 0, 0);
    for word in text.split(' ') {
        if word.is_empty() || word.len() > width {
            return None;
        }
        // what comes behind the line that is begun: a blank, and the word
        let place = if end > 0 { end + 1 } else { 0 };
        if place + word.len() - start > width {
            lines.push(&text[start..end]);
            start = place;
        }
        end = place + word.len();
    }
    lines.push(&text[start..end]);
    Some(lines)
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

    const fn columns(&self) -> [usize; 6] {
        let Self { id, when, who, place, level, why, .. } = *self;
        [id, when, who, place, level, why]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_lines_are_laid_out_as_a_table_does() {
        let style = OutputStyle {
            format: crate::print::Format::Table,
            header: false,
            escape_formulas: false,
            color: false,
            width: 60,
        };
        let widths = Widths { id: 3, hides_ids: false, when: 4, who: 5, place: 6, level: 7, why: 8 };
        let texts = [
            "",
            "a",
            "abc",
            " ab",
            "a b",
            "abcd ",
            "  ",
            "~!\\|<&",
            "abcdefgh",
            "日",
            "é",
            "a\u{301}",
            "a…",
            "· ",
            "\u{3000}",
            "👩\u{200d}👧",
            "a\tb",
            "a\nb",
        ];
        let words = ["a", "bc", "def", "ghij", "klmno", "pqrstuvw", "pqrstuvwx", "", "é…"];
        let (mut seed, mut simple, mut broken) = (7_usize, 0, 0);
        let mut any = |texts: &[&str]| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            texts[(seed >> 33) % texts.len()].to_owned()
        };
        for round in 0..20_000 {
            let mut cells: [String; 6] = std::array::from_fn(|_| any(&texts));
            if round % 2 == 0 {
                cells = std::array::from_fn(|column| any(&texts[..if column < 5 { 4 } else { texts.len() }]));
                cells[5] = (0..=round % 9)
                    .map(|_| any(&words[..if round % 5 == 0 { 9 } else { 6 }]))
                    .collect::<Vec<_>>()
                    .join(" ");
            }
            let mut text = Text::default();
            text.add(&cells, None, style, &widths);
            simple += usize::from(text.open.is_none());
            broken += usize::from(text.open.is_none() && text.text.matches('\n').count() > 2);
            text.close_open(&widths);
            let mut table = plain(style.width, style.color);
            table.add_row(&cells);
            let mut whole = Text::default();
            whole.close(table, &widths);
            assert_eq!(text.text, whole.text, "{cells:?}");
        }
        assert!((2000..18_000).contains(&simple) && broken > 1000, "{simple} {broken}");
    }
}
