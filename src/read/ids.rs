//! Which ids there were, and on which line of which file.
//!
//! Exports mostly come sorted by id. An id that comes after all before it
//! (longer, or as long and later in the alphabet) cannot have been there, and
//! is only written down; the others are looked up. Where a case gives several
//! records, their ids are sorted by kind: `1-reply`, `1-end`, `2-reply`, … So ids
//! that end differently behind their last digit are kept apart, each kind in a
//! lane of its own.

use crate::names::ShortKey;
use crate::{Names, TooMany};

/// All ids of the accepted records.
#[derive(Default)]
pub(super) struct Ids {
    files: Vec<String>,
    lanes: Vec<Lane>,
    others: Names,
    others_at: Places,
}

impl Ids {
    /// Starts the ids of this file.
    pub(super) fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
        self.lanes.iter_mut().for_each(|lane| lane.at.begin());
        self.others_at.begin();
    }

    /// Adds an id with its line; where it was first, in words, if it was there before.
    pub(super) fn add(&mut self, id: &str, line: impl FnOnce() -> u64) -> Result<Option<String>, TooMany> {
        let Lane { rising, at, .. } = self.lane_for(id);
        if rising.push(id) {
            at.lines.push(line());
            return Ok(None);
        }
        if let Some(place) = self.place_in_lane(id) {
            return Ok(Some(place));
        }
        let (known, new) = self.others.add(id)?;
        if new {
            self.others_at.lines.push(line());
            return Ok(None);
        }
        Ok(Some(self.in_words(&self.others_at, known.index())))
    }

    /// Adds the ids of records that follow one another, if each comes after all before it, here and there;
    /// else none of them.
    pub(super) fn add_runs(&mut self, runs: &IdRuns) -> bool {
        let known = |run: &Lane| self.lanes.iter().position(|lane| lane.end == run.end);
        let lanes: Vec<Option<usize>> = runs.lanes.iter().map(known).collect();
        let new = lanes.iter().filter(|lane| lane.is_none()).count();
        let behind = |(run, lane): (&Lane, &Option<usize>)| {
            lane.is_none_or(|lane| run.rising.first().is_none_or(|first| self.lanes[lane].rising.is_behind(first)))
        };
        if runs.odd || self.lanes.len() + new > LANES || !runs.lanes.iter().zip(&lanes).all(behind) {
            return false;
        }
        for (run, lane) in runs.lanes.iter().zip(lanes) {
            let lane = lane.unwrap_or_else(|| self.begin_lane(&run.end));
            let lane = &mut self.lanes[lane];
            lane.rising.append(&run.rising);
            lane.at.lines.append(&run.at.lines, 0);
        }
        true
    }

    /// Where an id was first, in words, if it was there.
    pub(super) fn place_of(&self, id: &str) -> Option<String> {
        if self.lane_of(id).is_none_or(|lane| lane.rising.is_behind(id)) {
            return None;
        }
        let elsewhere = || self.others.get(id).map(|known| self.in_words(&self.others_at, known.index()));
        self.place_in_lane(id).or_else(elsewhere)
    }

    /// The lane of ids that end as this one does; what comes when there are many lanes goes into the first.
    fn lane_of(&self, id: &str) -> Option<&Lane> {
        let end = end_of(id);
        let of_its_end = self.lanes.iter().find(|lane| lane.has_end(end));
        of_its_end.or_else(|| self.lanes.first().filter(|_| self.lanes.len() == LANES))
    }

    /// The same, begun if there is none.
    fn lane_for(&mut self, id: &str) -> &mut Lane {
        let end = end_of(id);
        let index = self.lanes.iter().position(|lane| lane.has_end(end)).unwrap_or_else(|| {
            if self.lanes.len() == LANES {
                return 0;
            }
            self.begin_lane(end)
        });
        &mut self.lanes[index]
    }

    /// Begins the lane of ids with this end.
    fn begin_lane(&mut self, end: &str) -> usize {
        let mut at = Places::default();
        self.files.iter().for_each(|_| at.begin());
        self.lanes.push(Lane { end: end.to_owned(), rising: Rising::default(), at });
        self.lanes.len() - 1
    }

    fn place_in_lane(&self, id: &str) -> Option<String> {
        let lane = self.lane_of(id)?;
        lane.rising.find(id).map(|index| self.in_words(&lane.at, index))
    }

    /// Whether there was such an id.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.place_of(id).is_some()
    }

    fn in_words(&self, places: &Places, index: usize) -> String {
        let line = places.lines.get(index);
        let file = places.file(index);
        if file + 1 == self.files.len() { format!("on line {line}") } else { format!("at {}:{line}", self.files[file]) }
    }
}

/// The ids of records that follow one another, on any thread, with their lines.
#[derive(Default)]
pub(crate) struct IdRuns {
    lanes: Vec<Lane>,
    /// Whether some id came before one that was there already, or there are too many lanes.
    odd: bool,
}

impl IdRuns {
    /// Adds the next id.
    pub(crate) fn push(&mut self, id: &str, line: u64) {
        if self.odd {
            return;
        }
        let end = end_of(id);
        let index = self.lanes.iter().position(|lane| lane.has_end(end)).unwrap_or_else(|| {
            self.lanes.push(Lane { end: end.to_owned(), ..Lane::default() });
            self.lanes.len() - 1
        });
        let Lane { rising, at, .. } = &mut self.lanes[index];
        self.odd = index == LANES || !rising.push(id);
        at.lines.push(line);
    }
}

/// Ids that end alike.
#[derive(Default)]
struct Lane {
    /// What they have behind their last digit.
    end: String,
    rising: Rising,
    at: Places,
}

impl Lane {
    /// Whether its ids end so. Most end in a digit, so that there is nothing to compare.
    fn has_end(&self, end: &str) -> bool {
        self.end.len() == end.len() && (end.is_empty() || self.end == end)
    }
}

/// How many lanes there are at most.
const LANES: usize = 16;

/// What an id has behind its last digit.
fn end_of(id: &str) -> &str {
    id.rfind(|character: char| character.is_ascii_digit()).map_or("", |digit| &id[digit + 1..])
}

/// Which files some ids are in, in the order in which they came.
#[derive(Default)]
struct Places {
    lines: Steps,
    /// For each file, how many came before it.
    before: Vec<usize>,
}

impl Places {
    fn begin(&mut self) {
        self.before.push(self.lines.len());
    }

    /// The file of the id with this number.
    fn file(&self, index: usize) -> usize {
        self.before.partition_point(|&before| before <= index).saturating_sub(1)
    }
}

/// Numbers that mostly grow by the same step, like the lines of records or the
/// ends of ids that are equally long: kept as the places where the step changes.
#[derive(Default)]
struct Steps {
    runs: Vec<Run>,
    length: usize,
    last: u64,
}

/// Numbers from a place on, and the step from each to the next.
struct Run {
    first: usize,
    number: u64,
    step: Option<u64>,
}

impl Steps {
    const fn len(&self) -> usize {
        self.length
    }

    fn push(&mut self, number: u64) {
        let step = number.checked_sub(self.last);
        let follows = self.runs.last_mut().zip(step).is_some_and(|(run, step)| *run.step.get_or_insert(step) == step);
        if !follows {
            self.runs.push(Run { first: self.length, number, step: None });
        }
        self.length += 1;
        self.last = number;
    }

    /// Adds numbers that were gathered elsewhere, all of them greater by so much.
    fn append(&mut self, other: &Self, by: u64) {
        for (index, run) in other.runs.iter().enumerate() {
            let end = other.runs.get(index + 1).map_or(other.length, |next| next.first);
            let (count, step) = (end - run.first, run.step.unwrap_or(0));
            // behind two of them the step is known, or that another one begins; then it is that of all that follow
            let one_by_one = count.min(3);
            (0..one_by_one).for_each(|place| self.push(run.number + by + step * place as u64));
            self.length += count - one_by_one;
            self.last += step * (count - one_by_one) as u64;
        }
    }

    fn get(&self, index: usize) -> u64 {
        let after = self.runs.partition_point(|run| run.first <= index);
        let Some(run) = after.checked_sub(1).map(|run| &self.runs[run]) else { return 0 };
        run.number + run.step.unwrap_or(0) * (index - run.first) as u64
    }
}

/// Ids each of which comes after the one before it.
#[derive(Default)]
struct Rising {
    text: String,
    ends: Steps,
    /// The last of them, where it is short.
    last: Option<ShortKey>,
}

impl Rising {
    /// Adds an id if it comes after the last one.
    fn push(&mut self, id: &str) -> bool {
        let after = self.is_behind(id);
        if after {
            self.text.push_str(id);
            self.ends.push(self.text.len() as u64);
            self.last = ShortKey::whole(id);
        }
        after
    }

    /// Whether an id comes after all that are there.
    fn is_behind(&self, id: &str) -> bool {
        match (self.last, ShortKey::whole(id)) {
            (Some(last), Some(id)) => last < id,
            _ => self.ends.len().checked_sub(1).is_none_or(|last| rank(self.id(last)) < rank(id)),
        }
    }

    fn first(&self) -> Option<&str> {
        (self.ends.len() > 0).then(|| self.id(0))
    }

    /// Adds ids that were gathered elsewhere and come after the last one.
    fn append(&mut self, other: &Self) {
        self.ends.append(&other.ends, self.text.len() as u64);
        self.text.push_str(&other.text);
        self.last = other.last;
    }

    fn find(&self, id: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            match rank(self.id(middle)).cmp(&rank(id)) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn id(&self, index: usize) -> &str {
        let end = |index| usize::try_from(self.ends.get(index)).unwrap_or(usize::MAX);
        &self.text[index.checked_sub(1).map_or(0, end)..end(index)]
    }
}

/// What ids are compared by: numbers as texts then come in their order too.
const fn rank(id: &str) -> (usize, &[u8]) {
    (id.len(), id.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{IdRuns, Ids, Steps};

    #[test]
    fn numbers_come_back_whatever_their_steps() {
        for numbers in [
            &[][..],
            &[7],
            &[1, 2, 3, 4],
            &[3, 3, 3, 9, 15, 21, 22, 22, 30, 31, 32],
            &[0, 8, 16, 25, 33, 41],
            &[5, 6, 1, 2, 3, 1, 1],
        ] {
            let mut steps = Steps::default();
            for &number in numbers {
                steps.push(number);
            }
            assert_eq!((0..steps.len()).map(|index| steps.get(index)).collect::<Vec<_>>(), numbers);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_gathered_elsewhere_are_added_as_one_by_one(
            pieces in vec((vec(0_u64..3, 0..8), 0_u64..3), 0..5),
        ) {
            let (mut joined, mut single) = (Steps::default(), Steps::default());
            for (piece, by) in &pieces {
                let mut steps = Steps::default();
                for &number in piece {
                    steps.push(number);
                    single.push(number + by);
                }
                joined.append(&steps, *by);
            }
            let all = |steps: &Steps| (0..steps.len()).map(|index| steps.get(index)).collect::<Vec<_>>();
            prop_assert_eq!(all(&joined), all(&single));
            prop_assert_eq!((joined.len(), joined.last), (single.len(), single.last));
        }

        #[test]
        fn ids_gathered_elsewhere_are_known_as_one_by_one(
            pieces in vec(vec((0_u32..40, 0_usize..19), 0..6), 0..12),
        ) {
            // some are longer than sixteen bytes
            let id = |&(number, kind): &(u32, usize)| format!("{number}{}", "-".repeat(kind / 6 * kind));
            let (mut joined, mut single) = (Ids::default(), Ids::default());
            let mut line = 0;
            for (index, piece) in pieces.iter().enumerate() {
                if index % 4 == 0 {
                    joined.begin("a.jsonl");
                    single.begin("a.jsonl");
                }
                let mut runs = IdRuns::default();
                let lines = line + 1..;
                line += piece.len() as u64;
                piece.iter().zip(lines.clone()).for_each(|(part, line)| runs.push(&id(part), line));
                let whole = joined.add_runs(&runs);
                for (part, line) in piece.iter().zip(lines) {
                    let known = single.add(&id(part), || line);
                    prop_assert!(!whole || known == Ok(None), "{:?}", known);
                    if !whole {
                        prop_assert_eq!(joined.add(&id(part), || line), known);
                    }
                }
                for part in pieces.iter().flatten() {
                    prop_assert_eq!(joined.place_of(&id(part)), single.place_of(&id(part)));
                }
            }
        }
    }

    #[test]
    fn ids_of_several_kinds_are_known_again_in_whatever_order_they_come() {
        let mut ids = Ids::default();
        ids.begin("a.jsonl");
        let kinds: Vec<_> = (0..20).map(|kind| format!("-{}", "k".repeat(kind))).collect();
        for number in [3, 1, 12, 7] {
            for kind in &kinds {
                assert!(!ids.contains(&format!("{number}{kind}")), "{number}{kind}");
                assert_eq!(ids.add(&format!("{number}{kind}"), || number), Ok(None), "{number}{kind}");
            }
        }
        ids.begin("b.jsonl");
        for kind in &kinds {
            assert_eq!(ids.add(&format!("7{kind}"), || 1), Ok(Some("at a.jsonl:7".to_owned())), "7{kind}");
            assert_eq!(ids.place_of(&format!("12{kind}")), Some("at a.jsonl:12".to_owned()), "12{kind}");
            assert!(!ids.contains(&format!("8{kind}")));
        }
    }

    #[test]
    fn an_id_is_known_again_in_whatever_order_ids_come() {
        let mut ids = Ids::default();
        ids.begin("a.jsonl");
        for (line, id) in (1..).zip(["1", "9", "10", "8", "x", "11"]) {
            assert_eq!(ids.add(id, || line), Ok(None), "{id}");
        }
        ids.begin("b.jsonl");
        assert_eq!(ids.add("12", || 1), Ok(None));
        assert_eq!(ids.add("7", || 2), Ok(None));
        for (id, place) in [("9", "at a.jsonl:2"), ("8", "at a.jsonl:4"), ("12", "on line 1"), ("7", "on line 2")] {
            assert_eq!(ids.add(id, || 3), Ok(Some(place.to_owned())), "{id}");
            assert!(ids.contains(id));
        }
        assert!(!ids.contains("13") && !ids.contains("0"));
    }
}
