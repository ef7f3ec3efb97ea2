//! What became of the rows, and the line that says so.

use std::collections::BTreeMap;
use std::fmt;

use crate::wording::{count, grouped};

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that were there.
    pub read: u64,
    /// Rows that gave interactions.
    pub mapped: u64,
    /// The interactions they gave.
    pub interactions: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Rows for which the map gave nothing.
    pub dropped: u64,
    /// For which reasons, where the map said one, and how often.
    pub reasons: BTreeMap<String, u64>,
    /// For which reasons parts of rows were left out, as cases of a page, and how often.
    pub parts: BTreeMap<String, u64>,
    /// Rows in whose place another of the same case counts.
    pub superseded: u64,
    /// Last lines that are no rows.
    pub trailers: u64,
}

impl Counts {
    /// Counts a row that the map leaves out, with its reason.
    pub(super) fn leave_out(&mut self, why: &str) {
        self.dropped += 1;
        count_reason(&mut self.reasons, why);
    }

    /// Counts a part of a row, as a case of a page, that the map leaves out, with its reason.
    pub(super) fn leave_out_part(&mut self, why: &str) {
        count_reason(&mut self.parts, why);
    }
}

/// How many different reasons are kept; those that come later are one.
const REASONS: usize = 100;

fn count_reason(reasons: &mut BTreeMap<String, u64>, why: &str) {
    let known = reasons.contains_key(why) || reasons.len() < REASONS;
    *reasons.entry(if known { why } else { "other reasons" }.to_owned()).or_default() += 1;
}

/// `2 outbound, 1 spam`, the most frequent first.
fn told(reasons: &BTreeMap<String, u64>) -> Vec<String> {
    let mut reasons: Vec<_> = reasons.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    reasons.iter().map(|(why, count)| format!("{} {why}", grouped(**count))).collect()
}

impl fmt::Display for Counts {
    /// The line that shows that nothing was lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, mapped, interactions, rejected, dropped, superseded, trailers, .. } = *self;
        write!(
            f,
            "read {}: {} mapped to {}, {} rejected, {} dropped by the map",
            count(read, "row"),
            grouped(mapped),
            count(interactions, "interaction"),
            grouped(rejected),
            grouped(dropped),
        )?;
        if !self.reasons.is_empty() {
            let mut reasons = told(&self.reasons);
            let named: u64 = self.reasons.values().sum();
            reasons.extend((named < dropped).then(|| format!("{} without a reason", grouped(dropped - named))));
            write!(f, " ({})", reasons.join(", "))?;
        }
        if superseded > 0 {
            write!(f, ", {} superseded by another row of the case", grouped(superseded))?;
        }
        if !self.parts.is_empty() {
            let parts = count(self.parts.values().sum(), "case");
            write!(f, "; within rows {parts} left out ({})", told(&self.parts).join(", "))?;
        }
        if trailers > 0 {
            write!(f, "; beside them {}", count(trailers, "trailer line"))?;
        }
        Ok(())
    }
}
