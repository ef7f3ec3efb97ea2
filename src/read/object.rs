//! One JSON object as spans of its bytes: which field is where. Values are looked at only when they
//! are needed, and nothing is copied.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fast::scan;
use crate::Field;

/// How deep arrays and objects may be nested.
const DEEPEST: usize = 128;

/// The fields an object may have, by their place in a list of names.
pub(crate) type Lookup = fn(&[u8]) -> Option<usize>;

/// Where the fields of an object are, as offsets from the start of the bytes parsed.
#[derive(Default)]
pub(crate) struct Spans {
    fields: [Option<Span>; Field::ALL.len()],
    /// Fields that are unknown here, by name.
    pub(crate) unknown: BTreeSet<String>,
    /// The first field that occurs twice, and where it occurs again.
    pub(crate) twice: Option<(String, usize)>,
    /// Where something is nested too deep.
    pub(crate) deep: Option<usize>,
    /// Whether it is known that no text in it has escapes.
    pub(crate) plain: bool,
}

#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

impl Spans {
    fn clear(&mut self) {
        self.fields = [None; Field::ALL.len()];
        self.unknown.clear();
        (self.twice, self.deep, self.plain) = (None, None, false);
    }

    /// Notes where a field is; `None` if that is too far to note.
    fn note(&mut self, lookup: Lookup, key: &[u8], start: usize, end: usize) -> Option<()> {
        let name = || String::from_utf8_lossy(key).into_owned();
        match lookup(key) {
            Some(field) if self.fields[field].is_some() => {
                self.twice.get_or_insert_with(|| (name(), start));
            }
            Some(field) => {
                self.fields[field] = Some(Span { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? });
            }
            None => {
                if !self.unknown.insert(name()) {
                    self.twice.get_or_insert_with(|| (name(), start));
                }
            }
        }
        Some(())
    }

    /// Where the value of a field is.
    pub(crate) fn get(&self, field: usize) -> Option<Range<usize>> {
        self.fields.get(field).copied().flatten().map(|span| span.start as usize..span.end as usize)
    }
}

/// The result of reading one JSON value at the start of some bytes.
pub(crate) enum Read {
    /// It ends there.
    Whole(usize),
    /// The bytes end before it does.
    Short(serde_json::Error),
    /// It is no JSON.
    Broken(serde_json::Error),
}

impl Read {
    fn of<T>(result: Result<T, serde_json::Error>, end: usize, length: usize) -> Self {
        match result {
            Ok(_) => Self::Whole(end),
            // of a number cut in the middle the parser says that it is none
            Err(error) if error.is_eof() || end >= length => Self::Short(error),
            Err(error) => Self::Broken(error),
        }
    }
}

/// Reads the object at the start of `bytes` and notes where its fields are.
pub(crate) fn read_object(bytes: &[u8], lookup: Lookup, spans: &mut Spans) -> Read {
    spans.clear();
    let scanned = scan::object(bytes, |key, value| spans.note(lookup, &bytes[key], value.start, value.end));
    if let (Some(length), None) = (scanned, &spans.twice) {
        spans.plain = true;
        return Read::Whole(length);
    }
    spans.clear();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let result = ObjectSeed { base: bytes.as_ptr().addr(), lookup, spans }.deserialize(&mut json);
    // the stream that a deserializer turns into knows how far it came
    let end = json.into_iter::<IgnoredAny>().byte_offset();
    let read = Read::of(result, end, bytes.len());
    if matches!(&read, Read::Broken(error) | Read::Short(error) if !error.is_eof()) {
        // texts that are not UTF-8 break the record and not what follows it, as where the scanner finds its end
        return match (read, read_value(bytes)) {
            (_, Read::Whole(end)) if std::str::from_utf8(&bytes[..end]).is_err() => Read::Whole(end),
            (Read::Broken(_), Read::Short(error)) => Read::Short(error),
            (read, _) => read,
        };
    }
    read
}

/// Reads the value at the start of `bytes`, whatever it is, for its end.
pub(crate) fn read_value(bytes: &[u8]) -> Read {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => Read::Whole(values.byte_offset()),
        Some(Err(error)) => {
            // a stream that failed says where the value began, not how far it came
            let mut json = serde_json::Deserializer::from_slice(bytes);
            let _ = IgnoredAny::deserialize(&mut json);
            let end = json.into_iter::<IgnoredAny>().byte_offset();
            Read::of(Err::<IgnoredAny, _>(error), end, bytes.len())
        }
        None => Read::Whole(0),
    }
}

/// The message of a syntax error without its place, which is given apart.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("trailing comma") {
        return "nothing follows this comma; delete it".to_owned();
    }
    if let Some(place) = text.strip_prefix("EOF while parsing ") {
        let inside = ["a list", "an object", "a value"].into_iter().find(|thing| place.starts_with(thing));
        return format!("the file ends inside {}", inside.unwrap_or("text"));
    }
    let text = text.rfind(" at line ").map_or(text.as_str(), |place| &text[..place]);
    in_words(text).unwrap_or(text).to_owned()
}

/// What a message of the parser means to people who do not write parsers.
fn in_words(text: &str) -> Option<&'static str> {
    Some(match text {
        "expected `:`" => "a colon is missing here, between a name and its value",
        "expected `,` or `]`" => "a comma or ] is missing here",
        "expected `,` or `}`" => "a comma or } is missing here",
        "expected value" | "expected ident" => "this is not a JSON value; put text in quotes",
        "key must be a string" => "expected a name in quotes",
        "invalid number" => "this is not a JSON number; put text in quotes",
        "number out of range" => "this number is too large",
        "invalid escape" => "unknown escape in text; write \\\\ for a backslash",
        _ if text.starts_with("control character") => "control character in text; write it as an escape, like \\n",
        _ => return None,
    })
}

struct ObjectSeed<'s> {
    base: usize,
    lookup: Lookup,
    spans: &'s mut Spans,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { base, lookup, spans } = self;
        while let Some(key) = map.next_key_seed(Key)? {
            let raw = map.next_value::<&'de RawValue>()?.get();
            let start = raw.as_ptr().addr().saturating_sub(base);
            let noted = spans.note(lookup, key.as_bytes(), start, start + raw.len());
            noted.ok_or_else(|| serde::de::Error::custom("a record longer than four gigabytes"))?;
            if raw.starts_with(['[', '{']) && too_deep(raw.as_bytes()) {
                spans.deep.get_or_insert(start);
            }
        }
        Ok(())
    }
}

/// Whether JSON values nest deeper than anything sensible does; `#` starts a comment, as jq has it.
pub(crate) fn too_deep(raw: &[u8]) -> bool {
    let (mut depth, mut text, mut escaped, mut comment) = (0_usize, false, false, false);
    for &byte in raw {
        if comment {
            comment = byte != b'\n';
            continue;
        }
        if text {
            (escaped, text) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            continue;
        }
        match byte {
            b'#' => comment = true,
            b'"' => text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// A key or text, borrowed where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A JSON value whose bytes are known to be valid.
pub(crate) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Number(&'a str),
    Boolean,
    List(&'a str),
    Object(&'a str),
}

impl<'a> Value<'a> {
    /// What is in a raw value; an error for escapes that make no text.
    pub(crate) fn of(raw: &'a str) -> Result<Self, String> {
        Self::read(raw, memchr::memchr(b'\\', raw.as_bytes()).is_none())
    }

    /// The same where it is known whether there are escapes: none if `plain`.
    pub(crate) fn read(raw: &'a str, plain: bool) -> Result<Self, String> {
        Ok(match raw.as_bytes().first() {
            Some(b'"') if plain => Self::Text(Cow::Borrowed(&raw[1..raw.len() - 1])),
            Some(b'"') => {
                serde_json::from_str(raw).map(|text| Self::Text(Cow::Owned(text))).map_err(|e| message(&e))?
            }
            Some(b'[') => Self::List(raw),
            Some(b'{') => Self::Object(raw),
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Boolean,
            _ => Self::Number(raw),
        })
    }

    /// What it is, for an error.
    pub(crate) const fn in_words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Boolean => "true or false",
            Self::List(raw) if Self::hollow(raw) => "an empty list",
            Self::List(_) => "a list",
            Self::Object(raw) if Self::hollow(raw) => "an empty object",
            Self::Object(_) => "an object",
        }
    }

    /// Whether a list or object has nothing in it.
    pub(crate) const fn hollow(raw: &str) -> bool {
        let bytes = raw.as_bytes();
        let mut index = 1;
        while index + 1 < bytes.len() {
            if !bytes[index].is_ascii_whitespace() {
                return false;
            }
            index += 1;
        }
        true
    }
}

/// Calls `each` with the place and raw text of every element of a raw list, as long as it returns
/// `true`.
pub(crate) fn elements<'a>(list: &'a str, mut each: impl FnMut(usize, &'a str) -> bool) {
    struct Elements<F>(F);
    impl<'de, F: FnMut(usize, &'de str) -> bool> Visitor<'de> for Elements<F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
            let mut place = 0;
            while let Some(raw) = seq.next_element::<&'de RawValue>()? {
                if !self.0(place, raw.get()) {
                    return Err(serde::de::Error::custom("stopped"));
                }
                place += 1;
            }
            Ok(())
        }
    }
    // the list was valid when the record was read, so only `each` can end it early
    let _ = serde_json::Deserializer::from_str(list).deserialize_seq(Elements(&mut each));
}

/// Calls `each` with every key and raw value of a raw object, as long as it returns `true`.
pub(crate) fn members<'a>(object: &'a str, mut each: impl FnMut(Cow<'a, str>, &'a str) -> bool) {
    struct Members<F>(F);
    impl<'de, F: FnMut(Cow<'de, str>, &'de str) -> bool> Visitor<'de> for Members<F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key_seed(Key)? {
                let raw = map.next_value::<&'de RawValue>()?;
                if !self.0(key, raw.get()) {
                    return Err(serde::de::Error::custom("stopped"));
                }
            }
            Ok(())
        }
    }
    let _ = serde_json::Deserializer::from_str(object).deserialize_map(Members(&mut each));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &[u8]) -> Option<usize> {
        ["id", "at"].iter().position(|known| known.as_bytes() == name)
    }

    #[test]
    fn spans_point_at_the_values() {
        let bytes = br#"{"id" : "a\"b", "x":[1], "at":{} } {"#;
        let mut spans = Spans::default();
        let Read::Whole(end) = read_object(bytes, lookup, &mut spans) else { panic!("whole") };
        assert_eq!(end, bytes.len() - 2);
        assert_eq!(spans.get(0).map(|span| &bytes[span]), Some(&br#""a\"b""#[..]));
        assert_eq!(spans.get(1).map(|span| &bytes[span]), Some(&b"{}"[..]));
        assert!(spans.unknown.iter().eq(["x"]));
        assert!(spans.twice.is_none() && spans.deep.is_none());
    }

    #[test]
    fn a_field_twice_is_noticed_also_when_written_with_escapes() {
        let mut spans = Spans::default();
        read_object(br#"{"id":1,"i\u0064":2}"#, lookup, &mut spans);
        assert_eq!(spans.twice, Some(("id".to_owned(), 18)));
        read_object(br#"{"x":1,"x":2}"#, lookup, &mut spans);
        assert_eq!(spans.twice, Some(("x".to_owned(), 11)));
    }

    #[test]
    fn an_object_that_is_not_utf_8_ends_where_it_does_whatever_is_at_hand() {
        let plain = b"{\"id\":\"a\xffb\",\"at\":1}".as_slice();
        let in_a_key = b"{\"i\xffd\":\"ab\",\"at\":[{}]}".as_slice();
        let escaped = b"{\"id\":\"a\\\"\xff\"}".as_slice();
        for object in [plain, in_a_key, escaped] {
            for behind in ["", ",", ",{\"id\":\"a text that is longer than what is looked at in one go\"}"] {
                let bytes = [object, behind.as_bytes()].concat();
                let read = read_object(&bytes, lookup, &mut Spans::default());
                assert!(matches!(read, Read::Whole(end) if end == object.len()), "{}", bytes.escape_ascii());
            }
            for end in 1..object.len() {
                let read = read_object(&object[..end], lookup, &mut Spans::default());
                assert!(matches!(read, Read::Short(_)), "{}", object[..end].escape_ascii());
            }
        }
        let broken = read_object(br#"{"id":1,"\ud800":2}"#, lookup, &mut Spans::default());
        assert!(matches!(broken, Read::Broken(_)), "a key that is no text");
    }

    #[test]
    fn a_value_that_is_cut_is_short_wherever_that_is() {
        let whole = r#"{"a":[-12.50e+3,true,null,"x\u00e9é"],"b":{"c":0.5}}"#.as_bytes();
        for end in 1..whole.len() {
            let (part, mut spans) = (&whole[..end], Spans::default());
            assert!(matches!(read_value(part), Read::Short(_)), "{}", part.escape_ascii());
            assert!(matches!(read_object(part, lookup, &mut spans), Read::Short(_)), "{}", part.escape_ascii());
        }
        assert!(matches!(read_value(b"[12.]"), Read::Broken(_)));
        assert!(matches!(read_value(b"12.x"), Read::Broken(_)));
    }

    #[test]
    fn hostile_nesting_is_found_without_recursion() {
        for count in [DEEPEST, DEEPEST + 1, 1_000_000] {
            let bytes = format!(r#"{{"x":{}{}}}"#, "[".repeat(count), "]".repeat(count));
            let mut spans = Spans::default();
            assert!(matches!(read_object(bytes.as_bytes(), lookup, &mut spans), Read::Whole(_)));
            assert_eq!(spans.deep.is_some(), count > DEEPEST);
        }
        assert!(!too_deep(format!(r#"["{}\"{}"]"#, "[".repeat(200), "{".repeat(200)).as_bytes()));
    }
}
