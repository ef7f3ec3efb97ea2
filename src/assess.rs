//! Reports: each folds rules or rated moments into one typed value.
//!
//! What does not depend on levels is counted as moments come: notes on any thread, of some moments each, go into a
//! book in the order of the input ([`Count`] says what can be counted). When all levels are known, the moments are
//! sorted by recipient, and each thread takes the levels, and who spoke, of some of the recipients. What needs the
//! texts of moments folds what was set aside, one fold a thread, merged in the end. So no report depends on the number
//! of threads, and none keeps names of its own.
//!
//! | report | answers | section of the model |
//! | --- | --- | --- |
//! | [`journey`] | how each point, or any other group, is experienced | 7 |
//! | [`uplift`] | whether it goes up, and what next | 8 |
//! | [`moves`] | who moved from which loyalty to which, and who came back | 10 |
//! | [`next_steps`] | what to do next for each recipient | 8 |
//! | [`recovery`] | failures, and whether they bounced back | 9 |
//! | [`loyalty`] | how each recipient is served | 10 |
//! | [`calibrate`] | how far the facts can be trusted | 11 |
//! | [`decay`] | how acts will fade, by the rule | 4 |
//! | [`point`] | one point, with its worst and latest moments | 7 |
//! | [`gate`] | what is below a level or a share that was asked for | |
//! | [`baseline`] | which of that an earlier run has found | |
//! | [`highlights`], [`report`] | the worst and latest moments; all of it for one page | |
//!
//! Shares are of remarked moments, from 0 to 1, with a 95 % interval that
//! knows how many recipients spoke; levels are summed up by medians and never averaged.

pub mod baseline;
pub mod calibrate;
mod chosen;
mod counted;
pub mod decay;
mod dimension;
pub mod gate;
mod groups;
pub mod highlights;
pub mod journey;
pub mod loyalty;
mod moments;
pub mod moves;
pub mod next_steps;
pub(crate) mod parallel;
pub(crate) mod people;
pub mod point;
pub mod recovery;
pub mod report;
pub(crate) mod sorted;
mod spoken;
pub mod uplift;

pub(crate) use chosen::Chosen;
pub use counted::Count;
pub(crate) use counted::{Book, Notes, Noting};
pub use dimension::Dimension;
pub use groups::Key;
pub(crate) use moments::{Moments, Rated};

use serde::{Serialize, Serializer};

use crate::moment::Instant;

/// The name under which a list comes to a serializer that has no room in a cell for it.
pub(crate) const LEFT_TO_JSON: &str = "left to json";

/// Serializes a list of objects of which rows of cells have no column: it is left to formats that nest.
fn left_to_json<T: Serialize, S: Serializer>(list: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(LEFT_TO_JSON, list)
}

/// A place in time order: the instant, then the order of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The instant, where the records have one.
    pub at: Option<Instant>,
    /// The place in the input, from 0.
    pub index: u64,
}
