//! Failures, whether they bounced back, and how people met them (section 9 of the model).

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::Serialize;

use super::When;
use crate::level::Level;
use crate::moment::Days;
use crate::names::{NameId, Names, TooMany};
use crate::rating::escalator::{Assessment, Reason};
use crate::record::interaction::Interaction;
use crate::rules::{Model, Rung};
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

/// Gathers failures and recoveries. Several gather some each, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecoveryFold {
    link_within: Option<Days>,
    failures: Vec<Failure>,
    named: Vec<(String, Recovery)>,
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

/// A moment with its level and its place in time, and the number of whom it served.
#[derive(Clone, Copy)]
pub(crate) struct Lived<'l> {
    pub(crate) interaction: &'l Interaction<'l>,
    pub(crate) assessment: Assessment,
    pub(crate) when: When,
    pub(crate) recipient: NameId,
    pub(crate) reported: bool,
}

impl RecoveryFold {
    /// With `link_within`, the same recipient's next interaction on the same
    /// path in that time is taken for the recovery of a failure that none names.
    #[must_use]
    pub(crate) fn new(link_within: Option<Days>) -> Self {
        Self { link_within, ..Self::default() }
    }

    /// Whether a moment with this level may matter though it names no failure.
    pub(crate) const fn asks(&self, assessment: &Assessment) -> bool {
        assessment.failure || self.link_within.is_some()
    }

    /// Takes one moment; failures that are not `reported` are not listed.
    pub(crate) fn take(&mut self, lived: Lived<'_>) -> Result<(), TooMany> {
        let Lived { interaction, assessment, when, recipient, reported } = lived;
        let remarked = assessment.reason != Reason::Unremarked;
        let recovery = Recovery { when, level: assessment.level, remarked, response: interaction.response };
        if let Some(failure) = &interaction.recovers {
            self.named.push((failure.clone().into_owned(), recovery));
        }
        if !self.asks(&assessment) {
            return Ok(());
        }
        let path = self.paths.add(&interaction.path())?.0;
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
                response: interaction.response,
                reported,
            });
        }
        Ok(())
    }

    /// Takes what another has gathered.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), TooMany> {
        let paths = other.paths.iter().map(|path| Ok(self.paths.add(path)?.0)).collect::<Result<Vec<_>, TooMany>>()?;
        let path = |path: NameId| paths[path.index()];
        let failures = other.failures.into_iter().map(|failure| Failure { path: path(failure.path), ..failure });
        self.failures.extend(failures);
        let sequence = other.sequence.into_iter();
        self.sequence.extend(sequence.map(|(recipient, on, recovery)| (recipient, path(on), recovery)));
        self.named.extend(other.named);
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

    /// The report; what recipients are called is asked by their numbers.
    #[must_use]
    pub(crate) fn finish<'n>(mut self, model: &Model, name: impl Fn(NameId) -> &'n str) -> RecoveryReport {
        let (recoveries, dangling) = self.recoveries();
        let mut items: Vec<(Item, When)> = Vec::new();
        for (failure, (recoveries, assumed)) in self.failures.iter().zip(&recoveries) {
            if !failure.reported {
                continue;
            }
            let outcome = Outcome::of(recoveries);
            let first = recoveries.first().map(|recovery| recovery.when.at);
            let micros = first.flatten().zip(failure.when.at).map(|(to, from)| to.micros_since(from));
            let item = Item {
                id: failure.id.clone(),
                at: failure.at.clone(),
                recipient: name(failure.recipient).to_owned(),
                point: self.paths.name(failure.path).to_owned(),
                level: failure.level,
                status: outcome.status,
                recovered_to: outcome.to,
                bounce: outcome.to.map(|to| to.rank().cast_signed() - failure.level.rank().cast_signed()),
                hours: micros.map(hours),
                response: failure.response.or_else(|| recoveries.last().and_then(|recovery| recovery.response)),
                assumed: *assumed,
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
    /// The level of the failure; a recovery does not change it.
    pub level: Level,
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
            level: Level::BASELINE,
            status: Status::Open,
            recovered_to: None,
            bounce: None,
            hours: None,
            response: None,
            assumed: false,
        }
    }
}
