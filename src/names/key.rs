//! Names as sixteen bytes, which are hashed and compared at once.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::ShortKey;

/// A name in sixteen bytes: all of it where it is short, as [`ShortKey`] has it, else its hash and a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key([u8; 16]);

/// The first byte of a key where the name is long: no length of a short one.
const LONG: u8 = u8::MAX;

impl Key {
    /// The key of a name; where it is long, without its number.
    pub(super) fn of(name: &str, hasher: &RandomState) -> Self {
        let long = || {
            let [h1, h2, h3, h4, h5, h6, h7, h8] = hasher.hash_one(name).to_be_bytes();
            [LONG, 0, 0, 0, 0, 0, 0, 0, h1, h2, h3, h4, h5, h6, h7, h8]
        };
        Self(ShortKey::of(name).map_or_else(long, ShortKey::bytes))
    }

    /// The hash that a table places the name by.
    pub(super) fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(u128::from_be_bytes(self.unnumbered().0))
    }

    /// The name, if it is short.
    pub(super) fn short(&self) -> Option<&str> {
        let start = self.0.len().checked_sub(usize::from(self.0[0]))?;
        std::str::from_utf8(&self.0[start..]).ok()
    }

    /// The number of a long name.
    pub(super) fn number(self) -> Option<usize> {
        let [kind, one, two, three, four, ..] = self.0;
        (kind == LONG).then(|| u32::from_be_bytes([one, two, three, four]) as usize)
    }

    /// The key of a long name with its number.
    pub(super) fn numbered(mut self, number: u32) -> Self {
        self.0[1..5].copy_from_slice(&number.to_be_bytes());
        self
    }

    /// The same without that.
    pub(super) fn unnumbered(self) -> Self {
        if self.0[0] == LONG { self.numbered(0) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_comes_back_from_its_key_and_a_long_one_has_a_number() {
        let hasher = RandomState::default();
        for length in 0..=16 {
            let name: String = ('a'..='z').take(length).collect();
            let key = Key::of(&name, &hasher);
            let (short, number) = if length <= ShortKey::LONGEST { (Some(&*name), None) } else { (None, Some(0)) };
            assert_eq!((key.short(), key.number()), (short, number));
        }
        let long = Key::of("a name of more than fifteen bytes", &hasher);
        for number in [0, 1, 0x0102_0304, u32::MAX] {
            let numbered = long.numbered(number);
            assert_eq!((numbered.number(), numbered.short()), (Some(number as usize), None));
            assert_eq!((numbered.unnumbered(), numbered.hash(&hasher)), (long, long.hash(&hasher)));
        }
    }
}
