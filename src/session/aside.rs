//! What is set aside of interactions beside their entries, in the order of the input.

use std::io::{Read, Seek, Write};

use super::SessionError;
use super::collector::{Collected, Keeps};
use super::spool::Spool;
use super::tags::TagsSeen;
use crate::assess::{Book, Count};
use crate::names::NameId;
use crate::rules::Model;

/// All that has been set aside.
pub(super) struct Aside<S> {
    pub(super) spool: Spool<S>,
    pub(super) books: Vec<(Count, Book)>,
    pub(super) tags: TagsSeen,
    /// Whom each interaction serves, where that is kept.
    pub(super) served: Vec<NameId>,
}

impl<S: Read + Write + Seek> Aside<S> {
    /// Nothing yet of what is to be kept.
    pub(super) fn new(keeps: &Keeps, spool: S) -> Self {
        let books = keeps.counts.iter().map(|count| (count.clone(), Book::new(count))).collect();
        Self { spool: Spool::new(spool), books, tags: TagsSeen::default(), served: Vec::new() }
    }

    /// Sets aside what was collected of interactions that serve these recipients.
    pub(super) fn take(
        &mut self,
        (model, keeps): (&Model, &Keeps),
        collected: Collected,
        recipients: &[NameId],
    ) -> Result<(), SessionError> {
        for ((_, book), notes) in self.books.iter_mut().zip(collected.notes) {
            book.add(model, notes);
        }
        self.tags.merge(collected.tags);
        if keeps.recipients {
            self.served.extend_from_slice(recipients);
        }
        if keeps.fields.is_empty() { Ok(()) } else { self.spool.push(&collected.pack, recipients.len()) }
    }
}
