//! Statistics on counts: pure functions, each with its source.
//!
//! Levels are ordinal, so they are counted, and summed up by medians and
//! shares; there is no mean of ranks here (section 7 of the model).

mod clusters;

use serde::Serialize;

use crate::level::Level;

pub use clusters::Clusters;

/// The 97.5 % point of the standard normal distribution, for 95 % intervals.
const Z: f64 = 1.959_963_984_540_054;

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many have it.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

/// A share from 0 to 1 with its 95 % interval; all `None` where there is nothing to share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The share itself.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub share: Option<f64>,
    /// The lower bound.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub low: Option<f64>,
    /// The upper bound.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub high: Option<f64>,
}

/// The difference of two shares, from -1 to 1, with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// The second share minus the first.
    #[cfg_attr(feature = "schema", schemars(range(min = -1, max = 1)))]
    pub diff: Option<f64>,
    /// The lower bound.
    #[cfg_attr(feature = "schema", schemars(range(min = -1, max = 1)))]
    pub low: Option<f64>,
    /// The upper bound.
    #[cfg_attr(feature = "schema", schemars(range(min = -1, max = 1)))]
    pub high: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "counts of interactions stay far below 2^53")]
const fn float(count: u64) -> f64 {
    count as f64
}

impl Share {
    /// The share from 0 to 1.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| float(self.count) / float(self.of))
    }

    /// The share with its Wilson interval, without continuity correction
    /// (Wilson 1927, Journal of the American Statistical Association 22).
    ///
    /// ```
    /// use serveup::stats::Share;
    ///
    /// let none_of_twenty = Share { count: 0, of: 20 }.wilson();
    /// assert_eq!(none_of_twenty.low, Some(0.0));
    /// assert!((none_of_twenty.high.unwrap() - 0.1611).abs() < 5e-5);
    /// ```
    #[must_use]
    pub fn wilson(self) -> Estimate {
        let Some(share) = self.value() else { return Estimate::default() };
        let n = float(self.of);
        let (z2, scale) = (Z * Z, 1.0 + Z * Z / n);
        let center = share + z2 / (2.0 * n);
        let reach = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        // at 0 and 1 the bound is the share itself, whatever rounding says
        let low = if self.count == 0 { 0.0 } else { ((center - reach) / scale).clamp(0.0, share) };
        let high = if self.count >= self.of { 1.0 } else { ((center + reach) / scale).clamp(share, 1.0) };
        Estimate { share: Some(share), low: Some(low), high: Some(high) }
    }

    /// This share minus an earlier one, with the interval made from the two
    /// Wilson intervals (Newcombe 1998, Statistics in Medicine 17, method 10).
    #[must_use]
    pub fn minus(self, earlier: Self) -> Difference {
        let (now, before) = (self.wilson(), earlier.wilson());
        let (Some(p1), Some(l1), Some(u1)) = (now.share, now.low, now.high) else { return Difference::default() };
        let (Some(p2), Some(l2), Some(u2)) = (before.share, before.low, before.high) else {
            return Difference::default();
        };
        let diff = p1 - p2;
        Difference {
            diff: Some(diff),
            low: Some(diff - (p1 - l1).hypot(u2 - p2)),
            high: Some(diff + (u1 - p1).hypot(p2 - l2)),
        }
    }
}

impl Difference {
    /// Whether the whole interval is below zero.
    #[must_use]
    pub fn below_zero(self) -> bool {
        self.high.is_some_and(|high| high < 0.0)
    }

    /// Whether the whole interval is above zero.
    #[must_use]
    pub fn above_zero(self) -> bool {
        self.low.is_some_and(|low| low > 0.0)
    }
}

/// How many interactions are on each level, lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution(pub [u64; 6]);

impl Distribution {
    /// Counts one more.
    pub fn add(&mut self, level: Level) {
        self.0[level.index()] += 1;
    }

    /// Counts others.
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
    use super::*;

    #[track_caller]
    fn near(found: Option<f64>, wanted: f64, within: f64) {
        assert!(found.is_some_and(|found| (found - wanted).abs() < within), "{found:?} is not {wanted}");
    }

    #[test]
    fn wilson_gives_the_published_bounds() {
        // Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3:
        // 81/263: 0.2553 to 0.3662; 15/148: 0.0624 to 0.1605; 0/20: 0.0000 to 0.1611; 1/29: 0.0061 to 0.1718
        for (count, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let estimate = Share { count, of }.wilson();
            near(estimate.low, low, 5e-5);
            near(estimate.high, high, 5e-5);
        }
        assert_eq!(Share { count: 20, of: 20 }.wilson().high, Some(1.0));
        assert_eq!(Share { count: 0, of: 0 }.wilson(), Estimate::default());
    }

    #[test]
    fn an_interval_that_touches_zero_lies_on_no_side_of_it() {
        let interval = |low, high| Difference { diff: None, low, high };
        for (low, high, below, above) in [
            (Some(-0.2), Some(-0.1), true, false),
            (Some(-0.2), Some(0.0), false, false),
            (Some(-0.1), Some(0.1), false, false),
            (Some(0.0), Some(0.2), false, false),
            (Some(0.1), Some(0.2), false, true),
            (None, None, false, false),
        ] {
            assert_eq!((interval(low, high).below_zero(), interval(low, high).above_zero()), (below, above));
        }
    }

    #[test]
    fn newcombe_gives_the_published_bounds() {
        // Newcombe 1998 (Statistics in Medicine 17, 873-890), table II, method 10:
        // 56/70 - 48/80: 0.0524 to 0.3339; 9/10 - 3/10: 0.1705 to 0.8090; 10/10 - 0/10: 0.6075 to 1.0000
        let cases = [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ];
        for ((count, of), (earlier, of_earlier), low, high) in cases {
            let difference = Share { count, of }.minus(Share { count: earlier, of: of_earlier });
            near(difference.low, low, 5e-5);
            near(difference.high, high, 5e-5);
        }
        assert_eq!(Share { count: 1, of: 2 }.minus(Share::default()), Difference::default());
    }

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
