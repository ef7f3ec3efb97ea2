//! From satisfaction to loyalty: how each recipient is served, by the rule (section 10 of the model).

use std::fmt;

use foldhash::fast::RandomState;
use hashbrown::HashSet;
use serde::Serialize;

use super::{Rated, When};
use crate::level::{Half, Level};
use crate::moment::Zone;
use crate::period::{Calendar, Period};
use crate::rules::Model;

/// Served for loyalty, by the rule: from bad to good, with the unknown first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, strum::IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Loyalty {
    /// Nothing was noted of them.
    #[default]
    Unknown,
    /// A failure still stands: a criminal one, or one among their last moments.
    AtRisk,
    /// None of their last moments was desired or better.
    Satisfied,
    /// One of their last moments was desired or better.
    Delighted,
    /// All of their last moments were, on as many different days.
    Loyal,
}

impl Loyalty {
    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Loyalty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// By which rule loyalty is judged.
#[derive(Clone, Debug)]
pub(crate) struct LoyaltyRule {
    recent: usize,
    zone: Zone,
    /// The failures, by their place in the input, that have been put right or better.
    recovered: HashSet<usize, RandomState>,
}

impl LoyaltyRule {
    /// How many of their last moments decide is a rule of the model; days are those of the zone.
    #[must_use]
    pub(crate) fn new(model: &Model, zone: Zone, recovered: HashSet<usize, RandomState>) -> Self {
        let recent = usize::try_from(model.recent().get()).unwrap_or(usize::MAX);
        Self { recent, zone, recovered }
    }

    /// How loyal someone is served, by all their moments in any order, also those that are not reported: what failed
    /// before is still a failure.
    #[must_use]
    pub(crate) fn judge(&self, moments: impl Iterator<Item = (When, Rated)>) -> Loyalty {
        let mut last: Vec<(When, Rated)> = Vec::new();
        let mut at_risk = false;
        for (when, rated) in moments {
            at_risk |= rated.level == Level::Criminal && self.stands(when, rated);
            if !rated.remarked() || last.len() == self.recent && when < last[0].0 {
                continue;
            }
            let place = last.partition_point(|(earlier, _)| *earlier < when);
            last.insert(place, (when, rated));
            if last.len() > self.recent {
                last.remove(0);
            }
        }
        let top = last.iter().filter(|(_, rated)| rated.level.half() == Half::Top).count();
        if at_risk || last.iter().any(|(when, rated)| self.stands(*when, *rated)) {
            Loyalty::AtRisk
        } else if last.is_empty() {
            Loyalty::Unknown
        } else if top == self.recent && self.days(&last) == self.recent {
            Loyalty::Loyal
        } else if top > 0 {
            Loyalty::Delighted
        } else {
            Loyalty::Satisfied
        }
    }

    fn stands(&self, when: When, rated: Rated) -> bool {
        rated.failure && usize::try_from(when.index).is_ok_and(|index| !self.recovered.contains(&index))
    }

    /// On how many different days they were.
    fn days(&self, moments: &[(When, Rated)]) -> usize {
        let times = moments.iter().filter_map(|(when, _)| when.at);
        let mut days: Vec<_> = times.map(|at| Period::of(Calendar::Day, at, &self.zone)).collect();
        days.dedup();
        days.len()
    }
}
