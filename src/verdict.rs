//! What the recipient said of a moment: a level in their own word, or as much of one as an answer on a scale
//! can say (sections 1, 4 and 12 of the model).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::UnknownName;
use crate::level::Level;

/// The recipient's own word for a moment's level, or an open verdict: an answer on a scale, which says less.
///
/// ```
/// use serveup::{Level, Verdict};
///
/// let stars: Verdict = "basic-or-below".parse()?;
/// assert!(stars.is_open() && stars.allows(Level::Criminal) && !stars.allows(Level::Expected));
/// // a broken promise stays what it was, a good one was not lived so
/// assert_eq!(stars.moved(Level::Criminal), Level::Criminal);
/// assert_eq!(stars.moved(Level::Desired), Level::Basic);
/// assert_eq!(Verdict::of(Level::Desired).moved(Level::Criminal), Level::Desired);
/// # Ok::<(), serveup::UnknownName>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    level: Level,
    bound: Bound,
}

/// What a verdict says of its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Bound {
    /// It is that level: their own word.
    Exact,
    /// It is that level or a lower one.
    OrBelow,
    /// It is that level or a higher one.
    OrAbove,
}

impl Verdict {
    /// All there are: the six own words, then the open verdicts, of the four levels from basic to surprising.
    pub const ALL: [Self; 14] = {
        let mut all = [Self::of(Level::Criminal); 14];
        let mut index = 0;
        while index < 6 {
            all[index] = Self::of(Level::ALL[index]);
            index += 1;
        }
        let mut open = 0;
        while open < 4 {
            all[6 + open] = Self { level: Level::ALL[1 + open], bound: Bound::OrBelow };
            all[10 + open] = Self { level: Level::ALL[1 + open], bound: Bound::OrAbove };
            open += 1;
        }
        all
    };

    /// Their names, in the same order: one table for display, parsing, serde and the schema.
    pub const NAMES: [&'static str; 14] = [
        "criminal",
        "basic",
        "expected",
        "desired",
        "surprising",
        "unbelievable",
        "basic-or-below",
        "expected-or-below",
        "desired-or-below",
        "surprising-or-below",
        "basic-or-above",
        "expected-or-above",
        "desired-or-above",
        "surprising-or-above",
    ];

    /// The recipient's own word.
    #[must_use]
    pub const fn of(level: Level) -> Self {
        Self { level, bound: Bound::Exact }
    }

    /// What an answer on a scale says: `step` counts from the worst, 1, to the best, `steps`. `None` where
    /// there is no such step, or fewer than two.
    ///
    /// A scale stops at "satisfied" and starts at "dissatisfied": how bad or how good it was is for the
    /// facts to say. Only the middle of an odd scale names one level (section 12 of the model).
    ///
    /// ```
    /// use serveup::Verdict;
    ///
    /// let scale = |steps| (1..=steps).filter_map(move |step| Verdict::on_scale(step, steps)).map(Verdict::name);
    /// assert!(scale(2).eq(["basic-or-below", "expected-or-above"]));
    /// assert!(scale(3).eq(["basic-or-below", "expected", "expected-or-above"]));
    /// assert!(scale(5).eq([
    ///     "basic-or-below", "basic-or-below", "expected", "expected-or-above", "desired-or-above",
    /// ]));
    /// assert_eq!(Verdict::on_scale(6, 5), None);
    /// ```
    #[must_use]
    pub fn on_scale(step: u32, steps: u32) -> Option<Self> {
        if steps < 2 || !(1..=steps).contains(&step) {
            return None;
        }
        // the middle lies halfway between the first step and the last
        let (level, bound) = match (2 * u64::from(step)).cmp(&(u64::from(steps) + 1)) {
            Ordering::Less => (Level::Basic, Bound::OrBelow),
            Ordering::Equal => (Level::Expected, Bound::Exact),
            Ordering::Greater if step == steps && steps >= 5 => (Level::Desired, Bound::OrAbove),
            Ordering::Greater => (Level::Expected, Bound::OrAbove),
        };
        Some(Self { level, bound })
    }

    /// The place in [`Verdict::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self.bound {
            Bound::Exact => self.level.index(),
            Bound::OrBelow => 5 + self.level.index(),
            Bound::OrAbove => 9 + self.level.index(),
        }
    }

    /// The name in a record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self.index()]
    }

    /// The level it names.
    #[must_use]
    pub const fn level(self) -> Level {
        self.level
    }

    /// The level that is their own word; `None` of an open verdict.
    #[must_use]
    pub const fn own(self) -> Option<Level> {
        if self.is_open() { None } else { Some(self.level) }
    }

    /// Whether it says less than a level.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self.bound, Bound::Exact)
    }

    /// The lowest level it allows.
    #[must_use]
    pub const fn lowest(self) -> Level {
        if matches!(self.bound, Bound::OrBelow) { Level::Criminal } else { self.level }
    }

    /// The highest level it allows.
    #[must_use]
    pub const fn highest(self) -> Level {
        if matches!(self.bound, Bound::OrAbove) { Level::Unbelievable } else { self.level }
    }

    /// Whether it allows a level.
    #[must_use]
    pub fn allows(self, level: Level) -> bool {
        (self.lowest()..=self.highest()).contains(&level)
    }

    /// The level it allows that is nearest to an assessed one.
    #[must_use]
    pub fn moved(self, assessed: Level) -> Level {
        assessed.clamp(self.lowest(), self.highest())
    }
}

impl From<Level> for Verdict {
    fn from(level: Level) -> Self {
        Self::of(level)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verdict {
    type Err = UnknownName;

    /// Names are compared as written.
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = Self::ALL.into_iter().find(|verdict| verdict.name() == name);
        known.ok_or_else(|| UnknownName::new("verdict", name, &Self::NAMES))
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_has_its_place_and_name() {
        for (index, verdict) in Verdict::ALL.into_iter().enumerate() {
            assert_eq!(verdict.index(), index);
            assert_eq!(verdict.name().parse(), Ok(verdict));
            let name = match (verdict.own(), verdict.lowest()) {
                (Some(level), _) => level.name().to_owned(),
                (None, Level::Criminal) => format!("{}-or-below", verdict.level()),
                (None, _) => format!("{}-or-above", verdict.level()),
            };
            assert_eq!(verdict.name(), name);
        }
        for name in ["", "Basic", "criminal-or-below", "unbelievable-or-above", "criminal-or-above", "basic or below"] {
            assert!(name.parse::<Verdict>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_level_is_moved_no_further_than_it_must() {
        for verdict in Verdict::ALL {
            for level in Level::ALL {
                let moved = verdict.moved(level);
                assert!(verdict.allows(moved));
                assert_eq!(moved == level, verdict.allows(level), "{verdict} {level}");
                let distance = |other: Level| other.rank().abs_diff(level.rank());
                let nearest = Level::ALL.into_iter().filter(|&other| verdict.allows(other)).map(distance).min();
                assert_eq!(Some(distance(moved)), nearest);
            }
        }
    }
}
