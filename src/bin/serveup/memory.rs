//! What happens where there is no memory left: a message, status 2, and nothing half-written stays.
//!
//! By itself a program is ended by a signal then (status 134, `memory allocation of N bytes failed`),
//! before it can tidy up; a hook for that is not stable yet (`alloc_error_hook`). So memory is asked for
//! through an allocator that hands every call on to mimalloc, or to the system for large blocks, and looks at the answer. It also counts
//! what a thread takes while something bounds that, as for a map, which would otherwise take all
//! memory there is before anything could stop it. Rating a million records takes the same time with
//! and without that (0.98 to 1.01 of it, medians of pairs of runs), and with mimalloc or the system's
//! allocator; a map of one's own takes two thirds of the time with mimalloc.
#![expect(
    clippy::disallowed_methods,
    reason = "nothing can return from where memory or time is missing: the process ends here"
)]
#![allow(
    unsafe_code,
    reason = "an allocator cannot be written without; it hands on, and moves what outgrows one of two"
)]

use std::alloc::{GlobalAlloc, Layout, System};
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

/// From which size on a block comes from the system itself: that lets it grow where it is, and takes it back at
/// once, while mimalloc copies it and keeps for a second what is freed. Ten million recipients took a fifth less
/// memory so.
const LARGE: usize = 32 << 20;

// SAFETY: every call goes to an allocator as it came, always to the same one for blocks of a size, and what that gives
// is given back as it is; only where it gives nothing the process ends.
unsafe impl GlobalAlloc for Watched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promises are those that are asked for
        given(unsafe { if layout.size() < LARGE { MiMalloc.alloc(layout) } else { System.alloc(layout) } })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as above
        given(unsafe {
            if layout.size() < LARGE { MiMalloc.alloc_zeroed(layout) } else { System.alloc_zeroed(layout) }
        })
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // for a while there may be both
        take(size);
        give_back(layout.size());
        // SAFETY: as above
        given(unsafe {
            match (layout.size() < LARGE, size < LARGE) {
                (true, true) => MiMalloc.realloc(memory, layout, size),
                (false, false) => System.realloc(memory, layout, size),
                (small, _) => moved(memory, layout, size, small),
            }
        })
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give_back(layout.size());
        // SAFETY: as above
        unsafe { if layout.size() < LARGE { MiMalloc.dealloc(memory, layout) } else { System.dealloc(memory, layout) } }
    }
}

/// Moves a block to the other allocator; nothing where that has no memory, and the block is as it was.
///
/// # Safety
/// As [`GlobalAlloc::realloc`]; `small` says which allocator has the block.
#[cold]
unsafe fn moved(memory: *mut u8, layout: Layout, size: usize, small: bool) -> *mut u8 {
    // SAFETY: the caller promises that the new size is valid for the alignment, and that the block is one of `layout`;
    // both blocks are at least as long as what is copied, and one is new, so that they do not overlap
    unsafe {
        let layout_now = Layout::from_size_align_unchecked(size, layout.align());
        let now = if small { System.alloc(layout_now) } else { MiMalloc.alloc(layout_now) };
        if !now.is_null() {
            std::ptr::copy_nonoverlapping(memory, now, size.min(layout.size()));
            if small { MiMalloc.dealloc(memory, layout) } else { System.dealloc(memory, layout) }
        }
        now
    }
}

/// Leaves what a command has made to the system, which takes it all back at once when the process ends. To give it back
/// piece by piece took `next` a tenth of its time on a million records.
pub(crate) fn leave<T>(made: T) {
    std::mem::forget(made);
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

#[cfg(test)]
mod tests {
    use super::LARGE;

    #[test]
    fn a_block_keeps_what_is_in_it_as_it_outgrows_an_allocator_and_comes_back() {
        let marks = |length: usize| (0..length).step_by(4099).chain([length - 1]);
        let letter = |place: usize| u8::try_from(place % 251).unwrap_or(0);
        let mut block: Vec<u8> = Vec::new();
        for length in [1, LARGE - 1, LARGE, 2 * LARGE, LARGE + 1, LARGE - 1, 7, LARGE] {
            let known = block.len().min(length);
            block.truncate(length);
            block.shrink_to(length);
            block.reserve_exact(length - known);
            assert!((0..known).step_by(4099).all(|place| block[place] == letter(place)), "{length}");
            block.resize(length, 0);
            marks(length).for_each(|place| block[place] = letter(place));
        }
        let zeroes = vec![0_u8; LARGE];
        assert!(marks(LARGE).all(|place| zeroes[place] == 0));
    }
}
