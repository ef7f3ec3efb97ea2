//! `serveup decay`: how an act fades, by the rule.

use std::num::NonZeroU32;

use anyhow::{Context, Result, anyhow};
use serveup::assess::decay::{Delivery, Rhythm, project};
use serveup::print::text;
use serveup::{Instant, Zone};

use super::decay_acts;
use super::reading::refuse_records;
use crate::args::DecayArgs;
use crate::exit::Exit;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &DecayArgs) -> Result<Exit> {
    if !args.files.is_empty() {
        return decay_acts::run(args);
    }
    refuse_records(args.reads.for_records().filter(|flag| *flag != "--from"))?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let zone = settings::zone(args.reads.timezone.as_deref())?;
    let rhythm = rhythm(args, zone.as_ref())?;
    let deliveries = NonZeroU32::new(args.deliveries).unwrap_or(NonZeroU32::MIN);
    let projection = project(&model, args.level, deliveries, rhythm.as_ref()).map_err(|_| {
        anyhow!("the last delivery would be after the year 9999; use fewer --deliveries or a shorter --every")
    })?;
    let sample = Delivery { delivery: 1, at: None, level: args.level, if_missed: args.level };
    let in_words = || {
        let zone = zone.unwrap_or(Zone::UTC);
        text::decay::projection(&model, &projection, &zone, usize::from(style.width))
    };
    printing::report(&args.print, style, in_words, &projection, &projection.deliveries, &sample)?;
    Ok(Exit::Done)
}

fn rhythm(args: &DecayArgs, zone: Option<&Zone>) -> Result<Option<Rhythm>> {
    let Some(from) = &args.reads.export.from else { return Ok(None) };
    let every =
        args.every.as_ref().context("--from needs --every, the time from one delivery to the next, like --every 7d")?;
    let from = Instant::parse(from, zone).map_err(|error| anyhow!("--from: {}", error.about(from)))?;
    Ok(Some(Rhythm { from, every: every.clone(), zone: zone.cloned().unwrap_or(Zone::UTC) }))
}
