//! A record of the usual kind, straight from its bytes to what it says: texts
//! without escapes, nothing nested deep, no field twice, nothing wrong. It is
//! read once, and nothing is looked up again. Any other record is left to the
//! readers that can say what is odd about it, whose answer this must equal.

use std::borrow::Cow;

use serveup::{Draft, Field, Interaction, Reading, Shape};

use super::fields::put;
use super::object::Value;
use super::scan;

/// Puts the record whose object starts at this byte into the draft, which is
/// cleared before. The interaction, and where the object ends. Fields with
/// no meaning are added to `unknown`; what was added to it by a record that is
/// not usual means nothing.
pub(crate) fn record<'t, 'd>(
    text: &'t str,
    start: usize,
    reading: &Reading<'_>,
    draft: &'d mut Draft<'t>,
    unknown: &mut Vec<&'t str>,
) -> Option<(&'d Interaction<'t>, usize)> {
    let bytes = text.as_bytes();
    draft.clear();
    let (mut seen, known) = (0_u32, unknown.len());
    let end = scan::members(bytes, start, |key, at| {
        let Some(field) = Field::named(key) else {
            let name = std::str::from_utf8(key).ok().filter(|name| !unknown[known..].contains(name))?;
            unknown.push(name);
            return scan::any(bytes, at);
        };
        let bit = 1 << field as u32;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        take(draft, reading, field, text, at)
    })?;
    Some((draft.check().ok()?, end))
}

/// Puts the value that starts there into the draft. Where it ends.
fn take<'t>(draft: &mut Draft<'t>, reading: &Reading<'_>, field: Field, text: &'t str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = match (bytes.get(at)?, field.shape()) {
        (b'"', Shape::Text) => {
            let end = scan::text(bytes, at)?;
            draft.text(reading, field, Cow::Borrowed(text.get(at + 1..end - 1)?)).ok()?;
            return Some(end);
        }
        (b'[', Shape::Signals) => {
            let signal = |place, name| draft.signal(reading, place, std::str::from_utf8(name).ok()?).ok();
            scan::texts(bytes, at, signal)
        }
        (b'[', Shape::Values) => {
            draft.value_known();
            let value = |place, name| draft.value(reading, place, std::str::from_utf8(name).ok()?).ok().map(|_| ());
            scan::texts(bytes, at, value)
        }
        _ => None,
    };
    // of any other kind; that some of a list was put there before changes nothing
    end.or_else(|| {
        let end = scan::any(bytes, at)?;
        put(draft, reading, field, Value::read(text.get(at..end)?, true).ok()?).ok()?;
        Some(end)
    })
}
