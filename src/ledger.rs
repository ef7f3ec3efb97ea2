//! The ledger: what every act stands on with every recipient, kept up in time order.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::{HashSet, HashTable};
use hashbrown::hash_table::Entry as Slot;

use crate::escalator::{Facts, Footing};
use crate::model::Model;
use crate::moment::Instant;
use crate::names::{NameId, Names, TooMany};

/// One act with one recipient, as a number in the order of first appearance in the input.
pub type ActId = NameId;

/// State per (recipient, act).
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    recipients: Names,
    acts: Names,
    table: HashTable<Known>,
    keys: Vec<(NameId, NameId)>,
    states: Vec<State>,
    /// Acts of which a moment came after a later one.
    late: Vec<ActId>,
    hasher: RandomState,
}

/// A recipient, an act and their number, side by side: looking one up touches one place in memory.
#[derive(Clone, Copy, Debug)]
struct Known {
    key: (NameId, NameId),
    index: u32,
}

#[derive(Clone, Copy, Debug)]
struct State {
    footing: Footing,
    last_delivery: Option<Instant>,
    /// The time of the latest moment in microseconds, or that one has come late.
    latest: i64,
}

impl State {
    const NEW: Self = Self { footing: Footing::NEW, last_delivery: None, latest: i64::MIN };

    /// In place of the time of the latest moment: a moment has come late.
    const LATE: i64 = i64::MAX;
}

impl Ledger {
    /// The number of a recipient; equal texts are one recipient.
    pub fn recipient(&mut self, recipient: &str) -> Result<NameId, TooMany> {
        Ok(self.recipients.add(recipient)?.0)
    }

    /// The numbers of recipients, in their order, added to `numbers`.
    pub fn recipients<'n>(
        &mut self,
        recipients: impl Iterator<Item = &'n str> + Clone,
        numbers: &mut Vec<NameId>,
    ) -> Result<(), TooMany> {
        self.recipients.add_all(recipients, |recipient, _| {
            numbers.push(recipient);
            true
        })
    }

    /// The number of an act with a recipient; equal texts are one act.
    pub fn act(&mut self, recipient: NameId, act: &str) -> Result<ActId, TooMany> {
        let act = self.acts.add(act)?.0;
        self.add((recipient, act))
    }

    /// The numbers of acts, each with its recipient, handed to `each` in their
    /// order; `None` where there is no act. All are looked up before the first is added.
    pub fn acts<'n>(
        &mut self,
        acts: impl Iterator<Item = (NameId, Option<&'n str>)>,
        mut each: impl FnMut(Option<ActId>),
    ) -> Result<(), TooMany> {
        let mut keys = Vec::new();
        for (recipient, act) in acts {
            keys.push(act.map(|act| Ok((recipient, self.acts.add(act)?.0))).transpose()?);
        }
        let known = |key| {
            let hash = self.hasher.hash_one(key);
            self.table.find(hash, |known| known.key == key).map(|known| known.index)
        };
        let known: Vec<Option<u32>> = keys.iter().map(|key| key.and_then(known)).collect();
        for (key, known) in keys.into_iter().zip(known) {
            each(match (key, known) {
                (None, _) => None,
                (Some(_), Some(known)) => Some(NameId::at_index(known as usize)?),
                (Some(key), None) => Some(self.add(key)?),
            });
        }
        Ok(())
    }

    fn add(&mut self, key: (NameId, NameId)) -> Result<ActId, TooMany> {
        let Self { table, keys, states, hasher, .. } = self;
        let slot = table.entry(
            hasher.hash_one(key),
            |known| known.key == key,
            |known| hasher.hash_one(known.key),
        );
        let index = match slot {
            Slot::Occupied(known) => known.get().index,
            Slot::Vacant(free) => {
                let index = u32::try_from(states.len()).map_err(|_| TooMany)?;
                free.insert(Known { key, index });
                keys.push(key);
                states.push(State::NEW);
                index
            }
        };
        NameId::at_index(index as usize)
    }

    /// The recipient and the act of a place in the order of first appearance,
    /// and what the act stands on now.
    #[must_use]
    pub fn act_at(&self, index: usize) -> Option<(&str, &str, Footing)> {
        let (recipient, act) = self.keys.get(index)?;
        Some((self.recipients.name(*recipient), self.acts.name(*act), self.states.get(index)?.footing))
    }

    /// Enters one moment of an act and gives back what the act stood on before
    /// it. That is final if the moments of the act come in time order; if not,
    /// it is [late](Self::take_late) and they have to be entered again.
    pub fn settle(&mut self, model: &Model, act: ActId, at: Option<Instant>, facts: Facts) -> Footing {
        let state = &mut self.states[act.index()];
        let time = at.map_or(0, Instant::micros);
        if time >= state.latest {
            state.latest = time;
        } else if state.latest != State::LATE {
            state.latest = State::LATE;
            self.late.push(act);
        }
        if let (Some(memory), Some(last), Some(at)) = (model.escalator().memory, state.last_delivery, at)
            && at.micros_since(last) > memory.micros()
        {
            (state.footing, state.last_delivery) = (Footing { forgotten: true, ..Footing::NEW }, None);
        }
        let before = state.footing;
        state.footing = before.after(facts);
        if facts.delivered() {
            state.last_delivery = at;
        }
        before
    }

    /// Makes all acts new again.
    pub fn forget(&mut self) {
        self.states.fill(State::NEW);
        self.late.clear();
    }

    /// Takes the acts of which a moment came after a later one, and makes them new again.
    pub fn take_late(&mut self) -> HashSet<ActId, RandomState> {
        let late = std::mem::take(&mut self.late);
        for act in &late {
            self.states[act.index()] = State::NEW;
        }
        late.into_iter().collect()
    }
}
