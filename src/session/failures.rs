//! Failures of a settled session, and whether they bounced back.

use std::io::{Read, Seek, Write};

use super::settled::Outcome;
use super::{SessionError, Settled};
use crate::assess::Moments as _;
use crate::assess::recovery::{By, Failed, Failures, Lived, RecoveryFold, RecoveryReport};
use crate::moment::Days;
use crate::record::field::Field;
use crate::record::packed::Fields;
use crate::record::window::Scope;
use crate::signal::SignalSet;

impl Outcome<'_> {
    /// What became of failures, and those that are reported.
    pub(super) fn recovery_of<'s>(
        &'s self,
        failures: &'s Failures,
        threads: usize,
    ) -> Result<(RecoveryReport<'s>, Failed<'s>), SessionError> {
        Ok(failures.report(self.assessor.model(), self, self.assessor.recipients(), threads)?)
    }
}

impl<S: Read + Write + Seek + Send> Settled<'_, S> {
    /// Failures, and whether they bounced back (section 9 of the model), with how failures of each kind are met: grouped by
    /// these, all together where there is none. The failures themselves are listed beside the report.
    ///
    /// # Errors
    /// More names than can be told apart, what could not be read again; costs that do not add up exactly.
    pub fn recovery(
        &mut self,
        link_within: Option<Days>,
        by: &[By],
    ) -> Result<(RecoveryReport<'_>, Failed<'_>), SessionError> {
        // those of before are told no more
        self.failures = None;
        let failures = self.failures(None, || RecoveryFold::new(link_within).by(by.to_vec()))?;
        let Self { outcome, threads, failures: kept, .. } = self;
        outcome.recovery_of(kept.insert(failures), *threads)
    }

    /// Failures, and what came of them. Where only one `path` is asked for, of all others only what recovers something.
    pub(super) fn failures(
        &mut self,
        path: Option<&str>,
        begin: impl Fn() -> RecoveryFold + Sync,
    ) -> Result<Failures, SessionError> {
        const CONCERN: [Field; 3] = [Field::Recovers, Field::Response, Field::Cost];
        self.needs(Fields::ALL)?;
        self.rate();
        let failed = self.failed();
        let folds = self.fold(&begin, |fold, kept| {
            let (rated, when) = (kept.rated(), kept.when());
            let Some(recipient) = kept.recipient() else { return Ok(()) };
            if let Some(path) = path
                && kept.outline()?.point != path
                && !kept.has_any(&[Field::Recovers])
            {
                return Ok(());
            }
            if !fold.asks(rated) && !kept.has_any(&CONCERN) {
                if fold.asks_all() && failed[recipient.index()] && rated.remarked() {
                    fold.pass(recipient, &kept.outline()?.point, when, rated)?;
                }
                return Ok(());
            }
            let reported = kept.scope == Scope::Reported;
            kept.moment(|moment| {
                let mistakes = if rated.failure { moment.mistakes() } else { SignalSet::EMPTY };
                let interaction = moment.interaction;
                fold.take(Lived { interaction, rated, when, recipient, reported, mistakes })
            })?
            .map_err(SessionError::from)
        })?;
        let mut folds = folds.into_iter();
        let mut all = folds.next().unwrap_or_else(&begin);
        folds.try_for_each(|fold| all.merge(fold))?;
        Ok(all.finish(self.threads))
    }

    /// Of every recipient, whether anything failed for them: what came before a failure is only asked of those.
    fn failed(&self) -> Vec<bool> {
        let outcome = &self.outcome;
        let mut failed = vec![false; outcome.recipients()];
        for index in (0..outcome.count()).filter(|&index| outcome.rated(index).failure) {
            if let Some(recipient) = outcome.recipient(index) {
                failed[recipient.index()] = true;
            }
        }
        failed
    }
}
