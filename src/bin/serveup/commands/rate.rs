//! `serveup rate`: a level for every interaction.

use anyhow::{Result, bail};
use serveup::assess::gate::{MomentFinding, MomentGate};
use serveup::escalator::Assessment;
use serveup::print::text::ratings::{RatingLine, RatingTable};
use serveup::print::{Chunk, Format, OutputStyle, Rows};
use serveup::read::{Numbering, RecordError};
use serveup::wording::count;
use serveup::{Instant, Keeps, Kept, LevelWording, Model, Position, Rating, Scope, SessionError};

use super::reading::{Input, help_without_input};
use crate::args::RateArgs;
use crate::exit::Exit;
use crate::gates::Gate;
use crate::output::Output;
use crate::printing::{self, unprinted};
use crate::settings::style;

pub(crate) fn run(args: &RateArgs) -> Result<Exit> {
    help_without_input("rate", &args.files)?;
    let model = crate::settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let input = Input::open(&model, &args.files, &args.reads)?;
    let output = Output::open(args.print.output.as_deref())?;
    let wording = wording(style.format, args.why);
    let printer = Printer::new(&model, style, wording, output);
    if args.in_order { in_order(input, args, printer) } else { in_any_order(input, args, printer) }
}

/// How rows are explained: those of tsv and csv only where that is asked for.
const fn wording(format: Format, why: bool) -> Option<LevelWording> {
    match format {
        Format::Tsv | Format::Csv if !why => None,
        Format::Table | Format::Tsv | Format::Csv | Format::Json | Format::Jsonl => Some(printing::wording(format)),
    }
}

/// Reads all, sets aside what rows need of their records, and prints them once all levels are known.
fn in_any_order(input: Input<'_, '_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate);
    let asked = gate.asked();
    let keeps = if printer.wording.is_some() { Keeps { history: false, ..Keeps::ALL } } else { Keeps::ROWS };
    let threads = input.threads;
    let (mut settled, summary) = input.settle(Keeps { positions: asked.is_asked(), ..keeps })?;
    let (model, style, wording) = (printer.model, printer.style, printer.wording);
    let begin = || Made { rows: MadeRows::new(style), seen: 0, findings: Vec::new() };
    let make = |kept: &Kept<'_, '_>, made: &mut Made| {
        if kept.scope != Scope::Reported {
            return Ok(());
        }
        match wording {
            None => made.take_brief(kept, asked),
            Some(wording) => kept.moment(|moment| made.take(model, &Rating::of(moment, wording), kept, asked))?,
        }
    };
    let hand_over = |made: Made| -> Result<bool, Stopped> {
        gate.pass(made.seen);
        for (finding, found) in made.findings {
            gate.find(finding, |finding| found.line(&summary.numbering, finding));
        }
        printer.append(made.rows)?;
        Ok(!printer.gone() || asked.is_asked())
    };
    settled.map(threads, begin, make, hand_over).map_err(|Stopped(error)| error)?;
    printer.close()?;
    Ok(gate.exit())
}

/// Rows made together, and what a gate found in them.
struct Made {
    rows: MadeRows,
    seen: u64,
    findings: Vec<(MomentFinding, Found)>,
}

enum MadeRows {
    Bytes(Box<Chunk>),
    Lines(Vec<RatingLine>),
}

/// A record that a gate found, as a message names it.
struct Found {
    index: usize,
    position: Position,
    id: Option<String>,
}

impl Found {
    fn line(self, numbering: &Numbering, finding: &str) -> String {
        numbering.line(self.index, &RecordError::new(self.position, finding).with_id(self.id))
    }
}

impl MadeRows {
    fn new(style: OutputStyle) -> Self {
        match style.format {
            Format::Table => Self::Lines(Vec::new()),
            _ => Self::Bytes(Box::new(Chunk::new(style))),
        }
    }

    fn take(&mut self, model: &Model, rating: &Rating<'_>) -> Result<()> {
        match self {
            Self::Bytes(chunk) => chunk.row(rating).map_err(unprinted),
            Self::Lines(lines) => {
                lines.push(RatingLine::of(model, rating));
                Ok(())
            }
        }
    }
}

impl Made {
    fn take(
        &mut self,
        model: &Model,
        rating: &Rating<'_>,
        kept: &Kept<'_, '_>,
        asked: MomentGate,
    ) -> Result<(), Stopped> {
        self.consider(&rating.assessment, rating.outline.id.as_deref(), kept, asked);
        Ok(self.rows.take(model, rating)?)
    }

    /// The same without what explains the rating.
    fn take_brief(&mut self, kept: &Kept<'_, '_>, asked: MomentGate) -> Result<(), Stopped> {
        let (parts, assessment) = (kept.parts()?, kept.assessment());
        self.consider(&assessment, parts.id, kept, asked);
        match &mut self.rows {
            MadeRows::Bytes(chunk) => Ok(chunk.brief(&parts, &assessment, kept.is_plain()).map_err(unprinted)?),
            MadeRows::Lines(_) => Ok(()),
        }
    }

    fn consider(&mut self, assessment: &Assessment, id: Option<&str>, kept: &Kept<'_, '_>, asked: MomentGate) {
        self.seen += 1;
        if let Some(finding) = asked.finding(assessment) {
            let position = kept.position().unwrap_or(Position::START);
            self.findings.push((finding, Found { index: kept.index, position, id: id.map(str::to_owned) }));
        }
    }
}

/// What ended the printing of rows.
struct Stopped(anyhow::Error);

impl From<SessionError> for Stopped {
    fn from(error: SessionError) -> Self {
        Self(serveup::read::Error::from(error).into())
    }
}

impl From<anyhow::Error> for Stopped {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

/// Rates and prints each record as it comes.
fn in_order(input: Input<'_, '_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate);
    let mut latest: Option<Instant> = None;
    let concluded = input.for_each(|session, recorded, interaction| {
        let at = interaction.at.as_ref().map(|at| at.instant);
        if let (Some(latest), Some(at)) = (latest, at)
            && at < latest
        {
            let line = format!("at: is before {latest}, the time of an earlier record; leave --in-order out");
            bail!(recorded.line(interaction.id.as_deref(), &line));
        }
        latest = at.or(latest);
        if let Some(rating) = session.rate(interaction, printer.wording)? {
            gate.consider(&rating, |finding| recorded.line(interaction.id.as_deref(), finding));
            printer.print(&rating)?;
        }
        if recorded.last_at_hand() {
            printer.flush()?;
        }
        Ok(!printer.gone() || gate.asked().is_asked())
    });
    if let Err(error) = concluded {
        let rows = count(printer.abandon()?, "row");
        bail!("{error:#} ({rows} printed before)");
    }
    printer.close()?;
    Ok(gate.exit())
}

/// Ratings in the format asked for.
struct Printer<'m> {
    model: &'m Model,
    style: OutputStyle,
    wording: Option<LevelWording>,
    /// Whether nothing leaves before all is there.
    whole: bool,
    to: Form<'m>,
}

enum Form<'m> {
    Rows(Rows<Output>),
    Table(Box<RatingTable<'m, Output>>),
}

impl<'m> Printer<'m> {
    fn new(model: &'m Model, style: OutputStyle, wording: Option<LevelWording>, output: Output) -> Self {
        let whole = output.is_whole();
        let to = match style.format {
            Format::Table => Form::Table(Box::new(RatingTable::new(model, style, output))),
            _ => Form::Rows(Rows::new(style, output)),
        };
        Self { model, style, wording, whole, to }
    }

    fn print(&mut self, rating: &Rating<'_>) -> Result<()> {
        let mut made = MadeRows::new(self.style);
        made.take(self.model, rating)?;
        self.append(made)
    }

    /// Prints rows that were made elsewhere.
    fn append(&mut self, made: MadeRows) -> Result<()> {
        let printed = match (&mut self.to, made) {
            (Form::Rows(rows), MadeRows::Bytes(chunk)) => {
                rows.append(*chunk, &Rating::blank(self.model, self.wording.is_some()))
            }
            (Form::Table(table), MadeRows::Lines(lines)) => lines.into_iter().try_for_each(|line| table.row(line)),
            _ => Ok(()),
        };
        printed.map_err(unprinted)
    }

    const fn output(&self) -> &Output {
        match &self.to {
            Form::Rows(rows) => rows.get_ref(),
            Form::Table(table) => table.get_ref(),
        }
    }

    const fn gone(&self) -> bool {
        self.output().gone()
    }

    fn flush(&mut self) -> Result<()> {
        match &mut self.to {
            Form::Rows(rows) => rows.get_mut().flush_now(),
            Form::Table(table) => table.flush().map_err(unprinted),
        }
    }

    fn close(self) -> Result<()> {
        let output = match self.to {
            Form::Rows(rows) => rows.close(&Rating::blank(self.model, self.wording.is_some())),
            Form::Table(table) => table.close(),
        };
        output.map_err(unprinted)?.finish()
    }

    /// Flushes what has been printed, and gives up. Returns how many rows that were.
    fn abandon(mut self) -> Result<u64> {
        if self.whole {
            return Ok(0);
        }
        self.flush()?;
        Ok(match self.to {
            Form::Rows(rows) => rows.count(),
            Form::Table(table) => table.count(),
        })
    }
}
