//! The roll-up by recipient, where groups are the numbers of recipients: no group needs a name before the report
//! is made, and each has one recipient.

use std::num::NonZeroU32;

use super::roll_up::Tally;
use super::{Group, Journey, RollUpError};
use crate::assess::loyalty::LoyaltyRule;
use crate::assess::sorted::{Sorted, by_recipient};
use crate::assess::spoken::{Said, Spot};
use crate::assess::{Dimension, Key, Moments, When};
use crate::level::Level;
use crate::names::{NameId, TooMany};
use crate::ordered::{self, Then};
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

/// One moment of a recipient.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    /// Its place among all.
    index: u32,
    /// The place of what it created, if that is known.
    created: Option<NonZeroU32>,
}

/// When a recipient was first met, and who it was.
#[derive(Clone, Copy, Debug)]
struct First {
    when: When,
    recipient: NameId,
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

    /// The report; how loyal each recipient is served by this rule.
    pub(crate) fn finish(
        self,
        model: &Model,
        threads: usize,
        moments: &impl Moments,
        loyalty: &LoyaltyRule,
    ) -> Result<Journey, RollUpError> {
        let Self(ServedNotes { claims, created }) = self;
        if u32::try_from(claims.len()).is_err() {
            return Err(TooMany.into());
        }
        let mut total = Tally::default();
        created.iter().try_for_each(|(_, created)| total.create(model, created))?;
        let of = |index| moments.met(index);
        // the moments of a range come in the order of the input, and so does what they created
        let begin = || 0;
        let note = |next: &mut usize, index: usize| {
            *next += created[*next..].iter().take_while(|(place, _)| *place < index).count();
            let known = created.get(*next).filter(|(place, _)| *place == index);
            let place = u32::try_from(*next + 1).ok().filter(|_| known.is_some());
            let created = place.and_then(NonZeroU32::new);
            Noted { index: u32::try_from(index).unwrap_or(u32::MAX), created }
        };
        let finish = |_, sorted: Sorted<Noted>| {
            let firsts = sorted.iter().filter_map(|(recipient, noted)| {
                let reported =
                    noted.iter().copied().map(Noted::place).filter(|&index| moments.scope(index) == Scope::Reported);
                let when = reported.map(|index| moments.when(index)).min()?;
                Some(First { when, recipient: NameId::at_index(recipient).ok()? })
            });
            let firsts: Vec<First> = firsts.collect();
            (firsts, sorted)
        };
        let ranges = by_recipient(threads, claims.len(), of, begin, note, finish);
        let (firsts, ranges): (Vec<_>, Vec<_>) = ranges.into_iter().unzip();
        let mut order = firsts.concat();
        drop(firsts);
        order.sort_unstable_by_key(|first| first.when);

        let maker = Maker { model, claims: &claims, created: &created, moments, loyalty };
        let mut chunks = order.chunks(TOGETHER);
        let work = |chunk: &[First]| -> Result<(Vec<Group>, Tally), RollUpError> {
            let mut sum = Tally::default();
            let of = |&First { recipient, .. }: &First| {
                let noted = ranges.iter().find_map(|sorted| sorted.of(recipient)).unwrap_or_default();
                maker.group(recipient, noted, &mut sum)
            };
            Ok((chunk.iter().map(of).collect::<Result<_, _>>()?, sum))
        };
        let mut groups = Vec::with_capacity(order.len());
        let hand_over = |made: Result<(Vec<Group>, Tally), RollUpError>| {
            let (made, sum) = made?;
            groups.extend(made);
            total.add_outcome(&sum);
            Ok::<_, RollUpError>(Then::GoOn)
        };
        ordered::map(threads, || Ok(chunks.next()), work, hand_over)?;
        Ok(Journey { by: vec![Dimension::Recipient], groups, total: Group::new(model, None, &total, None) })
    }
}

impl Noted {
    const fn place(self) -> usize {
        self.index as usize
    }
}

/// Makes the group of a recipient.
struct Maker<'a, M> {
    model: &'a Model,
    claims: &'a [u8],
    created: &'a [(usize, Created)],
    moments: &'a M,
    loyalty: &'a LoyaltyRule,
}

impl<M: Moments> Maker<'_, M> {
    /// The group of a recipient with these moments, the levels of which are also added to a sum.
    fn group(&self, recipient: NameId, noted: &[Noted], sum: &mut Tally) -> Result<Group, RollUpError> {
        let Self { model, claims, created, moments, loyalty } = self;
        let mut tally = Tally::default();
        let mut said = Said::default();
        let mut lived = Vec::with_capacity(noted.len());
        for one in noted {
            let assessment = moments.assessment(one.place());
            lived.push((moments.when(one.place()), assessment));
            if moments.scope(one.place()) == Scope::Reported {
                tally.count += 1;
                tally.came.count(&assessment, Level::from_rank(claims[one.place()]));
                said.add(Spot::new(0, &assessment));
            }
            if let Some(place) = one.created {
                tally.create(model, &created[place.get() as usize - 1].1)?;
            }
        }
        tally.spoken.add(said);
        sum.add_outcome(&tally);
        let loyalty = loyalty.judge(lived.into_iter());
        let key = Key(vec![(Dimension::Recipient, Some(moments.name(recipient).to_owned()))]);
        Ok(Group::new(model, Some(key), &tally, Some(loyalty)))
    }
}
