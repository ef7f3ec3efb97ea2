//! How failures at each point are met: how surely they bounce, with what, and what that costs.

use maud::{Markup, html};

use super::text::{count, dash, estimate, figure, frame, name, number};
use super::{Page, left_out};
use crate::assess::recovery::{ActUsed, Strategy};

/// How many points are listed.
const POINTS: usize = 40;

/// How many acts are named at a point.
const ACTS: usize = 3;

pub(super) fn table(page: Page<'_>) -> Markup {
    let groups = &page.report.recovery.by;
    html! {
        @if groups.is_empty() { p { "Nothing failed." } }
        @else {
            p {
                "The share that bounced, with its 95 % interval, the acts used to recover, and whether the recipients were met again \
                 afterwards. Costs are summed by unit."
            }
            (frame("How failures at each point are met", &html! {
                table.sortable {
                    caption { "Most failures first." }
                    thead { tr { @for head in ["point", "failures", "bounced", "put right or better", "met with", "spent", "came back"] { th scope="col" { (head) } } } }
                    tbody { @for (place, group) in groups.iter().enumerate().take(POINTS) { (row(page, place, group)) } }
                }
            }))
            (left_out(groups.len(), POINTS, "point", "most failures first"))
        }
    }
}

fn row(page: Page<'_>, place: usize, group: &Strategy) -> Markup {
    let is = format!("recovery.by.{place}");
    let point = group.key.0.first().and_then(|(_, point)| point.as_deref()).unwrap_or_default();
    html! {
        tr {
            th scope="row" { (page.points.link(point)) }
            td.number { (number(format_args!("{is}.count"), group.count)) @if !group.enough { " " span.tag { "too little data" } } }
            td.number { (estimate(&format!("{is}.bounced"), group.bounced)) }
            td.number { (estimate(&format!("{is}.resolved"), group.resolved)) }
            td { @if group.acts.is_empty() { (dash()) } @else { @for act in group.acts.iter().take(ACTS) { div { (used(act)) } } } }
            td { @if group.spent.is_empty() { (dash()) } @else { @for spent in &group.spent { div { (name(&spent.in_words())) } } } }
            td.number {
                (figure(format_args!("{is}.came_back.count"), group.came_back.count, group.came_back.count)) " of "
                (figure(format_args!("{is}.came_back.of"), group.came_back.of, group.came_back.of))
            }
        }
    }
}

fn used(act: &ActUsed) -> Markup {
    html! { (name(&act.action)) " " span.aside { "(" (act.bounced) " of " (count(act.count, "failure")) " bounced)" } }
}
