//! Who spoke in a group: the sums over recipients that the intervals of its shares need (section 7 of the model).

use super::Rated;
use crate::level::Half;
use crate::stats::Clusters;

/// The recipients of a group: how many were met, and of those with remarked moments the sums for its two shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) recipients: u64,
    pub(crate) top_half: Clusters,
    pub(crate) sound: Clusters,
}

impl Spoken {
    /// Adds a recipient with these moments.
    pub(crate) fn add(&mut self, said: Said) {
        self.recipients += 1;
        self.top_half.add(said.remarked, said.top_half);
        self.sound.add(said.remarked, said.sound);
    }

    /// Adds other recipients.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.recipients += other.recipients;
        self.top_half.merge(&other.top_half);
        self.sound.merge(&other.sound);
    }
}

/// The moments of one recipient in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// All of them, also where nothing was noted.
    pub(crate) moments: u64,
    pub(crate) remarked: u64,
    pub(crate) top_half: u64,
    pub(crate) sound: u64,
}

impl Said {
    pub(crate) const fn add(&mut self, spot: Spot) {
        let [remarked, top_half, sound] = spot.flags();
        self.moments += 1;
        self.remarked += remarked as u64;
        self.top_half += top_half as u64;
        self.sound += sound as u64;
    }
}

/// A moment's group, and what its level adds to the shares of that: four bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spot(u32);

impl Spot {
    /// So many groups can be told apart.
    pub(crate) const GROUPS: usize = 1 << 29;

    /// In the group of this number, which is below [`Spot::GROUPS`].
    pub(crate) fn new(group: usize, rated: Rated) -> Self {
        let remarked = rated.remarked();
        let top_half = remarked && rated.level.half() == Half::Top;
        let sound = remarked && !rated.failure;
        let flags = u32::from(remarked) | u32::from(top_half) << 1 | u32::from(sound) << 2;
        Self(u32::try_from(group).unwrap_or(0) << 3 | flags)
    }

    /// The same moment in another group, which is below [`Spot::GROUPS`].
    pub(crate) fn moved(self, group: usize) -> Self {
        Self(u32::try_from(group).unwrap_or(0) << 3 | self.0 & 0b111)
    }

    pub(crate) const fn group(self) -> usize {
        (self.0 >> 3) as usize
    }

    /// Whether it is remarked; desired or better; no failure.
    const fn flags(self) -> [bool; 3] {
        [self.0 & 1 != 0, self.0 & 2 != 0, self.0 & 4 != 0]
    }
}

/// Counts the moments of one recipient after the other in many groups.
pub(crate) struct Listener {
    /// Of the recipient listened to, by group.
    said: Vec<Said>,
    met: Vec<usize>,
    /// What all of them said, by group.
    pub(crate) spoken: Vec<Spoken>,
    /// The same of all groups together.
    pub(crate) together: Spoken,
}

impl Listener {
    pub(crate) fn new(groups: usize) -> Self {
        let (said, spoken) = (vec![Said::default(); groups], vec![Spoken::default(); groups]);
        Self { said, met: Vec::new(), spoken, together: Spoken::default() }
    }

    /// Takes all moments of a recipient, of whom none has been taken before.
    pub(crate) fn listen(&mut self, moments: impl IntoIterator<Item = Spot>) {
        let mut together = Said::default();
        for spot in moments {
            let said = &mut self.said[spot.group()];
            if said.moments == 0 {
                self.met.push(spot.group());
            }
            said.add(spot);
            together.add(spot);
        }
        self.together.add(together);
        for group in self.met.drain(..) {
            self.spoken[group].add(std::mem::take(&mut self.said[group]));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::assess::sorted::{Sorted, by_recipient};
    use crate::names::NameId;

    #[test]
    fn who_spoke_is_counted_as_recipient_by_recipient_whatever_the_number_of_threads() {
        // of few recipients with many moments and many with few, some of which nothing was noted of
        let mut random = 7_u64;
        let mut draw = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        let moments: Vec<(usize, Spot)> = (0..3_000)
            .map(|_| {
                let recipient = if draw(3) == 0 { draw(4) } else { draw(900) };
                let flags = [0, 1, 5, 3, 7][usize::try_from(draw(5)).expect("few")];
                let group = u32::try_from(draw(7)).expect("few");
                (usize::try_from(recipient).expect("few"), Spot(group << 3 | flags))
            })
            .collect();
        let slowly = |of: &dyn Fn(Spot) -> bool| {
            let mut said: BTreeMap<usize, [u64; 4]> = BTreeMap::new();
            for (recipient, spot) in moments.iter().filter(|(_, spot)| of(*spot)) {
                let said = said.entry(*recipient).or_default();
                let bits = [true, spot.0 & 1 != 0, spot.0 & 2 != 0, spot.0 & 4 != 0];
                said.iter_mut().zip(bits).for_each(|(count, bit)| *count += u64::from(bit));
            }
            let spoke = || said.values().filter(|said| said[1] > 0);
            let sum = |n: usize, x: usize| spoke().map(|said| u128::from(said[n]) * u128::from(said[x])).sum();
            let share =
                |x| Clusters { recipients: spoke().count() as u64, n2: sum(1, 1), nx: sum(1, x), x2: sum(x, x) };
            Spoken { recipients: said.len() as u64, top_half: share(2), sound: share(3) }
        };
        for threads in [1, 2, 7, 64] {
            let of = |index: usize| NameId::at_index(moments[index].0).ok();
            let finish = |(), sorted: Sorted<Spot>| {
                let mut listener = Listener::new(7);
                sorted.iter().for_each(|(_, spots)| listener.listen(spots.iter().copied()));
                listener
            };
            let ranges = by_recipient(threads, moments.len(), of, || (), |(), index| moments[index].1, finish);
            let mut together = Spoken::default();
            let mut groups = [Spoken::default(); 7];
            for range in &ranges {
                together.merge(&range.together);
                groups.iter_mut().zip(&range.spoken).for_each(|(group, more)| group.merge(more));
            }
            assert_eq!(together, slowly(&|_| true), "{threads}");
            for (number, group) in groups.iter().enumerate() {
                assert_eq!(*group, slowly(&|spot| spot.group() == number), "group {number}, {threads}");
            }
        }
    }
}
