//! What happens where there is no memory left: a message, status 2, and nothing half-written stays.
//!
//! By itself a program is ended by a signal then (status 134, `memory allocation of N bytes failed`),
//! before it can tidy up; a hook for that is not stable yet (`alloc_error_hook`). So memory is asked for
//! through an allocator that hands every call on to mimalloc, and looks at the answer. It also counts
//! what a thread takes while something bounds that, as for a map, which would otherwise take all
//! memory there is before anything could stop it. Rating a million records takes the same time with
//! and without that (0.98 to 1.01 of it, medians of pairs of runs), and with mimalloc or the system's
//! allocator; a map of one's own takes two thirds of the time with mimalloc.
#![expect(
    clippy::disallowed_methods,
    reason = "nothing can return from where memory or time is missing: the process ends here"
)]
#![allow(unsafe_code, reason = "an allocator cannot be written without; it does nothing but hand on")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mimalloc::MiMalloc;

use crate::exit::Exit;
use crate::interrupt;

struct Watched;

#[global_allocator]
static WATCHED: Watched = Watched;

// SAFETY: every call goes to an allocator as it came, and what that gives is given
// back as it is; only where it gives nothing the process ends.
unsafe impl GlobalAlloc for Watched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promises are those that are asked for
        given(unsafe { MiMalloc.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as above
        given(unsafe { MiMalloc.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // for a while there may be both
        take(size);
        give_back(layout.size());
        // SAFETY: as above
        given(unsafe { MiMalloc.realloc(memory, layout, size) })
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give_back(layout.size());
        // SAFETY: as above
        unsafe { MiMalloc.dealloc(memory, layout) }
    }
}

/// What is left of what a thread may take, where that is bounded, and what is said where nothing is.
#[derive(Clone, Copy)]
struct Allowance {
    left: usize,
    message: &'static str,
}

thread_local! {
    static ALLOWANCE: Cell<Option<Allowance>> = const { Cell::new(None) };
}

/// Runs something that may take this many bytes in all, less what it returns; ends the process with
/// a message where it takes more.
pub(crate) fn within<T>(most: usize, message: &'static str, run: impl FnOnce() -> T) -> T {
    let before = ALLOWANCE.replace(Some(Allowance { left: most, message }));
    let end = Restored(before);
    let ran = run();
    drop(end);
    ran
}

/// Puts back what was allowed before, also where something panics.
struct Restored(Option<Allowance>);

impl Drop for Restored {
    fn drop(&mut self) {
        ALLOWANCE.set(self.0);
    }
}

#[inline]
fn take(size: usize) {
    // where a thread ends, nothing is bounded any more
    let _ = ALLOWANCE.try_with(|allowance| {
        if let Some(Allowance { left, message }) = allowance.get() {
            let Some(left) = left.checked_sub(size) else {
                allowance.set(None);
                end(message)
            };
            allowance.set(Some(Allowance { left, message }));
        }
    });
}

#[inline]
fn give_back(size: usize) {
    let _ = ALLOWANCE.try_with(|allowance| {
        if let Some(Allowance { left, message }) = allowance.get() {
            allowance.set(Some(Allowance { left: left.saturating_add(size), message }));
        }
    });
}

#[inline]
fn given(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        end("out of memory; read fewer records at once, or use more memory");
    }
    memory
}

/// Ends the process where nothing can return any more, without need of more memory; what is
/// half-written does not stay.
#[cold]
#[inline(never)]
pub(crate) fn end(message: &str) -> ! {
    static ENDING: AtomicBool = AtomicBool::new(false);
    if !ENDING.swap(true, Ordering::SeqCst) {
        interrupt::undo();
        let mut stderr = std::io::stderr();
        for part in ["serveup: ", message, "\n"] {
            let _ = stderr.write_all(part.as_bytes());
        }
        exit()
    }
    // another thread is at it and will end this one too; or there was not even room for that
    std::thread::sleep(Duration::from_secs(5));
    std::process::abort()
}

fn exit() -> ! {
    std::process::exit(Exit::CouldNotAssess as i32)
}
