//! What was said of each signal, and of acts that were done again: a line each, with the level by the rules in
//! brackets.

use unicode_width::UnicodeWidthStr;

use super::enough;
use crate::assess::calibrate::{SignalRow, TrialRow};
use crate::level::Level;
use crate::print::bars::percent;
use crate::print::table::{label, paragraph, shortened};
use crate::rules::Model;
use crate::stats::{Distribution, Share};

/// How many lines of a kind are shown.
const MOST: usize = 20;

/// A line under construction.
struct Line {
    head: String,
    verdicts: [u64; 6],
    /// The level by the rules.
    rule: Level,
    tail: String,
}

/// The signals present, the one most out of place first.
pub(super) fn signals(model: &Model, rows: &[SignalRow], width: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let open = rows.iter().map(|row| short(row.open.total()).len()).max().unwrap_or(0).max(4);
    let lines = rows.iter().take(MOST).map(|row| {
        let remark = match row {
            row if !enough(model, row.count) => "too little data",
            row if row.undersells * 2 > row.count => "mostly above",
            row if row.flatters * 2 > row.count => "mostly below",
            _ => "",
        };
        let agrees = percent(Share { count: row.agrees, of: row.count }.value());
        let tail = format!("{:>open$} {agrees:>6}  {remark}", short(row.open.total()));
        Line { head: row.signal.clone(), verdicts: row.verdicts.0.0, rule: row.level, tail }
    });
    let title = "What was said where a signal is noted, in brackets the level it speaks for; the signal most out of \
                 place comes first";
    let heads = ("signal", format!("{:>open$} {:>6}", "open", "agree"));
    let text = table(title, heads, &lines.collect::<Vec<_>>(), width);
    text + &more(rows.len().saturating_sub(MOST), "signal")
}

/// Flawless repeats, by the level the act was held at and by deliveries since.
pub(super) fn escalator(model: &Model, rows: &[TrialRow], width: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows = at_rest_together(model, rows);
    let lines = rows.iter().take(MOST).map(|(row, onward)| {
        let verdicts = row.verdicts.0;
        let own = verdicts.total();
        let below: u64 = verdicts.0[..row.rule.index()].iter().sum();
        let as_low = below + verdicts.0[row.rule.index()];
        let remark = match own {
            own if !enough(model, own) => "too little data",
            own if as_low * 2 < own => "lasts longer",
            own if below * 2 > own => "fades sooner",
            _ => "fits",
        };
        let plus = if *onward { "+" } else { "" };
        let head = format!("{} {}, {}{plus}", row.since.rank(), label(model, row.since), row.deliveries);
        let as_low = format!("{} of {}", short(row.as_low), short(row.count));
        Line { head, verdicts: verdicts.0, rule: row.rule, tail: format!("{as_low:>12}  {remark}") }
    });
    let title = "What was said of acts done again without fault, by deliveries since the level they were held at; in \
                 brackets what the rule says they are worth by then";
    let heads = ("held at, since", format!("{:>12}", "as low"));
    let text = table(title, heads, &lines.collect::<Vec<_>>(), width);
    text + &more(rows.len().saturating_sub(MOST), "line")
}

/// The rows, with those put together in which an act has come to rest: it stays there, however often it is done.
fn at_rest_together(model: &Model, rows: &[TrialRow]) -> Vec<(TrialRow, bool)> {
    let mut together: Vec<(TrialRow, bool)> = Vec::new();
    for row in rows {
        let rests = model.level(row.rule).lasts.is_none();
        match together.last_mut().filter(|(last, _)| rests && (last.since, last.rule) == (row.since, row.rule)) {
            Some((last, onward)) => {
                let sum: [u64; 6] = std::array::from_fn(|index| last.verdicts.0.0[index] + row.verdicts.0.0[index]);
                (last.count, last.as_low) = (last.count + row.count, last.as_low + row.as_low);
                (last.verdicts.0, *onward) = (Distribution(sum), true);
            }
            None => together.push((row.clone(), false)),
        }
    }
    together
}

fn more(lines: usize, what: &str) -> String {
    match lines {
        0 => String::new(),
        1 => format!("  and 1 more {what}, with -f json\n"),
        lines => format!("  and {lines} more {what}s, with -f json\n"),
    }
}

fn table(title: &str, (head, tail): (&str, String), lines: &[Line], width: usize) -> String {
    let cell = |line: &Line, level: Level| {
        let count = line.verdicts[level.index()];
        let count = if count == 0 { "·".to_owned() } else { short(count) };
        if level == line.rule { format!("[{count}]") } else { format!("{count} ") }
    };
    let cells = lines.iter().flat_map(|line| Level::ALL.map(|level| cell(line, level).width()));
    let column = cells.max().unwrap_or(0).max(4) + 1;
    let tails = lines.iter().map(|line| line.tail.width()).max().unwrap_or(0).max(tail.width());
    let room = width.saturating_sub(2 + 6 * column + 1 + tails).max(12);
    let heads = lines.iter().map(|line| line.head.width()).max().unwrap_or(0).max(head.width()).min(room);
    let padded = |text: &str| {
        let text = shortened(text, heads);
        let padding = " ".repeat(heads.saturating_sub(text.width()));
        text + &padding
    };
    let ranks: String = Level::ALL.into_iter().map(|level| format!("{:>1$} ", level.rank(), column - 1)).collect();
    let mut text = format!("\n{}  {}{ranks} {tail}\n", paragraph(title, width), padded(head));
    for line in lines {
        let cells: String = Level::ALL.into_iter().map(|level| format!("{:>column$}", cell(line, level))).collect();
        text.push_str(format!("  {}{cells} {}", padded(&line.head), line.tail).trim_end());
        text.push('\n');
    }
    text
}

/// A count in at most five characters: from 10,000 in thousands, from ten millions in millions.
fn short(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..10_000_000 => format!("{}k", count / 1000),
        _ => format!("{}M", count / 1_000_000),
    }
}
