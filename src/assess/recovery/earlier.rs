//! What came before each failure, of the same recipient on the same path.

use super::fold::{Failure, RecoveryFold};
use crate::assess::When;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::level::Level;
use crate::names::NameId;
use crate::signal::SignalSet;

/// What came before a failure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Earlier {
    /// How many failures with a mistake in common.
    pub(super) again: u64,
    /// The level of the last remarked moment.
    pub(super) level: Option<Level>,
}

/// A moment of one recipient: a failure, by its place, or one that only lies before others.
struct Event {
    path: NameId,
    when: When,
    moment: Result<usize, Level>,
}

impl RecoveryFold {
    /// What came before each failure.
    pub(super) fn earlier(&self, threads: usize) -> Vec<Earlier> {
        let Self { failures, past, .. } = self;
        let event = |place: usize| match failures.get(place) {
            Some(&Failure { path, when, .. }) => Event { path, when, moment: Ok(place) },
            None => {
                let past = &past[place - failures.len()];
                Event { path: past.path, when: past.when, moment: Err(past.level) }
            }
        };
        let of = |place: usize| {
            let failure = failures.get(place).map(|failure| failure.recipient);
            failure.or_else(|| past.get(place - failures.len()).map(|past| past.recipient))
        };
        let finish = |(), sorted: Sorted<usize>| {
            let mut found = Vec::new();
            let mut events = Vec::new();
            for (_, places) in sorted.iter() {
                events.clear();
                events.extend(places.iter().map(|&place| event(place)));
                // a failure is also a moment that lies before others, and comes in front of that
                events.sort_unstable_by_key(|event: &Event| (event.path, event.when, event.moment.is_err()));
                for on_path in events.chunk_by(|one, other| one.path == other.path) {
                    self.walk(on_path, &mut found);
                }
            }
            found
        };
        let made = by_recipient(threads, failures.len() + past.len(), of, || (), |(), place| place, finish);
        let mut earlier = vec![Earlier::default(); failures.len()];
        for (failure, before) in made.into_iter().flatten() {
            earlier[failure] = before;
        }
        earlier
    }

    /// Walks what one recipient met on one path, in time order.
    fn walk(&self, events: &[Event], found: &mut Vec<(usize, Earlier)>) {
        // many failures have few different sets of mistakes
        let mut before: Vec<(SignalSet, u64)> = Vec::new();
        let mut level = None;
        for event in events {
            let failure = match event.moment {
                Ok(failure) => failure,
                Err(last) => {
                    level = Some(last);
                    continue;
                }
            };
            let mistakes = self.failures[failure].mistakes;
            let alike = before.iter().filter(|(known, _)| !known.and(mistakes).is_empty());
            found.push((failure, Earlier { again: alike.map(|(_, count)| count).sum(), level }));
            match before.iter_mut().find(|(known, _)| *known == mistakes) {
                Some((_, count)) => *count += 1,
                None => before.push((mistakes, 1)),
            }
        }
    }
}
