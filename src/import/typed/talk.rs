//! What came of the messages of a case: when the first answer was given, and who had to write again.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Id, Text, Unusual};

/// A member of a row: absent, null, or a value.
pub(in crate::import) type Member<T> = Option<Option<T>>;

/// Reads a member that may be absent (with `default`), which is not the same as null.
pub(in crate::import) fn member<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Member<T>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The one form of an id, as `one_id` of the maps has it. What they would change is left to them.
pub(in crate::import) fn one_id<'t>(id: Option<&Id<'t>>) -> Result<Option<Cow<'t, str>>, Unusual> {
    let Some(Id(text)) = id else { return Ok(None) };
    let is_plain = !text.is_empty() && text.trim().len() == text.len() && !text.ends_with(".0");
    if is_plain { Ok(Some(text.clone())) } else { Err(Unusual::Odd) }
}

/// The messages of a case, walked through from the oldest on.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Talk<T> {
    /// When the customer first wrote.
    pub(in crate::import) asked_at: Option<T>,
    /// When the first answer to that was given.
    pub(in crate::import) answered_at: Option<T>,
    /// Whether they had to write again before it.
    pub(in crate::import) chased_first: bool,
    /// Whether they had to write again later.
    pub(in crate::import) chased_later: bool,
    waiting: bool,
}

impl<T> Default for Talk<T> {
    fn default() -> Self {
        Self { asked_at: None, answered_at: None, chased_first: false, chased_later: false, waiting: false }
    }
}

impl<T> Talk<T> {
    /// The next message. Nobody waits before the customer has written.
    pub(in crate::import) fn message(&mut self, at: T, by_customer: bool) {
        match (by_customer, self.waiting) {
            (true, true) if self.answered_at.is_some() => self.chased_later = true,
            (true, true) => self.chased_first = true,
            (true, false) => {
                self.asked_at.get_or_insert(at);
            }
            (false, true) => {
                self.answered_at.get_or_insert(at);
            }
            (false, false) => {}
        }
        self.waiting = by_customer;
    }
}

/// What the API lists: the name of the list in the object around it.
pub(in crate::import) trait Listed {
    const NAME: &'static str;
}

/// A list that the API wraps in an object, with the count of what there is beside it; data pipelines unpack it.
pub(in crate::import) struct List<T> {
    pub(in crate::import) items: Vec<T>,
    total_count: Option<u64>,
}

impl<T> List<T> {
    /// Whether all there is has come along.
    pub(in crate::import) fn is_complete(&self) -> bool {
        self.total_count.is_none_or(|count| count <= self.items.len() as u64)
    }
}

impl<'de, T: Deserialize<'de> + Listed> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wrapped<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Listed> Visitor<'de> for Wrapped<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list, or an object with one")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
                let (mut items, mut total_count) = (None, None);
                while let Some(Text(name)) = map.next_key()? {
                    if name == T::NAME {
                        // twice it is the last one that counts
                        if items.replace(map.next_value::<Option<Vec<T>>>()?).is_some() {
                            return Err(A::Error::duplicate_field(T::NAME));
                        }
                    } else if name == "total_count" {
                        if total_count.replace(map.next_value::<Option<u64>>()?).is_some() {
                            return Err(A::Error::duplicate_field("total_count"));
                        }
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(List { items: items.flatten().unwrap_or_default(), total_count: total_count.flatten() })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<List<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(|items| List { items, total_count: None })
            }
        }
        deserializer.deserialize_any(Wrapped(PhantomData))
    }
}
