//! Moments sorted by whom they served, or by their acts: what belongs to one recipient is then found in one place, and
//! several threads can each take some of the recipients.

use super::{Moments, parallel};
use crate::names::NameId;
use crate::record::window::Scope;

/// Moments of some recipients, one recipient after the other, of each in the order of the input.
pub(crate) struct Sorted<T> {
    /// The place of the first recipient.
    first: usize,
    /// Where the moments of each end.
    ends: Vec<usize>,
    moments: Vec<T>,
}

impl<T> Sorted<T> {
    /// The place of every recipient who has moments, with these.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[T])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let slices = starts.zip(&self.ends).map(|(start, &end)| &self.moments[start..end]);
        (self.first..).zip(slices).filter(|(_, moments)| !moments.is_empty())
    }

    /// The moments of a recipient; `None` if they are not of those.
    pub(crate) fn of(&self, recipient: NameId) -> Option<&[T]> {
        let place = recipient.index().checked_sub(self.first)?;
        let start = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.moments.get(start..*self.ends.get(place)?)
    }
}

/// The places of moments, or of anything else, by the number of whom they concern, or of what.
pub(crate) struct Places(Vec<Sorted<usize>>);

impl Places {
    /// Of all moments that are not left out.
    pub(crate) fn of_moments(threads: usize, moments: &impl Moments) -> Self {
        Self::of(threads, moments.count(), |index| moments.met(index))
    }

    /// Of all that name an act and are not left out, by the numbers of acts with their recipients.
    pub(crate) fn of_acts(threads: usize, moments: &impl Moments) -> Self {
        let counted = |index: &usize| moments.scope(*index) != Scope::LeftOut;
        Self::of(threads, moments.count(), |index| Some(index).filter(counted).and_then(|index| moments.act(index)))
    }

    /// Of what lies at places under `count`, where `whose` says whom it concerns.
    pub(crate) fn of(threads: usize, count: usize, whose: impl Fn(usize) -> Option<NameId> + Sync) -> Self {
        Self(by_recipient(threads, count, whose, || (), |(), place| place, |(), sorted| sorted))
    }

    /// What `make` makes, if anything, of each number and the places of what concerns it, by the numbers.
    pub(crate) fn each<R: Send>(&self, threads: usize, make: impl Fn(NameId, &[usize]) -> Option<R> + Sync) -> Vec<R> {
        let of_range = |range: &Sorted<usize>| {
            let results = range.iter().filter_map(|(place, moments)| make(NameId::at_index(place).ok()?, moments));
            results.collect::<Vec<R>>()
        };
        parallel::each(threads, self.0.iter(), of_range).into_iter().flatten().collect()
    }

    /// The places of what concerns a recipient.
    pub(crate) fn of_recipient(&self, recipient: NameId) -> &[usize] {
        self.0.iter().find_map(|range| range.of(recipient)).unwrap_or_default()
    }
}

/// How many recipients have their moments sorted together before each has their own.
const BLOCK: usize = 1 << 13;

/// Sorts the moments at places under `count` by recipient and makes something of each range of recipients, one
/// range a thread. `of` says whose a moment is, `None` where it does not count; `note` what is noted of it, and may
/// count something on the way in what `begin` made; each moment that counts is noted once, in the order of the input.
pub(crate) fn by_recipient<S, T: Copy + Default, R: Send>(
    threads: usize,
    count: usize,
    of: impl Fn(usize) -> Option<NameId> + Sync,
    begin: impl Fn() -> S + Sync,
    note: impl Fn(&mut S, usize) -> T + Sync,
    finish: impl Fn(S, Sorted<T>) -> R + Sync,
) -> Vec<R> {
    let work = |(first, mut ends, all): (usize, Vec<usize>, usize)| {
        // by blocks of recipients first, which are few, and then within each, which is small: a cache holds either
        let mut state = begin();
        let mut blocks: Vec<usize> = ends.iter().copied().step_by(BLOCK).collect();
        let mut roughly = vec![(0, T::default()); all];
        for index in 0..count {
            // a moment whose recipient is in another range has a place beyond the end
            let place = of(index).map_or(usize::MAX, |recipient| recipient.index().wrapping_sub(first));
            if let Some(end) = blocks.get_mut(place / BLOCK).filter(|_| place < ends.len()) {
                roughly[*end] = (place, note(&mut state, index));
                *end += 1;
            }
        }
        let mut moments = vec![T::default(); all];
        for (place, noted) in roughly {
            moments[ends[place]] = noted;
            ends[place] += 1;
        }
        finish(state, Sorted { first, ends, moments })
    };
    parallel::each(threads, shares(counts(threads, count, &of), threads).into_iter(), work)
}

/// How many threads count at most: each keeps a number for every recipient.
const COUNTING: usize = 4;

/// How many of the moments at places under `count` each recipient has.
fn counts(threads: usize, count: usize, of: &(impl Fn(usize) -> Option<NameId> + Sync)) -> Vec<usize> {
    let share = count.div_ceil(threads.clamp(1, COUNTING)).max(1);
    let counted = |start: usize| {
        let mut counts: Vec<usize> = Vec::new();
        for recipient in (start..count.min(start + share)).filter_map(of) {
            if counts.len() <= recipient.index() {
                counts.resize(recipient.index() + 1, 0);
            }
            counts[recipient.index()] += 1;
        }
        counts
    };
    let add = |mut counts: Vec<usize>, more: Vec<usize>| {
        counts.resize(counts.len().max(more.len()), 0);
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        counts
    };
    parallel::each(threads, (0..count).step_by(share), counted).into_iter().reduce(add).unwrap_or_default()
}

/// Cuts recipients, of whom it is known how many moments each has, into so many ranges at most with about equally many
/// moments; ranges with equally many recipients would not do, for who is met first is mostly met often. Of each range:
/// where it begins, where the moments of each of its recipients start, and how many moments there are.
fn shares(counts: Vec<usize>, most: usize) -> Vec<(usize, Vec<usize>, usize)> {
    let share = counts.iter().sum::<usize>().div_ceil(most.max(1));
    let mut shares = vec![(0, Vec::new(), 0)];
    for (place, count) in counts.into_iter().enumerate() {
        match shares.last_mut() {
            Some((_, starts, all)) if *all < share => {
                starts.push(*all);
                *all += count;
            }
            _ => shares.push((place, vec![0], count)),
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipient_has_all_their_moments_in_order_whatever_the_number_of_threads() {
        let served = [3, 1, 0, 3, 7, 1, 3, 0, 9, 3];
        let id = |recipient: usize| NameId::at_index(recipient).expect("room");
        // those of the last do not count
        let of = |index: usize| Some(served[index]).filter(|&recipient| recipient != 9).map(id);
        for threads in [1, 2, 3, 7, 64] {
            let finish = |noted, sorted: Sorted<usize>| {
                let moments = sorted.iter().map(|(recipient, moments)| (recipient, moments.to_vec()));
                (noted, moments.collect::<Vec<_>>())
            };
            let note = |noted: &mut usize, index| {
                *noted += 1;
                index
            };
            let made = by_recipient(threads, served.len(), of, || 0, note, finish);
            let all: Vec<_> = made.iter().flat_map(|(_, moments)| moments.clone()).collect();
            let expected = [(0, vec![2, 7]), (1, vec![1, 5]), (3, vec![0, 3, 6, 9]), (7, vec![4])];
            assert_eq!(all, expected, "{threads}");
            assert_eq!(made.iter().map(|(noted, _)| noted).sum::<usize>(), 9);
        }
        let none = by_recipient(2, 0, of, || (), |(), index| index, |(), sorted: Sorted<usize>| sorted.iter().count());
        assert_eq!(none, [0]);
    }

    #[test]
    fn recipients_of_several_blocks_have_all_their_moments_in_order_too() {
        let (recipients, count) = (3 * BLOCK + 5, 100_000);
        // each is met some four times, far apart; every seventh moment does not count
        let of = |index: usize| {
            let recipient = index.wrapping_mul(7919) % recipients;
            (!index.is_multiple_of(7)).then(|| NameId::at_index(recipient).expect("room"))
        };
        let mut expected = vec![Vec::new(); recipients];
        for (index, recipient) in (0..count).filter_map(|index| Some((index, of(index)?))) {
            expected[recipient.index()].push(index);
        }
        for threads in [1, 2, 3, 64] {
            let places = Places::of(threads, count, of);
            let found = (0..recipients).map(|place| places.of_recipient(NameId::at_index(place).expect("room")));
            assert!(found.eq(expected.iter().map(Vec::as_slice)), "{threads}");
        }
    }
}
