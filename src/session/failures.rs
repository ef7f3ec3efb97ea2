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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use crate::assess::Dimension;
    use crate::assess::recovery::{By, Item};
    use crate::moment::Days;
    use crate::rating::recipients::Recipients;
    use crate::record::window::Window;
    use crate::{Keeps, Model, RecipientRecord, Record, Session};

    #[test]
    fn several_threads_find_of_failures_what_one_finds() {
        let model = Model::shipped();
        let worth = |number: usize| Some(["30 EUR", "7.5 USD", "3"][number % 3].to_owned());
        let known = (0..12).map(|number| RecipientRecord {
            id: format!("r{number}"),
            worth: worth(number).filter(|_| number % 4 > 0),
            ..RecipientRecord::default()
        });
        let known = Recipients::of(&model, &known.collect::<Vec<_>>()).expect("people");
        let mut session = Session::with(&model, known, Window::default(), Keeps::ALL, Cursor::new(Vec::new()));
        // every third recovers the one before it, at a cost in one of three units; some come back after all that failed
        for number in 0..600_usize {
            let recovers = number % 3 == 2 && number < 560;
            let signal = if number < 560 { ["late", "unexplained", "as-hoped"][number % 3] } else { "as-agreed" };
            let record = Record {
                id: (number % 17 > 0).then(|| format!("i{number}")),
                at: Some(format!("2026-{:02}-{:02}", 1 + number / 300, 1 + number / 11 % 27)),
                action: (number % 5 > 0).then(|| format!("act {}", number % 4)),
                signals: vec![signal.to_owned()],
                verdict: (recovers && number % 2 > 0).then(|| "desired".to_owned()),
                recovers: recovers.then(|| format!("i{}", number - 1)),
                cost: (recovers && number % 4 > 0).then(|| ["0.1 EUR", "12 USD", "5"][number % 7 % 3].to_owned()),
                response: (number % 6 == 1).then(|| "responsibility".to_owned()),
                ..Record::new(format!("r{}", number / 3 * 5 % 29), ["a", "b"][number / 3 % 2])
            };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        let mut settled = session.settle().expect("settled");
        let point = By::Of(Dimension::Point);
        for by in
            [vec![], vec![point.clone()], vec![By::Signal, By::Response], vec![By::Of(Dimension::Recipient), point]]
        {
            for link_within in [None, Some(Days::new(3.try_into().expect("days")))] {
                let mut of = |threads: usize| {
                    settled.threads = threads;
                    let (report, failed) = settled.recovery(link_within, &by).expect("a report");
                    assert!(failed.len() > 300 && report.by.iter().any(|group| !group.spent.is_empty()));
                    assert!(report.by.iter().any(|group| group.came_back.count > 0 && !group.acts.is_empty()));
                    assert_eq!(report.failures, failed.len() as u64);
                    let parts = (0..failed.len()).step_by(7).flat_map(|start| failed.part(start..start + 7));
                    assert!(parts.eq(failed.iter()));
                    report.with_items(failed.iter())
                };
                let one = of(1);
                assert!(one.items.iter().any(|item: &Item<'_>| item.id.is_none()));
                for threads in [2, 3, 64] {
                    assert_eq!(of(threads), one, "{threads} {by:?}");
                }
            }
        }
    }
}
