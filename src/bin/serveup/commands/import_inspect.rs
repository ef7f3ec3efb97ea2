//! `serveup import --inspect`: how much is known, of an export and of what a map makes of it.

use anyhow::Result;
use serde::Serialize;
use serveup::stats::Share;

use crate::args::{Format, Print};
use crate::import::inspect::{ColumnRow, FieldRow, Inspection, SignalRow};
use crate::messages::{count, grouped};
use crate::output::Output;
use crate::render;
use crate::render::bars::percent;
use crate::render::table::{Column, columns, end_of, hanging, shortened};
use crate::settings::Look;

pub(crate) fn print(print: &Print, inspection: &Inspection, mut output: Output) -> Result<()> {
    let look = Look::new(print);
    if look.format == Format::Table {
        output.put(in_words(inspection, look).as_bytes())?;
        return output.finish();
    }
    render::document(look, output, inspection, &rows(inspection), &Row::BLANK)
}

/// A column, field or signal: a row in tsv, csv and jsonl.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Row<'a> {
    what: &'static str,
    name: &'a str,
    known: u64,
    of: u64,
    example: Option<&'a str>,
}

impl Row<'_> {
    const BLANK: Self = Self { what: "column", name: "", known: 0, of: 0, example: None };
}

fn rows(inspection: &Inspection) -> Vec<Row<'_>> {
    let interactions = inspection.interactions.unwrap_or(0);
    let columns = inspection.columns.iter().map(|ColumnRow { column, filled, example, .. }| Row {
        what: "column",
        name: column,
        known: *filled,
        of: inspection.rows,
        example: example.as_deref(),
    });
    let fields = inspection.fields.iter().map(|FieldRow { field, known }| Row {
        what: "field",
        name: field,
        known: *known,
        of: interactions,
        example: None,
    });
    let signals = inspection.signals.iter().map(|SignalRow { signal, known, .. }| Row {
        what: "signal",
        name: signal,
        known: *known,
        of: interactions,
        example: None,
    });
    columns.chain(fields).chain(signals).collect()
}

fn in_words(inspection: &Inspection, look: Look) -> String {
    let width = usize::from(look.width);
    let mut text =
        format!("{} with {}\n\n", count(inspection.rows, "row"), count(inspection.columns.len() as u64, "column"));
    text.push_str(&column_table(inspection, look));
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
            look,
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

fn column_table(inspection: &Inspection, look: Look) -> String {
    let width = usize::from(look.width);
    let name = inspection.columns.iter().map(|row| row.column.chars().count()).max().unwrap_or(0);
    let name = name.clamp(6, (width / 2).saturating_sub(8).max(12));
    let example = width.saturating_sub(name + 10).max(10);
    let rows = &inspection.columns;
    columns(
        look,
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
