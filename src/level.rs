//! The six levels of service, an ordinal scale (section 2 of the model; Kaufman).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::UnknownName;

/// One of the six levels of service, as experienced by the person served.
///
/// Greater means better for the recipient. The order is all there is: levels
/// have ranks, but a rank is a place in a row and not a quantity, so ranks are
/// counted and compared, never averaged.
///
/// ```
/// use serveup::Level;
///
/// let level: Level = "surprising".parse()?;
/// assert!(level > Level::BASELINE);
/// assert_eq!(level.rank(), 5);
/// # Ok::<(), serveup::UnknownName>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// A promise is broken, legitimate minimum expectations are violated.
    Criminal = 1,
    /// They got what they needed, but it was not nice, or is nothing special any more.
    Basic,
    /// Normal, average, as agreed.
    Expected,
    /// The way this recipient likes, hopes for, prefers.
    Desired,
    /// Something unexpected that this recipient values.
    Surprising,
    /// Astonishing, the story that gets told.
    Unbelievable,
}

/// The half of the scale a level lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// Criminal, basic, expected: satisfied at best, which is not loyal.
    Bottom,
    /// Desired, surprising, unbelievable.
    Top,
}

impl Level {
    /// All six, lowest first.
    pub const ALL: [Self; 6] =
        [Self::Criminal, Self::Basic, Self::Expected, Self::Desired, Self::Surprising, Self::Unbelievable];

    /// The names, lowest first: one table for display, parsing and serde.
    pub const NAMES: [&'static str; 6] = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"];

    /// What a moment is worth when nothing speaks for more or for less.
    pub const BASELINE: Self = Self::Expected;

    /// The place in the row, 1 (criminal) to 6 (unbelievable).
    #[must_use]
    pub const fn rank(self) -> u8 {
        self as u8
    }

    /// The level of a rank from 1 to 6.
    #[must_use]
    pub const fn from_rank(rank: u8) -> Option<Self> {
        match rank {
            1..=6 => Some(Self::ALL[rank as usize - 1]),
            _ => None,
        }
    }

    /// The place in the row counted from 0, for tables of six.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize - 1
    }

    /// The fixed name. What people read may be translated; see [`Model::label`](crate::Model::label).
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self.index()]
    }

    /// The half of the scale.
    #[must_use]
    pub const fn half(self) -> Half {
        if self.rank() > Self::BASELINE.rank() { Half::Top } else { Half::Bottom }
    }

    /// The next level down; criminal stays criminal.
    #[must_use]
    pub const fn below(self) -> Self {
        match self {
            Self::Criminal => Self::Criminal,
            _ => Self::ALL[self.index() - 1],
        }
    }
}

impl Half {
    /// `bottom` or `top`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bottom => "bottom",
            Self::Top => "top",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Level {
    type Err = UnknownName;

    /// Names are compared as written: `Basic` is not a level.
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or_else(|| UnknownName::new("level", name, &Self::NAMES))
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_names_and_halves_agree() {
        for (index, level) in Level::ALL.into_iter().enumerate() {
            assert_eq!(level.index(), index);
            assert_eq!(Level::from_rank(level.rank()), Some(level));
            assert_eq!(level.name().parse(), Ok(level));
        }
        assert_eq!(Level::from_rank(0), None);
        assert_eq!(Level::from_rank(7), None);
        let top: Vec<_> = Level::ALL.into_iter().filter(|level| level.half() == Half::Top).collect();
        assert_eq!(top, [Level::Desired, Level::Surprising, Level::Unbelievable]);
    }

    #[test]
    fn below_stops_at_criminal() {
        assert_eq!(Level::Unbelievable.below(), Level::Surprising);
        assert_eq!(Level::Basic.below(), Level::Criminal);
        assert_eq!(Level::Criminal.below(), Level::Criminal);
    }

    #[test]
    fn names_are_exact() {
        assert!("Basic".parse::<Level>().is_err());
        assert!(" basic".parse::<Level>().is_err());
        assert!("".parse::<Level>().is_err());
    }
}
