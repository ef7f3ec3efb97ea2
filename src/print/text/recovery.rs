//! `recovery` in words.

pub(super) mod strategy;

use std::ops::Range;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::assess::recovery::{Failed, Item, RecoveryReport, Response};
use crate::print::bars::percent;
use crate::print::table::{
    Column, columns, hanging, hidden_columns, label, middle_out, paragraph, path_end, shortened, shown, written_day,
};
use crate::print::{Listed, OutputStyle};
use crate::rules::Model;
use crate::wording::{count, grouped};

impl Listed for Failed<'_> {
    fn length(&self) -> usize {
        self.len()
    }

    fn part(&self, places: Range<usize>) -> impl Iterator<Item: Serialize> {
        Failed::part(self, places)
    }
}

/// Failures, what became of them, and how people met them.
#[must_use]
pub fn in_words(model: &Model, report: &RecoveryReport<'_>, failed: &Failed<'_>, style: OutputStyle) -> String {
    if report.failures == 0 {
        return "no failures\n".to_owned();
    }
    let width = usize::from(style.width);
    let all: Vec<Item<'_>> = failed.iter().collect();
    let mut text = items(model, &all, style);
    text.push('\n');
    let counts = format!(
        "{}: {} open, {} attempted, {} put right, {} bounced",
        count(report.failures, "failure"),
        grouped(report.open),
        grouped(report.attempted),
        grouped(report.put_right),
        grouped(report.bounced),
    );
    text.push_str(&paragraph(&counts, width));
    text.push_str(&small_print(report, &all, width));
    text.push('\n');
    text.push_str(&strategy::in_words(report, width));
    text.push_str(&paragraph("How people responded; only responses above the line improve service:", width));
    let mut above = true;
    for response in report.by_response.iter().rev().filter(|response| response.response.is_some()) {
        if above && response.helps == Some(false) {
            text.push_str(&format!("  {}\n", "-".repeat(width.saturating_sub(2).min(60))));
            above = false;
        }
        text.push_str(&rung(model, response, width));
    }
    for response in report.by_response.iter().filter(|response| response.response.is_none() && response.count > 0) {
        text.push('\n');
        text.push_str(&rung(model, response, width));
    }
    text
}

/// What happened again, what came back to where it was, and what was done unasked.
fn small_print(report: &RecoveryReport<'_>, items: &[Item<'_>], width: usize) -> String {
    let mut text = String::new();
    let number = |is: &dyn Fn(&Item) -> bool| items.iter().filter(|item| is(item)).count() as u64;
    let again = number(&|item| item.again > 0);
    if again > 0 {
        let words = format!("{} had happened before, to the same recipient at the same point", count(again, "failure"));
        text.push_str(&paragraph(&words, width));
    }
    let (known, regained) = (number(&|item| item.regained.is_some()), number(&|item| item.regained == Some(true)));
    if known > 0 {
        let words = format!(
            "{} of {} reached the level before the failure again, or a higher one",
            grouped(regained),
            count(known, "recovered failure")
        );
        text.push_str(&paragraph(&words, width));
    }
    if report.initiatives > 0 {
        let words =
            format!("{}: responsibility taken where nothing had failed", count(report.initiatives, "initiative"));
        text.push_str(&paragraph(&words, width));
    }
    text
}

fn rung(model: &Model, response: &Response, width: usize) -> String {
    let name = response.response.map_or_else(|| "not recorded".to_owned(), |rung| shown(&model.rung(rung).label));
    let head = format!("  {:<16}{:>5}  ", shortened(&name, 15), grouped(response.count));
    if response.count == 0 {
        return format!("{}\n", head.trim_end());
    }
    let share = |part: u64| percent(crate::stats::Share { count: part, of: response.count }.value());
    let hours = response.median_hours.map(|hours| format!("; first answer after {}", span(hours))).unwrap_or_default();
    let words = format!(
        "{} bounced, {} put right, {} attempted, {} open{hours}",
        share(response.bounced),
        share(response.put_right),
        share(response.attempted),
        share(response.open),
    );
    hanging(&head, &words, width)
}

/// Hours or days, whatever reads better.
fn span(hours: f64) -> String {
    span_in(hours, hours.abs() >= 48.0)
}

fn span_in(hours: f64, days: bool) -> String {
    if days { format!("{:.1} days", hours / 24.0) } else { format!("{hours:.1} h") }
}

fn items(model: &Model, items: &[Item<'_>], style: OutputStyle) -> String {
    let width = usize::from(style.width);
    let label = |level: crate::Level| label(model, level);
    let course = |item: &Item| match (item.recovered_to, item.bounce) {
        (Some(to), Some(bounce)) => format!("{} to {} ({bounce:+})", label(item.level), label(to)),
        _ => label(item.level),
    };
    // all in one unit, so that they can be compared at a glance
    let days = items.iter().filter_map(|item| item.hours).any(|hours| hours.abs() >= 48.0);
    let after = |item: &Item| {
        let assumed = if item.assumed { "?" } else { "" };
        item.hours.map_or_else(|| "-".to_owned(), |hours| format!("{}{assumed}", span_in(hours, days)))
    };
    let longest = |text: &dyn Fn(&Item) -> String| items.iter().map(|item| text(item).width()).max().unwrap_or(0);
    // on a narrow terminal the course of a failure matters more than its date
    let when = if width < 72 { 0 } else { 10 + 2 };
    let level = longest(&course).clamp(5, width * 2 / 5);
    let hours = longest(&after).clamp(5, 11);
    let rest = width.saturating_sub(9 + when + level + hours + 4 * 2);
    let who = longest(&|item| middle_out(&item.recipient, width)).clamp(3, (rest / 2).max(3));
    let place = longest(&|item| path_end(&item.point, width)).clamp(5, rest.saturating_sub(who).max(5));
    let of = |text: &dyn Fn(&Item) -> String| items.iter().map(text).collect::<Vec<_>>().into_iter();
    let day = |item: &Item| item.at.as_deref().map(|at| shortened(written_day(at), 10)).unwrap_or_default();
    let mut table = vec![
        Column::new("status", 9, of(&|item| item.status.name().replace('-', " "))),
        Column::new("when", 10, of(&day)),
        Column::new("who", who, of(&|item| middle_out(&item.recipient, who))),
        Column::new("where", place, of(&|item| path_end(&item.point, place))),
        Column::new("level", level, of(&course)),
        Column::new("after", hours, of(&after)),
    ];
    if when == 0 {
        table.remove(1);
    }
    let mut text = columns(style, &table);
    text.push_str(&hidden_columns(&[(when == 0, "when")], width));
    if items.iter().any(|item| item.assumed) {
        text.push_str("? assumed: no record names this failure; the next interaction counts as its recovery\n");
    }
    text
}
