//! Texts and figures as the page shows them.

use std::fmt::Display;

use crate::stats::{Difference, Estimate};
use crate::{Level, Model, printable};
use maud::{Markup, Render, html};
use serde::Serialize;
use serde_json::Value;

use super::words::{say, say_for, text as word, value};
use crate::print::bars;
use crate::print::table::{shown, written_day};

/// How many characters of a name are shown.
const NAME: usize = 90;

/// How many characters of what someone said are shown.
const SAID: usize = 300;

/// A text of the records, made visible and kept apart from the writing direction around it.
pub(super) fn name(model: &Model, text: &str) -> Markup {
    limited(model, text, NAME)
}

/// What someone said, or another longer text.
pub(super) fn saying(model: &Model, text: &str) -> Markup {
    limited(model, text, SAID)
}

fn limited(model: &Model, text: &str, most: usize) -> Markup {
    let rest = text.chars().count().saturating_sub(most) as u64;
    let text: String = text.chars().take(most).collect();
    html! {
        bdi { (shown(&text)) @if rest > 0 { "…" } }
        @if rest > 0 { " " span.aside { (say_for(model, "more_characters", rest, &[])) } }
    }
}

/// A path with its last part in front of the eye.
pub(super) fn path(model: &Model, path: &str) -> Markup {
    let (above, last) = path.rsplit_once('/').map_or(("", path), |(above, last)| (above, last));
    html! {
        @if !above.is_empty() { span.above { (name(model, above)) "/" wbr; } }
        span.last { (name(model, last)) }
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
pub(super) fn number(model: &Model, is: impl Display, number: u64) -> Markup {
    figure(is, number, model.page().number(number))
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
pub(super) fn percent(model: &Model, share: Option<f64>) -> Markup {
    share.map_or_else(dash, |share| value(percent_in_words(model, share)))
}

fn percent_in_words(model: &Model, share: f64) -> String {
    model.page().fill("percent", &[("n", &bars::whole(share))]).replace(' ', "\u{a0}")
}

/// A share and its interval in words, for those who do not see the drawing.
pub(super) fn estimate_in_words(model: &Model, estimate: Estimate) -> String {
    let (Some(share), Some(low), Some(high)) = (estimate.share, estimate.low, estimate.high) else {
        return word(model, "bar_empty").to_owned();
    };
    let bounds = [("low", bars::whole(low)), ("high", bars::whole(high))];
    let bounds = bounds.each_ref().map(|(name, bound)| (*name, bound.as_str()));
    format!("{} {}", percent_in_words(model, share), model.page().fill("interval", &bounds))
}

/// A share and, where there is one, its interval.
pub(super) fn estimate(model: &Model, is: &str, estimate: Estimate) -> Markup {
    html! {
        (figure(format_args!("{is}.share"), estimate.share, percent(model, estimate.share)))
        @if let (Some(low), Some(high)) = (estimate.low, estimate.high) { (interval(model, is, low, high, bars::whole)) }
    }
}

/// The interval of a figure.
fn interval(model: &Model, is: &str, low: f64, high: f64, shown: impl Fn(f64) -> String) -> Markup {
    html! {
        " " span.interval {
            (say(model, "interval", &[
                ("low", figure(format_args!("{is}.low"), low, shown(low))),
                ("high", figure(format_args!("{is}.high"), high, shown(high))),
            ]))
        }
    }
}

/// A change in percentage points with its interval.
pub(super) fn difference(model: &Model, is: &str, change: Difference) -> Markup {
    let points = |bound: f64| bars::points(bound).replace('-', "−");
    let (Some(diff), Some(low), Some(high)) = (change.diff, change.low, change.high) else { return dash() };
    let beyond = change.fell() || change.rose();
    // less than half a point looks like a change and is none that anyone could see
    let same = !beyond && diff.abs() < 0.005;
    let by = if same { word(model, "no_change").to_owned() } else { in_points(model, &points(diff)) };
    let shown = html! {
        (figure(format_args!("{is}.diff"), diff, by))
        (interval(model, is, low, high, points))
    };
    if beyond {
        say(model, "beyond_chance", &[("change", shown)])
    } else if change.p.is_some() && !same {
        say(model, "may_be_chance", &[("change", shown)])
    } else {
        shown
    }
}

/// `−4 percentage points`.
fn in_points(model: &Model, points: &str) -> String {
    let number = points.trim_start_matches(['+', '−']).parse().unwrap_or(0);
    model.page().form("percentage_points", number).replace("{n}", points).replacen(' ', "\u{a0}", 1)
}

/// The day of an instant as it is written.
pub(super) fn day(at: Option<&str>) -> Markup {
    at.map_or_else(dash, |at| html! { span.day { (shown(written_day(at))) } })
}

/// Hours or days; what stands in one column or list is in one unit.
pub(super) fn span_in(model: &Model, hours: f64, days: bool) -> String {
    let (key, number) = if days { ("days", hours / 24.0) } else { ("hours", hours) };
    let number = model.page().decimal(&format!("{number:.1}"));
    model.page().fill(key, &[("n", &number)]).replace(' ', "\u{a0}")
}

/// The heads of the columns of a table, by the keys of their texts.
pub(super) fn heads(model: &Model, keys: &[&str]) -> Markup {
    html! { @for key in keys { th scope="col" { (word(model, key)) } } }
}

/// What a list or a table holds, for the label of its filter.
pub(super) fn filter(model: &Model, what: &str) -> String {
    model.page().fill("filter", &[("what", word(model, what))])
}

/// How many are shown of a list, where not all of it is.
pub(super) fn left_out(model: &Model, key: &str, all: usize, shown: usize) -> Markup {
    let rest = all.saturating_sub(shown) as u64;
    let shown = value(model.page().number(shown as u64));
    html! { @if rest > 0 { p.left-out { (say_for(model, key, rest, &[("shown", shown)])) } } }
}

/// A wide table in a frame of its own, which scrolls and can be reached with the keyboard.
pub(super) fn frame(label: &str, table: &Markup) -> Markup {
    html! { div.frame role="region" tabindex="0" aria-label=(label) { (table) } }
}

/// How a level is filled.
pub(super) const fn class(level: Level) -> &'static str {
    ["l1", "l2", "l3", "l4", "l5", "l6"][level.index()]
}
