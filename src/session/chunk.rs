//! Interactions that threads have scanned ahead, on their way into a session.

use std::io::{Read, Seek, Write};

use super::{Collected, Collector, Session, SessionError};
use crate::rating::assessor::Weigher;
use crate::rating::entrants::Entrants;
use crate::record::window::Scope;

impl<'m, S: Read + Write + Seek + Send> Session<'m, S> {
    /// Takes interactions that have been prepared and collected elsewhere, in their order.
    pub(crate) fn add_collected(&mut self, entrants: &Entrants, collected: Collected) -> Result<(), SessionError> {
        self.set_aside()?;
        let from = self.entries.len();
        self.assessor.enroll_all(entrants, &mut self.entries, &mut self.recipients)?;
        let entered = &self.entries[from..];
        if let Some(first) = entered.first() {
            self.timing.take(first.at().is_some());
        }
        let (model, bounded) = (self.assessor.model(), self.window.is_bounded());
        for (entry, &facts) in entered.iter().zip(entrants.facts()) {
            self.unseen_lifts += u64::from(entry.act().is_none() && entry.lift_unseen(model));
            let left_out = bounded && self.window.scope(entry.at()) == Scope::LeftOut;
            self.states.push(if left_out { None } else { self.assessor.settle_as(entry, facts) });
        }
        let recipients = std::mem::take(&mut self.recipients);
        self.keep(collected, &recipients)?;
        self.recipients = recipients;
        self.recipients.clear();
        Ok(())
    }

    /// What weighs interactions, and what collects what is kept of them, to be shared by threads.
    pub(crate) fn parts(&self) -> (Weigher<'m>, Collector<'m>) {
        (self.assessor.scale(), self.collector.clone())
    }
}
