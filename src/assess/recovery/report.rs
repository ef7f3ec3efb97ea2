//! Failures, what became of them, and how people met them, as reported.

use std::borrow::Cow;

use serde::Serialize;

use super::Strategy;
use crate::level::Level;
use crate::rules::{Model, Rung};
use crate::stats::lower_median;

/// What became of a failure, from bad to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, strum::IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    /// Nobody recovered it.
    Open,
    /// Recovered with nothing noted, or with less than expected.
    Attempted,
    /// The last remarked recovery is expected.
    PutRight,
    /// The last remarked recovery is desired or better.
    Bounced,
}

impl Status {
    /// All, from bad to good.
    pub const ALL: [Self; 4] = [Self::Open, Self::Attempted, Self::PutRight, Self::Bounced];

    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the failure is still open or attempted.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Self::Open | Self::Attempted)
    }
}

/// Failures and what became of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryReport<'s> {
    /// How many failures there are.
    pub failures: u64,
    /// Nobody recovered them.
    pub open: u64,
    /// Recovered with nothing noted, or with less than expected.
    pub attempted: u64,
    /// Put right.
    pub put_right: u64,
    /// Bounced back to desired or better.
    pub bounced: u64,
    /// Moments in which someone took responsibility though nothing had failed.
    pub initiatives: u64,
    /// By the rung of the response ladder, lowest first; last those of which no response is recorded.
    pub by_response: Vec<Response>,
    /// By what was asked for, the most failures first; all together where nothing was.
    pub by: Vec<Strategy>,
    // a schema says this: a session lists them beside the report, and then there are none here
    /// The failures, open first, worst and oldest first.
    pub items: Vec<Item<'s>>,
    /// The worst and oldest of the failures that stand, with its place among all of them.
    #[serde(skip)]
    pub worst: Option<(usize, Box<Item<'s>>)>,
    /// Recoveries that name no failure before them.
    #[serde(skip)]
    pub unmatched: u64,
    /// Moments with a cost that recover no failure: their costs are in no sum.
    #[serde(skip)]
    pub stray_costs: u64,
}

impl<'s> RecoveryReport<'s> {
    /// How many failures stand: open ones, and those only attempted.
    #[must_use]
    pub const fn standing(&self) -> u64 {
        self.open + self.attempted
    }

    /// The same with some of its failures, borrowing nothing.
    #[must_use]
    pub fn with_items(self, items: impl Iterator<Item = Item<'s>>) -> RecoveryReport<'static> {
        RecoveryReport {
            items: items.map(Item::into_owned).collect(),
            worst: self.worst.map(|(place, worst)| (place, Box::new(worst.into_owned()))),
            ..self
        }
    }
}

/// Failures met in one way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The rung; `None` where none is recorded.
    pub response: Option<Rung>,
    /// Whether it lies above the line.
    pub helps: Option<bool>,
    /// How many failures were met so.
    pub count: u64,
    /// Of them, open.
    pub open: u64,
    /// Of them, attempted.
    pub attempted: u64,
    /// Of them, put right.
    pub put_right: u64,
    /// Of them, bounced.
    pub bounced: u64,
    /// The lower median of the hours to the first recovery; `None` where there are no times.
    pub median_hours: Option<f64>,
}

impl Response {
    /// Of each failure the response to it, what came of it and the hours until the first recovery: by the rung, lowest
    /// first, and last those without one.
    pub(super) fn all(model: &Model, met: impl Iterator<Item = (Option<Rung>, Status, Option<f64>)>) -> Vec<Self> {
        let rungs = Rung::ALL.into_iter().map(Some).chain([None]);
        let blank = |response: Option<Rung>| Self {
            response,
            helps: response.map(|rung| model.rung(rung).helps),
            count: 0,
            open: 0,
            attempted: 0,
            put_right: 0,
            bounced: 0,
            median_hours: None,
        };
        let mut all: Vec<(Self, Vec<f64>)> = rungs.map(|rung| (blank(rung), Vec::new())).collect();
        for (response, status, hours) in met {
            let Some((row, waits)) = all.iter_mut().find(|(row, _)| row.response == response) else { continue };
            row.count += 1;
            *match status {
                Status::Open => &mut row.open,
                Status::Attempted => &mut row.attempted,
                Status::PutRight => &mut row.put_right,
                Status::Bounced => &mut row.bounced,
            } += 1;
            waits.extend(hours);
        }
        all.into_iter().map(|(row, waits)| Self { median_hours: lower_median(&waits), ..row }).collect()
    }
}

/// One failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item<'s> {
    /// The record's id.
    pub id: Option<Cow<'s, str>>,
    /// When it happened, as written.
    pub at: Option<Cow<'s, str>>,
    /// Who lived it.
    pub recipient: Cow<'s, str>,
    /// The path of the perception point.
    pub point: Cow<'s, str>,
    /// The act, where the record names one.
    pub action: Option<Cow<'s, str>>,
    /// The level of the failure; a recovery does not change it.
    pub level: Level,
    /// What went wrong: the shortfalls noted, an omission, a preference missed; empty where only their word says so.
    pub signals: Vec<Cow<'s, str>>,
    /// How many failures of this recipient on this path had a mistake in common with it before.
    pub again: u64,
    /// What became of it.
    pub status: Status,
    /// The level of the last remarked recovery.
    pub recovered_to: Option<Level>,
    /// The level of the recipient's last remarked moment before it, on the same path.
    pub before: Option<Level>,
    /// Whether the recovery came to that or better; `None` where one of the two is not known.
    pub regained: Option<bool>,
    /// That level minus the failure's, in ranks; negative where it came to less.
    pub bounce: Option<i8>,
    /// Hours to the first recovery, as a decimal number; `None` without one, or without times.
    pub hours: Option<f64>,
    /// How people met it: the failure's own, else that of its last recovery.
    pub response: Option<Rung>,
    /// What its recoveries cost, as a sum in each unit: `9.95 EUR`.
    pub cost: Vec<String>,
    /// Whether the recovery is assumed from what came next, and not named.
    pub assumed: bool,
}

impl Item<'_> {
    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Item<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Item {
            id: self.id.map(owned),
            at: self.at.map(owned),
            recipient: owned(self.recipient),
            point: owned(self.point),
            action: self.action.map(owned),
            signals: self.signals.into_iter().map(owned).collect(),
            ..self
        }
    }

    /// An item in which nothing happened: for the names of its columns.
    #[must_use]
    pub const fn blank() -> Self {
        Self {
            id: None,
            at: None,
            recipient: Cow::Borrowed(""),
            point: Cow::Borrowed(""),
            action: None,
            level: Level::BASELINE,
            signals: Vec::new(),
            again: 0,
            status: Status::Open,
            recovered_to: None,
            before: None,
            regained: None,
            bounce: None,
            hours: None,
            response: None,
            cost: Vec::new(),
            assumed: false,
        }
    }
}
