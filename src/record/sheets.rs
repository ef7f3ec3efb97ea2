//! The sheets of a workbook that serveup knows by name.

/// The sheet of the interactions in a workbook to fill in.
#[cfg(feature = "template")]
pub(crate) const INTERACTIONS: &str = "interactions";

/// The sheet of the people served, in any workbook.
pub(crate) const RECIPIENTS: &str = "recipients";

/// The sheets of a workbook to fill in that explain the others and hold no records.
pub(crate) const EXPLAINING: [&str; 5] = ["levels", "signals", "value", "response", "fields"];
