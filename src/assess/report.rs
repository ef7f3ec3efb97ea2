//! Everything a page about a service shows, of the parts of the other reports, so that every figure is theirs.

mod anonymous;

use std::collections::BTreeMap;

use super::decay::Acts;
use super::highlights::Highlights;
use super::journey::Journey;
use super::moves::Moves;
use super::next_steps::NextSteps;
use super::recovery::RecoveryReport;
use super::uplift::{Uplift, UpliftError};
use crate::moment::{Days, Instant};
use crate::names::Names;
use crate::period::Calendar;

/// What a report asks for beside the moments.
#[derive(Clone, Copy, Debug)]
pub struct ReportOptions {
    /// How time is divided.
    pub calendar: Calendar,
    /// The instant to look from; `None`: the latest there is.
    pub as_of: Option<Instant>,
    /// Within how many days the next interaction is taken for a recovery.
    pub link_within: Option<Days>,
    /// How much of it is shown.
    pub shown: Shown,
    /// Whether people are to be numbered, so that it matters in which order they are met.
    pub anonymous: bool,
}

/// How much a page shows of what there may be much of.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// How many of the worst, and of the latest, moments of each point.
    pub moments: usize,
    /// How many failures.
    pub failures: usize,
    /// How many of the recipients at risk, with what to do next.
    pub people: usize,
}

/// Who was met: in the order of the input where they are to be numbered, else by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub(crate) recipients: Names,
    pub(crate) providers: Names,
    pub(crate) called: BTreeMap<String, String>,
}

/// Everything a page shows.
#[derive(Clone, Debug)]
pub struct Report {
    /// By perception point.
    pub journey: Journey,
    /// By recipient, with how loyal each is served.
    pub recipients: Journey,
    /// All points together over time, as one group; or why there is no such thing.
    pub together: Result<Uplift, UpliftError>,
    /// By perception point over time, or why there is no such thing.
    pub over_time: Result<Uplift, UpliftError>,
    /// Failures and what became of them; of each, only of the first that are shown.
    pub recovery: RecoveryReport<'static>,
    /// The acts on the escalator.
    pub acts: Acts,
    /// What to do next for the most urgent of the recipients at risk.
    pub next: Vec<NextSteps>,
    /// Who moved from which loyalty to which between the periods compared.
    pub moves: Option<Moves>,
    /// The worst and the latest moments, by the path of their point.
    pub highlights: BTreeMap<String, Highlights>,
    /// The instant it is looked at from; `None` where there are no times.
    pub as_of: Option<Instant>,
    /// Whether people are numbered and what they said is left out.
    pub anonymous: bool,
    pub(crate) people: People,
}

impl Report {
    /// What people call a recipient, where that is known and not what records call them.
    #[must_use]
    pub fn called(&self, recipient: &str) -> Option<&str> {
        self.people.called.get(recipient).map(String::as_str).filter(|name| *name != recipient)
    }
}
