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
