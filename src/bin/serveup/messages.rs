//! Messages beside the results: one line each, on standard error.
#![expect(clippy::disallowed_methods, reason = "messages are written to standard error here")]

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

use crate::waiting::Waiting;

/// How many lines of one kind are listed before the rest is counted.
pub(crate) const LISTED: u64 = 20;

/// The progress bar on the last line of the terminal, if there is one. Messages are printed above
/// it.
static LAST_LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Sets the progress bar that stays on the last line of the terminal.
pub(crate) fn keep_below(bar: Option<ProgressBar>) {
    *LAST_LINE.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Prints one line, or help in several. Control characters in quoted text are escaped. A standard
/// error that cannot be written to is ignored.
pub(crate) fn say(line: &str) {
    let line = line.split('\n').map(serveup::printable).collect::<Vec<_>>().join("\n");
    let say = || {
        let _ = writeln!(Waiting(std::io::stderr()), "{line}");
    };
    match &*LAST_LINE.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(bar) => bar.suspend(say),
        None => say(),
    }
}

/// Prints one line that `--quiet` suppresses.
pub(crate) fn note(quiet: bool, line: &str) {
    if !quiet {
        say(&format!("note: {line}"));
    }
}
