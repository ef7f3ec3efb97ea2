//! Which record of which source each accepted one is: for messages about it later on.

use super::record_error::RecordError;

/// Which record of which source each accepted one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// What is numbered: a record, or an interaction that a row of an export gave.
    thing: &'static str,
    sources: Vec<Numbered>,
    /// How many records were accepted before each rejected one.
    gaps: Vec<usize>,
}

/// A source, and what came before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Numbered {
    name: String,
    /// How many records were accepted.
    accepted: usize,
    /// How many were rejected.
    rejected: usize,
}

impl Default for Numbering {
    fn default() -> Self {
        Self::new("record")
    }
}

impl Numbering {
    /// Numbers things that are called so.
    pub(crate) const fn new(thing: &'static str) -> Self {
        Self { thing, sources: Vec::new(), gaps: Vec::new() }
    }

    /// The line that says something about the record in this place among the accepted.
    #[must_use]
    pub fn line(&self, index: usize, said: &RecordError) -> String {
        let (source, number) = self.of(index);
        said.describe(source, self.thing, number)
    }

    /// The source and the number there, from 1, of the record in this place among the accepted.
    fn of(&self, index: usize) -> (&str, u64) {
        let after = self.sources.partition_point(|source| source.accepted <= index);
        let Some(source) = after.checked_sub(1).map(|source| &self.sources[source]) else { return ("", 0) };
        let rejected = self.gaps[source.rejected..].partition_point(|accepted| *accepted <= index);
        (&source.name, (index - source.accepted + 1 + rejected) as u64)
    }

    /// A source begins; this many records were accepted before it.
    pub(crate) fn begin(&mut self, name: &str, accepted: usize) {
        self.sources.push(Numbered { name: name.to_owned(), accepted, rejected: self.gaps.len() });
    }

    /// A record is rejected; this many were accepted before it.
    pub(super) fn reject(&mut self, accepted: usize) {
        self.gaps.push(accepted);
    }
}
