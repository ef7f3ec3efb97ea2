//! Records read, put in time order and settled: what every command that reads
//! records starts from.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::CommandFactory;
use serveup::assess::When;
use serveup::escalator::Footing;
use serveup::{Assessor, Entry, Instant, Interaction, Model, RatedMoment, Reading, Recipients, Zone, time_order};

use crate::args::{Args, Print, Reads};
use crate::input::{Intake, Recorded, Records};
use crate::messages::{count, note};
use crate::output::apart;
use crate::settings::{self, Part, Window};

/// Refuses flags that would do nothing where no records are read.
pub(crate) fn no_records_needed(reads: &Reads) -> Result<()> {
    match reads.for_records() {
        Some(flag) => bail!("{flag} is for records; name a file of interactions"),
        None => Ok(()),
    }
}

/// Everything a command needs to rate, before the first record is read.
pub(crate) struct Opened<'m> {
    pub(crate) assessor: Assessor<'m>,
    pub(crate) records: Records<'m>,
    pub(crate) window: Window,
    pub(crate) unseen: UnseenLifts,
    /// The zone whose calendar counts.
    pub(crate) zone: Zone,
}

/// Lifts the escalator cannot follow, because they name no act.
pub(crate) struct UnseenLifts {
    quiet: bool,
    count: u64,
}

impl UnseenLifts {
    /// Counts the entry if it is one.
    pub(crate) fn watch(&mut self, entry: &Entry, model: &Model) {
        self.count += u64::from(entry.lift_unseen(model));
    }

    /// Says how many there were.
    pub(crate) fn tell(&self) {
        if self.count > 0 {
            let name = if self.count == 1 { "names" } else { "name" };
            let lifts = count(self.count, "lift");
            note(self.quiet, &format!("{lifts} {name} no `action`; the escalator cannot see their repeats"));
        }
    }
}

/// All records read once, and what each act stood on before each of them.
pub(crate) struct Assessed<'m> {
    assessor: Assessor<'m>,
    records: Records<'m>,
    window: Window,
    entries: Vec<Entry>,
    footings: Vec<Option<Footing>>,
    taken_back: BTreeSet<usize>,
}

/// Ends with the help of a subcommand where nobody could have meant to type records.
pub(crate) fn help_without_input(subcommand: &str, files: &[PathBuf]) -> Result<()> {
    if files.is_empty() && std::io::stdin().is_terminal() {
        let mut command = Args::command();
        command.build();
        if let Some(command) = command.find_subcommand_mut(subcommand) {
            bail!("no file is named, and standard input is a terminal\n\n{}", command.render_help());
        }
    }
    Ok(())
}

impl<'m> Opened<'m> {
    /// Opens the sources. `again` says that the records will be read twice.
    pub(crate) fn new(model: &'m Model, files: &[PathBuf], reads: &Reads, print: &Print, again: bool) -> Result<Self> {
        if reads.rejects.is_some() && reads.rejects == print.output {
            bail!("--rejects and --output name the same file; name two");
        }
        let inputs: Vec<_> = files.iter().chain(&reads.recipients).cloned().collect();
        print.output.as_deref().map_or(Ok(()), |output| apart("--output", output, &inputs))?;
        let zone = settings::zone(reads.timezone.as_deref())?;
        let window = Window::new(&reads.bounds, zone.as_ref())?;
        let calendar = zone.clone().unwrap_or(Zone::UTC);
        let intake = Intake {
            reading: Reading { model, zone },
            keep_going: reads.keep_going,
            rejects: reads.rejects.clone(),
            strict: reads.strict,
            quiet: reads.quiet,
            again,
        };
        let (records, recipients): (_, Recipients) = Records::open(files, reads.recipients.as_deref(), intake)?;
        let unseen = UnseenLifts { quiet: reads.quiet, count: 0 };
        Ok(Self { assessor: Assessor::new(model, recipients), records, window, unseen, zone: calendar })
    }

    /// Reads and checks all records, and settles them in time order.
    pub(crate) fn read(self) -> Result<Assessed<'m>> {
        self.read_and_watch(|_| {}, |_| {})
    }

    /// The same, handing every interaction to `seen` as it is read, and every
    /// entry that is not left out to `settled` in time order.
    pub(crate) fn read_and_watch(
        self,
        mut seen: impl FnMut(&Interaction<'_>),
        mut settled: impl FnMut(&Entry),
    ) -> Result<Assessed<'m>> {
        let Self { mut assessor, mut records, window, mut unseen, .. } = self;
        let mut entries = Vec::new();
        let taken_back = records.read(|_, interaction| {
            seen(interaction);
            let entry = assessor.enter(interaction)?;
            unseen.watch(&entry, assessor.model());
            entries.push(entry);
            Ok(true)
        })?;
        needs_times(window, &records)?;
        unseen.tell();
        let rules = assessor.model();
        if records.timed() == Some(false) && (!rules.market_rows().is_empty() || rules.escalator().memory.is_some()) {
            note(unseen.quiet, "the market and forgetting need `at`, and the records have none; they have no say");
        }
        let mut footings = vec![None; entries.len()];
        for index in time_order(&entries) {
            let index = index as usize;
            let entry = &entries[index];
            if window.part(entry.at()) != Part::LeftOut && !taken_back.contains(&index) {
                footings[index] = assessor.settle(entry);
                settled(entry);
            }
        }
        Ok(Assessed { assessor, records, window, entries, footings, taken_back })
    }
}

/// A window of time needs times.
pub(crate) fn needs_times(window: Window, records: &Records<'_>) -> Result<()> {
    if window.bounded() && records.timed() == Some(false) {
        bail!("{} `at`, and the records have none", window.needs());
    }
    Ok(())
}

impl<'m> Assessed<'m> {
    /// Reads the records again in input order and hands each to `each`, with its
    /// place in time and what the window does with it, as long as it gives back
    /// `true`; what is left out is not among them.
    fn settled(self, mut each: impl FnMut(&Settled<'_, 'm>, When, Part) -> Result<bool>) -> Result<()> {
        let Self { assessor, mut records, window, entries, footings, taken_back } = self;
        let mut index = 0;
        records.read_again(|recorded| {
            let entry = entries.get(index).ok_or_else(|| changed(recorded.file()))?;
            let part = if taken_back.contains(&index) { Part::LeftOut } else { window.part(entry.at()) };
            let settled = Settled { assessor: &assessor, recorded, entry, footing: footings[index] };
            let when = When { at: entry.at(), index: index as u64 };
            index += 1;
            if part == Part::LeftOut { Ok(true) } else { each(&settled, when, part) }
        })
    }

    /// Hands the reported records to `each`, as long as it gives back `true`.
    pub(crate) fn reported(self, mut each: impl FnMut(&Settled<'_, 'm>) -> Result<bool>) -> Result<()> {
        self.settled(|settled, _, part| if part == Part::Reported { each(settled) } else { Ok(true) })
    }

    /// Hands every moment that is not left out to `each`, with everything that led to its level.
    pub(crate) fn moments(self, mut each: impl FnMut(&RatedMoment<'_, '_>, When, Part) -> Result<()>) -> Result<()> {
        self.settled(|settled, when, part| {
            let interaction = settled.recorded.interaction()?;
            each(&settled.assessor.moment(&interaction, settled.footing), when, part)?;
            Ok(true)
        })
    }

    /// Whether the records say when they happened; `None` if there are none.
    pub(crate) const fn timed(&self) -> Option<bool> {
        self.records.timed()
    }

    /// The latest instant of what is not left out.
    pub(crate) fn latest(&self) -> Option<Instant> {
        let kept = self.entries.iter().filter(|entry| self.window.part(entry.at()) != Part::LeftOut);
        kept.filter_map(Entry::at).max()
    }

    /// The assessor, for what it knows of acts.
    pub(crate) fn into_assessor(self) -> Assessor<'m> {
        self.assessor
    }
}

/// The error of a file that is not what it was.
fn changed(file: &str) -> anyhow::Error {
    anyhow!("{file}: changed while it was read; run again when nothing writes to it")
}

/// A record whose act has been settled: all that its rating needs.
pub(crate) struct Settled<'r, 'm> {
    pub(crate) assessor: &'r Assessor<'m>,
    pub(crate) recorded: &'r Recorded<'r>,
    pub(crate) entry: &'r Entry,
    pub(crate) footing: Option<Footing>,
}
