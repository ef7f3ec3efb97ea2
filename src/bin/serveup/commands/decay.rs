//! `serveup decay`: how an act fades, by the rule.

use std::num::NonZeroU32;

use anyhow::{Result, anyhow};
use serveup::assess::decay::{Delivery, Projection, Rhythm, project};
use serveup::{Instant, Level, Model, Zone};
use unicode_width::UnicodeWidthStr;

use super::assessed::no_records_needed;
use super::decay_acts;
use crate::args::{DecayArgs, Format};
use crate::exit::Exit;
use crate::output::Output;
use crate::render;
use crate::render::table::{label, paragraph};
use crate::settings::{self, Look};

pub(crate) fn run(args: &DecayArgs) -> Result<Exit> {
    if !args.files.is_empty() {
        return decay_acts::run(args);
    }
    no_records_needed(&args.reads)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let zone = settings::zone(args.reads.timezone.as_deref())?;
    let rhythm = rhythm(args, zone.as_ref())?;
    let deliveries = NonZeroU32::new(args.deliveries).unwrap_or(NonZeroU32::MIN);
    let projection = project(&model, args.level, deliveries, rhythm.as_ref())
        .map_err(|_| anyhow!("the last delivery would lie past the year 9999; ask for fewer, or closer together"))?;
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        let zone = zone.unwrap_or(Zone::UTC);
        output.put(drawn(&model, &projection, &zone, usize::from(look.width)).as_bytes())?;
        output.finish()?;
    } else {
        let rows = &projection.deliveries;
        let sample = Delivery { delivery: 1, at: None, level: args.level, if_missed: args.level };
        render::document(look, output, &projection, rows, &sample)?;
    }
    Ok(Exit::Done)
}

fn rhythm(args: &DecayArgs, zone: Option<&Zone>) -> Result<Option<Rhythm>> {
    let (Some(from), Some(every)) = (&args.from, &args.every) else { return Ok(None) };
    let from = Instant::parse(from, zone).map_err(|error| anyhow!("--from: found \"{from}\"; allowed: {error}"))?;
    Ok(Some(Rhythm { from, every: every.clone(), zone: zone.cloned().unwrap_or(Zone::UTC) }))
}

/// The escalator as steps going down, each with what missing it would cost.
fn drawn(model: &Model, projection: &Projection, zone: &Zone, width: usize) -> String {
    let label = |level: Level| format!("{} {}", level.rank(), label(model, level));
    let mut text = String::new();
    let widest = Level::ALL.into_iter().map(|level| label(level).width()).max().unwrap_or(0);
    let number = projection.deliveries.last().map_or(1, |last| last.delivery.to_string().len());
    let dated = projection.deliveries.iter().any(|delivery| delivery.at.is_some());
    let when = if dated { 18 } else { 0 };
    // what is left of the width is divided into six steps
    let room = width.saturating_sub(number + 2 + when + 2 * (widest + 2)).max(6);
    let step = (room / 5).clamp(1, 4);
    let head = format!("{:number$}  {:when$}", "", if dated { "when" } else { "" });
    let stairs = widest + 5 * step;
    text.push_str(format!("{head}{:stairs$}  if missed", "worth").trim_end());
    text.push('\n');
    for delivery in &projection.deliveries {
        let at = delivery.at.map(|at| at.to_minute(zone)).unwrap_or_default();
        let down = (6 - usize::from(delivery.level.rank())) * step;
        let worth = format!("{}{}", " ".repeat(down), label(delivery.level));
        let padding = " ".repeat(stairs.saturating_sub(worth.width()));
        let line = format!("{:>number$}  {at:when$}{worth}{padding}  {}", delivery.delivery, label(delivery.if_missed));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    let note = "By the rule, not a forecast. \"If missed\" is what leaving it out would be, instead of that delivery.";
    text.push_str(&paragraph(note, width));
    text
}
