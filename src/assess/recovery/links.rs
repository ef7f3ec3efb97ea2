//! Which recoveries each failure has.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::fold::{Recovery, RecoveryFold};

impl RecoveryFold {
    /// Which recoveries each failure has, in time order; with each, whether it is assumed.
    pub(super) fn recoveries(&mut self) -> (Vec<(Vec<Recovery>, bool)>, u64) {
        let mut found = vec![(Vec::new(), false); self.failures.len()];
        let mut dangling = 0;
        let mut by_id: HashMap<&str, Option<usize>, RandomState> = HashMap::default();
        by_id.extend(self.named.iter().map(|(id, _)| (id.as_str(), None)));
        if !by_id.is_empty() {
            for (index, failure) in self.failures.iter().enumerate() {
                let known = self.id(failure).and_then(|id| by_id.get_mut(id));
                // of several with one id the last in the input counts
                if let Some(known) = known
                    && known.is_none_or(|before| self.failures[before].when.index < failure.when.index)
                {
                    *known = Some(index);
                }
            }
        }
        for (failure, recovery) in &self.named {
            // only what comes after a failure can recover it
            match by_id.get(failure.as_str()) {
                Some(&Some(index)) if self.failures[index].when < recovery.when => found[index].0.push(*recovery),
                _ => dangling += 1,
            }
        }
        if let Some(within) = self.link_within {
            self.sequence.sort_unstable_by_key(|(recipient, path, moment)| (*recipient, *path, moment.when));
            for (failure, (recoveries, assumed)) in self.failures.iter().zip(&mut found) {
                if !recoveries.is_empty() {
                    continue;
                }
                let place = (failure.recipient, failure.path, failure.when);
                let after = self
                    .sequence
                    .partition_point(|(recipient, path, moment)| (*recipient, *path, moment.when) <= place);
                let next =
                    self.sequence.get(after).filter(|(recipient, path, _)| (*recipient, *path) == (place.0, place.1));
                let in_time = |recovery: &Recovery| match (failure.when.at, recovery.when.at) {
                    (Some(from), Some(to)) => to.micros_since(from) <= within.micros(),
                    _ => false,
                };
                if let Some((.., recovery)) = next.filter(|(.., recovery)| in_time(recovery)) {
                    recoveries.push(*recovery);
                    *assumed = true;
                }
            }
        }
        for (recoveries, _) in &mut found {
            recoveries.sort_by_key(|recovery| recovery.when);
        }
        (found, dangling)
    }
}
