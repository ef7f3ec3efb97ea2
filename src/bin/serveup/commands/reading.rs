//! Records read, put in time order and settled: what every command that reads records starts from.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::CommandFactory;
use serveup::import::{self, Counts};
use serveup::read::{self, InOrder, Options, Summary};
use serveup::wording::count;
use serveup::{Found, Instant, Keeps, MissedTag, Model, Reading, Recipients, Session, Settled, Window, Zone};
use tempfile::SpooledTempFile;

use super::feed::Feed;
use crate::args::{Args, Reads};
use crate::mapping::{self, Mapping};
use crate::messages::{note, say};
use crate::observer::TerminalObserver;
use crate::output::Output;
use crate::progress::Progress;
use crate::settings::{self, window};
use crate::sources::{self, Opened};

/// How many bytes of what is set aside are kept in memory before a file is made.
const IN_MEMORY: usize = 1 << 22;

/// A settled session that sets aside in a temporary file what it cannot keep in memory.
pub(crate) type SettledRecords<'m> = Settled<'m, SpooledTempFile>;

/// A place to set bytes aside: memory up to this size, then an unnamed temporary file.
#[expect(clippy::disallowed_methods, reason = "the one place where the program makes temporary files to read back")]
pub(super) fn spool(in_memory: usize) -> SpooledTempFile {
    SpooledTempFile::new(in_memory)
}

/// Refuses a flag that would do nothing where no records are read.
pub(crate) fn refuse_records(flag: Option<&str>) -> Result<()> {
    match flag {
        Some(flag) => bail!("{flag} needs records; name a file of interactions"),
        None => Ok(()),
    }
}

/// Fails with the help of a subcommand where standard input is a terminal.
pub(crate) fn help_without_input(subcommand: &str, files: &[PathBuf]) -> Result<()> {
    if files.is_empty() && settings::stdin_is_terminal() {
        let mut command = Args::command();
        command.build();
        if let Some(command) = command.find_subcommand_mut(subcommand) {
            bail!("nothing to read: no file is named, and standard input is a terminal\n\n{}", command.render_help());
        }
    }
    Ok(())
}

/// Sources opened, before the first record is read.
pub(crate) struct Input<'m, 'a> {
    model: &'m Model,
    reads: &'a Reads,
    opened: Opened,
    records: Feed<'m>,
    recipients: Recipients,
    teller: TerminalObserver,
    rejects: Option<Output>,
    pub(crate) window: Window,
    /// Whether `--as-of` bounds the window.
    pub(crate) as_of: bool,
    /// Whether they are rows of exports.
    mapped: bool,
    /// The zone whose calendar counts.
    pub(crate) zone: Zone,
    pub(crate) threads: usize,
    /// Whether records that were accepted may have to be taken back in the end.
    pub(crate) takes_back: bool,
}

impl<'m, 'a> Input<'m, 'a> {
    /// Opens the sources, and reads the recipients.
    pub(crate) fn open(model: &'m Model, files: &[PathBuf], reads: &'a Reads) -> Result<Self> {
        let zone = settings::zone(reads.timezone.as_deref())?;
        let window = window(&reads.bounds, zone.as_ref())?;
        let calendar = zone.clone().unwrap_or(Zone::UTC);
        let threads = settings::threads(reads.threads);
        let export = &reads.export;
        if let Some(flag) = export.beside_map().filter(|_| !export.has_map()) {
            bail!("{flag} is for exports; add --from, --map or --jq, or leave it out");
        }
        let own = mapping::own(export, zone.as_ref())?;
        let mut opened = sources::open_all(files)?;
        let (mapping, sources) = Mapping::of(own, export, &reads.form, zone.as_ref(), opened.take(), reads.quiet)?;
        let Mapping { preset, map } = mapping;
        let options = Options {
            reading: Reading { model, zone, formats: reads.date_format.clone().into() },
            keep_going: reads.keep_going,
            strict: reads.strict,
            threads,
            form: reads.export.form(&reads.form, preset)?,
        };
        let takes_back = options.takes_back();
        let recipients = reads.recipients.as_deref().map(sources::open_one).transpose()?;
        let mut teller = TerminalObserver::new(Feed::thing(map.is_some()), reads.quiet);
        let as_of = mapping::as_of(reads.as_of.as_deref(), preset, options.reading.zone.as_ref())?;
        let options = import::Options { case: reads.export.case(preset), as_of, read: options };
        let mapped = map.is_some();
        let (records, recipients) = Feed::open(sources, recipients, map, options, &mut teller)?;
        let rejects = reads.rejects.as_deref().map(|path| Output::open(Some(path))).transpose()?;
        Ok(Self {
            model,
            reads,
            opened,
            records,
            recipients,
            teller,
            rejects,
            window,
            as_of: false,
            mapped,
            zone: calendar,
            threads,
            takes_back,
        })
    }

    /// Leaves out what is later than an instant, or the end of a date or another period, if one is named; that instant.
    pub(crate) fn look_from(&mut self, named: Option<&str>) -> Result<Option<Instant>> {
        let span = named.map(|text| settings::span("--as-of", text, Some(&self.zone))).transpose()?;
        // the end of a date or another period is its last instant
        let as_of = span.map(|span| span.last);
        if let Some(as_of) = as_of {
            (self.window, self.as_of) = (self.window.not_after(as_of), true);
        }
        Ok(as_of)
    }

    /// Refuses `--as-of` where it would say nothing.
    fn refuse_as_of(&self) -> Result<()> {
        if self.reads.as_of.is_some() && !self.as_of && !self.mapped {
            bail!("--as-of is for exports, decay, next, uplift and report; to ignore later records, use --until");
        }
        Ok(())
    }

    /// Reads and checks all records, and settles them in time order.
    pub(crate) fn settle(self, keeps: Keeps) -> Result<(SettledRecords<'m>, Summary)> {
        self.settle_knowing(keeps).map(|(settled, summary, _)| (settled, summary))
    }

    /// The same with what knows which ids there were.
    pub(super) fn settle_knowing(self, keeps: Keeps) -> Result<(SettledRecords<'m>, Summary, Feed<'m>)> {
        self.refuse_as_of()?;
        let spool = spool(IN_MEMORY);
        let Self { model, reads, opened, mut records, recipients, mut teller, mut rejects, .. } = self;
        let Self { window, as_of, zone, threads, .. } = self;
        let mut session = Session::with(model, recipients, window, keeps, spool).zone(zone).threads(threads);
        teller.show(Progress::new("records", records.size(), reads.quiet));
        let kept = rejects.as_mut().map(|output| output as &mut (dyn std::io::Write + Send));
        let (summary, counts) = records.read(&mut session, kept, &mut teller)?;
        conclude(&mut teller, rejects, reads, &summary, counts.as_ref(), &opened)?;
        look_back(&session, window, as_of, records.timed(), reads.quiet)?;
        let settled = session.settle().map_err(read::Error::from)?;
        Ok((settled, summary, records))
    }

    /// Reads all records, which are promised to be in time order, and passes them to `taker`, with the session that
    /// rates them, until it is `over` for it. What knows which ids there were.
    pub(crate) fn in_order<T: InOrder<'m, SpooledTempFile>>(
        self,
        keeps: Keeps,
        taker: &mut T,
        over: impl Fn(&T) -> bool,
    ) -> Result<Feed<'m>> {
        self.refuse_as_of()?;
        let spool = spool(0);
        let Self { model, reads, opened, mut records, recipients, mut teller, mut rejects, window, as_of, .. } = self;
        let mut session = Session::with(model, recipients, window, keeps, spool);
        teller.show(Progress::beside_rows("records", records.size(), reads.quiet));
        let kept = rejects.as_mut().map(|output| output as &mut (dyn std::io::Write + Send));
        let (summary, counts) = records.in_order(&mut session, kept, &mut teller, taker)?;
        if over(taker) {
            return Ok(records);
        }
        conclude(&mut teller, rejects, reads, &summary, counts.as_ref(), &opened)?;
        if !summary.taken_back.is_empty() {
            bail!("recoveries of unknown failures cannot be rejected with --in-order; leave it out");
        }
        look_back(&session, window, as_of, records.timed(), reads.quiet)?;
        Ok(records)
    }
}

/// Completes the file of rejects, prints how many there were, and fails if nothing is left to rate.
fn conclude(
    teller: &mut TerminalObserver,
    rejects: Option<Output>,
    reads: &Reads,
    summary: &Summary,
    counts: Option<&Counts>,
    opened: &Opened,
) -> Result<()> {
    if let Some(rejects) = rejects {
        rejects.finish_beside().context("cannot write the rejected records")?;
    }
    teller.conclude();
    let Summary { accepted, rejected, .. } = summary;
    match counts {
        Some(counts) if reads.keep_going => say(&counts.to_string()),
        Some(counts) => note(reads.quiet, &counts.to_string()),
        None if reads.keep_going => {
            say(&format!("accepted {accepted} of {}, rejected {rejected}", count(accepted + rejected, "record")));
        }
        None => {}
    }
    if reads.keep_going && *accepted == 0 && *rejected > 0 {
        bail!("every record was rejected");
    }
    opened.unchanged()
}

/// Refuses a window of records without times, and says what has no effect.
fn look_back(
    session: &Session<'_, SpooledTempFile>,
    window: Window,
    as_of: bool,
    timed: Option<bool>,
    quiet: bool,
) -> Result<()> {
    needs_times(window, as_of, timed)?;
    tell_missed_tags(session, quiet);
    tell_unseen_lifts(session.unseen_lifts(), quiet);
    tell_untimed(session, timed, quiet);
    Ok(())
}

/// A window of time needs times.
fn needs_times(window: Window, as_of: bool, timed: Option<bool>) -> Result<()> {
    if window.is_bounded() && timed == Some(false) {
        let flags = if as_of { "--as-of needs" } else { "--since and --until need" };
        bail!("{flags} `at`, but the records have none");
    }
    Ok(())
}

/// Prints which rules have no effect where records have no time.
fn tell_untimed(session: &Session<'_, SpooledTempFile>, timed: Option<bool>, quiet: bool) {
    if timed != Some(false) {
        return;
    }
    let rules = session.model();
    if !rules.market_rows().is_empty() || rules.escalator().memory.is_some() {
        note(quiet, "the records have no `at`, so the rules [[market]] and memory_days have no effect");
    }
    if session.has_dated_wishes() {
        note(quiet, "the records have no `at`, so preferences with `since` are ignored");
    }
}

/// How many tags are named in a note.
const NAMED: usize = 5;

/// Prints which tags were asked for that no record has.
fn tell_missed_tags(session: &Session<'_, SpooledTempFile>, quiet: bool) {
    for MissedTag { tag, nearest, others } in session.missed_tags() {
        let instead = match (nearest, others.as_slice()) {
            (Some(near), _) => format!("did you mean {}?", Found::text(near.name())),
            (None, []) => "add them to the records, like \"tags\": {\"region\": \"north\"}".to_owned(),
            (None, others) => {
                let names: Vec<_> = others.iter().take(NAMED).map(|tag| Found::text(tag.name()).to_string()).collect();
                let more = others.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("there are {}{more}", names.join(", "))
            }
        };
        note(quiet, &format!("no record has {}; {instead}", Found::text(tag.name())));
    }
}

/// Prints how many lifts the escalator cannot follow because they name no act.
fn tell_unseen_lifts(lifts: u64, quiet: bool) {
    if lifts > 0 {
        let (has, their) = if lifts == 1 { ("has", "its") } else { ("have", "their") };
        let delights = count(lifts, "delight");
        note(quiet, &format!("{delights} {has} no `action`, so {their} repeats cannot be tracked"));
    }
}
