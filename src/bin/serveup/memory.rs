//! Where there is no memory left, that is said, with a documented exit status,
//! and nothing half-written stays.
//!
//! By itself a program is ended by a signal then, before it can tidy up; a hook
//! for that is not stable yet (`alloc_error_hook`). So memory is asked for through
//! an allocator that hands every call on to the system's, and looks at the answer.
#![allow(unsafe_code, reason = "an allocator cannot be written without; it does nothing but hand on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::exit::Exit;
use crate::interrupt;

struct Watched;

#[global_allocator]
static WATCHED: Watched = Watched;

// SAFETY: every call goes to the system's allocator as it came, and what that gives is given
// back as it is; only where it gives nothing the process ends.
unsafe impl GlobalAlloc for Watched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that are asked for
        given(unsafe { System.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above
        given(unsafe { System.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above
        given(unsafe { System.realloc(memory, layout, size) })
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above
        unsafe { System.dealloc(memory, layout) }
    }
}

#[inline]
fn given(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        run_out();
    }
    memory
}

/// Ends the process, without need of more memory.
#[cold]
#[inline(never)]
fn run_out() -> ! {
    static RUNNING_OUT: AtomicBool = AtomicBool::new(false);
    if !RUNNING_OUT.swap(true, Ordering::SeqCst) {
        interrupt::undo();
        let _ = std::io::stderr().write_all(b"serveup: out of memory; give it fewer records at once, or more room\n");
        exit()
    }
    // another thread is at it and will end this one too; or there was not even room for that
    std::thread::sleep(Duration::from_secs(5));
    std::process::abort()
}

#[expect(clippy::disallowed_methods, reason = "nothing can return from where memory is missing")]
fn exit() -> ! {
    std::process::exit(Exit::CouldNotAssess as i32)
}
