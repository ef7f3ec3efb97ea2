//! Is it going up? Groups by calendar period, their change, their direction,
//! and what next (section 8 of the model).

mod booked;
mod change;
mod next;
mod paired;
mod sheet;

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::Serialize;

use super::groups::Key;
use super::moves::{Moves, Returned};
use super::spoken::Spoken;
use super::{Dimension, Rated, left_to_json};
use crate::level::Level;
use crate::moment::{Instant, Zone};
use crate::names::{NameId, TooMany};
use crate::period::{Calendar, Period};
pub use crate::rating::escalator::Pace;
use crate::rules::{Enough, Model};
use crate::stats::{Difference, Distribution, Estimate, Share};
use crate::value::ValueSet;

use booked::Held;
pub(crate) use booked::{UpliftBook, UpliftNotes};
pub(super) use next::missing;
pub use next::{MissedPreference, Next, Shortfall, Slid, UncreatedValue};
use paired::Paired;

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
    /// One of which this is known.
    fn holding(held: Held) -> Self {
        Self { held, ..Self::default() }
    }

    /// The moments in the top half, and those that are no failure.
    fn shares(&self) -> [Share; 2] {
        let of = self.levels.total();
        [self.levels.top_half(), Share { count: of.saturating_sub(self.failures), of }]
    }

    fn top_half(&self) -> Estimate {
        self.shares()[0].estimate(&self.spoken.top_half)
    }

    fn sound(&self) -> Estimate {
        self.shares()[1].estimate(&self.spoken.sound)
    }

    /// Counts the level of a moment.
    fn take(&mut self, rated: Rated, pace: Pace) {
        self.count += 1;
        self.pace.add(pace);
        if rated.remarked() {
            self.levels.add(rated.level);
        } else {
            self.unremarked += 1;
        }
        self.failures += u64::from(rated.failure);
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
        enough.is_met(self.levels.total(), self.spoken.sound.recipients)
    }
}

/// What is gathered of one group.
#[derive(Clone, Debug, Default)]
struct Gathered {
    periods: BTreeMap<Period, Cell>,
    /// Who spoke in the two periods compared.
    paired: Paired,
    /// Acts that have slid or are about to: what the next delivery will be worth, and to how many.
    acts: Vec<(String, Level, u64)>,
    /// Per recipient who says what they value: what they want, and what was created.
    wanted: HashMap<NameId, (ValueSet, ValueSet), RandomState>,
}

/// Which periods there are, and which of them are compared.
#[derive(Clone, Debug, Default)]
struct Periods {
    /// From the first to the last, and whether each is finished.
    all: Vec<(Period, bool)>,
    compared: Option<(Period, Period)>,
}

impl Periods {
    /// Those from the first to the last of these, the last two finished of which are compared, if nothing else is asked
    /// for.
    fn of(periods: impl Iterator<Item = Period> + Clone, over: &Over<'_>) -> Result<Self, UpliftError> {
        let span = periods.clone().min().zip(periods.max());
        let finished = |period: Period| over.as_of.is_none_or(|at| period.is_finished(at, over.zone));
        let all = span.into_iter().flat_map(|(first, last)| first.through(last)).take(MOST_PERIODS + 1);
        let all: Vec<_> = all.map(|period| (period, finished(period))).collect();
        if all.len() > MOST_PERIODS {
            return Err(UpliftError::TooManyPeriods);
        }
        let finished: Vec<Period> = all.iter().filter(|(_, finished)| *finished).map(|(period, _)| *period).collect();
        let last_two = finished.split_last_chunk::<2>().map(|(_, [from, to])| (*from, *to));
        Ok(Self { compared: over.compare.or(last_two), all })
    }
}

/// What to look at over time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Over<'z> {
    /// The zone whose calendar counts.
    pub(crate) zone: &'z Zone,
    /// The instant to look from: a period of which more than a tenth is still to come then is not finished.
    pub(crate) as_of: Option<Instant>,
    /// What to compare, earlier first; else the last two periods that are finished.
    pub(crate) compare: Option<(Period, Period)>,
}

impl Uplift {
    /// The report on groups in periods.
    fn of(
        model: &Model,
        calendar: Calendar,
        by: Vec<Dimension>,
        groups: Vec<(Key, Gathered)>,
        periods: &Periods,
    ) -> Self {
        let latest = periods.compared.map(|(_, to)| to).or(periods.all.last().map(|(period, _)| *period));
        let groups = groups.into_iter().map(|(key, gathered)| {
            let empty = Cell::default();
            let cell = |period: Period| gathered.periods.get(&period).unwrap_or(&empty);
            let series = periods.all.iter().map(|&(period, finished)| Point::of(period, finished, cell(period)));
            UpliftGroup {
                key,
                series: series.collect(),
                change: Change::of(periods.compared, cell, &gathered.paired, model.enough()),
                direction: Direction::TooFew,
                next: Next::of(model, &gathered, latest.map(cell)),
            }
        });
        let mut groups: Vec<UpliftGroup> = groups.collect();
        change::judge(&mut groups);
        let compared = groups.iter().filter(|group| group.direction != Direction::TooFew).count() as u64;
        Self { period: calendar, by, compared, groups, moves: None, returned: None }
    }

    /// How many groups changed beyond chance.
    #[must_use]
    pub fn changed(&self) -> u64 {
        let changed = |group: &&UpliftGroup| matches!(group.direction, Direction::Slipping | Direction::Uplifting);
        self.groups.iter().filter(changed).count() as u64
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
    /// How many groups have enough to compare.
    pub compared: u64,
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
    /// `sound` or `top_half` fell beyond chance: q is at most 0.05 (section 8 of the model).
    Slipping,
    /// Not slipping, and either of them rose beyond chance.
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
    #[serde(serialize_with = "left_to_json")]
    pub series: Vec<Point>,
    /// What changed between the two periods compared.
    pub change: Change,
    /// Which way it goes.
    pub direction: Direction,
    /// What to do next, most frequent first.
    pub next: Next,
}

/// One period of a group, as a row of its own.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesRow<'u> {
    /// Which group.
    pub key: &'u Key,
    /// The period.
    #[serde(flatten)]
    pub point: Point,
}

impl<'u> SeriesRow<'u> {
    /// A row in which nothing happened: for the names of its columns.
    #[must_use]
    pub fn blank(key: &'u Key) -> Self {
        let period = Period::of(Calendar::Day, Instant::LAST, &Zone::UTC);
        Self { key, point: Point::of(period, false, &Cell::default()) }
    }
}

impl UpliftGroup {
    /// Each period as a row.
    pub fn series_rows(&self) -> impl Iterator<Item = SeriesRow<'_>> {
        self.series.iter().map(|point| SeriesRow { key: &self.key, point: *point })
    }
}

/// One group in one period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// The period.
    pub period: Period,
    /// Whether it is over by the latest moment, or but for its last tenth.
    pub finished: bool,
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
    fn of(period: Period, finished: bool, cell: &Cell) -> Self {
        Self {
            period,
            finished,
            count: cell.count,
            recipients: cell.spoken.recipients,
            unremarked: cell.unremarked,
            median: cell.levels.quartile(2),
            top_half: cell.top_half(),
            sound: cell.sound(),
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
