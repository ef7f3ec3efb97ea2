//! From satisfaction to loyalty over time: who moved from which loyalty to which between two periods, and who came
//! back (section 10 of the model).

use std::collections::BTreeMap;

use serde::Serialize;

use super::Moments;
use super::loyalty::{Loyalty, LoyaltyRule};
use super::sorted::{Sorted, by_recipient};
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::NameId;
use crate::period::Period;
use crate::rating::escalator::Assessment;
use crate::record::window::Scope;

/// How many recipients of a move are named.
pub const NAMED: usize = 20;

/// How loyal recipients were served at the end of two periods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Moves {
    /// The earlier period.
    pub from: Option<Period>,
    /// The later period.
    pub to: Option<Period>,
    /// Who went from which loyalty to which, the most first; also those who stayed.
    pub moves: Vec<Move>,
}

/// Recipients who went the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Move {
    /// At the end of the earlier period; `None`: not met by then.
    pub from: Option<Loyalty>,
    /// At the end of the later one.
    pub to: Loyalty,
    /// How many went that way.
    pub count: u64,
    /// Who, in the order in which they were first read; at most twenty.
    pub recipients: Vec<String>,
}

/// Recipients met in a period who were met again soon after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Returned {
    /// The period.
    pub period: Period,
    /// Within how many days after their last moment of it.
    pub days: u32,
    /// By the level of that moment, lowest first.
    pub levels: Vec<ReturnedAfter>,
    /// How many are left out because the records end before those days are over.
    pub too_recent: u64,
}

/// Those whose last moment of the period was on this level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReturnedAfter {
    /// The level; `None` where nothing was noted.
    pub level: Option<Level>,
    /// How many were met again.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

/// How loyalty is judged at the end of each of two periods.
pub(crate) struct Ends {
    /// The periods, each with the instant before which it counts, and the rule with what had been recovered by then.
    pub(crate) from: (Period, Instant, LoyaltyRule),
    pub(crate) to: (Period, Instant, LoyaltyRule),
}

/// What came of each recipient in a range: whence and whither they went, if anywhere.
type Gone = Vec<(NameId, Option<Loyalty>, Loyalty)>;

impl Moves {
    /// The moves between the ends of two periods of all who were reported by the end of the later one.
    pub(crate) fn of(ends: &Ends, threads: usize, moments: &impl Moments) -> Self {
        let of = |index: usize| moments.met(index);
        let finish = |(), sorted: Sorted<usize>| -> Gone {
            let gone = sorted.iter().filter_map(|(recipient, places)| {
                let by = |end: Instant| places.iter().filter(move |place| moments.when(**place).at < Some(end));
                let judged = |rule: &LoyaltyRule, end: Instant| {
                    rule.judge(by(end).map(|&place| (moments.when(place), moments.assessment(place))))
                };
                let (_, start, earlier) = &ends.from;
                let (_, end, later) = &ends.to;
                by(*end).find(|place| moments.scope(**place) == Scope::Reported)?;
                let from = by(*start).next().is_some().then(|| judged(earlier, *start));
                Some((NameId::at_index(recipient).ok()?, from, judged(later, *end)))
            });
            gone.collect()
        };
        let gone = by_recipient(threads, moments.count(), of, || (), |(), index| index, finish);
        let mut ways: BTreeMap<(Option<Loyalty>, Loyalty), Vec<NameId>> = BTreeMap::new();
        for (recipient, from, to) in gone.into_iter().flatten() {
            ways.entry((from, to)).or_default().push(recipient);
        }
        let way = |((from, to), who): ((Option<Loyalty>, Loyalty), Vec<NameId>)| Move {
            from,
            to,
            count: who.len() as u64,
            recipients: who.iter().take(NAMED).map(|&recipient| moments.name(recipient).to_owned()).collect(),
        };
        let mut moves: Vec<Move> = ways.into_iter().map(way).collect();
        moves.sort_by_key(|way| std::cmp::Reverse(way.count));
        Self { from: Some(ends.from.0), to: Some(ends.to.0), moves }
    }
}

impl Returned {
    /// Who of those reported in a period, which lies between these instants, was met again within so many days.
    pub(crate) fn of(
        (period, start, end): (Period, Option<Instant>, Instant),
        days: Days,
        threads: usize,
        moments: &impl Moments,
    ) -> Self {
        let of = |index: usize| moments.met(index);
        let places = || (0..moments.count()).filter(|&place| of(place).is_some());
        let latest = places().filter_map(|place| moments.when(place).at).max();
        let finish = |(), sorted: Sorted<usize>| {
            let mut levels: BTreeMap<Option<Level>, (u64, u64)> = BTreeMap::new();
            let mut too_recent = 0;
            for (_, places) in sorted.iter() {
                let within = |place: &&usize| {
                    let at = moments.when(**place).at;
                    moments.scope(**place) == Scope::Reported && at >= start && at < Some(end)
                };
                let Some(last) = places.iter().filter(within).max_by_key(|place| moments.when(**place)) else {
                    continue;
                };
                let Some(at) = moments.when(*last).at else { continue };
                if latest.is_none_or(|latest| latest.micros_since(at) < days.micros()) {
                    too_recent += 1;
                    continue;
                }
                let met_again = |place: &usize| {
                    let when = moments.when(*place);
                    when > moments.when(*last) && when.at.is_some_and(|later| later.micros_since(at) <= days.micros())
                };
                let counted = levels.entry(level_of(&moments.assessment(*last))).or_default();
                *counted = (counted.0 + u64::from(places.iter().any(met_again)), counted.1 + 1);
            }
            (levels, too_recent)
        };
        let made = by_recipient(threads, moments.count(), of, || (), |(), index| index, finish);
        let mut all: BTreeMap<Option<Level>, (u64, u64)> = BTreeMap::new();
        let mut too_recent = 0;
        for (levels, more) in made {
            too_recent += more;
            for (level, (count, of)) in levels {
                let counted = all.entry(level).or_default();
                *counted = (counted.0 + count, counted.1 + of);
            }
        }
        let levels = all.into_iter().map(|(level, (count, of))| ReturnedAfter { level, count, of }).collect();
        Self { period, days: days.get(), levels, too_recent }
    }
}

/// The level of a moment of which anything was noted.
fn level_of(assessment: &Assessment) -> Option<Level> {
    assessment.remarked().then_some(assessment.level)
}
