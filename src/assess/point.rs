//! One perception point as recorded: its roll-up, its worst and its latest moments.

use std::collections::BTreeSet;

use serde::Serialize;

use super::journey::{Group, Journey};
use super::recovery::{By, Strategy};
use super::uplift::{Direction, Uplift};
use super::{Dimension, Key, left_to_json};
use crate::error::Found;
use crate::printable::brief;
use crate::rating::row::Rating;
use crate::rules::Model;

/// How many of the worst and of the latest moments are shown.
pub(crate) const SHOWN: usize = 5;

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

/// A `journey` group with its worst and latest moments.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Its roll-up.
    #[serde(flatten)]
    pub group: Group,
    /// The worst moments, the latest of equals first.
    #[serde(serialize_with = "left_to_json")]
    pub worst_moments: Vec<Rating<'static>>,
    /// The latest moments.
    #[serde(serialize_with = "left_to_json")]
    pub latest_moments: Vec<Rating<'static>>,
    /// Which way it goes, month by month.
    pub direction: Option<Direction>,
    /// How failures here are met, and whether they bounce.
    pub met: Strategy,
    /// What takes the next step up from its median.
    pub step_up: Option<String>,
}

impl Point {
    /// The point of this path, from a journey and its development that hold no moments but its own.
    #[must_use]
    pub(crate) fn of(
        model: &Model,
        path: &str,
        journey: Journey,
        uplift: Option<Uplift>,
        [worst_moments, latest_moments]: [Vec<Rating<'static>>; 2],
        met: Option<Strategy>,
    ) -> Self {
        let key = Key(vec![(Dimension::Point, Some(path.to_owned()))]);
        let blank = Group { key: Some(key), ..Group::blank(model, &[Dimension::Point]) };
        // points of a journey laid out are there without a moment, too
        let group = journey.groups.into_iter().find(|group| group.count > 0).unwrap_or(blank);
        Self {
            direction: uplift.and_then(|uplift| uplift.groups.first().map(|group| group.direction)),
            step_up: group.median.map(|level| model.level(level).step_up.clone()),
            group,
            worst_moments,
            latest_moments,
            met: met.unwrap_or_else(|| Strategy::blank(&[By::Of(Dimension::Point)])),
        }
    }
}
