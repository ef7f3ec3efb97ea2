//! Short texts as numbers, which are hashed and compared at once.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A text of up to fifteen bytes in one number: its length, and its bytes at the end. The shorter is less, and of two
/// of a length the one that comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShortKey(u128);

impl ShortKey {
    /// How long a text is at most.
    pub(super) const LONGEST: usize = 15;

    /// The key of a text, if it is short.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = u8::try_from(bytes.len()).ok().filter(|_| bytes.len() <= Self::LONGEST)?;
        // head and tail overlap, and are alike where they do
        let letters = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) => {
                u128::from(u64::from_be_bytes(*head)) << (8 * (length - 8)) | u128::from(u64::from_be_bytes(*tail))
            }
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(head), Some(tail)) => {
                    u128::from(u32::from_be_bytes(*head)) << (8 * (length - 4)) | u128::from(u32::from_be_bytes(*tail))
                }
                _ => bytes.iter().fold(0, |all, &byte| all << 8 | u128::from(byte)),
            },
        };
        Some(Self(u128::from(length) << 120 | letters))
    }

    /// The length, and the text at the end.
    pub(super) const fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// What a table can place it by.
    pub(crate) fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_keys_are_ordered_by_length_and_then_by_text() {
        let mut texts: Vec<String> = (0..=15).map(|length| "k".repeat(length)).collect();
        for place in 1..15 {
            for byte in ["a", "z", "\u{0}", "\u{7f}"] {
                let mut other = texts[15 - place % 5].clone();
                other.replace_range(place % other.len()..=place % other.len(), byte);
                texts.push(other);
            }
        }
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            let ranks = (one.len(), one).cmp(&(other.len(), other));
            let (one_key, other_key) = (ShortKey::of(one), ShortKey::of(other));
            assert!(one_key.is_some() && other_key.is_some());
            assert_eq!(one_key.cmp(&other_key), ranks, "{one:?} {other:?}");
        }
        assert_eq!(ShortKey::of("sixteen letters."), None);
    }
}
