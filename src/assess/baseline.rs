//! A baseline: the ratings of an earlier run, so that a gate counts only what is new since.

use std::borrow::Cow;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::gate::MomentGate;
use crate::level::Level;
use crate::rating::escalator::Reason;

/// The ratings of an earlier run, by their ids, as far as a gate asks.
///
/// ```
/// use serveup::assess::baseline::{Baseline, EarlierRating};
/// use serveup::assess::gate::MomentGate;
///
/// let gate = MomentGate { no_failure: true, ..MomentGate::default() };
/// let mut baseline = Baseline::new(gate);
/// let failed = |id| EarlierRating { id: Some(id), failure: Some(true), ..EarlierRating::default() };
/// baseline.add(&failed("s05"));
/// baseline.add(&failed("s07"));
/// assert!(baseline.knows(Some("s05")));
/// assert!(!baseline.knows(Some("s09")));
/// assert_eq!(baseline.no_longer(), ["s07"]);
/// ```
#[derive(Clone, Debug)]
pub struct Baseline {
    gate: MomentGate,
    rows: HashMap<String, Earlier, RandomState>,
    without_id: u64,
    doubled: u64,
    new_without_id: u64,
}

/// One row of an earlier run, as far as gates look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct EarlierRating<'r> {
    /// The record's id.
    pub id: Option<&'r str>,
    /// Its level.
    pub level: Option<Level>,
    /// The rule that decided.
    pub reason: Option<Reason>,
    /// Whether it was a failure.
    pub failure: Option<bool>,
}

/// What is kept of a row.
#[derive(Clone, Copy, Debug)]
struct Earlier {
    place: usize,
    failed: bool,
    /// Whether it fails the gate in this run, too.
    again: bool,
}

impl Baseline {
    /// A baseline without a row, for a gate.
    #[must_use]
    pub fn new(gate: MomentGate) -> Self {
        Self { gate, rows: HashMap::default(), without_id: 0, doubled: 0, new_without_id: 0 }
    }

    /// The gate that both runs are held against.
    #[must_use]
    pub const fn gate(&self) -> MomentGate {
        self.gate
    }

    /// Takes a row. Of several with the same id it is enough that one failed the gate.
    pub fn add(&mut self, row: &EarlierRating<'_>) {
        let failed = self.gate.fails(row.level, row.reason, row.failure);
        let Some(id) = row.id.filter(|id| !id.is_empty()) else {
            self.without_id += u64::from(failed);
            return;
        };
        let place = self.rows.len();
        if let Some(earlier) = self.rows.get_mut(id) {
            earlier.failed |= failed;
            self.doubled += 1;
        } else {
            self.rows.insert(id.to_owned(), Earlier { place, failed, again: false });
        }
    }

    /// Whether a moment that fails the gate now did so in the earlier run. A moment without an id is never known.
    pub fn knows(&mut self, id: Option<&str>) -> bool {
        let Some(id) = id else {
            self.new_without_id += 1;
            return false;
        };
        // spreadsheets are told by a ' in front that a text is no formula
        let name = if self.rows.contains_key(id) { Cow::Borrowed(id) } else { Cow::Owned(format!("'{id}")) };
        match self.rows.get_mut(name.as_ref()).filter(|earlier| earlier.failed) {
            Some(earlier) => {
                earlier.again = true;
                true
            }
            None => false,
        }
    }

    /// The ids of rows that failed the gate in the earlier run and have not failed it in this one, in the order of that run.
    #[must_use]
    pub fn no_longer(&self) -> Vec<&str> {
        let mut gone: Vec<_> = self.rows.iter().filter(|(_, earlier)| earlier.failed && !earlier.again).collect();
        gone.sort_unstable_by_key(|(_, earlier)| earlier.place);
        gone.into_iter().map(|(id, _)| id.as_str()).collect()
    }

    /// How many rows of the earlier run failed the gate and have no id.
    #[must_use]
    pub const fn without_id(&self) -> u64 {
        self.without_id
    }

    /// How many rows of the earlier run have the id of a row before them.
    #[must_use]
    pub const fn doubled(&self) -> u64 {
        self.doubled
    }

    /// How many moments fail the gate now and have no id.
    #[must_use]
    pub const fn new_without_id(&self) -> u64 {
        self.new_without_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_act_that_has_only_slid_nothing_is_known() {
        let mut baseline = Baseline::new(MomentGate { floor: Some(Level::Expected), no_failure: false });
        let basic = |id, reason| EarlierRating {
            id: Some(id),
            level: Some(Level::Basic),
            reason: Some(reason),
            failure: Some(false),
        };
        baseline.add(&basic("slid", Reason::Repeat));
        baseline.add(&basic("late", Reason::Facts));
        assert!(!baseline.knows(Some("slid")));
        assert_eq!(baseline.no_longer(), ["late"]);
        assert!(baseline.knows(Some("late")));
        assert!(baseline.no_longer().is_empty());
    }

    #[test]
    fn rows_without_an_id_and_ids_that_come_twice_are_counted() {
        let mut baseline = Baseline::new(MomentGate { floor: None, no_failure: true });
        let row = |id, failure| EarlierRating { id, failure: Some(failure), ..EarlierRating::default() };
        for row in [row(None, true), row(None, false), row(Some(""), true), row(Some("a"), false), row(Some("a"), true)]
        {
            baseline.add(&row);
        }
        assert_eq!((baseline.without_id(), baseline.doubled()), (2, 1));
        assert!(baseline.knows(Some("a")));
        assert!(!baseline.knows(None));
        assert_eq!(baseline.new_without_id(), 1);
    }
}
