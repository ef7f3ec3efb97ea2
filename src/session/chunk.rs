//! Interactions that threads have scanned ahead, on their way into a session: step by step, each step in the order
//! of the input and by one thread at a time, different steps beside each other.

use std::io::{Read, Seek, Write};

use super::collector::{Collected, Collector};
use super::entered::{Entered, Settling};
use super::in_order::Round;
use super::{Session, SessionError};
use crate::names::NameId;
use crate::ordered::Step;
use crate::rating::assessor::{Assessor, Weigher};
use crate::rating::entrants::Entrants;
use crate::rating::entry::Entry;
use crate::record::window::Window;

/// Some interactions, one after the other, prepared as far as any thread can.
pub(crate) struct Prepared {
    pub(crate) entrants: Entrants,
    pub(crate) collected: Collected,
    /// Whom they serve, once that has been found.
    recipients: Vec<NameId>,
}

impl Prepared {
    /// None yet; there is room for this many out of so many bytes.
    pub(crate) fn begin(collector: &Collector<'_>, bytes: usize, count: usize) -> Self {
        let (entrants, collected) = (Entrants::with_room_for(count), collector.begin(bytes));
        Self { entrants, collected, recipients: Vec::new() }
    }
}

/// The steps by which interactions get into a session.
pub(crate) type Steps<'s, E> = Vec<Step<'s, Prepared, E>>;

impl<'m, S: Read + Write + Seek + Send> Session<'m, S> {
    /// The steps for interactions in any order: their recipients are found, then their acts, which are settled, and
    /// then what is kept of them is set aside.
    pub(crate) fn steps<E: From<SessionError>>(&mut self) -> Result<Steps<'_, E>, SessionError> {
        self.set_aside()?;
        let Self { assessor, window, collector, entered, aside, .. } = self;
        let (model, keeps) = (assessor.model(), &collector.keeps);
        let mut steps = entering(assessor, *window, entered);
        steps.push(Box::new(move |prepared| {
            let collected = std::mem::take(&mut prepared.collected);
            Ok(aside.take((model, keeps), collected, &prepared.recipients)?)
        }));
        Ok(steps)
    }

    /// The steps for interactions that are in time order behind all that came before, so that their levels are final
    /// once they are settled: the last one puts them into the round.
    pub(crate) fn steps_in_order<'s, E: From<SessionError>>(&'s mut self, round: &'s mut Round) -> Steps<'s, E> {
        let Self { assessor, window, entered, aside, .. } = self;
        let mut first = entered.entries.len();
        let mut steps = entering(assessor, *window, entered);
        steps.push(Box::new(move |prepared| {
            let entries = prepared.entrants.entries();
            let collected = std::mem::take(&mut prepared.collected);
            aside.tags.merge(collected.tags);
            round.add(first, entries.last().and_then(Entry::at), collected.pack);
            first += entries.len();
            Ok(())
        }));
        steps
    }

    /// What weighs interactions, and what collects what is kept of them, to be shared by threads.
    pub(crate) fn parts(&self) -> (Weigher<'m>, Collector<'m>) {
        (self.assessor.scale(), self.collector.clone())
    }
}

/// The steps by which recipients are found, and acts found and settled.
fn entering<'s, E: From<SessionError>>(
    assessor: &'s mut Assessor<'_>,
    window: Window,
    entered: &'s mut Entered,
) -> Steps<'s, E> {
    let model = assessor.model();
    let (served, ledger) = assessor.books();
    let mut settling = Settling { model, window, ledger };
    vec![
        Box::new(move |Prepared { entrants, recipients, .. }| {
            Ok(served.add_all(entrants.recipients(), recipients).map_err(SessionError::from)?)
        }),
        Box::new(move |Prepared { entrants, recipients, .. }| {
            Ok(entered.extend(entrants, recipients, &mut settling).map_err(SessionError::from)?)
        }),
    ]
}
