//! The fast way to read records: several threads scan chunks of them ahead.
//!
//! `chunk` cuts a source into chunks of whole records and scans them, be they JSON (`objects`) or rows
//! of a table (`table`); `record` reads one JSON record of the common kind straight from its bytes, with `scan`, and
//! `cells` splits rows; `parallel` does so on several threads and passes the records over in order. Anything else is left to the reader that goes record by
//! record, with which all of this must agree.

pub(crate) mod cells;
pub(crate) mod chunk;
pub(crate) mod objects;
pub(crate) mod parallel;
pub(super) mod record;
pub(super) mod scan;
pub(super) mod table;
