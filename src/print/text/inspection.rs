//! What an inspection of an export found, in words.

use crate::import::{ColumnRow, Inspection, LeftOutRow, PointRow, Preset};
use crate::print::OutputStyle;
use crate::print::bars::percent;
use crate::print::table::{self, Column, end_of, hanging, shortened};
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
        text.push_str(&match inspection.preset.and_then(Preset::named) {
            Some(preset) => format!("\nThis looks like {}: --from {}.\n", preset.title(), preset.name),
            None => "\nA map makes interactions of these rows: --from PRESET, or --map FILE.jq.\n".to_owned(),
        });
        return text;
    };
    text.push_str(&format!(
        "\n{} from {}, {} dropped by the map\n",
        count(interactions, "interaction"),
        count(inspection.mapped, "row"),
        grouped(inspection.dropped)
    ));
    match (&inspection.first_at, &inspection.last_at) {
        (Some(first), Some(last)) if first != last => {
            text.push_str(&format!("from {} to {}\n", shortened(first, 36), shortened(last, 36)));
        }
        (Some(only), _) => text.push_str(&format!("all at {}\n", shortened(only, 36))),
        _ => {}
    }
    text.push('\n');
    text.push_str(&left_out_table(&inspection.left_out, style));
    let share = |known: u64| share(known, interactions);
    let fields = inspection.fields.iter().map(|row| (row.field, row.known));
    let fields: Vec<_> = fields.filter(|(_, known)| *known > 0).collect();
    let signals = inspection.signals.iter().map(|row| (row.signal.as_str(), row.known));
    let signals: Vec<_> = signals.filter(|(_, known)| *known > 0).collect();
    let number = grouped(interactions).len().max(5);
    let table = |title: &str, counted: &str, rows: &[(&str, u64)]| {
        let columns = [
            Column::<(&str, u64)>::new(title, 20, |(name, _)| shortened(name, 20)),
            Column::new(counted, number, |(_, known)| format!("{:>number$}", grouped(*known))),
            Column::new("share", 6, |(_, known)| format!("{:>5}", share(*known))),
        ];
        short(style, rows, &columns)
    };
    text.push_str(&table("field", "known", &fields));
    if !signals.is_empty() {
        text.push('\n');
        text.push_str(&table("signal", "noted", &signals));
    }
    if !inspection.points.is_empty() {
        text.push('\n');
        text.push_str(&point_table(inspection, style));
    }
    let lists = [
        ("What a rating of this can say:", &inspection.can_say),
        ("What stays unknown, and what that means:", &inspection.unknown),
    ];
    for (title, sentences) in lists.into_iter().filter(|(_, sentences)| !sentences.is_empty()) {
        text.push_str(&format!("\n{title}\n"));
        for line in sentences {
            text.push_str(&hanging("- ", line, width));
        }
    }
    text
}

/// Why rows, and cases within them, were left out; nothing where no reason is known.
fn left_out_table(left_out: &[LeftOutRow], style: OutputStyle) -> String {
    if left_out.iter().all(|row| row.reason.is_none()) {
        return String::new();
    }
    let reason = |row: &LeftOutRow| shortened(row.reason.as_deref().unwrap_or("(no reason given)"), 40);
    let width = left_out.iter().map(|row| reason(row).chars().count()).max().unwrap_or(0).max(20);
    let mut parts = vec![Column::new("left out", width, reason), number("rows", left_out, |row| row.rows)];
    // most exports have one case a row
    if left_out.iter().any(|row| row.cases > 0) {
        parts.push(number("cases within rows", left_out, |row| row.cases));
    }
    short(style, left_out, &parts) + "\n"
}

/// How many interactions are at each point, and what is known of them.
fn point_table(inspection: &Inspection, style: OutputStyle) -> String {
    let points = &inspection.points;
    let columns = [
        Column::new("point", 20, |row: &PointRow| shortened(&row.point, 20)),
        number("interactions", points, |row| row.interactions),
        number("with promise", points, |row| row.promises),
        number("with rating", points, |row| row.ratings),
        number("unresolved", points, |row| row.unresolved),
    ];
    short(style, points, &columns)
}

/// A column of numbers, under the end of its name.
fn number<'c, R: 'c>(name: &str, rows: &[R], number: fn(&R) -> u64) -> Column<'c, R> {
    let width = rows.iter().map(|row| grouped(number(row)).len()).max().unwrap_or(0).max(name.len());
    Column::new(&format!("{name:>width$}"), width, move |row| format!("{:>width$}", grouped(number(row))))
}

/// A table of few rows.
fn short<R: Sync>(style: OutputStyle, rows: &[R], columns: &[Column<'_, R>]) -> String {
    table::columns(style, 1, rows.len(), |places| rows[places].iter(), columns)
}

fn column_table(inspection: &Inspection, style: OutputStyle) -> String {
    let width = usize::from(style.width);
    let name = inspection.columns.iter().map(|row| row.column.chars().count()).max().unwrap_or(0);
    let name = name.clamp(6, (width / 2).saturating_sub(8).max(12));
    let example = width.saturating_sub(name + 10).max(10);
    let columns = [
        Column::<ColumnRow>::new("column", name, |row| end_of(&row.column, '.', name)),
        Column::<ColumnRow>::new("filled", 6, |row| format!("{:>6}", share(row.filled, inspection.rows))),
        Column::<ColumnRow>::new("for example", example, |row| shown_example(row, example)),
    ];
    short(style, &inspection.columns, &columns)
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
