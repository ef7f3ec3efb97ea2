//! Which recoveries each failure has.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::fold::{Recovery, RecoveryFold};
use super::on_paths::Event;
use crate::moment::Days;

impl RecoveryFold {
    /// Which recoveries each failure has, in time order; with each, whether it is assumed.
    pub(super) fn recoveries<'f>(&'f self, threads: usize) -> (Vec<(Vec<Recovery>, bool)>, u64) {
        let mut found = vec![(Vec::new(), false); self.failures.len()];
        let mut dangling = 0;
        let mut by_id: HashMap<&str, Option<usize>, RandomState> = HashMap::default();
        by_id.extend(self.named.iter().map(|(id, _)| (id.as_str(), None)));
        if !by_id.is_empty() {
            for (index, failure) in self.failures.iter().enumerate() {
                let known = self.id(failure).and_then(|id| by_id.get_mut(id));
                // of several with one id the last in the input counts
                if let Some(known) = known
                    && known.is_none_or(|before| self.failures[before].when.index < failure.when.index)
                {
                    *known = Some(index);
                }
            }
        }
        for (failure, recovery) in &self.named {
            // only what comes after a failure can recover it
            match by_id.get(failure.as_str()) {
                Some(&Some(index)) if self.failures[index].when < recovery.when => found[index].0.push(*recovery),
                _ => dangling += 1,
            }
        }
        if let Some(within) = self.link_within {
            let is_unnamed = |place: usize| found[place].0.is_empty();
            let of = |(recipient, path, moment): &'f (_, _, Recovery)| (*recipient, *path, moment.when, moment);
            let walk = |events: &[Event<&'f Recovery>], next: &mut Vec<_>| self.link(events, within, next);
            let assumed = self.on_paths(threads, is_unnamed, &self.sequence, of, walk);
            for (failure, next) in assumed.into_iter().flatten() {
                found[failure] = (vec![*next], true);
            }
        }
        for (recoveries, _) in &mut found {
            recoveries.sort_by_key(|recovery| recovery.when);
        }
        (found, dangling)
    }

    /// Which moment comes next after each failure, in that time, of what one recipient met on one path.
    fn link<'f>(&self, events: &[Event<&'f Recovery>], within: Days, next: &mut Vec<(usize, &'f Recovery)>) {
        let mut waiting: Vec<usize> = Vec::new();
        for event in events {
            let moment = match event.moment {
                Ok(failure) => {
                    waiting.push(failure);
                    continue;
                }
                Err(moment) => moment,
            };
            // a failure is a moment, too, and that does not come after it
            for failure in waiting.extract_if(.., |failure| self.failures[*failure].when < moment.when) {
                let times = self.failures[failure].when.at.zip(moment.when.at);
                if times.is_some_and(|(from, to)| to.micros_since(from) <= within.micros()) {
                    next.push((failure, moment));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::assess::recovery::fold::Lived;
    use crate::assess::{Rated, When};
    use crate::level::Level;
    use crate::names::NameId;
    use crate::rating::escalator::Reason;
    use crate::signal::SignalSet;
    use crate::{Model, Record};

    /// Whom a moment served and where, on which day, and whether it was a failure.
    type Met = (usize, bool, u32, bool);

    fn gathered(model: &Model, met: &[Met], within: Days) -> RecoveryFold {
        let mut fold = RecoveryFold::new(Some(within));
        for (index, &(recipient, desk, day, failure)) in met.iter().enumerate() {
            let record = Record {
                at: Some(format!("2026-01-{day:02}")),
                ..Record::new(format!("{recipient}"), if desk { "desk" } else { "door" })
            };
            let interaction = &record.check(model).expect("an interaction");
            let when = When { at: interaction.at.as_ref().map(|at| at.instant), index: index as u64 };
            let rated = Rated { level: Level::Basic, reason: Reason::Facts, failure };
            let recipient = NameId::at_index(recipient).expect("room");
            let lived = Lived { interaction, rated, when, recipient, reported: true, mistakes: SignalSet::EMPTY };
            fold.take(lived).expect("room");
        }
        fold
    }

    /// The place of the next moment of the same recipient on the same path, if it is not later than that.
    fn next(met: &[Met], failure: usize, within: u32) -> Option<usize> {
        let (recipient, desk, from, _) = met[failure];
        let after = (0..met.len()).filter(|&place| (met[place].2, place) > (from, failure));
        let same = after.filter(|&place| (met[place].0, met[place].1) == (recipient, desk));
        same.min_by_key(|&place| (met[place].2, place)).filter(|&place| met[place].2 - from <= within)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_failure_has_the_next_moment_of_its_recipient_on_its_path(
            met in vec((0_usize..3, any::<bool>(), 1_u32..9, any::<bool>()), 0..40),
            within in 1_u32..5,
            threads in 1_usize..4,
        ) {
            let days = Days::new(within.try_into().expect("not none"));
            let fold = gathered(&Model::shipped(), &met, days);
            let (found, dangling) = fold.recoveries(threads);
            prop_assert_eq!(dangling, 0);
            let failures = (0..met.len()).filter(|&place| met[place].3);
            for (failure, (recoveries, assumed)) in failures.zip(found) {
                let found = recoveries.first().map(|recovery| usize::try_from(recovery.when.index).expect("a place"));
                prop_assert_eq!(found, next(&met, failure, within), "{}", failure);
                prop_assert_eq!((recoveries.len(), assumed), (usize::from(found.is_some()), found.is_some()));
            }
        }
    }
}
