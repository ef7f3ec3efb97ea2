//! Recovery as a strategy: how failures of a kind are met, how surely they bounce, and what that costs
//! (section 9 of the model).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::Status;
use super::fold::{Failure, Kinds, Recovery};
use crate::assess::groups::parts;
use crate::assess::journey::{Exact, RollUpError};
use crate::assess::{Dimension, Key, parallel};
use crate::error::UnknownName;
use crate::names::NameId;
use crate::record::tag::Tag;
use crate::rules::{Model, Rung};
use crate::signal::SignalId;
use crate::stats::{Clusters, Estimate, Share, lower_median};
use crate::value::{Quantity, exact_sum};

/// What failures are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// What went wrong: a failure of several mistakes is in the group of each.
    Signal,
    /// How people met it.
    Response,
    /// A dimension of the failure.
    Of(Dimension),
}

impl By {
    /// The names there are: those of dimensions, and two more; tags are beside them.
    pub const NAMES: [&'static str; Dimension::NAMES.len() + 2] = {
        let mut names = ["signal"; Dimension::NAMES.len() + 2];
        names[1] = "response";
        let mut index = 0;
        while index < Dimension::NAMES.len() {
            names[index + 2] = Dimension::NAMES[index];
            index += 1;
        }
        names
    };

    /// The tag that it is, if it is one.
    #[must_use]
    pub const fn tag(&self) -> Option<&Tag> {
        if let Self::Of(dimension) = self { dimension.tag() } else { None }
    }

    /// The dimension of the failure that it is, if it is one.
    pub(super) const fn dimension(&self) -> Option<&Dimension> {
        if let Self::Of(dimension) = self { Some(dimension) } else { None }
    }

    /// The name on a command line and in a key.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Signal => Cow::Borrowed("signal"),
            Self::Response => Cow::Borrowed("response"),
            Self::Of(dimension) => dimension.name(),
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl FromStr for By {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "signal" => Ok(Self::Signal),
            "response" => Ok(Self::Response),
            _ => name.parse().map(Self::Of).map_err(|_| {
                let names: Vec<&str> = ["signal", "response"].into_iter().chain(Dimension::FORMS).collect();
                UnknownName::new("dimension", name, &names)
            }),
        }
    }
}

/// The key of a group: a value for each of what is grouped by, `None` where it is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrategyKey(pub Vec<(Cow<'static, str>, Option<String>)>);

impl StrategyKey {
    /// The values, for people.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        parts(&self.0)
    }
}

impl Serialize for StrategyKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

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

impl Answered<'_> {
    /// The acts of its recoveries, each once.
    fn acts(&self) -> BTreeSet<NameId> {
        self.recoveries.iter().filter_map(|recovery| recovery.action).collect()
    }

    /// What its recoveries cost.
    fn costs(&self) -> impl Iterator<Item = &Quantity> {
        costs_of(self.recoveries, self.costs)
    }
}

/// What some recoveries cost, of what all did.
pub(super) fn costs_of<'c>(recoveries: &[Recovery], all: &'c [Quantity]) -> impl Iterator<Item = &'c Quantity> {
    recoveries.iter().filter_map(|recovery| recovery.cost).map(|place| &all[place])
}

/// How failures of one kind are met.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Strategy {
    /// Which kind.
    pub key: StrategyKey,
    /// How many failures there are.
    pub count: u64,
    /// Of how many different recipients.
    pub recipients: u64,
    /// Whether that is enough to tell (section 7 of the model).
    pub enough: bool,
    /// The share that bounced.
    pub bounced: Estimate,
    /// The share that bounced or was put right.
    pub resolved: Estimate,
    /// The acts used to recover them, the most used first.
    pub acts: Vec<ActUsed>,
    /// What their recoveries cost, by unit.
    pub spent: Vec<Spent>,
    /// After how many purchases of each recipient that is paid back; `None` where no worth is known in the unit of
    /// the cost, where there are several units, or where the worth is zero.
    pub pays_back_after: Option<f64>,
    /// How many of the recipients came back.
    pub came_back: CameBack,
}

/// An act used to recover failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActUsed {
    /// The act.
    pub action: String,
    /// How many failures it was used for.
    pub count: u64,
    /// How many of these bounced.
    pub bounced: u64,
}

/// What recoveries cost in one unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spent {
    /// The unit; `None` where none was given.
    pub unit: Option<String>,
    /// The sum.
    pub amount: Exact,
    /// For how many failures.
    pub failures: u64,
    /// How many of these bounced.
    pub bounced: u64,
    /// The sum divided by those; `None` where none bounced.
    pub per_bounce: Option<f64>,
    /// What one more purchase of each of their recipients brings, where that is known in this unit.
    pub worth: Option<Exact>,
    /// How many of the failures are of recipients of whom it is not known.
    pub without_worth: u64,
    /// The cost for those of whom it is known divided by what they bring; `None` where that is nothing.
    pub purchases: Option<f64>,
}

/// Recipients who were met again after a failure and what was done about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CameBack {
    /// How many were met after all of their failures here.
    pub count: u64,
    /// Of how many recipients.
    pub of: u64,
    /// How long the records go on after them: the lower median, in days of 24 hours; `None` without times.
    pub days: Option<f64>,
}

/// Which failures are of one kind: those with a mistake, where that is asked for, met in one way, and alike in what
/// their records say.
type Kind = (Option<SignalId>, Option<Rung>, Option<NameId>);

/// The groups of failures, those with the most failures first. `worth` says what one more purchase of a recipient
/// brings, `name` what an act is called.
pub(super) fn strategies<'n>(
    model: &Model,
    Kinds { by, groups: recorded }: &Kinds,
    failures: &[Answered<'_>],
    worth: impl Fn(NameId) -> Option<Quantity> + Sync,
    name: impl Fn(NameId) -> &'n str + Sync,
    threads: usize,
) -> Result<Vec<Strategy>, RollUpError> {
    let (by_signal, by_response) = (by.contains(&By::Signal), by.contains(&By::Response));
    let mut groups: HashMap<Kind, Vec<&Answered<'_>>, RandomState> = HashMap::default();
    for met in failures {
        let response = met.response.filter(|_| by_response);
        let mut enter = |signal| groups.entry((signal, response, met.failure.kind)).or_default().push(met);
        if by_signal && !met.failure.mistakes.is_empty() {
            met.failure.mistakes.iter().for_each(|signal| enter(Some(signal)));
        } else {
            enter(None);
        }
    }
    let recorded: Vec<&Key> = recorded.keys().collect();
    let key = |(signal, response, record): Kind| {
        let mut values =
            record.into_iter().flat_map(|record| &recorded[record.index()].0).map(|(_, value)| value.clone());
        let value = |by: &By| match by {
            By::Signal => signal.map(|signal| model.signals()[signal.index()].name.clone()),
            By::Response => response.map(|rung| rung.name().to_owned()),
            By::Of(_) => values.next().flatten(),
        };
        StrategyKey(by.iter().map(By::name).zip(by.iter().map(value)).collect())
    };
    let mut groups: Vec<(StrategyKey, Vec<&Answered<'_>>)> =
        groups.into_iter().map(|(kind, group)| (key(kind), group)).collect();
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    let of = |(key, group): &(StrategyKey, Vec<_>)| Strategy::of(model, key.clone(), group, &worth, &name);
    let several = |some: &[(StrategyKey, Vec<_>)]| some.iter().map(of).collect();
    let together = groups.len().div_ceil(4 * threads.max(1)).max(1);
    let mut strategies = parallel::list(threads, groups.len(), groups.chunks(together), several)?;
    strategies.sort_by_key(|strategy| std::cmp::Reverse(strategy.count));
    Ok(strategies)
}

/// The failures of one recipient, and whether they came back.
#[derive(Default)]
struct Person {
    failures: u64,
    bounced: u64,
    resolved: u64,
    /// Whether they did not come back after one of the failures.
    away: bool,
    /// How long the records go on at least.
    reach: Option<f64>,
}

impl Person {
    fn add(&mut self, met: &Answered<'_>) {
        self.failures += 1;
        self.bounced += u64::from(met.status == Status::Bounced);
        self.resolved += u64::from(!met.status.stands());
        self.away |= !met.came_back;
        self.reach = [self.reach, met.reach].into_iter().flatten().reduce(f64::min);
    }
}

impl Strategy {
    fn of<'n>(
        model: &Model,
        key: StrategyKey,
        group: &[&Answered<'_>],
        worth: &impl Fn(NameId) -> Option<Quantity>,
        name: &impl Fn(NameId) -> &'n str,
    ) -> Result<Self, RollUpError> {
        let count = group.len() as u64;
        let mut people: HashMap<NameId, Person, RandomState> = HashMap::default();
        for met in group {
            people.entry(met.failure.recipient).or_default().add(met);
        }
        let recipients = people.len() as u64;
        let mut acts: HashMap<NameId, (u64, u64), RandomState> = HashMap::default();
        for met in group {
            for action in met.acts() {
                let used = acts.entry(action).or_default();
                *used = (used.0 + 1, used.1 + u64::from(met.status == Status::Bounced));
            }
        }
        let used = |(action, (count, bounced))| ActUsed { action: name(action).to_owned(), count, bounced };
        let mut acts: Vec<ActUsed> = acts.into_iter().map(used).collect();
        acts.sort_by(|one, other| (other.count, &one.action).cmp(&(one.count, &other.action)));
        let spent = spent(group, worth)?;
        let reaches: Vec<f64> = people.values().filter_map(|person| person.reach).collect();
        let estimate = |of: fn(&Person) -> u64| {
            let mut clusters = Clusters::default();
            people.values().for_each(|person| clusters.add(person.failures, of(person)));
            Share { count: people.values().map(of).sum(), of: count }.estimate(&clusters)
        };
        Ok(Self {
            key,
            count,
            recipients,
            enough: model.enough().is_met(count, recipients),
            bounced: estimate(|person| person.bounced),
            resolved: estimate(|person| person.resolved),
            acts,
            pays_back_after: if let [only] = spent.as_slice() { only.purchases } else { None },
            spent,
            came_back: CameBack {
                count: people.values().filter(|person| !person.away).count() as u64,
                of: recipients,
                days: lower_median(&reaches),
            },
        })
    }

    /// A group with nothing in it: for the names of its columns.
    #[must_use]
    pub fn blank(by: &[By]) -> Self {
        Self {
            key: StrategyKey(by.iter().map(|by| (by.name(), None)).collect()),
            count: 0,
            recipients: 0,
            enough: false,
            bounced: Estimate::default(),
            resolved: Estimate::default(),
            acts: Vec::new(),
            spent: Vec::new(),
            pays_back_after: None,
            came_back: CameBack::default(),
        }
    }
}

fn inexact() -> RollUpError {
    RollUpError::Inexact { kind: "cost".to_owned() }
}

/// The sums of some costs, one for each unit: `9.95 EUR`.
pub(super) fn costs_in_words<'q>(costs: impl Iterator<Item = &'q Quantity>) -> Result<Vec<String>, RollUpError> {
    let mut sums: BTreeMap<Option<&str>, Decimal> = BTreeMap::new();
    for Quantity { amount, unit } in costs {
        let sum = sums.entry(unit.as_deref()).or_default();
        *sum = exact_sum(*sum, *amount).ok_or_else(inexact)?;
    }
    Ok(sums.into_iter().map(|(unit, amount)| in_words(amount, unit)).collect())
}

/// `9.95 EUR`, or without a unit `9.95`; exact.
fn in_words(amount: Decimal, unit: Option<&str>) -> String {
    unit.map_or_else(|| amount.to_string(), |unit| format!("{amount} {unit}"))
}

impl Spent {
    /// The sum with its unit, as a text.
    #[must_use]
    pub fn in_words(&self) -> String {
        in_words(self.amount.0, self.unit.as_deref())
    }
}

/// What the recoveries of failures cost, by unit: units are never mixed.
fn spent(group: &[&Answered<'_>], worth: &impl Fn(NameId) -> Option<Quantity>) -> Result<Vec<Spent>, RollUpError> {
    let units: BTreeSet<Option<&str>> =
        group.iter().flat_map(|met| met.costs()).map(|cost| cost.unit.as_deref()).collect();
    units.into_iter().map(|unit| spent_in(unit, group, worth)).collect()
}

fn spent_in(
    unit: Option<&str>,
    group: &[&Answered<'_>],
    worth_of: &impl Fn(NameId) -> Option<Quantity>,
) -> Result<Spent, RollUpError> {
    let add = |sum: Decimal, amount: Decimal| exact_sum(sum, amount).ok_or_else(inexact);
    let (mut amount, mut failures, mut bounced) = (Decimal::ZERO, 0, 0);
    let (mut repaid, mut worth, mut without_worth) = (Decimal::ZERO, None, 0);
    let mut known: HashSet<NameId, RandomState> = HashSet::default();
    for met in group {
        let mut costs = met.costs().filter(|cost| cost.unit.as_deref() == unit).peekable();
        if costs.peek().is_none() {
            continue;
        }
        let cost = costs.try_fold(Decimal::ZERO, |sum, cost| add(sum, cost.amount))?;
        amount = add(amount, cost)?;
        failures += 1;
        bounced += u64::from(met.status == Status::Bounced);
        match worth_of(met.failure.recipient).filter(|worth| worth.unit.as_deref() == unit) {
            Some(one) => {
                repaid = add(repaid, cost)?;
                // one more purchase of someone counts once, however much failed
                let more = if known.insert(met.failure.recipient) { one.amount } else { Decimal::ZERO };
                worth = Some(add(worth.unwrap_or_default(), more)?);
            }
            None => without_worth += 1,
        }
    }
    // by its digits, as those of a quotient are not all kept otherwise
    let divided =
        |by: Decimal, sum: Decimal| sum.checked_div(by).and_then(|quotient| quotient.to_string().parse().ok());
    Ok(Spent {
        unit: unit.map(str::to_owned),
        amount: Exact(amount),
        failures,
        bounced,
        per_bounce: divided(Decimal::from(bounced), amount),
        worth: worth.map(Exact),
        without_worth,
        purchases: worth.and_then(|worth| divided(worth, repaid)),
    })
}
