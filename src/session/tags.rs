//! Which tags interactions have, where some are asked for.

use std::collections::BTreeSet;

use crate::error::nearest;
use crate::record::tag::Tag;

/// How many different names are held: those that come first by their letters, whatever thread met them.
const MOST: usize = 1000;

/// The names of the tags that were met.
#[derive(Clone, Debug, Default)]
pub(crate) struct TagsSeen {
    names: BTreeSet<String>,
    /// Those of them that are asked for.
    asked: BTreeSet<Tag>,
}

impl TagsSeen {
    pub(super) fn add(&mut self, key: &str, asked: &[Tag]) {
        if let Some(tag) = asked.iter().find(|tag| tag.key() == key)
            && !self.asked.contains(tag)
        {
            self.asked.insert(tag.clone());
        }
        self.hold(key);
    }

    fn hold(&mut self, key: &str) {
        let Self { names, .. } = self;
        if names.contains(key) || names.len() >= MOST && names.last().is_some_and(|last| key > last.as_str()) {
            return;
        }
        names.insert(key.to_owned());
        if names.len() > MOST {
            names.pop_last();
        }
    }

    /// Adds those that were met elsewhere.
    pub(super) fn merge(&mut self, Self { names, asked }: Self) {
        self.asked.extend(asked);
        if self.names.is_empty() {
            self.names = names;
        } else {
            for key in &names {
                self.hold(key);
            }
        }
    }

    /// Those of some tags that were not met.
    pub(super) fn missed(&self, asked: &[Tag]) -> Vec<MissedTag> {
        let missed = asked.iter().filter(|tag| !self.asked.contains(tag)).map(|tag| MissedTag {
            tag: tag.clone(),
            nearest: nearest(tag.key(), self.names.iter().map(String::as_str)).and_then(Tag::new),
            others: self.names.iter().filter_map(|key| Tag::new(key)).collect(),
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
