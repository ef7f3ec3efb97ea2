//! What is wrong with a record, and where it stands.

use std::fmt::Write as _;

use crate::{Found, Problem, printable};

pub(crate) use crate::record::packed::Position;

/// A record that cannot be read as it stands.
#[derive(Clone, Debug)]
pub struct RecordError {
    /// Where.
    pub place: Position,
    /// The record's id, where it is known.
    pub id: Option<String>,
    /// What is wrong, in one line.
    pub message: String,
}

impl RecordError {
    /// What is wrong at a place.
    pub fn new(place: Position, message: impl Into<String>) -> Self {
        Self { place, id: None, message: message.into() }
    }

    pub(crate) fn of(problem: &Problem, place: Position) -> Self {
        Self::new(place, problem.to_string())
    }

    /// Whether it is about what starts there.
    pub(crate) fn is_at(&self, place: Position) -> bool {
        self.place == place
    }

    /// The same error with the id of its record.
    #[must_use]
    pub fn with_id(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// The same fault with something more to know.
    pub(crate) fn and(mut self, more: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(more);
        self
    }

    /// The line a person reads of something that has no number: `file:line:column: thing: …`.
    pub(crate) fn describe_as(&self, thing: &str, file: &str) -> String {
        format!("{}: {thing}: {}", self.place.in_source(file), self.message)
    }

    /// The line a person reads: `file:line:column: record N (id …): field: found …; allowed: …`.
    #[must_use]
    pub fn describe(&self, file: &str, thing: &str, number: u64) -> String {
        let mut text = format!("{}: {thing} {number}", self.place.in_source(file));
        if let Some(id) = &self.id {
            let _ = write!(text, " (id {})", Found::text(id));
        }
        // names of fields come from the record as well, so nothing in it may move a cursor
        text.push_str(": ");
        text.push_str(&printable(&self.message));
        text
    }
}
