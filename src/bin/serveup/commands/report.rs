//! `serveup report`: one page about a service, to look at and to show.

use std::io::IsTerminal;

use anyhow::{Result, bail};
use serveup::assess::report::{ReportFold, Wish};
use serveup::{Calendar, Days};

use super::assessed::{Opened, help_without_input};
use super::decay_acts::read_acts;
use crate::args::{Color, Print, ReportArgs};
use crate::exit::Exit;
use crate::messages::{grouped, note};
use crate::output::Output;
use crate::render::page;
use crate::settings::{self, Part};

pub(crate) fn run(args: &ReportArgs) -> Result<Exit> {
    help_without_input("report", &args.files)?;
    if args.output.is_none() && std::io::stdout().is_terminal() {
        bail!("the page is for a browser, and standard output is a terminal; name a file: -o FILE.html");
    }
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let output = args.output.clone();
    let print = Print { format: None, color: Color::Never, no_header: false, escape_formulas: false, output };
    let opened = Opened::new(&model, &args.files, &args.reads, &print, true)?;
    let (zone, quiet) = (opened.zone.clone(), args.reads.quiet);
    let (assessed, acts) = read_acts(opened, args.as_of.as_deref(), quiet)?;
    if args.link_within.is_some() && assessed.timed() == Some(false) {
        note(quiet, "--link-within needs `at`, and the records have none; no recovery is assumed");
    }
    let calendar = Calendar::from(args.period);
    let link_within = args.link_within.map(Days::new);
    let wish = Wish { calendar, zone: zone.clone(), link_within, told: page::TOLD, anonymous: args.anonymous };
    let mut fold = ReportFold::new(&model, wish);
    assessed.moments(|moment, when, part| Ok(fold.take(moment, when, part == Part::Reported)?))?;
    let report = fold.finish(&model, acts)?;
    if report.recovery.unmatched > 0 {
        let what = match report.recovery.unmatched {
            1 => "1 recovery names no failure before it; it recovers nothing".to_owned(),
            several => format!("{} recoveries name no failure before them; they recover nothing", grouped(several)),
        };
        note(quiet, &what);
    }
    let mut output = Output::open(args.output.as_deref())?;
    output.put(page::page(&model, &report, &zone).as_bytes())?;
    output.finish()?;
    Ok(Exit::Done)
}
