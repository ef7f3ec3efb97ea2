//! The roll-up in two steps: moments are noted as they are read, anywhere and
//! in pieces, and their levels counted once their acts have been settled.

use super::roll_up::{Outcomes, RollUp};
use super::{Journey, RollUpError};
use crate::assess::counted::worth;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::assess::spoken::{Listener, Spot};
use crate::assess::{Chosen, Dimension, Key, Moments, When, parallel};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::{NameId, TooMany};
use crate::record::interaction::Interaction;
use crate::rules::Model;

/// A moment's group and the level its provider claimed: four bytes.
#[derive(Clone, Copy, Debug)]
struct Member(u32);

impl Member {
    /// In no group: not reported.
    const NONE: Self = Self(0);
    /// Where the rank claimed begins.
    const CLAIMED: u32 = 29;

    fn new(group: NameId, claimed: Option<Level>) -> Result<Self, TooMany> {
        let group = Some(group.get()).filter(|group| group >> Self::CLAIMED == 0).ok_or(TooMany)?;
        Ok(Self(u32::from(claimed.map_or(0, Level::rank)) << Self::CLAIMED | group))
    }

    fn group(self) -> Option<NameId> {
        let group = self.0 & !(u32::MAX << Self::CLAIMED);
        NameId::at_index(group.checked_sub(1)? as usize).ok()
    }

    fn claimed(self) -> Option<Level> {
        u8::try_from(self.0 >> Self::CLAIMED).ok().and_then(Level::from_rank)
    }
}

/// What is known of some moments, one after the other, before their levels are.
#[derive(Clone, Debug)]
pub(crate) struct JourneyNotes {
    roll_up: RollUp,
    members: Vec<Member>,
    result: Result<(), RollUpError>,
}

impl JourneyNotes {
    /// Groups by these dimensions.
    #[must_use]
    pub(crate) fn new(by: Vec<Dimension>) -> Self {
        Self { roll_up: RollUp::new(by), members: Vec::new(), result: Ok(()) }
    }

    /// Notes a moment that is reported.
    pub(crate) fn note(&mut self, model: &Model, interaction: &Interaction<'_>, at: Option<Instant>) {
        let member = match self.result {
            Ok(()) => self.enter(model, interaction, at),
            Err(_) => Ok(Member::NONE),
        };
        self.members.push(*member.as_ref().unwrap_or(&Member::NONE));
        if let Err(error) = member {
            self.result = Err(error);
        }
    }

    fn enter(
        &mut self,
        model: &Model,
        interaction: &Interaction<'_>,
        at: Option<Instant>,
    ) -> Result<Member, RollUpError> {
        let when = When { at, index: self.members.len() as u64 };
        let group = self.roll_up.enter_group(model, interaction, when)?;
        Ok(Member::new(group, interaction.claimed)?)
    }

    /// Notes that a moment is not reported.
    pub(crate) fn pass(&mut self) {
        self.members.push(Member::NONE);
    }
}

/// All moments, noted one after the other in the order of the input.
#[derive(Clone, Debug)]
pub(crate) struct JourneyBook {
    roll_up: RollUp,
    members: Vec<Member>,
    result: Result<(), RollUpError>,
}

impl JourneyBook {
    /// Groups by these dimensions.
    #[must_use]
    pub(crate) fn new(by: Vec<Dimension>) -> Self {
        Self { roll_up: RollUp::new(by), members: Vec::new(), result: Ok(()) }
    }

    /// Adds the moments noted. Notes and book group by the same dimensions.
    pub(crate) fn add(&mut self, model: &Model, notes: JourneyNotes) {
        if self.result.is_ok() {
            self.result = notes.result.clone().and_then(|()| self.add_notes(model, notes));
        }
    }

    fn add_notes(&mut self, model: &Model, notes: JourneyNotes) -> Result<(), RollUpError> {
        let groups = self.roll_up.add_entered(notes.roll_up, self.members.len() as u64, model)?;
        self.members.reserve(notes.members.len());
        for member in notes.members {
            let group = member.group().map(|group| groups[group.index()]);
            self.members.push(group.map_or(Ok(Member::NONE), |group| Member::new(group, member.claimed()))?);
        }
        Ok(())
    }

    /// So many of the worst, and of the latest, moments of each group, with its name.
    pub(crate) fn choose(&self, most: usize, threads: usize, moments: &impl Moments) -> Vec<(Key, Chosen)> {
        let (all, threads) = (self.members.len(), worth(threads, self.roll_up.len()));
        let length = all.div_ceil(threads).max(1);
        let starts = (0..all).step_by(length);
        let work = |start: usize| {
            let mut chosen = vec![Chosen::default(); self.roll_up.len()];
            for index in start..(start + length).min(all) {
                if let Some(group) = self.members[index].group() {
                    chosen[group.index()].offer(most, moments.when(index), moments.rated(index));
                }
            }
            chosen
        };
        let mut chosen: Vec<_> = self.roll_up.keys().map(|key| (key.clone(), Chosen::default())).collect();
        for more in parallel::each(threads, starts, work) {
            for ((_, chosen), more) in chosen.iter_mut().zip(more) {
                chosen.merge(most, more);
            }
        }
        chosen
    }

    /// Counts the levels of the moments, and who spoke.
    fn settle(&mut self, threads: usize, moments: &impl Moments) {
        let (groups, members) = (self.roll_up.len(), &self.members);
        let of = |index: usize| members[index].group().and_then(|_| moments.recipient(index));
        let note = |came: &mut Vec<Outcomes>, index: usize| {
            let (member, rated) = (members[index], moments.rated(index));
            let group = member.group().map_or(0, NameId::index);
            came[group].count(rated, member.claimed());
            Spot::new(group, rated)
        };
        let finish = |came: Vec<Outcomes>, sorted: Sorted<Spot>| {
            let mut listener = Listener::new(groups);
            for (_, spots) in sorted.iter() {
                listener.listen(spots.iter().copied());
            }
            (came, listener)
        };
        // a place for what is in no group, so that there is one always
        let begin = || vec![Outcomes::default(); groups.max(1)];
        let settled = by_recipient(worth(threads, groups), members.len(), of, begin, note, finish);
        for (came, Listener { spoken, together, .. }) in settled {
            self.roll_up.add_came(&came);
            self.roll_up.add_spoken(&spoken, &together);
        }
    }

    /// The report.
    ///
    /// # Errors
    /// The first moment, in the order of the input, that could not be rolled up.
    pub(crate) fn finish(
        mut self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
    ) -> Result<Journey, RollUpError> {
        self.result.clone()?;
        self.settle(threads, moments);
        Ok(self.roll_up.finish(model, threads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Rated;
    use crate::rating::assessor::Assessor;
    use crate::rating::escalator::{Facts, Pace};
    use crate::rating::recipients::Recipients;
    use crate::record::owned::Record;
    use crate::record::window::Scope;

    /// The only moment there is.
    struct One {
        recipient: NameId,
        when: When,
        rated: Rated,
    }

    impl Moments for One {
        fn act(&self, _: usize) -> Option<NameId> {
            None
        }

        fn acts(&self) -> usize {
            0
        }

        fn act_of(&self, act: NameId) -> (NameId, NameId) {
            (self.recipient, act)
        }

        fn facts(&self, _: usize) -> Facts {
            Facts::NOTHING
        }

        fn action(&self, _: NameId) -> &'static str {
            ""
        }

        fn pace(&self, _: usize) -> Pace {
            Pace::default()
        }

        fn fading(&self, _: usize) -> Option<Level> {
            None
        }

        fn count(&self) -> usize {
            1
        }

        fn recipient(&self, _: usize) -> Option<NameId> {
            Some(self.recipient)
        }

        fn name(&self, _: NameId) -> &'static str {
            "acme"
        }

        fn scope(&self, _: usize) -> Scope {
            Scope::Reported
        }

        fn when(&self, _: usize) -> When {
            self.when
        }

        fn rated(&self, _: usize) -> Rated {
            self.rated
        }
    }

    #[test]
    fn moments_noted_as_they_come_are_counted_once_their_acts_are_settled() {
        let model = Model::shipped();
        let record = Record { signals: vec!["late".into()], ..Record::new("acme", "delivery") };
        let interaction = record.check(&model).expect("an interaction");
        let mut assessor = Assessor::new(&model, Recipients::default());
        let (mut book, mut notes) =
            (JourneyBook::new(vec![Dimension::Point]), JourneyNotes::new(vec![Dimension::Point]));
        let entry = assessor.enter(&interaction).expect("room");
        notes.note(&model, &interaction, entry.at());
        let recipient = assessor.recipient("acme").expect("room");
        book.add(&model, notes);

        let state = assessor.settle(&entry);
        let rated = assessor.assessment(&entry, state).into();
        let one = One { recipient, when: When { at: None, index: 0 }, rated };
        let group = book.finish(&model, 1, &one).expect("a journey").groups.swap_remove(0);
        assert_eq!((group.failures, group.recipients), (1, 1));
    }
}
