//! The escalator on trial: what verdicts say of flawless repeats, beside what the rule says.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Verdicts;
use crate::assess::journey::Levels;
use crate::level::Level;
use crate::rating::escalator::{ActState, slide};
use crate::rules::Model;
use crate::verdict::Verdict;

/// Verdicts by the level the act was held at and by deliveries since.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial(BTreeMap<(Level, u32), Verdicts>);

impl Trial {
    /// Counts a repeat of an act in this state, where its own standing exists.
    pub(super) fn add(&mut self, state: Option<ActState>, own: Option<Level>, verdict: Verdict) {
        if let (Some(state), Some(_)) = (state, own) {
            self.0.entry((state.held, state.deliveries)).or_default().add(verdict);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (row, verdicts) in other.0 {
            self.0.entry(row).or_default().merge(&verdicts);
        }
    }

    /// The rows, the highest level first, then the fewest deliveries.
    pub(super) fn finish(self, model: &Model) -> Vec<TrialRow> {
        let row = |((since, deliveries), verdicts): ((Level, u32), Verdicts)| {
            let rule = slide(model, since, deliveries);
            TrialRow {
                since,
                deliveries,
                rule,
                count: verdicts.count(|_| true),
                verdicts: verdicts.own(),
                as_low: verdicts.count(|verdict| verdict.highest() <= rule),
            }
        };
        let mut rows: Vec<TrialRow> = self.0.into_iter().map(row).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.since));
        rows
    }
}

/// What was said of flawless repeats after a number of deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrialRow {
    /// The level the act was held at.
    pub since: Level,
    /// Deliveries since it was, this one not counted.
    pub deliveries: u32,
    /// What the rule says it is worth by now.
    pub rule: Level,
    /// Repeats with a verdict.
    pub count: u64,
    /// Their verdicts that are an own word.
    pub verdicts: Levels,
    /// Verdicts as low as the rule says, or lower; an open verdict where the highest it allows is.
    pub as_low: u64,
}
