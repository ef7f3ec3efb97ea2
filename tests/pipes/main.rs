//! What comes through a pipe is what stands in the file: the same bytes give the
//! same results, the same status and the same messages, however they come to the
//! program and on however many threads, and no record is lost.
//!
//! A hundred cases run with the other tests. More, with another program, whose
//! pieces are longer and whose inputs therefore are too:
//!
//! ```sh
//! cargo build --release
//! SERVEUP_PIPES_CASES=2800 SERVEUP_PIPES_PROGRAM=target/release/serveup \
//!     cargo test --test pipes -- --nocapture
//! ```
//!
//! `SERVEUP_PIPES_FROM` is the number of the first case; a case has the same
//! bytes on every machine. What a case with a difference read is kept in a folder
//! that the message names. All cases are run, whatever fails, and a table tells
//! where the differences lie.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test lays out files and fails by panicking"
)]

mod asked;
#[path = "../support/cases.rs"]
mod cases;
mod damage;
mod delivery;
mod input;
mod laws;
mod packing;
mod records;
#[path = "../../examples/splitmix/mod.rs"]
mod splitmix;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asked::Asked;
use cases::{Cases, Failures, MOST_FAILURES, keep};
use delivery::Delivery;
use input::{Exports, Input};
use packing::Packing;
use splitmix::SplitMix64;

/// How many cases there are if nobody says.
const CASES: u64 = 100;

/// How many comparisons and differences there are, by what is counted and its name.
#[derive(Default)]
struct Table(Mutex<BTreeMap<(&'static str, String), [u64; 2]>>);

impl Table {
    /// Counts one comparison under all these names.
    fn count(&self, names: &[(&'static str, String)], difference: bool) {
        let mut table = self.0.lock().unwrap();
        for name in names {
            let [comparisons, differences] = table.entry(name.clone()).or_default();
            *comparisons += 1;
            *differences += u64::from(difference);
        }
    }

    fn print(self) {
        println!("{:34} {:>8} {:>8}", "", "compared", "differ");
        for ((by, name), [comparisons, differences]) in self.0.into_inner().unwrap() {
            println!("{by:9} {name:24} {comparisons:8} {differences:8}");
        }
    }
}

/// The names under which the comparisons of a case are counted.
fn names(asked: &Asked, input: &Input) -> Vec<(&'static str, String)> {
    let damages = input.damages.iter().map(|damage| ("damage", format!("{damage:?}")));
    let none = input.damages.is_empty().then(|| ("damage", "none".to_owned()));
    let mut names: Vec<_> = damages.chain(none).collect();
    names.extend([("layout", format!("{:?}", input.layout)), ("command", asked.args[0].clone())]);
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_pipe_is_as_good_as_a_file() {
    let cases = Cases::asked_for("SERVEUP_PIPES", CASES);
    // programs that are not optimised cut pieces of half a kilobyte
    let optimised = std::env::var_os("SERVEUP_PIPES_PROGRAM").is_some();
    let exports = Exports::read();
    let (table, failures, kept) = (Table::default(), Failures::default(), AtomicUsize::new(0));

    let work = |case: u64, folder: &Path| {
        let mut chance = SplitMix64::new(case);
        let piece = match (optimised, chance.below(100)) {
            (true, 0..45) => 1 << 18,
            (true, 45..70) | (false, 0..3) => 1 << 16,
            _ => 1 << 9,
        };
        let input = Input::draw(&mut chance, &exports, piece);
        let asked = Asked::draw(&mut chance, &input);
        let packing = Packing::draw(&mut chance, &input);
        let bytes = packing.pack(&input);
        delivery::lay_out(folder, &asked, &bytes, &input::people(20));
        let mut run = |delivery, threads| {
            let args = delivery::line(&asked, delivery, threads);
            let ran = delivery::run(&cases.program, folder, &args, delivery, &bytes, &mut chance);
            (args.join(" "), ran)
        };
        let mut names = names(&asked, &input);
        names.push(("packing", format!("{packing:?}")));
        let (line, file) = run(Delivery::File, 1);
        let law = laws::broken(&asked, &input, &file);
        table.count(&[("law", "records counted".to_owned())], law.is_some());
        let mut wrong: Vec<_> = law.map(|law| format!("serveup {line}\n  {law}")).into_iter().collect();
        // every way comes with every number of threads
        let turn = usize::try_from(case).unwrap();
        let others = Delivery::ALL.iter().zip(turn..).skip(1).map(|(&way, turn)| (way, [1, 2, 7][turn % 3]));
        let files = [(Delivery::File, 2), (Delivery::File, 7)].into_iter().filter(|_| asked.threads);
        for (delivery, threads) in files.chain(others) {
            let (line, ran) = run(delivery, threads);
            let difference = ran.differs_from(&file, asked.widths_may_differ());
            table.count(&names, difference.is_some());
            let by = [("delivery", format!("{delivery:?}")), ("all", "comparisons".to_owned())];
            table.count(&by, difference.is_some());
            wrong.extend(difference.map(|difference| format!("serveup {line} ({delivery:?})\n  {difference}")));
        }
        if !wrong.is_empty() {
            let about =
                format!("case {case}: {:?} {packing:?} {:?}, {} bytes", input.layout, input.damages, input.bytes.len());
            let kept = (kept.fetch_add(1, Ordering::Relaxed) < MOST_FAILURES).then(|| {
                let name = format!("pipes-{case}");
                keep(folder, &name);
                keep(&folder.join("file"), &name).display().to_string()
            });
            failures.add(format!("{about}\n{}\n  kept in {}", wrong.join("\n"), kept.unwrap_or_default()));
        }
    };
    cases.work_off(work, || false);
    table.print();
    failures.conclude();
}
