//! `serveup decay FILE…`: every act on the escalator, and when it will rest.

use anyhow::Result;
use serveup::assess::decay::{Act, Acts};
use serveup::print::text;
use serveup::wording::count;
use serveup::{Instant, Keeps};

use super::reading::{Input, SettledRecords};
use crate::args::DecayArgs;
use crate::exit::Exit;
use crate::messages::note;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &DecayArgs) -> Result<Exit> {
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let input = Input::open(&model, &args.files, &args.reads)?;
    let zone = input.zone.clone();
    let (settled, as_of) = read_until(input, args.reads.as_of.as_deref(), Keeps::NOTHING)?;
    let report = settled.acts(as_of);
    tell_forgotten(&report, args.reads.quiet);
    let threads = settings::threads(args.reads.threads);
    let in_words = || text::decay::acts(&model, &report, &zone, style, threads);
    printing::report(&args.print, style, in_words, &report, &report.acts, &Act::blank())?;
    Ok(Exit::Done)
}

/// Notes how many acts are left out because they are forgotten.
pub(super) fn tell_forgotten(acts: &Acts, quiet: bool) {
    if acts.forgotten > 0 {
        let forgotten = count(acts.forgotten, "act");
        note(quiet, &format!("{forgotten} left out: last delivered longer ago than memory_days in the levels file"));
    }
}

/// Reads all records, up to an instant or the end of a period if one is named.
pub(super) fn read_until<'m>(
    mut input: Input<'m, '_>,
    named: Option<&str>,
    keeps: Keeps,
) -> Result<(SettledRecords<'m>, Option<Instant>)> {
    let as_of = input.look_from(named)?;
    let (settled, _) = input.settle(keeps)?;
    Ok((settled, as_of))
}
