//! What a report over time is made of: cells, each a group in a period, with the levels of their moments. Moments can be
//! laid out in the cells of several sheets, and are then counted at once.

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::booked::Held;
use super::paired::{Paired, Pairing, Side};
use super::{Cell, Gathered, MOST_POINTS, Over, Periods, Uplift, UpliftError};
use crate::assess::counted::worth;
use crate::assess::groups::Groups;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::assess::spoken::{Listener, Spot};
use crate::assess::{Dimension, Key, Moments, When};
use crate::level::Level;
use crate::names::{NameId, TooMany};
use crate::period::{Calendar, Period};
use crate::rules::Model;
use crate::value::ValueSet;

/// Moments, each with its cell.
pub(super) struct Members<'m> {
    /// The number of each moment's cell in a book, from 1; 0 where it is not reported.
    pub(super) cells: &'m [u32],
    /// Of those who say what they value: the place of a moment, what they want and what it created.
    pub(super) wanted: &'m [(usize, ValueSet, ValueSet)],
}

/// The cells of one report.
pub(super) struct Sheet {
    groups: Groups<()>,
    cells: Vec<(NameId, Period, Cell)>,
    /// In which of these each cell of the book is.
    places: Vec<usize>,
    periods: Periods,
    /// Which cells are compared.
    sides: Vec<Side>,
    /// Who spoke in both periods compared, by group.
    paired: Vec<Paired>,
    acts: ActsFading,
}

/// With how many recipients an act, by group and number, will be worth a level next time.
type ActsFading = HashMap<(NameId, NameId, Level), u64, RandomState>;

impl Sheet {
    /// Of the groups of a book.
    pub(super) fn of(
        groups: Groups<()>,
        cells: impl Iterator<Item = (NameId, Period, Held)>,
        over: &Over<'_>,
    ) -> Result<Self, UpliftError> {
        let cells: Vec<_> = cells.map(|(group, period, held)| (group, period, Cell::holding(held))).collect();
        let places = (0..cells.len()).collect();
        Self::new(groups, cells, places, over)
    }

    /// Of the same moments without groups.
    pub(super) fn together<'h>(
        cells: impl Iterator<Item = &'h (NameId, Period, Held)>,
        over: &Over<'_>,
    ) -> Result<Self, UpliftError> {
        let mut groups = Groups::new(Vec::new());
        // there is only one, so it does not matter when it was first met
        let (all, ()) = groups.named("", Key(Vec::new()), When { at: None, index: 0 })?;
        let (mut together, mut places): (Vec<(NameId, Period, Cell)>, Vec<usize>) = Default::default();
        let mut known = BTreeMap::new();
        for (_, period, held) in cells {
            let place = *known.entry(*period).or_insert(together.len());
            if place == together.len() {
                together.push((all, *period, Cell::default()));
            }
            together[place].2.held.add(held.clone());
            places.push(place);
        }
        Self::new(groups, together, places, over)
    }

    fn new(
        groups: Groups<()>,
        cells: Vec<(NameId, Period, Cell)>,
        places: Vec<usize>,
        over: &Over<'_>,
    ) -> Result<Self, UpliftError> {
        let periods = Periods::of(cells.iter().map(|(_, period, _)| *period), over)?;
        if periods.all.len().saturating_mul(groups.len()) > MOST_POINTS {
            return Err(UpliftError::TooMuch { groups: groups.len(), periods: periods.all.len() });
        }
        let side = |&(group, period, _): &(NameId, Period, Cell)| match periods.compared {
            Some((from, _)) if from == period => Side::Before(group.index()),
            Some((_, to)) if to == period => Side::After(group.index()),
            _ => Side::Neither,
        };
        let sides = cells.iter().map(side).collect();
        let paired = vec![Paired::default(); groups.len()];
        Ok(Self { groups, cells, places, periods, sides, paired, acts: HashMap::default() })
    }

    /// The report.
    pub(super) fn finish(
        self,
        model: &Model,
        calendar: Calendar,
        members: &Members<'_>,
        moments: &impl Moments,
    ) -> Uplift {
        let Self { groups, cells, places, periods, paired, acts, .. } = self;
        let by: Vec<Dimension> = groups.by().to_vec();
        let mut gathered: Vec<(Key, Gathered)> = Vec::new();
        let mut order = vec![0; groups.len()];
        for (number, key, ()) in groups.finish() {
            order[number] = gathered.len();
            gathered.push((key, Gathered { paired: paired[number], ..Gathered::default() }));
        }
        let group = |group: NameId| order[group.index()];
        for ((number, action, next), count) in acts {
            gathered[group(number)].1.acts.push((moments.action(action).to_owned(), next, count));
        }
        for &(index, values, created) in members.wanted {
            let cell = members.cells[index].checked_sub(1).map(|cell| &cells[places[cell as usize]]);
            if let Some(((number, ..), recipient)) = cell.zip(moments.recipient(index)) {
                let wanted = gathered[group(*number)].1.wanted.entry(recipient).or_insert((values, ValueSet::EMPTY));
                wanted.1 = wanted.1.or(created);
            }
        }
        for (number, period, cell) in cells {
            gathered[group(number)].1.periods.insert(period, cell);
        }
        Uplift::of(model, calendar, by, gathered, &periods)
    }
}

/// A moment in its cell of the book.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    spot: Spot,
    index: u32,
}

/// Counts the levels of all moments in the cells of each of these sheets, of the same book.
pub(super) fn count(
    sheets: &mut [&mut Sheet],
    members: &Members<'_>,
    threads: usize,
    moments: &impl Moments,
) -> Result<(), UpliftError> {
    if u32::try_from(members.cells.len()).is_err() {
        return Err(TooMany.into());
    }
    let booked = sheets.iter().map(|sheet| sheet.places.len()).max().unwrap_or_default();
    let of = |index: usize| if members.cells[index] == 0 { None } else { moments.recipient(index) };
    let begin = || vec![Cell::default(); booked];
    let note = |came: &mut Vec<Cell>, index: usize| {
        let (cell, rated) = (members.cells[index] as usize - 1, moments.rated(index));
        came[cell].take(rated, moments.pace(index));
        Noted { spot: Spot::new(cell, rated), index: u32::try_from(index).unwrap_or(u32::MAX) }
    };
    let settled: &[&mut Sheet] = sheets;
    let finish = |came: Vec<Cell>, sorted: Sorted<Noted>| {
        let mut talks: Vec<Talk<'_>> = settled.iter().map(|sheet| Talk::new(sheet)).collect();
        let mut done = Vec::new();
        for (_, noted) in sorted.iter() {
            for talk in &mut talks {
                talk.listen(noted);
            }
            done.clear();
            done.extend(noted.iter().filter_map(|noted| Done::of(*noted, moments)));
            done.sort_unstable();
            for same in done.chunk_by(|one, other| one.act == other.act) {
                count_act(same, &mut talks, moments);
            }
        }
        (came, talks.into_iter().map(Talk::finish).collect::<Vec<Heard>>())
    };
    let threads = worth(threads, booked);
    for (came, heard) in by_recipient(threads, members.cells.len(), of, begin, note, finish) {
        for (sheet, heard) in sheets.iter_mut().zip(heard) {
            sheet.add(&came, heard);
        }
    }
    Ok(())
}

/// A moment of an act with its recipient, in the order of acts and times.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Done {
    act: NameId,
    when: When,
    cell: usize,
}

impl Done {
    fn of(noted: Noted, moments: &impl Moments) -> Option<Self> {
        let index = noted.index as usize;
        Some(Self { act: moments.act(index)?, when: moments.when(index), cell: noted.spot.group() })
    }
}

/// Counts an act with a recipient, all its moments in time order, if it has slid or is about to: in each group the last
/// moment decides.
fn count_act(same: &[Done], talks: &mut [Talk<'_>], moments: &impl Moments) {
    for talk in &mut *talks {
        talk.act += 1;
    }
    for done in same.iter().rev() {
        let mut known = None;
        let mut fading = || {
            let look = || Some((moments.act_of(done.act).1, moments.fading(usize::try_from(done.when.index).ok()?)?));
            *known.get_or_insert_with(look)
        };
        for talk in &mut *talks {
            talk.done(done.cell, &mut fading);
        }
    }
}

/// What is heard of one recipient after the other in the cells of a sheet.
struct Talk<'s> {
    sheet: &'s Sheet,
    listener: Listener,
    pairing: Pairing<'s>,
    acts: ActsFading,
    /// The number of the act looked at, from 1.
    act: usize,
    /// Of each group, the last act that was seen in it.
    seen: Vec<usize>,
}

/// What was heard of some recipients.
struct Heard {
    listener: Listener,
    paired: Vec<Paired>,
    acts: ActsFading,
}

impl<'s> Talk<'s> {
    fn new(sheet: &'s Sheet) -> Self {
        let groups = sheet.groups.len();
        Self {
            sheet,
            listener: Listener::new(sheet.cells.len()),
            pairing: Pairing::new(&sheet.sides, groups),
            acts: HashMap::default(),
            act: 0,
            seen: vec![0; groups],
        }
    }

    /// Takes all moments of a recipient.
    fn listen(&mut self, noted: &[Noted]) {
        let places = &self.sheet.places;
        let spots = || noted.iter().map(|noted| noted.spot.moved(|cell| places[cell]));
        self.listener.listen(spots());
        self.pairing.listen(spots());
    }

    /// Takes a moment of the act looked at, by its cell in the book, the last one first: that tells what the act will be
    /// worth in its group, if it is fading.
    fn done(&mut self, cell: usize, fading: &mut impl FnMut() -> Option<(NameId, Level)>) {
        let (group, ..) = self.sheet.cells[self.sheet.places[cell]];
        let seen = std::mem::replace(&mut self.seen[group.index()], self.act);
        if seen != self.act
            && let Some((action, next)) = fading()
        {
            *self.acts.entry((group, action, next)).or_default() += 1;
        }
    }

    fn finish(self) -> Heard {
        Heard { listener: self.listener, paired: self.pairing.paired, acts: self.acts }
    }
}

impl Sheet {
    /// Adds what came in the cells of the book, and what was heard of the same moments.
    fn add(&mut self, came: &[Cell], heard: Heard) {
        for (&place, came) in self.places.iter().zip(came) {
            self.cells[place].2.add(came);
        }
        for ((.., cell), spoken) in self.cells.iter_mut().zip(&heard.listener.spoken) {
            cell.spoken.merge(spoken);
        }
        self.paired.iter_mut().zip(&heard.paired).for_each(|(paired, more)| paired.merge(more));
        for (act, count) in heard.acts {
            *self.acts.entry(act).or_default() += count;
        }
    }
}
