//! Moments counted by group: what is known of each before its level, and what its level adds.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::convert::Infallible;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use rust_decimal::Decimal;

use super::plan::arranged;
use super::{Group, Journey, RollUpError};
use crate::assess::counted::later;
use crate::assess::groups::{Groups, Key};
use crate::assess::spoken::Spoken;
use crate::assess::{Dimension, Rated, When, parallel};
use crate::level::Level;
use crate::names::NameId;
use crate::rating::escalator::Reason;
use crate::record::interaction::Interaction;
use crate::rules::Model;
use crate::stats::Distribution;
use crate::value::{Created, ValueId, exact_sum};

/// How many groups a thread sums up at a time.
const TOGETHER: usize = 1 << 10;

/// What is counted of one group.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) came: Outcomes,
    pub(super) spoken: Spoken,
    pub(super) known: u64,
    pub(super) created: u64,
    pub(super) value: [u64; 4],
    pub(super) amounts: BTreeMap<ValueId, Amounts>,
}

/// What the levels of the moments of a group came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcomes {
    pub(super) unremarked: u64,
    pub(super) failures: u64,
    pub(super) slid: u64,
    pub(super) lapses: u64,
    pub(super) levels: Distribution,
    /// Claims above, equal to and below the level.
    pub(super) claims: [u64; 3],
}

impl Outcomes {
    /// Counts the level of a moment, and what its provider claimed beside it.
    pub(super) fn count(&mut self, rated: Rated, claimed: Option<Level>) {
        if rated.remarked() {
            self.levels.add(rated.level);
        } else {
            self.unremarked += 1;
        }
        self.failures += u64::from(rated.failure);
        self.slid += u64::from(rated.reason.slid());
        self.lapses += u64::from(rated.reason == Reason::Lapse);
        if let Some(claimed) = claimed {
            let place = match claimed.cmp(&rated.level) {
                Ordering::Greater => 0,
                Ordering::Equal => 1,
                Ordering::Less => 2,
            };
            self.claims[place] += 1;
        }
    }

    /// Adds what the levels of other moments came to.
    fn add(&mut self, other: &Self) {
        self.unremarked += other.unremarked;
        self.failures += other.failures;
        self.slid += other.slid;
        self.lapses += other.lapses;
        for (claims, more) in self.claims.iter_mut().zip(other.claims) {
            *claims += more;
        }
        self.levels.merge(&other.levels);
    }
}

impl Tally {
    /// Counts a moment, and what is known of it before its level.
    pub(super) fn enter(&mut self, model: &Model, interaction: &Interaction<'_>) -> Result<(), RollUpError> {
        self.count += 1;
        interaction.value.as_ref().map_or(Ok(()), |created| self.create(model, created))
    }

    /// Counts what a moment created, where that is known.
    pub(super) fn create(&mut self, model: &Model, created: &Created) -> Result<(), RollUpError> {
        self.known += 1;
        self.created += u64::from(!created.named.is_empty());
        let mut categories = [false; 4];
        for value in created.named.iter() {
            categories[model.category_of(value).index()] = true;
        }
        for (count, created) in self.value.iter_mut().zip(categories) {
            *count += u64::from(created);
        }
        for amount in &created.amounts {
            self.add_amount(model, amount.value, amount.unit.as_deref(), amount.amount)?;
        }
        Ok(())
    }

    fn add_amount(
        &mut self,
        model: &Model,
        value: ValueId,
        unit: Option<&str>,
        amount: Decimal,
    ) -> Result<(), RollUpError> {
        let sum = self.amounts.entry(value).or_default().of(unit);
        *sum =
            exact_sum(*sum, amount).ok_or_else(|| RollUpError::Inexact { kind: model.value_name(value).to_owned() })?;
        Ok(())
    }

    /// Adds how many moments were counted elsewhere, what their levels came to, and who spoke in them.
    pub(super) fn add_outcome(&mut self, other: &Self) {
        self.count += other.count;
        self.came.add(&other.came);
        self.spoken.merge(&other.spoken);
    }

    /// Adds what was entered elsewhere, of moments whose levels have not been counted yet.
    fn add_entered(&mut self, other: &Self, model: &Model) -> Result<(), RollUpError> {
        self.count += other.count;
        self.known += other.known;
        self.created += other.created;
        for (category, more) in self.value.iter_mut().zip(other.value) {
            *category += more;
        }
        for (value, amounts) in &other.amounts {
            for (unit, amount) in amounts.iter() {
                self.add_amount(model, *value, unit, amount)?;
            }
        }
        Ok(())
    }
}

/// The sums of the amounts of one kind of value, by unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Amounts {
    bare: Option<Decimal>,
    named: HashMap<String, Decimal, RandomState>,
}

impl Amounts {
    fn of(&mut self, unit: Option<&str>) -> &mut Decimal {
        let Some(unit) = unit else { return self.bare.get_or_insert_default() };
        // so that a unit that is there already is found without a copy of its name
        self.named.entry_ref(unit).or_default()
    }

    /// The sums with their units; first the one without.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&str>, Decimal)> {
        let mut named: Vec<_> = self.named.iter().map(|(unit, &amount)| (Some(unit.as_str()), amount)).collect();
        named.sort_unstable();
        self.bare.map(|amount| (None, amount)).into_iter().chain(named)
    }
}

/// Tallies of all groups, and of all moments together.
#[derive(Clone, Debug)]
pub(super) struct RollUp {
    groups: Groups<Tally>,
    total: Tally,
}

impl RollUp {
    pub(super) fn new(by: Vec<Dimension>) -> Self {
        Self { groups: Groups::new(by), total: Tally::default() }
    }

    /// Counts a moment in its group, but for its recipient and its level, and not among all: for a roll-up that
    /// will be added to another.
    pub(super) fn enter_group(
        &mut self,
        model: &Model,
        interaction: &Interaction<'_>,
        when: When,
    ) -> Result<NameId, RollUpError> {
        let (group, tally) = self.groups.of(interaction, when)?;
        tally.enter(model, interaction)?;
        Ok(group)
    }

    /// Adds what the levels of moments came to, group by group in the order of their numbers.
    pub(super) fn add_came(&mut self, came: &[Outcomes]) {
        for (tally, came) in self.groups.iter_mut().zip(came) {
            tally.came.add(came);
            self.total.came.add(came);
        }
    }

    /// Adds who spoke in the groups, in the order of their numbers, and in all of them together.
    pub(super) fn add_spoken(&mut self, spoken: &[Spoken], together: &Spoken) {
        for (tally, spoken) in self.groups.iter_mut().zip(spoken) {
            tally.spoken.merge(spoken);
        }
        self.total.spoken.merge(together);
    }

    /// The keys of the groups, in the order of their numbers.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.groups.keys()
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Adds the moments that were entered in another roll-up by the same
    /// dimensions, whose first had this place in the input. Which group each of its groups is here.
    pub(super) fn add_entered(&mut self, other: Self, place: u64, model: &Model) -> Result<Vec<NameId>, RollUpError> {
        let mut groups = Vec::new();
        for (name, key, first, tally) in other.groups.into_groups() {
            let first = later(first, place);
            let (group, own) = self.groups.named(&name, key, first)?;
            own.add_entered(&tally, model)?;
            self.total.add_entered(&tally, model)?;
            groups.push(group);
        }
        Ok(groups)
    }

    /// The report.
    pub(super) fn finish(self, model: &Model, threads: usize) -> Journey {
        let by = self.groups.by().to_vec();
        let tallied = self.groups.finish();
        let (count, mut tallied) = (tallied.len(), tallied.into_iter());
        let parts = (0..count).step_by(TOGETHER).map(|_| tallied.by_ref().take(TOGETHER).collect());
        let some = |part: Vec<_>| {
            let groups = part.into_iter().map(|(_, key, tally)| Group::new(model, Some(key), &tally, None));
            Ok::<Vec<Group>, Infallible>(groups.collect())
        };
        let Ok(groups) = parallel::list(threads, count, parts, some);
        let groups = arranged(model, &by, groups);
        Journey { by, groups, total: Group::new(model, None, &self.total, None) }
    }
}
