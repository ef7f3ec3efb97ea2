//! Interactions as they are entered, in the order of the input: each an entry, and what its act stood on.

#[cfg(feature = "read")]
use crate::names::{NameId, TooMany};
#[cfg(feature = "read")]
use crate::rating::entrants::Entrants;
use crate::rating::entry::Entry;
use crate::rating::escalator::{ActState, Facts};
use crate::rating::lateness::Lateness;
use crate::rating::ledger::Ledger;
use crate::record::timing::Timing;
use crate::record::window::{Scope, Window};
use crate::rules::Model;

/// All that have been entered.
#[derive(Default)]
pub(super) struct Entered {
    pub(super) entries: Vec<Entry>,
    /// What the act of each stood on before it; `None` where it names none, or is left out.
    pub(super) states: Vec<Option<ActState>>,
    /// Lifts that the escalator cannot follow, because they name no act.
    pub(super) unseen_lifts: u64,
    pub(super) timing: Timing,
    pub(super) lateness: Lateness,
}

/// What entries are settled by.
pub(super) struct Settling<'s, 'm> {
    pub(super) model: &'m Model,
    pub(super) window: Window,
    pub(super) ledger: &'s mut Ledger,
}

impl Entered {
    /// Notes what is told of all entries together.
    pub(super) fn note(&mut self, entry: &Entry, model: &Model) {
        self.unseen_lifts += u64::from(entry.lift_unseen(model));
        self.timing.take(entry.at().is_some());
    }

    /// Takes an entry whose act has been found, and settles it.
    pub(super) fn push(
        &mut self,
        entry: Entry,
        facts: Facts,
        Settling { model, window, ledger }: &mut Settling<'_, '_>,
    ) {
        self.note(&entry, model);
        let left_out = window.is_bounded() && window.scope(entry.at()) == Scope::LeftOut;
        let act = entry.act().filter(|_| !left_out);
        if let Some(act) = act {
            let Self { entries, states, .. } = self;
            let settled =
                || entries.iter().zip(states).filter_map(|(entry, state)| state.and(Some((entry.act?, entry.at))));
            self.lateness.note(act, entry.at, settled);
        }
        self.states.push(act.map(|act| ledger.settle(model, act, entry.at(), facts)));
        self.entries.push(entry);
    }

    /// Takes interactions that have been prepared, with whom they serve: as one by one, but finds their acts together.
    #[cfg(feature = "read")]
    pub(super) fn extend(
        &mut self,
        entrants: &Entrants,
        recipients: &[NameId],
        settling: &mut Settling<'_, '_>,
    ) -> Result<(), TooMany> {
        let acts = settling.ledger.acts(entrants, recipients)?;
        self.entries.reserve(acts.len());
        self.states.reserve(acts.len());
        for ((entry, &facts), act) in entrants.entries().iter().zip(entrants.facts()).zip(acts) {
            self.push(Entry { act, ..*entry }, facts, settling);
        }
        Ok(())
    }
}
