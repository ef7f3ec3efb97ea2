//! Reports: each folds rules or rated moments into one typed value.
//!
//! Moments may come in any order; each carries its place in time.

pub mod calibrate;
pub mod decay;
mod dimension;
mod groups;
pub mod highlights;
pub mod journey;
pub mod loyalty;
pub mod recovery;
pub mod report;
pub mod uplift;

pub use dimension::Dimension;
pub use groups::Key;

use crate::moment::Instant;

/// A place in time order: the instant, then the order of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The instant, where the records have one.
    pub at: Option<Instant>,
    /// The place in the input, from 0.
    pub index: u64,
}
