//! Interactions that threads have scanned ahead, on their way into a session.

use std::io::{Read, Seek, Write};

use super::{Collected, Collector, Session, SessionError};
use crate::rating::assessor::Weigher;
use crate::rating::entry::Weighed;

impl<'m, S: Read + Write + Seek + Send> Session<'m, S> {
    /// Takes interactions that have been weighed and collected elsewhere, in their order.
    pub(crate) fn add_collected<'n>(
        &mut self,
        moments: impl Iterator<Item = (Weighed, &'n str, Option<&'n str>)> + Clone,
        collected: Collected,
    ) -> Result<(), SessionError> {
        self.set_aside()?;
        self.assessor.enroll_all(moments, &mut self.entries, &mut self.recipients)?;
        self.settle_new();
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
