//! Ctrl-C: unfinished files are removed, and the exit status is 130.
#![expect(clippy::disallowed_methods, reason = "an interrupt removes unfinished files and ends the process")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// What an interrupt would have to undo. Whoever holds it is not interrupted.
static UNDONE: Mutex<Undone> = Mutex::new(Undone { files: Vec::new(), over: false });

struct Undone {
    /// Files that are no results yet.
    files: Vec<PathBuf>,
    /// Whether the results are out, so that nothing is left to interrupt.
    over: bool,
}

impl Undone {
    fn remove(&mut self) {
        for path in self.files.drain(..) {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn undone() -> MutexGuard<'static, Undone> {
    UNDONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Handles interrupts from now on.
pub(crate) fn handle() {
    let handler = || {
        // an interrupt may come while a read blocks, where nothing can return;
        // held until the end, so that no file appears or is finished meanwhile
        let mut undone = undone();
        if !undone.over {
            undone.remove();
            std::process::exit(130)
        }
    };
    // what was told to ignore such a signal, as by nohup, goes on ignoring it; where there is no
    // handler the default stands: the process ends, and a temporary file may stay
    let _ = ctrlc::try_set_handler(handler);
    outgrow_softly();
}

/// Lets a file that outgrows its limit (`ulimit -f`) be an error of writing, as a full disk is;
/// by itself the signal ends the process.
#[cfg(unix)]
fn outgrow_softly() {
    // the flag is nobody's: what counts is that the signal has come to something
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

#[cfg(not(unix))]
const fn outgrow_softly() {}

/// Removes what is unfinished, where the process has to end at once.
pub(crate) fn undo() {
    if let Ok(mut undone) = UNDONE.try_lock() {
        undone.remove();
    }
}

/// Makes a file that is removed if an interrupt comes before it is finished.
pub(crate) fn begin<E>(make: impl FnOnce() -> Result<NamedTempFile, E>) -> Result<NamedTempFile, E> {
    let mut undone = undone();
    let file = make()?;
    undone.files.push(file.path().to_owned());
    Ok(file)
}

/// Finishes a file while no interrupt can come between; with the `last` one the results are
/// out, and an interrupt comes too late.
pub(crate) fn finish<T, E>(path: &Path, last: bool, finish: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let mut undone = undone();
    let result = finish();
    undone.files.retain(|other| other != path);
    undone.over = last && result.is_ok();
    result
}
