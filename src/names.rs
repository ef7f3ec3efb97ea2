//! Texts that come again and again, each kept once and known by a number.

use std::num::NonZeroU32;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;
use std::hash::BuildHasher;

/// The number of a name, from 1: small, and free for an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(NonZeroU32);

impl NameId {
    pub(crate) fn at_index(index: usize) -> Result<Self, TooMany> {
        u32::try_from(index).ok().and_then(|index| NonZeroU32::MIN.checked_add(index)).map(Self).ok_or(TooMany)
    }

    /// The place in the order of first appearance, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// The number itself, from 1.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

/// More different names than there are numbers for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than 4,294,967,294 different names; split the input")]
pub struct TooMany;

/// A table of texts, each kept once, in order of first appearance.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    table: HashTable<Known>,
    hasher: RandomState,
}

/// A name in the table: 24 bytes. Looking one up, and moving all when the table grows,
/// then needs its text only where it is long.
#[derive(Clone, Copy, Debug)]
struct Known {
    head: u64,
    tail: u64,
    length: u32,
    id: NameId,
}

impl Known {
    const fn new(ShortKey { length, head, tail }: ShortKey, id: NameId) -> Self {
        Self { head, tail, length, id }
    }

    const fn key(self) -> ShortKey {
        ShortKey { length: self.length, head: self.head, tail: self.tail }
    }
}

/// What a table looks a text up by, made on any thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashed {
    key: ShortKey,
    hash: u64,
}

impl Hashed {
    /// Of this text, for tables with this hasher.
    pub(crate) fn of(name: &str, hasher: &RandomState) -> Self {
        let key = ShortKey::of(name, || hasher.hash_one(name));
        Self { key, hash: key.hash(hasher) }
    }
}

/// The hash a table places something by: half a hash over 64 bits (Fibonacci hashing, Knuth 1973).
pub(crate) const fn spread(hash: u32) -> u64 {
    (hash as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A text in two words and its length: all of it where it has up to sixteen
/// bytes, else its hash and its end. Of two that are all of their text the shorter is less, and of two of a length
/// the one that comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ShortKey {
    length: u32,
    head: u64,
    tail: u64,
}

impl ShortKey {
    /// How long a text is at most that is no more than its gist.
    const WHOLE: u32 = 16;

    /// The gist of a text, if that is all there is to it.
    pub(crate) fn whole(text: &str) -> Option<Self> {
        (text.len() <= Self::WHOLE as usize).then(|| Self::of(text, || 0))
    }

    fn of(text: &str, hash: impl FnOnce() -> u64) -> Self {
        let bytes = text.as_bytes();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        // head and tail overlap where they are longer than the text
        let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) if length <= Self::WHOLE => (u64::from_be_bytes(*head), u64::from_be_bytes(*tail)),
            (Some(_), Some(tail)) => (hash(), u64::from_be_bytes(*tail)),
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (u32::from_be_bytes(*head).into(), u32::from_be_bytes(*tail).into()),
                _ => (bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)), 0),
            },
        };
        Self { length, head, tail }
    }

    /// The hash the table places a name by.
    pub(crate) fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one((self.head, self.tail ^ u64::from(self.length).rotate_right(8)))
    }

    const fn is_whole(self) -> bool {
        self.length <= Self::WHOLE
    }
}

impl Names {
    /// An empty table that looks texts up by what this hasher makes of them.
    pub(crate) fn with_hasher(hasher: RandomState) -> Self {
        Self { hasher, ..Self::default() }
    }

    /// The number of a text, and whether it is new.
    pub fn add(&mut self, name: &str) -> Result<(NameId, bool), TooMany> {
        self.add_hashed(Hashed::of(name, &self.hasher), name)
    }

    /// The same of a text that has been hashed for this table.
    fn add_hashed(&mut self, Hashed { key, hash }: Hashed, name: &str) -> Result<(NameId, bool), TooMany> {
        let Self { text, ends, table, hasher } = self;
        let same = |known: &Known| known.key() == key && (key.is_whole() || stored(text, ends, known.id) == name);
        match table.entry(hash, same, |known| known.key().hash(hasher)) {
            Slot::Occupied(known) => Ok((known.get().id, false)),
            Slot::Vacant(free) => {
                let id = NameId::at_index(ends.len())?;
                free.insert(Known::new(key, id));
                text.push_str(name);
                ends.push(text.len());
                Ok((id, true))
            }
        }
    }

    /// Adds texts that have been hashed for this table, one after the other, and puts their numbers into
    /// `numbers`. All are looked up before the first is added: their waits for memory then overlap.
    #[cfg(feature = "read")]
    pub(crate) fn add_all<'n>(
        &mut self,
        names: impl Iterator<Item = (Hashed, &'n str)> + Clone,
        numbers: &mut Vec<NameId>,
    ) -> Result<(), TooMany> {
        let known: Vec<Option<NameId>> = names.clone().map(|(hashed, name)| self.find(hashed, name)).collect();
        for ((hashed, name), known) in names.zip(known) {
            numbers.push(known.map_or_else(|| Ok(self.add_hashed(hashed, name)?.0), Ok)?);
        }
        Ok(())
    }

    /// The number of a text that is there already.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.find(Hashed::of(name, &self.hasher), name)
    }

    fn find(&self, Hashed { key, hash }: Hashed, name: &str) -> Option<NameId> {
        let same = |known: &Known| known.key() == key && (key.is_whole() || self.name(known.id) == name);
        self.table.find(hash, same).map(|known| known.id)
    }

    /// The text of a number this table gave out.
    #[must_use]
    pub fn name(&self, id: NameId) -> &str {
        stored(&self.text, &self.ends, id)
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    /// How many different texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Whether they hold the same texts with the same numbers.
impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.ends) == (&other.text, &other.ends)
    }
}

/// What some names mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lexicon<T> {
    names: Names,
    meanings: Vec<T>,
}

impl<T: Copy> Lexicon<T> {
    /// A lexicon of a few names; of equal names the first counts.
    pub(crate) fn new<'n>(entries: impl Iterator<Item = (&'n str, T)>) -> Self {
        let (mut names, mut meanings) = (Names::default(), Vec::new());
        for (name, meaning) in entries {
            if let Ok((_, true)) = names.add(name) {
                meanings.push(meaning);
            }
        }
        Self { names, meanings }
    }

    pub(crate) fn get(&self, name: &str) -> Option<T> {
        self.meanings.get(self.names.get(name)?.index()).copied()
    }
}

fn stored<'a>(text: &'a str, ends: &[usize], id: NameId) -> &'a str {
    let index = id.index();
    let start = index.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start..ends[index]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once() {
        let mut names = Names::default();
        let first = names.add("acme").expect("room");
        let empty = names.add("").expect("room");
        let second = names.add("bolt").expect("room");
        assert_eq!((first.1, empty.1, second.1), (true, true, true));
        assert_eq!(names.add("acme"), Ok((first.0, false)));
        assert_eq!(names.add(""), Ok((empty.0, false)));
        assert_eq!((names.name(first.0), names.name(empty.0), names.name(second.0)), ("acme", "", "bolt"));
        assert_eq!((names.get("bolt"), names.get("nobody")), (Some(second.0), None));
        assert_eq!(names.len(), 3);
    }

    #[test]
    fn texts_of_any_length_are_told_apart() {
        // of each length some that differ in one byte only, and prefixes of each other
        let mut texts: Vec<String> = Vec::new();
        for length in 0..40 {
            let text = "x".repeat(length);
            for place in 0..length {
                let mut other = text.clone();
                other.replace_range(place..=place, "y");
                texts.push(other);
            }
            texts.push(text.replace('x', "\0"));
            texts.push(text);
        }
        texts.retain(|text| !text.is_empty());
        let mut names = Names::default();
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(names.add(text).map(|(id, new)| (id.index(), new)), Ok((index, true)), "{text:?}");
        }
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(names.get(text).map(NameId::index), Some(index), "{text:?}");
        }
    }

    #[cfg(feature = "read")]
    #[test]
    fn many_at_once_are_added_as_one_by_one() {
        let mut names = Names::default();
        let old = names.add("acme").expect("room").0;
        let long = "a name of more than sixteen bytes";
        let texts = ["bolt", "acme", "bolt", "", "cord", long, "acme", long];
        let (mut one_by_one, mut numbers) = (names.clone(), vec![old]);
        let hasher = names.hasher.clone();
        names.add_all(texts.iter().map(|&text| (Hashed::of(text, &hasher), text)), &mut numbers).expect("room");
        let added = texts.map(|text| one_by_one.add(text).expect("room").0);
        assert_eq!((numbers[0], &numbers[1..]), (old, &added[..]));
        assert_eq!(names, one_by_one);
    }

    #[test]
    fn a_name_in_the_table_is_twenty_four_bytes() {
        assert_eq!(size_of::<Known>(), 24);
    }

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
            assert_eq!(ShortKey::whole(one).cmp(&ShortKey::whole(other)), ranks, "{one:?} {other:?}");
        }
    }
}
