//! Everyone who was met, with how loyal they are served.

use super::loyalty::{Loyalty, LoyaltyRule};
use super::sorted::Places;
use super::{Moments, When};
use crate::names::NameId;
use crate::record::window::Scope;

/// Someone who was met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    pub(crate) recipient: NameId,
    /// When they were met first in a moment that is reported; `None` if they never were.
    pub(crate) first: Option<When>,
    pub(crate) loyalty: Loyalty,
}

impl Met {
    /// Everyone who was met in what is not left out, by their numbers.
    pub(crate) fn all(moments: &impl Moments, lives: &Places, loyalty: &LoyaltyRule, threads: usize) -> Vec<Self> {
        lives.each(threads, |recipient, places| {
            let reported = places.iter().filter(|place| moments.scope(**place) == Scope::Reported);
            let first = reported.map(|&place| moments.when(place)).min();
            let ratings = places.iter().map(|&place| (moments.when(place), moments.rated(place)));
            Some(Self { recipient, first, loyalty: loyalty.judge(ratings) })
        })
    }
}
