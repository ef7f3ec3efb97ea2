//! How levels are decided, by the rules in force, so that the page explains itself.

use crate::{Category, Half, Level, Model, Rung, Unnamed, Zone};
use maud::{Markup, html};

use super::Page;
use super::text::{frame, heads, left_out, level, name};
use super::words::{count, say, say_for, text as word, value};
use crate::print::table::shown;

pub(super) fn section(page: Page<'_>) -> Markup {
    let model = page.model;
    let enough = model.enough();
    let least = [
        ("moments", value(count(model, "moments", u64::from(enough.interactions.get())))),
        ("of_recipients", value(count(model, "of_recipients", u64::from(enough.recipients.get())))),
    ];
    let basic = [("basic", level(model, Level::Basic))];
    let rules = [
        ("rule_facts", say(model, "rule_facts_text", &[("expected", level(model, Level::Expected))])),
        ("rule_value", value(word(model, "rule_value_text"))),
        ("rule_escalator", escalator(model)),
        ("rule_market", market(model)),
        ("rule_word", say(model, "rule_word_text", &basic)),
    ];
    html! {
        ol.rules { @for (key, rule) in rules { li { b { (word(model, key)) } " " (rule) } } }
        p { (say(model, "silence", &least)) }
        @if page.is_short() { details.figures { summary { (word(model, "in_full")) } (in_full(page)) } }
        @else { (in_full(page)) }
    }
}

/// The rules of levels, value and responses, one by one.
fn in_full(page: Page<'_>) -> Markup {
    let model = page.model;
    let label = |level| html! { bdi { (shown(model.label(level))) } };
    let hint = [("criminal", label(Level::Criminal)), ("surprising", label(Level::Surprising))];
    html! {
        h3 { (word(model, "words_title")) }
        (glossary(model))
        h3 { (word(model, "six_levels")) }
        (frame(word(model, "six_levels"), &table(model)))
        h3 { (word(model, "signals_title")) }
        p { (say(model, "signals_hint", &hint)) }
        div.signals { @for level in Level::ALL.into_iter().rev() { (signals(model, level)) } }
        h3 { (word(model, "value_title")) }
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
        h3 { (word(model, "respond_title")) }
        dl.words {
            @for rung in Rung::ALL.into_iter().rev() {
                @let rule = model.rung(rung);
                div { dt { bdi { (shown(&rule.label)) } } dd { bdi { (shown(&rule.means)) } span.aside { " (" (word(model, if rule.helps { "above_line" } else { "below_line" })) ")" } } }
            }
        }
    }
}

/// Words that the page uses for results.
fn glossary(model: &Model) -> Markup {
    let basic = html! { bdi { (shown(model.label(Level::Basic))) } };
    let words = [
        ("word_stands", "word_stands_text"),
        ("word_slid", "word_slid_text"),
        ("word_lapse", "word_lapse_text"),
        ("word_routine", "word_routine_text"),
        ("word_overdue", "word_overdue_text"),
        ("word_claim", "word_claim_text"),
        ("word_loyalty", "word_loyalty_text"),
    ];
    html! {
        dl.words {
            @for (key, text) in words {
                div { dt { (word(model, key)) } dd { (say(model, text, &[("basic", basic.clone())])) } }
            }
        }
    }
}

/// What each level means, in its own words, for readers who are new to them.
pub(super) fn meanings(model: &Model) -> Markup {
    html! {
        details.figures {
            summary { (word(model, "meanings")) }
            dl.words {
                @for it in Level::ALL.into_iter().rev() {
                    div { dt { (level(model, it)) } dd { bdi { (shown(&model.level(it).means)) } } }
                }
            }
            p { a href="#levels" { (word(model, "to_levels")) } }
        }
    }
}

fn escalator(model: &Model) -> Markup {
    let rule = model.escalator();
    let unnamed = match rule.unnamed {
        Unnamed::Off => "unnamed_off",
        Unnamed::Point => "unnamed_point",
    };
    let memory = match rule.memory {
        Some(days) => say_for(model, "memory_days", u64::from(days.get()), &[]),
        None => value(word(model, "memory_always")),
    };
    let values = [
        ("from", level(model, rule.from)),
        ("basic", level(model, Level::Basic)),
        ("expected", level(model, Level::Expected)),
        ("unnamed", value(word(model, unnamed))),
        ("memory", memory),
    ];
    say(model, "rule_escalator_text", &values)
}

fn market(model: &Model) -> Markup {
    let rows = model.market_rows();
    html! {
        (word(model, "rule_market_text")) " "
        @if rows.is_empty() { (word(model, "market_none")) }
        @else {
            ul {
                @for row in rows.iter().take(super::LISTED) {
                    @let since = row.since.to_minute(&Zone::UTC);
                    @let day = value(since.get(..10).unwrap_or(&since));
                    li { (say(model, "market_row", &[("day", day), ("act", name(model, &row.act)), ("level", level(model, row.level))])) }
                }
            }
            (left_out(model, "market_left_out", rows.len(), super::LISTED))
        }
    }
}

fn table(model: &Model) -> Markup {
    html! {
        table {
            thead { tr { (heads(model, &["col_level", "col_half", "col_means", "col_lasts", "col_step_up"])) } }
            tbody {
                @for on in Level::ALL.into_iter().rev() {
                    @let rule = model.level(on);
                    tr {
                        th scope="row" { (level(model, on)) }
                        td { (word(model, match on.half() { Half::Top => "half_top", Half::Bottom => "half_bottom" })) }
                        td.long { bdi { (shown(&rule.means)) } }
                        td {
                            @match rule.lasts {
                                Some(lasts) => (count(model, "lasts", u64::from(lasts.get()))),
                                None => (word(model, if on == Level::Criminal { "none_slides" } else { "act_rests" })),
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
            h4 { (level(model, on)) @if needs { " " span.aside { (word(model, "only_with_value")) } } }
            ul {
                @for id in model.signals_of(on).iter() {
                    @let signal = &model.signals()[id.index()];
                    li { b { bdi { (shown(&signal.name)) } } " " bdi { (shown(&signal.means)) } }
                }
            }
        }
    }
}
