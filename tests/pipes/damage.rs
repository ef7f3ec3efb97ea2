//! What can be wrong with an input, one thing at a time.

use crate::records::Record;
use crate::splitmix::SplitMix64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    UnknownSignal,
    FieldTwice,
    SameId,
    MixedTimes,
    NotUtf8,
    CutInTheMiddle,
    CutAtTheEnd,
    MissingField,
    WrongType,
    Deep,
    Unclosed,
    Stray,
    RecoversNobody,
    UnknownField,
    ZeroBytes,
    Huge,
}

impl Damage {
    pub(crate) const ALL: [Self; 16] = [
        Self::UnknownSignal,
        Self::FieldTwice,
        Self::SameId,
        Self::MixedTimes,
        Self::NotUtf8,
        Self::CutInTheMiddle,
        Self::CutAtTheEnd,
        Self::MissingField,
        Self::WrongType,
        Self::Deep,
        Self::Unclosed,
        Self::Stray,
        Self::RecoversNobody,
        Self::UnknownField,
        Self::ZeroBytes,
        Self::Huge,
    ];

    /// Damages the fields of a record, if that is what it does; `other` is one that stands elsewhere.
    pub(crate) fn fields(self, record: &mut Record, other: &Record, huge: usize, chance: &mut SplitMix64) -> bool {
        match self {
            Self::UnknownSignal => record.set("signals", r#"["lat"]"#),
            Self::FieldTwice => record.0.push(record.0[chance.below(record.0.len())].clone()),
            Self::SameId => record.set("id", other.get("id").unwrap_or("\"r0\"")),
            Self::MixedTimes => match record.0.iter().position(|(name, _)| name == "at") {
                Some(place) => drop(record.0.remove(place)),
                None => record.set("at", "\"2026-01-05\""),
            },
            Self::MissingField => {
                let name = chance.pick(&["recipient", "point"]);
                record.0.retain(|(known, _)| known != name);
            }
            Self::WrongType => {
                let (name, value) = chance.pick(&[
                    ("signals", "7"),
                    ("recipient", "[]"),
                    ("point", "null"),
                    ("served", "\"email\""),
                    ("value", r#"{"kind":"money"}"#),
                    ("at", "\"yesterday\""),
                    ("said", "true"),
                ]);
                record.set(name, value);
            }
            Self::Deep => {
                let depth = chance.pick(&[100, 127, 128, 200, 3000]);
                let name = chance.pick(&["value", "mood", "served"]);
                record.set(name, format!("{}1{}", "[".repeat(depth), "]".repeat(depth)));
            }
            Self::RecoversNobody => record.set("recovers", "\"nobody\""),
            Self::UnknownField => record.set("mood", r#"{"a":[1,{"b":"}"}]}"#),
            Self::Huge => {
                let texts = chance.pick(&["x", "},{", "日本", "\\n", "}\\n{"]);
                record.set("said", format!("\"{}\"", texts.repeat(huge / texts.len())));
            }
            Self::NotUtf8
            | Self::CutInTheMiddle
            | Self::CutAtTheEnd
            | Self::Unclosed
            | Self::Stray
            | Self::ZeroBytes => return false,
        }
        true
    }

    /// Damages the bytes of a record, where they are all there is of it.
    pub(crate) fn bytes(self, bytes: &mut Vec<u8>, chance: &mut SplitMix64) -> bool {
        let place = chance.below(bytes.len() + 1);
        let mut put = |what: &[u8]| drop(bytes.splice(place..place, what.iter().copied()));
        match self {
            Self::NotUtf8 => put(chance.pick(&[b"\xff".as_slice(), b"\xc3", b"\xed\xa0\x80", b"\xe2\x82"])),
            Self::CutInTheMiddle => bytes.truncate(place),
            Self::Unclosed => put(chance.pick(&[b"[".as_slice(), b"{", b"\"", b"\\"])),
            Self::Stray => {
                let between = chance.pick(&[b"".as_slice(), b" ", b"\n", b"\n\n"]);
                let stray = chance.pick(&[b"oops".as_slice(), b",", b"]", b"}", b"7", b"null", b"\"x\"", b"//", b"[]"]);
                bytes.extend(between);
                bytes.extend(stray);
            }
            Self::ZeroBytes => put(&[0; 3][..=chance.below(3)]),
            _ => return false,
        }
        true
    }
}
