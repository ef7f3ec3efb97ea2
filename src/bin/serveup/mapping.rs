//! The map that was asked for, and the thread it runs on.

use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use serveup::Zone;
use serveup::import::{AsOf, Map, Preset, Recognised, STACK};
use serveup::read::{Form, Source};

use crate::args::{ExportArgs, FormArgs};
use crate::exit::Exit;
use crate::messages::note;
use crate::{settings, watch};

/// How exports are read: by which preset, if one is named or recognised, and by which map.
pub(crate) struct Mapping {
    pub(crate) preset: Option<&'static Preset>,
    pub(crate) map: Option<Map>,
}

impl Mapping {
    /// By what is asked for, and what the sources are seen to hold; they are given back as they were. `own` is the map of
    /// one's own.
    pub(crate) fn of(
        own: Option<Map>,
        args: &ExportArgs,
        form: &FormArgs,
        zone: Option<&Zone>,
        sources: Vec<Source>,
        quiet: bool,
    ) -> Result<(Self, Vec<Source>)> {
        let (preset, sources) = if args.is_auto() {
            let (preset, sources) = recognised(sources, &args.form(form, None)?, quiet)?;
            (Some(preset), sources)
        } else {
            (args.preset()?, sources)
        };
        let of_preset = |preset| Map::of_preset(preset, zone).within(watch::over);
        let map = own.or_else(|| preset.map(of_preset));
        let sources = match (preset, &map) {
            (Some(preset), Some(map)) if !args.is_auto() => {
                well_read(sources, &args.form(form, Some(preset))?, preset, map, quiet)?
            }
            _ => sources,
        };
        Ok((Self { preset, map }, sources))
    }
}

/// The map of one's own, where there is one; it may take no more than bounded time and memory.
pub(crate) fn own(args: &ExportArgs, zone: Option<&Zone>) -> Result<Option<Map>> {
    let map = text(args, None)?.map(|(name, text)| Map::new(&name, &text, zone)).transpose()?;
    Ok(map.map(|map| map.within(watch::over)))
}

/// The preset that reads all the sources.
fn recognised(sources: Vec<Source>, form: &Form, quiet: bool) -> Result<(&'static Preset, Vec<Source>)> {
    let (mut looked_at, mut found) = (Vec::new(), None::<(String, &'static Preset)>);
    for source in sources {
        let name = source.name().to_owned();
        let (recognised, source) = Recognised::of(source, form)?;
        looked_at.push(source);
        let preset = match recognised {
            Recognised::Export(preset) => preset,
            Recognised::Empty => continue,
            Recognised::Records => bail!("{name}: these are interactions already, not an export; leave --from out"),
            Recognised::Mixed(one, other) => {
                let (one, other) = (one.title(), other.title());
                bail!(
                    "{name}: looks like {one}, and further down like {other}; split the file and read the parts one by one"
                )
            }
            Recognised::Unknown(names) => bail!("{name}: {}", unrecognised(&names)),
        };
        match &found {
            Some((before, other)) if other.name != preset.name => {
                let (other, this) = (other.title(), preset.title());
                bail!("{before} looks like {other}, and {name} like {this}; read them one by one");
            }
            _ => note(quiet, &format!("{name}: recognised as {} (--from {})", preset.title(), preset.name)),
        }
        found = Some((name, preset));
    }
    // where there is nothing in them, any will do
    let nothing = || Preset::named("zendesk").ok_or_else(|| anyhow!("--from auto: nothing to recognise"));
    Ok((found.map_or_else(nothing, |(_, preset)| Ok(preset))?, looked_at))
}

/// The preset that reads all the sources, if that is unmistakable; they are given back as they were.
pub(crate) fn looks_like(sources: Vec<Source>, form: &Form) -> Result<(Option<&'static Preset>, Vec<Source>)> {
    let looked_at = sources.into_iter().map(|source| Recognised::preset_of(source, form));
    let (presets, sources): (Vec<_>, Vec<_>) = looked_at.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let name = |preset: Option<&Preset>| preset.map(|preset| preset.name);
    let all_alike = presets.iter().all(|preset| name(*preset) == name(presets[0]));
    Ok((presets.first().copied().flatten().filter(|_| all_alike), sources))
}

fn unrecognised(names: &[String]) -> String {
    let presets = Preset::ALL.map(|preset| preset.name).join(", ");
    let names = match names {
        [] => "it has no columns or keys".to_owned(),
        names if names.len() > 12 => format!("it has {}, and {} more", names[..12].join(", "), names.len() - 12),
        names => format!("it has {}", names.join(", ")),
    };
    format!("is not an export serveup recognises ({names}); name its kind with --from ({presets}), or a map with --map")
}

/// Refuses an export that is unmistakably that of another preset, and that this one makes nothing of; where it does,
/// that is noted.
fn well_read(sources: Vec<Source>, form: &Form, preset: &Preset, map: &Map, quiet: bool) -> Result<Vec<Source>> {
    let read = |source: Source| {
        let name = source.name().to_owned();
        match Recognised::misread(source, form, preset, map)? {
            (None, source) => Ok(source),
            (Some((other, true)), source) => {
                let (other, from) = (other.title(), other.name);
                note(quiet, &format!("{name}: looks like {other} (--from {from}); it is read as {}", preset.name));
                Ok(source)
            }
            (Some((other, false)), _) => bail!("{name}: looks like {}; try --from {}", other.title(), other.name),
        }
    };
    sources.into_iter().map(read).collect()
}

/// The name of the map asked for, and its text.
pub(crate) fn text(args: &ExportArgs, preset: Option<&Preset>) -> Result<Option<(String, String)>> {
    if let Some(preset) = preset {
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
        let worker = worker.context("cannot start to map")?;
        worker.join().unwrap_or_else(|_| Err(anyhow!("the map could not be run to its end")))
    })
}
