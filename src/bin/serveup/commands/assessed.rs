//! Records read, put in time order and settled: what every command that reads
//! records starts from.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::CommandFactory;
use serveup::escalator::Footing;
use serveup::{Assessor, Entry, Model, Reading, Recipients, time_order};

use crate::args::{Args, Reads};
use crate::input::{Intake, Recorded, Records};
use crate::messages::{count, note};
use crate::settings::{self, Part, Window};

/// Everything a command needs to rate, before the first record is read.
pub(crate) struct Opened<'m> {
    pub(crate) assessor: Assessor<'m>,
    pub(crate) records: Records<'m>,
    pub(crate) window: Window,
    pub(crate) unseen: UnseenLifts,
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
    pub(crate) fn new(model: &'m Model, files: &[PathBuf], reads: &Reads, again: bool) -> Result<Self> {
        let zone = settings::zone(reads.timezone.as_deref())?;
        let window = Window::new(&reads.bounds, zone.as_ref())?;
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
        Ok(Self { assessor: Assessor::new(model, recipients), records, window, unseen })
    }

    /// Reads and checks all records, and settles them in time order.
    pub(crate) fn read(self) -> Result<Assessed<'m>> {
        let Self { mut assessor, mut records, window, mut unseen } = self;
        let mut entries = Vec::new();
        let taken_back = records.read(|_, interaction| {
            let entry = assessor.enter(interaction)?;
            unseen.watch(&entry, assessor.model());
            entries.push(entry);
            Ok(true)
        })?;
        needs_times(window, &records)?;
        unseen.tell();
        let mut footings = vec![None; entries.len()];
        for index in time_order(&entries) {
            let index = index as usize;
            let entry = &entries[index];
            if window.part(entry.at()) != Part::LeftOut && !taken_back.contains(&index) {
                footings[index] = assessor.settle(entry);
            }
        }
        Ok(Assessed { assessor, records, window, entries, footings, taken_back })
    }
}

/// A window of time needs times.
pub(crate) fn needs_times(window: Window, records: &Records<'_>) -> Result<()> {
    if window.bounded() && records.timed() == Some(false) {
        bail!("--since and --until need `at`, and the records have none");
    }
    Ok(())
}

impl<'m> Assessed<'m> {
    /// Reads the records again in input order and hands the reported ones to
    /// `each`, as long as it gives back `true`.
    pub(crate) fn reported(self, mut each: impl FnMut(&Settled<'_, 'm>) -> Result<bool>) -> Result<()> {
        let Self { assessor, mut records, window, entries, footings, taken_back } = self;
        let mut index = 0;
        records.read_again(|recorded| {
            let Some(entry) = entries.get(index) else {
                bail!("{}: changed while it was read; run again when nothing writes to it", recorded.file());
            };
            let reported = window.part(entry.at()) == Part::Reported && !taken_back.contains(&index);
            let settled = Settled { assessor: &assessor, recorded, entry, footing: footings[index] };
            index += 1;
            if reported { each(&settled) } else { Ok(true) }
        })
    }
}

/// A record whose act has been settled: all that its rating needs.
pub(crate) struct Settled<'r, 'm> {
    pub(crate) assessor: &'r Assessor<'m>,
    pub(crate) recorded: &'r Recorded<'r>,
    pub(crate) entry: &'r Entry,
    pub(crate) footing: Option<Footing>,
}
