//! `serveup recovery`: failures, and whether they bounced back.

use anyhow::Result;
use serveup::assess::recovery::{By, Item, RecoveryReport, Strategy};
use serveup::print::{Chunk, Document, InParts, text};
use serveup::wording::grouped;
use serveup::{Days, Keeps};

use super::reading::{Input, SettledRecords, help_without_input};
use crate::args::RecoveryArgs;
use crate::exit::Exit;
use crate::gates::require_of_failures;
use crate::memory::leave;
use crate::messages::note;
use crate::printing::{self, TOGETHER};
use crate::settings::{self, style};

pub(crate) fn run(args: &RecoveryArgs) -> Result<Exit> {
    help_without_input("recovery", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let by = args.by();
    let keeps = Keeps { tags: by.iter().filter_map(By::tag).cloned().collect(), ..Keeps::ALL };
    let (mut settled, _) = Input::open(&model, &args.files, &args.reads)?.settle(keeps)?;
    needs_times(args.link_within.is_some(), &settled, args.reads.quiet);
    let (report, failed) = settled.recovery(args.link_within.map(Days::new), &by)?;
    tell_unmatched(&report, args.reads.quiet);
    tell_stray_costs(&report, args.reads.quiet);
    let threads = settings::threads(args.reads.threads);
    let in_words = || text::recovery::in_words(&model, &report, &failed, style, threads);
    let document = Document::With(&report, "items", &failed);
    if by.is_empty() {
        let parts = printing::parts(failed.len(), TOGETHER);
        let rows = |some, chunk: &mut Chunk| printing::each(failed.part(some), chunk);
        let rows = InParts { parts, rows, sample: &Item::blank() };
        printing::long_report(&args.print, style, threads, in_words, &document, rows)?;
    } else {
        let rows = InParts { parts: [&report.by], rows: printing::each, sample: &Strategy::blank(&by) };
        printing::long_report(&args.print, style, threads, in_words, &document, rows)?;
    }
    let exit = require_of_failures(&model, &args.gate, &report)?;
    leave((report, failed));
    leave(settled);
    Ok(exit)
}

/// Notes that without times no recovery can be assumed.
pub(super) fn needs_times(link_within: bool, settled: &SettledRecords<'_>, quiet: bool) {
    if link_within && settled.timed() == Some(false) {
        note(quiet, "--link-within needs `at`, but the records have none; no recovery is assumed");
    }
}

/// Notes recoveries of failures that are not before them.
pub(super) fn tell_unmatched(report: &RecoveryReport, quiet: bool) {
    let what = match report.unmatched {
        0 => return,
        1 => "1 recovery does not name an earlier failure, so it is ignored".to_owned(),
        several => format!("{} recoveries do not name an earlier failure, so they are ignored", grouped(several)),
    };
    note(quiet, &what);
}

/// Notes costs that are in no sum.
pub(super) fn tell_stray_costs(report: &RecoveryReport, quiet: bool) {
    let what = match report.stray_costs {
        0 => return,
        1 => "1 cost is in no sum, because its moment recovers no failure".to_owned(),
        several => format!("{} costs are in no sum, because their moments recover no failure", grouped(several)),
    };
    note(quiet, &what);
}
