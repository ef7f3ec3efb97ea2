//! Two periods compared: whether a share changed beyond chance, and how many of many such findings can be chance.

use super::clusters::residuals;
use super::{Clusters, Share, float, t_tails};

/// The moments and successes of each recipient met in either of two periods, as the sums that a test of the difference
/// needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Recipients with at least one moment in either period.
    pub recipients: u64,
    /// The earlier period.
    pub before: Clusters,
    /// The later period.
    pub after: Clusters,
    /// The sum of n · n, of the two periods.
    pub nn: u128,
    /// The sum of n · x, either way round.
    pub nx: u128,
    /// The sum of x · x.
    pub xx: u128,
}

impl Pairs {
    /// Adds a recipient with all their moments, `n` of which `x` succeeded, in the earlier and in the later period.
    pub fn add(&mut self, (n1, x1): (u64, u64), (n2, x2): (u64, u64)) {
        self.recipients += u64::from(n1 > 0 || n2 > 0);
        self.before.add(n1, x1);
        self.after.add(n2, x2);
        let [n1, x1, n2, x2] = [n1, x1, n2, x2].map(u128::from);
        self.nn += n1 * n2;
        self.nx += n1 * x2 + x1 * n2;
        self.xx += x1 * x2;
    }

    /// Adds other recipients.
    pub fn merge(&mut self, other: &Self) {
        self.recipients += other.recipients;
        self.before.merge(&other.before);
        self.after.merge(&other.after);
        self.nn += other.nn;
        self.nx += other.nx;
        self.xx += other.xx;
    }

    /// How likely chance alone makes the shares of both periods at least as different, either way: a score test that
    /// counts recipients and compares those met twice with themselves (Rao, Scott & Skinner 1998, Statistica Sinica 8:
    /// a quasi-score test, here of one difference). `None` where there are no two periods or no two recipients.
    #[must_use]
    pub fn p_value(&self, before: Share, after: Share) -> Option<f64> {
        let difference = after.value()? - before.value()?;
        if self.recipients < 2 {
            return None;
        }
        // counts, so that equal shares of different numbers are equal
        if u128::from(after.count) * u128::from(before.of) == u128::from(before.count) * u128::from(after.of) {
            return Some(1.0);
        }
        let both = Share { count: before.count + after.count, of: before.of + after.of };
        let (m, n, n1, n2) = (float(self.recipients), float(both.of), float(before.of), float(after.of));
        // z = (x2 - π n2) / n2 - (x1 - π n1) / n1 of each recipient; the z add up to the difference
        let own = self.after.residuals(both) / (n2 * n2) + self.before.residuals(both) / (n1 * n1);
        let squares = (own - 2.0 * (residuals(both, self.nn, self.nx, self.xx) / (n1 * n2))) / (n * n);
        let scatter = squares - difference * difference / m;
        // what is so small is rounding: all have changed alike
        if scatter <= 1e-13 * squares {
            return Some(0.0);
        }
        Some(t_tails(difference / (m / (m - 1.0) * scatter).sqrt(), self.recipients - 1))
    }
}

/// Of each finding with this p, the share of chance findings to expect among all that are at least as clear (Benjamini
/// & Hochberg 1995, Journal of the Royal Statistical Society B 57): calling changed what is at most 0.05 is wrong about
/// at most one time in twenty of what is called so.
#[must_use]
pub fn false_discovery_rates(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&one, &other| p[other].total_cmp(&p[one]));
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (larger, index) in order.into_iter().enumerate() {
        least = least.min(p[index] * float(p.len() as u64) / float((p.len() - larger) as u64));
        q[index] = least;
    }
    q
}

#[cfg(test)]
#[expect(
    clippy::unreadable_literal,
    clippy::cast_precision_loss,
    reason = "as the other program prints them; small counts"
)]
mod tests {
    use super::super::near;
    use super::*;

    type Recipient = ((u64, u64), (u64, u64));

    fn pairs(recipients: &[Recipient]) -> (Pairs, Share, Share) {
        let (mut pairs, mut before, mut after) = (Pairs::default(), Share::default(), Share::default());
        for &(one, other) in recipients {
            pairs.add(one, other);
            before = Share { count: before.count + one.1, of: before.of + one.0 };
            after = Share { count: after.count + other.1, of: after.of + other.0 };
        }
        (pairs, before, after)
    }

    fn p(recipients: &[Recipient]) -> Option<f64> {
        let (pairs, before, after) = pairs(recipients);
        pairs.p_value(before, after)
    }

    /// The formula of section 8 of the model, recipient by recipient.
    fn slow(recipients: &[Recipient]) -> f64 {
        let (_, before, after) = pairs(recipients);
        let (n1, n2, m) = (before.of as f64, after.of as f64, recipients.len() as f64);
        let pi = (before.count + after.count) as f64 / (n1 + n2);
        let z = |&((of1, count1), (of2, count2)): &Recipient| {
            (count2 as f64 - pi * of2 as f64) / n2 - (count1 as f64 - pi * of1 as f64) / n1
        };
        let z: Vec<f64> = recipients.iter().map(z).collect();
        let mean = z.iter().sum::<f64>() / m;
        let v = m / (m - 1.0) * z.iter().map(|z| (z - mean).powi(2)).sum::<f64>();
        let difference = after.count as f64 / n2 - before.count as f64 / n1;
        t_tails(difference / v.sqrt(), recipients.len() as u64 - 1)
    }

    #[test]
    fn a_difference_worked_by_hand() {
        // two recipients met twice: 1/2 to 2/2 and 0/2 to 1/2. π = 4/8; z = (2 - 1)/4 - (1 - 1)/4 = 1/4 and 0 - (0 -
        // 1)/4 = 1/4: both changed alike, v = 0
        assert_eq!(p(&[((2, 1), (2, 2)), ((2, 0), (2, 1))]), Some(0.0));
        // the same where nothing comes out even: seven recipients, 1/3 to 5/7 each
        assert_eq!(p(&[((3, 1), (7, 5)); 7]), Some(0.0));
        // one changed, one did not: z = 1/2 and 0, mean 1/4; v = 2 · (1/16 + 1/16) = 1/4, t = (1/2) / (1/2) = 1 with
        // one degree of freedom: 1/2
        near(p(&[((2, 0), (2, 2)), ((2, 1), (2, 1))]), 0.5, 1e-14);
        // no difference, in other numbers; nobody; one recipient; one period
        assert_eq!(p(&[((2, 1), (4, 2)), ((1, 1), (2, 2))]), Some(1.0));
        assert_eq!([p(&[]), p(&[((9, 1), (9, 9))]), p(&[((9, 1), (0, 0)), ((9, 9), (0, 0))])], [None; 3]);
    }

    #[test]
    fn the_test_is_the_t_test_of_scipy_on_what_each_recipient_changed() {
        // scipy 1.17.1, scipy.stats.ttest_1samp(z, 0)
        let recipients = [
            ((4, 3), (2, 0)),
            ((0, 0), (5, 1)),
            ((7, 7), (6, 5)),
            ((3, 2), (0, 0)),
            ((1, 1), (9, 4)),
            ((12, 9), (11, 7)),
            ((2, 0), (2, 1)),
        ];
        near(p(&recipients), 0.045_875_483_938_466, 1e-14);
    }

    #[test]
    fn sums_give_what_a_pass_over_recipients_gives() {
        for wide in [2, 50, 40_000] {
            let recipients = (1..90).map(|r: u64| {
                let (n1, n2) = (r * r % (wide + 1), r * 37 % (wide + 3) + 1);
                ((n1, n1 * (r % 4) / 3), (n2, n2 * (r % 3) / 2))
            });
            let recipients: Vec<_> = recipients.collect();
            let recipients: Vec<Recipient> =
                recipients.into_iter().map(|((n1, x1), late)| ((n1, x1.min(n1)), late)).collect();
            let wanted = slow(&recipients);
            assert!(wanted > 1e-9 && wanted < 0.999, "{wanted} tells nothing");
            near(p(&recipients), wanted, 1e-10 * wanted);
            let (mut one, other) = recipients.split_at(40);
            let (mut sums, ..) = pairs(std::mem::take(&mut one));
            sums.merge(&pairs(other).0);
            assert_eq!(sums, pairs(&recipients).0);
        }
    }

    #[test]
    fn false_discovery_rates_are_those_of_scipy() {
        // scipy 1.17.1, scipy.stats.false_discovery_control(p, method="bh")
        let p = [0.01, 0.02, 0.04, 0.03, 0.8, 0.02, 1.0, 0.0, 0.049, 0.5];
        let q = [0.05, 0.05, 0.0666666666666667, 0.06, 0.888888888888889, 0.05, 1.0, 0.0, 0.07, 0.625];
        for (found, wanted) in false_discovery_rates(&p).into_iter().zip(q) {
            near(found, wanted, 1e-14);
        }
        assert!(false_discovery_rates(&[]).is_empty());
    }
}
