//! The ways in which people write what a record holds: a number as a text, one name without a list, nothing in several forms.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

use super::RecordValue;
use crate::record::field::Shape;
use crate::value::exact;

/// Whole numbers from here on are not all distinct as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Takes a text, a number as its text, or one of the ways to give nothing.
struct Text {
    expected: &'static str,
    /// Whether an empty list or object, too, gives nothing.
    hollow: bool,
}

impl<'de> Visitor<'de> for Text {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        if number.abs() >= EXACT {
            return Err(E::custom(format!("the number {number} is too long to be kept as written; put it in quotes")));
        }
        Ok(Some(format!("{number:?}")))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if self.hollow && list.next_element::<IgnoredAny>()?.is_none() {
            return Ok(None);
        }
        Err(Error::invalid_type(Unexpected::Seq, &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.hollow && map.next_key::<IgnoredAny>()?.is_none() {
            return Ok(None);
        }
        Err(Error::invalid_type(Unexpected::Map, &self))
    }
}

pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(Text { expected: "a text", hollow: true })
}

/// An amount with its unit as a text: a text or a number as it is, `{"amount", "unit"}` joined.
pub(super) fn quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Quantity;
    impl<'de> Visitor<'de> for Quantity {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(Shape::Quantity.in_words())
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
            Ok(Some(format!("{number:?}")))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let empty = list.next_element::<IgnoredAny>()?.is_none();
            if empty { Ok(None) } else { Err(Error::invalid_type(Unexpected::Seq, &self)) }
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let (mut amount, mut unit, mut empty) = (None, None, true);
            while let Some(key) = map.next_key::<String>()? {
                let part = match key.as_str() {
                    "amount" => &mut amount,
                    "unit" => &mut unit,
                    other => return Err(Error::unknown_field(other, &["amount", "unit"])),
                };
                let Name(text) = map.next_value()?;
                if part.replace(text).is_some() {
                    return Err(Error::custom(format!("duplicate field `{key}`")));
                }
                empty = false;
            }
            if empty {
                return Ok(None);
            }
            let amount = amount.ok_or_else(|| Error::missing_field("amount"))?;
            if exact(&amount).is_none() {
                return Err(Error::invalid_value(
                    Unexpected::Str(&amount),
                    &"a number, zero or more, of at most 15 digits",
                ));
            }
            Ok(Some(unit.map_or_else(|| amount.clone(), |unit| format!("{amount} {unit}"))))
        }
    }
    deserializer.deserialize_any(Quantity)
}

/// A text that must be there; an empty one is found to be missing when the record is checked.
pub(super) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = deserializer.deserialize_any(Text { expected: "a text", hollow: false })?;
    text.ok_or_else(|| Error::invalid_type(Unexpected::Unit, &"a text"))
}

/// A name in a list.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = deserializer.deserialize_any(Text { expected: "a name", hollow: false })?;
        name.map(Self).ok_or_else(|| Error::invalid_type(Unexpected::Unit, &"a name"))
    }
}

/// A text by its key; null gives none.
#[derive(Default)]
struct Wanted(String);

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_any(Text { expected: "a text", hollow: false })?;
        Ok(text.map(Self).unwrap_or_default())
    }
}

/// Takes a list, or one of the ways to give nothing.
struct List<T> {
    shape: Shape,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shape.in_words())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Some(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        // as a value, an empty object could be meant for an entry of the list
        if self.shape != Shape::Values && map.next_key::<IgnoredAny>()?.is_none() {
            return Ok(None);
        }
        Err(Error::invalid_type(Unexpected::Map, &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(None) } else { Err(E::invalid_type(Unexpected::Str(text), &self)) }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

pub(super) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = deserializer.deserialize_any(List::<Name> { shape: Shape::Signals, of: PhantomData })?;
    Ok(names.unwrap_or_default().into_iter().map(|Name(name)| name).collect())
}

pub(super) fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<RecordValue>>, D::Error> {
    deserializer.deserialize_any(List { shape: Shape::Values, of: PhantomData })
}

/// One text, or a list of texts any of which will do; null gives none.
struct Wish(Vec<String>);

impl<'de> Deserialize<'de> for Wish {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any { of: "a text, or a list of texts" })
    }
}

/// Takes one text as text, and several as a list.
struct Any {
    of: &'static str,
}

impl Any {
    const fn text(&self) -> Text {
        Text { expected: self.of, hollow: false }
    }
}

impl<'de> Visitor<'de> for Any {
    type Value = Wish;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Wish, A::Error> {
        let mut texts = Vec::new();
        while let Some(Name(text)) = list.next_element()? {
            texts.push(text);
        }
        Ok(Wish(texts))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Wish, E> {
        Ok(Wish(vec![text.to_owned()]))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Wish, E> {
        self.text().visit_u64(number).map(Wish::of)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Wish, E> {
        self.text().visit_i64(number).map(Wish::of)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Wish, E> {
        self.text().visit_f64(number).map(Wish::of)
    }

    fn visit_unit<E: Error>(self) -> Result<Wish, E> {
        Ok(Wish::of(None))
    }

    fn visit_none<E: Error>(self) -> Result<Wish, E> {
        Ok(Wish::of(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Wish, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Wish {
    fn of(text: Option<String>) -> Self {
        Self(text.into_iter().collect())
    }
}

/// Takes something by key, or one of the ways to give nothing.
struct Pairs<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
    type Value = Vec<(String, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Shape::Pairs.in_words())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let empty = list.next_element::<IgnoredAny>()?.is_none();
        if empty { Ok(Vec::new()) } else { Err(Error::invalid_type(Unexpected::Seq, &self)) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(Vec::new()) } else { Err(E::invalid_type(Unexpected::Str(text), &self)) }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

pub(super) fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let pairs = deserializer.deserialize_any(Pairs::<Wanted>(PhantomData))?;
    Ok(pairs.into_iter().map(|(key, Wanted(text))| (key, text)).collect())
}

pub(super) fn wishes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Vec<String>)>, D::Error> {
    let wishes = deserializer.deserialize_any(Pairs::<Wish>(PhantomData))?;
    Ok(wishes.into_iter().map(|(key, Wish(texts))| (key, texts)).collect())
}

/// A single text as it is, several as a list.
pub(super) fn wishes_by_key<S: Serializer>(wishes: &[(String, Vec<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(serde::Serialize)]
    #[serde(untagged)]
    enum Written<'w> {
        One(&'w str),
        Any(&'w [String]),
    }
    serializer.collect_map(wishes.iter().map(|(key, texts)| match texts.as_slice() {
        [text] => (key, Written::One(text)),
        texts => (key, Written::Any(texts)),
    }))
}

pub(super) fn by_key<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, text)| (key, text)))
}
