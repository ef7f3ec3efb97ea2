//! Shares and their differences, with 95 % intervals.

use serde::Serialize;

use super::{Clusters, float, t_quantile};

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
    /// By how much the moments count for less than as many of different recipients would, from 1 to their number.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub design_effect: Option<f64>,
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
    /// How likely chance alone makes the shares at least as different; `None` where there is too little to compare.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub p: Option<f64>,
    /// The share of chance findings among all comparisons of the run that are at least as clear as this one.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub q: Option<f64>,
}

/// Wilson's interval of a share of `n` moments at a quantile of the normal distribution or of Student's t, without
/// continuity correction (Wilson 1927, Journal of the American Statistical Association 22). `n` need not be whole.
///
/// ```
/// use serveup::stats::{Z, wilson};
///
/// let (low, high) = wilson(0.0, 20.0, Z);
/// assert_eq!(low, 0.0);
/// assert!((high - 0.1611).abs() < 5e-5);
/// ```
#[must_use]
pub fn wilson(share: f64, n: f64, quantile: f64) -> (f64, f64) {
    let q2 = quantile * quantile;
    let scale = 1.0 + q2 / n;
    let center = share + q2 / (2.0 * n);
    let reach = quantile * (share * (1.0 - share) / n + q2 / (4.0 * n * n)).sqrt();
    // at 0 and 1 the bound is the share itself, whatever rounding says
    let low = if share <= 0.0 { 0.0 } else { ((center - reach) / scale).clamp(0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { ((center + reach) / scale).clamp(share, 1.0) };
    (low, high)
}

impl Share {
    /// The share from 0 to 1.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| float(self.count) / float(self.of))
    }

    /// The share with the Wilson interval of as many moments as these count like, by the design effect, at the quantile
    /// of Student's t with one degree of freedom less than there are recipients (Korn & Graubard 1998, Survey
    /// Methodology 24); of the normal distribution where there is only one.
    #[must_use]
    pub fn estimate(self, clusters: &Clusters) -> Estimate {
        let Some(share) = self.value() else { return Estimate::default() };
        let design_effect = clusters.design_effect(self);
        let quantile = t_quantile(clusters.recipients.saturating_sub(1));
        let (low, high) = wilson(share, float(self.of) / design_effect, quantile);
        Estimate { share: Some(share), low: Some(low), high: Some(high), design_effect: Some(design_effect) }
    }
}

impl Estimate {
    /// This share minus an earlier one, with the interval made from those of the two (Newcombe 1998, Statistics in
    /// Medicine 17, method 10). Whether that is beyond chance, [`Pairs`](super::Pairs) say.
    #[must_use]
    pub fn minus(&self, earlier: &Self) -> Difference {
        let (Some(p1), Some(l1), Some(u1)) = (self.share, self.low, self.high) else { return Difference::default() };
        let (Some(p2), Some(l2), Some(u2)) = (earlier.share, earlier.low, earlier.high) else {
            return Difference::default();
        };
        let diff = p1 - p2;
        Difference {
            diff: Some(diff),
            low: Some(diff - (p1 - l1).hypot(u2 - p2)),
            high: Some(diff + (u1 - p1).hypot(p2 - l2)),
            ..Difference::default()
        }
    }
}

impl Difference {
    /// At most one in twenty of all that is called changed is to have changed by chance alone.
    const CHANCE: f64 = 0.05;

    /// Whether the later share is lower, and that beyond chance.
    #[must_use]
    pub fn fell(&self) -> bool {
        self.is_beyond_chance() && self.diff.is_some_and(|diff| diff < 0.0)
    }

    /// Whether the later share is higher, and that beyond chance.
    #[must_use]
    pub fn rose(&self) -> bool {
        self.is_beyond_chance() && self.diff.is_some_and(|diff| diff > 0.0)
    }

    fn is_beyond_chance(&self) -> bool {
        self.q.is_some_and(|q| q <= Self::CHANCE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Z, near};
    use super::*;

    /// A share of moments of as many recipients.
    fn plain(count: u64, of: u64) -> Estimate {
        let share = float(count) / float(of);
        let (low, high) = wilson(share, float(of), Z);
        Estimate { share: Some(share), low: Some(low), high: Some(high), design_effect: Some(1.0) }
    }

    #[test]
    fn wilson_gives_the_published_bounds() {
        // Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3:
        // 81/263: 0.2553 to 0.3662; 15/148: 0.0624 to 0.1605; 0/20: 0.0000 to 0.1611; 1/29: 0.0061 to 0.1718
        for (count, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let estimate = plain(count, of);
            near(estimate.low, low, 5e-5);
            near(estimate.high, high, 5e-5);
        }
        assert_eq!(plain(20, 20).high, Some(1.0));
        assert_eq!(Share::default().estimate(&Clusters::default()), Estimate::default());
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
            let difference = plain(count, of).minus(&plain(earlier, of_earlier));
            near(difference.low, low, 5e-5);
            near(difference.high, high, 5e-5);
        }
        assert_eq!(plain(1, 2).minus(&Estimate::default()), Difference::default());
    }

    #[test]
    fn what_changed_beyond_chance_rose_or_fell() {
        for (diff, q, fell, rose) in [
            (-0.2, Some(0.05), true, false),
            (-0.2, Some(0.051), false, false),
            (0.2, Some(0.0), false, true),
            (0.0, Some(0.0), false, false),
            (-0.2, None, false, false),
        ] {
            let difference = Difference { diff: Some(diff), q, p: Some(0.0), ..Difference::default() };
            assert_eq!((difference.fell(), difference.rose()), (fell, rose));
        }
    }
}
