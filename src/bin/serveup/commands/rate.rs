//! `serveup rate`: a level for every interaction.

mod chosen;
mod in_order;

use anyhow::{Result, bail};
use serveup::assess::gate::{MomentFinding, MomentGate};
use serveup::escalator::Assessment;
use serveup::print::text::ratings::{Layout, RatingTable, TableRows};
use serveup::print::{Chunk, Format, OutputStyle, Rows};
use serveup::read::{Numbering, RecordError, RoundLines};
use serveup::{
    Column, Field, Fields, Interaction, InteractionRef, Keeps, Kept, LevelWording, Model, Position, RatedMoment,
    Rating, Scope, SessionError,
};

use self::chosen::Chosen;
use super::reading::{Input, help_without_input};
use crate::args::RateArgs;
use crate::exit::Exit;
use crate::gates::{Gate, Known};
use crate::output::Output;
use crate::printing::{self, unprinted};
use crate::settings::style;

pub(crate) fn run(args: &RateArgs) -> Result<Exit> {
    help_without_input("rate", &args.files)?;
    let model = crate::settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let input = Input::open(&model, &args.files, &args.reads)?;
    if let Some(again) = args.columns.as_deref().and_then(named_twice) {
        bail!("--columns: {} is named twice; name each column once", again.name());
    }
    let output = Output::open(args.print.output.as_deref())?;
    let chosen = args.columns.as_ref().map(|columns| Chosen::new(&model, columns, style));
    let wording = match &chosen {
        Some(chosen) => chosen.columns.explain().then(|| printing::wording(style.format)),
        None => wording(style.format, args.why),
    };
    let layout = Layout::new(&model, style);
    let printer = Printer::new(&model, &layout, chosen.as_ref(), style, wording, output);
    if args.in_order { in_order::run(input, args, printer) } else { in_any_order(input, args, printer) }
}

/// The first of some columns that was named before.
fn named_twice(columns: &[Column]) -> Option<&Column> {
    columns.iter().enumerate().find(|(place, column)| columns[..*place].contains(column)).map(|(_, column)| column)
}

/// How rows are explained: those of tsv and csv only where that is asked for.
const fn wording(format: Format, why: bool) -> Option<LevelWording> {
    match format {
        Format::Tsv | Format::Csv | Format::Md if !why => None,
        _ => Some(printing::wording(format)),
    }
}

/// Reads all, sets aside what rows need of their records, and prints them once all levels are known.
fn in_any_order(input: Input<'_, '_>, args: &RateArgs, mut printer: Printer<'_, '_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate).since(args, input.window)?;
    let known = args.only_new.then(|| gate.known());
    let maker = Maker::of(&printer, &gate, known.as_ref());
    let threads = input.threads;
    let (mut settled, summary, records) = input.settle_knowing(maker.keeps())?;
    let line = |found: &Found, finding: &str| found.line(&summary.numbering, finding);
    let hand_over = |made: Made<'_, '_>| made.leave(&mut gate, &mut printer, line);
    let made = settled.map(threads, || maker.begin(), |kept, made| maker.make(kept, made), hand_over);
    made.map_err(|Stopped(error)| error)?;
    printer.close()?;
    Ok(gate.exit_knowing(|id| records.has_id(id)))
}

/// Makes rows of what was set aside, on any thread.
#[derive(Clone, Copy)]
struct Maker<'l, 'm> {
    layout: &'l Layout<'m>,
    chosen: Option<&'l Chosen<'m>>,
    style: OutputStyle,
    wording: Option<LevelWording>,
    asked: Asked<'l>,
}

/// What a gate asks of moments.
#[derive(Clone, Copy)]
struct Asked<'l> {
    gate: MomentGate,
    /// The id of each that is reported.
    ids: bool,
    /// The acts that count as new.
    new_acts: bool,
    /// What is known from an earlier run, where only what is new is printed.
    known: Option<&'l Known>,
}

impl Asked<'_> {
    /// Whether the row of a moment is printed that the gate found something in, or nothing.
    fn shows(&self, finding: Option<&MomentFinding>, id: Option<&str>) -> bool {
        self.known.is_none_or(|known| finding.is_some() && !known.has(id))
    }
}

impl<'l, 'm> Maker<'l, 'm> {
    fn of(printer: &Printer<'l, 'm>, gate: &Gate, known: Option<&'l Known>) -> Self {
        let Printer { layout, chosen, style, wording, .. } = *printer;
        let (ids, new_acts) = gate.compares();
        Self { layout, chosen, style, wording, asked: Asked { gate: gate.asked(), ids, new_acts, known } }
    }

    /// What is to be set aside for it.
    fn keeps(&self) -> Keeps {
        let keeps = if self.wording.is_some() { Keeps::EXPLAINED_ROWS } else { Keeps::ROWS };
        let fields = self.chosen.map_or(keeps.fields, |chosen| {
            // a gate names records by their ids
            let id = if self.asked.gate.is_asked() { Fields::of(&[Field::Id]) } else { Fields::NONE };
            let act = Fields::of(&[Field::Recipient, Field::Action]);
            chosen.columns.fields().and(id).and(if self.asked.new_acts { act } else { Fields::NONE })
        });
        let tags = self.chosen.map_or_else(Vec::new, |chosen| chosen.columns.tags().cloned().collect());
        Keeps { fields, tags, positions: self.asked.gate.is_asked(), ..keeps }
    }

    fn begin(&self) -> Made<'l, 'm> {
        let rows = match self.chosen {
            Some(chosen) => MadeRows::Chosen(Box::new(chosen.chunk()), chosen),
            None => MadeRows::new(self.layout, self.style),
        };
        Made { rows, seen: 0, findings: Vec::new(), ids: Vec::new(), new_acts: Vec::new() }
    }

    fn make(&self, kept: &Kept<'_, '_>, made: &mut Made<'_, '_>) -> Result<(), Stopped> {
        if kept.scope != Scope::Reported {
            return Ok(());
        }
        match (self.wording, &mut made.rows) {
            (None, MadeRows::Chosen(..)) => return made.take_chosen(kept, self.asked),
            (None, _) => return made.take_brief(kept, self.asked),
            (Some(_), _) => {}
        }
        kept.moment(|moment| made.take(moment, self.wording, kept, self.asked))?
    }
}

/// Rows made together, and what a gate found in them.
struct Made<'l, 'm> {
    rows: MadeRows<'l, 'm>,
    seen: u64,
    findings: Vec<(MomentFinding, Found)>,
    ids: Vec<String>,
    new_acts: Vec<(String, String)>,
}

/// Which moment it is, as far as gates ask.
#[derive(Clone, Copy)]
struct About<'r> {
    id: Option<&'r str>,
    recipient: Option<&'r str>,
    action: Option<&'r str>,
}

impl<'r> About<'r> {
    fn of(interaction: &'r Interaction<'_>) -> Self {
        let Interaction { id, recipient, action, .. } = interaction;
        Self { id: id.as_deref(), recipient: Some(recipient), action: action.as_deref() }
    }

    fn outlined(outline: &'r InteractionRef<'_>) -> Self {
        let InteractionRef { id, recipient, action, .. } = outline;
        Self { id: id.as_deref(), recipient: recipient.as_deref(), action: action.as_deref() }
    }

    /// The act with its recipient, if nothing is known of what it stands on.
    fn new_act(self, assessment: &Assessment) -> Option<(&'r str, &'r str)> {
        self.recipient.zip(self.action).filter(|_| assessment.standing.is_none())
    }
}

enum MadeRows<'l, 'm> {
    Bytes(Box<Chunk>),
    Lines(Box<TableRows<'l, 'm>>),
    Chosen(Box<Chunk>, &'l Chosen<'m>),
}

/// A record that a gate found, as a message names it.
struct Found {
    index: usize,
    position: Position,
    id: Option<String>,
}

impl Found {
    fn line(&self, numbering: &Numbering, finding: &str) -> String {
        numbering.line(self.index, &RecordError::new(self.position, finding).with_id(self.id.clone()))
    }

    fn line_of_round(&self, lines: RoundLines<'_>, finding: &str) -> String {
        lines.line(self.index, self.position, self.id.clone(), finding)
    }
}

impl<'l, 'm> MadeRows<'l, 'm> {
    fn new(layout: &'l Layout<'m>, style: OutputStyle) -> Self {
        match style.format {
            Format::Table => Self::Lines(Box::new(TableRows::new(layout))),
            _ => Self::Bytes(Box::new(Chunk::new(style))),
        }
    }

    /// Adds the row of a moment with this outline; `plain` as for [`Chunk::rating`].
    fn take(
        &mut self,
        moment: &RatedMoment<'_, '_>,
        outline: InteractionRef<'_>,
        wording: Option<LevelWording>,
        plain: bool,
    ) -> Result<()> {
        match self {
            Self::Bytes(chunk) => chunk.rating(&Rating::outlined(moment, outline, wording), plain).map_err(unprinted),
            Self::Lines(lines) => {
                lines.row(moment, &outline);
                Ok(())
            }
            Self::Chosen(chunk, chosen) => {
                let rating = wording.map_or_else(|| Rating::unexplained(moment), |wording| Rating::of(moment, wording));
                chosen.add(chunk, &rating, moment.interaction).map_err(unprinted)
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
        asked: Asked<'_>,
    ) -> Result<(), Stopped> {
        if self.consider(&moment.assessment, About::of(moment.interaction), kept, asked) {
            self.rows.take(moment, kept.outline()?, wording, kept.is_plain())?;
        }
        Ok(())
    }

    /// The same without what explains the rating.
    fn take_brief(&mut self, kept: &Kept<'_, '_>, asked: Asked<'_>) -> Result<(), Stopped> {
        let rating = kept.brief()?;
        if !self.consider(&rating.assessment, About::outlined(&rating.outline), kept, asked) {
            return Ok(());
        }
        match &mut self.rows {
            MadeRows::Bytes(chunk) => Ok(chunk.rating(&rating, kept.is_plain()).map_err(unprinted)?),
            MadeRows::Lines(_) | MadeRows::Chosen(..) => Ok(()),
        }
    }

    /// The same for columns of one's own choice.
    fn take_chosen(&mut self, kept: &Kept<'_, '_>, asked: Asked<'_>) -> Result<(), Stopped> {
        let (interaction, assessment) = (kept.interaction()?, kept.assessment());
        if !self.consider(&assessment, About::of(&interaction), kept, asked) {
            return Ok(());
        }
        let MadeRows::Chosen(chunk, chosen) = &mut self.rows else { return Ok(()) };
        let rating = Rating::short(&interaction, assessment);
        Ok(chosen.add(chunk, &rating, &interaction).map_err(unprinted)?)
    }

    /// Counts and prints them; `line` names a record that the gate found. Whether more are wanted.
    fn leave(
        self,
        gate: &mut Gate,
        printer: &mut Printer<'_, '_>,
        line: impl Fn(&Found, &str) -> String,
    ) -> Result<bool, Stopped> {
        gate.pass(self.seen);
        self.ids.iter().for_each(|id| gate.met(id));
        self.new_acts.iter().for_each(|(recipient, action)| gate.new_act(recipient, action));
        for (finding, found) in self.findings {
            gate.find(finding, found.id.as_deref(), |finding| line(&found, finding));
        }
        printer.append(self.rows)?;
        Ok(printer.wants_more(gate))
    }

    /// Notes what gates ask of a moment. Whether its row is printed.
    fn consider(&mut self, assessment: &Assessment, about: About<'_>, kept: &Kept<'_, '_>, asked: Asked<'_>) -> bool {
        self.seen += 1;
        let finding = asked.gate.finding(assessment);
        let shown = asked.shows(finding.as_ref(), about.id);
        if let Some(finding) = finding {
            let position = kept.position().unwrap_or(Position::START);
            self.findings.push((finding, Found { index: kept.index, position, id: about.id.map(str::to_owned) }));
        }
        if asked.ids {
            self.ids.extend(about.id.map(str::to_owned));
        }
        if asked.new_acts {
            let act = about.new_act(assessment);
            self.new_acts.extend(act.map(|(recipient, action)| (recipient.to_owned(), action.to_owned())));
        }
        shown
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
    chosen: Option<&'l Chosen<'m>>,
    style: OutputStyle,
    wording: Option<LevelWording>,
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
        chosen: Option<&'l Chosen<'m>>,
        style: OutputStyle,
        wording: Option<LevelWording>,
        output: Output,
    ) -> Self {
        let to = match style.format {
            _ if chosen.is_some() => {
                Form::Rows(Rows::new(style, output).with_widths(chosen.and_then(|chosen| chosen.widths.clone())))
            }
            Format::Table => Form::Table(Box::new(RatingTable::new(layout, output))),
            _ => Form::Rows(Rows::new(style, output)),
        };
        Self { model, layout, chosen, style, wording, to }
    }

    /// Prints rows that were made elsewhere.
    fn append(&mut self, made: MadeRows<'_, '_>) -> Result<()> {
        let printed = match (&mut self.to, made) {
            (Form::Rows(rows), MadeRows::Chosen(chunk, chosen)) => rows.append(*chunk, &chosen.blank()),
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

    /// Whether more rows are wanted: by a reader, or by a gate, which counts when the reader has gone.
    const fn wants_more(&self, gate: &Gate) -> bool {
        !self.output().gone() || gate.asked().is_asked()
    }

    fn flush(&mut self) -> Result<()> {
        match &mut self.to {
            Form::Rows(rows) => rows.get_mut().flush_now(),
            Form::Table(table) => table.flush().map_err(unprinted),
        }
    }

    fn close(self) -> Result<()> {
        let output = match self.to {
            Form::Rows(rows) => match self.chosen {
                Some(chosen) => rows.close(&chosen.blank()),
                None => rows.close(&Rating::blank(self.model, self.wording.is_some())),
            },
            Form::Table(table) => table.close(),
        };
        output.map_err(unprinted)?.finish()
    }

    /// Flushes what has been printed, and gives up. Returns how many rows that were.
    fn abandon(mut self) -> Result<u64> {
        // nothing leaves before all is there
        if self.output().is_whole() {
            return Ok(0);
        }
        self.flush()?;
        Ok(match self.to {
            Form::Rows(rows) => rows.count(),
            Form::Table(table) => table.count(),
        })
    }
}
