//! From satisfaction to loyalty over time: who moved from which loyalty to which between two periods, and who came
//! back (section 10 of the model).

use std::collections::BTreeMap;

use serde::Serialize;

use super::loyalty::{Loyalty, LoyaltyRule};
use super::sorted::Places;
use super::{Moments, Rated, When};
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::NameId;
use crate::period::Period;
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

impl Moves {
    /// The moves between the ends of two periods of all who were reported by the end of the later one.
    pub(crate) fn of(ends: &Ends, threads: usize, lives: &Places, moments: &impl Moments) -> Self {
        let (_, start, earlier) = &ends.from;
        let (_, end, later) = &ends.to;
        let gone = lives.each(threads, |recipient, places| {
            let ratings: Vec<(When, Rated)> =
                places.iter().map(|&place| (moments.when(place), moments.rated(place))).collect();
            let by = |end: Instant| ratings.iter().copied().filter(move |(when, _)| when.at < Some(end));
            let reported = |place: &usize| moments.scope(*place) == Scope::Reported;
            ratings.iter().zip(places).find(|((when, _), place)| when.at < Some(*end) && reported(place))?;
            let mut before = by(*start).peekable();
            let from = before.peek().is_some().then(|| earlier.judge(before));
            Some((recipient, from, later.judge(by(*end))))
        });
        let mut ways: BTreeMap<(Option<Loyalty>, Loyalty), Vec<NameId>> = BTreeMap::new();
        for (recipient, from, to) in gone {
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
        lives: &Places,
        moments: &impl Moments,
    ) -> Self {
        let places = || (0..moments.count()).filter(|&place| moments.met(place).is_some());
        let latest = places().filter_map(|place| moments.when(place).at).max();
        // of everyone met in the period the level of their last moment of it, and whether they were met again, if that
        // can be told
        let last = lives.each(threads, |_, places| {
            let within = |place: &&usize| {
                let at = moments.when(**place).at;
                moments.scope(**place) == Scope::Reported && at >= start && at < Some(end)
            };
            let last = *places.iter().filter(within).max_by_key(|place| moments.when(**place))?;
            let at = moments.when(last).at?;
            if latest.is_none_or(|latest| latest.micros_since(at) < days.micros()) {
                return Some(None);
            }
            let met_again = |place: &usize| {
                let when = moments.when(*place);
                when > moments.when(last) && when.at.is_some_and(|later| later.micros_since(at) <= days.micros())
            };
            Some(Some((level_of(moments.rated(last)), places.iter().any(met_again))))
        });
        let mut all: BTreeMap<Option<Level>, (u64, u64)> = BTreeMap::new();
        let mut too_recent = 0;
        for told in last {
            let Some((level, met_again)) = told else {
                too_recent += 1;
                continue;
            };
            let (count, of) = all.entry(level).or_default();
            (*count, *of) = (*count + u64::from(met_again), *of + 1);
        }
        let levels = all.into_iter().map(|(level, (count, of))| ReturnedAfter { level, count, of }).collect();
        Self { period, days: days.get(), levels, too_recent }
    }
}

/// The level of a moment of which anything was noted.
fn level_of(rated: Rated) -> Option<Level> {
    rated.remarked().then_some(rated.level)
}
