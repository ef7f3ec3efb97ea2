//! What next: what holds a group down, and what it could do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Cell, Gathered};
use crate::assess::left_to_json;
use crate::level::Level;
use crate::rules::Model;
use crate::signal::SignalId;
use crate::value::{ValueId, ValueSet};

/// What holds a group down and what it could do: of the later period compared,
/// but for acts and uncreated value, which are of all time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Next {
    /// Shortfalls noted.
    pub shortfalls: Vec<Shortfall>,
    /// Acts that have slid or are about to.
    #[serde(serialize_with = "left_to_json")]
    pub slid: Vec<Slid>,
    /// Preferences missed.
    #[serde(serialize_with = "left_to_json")]
    pub missed_preferences: Vec<MissedPreference>,
    /// Value recipients say they want that was never created for them.
    pub uncreated_value: Vec<UncreatedValue>,
}

/// A shortfall and how often it was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shortfall {
    /// The signal.
    pub signal: String,
    /// How often.
    pub count: u64,
}

/// An act on the escalator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Slid {
    /// The act.
    pub action: String,
    /// With how many recipients it stands there.
    pub recipients: u64,
    /// What it will be worth to them next time.
    pub next: Level,
}

/// A way of serving that was not the way they like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissedPreference {
    /// What it is about.
    pub key: String,
    /// How they like it.
    pub wanted: String,
    /// How they were served.
    pub served: String,
    /// How often.
    pub count: u64,
}

/// Value that was wanted and never created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UncreatedValue {
    /// The category or kind.
    pub kind: String,
    /// How many recipients want it.
    pub recipients: u64,
}

impl Next {
    pub(super) fn of(model: &Model, gathered: &Gathered, latest: Option<&Cell>) -> Self {
        let mut next = Self::default();
        if let Some(cell) = latest {
            let signal =
                |(&id, &count): (&SignalId, &u64)| Shortfall { signal: model.signal_name(id).to_owned(), count };
            next.shortfalls = cell.held.shortfalls.iter().map(signal).collect();
            let missed = |((key, wanted, served), &count): (&(String, String, String), &u64)| MissedPreference {
                key: key.clone(),
                wanted: wanted.clone(),
                served: served.clone(),
                count,
            };
            next.missed_preferences = cell.held.missed.iter().map(missed).collect();
        }
        let slid = |(action, next, recipients): &(String, Level, u64)| Slid {
            action: action.clone(),
            recipients: *recipients,
            next: *next,
        };
        next.slid = gathered.acts.iter().map(slid).collect();
        next.slid.sort_unstable_by(|one, other| (&one.action, one.next).cmp(&(&other.action, other.next)));
        next.uncreated_value = uncreated(model, gathered);
        next.shortfalls.sort_by_key(|row| std::cmp::Reverse(row.count));
        next.slid.sort_by_key(|row| std::cmp::Reverse(row.recipients));
        next.missed_preferences.sort_by_key(|row| std::cmp::Reverse(row.count));
        next
    }
}

fn uncreated(model: &Model, gathered: &Gathered) -> Vec<UncreatedValue> {
    let mut counts: BTreeMap<ValueId, u64> = BTreeMap::new();
    for (wanted, created) in gathered.wanted.values() {
        let missing: BTreeSet<ValueId> = missing(model, *wanted, *created).collect();
        for value in missing {
            *counts.entry(value).or_default() += 1;
        }
    }
    let row =
        |(value, recipients): (ValueId, u64)| UncreatedValue { kind: model.value_name(value).to_owned(), recipients };
    let mut rows: Vec<_> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.recipients));
    rows
}

/// What is wanted and was not created: a category on either side meets all its kinds (section 3 of the model).
pub(in crate::assess) fn missing(model: &Model, wanted: ValueSet, created: ValueSet) -> impl Iterator<Item = ValueId> {
    let created = model.with_kinds(created);
    wanted.iter().filter(move |&value| {
        let mut one = ValueSet::EMPTY;
        one.insert(value);
        !model.with_kinds(one).meets(created)
    })
}
