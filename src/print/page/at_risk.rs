//! Recipients at risk: a failure of theirs is not put right.

use std::cmp::Reverse;

use crate::assess::journey::Group;
use crate::assess::loyalty::Loyalty;
use maud::{Markup, html};

use super::drawing::stacked;
use super::text::{count, estimate, figure, frame, grouped, level_figure, number};
use super::{LISTED, Page, left_out, person};

/// All standings, from bad to good.
const ALL: [(Loyalty, &str, &str); 5] = [
    (Loyalty::AtRisk, "open", "at risk"),
    (Loyalty::Satisfied, "attempted", "satisfied"),
    (Loyalty::Delighted, "put-right", "delighted"),
    (Loyalty::Loyal, "bounced", "loyal"),
    (Loyalty::Unknown, "unknown", "nothing noted"),
];

pub(super) fn section(page: Page<'_>) -> Markup {
    let groups = &page.report.recipients.groups;
    let at_risk = groups.iter().enumerate().filter(|(_, group)| group.loyalty == Some(Loyalty::AtRisk));
    let mut at_risk: Vec<(usize, &Group)> = at_risk.collect();
    at_risk.sort_by_key(|(_, group)| (Reverse(group.failures), group.worst, Reverse(group.count)));
    let recent = u64::from(page.model.recent().get());
    html! {
        p {
            "A recipient is at risk while a failure is open: a criminal one at any time, or any among their last " (count(recent, "moment")) ". They are loyal where all of these were in the top half, on different days."
        }
        @if !groups.is_empty() {
            (overview(groups))
            p.hint { "The bar counts recipients; its dark part is at risk." }
        }
        @if at_risk.is_empty() { p { "Nobody is at risk." } }
        @else {
            (table(page, &at_risk))
            (left_out(at_risk.len(), LISTED, "recipient", "most failures first"))
        }
        (person::next(page, at_risk.len()))
        @if let Some(moves) = &page.report.moves {
            @if page.is_short() { details.figures { summary { "Who became more, or less, loyal" } (person::moves(moves)) } }
            @else { (person::moves(moves)) }
        }
    }
}

fn overview(groups: &[Group]) -> Markup {
    let of = |loyalty| groups.iter().filter(|group| group.loyalty == Some(loyalty)).count() as u64;
    let counts: Vec<(&str, &str, u64)> = ALL.map(|(loyalty, class, words)| (class, words, of(loyalty))).to_vec();
    let parts: Vec<(&str, u64)> = counts.iter().map(|(class, _, count)| (*class, *count)).collect();
    let told: Vec<String> = counts.iter().map(|(_, words, count)| format!("{count} {words}")).collect();
    let all = groups.len() as u64;
    html! {
        div.became {
            (stacked(&parts, all, &format!("{}: {}", count(all, "recipient"), told.join(", "))))
            ul.key {
                @for (class, words, count) in &counts {
                    li {
                        svg.swatch width="14" height="14" aria-hidden="true" { rect class=(class) width="14" height="14" {} }
                        b data-loyalty=(words) { (grouped(*count)) } " " (words)
                    }
                }
            }
        }
    }
}

fn table(page: Page<'_>, at_risk: &[(usize, &Group)]) -> Markup {
    let row = |place: usize, group: &Group| {
        let is = format!("recipients.groups.{place}");
        let recipient = group.key.as_ref().and_then(|key| key.0.first()).and_then(|(_, name)| name.as_deref());
        html! {
            tr {
                th scope="row" { (page.who(recipient.unwrap_or_default())) }
                td.number { (number(format_args!("{is}.failures"), group.failures)) }
                td.number { (number(format_args!("{is}.count"), group.count)) }
                td { (level_figure(page.model, format_args!("{is}.worst"), group.worst)) }
                td { (level_figure(page.model, format_args!("{is}.median"), group.median)) }
                td.number { (estimate(&format!("{is}.sound"), group.sound)) }
                td.number { (estimate(&format!("{is}.top_half"), group.top_half)) }
                td { (figure(format_args!("{is}.loyalty"), group.loyalty, "at risk")) }
            }
        }
    };
    frame(
        "Recipients at risk",
        &html! {
            table.sortable data-filter="recipients" {
                caption { (count(at_risk.len().min(LISTED) as u64, "recipient")) " listed, most failures first." }
                thead { tr { @for head in ["recipient", "failures", "moments", "worst", "median", "sound", "top half", "standing"] { th scope="col" { (head) } } } }
                tbody { @for (place, group) in at_risk.iter().take(LISTED) { (row(*place, group)) } }
            }
        },
    )
}
