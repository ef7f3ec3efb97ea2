//! Failures counted by their kind, recipient by recipient: several threads count some recipients each.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use rust_decimal::Decimal;

use super::fold::{Failure, Recovery};
use super::strategy::in_words;
use super::{By, Status};
use crate::assess::journey::RollUpError;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::names::NameId;
use crate::rules::Rung;
use crate::signal::SignalId;
use crate::stats::Clusters;
use crate::value::{Quantity, exact_sum};

/// Which failures are of one kind: those with a mistake, where that is asked for, met in one way, and alike in what
/// their records say.
pub(super) type Kind = (Option<SignalId>, Option<Rung>, Option<NameId>);

/// The failures of each kind.
pub(super) type Tallies<'f> = HashMap<Kind, Tally<'f>, RandomState>;

/// A failure as far as a strategy asks for it.
#[derive(Clone, Debug)]
pub(super) struct Answered<'f> {
    pub(super) failure: &'f Failure,
    pub(super) recoveries: &'f [Recovery],
    pub(super) response: Option<Rung>,
    pub(super) status: Status,
    /// Whether the recipient was met after the last recovery, or after the failure where there is none.
    pub(super) came_back: bool,
    /// How long the records go on after that, in days of 24 hours.
    pub(super) reach: Option<f64>,
    /// What all recoveries of all failures cost.
    pub(super) costs: &'f [Quantity],
}

impl<'f> Answered<'f> {
    /// The acts of its recoveries, each once.
    fn acts(&self) -> BTreeSet<NameId> {
        self.recoveries.iter().filter_map(|recovery| recovery.action).collect()
    }

    /// What its recoveries cost.
    fn costs(&self) -> impl Iterator<Item = &'f Quantity> {
        costs_of(self.recoveries, self.costs)
    }
}

/// What some recoveries cost, of what all did.
pub(super) fn costs_of<'c>(recoveries: &[Recovery], all: &'c [Quantity]) -> impl Iterator<Item = &'c Quantity> {
    recoveries.iter().filter_map(|recovery| recovery.cost).map(|place| &all[place])
}

/// The sums of some costs, one for each unit: units are never mixed.
pub(super) fn by_unit<'q>(
    costs: impl Iterator<Item = &'q Quantity>,
) -> Result<BTreeMap<Option<&'q str>, Decimal>, RollUpError> {
    let mut sums = BTreeMap::new();
    for Quantity { amount, unit } in costs {
        add(sums.entry(unit.as_deref()).or_default(), *amount)?;
    }
    Ok(sums)
}

/// The same in words, each with its unit: `9.95 EUR`.
pub(super) fn costs_in_words<'q>(costs: impl Iterator<Item = &'q Quantity>) -> Result<Vec<String>, RollUpError> {
    Ok(by_unit(costs)?.into_iter().map(|(unit, amount)| in_words(amount, unit)).collect())
}

/// Adds an amount to a sum, exactly.
fn add(sum: &mut Decimal, amount: Decimal) -> Result<(), RollUpError> {
    *sum = exact_sum(*sum, amount).ok_or_else(|| RollUpError::Inexact { kind: "cost".to_owned() })?;
    Ok(())
}

/// What recoveries cost in one unit, and what their recipients are worth in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) amount: Decimal,
    /// For how many failures.
    pub(super) failures: u64,
    pub(super) bounced: u64,
    /// Of the amount, what was spent on those of whom it is known what they are worth.
    pub(super) repaid: Decimal,
    /// What one more purchase of each of those brings.
    pub(super) worth: Option<Decimal>,
    pub(super) without_worth: u64,
}

impl Sums {
    fn merge(&mut self, other: &Self) -> Result<(), RollUpError> {
        add(&mut self.amount, other.amount)?;
        self.failures += other.failures;
        self.bounced += other.bounced;
        add(&mut self.repaid, other.repaid)?;
        if let Some(worth) = other.worth {
            add(self.worth.get_or_insert_default(), worth)?;
        }
        self.without_worth += other.without_worth;
        Ok(())
    }
}

/// The failures of one kind, of some recipients.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally<'f> {
    pub(super) count: u64,
    pub(super) recipients: u64,
    /// How many bounced, by recipient.
    pub(super) bounced: (u64, Clusters),
    /// How many bounced or were put right, by recipient.
    pub(super) resolved: (u64, Clusters),
    /// Of the acts of their recoveries, for how many failures each was used, and how many of these bounced.
    pub(super) acts: HashMap<NameId, (u64, u64), RandomState>,
    /// By unit.
    pub(super) sums: BTreeMap<Option<&'f str>, Sums>,
    /// How many recipients came back.
    pub(super) came_back: u64,
    /// For how long the records of each recipient go on at least.
    pub(super) reaches: Vec<f64>,
}

/// The failures of one kind of one recipient.
#[derive(Default)]
struct Person<'f> {
    failures: u64,
    bounced: u64,
    resolved: u64,
    /// Whether they did not come back after one of the failures.
    away: bool,
    /// How long the records go on at least.
    reach: Option<f64>,
    /// The units in which it is counted what one more purchase of theirs brings.
    counted: Vec<Option<&'f str>>,
}

impl<'f> Tally<'f> {
    /// Takes a failure of someone of whom it may be known what one more purchase brings.
    fn take(
        &mut self,
        person: &mut Person<'f>,
        met: &Answered<'f>,
        worth: impl Fn() -> Option<Quantity>,
    ) -> Result<(), RollUpError> {
        let bounced = u64::from(met.status == Status::Bounced);
        person.failures += 1;
        person.bounced += bounced;
        person.resolved += u64::from(!met.status.stands());
        person.away |= !met.came_back;
        person.reach = [person.reach, met.reach].into_iter().flatten().reduce(f64::min);
        for action in met.acts() {
            let used = self.acts.entry(action).or_default();
            *used = (used.0 + 1, used.1 + bounced);
        }
        for (unit, cost) in by_unit(met.costs())? {
            let sums = self.sums.entry(unit).or_default();
            add(&mut sums.amount, cost)?;
            sums.failures += 1;
            sums.bounced += bounced;
            let Some(one) = worth().filter(|worth| worth.unit.as_deref() == unit) else {
                sums.without_worth += 1;
                continue;
            };
            add(&mut sums.repaid, cost)?;
            let worth = sums.worth.get_or_insert_default();
            // one more purchase of someone counts once, however much failed
            if !person.counted.contains(&unit) {
                person.counted.push(unit);
                add(worth, one.amount)?;
            }
        }
        Ok(())
    }

    /// Takes someone all of whose failures have been taken.
    fn close(&mut self, person: &Person<'f>) {
        let &Person { failures, bounced, resolved, away, reach, .. } = person;
        self.count += failures;
        self.recipients += 1;
        for ((count, clusters), of) in [(&mut self.bounced, bounced), (&mut self.resolved, resolved)] {
            *count += of;
            clusters.add(failures, of);
        }
        self.came_back += u64::from(!away);
        self.reaches.extend(reach);
    }

    /// Takes the failures of other recipients.
    fn merge(&mut self, mut other: Self) -> Result<(), RollUpError> {
        self.count += other.count;
        self.recipients += other.recipients;
        for ((count, clusters), (more, others)) in
            [(&mut self.bounced, &other.bounced), (&mut self.resolved, &other.resolved)]
        {
            *count += more;
            clusters.merge(others);
        }
        for (action, (count, bounced)) in other.acts {
            let used = self.acts.entry(action).or_default();
            *used = (used.0 + count, used.1 + bounced);
        }
        for (unit, sums) in other.sums {
            self.sums.entry(unit).or_default().merge(&sums)?;
        }
        self.came_back += other.came_back;
        self.reaches.append(&mut other.reaches);
        Ok(())
    }
}

/// The failures at places under `count`, by their kind: `of` says whose each is, `None` where it does not count, `met`
/// how it was met, and `worth` what one more purchase of someone brings.
///
/// # Errors
/// Costs that do not add up exactly.
pub(super) fn tallies<'f>(
    by: &[By],
    count: usize,
    of: impl Fn(usize) -> Option<NameId> + Sync,
    met: impl Fn(usize) -> Answered<'f> + Sync,
    worth: impl Fn(NameId) -> Option<Quantity> + Sync,
    threads: usize,
) -> Result<Tallies<'f>, RollUpError> {
    let (by_signal, by_response) = (by.contains(&By::Signal), by.contains(&By::Response));
    let of_some = |(), sorted: Sorted<usize>| -> Result<Tallies<'f>, RollUpError> {
        let mut tallies = Tallies::default();
        for (_, places) in sorted.iter() {
            let mut people: HashMap<Kind, Person<'f>, RandomState> = HashMap::default();
            for &place in places {
                let met = met(place);
                let response = met.response.filter(|_| by_response);
                let mut enter = |signal| {
                    let kind = (signal, response, met.failure.kind);
                    let (tally, person) = (tallies.entry(kind).or_default(), people.entry(kind).or_default());
                    tally.take(person, &met, || worth(met.failure.recipient))
                };
                if by_signal && !met.failure.mistakes.is_empty() {
                    met.failure.mistakes.iter().try_for_each(|signal| enter(Some(signal)))?;
                } else {
                    enter(None)?;
                }
            }
            for (kind, person) in people {
                tallies.entry(kind).or_default().close(&person);
            }
        }
        Ok(tallies)
    };
    let some = by_recipient(threads, count, of, || (), |(), place| place, of_some);
    let mut some = some.into_iter();
    let mut all = some.next().unwrap_or_else(|| Ok(Tallies::default()))?;
    for others in some {
        for (kind, tally) in others? {
            all.entry(kind).or_default().merge(tally)?;
        }
    }
    Ok(all)
}
