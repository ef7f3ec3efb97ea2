//! A baseline: the ratings of an earlier run, so that a gate counts only what is new since.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::gate::MomentGate;
use crate::level::Level;
use crate::names::{NameId, Names, TooMany};
use crate::printable::FORMULA;
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
/// baseline.add(&failed("s05"))?;
/// baseline.add(&failed("s07"))?;
/// assert!(baseline.knows(Some("s05")));
/// assert!(!baseline.knows(Some("s09")));
/// assert_eq!(baseline.no_longer()[0].id, "s07");
/// # Ok::<(), serveup::TooMany>(())
/// ```
#[derive(Clone, Debug)]
pub struct Baseline {
    gate: MomentGate,
    ids: Names,
    /// What is kept of each row, by the number of its id.
    rows: Vec<Earlier>,
    recipients: Names,
    actions: Names,
    /// The acts of recipients.
    acts: HashMap<(NameId, NameId), EarlierAct, RandomState>,
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
    /// When it happened, as written, where the row says so.
    pub at: Option<&'r str>,
    /// Who was served, where the row says so.
    pub recipient: Option<&'r str>,
    /// The act, where the row says so.
    pub action: Option<&'r str>,
}

/// What is kept of a row.
#[derive(Clone, Debug)]
struct Earlier {
    failed: bool,
    /// Whether it fails the gate in this run, too.
    again: bool,
    /// Whether this run reports it.
    reported: bool,
    at: Option<Box<str>>,
}

/// What is kept of an act.
#[derive(Clone, Debug)]
struct EarlierAct {
    /// The id of the last of its rows.
    last: NameId,
    /// Whether it counts as new in this run.
    new: bool,
}

/// A row that failed the gate in the earlier run and has not failed it in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLonger<'b> {
    /// The record's id.
    pub id: &'b str,
    /// When it happened, as written, where the row says so.
    pub at: Option<&'b str>,
    /// Whether this run reports it, as far as it was [met](Baseline::met).
    pub reported: bool,
}

/// A text as a table has it that keeps it from being run as a formula: with a ' in front. `None` where it would not be
/// run.
#[must_use]
pub fn escaped(text: &str) -> Option<String> {
    text.starts_with(FORMULA).then(|| format!("'{text}"))
}

/// The text that was kept so from being run as a formula.
#[must_use]
pub fn unescaped(text: &str) -> Option<&str> {
    text.strip_prefix('\'').filter(|text| text.starts_with(FORMULA))
}

impl Baseline {
    /// A baseline without a row, for a gate.
    #[must_use]
    pub fn new(gate: MomentGate) -> Self {
        Self {
            gate,
            ids: Names::default(),
            rows: Vec::new(),
            recipients: Names::default(),
            actions: Names::default(),
            acts: HashMap::default(),
            without_id: 0,
            doubled: 0,
            new_without_id: 0,
        }
    }

    /// The gate that both runs are held against.
    #[must_use]
    pub const fn gate(&self) -> MomentGate {
        self.gate
    }

    /// Takes a row. Of several with the same id it is enough that one failed the gate.
    ///
    /// # Errors
    /// More different names than there are numbers for them.
    pub fn add(&mut self, row: &EarlierRating<'_>) -> Result<(), TooMany> {
        let failed = self.gate.fails(row.level, row.reason, row.failure);
        let Some(id) = row.id.filter(|id| !id.is_empty()) else {
            self.without_id += u64::from(failed);
            return Ok(());
        };
        let at = row.at.filter(|_| failed).map(Box::from);
        let (id, new) = self.ids.add(id)?;
        if new {
            self.rows.push(Earlier { failed, again: false, reported: false, at });
        } else {
            let earlier = &mut self.rows[id.index()];
            earlier.failed |= failed;
            earlier.at = at.or_else(|| earlier.at.take());
            self.doubled += 1;
        }
        if let (Some(recipient), Some(action)) = (row.recipient, row.action) {
            let act = (self.recipients.add(recipient)?.0, self.actions.add(action)?.0);
            self.acts.insert(act, EarlierAct { last: id, new: false });
        }
        Ok(())
    }

    /// The row with this id, as it is or as it is kept from spreadsheets.
    fn row(&mut self, id: &str) -> Option<&mut Earlier> {
        let known = self.ids.get(id).or_else(|| self.ids.get(&escaped(id)?))?;
        self.rows.get_mut(known.index())
    }

    /// The ids of all rows, as they are written there, each with whether it failed the gate in the earlier run.
    pub fn ids(&self) -> impl Iterator<Item = (&str, bool)> {
        self.ids.iter().zip(&self.rows).map(|(id, row)| (id, row.failed))
    }

    /// Notes that this run reports the record with this id, whether it fails the gate or not.
    pub fn met(&mut self, id: &str) {
        if let Some(earlier) = self.row(id) {
            earlier.reported = true;
        }
    }

    /// Notes that an act counts as new in this run: nothing is known of what it stands on.
    pub fn new_act(&mut self, recipient: &str, action: &str) {
        let known = self.recipients.get(recipient).zip(self.actions.get(action));
        if let Some(act) = known.and_then(|act| self.acts.get_mut(&act)) {
            act.new = true;
        }
    }

    /// How many acts [count as new](Baseline::new_act) in this run although the earlier run has them, in a record that
    /// this run has not `read`.
    #[must_use]
    pub fn forgotten_acts(&self, read: impl Fn(&str) -> bool) -> u64 {
        let is_read = |id: &str| read(id) || unescaped(id).is_some_and(&read);
        self.acts.values().filter(|act| act.new && !is_read(self.ids.name(act.last))).count() as u64
    }

    /// Whether a moment that fails the gate now did so in the earlier run. A moment without an id is never known.
    pub fn knows(&mut self, id: Option<&str>) -> bool {
        let Some(id) = id else {
            self.new_without_id += 1;
            return false;
        };
        match self.row(id).filter(|earlier| earlier.failed) {
            Some(earlier) => {
                earlier.again = true;
                true
            }
            None => false,
        }
    }

    /// The rows that failed the gate in the earlier run and have not failed it in this one, in the order of that run.
    #[must_use]
    pub fn no_longer(&self) -> Vec<NoLonger<'_>> {
        let gone = self.ids.iter().zip(&self.rows).filter(|(_, earlier)| earlier.failed && !earlier.again);
        gone.map(|(id, earlier)| NoLonger { id, at: earlier.at.as_deref(), reported: earlier.reported }).collect()
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
            ..EarlierRating::default()
        };
        baseline.add(&basic("slid", Reason::Repeat)).expect("room");
        baseline.add(&basic("late", Reason::Facts)).expect("room");
        assert!(!baseline.knows(Some("slid")));
        let ids: Vec<&str> = baseline.no_longer().iter().map(|row| row.id).collect();
        assert_eq!(ids, ["late"]);
        assert!(baseline.knows(Some("late")));
        assert!(baseline.no_longer().is_empty());
    }

    #[test]
    fn rows_without_an_id_and_ids_that_come_twice_are_counted() {
        let mut baseline = Baseline::new(MomentGate { floor: None, no_failure: true });
        let row = |id, failure| EarlierRating { id, failure: Some(failure), ..EarlierRating::default() };
        for row in [row(None, true), row(None, false), row(Some(""), true), row(Some("a"), false), row(Some("a"), true)]
        {
            baseline.add(&row).expect("room");
        }
        assert_eq!((baseline.without_id(), baseline.doubled()), (2, 1));
        assert!(baseline.knows(Some("a")));
        assert!(!baseline.knows(None));
        assert_eq!(baseline.new_without_id(), 1);
    }

    #[test]
    fn an_act_is_forgotten_where_its_last_record_is_not_read() {
        let mut baseline = Baseline::new(MomentGate { floor: None, no_failure: true });
        let row = |id, recipient, action| EarlierRating {
            id: Some(id),
            recipient: Some(recipient),
            action,
            failure: Some(false),
            ..EarlierRating::default()
        };
        baseline.add(&row("n1", "ada", Some("ride"))).expect("room");
        baseline.add(&row("n2", "ada", Some("ride"))).expect("room");
        baseline.add(&row("n3", "ben", Some("ride"))).expect("room");
        baseline.add(&row("n4", "cleo", None)).expect("room");
        for (recipient, action) in [("ada", "ride"), ("ada", "ride"), ("cleo", "ride"), ("ada", "card")] {
            baseline.new_act(recipient, action);
        }
        // ben's is not new, and cleo's was not there
        assert_eq!(baseline.forgotten_acts(|_| false), 1);
        assert_eq!(baseline.forgotten_acts(|id| id == "n1"), 1);
        assert_eq!(baseline.forgotten_acts(|id| id == "n2"), 0);
    }
}
