//! Which failures have been put right, or better, by what recoveries say of them (section 9 of the model).

use std::io::{Read, Seek, Write};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};

use super::settled::Together;
use super::{SessionError, Settled};
use crate::assess::{Moments as _, When};
use crate::level::Level;
use crate::moment::Instant;
use crate::ordered::Then;
use crate::record::field::Field;
use crate::record::packed::Fields;

/// A failure, by its place, with the places of the moments that name it.
pub(super) type Named = (usize, Vec<usize>);

impl<'m, S: Read + Write + Seek + Send> Settled<'m, S> {
    /// The failures, by their place, of which the last remarked recovery that names them is expected or better.
    pub(super) fn recovered(&mut self) -> Result<HashSet<usize, RandomState>, SessionError> {
        let recoveries = self.recoveries()?;
        Ok(self.recovered_before(&recoveries, None))
    }

    /// Those of them of which that was so before an instant.
    pub(super) fn recovered_before(&self, recoveries: &[Named], end: Option<Instant>) -> HashSet<usize, RandomState> {
        let recovered = recoveries.iter().filter(|(failure, recoveries)| {
            self.last_recovery(*failure, recoveries, end).is_some_and(|level| level >= Level::BASELINE)
        });
        recovered.map(|(failure, _)| *failure).collect()
    }

    /// The failures that are named by others, each with the places of those.
    pub(super) fn recoveries(&mut self) -> Result<Arc<[Named]>, SessionError> {
        if let Some(known) = &self.recoveries {
            return Ok(Arc::clone(known));
        }
        self.needs(Fields::RECOVERIES)?;
        let found = Arc::from(self.find_recoveries()?);
        self.recoveries = Some(Arc::clone(&found));
        Ok(found)
    }

    fn find_recoveries(&mut self) -> Result<Vec<Named>, SessionError> {
        let threads = self.threads;
        let mut named: HashMap<String, Vec<usize>, RandomState> = HashMap::default();
        let recoveries = |together: &Together<'_, 'm>| -> Result<Vec<(String, usize)>, SessionError> {
            let kept = together.iter().flatten();
            let named =
                kept.filter_map(|kept| Some(kept.text(Field::Recovers).transpose()?.map(|id| (id, kept.index))));
            named.map(|named| named.map(|(id, index)| (id.to_owned(), index))).collect()
        };
        self.each_batch(threads, recoveries, |found| {
            for (id, index) in found? {
                named.entry(id).or_default().push(index);
            }
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let mut failed: HashMap<&str, usize, RandomState> = HashMap::default();
        let known = &named;
        let failures = |together: &Together<'_, 'm>| -> Result<Vec<(&str, usize)>, SessionError> {
            let mut found = Vec::new();
            for kept in together.iter().flatten() {
                if let Some((id, _)) = kept.text(Field::Id)?.and_then(|id| known.get_key_value(id))
                    && kept.rated().failure
                {
                    found.push((id.as_str(), kept.index));
                }
            }
            Ok(found)
        };
        self.each_batch(threads, failures, |found| {
            // of several with one id the last counts
            failed.extend(found?);
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        Ok(failed.into_iter().map(|(id, failure)| (failure, known.get(id).cloned().unwrap_or_default())).collect())
    }

    /// To which level the last remarked of these recoveries came that is after the failure, and before an instant.
    fn last_recovery(&self, failure: usize, recoveries: &[usize], end: Option<Instant>) -> Option<Level> {
        let outcome = &self.outcome;
        let after = recoveries.iter().map(|&index| (outcome.when(index), outcome.rated(index)));
        let after = after.filter(|(when, _)| *when > outcome.when(failure));
        let after = after.filter(|(when, _)| end.is_none_or(|end| when.at < Some(end)));
        let remarked = after.filter(|(_, rated)| rated.remarked());
        remarked.max_by_key(|(when, _): &(When, _)| *when).map(|(_, rated)| rated.level)
    }
}
