//! How long what only one thread at a time may do has taken: for the bench that measures it, and in no program.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What only one thread at a time does; different parts go on beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Takes the next item.
    Taking,
    /// Hands over the next result.
    HandingOver,
    /// Does one of the steps behind that, counted from 0.
    Step(usize),
}

impl Part {
    /// How many steps are measured.
    pub const STEPS: usize = 6;

    const fn index(self) -> usize {
        match self {
            Self::Taking => 0,
            Self::HandingOver => 1,
            Self::Step(step) => 2 + step,
        }
    }
}

static CLOCK: OnceLock<fn() -> u64> = OnceLock::new();
static NANOSECONDS: [AtomicU64; 2 + Part::STEPS] = [const { AtomicU64::new(0) }; 2 + Part::STEPS];

/// Reads this clock, in nanoseconds, from now on: the library has none.
pub fn read_clock_by(clock: fn() -> u64) {
    CLOCK.get_or_init(|| clock);
}

/// How long this part has taken so far.
#[must_use]
pub fn nanoseconds(part: Part) -> u64 {
    NANOSECONDS.get(part.index()).map_or(0, |spent| spent.load(Ordering::Relaxed))
}

pub(super) fn run<T>(part: Part, run: impl FnOnce() -> T) -> T {
    let (Some(clock), Some(spent)) = (CLOCK.get(), NANOSECONDS.get(part.index())) else { return run() };
    let begun = clock();
    let result = run();
    spent.fetch_add(clock().saturating_sub(begun), Ordering::Relaxed);
    result
}
