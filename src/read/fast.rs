//! The fast way to read JSON records: several threads scan chunks of them ahead.
//!
//! `chunk` cuts a source into chunks of whole records and scans them; `record` reads one record of
//! the common kind straight from its bytes, with `scan`; `parallel` does so on several threads and
//! passes the records over in order. Anything else is left to the reader that goes record by
//! record, with which all of this must agree.

pub(crate) mod chunk;
pub(crate) mod parallel;
pub(super) mod record;
pub(super) mod scan;
