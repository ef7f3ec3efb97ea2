//! Names as sixteen bytes, which are hashed and compared at once.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A name in sixteen bytes: all of it and its length where it is short, else its hash and a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key([u8; 16]);

/// The last byte of a key where the name is long.
const LONG: u8 = u8::MAX;

impl Key {
    /// How long a name is at most that is short.
    const SHORT: usize = 15;

    /// The key of a name; where it is long, without its number.
    pub(super) fn of(name: &str, hasher: &RandomState) -> Self {
        let bytes = name.as_bytes();
        let shifted = |tail: u64, by: usize| u128::from(tail) << (8 * by);
        // head and tail overlap, and are alike where they do
        let letters = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            _ if bytes.len() > Self::SHORT => u128::from(hasher.hash_one(name)),
            (Some(head), Some(tail)) => {
                u128::from(u64::from_le_bytes(*head)) | shifted(u64::from_le_bytes(*tail), bytes.len() - 8)
            }
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(head), Some(tail)) => {
                    u128::from(u32::from_le_bytes(*head)) | shifted(u32::from_le_bytes(*tail).into(), bytes.len() - 4)
                }
                _ => bytes.iter().rev().fold(0, |all, &byte| all << 8 | u128::from(byte)),
            },
        };
        let mut key = letters.to_le_bytes();
        key[Self::SHORT] =
            u8::try_from(bytes.len()).map_or(LONG, |length| if bytes.len() > Self::SHORT { LONG } else { length });
        Self(key)
    }

    /// The hash that a table places the name by.
    pub(super) fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(u128::from_le_bytes(self.unnumbered().0))
    }

    /// The name, if it is short.
    pub(super) fn short(&self) -> Option<&str> {
        let length = usize::from(self.0[Self::SHORT]);
        let letters = self.0.get(..length).filter(|_| length <= Self::SHORT)?;
        std::str::from_utf8(letters).ok()
    }

    /// The number of a long name.
    pub(super) fn number(self) -> Option<usize> {
        let [.., one, two, three, four, _, _, _, kind] = self.0;
        (kind == LONG).then(|| u32::from_le_bytes([one, two, three, four]) as usize)
    }

    /// The key of a long name with its number.
    pub(super) fn numbered(mut self, number: u32) -> Self {
        self.0[8..12].copy_from_slice(&number.to_le_bytes());
        self
    }

    /// The same without that.
    pub(super) fn unnumbered(self) -> Self {
        if self.0[Self::SHORT] == LONG { self.numbered(0) } else { self }
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
            let (short, number) = if length <= Key::SHORT { (Some(&*name), None) } else { (None, Some(0)) };
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
