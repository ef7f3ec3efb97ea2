//! Numbered cases, worked off on all cores: a few hundred with the other tests,
//! more and with another program where environment variables say so.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// After so many failures there is no more to learn of what failed.
pub(crate) const MOST_FAILURES: usize = 20;

/// A case that is not through after so many seconds never will be: cases take milliseconds.
const STUCK: u64 = 300;

/// Which cases are asked for, and of which program.
pub(crate) struct Cases {
    from: u64,
    until: u64,
    pub(crate) program: PathBuf,
}

impl Cases {
    /// Those that variables `…_FROM`, `…_CASES` and `…_PROGRAM` ask for.
    pub(crate) fn asked_for(variables: &str, usual: u64) -> Self {
        let variable = |name: &str| std::env::var_os(format!("{variables}_{name}"));
        let number = |name: &str| variable(name).map(|text| text.to_str().unwrap().parse::<u64>().expect("a number"));
        let from = number("FROM").unwrap_or(0);
        let program = variable("PROGRAM").map_or(env!("CARGO_BIN_EXE_serveup").into(), PathBuf::from);
        let program = program.canonicalize().expect("the program");
        Self { from, until: from + number("CASES").unwrap_or(usual), program }
    }

    /// Works off all cases, each in a folder that no other one uses at the time, as long as there is
    /// more to learn.
    pub(crate) fn work_off(&self, work: impl Fn(u64, &Path) + Sync, learnt: impl Fn() -> bool + Sync) {
        let next = AtomicU64::new(self.from);
        let over = AtomicBool::new(false);
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let busy: Vec<_> = (0..workers).map(|_| AtomicU64::new(u64::MAX)).collect();
        let work = |busy: &AtomicU64| {
            let folder = tempfile::tempdir().unwrap();
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= self.until || learnt() {
                    break busy.store(u64::MAX, Ordering::Relaxed);
                }
                busy.store(case, Ordering::Relaxed);
                work(case, folder.path());
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = busy.iter().map(|busy| scope.spawn(|| work(busy))).collect();
            scope.spawn(|| watch(&busy, &over));
            // a failure of one is told once the others are through
            let ended: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
            over.store(true, Ordering::Relaxed);
            ended.into_iter().for_each(Result::unwrap);
        });
    }
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

/// Failures of many threads: the first are told, all are counted.
#[derive(Default)]
pub(crate) struct Failures(Mutex<Vec<String>>);

impl Failures {
    pub(crate) fn add(&self, failure: String) {
        self.0.lock().unwrap().push(failure);
    }

    /// Whether there is no more to learn.
    pub(crate) fn enough(&self) -> bool {
        self.0.lock().unwrap().len() >= MOST_FAILURES
    }

    /// Fails if anything did.
    pub(crate) fn conclude(self) {
        let failures = self.0.into_inner().unwrap();
        let first: Vec<_> = failures.iter().take(MOST_FAILURES).map(String::as_str).collect();
        assert!(failures.is_empty(), "{} failures\n{}", failures.len(), first.join("\n"));
    }
}

/// Keeps the files of a case that failed.
pub(crate) fn keep(folder: &Path, name: &str) -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&kept).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), kept.join(entry.file_name())).unwrap();
        }
    }
    kept
}
