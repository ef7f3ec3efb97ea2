//! The ledger: the state of every act with every recipient, kept up in time order.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::hash_table::Entry as Slot;
use hashbrown::{HashSet, HashTable};

use crate::moment::Instant;
use crate::names::{NameId, Names, TooMany, spread};
#[cfg(feature = "read")]
use crate::rating::entrants::Entrants;
use crate::rating::escalator::{ActState, Facts};
use crate::rules::Model;

/// One act with one recipient, as a number in the order of first appearance in the input.
pub(crate) type ActId = NameId;

/// State per (recipient, act).
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    recipients: Names,
    acts: Names,
    table: HashTable<Known>,
    states: Vec<State>,
    /// When each act was last delivered; kept only where the rules forget.
    last_deliveries: Vec<Option<Instant>>,
    /// Acts of which a moment came after a later one.
    late: Vec<ActId>,
    hasher: RandomState,
}

/// Where in the states an act is, with half of its hash, so that the states
/// need not be looked at when the table grows.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u32,
    index: u32,
}

/// An act with its recipient, and all that is needed to settle its next moment: 24 bytes.
#[derive(Clone, Copy, Debug)]
struct State {
    key: (NameId, NameId),
    state: ActState,
    /// The time of the latest moment in microseconds, or that one has come late.
    latest: i64,
}

impl State {
    const fn new(key: (NameId, NameId)) -> Self {
        Self { key, state: ActState::NEW, latest: i64::MIN }
    }

    /// In place of the time of the latest moment: a moment has come late.
    const LATE: i64 = i64::MAX;
}

impl Ledger {
    /// A ledger of which nothing is known yet, that hashes recipients by this.
    pub(crate) fn new(hasher: RandomState) -> Self {
        Self { recipients: Names::with_hasher(hasher), ..Self::default() }
    }

    /// The number of a recipient; equal texts are one recipient.
    pub(crate) fn recipient(&mut self, recipient: &str) -> Result<NameId, TooMany> {
        Ok(self.recipients.add(recipient)?.0)
    }

    /// The number of the name of an act of someone.
    #[must_use]
    pub(crate) fn action_of(&self, act: ActId) -> NameId {
        self.states[act.index()].key.1
    }

    /// The name of acts by the number of that.
    #[must_use]
    pub(crate) fn action_name(&self, action: NameId) -> &str {
        self.acts.name(action)
    }

    /// The name of a recipient.
    #[must_use]
    pub(crate) fn recipient_name(&self, recipient: NameId) -> &str {
        self.recipients.name(recipient)
    }

    /// How many different recipients there were.
    #[must_use]
    pub(crate) fn recipients_met(&self) -> usize {
        self.recipients.len()
    }

    /// The numbers of the recipients of interactions, in their order, added to `numbers`.
    #[cfg(feature = "read")]
    pub(crate) fn recipients(&mut self, entrants: &Entrants, numbers: &mut Vec<NameId>) -> Result<(), TooMany> {
        self.recipients.add_all(entrants.recipients(), numbers)
    }

    /// The number of an act with a recipient; equal texts are one act.
    pub(crate) fn act(&mut self, recipient: NameId, act: &str) -> Result<ActId, TooMany> {
        let act = self.acts.add(act)?.0;
        self.add((recipient, act))
    }

    /// The numbers of the acts of interactions with these recipients, passed to `each` in their order; `None`
    /// where there is no act. All are looked up before the first is added.
    #[cfg(feature = "read")]
    pub(crate) fn acts(
        &mut self,
        entrants: &Entrants,
        recipients: &[NameId],
        mut each: impl FnMut(Option<ActId>),
    ) -> Result<(), TooMany> {
        let (names, act_of) = entrants.acts()?;
        let acts = names.iter().map(|act| Ok(self.acts.add(act)?.0)).collect::<Result<Vec<_>, _>>()?;
        let find = |(act, &recipient): (&Option<NameId>, &NameId)| {
            let key = (recipient, acts[(*act)?.index()]);
            let hash = self.half_hash(key);
            let same = |known: &Known| known.hash == hash && self.states[known.index as usize].key == key;
            Some((key, self.table.find(spread(hash), same).map(|known| known.index)))
        };
        let found: Vec<_> = act_of.iter().zip(recipients).map(find).collect();
        for found in found {
            each(match found {
                None => None,
                Some((_, Some(known))) => Some(NameId::at_index(known as usize)?),
                Some((key, None)) => Some(self.add(key)?),
            });
        }
        Ok(())
    }

    fn add(&mut self, key: (NameId, NameId)) -> Result<ActId, TooMany> {
        let hash = self.half_hash(key);
        let Self { table, states, .. } = self;
        let same = |known: &Known| known.hash == hash && states[known.index as usize].key == key;
        let index = match table.entry(spread(hash), same, |known| spread(known.hash)) {
            Slot::Occupied(known) => known.get().index,
            Slot::Vacant(free) => {
                let index = u32::try_from(states.len()).map_err(|_| TooMany)?;
                free.insert(Known { hash, index });
                states.push(State::new(key));
                index
            }
        };
        NameId::at_index(index as usize)
    }

    fn half_hash(&self, key: (NameId, NameId)) -> u32 {
        (self.hasher.hash_one(key) >> 32) as u32
    }

    /// The recipient and the act of a place in the order of first appearance, and the state of the
    /// act now.
    #[must_use]
    pub(crate) fn act_at(&self, index: usize) -> Option<(&str, &str, ActState)> {
        let State { key: (recipient, act), state, .. } = self.states.get(index)?;
        Some((self.recipients.name(*recipient), self.acts.name(*act), *state))
    }

    /// Enters one moment of an act and returns the state of the act before it. That is final if the
    /// moments of the act come in time order; if not, it is [late](Self::take_late) and they have
    /// to be entered again.
    pub(crate) fn settle(&mut self, model: &Model, act: ActId, at: Option<Instant>, facts: Facts) -> ActState {
        let state = &mut self.states[act.index()];
        let time = at.map_or(0, Instant::micros);
        if time >= state.latest {
            state.latest = time;
        } else if state.latest != State::LATE {
            state.latest = State::LATE;
            self.late.push(act);
        }
        let memory = model.escalator().memory;
        if let Some(memory) = memory
            && let Some(Some(last)) = self.last_deliveries.get(act.index())
            && at.is_some_and(|at| at.micros_since(*last) > memory.micros())
        {
            state.state = ActState { forgotten: true, ..ActState::NEW };
            self.last_deliveries[act.index()] = None;
        }
        let before = state.state;
        state.state = before.after(model, facts);
        if memory.is_some() && facts.delivered() {
            if self.last_deliveries.len() <= act.index() {
                self.last_deliveries.resize(self.states.len(), None);
            }
            self.last_deliveries[act.index()] = at;
        }
        before
    }

    /// Makes all acts new again.
    pub(crate) fn forget(&mut self) {
        for state in &mut self.states {
            *state = State::new(state.key);
        }
        self.last_deliveries.clear();
        self.late.clear();
    }

    /// Takes the acts of which a moment came after a later one, and makes them new again.
    pub(crate) fn take_late(&mut self) -> HashSet<ActId, RandomState> {
        let late = std::mem::take(&mut self.late);
        for act in &late {
            let state = &mut self.states[act.index()];
            *state = State::new(state.key);
            if let Some(last) = self.last_deliveries.get_mut(act.index()) {
                *last = None;
            }
        }
        late.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_twenty_four_bytes() {
        assert_eq!(size_of::<State>(), 24);
    }
}
