//! What a report over time is made of: cells, each a group in a period, with the levels of their moments. Moments can be
//! laid out on several sheets, and are then counted at once.

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

/// A cell of a book: its group and its period, with what is known of it before the levels are.
pub(super) type Booked = (NameId, Period, Held);

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
    /// Each with its group and its period.
    cells: Vec<(NameId, Period, Cell)>,
    /// In which of these each cell of the book is; `None` where they are those of the book.
    places: Option<Vec<usize>>,
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
    pub(super) fn of(groups: Groups<()>, booked: Vec<Booked>, over: &Over<'_>) -> Result<Self, UpliftError> {
        let periods = periods(groups.len(), &booked, over)?;
        let cells = booked.into_iter().map(|(group, period, held)| (group, period, Cell::holding(held))).collect();
        Ok(Self::new(groups, cells, None, periods))
    }

    /// Of the same moments without groups.
    pub(super) fn together(booked: &[Booked], over: &Over<'_>) -> Result<Self, UpliftError> {
        let periods = periods(1, booked, over)?;
        let mut groups = Groups::new(Vec::new());
        let mut cells: Vec<(NameId, Period, Cell)> = Vec::new();
        let mut known: HashMap<Period, usize, RandomState> = HashMap::default();
        let mut places = Vec::with_capacity(booked.len());
        for (_, period, held) in booked {
            // there is only one, so it does not matter when it was first met
            let (all, ()) = groups.named("", Key(Vec::new()), When { at: None, index: 0 })?;
            let place = *known.entry(*period).or_insert(cells.len());
            if place == cells.len() {
                cells.push((all, *period, Cell::default()));
            }
            cells[place].2.held.add(held.clone());
            places.push(place);
        }
        Ok(Self::new(groups, cells, Some(places), periods))
    }

    fn new(
        groups: Groups<()>,
        cells: Vec<(NameId, Period, Cell)>,
        places: Option<Vec<usize>>,
        periods: Periods,
    ) -> Self {
        let side = |&(group, period, _): &(NameId, Period, Cell)| match periods.compared {
            Some((from, _)) if from == period => Side::Before(group.index()),
            Some((_, to)) if to == period => Side::After(group.index()),
            _ => Side::Neither,
        };
        let sides = cells.iter().map(side).collect();
        let paired = vec![Paired::default(); groups.len()];
        Self { groups, cells, places, periods, sides, paired, acts: HashMap::default() }
    }

    /// The place of a cell of the book among those here.
    fn place(&self, booked: usize) -> usize {
        self.places.as_ref().map_or(booked, |places| places[booked])
    }

    /// Adds what was heard of some recipients.
    fn add(&mut self, heard: Heard) {
        self.cells.iter_mut().zip(&heard.cells).for_each(|((.., cell), more)| cell.add(more));
        self.paired.iter_mut().zip(&heard.paired).for_each(|(paired, more)| paired.merge(more));
        for (act, count) in heard.acts {
            *self.acts.entry(act).or_default() += count;
        }
    }

    /// The report.
    pub(super) fn finish(
        self,
        model: &Model,
        calendar: Calendar,
        members: &Members<'_>,
        moments: &impl Moments,
    ) -> Uplift {
        let whose = |&(index, values, created): &(usize, ValueSet, ValueSet)| {
            let (group, ..) = self.cells[self.place(members.cells[index].checked_sub(1)? as usize)];
            Some((group, moments.recipient(index)?, values, created))
        };
        let wanted: Vec<_> = members.wanted.iter().filter_map(whose).collect();
        let Self { groups, cells, periods, paired, acts, .. } = self;
        let by: Vec<Dimension> = groups.by().to_vec();
        let mut gathered: Vec<(Key, Gathered)> = Vec::new();
        let mut order = vec![0; groups.len()];
        for (number, key, ()) in groups.finish() {
            order[number] = gathered.len();
            gathered.push((key, Gathered { paired: paired[number], ..Gathered::default() }));
        }
        let place = |group: NameId| order[group.index()];
        for ((group, action, next), count) in acts {
            gathered[place(group)].1.acts.push((moments.action(action).to_owned(), next, count));
        }
        for (group, recipient, values, created) in wanted {
            let wanted = gathered[place(group)].1.wanted.entry(recipient).or_insert((values, ValueSet::EMPTY));
            wanted.1 = wanted.1.or(created);
        }
        for (group, period, cell) in cells {
            gathered[place(group)].1.periods.insert(period, cell);
        }
        Uplift::of(model, calendar, by, gathered, &periods)
    }
}

/// The periods of so many groups, if the report is not too long.
fn periods(groups: usize, booked: &[Booked], over: &Over<'_>) -> Result<Periods, UpliftError> {
    let periods = Periods::of(booked.iter().map(|(_, period, _)| *period), over)?;
    if periods.all.len().saturating_mul(groups) > MOST_POINTS {
        return Err(UpliftError::TooMuch { groups, periods: periods.all.len() });
    }
    Ok(periods)
}

/// A moment in its cell of the last sheet.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    spot: Spot,
    index: u32,
}

/// Counts the levels of all moments in the cells of each of these sheets of one book. Where there are several, the cells
/// of the last are those of the book.
pub(super) fn count(
    sheets: &mut [&mut Sheet],
    members: &Members<'_>,
    threads: usize,
    moments: &impl Moments,
) -> Result<(), UpliftError> {
    if u32::try_from(members.cells.len()).is_err() {
        return Err(TooMany.into());
    }
    let Some(last) = sheets.last() else { return Ok(()) };
    let (before, cells) = (&sheets[..sheets.len() - 1], last.cells.len());
    let of = |index: usize| if members.cells[index] == 0 { None } else { moments.recipient(index) };
    let begin = || vec![Cell::default(); cells];
    let note = |came: &mut Vec<Cell>, index: usize| {
        let (cell, rated) = (last.place(members.cells[index] as usize - 1), moments.rated(index));
        came[cell].take(rated, moments.pace(index));
        Noted { spot: Spot::new(cell, rated), index: u32::try_from(index).unwrap_or(u32::MAX) }
    };
    let finish = |came: Vec<Cell>, sorted: Sorted<Noted>| {
        let before = before.iter().map(|sheet| Talk::new(sheet, |cell| sheet.place(cell), cells));
        let mut talks: Vec<Talk<'_>> = before.chain([Talk::new(last, |cell| cell, cells)]).collect();
        let (mut done, mut act) = (Vec::new(), 0);
        for (_, noted) in sorted.iter() {
            for talk in &mut talks {
                talk.listen(noted);
            }
            done.clear();
            done.extend(noted.iter().filter_map(|noted| Done::of(*noted, moments)));
            done.sort_unstable();
            for same in done.chunk_by(|one, other| one.act == other.act) {
                act += 1;
                count_act(act, same, &mut talks, moments);
            }
        }
        talks.into_iter().map(|talk| talk.finish(&came)).collect::<Vec<Heard>>()
    };
    for heard in by_recipient(worth(threads, cells), members.cells.len(), of, begin, note, finish) {
        sheets.iter_mut().zip(heard).for_each(|(sheet, heard)| sheet.add(heard));
    }
    Ok(())
}

/// What is heard of one recipient after the other in the cells of a sheet.
struct Talk<'s> {
    /// Of each cell of the last sheet, which it is here, and the group of that.
    cells: Vec<(usize, NameId)>,
    listener: Listener,
    pairing: Pairing<'s>,
    acts: ActsFading,
    /// Of each group, the number of the last act that was seen in it, from 1.
    seen: Vec<usize>,
}

/// What was heard of some recipients.
struct Heard {
    cells: Vec<Cell>,
    paired: Vec<Paired>,
    acts: ActsFading,
}

impl<'s> Talk<'s> {
    /// On a sheet, where `place` says which of its cells one of so many of the last sheet is.
    fn new(sheet: &'s Sheet, place: impl Fn(usize) -> usize, cells: usize) -> Self {
        let groups = sheet.groups.len();
        let cell = |cell| (place(cell), sheet.cells[place(cell)].0);
        Self {
            cells: (0..cells).map(cell).collect(),
            listener: Listener::new(sheet.cells.len()),
            pairing: Pairing::new(&sheet.sides, groups),
            acts: HashMap::default(),
            seen: vec![0; groups],
        }
    }

    /// Takes all moments of a recipient.
    fn listen(&mut self, noted: &[Noted]) {
        let cells = &self.cells;
        let spots = || noted.iter().map(|noted| noted.spot.moved(cells[noted.spot.group()].0));
        self.listener.listen(spots());
        self.pairing.listen(spots());
    }

    /// Takes a moment of the act of this number, by its cell of the last sheet, the last moment first: that tells what the
    /// act will be worth in its group, if it is fading.
    fn done(&mut self, act: usize, cell: usize, fading: &mut impl FnMut() -> Option<(NameId, Level)>) {
        let (_, group) = self.cells[cell];
        let seen = std::mem::replace(&mut self.seen[group.index()], act);
        if seen != act
            && let Some((action, next)) = fading()
        {
            *self.acts.entry((group, action, next)).or_default() += 1;
        }
    }

    /// All that was heard, with what came in the cells of the last sheet.
    fn finish(self, came: &[Cell]) -> Heard {
        let spoken = self.listener.spoken.into_iter();
        let mut cells: Vec<Cell> = spoken.map(|spoken| Cell { spoken, ..Cell::default() }).collect();
        for ((place, _), came) in self.cells.into_iter().zip(came) {
            cells[place].add(came);
        }
        Heard { cells, paired: self.pairing.paired, acts: self.acts }
    }
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
fn count_act(act: usize, same: &[Done], talks: &mut [Talk<'_>], moments: &impl Moments) {
    for done in same.iter().rev() {
        let mut known = None;
        let mut fading = || {
            let look = || Some((moments.act_of(done.act).1, moments.fading(usize::try_from(done.when.index).ok()?)?));
            *known.get_or_insert_with(look)
        };
        for talk in &mut *talks {
            talk.done(act, done.cell, &mut fading);
        }
    }
}
