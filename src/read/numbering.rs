//! Which record of which source each accepted one is: for messages about it later on.

/// Which record of which source each accepted one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
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

impl Numbering {
    /// The source and the number there, from 1, of the record in this place among the accepted.
    #[must_use]
    pub fn of(&self, index: usize) -> (&str, u64) {
        let after = self.sources.partition_point(|source| source.accepted <= index);
        let Some(source) = after.checked_sub(1).map(|source| &self.sources[source]) else { return ("", 0) };
        let rejected = self.gaps[source.rejected..].partition_point(|accepted| *accepted <= index);
        (&source.name, (index - source.accepted + 1 + rejected) as u64)
    }

    /// A source begins; so many records were accepted before it.
    pub(super) fn begin(&mut self, name: &str, accepted: usize) {
        self.sources.push(Numbered { name: name.to_owned(), accepted, rejected: self.gaps.len() });
    }

    /// A record is rejected; so many were accepted before it.
    pub(super) fn reject(&mut self, accepted: usize) {
        self.gaps.push(accepted);
    }
}
