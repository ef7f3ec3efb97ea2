//! Where records go as they are read: into a session, or one by one to a closure.

use std::io::{Read, Seek, Write};

use super::error::{Error, Result};
use super::fast::parallel::Extent;
use super::in_order::{InOrder, RatedRound};
use super::recorded::Recorded;
use crate::rating::assessor::Weigher;
use crate::record::interaction::Interaction;
use crate::session::{Collector, Round, Session, Steps};

/// Who takes records as they are read.
pub(super) trait Sink<'m>: Send {
    /// What scans chunks of records ahead, for those to whom what is collected is enough.
    fn parts(&self) -> Option<(Weigher<'m>, Collector<'m>)>;

    /// Takes a record; `false` if no more are wanted.
    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool>;

    /// The steps that records which were scanned ahead are taken by.
    fn steps(&mut self) -> Result<Steps<'_, Error>>;

    /// How far records are scanned ahead.
    fn extent(&self) -> Extent {
        Extent::All
    }

    /// Takes note that no more are scanned ahead for now, or that the source has ended. `first` is the number before
    /// that of the first record that was, and `waits` says that the next one may have to be waited for. `false` if no
    /// more are wanted.
    fn end_round(&mut self, _name: &str, _first: u64, _waits: bool) -> Result<bool> {
        Ok(true)
    }
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

    fn steps(&mut self) -> Result<Steps<'_, Error>> {
        Ok(self.0.steps()?)
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

    fn steps(&mut self) -> Result<Steps<'_, Error>> {
        Ok(Vec::new())
    }
}

/// Passes records that are in time order, with the session that rates them, to one who prints them.
pub(super) struct Rated<'s, 'm, S, T> {
    pub(super) session: &'s mut Session<'m, S>,
    pub(super) taker: &'s mut T,
    pub(super) threads: usize,
    pub(super) round: Round,
}

impl<'m, S: Read + Write + Seek + Send, T: InOrder<'m, S>> Sink<'m> for Rated<'_, 'm, S, T> {
    fn parts(&self) -> Option<(Weigher<'m>, Collector<'m>)> {
        Some(self.session.parts())
    }

    fn record(&mut self, recorded: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool> {
        self.taker.record(self.session, recorded, interaction)
    }

    fn steps(&mut self) -> Result<Steps<'_, Error>> {
        Ok(self.session.steps_in_order(&mut self.round))
    }

    fn extent(&self) -> Extent {
        Extent::InOrder(self.taker.latest())
    }

    fn end_round(&mut self, name: &str, first: u64, waits: bool) -> Result<bool> {
        let round = std::mem::take(&mut self.round);
        let Self { session, threads, .. } = self;
        self.taker.round(RatedRound { session, round, threads: *threads, name, first, waits })
    }
}
