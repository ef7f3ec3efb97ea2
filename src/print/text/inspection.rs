//! What an inspection of an export found, in words.

use crate::import::{ColumnRow, Inspection};
use crate::print::OutputStyle;
use crate::print::bars::percent;
use crate::print::table::{Column, columns, end_of, hanging, shortened};
use crate::stats::Share;
use crate::wording::{count, grouped};

/// How much of an export is known, and what follows.
#[must_use]
pub fn in_words(inspection: &Inspection, style: OutputStyle) -> String {
    let width = usize::from(style.width);
    let mut text =
        format!("{} with {}\n\n", count(inspection.rows, "row"), count(inspection.columns.len() as u64, "column"));
    text.push_str(&column_table(inspection, style));
    let Some(interactions) = inspection.interactions else {
        text.push_str("\nA map makes interactions of these rows: --from PRESET, or --map FILE.jq.\n");
        return text;
    };
    text.push_str(&format!(
        "\n{} from {}, {} dropped by the map\n\n",
        count(interactions, "interaction"),
        count(inspection.mapped, "row"),
        grouped(inspection.dropped)
    ));
    let share = |known: u64| share(known, interactions);
    let fields = inspection.fields.iter().map(|row| (row.field, row.known));
    let fields: Vec<_> = fields.filter(|(_, known)| *known > 0).collect();
    let signals = inspection.signals.iter().map(|row| (row.signal.as_str(), row.known));
    let signals: Vec<_> = signals.filter(|(_, known)| *known > 0).collect();
    let number = grouped(interactions).len().max(5);
    let table = |title: &str, counted: &str, rows: &[(&str, u64)]| {
        columns(
            style,
            &[
                Column::new(title, 20, rows.iter().map(|(name, _)| shortened(name, 20))),
                Column::new(counted, number, rows.iter().map(|(_, known)| format!("{:>number$}", grouped(*known)))),
                Column::new("share", 6, rows.iter().map(|(_, known)| format!("{:>5}", share(*known)))),
            ],
        )
    };
    text.push_str(&table("field", "known", &fields));
    if !signals.is_empty() {
        text.push('\n');
        text.push_str(&table("signal", "noted", &signals));
    }
    if !inspection.unknown.is_empty() {
        text.push_str("\nWhat stays unknown, and what that means:\n");
        inspection.unknown.iter().for_each(|line| text.push_str(&hanging("- ", line, width)));
    }
    text
}

fn column_table(inspection: &Inspection, style: OutputStyle) -> String {
    let width = usize::from(style.width);
    let name = inspection.columns.iter().map(|row| row.column.chars().count()).max().unwrap_or(0);
    let name = name.clamp(6, (width / 2).saturating_sub(8).max(12));
    let example = width.saturating_sub(name + 10).max(10);
    let rows = &inspection.columns;
    columns(
        style,
        &[
            Column::new("column", name, rows.iter().map(|row| end_of(&row.column, '.', name))),
            Column::new("filled", 6, rows.iter().map(|row| format!("{:>6}", share(row.filled, inspection.rows)))),
            Column::new("for example", example, rows.iter().map(|row| shown_example(row, example))),
        ],
    )
}

fn shown_example(row: &ColumnRow, width: usize) -> String {
    if row.values.is_empty() {
        return row.example.as_deref().map_or_else(|| "-".to_owned(), |example| shortened(example, width));
    }
    let values = row.values.iter().map(|known| format!("{} {}", known.value, grouped(known.count)));
    shortened(&values.collect::<Vec<_>>().join(", "), width)
}

/// A share for people; of nothing there is none.
fn share(part: u64, whole: u64) -> String {
    percent(Share { count: part, of: whole }.value())
}
