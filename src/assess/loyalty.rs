//! From satisfaction to loyalty: how each recipient is served, by the rule (section 10 of the model).

use std::collections::BTreeMap;
use std::fmt;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::When;
use super::recovery::RecoveryFold;
use crate::level::{Half, Level};
use crate::moment::Zone;
use crate::names::TooMany;
use crate::period::{Calendar, Period};
use crate::rating::why::RatedMoment;
use crate::rules::Model;

/// Served for loyalty, by the rule: from bad to good, with the unknown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Loyalty {
    /// Nothing was noted of them.
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
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::AtRisk => "at-risk",
            Self::Satisfied => "satisfied",
            Self::Delighted => "delighted",
            Self::Loyal => "loyal",
        }
    }
}

impl fmt::Display for Loyalty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Gathers what decides on loyalty.
#[derive(Clone, Debug)]
pub struct LoyaltyFold {
    recent: usize,
    zone: Zone,
    /// Per recipient, their last remarked moments, oldest first.
    latest: HashMap<String, BTreeMap<When, Level>, RandomState>,
    recovery: RecoveryFold,
}

impl LoyaltyFold {
    /// How many of their last moments decide is a rule of the model; days are those of the zone.
    #[must_use]
    pub fn new(model: &Model, zone: Zone) -> Self {
        let recent = usize::try_from(model.recent().get()).unwrap_or(usize::MAX);
        Self { recent, zone, latest: HashMap::default(), recovery: RecoveryFold::default() }
    }

    /// Takes one moment, reported or not: what failed before is still a failure.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When) -> Result<(), TooMany> {
        self.recovery.take(moment, when, true)?;
        let latest = self.latest.entry(moment.interaction.recipient.clone().into_owned()).or_default();
        if moment.remarked() {
            latest.insert(when, moment.assessment.level);
            if latest.len() > self.recent {
                latest.pop_first();
            }
        }
        Ok(())
    }

    /// How loyal each recipient is served, by their id.
    #[must_use]
    pub fn finish(self) -> HashMap<String, Loyalty, RandomState> {
        let standing = self.recovery.statuses().into_iter().filter(|(.., status)| status.stands());
        let (mut criminal, mut standing_at) =
            (HashSet::<String, RandomState>::default(), HashSet::<u64, RandomState>::default());
        for (recipient, when, level, _) in standing {
            standing_at.insert(when.index);
            if level == Level::Criminal {
                criminal.insert(recipient);
            }
        }
        let (recent, zone) = (self.recent, self.zone);
        let judge = |(recipient, latest): (String, BTreeMap<When, Level>)| {
            let at_risk = criminal.contains(&recipient) || latest.keys().any(|when| standing_at.contains(&when.index));
            let top = latest.values().filter(|level| level.half() == Half::Top).count();
            let mut days: Vec<_> =
                latest.keys().filter_map(|when| when.at).map(|at| Period::of(Calendar::Day, at, &zone)).collect();
            days.dedup();
            let loyalty = if at_risk {
                Loyalty::AtRisk
            } else if latest.is_empty() {
                Loyalty::Unknown
            } else if top == recent && days.len() == recent {
                Loyalty::Loyal
            } else if top > 0 {
                Loyalty::Delighted
            } else {
                Loyalty::Satisfied
            };
            (recipient, loyalty)
        };
        self.latest.into_iter().map(judge).collect()
    }
}
