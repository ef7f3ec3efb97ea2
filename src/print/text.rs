//! Reports for people: tables and sentences, narrow enough for a terminal, readable without colour.

pub mod calibrate;
pub mod check;
pub mod decay;
#[cfg(feature = "import")]
pub mod inspection;
pub mod journey;
pub mod levels;
pub mod next;
pub mod ratings;
pub mod recovery;
pub mod uplift;

pub use super::table::shown;
