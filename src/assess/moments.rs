//! What reports ask of moments that have been settled, by their place in the input.

use super::When;
use crate::level::Level;
use crate::names::NameId;
use crate::rating::escalator::{Assessment, Facts, Pace, Reason};
use crate::rating::ledger::ActId;
use crate::record::window::Scope;

/// How a moment was rated, as far as reports ask: three bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rated {
    pub(crate) level: Level,
    pub(crate) reason: Reason,
    pub(crate) failure: bool,
}

impl Rated {
    /// Whether it counts in shares, as [`Assessment::remarked`].
    pub(crate) fn remarked(self) -> bool {
        self.reason != Reason::Unremarked
    }
}

impl From<Assessment> for Rated {
    fn from(Assessment { level, reason, failure, .. }: Assessment) -> Self {
        Self { level, reason, failure }
    }
}

/// Moments that have been settled, each known by its place in the input, from 0.
pub(crate) trait Moments: Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// Whom one serves; `None` where that was not kept.
    fn recipient(&self, index: usize) -> Option<NameId>;
    /// The same; `None` also where the window leaves it out.
    fn met(&self, index: usize) -> Option<NameId> {
        self.recipient(index).filter(|_| self.scope(index) != Scope::LeftOut)
    }
    /// The name of a recipient.
    fn name(&self, recipient: NameId) -> &str;
    /// What the window does with it.
    fn scope(&self, index: usize) -> Scope;
    /// Its place in time order.
    fn when(&self, index: usize) -> When;
    /// Its level.
    fn rated(&self, index: usize) -> Rated;
    /// The number of the act it names, as done for its recipient; `None` where the escalator sees none.
    fn act(&self, index: usize) -> Option<ActId>;
    /// How many such numbers there are.
    fn acts(&self) -> usize;
    /// For whom an act is done, and the number of its name, equal for equal names.
    fn act_of(&self, act: ActId) -> (NameId, NameId);
    /// The name of acts.
    fn action(&self, action: NameId) -> &str;
    /// What was observed of it, as far as the escalator asks.
    fn facts(&self, index: usize) -> Facts;
    /// What it did to the pace at which acts become new, and run down.
    fn pace(&self, index: usize) -> Pace;
    /// What the next delivery of its act will be worth, if that has slid by now or is about to.
    fn fading(&self, index: usize) -> Option<Level>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_moment_was_rated_takes_three_bytes() {
        assert_eq!(size_of::<Rated>(), 3);
    }
}
