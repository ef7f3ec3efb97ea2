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
    let (_, report, _) = read_acts(input, args.reads.as_of.as_deref(), Keeps::NOTHING, args.reads.quiet)?;
    let in_words = || text::decay::acts(&model, &report, &zone, style);
    printing::report(&args.print, style, in_words, &report, &report.acts, &Act::blank())?;
    Ok(Exit::Done)
}

/// Reads all records, up to an instant or the end of a period if one is named, and gathers the acts on the
/// escalator; the instant, too. Notes which were left out.
pub(super) fn read_acts<'m>(
    input: Input<'m, '_>,
    named: Option<&str>,
    keeps: Keeps,
    quiet: bool,
) -> Result<(SettledRecords<'m>, Acts, Option<Instant>)> {
    let (settled, as_of) = read_until(input, named, keeps)?;
    let acts = settled.acts(as_of);
    if acts.forgotten > 0 {
        let forgotten = count(acts.forgotten, "act");
        note(quiet, &format!("{forgotten} left out: last delivered longer ago than memory_days in the levels file"));
    }
    Ok((settled, acts, as_of))
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
