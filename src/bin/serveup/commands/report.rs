//! `serveup report`: one page about a service, to look at and to show.

use anyhow::{Result, bail};
use serveup::assess::report::ReportOptions;
use serveup::print::page::{self, Heading};
use serveup::{Calendar, Days, Keeps};

use super::decay_acts::{read_until, tell_forgotten};
use super::journey::tell_off_plan;
use super::reading::{Input, help_without_input};
use super::recovery::{needs_times, tell_stray_costs, tell_unmatched};
use crate::args::{Format, ReportArgs};
use crate::exit::Exit;
use crate::memory::leave;
use crate::output::write_text;
use crate::settings;

pub(crate) fn run(args: &ReportArgs) -> Result<Exit> {
    help_without_input("report", &args.files)?;
    if args.output.is_none() && settings::stdout_is_terminal() {
        bail!("the page is for a browser, not a terminal; name a file with -o FILE.html");
    }
    if let Some(output) = args.output.as_deref().filter(|output| Format::by_ending(output).is_some()) {
        let name = output.display().to_string();
        bail!("{}: the page is HTML; name a file that ends in .html", serveup::printable(&name));
    }
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let quiet = args.reads.quiet;
    let input = Input::open(&model, &args.files, &args.reads)?;
    let zone = input.zone.clone();
    let calendar = Calendar::from(args.period);
    let (mut settled, as_of) = read_until(input, args.reads.as_of.as_deref(), Keeps::report(calendar))?;
    needs_times(args.link_within.is_some(), &settled, quiet);
    let link_within = args.link_within.map(Days::new);
    let wish = ReportOptions { calendar, as_of, link_within, shown: page::SHOWN, anonymous: args.anonymous };
    let report = settled.report(&wish)?;
    tell_forgotten(&report.acts, quiet);
    tell_unmatched(&report.recovery, quiet);
    tell_stray_costs(&report.recovery, quiet);
    tell_off_plan(&model, &report.journey, quiet);
    let bounds = &args.reads.bounds;
    let heading = Heading {
        title: args.title.as_deref().filter(|title| !title.trim().is_empty()),
        since: bounds.since.as_deref(),
        until: bounds.until.as_deref(),
        as_of: args.reads.as_of.as_deref(),
    };
    write_text(args.output.as_deref(), page::page(&model, &report, &zone, heading).as_bytes())?;
    leave((settled, report));
    Ok(Exit::Done)
}
