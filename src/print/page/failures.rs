//! Failures and bounces: what went wrong, what became of it, and how people met it.

use crate::assess::recovery::{Item, RecoveryReport, Response, Status};
use maud::{Markup, html};

use super::drawing::{arrow, stacked};
use super::text::{count, dash, day, figure, frame, level, name, number, percent, span, span_in};
use super::{LISTED, Page, left_out, strategy};

pub(super) fn section(page: Page<'_>) -> Markup {
    let recovery = &page.report.recovery;
    if recovery.failures == 0 {
        return html! { p { "Nothing failed." } };
    }
    html! {
        p {
            "A failure is a moment that went wrong; an act that has only slid is not one. It is open until a later moment \
             recovers it: attempted if that moment was still below expected, put right if it was as expected, bounced if \
             it was better. The more of the bar that is bounced, the better."
        }
        (became(recovery))
        h3 { "How people responded" }
        @if page.is_short() && recovery.by_response.iter().all(|response| response.response.is_none() || response.count == 0) {
            p { "No record says how people responded." }
        } @else {
            p { "Only responses above the line improve service." }
            (ladder(page))
        }
        @if page.is_short() { details.figures { summary { "Recovery at each point" } (strategy::table(page)) } }
        @else { h3 { "Recovery at each point" } (strategy::table(page)) }
        h3 { "The failures, open ones first" }
        (table(page))
        (left_out(usize::try_from(recovery.failures).unwrap_or(usize::MAX), LISTED, "failure", "open ones first, worst and oldest first"))
    }
}

/// How a status is shown.
const fn words(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Open => ("open", "open"),
        Status::Attempted => ("attempted", "attempted"),
        Status::PutRight => ("put-right", "put right"),
        Status::Bounced => ("bounced", "bounced"),
    }
}

fn patch(status: Status) -> Markup {
    let (class, _) = words(status);
    html! { svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} } }
}

fn became(recovery: &RecoveryReport) -> Markup {
    let counts = [recovery.open, recovery.attempted, recovery.put_right, recovery.bounced];
    let fields = ["open", "attempted", "put_right", "bounced"];
    let parts: Vec<(&str, u64)> = Status::ALL.into_iter().map(|status| words(status).0).zip(counts).collect();
    let told: Vec<String> =
        Status::ALL.into_iter().zip(counts).map(|(status, count)| format!("{count} {}", words(status).1)).collect();
    html! {
        div.became {
            (stacked(&parts, recovery.failures, &format!("{}: {}", count(recovery.failures, "failure"), told.join(", "))))
            ul.key {
                @for ((status, count), field) in Status::ALL.into_iter().zip(counts).zip(fields) {
                    li { (patch(status)) b { (number(format_args!("recovery.{field}"), count)) } " " (words(status).1) }
                }
            }
        }
    }
}

fn ladder(page: Page<'_>) -> Markup {
    let responses = &page.report.recovery.by_response;
    let rungs = || responses.iter().enumerate().rev().filter(|(_, response)| response.response.is_some());
    let row = |(place, response): (usize, &Response)| rung(page, place, response);
    html! {
        ul.ladder {
            @for found in rungs().filter(|(_, response)| response.helps == Some(true)) { (row(found)) }
            li.line { span { "the line" } }
            @for found in rungs().filter(|(_, response)| response.helps == Some(false)) { (row(found)) }
            @for found in responses.iter().enumerate().filter(|(_, response)| response.response.is_none() && response.count > 0) { (row(found)) }
        }
    }
}

fn rung(page: Page<'_>, place: usize, response: &Response) -> Markup {
    let is = format!("recovery.by_response.{place}");
    let counts = [response.open, response.attempted, response.put_right, response.bounced];
    let parts: Vec<(&str, u64)> = Status::ALL.into_iter().map(|status| words(status).0).zip(counts).collect();
    let fields = ["open", "attempted", "put_right", "bounced"];
    let told: Vec<String> =
        Status::ALL.into_iter().zip(counts).map(|(status, count)| format!("{count} {}", words(status).1)).collect();
    html! {
        li {
            div.rung {
                @match response.response {
                    Some(rung) => {
                        b { bdi { (crate::print::table::shown(&page.model.rung(rung).label)) } }
                        span.aside { bdi { (crate::print::table::shown(&page.model.rung(rung).means)) } }
                    },
                    None => { b { "not recorded" } },
                }
            }
            div.met {
                (stacked(&parts, response.count, &told.join(", ")))
                p.aside {
                    (number(format_args!("{is}.count"), response.count)) (if response.count == 1 { " failure" } else { " failures" })
                    @for ((status, count), field) in Status::ALL.into_iter().zip(counts).zip(fields) {
                        @if count > 0 { ", " (number(format_args!("{is}.{field}"), count)) " " (words(status).1) }
                    }
                    @if response.count > 0 {
                        @let share = crate::stats::Share { count: response.bounced, of: response.count }.value();
                        " (" (percent(share)) " bounced)"
                    }
                    @if let Some(hours) = response.median_hours {
                        "; first answer after " (figure(format_args!("{is}.median_hours"), hours, span(hours))) " (median)"
                    }
                }
            }
        }
    }
}

fn table(page: Page<'_>) -> Markup {
    let recovery = &page.report.recovery;
    let days = recovery.items.iter().filter_map(|item| item.hours).any(|hours| hours.abs() >= 48.0);
    frame(
        "Failures",
        &html! {
            table.sortable data-filter="failures" {
                caption { "Open ones first, then worst and oldest first." }
                thead {
                    tr {
                        @for head in ["status", "when", "recipient", "point", "level", "recovered to", "steps up", "after", "met with"] { th scope="col" { (head) } }
                        @if !page.report.anonymous { th scope="col" { "record" } }
                    }
                }
                tbody { @for (place, item) in recovery.items.iter().enumerate() { (row(page, place, item, days)) } }
            }
        },
    )
}

fn row(page: Page<'_>, place: usize, item: &Item, days: bool) -> Markup {
    let is = format!("recovery.items.{place}");
    let (_, status) = words(item.status);
    html! {
        tr {
            th scope="row" { span.status { (patch(item.status)) (figure(format_args!("{is}.status"), item.status, status)) } }
            td { (day(item.at.as_deref())) }
            td { (page.who(&item.recipient)) }
            td { (page.points.link(&item.point)) }
            td { (figure(format_args!("{is}.level"), item.level, level(page.model, item.level))) }
            td {
                @if let Some(to) = item.recovered_to { (arrow()) " " (figure(format_args!("{is}.recovered_to"), to, level(page.model, to))) }
                @else { (dash()) }
            }
            td.number { @if let Some(bounce) = item.bounce { (figure(format_args!("{is}.bounce"), bounce, format!("{bounce:+}").replace('-', "−"))) } @else { (dash()) } }
            td.number {
                @if let Some(hours) = item.hours { (figure(format_args!("{is}.hours"), hours, span_in(hours, days))) } @else { (dash()) }
                @if item.assumed { " " span.tag { "assumed" } }
            }
            td {
                @if let Some(rung) = item.response {
                    @let rule = page.model.rung(rung);
                    (figure(format_args!("{is}.response"), rung, html! { bdi { (crate::print::table::shown(&rule.label)) } }))
                    span.aside { (if rule.helps { " above the line" } else { " below the line" }) }
                } @else { (dash()) }
            }
            @if !page.report.anonymous { td { @if let Some(id) = &item.id { (name(id)) } @else { (dash()) } } }
        }
    }
}
