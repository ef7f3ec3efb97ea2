//! Interactions and recipients: what was written, field by field, and what was checked.
//!
//! A [`Draft`] takes the fields of one record as they stand in a JSON object, a
//! CSV row or on a command line, and gives back an [`Interaction`] or the
//! [`Problem`] with one of its fields. The texts are borrowed wherever the
//! source allows it.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::error::{Found, Problem};
use crate::level::Level;
use crate::model::{Model, Rung};
use crate::moment::{Instant, Zone};
use crate::signal::SignalSet;
use crate::value::{Amount, Category, Created, ValueId, ValueSet};

/// A field of an interaction, as records name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "INTERFACE.md, \"Records in\", describes each; the names say the same")]
pub enum Field {
    Id,
    At,
    Recipient,
    Journey,
    Transaction,
    Point,
    Action,
    Signals,
    Value,
    Served,
    Channel,
    Stage,
    Relation,
    Provider,
    Team,
    Verdict,
    Claimed,
    Said,
    Recovers,
    Response,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One text.
    Text,
    /// A list of signal names.
    Signals,
    /// A list of categories, kinds, and kinds with amounts.
    Values,
    /// Texts by key.
    Pairs,
}

impl Field {
    /// All fields, in the order people would write them.
    pub const ALL: [Self; 20] = [
        Self::Id,
        Self::At,
        Self::Recipient,
        Self::Journey,
        Self::Transaction,
        Self::Point,
        Self::Action,
        Self::Signals,
        Self::Value,
        Self::Served,
        Self::Channel,
        Self::Stage,
        Self::Relation,
        Self::Provider,
        Self::Team,
        Self::Verdict,
        Self::Claimed,
        Self::Said,
        Self::Recovers,
        Self::Response,
    ];

    /// The name in a record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::At => "at",
            Self::Recipient => "recipient",
            Self::Journey => "journey",
            Self::Transaction => "transaction",
            Self::Point => "point",
            Self::Action => "action",
            Self::Signals => "signals",
            Self::Value => "value",
            Self::Served => "served",
            Self::Channel => "channel",
            Self::Stage => "stage",
            Self::Relation => "relation",
            Self::Provider => "provider",
            Self::Team => "team",
            Self::Verdict => "verdict",
            Self::Claimed => "claimed",
            Self::Said => "said",
            Self::Recovers => "recovers",
            Self::Response => "response",
        }
    }

    /// The field of that name.
    #[must_use]
    pub const fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"id" => Self::Id,
            b"at" => Self::At,
            b"recipient" => Self::Recipient,
            b"journey" => Self::Journey,
            b"transaction" => Self::Transaction,
            b"point" => Self::Point,
            b"action" => Self::Action,
            b"signals" => Self::Signals,
            b"value" => Self::Value,
            b"served" => Self::Served,
            b"channel" => Self::Channel,
            b"stage" => Self::Stage,
            b"relation" => Self::Relation,
            b"provider" => Self::Provider,
            b"team" => Self::Team,
            b"verdict" => Self::Verdict,
            b"claimed" => Self::Claimed,
            b"said" => Self::Said,
            b"recovers" => Self::Recovers,
            b"response" => Self::Response,
            _ => return None,
        })
    }

    /// What the field holds.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::Signals => Shape::Signals,
            Self::Value => Shape::Values,
            Self::Served => Shape::Pairs,
            _ => Shape::Text,
        }
    }

    /// Whether every record must have it.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, Self::Recipient | Self::Point)
    }
}

/// Where in a relationship a moment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Marketing, sales.
    Beginning,
    /// Installation, delivery, training.
    Middle,
    /// Upgrade, solving a problem.
    End,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Beginning, Self::Middle, Self::End];
    const NAMES: [&'static str; 3] = ["beginning", "middle", "end"];

    /// The name in a record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// What the recipient is to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// A customer or client.
    External,
    /// A colleague.
    Internal,
}

impl Relation {
    const ALL: [Self; 2] = [Self::External, Self::Internal];
    const NAMES: [&'static str; 2] = ["external", "internal"];

    /// The name in a record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// When a moment happened: the text of the record, and the instant it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// As written.
    pub text: Cow<'a, str>,
    /// The instant.
    pub instant: Instant,
}

/// One checked moment in which a recipient formed an opinion (MODEL.md section 1).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interaction<'a> {
    /// Its name, unique in the input where given.
    pub id: Option<Cow<'a, str>>,
    /// When it happened.
    pub at: Option<At<'a>>,
    /// Who was served.
    pub recipient: Cow<'a, str>,
    /// The journey the point lies in.
    pub journey: Option<Cow<'a, str>>,
    /// The transaction the point lies in.
    pub transaction: Option<Cow<'a, str>>,
    /// The perception point.
    pub point: Cow<'a, str>,
    /// The act's name; only named acts ride the escalator.
    pub action: Option<Cow<'a, str>>,
    /// What was observed.
    pub signals: SignalSet,
    /// What was created; `None` is unknown, an empty set is none.
    pub value: Option<Created>,
    /// How it was done, as recorded; see [`Interaction::served`].
    served: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Over the counter, phone, email, …; also counts as served.
    pub channel: Option<Cow<'a, str>>,
    /// Where in the relationship it lies.
    pub stage: Option<Stage>,
    /// Customer or colleague.
    pub relation: Option<Relation>,
    /// Who served.
    pub provider: Option<Cow<'a, str>>,
    /// The team that served.
    pub team: Option<Cow<'a, str>>,
    /// The recipient's own word.
    pub verdict: Option<Level>,
    /// The provider's own opinion; reported, never counted.
    pub claimed: Option<Level>,
    /// What the recipient said; shown, never scored.
    pub said: Option<Cow<'a, str>>,
    /// The id of the failure it recovers.
    pub recovers: Option<Cow<'a, str>>,
    /// How people met the failure.
    pub response: Option<Rung>,
}

impl Interaction<'_> {
    /// `journey/transaction/point`, leaving out what is not given.
    #[must_use]
    pub fn path(&self) -> Cow<'_, str> {
        path(self.journey.as_deref(), self.transaction.as_deref(), Cow::Borrowed(&self.point))
    }

    /// What a row says about which moment it was.
    #[must_use]
    pub fn outline(&self) -> Outline<'_> {
        Outline {
            id: self.id.as_deref().map(Cow::Borrowed),
            at: self.at.as_ref().map(|at| Cow::Borrowed(at.text.as_ref())),
            recipient: Some(Cow::Borrowed(&self.recipient)),
            point: self.path(),
            action: self.action.as_deref().map(Cow::Borrowed),
            claimed: self.claimed,
        }
    }

    /// How the recipient was served: the keys of `served`, and `channel` unless `served` names one.
    pub fn served(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.served.iter().any(|(key, _)| key == "channel");
        let channel = self.channel.as_deref().filter(|_| !named).map(|channel| ("channel", channel));
        self.served.iter().map(|(key, value)| (key.as_ref(), value.as_ref())).chain(channel)
    }
}

/// `journey/transaction/point`, leaving out what is not given (MODEL.md section 1).
#[must_use]
pub fn path<'a>(journey: Option<&str>, transaction: Option<&str>, point: Cow<'a, str>) -> Cow<'a, str> {
    let above = [journey, transaction].into_iter().flatten();
    let length = above.clone().map(|part| part.len() + 1).sum::<usize>();
    if length == 0 {
        return point;
    }
    let mut path = String::with_capacity(length + point.len());
    for part in above {
        path.push_str(part);
        path.push('/');
    }
    path.push_str(&point);
    Cow::Owned(path)
}

/// Which moment it was: what a row repeats of its record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline<'a> {
    /// The record's id.
    pub id: Option<Cow<'a, str>>,
    /// When it happened, as written.
    pub at: Option<Cow<'a, str>>,
    /// Who was served; `None` where nobody is named, as in `serveup check`.
    pub recipient: Option<Cow<'a, str>>,
    /// The path of the perception point.
    pub point: Cow<'a, str>,
    /// The act, where the record names one.
    pub action: Option<Cow<'a, str>>,
    /// The provider's own opinion.
    pub claimed: Option<Level>,
}

/// What it takes to read a record: the rules with their names, and a zone for civil times.
#[derive(Clone, Debug)]
pub struct Reading<'m> {
    /// The rules in force.
    pub model: &'m Model,
    /// The zone for dates and for date-times without offset.
    pub zone: Option<Zone>,
}

/// One record being read, field by field.
///
/// ```
/// use serveup::{Draft, Field, Model, Reading};
///
/// let model = Model::shipped();
/// let reading = Reading { model: &model, zone: None };
/// let mut draft = Draft::default();
/// draft.text(&reading, Field::Recipient, "acme".into())?;
/// draft.text(&reading, Field::Point, "delivery".into())?;
/// draft.signal(&reading, 0, "late")?;
/// let interaction = draft.finish()?;
/// assert_eq!(interaction.path(), "delivery");
///
/// let problem = Draft::default().signal(&reading, 0, "lat").unwrap_err();
/// assert!(problem.to_string().starts_with("signals[0]: found \"lat\"; allowed: promise-broken,"));
/// # Ok::<(), serveup::Problem>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Draft<'a> {
    texts: Texts<'a>,
    at: Option<At<'a>>,
    signals: SignalSet,
    value: Option<Created>,
    served: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    stage: Option<Stage>,
    relation: Option<Relation>,
    verdict: Option<Level>,
    claimed: Option<Level>,
    response: Option<Rung>,
}

/// The fields kept as they are.
#[derive(Clone, Debug, Default)]
struct Texts<'a> {
    id: Option<Cow<'a, str>>,
    recipient: Option<Cow<'a, str>>,
    journey: Option<Cow<'a, str>>,
    transaction: Option<Cow<'a, str>>,
    point: Option<Cow<'a, str>>,
    action: Option<Cow<'a, str>>,
    channel: Option<Cow<'a, str>>,
    provider: Option<Cow<'a, str>>,
    team: Option<Cow<'a, str>>,
    said: Option<Cow<'a, str>>,
    recovers: Option<Cow<'a, str>>,
}

impl<'a> Draft<'a> {
    /// Takes a field of [`Shape::Text`]; an empty text in an optional field means "not given".
    pub fn text(&mut self, reading: &Reading<'_>, field: Field, text: Cow<'a, str>) -> Result<(), Problem> {
        if text.is_empty() {
            return Self::blank(field, "an empty text");
        }
        match field {
            Field::Id => self.texts.id = Some(text),
            Field::Recipient => self.texts.recipient = Some(text),
            Field::Journey => self.texts.journey = Some(text),
            Field::Transaction => self.texts.transaction = Some(text),
            Field::Point => self.texts.point = Some(text),
            Field::Action => self.texts.action = Some(text),
            Field::Channel => self.texts.channel = Some(text),
            Field::Provider => self.texts.provider = Some(text),
            Field::Team => self.texts.team = Some(text),
            Field::Said => self.texts.said = Some(text),
            Field::Recovers => self.texts.recovers = Some(text),
            Field::At => {
                let instant = Instant::parse(&text, reading.zone.as_ref())
                    .map_err(|error| Problem::form(field.name(), Found::text(&text), error.to_string()))?;
                self.at = Some(At { text, instant });
            }
            Field::Stage => self.stage = Some(one_of(field, &text, &Stage::ALL, &Stage::NAMES)?),
            Field::Relation => self.relation = Some(one_of(field, &text, &Relation::ALL, &Relation::NAMES)?),
            Field::Verdict => self.verdict = Some(one_of(field, &text, &Level::ALL, &Level::NAMES)?),
            Field::Claimed => self.claimed = Some(one_of(field, &text, &Level::ALL, &Level::NAMES)?),
            Field::Response => self.response = Some(one_of(field, &text, &Rung::ALL, &Rung::NAMES)?),
            Field::Signals | Field::Value | Field::Served => {
                return Err(Problem::form(field.name(), Found::text(&text), field.shape().in_words()));
            }
        }
        Ok(())
    }

    /// Takes a field that stands there without content: fine where it is optional.
    pub fn blank(field: Field, found: &'static str) -> Result<(), Problem> {
        if field.required() {
            return Err(Problem::form(field.name(), Found::thing(found), field.shape().in_words()));
        }
        Ok(())
    }

    /// Takes one signal, the `place`th of its list counted from 0.
    pub fn signal(&mut self, reading: &Reading<'_>, place: usize, name: &str) -> Result<(), Problem> {
        let known = reading.model.signal(name);
        self.signals.insert(known.ok_or_else(|| {
            let names = reading.model.signals().iter().map(|signal| signal.name.as_str());
            Problem::name(format!("signals[{place}]"), name, names)
        })?);
        Ok(())
    }

    /// Says that the record has a list of what was created, even if nothing is on it.
    pub fn value_known(&mut self) {
        self.value.get_or_insert_default();
    }

    /// Takes one category or kind that was created, the `place`th of its list counted from 0.
    pub fn value(&mut self, reading: &Reading<'_>, place: usize, name: &str) -> Result<ValueId, Problem> {
        let id = lookup_value(reading.model, || format!("value[{place}]"), name)?;
        self.value.get_or_insert_default().named.insert(id);
        Ok(id)
    }

    /// Takes the measured amount of the `place`th entry of `value`.
    pub fn amount(
        &mut self,
        reading: &Reading<'_>,
        place: usize,
        value: ValueId,
        amount: &str,
        unit: Option<&str>,
    ) -> Result<(), Problem> {
        let field = || format!("value[{place}].amount");
        let category = reading.model.category_of(value);
        if category != Category::Quantified {
            let allowed = format!("no amount: {category} value is counted, never priced");
            return Err(Problem::form(field(), Found::thing(amount), allowed));
        }
        let exact = Decimal::from_str_exact(amount).or_else(|_| Decimal::from_scientific(amount));
        let exact = exact.ok().filter(|exact| !exact.is_sign_negative() || exact.is_zero()).ok_or_else(|| {
            Problem::form(field(), Found::text(amount), "a number, zero or more, of at most 28 digits")
        })?;
        let unit = unit.map(str::to_owned);
        self.value.get_or_insert_default().amounts.push(Amount { value, unit, amount: exact });
        Ok(())
    }

    /// Takes one way in which the recipient was served. An empty value means "not given".
    pub fn served(&mut self, key: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), Problem> {
        if self.served.iter().any(|(known, _)| *known == key) {
            return Err(twice("served", &key));
        }
        self.served.push((key, value));
        Ok(())
    }

    /// The checked interaction.
    pub fn finish(mut self) -> Result<Interaction<'a>, Problem> {
        self.served.retain(|(_, value)| !value.is_empty());
        let texts = self.texts;
        let required = |text: Option<Cow<'a, str>>, field: Field| {
            text.ok_or_else(|| Problem::form(field.name(), Found::thing("nothing"), field.shape().in_words()))
        };
        Ok(Interaction {
            id: texts.id,
            at: self.at,
            recipient: required(texts.recipient, Field::Recipient)?,
            journey: texts.journey,
            transaction: texts.transaction,
            point: required(texts.point, Field::Point)?,
            action: texts.action,
            signals: self.signals,
            value: self.value,
            served: self.served,
            channel: texts.channel,
            stage: self.stage,
            relation: self.relation,
            provider: texts.provider,
            team: texts.team,
            verdict: self.verdict,
            claimed: self.claimed,
            said: texts.said,
            recovers: texts.recovers,
            response: self.response,
        })
    }
}

impl Shape {
    /// What is allowed in such a field, in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Signals => "a list of signals, like [\"late\"]",
            Self::Values => "a list of value created, like [\"time\"]",
            Self::Pairs => "an object of texts, like {\"channel\": \"email\"}",
        }
    }
}

fn one_of<T: Copy>(field: Field, text: &str, all: &[T], names: &[&'static str]) -> Result<T, Problem> {
    let place = names.iter().position(|name| *name == text);
    place
        .and_then(|place| all.get(place).copied())
        .ok_or_else(|| Problem::name(field.name(), text, names.iter().copied()))
}

fn lookup_value(model: &Model, field: impl Fn() -> String, name: &str) -> Result<ValueId, Problem> {
    model.value(name).ok_or_else(|| Problem::name(field(), name, model.value_names()))
}

/// The problem of a key that stands twice where it may stand once.
#[must_use]
pub fn twice(field: &str, key: &str) -> Problem {
    Problem::form(format!("{field}.{key}"), Found::thing("the same key twice"), "each key once")
}

/// Someone who is served: what they prefer, and what they value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recipient {
    /// As interactions name them.
    pub id: String,
    /// What people call them.
    pub name: Option<String>,
    /// How they like to be served, by key.
    pub prefers: Vec<(String, String)>,
    /// What they value; empty: they have not said.
    pub values: ValueSet,
}

/// One recipient being read, key by key.
#[derive(Clone, Debug, Default)]
pub struct RecipientDraft {
    id: Option<String>,
    name: Option<String>,
    prefers: Vec<(String, String)>,
    values: ValueSet,
}

impl RecipientDraft {
    /// The keys a recipient may have.
    pub const KEYS: [&'static str; 4] = ["id", "name", "prefers", "values"];

    /// Takes the id.
    pub fn id(&mut self, id: &str) -> Result<(), Problem> {
        if id.is_empty() {
            return Err(Problem::form("id", Found::thing("an empty text"), "a text"));
        }
        self.id = Some(id.to_owned());
        Ok(())
    }

    /// Takes the name; an empty one means "not given".
    pub fn name(&mut self, name: &str) {
        self.name = Some(name.to_owned()).filter(|name| !name.is_empty());
    }

    /// Takes one preference. An empty value means "not given".
    pub fn prefers(&mut self, key: &str, wanted: &str) -> Result<(), Problem> {
        if self.prefers.iter().any(|(known, _)| known == key) {
            return Err(twice("prefers", key));
        }
        self.prefers.push((key.to_owned(), wanted.to_owned()));
        Ok(())
    }

    /// Takes one category or kind they value, the `place`th of its list counted from 0.
    pub fn values(&mut self, model: &Model, place: usize, name: &str) -> Result<(), Problem> {
        self.values.insert(lookup_value(model, || format!("values[{place}]"), name)?);
        Ok(())
    }

    /// The checked recipient.
    pub fn finish(mut self) -> Result<Recipient, Problem> {
        self.prefers.retain(|(_, wanted)| !wanted.is_empty());
        let id = self.id.ok_or_else(|| Problem::form("id", Found::thing("nothing"), "a text"))?;
        Ok(Recipient { id, name: self.name, prefers: self.prefers, values: self.values })
    }
}
