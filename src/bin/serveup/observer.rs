//! What is told while records are read: what was rejected, what is to be noted, how far it is.

use serveup::read::{Note, Observer, Rejected};
use serveup::wording::count;

use crate::messages::{LISTED, note, say};
use crate::progress::Progress;

/// Tells people.
pub(crate) struct TerminalObserver {
    quiet: bool,
    /// What is rejected: `record`, `row`.
    thing: &'static str,
    rejected: u64,
    progress: Option<Progress>,
}

impl TerminalObserver {
    /// Tells of things like records; `quiet` silences notes and progress.
    pub(crate) const fn new(thing: &'static str, quiet: bool) -> Self {
        Self { quiet, thing, rejected: 0, progress: None }
    }

    /// Shows how far reading has come from now on, of so many bytes.
    pub(crate) fn show(&mut self, progress: Progress) {
        self.progress = Some(progress);
    }

    /// Says how many were rejected and not listed, now that all are known.
    pub(crate) fn conclude(&mut self) {
        self.progress = None;
        if self.rejected > LISTED {
            say(&format!("rejected: and {} more", count(self.rejected - LISTED, self.thing)));
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
