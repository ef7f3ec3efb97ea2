//! One file per subcommand, and the reading they share.

pub(crate) mod calibrate;
pub(crate) mod check;
mod check_point;
pub(crate) mod completions;
pub(crate) mod decay;
mod decay_acts;
mod feed;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod journey;
pub(crate) mod levels;
pub(crate) mod man;
pub(crate) mod next;
pub(crate) mod rate;
mod reading;
pub(crate) mod recovery;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod sql;
pub(crate) mod uplift;
