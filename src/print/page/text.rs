//! Texts and figures as the page shows them.

use std::fmt::Display;

use crate::stats::{Difference, Estimate};
use crate::{Level, Model, printable};
use maud::{Markup, Render, html};
use serde::Serialize;
use serde_json::Value;

use crate::print::bars;
use crate::print::table::{shown, written_day};

pub(super) use crate::wording::{count, grouped};

/// How many characters of a name are shown.
const NAME: usize = 90;

/// How many characters of what someone said are shown.
const SAID: usize = 300;

/// A text of the records, made visible and kept apart from the writing direction around it.
pub(super) fn name(text: &str) -> Markup {
    limited(text, NAME)
}

/// What someone said, or another longer text.
pub(super) fn saying(text: &str) -> Markup {
    limited(text, SAID)
}

fn limited(text: &str, most: usize) -> Markup {
    let rest = text.chars().count().saturating_sub(most) as u64;
    let text: String = text.chars().take(most).collect();
    html! {
        bdi { (shown(&text)) @if rest > 0 { "…" } }
        @if rest > 0 { " " span.aside { "(" (count(rest, "character")) " more)" } }
    }
}

/// A path with its last part in front of the eye.
pub(super) fn path(path: &str) -> Markup {
    let (above, last) = path.rsplit_once('/').map_or(("", path), |(above, last)| (above, last));
    html! {
        @if !above.is_empty() { span.above { (name(above)) "/" wbr; } }
        span.last { (name(last)) }
    }
}

/// A figure: what is shown, with its unrounded value and where `-f json` has it.
pub(super) fn figure(is: impl Display, value: impl Serialize, words: impl Render) -> Markup {
    let value = match serde_json::to_value(value) {
        Ok(Value::Null) | Err(_) => String::new(),
        Ok(Value::String(text)) => printable(&text).into_owned(),
        Ok(other) => other.to_string(),
    };
    html! { data value=(value) data-is=(is) { (words) } }
}

/// A whole number in a JSON document.
pub(super) fn number(is: impl Display, number: u64) -> Markup {
    figure(is, number, grouped(number))
}

/// A level with its pattern, its rank and its label.
pub(super) fn level(model: &Model, level: Level) -> Markup {
    html! { span.level { (swatch(level)) b { (level.rank()) } " " bdi { (shown(model.label(level))) } } }
}

/// The same as a figure of a json document; a dash where there is none.
pub(super) fn level_figure(model: &Model, is: impl Display, of: Option<Level>) -> Markup {
    figure(is, of, of.map_or_else(dash, |of| level(model, of)))
}

/// A patch of a level's colour and pattern.
pub(super) fn swatch(level: Level) -> Markup {
    let class = class(level);
    html! { svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} } }
}

/// Where there is nothing to show.
pub(super) fn dash() -> Markup {
    html! { span.none { "–" } }
}

/// `82 %`, the share alone.
pub(super) fn percent(share: Option<f64>) -> Markup {
    share.map_or_else(dash, |share| html! { (bars::percent(Some(share)).replace(' ', "\u{a0}")) })
}

/// A share and, where there is one, its interval.
pub(super) fn estimate(is: &str, estimate: Estimate) -> Markup {
    html! {
        (figure(format_args!("{is}.share"), estimate.share, percent(estimate.share)))
        (interval(is, estimate))
    }
}

/// The interval of a share.
pub(super) fn interval(is: &str, estimate: Estimate) -> Markup {
    html! {
        @if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            " " span.interval {
                "(" (figure(format_args!("{is}.low"), low, bars::whole(low))) " to "
                (figure(format_args!("{is}.high"), high, bars::whole(high))) ")"
            }
        }
    }
}

/// A change in percentage points with its interval.
pub(super) fn difference(is: &str, change: Difference) -> Markup {
    let points = |bound: f64| bars::points(bound).replace('-', "−");
    html! {
        @if let (Some(diff), Some(low), Some(high)) = (change.diff, change.low, change.high) {
            (figure(format_args!("{is}.diff"), diff, points(diff)))
            " " span.interval {
                "(" (figure(format_args!("{is}.low"), low, points(low))) " to "
                (figure(format_args!("{is}.high"), high, points(high))) ")"
            }
            @if change.fell() || change.rose() { ", beyond chance" } @else if change.p.is_some() && diff != 0.0 { ", may be chance" }
        } @else { (dash()) }
    }
}

/// The day of an instant as it is written.
pub(super) fn day(at: Option<&str>) -> Markup {
    at.map_or_else(dash, |at| html! { span.day { (shown(written_day(at))) } })
}

/// Hours or days, whatever reads better.
pub(super) fn span(hours: f64) -> String {
    span_in(hours, hours.abs() >= 48.0)
}

/// The same in one unit, for what stands in a column.
pub(super) fn span_in(hours: f64, days: bool) -> String {
    if days { format!("{:.1}\u{a0}days", hours / 24.0) } else { format!("{hours:.1}\u{a0}h") }
}

/// A wide table in a frame of its own, which scrolls and can be reached with the keyboard.
pub(super) fn frame(label: &str, table: &Markup) -> Markup {
    html! { div.frame role="region" tabindex="0" aria-label=(label) { (table) } }
}

/// How a level is filled.
pub(super) const fn class(level: Level) -> &'static str {
    ["l1", "l2", "l3", "l4", "l5", "l6"][level.index()]
}
