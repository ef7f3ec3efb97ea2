//! Interactions on their way into the ledger, prepared on any thread: weighed, their recipients hashed
//! and their acts numbered, so that little is left to do for the one thread that enters them in order.

use foldhash::fast::RandomState;

use crate::names::{Hashed, NameId, Names, TooMany};
use crate::rating::entry::{Entry, Weighed};
use crate::rating::escalator::Facts;

/// Some interactions, one after the other.
pub(crate) struct Entrants {
    /// Those whose act is not found yet name none.
    entries: Vec<Entry>,
    facts: Vec<Facts>,
    recipients: Vec<Hashed>,
    /// The names of the recipients, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// The acts that are named, and which of them each interaction is.
    acts: Names,
    act_of: Vec<Option<NameId>>,
    result: Result<(), TooMany>,
}

impl Entrants {
    /// None yet; there is room for this many.
    pub(crate) fn with_room_for(count: usize) -> Self {
        Self {
            entries: Vec::with_capacity(count),
            facts: Vec::with_capacity(count),
            recipients: Vec::with_capacity(count),
            text: String::with_capacity(8 * count),
            ends: Vec::with_capacity(count),
            acts: Names::default(),
            act_of: Vec::with_capacity(count),
            result: Ok(()),
        }
    }

    /// Adds one that has been weighed.
    pub(crate) fn push(&mut self, weighed: Weighed, recipient: &str, act: Option<&str>, hasher: &RandomState) {
        self.entries.push(weighed.entry(None));
        self.facts.push(weighed.facts);
        self.recipients.push(Hashed::of(recipient, hasher));
        self.text.push_str(recipient);
        self.ends.push(self.text.len());
        let act = act.map(|act| self.acts.add(act).map(|(act, _)| act)).transpose();
        self.act_of.push(act.unwrap_or_default());
        self.result = self.result.and(act.map(drop));
    }

    /// Their entries, without their acts.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Their facts, which the entries have packed.
    pub(crate) fn facts(&self) -> &[Facts] {
        &self.facts
    }

    /// Their recipients.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = (Hashed, &str)> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let names = starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end]);
        self.recipients.iter().copied().zip(names)
    }

    /// The names of their acts, each once, and which of them each interaction is.
    ///
    /// # Errors
    /// More acts than there are numbers for.
    pub(crate) fn acts(&self) -> Result<(&Names, &[Option<NameId>]), TooMany> {
        self.result.map(|()| (&self.acts, &*self.act_of))
    }
}
