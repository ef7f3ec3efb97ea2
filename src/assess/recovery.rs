//! Failures, whether they bounced back, and how people met them (section 9 of the model).

mod report;
mod strategy;

use std::collections::BTreeSet;

use super::journey::RollUpError;
use super::{Moments, When};
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::{NameId, Names, TooMany};
use crate::rating::escalator::Assessment;
use crate::rating::recipients::Recipients;
use crate::record::interaction::Interaction;
use crate::rules::{Model, Rung};
use crate::signal::SignalSet;
use crate::value::Quantity;
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};

pub use report::{Item, RecoveryReport, Response, Status};
pub use strategy::{ActUsed, By, CameBack, Spent, Strategy, StrategyKey};
use strategy::{Met, strategies};

/// Gathers failures and recoveries. Several gather some each, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecoveryFold {
    link_within: Option<Days>,
    failures: Vec<Failure>,
    named: Vec<(String, Recovery)>,
    paths: Names,
    actions: Names,
    costs: Vec<Quantity>,
    /// What failures are grouped by, where a report is made of them.
    by: Option<Vec<By>>,
    /// Every remarked moment of everyone, where a report is made.
    past: Vec<Past>,
    /// The moments in which someone took responsibility though nothing had failed.
    initiatives: Vec<u64>,
    /// The moments that cost something and name no failure.
    unnamed_costs: Vec<u64>,
    /// Every moment, kept only where the next one may be taken for a recovery.
    sequence: Vec<(NameId, NameId, Recovery)>,
}

#[derive(Clone, Debug)]
struct Failure {
    when: When,
    id: Option<String>,
    at: Option<String>,
    recipient: NameId,
    path: NameId,
    level: Level,
    action: Option<NameId>,
    /// What went wrong.
    mistakes: SignalSet,
    /// What it is grouped by, in the order of that.
    dimensions: Vec<Option<String>>,
    response: Option<Rung>,
    reported: bool,
}

#[derive(Clone, Copy, Debug)]
struct Recovery {
    when: When,
    level: Level,
    remarked: bool,
    reported: bool,
    response: Option<Rung>,
    action: Option<NameId>,
    /// The place of its cost among all.
    cost: Option<usize>,
}

/// A remarked moment of someone on a path.
#[derive(Clone, Copy, Debug)]
struct Past {
    recipient: NameId,
    path: NameId,
    when: When,
    level: Level,
}

/// A moment with its level and its place in time, and the number of whom it served.
#[derive(Clone, Copy)]
pub(crate) struct Lived<'l> {
    pub(crate) interaction: &'l Interaction<'l>,
    pub(crate) assessment: Assessment,
    pub(crate) when: When,
    pub(crate) recipient: NameId,
    pub(crate) reported: bool,
    /// What went wrong.
    pub(crate) mistakes: SignalSet,
}

impl RecoveryFold {
    /// With `link_within`, the same recipient's next interaction on the same
    /// path in that time is taken for the recovery of a failure that none names.
    #[must_use]
    pub(crate) fn new(link_within: Option<Days>) -> Self {
        Self { link_within, ..Self::default() }
    }

    /// For a report, with the failures grouped by these.
    #[must_use]
    pub(crate) fn by(self, by: Vec<By>) -> Self {
        Self { by: Some(by), ..self }
    }

    /// Whether it asks for every moment.
    pub(crate) const fn asks_all(&self) -> bool {
        self.by.is_some()
    }

    /// Whether a moment with this level may matter though it names no failure.
    pub(crate) const fn asks(&self, assessment: &Assessment) -> bool {
        assessment.failure || self.link_within.is_some()
    }

    /// Takes one moment; failures that are not `reported` are not listed.
    pub(crate) fn take(&mut self, lived: Lived<'_>) -> Result<(), TooMany> {
        let Lived { interaction, assessment, when, recipient, reported, mistakes } = lived;
        let remarked = assessment.remarked();
        if !self.asks_all() && !self.asks(&assessment) && interaction.recovers.is_none() {
            return Ok(());
        }
        let action = interaction.action.as_deref().map(|action| self.actions.add(action)).transpose()?;
        let action = action.map(|(action, _)| action);
        let cost = interaction.cost.clone().map(|cost| {
            self.costs.push(cost);
            self.costs.len() - 1
        });
        let (level, response) = (assessment.level, interaction.response);
        let recovery = Recovery { when, level, remarked, reported, response, action, cost };
        if let Some(failure) = &interaction.recovers {
            self.named.push((failure.clone().into_owned(), recovery));
        } else if cost.is_some() && reported {
            self.unnamed_costs.push(when.index);
        }
        if reported && response == Some(Rung::Responsibility) && !assessment.failure && interaction.recovers.is_none() {
            self.initiatives.push(when.index);
        }
        let path = self.paths.add(&interaction.path())?.0;
        self.pass_on(recipient, path, when, &assessment);
        if !self.asks(&assessment) {
            return Ok(());
        }
        if self.link_within.is_some() {
            self.sequence.push((recipient, path, recovery));
        }
        if assessment.failure {
            self.failures.push(Failure {
                when,
                id: interaction.id.as_deref().map(str::to_owned),
                at: interaction.at.as_ref().map(|at| at.text.clone().into_owned()),
                recipient,
                path,
                level: assessment.level,
                action,
                mistakes,
                dimensions: self.by.iter().flatten().map(|by| by.of(interaction)).collect(),
                response: interaction.response,
                reported,
            });
        }
        Ok(())
    }

    /// Passes a moment of which nothing matters but its level.
    pub(crate) fn pass(
        &mut self,
        recipient: NameId,
        path: &str,
        when: When,
        level: &Assessment,
    ) -> Result<(), TooMany> {
        let path = self.paths.add(path)?.0;
        self.pass_on(recipient, path, when, level);
        Ok(())
    }

    fn pass_on(&mut self, recipient: NameId, path: NameId, when: When, assessment: &Assessment) {
        if self.asks_all() && assessment.remarked() {
            self.past.push(Past { recipient, path, when, level: assessment.level });
        }
    }

    /// Takes what another has gathered.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), TooMany> {
        let paths = other.paths.iter().map(|path| Ok(self.paths.add(path)?.0)).collect::<Result<Vec<_>, TooMany>>()?;
        let actions =
            other.actions.iter().map(|action| Ok(self.actions.add(action)?.0)).collect::<Result<Vec<_>, TooMany>>()?;
        let costs = self.costs.len();
        let path = |path: NameId| paths[path.index()];
        let action = |action: Option<NameId>| action.map(|action| actions[action.index()]);
        let recovery =
            |one: Recovery| Recovery { action: action(one.action), cost: one.cost.map(|place| costs + place), ..one };
        let failures = other.failures.into_iter();
        self.failures.extend(failures.map(|failure| Failure {
            path: path(failure.path),
            action: action(failure.action),
            ..failure
        }));
        let sequence = other.sequence.into_iter();
        self.sequence.extend(sequence.map(|(recipient, on, one)| (recipient, path(on), recovery(one))));
        self.named.extend(other.named.into_iter().map(|(failure, one)| (failure, recovery(one))));
        self.past.extend(other.past.into_iter().map(|past| Past { path: path(past.path), ..past }));
        self.costs.extend(other.costs);
        self.initiatives.extend(other.initiatives);
        self.unnamed_costs.extend(other.unnamed_costs);
        Ok(())
    }

    /// Which recoveries each failure has, in time order; with each, whether it is assumed.
    fn recoveries(&mut self) -> (Vec<(Vec<Recovery>, bool)>, u64) {
        let mut found = vec![(Vec::new(), false); self.failures.len()];
        let mut dangling = 0;
        let mut by_id: HashMap<&str, Option<usize>, RandomState> = HashMap::default();
        by_id.extend(self.named.iter().map(|(id, _)| (id.as_str(), None)));
        if !by_id.is_empty() {
            for (index, failure) in self.failures.iter().enumerate() {
                let known = failure.id.as_deref().and_then(|id| by_id.get_mut(id));
                // of several with one id the last in the input counts
                if let Some(known) = known
                    && known.is_none_or(|before| self.failures[before].when.index < failure.when.index)
                {
                    *known = Some(index);
                }
            }
        }
        for (failure, recovery) in &self.named {
            // only what comes after a failure can recover it
            match by_id.get(failure.as_str()) {
                Some(&Some(index)) if self.failures[index].when < recovery.when => found[index].0.push(*recovery),
                _ => dangling += 1,
            }
        }
        if let Some(within) = self.link_within {
            self.sequence.sort_unstable_by_key(|(recipient, path, moment)| (*recipient, *path, moment.when));
            for (failure, (recoveries, assumed)) in self.failures.iter().zip(&mut found) {
                if !recoveries.is_empty() {
                    continue;
                }
                let place = (failure.recipient, failure.path, failure.when);
                let after = self
                    .sequence
                    .partition_point(|(recipient, path, moment)| (*recipient, *path, moment.when) <= place);
                let next =
                    self.sequence.get(after).filter(|(recipient, path, _)| (*recipient, *path) == (place.0, place.1));
                let in_time = |recovery: &Recovery| match (failure.when.at, recovery.when.at) {
                    (Some(from), Some(to)) => to.micros_since(from) <= within.micros(),
                    _ => false,
                };
                if let Some((.., recovery)) = next.filter(|(.., recovery)| in_time(recovery)) {
                    recoveries.push(*recovery);
                    *assumed = true;
                }
            }
        }
        for (recoveries, _) in &mut found {
            recoveries.sort_by_key(|recovery| recovery.when);
        }
        (found, dangling)
    }

    /// How often each failure had happened before: failures of the same recipient on the same path with a
    /// mistake in common.
    fn again(&self) -> Vec<u64> {
        let place = |index: usize| (self.failures[index].recipient, self.failures[index].path);
        let mut order: Vec<usize> = (0..self.failures.len()).collect();
        order.sort_unstable_by_key(|&index| (place(index), self.failures[index].when));
        let mut again = vec![0; self.failures.len()];
        for failures in order.chunk_by(|&one, &other| place(one) == place(other)) {
            // many failures have few different sets of mistakes
            let mut before: Vec<(SignalSet, u64)> = Vec::new();
            for &index in failures {
                let mistakes = self.failures[index].mistakes;
                let alike = before.iter().filter(|(known, _)| !known.and(mistakes).is_empty());
                again[index] = alike.map(|(_, count)| count).sum();
                match before.iter_mut().find(|(known, _)| *known == mistakes) {
                    Some((_, count)) => *count += 1,
                    None => before.push((mistakes, 1)),
                }
            }
        }
        again
    }

    /// The level of each failure's last remarked moment before it, of the same recipient on the same path.
    fn before(&mut self) -> Vec<Option<Level>> {
        self.past.sort_unstable_by_key(|past| (past.recipient, past.path, past.when));
        let past = &self.past;
        let before = |failure: &Failure| {
            let place = (failure.recipient, failure.path, failure.when);
            let earlier = past.partition_point(|past| (past.recipient, past.path, past.when) < place);
            let last = past.get(earlier.checked_sub(1)?)?;
            ((last.recipient, last.path) == (place.0, place.1)).then_some(last.level)
        };
        self.failures.iter().map(before).collect()
    }

    /// The report of moments whose recipients are known so.
    pub(crate) fn finish(
        mut self,
        model: &Model,
        moments: &impl Moments,
        known: &Recipients,
    ) -> Result<RecoveryReport, RollUpError> {
        let (recoveries, dangling) = self.recoveries();
        let (again, before) = (self.again(), self.before());
        let by = self.by.take();
        let seen = Seen::of(moments);
        let mut used: HashSet<u64, RandomState> = HashSet::default();
        let mut met = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        for (((failure, (recoveries, assumed)), again), before) in
            self.failures.iter().zip(&recoveries).zip(again).zip(before)
        {
            used.extend(recoveries.iter().map(|recovery| recovery.when.index));
            if !failure.reported {
                continue;
            }
            let outcome = Outcome::of(recoveries);
            let first = recoveries.first().map(|recovery| recovery.when.at);
            let micros = first.flatten().zip(failure.when.at).map(|(to, from)| to.micros_since(from));
            let response = failure.response.or_else(|| recoveries.last().and_then(|recovery| recovery.response));
            let signals = failure.mistakes.iter().map(|signal| model.signals()[signal.index()].name.clone());
            let signals: Vec<String> = signals.collect();
            let costs = recoveries.iter().filter_map(|recovery| recovery.cost).map(|place| self.costs[place].clone());
            let costs: Vec<Quantity> = costs.collect();
            let recipient = moments.name(failure.recipient).to_owned();
            let end = recoveries.last().map_or(failure.when, |recovery| recovery.when);
            let acts = recoveries.iter().filter_map(|recovery| recovery.action);
            met.push(Met {
                dimensions: failure.dimensions.clone(),
                mistakes: signals.clone(),
                response,
                recipient: failure.recipient,
                status: outcome.status,
                acts: acts.map(|action| self.actions.name(action).to_owned()).collect(),
                worth: known.get(&recipient, seen.latest).and_then(|known| known.worth().cloned()),
                came_back: seen.last(failure.recipient).is_some_and(|last| last > end),
                reach: seen.latest.zip(end.at).map(|(latest, end)| super::decay::days(latest.micros_since(end))),
                costs: costs.clone(),
            });
            let item = Item {
                id: failure.id.clone(),
                at: failure.at.clone(),
                recipient,
                point: self.paths.name(failure.path).to_owned(),
                action: failure.action.map(|action| self.actions.name(action).to_owned()),
                level: failure.level,
                signals,
                again,
                status: outcome.status,
                recovered_to: outcome.to,
                before,
                regained: outcome.to.zip(before).map(|(to, before)| to >= before),
                bounce: outcome.to.map(|to| to.rank().cast_signed() - failure.level.rank().cast_signed()),
                hours: micros.map(hours),
                response,
                cost: strategy::costs_in_words(&costs)?,
                assumed: *assumed,
                when: failure.when,
            };
            items.push(item);
        }
        // open first, then worst and oldest first
        items.sort_by_key(|item| (item.status, item.level, item.when));
        let count = |status| items.iter().filter(|item| item.status == status).count() as u64;
        let rungs = Rung::ALL.into_iter().map(Some).chain([None]);
        let unused = |places: &[u64]| places.iter().filter(|place| !used.contains(*place)).count() as u64;
        let dangling_costs: BTreeSet<u64> = self
            .named
            .iter()
            .filter(|(_, recovery)| recovery.cost.is_some() && recovery.reported)
            .map(|(_, recovery)| recovery.when.index)
            .filter(|place| !used.contains(place))
            .collect();
        Ok(RecoveryReport {
            failures: items.len() as u64,
            open: count(Status::Open),
            attempted: count(Status::Attempted),
            put_right: count(Status::PutRight),
            bounced: count(Status::Bounced),
            initiatives: unused(&self.initiatives),
            by_response: rungs.map(|response| Response::of(model, response, &items)).collect(),
            by: by.map_or_else(|| Ok(Vec::new()), |by| strategies(model, &by, &met))?,
            items,
            unmatched: dangling,
            stray_costs: unused(&self.unnamed_costs) + dangling_costs.len() as u64,
        })
    }
}

/// When everyone was met last.
struct Seen {
    last: Vec<Option<When>>,
    latest: Option<Instant>,
}

impl Seen {
    fn of(moments: &impl Moments) -> Self {
        let mut seen = Self { last: Vec::new(), latest: None };
        for index in 0..moments.count() {
            let Some(recipient) = moments.met(index) else { continue };
            if seen.last.len() <= recipient.index() {
                seen.last.resize(recipient.index() + 1, None);
            }
            let when = moments.when(index);
            seen.last[recipient.index()] = seen.last[recipient.index()].max(Some(when));
            seen.latest = seen.latest.max(when.at);
        }
        seen
    }

    fn last(&self, recipient: NameId) -> Option<When> {
        self.last.get(recipient.index()).copied().flatten()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a double holds the microseconds of 285 years exactly, and rounds beyond"
)]
fn hours(micros: i64) -> f64 {
    micros as f64 / 3_600_000_000.0
}

struct Outcome {
    status: Status,
    to: Option<Level>,
}

impl Outcome {
    fn of(recoveries: &[Recovery]) -> Self {
        let to = recoveries.iter().rfind(|recovery| recovery.remarked).map(|recovery| recovery.level);
        let status = match to {
            None if recoveries.is_empty() => Status::Open,
            Some(level) if level > Level::BASELINE => Status::Bounced,
            Some(level) if level == Level::BASELINE => Status::PutRight,
            _ => Status::Attempted,
        };
        Self { status, to }
    }
}
