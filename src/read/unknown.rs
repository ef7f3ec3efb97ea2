//! Fields that are unknown: counted by name, and reported once.

use std::collections::BTreeMap;

use crate::{Problem, nearest};

use super::event::{Note, Observer};

/// How many different names are reported.
const NAMED: usize = 50;

/// Unknown fields of one kind of thing.
pub(crate) struct Unknown {
    /// What has them: a record, a recipient, a document.
    thing: &'static str,
    /// The fields that such a thing has.
    known: Vec<&'static str>,
    named: BTreeMap<String, u64>,
    beyond: u64,
}

impl Unknown {
    pub(crate) fn of(thing: &'static str, known: impl Into<Vec<&'static str>>) -> Self {
        Self { thing, known: known.into(), named: BTreeMap::new(), beyond: 0 }
    }

    /// Counts one more.
    pub(crate) fn take(&mut self, name: &str) {
        if let Some(times) = self.named.get_mut(name) {
            *times += 1;
        } else if self.named.len() < NAMED {
            self.named.insert(name.to_owned(), 1);
        } else {
            self.beyond += 1;
        }
    }

    /// The problem one is under `--strict`.
    pub(crate) fn problem(&self, name: &str) -> Problem {
        Problem::name(name, "field", name, self.known.iter().copied())
    }

    /// Tells which there were.
    pub(crate) fn tell(&self, observer: &mut dyn Observer) {
        for (name, &times) in &self.named {
            let meant = nearest(name, self.known.iter().copied()).map(str::to_owned);
            observer.note(&Note::UnknownField { thing: self.thing, name: name.clone(), times, meant });
        }
        if self.beyond > 0 {
            observer.note(&Note::MoreUnknownFields(self.beyond));
        }
    }
}
