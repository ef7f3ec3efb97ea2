//! One record that was taken, and where it is.

use super::reader::Reader;
use super::record_error::{Position, RecordError};

/// One accepted record.
pub struct Recorded<'a> {
    pub(super) reader: &'a Reader,
    /// Its number in its source, from 1.
    pub(super) number: u64,
}

impl Recorded<'_> {
    /// Where it starts.
    #[must_use]
    pub fn position(&self) -> Position {
        self.reader.position()
    }

    /// The line that says something about this record.
    #[must_use]
    pub fn line(&self, message: &str) -> String {
        let id = self.reader.outline().id.map(std::borrow::Cow::into_owned);
        RecordError::new(self.position(), message).with_id(id).describe(self.reader.name(), "record", self.number)
    }

    /// Whether reading the next one may have to wait for more input.
    #[must_use]
    pub fn last_at_hand(&self) -> bool {
        self.reader.last_at_hand()
    }
}
