//! Sets of signals: what was observed about one moment, as bits.

/// The place of a signal in the effective rules, 0 to 127.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalId(u8);

impl SignalId {
    /// How many signals a rulebook may hold.
    pub const MAX: usize = 128;

    pub(crate) fn new(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|&id| usize::from(id) < Self::MAX).map(Self)
    }

    /// The place in [`Model::signals`](crate::Model::signals).
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of signals of one rulebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SignalSet(u128);

impl SignalSet {
    /// No signal at all.
    pub const EMPTY: Self = Self(0);

    pub(crate) const fn bits(self) -> u128 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Puts a signal in; noting it twice is noting it once.
    pub const fn insert(&mut self, signal: SignalId) {
        self.0 |= 1 << signal.0;
    }

    /// The same set with one signal more.
    #[must_use]
    pub const fn with(self, signal: SignalId) -> Self {
        Self(self.0 | 1 << signal.0)
    }

    /// The same set with one signal less.
    #[must_use]
    pub const fn without(self, signal: SignalId) -> Self {
        Self(self.0 & !(1 << signal.0))
    }

    /// Whether the signal was noted.
    #[must_use]
    pub const fn contains(self, signal: SignalId) -> bool {
        self.0 & (1 << signal.0) != 0
    }

    /// Whether nothing was noted.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many signals were noted.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The signals in the order of the rulebook.
    pub fn iter(self) -> impl Iterator<Item = SignalId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            u8::try_from(next).ok().filter(|&id| id < 128).map(SignalId)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let ids: Vec<_> = [0, 63, 64, 127].into_iter().filter_map(SignalId::new).collect();
        let mut set = SignalSet::EMPTY;
        for &id in &ids {
            assert!(!set.contains(id));
            set.insert(id);
            set.insert(id);
        }
        assert_eq!(set.len(), 4);
        assert_eq!(set.iter().collect::<Vec<_>>(), ids);
        assert_eq!(set.without(ids[3]).iter().collect::<Vec<_>>(), ids[..3]);
        assert_eq!(set.minus(SignalSet::EMPTY.with(ids[0])).len(), 3);
        assert_eq!(set.and(SignalSet::EMPTY), SignalSet::EMPTY);
        assert_eq!(SignalId::new(128), None);
    }
}
