//! Interactions by the million, for load tests: one JSON object a line.
//!
//! ```sh
//! cargo run --release --example generate -- 1000000 > million.jsonl
//! cargo run --release --example generate -- 1000000 7 | serveup journey
//! ```
//!
//! The same number and the same seed (1 if none is given) print the same bytes
//! on every machine. About one record in twenty stands later in the file than
//! it happened; no two happened at the same instant. It needs no memory that
//! grows with the number of records.
#![allow(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a program reads its arguments and writes to the standard streams"
)]

mod splitmix;

use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use splitmix::SplitMix64;

const USAGE: &str = "usage: generate N [SEED], where N is a number of records up to 1000000000";
const MOST: u64 = 1_000_000_000;

/// Journey, transaction, point, each in its place in a record.
const PATHS: [&str; 12] = [
    r#"support","transaction":"request","point":"first-reply"#,
    r#"support","transaction":"request","point":"resolution"#,
    r#"support","transaction":"request","point":"follow-up"#,
    r#"support","transaction":"outage","point":"status-page"#,
    r#"support","transaction":"outage","point":"repair"#,
    r#"purchase","transaction":"order","point":"advice"#,
    r#"purchase","transaction":"order","point":"payment"#,
    r#"purchase","transaction":"delivery","point":"parcel"#,
    r#"purchase","transaction":"delivery","point":"installation"#,
    r#"membership","transaction":"onboarding","point":"training"#,
    r#"membership","transaction":"renewal","point":"reminder"#,
    r#"membership","transaction":"renewal","point":"upgrade"#,
];

const ACTS: [&str; 20] = [
    "handwritten-note",
    "birthday-call",
    "status-note",
    "video-answer",
    "spare-device",
    "weekly-report",
    "real-time-report",
    "template-choice",
    "free-upgrade",
    "gift-of-socks",
    "call-back",
    "site-visit",
    "cheat-sheet",
    "health-check",
    "welcome-pack",
    "same-day-delivery",
    "night-watch",
    "invoice",
    "small-repair",
    "thank-you-card",
];

/// Shipped signals, the common ones several times.
const SIGNALS: [&str; 32] = [
    "on-time",
    "on-time",
    "on-time",
    "on-time",
    "on-time",
    "as-agreed",
    "as-agreed",
    "as-agreed",
    "as-agreed",
    "as-agreed",
    "preferred-way",
    "preferred-way",
    "as-hoped",
    "as-hoped",
    "forewarned",
    "unexpected",
    "unexpected",
    "preference-missed",
    "astonishing",
    "story-told",
    "omitted",
    "late",
    "late",
    "incomplete",
    "inaccurate",
    "impolite",
    "unexplained",
    "chased",
    "unwelcome",
    "hard-to-use",
    "unresolved",
    "promise-broken",
];

const KINDS: [&str; 6] = ["time", "money", "understood", "felt-good", "anxiety-reduced", "connected-to-provider"];
const CHANNELS: [&str; 6] = ["email", "phone", "message", "app", "online", "counter"];
const CADENCES: [&str; 4] = ["real-time", "weekly", "fortnightly", "monthly"];
const STAGES: [&str; 3] = ["beginning", "middle", "end"];
const VERDICTS: [&str; 10] = [
    "criminal",
    "basic",
    "basic",
    "expected",
    "expected",
    "expected",
    "desired",
    "desired",
    "surprising",
    "unbelievable",
];

/// 2016-01-01T00:00:00Z.
const START: u64 = 1_451_606_400;
/// How much later than they happened the displaced records stand, in seconds.
/// Records in order fall on seconds divisible by four, and these leave the
/// three different remainders, so that no two records meet.
const DISPLACED: [u64; 3] = [4 * 15 + 3, 4 * 900 + 2, 4 * 21_600 + 1];

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (count, seed) = match requested(&arguments) {
        Ok(request) => request,
        Err(reason) => {
            eprintln!("generate: {reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match generate(count, seed, io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // the reader has what it wanted
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: cannot write: {error}");
            ExitCode::from(2)
        }
    }
}

/// The number of records and the seed.
fn requested(arguments: &[OsString]) -> Result<(u64, u64), String> {
    let (count, seed) = match arguments {
        [] => return Err("say how many records".to_owned()),
        [count] => (count, None),
        [count, seed] => (count, Some(seed)),
        [_, _, more, ..] => return Err(format!("found \"{}\" after the seed", more.display())),
    };
    let number = |what, text: &OsString| {
        let number = text.to_str().and_then(|text| text.parse::<u64>().ok());
        number.ok_or_else(|| format!("{what} is \"{}\", not a whole number", text.display()))
    };
    let count = number("N", count)?;
    if count > MOST {
        return Err(format!("N is {count}, more than {MOST}"));
    }
    Ok((count, seed.map_or(Ok(1), |seed| number("SEED", seed))?))
}

fn generate(count: u64, seed: u64, out: impl Write) -> io::Result<()> {
    let mut random = SplitMix64::new(seed);
    let mut out = BufWriter::with_capacity(1 << 18, out);
    let mut line = Vec::with_capacity(1024);
    let customers = usize::try_from(count / 5).unwrap_or(usize::MAX).max(1);
    let mut clock = START;
    for number in 1..=count {
        clock += 4 * (1 + random.below(9) as u64);
        let at = if random.chance(5) { clock - random.pick(&DISPLACED) } else { clock };
        line.clear();
        record(&mut line, &mut random, number, at, customers);
        out.write_all(&line)?;
    }
    out.flush()
}

/// Writes one record as a line.
fn record(line: &mut Vec<u8>, random: &mut SplitMix64, number: u64, at: u64, customers: usize) {
    line.extend(br#"{"id":"T"#);
    digits(line, number, 7);
    line.extend(br#"","at":""#);
    instant(line, at);
    // a customer below a customer: few of them come often, most now and then
    let reach = random.below(customers) + 1;
    line.extend(br#"","recipient":"C"#);
    digits(line, random.below(reach) as u64, 6);
    text(line, r#"","journey":""#, random.pick(&PATHS));
    if random.chance(50) {
        text(line, r#"","action":""#, random.pick(&ACTS));
    }
    text(line, r#"","channel":""#, random.pick(&CHANNELS));
    if random.chance(20) {
        text(line, r#"","stage":""#, random.pick(&STAGES));
    }
    if random.chance(15) {
        text(line, r#"","relation":""#, if random.chance(80) { "external" } else { "internal" });
    }
    if random.chance(8) {
        text(line, r#"","verdict":""#, random.pick(&VERDICTS));
    }
    line.push(b'"');
    signals(line, random);
    if random.chance(30) {
        value(line, random);
    }
    if random.chance(10) {
        text(line, r#","served":{"channel":""#, random.pick(&CHANNELS));
        text(line, r#"","cadence":""#, random.pick(&CADENCES));
        line.extend(br#""}"#);
    }
    line.extend(b"}\n");
}

/// None to three different signals, one most often.
fn signals(line: &mut Vec<u8>, random: &mut SplitMix64) {
    let mut noted = [""; 3];
    for place in 0..random.pick(&[0, 1, 1, 1, 1, 1, 2, 2, 3]) {
        let signal = random.pick(&SIGNALS);
        if !noted.contains(&signal) {
            text(line, if place == 0 { r#","signals":[""# } else { r#"",""# }, signal);
            noted[place] = signal;
        }
    }
    if !noted[0].is_empty() {
        line.extend(br#""]"#);
    }
}

/// One or two kinds of value, now and then with an amount.
fn value(line: &mut Vec<u8>, random: &mut SplitMix64) {
    if random.chance(15) {
        line.extend(br#","value":[{"kind":"time","amount":"#);
        digits(line, random.below(90) as u64, 1);
        line.extend(br#".5,"unit":"minutes"}]"#);
        return;
    }
    let first = random.pick(&KINDS);
    text(line, r#","value":[""#, first);
    let second = random.pick(&KINDS);
    if random.chance(20) && second != first {
        text(line, r#"",""#, second);
    }
    line.extend(br#""]"#);
}

fn text(line: &mut Vec<u8>, before: &str, text: &str) {
    line.extend(before.as_bytes());
    line.extend(text.as_bytes());
}

/// A number in decimal, filled up with zeros to a width.
fn digits(line: &mut Vec<u8>, mut number: u64, width: usize) {
    let start = line.len();
    while number > 0 || line.len() < start + width {
        line.push(b"0123456789"[(number % 10) as usize]);
        number /= 10;
    }
    line[start..].reverse();
}

/// Seconds since 1970 as RFC 3339 in UTC. The calendar is Howard Hinnant's
/// `civil_from_days`: years begin in March, so that a leap day comes last.
fn instant(line: &mut Vec<u8>, at: u64) {
    let (days, second) = (at / 86_400 + 719_468, at % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    digits(line, year, 4);
    for (before, number) in
        [(b'-', month), (b'-', day), (b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)]
    {
        line.push(before);
        digits(line, number, 2);
    }
    line.push(b'Z');
}
