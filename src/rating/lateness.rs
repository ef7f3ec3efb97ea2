//! Acts of which a moment came after a later one.

use crate::rating::ledger::ActId;

/// The acts of which a moment came late, noted as moments come in the order of the input.
#[derive(Clone, Debug)]
pub(crate) struct Lateness {
    /// The time of the latest moment of all, in microseconds: as long as times do not fall, nothing is late.
    latest: i64,
    /// The same of each act, by its place; kept once times have fallen.
    of_each: Option<Vec<i64>>,
    late: Vec<ActId>,
}

impl Default for Lateness {
    fn default() -> Self {
        Self { latest: i64::MIN, of_each: None, late: Vec::new() }
    }
}

/// In place of the time of the latest moment of an act: one has come late.
const LATE: i64 = i64::MAX;

impl Lateness {
    /// Notes a moment of an act at this time. `before` gives all that were noted before, and is asked once at most.
    pub(crate) fn note<B: Iterator<Item = (ActId, i64)>>(&mut self, act: ActId, at: i64, before: impl FnOnce() -> B) {
        let of_each = match &mut self.of_each {
            None if at >= self.latest => {
                self.latest = at;
                return;
            }
            None => {
                let mut of_each = Vec::new();
                before().for_each(|(act, at)| *latest_of(&mut of_each, act) = at);
                self.of_each.insert(of_each)
            }
            Some(of_each) => of_each,
        };
        let latest = latest_of(of_each, act);
        if at >= *latest {
            *latest = at;
        } else if *latest != LATE {
            *latest = LATE;
            self.late.push(act);
        }
    }

    /// The acts of which a moment came late, each once.
    pub(crate) fn late(&self) -> &[ActId] {
        &self.late
    }
}

fn latest_of(of_each: &mut Vec<i64>, act: ActId) -> &mut i64 {
    let place = act.index();
    if of_each.len() <= place {
        of_each.resize(place + 1, i64::MIN);
    }
    &mut of_each[place]
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_act_is_late_if_one_of_its_moments_came_after_a_later_one(
            moments in vec((0_usize..5, prop_oneof![0_i64..4, Just(i64::MIN), Just(i64::MAX - 1)]), 0..24),
            sorted in 0_usize..24,
        ) {
            // the first of them in time order, so that it is not always from the start that each act is followed
            let mut moments = moments;
            let sorted = sorted.min(moments.len());
            moments[..sorted].sort_by_key(|&(_, at)| at);
            let act = |place| ActId::at_index(place).expect("a small number");
            let mut lateness = Lateness::default();
            for (index, &(place, at)) in moments.iter().enumerate() {
                lateness.note(act(place), at, || moments[..index].iter().map(|&(place, at)| (act(place), at)));
            }
            let times = |place| moments.iter().filter(move |(of, _)| *of == place).map(|(_, at)| at);
            let late: Vec<_> = (0..5).filter(|&place| !times(place).is_sorted()).map(act).collect();
            let mut noted = lateness.late().to_vec();
            noted.sort();
            prop_assert_eq!(noted, late);
        }
    }
}
