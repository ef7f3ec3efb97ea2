//! From the facts of a moment to its level, with the reason.

pub(crate) mod assessor;
pub(crate) mod columns;
#[cfg(feature = "read")]
pub(crate) mod entrants;
pub(crate) mod entry;
pub mod escalator;
pub mod evidence;
pub(crate) mod finding;
pub(crate) mod lateness;
pub(crate) mod ledger;
pub(crate) mod recipients;
pub(crate) mod row;
pub(crate) mod why;
