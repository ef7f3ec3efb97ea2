//! Records as they are written, for callers that have them from elsewhere than a file: plain,
//! owned, read and written by serde, and not checked yet.

mod forms;

use std::fmt;

use serde::de::{Error, MapAccess, Unexpected, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Problem;
use crate::record::draft::{Draft, Reading, RecipientDraft};
use crate::record::field::{Field, Shape};
use crate::record::interaction::{Interaction, Recipient};
use forms::{by_key, names, pairs, quantity, required, text, values, wishes, wishes_by_key};

/// One interaction as written: the content of a line of JSON, a message, or a struct of your own.
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
/// assert!(problem.to_string().starts_with("signals[0]: unknown signal \"lat\"; did you mean \"late\"?"));
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
    /// What it cost the provider: `12.50 EUR`.
    #[serde(deserialize_with = "quantity", skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// Dimensions of one's own, by name.
    #[serde(deserialize_with = "pairs", serialize_with = "by_key", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
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
/// assert_eq!(acme.check(&Model::shipped())?.prefers, [("channel".to_owned(), vec!["phone".to_owned()])]);
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
    /// From when on this counts: a date or an instant; without it from the beginning.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How they like to be served, by key: any of the texts will do.
    #[serde(deserialize_with = "wishes", serialize_with = "wishes_by_key", skip_serializing_if = "Vec::is_empty")]
    pub prefers: Vec<(String, Vec<String>)>,
    /// The categories and kinds of value they want.
    #[serde(deserialize_with = "names", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// What one more purchase of theirs brings: `80 EUR`.
    #[serde(deserialize_with = "quantity", skip_serializing_if = "Option::is_none")]
    pub worth: Option<String>,
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
                Shape::Text | Shape::Quantity => {
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
                    let pairs = if field == Field::Tags { &self.tags } else { &self.served };
                    pairs.iter().try_for_each(|(key, value)| draft.pair(field, key.into(), value.into()))?;
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
            Field::Cost => self.cost.as_ref(),
            Field::Signals | Field::Value | Field::Served | Field::Tags => None,
        }
    }

    /// Puts a text in a field of [`Shape::Text`] or [`Shape::Quantity`].
    pub(crate) fn set(&mut self, field: Field, text: String) {
        let to = match field {
            Field::Recipient => return self.recipient = text,
            Field::Point => return self.point = text,
            Field::Signals | Field::Value | Field::Served | Field::Tags => return,
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
            Field::Cost => &mut self.cost,
        };
        *to = Some(text);
    }
}

impl RecipientRecord {
    /// The checked recipient, by the names of a model; by a [`Reading`] with a zone also where `since` has no offset.
    ///
    /// # Errors
    /// No id, a key that occurs twice, or a name that the rules do not have.
    pub fn check<'m>(&self, reading: impl Into<Reading<'m>>) -> Result<Recipient, Problem> {
        let (reading, mut draft) = (reading.into(), RecipientDraft::default());
        if !self.id.is_empty() {
            draft.id(&self.id)?;
        }
        draft.name(self.name.as_deref().unwrap_or_default());
        draft.since(&reading, self.since.as_deref().unwrap_or_default())?;
        for (key, wanted) in &self.prefers {
            draft.prefers_key(key)?;
            wanted.iter().try_for_each(|wanted| draft.prefers(key, wanted))?;
        }
        self.values.iter().enumerate().try_for_each(|(place, name)| draft.values(reading.model, place, name))?;
        draft.worth(self.worth.as_deref().unwrap_or_default())?;
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
