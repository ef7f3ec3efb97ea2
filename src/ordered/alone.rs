//! How long what only one thread at a time may do has taken: for the bench that measures it, and in no program.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What only one thread at a time does.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Takes the next item.
    Taking,
    /// Hands over the next result.
    HandingOver,
}

static CLOCK: OnceLock<fn() -> u64> = OnceLock::new();
static NANOSECONDS: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Reads this clock, in nanoseconds, from now on: the library has none.
pub fn read_clock_by(clock: fn() -> u64) {
    CLOCK.get_or_init(|| clock);
}

/// How long this part has taken so far.
#[must_use]
pub fn nanoseconds(part: Part) -> u64 {
    NANOSECONDS[part as usize].load(Ordering::Relaxed)
}

pub(super) fn run<T>(part: Part, run: impl FnOnce() -> T) -> T {
    let Some(clock) = CLOCK.get() else { return run() };
    let begun = clock();
    let result = run();
    NANOSECONDS[part as usize].fetch_add(clock().saturating_sub(begun), Ordering::Relaxed);
    result
}
