//! Texts that come again and again, each kept once and known by a number.

mod ends;
mod key;
mod numbers;
mod short_key;

use std::num::NonZeroU32;

use ends::Ends;
use foldhash::fast::RandomState;
use key::Key;
pub(crate) use numbers::Numbers;
pub(crate) use short_key::ShortKey;

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

/// A table of texts, each kept once, in order of first appearance: sixteen bytes, some five in the table, and, where it
/// is longer than fifteen, its own and four that say where it ends.
#[derive(Clone, Debug, Default)]
pub struct Names {
    keys: Vec<Key>,
    numbers: Numbers,
    /// The texts that are not in their keys, one behind the other.
    long: String,
    ends: Ends,
    hasher: RandomState,
}

/// What a table looks a text up by, made on any thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashed {
    key: Key,
    hash: u64,
}

impl Hashed {
    /// Of this text, for tables with this hasher.
    pub(crate) fn of(name: &str, hasher: &RandomState) -> Self {
        let key = Key::of(name, hasher);
        Self { key, hash: key.hash(hasher) }
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
    fn add_hashed(&mut self, hashed: Hashed, name: &str) -> Result<(NameId, bool), TooMany> {
        self.numbers.make_room(self.keys.iter().map(|key| key.hash(&self.hasher)));
        if let Some(id) = self.find(hashed, name) {
            return Ok((id, false));
        }
        let id = NameId::at_index(self.len())?;
        let key = match hashed.key.number() {
            None => hashed.key,
            Some(_) => {
                let number = u32::try_from(self.ends.len()).map_err(|_| TooMany)?;
                self.long.push_str(name);
                self.ends.push(self.long.len() as u64);
                hashed.key.numbered(number)
            }
        };
        self.numbers.add(hashed.hash, id);
        self.keys.push(key);
        Ok((id, true))
    }

    /// Adds texts that have been hashed for this table, one after the other, and puts their numbers into
    /// `numbers`. What each is most likely is looked up before the first is told from it: the waits for memory then
    /// overlap.
    #[cfg(feature = "read")]
    pub(crate) fn add_all<'n>(
        &mut self,
        names: impl Iterator<Item = (Hashed, &'n str)> + Clone,
        numbers: &mut Vec<NameId>,
    ) -> Result<(), TooMany> {
        let likely: Vec<_> = names.clone().map(|(Hashed { hash, .. }, _)| self.numbers.find(hash, |_| true)).collect();
        for ((hashed, name), likely) in names.zip(likely) {
            let known = likely.filter(|&id| self.is(id, hashed, name));
            numbers.push(known.map_or_else(|| Ok(self.add_hashed(hashed, name)?.0), Ok)?);
        }
        Ok(())
    }

    /// The number of a text that is there already.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.find(Hashed::of(name, &self.hasher), name)
    }

    fn find(&self, hashed: Hashed, name: &str) -> Option<NameId> {
        self.numbers.find(hashed.hash, |id| self.is(id, hashed, name))
    }

    /// Whether this is the number of a text.
    fn is(&self, id: NameId, Hashed { key, .. }: Hashed, name: &str) -> bool {
        let known = self.keys[id.index()];
        match key.number() {
            None => known == key,
            Some(_) => known.unnumbered() == key && self.name(id) == name,
        }
    }

    /// Gives the table back once no more is looked up: numbers keep their texts. What is added after that opens it again.
    pub(crate) fn close(&mut self) {
        self.numbers.close();
    }

    /// The text of a number this table gave out.
    #[must_use]
    pub fn name(&self, id: NameId) -> &str {
        let key = &self.keys[id.index()];
        // a short text was one before it became a key
        key.number().map_or_else(|| key.short().unwrap_or_default(), |number| &self.long[self.ends.range(number)])
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let ids = (0..self.len()).filter_map(|index| NameId::at_index(index).ok());
        ids.map(|id| self.name(id))
    }

    /// How many different texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Whether they hold the same texts with the same numbers.
impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
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
        let few = ["bolt", "acme", "bolt", "", "cord", long, "acme", long].map(str::to_owned);
        // so many that some are taken for others at first sight
        let many = (0..4_000).map(|index| format!("name {}", index % 3_000));
        let texts: Vec<String> = few.into_iter().chain(many).collect();
        let (mut one_by_one, mut numbers) = (names.clone(), vec![old]);
        let hasher = names.hasher.clone();
        names.add_all(texts.iter().map(|text| (Hashed::of(text, &hasher), text.as_str())), &mut numbers).expect("room");
        let added: Vec<_> = texts.iter().map(|text| one_by_one.add(text).expect("room").0).collect();
        assert_eq!((numbers[0], &numbers[1..]), (old, &added[..]));
        assert_eq!(names, one_by_one);
    }

    #[test]
    fn a_table_keeps_its_numbers_as_it_grows() {
        let mut names = Names::default();
        for index in 0..5_000 {
            let name = format!("name {index}");
            assert_eq!(names.add(&name).map(|(id, new)| (id.index(), new)), Ok((index, true)));
            assert_eq!(names.get(&name).map(NameId::index), Some(index));
        }
        for (index, name) in names.iter().enumerate() {
            assert_eq!(names.get(name).map(NameId::index), Some(index));
        }
        // one that was closed is opened by what is added
        names.close();
        let again = names.iter().map(str::to_owned).collect::<Vec<_>>();
        for (index, name) in again.iter().enumerate() {
            assert_eq!(names.add(name).map(|(id, new)| (id.index(), new)), Ok((index, false)));
        }
    }
}
