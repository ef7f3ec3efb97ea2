//! Who spoke in either of two periods: those met in both are compared with themselves (section 8 of the model).

use crate::assess::spoken::{Said, Spot};
use crate::stats::Pairs;

/// The recipients of a group in two periods, with the sums for its two shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Paired {
    pub(super) top_half: Pairs,
    pub(super) sound: Pairs,
}

impl Paired {
    fn add(&mut self, [before, after]: [Said; 2]) {
        let pair = |of: fn(&Said) -> u64| ((before.remarked, of(&before)), (after.remarked, of(&after)));
        let (top_half, sound) = (pair(|said| said.top_half), pair(|said| said.sound));
        self.top_half.add(top_half.0, top_half.1);
        self.sound.add(sound.0, sound.1);
    }

    /// Adds other recipients.
    pub(super) fn merge(&mut self, other: &Self) {
        self.top_half.merge(&other.top_half);
        self.sound.merge(&other.sound);
    }
}

/// In which of the two periods compared a cell is, and its group.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    Before(usize),
    After(usize),
    Neither,
}

/// Pairs the moments of one recipient after the other in many groups.
pub(super) struct Pairing<'s> {
    /// Of each cell.
    sides: &'s [Side],
    /// Of the recipient listened to, by group.
    said: Vec<[Said; 2]>,
    met: Vec<usize>,
    /// Of all of them, by group.
    pub(super) paired: Vec<Paired>,
}

impl<'s> Pairing<'s> {
    /// Pairs moments in cells of these sides, in so many groups.
    pub(super) fn new(sides: &'s [Side], groups: usize) -> Self {
        Self { sides, said: vec![Default::default(); groups], met: Vec::new(), paired: vec![Paired::default(); groups] }
    }

    /// Takes all moments of a recipient, of whom none has been taken before.
    pub(super) fn listen(&mut self, moments: impl IntoIterator<Item = Spot>) {
        for spot in moments {
            let (group, period) = match self.sides[spot.group()] {
                Side::Before(group) => (group, 0),
                Side::After(group) => (group, 1),
                Side::Neither => continue,
            };
            let said = &mut self.said[group];
            if said.iter().all(|said| said.moments == 0) {
                self.met.push(group);
            }
            said[period].add(spot);
        }
        for group in self.met.drain(..) {
            self.paired[group].add(std::mem::take(&mut self.said[group]));
        }
    }
}
