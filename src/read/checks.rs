//! What a record cannot show by itself: ids once, `at` on all records or on none, fields that are
//! unknown, failures that are recovered.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::Result;
use super::event::{Note, Observer};
use super::fast::chunk::Scanned;
use super::ids::Ids;
use super::record_error::{Position, RecordError};
use super::rejects::Rejects;
use super::unknown::Unknown;
use crate::error::{Found, Problem};
use crate::record::field::Field;
use crate::record::interaction::Interaction;
use crate::record::timing::Timing;

/// What is known of all records so far.
pub(crate) struct Checks {
    ids: Ids,
    /// Whether ids and recoveries are held, to be looked at together.
    holds: bool,
    /// The sources, by the numbers that recoveries name them by.
    sources: Vec<String>,
    timing: Timing,
    unknown: Unknown,
    recoveries: Vec<Recovery>,
    /// Whether fields that are unknown are errors.
    strict: bool,
}

/// A record that names the failure it recovers.
pub(crate) struct Recovery {
    pub(crate) failure: String,
    /// What is taken back with it, by the place among the accepted: it alone, or all that its row gave.
    pub(crate) records: Range<usize>,
    pub(crate) number: u64,
    pub(crate) place: Position,
    pub(crate) id: Option<String>,
    /// Kept only where the record may have to be rejected for it later.
    pub(crate) raw: Option<Vec<u8>>,
    source: usize,
}

impl Checks {
    /// Nothing has been checked yet of things called `thing`. Under `strict`, fields that are unknown are errors.
    pub(crate) fn new(thing: &'static str, strict: bool) -> Self {
        let unknown = Unknown::of(thing, Field::ALL.map(Field::name));
        let (ids, timing) = (Ids::default(), Timing::default());
        Self { ids, holds: true, sources: Vec::new(), timing, unknown, recoveries: Vec::new(), strict }
    }

    /// Holds nothing of records that have passed, so that memory stays the same however many there are.
    #[cfg_attr(not(feature = "import"), expect(dead_code, reason = "only rows of exports are looked at so"))]
    pub(crate) const fn hold_nothing(&mut self) {
        self.holds = false;
    }

    /// A source begins.
    pub(crate) fn begin(&mut self, name: &str) {
        self.ids.begin(name);
        self.sources.push(name.to_owned());
    }

    /// Checks and takes one record. `line` is where it starts.
    /// `unknown` calls what it is given with every field that is unknown.
    pub(crate) fn fits(
        &mut self,
        interaction: &Interaction<'_>,
        unknown: impl FnOnce(&mut dyn FnMut(&str)),
        line: impl FnOnce() -> u64,
    ) -> Result<(), Problem> {
        self.timing.fits(interaction.at.is_some())?;
        let mut odd = None;
        unknown(&mut |name| {
            odd.get_or_insert_with(|| name.to_owned());
            self.unknown.take(name);
        });
        if let Some(name) = odd.filter(|_| self.strict) {
            return Err(self.unknown.problem(&name));
        }
        if let Some(id) = interaction.id.as_deref().filter(|_| self.holds) {
            let known = self.ids.add(id, line);
            if let Some(first) = known.map_err(|error| Problem::form("id", Found::text(id), error.to_string()))? {
                return Err(id_again(id, &first));
            }
        }
        // a rejected record decides nothing for those that are left
        self.timing.take(interaction.at.is_some());
        Ok(())
    }

    /// Checks the records of one row, each with its unknown fields, and takes all of them or none. Which of them is refused, counted from 0.
    #[cfg_attr(not(feature = "import"), expect(dead_code, reason = "only rows of exports give several records"))]
    pub(crate) fn fit_row(
        &mut self,
        row: &[Interaction<'_>],
        unknown: &[Vec<String>],
        line: impl Fn() -> u64,
    ) -> Result<(), (usize, Problem)> {
        if let [_, _, ..] = row {
            let (mut timing, mut ids) = (self.timing, HashSet::new());
            for (index, interaction) in row.iter().enumerate() {
                let unknown = unknown.get(index).map(Vec::as_slice).unwrap_or_default();
                let refused = |problem| (index, problem);
                timing.fits(interaction.at.is_some()).map_err(refused)?;
                timing.take(interaction.at.is_some());
                if let (true, Some(name)) = (self.strict, unknown.first()) {
                    return Err(refused(self.unknown.problem(name)));
                }
                if let Some(id) = interaction.id.as_deref().filter(|_| self.holds) {
                    let again = if row.len() > FEW {
                        !ids.insert(id)
                    } else {
                        row[..index].iter().any(|other| other.id.as_deref() == Some(id))
                    };
                    if again {
                        return Err(refused(id_again(id, "in the same row")));
                    }
                    if let Some(first) = self.ids.place_of(id) {
                        return Err(refused(id_again(id, &first)));
                    }
                }
            }
        }
        row.iter().enumerate().try_for_each(|(index, interaction)| {
            let unknown = unknown.get(index).map(Vec::as_slice).unwrap_or_default();
            let unknown = |each: &mut dyn FnMut(&str)| unknown.iter().for_each(|name| each(name));
            self.fits(interaction, unknown, &line).map_err(|problem| (index, problem))
        })
    }

    /// Remembers which failure a record of the current source recovers.
    pub(crate) fn recovers(
        &mut self,
        failure: &str,
        records: Range<usize>,
        number: u64,
        place: Position,
        id: Option<&str>,
        raw: Option<&[u8]>,
    ) {
        if !self.holds {
            return;
        }
        let (failure, id, raw) = (failure.to_owned(), id.map(str::to_owned), raw.map(<[u8]>::to_owned));
        let source = self.sources.len().saturating_sub(1);
        self.recoveries.push(Recovery { failure, records, number, place, id, raw, source });
    }

    /// Checks the records of a chunk, up to the first that it leaves to the full reader: how many those are.
    /// `accepted` and `number`: how many records were accepted before, and how many there were in the file.
    pub(super) fn fit_chunk(&mut self, scanned: &Scanned, accepted: usize, number: u64) -> Result<usize> {
        let strange = scanned.unknown.first().filter(|_| self.strict).map(|(item, _)| *item);
        let usual = strange.unwrap_or(scanned.items.len());
        let fits = scanned.timed.is_none_or(|timed| self.timing.fits(timed).is_ok());
        let mut usual = if fits { usual.min(scanned.mixed.unwrap_or(usual)) } else { 0 };
        if usual < scanned.items.len() || !self.ids.add_runs(&scanned.ids) {
            for (index, item) in scanned.items[..usual].iter().enumerate() {
                if let Some(id) = scanned.id(item)
                    && self.ids.add(id, || scanned.line(item))?.is_some()
                {
                    usual = index;
                    break;
                }
            }
        }
        if let Some(timed) = scanned.timed.filter(|_| usual > 0) {
            self.timing.take(timed);
        }
        let source = self.sources.len().saturating_sub(1);
        let recoveries = scanned.recoveries.iter().take_while(|recovers| recovers.item < usual);
        self.recoveries.extend(recoveries.map(|recovers| Recovery {
            failure: recovers.failure.clone(),
            records: accepted + recovers.item..accepted + recovers.item + 1,
            number: number + recovers.item as u64 + 1,
            place: recovers.place,
            id: scanned.id(&scanned.items[recovers.item]).map(str::to_owned),
            raw: None,
            source,
        }));
        for (_, name) in scanned.unknown.iter().take_while(|(item, _)| *item < usual) {
            self.unknown.take(name);
        }
        Ok(usual)
    }

    /// Whether a record with this id was accepted, where ids are held.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Reports what is known once all is read. Which records have to be taken back: under `strict`,
    /// those that recover a failure that is not in the input.
    pub(crate) fn conclude(
        &mut self,
        rejects: &mut Rejects<'_>,
        observer: &mut dyn Observer,
    ) -> Result<BTreeSet<usize>> {
        let mut taken_back = BTreeSet::new();
        let mut dangling = std::mem::take(&mut self.recoveries);
        dangling.retain(|recovery| !self.ids.contains(&recovery.failure));
        if self.strict {
            for recovery in &dangling {
                if taken_back.contains(&recovery.records.start) {
                    continue;
                }
                let found = Found::text(&recovery.failure);
                let advice = format!("no record has the id {found}; correct it, or leave --strict out");
                let problem = Problem::advice("recovers", found, advice);
                let fault = RecordError::of(&problem, recovery.place).with_id(recovery.id.clone());
                rejects.take(&self.sources[recovery.source], recovery.number, &fault, observer)?;
                rejects.keep(recovery.raw.as_deref().unwrap_or_default())?;
                taken_back.extend(recovery.records.clone());
            }
        } else if let Some(first) = dangling.first() {
            let first = (first.failure.clone(), first.place.line);
            observer.note(&Note::RecoversNothing { count: dangling.len(), first });
        }
        self.unknown.tell(observer);
        Ok(taken_back)
    }

    /// Whether records have a time; `None` if there were none.
    pub(crate) const fn timed(&self) -> Option<bool> {
        self.timing.timed()
    }
}

/// Of how many records the ids are compared with each other one by one.
const FEW: usize = 8;

/// What is said of an id that was there before.
const USED: &str = "was already used";

/// Whether a record was refused because its id was there before.
#[cfg_attr(not(feature = "import"), expect(dead_code, reason = "rows of exports have versions"))]
pub(crate) fn is_id_again(problem: &Problem) -> bool {
    problem.field == "id" && problem.found.to_string().contains(USED)
}

/// An id that was there before.
fn id_again(id: &str, first: &str) -> Problem {
    let found = format!("{} {USED} {first}", Found::text(id));
    let advice = format!("{found}; give every record an id of its own");
    Problem::advice("id", Found::thing(found), advice)
}
