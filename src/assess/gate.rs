//! Gates: what must hold of ratings, or of the groups of a roll-up, for a run to pass.

use std::fmt;

use super::Key;
use super::journey::{Group, Journey};
use super::recovery::{RecoveryReport, Strategy};
use crate::level::Level;
use crate::rating::escalator::Assessment;
use crate::rules::Model;
use crate::stats::Estimate;

/// How a gate came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds, or nothing was asked.
    Holds,
    /// It is broken.
    Broken,
    /// There was too little data.
    TooLittle,
}

/// What must be true of every reported moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct MomentGate {
    /// No level is below this one; an act that has only slid is not below anything.
    pub floor: Option<Level>,
    /// Nothing is a failure.
    pub no_failure: bool,
}

/// Why a moment breaks a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentFinding {
    /// Its level is below the floor.
    Below(Level, Level),
    /// It is a failure.
    Failure(Level),
}

impl MomentGate {
    /// Whether anything is asked.
    #[must_use]
    pub const fn is_asked(self) -> bool {
        self.floor.is_some() || self.no_failure
    }

    /// Why a moment breaks the gate, if it does.
    #[must_use]
    pub fn finding(self, assessment: &Assessment) -> Option<MomentFinding> {
        let Assessment { level, reason, failure, .. } = *assessment;
        match self.floor.filter(|&floor| level < floor && !reason.slid()) {
            Some(floor) => Some(MomentFinding::Below(level, floor)),
            None => (self.no_failure && failure).then_some(MomentFinding::Failure(level)),
        }
    }

    /// How it comes out for a number of moments and findings.
    #[must_use]
    pub const fn outcome(self, moments: u64, findings: u64) -> Outcome {
        match (findings, moments) {
            _ if !self.is_asked() => Outcome::Holds,
            (0, 0) => Outcome::TooLittle,
            (0, _) => Outcome::Holds,
            _ => Outcome::Broken,
        }
    }
}

impl fmt::Display for MomentFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(level, floor) => write!(f, "is {level}, below {floor}"),
            Self::Failure(level) => write!(f, "is a failure: {level}"),
        }
    }
}

/// Which share of a group a gate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareOf {
    /// What is no failure.
    Sound,
    /// What is desired or better.
    TopHalf,
    /// Failures that bounced.
    Bounced,
    /// Failures that bounced or were put right.
    Resolved,
}

impl ShareOf {
    /// The share of a group of moments; of failures there is none.
    #[must_use]
    pub fn of(self, group: &Group) -> Estimate {
        match self {
            Self::Sound => group.sound,
            Self::TopHalf => group.top_half,
            Self::Bounced | Self::Resolved => Estimate::default(),
        }
    }

    /// The share of a group of failures; of moments there is none.
    #[must_use]
    pub fn of_failures(self, group: &Strategy) -> Estimate {
        match self {
            Self::Bounced => group.bounced,
            Self::Resolved => group.resolved,
            Self::Sound | Self::TopHalf => Estimate::default(),
        }
    }

    /// The name in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::TopHalf => "in the top half",
            Self::Bounced => "bounced",
            Self::Resolved => "put right or bounced",
        }
    }
}

/// What the lower bound of a share of every group must reach.
#[derive(Clone, Copy, Debug)]
pub struct ShareGate {
    /// The share required, from 0 to 1.
    pub required: f64,
    /// Which share.
    pub of: ShareOf,
    /// With fewer remarked moments, or failures, there is too little data; the default is in the rules.
    pub fewest: Option<u64>,
    /// With fewer recipients of remarked moments there is too little data; the default is in the rules.
    pub fewest_recipients: Option<u64>,
}

/// How a gate on shares came out.
#[derive(Clone, Debug)]
pub struct ShareFindings {
    /// Which share it is about.
    pub of: ShareOf,
    /// What was required.
    pub required: f64,
    /// The groups whose lower bound is below that, with the bound.
    pub short: Vec<(Vec<String>, f64)>,
    /// How many groups have too few moments or recipients.
    pub too_few: u64,
    /// How many there are.
    pub groups: u64,
    /// How many remarked moments, or failures, were asked for at least.
    pub fewest: u64,
    /// How many recipients were asked for at least.
    pub fewest_recipients: u64,
}

impl ShareGate {
    /// Checks every group of a roll-up.
    #[must_use]
    pub fn check(self, model: &Model, journey: &Journey) -> ShareFindings {
        self.check_groups(
            model,
            journey.groups.iter().map(|group| Checked {
                key: || group.key.as_ref().map(Key::parts).unwrap_or_default(),
                count: group.remarked(),
                recipients: group.heard,
                share: self.of.of(group),
            }),
        )
    }

    /// Checks every group of failures.
    #[must_use]
    pub fn check_failures(self, model: &Model, report: &RecoveryReport) -> ShareFindings {
        self.check_groups(
            model,
            report.by.iter().map(|group| Checked {
                key: || group.key.parts(),
                count: group.count,
                recipients: group.recipients,
                share: self.of.of_failures(group),
            }),
        )
    }

    fn check_groups<K: FnOnce() -> Vec<String>>(
        self,
        model: &Model,
        checked: impl ExactSizeIterator<Item = Checked<K>>,
    ) -> ShareFindings {
        let Self { required, of, .. } = self;
        let enough = model.enough();
        let fewest = self.fewest.unwrap_or_else(|| u64::from(enough.interactions.get()));
        let fewest_recipients = self.fewest_recipients.unwrap_or_else(|| u64::from(enough.recipients.get()));
        let groups = checked.len() as u64;
        let mut findings =
            ShareFindings { of, required, short: Vec::new(), too_few: 0, groups, fewest, fewest_recipients };
        for group in checked {
            let enough = group.count >= fewest && group.recipients >= fewest_recipients;
            match group.share.low.filter(|_| enough) {
                None => findings.too_few += 1,
                Some(low) if low < required => findings.short.push(((group.key)(), low)),
                Some(_) => {}
            }
        }
        findings
    }
}

/// A group as far as a gate looks at it.
struct Checked<K> {
    key: K,
    count: u64,
    recipients: u64,
    share: Estimate,
}

impl ShareFindings {
    /// What is counted, in a sentence.
    #[must_use]
    pub const fn counted(&self) -> &'static str {
        match self.of {
            ShareOf::Sound | ShareOf::TopHalf => "remarked interactions",
            ShareOf::Bounced | ShareOf::Resolved => "failures",
        }
    }

    /// How it comes out.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        if !self.short.is_empty() {
            Outcome::Broken
        } else if self.too_few > 0 || self.groups == 0 {
            Outcome::TooLittle
        } else {
            Outcome::Holds
        }
    }
}
