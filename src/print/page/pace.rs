//! Is more created than runs down? What became new in each period, above a line, and what slid or lapsed, below it.

use maud::{Markup, html};

use crate::assess::uplift::Point;

/// How many periods are drawn.
const PERIODS: usize = 36;

/// How high a bar is at most on either side of the line.
const HIGH: u64 = 60;

/// How wide a period is drawn.
const WIDE: usize = 22;

/// The bars of all points together, period by period; nothing where no act was ever new.
pub(super) fn bars(series: &[Point]) -> Markup {
    let drawn = &series[series.len().saturating_sub(PERIODS)..];
    let most = drawn.iter().map(|point| point.pace.new.max(point.pace.slid + point.pace.lapsed)).max().unwrap_or(0);
    let high = |count: u64| if most == 0 { 0 } else { (count * HIGH).div_ceil(most) };
    html! {
        @if most > 0 {
            h3 { "Is more created than runs down?" }
            p {
                "Above the line: acts that were new to someone. Below it: repeats that were worth less than the time before, \
                 and lapses. By period, all points together. Service wears out where the bars below are longer."
            }
            svg.pace width=((drawn.len() * WIDE)) height=((2 * HIGH + 2)) role="img" aria-label=(told(drawn)) {
                @for (place, point) in drawn.iter().enumerate() {
                    @let (x, pace) = (place * WIDE + 3, point.pace);
                    rect.bounced x=(x) y=((HIGH - high(pace.new))) width="16" height=(high(pace.new)) { title { (point.period.to_string()) ": " (pace.new) " new" } }
                    rect.attempted x=(x) y=((HIGH + 1)) width="16" height=(high(pace.slid)) { title { (point.period.to_string()) ": " (pace.slid) " slid" } }
                    rect.open x=(x) y=((HIGH + 1 + high(pace.slid))) width="16" height=((high(pace.lapsed + pace.slid) - high(pace.slid))) { title { (point.period.to_string()) ": " (pace.lapsed) " lapsed" } }
                }
                line.axis x1="0" x2="100%" y1=((HIGH)) y2=((HIGH)) {}
            }
        }
    }
}

/// The same in words.
fn told(drawn: &[Point]) -> String {
    let one = |point: &Point| {
        format!("{}: {} new, {} slid, {} lapsed", point.period, point.pace.new, point.pace.slid, point.pace.lapsed)
    };
    drawn.iter().map(one).collect::<Vec<_>>().join("; ")
}
