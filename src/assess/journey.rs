//! Roll-ups: how each point of the journey, or any other group, is lived (MODEL.md section 7).

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashSet;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use super::groups::{Groups, Key};
use super::loyalty::Loyalty;
use super::{Dimension, When};
use crate::escalator::Reason;
use crate::level::Level;
use crate::model::Model;
use crate::names::{Names, TooMany};
use crate::stats::{Distribution, Estimate, Share};
use crate::value::{Category, ValueId};
use crate::why::RatedMoment;

/// Why moments could not be rolled up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollUpError {
    /// More groups or recipients than can be told apart.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Amounts whose exact sum has more digits than there is room for.
    #[error("the amounts of {kind} do not add up exactly in 28 digits; round them in the input")]
    Inexact {
        /// The kind of value.
        kind: String,
    },
}

/// What is counted of one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    count: u64,
    recipients: u64,
    unremarked: u64,
    failures: u64,
    slid: u64,
    lapses: u64,
    levels: Distribution,
    known: u64,
    created: u64,
    value: [u64; 4],
    amounts: BTreeMap<(ValueId, Option<String>), Decimal>,
    claims: u64,
    gaps: i64,
}

impl Tally {
    fn take(&mut self, moment: &RatedMoment<'_, '_>) -> Result<(), RollUpError> {
        let assessment = &moment.assessment;
        self.count += 1;
        if moment.remarked() {
            self.levels.add(assessment.level);
        } else {
            self.unremarked += 1;
        }
        self.failures += u64::from(assessment.failure);
        self.slid += u64::from(assessment.reason.slid());
        self.lapses += u64::from(assessment.reason == Reason::Lapse);
        if let Some(gap) = moment.gap() {
            self.claims += 1;
            self.gaps += i64::from(gap);
        }
        let Some(created) = &moment.interaction.value else { return Ok(()) };
        self.known += 1;
        self.created += u64::from(!created.named.is_empty());
        let mut categories = [false; 4];
        for value in created.named.iter() {
            categories[moment.model.category_of(value).index()] = true;
        }
        for (count, created) in self.value.iter_mut().zip(categories) {
            *count += u64::from(created);
        }
        for amount in &created.amounts {
            self.add_amount(moment.model, (amount.value, amount.unit.clone()), amount.amount)?;
        }
        Ok(())
    }

    fn add_amount(
        &mut self,
        model: &Model,
        kind: (ValueId, Option<String>),
        amount: Decimal,
    ) -> Result<(), RollUpError> {
        let value = kind.0;
        let sum = self.amounts.entry(kind).or_default();
        let exact = sum.checked_add(amount).filter(|exact| exact.scale() >= sum.scale().max(amount.scale()));
        *sum = exact.ok_or_else(|| RollUpError::Inexact { kind: model.value_name(value).to_owned() })?;
        Ok(())
    }

    /// Adds what was counted elsewhere; recipients are not added up, as they may be the same.
    fn add(&mut self, other: Self, model: &Model) -> Result<(), RollUpError> {
        self.count += other.count;
        self.unremarked += other.unremarked;
        self.failures += other.failures;
        self.slid += other.slid;
        self.lapses += other.lapses;
        self.known += other.known;
        self.created += other.created;
        self.claims += other.claims;
        self.gaps += other.gaps;
        for (level, more) in self.levels.0.iter_mut().zip(other.levels.0) {
            *level += more;
        }
        for (category, more) in self.value.iter_mut().zip(other.value) {
            *category += more;
        }
        other.amounts.into_iter().try_for_each(|(kind, amount)| self.add_amount(model, kind, amount))
    }
}

/// Gathers moments into groups.
#[derive(Clone, Debug)]
pub struct JourneyFold {
    groups: Groups<Tally>,
    total: Tally,
    recipients: Names,
    met: HashSet<(u32, u32), RandomState>,
}

impl JourneyFold {
    /// Groups by these dimensions.
    #[must_use]
    pub fn new(by: Vec<Dimension>) -> Self {
        Self { groups: Groups::new(by), total: Tally::default(), recipients: Names::default(), met: HashSet::default() }
    }

    /// Takes one moment.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When) -> Result<(), RollUpError> {
        let (recipient, new) = self.recipients.add(&moment.interaction.recipient)?;
        self.total.recipients += u64::from(new);
        self.total.take(moment)?;
        let (group, tally) = self.groups.of(moment.interaction, when)?;
        tally.recipients += u64::from(self.met.insert((group.get(), recipient.get())));
        tally.take(moment)
    }

    /// Adds the moments that another fold has taken; both group by the same.
    pub fn merge(&mut self, other: Self, model: &Model) -> Result<(), RollUpError> {
        let Self { groups, total, recipients, met } = other;
        self.total.add(total, model)?;
        let mut places = Vec::new();
        for (name, key, first, tally) in groups.into_groups() {
            let (place, own) = self.groups.named(&name, key, first)?;
            own.add(tally, model)?;
            places.push(place);
        }
        let mut known = Vec::new();
        for recipient in recipients.iter() {
            let (id, new) = self.recipients.add(recipient)?;
            self.total.recipients += u64::from(new);
            known.push(id);
        }
        for (group, recipient) in met {
            let (group, recipient) = (places[group as usize - 1], known[recipient as usize - 1]);
            if self.met.insert((group.get(), recipient.get())) {
                self.groups.at(group).recipients += 1;
            }
        }
        Ok(())
    }

    /// The report. `loyalty` says how loyal each recipient is served, where groups are recipients.
    #[must_use]
    pub fn finish(self, model: &Model, mut loyalty: impl FnMut(&str) -> Option<Loyalty>) -> Journey {
        let by = self.groups.by().to_vec();
        let single = by == [Dimension::Recipient];
        let groups = self.groups.finish().into_iter().map(|(_, key, tally)| {
            let recipient = key.0.first().and_then(|(_, recipient)| recipient.clone()).filter(|_| single);
            let loyalty = recipient.and_then(|recipient| loyalty(&recipient));
            Group::new(model, Some(key), tally, loyalty)
        });
        let groups = groups.collect();
        Journey { by, groups, total: Group::new(model, None, self.total, None) }
    }
}

/// The roll-up of all groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Journey {
    /// What moments are grouped by.
    pub by: Vec<Dimension>,
    /// The groups, in order of first appearance in time.
    pub groups: Vec<Group>,
    /// All moments together.
    pub total: Group,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Which group; `None` for the total.
    pub key: Option<Key>,
    /// Moments.
    pub count: u64,
    /// Different recipients.
    pub recipients: u64,
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
    /// The level in the middle.
    pub median: Option<Level>,
    /// The level a quarter from below.
    pub q1: Option<Level>,
    /// The level a quarter from above.
    pub q3: Option<Level>,
    /// The lowest level.
    pub worst: Option<Level>,
    /// The share of desired or better.
    pub top_half: Estimate,
    /// The share that is no failure.
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
pub struct Valued {
    /// Moments that say anything about value.
    pub known: u64,
    /// The share of them that created some: without it, it was action and not service.
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

/// What the provider claimed, beside what it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Claims {
    /// How many claims there are.
    pub count: u64,
    /// By how many levels they are too high, on average; negative: too low.
    pub mean_gap: Option<f64>,
}

impl Group {
    fn new(model: &Model, key: Option<Key>, tally: Tally, loyalty: Option<Loyalty>) -> Self {
        let levels = tally.levels;
        let remarked = levels.total();
        let sound = Share { count: remarked.saturating_sub(tally.failures), of: remarked };
        let sum = |((value, unit), amount): ((ValueId, Option<String>), Decimal)| Sum {
            kind: model.value_name(value).to_owned(),
            unit,
            amount: Exact(amount),
        };
        #[expect(clippy::cast_precision_loss, reason = "counts of interactions stay far below 2^53")]
        let mean_gap = (tally.claims > 0).then(|| tally.gaps as f64 / tally.claims as f64);
        Self {
            key,
            count: tally.count,
            recipients: tally.recipients,
            unremarked: tally.unremarked,
            failures: tally.failures,
            slid: tally.slid,
            lapses: tally.lapses,
            levels: Levels(levels),
            median: levels.quartile(2),
            q1: levels.quartile(1),
            q3: levels.quartile(3),
            worst: levels.worst(),
            top_half: levels.top_half().wilson(),
            sound: sound.wilson(),
            valued: Valued { known: tally.known, share: Share { count: tally.created, of: tally.known }.value() },
            value: Values(tally.value),
            amounts: tally.amounts.into_iter().map(sum).collect(),
            claims: Claims { count: tally.claims, mean_gap },
            loyalty,
        }
    }

    /// A group with nothing in it: for the names of its columns.
    #[must_use]
    pub fn blank(model: &Model, by: &[Dimension]) -> Self {
        let loyalty = (by == [Dimension::Recipient]).then_some(Loyalty::Unknown);
        Self::new(model, Some(Key::blank(by)), Tally::default(), loyalty)
    }

    /// Remarked moments: what the shares are of.
    #[must_use]
    pub fn remarked(&self) -> u64 {
        self.levels.0.total()
    }
}
