//! Whether records say when they happened: all of them, or none.

use crate::{Found, Problem};

/// What the records so far had: a time, or none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timing(Option<bool>);

impl Timing {
    /// An error if a record has a time where those before had none, or the other way round.
    pub(crate) fn fits(self, timed: bool) -> Result<(), Problem> {
        if self.0.is_none_or(|before| before == timed) {
            return Ok(());
        }
        let wrong = if timed {
            "is given here, but not in the records before"
        } else {
            "is missing here, but the records before have it"
        };
        Err(Problem::advice("at", Found::thing(wrong), format!("{wrong}; write it in all records or in none")))
    }

    /// Lets an accepted record decide for those that follow.
    pub(crate) const fn take(&mut self, timed: bool) {
        self.0 = Some(timed);
    }

    /// Whether records have a time; `None` if there were none.
    pub(crate) const fn timed(self) -> Option<bool> {
        self.0
    }
}
