//! Reports of a settled session, one call each.

use std::io::{Read, Seek, Write};

use super::settled::Outcome;
use super::{SessionError, Settled};
use crate::assess::Dimension;
use crate::assess::calibrate::{CalibrateFold, Calibration};
use crate::assess::decay::{Acts, ActsFold};
use crate::assess::journey::{Journey, JourneyBook, JourneyFold};
use crate::assess::loyalty::LoyaltyFold;
use crate::assess::next_steps::{NextFold, NextSteps, UnknownRecipient};
use crate::assess::recovery::{RecoveryFold, RecoveryReport};
use crate::assess::report::{Report, ReportFold, ReportOptions};
use crate::assess::uplift::{Uplift, UpliftError, UpliftFold};
use crate::moment::{Days, Instant};
use crate::ordered::{self, Then};
use crate::period::{Calendar, Period};
use crate::record::window::Scope;

/// More groups than several threads count each for itself.
const MANY_GROUPS: usize = 1 << 16;

impl<S: Read + Write + Seek + Send> Settled<'_, S> {
    /// How each point of the journey, or any other group, is lived (section 7 of the model); by
    /// recipient also how loyal each is served. Groups by one [`Dimension`], or by several.
    ///
    /// # Errors
    /// More names than can be told apart, amounts that do not add up exactly, what could not be read again.
    pub fn journey(&mut self, by: impl Into<Vec<Dimension>>) -> Result<Journey, SessionError> {
        let by = by.into();
        if let Some(book) = self.book.take() {
            return count(&self.outcome, book, self.threads);
        }
        let mut fold = JourneyFold::new(by.clone());
        let mut loyalty = (by == [Dimension::Recipient]).then(|| LoyaltyFold::new(self.model(), self.zone.clone()));
        self.moments(|moment, when, scope| {
            if scope == Scope::Reported {
                fold.take(moment, when)?;
            }
            // an open failure counts whenever it was: what came before is part of how they are served
            loyalty.as_mut().map_or(Ok(()), |loyalty| Ok::<_, SessionError>(loyalty.take(moment, when)?))
        })?;
        let loyalty = loyalty.map(LoyaltyFold::finish);
        Ok(fold.finish(self.model(), |recipient| loyalty.as_ref()?.get(recipient).copied()))
    }

    /// Whether it is going up (section 8 of the model): the last two periods compared, or those named, earlier first.
    ///
    /// # Errors
    /// Moments without times, too many periods, what could not be read again.
    pub fn uplift(
        &mut self,
        calendar: Calendar,
        by: impl Into<Vec<Dimension>>,
        compare: Option<(Period, Period)>,
    ) -> Result<Uplift, ReportError> {
        let mut fold = UpliftFold::new(calendar, self.zone.clone(), by.into());
        self.moments(|moment, when, scope| {
            if scope == Scope::Reported {
                fold.take(moment, when)?;
            }
            Ok::<_, ReportError>(())
        })?;
        Ok(fold.finish(self.model(), compare)?)
    }

    /// Failures, and whether they bounced back (section 9 of the model).
    ///
    /// # Errors
    /// More names than can be told apart, what could not be read again.
    pub fn recovery(&mut self, link_within: Option<Days>) -> Result<RecoveryReport, SessionError> {
        let mut fold = RecoveryFold::new(link_within);
        self.moments(|moment, when, scope| {
            Ok::<_, SessionError>(fold.take(moment, when, scope == Scope::Reported)?)
        })?;
        Ok(fold.finish(self.model()))
    }

    /// How far the recorded facts can be trusted (section 11 of the model).
    ///
    /// # Errors
    /// What could not be read again.
    pub fn calibrate(&mut self) -> Result<Calibration, SessionError> {
        let mut fold = CalibrateFold::new(self.model());
        self.moments(|moment, _, scope| {
            if scope == Scope::Reported {
                fold.take(moment);
            }
            Ok::<_, SessionError>(())
        })?;
        Ok(fold.finish(self.model()))
    }

    /// The acts on the escalator (section 4 of the model), as they stand at an instant, the latest one
    /// if none is named; those that were delivered in the window.
    #[must_use]
    pub fn acts(&self, as_of: Option<Instant>) -> Acts {
        self.acts_since(as_of.or_else(|| self.latest()), self.outcome.window.since)
    }

    fn acts_since(&self, as_of: Option<Instant>, since: Option<Instant>) -> Acts {
        let mut fold = ActsFold::default();
        self.in_time_order(|entry| fold.take(entry));
        fold.finish(self.assessor(), as_of, since)
    }

    /// What to do next for everyone reported, or for those named, the most urgent first (section 8 of the model);
    /// as of an instant, the latest one if none is named.
    ///
    /// # Errors
    /// More names than can be told apart, someone who is named and was never met, what could not be read again.
    pub fn next_steps(&mut self, as_of: Option<Instant>, named: &[String]) -> Result<Vec<NextSteps>, ReportError> {
        let mut fold = NextFold::new(self.model(), self.zone.clone());
        self.moments(|moment, when, scope| Ok::<_, ReportError>(fold.take(moment, when, scope == Scope::Reported)?))?;
        let as_of = as_of.or_else(|| self.latest());
        // an act is due however long ago it was done
        let acts = self.acts_since(as_of, None);
        Ok(fold.finish(self.model(), self.assessor().recipients(), acts, as_of, named)?)
    }

    /// Everything a page shows.
    ///
    /// # Errors
    /// More names than can be told apart, what could not be read again.
    pub fn report(&mut self, wish: ReportOptions, acts: Acts) -> Result<Report, ReportError> {
        let mut fold = ReportFold::new(self.model(), wish);
        self.moments(|moment, when, scope| Ok::<_, ReportError>(fold.take(moment, when, scope == Scope::Reported)?))?;
        Ok(fold.finish(self.model(), acts)?)
    }
}

/// Counts the levels of moments that were grouped as they came.
fn count(outcome: &Outcome<'_>, mut book: JourneyBook, threads: usize) -> Result<Journey, SessionError> {
    // each thread counts every group for itself, which many groups are not worth
    let threads = if book.groups() > MANY_GROUPS { 1 } else { threads.max(1) };
    let all = outcome.entries.len();
    let length = all.div_ceil(threads).max(1);
    let mut starts = (0..all).step_by(length);
    let take = || Ok::<_, SessionError>(starts.next());
    let level = |index| (index, outcome.assessment(index));
    let work = |start: usize| book.count((start..(start + length).min(all)).map(level));
    let mut counted = Vec::new();
    let hand_over = |levels| {
        counted.push(levels);
        Ok(Then::GoOn)
    };
    ordered::map(threads, take, work, hand_over)?;
    for levels in &counted {
        book.settle(levels);
    }
    Ok(book.finish(outcome.assessor.model())?)
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The session cannot give what it takes.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Moments that cannot be put in periods.
    #[error(transparent)]
    Uplift(#[from] UpliftError),
    /// Someone who is named and was never met.
    #[error(transparent)]
    Unknown(#[from] UnknownRecipient),
    /// Moments that cannot be put on a page.
    #[error(transparent)]
    Page(#[from] crate::assess::report::ReportError),
    /// More different names than can be told apart.
    #[error(transparent)]
    TooMany(#[from] crate::TooMany),
}
