//! A scanner for the objects that records usually are: flat, few levels deep, texts without
//! escapes. It validates what it accepts and leaves everything else to the full parser, with which
//! it must agree.

use std::ops::Range;

use wide::u8x16;

/// How deep the scanner follows lists and objects before it leaves off.
const DEPTH: u8 = 4;

/// Calls `member` with where each key is, and its value, of the object at the start of `bytes`;
/// returns its length. `None`: not an object of the common kind, whatever else it is. That the
/// texts are UTF-8 is not checked here.
pub(crate) fn object(bytes: &[u8], mut member: impl FnMut(Range<usize>, Range<usize>) -> Option<()>) -> Option<usize> {
    let mut at = open(bytes, 0)?;
    while !closes(bytes, at) {
        let (key, value) = key(bytes, at)?;
        let start = space(bytes, value);
        let end = any(bytes, start)?;
        member(key, start..end)?;
        at = next_member(bytes, end)?;
    }
    Some(at + 1)
}

/// Behind the brace that opens an object: where its first key or its closing brace is.
pub(crate) fn open(bytes: &[u8], at: usize) -> Option<usize> {
    let at = space(bytes, expect(bytes, at, b'{')?);
    (closes(bytes, at) || bytes.get(at) == Some(&b'"')).then_some(at)
}

/// Whether an object ends there.
pub(crate) fn closes(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'}')
}

/// Where the key is that starts there, and what follows its colon.
pub(crate) fn key(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let end = text(bytes, at)?;
    Some((at + 1..end - 1, expect(bytes, space(bytes, end), b':')?))
}

/// Behind the end of a value: where the next key or the closing brace is.
pub(crate) fn next_member(bytes: &[u8], end: usize) -> Option<usize> {
    let at = space(bytes, end);
    match bytes.get(at)? {
        b',' => Some(space(bytes, at + 1)).filter(|&key| bytes.get(key) == Some(&b'"')),
        b'}' => Some(at),
        _ => None,
    }
}

/// The end of the value that starts there, whatever it is.
pub(crate) fn any(bytes: &[u8], at: usize) -> Option<usize> {
    value(bytes, at, DEPTH)
}

/// The end of the list that starts there; `each` is called with where every element is and may refuse it.
pub(crate) fn list(bytes: &[u8], at: usize, mut each: impl FnMut(usize, Range<usize>) -> Option<()>) -> Option<usize> {
    let mut places = 0..;
    sequence(bytes, at, b']', DEPTH, |at| {
        let end = value(bytes, at, DEPTH - 1)?;
        each(places.next()?, at..end)?;
        Some(end)
    })
}

/// The same of a list that holds texts and nothing else; `each` is called with where they are between their quotes.
pub(crate) fn texts(bytes: &[u8], at: usize, mut each: impl FnMut(usize, Range<usize>) -> Option<()>) -> Option<usize> {
    let mut places = 0..;
    sequence(bytes, at, b']', DEPTH, |at| {
        let end = text(bytes, at)?;
        each(places.next()?, at + 1..end - 1)?;
        Some(end)
    })
}

/// The end of the object that starts there, if it holds texts and nothing else; `each` is called with where every key
/// and text is and may refuse it.
pub(crate) fn pairs(
    bytes: &[u8],
    at: usize,
    mut each: impl FnMut(Range<usize>, Range<usize>) -> Option<()>,
) -> Option<usize> {
    let mut at = open(bytes, at)?;
    while !closes(bytes, at) {
        let (key, value) = key(bytes, at)?;
        let start = space(bytes, value);
        let end = text(bytes, start)?;
        each(key, start + 1..end - 1)?;
        at = next_member(bytes, end)?;
    }
    Some(at + 1)
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

/// Behind white space.
pub(crate) fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

/// The end of the value that starts here.
fn value(bytes: &[u8], at: usize, depth: u8) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => text(bytes, at),
        b'[' => sequence(bytes, at, b']', depth, |at| value(bytes, at, depth - 1)),
        b'{' => sequence(bytes, at, b'}', depth, |at| {
            let (_, behind) = key(bytes, at)?;
            value(bytes, space(bytes, behind), depth - 1)
        }),
        b't' => word(bytes, at, b"true"),
        b'f' => word(bytes, at, b"false"),
        b'n' => word(bytes, at, b"null"),
        _ => number(bytes, at),
    }
}

/// The end of a list or object whose elements are read by `element`.
fn sequence(
    bytes: &[u8],
    at: usize,
    close: u8,
    depth: u8,
    mut element: impl FnMut(usize) -> Option<usize>,
) -> Option<usize> {
    if depth == 0 {
        return None;
    }
    let mut at = space(bytes, at + 1);
    if bytes.get(at) == Some(&close) {
        return Some(at + 1);
    }
    loop {
        at = space(bytes, element(at)?);
        match bytes.get(at)? {
            b',' => at = space(bytes, at + 1),
            byte if *byte == close => return Some(at + 1),
            _ => return None,
        }
    }
}

fn word(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    bytes[at..].starts_with(word).then_some(at + word.len())
}

/// The end of a number; at the very end of the bytes it might go on, so that is none.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let count = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let start = if bytes[at] == b'-' { at + 1 } else { at };
    let mut end = digits(start)?;
    if bytes[start] == b'0' && end > start + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    match bytes.get(end)? {
        b'e' | b'E' => None,
        _ => Some(end),
    }
}

/// The end of a text without escapes, behind its closing quote.
pub(crate) fn text(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = expect(bytes, at, b'"')?;
    // sixteen bytes at a time, as long as none of them is a quote, a backslash or a control
    while let Some(sixteen) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let special = special(*sixteen);
        if special == 0 {
            at += 16;
            continue;
        }
        at += special.trailing_zeros() as usize;
        return (bytes[at] == b'"').then_some(at + 1);
    }
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' | 0..=0x1f => return None,
            _ => at += 1,
        }
    }
}

/// Whether there is a line break from one place to the other.
pub(crate) fn breaks_within(bytes: &[u8], from: usize, to: usize) -> bool {
    (from..to).step_by(16).any(|at| match bytes[at..].first_chunk() {
        Some(sixteen) => {
            let breaks = u8x16::new(*sixteen).simd_eq(u8x16::splat(b'\n')).to_bitmask();
            breaks != 0 && (breaks.trailing_zeros() as usize) < to - at
        }
        None => bytes[at..to].contains(&b'\n'),
    })
}

/// A bit for each byte that is a quote, a backslash or a control, the first byte's the lowest.
fn special(sixteen: [u8; 16]) -> u32 {
    let bytes = u8x16::new(sixteen);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    let control = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    (is(b'"') | is(b'\\') | control).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{breaks_within, object};

    /// What the scanner accepts, the full parser accepts with the same length.
    fn agrees(bytes: &[u8]) -> bool {
        let mut members = Vec::new();
        let scanned = object(bytes, |key, value| {
            members.push((bytes[key].to_vec(), bytes[value].to_vec()));
            Some(())
        });
        let Some(length) = scanned.filter(|&length| std::str::from_utf8(&bytes[..length]).is_ok()) else {
            return false;
        };
        let mut values = serde_json::Deserializer::from_slice(bytes)
            .into_iter::<std::collections::BTreeMap<String, Box<serde_json::value::RawValue>>>();
        let parsed = values.next().expect("a value").expect("valid");
        assert_eq!(values.byte_offset(), length);
        for (key, value) in parsed {
            let last = members.iter().rfind(|(other, _)| *other == key.as_bytes()).expect("the same keys");
            assert_eq!(last.1, value.get().as_bytes());
        }
        true
    }

    #[test]
    fn usual_records_are_scanned() {
        for record in [
            r#"{"id":"a","at":"2026-01-05","signals":["late","impolite"],"value":[{"kind":"time","amount":12.5}]} "#,
            r#"{ "a" : [ ] , "b" : { } , "c" : -0.5 , "d" : null , "e" : true , "f" : false }"#,
            "{}",
            r#"{"é":"日本語 and more than sixteen bytes"}"#,
        ] {
            assert!(agrees(record.as_bytes()), "{record}");
        }
    }

    #[test]
    fn what_is_unusual_is_left_to_the_parser() {
        for record in [
            r#"{"a":"x\n"}"#,
            "{\"a\":\"x\ny\"}",
            r#"{"a":01}"#,
            r#"{"a":1e5}"#,
            r#"{"a":1."#,
            r#"{"a":12"#,
            r#"{"a":.5}"#,
            r#"{"a":-}"#,
            r#"{"a":tru}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":1,}"#,
            r#"{"a" 1}"#,
            "{a:1}",
            r#"{"a":[[[[[1]]]]]}"#,
            r#"{"a":"b"#,
            r#"{"a":NaN}"#,
            "",
            "[]",
        ] {
            assert!(!agrees(record.as_bytes()), "{record}");
        }
        assert!(!agrees(b"{\"a\":\"\xff\"}"));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_valid(bytes in r#"\{("[a-c\\]{0,9}"[:,]?|[\[\]{},: 0-9.e-]|true|null|é){0,12}\}"#) {
            agrees(bytes.as_bytes());
        }

        #[test]
        fn line_breaks_are_seen_between_two_places(
            text in "[a\n]{0,5}[ab]{0,40}[a\n]{0,5}[ab]{0,20}",
            from in 0_usize..70,
            to in 0_usize..70,
        ) {
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let within = text.get(from..to).is_some_and(|text| text.contains('\n'));
            prop_assert_eq!(breaks_within(text.as_bytes(), from, to), within);
        }

        #[test]
        fn any_byte_ends_a_text_where_it_should(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut bytes = b"{\"k\":\"".to_vec();
            bytes.extend_from_slice(&text);
            bytes.extend_from_slice(b"\"}");
            let plain = std::str::from_utf8(&text).is_ok_and(|text| !text.contains(['"', '\\']) && !text.bytes().any(|byte| byte < 0x20));
            let length = object(&bytes, |_, _| Some(()));
            prop_assert!(!plain || length == Some(bytes.len()));
            let length = length.filter(|&length| std::str::from_utf8(&bytes[..length]).is_ok());
            prop_assert!(length.is_none() || serde_json::from_slice::<serde_json::Value>(&bytes[..length.unwrap_or(0)]).is_ok());
        }
    }
}
