//! How long it takes only to check that lines are JSON: every byte is read and
//! parsed by `serde_json`, and nothing is kept. What rates faster than a few times
//! this is near what any program could do.
//!
//! `cargo bench --bench bare -- FILE [THREADS]` prints one line:
//! records, seconds, peak memory in kilobytes.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads a clock and prints figures")]

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::sync::Mutex;
use std::time::Instant;

use serde::de::IgnoredAny;

/// How much each thread reads at a time.
const BLOCK: usize = 1 << 18;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [file, threads @ ..] = words.as_slice() else {
        println!("usage: cargo bench --bench bare -- FILE [THREADS]");
        return Ok(());
    };
    let threads = threads.first().map_or(Ok(2), |threads| threads.parse::<usize>())?;
    let begun = Instant::now();
    let lines = Mutex::new(Lines { file: File::open(file)?, rest: Vec::new() });
    let counts: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| count(&lines).unwrap_or(0))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} records {seconds:.3} s {} kB", counts.iter().sum::<u64>(), peak());
    Ok(())
}

/// A file, and what was read of a line that is not complete yet.
struct Lines {
    file: File,
    rest: Vec<u8>,
}

impl Lines {
    /// The next whole lines, in place of what `block` held; false at the end.
    fn next(&mut self, block: &mut Vec<u8>) -> std::io::Result<bool> {
        block.clear();
        block.append(&mut self.rest);
        loop {
            let count = Read::by_ref(&mut self.file).take(BLOCK as u64).read_to_end(block)?;
            if count == 0 {
                return Ok(!block.is_empty());
            }
            if let Some(newline) = memchr::memrchr(b'\n', block) {
                self.rest.extend_from_slice(&block[newline + 1..]);
                block.truncate(newline + 1);
                return Ok(true);
            }
        }
    }
}

/// Checks blocks of lines until none are left. How many records there were.
fn count(lines: &Mutex<Lines>) -> Result<u64, Box<dyn Error>> {
    let (mut block, mut count) = (Vec::new(), 0);
    while lines.lock().map_err(|_| "a thread failed")?.next(&mut block)? {
        for record in serde_json::Deserializer::from_slice(&block).into_iter::<IgnoredAny>() {
            record?;
            count += 1;
        }
    }
    Ok(count)
}

/// The peak of this process's memory in kilobytes, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
