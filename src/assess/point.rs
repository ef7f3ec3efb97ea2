//! One perception point as recorded: its roll-up, its worst and its latest moments.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::highlights::offer;
use super::journey::{Group, JourneyFold, RollUpError};
use super::uplift::{Direction, UpliftError, UpliftFold};
use super::{Dimension, Key, When};
use crate::error::Found;
use crate::level::Level;
use crate::moment::Zone;
use crate::period::Calendar;
use crate::printable::brief;
use crate::rating::finding::LevelWording;
use crate::rating::row::Rating;
use crate::rating::why::RatedMoment;
use crate::rules::Model;

/// How many of the worst and of the latest moments are kept.
const KEPT: usize = 5;

/// How many points an error lists.
const LISTED: usize = 12;

/// Why a name does not identify a point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// No path has this name, and none ends with it.
    #[error("point: nothing is recorded at {found}; write one of: {allowed}")]
    Unknown {
        /// The name.
        found: Found,
        /// The paths there are, as far as a message holds them.
        allowed: String,
    },
    /// Several paths end with it.
    #[error("point: {found} is the end of {count} paths; write one of: {allowed}")]
    Several {
        /// The name.
        found: Found,
        /// How many they are.
        count: usize,
        /// The paths, as far as a message holds them.
        allowed: String,
    },
    /// Moments that cannot be rolled up.
    #[error(transparent)]
    RollUp(#[from] RollUpError),
    /// Moments that cannot be put in periods.
    #[error(transparent)]
    Uplift(#[from] UpliftError),
}

/// The path that a name identifies: the path itself, or the only path that ends with it. Where
/// nothing is recorded, any name will do.
///
/// # Errors
/// A name that means none of the paths, or several.
pub fn meant<'p>(point: &'p str, paths: &'p BTreeSet<String>) -> Result<&'p str, PointError> {
    if let Some(path) = paths.get(point) {
        return Ok(path);
    }
    if paths.is_empty() {
        return Ok(point);
    }
    let ending: Vec<&String> = paths.iter().filter(|path| path.rsplit('/').next() == Some(point)).collect();
    let listed = |paths: &mut dyn Iterator<Item = &String>, all: usize| {
        let shown: Vec<_> = paths.take(LISTED).map(|path| brief(path, 60)).collect();
        let more = if all > LISTED { format!(" and {} more", all - LISTED) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    let found = Found::text(point);
    match ending.as_slice() {
        [only] => Ok(only),
        [] => Err(PointError::Unknown { found, allowed: listed(&mut paths.iter(), paths.len()) }),
        several => {
            let count = several.len();
            Err(PointError::Several { found, count, allowed: listed(&mut several.iter().copied(), count) })
        }
    }
}

/// Gathers the moments of one point.
pub struct PointFold {
    wording: LevelWording,
    journey: JourneyFold,
    uplift: UpliftFold,
    worst: BTreeMap<(Level, Reverse<When>), Rating<'static>>,
    latest: BTreeMap<Reverse<When>, Rating<'static>>,
}

impl PointFold {
    /// Moments are explained in this wording; months are those of the zone.
    #[must_use]
    pub fn new(wording: LevelWording, zone: Zone) -> Self {
        let by = || vec![Dimension::Point];
        let (journey, uplift) = (JourneyFold::new(by()), UpliftFold::new(Calendar::Month, zone, by()));
        Self { wording, journey, uplift, worst: BTreeMap::new(), latest: BTreeMap::new() }
    }

    /// Takes one moment of the point.
    ///
    /// # Errors
    /// More names than there are numbers for, amounts that do not add up exactly.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When) -> Result<(), PointError> {
        self.journey.take(moment, when)?;
        if when.at.is_some() {
            self.uplift.take(moment, when)?;
        }
        let rating = || Rating::of(moment, self.wording).into_owned();
        if moment.remarked() {
            offer(&mut self.worst, KEPT, (moment.assessment.level, Reverse(when)), rating);
        }
        offer(&mut self.latest, KEPT, Reverse(when), rating);
        Ok(())
    }

    /// The point of this path.
    #[must_use]
    pub fn finish(self, model: &Model, path: &str) -> Point {
        let key = Key(vec![(Dimension::Point, Some(path.to_owned()))]);
        let blank = Group { key: Some(key), ..Group::blank(model, &[Dimension::Point]) };
        // points of a journey laid out are there without a moment, too
        let groups = self.journey.finish(model, |_| None).groups;
        let group = groups.into_iter().find(|group| group.count > 0).unwrap_or(blank);
        let uplift = self.uplift.finish(model, None).ok();
        Point {
            direction: uplift.and_then(|uplift| uplift.groups.first().map(|group| group.direction)),
            step_up: group.median.map(|level| model.level(level).step_up.clone()),
            group,
            worst_moments: self.worst.into_values().collect(),
            latest_moments: self.latest.into_values().collect(),
        }
    }
}

/// A `journey` group with its worst and latest moments.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Its roll-up.
    #[serde(flatten)]
    pub group: Group,
    /// The worst moments, the latest of equals first.
    pub worst_moments: Vec<Rating<'static>>,
    /// The latest moments.
    pub latest_moments: Vec<Rating<'static>>,
    /// Which way it goes, month by month.
    pub direction: Option<Direction>,
    /// What takes the next step up from its median.
    pub step_up: Option<String>,
}
