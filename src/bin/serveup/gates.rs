//! Prints the findings of gates and gives their exit status.

use std::collections::HashMap;
use std::fmt::Display;

use anyhow::{Result, bail};
use serveup::assess::baseline::{Baseline, NoLonger, escaped, unescaped};
use serveup::assess::gate::{DirectionFindings, MomentFinding, MomentGate, Outcome, ShareFindings, ShareOf};
use serveup::assess::journey::{Group, Journey};
use serveup::assess::recovery::RecoveryReport;
use serveup::assess::uplift::{Change, Uplift};
use serveup::escalator::Assessment;
use serveup::print::{key_in, points, short_of};
use serveup::wording::count;
use serveup::{DateFormats, Found, Model, Scope, Window, Zone, read};

use crate::args::{GateArgs, RateArgs, RequireArgs, RequireBounceArgs};
use crate::exit::Exit;
use crate::messages::{LISTED, note, say};
use crate::settings;
use crate::sources;

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Holds => Self::Done,
            Outcome::Broken => Self::GateBroken,
            Outcome::TooLittle => Self::TooLittle,
        }
    }
}

/// The gate on moments that was asked for, and what was found.
pub(crate) struct Gate {
    asked: MomentGate,
    baseline: Option<Comparison>,
    seen: u64,
    findings: u64,
    known: u64,
}

/// The ids of an earlier run, each with whether it failed the gate.
pub(crate) struct Known(HashMap<String, bool>);

impl Known {
    /// Whether a record with this id failed, as it is or as it is kept from spreadsheets: what [`Baseline::knows`] says.
    pub(crate) fn has(&self, id: Option<&str>) -> bool {
        let Some(id) = id else { return false };
        self.0.get(id).or_else(|| self.0.get(&escaped(id)?)).is_some_and(|failed| *failed)
    }
}

/// The earlier run that a gate is compared with, and what it takes to tell what lies outside the window.
struct Comparison {
    baseline: Baseline,
    name: String,
    window: Window,
    zone: Option<Zone>,
    formats: DateFormats,
    quiet: bool,
}

impl Comparison {
    /// Whether this run cannot say anything about a row: the window leaves it out.
    fn leaves_out(&self, row: &NoLonger<'_>, read: &impl Fn(&str) -> bool) -> bool {
        if !self.window.is_bounded() || row.reported {
            return false;
        }
        let at = row.at.and_then(|at| self.formats.read(at, self.zone.as_ref()).ok());
        let is_read = read(row.id) || unescaped(row.id).is_some_and(read);
        is_read || at.is_some_and(|at| self.window.scope(Some(at.start())) != Scope::Reported)
    }
}

impl Gate {
    pub(crate) const fn new(args: &GateArgs) -> Self {
        let asked = MomentGate { floor: args.fail_below, no_failure: args.fail_on_failure };
        Self { asked, baseline: None, seen: 0, findings: 0, known: 0 }
    }

    /// The same, by which only what is new since an earlier run counts, where one is named.
    pub(crate) fn since(self, args: &RateArgs, window: Window) -> Result<Self> {
        let Some(path) = args.baseline.as_deref() else { return Ok(self) };
        let quiet = args.reads.quiet;
        if !self.asked.is_asked() {
            bail!("--baseline is for a gate; add --fail-below LEVEL or --fail-on-failure");
        }
        let source = sources::open_one(path)?;
        let name = source.name().to_owned();
        let baseline = read::baseline(source, self.asked)?;
        let (without_id, doubled) = (baseline.without_id(), baseline.doubled());
        if without_id > 0 {
            let rows = count(without_id, "row");
            note(quiet, &format!("{name}: {rows} without an id, which no record can be known by"));
        }
        if doubled > 0 {
            let rows = count(doubled, "row");
            note(quiet, &format!("{name}: {rows} with the id of a row before; an id is known if one of its rows is"));
        }
        let zone = settings::zone(args.reads.timezone.as_deref())?;
        let formats = args.reads.date_format.clone().into();
        Ok(Self { baseline: Some(Comparison { baseline, name, window, zone, formats, quiet }), ..self })
    }

    /// Whether it asks for every record that is reported, and whether for acts that count as new.
    pub(crate) fn compares(&self) -> (bool, bool) {
        self.baseline.as_ref().map_or((false, false), |compared| (compared.window.is_bounded(), true))
    }

    /// What is known from the earlier run.
    pub(crate) fn known(&self) -> Known {
        let ids = self.baseline.iter().flat_map(|compared| compared.baseline.ids());
        Known(ids.map(|(id, failed)| (id.to_owned(), failed)).collect())
    }

    /// Notes that a record with this id is reported, be it fine.
    pub(crate) fn met(&mut self, id: &str) {
        if let Some(compared) = &mut self.baseline {
            compared.baseline.met(id);
        }
    }

    /// Notes an act that counts as new.
    pub(crate) fn new_act(&mut self, recipient: &str, action: &str) {
        if let Some(compared) = &mut self.baseline {
            compared.baseline.new_act(recipient, action);
        }
    }

    /// What is asked.
    pub(crate) const fn asked(&self) -> MomentGate {
        self.asked
    }

    /// Checks one reported moment of the record with this id; `line` gives the line that names it.
    pub(crate) fn consider(&mut self, assessment: &Assessment, id: Option<&str>, line: impl FnOnce(&str) -> String) {
        self.pass(1);
        if let Some(finding) = self.asked.finding(assessment) {
            self.find(finding, id, line);
        }
    }

    /// Counts reported ratings.
    pub(crate) const fn pass(&mut self, ratings: u64) {
        self.seen += ratings;
    }

    /// Prints a finding about the record with this id, unless it is known from an earlier run.
    pub(crate) fn find(&mut self, finding: MomentFinding, id: Option<&str>, line: impl FnOnce(&str) -> String) {
        if self.baseline.as_mut().is_some_and(|compared| compared.baseline.knows(id)) {
            self.known += 1;
            return;
        }
        self.findings += 1;
        if self.findings <= LISTED {
            say(&format!("gate: {}", line(&finding.to_string())));
        }
    }

    /// The exit status, once all is considered.
    pub(crate) fn exit(&self) -> Exit {
        self.exit_knowing(|_| false)
    }

    /// The same; `read` says whether a record with some id was read.
    pub(crate) fn exit_knowing(&self, read: impl Fn(&str) -> bool) -> Exit {
        let outcome = self.asked.outcome(self.seen, self.findings);
        if self.findings > LISTED {
            say(&format!("gate: {}", count(self.findings - LISTED, "more interaction")));
        }
        if let Some(compared) = &self.baseline {
            self.compare(compared, read);
        }
        if outcome == Outcome::TooLittle {
            say("gate: too little data: there were no interactions");
        }
        outcome.into()
    }

    /// Says what is new, what is known, what is no longer there, and what the window leaves out.
    fn compare(&self, compared: &Comparison, read: impl Fn(&str) -> bool) {
        let Comparison { baseline, name, quiet, .. } = compared;
        let acts = baseline.forgotten_acts(&read);
        if acts > 0 {
            let (count_as, their) = if acts == 1 { ("counts", "its") } else { ("count", "their") };
            let advice = "add them, and use --since to report only the new ones";
            let acts = count(acts, "act");
            let because = format!("because {their} earlier records were not read");
            note(*quiet, &format!("{acts} of {name} {count_as} as new {because}; {advice}"));
        }
        let gone = baseline.no_longer();
        let (outside, gone): (Vec<_>, Vec<_>) = gone.into_iter().partition(|row| compared.leaves_out(row, &read));
        let outside = match outside.len() {
            0 => String::new(),
            outside => format!(", {outside} outside the window"),
        };
        say(&format!("gate: {} new, {} known, {} no longer{outside}", self.findings, self.known, gone.len()));
        list(&gone, |more| format!("and {more} more no longer"), |row| format!("no longer: {}", Found::text(row.id)));
        let nameless = baseline.new_without_id();
        if nameless > 0 {
            let (have, counts) = if nameless == 1 { ("has", "counts") } else { ("have", "count") };
            say(&format!("gate: {nameless} of them {have} no id, and so {counts} as new"));
        }
    }
}

/// Checks the lower bound of the share of every group of a roll-up.
pub(crate) fn require(model: &Model, args: &RequireArgs, journey: &Journey) -> Result<Exit> {
    let Some(gate) = args.gate() else { return Ok(Exit::Done) };
    needs_values(journey.groups.iter().filter_map(|group| group.key.as_ref()).map(|key| key.0.as_slice()))?;
    Ok(tell(&gate.check(model, journey)))
}

/// The same of every group of failures.
pub(crate) fn require_of_failures(model: &Model, args: &RequireBounceArgs, report: &RecoveryReport) -> Result<Exit> {
    let Some(gate) = args.gate() else { return Ok(Exit::Done) };
    needs_values(report.by.iter().map(|group| group.key.0.as_slice()))?;
    Ok(tell(&gate.check_failures(model, report)))
}

/// Refuses groups by what no record has: they would be one, in which what differs is levelled.
fn needs_values<'k, N: Display + 'k>(keys: impl Iterator<Item = &'k [(N, Option<String>)]>) -> Result<()> {
    let keys: Vec<_> = keys.collect();
    let by = keys.first().copied().unwrap_or_default();
    for (place, (name, _)) in by.iter().enumerate() {
        if keys.iter().all(|key| key.get(place).is_some_and(|(_, value)| value.is_none())) {
            let name = Found::text(&name.to_string());
            bail!("--by: no record has {name}, so the gate has nothing to check; correct it, or add it to the records");
        }
    }
    Ok(())
}

/// The same of one group.
pub(crate) fn require_of_group(model: &Model, args: &RequireArgs, group: &Group) -> Exit {
    args.gate().map_or(Exit::Done, |gate| tell(&gate.check_group(model, group)))
}

/// Checks that no group is slipping, where that is asked for.
pub(crate) fn require_no_slipping(asked: bool, report: &Uplift) -> Exit {
    if !asked {
        return Exit::Done;
    }
    let findings = DirectionFindings::of(report);
    let outcome = findings.outcome();
    list(&findings.slipping, more_groups, |group| {
        format!("{}: {}", named(&group.key.parts()), slipping(&group.change))
    });
    if outcome == Outcome::TooLittle {
        tell_too_little(findings.groups, || {
            let groups = count(findings.groups, "group");
            format!("{groups} without enough interactions or recipients in both periods")
        });
    }
    outcome.into()
}

/// `slipping, sound -12 points from 2026-04 to 2026-05`.
fn slipping(change: &Change) -> String {
    let Change { from, to, sound, top_half } = change;
    let fell = [(sound, ShareOf::Sound), (top_half, ShareOf::TopHalf)].into_iter().filter(|(share, _)| share.fell());
    let fell = fell.filter_map(|(share, of)| Some(format!("{} {} points", of.name(), points(share.diff?))));
    let fell = fell.collect::<Vec<_>>().join(" and ");
    let periods = from.zip(*to).map(|(from, to)| format!(" from {from} to {to}")).unwrap_or_default();
    format!("slipping, {fell}{periods}")
}

/// The key of a group as a message names it.
fn named(key: &[String]) -> String {
    if key.is_empty() { "all".to_owned() } else { key_in(key, 80) }
}

/// Prints the first of what a gate found, and how many more there are.
fn list<T>(found: &[T], more: impl Fn(u64) -> String, line: impl Fn(&T) -> String) {
    for one in found.iter().take(usize::try_from(LISTED).unwrap_or(usize::MAX)) {
        say(&format!("gate: {}", line(one)));
    }
    let rest = (found.len() as u64).saturating_sub(LISTED);
    if rest > 0 {
        say(&format!("gate: {}", more(rest)));
    }
}

fn more_groups(rest: u64) -> String {
    count(rest, "more group")
}

/// Says that a gate could not be held against so many groups; `what` says why where there are any.
fn tell_too_little(groups: u64, what: impl FnOnce() -> String) {
    let what = if groups == 0 { "there are no groups".to_owned() } else { what() };
    say(&format!("gate: too little data: {what}"));
}

fn tell(findings: &ShareFindings) -> Exit {
    let outcome = findings.outcome();
    let ShareFindings { of, required, short, too_few, groups, fewest, fewest_recipients } = findings;
    list(short, more_groups, |(key, low)| {
        let (low, required) = short_of(*low, *required);
        format!("{}: at least {low} {}, {required} required", named(key), of.name())
    });
    if outcome == Outcome::TooLittle {
        tell_too_little(*groups, || {
            let few = count(*too_few, "group");
            format!("{few} with fewer than {fewest} {} or {fewest_recipients} recipients", findings.counted())
        });
    }
    outcome.into()
}
