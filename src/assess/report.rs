//! Everything a page about a service shows, gathered in one walk by the folds
//! of the other reports, so that every figure is theirs.

mod anonymous;

use std::collections::BTreeMap;

use super::decay::Acts;
use super::highlights::{Highlights, HighlightsFold};
use super::journey::{Journey, JourneyFold, RollUpError};
use super::loyalty::LoyaltyFold;
use super::recovery::{RecoveryFold, RecoveryReport};
use super::uplift::{Uplift, UpliftError, UpliftFold};
use super::{Dimension, When};
use crate::moment::{Days, Zone};
use crate::names::{Names, TooMany};
use crate::period::Calendar;
use crate::rating::recipients::KnownRecipient;
use crate::rating::why::RatedMoment;
use crate::rules::Model;

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// More groups or recipients than there are numbers for.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Moments that could not be rolled up.
    #[error(transparent)]
    RollUp(#[from] RollUpError),
    /// Moments that could not be divided into periods.
    #[error(transparent)]
    Uplift(#[from] UpliftError),
}

/// What a report asks for beside the moments.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// How time is divided.
    pub calendar: Calendar,
    /// The zone whose calendar counts.
    pub zone: Zone,
    /// Within how many days the next interaction is taken for a recovery.
    pub link_within: Option<Days>,
    /// How many of the worst, and of the latest, moments are shown at each point.
    pub told: usize,
    /// Whether people are to be numbered, so that it matters in which order they are met.
    pub anonymous: bool,
}

/// Gathers moments for a report.
#[derive(Clone, Debug)]
pub struct ReportFold {
    points: JourneyFold,
    recipients: JourneyFold,
    loyalty: LoyaltyFold,
    over_time: UpliftFold,
    all_over_time: UpliftFold,
    recovery: RecoveryFold,
    highlights: HighlightsFold,
    people: People,
    timed: bool,
}

/// Who was met: in the order of the input where they are to be numbered, else by name.
#[derive(Clone, Debug, Default)]
struct People {
    numbered: bool,
    recipients: Names,
    providers: Names,
    called: BTreeMap<String, String>,
}

impl People {
    fn meet(&mut self, moment: &RatedMoment<'_, '_>) -> Result<(), TooMany> {
        let interaction = moment.interaction;
        if self.numbered {
            self.recipients.add(&interaction.recipient)?;
            if let Some(provider) = &interaction.provider {
                self.providers.add(provider)?;
            }
        } else if let Some(name) = moment.recipient.and_then(KnownRecipient::name)
            && !self.called.contains_key(interaction.recipient.as_ref())
        {
            self.called.insert(interaction.recipient.clone().into_owned(), name.to_owned());
        }
        Ok(())
    }
}

impl ReportFold {
    /// A fold that has seen nothing yet.
    #[must_use]
    pub fn new(model: &Model, wish: ReportOptions) -> Self {
        let ReportOptions { calendar, zone, link_within, told, anonymous } = wish;
        Self {
            points: JourneyFold::new(vec![Dimension::Point]),
            recipients: JourneyFold::new(vec![Dimension::Recipient]),
            loyalty: LoyaltyFold::new(model, zone.clone()),
            over_time: UpliftFold::new(calendar, zone.clone(), vec![Dimension::Point]),
            all_over_time: UpliftFold::new(calendar, zone, Vec::new()),
            recovery: RecoveryFold::new(link_within),
            highlights: HighlightsFold::new(told),
            people: People { numbered: anonymous, ..People::default() },
            timed: false,
        }
    }

    /// Takes one moment, in the order of the input; of what is not `reported`
    /// only what came of it counts.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When, reported: bool) -> Result<(), ReportError> {
        self.people.meet(moment)?;
        self.loyalty.take(moment, when)?;
        self.recovery.take(moment, when, reported)?;
        if reported {
            self.points.take(moment, when)?;
            self.recipients.take(moment, when)?;
            self.highlights.take(moment, when)?;
            if when.at.is_some() {
                self.timed = true;
                self.over_time.take(moment, when)?;
                self.all_over_time.take(moment, when)?;
            }
        }
        Ok(())
    }

    /// The report, with the acts on the escalator as `decay` reports them; without the people in
    /// it, if asked for.
    pub fn finish(self, model: &Model, acts: Acts) -> Result<Report, TooMany> {
        let numbered = self.people.numbered;
        let loyalty = self.loyalty.finish();
        let over_time = if self.timed { self.over_time.finish(model, None) } else { Err(UpliftError::NoTimes) };
        let together = if self.timed { self.all_over_time.finish(model, None) } else { Err(UpliftError::NoTimes) };
        let report = Report {
            journey: self.points.finish(model, |_| None),
            recipients: self.recipients.finish(model, |recipient| loyalty.get(recipient).copied()),
            together,
            over_time,
            recovery: self.recovery.finish(model),
            acts,
            highlights: self.highlights.finish(),
            anonymous: false,
            people: self.people,
        };
        if numbered { report.without_people() } else { Ok(report) }
    }
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
    /// Failures and what became of them.
    pub recovery: RecoveryReport,
    /// The acts on the escalator.
    pub acts: Acts,
    /// The worst and the latest moments, by the path of their point.
    pub highlights: BTreeMap<String, Highlights>,
    /// Whether people are numbered and what they said is left out.
    pub anonymous: bool,
    people: People,
}

impl Report {
    /// What people call a recipient, where that is known and not what records call them.
    #[must_use]
    pub fn called(&self, recipient: &str) -> Option<&str> {
        self.people.called.get(recipient).map(String::as_str).filter(|name| *name != recipient)
    }
}
