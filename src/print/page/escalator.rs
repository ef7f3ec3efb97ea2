//! The escalator: the acts on it, where each will be next, and what missing it costs.

use crate::Level;
use crate::assess::decay::Act;
use maud::{Markup, html};

use super::drawing::arrow;
use super::text::{dash, figure, filter, frame, heads, left_out, level, level_figure, name, number, span_in};
use super::words::{count, say, say_for, text as word, value};
use super::{LISTED, Page, stairs};

/// How many acts are shown on each step.
const TOLD: usize = 12;

pub(super) fn section(page: Page<'_>) -> Markup {
    let (model, acts) = (page.model, &page.report.acts.acts);
    if acts.is_empty() {
        return html! { p { (say(model, "no_act", &[("level", level(model, model.escalator().from))])) } };
    }
    let all = if acts.len() > LISTED { "escalator_figures_first" } else { "escalator_figures" };
    html! {
        p { (word(model, "escalator_intro")) }
        (stairs::drawn(page, acts))
        p.hint { (say(model, "stairs_hint", &[("n", value(stairs::DRAWN))])) }
        @for level in Level::ALL.into_iter().rev() { (step(page, level)) }
        details.figures {
            summary { (word(model, all)) }
            (table(page))
            (left_out(model, "acts_left_out", acts.len(), LISTED))
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
    let model = page.model;
    let here: u64 = acts.iter().map(|alike| alike.recipients.len() as u64).sum();
    html! {
        h3.step { (level(model, on)) " " span.aside { (count(model, "acts", here)) } }
        ul.acts {
            @for alike in acts.iter().take(TOLD) { (told(page, alike)) }
        }
        @let rest: u64 = acts.iter().skip(TOLD).map(|alike| alike.recipients.len() as u64).sum();
        @if rest > 0 { p.left-out { (say_for(model, "more_acts", rest, &[])) } }
    }
}

fn told(page: Page<'_>, alike: &Alike<'_>) -> Markup {
    let (model, Alike { first, recipients, overdue }) = (page.model, alike);
    let at = |key, on| say(model, key, &[("level", level(model, on))]);
    let rests = if recipients.len() > 1 { "rests_on_earliest" } else { "rests_on" };
    html! {
        li {
            span.act { (with(page, &first.action, recipients)) }
            span.next {
                @if first.standing < first.stands_on { (arrow()) " " (at("next_is", first.standing)) }
                @else if first.is_routine() { (word(model, "rests_here")) }
                @else { (at("next_still", first.standing)) }
            }
            span.missed {
                @if let Some(missed) = first.if_missed { (at("if_missed", missed)) }
                @else { (word(model, "left_out_liked")) }
            }
            span.aside {
                @if let Some(day) = first.rests_on.filter(|_| !first.is_routine()) { (say(model, rests, &[("day", value(page.date(day)))])) }
                @if *overdue > 0 { " " span.tag.failed { @if recipients.len() > 1 { (model.page().number(*overdue)) " " } (word(model, "overdue")) } }
            }
        }
    }
}

/// An act, and who it is done for: two by name, the others by number.
fn with(page: Page<'_>, action: &str, recipients: &[&str]) -> Markup {
    let model = page.model;
    let act = ("act", html! { b { (name(model, action)) } });
    let who = |place: usize| page.who(recipients.get(place).copied().unwrap_or_default());
    match recipients.len() {
        0 | 1 => say(model, "with_one", &[act, ("one", who(0))]),
        2 => say(model, "with_two", &[act, ("one", who(0)), ("two", who(1))]),
        all => say_for(model, "with_more", all as u64 - 2, &[act, ("one", who(0)), ("two", who(1))]),
    }
}

fn table(page: Page<'_>) -> Markup {
    let model = page.model;
    let row = |place: usize, act: &Act| {
        let is = format!("decay.acts.{place}");
        html! {
            tr {
                th scope="row" { (name(model, &act.action)) }
                td { (page.who(&act.recipient)) }
                td { (level(model, act.stands_on)) }
                td { (figure(format_args!("{is}.standing"), act.standing, level(model, act.standing))) }
                td { (level_figure(model, format_args!("{is}.if_missed"), act.if_missed)) }
                td { (figure(format_args!("{is}.peak"), act.peak, level(model, act.peak))) }
                td.number { (number(model, format_args!("{is}.delivered"), act.delivered)) }
                td.number { (number(model, format_args!("{is}.left"), act.left)) }
                td { @if let Some(at) = act.last_at { (figure(format_args!("{is}.last_at"), at, page.date(at))) } @else { (dash()) } }
                td {
                    @if act.is_routine() { (word(model, "already_routine")) }
                    @else if let Some(at) = act.rests_on { (figure(format_args!("{is}.rests_on"), at, page.date(at))) }
                    @else { (dash()) }
                }
                td.number {
                    @if let Some(days) = act.usual_gap_days { (figure(format_args!("{is}.usual_gap_days"), days, span_in(model, days * 24.0, true))) }
                    @else { (dash()) }
                    @if act.overdue == Some(true) { " " span.tag.failed { (word(model, "overdue")) } }
                }
            }
        }
    };
    let columns = [
        "col_act",
        "col_recipient",
        "col_stands_on",
        "col_next",
        "col_if_missed",
        "col_best",
        "col_delivered",
        "col_left",
        "col_last",
        "col_rests_on",
        "col_every",
    ];
    frame(
        word(model, "acts_title"),
        &html! {
            table.sortable data-filter=(filter(model, "the_acts")) {
                caption { (word(model, "acts_caption")) }
                thead { tr { (heads(model, &columns)) } }
                tbody { @for (place, act) in page.report.acts.acts.iter().enumerate().take(LISTED) { (row(place, act)) } }
            }
        },
    )
}
