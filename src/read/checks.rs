//! What a record cannot show by itself: ids once, `at` on all records or on none, fields that
//! mean nothing, failures that are recovered.

use super::Result;
use super::event::Observer;
use super::fast::chunk::Scanned;
use super::ids::Ids;
use super::reader::Reader;
use super::record_error::{Position, RecordError};
use super::unknown::Unknown;
use crate::error::{Found, Problem};
use crate::record::field::Field;
use crate::record::interaction::Interaction;
use crate::record::timing::Timing;

/// What is known of all records so far.
pub(super) struct Checks {
    pub(super) ids: Ids,
    timing: Timing,
    unknown: Unknown,
    recoveries: Vec<Recovery>,
    /// Whether fields that mean nothing are errors.
    strict: bool,
}

/// A record that names the failure it recovers.
pub(super) struct Recovery {
    pub(super) failure: String,
    /// Its place among the accepted records.
    pub(super) record: usize,
    pub(super) file: usize,
    pub(super) number: u64,
    pub(super) place: Position,
    pub(super) id: Option<String>,
    /// Kept only where the record may have to be rejected for it later.
    pub(super) raw: Option<Vec<u8>>,
}

impl Checks {
    pub(super) fn new(strict: bool) -> Self {
        let (ids, timing, unknown) =
            (Ids::default(), Timing::default(), Unknown::of("record", Field::ALL.map(Field::name)));
        Self { ids, timing, unknown, recoveries: Vec::new(), strict }
    }

    /// Checks the current record of a reader.
    pub(super) fn fits(&mut self, interaction: &Interaction<'_>, reader: &Reader) -> Result<(), RecordError> {
        let fault = |problem: &Problem| {
            RecordError::of(problem, reader.position()).with_id(interaction.id.as_deref().map(str::to_owned))
        };
        self.timing.fits(interaction.at.is_some()).map_err(|problem| fault(&problem))?;
        let mut odd = None;
        reader.unknown_fields(|name| {
            odd.get_or_insert_with(|| name.to_owned());
            self.unknown.take(name);
        });
        if let Some(name) = odd.filter(|_| self.strict) {
            return Err(fault(&self.unknown.problem(&name)));
        }
        if let Some(id) = &interaction.id {
            let known = self.ids.add(id, || reader.line());
            if let Some(first) = known.map_err(|error| RecordError::new(reader.position(), error.to_string()))? {
                let found = format!("{} again, first {first}", Found::text(id));
                return Err(fault(&Problem::form("id", Found::thing(found), "each id once")));
            }
        }
        // a rejected record decides nothing for those that are left
        self.timing.take(interaction.at.is_some());
        Ok(())
    }

    /// Remembers which failure a record recovers.
    pub(super) fn recovers(&mut self, recovery: Recovery) {
        self.recoveries.push(recovery);
    }

    /// Checks the records of a chunk, up to the first that is not as usual: how many those are.
    /// `accepted` and `number` say how many records were accepted before, and how many there were in the file.
    pub(super) fn fit_chunk(&mut self, scanned: &Scanned, accepted: usize, file: usize, number: u64) -> Result<usize> {
        let strange = scanned.unknown.first().filter(|_| self.strict).map(|(item, _)| *item);
        let usual = strange.unwrap_or(scanned.items.len());
        let mut timing = self.timing;
        let odd = scanned.items[..usual].iter().position(|item| {
            let timed = item.weighed.at().is_some();
            let fits = timing.fits(timed).is_ok();
            timing.take(timed);
            !fits
        });
        let usual = odd.unwrap_or(usual);
        let mut known = None;
        for (index, item) in scanned.items[..usual].iter().enumerate() {
            if let Some(id) = scanned.id(item)
                && self.ids.add(id, || scanned.line(item))?.is_some()
            {
                known = Some(index);
                break;
            }
        }
        let usual = known.unwrap_or(usual);
        if let Some(first) = scanned.items[..usual].first() {
            self.timing.take(first.weighed.at().is_some());
        }
        let recoveries = scanned.recoveries.iter().take_while(|recovers| recovers.item < usual);
        self.recoveries.extend(recoveries.map(|recovers| Recovery {
            failure: recovers.failure.clone(),
            record: accepted + recovers.item,
            file,
            number: number + recovers.item as u64 + 1,
            place: recovers.place,
            id: scanned.id(&scanned.items[recovers.item]).map(str::to_owned),
            raw: None,
        }));
        for (_, name) in scanned.unknown.iter().take_while(|(item, _)| *item < usual) {
            self.unknown.take(name);
        }
        Ok(usual)
    }

    /// Takes the recoveries of failures that nobody recorded.
    pub(super) fn recover_nothing(&mut self) -> Vec<Recovery> {
        let mut recoveries = std::mem::take(&mut self.recoveries);
        recoveries.retain(|recovery| !self.ids.contains(&recovery.failure));
        recoveries
    }

    /// Tells which fields mean nothing.
    pub(super) fn tell_unknown(&self, observer: &mut dyn Observer) {
        self.unknown.tell(observer);
    }

    /// Whether records have a time; `None` if there were none.
    pub(super) const fn timed(&self) -> Option<bool> {
        self.timing.timed()
    }
}
