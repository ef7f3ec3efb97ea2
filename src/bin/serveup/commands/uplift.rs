//! `serveup uplift`: is it going up, and what next?

use anyhow::{Result, anyhow, bail};
use serveup::assess::Dimension;
use serveup::assess::uplift::{SeriesRow, UpliftGroup};
use serveup::print::text::{self, shown};
use serveup::{Calendar, Days, Keeps, Period};

use super::reading::{Input, help_without_input};
use crate::args::UpliftArgs;
use crate::exit::Exit;
use crate::gates::require_no_slipping;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &UpliftArgs) -> Result<Exit> {
    help_without_input("uplift", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let calendar = Calendar::from(args.period);
    let compare = args.compare.as_deref().map(|text| compared(calendar, text)).transpose()?;
    let by = args.by.dimensions();
    let mut input = Input::open(&model, &args.files, &args.reads)?;
    let as_of = input.look_from(args.reads.as_of.as_deref())?;
    // how loyal someone is served is also of what came before
    let single = by == [Dimension::Recipient];
    let counted = Keeps::uplift(calendar, &by);
    let keeps = if input.takes_back { Keeps { history: single, tags: counted.tags, ..Keeps::ALL } } else { counted };
    let (mut settled, _) = input.settle(keeps)?;
    let mut report = settled.uplift(calendar, by.clone(), compare, as_of)?;
    if let Some(days) = args.return_within {
        // of those met last there is no telling yet
        let from = report.groups.first().and_then(|group| group.change.from);
        report.returned = from.map(|from| settled.returned(from, Days::new(days)));
    }
    let in_words = || text::uplift::in_words(&model, &report, usize::from(style.width));
    let blank = UpliftGroup::blank(&by);
    if args.series {
        let rows = report.groups.iter().flat_map(UpliftGroup::series_rows);
        printing::report(&args.print, style, in_words, &report, rows, &SeriesRow::blank(&blank.key))?;
    } else {
        printing::report(&args.print, style, in_words, &report, &report.groups, &blank)?;
    }
    Ok(require_no_slipping(args.fail_on_slipping, &report))
}

fn compared(calendar: Calendar, text: &str) -> Result<(Period, Period)> {
    let example = match calendar {
        Calendar::Day => "2026-01-05..2026-01-06",
        Calendar::Week => "2026-W01..2026-W02",
        Calendar::Month => "2026-01..2026-03",
        Calendar::Quarter => "2026-Q1..2026-Q2",
        Calendar::Year => "2025..2026",
    };
    let wrong = || anyhow!("--compare: cannot use \"{}\"; write two periods of --period, like {example}", shown(text));
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let period = |name| Period::named(calendar, name).map_err(|_| wrong());
    let (from, to) = (period(from)?, period(to)?);
    if from >= to {
        bail!("--compare: {from} is not before {to}; name the earlier period first");
    }
    Ok((from, to))
}
