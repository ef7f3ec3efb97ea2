//! Failures and bounces: what went wrong, what became of it, and how people met it.

use crate::assess::recovery::{Item, RecoveryReport, Response, Status};
use maud::{Markup, html};

use super::drawing::{arrow, stacked};
use super::text::{dash, day, figure, filter, frame, heads, left_out, level, name, number, percent, span_in};
use super::words::{say, say_for, text as word};
use super::{LISTED, Page, strategy};
use crate::Model;
use crate::print::table::shown;

/// From how many hours on a list is in days.
const DAYS: f64 = 48.0;

pub(super) fn section(page: Page<'_>) -> Markup {
    let (model, recovery) = (page.model, &page.report.recovery);
    if recovery.failures == 0 {
        return html! { p { (word(model, "nothing_failed")) } };
    }
    let silent = recovery.by_response.iter().all(|response| response.response.is_none() || response.count == 0);
    html! {
        p { (word(model, "failures_intro")) }
        (became(model, recovery))
        h3 { (word(model, "responses_title")) }
        @if page.is_short() && silent {
            p { (word(model, "no_responses")) }
        } @else {
            p { (word(model, "responses_intro")) }
            (ladder(page))
        }
        @if page.is_short() { details.figures { summary { (word(model, "recovery_title")) } (strategy::table(page)) } }
        @else { h3 { (word(model, "recovery_title")) } (strategy::table(page)) }
        h3 { (word(model, "failures_list")) }
        (table(page))
        (left_out(model, "failures_left_out", usize::try_from(recovery.failures).unwrap_or(usize::MAX), LISTED))
    }
}

/// How a status is drawn, and the key of its name.
const fn drawn(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Open => ("open", "status_open"),
        Status::Attempted => ("attempted", "status_attempted"),
        Status::PutRight => ("put-right", "status_put_right"),
        Status::Bounced => ("bounced", "status_bounced"),
    }
}

/// What a status is called.
fn called(model: &Model, status: Status) -> &str {
    word(model, drawn(status).1)
}

fn patch(status: Status) -> Markup {
    let (class, _) = drawn(status);
    html! { svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} } }
}

/// So many of each status: as parts of a bar, and in words.
fn parts(model: &Model, counts: [u64; 4]) -> (Vec<(&'static str, u64)>, String) {
    let each = || Status::ALL.into_iter().zip(counts);
    let told: Vec<String> =
        each().map(|(status, count)| format!("{} {}", model.page().number(count), called(model, status))).collect();
    (each().map(|(status, count)| (drawn(status).0, count)).collect(), told.join(", "))
}

/// The fields of the counts by status.
const FIELDS: [&str; 4] = ["open", "attempted", "put_right", "bounced"];

fn became(model: &Model, recovery: &RecoveryReport) -> Markup {
    let counts = [recovery.open, recovery.attempted, recovery.put_right, recovery.bounced];
    let (parts, told) = parts(model, counts);
    let told = model.page().fill_for("became_told", recovery.failures, &[("parts", &told)]);
    html! {
        div.became {
            (stacked(&parts, recovery.failures, &told))
            ul.key {
                @for ((status, count), field) in Status::ALL.into_iter().zip(counts).zip(FIELDS) {
                    li { (patch(status)) b { (number(model, format_args!("recovery.{field}"), count)) } " " (called(model, status)) }
                }
            }
        }
    }
}

fn ladder(page: Page<'_>) -> Markup {
    let responses = &page.report.recovery.by_response;
    let rungs = || responses.iter().enumerate().rev().filter(|(_, response)| response.response.is_some());
    let days = responses.iter().filter_map(|response| response.median_hours).any(|hours| hours.abs() >= DAYS);
    let row = |(place, response): (usize, &Response)| rung(page, place, response, days);
    html! {
        ul.ladder {
            @for found in rungs().filter(|(_, response)| response.helps == Some(true)) { (row(found)) }
            li.line { span { (word(page.model, "the_line")) } }
            @for found in rungs().filter(|(_, response)| response.helps == Some(false)) { (row(found)) }
            @for found in responses.iter().enumerate().filter(|(_, response)| response.response.is_none() && response.count > 0) { (row(found)) }
        }
    }
}

fn rung(page: Page<'_>, place: usize, response: &Response, days: bool) -> Markup {
    let model = page.model;
    let is = format!("recovery.by_response.{place}");
    let counts = [response.open, response.attempted, response.put_right, response.bounced];
    let (parts, told) = parts(model, counts);
    let failures = number(model, format_args!("{is}.count"), response.count);
    html! {
        li {
            div.rung {
                @match response.response {
                    Some(rung) => {
                        b { bdi { (shown(&model.rung(rung).label)) } }
                        span.aside { bdi { (shown(&model.rung(rung).means)) } }
                    },
                    None => { b { (word(model, "not_recorded")) } },
                }
            }
            div.met {
                // a bar of nothing says nothing
                @if response.count > 0 { (stacked(&parts, response.count, &told)) }
                p.aside {
                    (say_for(model, "response_failures", response.count, &[("n", failures)]))
                    @for ((status, count), field) in Status::ALL.into_iter().zip(counts).zip(FIELDS) {
                        @if count > 0 { ", " (number(model, format_args!("{is}.{field}"), count)) " " (called(model, status)) }
                    }
                    @if response.count > 0 {
                        @let share = crate::stats::Share { count: response.bounced, of: response.count }.value();
                        " " (say(model, "response_bounced", &[("share", percent(model, share))]))
                    }
                    @if let Some(hours) = response.median_hours {
                        @let time = figure(format_args!("{is}.median_hours"), hours, span_in(model, hours, days));
                        "; " (say(model, "first_answer", &[("time", time)]))
                    }
                }
            }
        }
    }
}

fn table(page: Page<'_>) -> Markup {
    let (model, recovery) = (page.model, &page.report.recovery);
    let days = recovery.items.iter().filter_map(|item| item.hours).any(|hours| hours.abs() >= DAYS);
    let columns = [
        "col_status",
        "col_when",
        "col_recipient",
        "col_point",
        "col_level",
        "col_recovered_to",
        "col_steps_up",
        "col_after",
        "col_response",
        "col_record",
    ];
    let columns = if page.report.anonymous { &columns[..9] } else { &columns[..] };
    frame(
        word(model, "failures_title"),
        &html! {
            table.sortable data-filter=(filter(model, "the_failures")) {
                caption { (word(model, "failures_caption")) }
                thead { tr { (heads(model, columns)) } }
                tbody { @for (place, item) in recovery.items.iter().enumerate() { (row(page, place, item, days)) } }
            }
        },
    )
}

fn row(page: Page<'_>, place: usize, item: &Item, days: bool) -> Markup {
    let model = page.model;
    let is = format!("recovery.items.{place}");
    html! {
        tr {
            th scope="row" { span.status { (patch(item.status)) (figure(format_args!("{is}.status"), item.status, called(model, item.status))) } }
            td { (day(item.at.as_deref())) }
            td { (page.who(&item.recipient)) }
            td { (page.points.link(model, &item.point)) }
            td { (figure(format_args!("{is}.level"), item.level, level(model, item.level))) }
            td {
                @if let Some(to) = item.recovered_to { (arrow()) " " (figure(format_args!("{is}.recovered_to"), to, level(model, to))) }
                @else { (dash()) }
            }
            td.number { @if let Some(bounce) = item.bounce { (figure(format_args!("{is}.bounce"), bounce, format!("{bounce:+}").replace('-', "−"))) } @else { (dash()) } }
            td.number {
                @if let Some(hours) = item.hours { (figure(format_args!("{is}.hours"), hours, span_in(model, hours, days))) } @else { (dash()) }
                @if item.assumed { " " span.tag { (word(model, "assumed")) } }
            }
            td {
                @if let Some(rung) = item.response {
                    @let rule = model.rung(rung);
                    (figure(format_args!("{is}.response"), rung, html! { bdi { (shown(&rule.label)) } }))
                    span.aside.side { " " (word(model, if rule.helps { "above_line" } else { "below_line" })) }
                } @else { (dash()) }
            }
            @if !page.report.anonymous { td { @if let Some(id) = &item.id { (name(model, id)) } @else { (dash()) } } }
        }
    }
}
