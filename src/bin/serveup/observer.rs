//! Prints what reading reports: rejected records, notes, progress.

use serveup::read::{Note, Observer, Rejected};
use serveup::wording::count;

use crate::messages::{LISTED, note, say};
use crate::progress::Progress;

/// Prints for people.
pub(crate) struct TerminalObserver {
    quiet: bool,
    /// What is rejected: `record`, `row`.
    thing: &'static str,
    rejected: u64,
    progress: Option<Progress>,
}

impl TerminalObserver {
    /// For things like records; `quiet` suppresses notes and progress.
    pub(crate) const fn new(thing: &'static str, quiet: bool) -> Self {
        Self { quiet, thing, rejected: 0, progress: None }
    }

    /// Shows how far reading has come from now on.
    pub(crate) fn show(&mut self, progress: Progress) {
        self.progress = Some(progress);
    }

    /// Prints how many were rejected beyond those listed.
    pub(crate) fn conclude(&mut self) {
        self.progress = None;
        if self.rejected > LISTED {
            say(&format!("rejected: {}", count(self.rejected - LISTED, &format!("more {}", self.thing))));
        }
    }
}

impl Observer for TerminalObserver {
    fn rejected(&mut self, rejected: &Rejected<'_>) {
        self.rejected += 1;
        if self.rejected <= LISTED {
            say(&format!("rejected: {rejected}"));
        }
    }

    fn note(&mut self, told: &Note) {
        note(self.quiet, &told.to_string());
    }

    fn progress(&mut self, bytes: u64, things: u64) {
        if let Some(progress) = &mut self.progress {
            progress.at(bytes, things);
        }
    }
}
