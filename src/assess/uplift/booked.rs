//! Moments noted by group and period as they come, and counted once their acts have been settled.

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::paired::{Paired, Pairing, Side};
use super::{Cell, Gathered, MOST_POINTS, Missed, Over, Periods, Uplift, UpliftError};
use crate::assess::counted::{Noting, later, worth};
use crate::assess::groups::Groups;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::assess::spoken::{Listener, Spot};
use crate::assess::{Dimension, Key, Moments, When};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::{NameId, TooMany};
use crate::period::{Calendar, Period};
use crate::rating::evidence::{self, Evidence};
use crate::rating::recipients::KnownRecipient;
use crate::record::interaction::Interaction;
use crate::rules::Model;
use crate::signal::SignalId;
use crate::value::ValueSet;

/// What is known of a group in a period before the levels are.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) shortfalls: BTreeMap<SignalId, u64>,
    pub(super) missed: BTreeMap<Missed, u64>,
}

impl Held {
    fn take(&mut self, model: &Model, interaction: &Interaction<'_>, recipient: Option<KnownRecipient<'_>>) {
        let evidence = Evidence::weigh(model, interaction, recipient);
        for signal in evidence.shortfalls(model) {
            *self.shortfalls.entry(signal).or_default() += 1;
        }
        for (wish, served) in recipient.into_iter().flat_map(|recipient| evidence::missed(interaction, recipient)) {
            let missed = (wish.key.to_owned(), wish.wanted.join(" or "), served.to_owned());
            *self.missed.entry(missed).or_default() += 1;
        }
    }

    fn add(&mut self, other: Self) {
        for (signal, count) in other.shortfalls {
            *self.shortfalls.entry(signal).or_default() += count;
        }
        for (missed, count) in other.missed {
            *self.missed.entry(missed).or_default() += count;
        }
    }
}

/// The groups, each in its periods, and the cell of every moment.
#[derive(Clone, Debug)]
struct Cells {
    calendar: Calendar,
    groups: Groups<()>,
    cells: Vec<(NameId, Period, Held)>,
    places: HashMap<(NameId, Period), usize, RandomState>,
    /// The number of each moment's cell, from 1; 0 where it is not reported.
    members: Vec<u32>,
    /// Of those who say what they value: the place of a moment, what they want and what it created.
    wanted: Vec<(usize, ValueSet, ValueSet)>,
    result: Result<(), UpliftError>,
}

impl Cells {
    fn new(calendar: Calendar, by: Vec<Dimension>) -> Self {
        let (groups, places) = (Groups::new(by), HashMap::default());
        Self { calendar, groups, cells: Vec::new(), places, members: Vec::new(), wanted: Vec::new(), result: Ok(()) }
    }

    /// The place of a cell, made if it is new.
    fn cell(&mut self, group: NameId, period: Period) -> Result<usize, TooMany> {
        let next = self.cells.len();
        let place = *self.places.entry((group, period)).or_insert(next);
        if place == next {
            if next + 1 >= Spot::GROUPS {
                return Err(TooMany);
            }
            self.cells.push((group, period, Held::default()));
        }
        Ok(place)
    }
}

/// What is known of some moments, one after the other, before their levels are.
#[derive(Clone, Debug)]
pub(crate) struct UpliftNotes(Cells);

impl UpliftNotes {
    /// Groups by these dimensions, in periods of this calendar.
    #[must_use]
    pub(crate) fn new(calendar: Calendar, by: Vec<Dimension>) -> Self {
        Self(Cells::new(calendar, by))
    }

    /// Notes a moment that is reported.
    pub(crate) fn note(&mut self, noting: Noting<'_>, interaction: &Interaction<'_>, at: Option<Instant>) {
        let cell = self.0.result.and_then(|()| self.enter(noting, interaction, at));
        self.0.result = cell.map(|_| ());
        self.0.members.push(cell.ok().and_then(|cell| u32::try_from(cell + 1).ok()).unwrap_or(0));
    }

    fn enter(
        &mut self,
        noting: Noting<'_>,
        interaction: &Interaction<'_>,
        at: Option<Instant>,
    ) -> Result<usize, UpliftError> {
        let Noting { model, recipients, zone } = noting;
        let period = Period::of(self.0.calendar, at.ok_or(UpliftError::NoTimes)?, zone);
        let place = self.0.members.len();
        let (group, ()) = self.0.groups.of(interaction, When { at, index: place as u64 })?;
        let cell = self.0.cell(group, period)?;
        let recipient = recipients.of_interaction(interaction);
        self.0.cells[cell].2.take(model, interaction, recipient);
        if let Some(values) = recipient.map(KnownRecipient::values).filter(|values| !values.is_empty()) {
            let created = interaction.value.as_ref().map_or(ValueSet::EMPTY, |created| created.named);
            self.0.wanted.push((place, values, created));
        }
        Ok(cell)
    }

    /// Notes that a moment is not reported.
    pub(crate) fn pass(&mut self) {
        self.0.members.push(0);
    }
}

/// All moments, noted one after the other in the order of the input.
#[derive(Clone, Debug)]
pub(crate) struct UpliftBook(Cells);

impl UpliftBook {
    /// Groups by these dimensions, in periods of this calendar.
    #[must_use]
    pub(crate) fn new(calendar: Calendar, by: Vec<Dimension>) -> Self {
        Self(Cells::new(calendar, by))
    }

    /// Adds the moments noted. Notes and book group by the same dimensions and periods.
    pub(crate) fn add(&mut self, notes: UpliftNotes) {
        if self.0.result.is_ok() {
            self.0.result = notes.0.result.and_then(|()| Ok(self.add_notes(notes.0)?));
        }
    }

    fn add_notes(&mut self, notes: Cells) -> Result<(), TooMany> {
        let place = self.0.members.len();
        let named = notes
            .groups
            .into_groups()
            .map(|(name, key, first, ())| Ok(self.0.groups.named(&name, key, later(first, place as u64))?.0));
        let groups = named.collect::<Result<Vec<NameId>, TooMany>>()?;
        let mut cells = Vec::with_capacity(notes.cells.len());
        for (group, period, held) in notes.cells {
            let cell = self.0.cell(groups[group.index()], period)?;
            self.0.cells[cell].2.add(held);
            cells.push(u32::try_from(cell + 1).map_err(|_| TooMany)?);
        }
        let member = |member: u32| member.checked_sub(1).map_or(0, |cell| cells[cell as usize]);
        self.0.members.extend(notes.members.into_iter().map(member));
        self.0.wanted.extend(notes.wanted.into_iter().map(|(index, values, created)| (place + index, values, created)));
        Ok(())
    }

    /// The same moments without groups.
    ///
    /// # Errors
    /// More cells than there are numbers for.
    pub(crate) fn together(&self) -> Result<Self, TooMany> {
        let Cells { calendar, cells, members, wanted, result, .. } = &self.0;
        let mut together = Cells { wanted: wanted.clone(), result: *result, ..Cells::new(*calendar, Vec::new()) };
        let mut places = Vec::with_capacity(cells.len());
        for (_, period, held) in cells {
            // there is only one, so it does not matter when it was first met
            let (all, ()) = together.groups.named("", Key(Vec::new()), When { at: None, index: 0 })?;
            let cell = together.cell(all, *period)?;
            together.cells[cell].2.add(held.clone());
            places.push(u32::try_from(cell + 1).map_err(|_| TooMany)?);
        }
        let member = |member: &u32| member.checked_sub(1).map_or(0, |cell| places[cell as usize]);
        together.members = members.iter().map(member).collect();
        Ok(Self(together))
    }

    /// The report.
    ///
    /// # Errors
    /// The first moment without an instant; more than [`MOST_PERIODS`] periods, or more than [`MOST_POINTS`] groups
    /// times periods.
    pub(crate) fn finish(
        self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
        over: &Over<'_>,
    ) -> Result<Uplift, UpliftError> {
        let Cells { calendar, groups, cells, members, wanted, result, .. } = self.0;
        result?;
        if u32::try_from(members.len()).is_err() {
            return Err(TooMany.into());
        }
        let periods = Periods::of(cells.iter().map(|(_, period, _)| *period), over)?;
        if periods.all.len().saturating_mul(groups.len()) > MOST_POINTS {
            return Err(UpliftError::TooMuch { groups: groups.len(), periods: periods.all.len() });
        }
        let side = |&(group, period, _): &(NameId, Period, Held)| match periods.compared {
            Some((from, _)) if from == period => Side::Before(group.index()),
            Some((_, to)) if to == period => Side::After(group.index()),
            _ => Side::Neither,
        };
        let sides: Vec<Side> = cells.iter().map(side).collect();
        let all = All { cells: &cells, members: &members, sides: &sides, groups: groups.len() };
        let counted = Counted::of(&all, worth(threads, cells.len()), moments);
        let by = groups.by().to_vec();
        let mut gathered: Vec<(Key, Gathered)> = Vec::new();
        let mut places = vec![0; groups.len()];
        for (number, key, ()) in groups.finish() {
            places[number] = gathered.len();
            gathered.push((key, Gathered::default()));
        }
        let group = |group: NameId| places[group.index()];
        for ((number, action, next), count) in counted.acts {
            gathered[group(number)].1.acts.push((moments.action(action).to_owned(), next, count));
        }
        for (index, values, created) in wanted {
            let cell = members[index].checked_sub(1).map(|cell| &cells[cell as usize]);
            if let Some(((number, ..), recipient)) = cell.zip(moments.recipient(index)) {
                let wanted = gathered[group(*number)].1.wanted.entry(recipient).or_insert((values, ValueSet::EMPTY));
                wanted.1 = wanted.1.or(created);
            }
        }
        for ((number, period, held), mut cell) in cells.into_iter().zip(counted.cells) {
            cell.held = held;
            gathered[group(number)].1.periods.insert(period, cell);
        }
        for (number, paired) in counted.paired.into_iter().enumerate() {
            gathered[places[number]].1.paired = paired;
        }
        Ok(Uplift::of(model, calendar, by, gathered, &periods))
    }
}

/// A moment in its cell.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    spot: Spot,
    index: u32,
}

/// All moments and their cells.
struct All<'a> {
    cells: &'a [(NameId, Period, Held)],
    /// The number of each moment's cell, from 1; 0 where it is not reported.
    members: &'a [u32],
    /// Which cells are compared.
    sides: &'a [Side],
    groups: usize,
}

/// What the levels of all moments came to.
struct Counted {
    cells: Vec<Cell>,
    /// Who spoke in both periods compared, by group.
    paired: Vec<Paired>,
    /// With how many recipients an act, by group and number, will be worth a level next time.
    acts: HashMap<(NameId, NameId, Level), u64, RandomState>,
}

impl Counted {
    fn of(all: &All<'_>, threads: usize, moments: &impl Moments) -> Self {
        let &All { cells, members, sides, groups } = all;
        let of = |index: usize| if members[index] == 0 { None } else { moments.recipient(index) };
        let begin = || vec![Cell::default(); cells.len()];
        let note = |came: &mut Vec<Cell>, index: usize| {
            let (cell, rated) = (members[index] as usize - 1, moments.rated(index));
            came[cell].take(rated, moments.pace(index));
            Noted { spot: Spot::new(cell, rated), index: u32::try_from(index).unwrap_or(u32::MAX) }
        };
        let finish = |came: Vec<Cell>, sorted: Sorted<Noted>| {
            let (mut listener, mut pairing) = (Listener::new(cells.len()), Pairing::new(sides, groups));
            let mut acts = HashMap::default();
            for (_, noted) in sorted.iter() {
                listener.listen(noted.iter().map(|noted| noted.spot));
                pairing.listen(noted.iter().map(|noted| noted.spot));
                count_acts(noted, |cell| cells[cell].0, moments, &mut acts);
            }
            let cells = came.into_iter().zip(listener.spoken).map(|(cell, spoken)| Cell { spoken, ..cell });
            Self { cells: cells.collect(), paired: pairing.paired, acts }
        };
        let ranges = by_recipient(threads, members.len(), of, begin, note, finish);
        let mut all = Self { cells: begin(), paired: vec![Paired::default(); groups], acts: HashMap::default() };
        for range in ranges {
            all.cells.iter_mut().zip(&range.cells).for_each(|(cell, more)| cell.add(more));
            all.paired.iter_mut().zip(&range.paired).for_each(|(paired, more)| paired.merge(more));
            for (act, count) in range.acts {
                *all.acts.entry(act).or_default() += count;
            }
        }
        all
    }
}

/// Counts the acts of a recipient that have slid or are about to: in each group the last moment of each decides.
fn count_acts(
    noted: &[Noted],
    group: impl Fn(usize) -> NameId,
    moments: &impl Moments,
    acts: &mut HashMap<(NameId, NameId, Level), u64, RandomState>,
) {
    let known = noted.iter().filter_map(|noted| {
        let index = noted.index as usize;
        Some((group(noted.spot.group()), moments.act(index)?, moments.when(index)))
    });
    let mut known: Vec<(NameId, NameId, When)> = known.collect();
    known.sort_unstable();
    for (place, &(group, act, when)) in known.iter().enumerate() {
        let is_last = known.get(place + 1).is_none_or(|&(next, other, _)| (next, other) != (group, act));
        let index = usize::try_from(when.index).ok().filter(|_| is_last);
        if let Some(next) = index.and_then(|index| moments.fading(index)) {
            *acts.entry((group, act, next)).or_default() += 1;
        }
    }
}
