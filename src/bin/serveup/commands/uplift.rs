//! `serveup uplift`: is it going up, and what next?

use anyhow::{Result, anyhow, bail};
use serveup::assess::uplift::{Direction, Point, Uplift, UpliftFold, UpliftGroup};
use serveup::stats::{Difference, Estimate};
use serveup::{Calendar, Model, Period};

use super::assessed::{Opened, help_without_input};
use crate::args::{Format, UpliftArgs};
use crate::exit::Exit;
use crate::messages::count;
use crate::output::Output;
use crate::render;
use crate::render::bars::{percent, points, sparkline};
use crate::render::next;
use crate::render::table::{hanging, key_in, paragraph, shown};
use crate::settings::{self, Look, Part};

/// How many things to do next are listed for people.
const NEXT_LISTED: usize = 4;

pub(crate) fn run(args: &UpliftArgs) -> Result<Exit> {
    help_without_input("uplift", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let calendar = Calendar::from(args.period);
    let compare = args.compare.as_deref().map(|text| compared(calendar, text)).transpose()?;
    let opened = Opened::new(&model, &args.files, &args.reads, true)?;
    let by = args.by.dimensions();
    let mut fold = UpliftFold::new(calendar, opened.zone.clone(), by.clone());
    opened.read()?.moments(|moment, when, part| {
        if part == Part::Reported {
            fold.take(moment, when)?;
        }
        Ok(())
    })?;
    let report = fold.finish(&model, compare)?;
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        output.put(in_words(&model, &report, usize::from(look.width)).as_bytes())?;
        output.finish()?;
    } else {
        let blank = UpliftGroup::blank(&by);
        render::document(look, output, &report, &report.groups, &blank)?;
    }
    Ok(Exit::Done)
}

fn compared(calendar: Calendar, text: &str) -> Result<(Period, Period)> {
    let example = match calendar {
        Calendar::Day => "2026-01-05..2026-01-06",
        Calendar::Week => "2026-W01..2026-W02",
        Calendar::Month => "2026-01..2026-03",
        Calendar::Quarter => "2026-Q1..2026-Q2",
        Calendar::Year => "2025..2026",
    };
    let wrong = || anyhow!("--compare: found \"{}\"; allowed: two periods by --period, like {example}", shown(text));
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let period = |name| Period::named(calendar, name).map_err(|_| wrong());
    let (from, to) = (period(from)?, period(to)?);
    if from >= to {
        bail!("--compare: {from} is not before {to}; name the earlier period first");
    }
    Ok((from, to))
}

fn in_words(model: &Model, report: &Uplift, width: usize) -> String {
    if report.groups.is_empty() {
        return "no interactions to report\n".to_owned();
    }
    let mut text = String::new();
    for group in &report.groups {
        text.push_str(&format!(
            "{}: {}\n",
            key_in(&group.key.parts(), width.saturating_sub(14)),
            group.direction.name()
        ));
        text.push_str(&share(group, "sound", |point| point.sound, group.change.sound, width));
        text.push_str(&share(group, "top half", |point| point.top_half, group.change.top_half, width));
        let mut head = "  next      ";
        for line in next::actions(model, &group.next).into_iter().map(|next| next.words).take(NEXT_LISTED) {
            text.push_str(&hanging(head, &line, width));
            head = "            ";
        }
        text.push('\n');
    }
    let direction = |direction| report.groups.iter().filter(|group| group.direction == direction).count() as u64;
    let counts = format!(
        "{}: {} uplifting, {} slipping, {} steady, {} too few to say",
        count(report.groups.len() as u64, "group"),
        direction(Direction::Uplifting),
        direction(Direction::Slipping),
        direction(Direction::Steady),
        direction(Direction::TooFew),
    );
    text.push_str(&paragraph(&counts, width));
    text
}

/// One share of a group over time, and its change.
fn share(group: &UpliftGroup, name: &str, of: fn(&Point) -> Estimate, difference: Difference, width: usize) -> String {
    let skipped = group.series.len().saturating_sub(width / 3);
    let spark = sparkline(group.series.iter().skip(skipped).map(|point| of(point).share));
    hanging(&format!("  {name:<9} {spark}  "), &change(group, of, difference), width)
}

/// `60 % in 2026-05, 95 % in 2026-06: +35 (+12 to +55)`.
fn change(group: &UpliftGroup, of: fn(&Point) -> Estimate, difference: Difference) -> String {
    let (Some(from), Some(to)) = (group.change.from, group.change.to) else {
        let only = group.series.last();
        return only.map_or_else(String::new, |point| format!("{} in {}", percent(of(point).share), point.period));
    };
    let at = |period: Period| {
        let point = group.series.iter().find(|point| point.period == period);
        format!("{} in {period}", percent(point.and_then(|point| of(point).share)))
    };
    let points = match (difference.diff, difference.low, difference.high) {
        (Some(diff), Some(low), Some(high)) => {
            format!(": {} ({} to {})", points(diff), points(low), points(high))
        }
        _ => String::new(),
    };
    format!("{}, {}{points}", at(from), at(to))
}
