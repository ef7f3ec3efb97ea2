//! What became of the rows, and the line that says so.

use std::fmt;

use crate::wording::{count, grouped};

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that were there.
    pub read: u64,
    /// Rows that gave interactions.
    pub mapped: u64,
    /// The interactions they gave.
    pub interactions: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Rows for which the map gave nothing.
    pub dropped: u64,
    /// Rows in whose place another of the same case counts.
    pub superseded: u64,
    /// Last lines that are no rows.
    pub trailers: u64,
}

impl fmt::Display for Counts {
    /// The line that shows that nothing was lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, mapped, interactions, rejected, dropped, superseded, trailers } = *self;
        write!(
            f,
            "read {}: {} mapped to {}, {} rejected, {} dropped by the map",
            count(read, "row"),
            grouped(mapped),
            count(interactions, "interaction"),
            grouped(rejected),
            grouped(dropped),
        )?;
        if superseded > 0 {
            write!(f, ", {} superseded by another row of the case", grouped(superseded))?;
        }
        if trailers > 0 {
            write!(f, "; beside them {}", count(trailers, "trailer line"))?;
        }
        Ok(())
    }
}
