//! Moments noted by group and period as they come, and counted once their acts have been settled.

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::sheet::{self, Members, Sheet};
use super::{Missed, Over, Uplift, UpliftError};
use crate::assess::counted::{Noting, later};
use crate::assess::groups::Groups;
use crate::assess::spoken::Spot;
use crate::assess::{Dimension, Moments, When};
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

    pub(super) fn add(&mut self, other: Self) {
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

    /// The report.
    ///
    /// # Errors
    /// The first moment without an instant; more than [`MOST_PERIODS`](super::MOST_PERIODS) periods, or more than
    /// [`MOST_POINTS`](super::MOST_POINTS) groups times periods.
    pub(crate) fn finish(
        self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
        over: &Over<'_>,
    ) -> Result<Uplift, UpliftError> {
        let Cells { calendar, groups, cells, members, wanted, result, .. } = self.0;
        result?;
        let mut sheet = Sheet::of(groups, cells, over)?;
        let members = Members { cells: &members, wanted: &wanted };
        sheet::count(&mut [&mut sheet], &members, threads, moments)?;
        Ok(sheet.finish(model, calendar, &members, moments))
    }

    /// The report on all moments without groups, which comes first, and the one that [`UpliftBook::finish`] makes.
    ///
    /// # Errors
    /// Of each the same as of that.
    pub(crate) fn finish_with_together(
        self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
        over: &Over<'_>,
    ) -> [Result<Uplift, UpliftError>; 2] {
        let Cells { calendar, groups, cells, members, wanted, result, .. } = self.0;
        let mut sheets =
            [result.and_then(|()| Sheet::together(&cells, over)), result.and_then(|()| Sheet::of(groups, cells, over))];
        let members = Members { cells: &members, wanted: &wanted };
        let mut counted: Vec<&mut Sheet> = sheets.iter_mut().flatten().collect();
        let result = sheet::count(&mut counted, &members, threads, moments);
        sheets.map(|sheet| result.and_then(|()| Ok(sheet?.finish(model, calendar, &members, moments))))
    }
}
