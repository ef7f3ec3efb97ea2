//! The sheets that people fill in.

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, ExcelDateTime, Formula, IgnoreError, Note,
    Table, TableColumn, TableStyle, Worksheet, XlsxError, utility,
};

use super::columns::{Choice, Column};
use super::explained::Lists;
use super::style::Style;
use crate::record::interaction::{Relation, Stage};
use crate::record::sheets;

/// For how many rows below the header there are lists to choose from.
const ROWS: u32 = 10_000;

/// A sheet to fill in.
pub(super) struct Filled {
    sheet: &'static str,
    /// How wide and high a note is, in pixels.
    note: (u32, u32),
}

impl Filled {
    pub(super) const INTERACTIONS: Self = Self { sheet: sheets::INTERACTIONS, note: (280, 110) };
    pub(super) const RECIPIENTS: Self = Self { sheet: sheets::RECIPIENTS, note: (280, 90) };
}

/// Writes a table with its examples, and what can be chosen in its columns.
pub(super) fn write<const EXAMPLES: usize>(
    sheet: &mut Worksheet,
    filled: &Filled,
    columns: &[Column<EXAMPLES>],
    lists: &Lists,
    style: &Style,
) -> Result<(), XlsxError> {
    sheet.set_name(filled.sheet)?.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let mut header = Vec::new();
    for (index, column) in (0u16..).zip(columns) {
        let format = if column.choice == Choice::When { &style.date } else { &style.text };
        sheet.set_column_width(index, column.width)?.set_column_format(index, format)?;
        for (row, example) in (1u32..).zip(column.examples).filter(|(_, example)| !example.is_empty()) {
            if column.choice == Choice::When {
                let date = ExcelDateTime::parse_from_str(example)?;
                sheet.write_datetime_with_format(row, index, &date, format)?;
            } else {
                sheet.write_string_with_format(row, index, example, format)?;
            }
        }
        header.push(TableColumn::new().set_header(column.name).set_header_format(&style.header).set_format(format));
    }
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let table = Table::new().set_name(filled.sheet).set_style(TableStyle::Light1).set_columns(&header);
    sheet.add_table(0, 0, u32::try_from(EXAMPLES).unwrap_or(1), last, &table)?;
    sheet.ignore_error_range(1, 0, ROWS, last, IgnoreError::NumberStoredAsText)?;
    for (index, column) in (0u16..).zip(columns) {
        sheet.insert_note(0, index, &note(column, filled.note))?;
        if let Some(choice) = choice(column.choice, lists)? {
            sheet.add_data_validation(1, index, ROWS, index, &choice)?;
        }
        if column.choice == Choice::When {
            // a time of day is shown where there is one
            let timed = format!("=MOD(${}2,1)>0", utility::column_number_to_name(index));
            let timed = ConditionalFormatFormula::new().set_rule(timed.as_str()).set_format(&style.date_time);
            sheet.add_conditional_format(1, index, ROWS, index, &timed)?;
        }
    }
    Ok(())
}

/// What a column says and how it is written, at its header.
fn note<const EXAMPLES: usize>(column: &Column<EXAMPLES>, (width, height): (u32, u32)) -> Note {
    let text = [column.means(), column.how].join("\n");
    Note::new(text.trim_end()).add_author_prefix(false).set_width(width).set_height(height).set_font_size(9)
}

/// What can be chosen in the cells of a column, and whether something else is refused.
fn choice(choice: Choice, lists: &Lists) -> Result<Option<DataValidation>, XlsxError> {
    let from = |range: &str| DataValidation::new().allow_list_formula(Formula::new(range));
    let refusing = |validation: DataValidation, allowed: &str| {
        let validation = validation.set_error_title("Not one of the list")?.set_error_message(allowed)?;
        Ok::<_, XlsxError>(Some(validation))
    };
    match choice {
        Choice::Free | Choice::When => Ok(None),
        // several names joined by ; are no name of the list
        Choice::Signals => Ok(Some(from(&lists.signals).show_error_message(false))),
        Choice::Value => Ok(Some(from(&lists.value).show_error_message(false))),
        Choice::Verdict => {
            let asked = from(&lists.levels).set_error_style(DataValidationErrorStyle::Warning);
            refusing(asked, "This is no level; the sheet levels has them.")
        }
        Choice::Level => refusing(from(&lists.levels), "Choose a level; the sheet levels explains them."),
        Choice::Response => refusing(from(&lists.response), "Choose a rung; the sheet response explains them."),
        Choice::Stage => {
            let stages = DataValidation::new().allow_list_strings(&Stage::NAMES)?;
            refusing(stages, "Choose beginning, middle or end.")
        }
        Choice::Relation => {
            let relations = DataValidation::new().allow_list_strings(&Relation::NAMES)?;
            refusing(relations, "Choose external or internal.")
        }
    }
}
