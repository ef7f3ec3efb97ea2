//! One file per subcommand, and the reading they share.

mod assessed;
pub(crate) mod check;
pub(crate) mod decay;
pub(crate) mod levels;
pub(crate) mod rate;
