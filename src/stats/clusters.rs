//! Moments of one recipient are alike: the sums over recipients that a share needs to say how alike
//! (section 7 of the model).

/// Sums over the recipients of a group: with n moments of recipient i, x of which have it. All exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// How many recipients there are.
    pub recipients: u64,
    /// The sum of n².
    pub n2: u128,
    /// The sum of n·x.
    pub nx: u128,
    /// The sum of x².
    pub x2: u128,
}

impl Clusters {
    /// Adds a recipient with `n` moments, of which `x` have it; one without a moment is none.
    pub fn add(&mut self, n: u64, x: u64) {
        if n == 0 {
            return;
        }
        // the square of a count of moments is far below what a sum can hold
        let (n, x) = (u128::from(n), u128::from(x));
        self.recipients += 1;
        self.n2 += n * n;
        self.nx += n * x;
        self.x2 += x * x;
    }

    /// Adds the sums over other recipients.
    pub fn merge(&mut self, other: &Self) {
        self.recipients += other.recipients;
        self.n2 += other.n2;
        self.nx += other.nx;
        self.x2 += other.x2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_over_recipients_with_moments() {
        let mut all = Clusters::default();
        for (n, x) in [(3, 1), (0, 0), (2, 2), (5, 0)] {
            all.add(n, x);
        }
        assert_eq!(all, Clusters { recipients: 3, n2: 9 + 4 + 25, nx: 3 + 4, x2: 1 + 4 });
        let (mut one, mut other) = (Clusters::default(), Clusters::default());
        one.add(3, 1);
        other.add(2, 2);
        other.add(5, 0);
        one.merge(&other);
        assert_eq!(one, all);
        // more moments of one recipient than there are records in any input
        let mut many = Clusters::default();
        many.add(u64::from(u32::MAX) * 2, u64::from(u32::MAX));
        assert_eq!(many.nx * 2, many.n2);
    }
}
