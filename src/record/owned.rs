//! Records as they are written, for whoever has them from elsewhere than a file: plain, owned,
//! read and written by serde, and not checked yet.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Problem;
use crate::record::draft::{Draft, Reading, RecipientDraft};
use crate::record::field::{Field, Shape};
use crate::record::interaction::{Interaction, Recipient};
use crate::rules::Model;

/// One interaction as written: what stands in a line of JSON, a message, or a struct of your own.
///
/// Numbers are taken where texts are due. What is not given is `None` or empty, and a field that
/// is none of these is passed over, so a record may be flattened into a larger struct. Nothing is
/// looked up before [`Record::check`].
///
/// ```
/// use serveup::{Level, Model, Record};
///
/// let model = Model::shipped();
/// let record: Record = serde_json::from_str(
///     r#"{"recipient": "acme", "point": "delivery", "signals": ["lat"]}"#,
/// )?;
/// let problem = record.check(&model).unwrap_err();
/// assert!(problem.to_string().starts_with("signals[0]: found \"lat\" (did you mean \"late\"?); allowed: "));
///
/// let record = Record { signals: vec!["late".into()], ..Record::new("acme", "delivery") };
/// assert_eq!(record.check(&model)?.path(), "delivery");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The cells of a table are texts, even where they look like numbers: csv's `deserialize` gives
/// them exactly as a [`Row`](crate::Row).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "they are the fields of a record of the same names")]
pub struct Record {
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(deserialize_with = "required")]
    pub recipient: String,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    #[serde(deserialize_with = "required")]
    pub point: String,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(deserialize_with = "names", skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<String>,
    /// What was created: `None` is unknown, an empty list is nothing.
    #[serde(deserialize_with = "values", skip_serializing_if = "Option::is_none")]
    pub value: Option<Vec<RecordValue>>,
    /// How it was done, by key.
    #[serde(deserialize_with = "pairs", serialize_with = "by_key", skip_serializing_if = "Vec::is_empty")]
    pub served: Vec<(String, String)>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub claimed: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub recovers: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}

/// A category or kind of value that was created, with its amount where that was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordValue {
    /// The category or kind.
    pub kind: String,
    /// How much, as a decimal number.
    pub amount: Option<String>,
    /// Of what.
    pub unit: Option<String>,
}

/// One recipient as written.
///
/// ```
/// use serveup::{Model, RecipientRecord};
///
/// let acme: RecipientRecord = serde_json::from_str(r#"{"id": "acme", "prefers": {"channel": "phone"}}"#)?;
/// assert_eq!(acme.check(&Model::shipped())?.prefers, [("channel".to_owned(), "phone".to_owned())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecipientRecord {
    /// As interactions name them.
    #[serde(deserialize_with = "required")]
    pub id: String,
    /// What people call them.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How they like to be served, by key.
    #[serde(deserialize_with = "pairs", serialize_with = "by_key", skip_serializing_if = "Vec::is_empty")]
    pub prefers: Vec<(String, String)>,
    /// The categories and kinds of value they want.
    #[serde(deserialize_with = "names", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Record {
    /// A record of this recipient at this point, and nothing else yet.
    pub fn new(recipient: impl Into<String>, point: impl Into<String>) -> Self {
        Self { recipient: recipient.into(), point: point.into(), ..Self::default() }
    }

    /// The checked interaction, by the names of a model; by a [`Reading`] with a zone also where
    /// times have no offset.
    ///
    /// # Errors
    /// The first field, in the order of [`Field::ALL`], that is missing or cannot be read.
    pub fn check<'m>(&self, reading: impl Into<Reading<'m>>) -> Result<Interaction<'_>, Problem> {
        let reading = &reading.into();
        let mut draft = Draft::default();
        for field in Field::ALL {
            match field.shape() {
                Shape::Text => {
                    // a required field without a text is missing, and missed in the end
                    let text = self.text(field).filter(|text| !text.is_empty());
                    text.map_or(Ok(()), |text| draft.plain_text(reading, field, text))?;
                }
                Shape::Signals => {
                    let mut signals = self.signals.iter().enumerate();
                    signals.try_for_each(|(place, name)| draft.signal(reading, place, name))?;
                }
                Shape::Values => {
                    let Some(values) = &self.value else { continue };
                    draft.value_known();
                    for (place, RecordValue { kind, amount, unit }) in values.iter().enumerate() {
                        draft.measured(reading, place, kind, amount.as_deref(), unit.as_deref())?;
                    }
                }
                Shape::Pairs => {
                    let mut served = self.served.iter();
                    served.try_for_each(|(key, value)| draft.served(key.into(), value.into()))?;
                }
            }
        }
        draft.finish()
    }

    const fn text(&self, field: Field) -> Option<&String> {
        match field {
            Field::Id => self.id.as_ref(),
            Field::At => self.at.as_ref(),
            Field::Recipient => Some(&self.recipient),
            Field::Journey => self.journey.as_ref(),
            Field::Transaction => self.transaction.as_ref(),
            Field::Point => Some(&self.point),
            Field::Action => self.action.as_ref(),
            Field::Channel => self.channel.as_ref(),
            Field::Stage => self.stage.as_ref(),
            Field::Relation => self.relation.as_ref(),
            Field::Provider => self.provider.as_ref(),
            Field::Team => self.team.as_ref(),
            Field::Verdict => self.verdict.as_ref(),
            Field::Claimed => self.claimed.as_ref(),
            Field::Said => self.said.as_ref(),
            Field::Recovers => self.recovers.as_ref(),
            Field::Response => self.response.as_ref(),
            Field::Signals | Field::Value | Field::Served => None,
        }
    }

    /// Puts a text in a field of [`Shape::Text`].
    pub(crate) fn set(&mut self, field: Field, text: String) {
        let to = match field {
            Field::Recipient => return self.recipient = text,
            Field::Point => return self.point = text,
            Field::Signals | Field::Value | Field::Served => return,
            Field::Id => &mut self.id,
            Field::At => &mut self.at,
            Field::Journey => &mut self.journey,
            Field::Transaction => &mut self.transaction,
            Field::Action => &mut self.action,
            Field::Channel => &mut self.channel,
            Field::Stage => &mut self.stage,
            Field::Relation => &mut self.relation,
            Field::Provider => &mut self.provider,
            Field::Team => &mut self.team,
            Field::Verdict => &mut self.verdict,
            Field::Claimed => &mut self.claimed,
            Field::Said => &mut self.said,
            Field::Recovers => &mut self.recovers,
            Field::Response => &mut self.response,
        };
        *to = Some(text);
    }
}

impl RecipientRecord {
    /// The checked recipient, by the names of a model.
    ///
    /// # Errors
    /// No id, a key that stands twice, or a name that the rules do not have.
    pub fn check(&self, model: &Model) -> Result<Recipient, Problem> {
        let mut draft = RecipientDraft::default();
        if !self.id.is_empty() {
            draft.id(&self.id)?;
        }
        draft.name(self.name.as_deref().unwrap_or_default());
        self.prefers.iter().try_for_each(|(key, wanted)| draft.prefers(key, wanted))?;
        self.values.iter().enumerate().try_for_each(|(place, name)| draft.values(model, place, name))?;
        draft.finish()
    }
}

/// A category or kind without an amount.
impl<T: Into<String>> From<T> for RecordValue {
    fn from(kind: T) -> Self {
        Self { kind: kind.into(), amount: None, unit: None }
    }
}

/// A name, or where there is an amount an object.
impl Serialize for RecordValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, amount, unit } = self;
        if amount.is_none() && unit.is_none() {
            return serializer.serialize_str(kind);
        }
        let parts = [("kind", Some(kind)), ("amount", amount.as_ref()), ("unit", unit.as_ref())];
        serializer.collect_map(parts.into_iter().filter_map(|(key, part)| Some((key, part?))))
    }
}

impl<'de> Deserialize<'de> for RecordValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Measured {
            #[serde(deserialize_with = "required")]
            kind: String,
            #[serde(default, deserialize_with = "text")]
            amount: Option<String>,
            #[serde(default, deserialize_with = "text")]
            unit: Option<String>,
        }

        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = RecordValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a category, a kind, or {\"kind\": …, \"amount\": …, \"unit\": …}")
            }

            fn visit_str<E: Error>(self, kind: &str) -> Result<RecordValue, E> {
                Ok(RecordValue::from(kind))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RecordValue, A::Error> {
                let Measured { kind, amount, unit } = Measured::deserialize(MapAccessDeserializer::new(map))?;
                if kind.is_empty() {
                    return Err(Error::invalid_value(Unexpected::Str(""), &"a category or kind of value"));
                }
                let given = |part: Option<String>| part.filter(|part| !part.is_empty());
                Ok(RecordValue { kind, amount: given(amount), unit: given(unit) })
            }
        }
        deserializer.deserialize_any(Written)
    }
}

/// Whole numbers from here on are not all told apart once they are floating.
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

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(Text { expected: "a text", hollow: true })
}

/// A text that must be there; an empty one is found to be missing when the record is checked.
fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
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

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = deserializer.deserialize_any(List::<Name> { shape: Shape::Signals, of: PhantomData })?;
    Ok(names.unwrap_or_default().into_iter().map(|Name(name)| name).collect())
}

fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<RecordValue>>, D::Error> {
    deserializer.deserialize_any(List { shape: Shape::Values, of: PhantomData })
}

/// Takes texts by key, or one of the ways to give nothing.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Shape::Pairs.in_words())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, Wanted(text))) = map.next_entry()? {
            pairs.push((key, text));
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

fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    deserializer.deserialize_any(Pairs)
}

fn by_key<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, text)| (key, text)))
}
