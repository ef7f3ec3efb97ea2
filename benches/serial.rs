//! What only one thread at a time may do while a million records are read: taking chunks from the source, and
//! handing them over in order (checks, recipients and acts, the spool). The rest is shared by all threads, so by
//! Amdahl's law this bounds what more of them can give.
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

/// Seconds per million records.
#[derive(Clone, Copy)]
struct Figures {
    all: f64,
    taking: f64,
    handing_over: f64,
}

impl Figures {
    const NONE: Self = Self { all: f64::MAX, taking: f64::MAX, handing_over: f64::MAX };

    fn min(self, other: Self) -> Self {
        Self {
            all: self.all.min(other.all),
            taking: self.taking.min(other.taking),
            handing_over: self.handing_over.min(other.handing_over),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [file] = words.as_slice() else {
        println!("usage: cargo bench --features measure --bench serial -- FILE");
        return Ok(());
    };
    alone::read_clock_by(|| u64::try_from(BEGUN.elapsed().as_nanos()).unwrap_or(u64::MAX));
    println!("seconds per million records  all  taking  handing over  most that 2, 8, 16 threads give");
    for (name, keeps) in [("journey", Keeps::journey(&[Dimension::Point])), ("rows", Keeps::ROWS)] {
        let mut least = Figures::NONE;
        for _ in 0..5 {
            least = least.min(read(file, keeps.clone())?);
        }
        let Figures { all, taking, handing_over } = least;
        // taking and handing over can go on beside each other, but either by one thread only
        let most = |threads: f64| all / (all / threads).max(taking).max(handing_over);
        let most = [2.0, 8.0, 16.0].map(|threads| format!("{:.1}", most(threads))).join(", ");
        println!("{name:27} {all:5.3}   {taking:5.3}         {handing_over:5.3}  {most}");
    }
    Ok(())
}

/// Reads a file on one thread, as a command does that keeps this.
fn read(file: &str, keeps: Keeps) -> Result<Figures, Box<dyn Error>> {
    let model = Model::shipped();
    let opened = File::open(file)?;
    let size = opened.metadata()?.len();
    let source = Source::seekable(file, opened, size);
    let before = [alone::nanoseconds(Part::Taking), alone::nanoseconds(Part::HandingOver)];
    let begun = Instant::now();
    let (mut records, recipients) = Records::open(vec![source], None, Options::new(&model))?;
    let spool = tempfile::spooled_tempfile(1 << 22);
    let mut session = Session::with(&model, recipients, Window::default(), keeps, spool);
    let accepted = records.read(&mut session, None, &mut ())?.accepted;
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let per_million = |nanoseconds: u64| nanoseconds as f64 / 1e3 / accepted as f64;
    let spent = |part, before| per_million(alone::nanoseconds(part) - before);
    Ok(Figures {
        all: per_million(u64::try_from(begun.elapsed().as_nanos())?),
        taking: spent(Part::Taking, before[0]),
        handing_over: spent(Part::HandingOver, before[1]),
    })
}
