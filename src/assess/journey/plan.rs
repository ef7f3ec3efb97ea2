//! Groups in the order of the journeys laid out in the rules, with the steps that nothing is recorded of.

use std::collections::{HashMap, HashSet};

use super::{Group, Journey, Tally};
use crate::assess::{Dimension, Key};
use crate::record::interaction::Stage;
use crate::rules::{JourneyPlan, Model, Step};

/// Puts groups in order of first appearance into that of the plan: planned groups first, also those without a moment.
/// Stages come in the order in which they follow each other.
pub(super) fn arranged(model: &Model, by: &[Dimension], groups: Vec<Group>) -> Vec<Group> {
    let planned = planned(model, by);
    if planned.is_empty() {
        return by_stage(by, groups);
    }
    let places: HashMap<&Key, usize> = planned.iter().enumerate().map(|(place, key)| (key, place)).collect();
    let mut steps: Vec<Option<Group>> = planned.iter().map(|_| None).collect();
    let mut others = Vec::new();
    for group in groups {
        match group.key.as_ref().and_then(|key| places.get(key)) {
            Some(&place) => steps[place] = Some(group),
            None => others.push(group),
        }
    }
    let empty = |key: &Key| Group::new(model, Some(key.clone()), &Tally::default(), None);
    let steps = steps.into_iter().zip(&planned).map(|(group, key)| group.unwrap_or_else(|| empty(key)));
    steps.chain(others).collect()
}

/// The keys that plans give, each once, where groups are parts of a path; else none.
pub(crate) fn planned(model: &Model, by: &[Dimension]) -> Vec<Key> {
    let of_path =
        |dimension: &Dimension| matches!(dimension, Dimension::Point | Dimension::Transaction | Dimension::Journey);
    if by.is_empty() || !by.iter().all(of_path) {
        return Vec::new();
    }
    let mut known = HashSet::new();
    let steps = model.journeys().iter().flat_map(|plan| plan.steps.iter().map(move |step| (plan, step)));
    let keys = steps.filter_map(|(plan, step)| key(by, plan, step));
    keys.filter(|key| known.insert(key.clone())).collect()
}

/// The key of a step; `None` where it is grouped by a transaction that it does not name.
fn key(by: &[Dimension], plan: &JourneyPlan, step: &Step) -> Option<Key> {
    let value = |dimension: &Dimension| {
        let value = match dimension {
            Dimension::Journey => Some(plan.name.as_str()),
            Dimension::Transaction => step.transaction(),
            _ => Some(step.path()),
        };
        Some((dimension.clone(), Some(value?.to_owned())))
    };
    by.iter().map(value).collect::<Option<_>>().map(Key)
}

/// Beginning, middle, end, where stages are what groups are first told apart by.
fn by_stage(by: &[Dimension], mut groups: Vec<Group>) -> Vec<Group> {
    if by.first() == Some(&Dimension::Stage) {
        let place = |group: &Group| {
            let stage = group.key.as_ref().and_then(|key| key.0.first()).and_then(|(_, stage)| stage.as_deref());
            Stage::NAMES.iter().position(|name| Some(*name) == stage).unwrap_or(Stage::NAMES.len())
        };
        groups.sort_by_cached_key(place);
    }
    groups
}

/// Where a journey laid out and what is recorded of it differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffPlan {
    /// The journey.
    pub journey: String,
    /// Points recorded in it that its plan does not have, without the journey, in the order of the groups.
    pub unknown: Vec<String>,
    /// How many steps of its plan nothing is recorded of.
    pub empty: usize,
    /// How many steps its plan has.
    pub steps: usize,
}

impl Journey {
    /// Where the journeys laid out and what is recorded of them differ, as far as groups tell: by point, alone or
    /// with other dimensions.
    #[must_use]
    pub fn off_plan(&self, model: &Model) -> Vec<OffPlan> {
        let Some(place) = self.by.iter().position(|dimension| *dimension == Dimension::Point) else {
            return Vec::new();
        };
        let recorded = self.groups.iter().filter(|group| group.count > 0);
        let mut known = HashSet::new();
        let paths = recorded.filter_map(|group| group.key.as_ref()?.0.get(place)?.1.as_deref());
        let paths: Vec<&str> = paths.filter(|path| known.insert(*path)).collect();
        let off = model.journeys().iter().map(|plan| {
            let steps: HashSet<&str> = plan.steps.iter().map(Step::path).collect();
            let unknown = paths.iter().filter(|path| !steps.contains(*path));
            let unknown = unknown.filter_map(|path| path.strip_prefix(plan.name.as_str())?.strip_prefix('/'));
            OffPlan {
                journey: plan.name.clone(),
                unknown: unknown.map(str::to_owned).collect(),
                empty: steps.iter().filter(|step| !known.contains(*step)).count(),
                steps: plan.steps.len(),
            }
        });
        off.filter(|off| off.empty > 0 || !off.unknown.is_empty()).collect()
    }
}
