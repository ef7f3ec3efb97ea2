//! Chance by seed, the same on every machine: `SplitMix64` (Guy L. Steele Jr., Doug Lea, Christine H. Flood: *Fast
//! splittable pseudorandom number generators*, OOPSLA 2014). Good enough to make up data, not for secrets.

/// A stream of numbers.
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream of a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but without, `limit`.
    #[expect(clippy::cast_possible_truncation, reason = "the high half of a product lies below its factor `limit`")]
    pub(crate) const fn below(&mut self, limit: usize) -> usize {
        ((self.draw() as u128 * limit as u128) >> 64) as usize
    }

    /// True so many times in a hundred.
    pub(crate) const fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(crate) const fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}
