//! Whether records say when they happened: all of them, or none.

use serveup::{Found, Interaction, Problem};

/// What the records so far had: a time, or none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timing(Option<bool>);

impl Timing {
    /// What a record decides that has a time, or has none.
    pub(crate) const fn of(timed: bool) -> Self {
        Self(Some(timed))
    }

    /// Whether a record that has a time, or has none, goes with those before.
    pub(crate) fn agrees(self, timed: bool) -> bool {
        self.0.is_none_or(|before| before == timed)
    }

    /// An error if the record has a time where those before had none, or the other way round.
    pub(crate) fn fits(self, interaction: &Interaction<'_>) -> Result<(), Problem> {
        let timed = interaction.at.is_some();
        if self.agrees(timed) {
            return Ok(());
        }
        let found = if timed {
            "an instant, where the records before have none"
        } else {
            "nothing, where the records before have an instant"
        };
        Err(Problem::form("at", Found::thing(found), "`at` on all records or on none"))
    }

    /// Lets an accepted record decide for those that follow.
    pub(crate) const fn take(&mut self, interaction: &Interaction<'_>) {
        self.0 = Some(interaction.at.is_some());
    }

    /// Whether records have a time; `None` if there were none.
    pub(crate) const fn timed(self) -> Option<bool> {
        self.0
    }
}
