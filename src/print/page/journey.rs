//! The journey: how each perception point is experienced.

use std::collections::{BTreeSet, HashMap};

use crate::Level;
use crate::assess::journey::{Group, Journey};
use crate::stats::{Distribution, Share};
use maud::{Markup, html};

use super::point::{Soundness, path_of};
use super::text::{count, dash, estimate, figure, grouped, level_figure, name, number, path, percent};
use super::{Page, drawing, moments};

/// How many points are shown one by one: those with the most moments, and then the least sound.
const MOST: usize = 30;
const LEAST_SOUND: usize = 10;

/// Which points are shown, and how they are linked: by numbers, never by what the records call them.
pub(super) struct Points {
    shown: Vec<usize>,
    places: HashMap<String, usize>,
}

impl Points {
    /// Chooses the points.
    pub(super) fn of(journey: &Journey) -> Self {
        let mut shown: Vec<usize> = (0..journey.groups.len()).collect();
        shown.sort_by_key(|&place| std::cmp::Reverse(journey.groups[place].count));
        let mut rest = shown.split_off(MOST.min(shown.len()));
        let soundness = |&place: &usize| Soundness::of(&journey.groups[place]);
        rest.sort_by(|one, other| soundness(one).against(&soundness(other)));
        shown.extend(rest.into_iter().take(LEAST_SOUND));
        // in the order of the journey again
        shown.sort_unstable();
        // a point without a moment has nothing to be linked to
        let linked = shown.iter().filter(|&&place| journey.groups[place].count > 0);
        let places = linked.map(|&place| (path_of(&journey.groups[place]), place)).collect();
        Self { shown, places }
    }

    /// The places of the points shown, in the order of the journey.
    pub(super) fn shown(&self) -> &[usize] {
        &self.shown
    }

    /// A point by its path, linked to its moments if these are shown.
    pub(super) fn link(&self, point: &str) -> Markup {
        match self.places.get(point) {
            Some(place) => html! { a.point href={ "#p" (place + 1) } { (path(point)) } },
            None => html! { span.point { (path(point)) } },
        }
    }
}

pub(super) fn section(page: Page<'_>) -> Markup {
    let journey = &page.report.journey;
    if journey.groups.is_empty() {
        return html! { p { "There are no moments to report." } };
    }
    html! {
        p {
            "Each perception point, in the order of first appearance"
            @if !page.model.journeys().is_empty() { ", after those of the journey laid out in the rules" }
            ". Moments in the bottom half go to the left, moments in the top half to the right; a side is full when all \
             moments of the point are on it. Look for long bars to the left: there, most is to be gained."
        }
        @if page.points.shown().iter().any(|&place| is_few(&journey.groups[place])) {
            p.hint {
                "Faint bars have too little data: fewer than " (grouped(u64::from(page.model.enough().interactions.get())))
                " moments of which something was noted, or "
                (count(u64::from(page.model.enough().recipients.get()), "recipient")) "."
            }
        }
        div.halves aria-hidden="true" { span { "← bottom half" } span { "top half →" } }
        ol.points {
            @for &place in page.points.shown() { (row(page, place, &journey.groups[place])) }
            (others(page))
        }
        details.figures {
            summary { "All figures of the journey" }
            (by_level(page))
            (by_outcome(page))
        }
        (moments::all(page))
    }
}

/// Whether there is something, but too little to say how a point is lived.
fn is_few(group: &Group) -> bool {
    group.remarked() > 0 && !group.enough
}

fn row(page: Page<'_>, place: usize, group: &Group) -> Markup {
    let is = format!("journey.groups.{place}");
    html! {
        li {
            div.where {
                (page.points.link(&path_of(group)))
                span.aside {
                    @if group.count == 0 { "in the plan, nothing recorded" }
                    @else {
                        (count(group.count, "moment"))
                        @if group.unremarked > 0 { ", " (grouped(group.remarked())) " remarked" }
                        ", median "
                        (level_figure(page.model, format_args!("{is}.median"), group.median))
                        (claims(&is, group))
                        @if is_few(group) { "; too little data" }
                    }
                }
            }
            (drawing::diverging(page.model, &group.levels.0, !is_few(group)))
            div.shares {
                span { b { (percent(group.sound.share)) } " sound" }
                span { b { (percent(group.top_half.share)) } " top half" }
            }
        }
    }
}

/// How often the provider thought better of a moment than it was, where there are claims.
fn claims(is: &str, group: &Group) -> Markup {
    let claims = group.claims;
    html! {
        @if claims.count > 0 {
            "; " (number(format_args!("{is}.claims.above"), claims.above)) " of "
            (number(format_args!("{is}.claims.count"), claims.count))
            (if claims.count == 1 { " claim" } else { " claims" }) " too high"
        }
    }
}

/// The points that are not shown one by one, taken together.
fn rest(page: Page<'_>) -> Option<(u64, u64, Distribution, u64)> {
    let shown: BTreeSet<usize> = page.points.shown().iter().copied().collect();
    let rest = page.report.journey.groups.iter().enumerate().filter(|(place, _)| !shown.contains(place));
    let (mut points, mut moments, mut levels, mut failures) = (0, 0, Distribution::default(), 0);
    for (_, group) in rest {
        points += 1;
        moments += group.count;
        failures += group.failures;
        for (sum, more) in levels.0.iter_mut().zip(group.levels.0.0) {
            *sum += more;
        }
    }
    (points > 0).then_some((points, moments, levels, failures))
}

fn others(page: Page<'_>) -> Markup {
    let Some((points, moments, levels, failures)) = rest(page) else { return html! {} };
    let remarked = levels.total();
    let sound = Share { count: remarked.saturating_sub(failures), of: remarked }.value();
    html! {
        li.others {
            div.where {
                span.point { "and " (count(points, "more point")) ", taken together" }
                span.aside { (count(moments, "moment")) "; the " (grouped(page.points.shown().len() as u64)) " points with the most moments, or least sound, are shown" }
            }
            (drawing::diverging(page.model, &levels, true))
            div.shares {
                span { b { (percent(sound)) } " sound" }
                span { b { (percent(levels.top_half().value())) } " top half" }
            }
        }
    }
}

/// The points shown and all together, each as a row of a table.
fn table(page: Page<'_>, what: &str, caption: &str, heads: &Markup, cells: impl Fn(&str, &Group) -> Markup) -> Markup {
    let journey = &page.report.journey;
    let row = |is: &str, head: Markup, group: &Group| html! { tr { th scope="row" { (head) } (cells(is, group)) } };
    super::text::frame(
        caption,
        &html! {
            table.sortable data-filter=(what) {
                caption { (caption) }
                thead { tr { th scope="col" { "point" } (heads) } }
                tbody {
                    @for &place in page.points.shown() {
                        @let group = &journey.groups[place];
                        (row(&format!("journey.groups.{place}"), name(&path_of(group)), group))
                    }
                }
                tfoot { (row("journey.total", html! { "all points" }, &journey.total)) }
            }
        },
    )
}

fn by_level(page: Page<'_>) -> Markup {
    let heads = html! {
        @for head in ["moments", "recipients", "unremarked"] { th scope="col" { (head) } }
        @for level in Level::ALL { th scope="col" { (super::text::level(page.model, level)) } }
        th scope="col" { "median" }
    };
    table(page, "points by level", "Moments by level; unremarked moments have none", &heads, |is, group| {
        html! {
            td.number { (number(format_args!("{is}.count"), group.count)) }
            td.number { (number(format_args!("{is}.recipients"), group.recipients)) }
            td.number { (number(format_args!("{is}.unremarked"), group.unremarked)) }
            @for level in Level::ALL {
                td.number { (number(format_args!("{is}.levels.{}", level.name()), group.levels.0.0[level.index()])) }
            }
            td { (level_figure(page.model, format_args!("{is}.median"), group.median)) }
        }
    })
}

fn by_outcome(page: Page<'_>) -> Markup {
    let heads = html! {
        @for head in ["sound", "top half", "failures", "only slid", "lapses", "created value"] { th scope="col" { (head) } }
    };
    table(page, "points by what came of them", "Shares and failures of each point", &heads, |is, group| {
        html! {
            td.number { (estimate(&format!("{is}.sound"), group.sound)) }
            td.number { (estimate(&format!("{is}.top_half"), group.top_half)) }
            td.number { (number(format_args!("{is}.failures"), group.failures)) }
            td.number { (number(format_args!("{is}.slid"), group.slid)) }
            td.number { (number(format_args!("{is}.lapses"), group.lapses)) }
            td.number {
                @if group.valued.known > 0 {
                    (figure(format_args!("{is}.valued.share"), group.valued.share, percent(group.valued.share)))
                    " of " (number(format_args!("{is}.valued.known"), group.valued.known))
                } @else { (dash()) }
            }
        }
    })
}
