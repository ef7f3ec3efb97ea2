//! What is counted as moments come, before their levels are known: notes are taken on any thread, of some moments
//! one after the other, and go into a book in the order of the input.

use super::journey::{JourneyBook, JourneyNotes, ServedBook, ServedNotes};
use super::uplift::{UpliftBook, UpliftNotes};
use super::{Dimension, When};
use crate::moment::{Instant, Zone};
use crate::period::Calendar;
use crate::rating::recipients::Recipients;
use crate::record::interaction::Interaction;
use crate::rules::Model;

/// What can be counted as moments come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Count {
    /// A journey by these dimensions.
    Journey(Vec<Dimension>),
    /// The same over time.
    Uplift(Calendar, Vec<Dimension>),
}

/// What is needed to take notes.
#[derive(Clone, Copy)]
pub(crate) struct Noting<'n> {
    pub(crate) model: &'n Model,
    pub(crate) recipients: &'n Recipients,
    pub(crate) zone: &'n Zone,
}

/// What is known of some moments, one after the other, before their levels are.
#[derive(Clone, Debug)]
pub(crate) enum Notes {
    /// Of a journey.
    Journey(Box<JourneyNotes>),
    /// Of a journey by recipient alone.
    Served(ServedNotes),
    /// Over time.
    Uplift(Box<UpliftNotes>),
}

impl Notes {
    /// No notes yet.
    #[must_use]
    pub(crate) fn new(count: &Count) -> Self {
        match count {
            Count::Journey(by) if *by == [Dimension::Recipient] => Self::Served(ServedNotes::default()),
            Count::Journey(by) => Self::Journey(Box::new(JourneyNotes::new(by.clone()))),
            Count::Uplift(calendar, by) => Self::Uplift(Box::new(UpliftNotes::new(*calendar, by.clone()))),
        }
    }

    /// Notes a moment that is reported.
    pub(crate) fn note(&mut self, noting: Noting<'_>, interaction: &Interaction<'_>, at: Option<Instant>) {
        match self {
            Self::Journey(notes) => notes.note(noting.model, interaction, at),
            Self::Served(notes) => notes.note(interaction),
            Self::Uplift(notes) => notes.note(noting, interaction, at),
        }
    }

    /// Notes that a moment is not reported.
    pub(crate) fn pass(&mut self) {
        match self {
            Self::Journey(notes) => notes.pass(),
            Self::Served(notes) => notes.pass(),
            Self::Uplift(notes) => notes.pass(),
        }
    }
}

/// All moments, noted one after the other in the order of the input.
#[derive(Clone, Debug)]
pub(crate) enum Book {
    /// A journey.
    Journey(Box<JourneyBook>),
    /// A journey by recipient alone.
    Served(ServedBook),
    /// Over time.
    Uplift(Box<UpliftBook>),
}

impl Book {
    /// An empty book.
    #[must_use]
    pub(crate) fn new(count: &Count) -> Self {
        match count {
            Count::Journey(by) if *by == [Dimension::Recipient] => Self::Served(ServedBook::default()),
            Count::Journey(by) => Self::Journey(Box::new(JourneyBook::new(by.clone()))),
            Count::Uplift(calendar, by) => Self::Uplift(Box::new(UpliftBook::new(*calendar, by.clone()))),
        }
    }

    /// Adds notes of the same count.
    pub(crate) fn add(&mut self, model: &Model, notes: Notes) {
        match (self, notes) {
            (Self::Journey(book), Notes::Journey(notes)) => book.add(model, *notes),
            (Self::Served(book), Notes::Served(notes)) => book.add(notes),
            (Self::Uplift(book), Notes::Uplift(notes)) => book.add(*notes),
            // they are made for each other
            _ => {}
        }
    }
}

/// Threads to count groups with, of which each counts all for itself: the more there are, the fewer are worth it.
pub(super) fn worth(threads: usize, groups: usize) -> usize {
    threads.min((1 << 20) / groups.max(1)).max(1)
}

/// When the first of moments was that came after others.
pub(super) const fn later(when: When, place: u64) -> When {
    When { at: when.at, index: when.index + place }
}
