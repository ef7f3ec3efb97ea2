//! Is it going up? Groups by calendar period, their change, their direction,
//! and what next (section 8 of the model).

mod next;

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::groups::{Groups, Key};
use super::{Dimension, When};
use crate::level::Level;
use crate::moment::Zone;
use crate::names::{NameId, Names, TooMany};
use crate::period::{Calendar, Period};
use crate::rating::evidence;
use crate::rating::recipients::KnownRecipient;
use crate::rating::why::RatedMoment;
use crate::rules::{Enough, Model};
use crate::signal::SignalId;
use crate::stats::{Difference, Distribution, Estimate, Share};
use crate::value::ValueSet;

pub use next::{MissedPreference, Next, Shortfall, Slid, UncreatedValue};

/// How many periods a report may span.
pub const MOST_PERIODS: usize = 10_000;

/// How many groups times periods a report may hold.
pub const MOST_POINTS: usize = 500_000;

/// Why there is no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpliftError {
    /// More groups or recipients than there are numbers for.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A moment without an instant.
    #[error("periods need `at`, but the records have none; say when each moment happened")]
    NoTimes,
    /// Too many groups times periods.
    #[error(
        "{groups} groups in {periods} periods are more than can be shown; choose a longer --period, or group by less"
    )]
    TooMuch {
        /// How many groups there are.
        groups: usize,
        /// How many periods they span.
        periods: usize,
    },
    /// Too long a time in too short periods.
    #[error("the records span more than {MOST_PERIODS} periods; choose a longer --period")]
    TooManyPeriods,
}

/// What is counted of one group in one period.
#[derive(Clone, Debug, Default)]
struct Cell {
    count: u64,
    unremarked: u64,
    failures: u64,
    levels: Distribution,
    recipients: HashSet<NameId, RandomState>,
    shortfalls: BTreeMap<SignalId, u64>,
    missed: BTreeMap<(String, String, String), u64>,
}

impl Cell {
    fn sound(&self) -> Share {
        let of = self.levels.total();
        Share { count: of.saturating_sub(self.failures), of }
    }

    fn take(&mut self, moment: &RatedMoment<'_, '_>, recipient: NameId) {
        self.count += 1;
        self.recipients.insert(recipient);
        if moment.remarked() {
            self.levels.add(moment.assessment.level);
        } else {
            self.unremarked += 1;
        }
        self.failures += u64::from(moment.assessment.failure);
        for signal in moment.shortfalls() {
            *self.shortfalls.entry(signal).or_default() += 1;
        }
        if let Some(recipient) = moment.recipient {
            for (wish, served) in evidence::missed(moment.interaction, recipient) {
                let missed = (wish.key.to_owned(), wish.wanted.join(" or "), served.to_owned());
                *self.missed.entry(missed).or_default() += 1;
            }
        }
    }

    /// Whether there is enough to compare (section 7 of the model).
    fn enough(&self, enough: Enough) -> bool {
        self.levels.total() >= u64::from(enough.interactions.get())
            && self.recipients.len() as u64 >= u64::from(enough.recipients.get())
    }
}

/// What is gathered of one group.
#[derive(Clone, Debug, Default)]
struct Gathered {
    periods: BTreeMap<Period, Cell>,
    /// Per act and recipient: the latest delivery, and what the next will be worth.
    acts: HashMap<(NameId, NameId), (When, Option<Level>), RandomState>,
    /// Per recipient who says what they value: what they want, and what was created.
    wanted: HashMap<NameId, (ValueSet, ValueSet), RandomState>,
}

/// Gathers moments by group and period.
#[derive(Clone, Debug)]
pub struct UpliftFold {
    calendar: Calendar,
    zone: Zone,
    groups: Groups<Gathered>,
    recipients: Names,
    actions: Names,
}

impl UpliftFold {
    /// Groups by these dimensions, in periods by the clocks of the zone.
    #[must_use]
    pub fn new(calendar: Calendar, zone: Zone, by: Vec<Dimension>) -> Self {
        Self { calendar, zone, groups: Groups::new(by), recipients: Names::default(), actions: Names::default() }
    }

    /// Takes one moment.
    ///
    /// # Errors
    /// A moment without an instant; more names than there are numbers for.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When) -> Result<(), UpliftError> {
        let at = when.at.ok_or(UpliftError::NoTimes)?;
        let period = Period::of(self.calendar, at, &self.zone);
        let recipient = self.recipients.add(&moment.interaction.recipient)?.0;
        let (_, group) = self.groups.of(moment.interaction, when)?;
        group.periods.entry(period).or_default().take(moment, recipient);
        if let Some(state) = moment.state {
            let action = match &moment.interaction.action {
                Some(action) => self.actions.add(action)?.0,
                None => self.actions.add(&moment.interaction.path())?.0,
            };
            let next = moment
                .assessment
                .next
                .filter(|&next| state.after(moment.model, moment.facts).fades(moment.model, next));
            let latest = group.acts.entry((action, recipient)).or_insert((when, next));
            if latest.0 <= when {
                *latest = (when, next);
            }
        }
        if let Some(values) = moment.recipient.map(KnownRecipient::values).filter(|values| !values.is_empty()) {
            let (_, created) = group.wanted.entry(recipient).or_insert((values, ValueSet::EMPTY));
            if let Some(value) = &moment.interaction.value {
                *created = created.or(value.named);
            }
        }
        Ok(())
    }

    /// The report. It compares the last two periods, or those named in `compare`, earlier first.
    ///
    /// # Errors
    /// More than [`MOST_PERIODS`] periods, or more than [`MOST_POINTS`] groups times periods.
    pub fn finish(self, model: &Model, compare: Option<(Period, Period)>) -> Result<Uplift, UpliftError> {
        let by = self.groups.by().to_vec();
        let groups = self.groups.finish();
        let all = groups.iter().flat_map(|(.., gathered)| gathered.periods.keys());
        let span = all.clone().min().copied().zip(all.max().copied());
        let periods: Vec<Period> =
            span.map_or_else(Vec::new, |(first, last)| first.through(last).take(MOST_PERIODS + 1).collect());
        if periods.len() > MOST_PERIODS {
            return Err(UpliftError::TooManyPeriods);
        }
        if periods.len().saturating_mul(groups.len()) > MOST_POINTS {
            return Err(UpliftError::TooMuch { groups: groups.len(), periods: periods.len() });
        }
        let last_two = periods.split_last_chunk::<2>().map(|(_, [from, to])| (*from, *to));
        let compared = compare.or(last_two);
        let latest = compared.map(|(_, to)| to).or(periods.last().copied());
        let groups = groups.into_iter().map(|(_, key, gathered)| {
            let empty = Cell::default();
            let cell = |period: Period| gathered.periods.get(&period).unwrap_or(&empty);
            let change = Change::of(compared, cell);
            UpliftGroup {
                key,
                series: periods.iter().map(|&period| Point::of(period, cell(period))).collect(),
                direction: change.direction(compared.map(|(from, to)| (cell(from), cell(to))), model.enough()),
                change,
                next: Next::of(model, &gathered, latest.map(cell), &self.actions),
            }
        });
        let groups = groups.collect();
        Ok(Uplift { period: self.calendar, by, groups })
    }
}

/// The development of all groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Uplift {
    /// How time is divided.
    pub period: Calendar,
    /// What moments are grouped by.
    pub by: Vec<Dimension>,
    /// The groups, in order of first appearance in time.
    pub groups: Vec<UpliftGroup>,
}

/// Which way a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Direction {
    /// The 95 % interval of the difference in `sound` or in `top_half` lies below zero (Newcombe 1998).
    Slipping,
    /// Not slipping, and the interval of either lies above zero.
    Uplifting,
    /// Neither.
    Steady,
    /// There are no two periods, or one of them has too few moments or recipients to tell (section 7 of the model).
    TooFew,
}

impl Direction {
    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The development of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpliftGroup {
    /// Which group.
    pub key: Key,
    /// Every period from the first to the last of all groups, empty ones included.
    pub series: Vec<Point>,
    /// What changed between the two periods compared.
    pub change: Change,
    /// Which way it goes.
    pub direction: Direction,
    /// What to do next, most frequent first.
    pub next: Next,
}

/// One group in one period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// The period.
    pub period: Period,
    /// Moments.
    pub count: u64,
    /// Different recipients.
    pub recipients: u64,
    /// Moments of which nothing was noted.
    pub unremarked: u64,
    /// The level in the middle of the remarked moments, the lower of two.
    pub median: Option<Level>,
    /// The share of desired or better among remarked moments.
    pub top_half: Estimate,
    /// The share that is no failure among remarked moments.
    pub sound: Estimate,
}

impl Point {
    fn of(period: Period, cell: &Cell) -> Self {
        Self {
            period,
            count: cell.count,
            recipients: cell.recipients.len() as u64,
            unremarked: cell.unremarked,
            median: cell.levels.quartile(2),
            top_half: cell.levels.top_half().wilson(),
            sound: cell.sound().wilson(),
        }
    }
}

/// What changed from one period to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// The earlier period; `None` where there is only one.
    pub from: Option<Period>,
    /// The later period.
    pub to: Option<Period>,
    /// The later share of desired or better minus the earlier one.
    pub top_half: Difference,
    /// The later share that is no failure minus the earlier one.
    pub sound: Difference,
}

impl Change {
    fn of<'c>(compared: Option<(Period, Period)>, cell: impl Fn(Period) -> &'c Cell) -> Self {
        let Some((from, to)) = compared else { return Self::default() };
        let (before, now) = (cell(from), cell(to));
        Self {
            from: Some(from),
            to: Some(to),
            top_half: now.levels.top_half().minus(before.levels.top_half()),
            sound: now.sound().minus(before.sound()),
        }
    }

    fn direction(&self, compared: Option<(&Cell, &Cell)>, enough: Enough) -> Direction {
        match compared {
            Some((from, to)) if from.enough(enough) && to.enough(enough) => {}
            _ => return Direction::TooFew,
        }
        if self.sound.below_zero() || self.top_half.below_zero() {
            Direction::Slipping
        } else if self.sound.above_zero() || self.top_half.above_zero() {
            Direction::Uplifting
        } else {
            Direction::Steady
        }
    }
}

impl UpliftGroup {
    /// A group with nothing in it: for the names of its columns.
    #[must_use]
    pub fn blank(by: &[Dimension]) -> Self {
        Self {
            key: Key::blank(by),
            series: Vec::new(),
            change: Change::default(),
            direction: Direction::TooFew,
            next: Next::default(),
        }
    }
}
