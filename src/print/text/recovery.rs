//! `recovery` in words.

pub(super) mod strategy;

use std::ops::Range;

use serde::Serialize;

use crate::assess::parallel;
use crate::assess::recovery::{Failed, Item, RecoveryReport, Response};
use crate::print::bars::percent;
use crate::print::table::{
    Column, columns, hanging, hidden_columns, label, middle_out, paragraph, path_end, shortened, shown, width_of,
    written_day,
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

/// Failures, what became of them, and how people met them; drawn up by several threads.
#[must_use]
pub fn in_words(
    model: &Model,
    report: &RecoveryReport<'_>,
    failed: &Failed<'_>,
    style: OutputStyle,
    threads: usize,
) -> String {
    if report.failures == 0 {
        return "no failures\n".to_owned();
    }
    let width = usize::from(style.width);
    let seen = parallel::ranges(threads, failed.len(), |places| {
        failed.part(places).fold(Seen::default(), |seen, item| seen.with(model, &item, width))
    });
    let seen = seen.into_iter().fold(Seen::default(), Seen::and);
    let mut text = items(model, failed, &seen, style, threads);
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
    text.push_str(&small_print(report, &seen, width));
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

/// What has to be known of all failures before the first is shown: how wide the widest is of each column, and how many
/// are of a kind.
#[derive(Clone, Copy, Default)]
struct Seen {
    level: usize,
    /// How wide spans are in hours, and in days.
    spans: [usize; 2],
    /// Whether one is that long.
    days: bool,
    who: usize,
    place: usize,
    assumed: bool,
    again: u64,
    /// Of how many it is known whether the level before was reached again, and of how many it was.
    known: u64,
    regained: u64,
}

impl Seen {
    /// With one more, on a terminal of this width.
    fn with(self, model: &Model, item: &Item<'_>, width: usize) -> Self {
        self.and(Self {
            level: width_of(&course(model, item)),
            spans: [false, true].map(|days| width_of(&after(item, days))),
            days: item.hours.is_some_and(in_days),
            who: width_of(&middle_out(&item.recipient, width)),
            place: width_of(&path_end(&item.point, width)),
            assumed: item.assumed,
            again: u64::from(item.again > 0),
            known: u64::from(item.regained.is_some()),
            regained: u64::from(item.regained == Some(true)),
        })
    }

    fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            spans: [0, 1].map(|unit| self.spans[unit].max(other.spans[unit])),
            days: self.days || other.days,
            who: self.who.max(other.who),
            place: self.place.max(other.place),
            assumed: self.assumed || other.assumed,
            again: self.again + other.again,
            known: self.known + other.known,
            regained: self.regained + other.regained,
        }
    }
}

/// What happened again, what came back to where it was, and what was done unasked.
fn small_print(report: &RecoveryReport<'_>, seen: &Seen, width: usize) -> String {
    let mut text = String::new();
    let &Seen { again, known, regained, .. } = seen;
    if again > 0 {
        let words = format!("{} had happened before, to the same recipient at the same point", count(again, "failure"));
        text.push_str(&paragraph(&words, width));
    }
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
    span_in(hours, in_days(hours))
}

/// Whether so many hours read better as days.
fn in_days(hours: f64) -> bool {
    hours.abs() >= 48.0
}

fn span_in(hours: f64, days: bool) -> String {
    if days { format!("{:.1} days", hours / 24.0) } else { format!("{hours:.1} h") }
}

/// From which level to which.
fn course(model: &Model, item: &Item<'_>) -> String {
    match (item.recovered_to, item.bounce) {
        (Some(to), Some(bounce)) => format!("{} to {} ({bounce:+})", label(model, item.level), label(model, to)),
        _ => label(model, item.level),
    }
}

/// How long it took, in days or hours.
fn after(item: &Item<'_>, days: bool) -> String {
    let assumed = if item.assumed { "?" } else { "" };
    item.hours.map_or_else(|| "-".to_owned(), |hours| format!("{}{assumed}", span_in(hours, days)))
}

fn items(model: &Model, failed: &Failed<'_>, seen: &Seen, style: OutputStyle, threads: usize) -> String {
    let width = usize::from(style.width);
    // on a narrow terminal the course of a failure matters more than its date
    let when = if width < 72 { 0 } else { 10 + 2 };
    let level = seen.level.clamp(5, width * 2 / 5);
    // all in one unit, so that they can be compared at a glance
    let hours = seen.spans[usize::from(seen.days)].clamp(5, 11);
    let rest = width.saturating_sub(9 + when + level + hours + 4 * 2);
    let who = seen.who.clamp(3, (rest / 2).max(3));
    let place = seen.place.clamp(5, rest.saturating_sub(who).max(5));
    let day = |item: &Item| item.at.as_deref().map(|at| shortened(written_day(at), 10)).unwrap_or_default();
    let mut table = vec![
        Column::<Item<'_>>::new("status", 9, |item| item.status.name().replace('-', " ")),
        Column::<Item<'_>>::new("when", 10, day),
        Column::<Item<'_>>::new("who", who, |item| middle_out(&item.recipient, who)),
        Column::<Item<'_>>::new("where", place, |item| path_end(&item.point, place)),
        Column::<Item<'_>>::new("level", level, |item| course(model, item)),
        Column::<Item<'_>>::new("after", hours, |item| after(item, seen.days)),
    ];
    if when == 0 {
        table.remove(1);
    }
    let mut text = columns(style, threads, failed.len(), |places| failed.part(places), &table);
    text.push_str(&hidden_columns(&[(when == 0, "when")], width));
    if seen.assumed {
        text.push_str("? assumed: no record names this failure; the next interaction counts as its recovery\n");
    }
    text
}
