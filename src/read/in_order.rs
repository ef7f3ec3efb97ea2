//! Records that are promised to be in time order, rated as they come: one by one, or many at once where
//! many are at hand.

use std::io::{Read, Seek, Write};

use super::error::Result;
use super::record_error::{Position, RecordError};
use super::recorded::Recorded;
use crate::moment::Instant;
use crate::record::interaction::Interaction;
use crate::session::{Kept, Round, Session, SessionError};

/// Who takes records that are promised to be in time order.
pub trait InOrder<'m, S>: Send {
    /// The time of the latest record so far, if records have one.
    fn latest(&self) -> Option<Instant>;

    /// Takes one record, to be rated by this session; `false` if no more are wanted.
    ///
    /// # Errors
    /// A broken promise, and whatever ends the reading.
    fn record(
        &mut self,
        session: &mut Session<'m, S>,
        recorded: &Recorded<'_>,
        interaction: &Interaction<'_>,
    ) -> Result<bool>;

    /// Takes records that came together, of which none breaks the promise; `false` if no more are wanted.
    ///
    /// # Errors
    /// Whatever ends the reading.
    fn round(&mut self, round: RatedRound<'_, 'm, S>) -> Result<bool>;
}

/// Records of one source that came together and are rated: none where the source has ended.
pub struct RatedRound<'r, 'm, S> {
    pub(super) session: &'r mut Session<'m, S>,
    pub(super) round: Round,
    pub(super) threads: usize,
    pub(super) name: &'r str,
    /// The number in its source of the record before them.
    pub(super) first: u64,
    pub(super) waits: bool,
}

impl<'r, 'm, S: Read + Write + Seek + Send> RatedRound<'r, 'm, S> {
    /// The time of the last of them.
    #[must_use]
    pub const fn latest(&self) -> Option<Instant> {
        self.round.latest()
    }

    /// Whether reading the next one may have to wait for more input.
    #[must_use]
    pub const fn last_at_hand(&self) -> bool {
        self.waits
    }

    /// What says something about one of them.
    #[must_use]
    pub const fn lines(&self) -> RoundLines<'r> {
        RoundLines { name: self.name, first: self.first }
    }

    /// Those that are reported or move what comes after them, made into something by several threads, and handed
    /// over piece by piece in their order, as long as `hand_over` gives back `true`.
    ///
    /// # Errors
    /// What `make` and `hand_over` say.
    pub fn map<M: Send, E: From<SessionError> + Send>(
        self,
        begin: impl Fn() -> M + Sync,
        make: impl Fn(&Kept<'_, 'm>, &mut M) -> Result<(), E> + Sync,
        hand_over: impl FnMut(M) -> Result<bool, E> + Send,
    ) -> Result<(), E> {
        self.session.map_round(self.round, self.threads, begin, make, hand_over)
    }
}

/// Words lines about the records of a round.
#[derive(Clone, Copy, Debug)]
pub struct RoundLines<'r> {
    name: &'r str,
    first: u64,
}

impl RoundLines<'_> {
    /// The line that says something about one of them, by its place in the round, from 0.
    #[must_use]
    pub fn line(&self, index: usize, position: Position, id: Option<String>, message: &str) -> String {
        RecordError::new(position, message).with_id(id).describe(self.name, "record", self.first + 1 + index as u64)
    }
}
