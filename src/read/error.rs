//! Why records cannot be read, and where.

use std::error::Error as StdError;
use std::fmt;

use super::record_error::{Position, RecordError};
use crate::session::SessionError;

/// Why reading ended.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    position: Option<Position>,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A source cannot be read, or what must be kept of it cannot be written.
    Io,
    /// A source holds no records in any form that is read.
    Form,
    /// The header of a table cannot be used.
    Header,
    /// A record cannot be taken.
    Record,
    /// A recipient cannot be taken.
    Recipient,
    /// A key of a document means nothing, where that is an error.
    Document,
    /// Nothing was left, or nothing was there.
    Nothing,
    /// A map cannot be used.
    Map,
    /// The session cannot go on.
    Session,
    /// The caller that takes the records cannot go on.
    Taker,
}

/// The result of reading.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, position: None, message: message.into(), source: None }
    }

    /// A fault in a thing of a source that has no number, like its header.
    pub(crate) fn of(kind: ErrorKind, fault: &RecordError, thing: &str, source: &str) -> Self {
        Self { position: Some(fault.place), ..Self::new(kind, fault.describe_as(thing, source)) }
    }

    /// A fault in a thing of a source that has a number there, like a record.
    pub(crate) fn of_numbered(kind: ErrorKind, fault: &RecordError, source: &str, thing: &str, number: u64) -> Self {
        Self { position: Some(fault.place), ..Self::new(kind, fault.describe(source, thing, number)) }
    }

    /// What could not be done, and why.
    pub(crate) fn because(message: &str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::new(ErrorKind::Io, message) }
    }

    /// An error of the caller that takes the records: it is passed on as it is.
    pub fn taker(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let error = error.into();
        let (message, mut cause) = (error.to_string(), error.source());
        let mut causes = Vec::new();
        while let Some(next) = cause {
            causes.push(next.to_string());
            cause = next.source();
        }
        let message = std::iter::once(message).chain(causes).collect::<Vec<_>>().join(": ");
        Self::new(ErrorKind::Taker, message)
    }

    /// What kind of error it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where in its source it is, where it is in one.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        self.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<SessionError> for Error {
    fn from(error: SessionError) -> Self {
        let (message, source) = (error.to_string(), error.source().map(ToString::to_string));
        Self { source: source.map(Into::into), ..Self::new(ErrorKind::Session, message) }
    }
}

impl From<crate::TooMany> for Error {
    fn from(error: crate::TooMany) -> Self {
        Self::from(SessionError::from(error))
    }
}
