//! Ctrl-C: unfinished files are removed, and the exit status is 130.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files that are no results yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Handles interrupts from now on.
pub(crate) fn handle() {
    #[expect(clippy::disallowed_methods, reason = "an interrupt may come while a read blocks; nothing can return then")]
    let handler = || {
        for path in unfinished().drain(..) {
            let _ = std::fs::remove_file(path);
        }
        std::process::exit(130)
    };
    // without a handler the default stands: the process ends, and a temporary file may stay
    let _ = ctrlc::set_handler(handler);
}

/// Removes this file if an interrupt comes.
pub(crate) fn watch(path: &Path) {
    unfinished().push(path.to_owned());
}

/// Finishes a file while no interrupt can come between.
pub(crate) fn finish<T>(path: &Path, finish: impl FnOnce() -> T) -> T {
    let mut unfinished = unfinished();
    let result = finish();
    unfinished.retain(|other| other != path);
    result
}
