//! What to do next for the recipients at risk, and who moved from which loyalty to which.

use maud::{Markup, html};

use super::text::{count, figure, frame, saying};
use super::{Page, SHOWN, left_out};
use crate::assess::moves::Moves;
use crate::print::text::next::{Kind, loyalty, steps};

/// How many steps are listed for each.
const STEPS: usize = 3;

/// What to do next for the most urgent of so many recipients at risk.
pub(super) fn next(page: Page<'_>, at_risk: usize) -> Markup {
    html! {
        @if !page.report.next.is_empty() {
            h3 { "What to do next for them" }
            ol.todo {
                @for person in page.report.next.iter().take(SHOWN.people) {
                    li {
                        b { (page.who(&person.recipient)) }
                        ul {
                            @for step in steps(page.model, person).iter().filter(|step| step.step != Kind::None).take(STEPS) {
                                li { (saying(&step.words)) "." }
                            }
                        }
                    }
                }
            }
            (left_out(at_risk, SHOWN.people, "recipient", "the most urgent first"))
        }
    }
}

/// Who went from which loyalty to which between the periods compared.
pub(super) fn moves(moves: &Moves) -> Markup {
    let (Some(from), Some(to)) = (moves.from, moves.to) else { return html! {} };
    html! {
        h3 { "Who became more, or less, loyal" }
        p { "Standing of each recipient at the end of " (from.to_string()) " and at the end of " (to.to_string()) "." }
        (frame("Loyalty then and now", &html! {
            table.sortable {
                caption { "Most recipients first." }
                thead { tr { @for head in ["then", "now", "recipients"] { th scope="col" { (head) } } } }
                tbody {
                    @for (place, way) in moves.moves.iter().enumerate() {
                        tr {
                            th scope="row" { (way.from.map_or("not met yet", loyalty)) }
                            td { (loyalty(way.to)) }
                            td.number { (figure(format_args!("moves.moves.moves.{place}.count"), way.count, count(way.count, "recipient"))) }
                        }
                    }
                }
            }
        }))
    }
}
