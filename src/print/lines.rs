//! Lines of a table whose columns have known widths, two blanks between them. Those of plain words are laid out here,
//! which takes a small part of the time that the table of the crate takes; that lays out all others.

use std::borrow::Cow;

pub(crate) use comfy_table::Color;
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::OutputStyle;
use super::table::{plain_width, shortened, width_of};
use crate::printable::is_plain;

/// Blanks between two columns.
pub(crate) const GAP: usize = 2;

/// How many times the width of its column is shown of a cell that is cut.
const LINES: usize = 4;

/// Lines that have been laid out, one after the other.
pub(crate) struct Lines {
    style: OutputStyle,
    widths: Vec<usize>,
    text: String,
    /// The line that is being made.
    padded: String,
    /// Lines that the table of the crate lays out, behind the text.
    open: Option<Table>,
}

impl Lines {
    /// None yet, of a table with columns of these widths, none of which is 0.
    pub(crate) const fn new(style: OutputStyle, widths: Vec<usize>) -> Self {
        Self { style, widths, text: String::new(), padded: String::new(), open: None }
    }

    /// The line of the names of the columns, each cut to its width; bold where colour is on.
    pub(crate) fn heading(mut self, names: &[&str]) -> Self {
        let cells = names.iter().zip(&self.widths).map(|(name, &width)| {
            let cell = Cell::new(shortened(name, width));
            if self.style.color { cell.add_attribute(Attribute::Bold) } else { cell }
        });
        let cells: Vec<Cell> = cells.collect();
        let mut table = self.plain();
        table.set_header(cells);
        self.close(table);
        self
    }

    /// Adds a row; a cell that takes about four lines is wrapped, a longer one is cut.
    pub(crate) fn row<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) {
        let cells = cells.zip(&self.widths).map(|(cell, &width)| {
            let fits = is_plain(&cell) && cell.len() <= width;
            if fits { cell } else { Cow::Owned(shortened(&cell, LINES * width)) }
        });
        let cells: Vec<Cow<'_, str>> = cells.collect();
        self.add(&cells, None);
    }

    /// Adds a row of cells that are shown whole; that in one column may have a colour.
    pub(crate) fn add(&mut self, cells: &[impl AsRef<str>], paint: Option<(usize, Color)>) {
        if paint.is_none() && pad(&mut self.padded, cells, &self.widths) {
            self.close_open();
            self.text.push_str(&self.padded);
            return;
        }
        let cells =
            cells.iter().enumerate().map(|(column, cell)| match paint.filter(|(painted, _)| *painted == column) {
                Some((_, color)) => Cell::new(cell.as_ref()).fg(color),
                None => Cell::new(cell.as_ref()),
            });
        let cells: Vec<Cell> = cells.collect();
        let table = self.open.take().unwrap_or_else(|| self.plain());
        self.open.insert(table).add_row(cells);
    }

    /// The text of all lines.
    pub(crate) fn into_text(mut self) -> String {
        self.close_open();
        self.text
    }

    fn close_open(&mut self) {
        if let Some(table) = self.open.take() {
            self.close(table);
        }
    }

    /// A table with nothing but the blanks between its columns.
    fn plain(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(self.style.width);
        if self.style.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table
    }

    /// Adds the lines of a table that has its rows, which is when its columns can be given their widths.
    fn close(&mut self, mut table: Table) {
        let last = self.widths.len().saturating_sub(1);
        for (index, &width) in self.widths.iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                let gap = if index < last { GAP } else { 0 };
                let [gap, whole] = [gap, width + gap].map(|width| u16::try_from(width).unwrap_or(u16::MAX));
                column.set_padding((0, gap));
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(whole)));
            }
        }
        self.text.push_str(&table.trim_fmt());
        self.text.push('\n');
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

/// Makes the line of cells as a table lays them out, or the lines where cells take several; `false` where more is in
/// such a cell than plain words.
fn pad(line: &mut String, cells: &[impl AsRef<str>], columns: &[usize]) -> bool {
    line.clear();
    for (cell, &width) in cells.iter().zip(columns) {
        let cell = cell.as_ref();
        let Some(used) = width_in(cell, width) else { return stack(line, cells, columns) };
        line.push_str(cell);
        add_blanks(line, width - used + GAP);
    }
    end(line, 0);
    true
}

/// The same of several lines.
fn stack(text: &mut String, cells: &[impl AsRef<str>], columns: &[usize]) -> bool {
    text.clear();
    let parts = cells.iter().zip(columns).map(|(cell, &width)| match cell.as_ref() {
        cell if width_in(cell, width).is_some() => Some(vec![cell]),
        cell => broken(cell, width),
    });
    let Some(parts) = parts.collect::<Option<Vec<_>>>() else { return false };
    for place in 0..parts.iter().map(Vec::len).max().unwrap_or(0) {
        let start = text.len();
        for (parts, &width) in parts.iter().zip(columns) {
            let part = parts.get(place).copied().unwrap_or_default();
            text.push_str(part);
            add_blanks(text, width.saturating_sub(width_of(part)) + GAP);
        }
        end(text, start);
    }
    true
}

/// Ends the line that starts at a place, behind what is not blank of it.
fn end(text: &mut String, start: usize) {
    text.truncate(start + text[start..].trim_end().len());
    text.push('\n');
}

/// A text broken as a table does it, between its words, and within those that are longer than a line; `None` where it
/// is anything else than plain words with one blank between two.
fn broken(text: &str, width: usize) -> Option<Vec<&str>> {
    /// With no more room than this a table begins a new line.
    const LEAST: usize = 2;
    if !is_plain(text) || width == 0 {
        return None;
    }
    let mut lines = Vec::new();
    // the line that is begun, by its ends, and where the next word starts
    let (mut line, mut start) = (0..0, 0);
    for word in text.split(' ') {
        let end = start + word.len();
        if word.is_empty() {
            return None;
        }
        while start < end {
            let before = if line.is_empty() { 0 } else { line.len() + 1 };
            if line.is_empty() {
                line = start..start;
            }
            if before + end - start <= width {
                (line.end, start) = (end, end);
            } else if !line.is_empty() && width.saturating_sub(before) <= LEAST || end - start <= width {
                lines.push(&text[std::mem::take(&mut line)]);
            } else {
                start += width - before;
                lines.push(&text[line.start..start]);
                line = 0..0;
            }
        }
        // nor does another word fit
        if line.len() > width.saturating_sub(LEAST) {
            lines.push(&text[std::mem::take(&mut line)]);
        }
        start = end + 1;
    }
    if !line.is_empty() {
        lines.push(&text[line]);
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: OutputStyle = OutputStyle {
        format: crate::print::Format::Table,
        header: false,
        escape_formulas: false,
        color: false,
        width: 60,
    };

    /// As the table of the crate lays out rows, all together.
    fn whole(widths: &[usize], rows: &[Vec<String>]) -> String {
        let mut lines = Lines::new(STYLE, widths.to_vec());
        let mut table = lines.plain();
        for row in rows {
            table.add_row(row);
        }
        lines.close(table);
        lines.text
    }

    #[test]
    fn simple_lines_are_laid_out_as_a_table_does() {
        let widths = [3, 4, 5, 6, 7, 8];
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
        let words = ["a", "bc", "def", "ghij", "klmno", "pqrstuvw", "pqrstuvwx", "pq-r;stuvwxyzabcdef", "", "é…"];
        let (mut seed, mut simple, mut broken) = (7_usize, 0, 0);
        let mut any = |texts: &[&str]| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            texts[(seed >> 33) % texts.len()].to_owned()
        };
        let mut rows = Vec::new();
        for round in 0..20_000 {
            let mut cells: [String; 6] = std::array::from_fn(|_| any(&texts));
            if round % 2 == 0 {
                cells = std::array::from_fn(|column| any(&texts[..if column < 5 { 4 } else { texts.len() }]));
                for column in [round / 2 % 6, 5] {
                    let words = &words[..if round % 5 == 0 { words.len() } else { 8 }];
                    cells[column] = (0..=round % 9).map(|_| any(words)).collect::<Vec<_>>().join(" ");
                }
            }
            let mut lines = Lines::new(STYLE, widths.to_vec());
            lines.add(&cells, None);
            simple += usize::from(lines.open.is_none() && lines.text.matches('\n').count() < 2);
            broken += usize::from(lines.open.is_none() && lines.text.matches('\n').count() > 2);
            assert_eq!(lines.into_text(), whole(&widths, &[cells.to_vec()]), "{cells:?}");
            rows.push(cells.to_vec());
        }
        assert!((2000..18_000).contains(&simple) && broken > 1000, "{simple} {broken}");
        // one after the other they are one table
        let mut lines = Lines::new(STYLE, widths.to_vec());
        for cells in &rows {
            lines.add(cells, None);
        }
        assert_eq!(lines.into_text(), whole(&widths, &rows));
    }

    #[test]
    fn a_cell_of_more_than_four_times_its_width_is_cut() {
        let lines = |cell: &str| {
            let mut lines = Lines::new(STYLE, vec![3, 4]);
            lines.row(["a", cell].into_iter().map(Cow::Borrowed));
            lines.into_text()
        };
        assert_eq!(lines("bb cc dd"), "a    bb\n     cc\n     dd\n");
        assert_eq!(lines("0123456789abcdef"), "a    0123\n     4567\n     89ab\n     cdef\n");
        assert_eq!(lines("0123456789abcdefg"), "a    0123\n     4567\n     89ab\n     cde…\n");
        assert_eq!(lines("\u{7}"), "a    \\u{7\n     }\n");
    }
}
