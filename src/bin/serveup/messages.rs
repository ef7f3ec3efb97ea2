//! Everything that is said beside the results: one line each, on standard error.
#![expect(clippy::disallowed_methods, reason = "messages are written to standard error here")]

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

use crate::waiting::Waiting;

/// How many lines of one kind are listed before the rest is counted.
pub(crate) const LISTED: u64 = 20;

/// What stands on the last line of the terminal, if anything does: there is one
/// terminal, and whoever has something to say steps before it.
static LAST_LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Says what stands on the last line of the terminal from now on.
pub(crate) fn keep_below(bar: Option<ProgressBar>) {
    *LAST_LINE.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Says one line, or help in several. Whatever it quotes, no control character
/// reaches a terminal raw. A standard error that cannot be written to is nobody's loss.
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

/// Says one line that `--quiet` silences.
pub(crate) fn note(quiet: bool, line: &str) {
    if !quiet {
        say(&format!("note: {line}"));
    }
}
