//! The escalator: the acts on it, where each will be next, and what missing it costs.

use crate::Level;
use crate::assess::decay::Act;
use maud::{Markup, html};

use super::drawing::arrow;
use super::text::{count, dash, figure, frame, grouped, level, level_figure, name, number};
use super::{LISTED, Page, left_out, stairs};

/// How many acts are shown on each step.
const TOLD: usize = 12;

pub(super) fn section(page: Page<'_>) -> Markup {
    let acts = &page.report.acts.acts;
    if acts.is_empty() {
        let from = page.model.escalator().from;
        return html! { p { "No act is on the escalator: none has been " (level(page.model, from)) " or better." } };
    }
    html! {
        p {
            "What delights today is expected tomorrow: the stairs only lead down. An act stands on the step that its \
             last delivery was worth; the arrow shows what the next delivery will be worth, done as well again. \
             “If missed” is what leaving it out would be. These are projections by the rules, not forecasts."
        }
        (stairs::drawn(page, acts))
        p.hint { "Each dot is an act with one recipient; at most " (stairs::DRAWN) " are drawn on a step." }
        @for level in Level::ALL.into_iter().rev() { (step(page, level)) }
        details.figures {
            summary { "All figures of " (if acts.len() > LISTED { "the acts that rest first" } else { "the acts" }) }
            (table(page))
            (left_out(acts.len(), LISTED, "act", "soonest to rest first"))
        }
    }
}

/// Acts of one name at the same level.
struct Alike<'a> {
    first: &'a Act,
    recipients: Vec<&'a str>,
    overdue: u64,
}

/// The acts on a step, those alike taken together, soonest to rest first.
fn alike(acts: &[Act], level: Level) -> Vec<Alike<'_>> {
    let mut found: Vec<Alike<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for act in acts.iter().filter(|act| act.stands_on == level) {
        let key = (act.action.as_str(), act.standing, act.if_missed);
        let place = *places.entry(key).or_insert_with(|| {
            found.push(Alike { first: act, recipients: Vec::new(), overdue: 0 });
            found.len() - 1
        });
        found[place].recipients.push(&act.recipient);
        found[place].overdue += u64::from(act.overdue == Some(true));
    }
    found
}

fn step(page: Page<'_>, on: Level) -> Markup {
    let acts = alike(&page.report.acts.acts, on);
    if acts.is_empty() {
        return html! {};
    }
    let here: u64 = acts.iter().map(|alike| alike.recipients.len() as u64).sum();
    html! {
        h3.step { (level(page.model, on)) " " span.aside { (count(here, "act")) } }
        ul.acts {
            @for alike in acts.iter().take(TOLD) { (told(page, alike)) }
        }
        @let rest: u64 = acts.iter().skip(TOLD).map(|alike| alike.recipients.len() as u64).sum();
        @if rest > 0 { p.left-out { "And " (count(rest, "more act")) " on this step; those that rest soonest are listed." } }
    }
}

fn told(page: Page<'_>, alike: &Alike<'_>) -> Markup {
    let Alike { first, recipients, overdue } = alike;
    html! {
        li {
            span.act { b { (name(&first.action)) } " with " (with(page, recipients)) }
            span.next {
                @if first.standing < first.stands_on { (arrow()) " next " (level(page.model, first.standing)) }
                @else if first.left == 0 { "rests here" }
                @else { "next still " (level(page.model, first.standing)) }
            }
            span.missed {
                @if let Some(missed) = first.if_missed { "if missed " (level(page.model, missed)) }
                @else { "left out, as they like it" }
            }
            span.aside {
                @if let Some(rests) = first.rests_on.filter(|_| first.left > 0) { "rests on " (page.date(rests)) @if recipients.len() > 1 { " at the earliest" } }
                @if *overdue > 0 { " " span.tag.failed { @if recipients.len() > 1 { (grouped(*overdue)) " " } "overdue" } }
            }
        }
    }
}

/// Who an act is done for: two by name, the others by number.
fn with(page: Page<'_>, recipients: &[&str]) -> Markup {
    let rest = recipients.len().saturating_sub(2) as u64;
    html! {
        @match recipients {
            [one] => (page.who(one)),
            [one, other] => { (page.who(one)) " and " (page.who(other)) },
            [one, other, ..] => { (page.who(one)) ", " (page.who(other)) " and " (count(rest, "more recipient")) },
            [] => {},
        }
    }
}

fn table(page: Page<'_>) -> Markup {
    let row = |place: usize, act: &Act| {
        let is = format!("decay.acts.{place}");
        html! {
            tr {
                th scope="row" { (name(&act.action)) }
                td { (page.who(&act.recipient)) }
                td { (level(page.model, act.stands_on)) }
                td { (figure(format_args!("{is}.standing"), act.standing, level(page.model, act.standing))) }
                td { (level_figure(page.model, format_args!("{is}.if_missed"), act.if_missed)) }
                td { (figure(format_args!("{is}.peak"), act.peak, level(page.model, act.peak))) }
                td.number { (number(format_args!("{is}.delivered"), act.delivered)) }
                td.number { (number(format_args!("{is}.left"), act.left)) }
                td { @if let Some(at) = act.last_at { (figure(format_args!("{is}.last_at"), at, page.date(at))) } @else { (dash()) } }
                td { @if let Some(at) = act.rests_on { (figure(format_args!("{is}.rests_on"), at, page.date(at))) } @else { (dash()) } }
                td.number {
                    @if let Some(days) = act.usual_gap_days { (figure(format_args!("{is}.usual_gap_days"), days, format!("{days:.1}\u{a0}d"))) }
                    @else { (dash()) }
                    @if act.overdue == Some(true) { " " span.tag.failed { "overdue" } }
                }
            }
        }
    };
    frame(
        "Acts on the escalator",
        &html! {
            table.sortable data-filter="acts" {
                caption { "Acts on the escalator, soonest to rest first. “Left” is how many more deliveries are above where it rests." }
                thead {
                    tr {
                        @for head in ["act", "recipient", "stands on", "next", "if missed", "best so far", "delivered", "left", "last", "rests on", "every"] {
                            th scope="col" { (head) }
                        }
                    }
                }
                tbody { @for (place, act) in page.report.acts.acts.iter().enumerate().take(LISTED) { (row(place, act)) } }
            }
        },
    )
}
