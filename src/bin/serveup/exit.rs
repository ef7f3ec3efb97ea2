//! The exit statuses.

use std::process::ExitCode;

/// How a run ended. 130, for an interrupt, is given where that is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and every gate asked for holds.
    Done,
    /// Done, but a gate does not hold.
    GateBroken,
    /// Usage, unreadable or bad input, unwritable output.
    CouldNotAssess,
    /// Done, no gate is broken, but there was too little data for one.
    TooLittle,
}

impl Exit {
    /// How two gates end together: one that does not hold outranks too little data.
    pub(crate) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::CouldNotAssess, _) | (_, Self::CouldNotAssess) => Self::CouldNotAssess,
            (Self::GateBroken, _) | (_, Self::GateBroken) => Self::GateBroken,
            (Self::TooLittle, _) | (_, Self::TooLittle) => Self::TooLittle,
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::GateBroken => 1,
            Exit::CouldNotAssess => 2,
            Exit::TooLittle => 3,
        })
    }
}
