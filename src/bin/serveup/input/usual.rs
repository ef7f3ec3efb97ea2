//! A record of the usual kind, straight from its bytes to what it says: texts
//! without escapes, nothing nested deep, no field twice, nothing wrong. It is
//! read once, and nothing is looked up again. Any other record is left to the
//! readers that can say what is odd about it, whose answer this must equal.

use std::borrow::Cow;

use serveup::{Draft, Field, Interaction, Reading, Shape};

use super::fields::put;
use super::object::Value;
use super::scan;

/// The record whose object starts at this byte, and where it ends. Fields with
/// no meaning are added to `unknown`; what was added to it by a record that is
/// not usual means nothing.
pub(crate) fn record<'t>(
    text: &'t str,
    start: usize,
    reading: &Reading<'_>,
    unknown: &mut Vec<&'t str>,
) -> Option<(Interaction<'t>, usize)> {
    let mut draft = Draft::default();
    let (mut seen, known) = (0_u32, unknown.len());
    let length = scan::object(&text.as_bytes()[start..], |key, from, to| {
        let Some(field) = Field::named(key) else {
            let name = std::str::from_utf8(key).ok().filter(|name| !unknown[known..].contains(name))?;
            unknown.push(name);
            return Some(());
        };
        let bit = 1 << field as u32;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        let raw = text.get(start + from..start + to)?;
        take(&mut draft, reading, field, raw)
    })?;
    Some((draft.finish().ok()?, start + length))
}

/// Puts a valid value without escapes into the draft.
fn take<'t>(draft: &mut Draft<'t>, reading: &Reading<'_>, field: Field, raw: &'t str) -> Option<()> {
    let shape = field.shape();
    match raw.as_bytes().first()? {
        b'"' if shape == Shape::Text => draft.text(reading, field, Cow::Borrowed(&raw[1..raw.len() - 1])).ok(),
        b'[' if shape == Shape::Signals => {
            let list = scan::texts(raw, |place, name| draft.signal(reading, place, name).ok());
            list.or_else(|| slowly(draft, reading, field, raw))
        }
        b'[' if shape == Shape::Values => {
            draft.value_known();
            let list = scan::texts(raw, |place, name| draft.value(reading, place, name).ok().map(|_| ()));
            list.or_else(|| slowly(draft, reading, field, raw))
        }
        _ => slowly(draft, reading, field, raw),
    }
}

/// The same for whatever kind of value it is; that some of a list was put there before changes nothing.
fn slowly<'t>(draft: &mut Draft<'t>, reading: &Reading<'_>, field: Field, raw: &'t str) -> Option<()> {
    put(draft, reading, field, Value::read(raw, true).ok()?).ok()
}
