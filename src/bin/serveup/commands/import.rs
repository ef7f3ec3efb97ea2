//! `serveup import`: exports of help desks to interactions, one a line.

use std::io::{Read, Seek, Write};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use encoding_rs::Encoding;
use jaq_json::Val;
use serveup::{Interaction, Reading};
use tempfile::SpooledTempFile;

use super::assessed::help_without_input;
use super::import_inspect;
use crate::args::{Format, ImportArgs};
use crate::exit::Exit;
use crate::import::STACK;
use crate::import::inspect::Inspector;
use crate::import::map::Map;
use crate::import::rows::Form;
use crate::import::walk::{Onlooker, Taking, Walk};
use crate::output::{Output, write_text};
use crate::settings;

pub(crate) fn run(args: &ImportArgs) -> Result<Exit> {
    if args.show_map {
        return show_map(args);
    }
    if args.from.is_none() && args.map.is_none() && !args.inspect {
        bail!("name a preset with --from, or a map with --map FILE.jq; --inspect alone shows the columns");
    }
    if !args.inspect && args.print.format.is_some_and(|format| format != Format::Jsonl) {
        bail!("-f is for --inspect; interactions leave as JSON lines, which every command reads");
    }
    help_without_input("import", &args.files)?;
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || import(args));
        let worker = worker.context("starting to map")?;
        worker.join().unwrap_or_else(|_| Err(anyhow!("the map could not be run to its end")))
    })
}

/// The name of the map asked for, and its text.
fn map_text(args: &ImportArgs) -> Result<Option<(String, String)>> {
    Ok(match (args.from, &args.map) {
        (Some(preset), _) => Some((preset.name.to_owned(), preset.text.to_owned())),
        (None, Some(path)) => Some((path.display().to_string(), settings::read_text(path, "map", 256)?)),
        (None, None) => None,
    })
}

fn show_map(args: &ImportArgs) -> Result<Exit> {
    let Some((_, text)) = map_text(args)? else { bail!("name the map: --from PRESET --show-map") };
    write_text(args.print.output.as_deref(), text.as_bytes())?;
    Ok(Exit::Done)
}

fn import(args: &ImportArgs) -> Result<Exit> {
    let model = settings::model(args.rules.levels.as_deref())?;
    let zone = settings::zone(args.timezone.as_deref())?;
    let map = map_text(args)?.map(|(name, text)| Map::compile(&name, &text, zone.as_ref())).transpose()?;
    let taking = Taking {
        form: form(args)?,
        last_by: args.last_by.as_deref().or(args.from.and_then(|preset| preset.last_by)),
        keep_going: args.keep_going,
        rejects: args.rejects.as_deref(),
        strict: args.strict,
        quiet: args.quiet,
    };
    let walk = Walk::open(&args.files, map.as_ref(), Reading { model: &model, zone }, taking)?;
    let output = Output::open(args.print.output.as_deref())?;
    if args.inspect {
        let mut inspector = Inspector::new(&model);
        let counts = walk.run(&mut inspector)?;
        import_inspect::print(&args.print, &inspector.finish(counts, map.is_some()), output)?;
        if args.keep_going && map.is_some() {
            counts.tell();
        }
        return Ok(Exit::Done);
    }
    let mut lines = Lines::new(output, !args.keep_going);
    let counts = walk.run(&mut lines)?;
    lines.finish()?;
    if args.keep_going || !args.quiet {
        counts.tell();
    }
    Ok(Exit::Done)
}

/// What the flags, and the preset, say about the form of the sources.
fn form(args: &ImportArgs) -> Result<Form> {
    let encoding = args.encoding.as_deref().map(|name| {
        let known =
            Encoding::for_label(name.as_bytes()).or_else(|| Encoding::for_label(name.replacen('-', "", 1).as_bytes()));
        known.ok_or_else(|| anyhow!("--encoding: found \"{name}\"; allowed: a name like utf-8, latin1 or utf-16le"))
    });
    let delimiter = args.delimiter.as_deref().map(|text| match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
        _ => Err(anyhow!("--delimiter: found \"{text}\"; allowed: one character like ; or the word tab")),
    });
    Ok(Form {
        at: args.at.iter().flat_map(|path| path.trim_start_matches('.').split('.')).map(str::to_owned).collect(),
        delimiter: delimiter.transpose()?,
        encoding: encoding.transpose()?,
        trailer: args.trailer || args.from.is_some_and(|preset| preset.trailer),
    })
}

/// Interactions, one a line. Unless the run keeps going past errors, nothing
/// leaves before all rows are known to be good.
struct Lines {
    output: Output,
    held: Option<SpooledTempFile>,
}

impl Lines {
    /// Holds up to so many bytes in memory, and more in an unnamed temporary file.
    const IN_MEMORY: usize = 4 << 20;

    fn new(output: Output, all_or_none: bool) -> Self {
        let held = (all_or_none && !output.is_whole()).then(|| SpooledTempFile::new(Self::IN_MEMORY));
        Self { output, held }
    }

    fn finish(self) -> Result<()> {
        let Self { mut output, held } = self;
        if let Some(mut held) = held {
            held.rewind().context("holding the interactions back")?;
            let mut block = vec![0; 1 << 16];
            while !output.gone() {
                let count = held.read(&mut block).context("holding the interactions back")?;
                if count == 0 {
                    break;
                }
                output.put(&block[..count])?;
            }
        }
        output.finish()
    }
}

impl Onlooker for Lines {
    fn row(&mut self, _: &Val) {}

    fn mapped(&mut self, _: &[Interaction<'_>], lines: &[String]) -> Result<()> {
        for line in lines {
            for piece in [line.as_bytes(), b"\n"] {
                match &mut self.held {
                    Some(held) => held.write_all(piece).context("holding the interactions back; is the disk full?")?,
                    None => self.output.put(piece)?,
                }
            }
        }
        Ok(())
    }

    fn gone(&self) -> bool {
        self.output.gone()
    }
}
