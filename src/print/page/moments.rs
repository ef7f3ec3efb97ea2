//! The worst and the latest moments of each point shown.

use crate::assess::highlights::{Highlight, Highlights};
use crate::assess::journey::Group;
use maud::{Markup, html};

use super::point::{path_of, step_up};
use super::text::{count, day, level, name, path, saying};
use super::{Page, SHOWN};

pub(super) fn all(page: Page<'_>) -> Markup {
    html! {
        h3 { "Moments at each point" }
        p { "The " (SHOWN.moments) " worst and the " (SHOWN.moments) " latest of each point, with the reason for their level." }
        p.on-paper { "Only points that were open on the screen are printed." }
        @for &place in page.points.shown() {
            @let group = &page.report.journey.groups[place];
            @let point = path_of(group);
            @if let Some(told) = page.report.highlights.get(&point) { (of_point(page, place, &point, group, told)) }
        }
        @let left = page.report.journey.groups.len().saturating_sub(page.points.shown().len()) as u64;
        @if left > 0 { p.left-out { "The moments of " (count(left, "more point")) " are left out." } }
    }
}

fn of_point(page: Page<'_>, place: usize, point: &str, group: &Group, told: &Highlights) -> Markup {
    html! {
        details.moments {
            summary { (path(point)) " " span.aside { (told.worst.len()) " worst, " (told.latest.len()) " latest of " (count(group.count, "moment")) } }
            div id={ "p" (place + 1) } tabindex="-1" {
                (step_up(page, group))
                @if told.worst.is_empty() {
                    p { "Nothing was noted of any moment here." }
                } @else {
                    h4 { "Worst" }
                    ol { @for moment in &told.worst { (one(page, moment)) } }
                }
                h4 { "Latest" }
                ol { @for moment in &told.latest { (one(page, moment)) } }
                p { a href="#journey" { "Back to the journey" } }
            }
        }
    }
}

fn one(page: Page<'_>, moment: &Highlight) -> Markup {
    html! {
        li {
            p.moment {
                (level(page.model, moment.level))
                @if moment.slid { " " span.tag { "only slid" } }
                @if moment.failure { " " span.tag.failed { "failure" } }
                @if !moment.remarked { " " span.tag { "nothing noted" } }
                " " span.who {
                    @if moment.at.is_some() { (day(moment.at.as_deref())) " · " }
                    (page.who(&moment.recipient))
                    @if let Some(action) = &moment.action { " · " (name(action)) }
                    @if let Some(provider) = &moment.provider { " · served by " (name(provider)) }
                    @if let Some(id) = &moment.id { " · " span.id { (name(id)) } }
                }
            }
            @if let Some(said) = &moment.said { blockquote { p { (saying(said)) } } }
            @if !moment.why.is_empty() { ul.why { @for line in &moment.why { li { (saying(line)) } } } }
        }
    }
}
