//! `serveup calibrate`: verdicts against facts.

use anyhow::Result;
use serveup::Keeps;
use serveup::assess::calibrate::Cell;
use serveup::print::text;

use super::reading::{Input, help_without_input};
use crate::args::CalibrateArgs;
use crate::exit::Exit;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &CalibrateArgs) -> Result<Exit> {
    help_without_input("calibrate", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let (mut settled, _) = Input::open(&model, &args.files, &args.reads)?.settle(Keeps::ALL)?;
    let report = settled.calibrate()?;
    let in_words = || text::calibrate::in_words(&model, &report, usize::from(style.width));
    printing::report(&args.print, style, in_words, &report, report.cells(), &Cell::BLANK)?;
    Ok(Exit::Done)
}
