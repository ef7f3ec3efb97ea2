//! What to do next for the recipients of a settled session.

use std::io::{Read, Seek, Write};

use super::{ReportError, Settled};
use crate::assess::decay::NumberedActs;
use crate::assess::next_steps::{For, Known, NextFold, NextSteps, Tried, surprises};
use crate::assess::recovery::{Failures, RecoveryFold};
use crate::assess::sorted::Places;
use crate::moment::Instant;

impl<S: Read + Write + Seek + Send> Settled<'_, S> {
    /// What to do next for everyone reported, or for those named, the most urgent first (section 8 of the model);
    /// as of an instant, the latest one if none is named.
    ///
    /// # Errors
    /// More names than can be told apart, someone who is named and was never met, what could not be read again.
    pub fn next_steps(&mut self, as_of: Option<Instant>, named: &[String]) -> Result<Vec<NextSteps>, ReportError> {
        let as_of = as_of.or_else(|| self.latest());
        let failures = self.failures(None, RecoveryFold::default)?;
        self.recoveries = Some(failures.recoveries().into());
        // an act is due however long ago it was done
        let by_act = Places::of_acts(self.threads, &self.outcome);
        let acts = self.acts_since(&by_act, as_of, None);
        self.next_of(as_of, &failures, (&by_act, &acts), For::Named(named))
    }

    /// The same by all failures there are, whose recoveries are known, and by acts, both as of one instant, and by the places of
    /// moments by their acts.
    pub(super) fn next_of(
        &mut self,
        as_of: Option<Instant>,
        failures: &Failures,
        (by_act, acts): (&Places, &NumberedActs),
        wanted: For<'_>,
    ) -> Result<Vec<NextSteps>, ReportError> {
        let people = self.met()?;
        let (model, threads) = (self.model(), self.threads);
        let nobody_known = self.assessor().recipients().is_empty();
        let unwelcome = model.signal("unwelcome");
        let tried = Tried::of(&self.outcome, by_act, threads);
        let folds = self.fold(NextFold::default, |fold, kept| {
            let Some(recipient) = kept.recipient() else { return Ok(()) };
            if let Some(act) = kept.act() {
                if let Some(unwelcome) = unwelcome
                    && kept.signals()?.contains(unwelcome)
                {
                    fold.take_unwelcome(act);
                }
                if tried.is_first(act, kept.index) && surprises(kept.rated()) {
                    fold.take_surprise(act, kept.interaction()?.value.map(|created| created.named).unwrap_or_default());
                }
            }
            if nobody_known { Ok(()) } else { kept.moment(|moment| fold.take(moment, recipient)) }
        })?;
        let mut all = NextFold::default();
        for fold in folds {
            all.merge(fold);
        }
        let known = Known { model, moments: &self.outcome, recipients: self.assessor().recipients(), as_of };
        Ok(all.finish(&known, &people, (tried, failures, &acts.acts), wanted, threads)?)
    }
}
