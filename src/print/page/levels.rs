//! How levels are decided, by the rules in force, so that the page explains itself.

use crate::{Category, Level, Model, Rung, Unnamed, Zone};
use maud::{Markup, html};

use super::Page;
use super::text::{count, frame, level, name};
use crate::print::table::shown;

pub(super) fn section(page: Page<'_>) -> Markup {
    let model = page.model;
    html! {
        ol.rules {
            li { b { "Facts." } " Each signal stands for one level. The lowest below " (level(model, Level::Expected)) " decides: delight does not make up for a broken promise in the same moment. Else the highest above it; else the moment is " (level(model, Level::Expected)) "." }
            li { b { "Value." } " A surprise nobody values is none: some signals count only where the moment created value, of a kind this recipient wants." }
            li { b { "The escalator." } " " (escalator(model)) }
            li { b { "The market." } " What everyone does by now is worth no more than that. " (market(model)) }
            li { b { "The recipient’s word." } " A verdict in their own word outranks everything computed. An answer on a scale says less, such as " (level(model, Level::Basic)) " or below: it moves the level no further than that, so a bad answer does not soften a broken promise." }
        }
        p {
            "Silence is not evidence: moments of which nothing was noted stay out of every share. A comparison needs at least "
            (count(u64::from(model.enough().interactions.get()), "moment")) " and "
            (count(u64::from(model.enough().recipients.get()), "recipient")) " on both sides; below that there is too little data."
        }
        @if page.is_short() { details.figures { summary { "All levels, signals and kinds of value" } (in_full(page)) } }
        @else { (in_full(page)) }
    }
}

/// The rules of levels, value and responses, one by one.
fn in_full(page: Page<'_>) -> Markup {
    let model = page.model;
    html! {
        h3 { "The six levels" }
        (frame("The six levels", &table(model)))
        h3 { "The signals" }
        div.signals { @for level in Level::ALL.into_iter().rev() { (signals(model, level)) } }
        h3 { "Value, in the eyes of the person served" }
        dl.words {
            @for category in Category::ALL {
                @let rule = model.category(category);
                div { dt { bdi { (shown(&rule.label)) } } dd { bdi { (shown(&rule.means)) } ": "
                    @for (place, kind) in model.kinds().iter().filter(|kind| kind.category == category).enumerate() {
                        @if place > 0 { "; " } b { bdi { (shown(&kind.name)) } } ", " bdi { (shown(&kind.means)) }
                    }
                } }
            }
        }
        h3 { "How people respond to a failure" }
        dl.words {
            @for rung in Rung::ALL.into_iter().rev() {
                @let rule = model.rung(rung);
                div { dt { bdi { (shown(&rule.label)) } } dd { bdi { (shown(&rule.means)) } span.aside { (if rule.helps { " (above the line)" } else { " (below the line)" }) } } }
            }
        }
    }
}

/// What each level means, in its own words, for readers who are new to them.
pub(super) fn meanings(model: &Model) -> Markup {
    html! {
        details.figures {
            summary { "What the six levels mean" }
            dl.words {
                @for it in Level::ALL.into_iter().rev() {
                    div { dt { (level(model, it)) } dd { bdi { (shown(&model.level(it).means)) } } }
                }
            }
            p { a href="#levels" { "How levels are decided" } }
        }
    }
}

fn escalator(model: &Model) -> Markup {
    let rule = model.escalator();
    html! {
        "An act that once was " (level(model, rule.from)) " or better is worth one level less each time its level has lasted, down to "
        (level(model, Level::Basic)) ". Missing it costs one level below what was owed. "
        (match rule.unnamed {
            Unnamed::Off => "Only moments that name an action ride it; ",
            Unnamed::Point => "Where no action is named, the point stands for the act; ",
        })
        @match rule.memory {
            Some(days) => { "after " (count(u64::from(days.get()), "day")) " without it, an act is new again." },
            None => { "nothing is ever forgotten." },
        }
    }
}

fn market(model: &Model) -> Markup {
    let rows = model.market_rows();
    html! {
        @if rows.is_empty() { "The rules in force name no such act." }
        @else {
            ul {
                @for row in rows.iter().take(super::LISTED) {
                    @let since = row.since.to_minute(&Zone::UTC);
                    li { "Since " (since.get(..10).unwrap_or(&since)) " everyone takes " (name(&row.act)) " as " (level(model, row.level)) "." }
                }
            }
            (super::left_out(rows.len(), super::LISTED, "row", "in the order of the file"))
        }
    }
}

fn table(model: &Model) -> Markup {
    html! {
        table {
            thead { tr { @for head in ["level", "half", "what it is like for the person served", "lasts", "what takes the next step up"] { th scope="col" { (head) } } } }
            tbody {
                @for on in Level::ALL.into_iter().rev() {
                    @let rule = model.level(on);
                    tr {
                        th scope="row" { (level(model, on)) }
                        td { (on.half().name()) }
                        td.long { bdi { (shown(&rule.means)) } }
                        td {
                            @match rule.lasts {
                                Some(lasts) => { (lasts.get()) (if lasts.get() == 1 { " delivery" } else { " deliveries" }) },
                                None if on == Level::Criminal => { "no act slides here" },
                                None => { "an act rests" },
                            }
                        }
                        td.long { bdi { (shown(&rule.step_up)) } }
                    }
                }
            }
        }
    }
}

fn signals(model: &Model, on: Level) -> Markup {
    let needs = model.level(on).needs_value;
    html! {
        div {
            h4 { (level(model, on)) @if needs { " " span.aside { "only where value was created" } } }
            ul {
                @for id in model.signals_of(on).iter() {
                    @let signal = &model.signals()[id.index()];
                    li { b { bdi { (shown(&signal.name)) } } " " bdi { (shown(&signal.means)) } }
                }
            }
        }
    }
}
