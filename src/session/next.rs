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
    fold: NextFold,
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
        // those of before are told no more
        (self.failures, self.acts) = (None, None);
        let failures = self.failures(None, RecoveryFold::default)?;
        self.recoveries = Some(failures.recoveries().into());
        let by_act = Places::of_acts(self.threads, &self.outcome);
        // an act is due however long ago it was done
        let acts = self.acts_since(&by_act, as_of, None);
        let gathered = self.gather_next(&by_act)?;
        drop(by_act);
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
        let mut all = NextFold::default();
        for fold in folds {
            all.merge(fold);
        }
        Ok(Gathered { fold: all, people, tried })
    }
}

impl Outcome<'_> {
    /// What to do next by all failures there are, and by acts, both as of one instant.
    pub(super) fn next_of<'s>(
        &'s self,
        as_of: Option<Instant>,
        Gathered { fold, people, tried }: Gathered,
        (failures, acts): (&'s Failures, &'s NumberedActs),
        wanted: For<'_>,
        threads: usize,
    ) -> Result<Agenda<'s>, UnknownRecipient> {
        let recipients = self.assessor.recipients();
        let known = Known { model: self.assessor.model(), moments: self, recipients, as_of };
        fold.finish(known, &people, (tried, failures, &acts.acts), wanted, threads)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::Range;

    use crate::assess::loyalty::Loyalty;
    use crate::assess::next_steps::{Counts, NextSteps};
    use crate::rating::recipients::Recipients;
    use crate::record::window::Window;
    use crate::{Keeps, Model, RecipientRecord, Record, Session};

    #[test]
    fn what_is_due_is_counted_as_it_is_told() {
        let model = Model::shipped();
        let known = (0..10).map(|number| RecipientRecord {
            id: format!("r{number}"),
            prefers: vec![("channel".to_owned(), vec![["phone", "email"][number % 2].to_owned()])],
            ..RecipientRecord::default()
        });
        let known = Recipients::of(&model, &known.collect::<Vec<_>>()).expect("people");
        let mut session = Session::with(&model, known, Window::default(), Keeps::ALL, Cursor::new(Vec::new()));
        // acts that come again every few days, well, late, left out or unwelcome; some people are met on one day only
        for number in 0..400_usize {
            let recipient = number * 7 % 40 * (number % 3) / 2;
            let signal = ["story-told", "late", "as-hoped", "omitted", "unwelcome", "went-beyond"][number * 5 % 11 % 6];
            let record = Record {
                id: Some(format!("i{number}")),
                at: Some(format!("2026-{:02}-{:02}", 1 + number / 200, 1 + number / 8 % 25)),
                action: (number % 5 > 0).then(|| format!("act {}", number % 4)),
                channel: (number % 2 > 0).then(|| "phone".to_owned()),
                signals: model.signal(signal).map(|_| signal.to_owned()).into_iter().collect(),
                recovers: (number % 9 == 0 && number > 20).then(|| format!("i{}", number - 14)),
                ..Record::new(format!("r{recipient}"), ["a", "b"][number / 2 % 2])
            };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        // an act that is overdue, and one that is only about to rest
        for (month, day) in [("01", 1), ("01", 3), ("01", 5), ("02", 21), ("02", 23), ("02", 25)] {
            let at = Some(format!("2026-{month}-{day:02}"));
            let verdict = (day < 23 && day != 3).then(|| "surprising".to_owned());
            let signals = vec!["as-hoped".to_owned()];
            let record = Record {
                at,
                action: Some("card".to_owned()),
                verdict,
                signals,
                ..Record::new(format!("met in {month}"), "a")
            };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        let mut settled = session.settle().expect("settled");
        let agenda = settled.next_steps(None, &[]).expect("steps");
        let told: Vec<NextSteps> = agenda.iter().collect();
        let number = |of: &dyn Fn(&NextSteps) -> bool| told.iter().filter(|person| of(person)).count() as u64;
        let counted = Counts {
            due: number(&NextSteps::is_due),
            at_risk: number(&|person| person.loyalty == Loyalty::AtRisk),
            open: number(&|person| !person.open.is_empty()),
            overdue: number(&|person| person.acts.iter().any(|act| act.overdue == Some(true))),
            missed: number(&|person| person.wishes.iter().any(|wish| wish.met < wish.compared)),
        };
        assert_eq!(agenda.counts(), counted);
        let some = [counted.due, counted.at_risk, counted.open, counted.overdue, counted.missed];
        assert!(some.iter().all(|some| (1..agenda.len() as u64).contains(some)), "{counted:?} of {}", agenda.len());
        for length in [1, 2, 7, told.len(), told.len() + 3] {
            let starts = (0..told.len()).step_by(length);
            let parts: Vec<NextSteps> = starts.flat_map(|start| agenda.part(start..start + length)).collect();
            assert_eq!(parts, told, "{length}");
        }
        for none in [told.len()..told.len() + 1, usize::MAX - 1..usize::MAX, Range { start: 3, end: 1 }] {
            assert_eq!(agenda.part(none.clone()).count(), 0, "{none:?}");
        }
    }
}
