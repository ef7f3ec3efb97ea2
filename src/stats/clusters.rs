//! Who spoke: moments counted per recipient, and how much that says less than as many recipients would.

use super::{Share, float, signed, sum};

/// Below this many moments residuals are exact: a product of four counts has room in 128 bits, and what leaves that
/// room on the way comes back into it.
const EXACT_BELOW: u64 = 1 << 32;

/// The moments n and successes x of each recipient of a group, as the sums that a design effect needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// Recipients with at least one moment.
    pub recipients: u64,
    /// The sum of n².
    pub n2: u128,
    /// The sum of n · x.
    pub nx: u128,
    /// The sum of x².
    pub x2: u128,
}

impl Clusters {
    /// Adds a recipient with all their moments: `n`, of which `x` succeeded. One without moments says nothing.
    pub fn add(&mut self, n: u64, x: u64) {
        let (n, x) = (u128::from(n), u128::from(x));
        self.recipients += u64::from(n > 0);
        self.n2 += n * n;
        self.nx += n * x;
        self.x2 += x * x;
    }

    /// Adds other recipients.
    pub fn merge(&mut self, other: &Self) {
        self.recipients += other.recipients;
        self.n2 += other.n2;
        self.nx += other.nx;
        self.x2 += other.x2;
    }

    /// By how much the variance of the share of all these moments is larger than that of as many recipients with one
    /// moment each (Rao & Scott 1992, Biometrics 48): at least 1 and at most the number of moments.
    ///
    /// ```
    /// use serveup::stats::{Clusters, Share};
    ///
    /// // of three recipients one is content four times of four, one once of two, one not at all
    /// let mut clusters = Clusters::default();
    /// for (n, x) in [(4, 4), (2, 1), (1, 0)] {
    ///     clusters.add(n, x);
    /// }
    /// // p = 5/7; (4 - 20/7)² + (1 - 10/7)² + (0 - 5/7)² = 98/49; v = 3/2 · 98/49 / 49; v0 = 5/7 · 2/7 / 7
    /// assert!((clusters.design_effect(Share { count: 5, of: 7 }) - 2.1).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn design_effect(&self, share: Share) -> f64 {
        let Share { count, of } = share;
        if self.recipients < 2 || of == 0 {
            return 1.0;
        }
        let effect = if count == 0 || count >= of {
            sum(self.n2) / float(of)
        } else {
            // v / v0, with all that both are divided by left out
            let m = float(self.recipients);
            let chance = float(of) * float(count) * float(of - count);
            m / (m - 1.0) * (self.residuals(share) / chance)
        };
        effect.clamp(1.0, float(of))
    }

    /// [`residuals`] of the group with itself.
    pub(super) fn residuals(&self, share: Share) -> f64 {
        residuals(share, self.n2, self.nx.saturating_mul(2), self.x2)
    }
}

/// The sum over all recipients of (n · x - `count` · n)(n' · x' - `count` · n'), scaled by `of` as x - p · n is by 1 /
/// `of`, from their sums of n · n', of n · x' + x · n', and of x · x'.
///
/// With integers, as in floating-point numbers nearly all of it would be lost where recipients differ little.
pub(super) fn residuals(share: Share, nn: u128, nx: u128, xx: u128) -> f64 {
    let Share { count, of } = share;
    if of < EXACT_BELOW {
        let (x, n) = (u128::from(count), u128::from(of));
        let ends = (n * n).wrapping_mul(xx).wrapping_add((x * x).wrapping_mul(nn));
        // residuals add up to 0, so that this is at most n⁴ / 8, and has a sign between two groups
        return signed(ends.wrapping_sub((n * x).wrapping_mul(nx)).cast_signed());
    }
    let (x, n) = (float(count), float(of));
    n * n * sum(xx) - n * x * sum(nx) + x * x * sum(nn)
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "these are exact; a slow count in floating-point numbers"
)]
mod tests {
    use super::super::near;
    use super::*;

    fn clusters(recipients: &[(u64, u64)]) -> (Clusters, Share) {
        let mut clusters = Clusters::default();
        let mut share = Share::default();
        for &(n, x) in recipients {
            clusters.add(n, x);
            share = Share { count: share.count + x, of: share.of + n };
        }
        (clusters, share)
    }

    #[track_caller]
    fn effect(recipients: &[(u64, u64)]) -> f64 {
        let (clusters, share) = clusters(recipients);
        clusters.design_effect(share)
    }

    #[test]
    fn design_effects_worked_by_hand() {
        // p = 4/6; residuals 2 - 4/3, 1 - 4/3, 1 - 4/3: 4/9 + 1/9 + 1/9 = 2/3; v = 3/2 · 2/3 / 36 = 1/36; v0 = 2/9 / 6
        // = 1/27
        assert_eq!(effect(&[(2, 2), (2, 1), (2, 1)]), 1.0, "27/36 is less than 1");
        // p = 3/6; residuals 3 - 3/2, 0 - 1, 0 - 1/2: 9/4 + 1 + 1/4 = 7/2; v = 3/2 · 7/2 / 36 = 7/48; v0 = 1/4 / 6 =
        // 1/24
        near(effect(&[(3, 3), (2, 0), (1, 0)]), 3.5, 1e-15);
        // all or nothing: (16 + 4 + 1) / 7
        assert_eq!(effect(&[(4, 4), (2, 2), (1, 1)]), 3.0);
        assert_eq!(effect(&[(4, 0), (2, 0), (1, 0)]), 3.0);
        // one recipient, however much they say; none; recipients of whom nothing is noted
        assert_eq!([effect(&[(438, 400)]), effect(&[(5, 5)]), effect(&[]), effect(&[(0, 0), (3, 1)])], [1.0; 4]);
        near(effect(&[(0, 0), (1, 1), (1, 0)]), 2.0, 1e-15);
        // two who disagree always: v = 2 · (2 · 25) / 400 = 1/4, v0 = 1/80; n is the most
        assert_eq!(effect(&[(10, 10), (10, 0)]), 20.0);
        // everyone once: m / (m - 1), which is no design effect but what a sample variance is
        near(effect(&[(1, 1), (1, 0), (1, 0), (1, 1)]), 4.0 / 3.0, 1e-15);
    }

    #[test]
    fn variances_and_intervals_are_those_of_other_programs() {
        // standard error: samplics 0.6.1, TaylorEstimator(PopParam.mean) with psu, and statsmodels 0.15.0, OLS with
        // cov_type "cluster"; interval: statsmodels proportion_confint(…, method="wilson") with n / d and
        // alpha = 2 * norm.sf(t.ppf(0.975, 7)) of scipy 1.17.1
        let (clusters, share) = clusters(&[(1, 1), (2, 0), (3, 3), (5, 4), (8, 8), (13, 7), (1, 0), (21, 20)]);
        let p = 43.0 / 54.0;
        let variance = clusters.design_effect(share) * p * (1.0 - p) / 54.0;
        near(variance.sqrt(), 0.105_167_605_299_400_74, 1e-15);
        let estimate = share.estimate(&clusters);
        near(estimate.low, 0.487_661_389_978_746, 1e-12);
        near(estimate.high, 0.941_363_619_300_908, 1e-12);
    }

    #[test]
    fn sums_give_what_a_pass_over_recipients_gives() {
        // from hardly any moments to the most that are exact: the last has shares alike to the last digit but one
        let far = 715_000_000;
        for recipients in [
            vec![(1, 0), (2, 1), (3, 3), (4, 1), (5, 5)],
            (1..200).map(|n| (n * n, n * n - n % 7)).collect(),
            (0..6).map(|n| (far + n, far - 10_000 + 3 * n)).collect(),
            (0..6).map(|n| (far * 40 + n, far * 30 + 100_000_000 * n)).collect(),
        ] {
            let (clusters, share) = clusters(&recipients);
            let (m, n, x) = (recipients.len() as f64, share.of as f64, share.count as f64);
            // exact: (x_r · n - x · n_r) has room in 128 bits
            let residual = |&(of, count): &(u64, u64)| {
                i128::from(count) * i128::from(share.of) - i128::from(share.count) * i128::from(of)
            };
            let slow: f64 = recipients.iter().map(|recipient| (residual(recipient) as f64 / n / n).powi(2)).sum();
            let (v, v0) = (m / (m - 1.0) * slow, x / n * (1.0 - x / n) / n);
            near(clusters.design_effect(share), (v / v0).clamp(1.0, n), 1e-9 * v / v0);
            near(clusters.residuals(share) / n.powi(4), slow, 1e-6 * slow);
        }
    }

    #[test]
    fn merging_is_adding() {
        let (mut one, _) = clusters(&[(3, 1), (2, 2)]);
        let (other, _) = clusters(&[(5, 0)]);
        one.merge(&other);
        assert_eq!(one, clusters(&[(3, 1), (2, 2), (5, 0)]).0);
    }
}
