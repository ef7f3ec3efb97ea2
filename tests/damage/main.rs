//! Damaged input, by chance but repeatable: whatever is done to the files that
//! the program reads, it ends with a status that it documents, and nothing is
//! printed, kept or left behind that should not be.
//!
//! A few hundred cases run with the other tests. More, with another program:
//!
//! ```sh
//! cargo build --release
//! SERVEUP_DAMAGE_CASES=100000 SERVEUP_DAMAGE_PROGRAM=target/release/serveup \
//!     cargo test --test damage -- --nocapture
//! ```
//!
//! `SERVEUP_DAMAGE_FROM` is the number of the first case; a case has the same
//! bytes on every machine. What a failing case read is kept in a folder that
//! the message names.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test lays out files and fails by panicking"
)]

mod asked;
mod bytes;
#[path = "../support/cases.rs"]
mod cases;
mod run;
#[path = "../../examples/splitmix/mod.rs"]
mod splitmix;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use cases::{Cases, Failures, keep};
use run::Ended;

/// How many cases there are if nobody says.
const CASES: u64 = 400;

#[test]
fn damaged_input_ends_with_a_documented_status() {
    let cases = Cases::asked_for("SERVEUP_DAMAGE", CASES);
    let corpus = bytes::Corpus::read();
    let (ended, failures) = (Mutex::new(BTreeMap::new()), Failures::default());
    let work = |case: u64, folder: &Path| {
        let asked = asked::Asked::of(case, &corpus);
        let Ended { command, status, failure } = run::run(&cases.program, folder, &asked);
        *ended.lock().unwrap().entry((command, status)).or_insert(0_u64) += 1;
        if let Some(failure) = failure {
            let kept = keep(folder, &format!("damage-{case}"));
            let line = asked.args.join(" ");
            failures.add(format!("case {case}: serveup {line}\n  {failure}\n  kept in {}", kept.display()));
        }
    };
    cases.work_off(work, || failures.enough());

    let ended = ended.into_inner().unwrap();
    let mut by_status = BTreeMap::new();
    for ((command, status), count) in &ended {
        println!("{command:10} {status}: {count}");
        *by_status.entry(status).or_insert(0) += count;
    }
    println!("all        {by_status:?}");
    failures.conclude();
}
