//! Short texts as numbers, which are compared and hashed at once.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A text of up to sixteen bytes in two words and its length. The shorter is less, and of two of a length the one
/// that comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShortKey {
    length: u32,
    head: u64,
    tail: u64,
}

impl ShortKey {
    /// How long a text is at most.
    const LONGEST: u32 = 16;

    /// The key of a text, if it is short.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= Self::LONGEST)?;
        // head and tail overlap where they are longer than the text
        let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_be_bytes(*head), u64::from_be_bytes(*tail)),
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (u32::from_be_bytes(*head).into(), u32::from_be_bytes(*tail).into()),
                _ => (bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)), 0),
            },
        };
        Some(Self { length, head, tail })
    }

    /// What a table can place it by.
    pub(crate) fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one((self.head, self.tail ^ u64::from(self.length).rotate_right(8)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_keys_are_ordered_by_length_and_then_by_text() {
        let mut texts: Vec<String> = (0..=16).map(|length| "k".repeat(length)).collect();
        for place in 1..16 {
            for byte in ["a", "z", "\u{0}", "\u{7f}"] {
                let mut other = texts[16 - place % 5].clone();
                other.replace_range(place % other.len()..=place % other.len(), byte);
                texts.push(other);
            }
        }
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            let ranks = (one.len(), one).cmp(&(other.len(), other));
            assert_eq!(ShortKey::of(one).cmp(&ShortKey::of(other)), ranks, "{one:?} {other:?}");
        }
        assert_eq!(ShortKey::of("a text of seventeen"), None);
    }
}
