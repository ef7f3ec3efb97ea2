//! Who spoke in a group: the sums over recipients that the intervals of its shares need (section 7 of the model).

use crate::level::Half;
use crate::rating::escalator::{Assessment, Reason};
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
    pub(crate) fn new(group: usize, assessment: &Assessment) -> Self {
        let remarked = assessment.reason != Reason::Unremarked;
        let top_half = remarked && assessment.level.half() == Half::Top;
        let sound = remarked && !assessment.failure;
        let flags = u32::from(remarked) | u32::from(top_half) << 1 | u32::from(sound) << 2;
        Self(u32::try_from(group).unwrap_or(0) << 3 | flags)
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
