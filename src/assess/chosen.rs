//! The worst and the latest moments of each group, by their places: they are put in words only once it is known which
//! they are.

use std::cmp::Reverse;

use super::{Rated, When};
use crate::level::Level;

/// The worst and the latest moments of a group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// The worst remarked ones, the latest of equals first.
    worst: Vec<(Level, Reverse<When>)>,
    latest: Vec<Reverse<When>>,
}

impl Chosen {
    /// Takes a moment if it is among so many.
    pub(crate) fn offer(&mut self, most: usize, when: When, rated: Rated) {
        if rated.remarked() {
            offer(&mut self.worst, most, (rated.level, Reverse(when)));
        }
        offer(&mut self.latest, most, Reverse(when));
    }

    /// Takes those of others that are among so many.
    pub(crate) fn merge(&mut self, most: usize, other: Self) {
        other.worst.into_iter().for_each(|one| offer(&mut self.worst, most, one));
        other.latest.into_iter().for_each(|one| offer(&mut self.latest, most, one));
    }

    /// The places of the worst, worst and then latest first.
    pub(crate) fn worst(&self) -> impl Iterator<Item = usize> {
        self.worst.iter().filter_map(|(_, Reverse(when))| usize::try_from(when.index).ok())
    }

    /// The places of the latest, latest first.
    pub(crate) fn latest(&self) -> impl Iterator<Item = usize> {
        self.latest.iter().filter_map(|Reverse(when)| usize::try_from(when.index).ok())
    }
}

/// Puts one into its place if it is among the first.
fn offer<T: Ord>(first: &mut Vec<T>, most: usize, one: T) {
    if first.len() >= most && first.last().is_none_or(|last| *last < one) {
        return;
    }
    let place = first.partition_point(|before| *before < one);
    first.insert(place, one);
    first.truncate(most);
}
