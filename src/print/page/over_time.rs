//! The share of the top half over time, point by point.

use std::collections::HashMap;

use crate::Model;
use crate::assess::Key;
use crate::assess::uplift::{Direction, Point, Uplift, UpliftGroup};
use crate::stats::Difference;
use maud::{Markup, html};

use super::headline::unknown;
use super::text::{
    difference, estimate, estimate_in_words, figure, filter, frame, heads, level_figure, name, number, path,
};
use super::words::{count, say, say_for, text as word, value};
use super::{Page, pace};

/// How many points are drawn.
const DRAWN: usize = 24;

/// How many periods are drawn.
const PERIODS: usize = 36;

/// How many periods are in the tables.
const TABLED: usize = 12;

pub(super) fn section(page: Page<'_>) -> Markup {
    let model = page.model;
    let uplift = match &page.report.over_time {
        Ok(uplift) => uplift,
        Err(error) => {
            return html! { p { (say(model, "nothing_over_time", &[("why", value(unknown(model, *error)))])) } };
        }
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
    let some = |key, shown: usize, all: usize| {
        let number = |number: usize| value(model.page().number(number as u64));
        html! { @if all > shown { p.left-out { (say(model, key, &[("shown", number(shown)), ("all", number(all))])) } } }
    };
    let figures = html! {
        details.figures {
            summary { (word(model, "over_time_figures")) }
            (some("periods_listed", TABLED, periods))
            (table(model, &shown))
        }
    };
    if uplift.compared == 0 {
        let enough = model.enough();
        let least = [
            ("moments", value(count(model, "moments", u64::from(enough.interactions.get())))),
            ("of_recipients", value(count(model, "of_recipients", u64::from(enough.recipients.get())))),
        ];
        return html! {
            p { (say(model, "nothing_to_compare", &least)) }
            (some("points_drawn", shown.len(), points))
            (figures)
        };
    }
    html! {
        p { (say(model, "over_time_intro", &[("period", value(word(model, calendar(uplift.period))))])) }
        p { (compared(model, uplift)) }
        (some("periods_drawn", PERIODS, periods))
        @if let Ok(together) = &page.report.together { @if let Some(group) = together.groups.first() { (pace::bars(model, &group.series)) } }
        div.multiples { @for (place, group) in &shown { (one(model, *place, group)) } }
        (some("points_drawn", shown.len(), points))
        (figures)
    }
}

/// How many points changed, and the period that is not compared.
fn compared(model: &Model, uplift: &Uplift) -> Markup {
    let last = uplift.groups.first().and_then(|group| group.series.last()).filter(|point| !point.finished);
    let changed = [
        ("changed", value(model.page().number(uplift.changed()))),
        ("n", number(model, "uplift.compared", uplift.compared)),
    ];
    html! {
        strong { (say_for(model, "points_changed", uplift.compared, &changed)) } "."
        @if let Some(last) = last { " " (say(model, "period_open", &[("period", value(last.period.to_string()))])) }
    }
}

const fn calendar(period: crate::Calendar) -> &'static str {
    match period {
        crate::Calendar::Day => "period_day",
        crate::Calendar::Week => "period_week",
        crate::Calendar::Month => "period_month",
        crate::Calendar::Quarter => "period_quarter",
        crate::Calendar::Year => "period_year",
    }
}

const fn direction(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Uplifting => ("▲", "direction_up"),
        Direction::Slipping => ("▼", "direction_down"),
        Direction::Steady => ("●", "direction_steady"),
        Direction::TooFew => ("○", "too_little"),
    }
}

/// Where a point goes, and by which shares.
fn going(model: &Model, group: &UpliftGroup) -> String {
    let direction = word(model, direction(group.direction).1);
    let beyond = |difference: &Difference| match group.direction {
        Direction::Slipping => difference.fell(),
        Direction::Uplifting => difference.rose(),
        Direction::Steady | Direction::TooFew => false,
    };
    let shares = [("sound", &group.change.sound), ("top_half", &group.change.top_half)];
    let named: Vec<&str> =
        shares.into_iter().filter(|(_, share)| beyond(share)).map(|(key, _)| word(model, key)).collect();
    match named.join(", ") {
        none if none.is_empty() => direction.to_owned(),
        shares => model.page().fill("direction_moved", &[("direction", direction), ("shares", &shares)]),
    }
}

fn one(model: &Model, place: usize, group: &UpliftGroup) -> Markup {
    let point = group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default();
    let (mark, _) = direction(group.direction);
    let is = format!("uplift.groups.{place}.change");
    html! {
        figure {
            figcaption {
                h3 { (path(model, point)) }
                p class={ "going " (group.direction.name()) } { span aria-hidden="true" { (mark) } " " (going(model, group)) }
            }
            (drawn(model, group))
            @if let (Some(from), Some(to)) = (group.change.from, group.change.to) {
                @let between = [("from", value(from.to_string())), ("to", value(to.to_string()))];
                @if group.direction == Direction::TooFew {
                    p.change { (say(model, "compare_too_little", &between)) }
                } @else {
                    @let top_half = difference(model, &format!("{is}.top_half"), group.change.top_half);
                    @let sound = difference(model, &format!("{is}.sound"), group.change.sound);
                    p.change { (say(model, "compared", &[between.as_slice(), &[("top_half", top_half), ("sound", sound)]].concat())) }
                }
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

fn drawn(model: &Model, group: &UpliftGroup) -> Markup {
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
        (Some(first), Some(last)) => {
            let (from, to) = (first.period.to_string(), last.period.to_string());
            let share = estimate_in_words(model, last.top_half);
            model.page().fill("trend_told", &[("from", &from), ("to", &to), ("share", &share)])
        }
        _ => word(model, "trend_empty").to_owned(),
    };
    let full = model.page().fill("percent", &[("n", "100")]).replace(' ', "\u{a0}");
    html! {
        svg.multiple viewBox="0 0 300 118" role="img" aria-label=(told) {
            @for (share, tick) in [(0.0, "0"), (0.5, "50"), (1.0, full.as_str())] {
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
                th scope="row" { (name(model, &group.key.in_words())) }
                td {
                    (figure(format_args!("{is}.period"), point.period, point.period.to_string()))
                    @if !point.finished { span.aside { " " (word(model, "not_over")) } }
                }
                td.number { (number(model, format_args!("{is}.count"), point.count)) }
                td.number { (number(model, format_args!("{is}.recipients"), point.recipients)) }
                td { (level_figure(model, format_args!("{is}.median"), point.median)) }
                td.number { (estimate(model, &format!("{is}.top_half"), point.top_half)) }
                td.number { (estimate(model, &format!("{is}.sound"), point.sound)) }
            }
        }
    };
    let columns =
        ["col_point", "col_period", "col_moments", "col_recipients", "col_median", "col_top_half", "col_sound"];
    frame(
        word(model, "figures_over_time"),
        &html! {
            table.sortable data-filter=(filter(model, "the_periods")) {
                caption { (word(model, "each_period")) }
                thead { tr { (heads(model, &columns)) } }
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
