//! Roll-ups: how each point of the journey, or any other group, is experienced (section 7 of the
//! model).

mod booked;
mod plan;
mod roll_up;
mod served;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use super::Dimension;
use super::groups::Key;
use super::loyalty::Loyalty;
use crate::level::Level;
use crate::names::TooMany;
use crate::rules::Model;
use crate::stats::{Distribution, Estimate, Share};
use crate::value::{Category, ValueId};

pub(crate) use booked::{JourneyBook, JourneyNotes};
pub use plan::OffPlan;
pub(crate) use plan::planned;
use roll_up::{Amounts, Tally};
pub(crate) use served::{ServedBook, ServedNotes};

/// Why moments could not be rolled up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollUpError {
    /// More groups or recipients than there are numbers for.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Amounts whose exact sum has more digits than there is room for.
    #[error("the amounts of {kind} do not add up exactly in 28 digits; round them in the input")]
    Inexact {
        /// The kind of value.
        kind: String,
    },
}

/// The roll-up of all groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Journey {
    /// What moments are grouped by.
    pub by: Vec<Dimension>,
    /// The groups, in order of first appearance in time; first those of the journeys laid out in the rules, in that
    /// order, also where nothing is recorded of them. Stages come in the order beginning, middle, end.
    pub groups: Vec<Group>,
    /// All moments together.
    pub total: Group,
}

impl Journey {
    /// The same without its groups, for where those are written apart from it.
    #[must_use]
    pub fn without_groups(&self) -> Self {
        Self { by: self.by.clone(), groups: Vec::new(), total: self.total.clone() }
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// Which group; `None` for the total.
    pub key: Option<Key>,
    /// Moments.
    pub count: u64,
    /// Different recipients.
    pub recipients: u64,
    /// Recipients of remarked moments: those whom the shares are about.
    #[serde(skip)]
    pub heard: u64,
    /// Moments of which nothing was noted; they are in no share.
    pub unremarked: u64,
    /// Moments that went wrong.
    pub failures: u64,
    /// Moments whose act has only slid, by its own standing or the market's.
    pub slid: u64,
    /// Moments pushed down by what was owed.
    pub lapses: u64,
    /// Remarked moments on each level.
    pub levels: Levels,
    /// The level in the middle of the remarked moments, the lower of two.
    pub median: Option<Level>,
    /// The level a quarter from below, the lower of two.
    pub q1: Option<Level>,
    /// The level a quarter from above, the lower of two.
    pub q3: Option<Level>,
    /// The lowest level.
    pub worst: Option<Level>,
    /// Whether there is enough to say how this group is experienced (section 7 of the model).
    pub enough: bool,
    /// The share of desired or better among remarked moments.
    pub top_half: Estimate,
    /// The share that is no failure among remarked moments.
    pub sound: Estimate,
    /// What is known of value.
    pub valued: Valued,
    /// Moments that created value, by category.
    pub value: Values,
    /// What was measured, per kind and unit.
    pub amounts: Vec<Sum>,
    /// What the provider claimed.
    pub claims: Claims,
    /// How loyal the recipient is served, where groups are recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loyalty: Option<Loyalty>,
}

/// What people look at first of a group: for a table in a chat.
#[derive(Clone, Debug, Serialize)]
pub struct BriefGroup<'g> {
    key: &'g Option<Key>,
    count: u64,
    recipients: u64,
    failures: u64,
    slid: u64,
    median: Option<Level>,
    sound: BriefShare,
    top_half: BriefShare,
    #[serde(skip_serializing_if = "Option::is_none")]
    loyalty: Option<Loyalty>,
}

/// A share, and what it is at least.
#[derive(Clone, Debug, Serialize)]
struct BriefShare {
    share: Option<f64>,
    low: Option<f64>,
}

impl<'g> From<&'g Group> for BriefGroup<'g> {
    fn from(group: &'g Group) -> Self {
        let Group { key, count, recipients, failures, slid, median, sound, top_half, loyalty, .. } = group;
        let brief = |Estimate { share, low, .. }: &Estimate| BriefShare { share: *share, low: *low };
        Self {
            key,
            count: *count,
            recipients: *recipients,
            failures: *failures,
            slid: *slid,
            median: *median,
            sound: brief(sound),
            top_half: brief(top_half),
            loyalty: *loyalty,
        }
    }
}

/// Counts by level, named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels(pub Distribution);

impl Serialize for Levels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut levels = serializer.serialize_struct("levels", 6)?;
        for level in Level::ALL {
            levels.serialize_field(level.name(), &self.0.0[level.index()])?;
        }
        levels.end()
    }
}

/// How often anything is known about value, and the share of it that created some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Valued {
    /// Moments that say anything about value.
    pub known: u64,
    /// The share of them that created some, from 0 to 1: without it, it was action and not
    /// service (section 6 of the model); `None` where nothing is known.
    pub share: Option<f64>,
}

/// Counts by category, named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values(pub [u64; 4]);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut values = serializer.serialize_struct("value", 4)?;
        for category in Category::ALL {
            values.serialize_field(category.name(), &self.0[category.index()])?;
        }
        values.end()
    }
}

/// The sum of the amounts of a kind in a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sum {
    /// The kind of value.
    pub kind: String,
    /// The unit, where one was given.
    pub unit: Option<String>,
    /// The sum, exact.
    pub amount: Exact,
}

/// An exact decimal. As a number where a double shows the same digits, else as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact(pub Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let exact = self.0.normalize();
        if let Some(whole) = exact.to_u64().filter(|_| exact.scale() == 0) {
            return serializer.serialize_u64(whole);
        }
        match exact.to_string().parse::<f64>() {
            Ok(double) if double.to_string() == exact.to_string() => serializer.serialize_f64(double),
            _ => serializer.serialize_str(&exact.to_string()),
        }
    }
}

/// What the provider claimed, beside what it was: counted, for levels have no distances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claims {
    /// How many claims there are.
    pub count: u64,
    /// How many are above the level: the provider thinks too well of the moment.
    pub above: u64,
    /// How many are the level.
    pub equal: u64,
    /// How many are below it.
    pub below: u64,
    /// Always `None`, and gone with the next release: gaps between levels have no mean.
    pub mean_gap: Option<f64>,
}

impl Group {
    fn new(model: &Model, key: Option<Key>, tally: &Tally, loyalty: Option<Loyalty>) -> Self {
        let levels = tally.came.levels;
        let remarked = levels.total();
        let sound = Share { count: remarked.saturating_sub(tally.came.failures), of: remarked };
        let sums = |(&value, amounts): (&ValueId, &'_ Amounts)| {
            let sum = |(unit, amount): (Option<&str>, Decimal)| Sum {
                kind: model.value_name(value).to_owned(),
                unit: unit.map(str::to_owned),
                amount: Exact(amount),
            };
            amounts.iter().map(sum).collect::<Vec<_>>()
        };
        let [above, equal, below] = tally.came.claims;
        Self {
            key,
            count: tally.count,
            recipients: tally.spoken.recipients,
            heard: tally.spoken.sound.recipients,
            unremarked: tally.came.unremarked,
            failures: tally.came.failures,
            slid: tally.came.slid,
            lapses: tally.came.lapses,
            levels: Levels(levels),
            median: levels.quartile(2),
            q1: levels.quartile(1),
            q3: levels.quartile(3),
            worst: levels.worst(),
            enough: model.enough().is_met(remarked, tally.spoken.sound.recipients),
            top_half: levels.top_half().estimate(&tally.spoken.top_half),
            sound: sound.estimate(&tally.spoken.sound),
            valued: Valued { known: tally.known, share: Share { count: tally.created, of: tally.known }.value() },
            value: Values(tally.value),
            amounts: tally.amounts.iter().flat_map(sums).collect(),
            claims: Claims { count: above + equal + below, above, equal, below, mean_gap: None },
            loyalty,
        }
    }

    /// A group with nothing in it: for the names of its columns.
    #[must_use]
    pub fn blank(model: &Model, by: &[Dimension]) -> Self {
        let loyalty = (by == [Dimension::Recipient]).then_some(Loyalty::Unknown);
        Self::new(model, Some(Key::blank(by)), &Tally::default(), loyalty)
    }

    /// Remarked moments: what the shares are of.
    #[must_use]
    pub fn remarked(&self) -> u64 {
        self.levels.0.total()
    }
}
