//! Where records go as they are read: into a session, or one by one to a closure.

use std::io::{Read, Seek, Write};

use super::error::Result;
use super::recorded::Recorded;
use crate::rating::assessor::Weigher;
use crate::rating::entrants::Entrants;
use crate::record::interaction::Interaction;
use crate::session::{Collected, Collector, Session};

/// Who takes records as they are read.
pub(super) trait Sink<'m>: Send {
    /// What scans chunks of records ahead, for those to whom what is collected is enough.
    fn parts(&self) -> Option<(Weigher<'m>, Collector<'m>)>;

    /// Takes a record; `false` if no more are wanted.
    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool>;

    /// Takes records that were scanned ahead.
    fn scanned(&mut self, entrants: &Entrants, collected: Collected) -> Result<()>;
}

/// Puts records into a session.
pub(crate) struct IntoSession<'s, 'm, S>(pub(crate) &'s mut Session<'m, S>);

impl<'m, S: Read + Write + Seek + Send> Sink<'m> for IntoSession<'_, 'm, S> {
    fn parts(&self) -> Option<(Weigher<'m>, Collector<'m>)> {
        Some(self.0.parts())
    }

    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool> {
        self.0.add_at(interaction, || recorded.position())?;
        Ok(true)
    }

    fn scanned(&mut self, entrants: &Entrants, collected: Collected) -> Result<()> {
        Ok(self.0.add_collected(entrants, collected)?)
    }
}

/// Passes each record to a closure.
pub(super) struct Each<F>(pub(super) F);

impl<'m, F: FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool> + Send> Sink<'m> for Each<F> {
    fn parts(&self) -> Option<(Weigher<'m>, Collector<'m>)> {
        None
    }

    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool> {
        self.0(recorded, interaction)
    }

    fn scanned(&mut self, _: &Entrants, _: Collected) -> Result<()> {
        Ok(())
    }
}
