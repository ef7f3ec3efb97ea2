//! `serveup import`: exports of help desks to interactions, one a line.

use std::io::{BufWriter, IntoInnerError, Read, Seek, Write};

use anyhow::{Context, Result, bail};
use serveup::import::{Counts, Import, InspectionRow, Inspector, Options, RowSink};
use serveup::print::text;
use serveup::read::{self, Error, Recorded};
use serveup::{Interaction, Reading};
use tempfile::SpooledTempFile;

use super::reading::{help_without_input, spool};
use crate::args::{Format, ImportArgs};
use crate::exit::Exit;
use crate::mapping::{self, Mapping};
use crate::messages::say;
use crate::observer::TerminalObserver;
use crate::output::{Output, write_text};
use crate::printing;
use crate::progress::Progress;
use crate::settings::{self, style};
use crate::sources::{self, Opened};

pub(crate) fn run(args: &ImportArgs) -> Result<Exit> {
    if args.show_map {
        return show_map(args);
    }
    if !args.export.has_map() && !args.inspect {
        bail!(
            "nothing says how to read the export; add --from PRESET, --map FILE.jq or --jq EXPR, or --inspect to see its columns"
        );
    }
    if !args.inspect && args.print.format.is_some_and(|format| format != Format::Jsonl) {
        bail!("-f is for --inspect; interactions are always printed as JSON lines, so leave it out");
    }
    if let (false, Some(Format::Csv | Format::Tsv | Format::Md)) =
        (args.inspect, args.print.output.as_deref().and_then(Format::by_ending))
    {
        bail!("--output: interactions are always written as JSON lines; name a file that ends in .jsonl");
    }
    help_without_input("import", &args.files)?;
    import(args)
}

fn show_map(args: &ImportArgs) -> Result<Exit> {
    let preset = args.export.preset()?;
    let Some((_, text)) = mapping::text(&args.export, preset)? else {
        bail!("--show-map: name the map, like --from zendesk")
    };
    write_text(args.print.output.as_deref(), text.as_bytes())?;
    Ok(Exit::Done)
}

fn import(args: &ImportArgs) -> Result<Exit> {
    let model = settings::model(args.rules.levels.as_deref())?;
    let zone = settings::zone(args.timezone.as_deref())?;
    let own = mapping::own(&args.export, zone.as_ref())?;
    let mut opened = sources::open_all(&args.files)?;
    let (mapping, sources) = Mapping::of(own, &args.export, &args.form, zone.as_ref(), opened.take(), args.quiet)?;
    let Mapping { preset, map } = mapping;
    let is_mapped = map.is_some();
    let form = args.export.form(&args.form, preset)?;
    let (looks_like, sources) = if is_mapped { (None, sources) } else { mapping::looks_like(sources, &form)? };
    let as_of = mapping::as_of(args.as_of.as_deref(), preset, zone.as_ref())?;
    let options = Options {
        as_of,
        read: read::Options {
            reading: Reading { model: &model, zone, formats: args.date_format.clone().into() },
            keep_going: args.keep_going,
            strict: args.strict,
            threads: settings::threads(args.threads),
            form,
        },
        case: args.export.case(preset),
    };
    let mut rejects = args.rejects.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let kept = rejects.as_mut().map(|output| output as &mut (dyn Write + Send));
    let mut teller = TerminalObserver::new("row", args.quiet);
    let mut import = Import::open(sources, map, options)?;
    teller.show(Progress::beside_rows("rows", import.size(), args.quiet));
    let output = Output::open(args.print.output.as_deref())?;
    if args.inspect {
        let mut inspector = Inspector::new(&model);
        let counts = import.run(kept, &mut inspector, &mut teller)?;
        conclude(&mut teller, rejects, &counts, &opened)?;
        drop(output);
        let inspection = inspector.finish(&counts, is_mapped, looks_like);
        let style = style(&args.print)?;
        let in_words = || text::inspection::in_words(&inspection, style);
        printing::report(&args.print, style, in_words, &inspection, inspection.rows(), &InspectionRow::BLANK)?;
        if args.keep_going && is_mapped {
            say(&counts.to_string());
        }
        return Ok(Exit::Done);
    }
    let mut lines = Lines::new(output, !args.keep_going);
    let counts = import.run(kept, &mut lines, &mut teller)?;
    conclude(&mut teller, rejects, &counts, &opened)?;
    lines.finish()?;
    if args.keep_going || !args.quiet {
        say(&counts.to_string());
    }
    Ok(Exit::Done)
}

/// Completes the file of rejects, prints how many there were, and fails if nothing is left.
fn conclude(teller: &mut TerminalObserver, rejects: Option<Output>, counts: &Counts, opened: &Opened) -> Result<()> {
    if let Some(rejects) = rejects {
        rejects.finish_beside().context("cannot write the rejected records")?;
    }
    teller.conclude();
    if counts.rejected > 0 && counts.rejected == counts.read - counts.superseded {
        say(&counts.to_string());
        bail!("every row was rejected");
    }
    opened.unchanged()
}

/// What is said where what is held cannot be.
const UNHELD: &str = "cannot write a temporary file; set TMPDIR to a folder with more space";

/// Interactions, one a line. Unless the run keeps going past errors, nothing
/// leaves before all rows are known to be good.
struct Lines {
    output: Output,
    held: Option<BufWriter<SpooledTempFile>>,
}

impl Lines {
    /// Holds up to this many bytes in memory, and more in an unnamed temporary file.
    const IN_MEMORY: usize = 4 << 20;

    /// How many bytes at a time: line by line, writing them took a third of an import.
    const TOGETHER: usize = 1 << 16;

    fn new(output: Output, all_or_none: bool) -> Self {
        let held = || BufWriter::with_capacity(Self::TOGETHER, spool(Self::IN_MEMORY));
        let held = (all_or_none && !output.is_whole()).then(held);
        Self { output, held }
    }

    fn finish(self) -> Result<()> {
        let Self { mut output, held } = self;
        if let Some(held) = held {
            let mut held = held.into_inner().map_err(IntoInnerError::into_error).context(UNHELD)?;
            held.rewind().context("cannot read a temporary file")?;
            let mut block = vec![0; Self::TOGETHER];
            while !output.gone() {
                let count = held.read(&mut block).context("cannot read a temporary file")?;
                if count == 0 {
                    break;
                }
                output.put(&block[..count])?;
            }
        }
        output.finish()
    }
}

impl RowSink for Lines {
    fn wants_each(&self) -> bool {
        self.held.is_none() && !self.output.is_whole()
    }

    fn wants_lines(&self) -> bool {
        true
    }

    fn mapped(&mut self, _: &Recorded<'_>, _: &[Interaction<'_>], lines: &[String]) -> read::Result<()> {
        for part in lines.iter().flat_map(|line| [line.as_bytes(), b"\n"]) {
            let kept = match &mut self.held {
                Some(held) => held.write_all(part).context(UNHELD),
                None => self.output.put(part),
            };
            kept.map_err(|error| Error::taker(error.into_boxed_dyn_error()))?;
        }
        Ok(())
    }

    fn gone(&self) -> bool {
        self.output.gone()
    }
}
