//! Which tags interactions have, where some are asked for.

use std::collections::BTreeSet;

use crate::error::nearest;
use crate::record::tag::Tag;

/// How many different names are held: those that come first by their letters, whatever thread met them.
const MOST: usize = 1000;

/// The names of the tags that were met.
#[derive(Clone, Debug, Default)]
pub(crate) struct TagsSeen(BTreeSet<String>);

impl TagsSeen {
    pub(super) fn add(&mut self, key: &str) {
        if self.0.contains(key) || self.0.len() >= MOST && self.0.last().is_some_and(|last| key > last.as_str()) {
            return;
        }
        self.0.insert(key.to_owned());
        if self.0.len() > MOST {
            self.0.pop_last();
        }
    }

    /// Adds those that were met elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
        } else {
            other.0.iter().for_each(|key| self.add(key));
        }
    }

    /// Whether a tag was met; of one that may have been left out, that is not denied.
    fn has(&self, tag: &Tag) -> bool {
        let key = tag.key();
        self.0.contains(key) || self.0.len() >= MOST && self.0.last().is_some_and(|last| key > last.as_str())
    }

    /// Those of some tags that were not met.
    pub(super) fn missed(&self, asked: &[Tag]) -> Vec<MissedTag> {
        let missed = asked.iter().filter(|tag| !self.has(tag)).map(|tag| MissedTag {
            tag: tag.clone(),
            nearest: nearest(tag.key(), self.0.iter().map(String::as_str)).and_then(Tag::new),
            others: self.0.iter().filter_map(|key| Tag::new(key)).collect(),
        });
        missed.collect()
    }
}

/// A tag that was asked for and that no interaction has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedTag {
    /// Which.
    pub tag: Tag,
    /// The one that may be meant.
    pub nearest: Option<Tag>,
    /// Those that interactions have, in the order of their letters; at most a thousand.
    pub others: Vec<Tag>,
}
