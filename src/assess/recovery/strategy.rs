//! Recovery as a strategy: how failures of a kind are met, how surely they bounce, and what that costs
//! (section 9 of the model).

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::fold::Kinds;
use super::tally::{Kind, Sums, Tallies, Tally};
use crate::assess::groups::parts;
use crate::assess::journey::Exact;
use crate::assess::{Dimension, Key, parallel};
use crate::error::UnknownName;
use crate::names::NameId;
use crate::record::tag::Tag;
use crate::rules::Model;
use crate::stats::{Clusters, Estimate, Share, lower_median};

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

/// The groups of failures, of which it is known how many there are and how they were met; those with the most failures
/// first. `name` says what an act is called.
pub(super) fn strategies<'n>(
    model: &Model,
    Kinds { by, groups: recorded }: &Kinds,
    tallies: Tallies<'_>,
    name: impl Fn(NameId) -> &'n str + Sync,
    threads: usize,
) -> Vec<Strategy> {
    let recorded: Vec<&Key> = recorded.keys().collect();
    let key = |(signal, response, record): Kind| {
        let mut values =
            record.into_iter().flat_map(|record| &recorded[record.index()].0).map(|(_, value)| value.clone());
        let value = |by: &By| match by {
            By::Signal => signal.map(|signal| model.signal_name(signal).to_owned()),
            By::Response => response.map(|rung| rung.name().to_owned()),
            By::Of(_) => values.next().flatten(),
        };
        StrategyKey(by.iter().map(By::name).zip(by.iter().map(value)).collect())
    };
    let mut groups: Vec<(StrategyKey, Tally<'_>)> =
        tallies.into_iter().map(|(kind, tally)| (key(kind), tally)).collect();
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    let of = |(key, tally): &(StrategyKey, Tally<'_>)| Strategy::of(model, key.clone(), tally, &name);
    let several = |some: &[(StrategyKey, Tally<'_>)]| Ok::<_, Infallible>(some.iter().map(of).collect());
    let together = groups.len().div_ceil(4 * threads.max(1)).max(1);
    let Ok(mut strategies) = parallel::list(threads, groups.len(), groups.chunks(together), several);
    strategies.sort_by_key(|strategy| std::cmp::Reverse(strategy.count));
    strategies
}

impl Strategy {
    fn of<'n>(model: &Model, key: StrategyKey, tally: &Tally<'_>, name: &impl Fn(NameId) -> &'n str) -> Self {
        let Tally { count, recipients, .. } = *tally;
        let used = |(&action, &(count, bounced))| ActUsed { action: name(action).to_owned(), count, bounced };
        let mut acts: Vec<ActUsed> = tally.acts.iter().map(used).collect();
        acts.sort_by(|one, other| (other.count, &one.action).cmp(&(one.count, &other.action)));
        let spent: Vec<Spent> = tally.sums.iter().map(|(unit, sums)| Spent::of(*unit, sums)).collect();
        let estimate =
            |(count, clusters): &(u64, Clusters)| Share { count: *count, of: tally.count }.estimate(clusters);
        Self {
            key,
            count,
            recipients,
            enough: model.enough().is_met(count, recipients),
            bounced: estimate(&tally.bounced),
            resolved: estimate(&tally.resolved),
            acts,
            pays_back_after: if let [only] = spent.as_slice() { only.purchases } else { None },
            spent,
            came_back: CameBack { count: tally.came_back, of: recipients, days: lower_median(&tally.reaches) },
        }
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

/// `9.95 EUR`, or without a unit `9.95`; exact.
pub(super) fn in_words(amount: Decimal, unit: Option<&str>) -> String {
    unit.map_or_else(|| amount.to_string(), |unit| format!("{amount} {unit}"))
}

impl Spent {
    fn of(unit: Option<&str>, sums: &Sums) -> Self {
        // by its digits, as those of a quotient are not all kept otherwise
        let divided =
            |by: Decimal, sum: Decimal| sum.checked_div(by).and_then(|quotient| quotient.to_string().parse().ok());
        let Sums { amount, failures, bounced, repaid, worth, without_worth } = *sums;
        Self {
            unit: unit.map(str::to_owned),
            amount: Exact(amount),
            failures,
            bounced,
            per_bounce: divided(Decimal::from(bounced), amount),
            worth: worth.map(Exact),
            without_worth,
            purchases: worth.and_then(|worth| divided(worth, repaid)),
        }
    }

    /// The sum with its unit, as a text.
    #[must_use]
    pub fn in_words(&self) -> String {
        in_words(self.amount.0, self.unit.as_deref())
    }
}
