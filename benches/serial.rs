//! What only one thread at a time may do while a million records are read: taking chunks from the source, and each of
//! the steps behind that (checks of ids and times, recipients, acts, what is set aside). They go on beside each other,
//! and all else is shared by all threads, so the longest of them bounds what more threads can give.
//!
//! `cargo bench --features measure --bench serial -- FILE` reads the records of a file on one thread and prints
//! seconds per million, each the least of five runs.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads a clock and prints figures")]

use std::error::Error;
use std::fs::File;
use std::sync::LazyLock;
use std::time::Instant;

use serveup::assess::Dimension;
use serveup::ordered::alone::{self, Part};
use serveup::read::{Options, Records, Source};
use serveup::{Keeps, Model, Session, Window};

static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Seconds per million records: of all, and of each part.
type Figures = [f64; 1 + PARTS.len()];

/// What only one thread at a time does, while other threads may do the other parts.
const PARTS: [Part; 5] = [Part::Taking, Part::HandingOver, Part::Step(0), Part::Step(1), Part::Step(2)];

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [file] = words.as_slice() else {
        println!("usage: cargo bench --features measure --bench serial -- FILE");
        return Ok(());
    };
    alone::read_clock_by(|| u64::try_from(BEGUN.elapsed().as_nanos()).unwrap_or(u64::MAX));
    println!("seconds per million records");
    println!("           all  taking  checks  recipients  acts  aside  together  most that 2, 8, 16 threads give");
    for (name, keeps) in [("journey", Keeps::journey(&[Dimension::Point])), ("rows", Keeps::ROWS)] {
        let mut least = [f64::MAX; 1 + PARTS.len()];
        for _ in 0..5 {
            let figures = read(file, keeps.clone())?;
            least.iter_mut().zip(figures).for_each(|(least, figure)| *least = least.min(figure));
        }
        let [all, parts @ ..] = least;
        // the parts go on beside each other, but each by one thread only
        let longest = parts.iter().copied().fold(0.0, f64::max);
        let most = [2.0, 8.0, 16.0].map(|threads| format!("{:.1}", all / (all / threads).max(longest))).join(", ");
        let [taking, checks, recipients, acts, aside] = parts;
        let together: f64 = parts.iter().sum();
        println!(
            "{name:9} {all:5.3}   {taking:5.3}   {checks:5.3}       {recipients:5.3} {acts:5.3}  {aside:5.3}     {together:5.3}  {most}"
        );
    }
    Ok(())
}

/// Reads a file on one thread, as a command does that keeps this.
fn read(file: &str, keeps: Keeps) -> Result<Figures, Box<dyn Error>> {
    let model = Model::shipped();
    let opened = File::open(file)?;
    let size = opened.metadata()?.len();
    let source = Source::seekable(file, opened, size);
    let before = PARTS.map(alone::nanoseconds);
    let begun = Instant::now();
    let (mut records, recipients) = Records::open(vec![source], None, Options::new(&model))?;
    let spool = tempfile::spooled_tempfile(1 << 22);
    let mut session = Session::with(&model, recipients, Window::default(), keeps, spool);
    let accepted = records.read(&mut session, None, &mut ())?.accepted;
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let per_million = |nanoseconds: u64| nanoseconds as f64 / 1e3 / accepted as f64;
    let mut figures = [per_million(u64::try_from(begun.elapsed().as_nanos())?); 1 + PARTS.len()];
    for ((figure, part), before) in figures[1..].iter_mut().zip(PARTS).zip(before) {
        *figure = per_million(alone::nanoseconds(part) - before);
    }
    Ok(figures)
}
