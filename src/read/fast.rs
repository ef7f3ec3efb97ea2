//! The fast way to read JSON records: several threads scan chunks of them ahead.
//!
//! `chunk` cuts a source into chunks of whole records and scans them; `record` reads one record
//! of the usual kind straight from its bytes, with `scan`; `parallel` does so on several threads
//! and hands the records over in order. Whatever is not as usual is left to the reader that goes
//! record by record, whose answer all of this must equal.

pub(super) mod chunk;
pub(super) mod parallel;
pub(super) mod record;
pub(super) mod scan;
