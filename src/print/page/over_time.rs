//! The share of the top half over time, point by point.

use std::collections::HashMap;

use crate::Model;
use crate::assess::Key;
use crate::assess::uplift::{Direction, Point, Uplift, UpliftGroup};
use crate::stats::Difference;
use maud::{Markup, html};

use super::text::{count, difference, estimate, frame, grouped, level_figure, name, number, path};
use super::{Page, pace};

/// How many points are drawn.
const DRAWN: usize = 24;

/// How many periods are drawn.
const PERIODS: usize = 36;

/// How many periods are in the tables.
const TABLED: usize = 12;

pub(super) fn section(page: Page<'_>) -> Markup {
    let uplift = match &page.report.over_time {
        Ok(uplift) => uplift,
        Err(error) => return html! { p { "Nothing can be shown over time: " (error.to_string()) "." } },
    };
    let path = |key: &Key| key.0.first().and_then(|(_, path)| path.clone());
    let places: HashMap<Option<String>, usize> =
        uplift.groups.iter().enumerate().map(|(place, group)| (path(&group.key), place)).collect();
    // in the order of the journey, which lists points without a moment, too
    let shown = page.points.shown().iter().filter_map(|&place| {
        let key = page.report.journey.groups[place].key.as_ref()?;
        places.get(&path(key)).map(|&place| (place, &uplift.groups[place]))
    });
    let mut shown: Vec<(usize, &UpliftGroup)> = shown.collect();
    let points = uplift.groups.len();
    // what changed comes first
    shown.sort_by_key(|(_, group)| matches!(group.direction, Direction::Steady | Direction::TooFew));
    // where there is not room for all, those that changed come first
    if shown.len() > DRAWN {
        let still =
            |(_, group): &(usize, &UpliftGroup)| matches!(group.direction, Direction::Steady | Direction::TooFew);
        let mut room = DRAWN.saturating_sub(shown.iter().filter(|shown| !still(shown)).count());
        shown.retain(|point| {
            let drawn = !still(point) || room > 0;
            room -= usize::from(drawn && still(point));
            drawn
        });
        shown.truncate(DRAWN);
    }
    let periods = shown.first().map_or(0, |(_, group)| group.series.len());
    let left_out = html! {
        @if points > shown.len() {
            p.left-out { (shown.len()) " of " (points) " points are shown: those that changed, and those with the most moments." }
        }
    };
    if uplift.compared == 0 {
        return html! {
            p {
                "There is too little data to compare periods: no point has at least "
                (count(u64::from(page.model.enough().interactions.get()), "moment")) " of "
                (count(u64::from(page.model.enough().recipients.get()), "recipient"))
                " in each of two finished periods."
            }
            (left_out)
            details.figures {
                summary { "All figures over time" }
                @if periods > TABLED { p.left-out { "The last " (TABLED) " of " (periods) " periods are listed." } }
                (table(page.model, &shown))
            }
        };
    }
    html! {
        p {
            "The share of moments in the top half, by " (calendar(uplift.period)) ", with its 95 % interval: longer \
             lines mean less certainty. A point improves or gets worse only if the change between the last two finished \
             periods is beyond chance. The number of points compared is taken into account: about one in twenty of the \
             changes named may still be chance."
        }
        p { (compared(uplift)) }
        @if periods > PERIODS { p.left-out { "The last " (PERIODS) " of " (periods) " periods are drawn." } }
        @if let Ok(together) = &page.report.together { @if let Some(group) = together.groups.first() { (pace::bars(&group.series)) } }
        div.multiples { @for (place, group) in &shown { (one(*place, group)) } }
        (left_out)
        details.figures {
            summary { "All figures over time" }
            @if periods > TABLED { p.left-out { "The last " (TABLED) " of " (periods) " periods are listed." } }
            (table(page.model, &shown))
        }
    }
}

/// How many points changed, and the period that is not compared.
fn compared(uplift: &Uplift) -> Markup {
    let last = uplift.groups.first().and_then(|group| group.series.last()).filter(|point| !point.finished);
    html! {
        @if uplift.compared == 0 { "No point has enough data to compare." }
        @else {
            strong { (grouped(uplift.changed())) " of " (number("uplift.compared", uplift.compared)) (if uplift.compared == 1 { " point" } else { " points" }) " changed beyond chance" } "."
        }
        @if let Some(last) = last { " " (last.period.to_string()) " is not over yet, so it is not compared; its dots are hollow." }
    }
}

const fn calendar(period: crate::Calendar) -> &'static str {
    match period {
        crate::Calendar::Day => "day",
        crate::Calendar::Week => "week",
        crate::Calendar::Month => "month",
        crate::Calendar::Quarter => "quarter",
        crate::Calendar::Year => "year",
    }
}

const fn direction(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Uplifting => ("▲", "improving"),
        Direction::Slipping => ("▼", "getting worse"),
        Direction::Steady => ("●", "steady"),
        Direction::TooFew => ("○", "too little data"),
    }
}

/// Which shares a point goes up or down by.
fn moved(group: &UpliftGroup) -> String {
    let beyond = |difference: &Difference| match group.direction {
        Direction::Slipping => difference.fell(),
        Direction::Uplifting => difference.rose(),
        Direction::Steady | Direction::TooFew => false,
    };
    let shares = [("sound", &group.change.sound), ("top half", &group.change.top_half)];
    let named: Vec<&str> = shares.into_iter().filter(|(_, share)| beyond(share)).map(|(name, _)| name).collect();
    if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) }
}

fn one(place: usize, group: &UpliftGroup) -> Markup {
    let point = group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default();
    let (mark, words) = direction(group.direction);
    let is = format!("uplift.groups.{place}.change");
    html! {
        figure {
            figcaption {
                h3 { (path(point)) }
                p class={ "going " (group.direction.name()) } { span aria-hidden="true" { (mark) } " " (words) (moved(group)) }
            }
            (drawn(group))
            @if let (Some(from), Some(to)) = (group.change.from, group.change.to) {
                @if group.direction == Direction::TooFew {
                    p.change { "too little data to compare " (from.to_string()) " with " (to.to_string()) }
                } @else { p.change {
                    (from.to_string()) " to " (to.to_string()) ": top half "
                    (difference(&format!("{is}.top_half"), group.change.top_half))
                    ", sound " (difference(&format!("{is}.sound"), group.change.sound))
                } }
            }
        }
    }
}

/// The positions of things in a drawing.
const LEFT: f64 = 42.0;
const WIDE: f64 = 252.0;
const TOP: f64 = 10.0;
const HIGH: f64 = 84.0;

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn x(place: usize, of: usize) -> f64 {
    LEFT + (place as f64 + 0.5) * WIDE / of.max(1) as f64
}

fn y(share: f64) -> f64 {
    TOP + (1.0 - share) * HIGH
}

fn drawn(group: &UpliftGroup) -> Markup {
    let skipped = group.series.len().saturating_sub(PERIODS);
    let series = &group.series[skipped..];
    let of = series.len();
    let mut line = String::new();
    let mut before = false;
    let (mut reaches, mut marks) = (String::new(), Vec::new());
    for (place, point) in series.iter().enumerate() {
        let (Some(share), Some(low), Some(high)) = (point.top_half.share, point.top_half.low, point.top_half.high)
        else {
            before = false;
            continue;
        };
        let x = x(place, of);
        line.push_str(&format!("{}{x:.1} {:.1}", if before { "L" } else { "M" }, y(share)));
        reaches.push_str(&format!("M{x:.1} {:.1}V{:.1}", y(low), y(high)));
        marks.push((x, y(share), point.finished));
        before = true;
    }
    let told = match (series.first(), series.last()) {
        (Some(first), Some(last)) => format!(
            "The top half from {} to {}: last {}",
            first.period,
            last.period,
            crate::print::bars::estimate(last.top_half)
        ),
        _ => "nothing over time".to_owned(),
    };
    html! {
        svg.multiple viewBox="0 0 300 118" role="img" aria-label=(told) {
            @for (share, tick) in [(0.0, "0"), (0.5, "50"), (1.0, "100\u{a0}%")] {
                line.grid x1=(LEFT) x2=(LEFT + WIDE) y1=(y(share)) y2=(y(share)) {}
                text.tick x=(LEFT - 6.0) y=(y(share) + 3.5) text-anchor="end" { (tick) }
            }
            path.reach d=(reaches) {}
            path.trend d=(line) {}
            @for (x, y, finished) in marks { circle.mark.open[!finished] cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {} }
            @if let Some(first) = series.first() { text.tick x=(LEFT) y="112" { (first.period.to_string()) } }
            @if let Some(last) = series.last().filter(|_| of > 1) { text.tick x=(LEFT + WIDE) y="112" text-anchor="end" { (last.period.to_string()) } }
        }
    }
}

fn table(model: &Model, shown: &[(usize, &UpliftGroup)]) -> Markup {
    let row = |is: &str, group: &UpliftGroup, point: &Point| {
        html! {
            tr {
                th scope="row" { (name(&group.key.in_words())) }
                td {
                    (super::text::figure(format_args!("{is}.period"), point.period, point.period.to_string()))
                    @if !point.finished { span.aside { " not over yet" } }
                }
                td.number { (number(format_args!("{is}.count"), point.count)) }
                td.number { (number(format_args!("{is}.recipients"), point.recipients)) }
                td { (level_figure(model, format_args!("{is}.median"), point.median)) }
                td.number { (estimate(&format!("{is}.top_half"), point.top_half)) }
                td.number { (estimate(&format!("{is}.sound"), point.sound)) }
            }
        }
    };
    frame(
        "Figures over time",
        &html! {
            table.sortable data-filter="points over time" {
                caption { "Each point in each period." }
                thead {
                    tr { @for head in ["point", "period", "moments", "recipients", "median", "top half", "sound"] { th scope="col" { (head) } } }
                }
                tbody {
                    @for (place, group) in shown {
                        @for (number, point) in group.series.iter().enumerate().skip(group.series.len().saturating_sub(TABLED)) {
                            (row(&format!("uplift.groups.{place}.series.{number}"), group, point))
                        }
                    }
                }
            }
        },
    )
}
