//! What is drawn: patterns, bars, the legend. Numbers are written with a fixed
//! number of decimals, so that the same records give the same bytes.

use crate::stats::Distribution;
use crate::{Level, Model};
use maud::{Markup, html};

use super::text;
use super::words::text as word;

/// The patterns of the levels, for all drawings of the page: a reader who sees no colour sees them,
/// and the rank beside them.
pub(super) fn patterns() -> Markup {
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #f1 width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect.c1 width="6" height="6" {}
                    path.m d="M0 0L6 6M6 0L0 6" {}
                }
                pattern #f2 width="7" height="7" patternUnits="userSpaceOnUse" {
                    rect.c2 width="7" height="7" {}
                    path.m d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6" {}
                }
                pattern #f3 width="7" height="7" patternUnits="userSpaceOnUse" {
                    rect.c3 width="7" height="7" {}
                    circle.d cx="3.5" cy="3.5" r="1" {}
                }
                pattern #f4 width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect.c4 width="6" height="6" {}
                }
                pattern #f5 width="7" height="7" patternUnits="userSpaceOnUse" {
                    rect.c5 width="7" height="7" {}
                    path.m d="M0 3.5L7 3.5" {}
                }
                pattern #f6 width="7" height="7" patternUnits="userSpaceOnUse" {
                    rect.c6 width="7" height="7" {}
                    path.m d="M3.5 0L3.5 7M0 3.5L7 3.5" {}
                }
            }
        }
    }
}

/// The six levels in a line.
pub(super) fn legend(model: &Model) -> Markup {
    let half = |levels: &'static [Level]| html! { @for level in levels { li { (text::level(model, *level)) } } };
    let middle = Level::BASELINE.index() + 1;
    html! {
        div.legend role="group" aria-label=(word(model, "six_levels")) {
            div { span.half { (word(model, "bottom_half")) } ul { (half(&Level::ALL[..middle])) } }
            div { span.half { (word(model, "top_half_name")) } ul { (half(&Level::ALL[middle..])) } }
        }
    }
}

/// A part in thousandths of a percent of the width, as an attribute.
#[expect(clippy::cast_precision_loss, reason = "counts of interactions stay far below 2^53")]
pub(super) fn per_cent(part: u64, of: u64, width: f64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 * width }
}

/// `37.5%`, always with three decimals.
fn at(percent: f64) -> String {
    format!("{percent:.3}%")
}

/// A bar around a middle line: the bottom half to the left, the top half to the
/// right, half the width for all moments. Faint where that is not `enough` to say.
pub(super) fn diverging(model: &Model, levels: &Distribution, enough: bool) -> Markup {
    let total = levels.total();
    let counts: Vec<String> = Level::ALL
        .into_iter()
        .filter(|level| levels.0[level.index()] > 0)
        .map(|level| format!("{} {}", model.page().number(levels.0[level.index()]), label(model, level)))
        .collect();
    let told = if counts.is_empty() { word(model, "bar_empty").to_owned() } else { counts.join(", ") };
    let middle = Level::BASELINE.index() + 1;
    let below: u64 = levels.0[..middle].iter().sum();
    let mut from = 50.0 - per_cent(below, total, 50.0);
    let mut parts = Vec::new();
    for level in Level::ALL {
        let width = per_cent(levels.0[level.index()], total, 50.0);
        parts.push((level, from, width));
        from += width;
    }
    html! {
        svg.diverging.faint[!enough] width="100%" height="30" role="img" aria-label=(told) {
            @for (level, from, width) in parts {
                @if width > 0.0 {
                    rect class=(text::class(level)) x=(at(from)) y="2" width=(at(width)) height="26" {}
                    @if width >= 4.0 {
                        text x=(at(from + width / 2.0)) y="19" { (level.rank()) }
                    }
                }
            }
            line.axis x1="50%" x2="50%" y1="0" y2="30" {}
        }
    }
}

/// One bar of parts that follow each other; each part with its class.
pub(super) fn stacked(parts: &[(&str, u64)], of: u64, told: &str) -> Markup {
    let mut from = 0.0;
    let mut drawn = Vec::new();
    for &(class, count) in parts {
        let width = per_cent(count, of, 100.0);
        drawn.push((class, from, width));
        from += width;
    }
    html! {
        svg.stacked width="100%" height="18" role="img" aria-label=(told) {
            rect.track width="100%" height="18" {}
            @for (class, from, width) in drawn {
                @if width > 0.0 { rect class=(class) x=(at(from)) width=(at(width)) height="18" {} }
            }
        }
    }
}

/// A share on a line from nothing to all, with its interval.
pub(super) fn share_line(estimate: crate::stats::Estimate, told: &str) -> Markup {
    html! {
        @if let (Some(share), Some(low), Some(high)) = (estimate.share, estimate.low, estimate.high) {
            svg.share width="100%" height="16" role="img" aria-label=(told) {
                line.track x1="0" x2="100%" y1="8" y2="8" {}
                rect.reach x=(at(low * 100.0)) y="4" width=(at((high - low) * 100.0)) height="8" rx="4" {}
                circle.mark cx=(at(share * 100.0)) cy="8" r="5" {}
            }
        }
    }
}

/// The label of a level as an attribute holds it.
pub(super) fn label(model: &Model, level: Level) -> String {
    crate::print::table::shown(model.label(level))
}

/// An arrow in a line of text.
pub(super) fn arrow() -> Markup {
    html! {
        svg.arrow width="22" height="12" aria-hidden="true" { path d="M1 6H19M14 1.5L19.5 6L14 10.5" {} }
    }
}
