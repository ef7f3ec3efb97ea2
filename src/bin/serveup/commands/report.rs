//! `serveup report`: one page about a service, to look at and to show.

use std::io::IsTerminal;

use anyhow::{Result, anyhow, bail};
use serveup::assess::decay::ActsFold;
use serveup::assess::report::{ReportFold, Wish};
use serveup::{Calendar, Days};

use super::assessed::{Opened, help_without_input};
use super::decay_acts::as_of;
use crate::args::{Color, Print, ReportArgs};
use crate::exit::Exit;
use crate::messages::{count, grouped, note};
use crate::output::Output;
use crate::render::page;
use crate::settings::{self, Part};

pub(crate) fn run(args: &ReportArgs) -> Result<Exit> {
    help_without_input("report", &args.files)?;
    if args.output.is_none() && std::io::stdout().is_terminal() {
        bail!("the page is for a browser, and standard output is a terminal; name a file: -o FILE.html");
    }
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let print = Print { format: None, color: Color::Never, no_header: false, output: args.output.clone() };
    let mut opened = Opened::new(&model, &args.files, &args.reads, &print, true)?;
    let (zone, since) = (opened.zone.clone(), opened.window.since());
    let as_of = args.as_of.as_deref().map(|text| as_of(text, &zone)).transpose()?;
    if let Some(as_of) = as_of {
        opened.window = opened.window.not_after(as_of);
    }
    let mut acts = ActsFold::default();
    let assessed = opened.read()?;
    assessed.in_time_order(|entry| acts.take(entry));
    let quiet = args.reads.quiet;
    if assessed.timed() == Some(false) {
        if as_of.is_some() {
            return Err(anyhow!("--as-of needs `at`, and the records have none"));
        }
        if args.link_within.is_some() {
            note(quiet, "--link-within needs `at`, and the records have none; no recovery is assumed");
        }
    }
    let acts = acts.finish(assessed.assessor(), as_of.or(assessed.latest()), since);
    if acts.forgotten > 0 {
        let acts = count(acts.forgotten, "act");
        note(quiet, &format!("{acts} left out: longer ago than the rules remember"));
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
