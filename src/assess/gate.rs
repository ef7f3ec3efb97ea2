//! Gates: what must hold of ratings, or of the groups of a roll-up, for a run to pass.

use std::fmt;

use super::Key;
use super::journey::{Group, Journey};
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
}

impl ShareOf {
    /// The share of a group.
    #[must_use]
    pub const fn of(self, group: &Group) -> Estimate {
        match self {
            Self::Sound => group.sound,
            Self::TopHalf => group.top_half,
        }
    }

    /// The name in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::TopHalf => "in the top half",
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
    /// With fewer remarked moments there is too little data; the default is in the rules.
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
    pub short: Vec<(Option<Key>, f64)>,
    /// How many groups have too few moments or recipients.
    pub too_few: u64,
    /// How many there are.
    pub groups: u64,
    /// How many remarked moments were asked for at least.
    pub fewest: u64,
    /// How many recipients were asked for at least.
    pub fewest_recipients: u64,
}

impl ShareGate {
    /// Checks every group of a roll-up.
    #[must_use]
    pub fn check(self, model: &Model, journey: &Journey) -> ShareFindings {
        let Self { required, of, .. } = self;
        let enough = model.enough();
        let fewest = self.fewest.unwrap_or_else(|| u64::from(enough.interactions.get()));
        let fewest_recipients = self.fewest_recipients.unwrap_or_else(|| u64::from(enough.recipients.get()));
        let groups = journey.groups.len() as u64;
        let mut findings =
            ShareFindings { of, required, short: Vec::new(), too_few: 0, groups, fewest, fewest_recipients };
        for group in &journey.groups {
            let enough = group.remarked() >= fewest && group.heard >= fewest_recipients;
            match of.of(group).low.filter(|_| enough) {
                None => findings.too_few += 1,
                Some(low) if low < required => findings.short.push((group.key.clone(), low)),
                Some(_) => {}
            }
        }
        findings
    }
}

impl ShareFindings {
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
