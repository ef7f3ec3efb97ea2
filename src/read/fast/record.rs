//! A record of the common kind, straight from its bytes to what it says: texts without escapes,
//! nothing nested deep, no field twice, nothing wrong. It is read once, and nothing is looked up
//! again. Any other record is left to the readers that can name what is wrong with it, with which
//! this must agree.

use std::borrow::Cow;

use super::chunk;
use super::scan;
use crate::read::fields::put;
use crate::read::object::Value;
use crate::{Draft, Field, Interaction, Reading, Shape};

/// A record that has been read.
pub(crate) struct Usual<'d, 't> {
    pub(crate) interaction: &'d Interaction<'t>,
    /// Where its object ends.
    pub(crate) end: usize,
    /// How many line breaks are in it.
    pub(crate) breaks: u32,
}

/// Puts the record whose object starts at this byte into the draft, which is cleared before. Fields that are unknown
/// are added to `unknown`; what a refused record added to it is to be ignored.
pub(crate) fn record<'t, 'd>(
    text: &'t str,
    start: usize,
    reading: &Reading<'_>,
    predictor: &mut KeyPredictor,
    draft: &'d mut Draft<'t>,
    unknown: &mut Vec<&'t str>,
) -> Option<Usual<'d, 't>> {
    let bytes = text.as_bytes();
    draft.clear();
    let (mut seen, known) = (0_u32, unknown.len());
    let mut before = KeyPredictor::START;
    let mut at = scan::open(bytes, start)?;
    // most have no white space, and so no line break; in others those are counted
    let mut dense = at == start + 1;
    while !scan::closes(bytes, at) {
        let (field, value) = match predictor.expected(bytes, at, before) {
            Some(expected) => expected,
            None => {
                let (key, value) = scan::key(bytes, at)?;
                dense &= value == key.end + 2;
                let Some(field) = Field::named(&bytes[key.clone()]) else {
                    let name = text.get(key).filter(|name| !unknown[known..].contains(name))?;
                    unknown.push(name);
                    at = scan::next_member(bytes, scan::any(bytes, scan::space(bytes, value))?)?;
                    dense = false;
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
        let first = scan::space(bytes, value);
        let end = take(draft, reading, field, text, first)?;
        at = scan::next_member(bytes, end)?;
        let value_is = bytes[first] == b'"' || !scan::breaks_within(bytes, first, end);
        dense &= first == value && value_is && at == end + usize::from(bytes[end] == b',');
    }
    let end = at + 1;
    let breaks = if dense { 0 } else { chunk::breaks(&bytes[start..end]) };
    Some(Usual { interaction: draft.check().ok()?, end, breaks })
}

/// Which keys follow which: programs write their records alike, so that a key is mostly known before it is read.
pub(crate) struct KeyPredictor([[Expected; KeyPredictor::WAYS]; KeyPredictor::START + 1]);

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

impl Expected {
    /// Nothing: no bytes are equal to this.
    const NOTHING: Self = Self { written: 1, mask: 0, length: 0, field: Field::Id };
}

impl KeyPredictor {
    /// In place of a field before the first.
    const START: usize = Field::ALL.len();

    /// How many keys are expected behind another: some fields are left out where there is nothing to say.
    const WAYS: usize = 3;

    /// Nothing is expected yet.
    pub(crate) const NEW: Self = Self([[Expected::NOTHING; Self::WAYS]; Self::START + 1]);

    /// The field of the key that starts there, and where that ends, if it is one of those expected after `before`.
    fn expected(&self, bytes: &[u8], at: usize, before: usize) -> Option<(Field, usize)> {
        let sixteen = u128::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let expected = self.0[before].iter().find(|expected| sixteen & expected.mask == expected.written)?;
        Some((expected.field, at + expected.length))
    }

    /// Expects this key after `before` from now on, if it is short enough and on one line, in place of the one
    /// that was learned first.
    fn learn(&mut self, before: usize, key: &[u8], field: Field) {
        let mut padded = [0; 16];
        if let Some(bytes) = padded.get_mut(..key.len()).filter(|_| !key.contains(&b'\n')) {
            bytes.copy_from_slice(key);
            let mask = u128::MAX >> (128 - 8 * key.len());
            self.0[before].rotate_right(1);
            self.0[before][0] = Expected { written: u128::from_le_bytes(padded), mask, length: key.len(), field };
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
            scan::texts(bytes, at, |place, name| draft.signal(reading, place, text.get(name)?).ok())
        }
        (b'[', Shape::Values) => {
            draft.value_known();
            let end = scan::list(bytes, at, |place, value| take_value(draft, reading, place, text.get(value)?));
            if end.is_none() {
                draft.clear_value();
            }
            end
        }
        (b'{', Shape::Pairs) => {
            let part = |range| text.get(range).map(Cow::Borrowed);
            let end = scan::pairs(bytes, at, |key, value| draft.pair(field, part(key)?, part(value)?).ok());
            if end.is_none() {
                draft.clear_pairs(field);
            }
            end
        }
        _ => None,
    };
    // of any other kind; that some signals of a list were put there before changes nothing
    end.or_else(|| {
        let end = scan::any(bytes, at)?;
        put(draft, reading, field, Value::read(text.get(at..end)?, true).ok()?).ok()?;
        Some(end)
    })
}

/// Puts one entry of `value` into the draft, with its amount where it has one.
fn take_value(draft: &mut Draft<'_>, reading: &Reading<'_>, place: usize, raw: &str) -> Option<()> {
    if let Value::Text(name) = Value::read(raw, true).ok()? {
        return draft.value(reading, place, &name).ok().map(drop);
    }
    let (mut kind, mut amount, mut unit) = (None, None, None);
    scan::object(raw.as_bytes(), |key, value| {
        let part = match &raw[key] {
            "kind" => &mut kind,
            "amount" => &mut amount,
            "unit" => &mut unit,
            _ => return None,
        };
        let raw = &raw[value];
        let (Value::Text(Cow::Borrowed(text)) | Value::Number(text)) = Value::read(raw, true).ok()? else {
            return None;
        };
        // nothing in a part is as no part, of which the full reader knows
        (!text.is_empty() && part.replace(text).is_none()).then_some(())
    })?;
    draft.measured(reading, place, kind?, amount, unit).ok()
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
            "[{\"kind\":\"time\",\"amount\":2.50,\"unit\":\"hours\"} , \"felt-good\", {\"kind\":\"money\",\"amount\":\"7\"}]",
            "[{\"kind\":\"time\",\"amount\":2},{\"kind\":\"money\",\"amount\":null}]",
            "[{\"kind\":\"time\",\"amount\":2},{\"kind\":\"money\",\"unit\":\"\"}]",
            "[{\"kind\":\"time\",\"amount\":2},{\"kind\":\"money\",\"unit\":\"EUR\"}]",
            "[{\"kind\":\"time\",\"amount\":2,\"amount\":3}]",
            "[{\"kind\":\"time\",\"amounts\":2}]",
            "[{\"amount\":2}]",
            "[\"money=12.50 EUR\", \"time\"]",
            "[{\"kind\":\"money=12.50 EUR\"}]",
            "[\"money\", 7]",
            "[\n{\"kind\":\n\"time\"}\n]",
            "[\n\"late\"\n,\n\"chased\"]",
            "[\n]",
            "{\n\"pace\"\n:\n\"slow\"\n}",
            "\"a longer text, over sixteen bytes\"",
        ]);
        let space = select(vec!["", "", "", " ", "\n", "\n ", "\r\n"]);
        (space.clone(), key, space.clone(), space.clone(), value, space).prop_map(
            |(first, key, before, after, value, last)| format!("{first}\"{key}\"{before}:{after}{value}{last}"),
        )
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
                let Some(Usual { interaction, end, breaks }) = usual else { continue };
                let Read::Whole(length) = read_object(text.as_bytes(), interaction_field, &mut spans) else {
                    return Err(TestCaseError::fail(format!("no object: {text}")));
                };
                let full = Written { text: &text[..length], spans: &spans }.interaction(&reading);
                prop_assert_eq!((Some(interaction), end), (full.as_ref().ok(), length), "{}", text);
                unknown.sort_unstable();
                prop_assert!(unknown.iter().eq(&spans.unknown), "{unknown:?}");
                prop_assert!(spans.twice.is_none());
                prop_assert_eq!(breaks as usize, text[..end].matches('\n').count(), "{}", text);
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
        predictor.learn(KeyPredictor::START, b"\"at\"\n:", Field::At);
        for (key, field) in [("\"id\":", Field::Id), ("\"at\":", Field::At)] {
            predictor.learn(KeyPredictor::START, key.as_bytes(), field);
            let bytes = format!("{key}\"2026-01-05\"");
            assert_eq!(predictor.expected(bytes.as_bytes(), 0, KeyPredictor::START), Some((field, key.len())));
            assert_eq!(predictor.expected(b"\"at\"\n:\"2026-01-05\"", 0, KeyPredictor::START), None, "two lines");
        }
        assert_eq!(predictor.expected(bytes, 0, KeyPredictor::START), Some((Field::Point, 8)), "still known");
        predictor.learn(KeyPredictor::START, b"\"team\":", Field::Team);
        assert_eq!(predictor.expected(bytes, 0, KeyPredictor::START), None, "known no longer");
    }
}
