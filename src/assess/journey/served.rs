//! The roll-up by recipient, where groups are the numbers of recipients: no group needs a name before the report
//! is made, and each has one recipient.

use std::num::NonZeroU32;

use super::roll_up::Tally;
use super::{Group, Journey, RollUpError};
use crate::assess::people::Met;
use crate::assess::sorted::Places;
use crate::assess::spoken::{Said, Spot};
use crate::assess::{Dimension, Key, Moments};
use crate::level::Level;
use crate::names::TooMany;
use crate::ordered;
use crate::record::interaction::Interaction;
use crate::record::window::Scope;
use crate::rules::Model;
use crate::value::Created;

/// How many groups are made together.
const TOGETHER: usize = 4096;

/// What is known of some moments, one after the other, before their levels are.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServedNotes {
    /// The rank that was claimed of each, 0 where none was.
    claims: Vec<u8>,
    /// What was created, where that is known, with the place of the moment.
    created: Vec<(usize, Created)>,
}

impl ServedNotes {
    /// Notes a moment that is reported.
    pub(crate) fn note(&mut self, interaction: &Interaction<'_>) {
        self.created.extend(interaction.value.clone().map(|created| (self.claims.len(), created)));
        self.claims.push(interaction.claimed.map_or(0, Level::rank));
    }

    /// Notes that a moment is not reported.
    pub(crate) fn pass(&mut self) {
        self.claims.push(0);
    }
}

/// All moments, noted one after the other in the order of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServedBook(ServedNotes);

impl ServedBook {
    /// Adds the moments noted.
    pub(crate) fn add(&mut self, notes: ServedNotes) {
        let place = self.0.claims.len();
        self.0.created.extend(notes.created.into_iter().map(|(index, created)| (place + index, created)));
        self.0.claims.extend(notes.claims);
    }

    /// The report, of these people with these lives.
    pub(crate) fn finish(
        self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
        (people, lives): (&[Met], &Places),
    ) -> Result<Journey, RollUpError> {
        let Self(ServedNotes { claims, created }) = self;
        let mut total = Tally::default();
        created.iter().try_for_each(|(_, created)| total.create(model, created))?;
        let mut order: Vec<&Met> = people.iter().filter(|met| met.first.is_some()).collect();
        order.sort_unstable_by_key(|met| met.first);

        let mut numbers = vec![None; claims.len()];
        for (number, (place, _)) in (1_usize..).zip(&created) {
            numbers[*place] = NonZeroU32::new(u32::try_from(number).map_err(|_| TooMany)?);
        }
        let maker = Maker { model, claims: &claims, created: &created, numbers: &numbers, moments };
        let work = |chunk: &[&Met]| -> Result<(Vec<Group>, Tally), RollUpError> {
            let mut sum = Tally::default();
            let of = |met: &&Met| maker.group(met, lives.of_recipient(met.recipient), &mut sum);
            Ok((chunk.iter().map(of).collect::<Result<_, _>>()?, sum))
        };
        let mut groups = Vec::with_capacity(order.len());
        let hand_over = |made: Result<(Vec<Group>, Tally), RollUpError>| {
            let (made, sum) = made?;
            groups.extend(made);
            total.add_outcome(&sum);
            Ok::<_, RollUpError>(())
        };
        ordered::parts(threads, order.chunks(TOGETHER), work, hand_over)?;
        Ok(Journey { by: vec![Dimension::Recipient], groups, total: Group::new(model, None, &total, None) })
    }
}

/// Makes the group of a recipient.
struct Maker<'a, M> {
    model: &'a Model,
    claims: &'a [u8],
    created: &'a [(usize, Created)],
    /// Of each moment the number, from 1, of what it created, if that is known.
    numbers: &'a [Option<NonZeroU32>],
    moments: &'a M,
}

impl<M: Moments> Maker<'_, M> {
    /// The group of a recipient with these moments, the levels of which are also added to a sum.
    fn group(&self, met: &Met, places: &[usize], sum: &mut Tally) -> Result<Group, RollUpError> {
        let Self { model, claims, created, numbers, moments } = self;
        let mut tally = Tally::default();
        let mut said = Said::default();
        for &place in places.iter().filter(|place| moments.scope(**place) == Scope::Reported) {
            let (rated, claim) = (moments.rated(place), claims[place]);
            tally.count += 1;
            tally.came.count(rated, Level::from_rank(claim));
            said.add(Spot::new(0, rated));
            if let Some(number) = numbers[place] {
                tally.create(model, &created[number.get() as usize - 1].1)?;
            }
        }
        tally.spoken.add(said);
        sum.add_outcome(&tally);
        let key = Key(vec![(Dimension::Recipient, Some(moments.name(met.recipient).to_owned()))]);
        Ok(Group::new(model, Some(key), &tally, Some(met.loyalty)))
    }
}
