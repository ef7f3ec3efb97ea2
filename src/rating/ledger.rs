//! The ledger: the state of every act with every recipient, kept up in time order.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::moment::Instant;
use crate::names::{NameId, Names, Numbers, TooMany};
#[cfg(feature = "read")]
use crate::rating::entrants::Entrants;
use crate::rating::escalator::{ActState, Facts};
use crate::rules::Model;

/// One act with one recipient, as a number in the order of first appearance in the input.
pub(crate) type ActId = NameId;

/// The state of each act with each recipient.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    acts: Names,
    numbers: Numbers,
    states: Vec<State>,
    /// When each act was last delivered; kept only where the rules forget.
    last_deliveries: Vec<Option<Instant>>,
    hasher: RandomState,
}

/// An act with its recipient, and what it is at now: 16 bytes.
#[derive(Clone, Copy, Debug)]
struct State {
    key: (NameId, NameId),
    state: ActState,
}

impl Ledger {
    /// How many acts there are, each with its recipient.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    /// The recipient of an act, and the number of its name.
    #[must_use]
    pub(crate) fn act_of(&self, act: ActId) -> (NameId, NameId) {
        self.states[act.index()].key
    }

    /// The name of acts by the number of that.
    #[must_use]
    pub(crate) fn action_name(&self, action: NameId) -> &str {
        self.acts.name(action)
    }

    /// The number of an act with a recipient; equal texts are one act.
    pub(crate) fn act(&mut self, recipient: NameId, act: &str) -> Result<ActId, TooMany> {
        let act = self.acts.add(act)?.0;
        self.add((recipient, act))
    }

    /// The numbers of the acts of interactions with these recipients, in their order; `None` where there is no act.
    /// What each is most likely is looked up before the first is told from it: the waits for memory then overlap.
    #[cfg(feature = "read")]
    pub(crate) fn acts(&mut self, entrants: &Entrants, recipients: &[NameId]) -> Result<Vec<Option<ActId>>, TooMany> {
        let (names, act_of) = entrants.acts()?;
        let acts = names.iter().map(|act| Ok(self.acts.add(act)?.0)).collect::<Result<Vec<_>, _>>()?;
        let look_up = |(act, &recipient): (&Option<NameId>, &NameId)| {
            let key = (recipient, acts[(*act)?.index()]);
            Some((key, self.numbers.find(self.hasher.hash_one(key), |_| true)))
        };
        let likely: Vec<_> = act_of.iter().zip(recipients).map(look_up).collect();
        let number = |likely: Option<_>| {
            let number = likely.map(|(key, likely): (_, Option<ActId>)| {
                let known = likely.filter(|act| self.states[act.index()].key == key);
                known.map_or_else(|| self.add(key), Ok)
            });
            number.transpose()
        };
        likely.into_iter().map(number).collect()
    }

    fn find(&self, key: (NameId, NameId)) -> Option<ActId> {
        self.numbers.find(self.hasher.hash_one(key), |act| self.states[act.index()].key == key)
    }

    fn add(&mut self, key: (NameId, NameId)) -> Result<ActId, TooMany> {
        self.numbers.make_room(self.states.iter().map(|state| self.hasher.hash_one(state.key)));
        if let Some(act) = self.find(key) {
            return Ok(act);
        }
        let act = ActId::at_index(self.states.len())?;
        self.numbers.add(self.hasher.hash_one(key), act);
        self.states.push(State { key, state: ActState::NEW });
        Ok(act)
    }

    /// Gives back what finds acts, once no more are looked up: their numbers keep their states.
    pub(crate) fn close(&mut self) {
        self.numbers.close();
    }

    /// The recipient and the act of a place in the order of first appearance, and the state of the
    /// act now.
    #[must_use]
    pub(crate) fn act_at(&self, index: usize) -> Option<(NameId, &str, ActState)> {
        let State { key: (recipient, act), state, .. } = self.states.get(index)?;
        Some((*recipient, self.acts.name(*act), *state))
    }

    /// Enters one moment of an act and returns the state of the act before it. That is final if the
    /// moments of the act come in time order; if not, they have to be entered again.
    pub(crate) fn settle(&mut self, model: &Model, act: ActId, at: Option<Instant>, facts: Facts) -> ActState {
        let state = &mut self.states[act.index()];
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
        self.states.iter_mut().for_each(|state| state.state = ActState::NEW);
        self.last_deliveries.clear();
    }

    /// Makes these acts new again.
    pub(crate) fn forget_these(&mut self, acts: &[ActId]) {
        for act in acts {
            self.states[act.index()].state = ActState::NEW;
            if let Some(last) = self.last_deliveries.get_mut(act.index()) {
                *last = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_sixteen_bytes() {
        assert_eq!(size_of::<State>(), 16);
    }
}
