//! What came before each failure, of the same recipient on the same path.

use super::fold::{Past, RecoveryFold};
use super::on_paths::Event;
use crate::level::Level;
use crate::signal::SignalSet;

/// What came before a failure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Earlier {
    /// How many failures with a mistake in common.
    pub(super) again: u64,
    /// The level of the last remarked moment.
    pub(super) level: Option<Level>,
}

impl RecoveryFold {
    /// What came before each failure.
    pub(super) fn earlier(&self, threads: usize) -> Vec<Earlier> {
        let of = |past: &Past| (past.recipient, past.path, past.when, past.level);
        let found = self.on_paths(threads, |_| true, &self.past, of, |events, found| self.walk(events, found));
        let mut earlier = vec![Earlier::default(); self.failures.len()];
        for (failure, before) in found.into_iter().flatten() {
            earlier[failure] = before;
        }
        earlier
    }

    /// Walks what one recipient met on one path, in time order.
    fn walk(&self, events: &[Event<Level>], found: &mut Vec<(usize, Earlier)>) {
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
