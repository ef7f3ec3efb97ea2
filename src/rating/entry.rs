//! What is kept of an interaction between reading and rating it, and the order
//! in which that is settled.

use crate::level::Level;
use crate::moment::Instant;
use crate::rating::escalator::Facts;
use crate::rating::ledger::ActId;
use crate::rules::Model;
use crate::verdict::Verdict;

/// An interaction weighed by itself: its time and its facts, before its act is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weighed {
    pub(crate) at: i64,
    pub(crate) facts: Facts,
    pub(crate) timed: bool,
}

impl Weighed {
    /// Its entry, where its act has been found.
    #[must_use]
    pub(crate) fn entry(self, act: Option<ActId>) -> Entry {
        let Self { at, facts, timed } = self;
        Entry { at, act, facts: Packed::new(facts), timed }
    }

    /// When it happened.
    #[must_use]
    pub(crate) fn at(&self) -> Option<Instant> {
        self.timed.then(|| Instant::from_kept_micros(self.at))
    }
}

/// What is kept of an interaction between reading and rating it: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) act: Option<ActId>,
    pub(crate) facts: Packed,
    pub(crate) timed: bool,
}

impl Entry {
    /// Whether it notes a lift that could fade, but names no act for the escalator to see.
    #[must_use]
    pub(crate) fn lift_unseen(&self, model: &Model) -> bool {
        self.act.is_none() && self.facts.facts().lift >= model.escalator().from.max(Level::Desired)
    }

    /// The act with its recipient, where the moment names one.
    #[must_use]
    pub(crate) const fn act(&self) -> Option<ActId> {
        self.act
    }

    /// Whether the recipient said anything.
    #[must_use]
    pub(crate) fn has_verdict(&self) -> bool {
        self.facts.facts().verdict.is_some()
    }

    /// When it happened.
    #[must_use]
    pub(crate) fn at(&self) -> Option<Instant> {
        self.timed.then(|| Instant::from_kept_micros(self.at))
    }
}

/// [`Facts`] in 16 bits: four flags, the evidence in three bits, the lift, which is never below the baseline,
/// in two, the market in three and the verdict in four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed(u16);

impl Packed {
    pub(crate) fn new(facts: Facts) -> Self {
        let flags = [facts.omitted, facts.declined, facts.preference_missed, facts.noted];
        let bits = flags.into_iter().fold(0, |bits, flag| bits << 1 | u16::from(flag));
        let level = |level: Option<Level>| level.map_or(0, |level| u16::from(level.rank()));
        let lift = u16::from(facts.lift.rank().saturating_sub(Level::BASELINE.rank()));
        let verdict = facts.verdict.map_or(0, |verdict| u16::try_from(verdict.index() + 1).unwrap_or(0));
        let bits = bits << 3 | level(Some(facts.evidence));
        let bits = bits << 2 | lift;
        let bits = bits << 3 | level(facts.market);
        Self(bits << 4 | verdict)
    }

    pub(crate) fn facts(self) -> Facts {
        let part = |shift: u16, mask: u16| u8::try_from(self.0 >> shift & mask).unwrap_or(0);
        let flag = |shift: u16| self.0 >> shift & 1 == 1;
        let verdict = usize::from(part(0, 0b1111)).checked_sub(1);
        Facts {
            evidence: Level::from_rank(part(9, 0b111)).unwrap_or(Level::BASELINE),
            lift: Level::from_rank(part(7, 0b11) + Level::BASELINE.rank()).unwrap_or(Level::BASELINE),
            verdict: verdict.and_then(|index| Verdict::ALL.get(index).copied()),
            market: Level::from_rank(part(4, 0b111)),
            omitted: flag(15),
            declined: flag(14),
            preference_missed: flag(13),
            noted: flag(12),
        }
    }
}

/// The order in which entries are settled: by time, equal times and no times in
/// input order, each as its place in the input.
///
/// Most records of an export come in the order of time, so only those that are
/// late are sorted, and merged with the others.
pub(crate) fn time_order(entries: &[Entry]) -> impl Iterator<Item = usize> {
    let mut late: Vec<(i64, usize)> = timeliness(entries).filter_map(|(place, late)| late.then_some(place)).collect();
    late.sort_unstable();
    let (mut late, mut timely) = (late.into_iter().peekable(), timeliness(entries));
    let mut next = None;
    std::iter::from_fn(move || {
        next = next.or_else(|| timely.find(|(_, late)| !late).map(|(place, _)| place));
        // where times are equal, the place in the input decides
        let first = late.next_if(|late| next.is_none_or(|timely| *late < timely)).or_else(|| next.take());
        first.map(|(_, index)| index)
    })
}

/// The time and the place of each entry, and whether an earlier one has a later time.
fn timeliness(entries: &[Entry]) -> impl Iterator<Item = ((i64, usize), bool)> {
    let mut latest = i64::MIN;
    entries.iter().enumerate().map(move |(index, entry)| {
        let late = entry.at < latest;
        latest = latest.max(entry.at);
        ((entry.at, index), late)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rating::escalator::ActState;

    #[test]
    fn an_entry_is_sixteen_bytes_and_a_footing_eight() {
        assert_eq!(size_of::<Entry>(), 16);
        assert_eq!(size_of::<Option<ActState>>(), 8);
    }

    #[test]
    fn entries_are_settled_by_time_and_then_by_place() {
        let facts = Packed(0);
        let entry = |&at: &i64| Entry { at, act: None, facts, timed: true };
        for times in [&[][..], &[1], &[3, 1, 2, 2, 3, 3, 0, 7, 5, 7, 6, 7], &[5, 4, 3, 2, 1], &[0, 0, 0]] {
            let entries: Vec<Entry> = times.iter().map(entry).collect();
            let mut sorted: Vec<usize> = (0..times.len()).collect();
            sorted.sort_by_key(|&index| times[index]);
            assert_eq!(time_order(&entries).collect::<Vec<_>>(), sorted, "{times:?}");
        }
    }

    #[test]
    fn packed_facts_come_back_whole() {
        let markets = || [None].into_iter().chain(Level::ALL.map(Some));
        let verdicts = || [None].into_iter().chain(Verdict::ALL.map(Some));
        let lifts = &Level::ALL[Level::BASELINE.index()..];
        for (evidence, &lift) in Level::ALL.into_iter().flat_map(|one| lifts.iter().map(move |other| (one, other))) {
            for (verdict, market) in verdicts().flat_map(|one| markets().map(move |other| (one, other))) {
                for flags in 0..16 {
                    let (omitted, declined) = (flags & 1 != 0, flags & 8 != 0);
                    let (preference_missed, noted) = (flags & 2 != 0, flags & 4 != 0);
                    let facts = Facts { evidence, lift, verdict, market, omitted, declined, preference_missed, noted };
                    assert_eq!(Packed::new(facts).facts(), facts);
                }
            }
        }
    }
}
