//! What to do next for the recipients at risk, and who moved from which loyalty to which.

use maud::{Markup, html};

use super::text::{figure, frame, heads, left_out, saying};
use super::words::{count, say, say_for, text as word, value};
use super::{Page, SHOWN};
use crate::Model;
use crate::assess::loyalty::Loyalty;
use crate::assess::moves::Moves;
use crate::assess::next_steps::NextSteps;
use crate::print::text::next::{Kind, Step, steps_in};

/// How many steps are listed for each.
const STEPS: usize = 3;

/// What to do next for the most urgent of so many recipients at risk.
pub(super) fn next(page: Page<'_>, at_risk: usize) -> Markup {
    let model = page.model;
    html! {
        @if !page.report.next.is_empty() {
            h3 { (word(model, "next_for_them")) }
            p { (word(model, "next_for_them_rule")) }
            ol.todo {
                @for person in page.report.next.iter().take(SHOWN.people) {
                    @let steps = urgent(model, person);
                    @let steps: Vec<_> = steps.iter().filter(|step| step.step != Kind::None).collect();
                    li {
                        b { (page.who(&person.recipient)) }
                        ul {
                            @for step in steps.iter().take(STEPS) { li { (saying(model, &step.words)) "." } }
                            @if let Some(more @ 1..) = steps.len().checked_sub(STEPS) {
                                li { (say_for(model, "more_for_them", more as u64, &[])) "." }
                            }
                        }
                    }
                }
            }
            (left_out(model, "urgent_left_out", at_risk, SHOWN.people))
        }
    }
}

/// The steps for someone; of their failures the worst and oldest comes first, for it says how urgent they are.
fn urgent<'p>(model: &Model, person: &'p NextSteps) -> Vec<Step<'p>> {
    let mut steps = steps_in(model, model.page(), person);
    let failures = steps.iter().take_while(|step| step.step == Kind::Open).count();
    let age = |step: &Step<'_>| step.days.unwrap_or(0.0);
    steps[..failures].sort_by(|one, other| one.level.cmp(&other.level).then_with(|| age(other).total_cmp(&age(one))));
    steps
}

/// How a loyalty is called.
pub(super) fn loyalty(model: &Model, loyalty: Loyalty) -> &str {
    let key = match loyalty {
        Loyalty::AtRisk => "loyalty_at_risk",
        Loyalty::Satisfied => "loyalty_satisfied",
        Loyalty::Delighted => "loyalty_delighted",
        Loyalty::Loyal => "loyalty_loyal",
        Loyalty::Unknown => "loyalty_unknown",
    };
    word(model, key)
}

/// Who went from which loyalty to which between the periods compared.
pub(super) fn moves(model: &Model, moves: &Moves) -> Markup {
    let (Some(from), Some(to)) = (moves.from, moves.to) else { return html! {} };
    let between = [("from", value(from.to_string())), ("to", value(to.to_string()))];
    html! {
        h3 { (word(model, "moves_title")) }
        p { (say(model, "moves_intro", &between)) }
        (frame(word(model, "moves_frame"), &html! {
            table.sortable {
                caption { (word(model, "moves_caption")) }
                thead { tr { (heads(model, &["col_then", "col_now", "col_recipients"])) } }
                tbody {
                    @for (place, way) in moves.moves.iter().enumerate() {
                        tr {
                            th scope="row" { (way.from.map_or(word(model, "loyalty_new"), |from| loyalty(model, from))) }
                            td { (loyalty(model, way.to)) }
                            td.number { (figure(format_args!("moves.moves.moves.{place}.count"), way.count, count(model, "recipients", way.count))) }
                        }
                    }
                }
            }
        }))
    }
}
