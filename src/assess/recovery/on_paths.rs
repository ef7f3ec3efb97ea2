//! What each recipient met on each path, failures among it, in time order.

use super::fold::{Failure, RecoveryFold};
use crate::assess::When;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::names::NameId;

/// A failure, by its place, or another moment; what is both comes as a failure first.
pub(super) struct Event<M> {
    path: NameId,
    when: When,
    pub(super) moment: Result<usize, M>,
}

impl RecoveryFold {
    /// What `walk` finds of the failures that count, by their places, as it goes through what one recipient met on one
    /// path: these failures, and `others`, of each of which `of` says whom it served, where, when, and what it is for
    /// `walk`. One list of each thread.
    pub(super) fn on_paths<'o, O: Sync, M, R: Send>(
        &self,
        threads: usize,
        counts: impl Fn(usize) -> bool + Sync,
        others: &'o [O],
        of: impl Fn(&'o O) -> (NameId, NameId, When, M) + Sync,
        walk: impl Fn(&[Event<M>], &mut Vec<(usize, R)>) + Sync,
    ) -> Vec<Vec<(usize, R)>> {
        let failures = &self.failures;
        let event = |place: usize| match failures.get(place) {
            Some(&Failure { path, when, .. }) => Event { path, when, moment: Ok(place) },
            None => {
                let (_, path, when, moment) = of(&others[place - failures.len()]);
                Event { path, when, moment: Err(moment) }
            }
        };
        let whose = |place: usize| match failures.get(place) {
            Some(failure) => counts(place).then_some(failure.recipient),
            None => others.get(place - failures.len()).map(|other| of(other).0),
        };
        let finish = |(), sorted: Sorted<usize>| {
            let (mut found, mut events) = (Vec::new(), Vec::new());
            for (_, places) in sorted.iter() {
                events.clear();
                events.extend(places.iter().map(|&place| event(place)));
                events.sort_unstable_by_key(|event: &Event<M>| (event.path, event.when, event.moment.is_err()));
                for on_path in events.chunk_by(|one, other| one.path == other.path) {
                    walk(on_path, &mut found);
                }
            }
            found
        };
        let count = failures.len() + others.len();
        by_recipient(threads, count, whose, || (), |(), place| place, finish)
    }
}
