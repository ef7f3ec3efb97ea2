//! What is wrong with a record, and where it is.

use std::fmt::{self, Write as _};

use crate::{Found, Problem, printable};

pub(crate) use crate::record::position::Position;

/// A record that cannot be read.
#[derive(Clone, Debug)]
pub struct RecordError {
    /// Where.
    pub place: Position,
    /// The record's id, where it is known.
    pub id: Option<String>,
    /// What is wrong.
    pub reason: RejectReason,
}

/// Why a record cannot be taken; displays as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectReason {
    /// A field that is missing, cannot be read, or does not go with the records before.
    Field(Box<Problem>),
    /// Something about its text as a whole, like its syntax, in words.
    Text(String),
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(problem) => problem.fmt(f),
            Self::Text(words) => f.write_str(words),
        }
    }
}

impl RecordError {
    /// Something in words.
    pub fn new(place: Position, words: impl Into<String>) -> Self {
        Self { place, id: None, reason: RejectReason::Text(words.into()) }
    }

    pub(crate) fn of(problem: &Problem, place: Position) -> Self {
        Self { place, id: None, reason: RejectReason::Field(Box::new(problem.clone())) }
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
    pub(crate) fn and(self, more: &str) -> Self {
        let reason = RejectReason::Text(format!("{}; {more}", self.reason));
        Self { reason, ..self }
    }

    /// The line a person reads of something that has no number: `file:line:column: thing: …`.
    pub(crate) fn describe_as(&self, thing: &str, file: &str) -> String {
        format!("{}: {thing}: {}", self.place.in_source(file), self.reason)
    }

    /// The line a person reads: `file:line:column: record N (id …): field: what is wrong; what to do`.
    #[must_use]
    pub fn describe(&self, file: &str, thing: &str, number: u64) -> String {
        let mut text = format!("{}: {thing} {number}", self.place.in_source(file));
        if let Some(id) = &self.id {
            let _ = write!(text, " (id {})", Found::text(id));
        }
        // names of fields come from the record as well, so nothing in it may move a cursor
        text.push_str(": ");
        text.push_str(&printable(&self.reason.to_string()));
        text
    }
}
