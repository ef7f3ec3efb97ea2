//! Groups of moments by one or more dimensions.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use serde::{Serialize, Serializer};

use super::{Dimension, When};
use crate::names::{NameId, Names, ShortKey, TooMany};
use crate::record::interaction::Interaction;

/// The key of a group: a value for each dimension, `None` where it is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key(pub Vec<(Dimension, Option<String>)>);

impl Key {
    /// The key in one line, for people.
    #[must_use]
    pub fn in_words(&self) -> String {
        self.parts().join(" · ")
    }

    /// The value of each dimension, for people.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        parts(&self.0)
    }

    /// A key of these dimensions with nothing in it.
    #[must_use]
    pub fn blank(by: &[Dimension]) -> Self {
        Self(by.iter().map(|dimension| (dimension.clone(), None)).collect())
    }
}

/// The values of a key, for people.
pub(crate) fn parts<T>(key: &[(T, Option<String>)]) -> Vec<String> {
    key.iter().map(|(_, value)| value.as_deref().unwrap_or("(not given)").to_owned()).collect()
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(dimension, value)| (dimension.name(), value)))
    }
}

/// One value per group, and when the group first appeared.
#[derive(Clone, Debug)]
pub(crate) struct Groups<T> {
    by: Vec<Dimension>,
    names: Names,
    groups: Vec<(Key, When, T)>,
    name: String,
    paths: Paths,
}

impl<T: Default> Groups<T> {
    pub(crate) fn new(by: Vec<Dimension>) -> Self {
        Self { by, names: Names::default(), groups: Vec::new(), name: String::new(), paths: Paths::default() }
    }

    /// The group of an interaction, made if it is new.
    pub(crate) fn of(&mut self, interaction: &Interaction<'_>, when: When) -> Result<(NameId, &mut T), TooMany> {
        let path = (self.by == [Dimension::Point]).then(|| Path::of(interaction)).flatten();
        if let Some(id) = path.and_then(|path| self.paths.get(path)) {
            let (_, first, group) = &mut self.groups[id.index()];
            *first = (*first).min(when);
            return Ok((id, group));
        }
        self.name.clear();
        for dimension in &self.by {
            let start = self.name.len();
            let given = dimension.push(interaction, &mut self.name);
            end_part(&mut self.name, given.then_some(start));
        }
        let value =
            |dimension: &Dimension| (dimension.clone(), dimension.of(interaction).map(std::borrow::Cow::into_owned));
        let key = |by: &[Dimension]| Key(by.iter().map(value).collect());
        let Self { by, names, groups, name, paths } = self;
        let (id, group) = entered(names, groups, name, || key(by), when)?;
        if let Some(path) = path {
            paths.add(path, id);
        }
        Ok((id, group))
    }

    /// The group of a name that another collection gave it, made if it is new.
    pub(crate) fn named(&mut self, name: &str, key: Key, when: When) -> Result<(NameId, &mut T), TooMany> {
        entered(&mut self.names, &mut self.groups, name, || key, when)
    }

    /// The keys of all groups by number.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.groups.iter().map(|(key, ..)| key)
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The values of all groups by number.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.groups.iter_mut().map(|(_, _, group)| group)
    }

    /// The groups by number, each with its name here, its key and when it first appeared.
    pub(crate) fn into_groups(self) -> impl Iterator<Item = (String, Key, When, T)> {
        let names: Vec<String> = self.names.iter().map(str::to_owned).collect();
        names.into_iter().zip(self.groups).map(|(name, (key, first, group))| (name, key, first, group))
    }

    /// The groups in order of first appearance in time, with their numbers.
    pub(crate) fn finish(self) -> Vec<(usize, Key, T)> {
        let mut groups: Vec<_> = self.groups.into_iter().enumerate().collect();
        // they are large: each is moved once
        groups.sort_by_cached_key(|(_, (_, first, _))| *first);
        groups.into_iter().map(|(index, (key, _, group))| (index, key, group)).collect()
    }

    pub(crate) fn by(&self) -> &[Dimension] {
        &self.by
    }
}

/// A path whose parts are short: journey, transaction, point; and which of the first two are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Path([ShortKey; 3], [bool; 2]);

impl Path {
    fn of(Interaction { journey, transaction, point, .. }: &Interaction<'_>) -> Option<Self> {
        let above = [journey, transaction].map(Option::as_deref);
        let [journey, transaction] = above.map(|part| ShortKey::of(part.unwrap_or_default()));
        Some(Self([journey?, transaction?, ShortKey::of(point)?], above.map(|part| part.is_some())))
    }

    /// The hash the table places it by.
    fn hash(self, hasher: &RandomState) -> u64 {
        let Self([journey, transaction, point], [in_journey, in_transaction]) = self;
        let given = u64::from(in_journey) << 1 | u64::from(in_transaction);
        let above = journey.hash(hasher) ^ transaction.hash(hasher).rotate_left(21);
        above ^ point.hash(hasher).rotate_left(42) ^ given
    }
}

/// The groups of short paths, so that they need not be named anew for every moment.
#[derive(Clone, Debug, Default)]
struct Paths {
    table: HashTable<(Path, NameId)>,
    hasher: RandomState,
}

impl Paths {
    fn get(&self, path: Path) -> Option<NameId> {
        self.table.find(path.hash(&self.hasher), |(known, _)| *known == path).map(|(_, id)| *id)
    }

    /// Adds a path that is not there.
    fn add(&mut self, path: Path, id: NameId) {
        let Self { table, hasher } = self;
        table.insert_unique(path.hash(hasher), (path, id), |(known, _)| known.hash(hasher));
    }
}

/// Ends a part of a group's name that starts there, or one that is not given.
/// With its length behind it, no text can be taken for two: read from the end,
/// each length says where the part before it starts.
fn end_part(name: &mut String, start: Option<usize>) {
    let mut rest = start.map_or(0, |start| name.len() - start + 1);
    name.push('\u{1}');
    while rest > 0 {
        name.push(char::from(b'0' + u8::try_from(rest % 8).unwrap_or(0)));
        rest /= 8;
    }
}

/// The group of a name, made if it is new; it appears as early as its earliest moment.
fn entered<'g, T: Default>(
    names: &mut Names,
    groups: &'g mut Vec<(Key, When, T)>,
    name: &str,
    key: impl FnOnce() -> Key,
    when: When,
) -> Result<(NameId, &'g mut T), TooMany> {
    let (id, new) = names.add(name)?;
    if new {
        groups.push((key(), when, T::default()));
    }
    let (_, first, group) = &mut groups[id.index()];
    *first = (*first).min(when);
    Ok((id, group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Field, Model, Reading};

    #[test]
    fn a_path_is_one_group_however_its_parts_are_cut() {
        let model = Model::shipped();
        let reading = Reading::from(&model);
        let long = "a part of more than sixteen bytes";
        let paths = [
            ([Some("a/b"), None, Some("c")], 0),
            ([Some("a"), Some("b"), Some("c")], 0),
            ([None, None, Some("a/b/c")], 0),
            ([Some("a"), None, Some("c")], 1),
            ([None, Some("a"), Some("c")], 1),
            ([Some(long), None, Some("c")], 2),
            ([Some("a"), Some("b"), Some("c")], 0),
            ([Some(long), None, Some("c")], 2),
            ([None, None, Some("c")], 3),
        ];
        let mut groups: Groups<u32> = Groups::new(vec![Dimension::Point]);
        for (index, (parts, group)) in (0..).zip(paths) {
            let mut draft = Draft::default();
            draft.plain_text(&reading, Field::Recipient, "acme").expect("a text");
            for (field, part) in [Field::Journey, Field::Transaction, Field::Point].into_iter().zip(parts) {
                part.map_or(Ok(()), |part| draft.plain_text(&reading, field, part)).expect("a text");
            }
            let interaction = draft.finish().expect("all that is needed");
            let (id, count) = groups.of(&interaction, When { at: None, index }).expect("room");
            *count += 1;
            assert_eq!(id.index(), group, "{parts:?}");
        }
        let counts: Vec<u32> = groups.finish().into_iter().map(|(.., count)| count).collect();
        assert_eq!(counts, [4, 2, 2, 1]);
    }
}
