//! What to do next for the recipients of a settled session.

use std::io::{Read, Seek, Write};
use std::sync::Arc;

use super::settled::Outcome;
use super::{ReportError, SessionError, Settled};
use crate::assess::decay::NumberedActs;
use crate::assess::next_steps::{Agenda, For, Known, NextFold, Tried, UnknownRecipient, surprises};
use crate::assess::people::Met;
use crate::assess::recovery::{Failures, RecoveryFold};
use crate::assess::sorted::Places;
use crate::moment::Instant;

/// What next steps are told from, beside failures and acts.
pub(super) struct Gathered {
    gathered: NextFold,
    people: Arc<[Met]>,
    tried: Tried,
}

impl<S: Read + Write + Seek + Send> Settled<'_, S> {
    /// What to do next for everyone reported, or for those named, the most urgent first (section 8 of the model);
    /// as of an instant, the latest one if none is named.
    ///
    /// # Errors
    /// More names than can be told apart, someone who is named and was never met, what could not be read again.
    pub fn next_steps(&mut self, as_of: Option<Instant>, named: &[String]) -> Result<Agenda<'_>, ReportError> {
        let as_of = as_of.or_else(|| self.latest());
        let failures = self.failures(None, RecoveryFold::default)?;
        self.recoveries = Some(failures.recoveries().into());
        let by_act = Places::of_acts(self.threads, &self.outcome);
        // an act is due however long ago it was done
        let acts = self.acts_since(&by_act, as_of, None);
        let gathered = self.gather_next(&by_act)?;
        let Self { outcome, threads, failures: kept, acts: kept_acts, .. } = self;
        let all = (&*kept.insert(failures), &*kept_acts.insert(acts));
        Ok(outcome.next_of(as_of, gathered, all, For::Named(named), *threads)?)
    }

    /// Gathers what next steps are told from, where it is known which failures were recovered, and by the places of
    /// moments by their acts.
    pub(super) fn gather_next(&mut self, by_act: &Places) -> Result<Gathered, SessionError> {
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
        let mut gathered = NextFold::default();
        for fold in folds {
            gathered.merge(fold);
        }
        Ok(Gathered { gathered, people, tried })
    }
}

impl Outcome<'_> {
    /// What to do next by all failures there are, and by acts, both as of one instant.
    pub(super) fn next_of<'s>(
        &'s self,
        as_of: Option<Instant>,
        Gathered { gathered, people, tried }: Gathered,
        (failures, acts): (&'s Failures, &'s NumberedActs),
        wanted: For<'_>,
        threads: usize,
    ) -> Result<Agenda<'s>, UnknownRecipient> {
        let recipients = self.assessor.recipients();
        let known = Known { model: self.assessor.model(), moments: self, recipients, as_of };
        gathered.finish(known, &people, (tried, failures, &acts.acts), wanted, threads)
    }
}
