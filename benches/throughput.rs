//! How long `serveup rate` takes beside a bare pass that only deserialises the
//! same fields with `serde_json`, both on one thread, and how much memory.
//!
//! `cargo bench --bench throughput [-- RECORDS]`; the records are made by
//! `examples/generate.rs`. It prints figures and asserts nothing about time.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads a clock and prints figures")]

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

/// The fields of a record, borrowed, with nothing checked.
#[derive(Deserialize)]
#[expect(dead_code, reason = "the pass only deserialises")]
struct Bare<'a> {
    id: Option<&'a str>,
    at: Option<&'a str>,
    recipient: &'a str,
    journey: Option<&'a str>,
    transaction: Option<&'a str>,
    point: &'a str,
    action: Option<&'a str>,
    #[serde(borrow, default)]
    signals: Vec<&'a str>,
    #[serde(borrow, default)]
    value: Option<Vec<BareValue<'a>>>,
    #[serde(borrow, default)]
    served: HashMap<&'a str, &'a str>,
    channel: Option<&'a str>,
    stage: Option<&'a str>,
    relation: Option<&'a str>,
    provider: Option<&'a str>,
    team: Option<&'a str>,
    verdict: Option<&'a str>,
    claimed: Option<&'a str>,
    said: Option<&'a str>,
    recovers: Option<&'a str>,
    response: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "the pass only deserialises")]
enum BareValue<'a> {
    Name(&'a str),
    Measured { kind: &'a str, amount: f64, unit: &'a str },
}

fn main() -> Result<(), Box<dyn Error>> {
    let records = std::env::args().skip(1).find_map(|word| word.parse::<u64>().ok()).unwrap_or(1_000_000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("throughput-{records}.jsonl"));
    generate(&file, records)?;
    let megabytes = std::fs::metadata(&file)?.len() / 1_000_000;
    println!("{records} records, {megabytes} MB, one thread; median of five, in pairs");

    let (mut bare, mut rate) = (Vec::new(), Vec::new());
    let mut peak = 0;
    for _ in 0..5 {
        bare.push(bare_pass(&file, records)?);
        let (time, memory) = rate_pass(&file)?;
        rate.push(time);
        peak = peak.max(memory);
    }
    let (bare, rate) = (median(bare), median(rate));
    println!("bare serde_json pass   {:6.3} s", bare.as_secs_f64());
    println!(
        "rate -f tsv            {:6.3} s   {:.2} times the bare pass",
        rate.as_secs_f64(),
        rate.as_secs_f64() / bare.as_secs_f64()
    );
    println!("peak memory of rate    {:6} MB", peak / 1024);
    Ok(())
}

fn generate(file: &Path, records: u64) -> Result<(), Box<dyn Error>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--example", "generate", "--", &records.to_string()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(File::create(file)?)
        .status()?;
    if status.success() { Ok(()) } else { Err("the records could not be generated".into()) }
}

fn bare_pass(file: &Path, records: u64) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let mut bytes = Vec::new();
    File::open(file)?.read_to_end(&mut bytes)?;
    let mut count = 0;
    for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let bare: Bare<'_> = serde_json::from_slice(line)?;
        std::hint::black_box(&bare);
        count += 1;
    }
    assert_eq!(count, records);
    Ok(start.elapsed())
}

/// Runs the binary; its time, and its peak memory in KiB where the system tells.
fn rate_pass(file: &Path) -> Result<(Duration, u64), Box<dyn Error>> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_serveup"))
        .args(["rate", "--quiet", "--threads", "1", "-f", "tsv"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut peak = 0;
    let mut block = vec![0; 1 << 16];
    let mut output = child.stdout.take().ok_or("no output")?;
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let mut looks = 0_u32;
    while output.read(&mut block)? > 0 {
        looks += 1;
        if looks % 64 == 1 {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = high.and_then(|high| high.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak).max(peak);
        }
    }
    if child.wait()?.success() { Ok((start.elapsed(), peak)) } else { Err("rate failed".into()) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
