//! `serveup rate`: a level for every interaction.

mod in_order;

use anyhow::Result;
use serveup::assess::gate::{MomentFinding, MomentGate};
use serveup::escalator::Assessment;
use serveup::print::text::ratings::{Layout, RatingTable, TableRows};
use serveup::print::{Chunk, Format, OutputStyle, Rows};
use serveup::read::{Numbering, RecordError, RoundLines};
use serveup::{Keeps, Kept, LevelWording, Model, Position, RatedMoment, Rating, Scope, SessionError};

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
    let layout = Layout::new(&model, style);
    let printer = Printer::new(&model, &layout, style, wording, output);
    if args.in_order { in_order::run(input, args, printer) } else { in_any_order(input, args, printer) }
}

/// How rows are explained: those of tsv and csv only where that is asked for.
const fn wording(format: Format, why: bool) -> Option<LevelWording> {
    match format {
        Format::Tsv | Format::Csv if !why => None,
        Format::Table | Format::Tsv | Format::Csv | Format::Json | Format::Jsonl => Some(printing::wording(format)),
    }
}

/// Reads all, sets aside what rows need of their records, and prints them once all levels are known.
fn in_any_order(input: Input<'_, '_>, args: &RateArgs, mut printer: Printer<'_, '_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate);
    let maker = Maker::of(&printer, gate.asked());
    let threads = input.threads;
    let (mut settled, summary) = input.settle(maker.keeps())?;
    let hand_over = |made: Made<'_, '_>| -> Result<bool, Stopped> {
        gate.pass(made.seen);
        for (finding, found) in made.findings {
            gate.find(finding, |finding| found.line(&summary.numbering, finding));
        }
        printer.append(made.rows)?;
        Ok(!printer.gone() || maker.asked.is_asked())
    };
    let made = settled.map(threads, || maker.begin(), |kept, made| maker.make(kept, made), hand_over);
    made.map_err(|Stopped(error)| error)?;
    printer.close()?;
    Ok(gate.exit())
}

/// Makes rows of what was set aside, on any thread.
#[derive(Clone, Copy)]
struct Maker<'l, 'm> {
    layout: &'l Layout<'m>,
    style: OutputStyle,
    wording: Option<LevelWording>,
    asked: MomentGate,
}

impl<'l, 'm> Maker<'l, 'm> {
    const fn of(printer: &Printer<'l, 'm>, asked: MomentGate) -> Self {
        Self { layout: printer.layout, style: printer.style, wording: printer.wording, asked }
    }

    /// What is to be set aside for it.
    fn keeps(&self) -> Keeps {
        let keeps = if self.wording.is_some() { Keeps { history: false, ..Keeps::ALL } } else { Keeps::ROWS };
        Keeps { positions: self.asked.is_asked(), ..keeps }
    }

    fn begin(&self) -> Made<'l, 'm> {
        Made { rows: MadeRows::new(self.layout, self.style), seen: 0, findings: Vec::new() }
    }

    fn make(&self, kept: &Kept<'_, '_>, made: &mut Made<'_, '_>) -> Result<(), Stopped> {
        if kept.scope != Scope::Reported {
            return Ok(());
        }
        if self.wording.is_none() {
            return made.take_brief(kept, self.asked);
        }
        kept.moment(|moment| made.take(moment, self.wording, kept, self.asked))?
    }
}

/// Rows made together, and what a gate found in them.
struct Made<'l, 'm> {
    rows: MadeRows<'l, 'm>,
    seen: u64,
    findings: Vec<(MomentFinding, Found)>,
}

enum MadeRows<'l, 'm> {
    Bytes(Box<Chunk>),
    Lines(Box<TableRows<'l, 'm>>),
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

    fn line_of_round(self, lines: RoundLines<'_>, finding: &str) -> String {
        lines.line(self.index, self.position, self.id, finding)
    }
}

impl<'l, 'm> MadeRows<'l, 'm> {
    fn new(layout: &'l Layout<'m>, style: OutputStyle) -> Self {
        match style.format {
            Format::Table => Self::Lines(Box::new(TableRows::new(layout))),
            _ => Self::Bytes(Box::new(Chunk::new(style))),
        }
    }

    /// Adds the row of a moment.
    fn take(&mut self, moment: &RatedMoment<'_, '_>, wording: Option<LevelWording>) -> Result<()> {
        match self {
            Self::Bytes(chunk) => {
                let rating = wording.map_or_else(|| Rating::unexplained(moment), |wording| Rating::of(moment, wording));
                chunk.row(&rating).map_err(unprinted)
            }
            Self::Lines(lines) => {
                lines.row(moment);
                Ok(())
            }
        }
    }
}

impl Made<'_, '_> {
    fn take(
        &mut self,
        moment: &RatedMoment<'_, '_>,
        wording: Option<LevelWording>,
        kept: &Kept<'_, '_>,
        asked: MomentGate,
    ) -> Result<(), Stopped> {
        self.consider(&moment.assessment, moment.interaction.id.as_deref(), kept, asked);
        Ok(self.rows.take(moment, wording)?)
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

/// Ratings in the format asked for.
struct Printer<'l, 'm> {
    model: &'m Model,
    layout: &'l Layout<'m>,
    style: OutputStyle,
    wording: Option<LevelWording>,
    /// Whether nothing leaves before all is there.
    whole: bool,
    to: Form<'l, 'm>,
}

enum Form<'l, 'm> {
    Rows(Rows<Output>),
    Table(Box<RatingTable<'l, 'm, Output>>),
}

impl<'l, 'm> Printer<'l, 'm> {
    fn new(
        model: &'m Model,
        layout: &'l Layout<'m>,
        style: OutputStyle,
        wording: Option<LevelWording>,
        output: Output,
    ) -> Self {
        let whole = output.is_whole();
        let to = match style.format {
            Format::Table => Form::Table(Box::new(RatingTable::new(layout, output))),
            _ => Form::Rows(Rows::new(style, output)),
        };
        Self { model, layout, style, wording, whole, to }
    }

    /// Prints rows that were made elsewhere.
    fn append(&mut self, made: MadeRows<'_, '_>) -> Result<()> {
        let printed = match (&mut self.to, made) {
            (Form::Rows(rows), MadeRows::Bytes(chunk)) => {
                rows.append(*chunk, &Rating::blank(self.model, self.wording.is_some()))
            }
            (Form::Table(table), MadeRows::Lines(lines)) => table.append(*lines),
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
