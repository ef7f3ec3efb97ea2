//! Levels counted: the distribution, its quartiles and its shares.

use super::Share;
use crate::level::Level;

/// How many interactions are on each level, lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution(pub [u64; 6]);

impl Distribution {
    /// Counts one more.
    pub fn add(&mut self, level: Level) {
        self.0[level.index()] += 1;
    }

    /// Adds others.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The level with sorted number ceil(`quarters` / 4 · n): the first quartile
    /// for 1, the median for 2, the third quartile for 3; where two are equally
    /// in the middle, the lower one (section 7 of the model).
    #[must_use]
    pub fn quartile(&self, quarters: u64) -> Option<Level> {
        let wanted = (self.total() * quarters).div_ceil(4).max(1);
        let mut counted = 0;
        Level::ALL.into_iter().find(|level| {
            counted += self.0[level.index()];
            counted >= wanted
        })
    }

    /// The lowest level there is.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        Level::ALL.into_iter().find(|level| self.0[level.index()] > 0)
    }

    /// The share of desired or better.
    #[must_use]
    pub fn top_half(&self) -> Share {
        Share { count: self.0[Level::BASELINE.index() + 1..].iter().sum(), of: self.total() }
    }
}

/// The lower median: of an even number the lower of the two in the middle; `None` of none.
/// Values that cannot be compared, like not-a-number, have no place in it.
#[must_use]
pub fn lower_median<T: Copy + PartialOrd>(values: &[T]) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_levels_and_the_lower_of_two() {
        // eight in order: c b b e e d d u; numbers ceil(2), ceil(4), ceil(6) are b, e, d
        let eight = Distribution([1, 2, 2, 2, 0, 1]);
        assert_eq!(eight.quartile(1), Some(Level::Basic));
        assert_eq!(eight.quartile(2), Some(Level::Expected));
        assert_eq!(eight.quartile(3), Some(Level::Desired));
        assert_eq!(eight.worst(), Some(Level::Criminal));
        // of two, the lower one is the median
        assert_eq!(Distribution([0, 1, 0, 1, 0, 0]).quartile(2), Some(Level::Basic));
        assert_eq!(Distribution::default().quartile(2), None);
        assert_eq!(lower_median(&[4.0, 1.0, 3.0, 2.0]), Some(2.0));
        assert_eq!(lower_median::<f64>(&[]), None);
    }
}
