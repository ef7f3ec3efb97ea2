//! The worst and the latest moments of each point shown.

use crate::assess::highlights::{Highlight, Highlights};
use crate::assess::journey::Group;
use maud::{Markup, html};

use super::point::{path_of, step_up};
use super::text::{day, level, name, path, saying};
use super::words::{count, say, say_for, text as word, value};
use super::{Page, SHOWN};

pub(super) fn all(page: Page<'_>) -> Markup {
    let model = page.model;
    html! {
        h3 { (word(model, "moments_title")) }
        p { (say(model, "moments_intro", &[("n", value(SHOWN.moments))])) }
        p.on-paper { (word(model, "only_open_printed")) }
        @for &place in page.points.shown() {
            @let group = &page.report.journey.groups[place];
            @let point = path_of(group);
            @if let Some(told) = page.report.highlights.get(&point) { (of_point(page, place, &point, group, told)) }
        }
        @let left = page.report.journey.groups.len().saturating_sub(page.points.shown().len()) as u64;
        @if left > 0 { p.left-out { (say_for(model, "moments_left_out", left, &[])) } }
    }
}

fn of_point(page: Page<'_>, place: usize, point: &str, group: &Group, told: &Highlights) -> Markup {
    let model = page.model;
    let counts = [
        ("worst", value(told.worst.len())),
        ("latest", value(told.latest.len())),
        ("moments", value(count(model, "moments", group.count))),
    ];
    html! {
        details.moments {
            summary { (path(model, point)) " " span.aside { (say(model, "moments_of", &counts)) } }
            div id={ "p" (place + 1) } tabindex="-1" {
                (step_up(page, group))
                @if told.worst.is_empty() {
                    p { (word(model, "nothing_noted_here")) }
                } @else {
                    h4 { (word(model, "worst")) }
                    ol { @for moment in &told.worst { (one(page, moment)) } }
                }
                h4 { (word(model, "latest")) }
                ol { @for moment in &told.latest { (one(page, moment)) } }
                p { a href="#journey" { (word(model, "back_to_journey")) } }
            }
        }
    }
}

fn one(page: Page<'_>, moment: &Highlight) -> Markup {
    let model = page.model;
    html! {
        li {
            p.moment {
                (level(model, moment.level))
                @if moment.slid { " " span.tag { (word(model, "tag_slid")) } }
                @if moment.failure { " " span.tag.failed { (word(model, "tag_failure")) } }
                @if !moment.remarked { " " span.tag { (word(model, "tag_unremarked")) } }
                " " span.who {
                    @if moment.at.is_some() { (day(moment.at.as_deref())) " · " }
                    (page.who(&moment.recipient))
                    @if let Some(action) = &moment.action { " · " (name(model, action)) }
                    @if let Some(provider) = &moment.provider {
                        " · " (say(model, "served_by", &[("provider", page.numbered("provider_number", provider))]))
                    }
                    @if let Some(id) = &moment.id { " · " span.id { (name(model, id)) } }
                }
            }
            @if let Some(said) = &moment.said { blockquote { p { (saying(model, said)) } } }
            @if !moment.why.is_empty() { ul.why { @for line in &moment.why { li { (saying(model, line)) } } } }
        }
    }
}
