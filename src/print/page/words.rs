//! What the page says: its texts, with their values in their places.

use crate::Model;
use crate::rules::{TextPart, text_parts};
use maud::{Markup, Render, html};

/// A value of a text.
pub(super) type Value<'v> = (&'v str, Markup);

/// Whatever can stand in a page, as a value of a text.
pub(super) fn value(shown: impl Render) -> Markup {
    html! { (shown) }
}

/// A text without values.
pub(super) fn text<'t>(model: &'t Model, key: &'t str) -> &'t str {
    model.page().get(key)
}

/// A text with its values.
pub(super) fn say(model: &Model, key: &str, values: &[Value<'_>]) -> Markup {
    filled(model.page().get(key), values)
}

/// The form of a text for a number, which is `{n}` unless a value of that name says how it is shown.
pub(super) fn say_for(model: &Model, key: &str, number: u64, values: &[Value<'_>]) -> Markup {
    let mut values = values.to_vec();
    values.push(("n", value(model.page().number(number))));
    filled(model.page().form(key, number), &values)
}

/// A number of things.
pub(super) fn count(model: &Model, key: &str, number: u64) -> String {
    model.page().count(key, number)
}

fn filled(text: &str, values: &[Value<'_>]) -> Markup {
    html! {
        @for part in text_parts(text) {
            @match part {
                TextPart::Literal(literal) => (literal),
                TextPart::Placeholder(name) => @if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) { (value) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_markup_and_texts_are_not() {
        let model = Model::with_overlay("[page]\nstep_up = \"<b>{how}</b> & {level}\"\n").expect("texts");
        let said = say(&model, "step_up", &[("level", html! { b { "4" } }), ("how", value("<i>"))]);
        assert_eq!(said.into_string(), "&lt;b&gt;&lt;i&gt;&lt;/b&gt; &amp; <b>4</b>");
        assert_eq!(say_for(&model, "moments", 1200, &[]).into_string(), "1,200 moments");
        assert_eq!(say_for(&model, "moments", 1, &[("n", html! { b { "1" } })]).into_string(), "<b>1</b> moment");
    }
}
