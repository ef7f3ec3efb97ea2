//! Records read, put in time order and settled: what every command that reads
//! records starts from.

mod entering;

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::CommandFactory;
use serveup::assess::When;
use serveup::escalator::{Assessment, Footing};
use serveup::{Assessor, Entry, Instant, Model, RatedMoment, Reading, Recipients, Zone, time_order};

use entering::{Aside, Entering, Seen, Settling};
pub(crate) use entering::{Keeper, UnseenLifts};

use crate::args::{Args, Reads};
use crate::input::{Intake, Noter, Recorded, Records, Rereader, Written};
use crate::messages::note;
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
    threads: usize,
}

/// All records read once, and what each act stood on before each of them.
pub(crate) struct Assessed<'m> {
    assessor: Assessor<'m>,
    records: Records<'m>,
    settlement: Settlement,
    threads: usize,
}

/// What has come of all records, by their place among the accepted.
struct Settlement {
    window: Window,
    entries: Vec<Entry>,
    footings: Vec<Option<Footing>>,
    taken_back: BTreeSet<usize>,
}

/// What has come of one record.
struct Placed<'r> {
    entry: &'r Entry,
    footing: Option<Footing>,
    when: When,
    part: Part,
}

impl Settlement {
    /// What has come of the record in this place.
    fn at(&self, index: usize) -> Option<Placed<'_>> {
        let entry = self.entries.get(index)?;
        let part = if self.taken_back.contains(&index) { Part::LeftOut } else { self.window.part(entry.at()) };
        let when = When { at: entry.at(), index: index as u64 };
        Some(Placed { entry, footing: self.footings[index], when, part })
    }
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
        Ok(Self {
            assessor: Assessor::new(model, recipients),
            records,
            window,
            unseen,
            zone: calendar,
            threads: settings::threads(reads.threads),
        })
    }

    /// Reads and checks all records, and settles them in time order.
    pub(crate) fn read(self) -> Result<Assessed<'m>> {
        self.read_all(None, &mut ())
    }

    /// The same, handing every interaction to `seen` as it is read.
    pub(crate) fn read_and_watch(self, seen: Seen<'_>) -> Result<Assessed<'m>> {
        self.read_all(Some(seen), &mut ())
    }

    /// The same as reading, with someone who keeps what is needed afterwards.
    pub(crate) fn read_and_keep(self, keeper: &mut impl Keeper) -> Result<Assessed<'m>> {
        self.read_all(None, keeper)
    }

    fn read_all<K: Keeper>(self, seen: Option<Seen<'_>>, keeper: &mut K) -> Result<Assessed<'m>> {
        let Self { assessor, mut records, window, unseen, threads, .. } = self;
        let noter = keeper.noter(window);
        let aside = Aside { notes: noter.begin(), recipients: Vec::new() };
        let scale = assessor.scale();
        let (entries, footings) = (Vec::new(), Vec::new());
        let settling = Settling { assessor, window, entries, footings, unseen };
        let mut entering = Entering { settling, scale, seen, threads, noter, keeper, aside };
        let taken_back = records.read(&mut entering)?;
        records.unchanged()?;
        entering.keep_aside()?;
        let Settling { mut assessor, unseen, entries, mut footings, .. } = entering.settling;
        needs_times(window, &records)?;
        unseen.tell();
        let rules = assessor.model();
        if records.timed() == Some(false) && (!rules.market_rows().is_empty() || rules.escalator().memory.is_some()) {
            note(unseen.quiet, "the market and forgetting need `at`, and the records have none; they have no say");
        }
        if !taken_back.is_empty() {
            assessor.forget();
            let counts =
                |index: usize| window.part(entries[index].at()) != Part::LeftOut && !taken_back.contains(&index);
            for index in time_order(&entries).filter(|&index| counts(index)) {
                footings[index] = assessor.settle(&entries[index]);
            }
        }
        assessor.settle_late(&entries, &mut footings, |index| window.part(entries[index].at()) != Part::LeftOut);
        let settlement = Settlement { window, entries, footings, taken_back };
        Ok(Assessed { assessor, records, settlement, threads })
    }
}

/// What has come of all records.
#[derive(Clone, Copy)]
pub(crate) struct Levels<'a, 'm> {
    assessor: &'a Assessor<'m>,
    settlement: &'a Settlement,
}

impl<'a> Levels<'a, '_> {
    /// All places among the accepted, in a stretch for each thread.
    pub(crate) fn stretches(self, threads: usize) -> impl Iterator<Item = Range<usize>> {
        let count = self.settlement.entries.len();
        let length = count.div_ceil(threads.max(1)).max(1);
        (0..count).step_by(length).map(move |first| first..(first + length).min(count))
    }

    /// The level of every record from this place among the accepted on, and what the window does with it.
    pub(crate) fn from(self, first: usize) -> impl Iterator<Item = (Part, Assessment)> + 'a {
        let Self { assessor, settlement } = self;
        let places = (first..).map_while(|index| settlement.at(index));
        places.map(|Placed { entry, footing, part, .. }| (part, assessor.assessment(entry, footing)))
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
        let Self { assessor, mut records, settlement, .. } = self;
        records.read_again(|recorded, index| one_by_one(&assessor, &settlement, recorded, index, &mut each))
    }

    /// Hands the reported records to `each`, as long as it gives back `true`.
    pub(crate) fn reported(self, mut each: impl FnMut(&Settled<'_, 'm>) -> Result<bool>) -> Result<()> {
        self.settled(|settled, _, part| if part == Part::Reported { each(settled) } else { Ok(true) })
    }

    /// Makes something of the records that are not left out, those scanned ahead on
    /// several threads, and hands it over in input order; the others are handed over one by one.
    pub(crate) fn made<M: Send>(
        self,
        begin: impl Fn() -> M + Sync,
        make: impl Fn(&Again<'_, 'm>, &mut M) + Sync,
        mut each: impl FnMut(&Settled<'_, 'm>, When, Part) -> Result<bool>,
        hand_in: impl FnMut(M) -> Result<bool> + Send,
    ) -> Result<()> {
        let Self { assessor, mut records, settlement, threads } = self;
        let reading = records.reading();
        let make = |index: usize, written: &Written<'_, '_>, made: &mut M| {
            if let Some(Placed { entry, footing, part, .. }) = settlement.at(index)
                && part != Part::LeftOut
            {
                make(&Again { assessor: &assessor, reading: &reading, written, entry, footing, part }, made);
            }
        };
        records.read_again_ahead(
            threads,
            &Making { begin, make },
            |recorded, index| one_by_one(&assessor, &settlement, recorded, index, &mut each),
            hand_in,
        )
    }

    /// Hands every moment that is not left out to `each`, with everything that led to its level.
    pub(crate) fn moments(self, mut each: impl FnMut(&RatedMoment<'_, '_>, When, Part) -> Result<()>) -> Result<()> {
        self.settled(|settled, when, part| {
            let interaction = settled.recorded.interaction()?;
            each(&settled.assessor.moment(&interaction, settled.footing), when, part)?;
            Ok(true)
        })
    }

    /// Hands every entry that is not left out to `each`, in time order.
    pub(crate) fn in_time_order(&self, mut each: impl FnMut(&Entry)) {
        let placed = time_order(&self.settlement.entries).filter_map(|index| self.settlement.at(index));
        placed.filter(|placed| placed.part != Part::LeftOut).for_each(|placed| each(placed.entry));
    }

    /// Whether records that were read had to be taken back afterwards.
    pub(crate) fn took_back(&self) -> bool {
        !self.settlement.taken_back.is_empty()
    }

    /// What has come of the records, to be shared by threads.
    pub(crate) const fn levels(&self) -> Levels<'_, 'm> {
        Levels { assessor: &self.assessor, settlement: &self.settlement }
    }

    /// Whether all sources can be read a second time.
    pub(crate) fn can_be_read_again(&self) -> bool {
        self.records.can_be_read_again()
    }

    /// How many threads there are.
    pub(crate) const fn threads(&self) -> usize {
        self.threads
    }

    /// Whether the records say when they happened; `None` if there are none.
    pub(crate) const fn timed(&self) -> Option<bool> {
        self.records.timed()
    }

    /// The latest instant of what is not left out.
    pub(crate) fn latest(&self) -> Option<Instant> {
        let Settlement { window, entries, .. } = &self.settlement;
        let kept = entries.iter().filter(|entry| window.part(entry.at()) != Part::LeftOut);
        kept.filter_map(Entry::at).max()
    }

    /// The assessor, for what it knows of acts, where the records are needed still.
    pub(crate) const fn assessor(&self) -> &Assessor<'m> {
        &self.assessor
    }
}

/// A record of a stretch, read again, whose act has been settled.
pub(crate) struct Again<'r, 'm> {
    pub(crate) assessor: &'r Assessor<'m>,
    pub(crate) reading: &'r Reading<'m>,
    pub(crate) written: &'r Written<'r, 'r>,
    pub(crate) entry: &'r Entry,
    pub(crate) footing: Option<Footing>,
    pub(crate) part: Part,
}

impl Again<'_, '_> {
    /// Hands the moment to `each`, with everything that led to its level.
    pub(crate) fn moment<T>(&self, each: impl FnOnce(&RatedMoment<'_, '_>) -> Result<T>) -> Result<T> {
        let interaction = self.written.interaction(self.reading);
        let interaction =
            interaction.map_err(|(problem, _)| anyhow!("{problem}; the file changed while it was read"))?;
        each(&self.assessor.moment(&interaction, self.footing))
    }
}

/// How something is made of records.
struct Making<B, F> {
    begin: B,
    make: F,
}

impl<M: Send, B: Fn() -> M + Sync, F: Fn(usize, &Written<'_, '_>, &mut M) + Sync> Rereader for Making<B, F> {
    type Made = M;

    fn make(&self, index: usize, written: &Written<'_, '_>, made: &mut M) {
        (self.make)(index, written, made);
    }

    fn begin(&self) -> M {
        (self.begin)()
    }
}

/// Hands a record that is not left out to `each`.
fn one_by_one<'m>(
    assessor: &Assessor<'m>,
    settlement: &Settlement,
    recorded: &Recorded<'_>,
    index: usize,
    each: &mut impl FnMut(&Settled<'_, 'm>, When, Part) -> Result<bool>,
) -> Result<bool> {
    let placed = settlement.at(index).ok_or_else(|| changed(recorded.file()))?;
    let Placed { entry, footing, when, part } = placed;
    if part == Part::LeftOut {
        return Ok(true);
    }
    each(&Settled { assessor, recorded, entry, footing }, when, part)
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
