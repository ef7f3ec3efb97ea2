//! The map that was asked for, and the thread it runs on.

use std::thread;

use anyhow::{Context, Result, anyhow};
use serveup::Zone;
use serveup::import::{AsOf, Map, Preset, STACK};

use crate::args::ExportArgs;
use crate::exit::Exit;
use crate::{settings, watch};

/// The map asked for; it may take no more than bounded time and memory.
pub(crate) fn map(args: &ExportArgs, zone: Option<&Zone>) -> Result<Option<Map>> {
    let map = match (args.preset()?, text(args)?) {
        (Some(preset), _) => Map::of_preset(preset, zone),
        (None, Some((name, text))) => Map::new(&name, &text, zone)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(map.within(watch::over)))
}

/// The name of the map asked for, and its text.
pub(crate) fn text(args: &ExportArgs) -> Result<Option<(String, String)>> {
    if let Some(preset) = args.preset()? {
        return Ok(Some((preset.name.to_owned(), preset.text.to_owned())));
    }
    if let Some(path) = &args.map {
        return Ok(Some((path.display().to_string(), settings::read_text(path, "map", 256)?)));
    }
    Ok(args.jq.as_ref().map(|text| ("--jq".to_owned(), text.clone())))
}

/// As of when what is still open in an export is judged: as asked for, else as of the latest time in it, where the
/// preset tells where its times stand.
pub(crate) fn as_of(asked: Option<&str>, preset: Option<&Preset>, zone: Option<&Zone>) -> Result<AsOf> {
    match (asked, preset) {
        (Some(asked), _) => Ok(AsOf::Given(settings::span("--as-of", asked, zone)?.last)),
        (None, Some(preset)) if !preset.times.names.is_empty() => Ok(AsOf::Latest(preset.times)),
        (None, _) => Ok(AsOf::Unknown),
    }
}

/// Runs a command on a thread with room for maps that call themselves.
pub(crate) fn on_large_stack(run: impl FnOnce() -> Result<Exit> + Send) -> Result<Exit> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let worker = worker.context("starting to map")?;
        worker.join().unwrap_or_else(|_| Err(anyhow!("the map could not be run to its end")))
    })
}
