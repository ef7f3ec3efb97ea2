//! The sheets that explain the names to choose from; the lists of the others refer to them.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::columns::{Column, INTERACTION, RECIPIENT};
use super::style::Style;
use crate::level::Level;
use crate::record::sheets::{EXPLAINING, INTERACTIONS, RECIPIENTS};
use crate::rules::{Model, Rung};
use crate::value::Category;

/// Where the names to choose from are.
pub(super) struct Lists {
    pub(super) levels: String,
    pub(super) signals: String,
    pub(super) value: String,
    pub(super) response: String,
}

/// A sheet that explains something: a header, and rows of texts.
pub(super) struct Explained {
    sheet: &'static str,
    header: &'static [&'static str],
    /// The widths of the columns, in characters; what is wide is wrapped.
    widths: &'static [u16],
    /// The column of the names to choose from.
    names: u16,
    rows: Vec<Vec<String>>,
}

impl Explained {
    /// Where its names are.
    fn list(&self) -> String {
        let column = char::from(b'A' + u8::try_from(self.names).unwrap_or_default());
        format!("={}!${column}$2:${column}${}", self.sheet, self.rows.len() + 1)
    }
}

impl Lists {
    /// Where the names of these sheets are.
    pub(super) fn of([levels, signals, value, response, _]: &[Explained; 5]) -> Self {
        Self { levels: levels.list(), signals: signals.list(), value: value.list(), response: response.list() }
    }
}

/// Writes these sheets.
pub(super) fn write(book: &mut Workbook, sheets: &[Explained], style: &Style) -> Result<(), XlsxError> {
    for explained in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(explained.sheet)?.set_freeze_panes(1, 0)?.set_tab_color(0x00B8_C4CC);
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (column, (name, width)) in (0u16..).zip(explained.header.iter().zip(explained.widths)) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *name, &style.header)?;
        }
        for (place, row) in (1u32..).zip(&explained.rows) {
            sheet.set_row_height(place, 15 * lines(row, explained.widths))?;
            for (column, text) in (0u16..).zip(row) {
                let is_sentence = explained.widths.get(usize::from(column)).is_some_and(|width| *width >= SENTENCES);
                let format = match column {
                    column if column == explained.names => &style.name,
                    _ if is_sentence => &style.sentence,
                    _ => &style.word,
                };
                sheet.write_string_with_format(place, column, text, format)?;
            }
        }
    }
    Ok(())
}

/// From this width on a column holds sentences, which are wrapped.
const SENTENCES: u16 = 40;

/// How many lines a row needs, as programs that open the workbook need not count them.
fn lines(row: &[String], widths: &[u16]) -> u32 {
    let lines = |(text, width): (&String, &u16)| {
        text.lines().map(|line| line.chars().count().div_ceil(usize::from(*width))).sum::<usize>()
    };
    let sentences = row.iter().zip(widths).filter(|(_, width)| **width >= SENTENCES);
    let lines = sentences.map(lines).max().unwrap_or_default();
    // a row cannot be higher than 409 points
    u32::try_from(lines).unwrap_or(u32::MAX).clamp(1, 27)
}

/// The sheets that explain the names of a model, in the order of [`EXPLAINING`].
pub(super) fn sheets(model: &Model) -> [Explained; 5] {
    let [levels, signals, value, response, fields] = EXPLAINING;
    [
        Explained {
            sheet: levels,
            header: &["rank", "level", "label", "means", "step up"],
            widths: &[6, 16, 16, 64, 64],
            names: 1,
            rows: level_rows(model),
        },
        Explained {
            sheet: signals,
            header: &["signal", "level", "what it means"],
            widths: &[22, 16, 80],
            names: 0,
            rows: signal_rows(model),
        },
        Explained {
            sheet: value,
            header: &["value", "category", "what it means"],
            widths: &[26, 16, 80],
            names: 0,
            rows: value_rows(model),
        },
        Explained {
            sheet: response,
            header: &["response", "label", "what it means", "does it help"],
            widths: &[18, 18, 80, 14],
            names: 0,
            rows: rung_rows(model),
        },
        Explained {
            sheet: fields,
            header: &["field", "sheet", "what goes in", "how it is written", "example"],
            widths: &[18, 14, 76, 70, 24],
            names: 0,
            rows: field_rows(),
        },
    ]
}

fn level_rows(model: &Model) -> Vec<Vec<String>> {
    let row = |level: Level| {
        let rule = model.level(level);
        let texts = [level.name(), &rule.label, &rule.means, &rule.step_up];
        std::iter::once(level.rank().to_string()).chain(texts.map(str::to_owned)).collect()
    };
    Level::ALL.into_iter().map(row).collect()
}

fn signal_rows(model: &Model) -> Vec<Vec<String>> {
    let row = |level: Level, name: &str, means: &str| {
        vec![name.to_owned(), labelled(level.name(), model.label(level)), means.to_owned()]
    };
    let of_level = |level: Level| {
        let rules = model.signals_of(level).iter().map(|id| &model.signals()[id.index()]);
        rules.map(move |rule| row(level, &rule.name, &rule.means))
    };
    Level::ALL.into_iter().flat_map(of_level).collect()
}

/// Each category, then its kinds.
fn value_rows(model: &Model) -> Vec<Vec<String>> {
    let rows_of = |category: Category| {
        let rule = model.category(category);
        let in_words = labelled(category.name(), &rule.label);
        let kinds = model.kinds().iter().filter(move |kind| kind.category == category);
        let row = |name: &str, means: &str| vec![name.to_owned(), in_words.clone(), means.to_owned()];
        let whole = row(category.name(), &format!("{}; any kind of it", rule.means));
        let kinds: Vec<_> = kinds.map(|kind| row(&kind.name, &kind.means)).collect();
        std::iter::once(whole).chain(kinds)
    };
    Category::ALL.into_iter().flat_map(rows_of).collect()
}

fn rung_rows(model: &Model) -> Vec<Vec<String>> {
    let row = |rung: Rung| {
        let rule = model.rung(rung);
        let helps = if rule.helps { "yes" } else { "no" };
        [rung.name(), &rule.label, &rule.means, helps].map(str::to_owned).to_vec()
    };
    Rung::ALL.into_iter().map(row).collect()
}

fn field_rows() -> Vec<Vec<String>> {
    let interactions = INTERACTION.iter().map(|column| field_row(INTERACTIONS, column));
    interactions.chain(RECIPIENT.iter().map(|column| field_row(RECIPIENTS, column))).collect()
}

fn field_row<const ROWS: usize>(sheet: &str, column: &Column<ROWS>) -> Vec<String> {
    let example = column.examples.into_iter().find(|example| !example.is_empty()).unwrap_or_default();
    [column.name, sheet, column.means(), column.how, example].map(str::to_owned).to_vec()
}

/// A name, and what people read in place of it if that is another word.
fn labelled(name: &str, label: &str) -> String {
    if name == label { name.to_owned() } else { format!("{name} ({label})") }
}
