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
    /// Rows in whose place another of the same case counts.
    pub superseded: u64,
    /// Last lines that are no rows.
    pub trailers: u64,
}

impl Counts {
    /// How many different reasons are kept; those that come later are one.
    const REASONS: usize = 100;

    /// Counts a row that the map leaves out, with its reason.
    pub(super) fn leave_out(&mut self, why: &str) {
        self.dropped += 1;
        let known = self.reasons.contains_key(why) || self.reasons.len() < Self::REASONS;
        *self.reasons.entry(if known { why } else { "other reasons" }.to_owned()).or_default() += 1;
    }
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
            let mut reasons: Vec<_> = self.reasons.iter().collect();
            reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let named: u64 = reasons.iter().map(|(_, count)| **count).sum();
            let mut told: Vec<_> = reasons.iter().map(|(why, count)| format!("{} {why}", grouped(**count))).collect();
            told.extend((named < dropped).then(|| format!("{} without a reason", grouped(dropped - named))));
            write!(f, " ({})", told.join(", "))?;
        }
        if superseded > 0 {
            write!(f, ", {} superseded by another row of the case", grouped(superseded))?;
        }
        if trailers > 0 {
            write!(f, "; beside them {}", count(trailers, "trailer line"))?;
        }
        Ok(())
    }
}
