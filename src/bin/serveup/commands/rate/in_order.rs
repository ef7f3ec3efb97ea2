//! `serveup rate --in-order`: rows leave as their records come.

use anyhow::{Result, bail};
use serveup::read::{self, InOrder, RatedRound, Recorded};
use serveup::wording::count;
use serveup::{Instant, Interaction, Scope, Session};
use tempfile::SpooledTempFile;

use super::super::reading::Input;
use super::{About, Found, Made, Maker, Printer, Stopped};
use crate::args::RateArgs;
use crate::exit::Exit;
use crate::gates::Gate;

/// Rates and prints records as they come.
pub(super) fn run(input: Input<'_, '_>, args: &RateArgs, printer: Printer<'_, '_>) -> Result<Exit> {
    let gate = Gate::new(&args.gate).since(args, input.window)?;
    let known = args.only_new.then(|| gate.known());
    let maker = Maker::of(&printer, &gate, known.as_ref());
    let mut rows = Leaving { maker, gate, printer, latest: None, over: false };
    let concluded = input.in_order(maker.keeps(), &mut rows, |rows| rows.over);
    let Leaving { gate, printer, .. } = rows;
    let records = match concluded {
        Ok(records) => records,
        Err(error) => {
            let rows = count(printer.abandon()?, "row");
            bail!("{error:#} ({rows} printed before)");
        }
    };
    printer.close()?;
    Ok(gate.exit_knowing(|id| records.has_id(id)))
}

/// Rows on their way out.
struct Leaving<'l, 'm> {
    maker: Maker<'l, 'm>,
    gate: Gate,
    printer: Printer<'l, 'm>,
    latest: Option<Instant>,
    /// Whether no more are wanted.
    over: bool,
}

impl Leaving<'_, '_> {
    /// Whether more rows are wanted.
    fn goes_on(&mut self) -> bool {
        self.over = !self.printer.wants_more(&self.gate);
        !self.over
    }

    fn print(
        &mut self,
        session: &mut Session<'_, SpooledTempFile>,
        recorded: &Recorded<'_>,
        interaction: &Interaction<'_>,
    ) -> Result<()> {
        let at = interaction.at.as_ref().map(|at| at.instant);
        if let (Some(latest), Some(at)) = (self.latest, at)
            && at < latest
        {
            let line = format!("at: is before {latest}, the time of an earlier record; leave --in-order out");
            bail!(recorded.line(interaction.id.as_deref(), &line));
        }
        self.latest = at.or(self.latest);
        let Self { maker, gate, printer, .. } = self;
        if let Some((Scope::Reported, moment)) = session.assess(interaction)? {
            let id = interaction.id.as_deref();
            gate.consider(&moment.assessment, id, |finding| recorded.line(id, finding));
            if let Some(id) = id {
                gate.met(id);
            }
            if let Some((recipient, action)) = About::of(interaction).new_act(&moment.assessment) {
                gate.new_act(recipient, action);
            }
            if maker.asked.shows(maker.asked.gate.finding(&moment.assessment).as_ref(), id) {
                let mut made = maker.begin();
                made.rows.take(&moment, interaction.outline(), maker.wording, false)?;
                printer.append(made.rows)?;
            }
        }
        if recorded.last_at_hand() {
            self.printer.flush()?;
        }
        Ok(())
    }

    fn print_round(&mut self, round: RatedRound<'_, '_, SpooledTempFile>) -> Result<()> {
        let (lines, last_at_hand) = (round.lines(), round.last_at_hand());
        self.latest = round.latest().or(self.latest);
        let Self { maker, gate, printer, .. } = self;
        let line = |found: &Found, finding: &str| found.line_of_round(lines, finding);
        let hand_over = |made: Made<'_, '_>| made.leave(gate, printer, line);
        let made = round.map(|| maker.begin(), |kept, made| maker.make(kept, made), hand_over);
        made.map_err(|Stopped(error)| error)?;
        if last_at_hand { printer.flush() } else { Ok(()) }
    }
}

impl<'m> InOrder<'m, SpooledTempFile> for Leaving<'_, '_> {
    fn latest(&self) -> Option<Instant> {
        self.latest
    }

    fn record(
        &mut self,
        session: &mut Session<'m, SpooledTempFile>,
        recorded: &Recorded<'_>,
        interaction: &Interaction<'_>,
    ) -> read::Result<bool> {
        self.print(session, recorded, interaction).map_err(taken)?;
        Ok(self.goes_on())
    }

    fn round(&mut self, round: RatedRound<'_, 'm, SpooledTempFile>) -> read::Result<bool> {
        self.print_round(round).map_err(taken)?;
        Ok(self.goes_on())
    }
}

/// What ended the printing, as what ends the reading.
fn taken(error: anyhow::Error) -> read::Error {
    read::Error::taker(error.into_boxed_dyn_error())
}
