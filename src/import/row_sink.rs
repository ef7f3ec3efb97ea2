//! Who takes the interactions that rows give.

use std::io::{Read, Seek, Write};

use jaq_json::Val;

use crate::Interaction;
use crate::read::sink::IntoSession;
use crate::read::{Recorded, Result};

/// Takes the interactions that rows give.
pub trait RowSink: Send {
    /// The columns of a table, before its rows.
    fn columns(&mut self, _: &[String]) {}

    /// Whether rows are wanted as maps see them.
    fn wants_rows(&self) -> bool {
        false
    }

    /// A row, before what it gave.
    fn row(&mut self, _: &Val) {}

    /// Whether each row is wanted as soon as it is there, and not with others.
    fn wants_each(&self) -> bool {
        true
    }

    /// Whether interactions are wanted as lines, too.
    fn wants_lines(&self) -> bool {
        false
    }

    /// The interactions of a row, which are valid, and their lines if those are wanted. `first` is the first of them.
    ///
    /// # Errors
    /// What keeps them from being taken.
    fn mapped(&mut self, first: &Recorded<'_>, interactions: &[Interaction<'_>], lines: &[String]) -> Result<()>;

    /// Whether no more are wanted.
    fn gone(&self) -> bool {
        false
    }
}

impl<S: Read + Write + Seek + Send> RowSink for IntoSession<'_, '_, S> {
    fn wants_each(&self) -> bool {
        false
    }

    fn mapped(&mut self, first: &Recorded<'_>, interactions: &[Interaction<'_>], _: &[String]) -> Result<()> {
        Ok(interactions.iter().try_for_each(|interaction| self.0.add_at(interaction, || first.position()))?)
    }
}

/// Passes each interaction to a closure, as long as that returns `true`.
pub(super) struct Each<F> {
    each: F,
    gone: bool,
}

impl<F> Each<F> {
    pub(super) const fn new(each: F) -> Self {
        Self { each, gone: false }
    }
}

impl<F: FnMut(&Recorded<'_>, &Interaction<'_>) -> Result<bool> + Send> RowSink for Each<F> {
    fn mapped(&mut self, first: &Recorded<'_>, interactions: &[Interaction<'_>], _: &[String]) -> Result<()> {
        for (interaction, number) in interactions.iter().zip(first.number..) {
            if !self.gone {
                self.gone = !(self.each)(&Recorded { number, ..*first }, interaction)?;
            }
        }
        Ok(())
    }

    fn gone(&self) -> bool {
        self.gone
    }
}
