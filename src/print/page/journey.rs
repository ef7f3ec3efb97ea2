//! The journey: how each perception point is experienced.

use std::collections::{BTreeSet, HashMap};

use crate::assess::journey::{Group, Journey};
use crate::stats::{Distribution, Share};
use crate::{Level, Model};
use maud::{Markup, html};

use super::point::{Soundness, path_of};
use super::text::{dash, estimate, figure, filter, frame, heads, level_figure, name, number, path, percent};
use super::words::{count, say, say_for, text as word, value};
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
    pub(super) fn link(&self, model: &Model, point: &str) -> Markup {
        match self.places.get(point) {
            Some(place) => html! { a.point href={ "#p" (place + 1) } { (path(model, point)) } },
            None => html! { span.point { (path(model, point)) } },
        }
    }
}

pub(super) fn section(page: Page<'_>) -> Markup {
    let (model, journey) = (page.model, &page.report.journey);
    if journey.groups.is_empty() {
        return html! { p { (word(model, "no_moments")) } };
    }
    let enough = model.enough();
    let enough = [
        ("moments", value(count(model, "moments", u64::from(enough.interactions.get())))),
        ("recipients", value(count(model, "recipients", u64::from(enough.recipients.get())))),
    ];
    html! {
        p { (word(model, if model.journeys().is_empty() { "journey_intro" } else { "journey_intro_plan" })) }
        @if page.points.shown().iter().any(|&place| is_few(&journey.groups[place])) {
            p.hint { (say(model, "faint", &enough)) }
        }
        div.halves aria-hidden="true" { span { (word(model, "bottom_arrow")) } span { (word(model, "top_arrow")) } }
        ol.points {
            @for &place in page.points.shown() { (row(page, place, &journey.groups[place])) }
            (others(page))
        }
        details.figures {
            summary { (word(model, "journey_figures")) }
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
    let model = page.model;
    let is = format!("journey.groups.{place}");
    let line = [
        ("moments", value(count(model, "moments", group.count))),
        ("noted", value(model.page().number(group.remarked()))),
        ("level", level_figure(model, format_args!("{is}.median"), group.median)),
    ];
    html! {
        li {
            div.where {
                (page.points.link(model, &path_of(group)))
                span.aside {
                    @if group.count == 0 { (word(model, "point_empty")) }
                    @else {
                        (say(model, if group.unremarked > 0 { "point_line_noted" } else { "point_line" }, &line))
                        (claims(model, &is, group))
                        @if is_few(group) { "; " (word(model, "too_little")) }
                    }
                }
            }
            (drawing::diverging(model, &group.levels.0, !is_few(group)))
            (shares(model, group.sound.share, group.top_half.share))
        }
    }
}

/// What is sound and in the top half, beside the bar.
fn shares(model: &Model, sound: Option<f64>, top_half: Option<f64>) -> Markup {
    let share = |share| html! { b { (percent(model, share)) } };
    html! {
        div.shares {
            span { (say(model, "sound_share", &[("share", share(sound))])) }
            span { (say(model, "top_share", &[("share", share(top_half))])) }
        }
    }
}

/// How often the provider thought better of a moment than it was, where there are claims.
fn claims(model: &Model, is: &str, group: &Group) -> Markup {
    let claims = group.claims;
    html! {
        @if claims.count > 0 {
            "; " (say_for(model, "claims", claims.count, &[
                ("above", number(model, format_args!("{is}.claims.above"), claims.above)),
                ("n", number(model, format_args!("{is}.claims.count"), claims.count)),
            ]))
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
    let (model, remarked) = (page.model, levels.total());
    let sound = Share { count: remarked.saturating_sub(failures), of: remarked }.value();
    let shown = page.points.shown().len() as u64;
    html! {
        li.others {
            div.where {
                span.point { (say_for(model, "other_points", points, &[])) }
                span.aside { (say_for(model, "other_points_means", shown, &[("moments", value(count(model, "moments", moments)))])) }
            }
            (drawing::diverging(model, &levels, true))
            (shares(model, sound, levels.top_half().value()))
        }
    }
}

/// The points shown and all together, each as a row of a table.
fn table(
    page: Page<'_>,
    what: &str,
    caption: &str,
    columns: &Markup,
    cells: impl Fn(&str, &Group) -> Markup,
) -> Markup {
    let (model, journey) = (page.model, &page.report.journey);
    let caption = word(model, caption);
    let row = |is: &str, head: Markup, group: &Group| html! { tr { th scope="row" { (head) } (cells(is, group)) } };
    frame(
        caption,
        &html! {
            table.sortable data-filter=(filter(model, what)) {
                caption { (caption) }
                thead { tr { (heads(model, &["col_point"])) (columns) } }
                tbody {
                    @for &place in page.points.shown() {
                        @let group = &journey.groups[place];
                        (row(&format!("journey.groups.{place}"), name(model, &path_of(group)), group))
                    }
                }
                tfoot { (row("journey.total", value(word(model, "all_points")), &journey.total)) }
            }
        },
    )
}

fn by_level(page: Page<'_>) -> Markup {
    let model = page.model;
    let columns = html! {
        (heads(model, &["col_moments", "col_recipients", "col_unremarked"]))
        @for level in Level::ALL { th scope="col" { (super::text::level(model, level)) } }
        (heads(model, &["col_median"]))
    };
    table(page, "the_points_by_level", "by_level", &columns, |is, group| {
        html! {
            td.number { (number(model, format_args!("{is}.count"), group.count)) }
            td.number { (number(model, format_args!("{is}.recipients"), group.recipients)) }
            td.number { (number(model, format_args!("{is}.unremarked"), group.unremarked)) }
            @for level in Level::ALL {
                td.number { (number(model, format_args!("{is}.levels.{}", level.name()), group.levels.0.0[level.index()])) }
            }
            td { (level_figure(model, format_args!("{is}.median"), group.median)) }
        }
    })
}

fn by_outcome(page: Page<'_>) -> Markup {
    let model = page.model;
    let columns = ["col_sound", "col_top_half", "col_failures", "col_slid", "col_lapses", "col_valued"];
    table(page, "the_points_by_outcome", "by_outcome", &heads(model, &columns), |is, group| {
        let valued = group.valued;
        html! {
            td.number { (estimate(model, &format!("{is}.sound"), group.sound)) }
            td.number { (estimate(model, &format!("{is}.top_half"), group.top_half)) }
            td.number { (number(model, format_args!("{is}.failures"), group.failures)) }
            td.number { (number(model, format_args!("{is}.slid"), group.slid)) }
            td.number { (number(model, format_args!("{is}.lapses"), group.lapses)) }
            td.number {
                @if valued.known > 0 {
                    (say(model, "of", &[
                        ("part", figure(format_args!("{is}.valued.share"), valued.share, percent(model, valued.share))),
                        ("all", number(model, format_args!("{is}.valued.known"), valued.known)),
                    ]))
                } @else { (dash()) }
            }
        }
    })
}
