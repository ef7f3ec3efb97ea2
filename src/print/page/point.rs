//! One point of the journey: its path, how sound it is, and what takes it a step up.

use std::cmp::Ordering;

use crate::assess::journey::Group;
use crate::assess::uplift::{Point as Then, UpliftGroup};
use maud::{Markup, html};

use super::Page;
use super::text::level;
use super::words::say;
use crate::print::table::shown;

/// The path of a group.
pub(super) fn path_of(group: &Group) -> String {
    group.key.as_ref().and_then(|key| key.0.first()).and_then(|(_, path)| path.clone()).unwrap_or_default()
}

/// How sound a point is, to find the weakest: first those of which there is enough to tell.
pub(super) struct Soundness {
    /// Whether there is too little to be sure.
    pub(super) unsure: bool,
    shares: [f64; 2],
}

impl Soundness {
    pub(super) fn of(group: &Group) -> Self {
        let unsure = !group.enough;
        // a point without remarked moments has no share, and comes last
        let shares = [group.sound.share, group.top_half.share].map(|share| share.unwrap_or(2.0));
        Self { unsure, shares }
    }

    /// The weaker first, and what there is too little of last.
    pub(super) fn against(&self, other: &Self) -> Ordering {
        let shares = || self.shares.partial_cmp(&other.shares).unwrap_or(Ordering::Equal);
        self.unsure.cmp(&other.unsure).then_with(shares)
    }
}

/// The point that is least sound, among those of which there is enough to tell
/// if there are any; with its place, and whether there is enough.
pub(super) fn weakest_of(page: Page<'_>) -> Option<(usize, &Group, bool)> {
    let groups = page.report.journey.groups.iter().enumerate().filter(|(_, group)| group.remarked() > 0);
    let judged = groups.map(|(place, group)| (place, group, Soundness::of(group)));
    let weakest = judged.min_by(|(.., one), (.., other)| one.against(other));
    weakest.map(|(place, group, soundness)| (place, group, !soundness.unsure))
}

/// A point in the last finished period.
#[derive(Clone, Copy)]
pub(super) struct Lately<'p> {
    pub(super) path: &'p str,
    pub(super) then: &'p Then,
    /// Where that is in the report over time: which group, and which of its periods.
    pub(super) place: (usize, usize),
    pub(super) sound: f64,
}

/// The points of which there is enough to tell in the last finished period.
pub(super) fn lately<'p>(page: Page<'p>) -> Vec<Lately<'p>> {
    let enough = page.model.enough();
    let groups = page.report.over_time.as_ref().map_or(&[][..], |uplift| &uplift.groups);
    let of = |(place, group): (usize, &'p UpliftGroup)| {
        let (number, then) = group.series.iter().enumerate().rfind(|(_, then)| then.finished)?;
        let many = enough.is_met(then.count.saturating_sub(then.unremarked), then.recipients);
        let path = group.key.0.first().and_then(|(_, path)| path.as_deref())?;
        many.then_some(Lately { path, then, place: (place, number), sound: then.sound.share? })
    };
    let mut told: Vec<Lately<'p>> = groups.iter().enumerate().filter_map(of).collect();
    let latest = told.iter().map(|told| told.then.period).max();
    told.retain(|told| Some(told.then.period) == latest);
    told
}

/// The least sound of some points.
pub(super) fn least<'p>(told: &[Lately<'p>]) -> Option<Lately<'p>> {
    told.iter().copied().min_by(|one, other| one.sound.total_cmp(&other.sound))
}

/// What takes the next step up from the level of a point.
pub(super) fn step_up(page: Page<'_>, group: &Group) -> Markup {
    html! {
        @if let Some(median) = group.median {
            p.step-up {
                (say(page.model, "step_up", &[
                    ("level", level(page.model, median)),
                    ("how", html! { bdi { (shown(&page.model.level(median).step_up)) } }),
                ]))
            }
        }
    }
}
