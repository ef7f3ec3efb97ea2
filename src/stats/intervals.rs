//! Shares and their differences, with 95 % intervals.

use serde::Serialize;

use super::{Clusters, Z, float, t_quantile};

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

    /// The share with its Wilson interval, as if every moment were of another recipient.
    #[must_use]
    pub fn wilson(self) -> Estimate {
        let Some(share) = self.value() else { return Estimate::default() };
        let (low, high) = wilson(share, float(self.of), Z);
        Estimate { share: Some(share), low: Some(low), high: Some(high) }
    }

    /// The share with the Wilson interval of as many moments as these count like, by the design effect, at the quantile of
    /// Student's t with one degree of freedom less than there are recipients (Korn & Graubard 1998, Survey Methodology
    /// 24); of the normal distribution where there is only one.
    #[must_use]
    pub fn estimate(self, clusters: &Clusters) -> Estimate {
        let Some(share) = self.value() else { return Estimate::default() };
        let n = float(self.of) / clusters.design_effect(self);
        let (low, high) = wilson(share, n, t_quantile(clusters.recipients.saturating_sub(1)));
        Estimate { share: Some(share), low: Some(low), high: Some(high) }
    }

    /// This share minus an earlier one, with the interval of the two Wilson intervals.
    #[must_use]
    pub fn minus(self, earlier: Self) -> Difference {
        self.wilson().minus(&earlier.wilson())
    }
}

impl Estimate {
    /// This share minus an earlier one, with the interval made from those of the two (Newcombe 1998, Statistics in
    /// Medicine 17, method 10).
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

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

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
}
