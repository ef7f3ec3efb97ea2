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
mod run;
#[path = "../../examples/splitmix/mod.rs"]
mod splitmix;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use run::Ended;

/// How many cases there are if nobody says.
const CASES: u64 = 400;

/// After so many failures there is no more to learn.
const MOST_FAILURES: usize = 20;

/// A case that is not through after so many seconds never will be: cases take milliseconds.
const STUCK: u64 = 300;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn damaged_input_ends_with_a_documented_status() {
    let from = number("SERVEUP_DAMAGE_FROM").unwrap_or(0);
    let until = from + number("SERVEUP_DAMAGE_CASES").unwrap_or(CASES);
    let program =
        std::env::var_os("SERVEUP_DAMAGE_PROGRAM").map_or(env!("CARGO_BIN_EXE_serveup").into(), PathBuf::from);
    let program = program.canonicalize().expect("the program");
    let corpus = bytes::Corpus::read();
    let next = AtomicU64::new(from);
    let (over, ended, failures) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let busy: Vec<_> = (0..workers).map(|_| AtomicU64::new(u64::MAX)).collect();

    let work = |busy: &AtomicU64| {
        let folder = tempfile::tempdir().unwrap();
        loop {
            let case = next.fetch_add(1, Ordering::Relaxed);
            if case >= until || failures.lock().unwrap().len() >= MOST_FAILURES {
                break busy.store(u64::MAX, Ordering::Relaxed);
            }
            busy.store(case, Ordering::Relaxed);
            let asked = asked::Asked::of(case, &corpus);
            let Ended { command, status, failure } = run::run(&program, folder.path(), &asked);
            *ended.lock().unwrap().entry((command, status)).or_insert(0_u64) += 1;
            if let Some(failure) = failure {
                let kept = run::keep(folder.path(), case);
                failures.lock().unwrap().push(format!(
                    "case {case}: serveup {}\n  {failure}\n  kept in {}",
                    asked.args.join(" "),
                    kept.display()
                ));
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = busy.iter().map(|busy| scope.spawn(|| work(busy))).collect();
        scope.spawn(|| watch(&busy, &over));
        for worker in workers {
            worker.join().unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });

    let ended = ended.into_inner().unwrap();
    let mut by_status = BTreeMap::new();
    for ((command, status), count) in &ended {
        println!("{command:10} {status}: {count}");
        *by_status.entry(status).or_insert(0) += count;
    }
    println!("all        {by_status:?}");
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// Ends everything, with the number of the case, should one never end.
fn watch(busy: &[AtomicU64], over: &AtomicBool) {
    let mut since = vec![(u64::MAX, 0); busy.len()];
    while !over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
        for (busy, (case, ticks)) in busy.iter().zip(&mut since) {
            let now = busy.load(Ordering::Relaxed);
            (*case, *ticks) = if now == *case { (now, *ticks + 1) } else { (now, 0) };
            if now != u64::MAX && *ticks > STUCK * 10 {
                eprintln!("case {now} does not end");
                std::process::abort();
            }
        }
    }
}
