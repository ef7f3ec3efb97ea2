//! `serveup rate`: a level for every interaction.

mod in_order;

use anyhow::Result;
use serveup::assess::gate::{MomentFinding, MomentGate};
use serveup::escalator::Assessment;
use serveup::print::text::ratings::{RatingLine, RatingTable};
use serveup::print::{Chunk, Format, OutputStyle, Rows};
use serveup::read::{Numbering, RecordError, RoundLines};
use serveup::{Keeps, Kept, LevelWording, Model, Position, Rating, Scope, SessionError};

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
fn in_any_order(input: Input<'_, '_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate);
    let maker = Maker::of(&printer, gate.asked());
    let threads = input.threads;
    let (mut settled, summary) = input.settle(maker.keeps())?;
    let hand_over = |made: Made| -> Result<bool, Stopped> {
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
struct Maker<'m> {
    model: &'m Model,
    style: OutputStyle,
    wording: Option<LevelWording>,
    asked: MomentGate,
}

impl<'m> Maker<'m> {
    const fn of(printer: &Printer<'m>, asked: MomentGate) -> Self {
        Self { model: printer.model, style: printer.style, wording: printer.wording, asked }
    }

    /// What is to be set aside for it.
    const fn keeps(&self) -> Keeps {
        let keeps = if self.wording.is_some() { Keeps { history: false, ..Keeps::ALL } } else { Keeps::ROWS };
        Keeps { positions: self.asked.is_asked(), ..keeps }
    }

    fn begin(&self) -> Made {
        Made { rows: MadeRows::new(self.style), seen: 0, findings: Vec::new() }
    }

    fn make(&self, kept: &Kept<'_, '_>, made: &mut Made) -> Result<(), Stopped> {
        if kept.scope != Scope::Reported {
            return Ok(());
        }
        match self.wording {
            None => made.take_brief(kept, self.asked),
            Some(wording) => {
                kept.moment(|moment| made.take(self.model, &Rating::of(moment, wording), kept, self.asked))?
            }
        }
    }
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

    fn line_of_round(self, lines: RoundLines<'_>, finding: &str) -> String {
        lines.line(self.index, self.position, self.id, finding)
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
