//! How failures at each point are met: how surely they bounce, with what, and what that costs.

use maud::{Markup, html};

use super::Page;
use super::text::{dash, estimate, frame, heads, left_out, name, number};
use super::words::{say, say_for, text as word, value};
use crate::Model;
use crate::assess::recovery::{ActUsed, Strategy};

/// How many points are listed.
const POINTS: usize = 40;

/// How many acts are named at a point.
const ACTS: usize = 3;

pub(super) fn table(page: Page<'_>) -> Markup {
    let (model, groups) = (page.model, &page.report.recovery.by);
    let columns =
        ["col_point", "col_failures", "col_bounced", "col_resolved", "col_met_with", "col_spent", "col_came_back"];
    html! {
        @if groups.is_empty() { p { (word(model, "nothing_failed")) } }
        @else {
            p { (word(model, "recovery_intro")) }
            (frame(word(model, "recovery_title"), &html! {
                table.sortable {
                    caption { (word(model, "recovery_caption")) }
                    thead { tr { (heads(model, &columns)) } }
                    tbody { @for (place, group) in groups.iter().enumerate().take(POINTS) { (row(page, place, group)) } }
                }
            }))
            (left_out(model, "recovery_left_out", groups.len(), POINTS))
        }
    }
}

fn row(page: Page<'_>, place: usize, group: &Strategy) -> Markup {
    let model = page.model;
    let is = format!("recovery.by.{place}");
    let point = group.key.0.first().and_then(|(_, point)| point.as_deref()).unwrap_or_default();
    html! {
        tr {
            th scope="row" { (page.points.link(model, point)) }
            td.number { (number(model, format_args!("{is}.count"), group.count)) @if !group.enough { " " span.tag { (word(model, "too_little")) } } }
            td.number { (estimate(model, &format!("{is}.bounced"), group.bounced)) }
            td.number { (estimate(model, &format!("{is}.resolved"), group.resolved)) }
            td { @if group.acts.is_empty() { (dash()) } @else { @for act in group.acts.iter().take(ACTS) { div { (used(model, act)) } } } }
            td { @if group.spent.is_empty() { (dash()) } @else { @for spent in &group.spent { div { (name(model, &spent.in_words())) } } } }
            td.number {
                (say(model, "of", &[
                    ("part", number(model, format_args!("{is}.came_back.count"), group.came_back.count)),
                    ("all", number(model, format_args!("{is}.came_back.of"), group.came_back.of)),
                ]))
            }
        }
    }
}

fn used(model: &Model, act: &ActUsed) -> Markup {
    let bounced = value(model.page().number(act.bounced));
    html! { (name(model, &act.action)) " " span.aside { (say_for(model, "act_used", act.count, &[("bounced", bounced)])) } }
}
