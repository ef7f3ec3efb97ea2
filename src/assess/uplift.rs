//! Is it going up? Groups by calendar period, their change, their direction,
//! and what next (section 8 of the model).

mod booked;
mod next;

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::Serialize;

use super::Dimension;
use super::moves::{Moves, Returned};
use super::groups::Key;
use super::spoken::Spoken;
use crate::level::Level;
use crate::names::{NameId, TooMany};
use crate::period::{Calendar, Period};
pub use crate::rating::escalator::Pace;
use crate::rating::escalator::{Assessment, Reason};
use crate::rules::{Enough, Model};
use crate::stats::{Difference, Distribution, Estimate, Share};
use crate::value::ValueSet;

use booked::Held;
pub(crate) use booked::{UpliftBook, UpliftNotes};
pub(super) use next::missing;
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
    #[error("periods need `at`, and the records have none; say when each moment happened")]
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

/// A way in which someone was not served as they like: what it is about, how they like it, how they were served.
type Missed = (String, String, String);

/// What is counted of one group in one period.
#[derive(Clone, Debug, Default)]
struct Cell {
    count: u64,
    unremarked: u64,
    failures: u64,
    levels: Distribution,
    pace: Pace,
    /// Who spoke: for intervals that know that.
    spoken: Spoken,
    held: Held,
}

impl Cell {
    fn sound(&self) -> Share {
        let of = self.levels.total();
        Share { count: of.saturating_sub(self.failures), of }
    }

    /// Counts the level of a moment.
    fn take(&mut self, assessment: &Assessment, pace: Pace) {
        self.count += 1;
        self.pace.add(pace);
        if assessment.reason == Reason::Unremarked {
            self.unremarked += 1;
        } else {
            self.levels.add(assessment.level);
        }
        self.failures += u64::from(assessment.failure);
    }

    /// Adds the levels of other moments, and who spoke in them, who are others.
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.unremarked += other.unremarked;
        self.failures += other.failures;
        self.levels.merge(&other.levels);
        self.pace.add(other.pace);
        self.spoken.merge(&other.spoken);
    }

    /// Whether there is enough to compare (section 7 of the model).
    fn enough(&self, enough: Enough) -> bool {
        self.levels.total() >= u64::from(enough.interactions.get())
            && self.spoken.recipients >= u64::from(enough.recipients.get())
    }
}

/// What is gathered of one group.
#[derive(Clone, Debug, Default)]
struct Gathered {
    periods: BTreeMap<Period, Cell>,
    /// Acts that have slid or are about to: what the next delivery will be worth, and to how many.
    acts: Vec<(String, Level, u64)>,
    /// Per recipient who says what they value: what they want, and what was created.
    wanted: HashMap<NameId, (ValueSet, ValueSet), RandomState>,
}

impl Uplift {
    /// The report on groups in periods. It compares the last two, or those named in `compare`, earlier first.
    fn of(
        model: &Model,
        calendar: Calendar,
        by: Vec<Dimension>,
        groups: Vec<(Key, Gathered)>,
        periods: &[Period],
        compare: Option<(Period, Period)>,
    ) -> Self {
        let last_two = periods.split_last_chunk::<2>().map(|(_, [from, to])| (*from, *to));
        let compared = compare.or(last_two);
        let latest = compared.map(|(_, to)| to).or(periods.last().copied());
        let groups = groups.into_iter().map(|(key, gathered)| {
            let empty = Cell::default();
            let cell = |period: Period| gathered.periods.get(&period).unwrap_or(&empty);
            let change = Change::of(compared, cell);
            UpliftGroup {
                key,
                series: periods.iter().map(|&period| Point::of(period, cell(period))).collect(),
                direction: change.direction(compared.map(|(from, to)| (cell(from), cell(to))), model.enough()),
                change,
                next: Next::of(model, &gathered, latest.map(cell)),
            }
        });
        let groups = groups.collect();
        Self { period: calendar, by, groups, moves: None, returned: None }
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
    /// Who moved from which loyalty to which between the periods compared; only by recipient.
    pub moves: Option<Moves>,
    /// Who of those met in the earlier period came back; only where that is asked for.
    pub returned: Option<Returned>,
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
    /// Whether more is created than runs down.
    pub pace: Pace,
}

impl Point {
    fn of(period: Period, cell: &Cell) -> Self {
        Self {
            period,
            count: cell.count,
            recipients: cell.spoken.recipients,
            unremarked: cell.unremarked,
            median: cell.levels.quartile(2),
            top_half: cell.levels.top_half().wilson(),
            sound: cell.sound().wilson(),
            pace: cell.pace,
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
