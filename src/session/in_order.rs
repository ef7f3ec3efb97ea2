//! Interactions that come in time order: settled as they come, and forgotten once their rows are made.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};

use super::settled::{Kept, Outcome};
use super::{Session, SessionError};
use crate::moment::Instant;
use crate::rating::assessor::Assessor;
use crate::rating::recipients::Recipients;
use crate::record::packed::Pack;

/// Interactions that came together, in time order behind all others, and are settled.
#[derive(Default)]
pub(crate) struct Round {
    packs: Vec<(usize, Pack)>,
    latest: Option<Instant>,
}

impl Round {
    /// The time of the last of them.
    pub(crate) const fn latest(&self) -> Option<Instant> {
        self.latest
    }

    /// Adds what was packed of interactions, the last of them at this time; `first` is the place of the first.
    pub(super) fn add(&mut self, first: usize, latest: Option<Instant>, pack: Pack) {
        self.latest = latest;
        self.packs.push((first, pack));
    }
}

impl<'m, S: Read + Write + Seek + Send> Session<'m, S> {
    /// As [`Settled::map`](super::Settled::map), of a round; nothing is kept of it but its acts.
    pub(crate) fn map_round<M: Send, E: From<SessionError> + Send>(
        &mut self,
        round: Round,
        threads: usize,
        begin: impl Fn() -> M + Sync,
        make: impl Fn(&Kept<'_, 'm>, &mut M) -> Result<(), E> + Sync,
        hand_over: impl FnMut(M) -> Result<bool, E> + Send,
    ) -> Result<(), E> {
        if round.packs.is_empty() {
            return Ok(());
        }
        // the acts are lent to the threads meanwhile
        let lent = Assessor::new(self.model(), Recipients::default());
        let mut outcome = Outcome {
            assessor: std::mem::replace(&mut self.assessor, lent),
            window: self.window,
            entries: std::mem::take(&mut self.entered.entries),
            states: std::mem::take(&mut self.entered.states),
            taken_back: BTreeSet::new(),
            rated: Vec::new(),
            served: Vec::new(),
        };
        let mut packs = round.packs.into_iter();
        let result = outcome.map(threads, || Ok(packs.next()), begin, make, hand_over);
        outcome.entries.clear();
        outcome.states.clear();
        (self.assessor, self.entered.entries, self.entered.states) =
            (outcome.assessor, outcome.entries, outcome.states);
        result
    }
}
