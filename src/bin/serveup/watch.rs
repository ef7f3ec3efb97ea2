//! The last bounds of a map: of the memory and the time it takes for one row.
//!
//! Its steps are counted, but one step may be long: a pattern that goes over a long text again and
//! again, a value that holds itself many times over. Nothing can interrupt such a step but the end
//! of the process, which is better than none.
#![expect(clippy::disallowed_methods, reason = "a thread waits between two looks")]

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::memory;

/// How much memory a map may take for one row, beside the row.
const MOST: usize = 1 << 30;

const TOO_MUCH: &str = "a map takes more than 1 GiB of memory for one row; does it end?";

/// How long a map may take for one row, in looks at it.
const LOOKS: u32 = 300;

const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

const TOO_LONG: &str = "a map takes more than half a minute for one row; does it end?";

/// Counts up where a row is begun and where it is done, so it is odd while a map runs.
static ROWS: AtomicU64 = AtomicU64::new(0);

/// Runs a map for one row.
pub(crate) fn over(run: &mut dyn FnMut()) {
    static LOOKING: Once = Once::new();
    // without a thread that looks, maps run all the same
    LOOKING.call_once(|| drop(std::thread::Builder::new().spawn(look)));
    ROWS.fetch_add(1, Ordering::Relaxed);
    memory::within(MOST, TOO_MUCH, run);
    ROWS.fetch_add(1, Ordering::Relaxed);
}

/// Looks on. Looks are counted, and not a clock read, so that a process that was stopped meanwhile is not ended for it.
fn look() {
    let (mut last, mut looks) = (0, 0);
    loop {
        std::thread::sleep(BETWEEN_LOOKS);
        let now = ROWS.load(Ordering::Relaxed);
        looks = if now == last && now % 2 == 1 { looks + 1 } else { 0 };
        last = now;
        if looks > LOOKS {
            memory::end(TOO_LONG);
        }
    }
}
