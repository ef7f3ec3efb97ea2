//! The roll-up in two steps: moments are noted as they are read, anywhere and
//! in pieces, and their levels counted once their acts have been settled.

use super::roll_up::{Outcomes, RollUp};
use super::{Journey, RollUpError};
use crate::assess::{Dimension, When};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::{NameId, TooMany};
use crate::rating::escalator::Assessment;
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
        let member = self.result.clone().and_then(|()| {
            let when = When { at, index: self.members.len() as u64 };
            let group = self.roll_up.enter_group(model, interaction, when)?;
            Ok(Member::new(group, interaction.claimed)?)
        });
        self.members.push(*member.as_ref().unwrap_or(&Member::NONE));
        self.result = member.map(|_| ());
    }

    /// Notes that a moment is not reported.
    pub(crate) fn pass(&mut self) {
        self.members.push(Member::NONE);
    }
}

/// The levels of some moments, counted by group.
#[derive(Clone, Debug)]
pub(crate) struct JourneyLevels(Vec<Outcomes>);

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

    /// Adds the moments noted, with the numbers of their recipients in the same
    /// order. Notes and book group by the same dimensions.
    pub(crate) fn add(&mut self, model: &Model, notes: JourneyNotes, recipients: &[NameId]) {
        if self.result.is_ok() {
            self.result = notes.result.clone().and_then(|()| self.add_notes(model, notes, recipients));
        }
    }

    fn add_notes(&mut self, model: &Model, notes: JourneyNotes, recipients: &[NameId]) -> Result<(), RollUpError> {
        let groups = self.roll_up.add_entered(notes.roll_up, self.members.len() as u64, model)?;
        self.members.reserve(notes.members.len());
        for (member, &recipient) in notes.members.into_iter().zip(recipients) {
            let group = member.group().map(|group| groups[group.index()]);
            if let Some(group) = group {
                self.roll_up.meet(group, recipient);
            }
            self.members.push(group.map_or(Ok(Member::NONE), |group| Member::new(group, member.claimed()))?);
        }
        Ok(())
    }

    /// How many groups there are.
    #[must_use]
    pub(crate) fn groups(&self) -> usize {
        self.roll_up.len()
    }

    /// Counts the levels of moments, each with its place, as far as they are reported. It
    /// changes nothing, so any number of threads can count some of them.
    #[must_use]
    pub(crate) fn count(&self, levels: impl Iterator<Item = (usize, Assessment)>) -> JourneyLevels {
        let mut came = vec![Outcomes::default(); self.groups()];
        for (index, assessment) in levels {
            let member = self.members.get(index).copied().unwrap_or(Member::NONE);
            if let Some(group) = member.group() {
                came[group.index()].count(&assessment, member.claimed());
            }
        }
        JourneyLevels(came)
    }

    /// Adds the levels of moments that have not been added yet.
    pub(crate) fn settle(&mut self, levels: &JourneyLevels) {
        self.roll_up.add_settled(&levels.0);
    }

    /// The report.
    ///
    /// # Errors
    /// The first moment, in the order of the input, that could not be rolled up.
    pub(crate) fn finish(self, model: &Model) -> Result<Journey, RollUpError> {
        self.result?;
        Ok(self.roll_up.finish(model, |_| None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rating::assessor::Assessor;
    use crate::rating::recipients::Recipients;
    use crate::record::owned::Record;

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
        book.add(&model, notes, &[recipient]);

        let state = assessor.settle(&entry);
        let levels = book.count([(0, assessor.assessment(&entry, state))].into_iter());
        book.settle(&levels);
        assert_eq!(book.finish(&model).expect("a journey").groups[0].failures, 1);
    }
}
