//! Failures, whether they bounced back, and how people met them (section 9 of the model).

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::Serialize;

use super::When;
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::{NameId, Names, TooMany};
use crate::rating::why::RatedMoment;
use crate::rules::{Model, Rung};
use crate::signal::SignalSet;
use crate::stats::lower_median;

/// What became of a failure, from bad to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, strum::IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    /// Nobody recovered it.
    Open,
    /// Recovered with nothing noted, or with less than expected.
    Attempted,
    /// The last remarked recovery is expected.
    PutRight,
    /// The last remarked recovery is desired or better.
    Bounced,
}

impl Status {
    /// All, from bad to good.
    pub const ALL: [Self; 4] = [Self::Open, Self::Attempted, Self::PutRight, Self::Bounced];

    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the failure is still open or attempted.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Self::Open | Self::Attempted)
    }
}

/// Gathers failures and recoveries.
#[derive(Clone, Debug, Default)]
pub struct RecoveryFold {
    link_within: Option<Days>,
    failures: Vec<Failure>,
    by_id: HashMap<String, usize, RandomState>,
    named: Vec<(String, Recovery)>,
    recipients: Names,
    paths: Names,
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
    action: Option<String>,
    /// What went wrong.
    mistakes: SignalSet,
    response: Option<Rung>,
    reported: bool,
}

#[derive(Clone, Copy, Debug)]
struct Recovery {
    when: When,
    level: Level,
    remarked: bool,
    response: Option<Rung>,
}

impl RecoveryFold {
    /// With `link_within`, the same recipient's next interaction on the same
    /// path in that time is taken for the recovery of a failure that none names.
    #[must_use]
    pub fn new(link_within: Option<Days>) -> Self {
        Self { link_within, ..Self::default() }
    }

    /// Takes one moment; failures that are not `reported` are not listed.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When, reported: bool) -> Result<(), TooMany> {
        let interaction = moment.interaction;
        let assessment = &moment.assessment;
        let recovery =
            Recovery { when, level: assessment.level, remarked: moment.remarked(), response: interaction.response };
        if let Some(failure) = &interaction.recovers {
            self.named.push((failure.clone().into_owned(), recovery));
        }
        if !assessment.failure && self.link_within.is_none() {
            return Ok(());
        }
        let recipient = self.recipients.add(&interaction.recipient)?.0;
        let path = self.paths.add(&interaction.path())?.0;
        if self.link_within.is_some() {
            self.sequence.push((recipient, path, recovery));
        }
        if assessment.failure {
            let id = interaction.id.as_deref().map(str::to_owned);
            if let Some(id) = &id {
                self.by_id.insert(id.clone(), self.failures.len());
            }
            self.failures.push(Failure {
                when,
                id,
                at: interaction.at.as_ref().map(|at| at.text.clone().into_owned()),
                recipient,
                path,
                level: assessment.level,
                action: interaction.action.as_deref().map(str::to_owned),
                mistakes: moment.mistakes(),
                response: interaction.response,
                reported,
            });
        }
        Ok(())
    }

    /// Which recoveries each failure has, in time order; with each, whether it is assumed.
    fn recoveries(&mut self) -> (Vec<(Vec<Recovery>, bool)>, u64) {
        let mut found = vec![(Vec::new(), false); self.failures.len()];
        let mut dangling = 0;
        for (failure, recovery) in &self.named {
            // only what comes after a failure can recover it
            match self.by_id.get(failure) {
                Some(&index) if self.failures[index].when < recovery.when => found[index].0.push(*recovery),
                _ => dangling += 1,
            }
        }
        if let Some(within) = self.link_within {
            self.sequence.sort_by_key(|(recipient, path, moment)| (*recipient, *path, moment.when));
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
        let mut order: Vec<usize> = (0..self.failures.len()).collect();
        order.sort_by_key(|&index| self.failures[index].when);
        // many failures have few different sets of mistakes
        let mut known: HashMap<(NameId, NameId), HashMap<SignalSet, u64, RandomState>, RandomState> =
            HashMap::default();
        let mut again = vec![0; self.failures.len()];
        for index in order {
            let Failure { recipient, path, mistakes, .. } = &self.failures[index];
            let before = known.entry((*recipient, *path)).or_default();
            again[index] =
                before.iter().filter(|(known, _)| !known.and(*mistakes).is_empty()).map(|(_, count)| count).sum();
            *before.entry(*mistakes).or_default() += 1;
        }
        again
    }

    /// What became of every failure, reported or not, in the order they were taken.
    pub(crate) fn statuses(mut self) -> Vec<(String, When, Level, Status)> {
        let (recoveries, _) = self.recoveries();
        let outcome = |(failure, (recoveries, _)): (&Failure, &(Vec<Recovery>, bool))| {
            let status = Outcome::of(recoveries).status;
            (self.recipients.name(failure.recipient).to_owned(), failure.when, failure.level, status)
        };
        self.failures.iter().zip(&recoveries).map(outcome).collect()
    }

    /// The report.
    #[must_use]
    pub fn finish(mut self, model: &Model) -> RecoveryReport {
        let (recoveries, dangling) = self.recoveries();
        let again = self.again();
        let mut items: Vec<(Item, When)> = Vec::new();
        for ((failure, (recoveries, assumed)), again) in self.failures.iter().zip(&recoveries).zip(again) {
            if !failure.reported {
                continue;
            }
            let outcome = Outcome::of(recoveries);
            let first = recoveries.first().map(|recovery| recovery.when.at);
            let micros = first.flatten().zip(failure.when.at).map(|(to, from)| to.micros_since(from));
            let item = Item {
                id: failure.id.clone(),
                at: failure.at.clone(),
                recipient: self.recipients.name(failure.recipient).to_owned(),
                point: self.paths.name(failure.path).to_owned(),
                action: failure.action.clone(),
                level: failure.level,
                signals: failure.mistakes.iter().map(|signal| model.signals()[signal.index()].name.clone()).collect(),
                again,
                status: outcome.status,
                recovered_to: outcome.to,
                bounce: outcome.to.map(|to| to.rank().cast_signed() - failure.level.rank().cast_signed()),
                hours: micros.map(hours),
                response: failure.response.or_else(|| recoveries.last().and_then(|recovery| recovery.response)),
                assumed: *assumed,
                instant: failure.when.at,
            };
            items.push((item, failure.when));
        }
        // open first, then worst and oldest first
        items.sort_by_key(|(item, when)| (item.status, item.level, *when));
        let items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
        let count = |status| items.iter().filter(|item| item.status == status).count() as u64;
        let rungs = Rung::ALL.into_iter().map(Some).chain([None]);
        RecoveryReport {
            failures: items.len() as u64,
            open: count(Status::Open),
            attempted: count(Status::Attempted),
            put_right: count(Status::PutRight),
            bounced: count(Status::Bounced),
            by_response: rungs.map(|response| Response::of(model, response, &items)).collect(),
            items,
            unmatched: dangling,
        }
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

/// Failures and what became of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryReport {
    /// How many failures there are.
    pub failures: u64,
    /// Nobody recovered them.
    pub open: u64,
    /// Recovered with nothing noted, or with less than expected.
    pub attempted: u64,
    /// Put right.
    pub put_right: u64,
    /// Bounced back to desired or better.
    pub bounced: u64,
    /// By the rung of the response ladder, lowest first; last those of which no response is recorded.
    pub by_response: Vec<Response>,
    /// The failures, open first, worst and oldest first.
    pub items: Vec<Item>,
    /// Recoveries that name no failure before them.
    #[serde(skip)]
    pub unmatched: u64,
}

/// Failures met in one way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The rung; `None` where none is recorded.
    pub response: Option<Rung>,
    /// Whether it lies above the line.
    pub helps: Option<bool>,
    /// How many failures were met so.
    pub count: u64,
    /// Of them, open.
    pub open: u64,
    /// Of them, attempted.
    pub attempted: u64,
    /// Of them, put right.
    pub put_right: u64,
    /// Of them, bounced.
    pub bounced: u64,
    /// The lower median of the hours to the first recovery; `None` where there are no times.
    pub median_hours: Option<f64>,
}

impl Response {
    fn of(model: &Model, response: Option<Rung>, items: &[Item]) -> Self {
        let met = || items.iter().filter(|item| item.response == response);
        let count = |status| met().filter(|item| item.status == status).count() as u64;
        let hours: Vec<f64> = met().filter_map(|item| item.hours).collect();
        Self {
            response,
            helps: response.map(|rung| model.rung(rung).helps),
            count: met().count() as u64,
            open: count(Status::Open),
            attempted: count(Status::Attempted),
            put_right: count(Status::PutRight),
            bounced: count(Status::Bounced),
            median_hours: lower_median(&hours),
        }
    }
}

/// One failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// The record's id.
    pub id: Option<String>,
    /// When it happened, as written.
    pub at: Option<String>,
    /// Who lived it.
    pub recipient: String,
    /// The path of the perception point.
    pub point: String,
    /// The act, where the record names one.
    pub action: Option<String>,
    /// The level of the failure; a recovery does not change it.
    pub level: Level,
    /// What went wrong: the shortfalls noted, an omission, a preference missed; empty where only their word says so.
    pub signals: Vec<String>,
    /// How many failures of this recipient on this path had a mistake in common with it before: the same mistake
    /// twice, if there is one.
    pub again: u64,
    /// What became of it.
    pub status: Status,
    /// The level of the last remarked recovery.
    pub recovered_to: Option<Level>,
    /// That level minus the failure's, in ranks; negative where it came to less.
    pub bounce: Option<i8>,
    /// Hours to the first recovery, as a decimal number; `None` without one, or without times.
    pub hours: Option<f64>,
    /// How people met it: the failure's own, else that of its last recovery.
    pub response: Option<Rung>,
    /// Whether the recovery is assumed from what came next, and not named.
    pub assumed: bool,
    /// When it happened.
    #[serde(skip)]
    pub instant: Option<Instant>,
}

impl Item {
    /// An item in which nothing happened: for the names of its columns.
    #[must_use]
    pub const fn blank() -> Self {
        Self {
            id: None,
            at: None,
            recipient: String::new(),
            point: String::new(),
            action: None,
            level: Level::BASELINE,
            signals: Vec::new(),
            again: 0,
            status: Status::Open,
            recovered_to: None,
            bounce: None,
            hours: None,
            response: None,
            assumed: false,
            instant: None,
        }
    }
}
