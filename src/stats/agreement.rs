//! Two judges of the same moments, and how far they agree.

use serde::Serialize;

use super::{Share, float};
use crate::level::Level;

/// Two judges of the same moments: how often the first said one level and the
/// second another, `[first][second]`, lowest level first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Agreement(pub [[u64; 6]; 6]);

impl Agreement {
    /// Counts one pair more.
    pub fn add(&mut self, first: Level, second: Level) {
        self.0[first.index()][second.index()] += 1;
    }

    /// How many pairs there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// How many pairs satisfy a relation of the two ranks' places, 0 to 5.
    fn count(&self, relation: impl Fn(usize, usize) -> bool) -> u64 {
        self.pairs().filter(|&(first, second, _)| relation(first, second)).map(|(.., count)| count).sum()
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let row = |(first, row): (usize, &[u64; 6])| {
            let row = *row;
            (0..6).map(move |second| (first, second, row[second]))
        };
        self.0.iter().enumerate().flat_map(row)
    }

    /// The share of pairs that are equal.
    #[must_use]
    pub fn exact(&self) -> Share {
        Share { count: self.count(|first, second| first == second), of: self.total() }
    }

    /// The share of pairs at most one level apart.
    #[must_use]
    pub fn within_one(&self) -> Share {
        Share { count: self.count(|first, second| first.abs_diff(second) <= 1), of: self.total() }
    }

    /// [`weighted_kappa`] of the two.
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        weighted_kappa(&self.0)
    }
}

/// Cohen's kappa with quadratic weights (Cohen 1968, Psychological Bulletin
/// 70) of a square table `[first][second]` of ordered answers: 1 for full agreement, 0 for what
/// chance would give. `None` where chance leaves no room to disagree, or there are no pairs.
#[must_use]
pub fn weighted_kappa<const N: usize>(table: &[[u64; N]; N]) -> Option<f64> {
    let first: [u64; N] = std::array::from_fn(|index| table[index].iter().sum());
    let second: [u64; N] = std::array::from_fn(|index| table.iter().map(|row| row[index]).sum());
    let n = float(first.iter().sum());
    let (mut observed, mut by_chance) = (0.0, 0.0);
    for (one, row) in table.iter().enumerate() {
        for (other, &count) in row.iter().enumerate() {
            let apart = one.abs_diff(other);
            let weight = float((apart * apart) as u64);
            observed += weight * float(count);
            by_chance += weight * float(first[one]) * float(second[other]) / n;
        }
    }
    (by_chance > 0.0).then(|| 1.0 - observed / by_chance)
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn kappa_is_one_zero_and_undefined_where_it_should_be() {
        let mut full = Agreement::default();
        full.add(Level::Basic, Level::Basic);
        assert_eq!(full.kappa(), None);
        full.add(Level::Desired, Level::Desired);
        assert_eq!(full.kappa(), Some(1.0));
        // independent judges: every pair equally often
        let chance = Agreement([[1; 6]; 6]);
        near(chance.kappa(), 0.0, 1e-12);
        assert_eq!(Agreement::default().kappa(), None);
        assert_eq!((chance.exact(), chance.within_one()), (Share { count: 6, of: 36 }, Share { count: 16, of: 36 }));
        // three answers, 3 1 2 of the first and 2 2 2 of the second: 4 + 1 = 5 apart; by chance
        // (3 · (0 + 1 + 4) + 1 · (1 + 0 + 1) + 2 · (4 + 1 + 0)) · 2 / 6 = 9
        near(weighted_kappa(&[[2, 0, 1], [0, 1, 0], [0, 1, 1]]), 4.0 / 9.0, 1e-12);
    }
}
