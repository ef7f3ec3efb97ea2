//! The worst and the latest moments at each perception point, with their reasons.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::When;
use crate::level::Level;
use crate::names::{Names, TooMany};
use crate::rating::finding::LevelWording;
use crate::rating::why::RatedMoment;

/// One moment, as shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// The record's id.
    pub id: Option<String>,
    /// When it happened, as written.
    pub at: Option<String>,
    /// The person served.
    pub recipient: String,
    /// Who served.
    pub provider: Option<String>,
    /// The act.
    pub action: Option<String>,
    /// Its level.
    pub level: Level,
    /// Whether its act has only slid.
    pub slid: bool,
    /// Whether something went wrong.
    pub failure: bool,
    /// Whether it counts in shares.
    pub remarked: bool,
    /// Why it has its level, in lines a person can check by hand.
    pub why: Vec<String>,
    /// What the recipient said.
    pub said: Option<String>,
}

impl Highlight {
    fn of(moment: &RatedMoment<'_, '_>) -> Self {
        let interaction = moment.interaction;
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Self {
            id: owned(&interaction.id),
            at: interaction.at.as_ref().map(|at| at.text.clone().into_owned()),
            recipient: interaction.recipient.clone().into_owned(),
            provider: owned(&interaction.provider),
            action: owned(&interaction.action),
            level: moment.assessment.level,
            slid: moment.assessment.reason.slid(),
            failure: moment.assessment.failure,
            remarked: moment.remarked(),
            why: moment.why(LevelWording::Labels),
            said: owned(&interaction.said),
        }
    }
}

/// The moments of one point that are worth showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlights {
    /// The worst remarked moments, worst and then latest first.
    pub worst: Vec<Highlight>,
    /// The latest moments, latest first.
    pub latest: Vec<Highlight>,
}

/// Gathers the worst and the latest moments of every point.
#[derive(Clone, Debug)]
pub struct HighlightsFold {
    most: usize,
    points: Names,
    found: Vec<Found>,
}

#[derive(Clone, Debug, Default)]
struct Found {
    worst: BTreeMap<(Level, Reverse<When>), Highlight>,
    latest: BTreeMap<Reverse<When>, Highlight>,
}

impl HighlightsFold {
    /// Keeps at most this many of the worst, and of the latest, at each point.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, points: Names::default(), found: Vec::new() }
    }

    /// Takes one moment.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When) -> Result<(), TooMany> {
        let (point, new) = self.points.add(&moment.interaction.path())?;
        if new {
            self.found.push(Found::default());
        }
        let Found { worst, latest } = &mut self.found[point.index()];
        if moment.remarked() {
            offer(worst, self.most, (moment.assessment.level, Reverse(when)), || Highlight::of(moment));
        }
        offer(latest, self.most, Reverse(when), || Highlight::of(moment));
        Ok(())
    }

    /// The moments by the path of their point.
    #[must_use]
    pub fn finish(self) -> BTreeMap<String, Highlights> {
        let told = |found: Found| Highlights {
            worst: found.worst.into_values().collect(),
            latest: found.latest.into_values().collect(),
        };
        self.points.iter().map(str::to_owned).zip(self.found.into_iter().map(told)).collect()
    }
}

/// Keeps a value if it is among the first by its key.
pub(super) fn offer<K: Ord, V>(first: &mut BTreeMap<K, V>, most: usize, key: K, value: impl FnOnce() -> V) {
    if first.len() >= most {
        if first.last_key_value().is_none_or(|(last, _)| *last < key) {
            return;
        }
        first.pop_last();
    }
    first.insert(key, value());
}
