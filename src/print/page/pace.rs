//! Is more created than runs down? What became new in each period, above a line, and what slid or lapsed, below it.

use maud::{Markup, html};

use crate::Model;
use crate::assess::uplift::Point;

use super::words::text as word;

/// How many periods are drawn.
const PERIODS: usize = 36;

/// How high a bar is at most on either side of the line.
const HIGH: u64 = 60;

/// How wide a period is drawn.
const WIDE: usize = 26;

/// The bars of all points together, period by period; nothing where no act was ever new.
pub(super) fn bars(model: &Model, series: &[Point]) -> Markup {
    let drawn = &series[series.len().saturating_sub(PERIODS)..];
    let most = drawn.iter().map(|point| point.pace.new.max(point.pace.slid + point.pace.lapsed)).max().unwrap_or(0);
    let high = |count: u64| if most == 0 { 0 } else { (count * HIGH).div_ceil(most) };
    let told = |key: &str, point: &Point, number: u64| {
        model.page().fill(key, &[("period", &point.period.to_string()), ("n", &model.page().number(number))])
    };
    html! {
        @if most > 0 {
            h3 { (word(model, "pace_title")) }
            p { (word(model, "pace_intro")) }
            svg.pace width=((drawn.len() * WIDE)) height=((2 * HIGH + 18)) role="img" aria-label=(in_words(model, drawn)) {
                @for (place, point) in drawn.iter().enumerate() {
                    @let (x, pace) = (place * WIDE + 3, point.pace);
                    rect.bounced x=(x) y=((HIGH - high(pace.new))) width="16" height=(high(pace.new)) { title { (told("pace_new", point, pace.new)) } }
                    rect.attempted x=(x) y=((HIGH + 1)) width="16" height=(high(pace.slid)) { title { (told("pace_slid", point, pace.slid)) } }
                    rect.open x=(x) y=((HIGH + 1 + high(pace.slid))) width="16" height=((high(pace.lapsed + pace.slid) - high(pace.slid))) { title { (told("pace_lapsed", point, pace.lapsed)) } }
                }
                line.axis x1="0" x2="100%" y1=((HIGH)) y2=((HIGH)) {}
                @if let Some(first) = drawn.first() { text.tick x="3" y=((2 * HIGH + 15)) { (first.period.to_string()) } }
                // where there is room for two
                @if let Some(last) = drawn.last().filter(|_| drawn.len() > 4) {
                    text.tick x=((drawn.len() * WIDE - 7)) y=((2 * HIGH + 15)) text-anchor="end" { (last.period.to_string()) }
                }
            }
            ul.key {
                @for (class, key) in [("bounced", "pace_key_new"), ("attempted", "pace_key_slid"), ("open", "pace_key_lapsed")] {
                    li { svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} } (word(model, key)) }
                }
            }
        }
    }
}

/// The same in words.
fn in_words(model: &Model, drawn: &[Point]) -> String {
    let number = |number| model.page().number(number);
    let one = |point: &Point| {
        let (new, slid, lapsed) = (number(point.pace.new), number(point.pace.slid), number(point.pace.lapsed));
        let period = point.period.to_string();
        model.page().fill("pace_told", &[("period", &period), ("new", &new), ("slid", &slid), ("lapsed", &lapsed)])
    };
    drawn.iter().map(one).collect::<Vec<_>>().join("; ")
}
