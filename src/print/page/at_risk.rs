//! Recipients at risk: a failure of theirs is not put right.

use std::cmp::Reverse;

use crate::assess::journey::Group;
use crate::assess::loyalty::Loyalty;
use maud::{Markup, html};

use super::drawing::stacked;
use super::text::{estimate, figure, filter, frame, heads, left_out, level_figure, number};
use super::words::{count, say_for, text as word};
use super::{LISTED, Page, person};
use crate::Model;

/// How each loyalty is drawn, from bad to good.
const ALL: [(Loyalty, &str); 5] = [
    (Loyalty::AtRisk, "open"),
    (Loyalty::Satisfied, "attempted"),
    (Loyalty::Delighted, "put-right"),
    (Loyalty::Loyal, "bounced"),
    (Loyalty::Unknown, "unknown"),
];

pub(super) fn section(page: Page<'_>) -> Markup {
    let model = page.model;
    let groups = &page.report.recipients.groups;
    let at_risk = groups.iter().enumerate().filter(|(_, group)| group.loyalty == Some(Loyalty::AtRisk));
    let mut at_risk: Vec<(usize, &Group)> = at_risk.collect();
    at_risk.sort_by_key(|(_, group)| (Reverse(group.failures), group.worst, Reverse(group.count)));
    html! {
        p { (say_for(model, "at_risk_intro", u64::from(model.recent().get()), &[])) }
        @if !groups.is_empty() {
            (overview(model, groups))
            p.hint { (word(model, "at_risk_hint")) }
        }
        @if at_risk.is_empty() { p { (word(model, "nobody_at_risk")) } }
        @else {
            (table(page, &at_risk))
            (left_out(model, "recipients_left_out", at_risk.len(), LISTED))
        }
        (person::next(page, at_risk.len()))
        @if let Some(moves) = &page.report.moves {
            @if page.is_short() { details.figures { summary { (word(model, "moves_title")) } (person::moves(model, moves)) } }
            @else { (person::moves(model, moves)) }
        }
    }
}

fn overview(model: &Model, groups: &[Group]) -> Markup {
    let of = |loyalty| groups.iter().filter(|group| group.loyalty == Some(loyalty)).count() as u64;
    let counts = ALL.map(|(loyalty, class)| (class, person::loyalty(model, loyalty), of(loyalty)));
    let parts: Vec<(&str, u64)> = counts.iter().map(|(class, _, count)| (*class, *count)).collect();
    let told = counts.map(|(_, words, count)| format!("{} {words}", model.page().number(count))).join(", ");
    let all = groups.len() as u64;
    html! {
        div.became {
            (stacked(&parts, all, &model.page().fill_for("at_risk_told", all, &[("parts", &told)])))
            ul.key {
                @for (class, words, count) in counts {
                    li {
                        svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} }
                        b data-loyalty=(words) { (model.page().number(count)) } " " (words)
                    }
                }
            }
        }
    }
}

fn table(page: Page<'_>, at_risk: &[(usize, &Group)]) -> Markup {
    let model = page.model;
    let row = |place: usize, group: &Group| {
        let is = format!("recipients.groups.{place}");
        let recipient = group.key.as_ref().and_then(|key| key.0.first()).and_then(|(_, name)| name.as_deref());
        html! {
            tr {
                th scope="row" { (page.who(recipient.unwrap_or_default())) }
                td.number { (number(model, format_args!("{is}.failures"), group.failures)) }
                td.number { (number(model, format_args!("{is}.count"), group.count)) }
                td { (level_figure(model, format_args!("{is}.worst"), group.worst)) }
                td { (level_figure(model, format_args!("{is}.median"), group.median)) }
                td.number { (estimate(model, &format!("{is}.sound"), group.sound)) }
                td.number { (estimate(model, &format!("{is}.top_half"), group.top_half)) }
                td { (figure(format_args!("{is}.loyalty"), group.loyalty, word(model, "loyalty_at_risk"))) }
            }
        }
    };
    let columns = [
        "col_recipient",
        "col_failures",
        "col_moments",
        "col_worst",
        "col_median",
        "col_sound",
        "col_top_half",
        "col_loyalty",
    ];
    frame(
        word(model, "at_risk"),
        &html! {
            table.sortable data-filter=(filter(model, "the_recipients")) {
                caption { (count(model, "at_risk_listed", at_risk.len().min(LISTED) as u64)) }
                thead { tr { (heads(model, &columns)) } }
                tbody { @for (place, group) in at_risk.iter().take(LISTED) { (row(*place, group)) } }
            }
        },
    )
}
