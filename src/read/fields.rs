//! JSON values into the fields of a draft.

use std::borrow::Cow;
use std::fmt;

use crate::{Draft, Field, Found, Problem, Reading, RecipientDraft, Shape};

use super::advice::Place;
use super::object::{self, Value};
use crate::value::exact;

/// A problem, and the part of the field's raw text it is in.
pub(super) type FieldError<'a> = (Problem, Option<&'a str>);

/// Puts one JSON value into the draft.
pub(super) fn put<'a>(
    draft: &mut Draft<'a>,
    reading: &Reading<'_>,
    field: Field,
    value: Value<'a>,
) -> Result<(), FieldError<'a>> {
    let misfit = |found: &'static str| (Problem::form(field.name(), Found::thing(found), field.wanted()), None);
    let words = value.in_words();
    match (value, field.shape()) {
        (Value::Null, _) => Draft::blank(field, "null").map_err(|problem| (problem, None)),
        (Value::Text(text), Shape::Text) => draft.text(reading, field, text).map_err(|problem| (problem, None)),
        (Value::Text(text), _) if text.is_empty() => Ok(()),
        (Value::Text(text), Shape::Quantity) => draft.text(reading, field, text).map_err(|problem| (problem, None)),
        (Value::Number(text), Shape::Text | Shape::Quantity) => {
            draft.text(reading, field, Cow::Borrowed(text)).map_err(|problem| (problem, None))
        }
        (Value::Object(raw), Shape::Quantity) if !Value::hollow(raw) => {
            let text = quantity(field.name(), raw)?;
            draft.text(reading, field, Cow::Owned(text)).map_err(|problem| (problem, None))
        }
        (Value::List(raw), Shape::Signals) => put_signals(draft, reading, raw),
        (Value::List(raw), Shape::Values) => put_values(draft, reading, raw),
        (Value::Object(raw), Shape::Pairs) => pairs(raw, field.name(), |key, value| draft.pair(field, key, value)),
        (Value::Object(raw) | Value::List(raw), shape) if shape != Shape::Values && Value::hollow(raw) => {
            Draft::blank(field, words).map_err(|problem| (problem, None))
        }
        _ => Err(misfit(words)),
    }
}

fn put_signals<'a>(draft: &mut Draft<'a>, reading: &Reading<'_>, list: &'a str) -> Result<(), FieldError<'a>> {
    texts(list, "signals", |place, name| {
        draft.signal(reading, place, name).map_err(|problem| Place::List.advise(problem))
    })
}

/// Passes every text of a list to `take`.
fn texts<'a>(
    list: &'a str,
    field: &str,
    mut take: impl FnMut(usize, &str) -> Result<(), Problem>,
) -> Result<(), FieldError<'a>> {
    let mut result = Ok(());
    object::elements(list, |place, raw| {
        let taken = match Value::of(raw) {
            Ok(Value::Text(name)) => take(place, &name),
            Ok(Value::Number(name)) => take(place, name),
            Ok(other) => {
                Err(Problem::form(format!("{field}[{place}]"), Found::thing(other.in_words()), "a name as text"))
            }
            Err(message) => Err(Problem::form(format!("{field}[{place}]"), Found::thing(message), "a name as text")),
        };
        result = taken.map_err(|problem| (problem, Some(raw)));
        result.is_ok()
    });
    result
}

/// Passes every key and text of an object to `take`.
fn pairs<'a>(
    object: &'a str,
    field: &str,
    mut take: impl FnMut(Cow<'a, str>, Cow<'a, str>) -> Result<(), Problem>,
) -> Result<(), FieldError<'a>> {
    let mut result = Ok(());
    object::members(object, |key, raw| {
        let taken = match Value::of(raw) {
            Ok(Value::Text(text)) => take(key, text),
            Ok(Value::Number(text)) => take(key, Cow::Borrowed(text)),
            Ok(Value::Null) => take(key, Cow::Borrowed("")),
            Ok(other) => Err(Problem::form(format!("{field}.{key}"), Found::thing(other.in_words()), "text")),
            Err(message) => Err(Problem::form(format!("{field}.{key}"), Found::thing(message), "text")),
        };
        result = taken.map_err(|problem| (problem, Some(raw)));
        result.is_ok()
    });
    result
}

fn put_values<'a>(draft: &mut Draft<'a>, reading: &Reading<'_>, list: &'a str) -> Result<(), FieldError<'a>> {
    draft.value_known();
    let mut result = Ok(());
    object::elements(list, |place, raw| {
        let taken = match Value::of(raw) {
            Ok(Value::Text(name)) => draft.measured(reading, place, &name, None, None),
            Ok(Value::Object(raw)) => put_amount(draft, reading, place, raw),
            Ok(other) => {
                let allowed = "a category or kind of value, or {\"kind\": …, \"amount\": …, \"unit\": …}";
                Err(Problem::form(format!("value[{place}]"), Found::thing(other.in_words()), allowed))
            }
            Err(message) => Err(Problem::form(format!("value[{place}]"), Found::thing(message), "a name as text")),
        };
        result = taken.map_err(|problem| (Place::List.advise(problem), Some(raw)));
        result.is_ok()
    });
    result
}

/// The parts of an object with these keys, each a text or a number. `field` is what a message calls it.
fn parts<'a, const N: usize>(
    field: impl fmt::Display,
    object: &'a str,
    keys: [&'static str; N],
) -> Result<[Option<Cow<'a, str>>; N], FieldError<'a>> {
    let mut parts = [const { None }; N];
    let mut seen = [false; N];
    let mut result = Ok(());
    object::members(object, |key, raw| {
        let taken = (|| {
            let part = keys.iter().position(|known| *known == key);
            let part = part.ok_or_else(|| Problem::name(format!("{field}.{key}"), "key", &key, keys))?;
            if std::mem::replace(&mut seen[part], true) {
                return Err(Problem::twice(format!("{field}.{key}")));
            }
            parts[part] = match Value::of(raw) {
                Ok(Value::Null) => None,
                Ok(Value::Text(text)) => Some(text).filter(|text| !text.is_empty()),
                Ok(Value::Number(text)) => Some(Cow::Borrowed(text)),
                Ok(other) => {
                    let found = Found::thing(other.in_words());
                    return Err(Problem::form(format!("{field}.{key}"), found, "text or a number"));
                }
                Err(message) => return Err(Problem::form(format!("{field}.{key}"), Found::thing(message), "text")),
            };
            Ok(())
        })();
        result = taken.map_err(|problem| (problem, Some(raw)));
        result.is_ok()
    });
    result.map(|()| parts)
}

/// An amount given as an object, `{"amount", "unit"}`, as the text of it.
fn quantity<'a>(field: &str, object: &'a str) -> Result<String, FieldError<'a>> {
    let [amount, unit] = parts(field, object, ["amount", "unit"])?;
    let wrong = |found: Found| {
        let allowed = "a number, zero or more, of at most 15 digits";
        (Problem::form(format!("{field}.amount"), found, allowed), None)
    };
    let amount = amount.ok_or_else(|| wrong(Found::thing("missing")))?;
    // what follows it would be taken for the unit
    if exact(&amount).is_none() {
        return Err(wrong(Found::text(&amount)));
    }
    Ok(unit.map_or_else(|| amount.to_string(), |unit| format!("{amount} {unit}")))
}

/// Takes a value given as an object, `{"kind", "amount", "unit"}`.
pub(super) fn put_amount(draft: &mut Draft<'_>, reading: &Reading<'_>, place: usize, raw: &str) -> Result<(), Problem> {
    let parts = parts(format_args!("value[{place}]"), raw, ["kind", "amount", "unit"]);
    let [kind, amount, unit] = parts.map_err(|(problem, _)| problem)?;
    let kind = kind.ok_or_else(|| Problem::missing(format!("value[{place}].kind"), "a category or kind of value"))?;
    draft.measured(reading, place, &kind, amount.as_deref(), unit.as_deref())
}

pub(super) fn put_recipient<'a>(
    draft: &mut RecipientDraft,
    reading: &Reading<'_>,
    key: &'static str,
    value: Value<'a>,
) -> Result<(), FieldError<'a>> {
    let misfit =
        |found: &'static str, allowed: &'static str| Err((Problem::form(key, Found::thing(found), allowed), None));
    let words = value.in_words();
    match (key, value) {
        ("id", Value::Text(id)) => draft.id(&id).map_err(|problem| (problem, None)),
        ("id", Value::Number(id)) => draft.id(id).map_err(|problem| (problem, None)),
        ("id", _) => misfit(words, "text"),
        (_, Value::Null) => Ok(()),
        ("name", Value::Text(name)) => {
            draft.name(&name);
            Ok(())
        }
        ("name", Value::Number(name)) => {
            draft.name(name);
            Ok(())
        }
        (_, Value::Text(text)) if text.is_empty() => Ok(()),
        (_, Value::List(raw) | Value::Object(raw)) if Value::hollow(raw) => Ok(()),
        ("since", Value::Text(since)) => draft.since(reading, &since).map_err(|problem| (problem, None)),
        ("since", _) => misfit(words, "a date like 2026-01-05"),
        ("worth", Value::Text(worth)) => draft.worth(&worth).map_err(|problem| (problem, None)),
        ("worth", Value::Number(worth)) => draft.worth(worth).map_err(|problem| (problem, None)),
        ("worth", Value::Object(raw)) => draft.worth(&quantity("worth", raw)?).map_err(|problem| (problem, None)),
        ("worth", _) => misfit(words, Shape::Quantity.in_words()),
        ("prefers", Value::Object(raw)) => put_wishes(draft, raw),
        ("values", Value::List(raw)) => texts(raw, "values", |place, name| {
            draft.values(reading.model, place, name).map_err(|problem| Place::List.advise(problem))
        }),
        ("name", _) => misfit(words, "text"),
        ("prefers", _) => misfit(words, Shape::Pairs.in_words()),
        _ => misfit(words, Shape::Values.in_words()),
    }
}

/// Takes what someone prefers: a text by its key, or a list of texts any of which will do.
fn put_wishes<'a>(draft: &mut RecipientDraft, object: &'a str) -> Result<(), FieldError<'a>> {
    let mut result = Ok(());
    object::members(object, |key, raw| {
        result = draft.prefers_key(&key).map_err(|problem| (problem, Some(raw)));
        if result.is_err() {
            return false;
        }
        let field = || format!("prefers.{key}");
        let taken = match Value::of(raw) {
            Ok(Value::Text(text)) => draft.prefers(&key, &text),
            Ok(Value::Number(text)) => draft.prefers(&key, text),
            Ok(Value::Null) => Ok(()),
            Ok(Value::List(list)) => {
                result = texts(list, &field(), |_, text| draft.prefers(&key, text));
                return result.is_ok();
            }
            Ok(other) => Err(Problem::form(field(), Found::thing(other.in_words()), "text, or a list of texts")),
            Err(message) => Err(Problem::form(field(), Found::thing(message), "text, or a list of texts")),
        };
        result = taken.map_err(|problem| (problem, Some(raw)));
        result.is_ok()
    });
    result
}
