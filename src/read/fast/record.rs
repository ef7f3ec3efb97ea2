//! A record of the common kind, straight from its bytes to what it says: texts without escapes,
//! nothing nested deep, no field twice, nothing wrong. It is read once, and nothing is looked up
//! again. Any other record is left to the readers that can name what is wrong with it, with which
//! this must agree.

use std::borrow::Cow;

use crate::{Draft, Field, Interaction, Reading, Shape};

use super::scan;
use crate::read::fields::put;
use crate::read::object::Value;

/// Puts the record whose object starts at this byte into the draft, which is cleared before. The
/// interaction, and where the object ends. Fields that are unknown are added to `unknown`; what a
/// refused record added to it is to be ignored.
pub(crate) fn record<'t, 'd>(
    text: &'t str,
    start: usize,
    reading: &Reading<'_>,
    predictor: &mut KeyPredictor,
    draft: &'d mut Draft<'t>,
    unknown: &mut Vec<&'t str>,
) -> Option<(&'d Interaction<'t>, usize)> {
    let bytes = text.as_bytes();
    draft.clear();
    let (mut seen, known) = (0_u32, unknown.len());
    let mut before = KeyPredictor::START;
    let mut at = scan::open(bytes, start)?;
    while !scan::closes(bytes, at) {
        let (field, value) = match predictor.expected(bytes, at, before) {
            Some(expected) => expected,
            None => {
                let (key, value) = scan::key(bytes, at)?;
                let Some(field) = Field::named(key) else {
                    let name = std::str::from_utf8(key).ok().filter(|name| !unknown[known..].contains(name))?;
                    unknown.push(name);
                    at = scan::next_member(bytes, scan::any(bytes, scan::space(bytes, value))?)?;
                    continue;
                };
                predictor.learn(before, &bytes[at..value], field);
                (field, value)
            }
        };
        let bit = 1 << field as u32;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        before = field as usize;
        at = scan::next_member(bytes, take(draft, reading, field, text, scan::space(bytes, value))?)?;
    }
    Some((draft.check().ok()?, at + 1))
}

/// Which key follows which: programs write their records alike, so that a key
/// is mostly known before it is read.
pub(crate) struct KeyPredictor([Expected; KeyPredictor::START + 1]);

/// A key with its quotes and the colon, as it came in an earlier record.
#[derive(Clone, Copy)]
struct Expected {
    /// Its bytes, the first one lowest.
    written: u128,
    /// The bits that those bytes take.
    mask: u128,
    length: usize,
    field: Field,
}

impl KeyPredictor {
    /// In place of a field before the first.
    const START: usize = Field::ALL.len();

    /// Nothing is expected yet: no bytes are equal to this.
    pub(crate) const NEW: Self = Self([Expected { written: 1, mask: 0, length: 0, field: Field::Id }; Self::START + 1]);

    /// The field of the key that starts there, and where that ends, if it is the one expected after `before`.
    fn expected(&self, bytes: &[u8], at: usize, before: usize) -> Option<(Field, usize)> {
        let Expected { written, mask, length, field } = self.0[before];
        let sixteen = bytes.get(at..)?.first_chunk()?;
        (u128::from_le_bytes(*sixteen) & mask == written).then_some((field, at + length))
    }

    /// Expects this key after `before` from now on, if it is short enough.
    fn learn(&mut self, before: usize, key: &[u8], field: Field) {
        let mut padded = [0; 16];
        if let Some(bytes) = padded.get_mut(..key.len()) {
            bytes.copy_from_slice(key);
            let mask = u128::MAX >> (128 - 8 * key.len());
            self.0[before] = Expected { written: u128::from_le_bytes(padded), mask, length: key.len(), field };
        }
    }
}

/// Puts the value that starts there into the draft. Where it ends.
fn take<'t>(draft: &mut Draft<'t>, reading: &Reading<'_>, field: Field, text: &'t str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = match (bytes.get(at)?, field.shape()) {
        (b'"', Shape::Text) => {
            let end = scan::text(bytes, at)?;
            draft.plain_text(reading, field, text.get(at + 1..end - 1)?).ok()?;
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
        (b'{', Shape::Pairs) => {
            let text = |bytes| std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
            let end = scan::pairs(bytes, at, |key, value| draft.pair(field, text(key)?, text(value)?).ok());
            if end.is_none() {
                draft.clear_pairs(field);
            }
            end
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

#[cfg(test)]
mod tests {
    use crate::Model;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::read::object::{Read, Spans, read_object};
    use crate::read::written::{Written, interaction_field};

    /// Members of a record, in whatever order and layout; some no program would write.
    fn members() -> impl Strategy<Value = String> {
        let key = select(vec![
            "id",
            "at",
            "recipient",
            "point",
            "journey",
            "action",
            "channel",
            "signals",
            "value",
            "served",
            "tags",
            "verdict",
            "mood",
        ]);
        let value = select(vec![
            "\"acme\"",
            "\"\"",
            "\"expected\"",
            "\"2026-01-05\"",
            "[\"late\"]",
            "[\"late\", \"chased\"]",
            "[]",
            "{\"pace\": \"slow\"}",
            "{\"pace\":\"slow\" , \"日本語\" :\"a longer text, over sixteen bytes\"}",
            "{\"pace\": \"slow\", \"floor\": 7}",
            "{\"pace\": \"slow\", \"pace\": \"slow\"}",
            "{\"pace\": null, \"\": \"slow\"}",
            "{\"a\": {\"b\": \"c\"}}",
            "{ }",
            "7",
            "null",
            "[{\"kind\":\"time\",\"amount\":2}]",
            "\"a longer text, over sixteen bytes\"",
        ]);
        let space = select(vec!["", "", "", " ", "\n "]);
        (key, space.clone(), space, value)
            .prop_map(|(key, before, after, value)| format!("\"{key}\"{before}:{after}{value}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_usual_is_read_as_the_full_reader_reads_it(
            records in proptest::collection::vec(proptest::collection::vec(members(), 0..7), 1..12),
        ) {
            let model = Model::shipped();
            let reading = Reading::from(&model);
            let texts: Vec<String> = records
                .iter()
                .map(|members| format!("{{\"recipient\":\"c\",\"point\":\"p\"{}{}}} ", if members.is_empty() { "" } else { "," }, members.join(",")))
                .collect();
            let (mut draft, mut predictor, mut spans) = (Draft::default(), KeyPredictor::NEW, Spans::default());
            for text in &texts {
                let mut unknown = Vec::new();
                let usual = record(text, 0, &reading, &mut predictor, &mut draft, &mut unknown);
                let Some((interaction, end)) = usual else { continue };
                let Read::Whole(length) = read_object(text.as_bytes(), interaction_field, &mut spans) else {
                    return Err(TestCaseError::fail(format!("no object: {text}")));
                };
                let full = Written { text: &text[..length], spans: &spans }.interaction(&reading);
                prop_assert_eq!((Some(interaction), end), (full.as_ref().ok(), length), "{}", text);
                unknown.sort_unstable();
                prop_assert!(unknown.iter().eq(&spans.unknown), "{unknown:?}");
                prop_assert!(spans.twice.is_none());
            }
        }
    }

    #[test]
    fn keys_are_known_by_predictor_only_where_they_are_the_same() {
        let mut predictor = KeyPredictor::NEW;
        let bytes = br#""point":"parcel","action":"note""#;
        assert_eq!(predictor.expected(bytes, 0, KeyPredictor::START), None);
        predictor.learn(KeyPredictor::START, br#""point":"#, Field::Point);
        assert_eq!(predictor.expected(bytes, 0, KeyPredictor::START), Some((Field::Point, 8)));
        assert_eq!(predictor.expected(bytes, 17, KeyPredictor::START), None, "another key");
        assert_eq!(predictor.expected(bytes, 0, Field::Point as usize), None, "after another field");
        assert_eq!(predictor.expected(&bytes[..12], 0, KeyPredictor::START), None, "too near the end to look");
        predictor.learn(KeyPredictor::START, br#""transaction"    :"#, Field::Transaction);
        assert_eq!(predictor.expected(bytes, 0, KeyPredictor::START), Some((Field::Point, 8)), "too long to learn");
    }
}
