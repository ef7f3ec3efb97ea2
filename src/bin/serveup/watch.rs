//! The last limits of a map: memory and time for one row.
//!
//! Its steps are counted, but one step may be long: a pattern that goes over a long text again and
//! again, a value that holds itself many times over. Nothing can interrupt such a step but the end
//! of the process, which is better than none.
#![expect(clippy::disallowed_methods, reason = "a thread waits between two looks")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use crate::memory;

/// How much memory a map may take for one row, beside the row.
const MOST: usize = 1 << 30;

const TOO_MUCH: &str = "the map uses more than 1 GiB of memory for one row; check that it ends";

/// How long a map may take for one row, in looks at it.
const LOOKS: u32 = 300;

const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

const TOO_LONG: &str = "the map needs more than half a minute for one row; check that it ends";

/// What a thread that runs maps shows of itself: a number that counts up where a row is begun and where it is
/// done, so it is odd while a map runs.
type Shown = Arc<AtomicU64>;

/// All threads that have run a map.
static RUNNING: Mutex<Vec<Shown>> = Mutex::new(Vec::new());

thread_local! {
    static ROWS: Shown = {
        let shown = Shown::default();
        running().push(Arc::clone(&shown));
        shown
    };
}

fn running() -> MutexGuard<'static, Vec<Shown>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a map for one row.
pub(crate) fn over(run: &mut dyn FnMut()) {
    static LOOKING: Once = Once::new();
    // without a thread that looks, maps run all the same
    LOOKING.call_once(|| drop(std::thread::Builder::new().spawn(look)));
    ROWS.with(|rows| {
        rows.fetch_add(1, Ordering::Relaxed);
        memory::within(MOST, TOO_MUCH, run);
        rows.fetch_add(1, Ordering::Relaxed);
    });
}

/// Looks on. Looks are counted, and not a clock read, so that a process that was stopped meanwhile is not ended for it.
fn look() {
    // what each thread showed last, and how often it was the same
    let mut seen: Vec<(u64, u32)> = Vec::new();
    loop {
        std::thread::sleep(BETWEEN_LOOKS);
        let now: Vec<u64> = running().iter().map(|rows| rows.load(Ordering::Relaxed)).collect();
        seen.resize(now.len(), (0, 0));
        for ((last, looks), now) in seen.iter_mut().zip(now) {
            *looks = if now == *last && now % 2 == 1 { *looks + 1 } else { 0 };
            *last = now;
            if *looks > LOOKS {
                memory::end(TOO_LONG);
            }
        }
    }
}
