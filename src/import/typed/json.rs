//! What the members of JSON rows hold, as mappers read them: ids, and times.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::Unusual;
use crate::Instant;

/// A text, or a whole number as it is written: what ids are. Anything else is left to the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Id<'t>(pub(in crate::import) Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for Id<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;
        impl<'de> Visitor<'de> for TextOrNumber {
            type Value = Id<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(text.to_owned())))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(number.to_string())))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Id<'de>, E> {
                // -0 is a whole number that is written otherwise
                if number == 0 { Err(E::custom("-0")) } else { Ok(Id(Cow::Owned(number.to_string()))) }
            }
        }
        deserializer.deserialize_any(TextOrNumber)
    }
}

/// A text, and nothing that is written otherwise; borrowed where it can be, also where it is optional.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in crate::import) struct Text<'t>(#[serde(borrow)] pub(in crate::import) Cow<'t, str>);

/// A time as it is written, with the instant that it is. Only instants with an offset are read; what else may
/// stand for a time is left to the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Time<'t> {
    pub(in crate::import) text: Cow<'t, str>,
    pub(in crate::import) instant: Instant,
}

impl<'de: 't, 't> Deserialize<'de> for Time<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Id(text) = Id::deserialize(deserializer)?;
        let instant = Instant::parse(&text, None).map_err(D::Error::custom)?;
        if text.len() <= "2026-03-01".len() {
            return Err(D::Error::custom("a date has no time of day"));
        }
        Ok(Self { text, instant })
    }
}

/// Whole seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) struct Seconds(pub(in crate::import) i64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}

impl Seconds {
    /// The instant, as a map writes it.
    pub(in crate::import) fn text(self) -> Result<String, Unusual> {
        let micros = self.0.checked_mul(1_000_000).ok_or(Unusual::Odd)?;
        Instant::from_micros(micros).map(|instant| instant.to_string()).map_err(|_| Unusual::Odd)
    }
}

/// An object. A type of serde's own making takes a list for its members in their order, too, which no map does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Object<T>(pub(in crate::import) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

impl<T> Deref for Object<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
