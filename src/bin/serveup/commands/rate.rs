//! `serveup rate`: a level for every interaction.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use serveup::assess::When;
use serveup::{Interaction, Model, Rating, Speech};

use super::assessed::{Again, Assessed, Opened, Settled, help_without_input, needs_times};
use super::rate_aside::Aside;
use crate::args::{Format, RateArgs};
use crate::exit::Exit;
use crate::gate::Gate;
use crate::input::Recorded;
use crate::messages::count;
use crate::output::Output;
use crate::render::ratings::RatingTable;
use crate::render::{Lines, Rows};
use crate::settings::{self, Look, Part};

pub(crate) fn run(args: &RateArgs) -> Result<Exit> {
    help_without_input("rate", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    // a gate names the records it finds, so it reads them again
    let brief = look.format == Format::Tsv && !args.why && !look.escape_formulas;
    let aside = !args.in_order && brief && !Gate::new(&args.gate).asked();
    let again = !args.in_order && !aside;
    let opened = Opened::new(&model, &args.files, &args.reads, &args.print, again)?;
    let output = Output::open(args.print.output.as_deref())?;
    let printer = Printer::new(&model, look, args.why, output);
    if args.in_order {
        in_order(opened, args, printer)
    } else if aside {
        in_one_reading(opened, args, printer)
    } else {
        in_two_readings(opened.read()?, args, printer)
    }
}

/// Reads all, sets aside what rows repeat of their records, and completes the rows with the levels.
fn in_one_reading(opened: Opened<'_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let mut aside = Aside::new();
    let assessed = opened.read_and_keep(&mut aside)?;
    if let Some(full) = aside.full.take() {
        if assessed.can_be_read_again() {
            return in_two_readings(assessed, args, printer);
        }
        return Err(full).context("setting rows aside in a temporary file; set TMPDIR to a larger disk");
    }
    aside.rows(assessed.levels(), assessed.threads(), args.reads.quiet, |rows| {
        printer.append(rows)?;
        Ok(!printer.gone())
    })?;
    printer.close()?;
    Ok(Exit::Done)
}

/// Reads all again to print it, once it is put in time order.
fn in_two_readings(assessed: Assessed<'_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let mut gate = Gate::new(&args.gate);
    // a gate names the records it finds, one by one
    match printer.lines().filter(|_| !gate.asked()) {
        None => assessed.reported(|settled| report(settled, &mut printer, &mut gate))?,
        Some(look) => print_ahead(assessed, look, &mut printer, &mut gate)?,
    }
    printer.close()?;
    Ok(gate.exit())
}

/// Draws up the ratings on several threads, and prints them in input order. No gate asks for them.
fn print_ahead(assessed: Assessed<'_>, look: Look, printer: &mut Printer<'_>, gate: &mut Gate<'_>) -> Result<()> {
    let speech = printer.speech;
    let printer = Mutex::new(printer);
    let printer = || printer.lock().unwrap_or_else(PoisonError::into_inner);
    let begin = || (Lines::new(look), Ok(()));
    let make = |again: &Again<'_, '_>, (lines, made): &mut (Option<Lines>, Result<()>)| {
        let Some(lines) = lines.as_mut().filter(|_| made.is_ok() && again.part == Part::Reported) else { return };
        *made = match speech {
            None => lines.row(&again.assessor.brief(again.written.outline(), again.entry, again.footing)),
            Some(speech) => again.moment(|moment| lines.row(&Rating::of(moment, speech))),
        };
    };
    let each = |settled: &Settled<'_, '_>, _: When, part: Part| {
        if part == Part::Reported { report(settled, &mut printer(), gate) } else { Ok(true) }
    };
    let hand_in = |(lines, made): (Option<Lines>, Result<()>)| {
        made?;
        let mut printer = printer();
        lines.map_or(Ok(()), |lines| printer.append(lines))?;
        Ok(!printer.gone())
    };
    assessed.made(begin, make, each, hand_in)
}

/// Draws up the rating of one record, holds it against the gates and prints it.
fn report(settled: &Settled<'_, '_>, printer: &mut Printer<'_>, gate: &mut Gate<'_>) -> Result<bool> {
    let Settled { assessor, recorded, entry, footing } = *settled;
    let interaction;
    let rating = match printer.speech {
        None => assessor.brief(recorded.outline(), entry, footing),
        Some(speech) => {
            interaction = recorded.interaction()?;
            Rating::of(&assessor.moment(&interaction, footing), speech)
        }
    };
    gate.consider(&rating, |finding| recorded.line(finding));
    printer.print(&rating)?;
    Ok(!printer.gone() || gate.asked())
}

/// Rates and prints each record as it comes.
fn in_order(opened: Opened<'_>, args: &RateArgs, mut printer: Printer<'_>) -> Result<Exit> {
    let Opened { mut assessor, mut records, window, mut unseen, .. } = opened;
    let mut gate = Gate::new(&args.gate);
    let mut latest: Option<serveup::Instant> = None;
    let read = records.read(&mut |recorded: &Recorded<'_>, interaction: &Interaction<'_>| {
        let entry = assessor.enter(interaction)?;
        unseen.watch(&entry, assessor.model());
        if let (Some(latest), Some(at)) = (latest, entry.at())
            && at < latest
        {
            bail!(
                recorded.line(format!("at: is before {latest}, the time of an earlier record; leave out --in-order"))
            );
        }
        latest = entry.at().or(latest);
        let part = window.part(entry.at());
        if part == Part::LeftOut {
            return Ok(true);
        }
        let footing = assessor.settle(&entry);
        if part == Part::History {
            return Ok(true);
        }
        let settled = Settled { assessor: &assessor, recorded, entry: &entry, footing };
        let go_on = report(&settled, &mut printer, &mut gate)?;
        if recorded.last_at_hand() {
            printer.flush()?;
        }
        Ok(go_on)
    });
    let concluded = read.and_then(|taken_back| {
        if !taken_back.is_empty() {
            bail!("with --in-order, recoveries of unknown failures cannot be taken back; leave it out");
        }
        needs_times(window, &records)?;
        records.unchanged()
    });
    if let Err(error) = concluded {
        let rows = count(printer.abandon()?, "row");
        bail!("{error:#} ({rows} had left before)");
    }
    unseen.tell();
    printer.close()?;
    Ok(gate.exit())
}

/// Ratings in the format asked for.
struct Printer<'m> {
    model: &'m Model,
    /// Whether nothing leaves before all is there.
    whole: bool,
    to: Form<'m>,
    speech: Option<Speech>,
}

enum Form<'m> {
    Rows(Box<Rows>),
    Table(Box<RatingTable<'m>>),
}

impl<'m> Printer<'m> {
    fn new(model: &'m Model, look: Look, why: bool, output: Output) -> Self {
        let whole = output.is_whole();
        let (speech, to) = match look.format {
            Format::Table => (Some(Speech::Labels), Form::Table(Box::new(RatingTable::new(model, look, output)))),
            Format::Tsv | Format::Csv => (why.then_some(Speech::Names), Form::Rows(Box::new(Rows::new(look, output)))),
            Format::Json | Format::Jsonl => (Some(Speech::Names), Form::Rows(Box::new(Rows::new(look, output)))),
        };
        Self { model, whole, to, speech }
    }

    fn print(&mut self, rating: &Rating<'_>) -> Result<()> {
        match &mut self.to {
            Form::Rows(rows) => rows.row(rating),
            Form::Table(table) => table.row(rating),
        }
    }

    /// Prints rows that were made elsewhere.
    fn append(&mut self, lines: Lines) -> Result<()> {
        match &mut self.to {
            Form::Rows(rows) => rows.append(lines, &Rating::blank(self.model, self.speech.is_some())),
            Form::Table(_) => Ok(()),
        }
    }

    /// How rows look that can be made apart from being printed.
    fn lines(&self) -> Option<Look> {
        match &self.to {
            Form::Rows(rows) => rows.lines(),
            Form::Table(_) => None,
        }
    }

    fn gone(&self) -> bool {
        match &self.to {
            Form::Rows(rows) => rows.gone(),
            Form::Table(table) => table.gone(),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match &mut self.to {
            Form::Rows(rows) => rows.flush(),
            Form::Table(table) => table.flush(),
        }
    }

    fn close(self) -> Result<()> {
        match self.to {
            Form::Rows(rows) => rows.close(&Rating::blank(self.model, self.speech.is_some())),
            Form::Table(table) => table.close(),
        }
    }

    /// Hands on what has been printed, and gives up. How many rows that were.
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
