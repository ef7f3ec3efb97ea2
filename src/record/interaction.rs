//! Interactions and recipients, checked: what the core rates.

use std::borrow::Cow;

use serde::Serialize;

use crate::level::Level;
use crate::moment::Instant;
use crate::rules::Rung;
use crate::signal::SignalSet;
use crate::value::{Created, Quantity, ValueSet};
use crate::verdict::Verdict;

/// Where in a relationship a moment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    pub(crate) const ALL: [Self; 3] = [Self::Beginning, Self::Middle, Self::End];
    pub(crate) const NAMES: [&'static str; 3] = ["beginning", "middle", "end"];

    /// The name in a record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// What the recipient is to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// A customer or client.
    External,
    /// A colleague.
    Internal,
}

impl Relation {
    pub(crate) const ALL: [Self; 2] = [Self::External, Self::Internal];
    pub(crate) const NAMES: [&'static str; 2] = ["external", "internal"];

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

/// One checked moment in which a recipient formed an opinion (section 1 of the model).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interaction<'a> {
    /// Its name, unique in the input where given.
    pub id: Option<Cow<'a, str>>,
    /// When it happened.
    pub at: Option<At<'a>>,
    /// Who was served.
    pub recipient: Cow<'a, str>,
    /// The journey of the point.
    pub journey: Option<Cow<'a, str>>,
    /// The transaction of the point.
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
    pub(crate) served: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Over the counter, phone, email, …; also counts as served.
    pub channel: Option<Cow<'a, str>>,
    /// The stage of the relationship.
    pub stage: Option<Stage>,
    /// Customer or colleague.
    pub relation: Option<Relation>,
    /// Who served.
    pub provider: Option<Cow<'a, str>>,
    /// The team that served.
    pub team: Option<Cow<'a, str>>,
    /// The recipient's own word, or what an answer on a scale allows.
    pub verdict: Option<Verdict>,
    /// The provider's own opinion; reported, never counted.
    pub claimed: Option<Level>,
    /// What the recipient said; shown, never scored.
    pub said: Option<Cow<'a, str>>,
    /// The id of the failure it recovers.
    pub recovers: Option<Cow<'a, str>>,
    /// How people met the failure.
    pub response: Option<Rung>,
    /// What it cost the provider.
    pub cost: Option<Quantity>,
    /// Dimensions of one's own, by name; see [`Interaction::tag`].
    pub(crate) tags: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Interaction<'_> {
    /// An interaction without any field, not even the required ones.
    pub(crate) const fn blank() -> Self {
        Self {
            id: None,
            at: None,
            recipient: Cow::Borrowed(""),
            journey: None,
            transaction: None,
            point: Cow::Borrowed(""),
            action: None,
            signals: SignalSet::EMPTY,
            value: None,
            served: Vec::new(),
            channel: None,
            stage: None,
            relation: None,
            provider: None,
            team: None,
            verdict: None,
            claimed: None,
            said: None,
            recovers: None,
            response: None,
            cost: None,
            tags: Vec::new(),
        }
    }

    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Interaction<'static> {
        let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        let pairs = |pairs: Vec<(Cow<'_, str>, Cow<'_, str>)>| {
            let owned =
                pairs.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), Cow::Owned(value.into_owned())));
            owned.collect()
        };
        Interaction {
            id: owned(self.id),
            at: self.at.map(|At { text, instant }| At { text: Cow::Owned(text.into_owned()), instant }),
            recipient: Cow::Owned(self.recipient.into_owned()),
            journey: owned(self.journey),
            transaction: owned(self.transaction),
            point: Cow::Owned(self.point.into_owned()),
            action: owned(self.action),
            signals: self.signals,
            value: self.value,
            served: pairs(self.served),
            channel: owned(self.channel),
            stage: self.stage,
            relation: self.relation,
            provider: owned(self.provider),
            team: owned(self.team),
            verdict: self.verdict,
            claimed: self.claimed,
            said: owned(self.said),
            recovers: owned(self.recovers),
            response: self.response,
            cost: self.cost,
            tags: pairs(self.tags),
        }
    }

    /// `journey/transaction/point`, leaving out what is not given.
    #[must_use]
    pub fn path(&self) -> Cow<'_, str> {
        path(self.journey.as_deref(), self.transaction.as_deref(), Cow::Borrowed(&self.point))
    }

    /// Adds the path to a text.
    pub fn push_path(&self, text: &mut String) {
        for part in [&self.journey, &self.transaction].into_iter().flatten() {
            text.push_str(part);
            text.push('/');
        }
        text.push_str(&self.point);
    }

    /// What a row says about which moment it was.
    #[must_use]
    pub fn outline(&self) -> InteractionRef<'_> {
        InteractionRef {
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

    /// The dimensions of one's own that it has, with their values, in the order of the record.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// The value of one of them; `None` where it is not given.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags().find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}

/// `journey/transaction/point`, leaving out what is not given (section 1 of the model).
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
pub struct InteractionRef<'a> {
    /// The record's id.
    pub id: Option<Cow<'a, str>>,
    /// When it happened, as written.
    pub at: Option<Cow<'a, str>>,
    /// Who was served; `None` where no one is named, as in `serveup check`.
    pub recipient: Option<Cow<'a, str>>,
    /// The path of the perception point.
    pub point: Cow<'a, str>,
    /// The act, where the record names one.
    pub action: Option<Cow<'a, str>>,
    /// The provider's own opinion.
    pub claimed: Option<Level>,
}

impl InteractionRef<'_> {
    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> InteractionRef<'static> {
        let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        InteractionRef {
            id: owned(self.id),
            at: owned(self.at),
            recipient: owned(self.recipient),
            point: Cow::Owned(self.point.into_owned()),
            action: owned(self.action),
            claimed: self.claimed,
        }
    }
}

/// What is stated of someone who is served: what they prefer, and what they value. They may be stated more than
/// once, each time with its own `since` (section 3 of the model).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recipient {
    /// As interactions name them.
    pub id: String,
    /// What people call them.
    pub name: Option<String>,
    /// From when on it counts; `None`: from the beginning.
    pub since: Option<Instant>,
    /// How they like to be served, by key: any of the texts will do.
    pub prefers: Vec<(String, Vec<String>)>,
    /// What they value; empty: not known.
    pub values: ValueSet,
    /// What one more purchase of theirs brings.
    pub worth: Option<Quantity>,
}
