//! One record that was taken, and where it is.

use super::reader::Reader;
use super::record_error::{Position, RecordError};

/// What records are read from, at the current one.
pub(crate) trait RecordSource {
    /// The name of the source.
    fn name(&self) -> &str;

    /// Where the current record, or the row that gave it, starts.
    fn position(&self) -> Position;

    /// Whether no whole line is available behind it.
    fn last_at_hand(&self) -> bool;
}

impl RecordSource for Reader {
    fn name(&self) -> &str {
        self.name()
    }

    fn position(&self) -> Position {
        self.position()
    }

    fn last_at_hand(&self) -> bool {
        self.last_at_hand()
    }
}

/// One accepted record.
pub struct Recorded<'a> {
    pub(crate) source: &'a dyn RecordSource,
    /// What it is called: a record, or the row that gave it.
    pub(crate) thing: &'static str,
    /// Its number in its source, from 1.
    pub(crate) number: u64,
}

impl Recorded<'_> {
    /// Where it starts.
    #[must_use]
    pub fn position(&self) -> Position {
        self.source.position()
    }

    /// The line that says something about this record, whose id is given if it has one.
    #[must_use]
    pub fn line(&self, id: Option<&str>, message: &str) -> String {
        let error = RecordError::new(self.position(), message).with_id(id.map(str::to_owned));
        error.describe(self.source.name(), self.thing, self.number)
    }

    /// Whether reading the next one may have to wait for more input.
    #[must_use]
    pub fn last_at_hand(&self) -> bool {
        self.source.last_at_hand()
    }
}
