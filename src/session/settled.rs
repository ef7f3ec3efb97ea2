//! Interactions that have been settled: their levels, one by one or by several threads.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek, Write};
use std::ops::Range;
use std::sync::Arc;

use super::SessionError;
use super::recovered::Named;
use super::spool::Spool;
use crate::assess::decay::NumberedActs;
use crate::assess::people::Met;
use crate::assess::recovery::Failures;
use crate::assess::sorted::Places;
use crate::assess::{Book, Count, Moments, Rated, When, parallel};
use crate::level::Level;
use crate::moment::{Instant, Zone};
use crate::names::NameId;
use crate::ordered::{self, Then};
use crate::rating::assessor::Assessor;
use crate::rating::entry::Entry;
use crate::rating::escalator::{ActState, Assessment, Facts, Pace};
use crate::rating::recipients::Recipients;
use crate::rating::row::Rating;
use crate::rating::why::RatedMoment;
use crate::record::field::Field;
use crate::record::interaction::{Interaction, InteractionRef};
use crate::record::packed::{Fields, Pack, Packed};
use crate::record::position::Position;
use crate::record::window::{Scope, Window};
use crate::rules::Model;
use crate::signal::SignalSet;

/// All interactions of a session with what each act stood on before each of them.
pub struct Settled<'m, S = Cursor<Vec<u8>>> {
    pub(super) outcome: Outcome<'m>,
    pub(super) spool: Spool<S>,
    pub(super) books: Vec<(Count, Book)>,
    /// The failures that are named by others, each with the places of those, once they were asked for.
    pub(super) recoveries: Option<Arc<[Named]>>,
    /// All failures, where what is told of them borrows from them.
    pub(super) failures: Option<Failures>,
    /// The same of acts.
    pub(super) acts: Option<NumberedActs>,
    /// All moments by whom they served, once that was asked for.
    pub(super) lives: Option<Arc<Places>>,
    /// Everyone who was met, once they were asked for.
    pub(super) met: Option<Arc<[Met]>>,
    /// What was set aside of each interaction.
    pub(super) fields: Fields,
    pub(super) timed: Option<bool>,
    pub(super) zone: Zone,
    pub(super) threads: usize,
}

/// What has come of all interactions, by their place among those given.
pub(super) struct Outcome<'m> {
    pub(super) assessor: Assessor<'m>,
    pub(super) window: Window,
    pub(super) entries: Vec<Entry>,
    pub(super) states: Vec<Option<ActState>>,
    pub(super) taken_back: BTreeSet<usize>,
    /// How each was rated, once that is asked for again and again; else empty.
    pub(super) rated: Vec<Rated>,
    /// Whom each serves, where that was kept.
    pub(super) served: Vec<NameId>,
}

impl<'m> Outcome<'m> {
    /// The level of the moment at a place, and how it came about.
    fn assessment(&self, index: usize) -> Assessment {
        self.assessor.assessment(&self.entries[index], self.states[index])
    }

    /// How many recipients there are numbers for.
    pub(super) fn recipients(&self) -> usize {
        self.assessor.recipients_met()
    }

    /// As [`Settled::map`], of what `take` gives: interactions that were set aside, behind the place of the first of them.
    pub(super) fn map<M: Send, E: From<SessionError> + Send>(
        &self,
        threads: usize,
        take: impl FnMut() -> Next<E> + Send,
        begin: impl Fn() -> M + Sync,
        make: impl Fn(&Kept<'_, 'm>, &mut M) -> Result<(), E> + Sync,
        mut hand_over: impl FnMut(M) -> Result<bool, E> + Send,
    ) -> Result<(), E> {
        let work = |together: &Together<'_, 'm>| -> Result<M, E> {
            let mut group = begin();
            together.iter().flatten().try_for_each(|kept| make(&kept, &mut group))?;
            Ok(group)
        };
        let hand_in = |made: Result<M, E>| Ok(if hand_over(made?)? { Then::GoOn } else { Then::Stop });
        self.each_batch(threads, take, work, hand_in)
    }

    /// What was set aside together, as `take` gives it: made into something by several threads, and handed over in
    /// that order.
    fn each_batch<M: Send, E: From<SessionError> + Send>(
        &self,
        threads: usize,
        take: impl FnMut() -> Next<E> + Send,
        make: impl Fn(&Together<'_, 'm>) -> M + Sync,
        hand_over: impl FnMut(M) -> Result<Then, E> + Send,
    ) -> Result<(), E> {
        let work = |(first, pack): (usize, Pack)| make(&Together { outcome: self, pack, first });
        ordered::map(threads, take, work, hand_over).map(drop)
    }
}

impl Moments for Outcome<'_> {
    fn count(&self) -> usize {
        self.entries.len()
    }

    fn name(&self, recipient: NameId) -> &str {
        self.assessor.recipient_name(recipient)
    }

    fn act(&self, index: usize) -> Option<NameId> {
        self.states[index]?;
        self.entries[index].act()
    }

    fn acts(&self) -> usize {
        self.assessor.acts()
    }

    fn act_of(&self, act: NameId) -> (NameId, NameId) {
        self.assessor.act_of(act)
    }

    fn action(&self, action: NameId) -> &str {
        self.assessor.action_name(action)
    }

    fn facts(&self, index: usize) -> Facts {
        self.entries[index].facts.facts()
    }

    fn pace(&self, index: usize) -> Pace {
        self.assessor.pace(&self.entries[index], self.states[index])
    }

    fn fading(&self, index: usize) -> Option<Level> {
        self.assessor.fading(&self.entries[index], self.states[index])
    }

    fn when(&self, index: usize) -> When {
        When { at: self.entries[index].at(), index: index as u64 }
    }

    fn scope(&self, index: usize) -> Scope {
        if self.taken_back.contains(&index) {
            Scope::LeftOut
        } else if self.window.is_bounded() {
            self.window.scope(self.entries[index].at())
        } else {
            // by far most windows: when it was need not be looked up
            Scope::Reported
        }
    }

    fn recipient(&self, index: usize) -> Option<NameId> {
        self.served.get(index).copied()
    }

    fn rated(&self, index: usize) -> Rated {
        self.rated.get(index).copied().unwrap_or_else(|| self.assessment(index).into())
    }
}

/// An interaction that was set aside, settled.
pub struct Kept<'s, 'm> {
    outcome: &'s Outcome<'m>,
    packed: Packed<'s>,
    /// Its place among the interactions given, from 0.
    pub index: usize,
    /// What the window does with it.
    pub scope: Scope,
}

impl<'s> Kept<'s, '_> {
    /// Its place in time order.
    #[must_use]
    pub fn when(&self) -> When {
        self.outcome.when(self.index)
    }

    /// Whom it serves; `None` where that was not kept.
    pub(super) fn recipient(&self) -> Option<NameId> {
        self.outcome.recipient(self.index)
    }

    /// The number of its act with its recipient; `None` where the escalator sees none.
    pub(super) fn act(&self) -> Option<NameId> {
        self.outcome.act(self.index)
    }

    /// What was noted of it.
    pub(super) fn signals(&self) -> Result<SignalSet, SessionError> {
        self.packed.signals().ok_or_else(lost)
    }

    /// Whether anything was said of it.
    pub(super) fn has_verdict(&self) -> bool {
        self.outcome.entries[self.index].has_verdict()
    }

    /// How it was rated, as far as reports ask.
    pub(super) fn rated(&self) -> Rated {
        self.outcome.rated(self.index)
    }

    /// Its level.
    #[must_use]
    pub fn assessment(&self) -> Assessment {
        self.outcome.assessment(self.index)
    }

    /// One of the texts of its record.
    pub(super) fn text(&self, field: Field) -> Result<Option<&'s str>, SessionError> {
        self.packed.text(field).ok_or_else(lost)
    }

    /// Whether one of these fields was given.
    pub(super) fn has_any(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.packed.has(*field))
    }

    /// What a row repeats of its record.
    ///
    /// # Errors
    /// Something else than what was set aside.
    pub fn outline(&self) -> Result<InteractionRef<'s>, SessionError> {
        self.packed.outline().ok_or_else(lost)
    }

    /// Its rating without what explains it.
    ///
    /// # Errors
    /// Something else than what was set aside.
    pub fn brief(&self) -> Result<Rating<'s>, SessionError> {
        Ok(Rating { outline: self.outline()?, assessment: self.assessment(), details: None })
    }

    /// Whether no text of it holds a quote, a backslash or a control character, as far as that is known.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.packed.is_plain()
    }

    /// Where its record stands, if that was to be kept.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.packed.position()
    }

    /// What was set aside of the interaction.
    ///
    /// # Errors
    /// Something else than what was set aside.
    pub fn interaction(&self) -> Result<Interaction<'s>, SessionError> {
        self.packed.interaction(self.when().at).ok_or_else(lost)
    }

    /// Hands the moment to `each`, with everything that led to its level.
    ///
    /// # Errors
    /// Something else than what was set aside.
    pub fn moment<T>(&self, each: impl FnOnce(&RatedMoment<'_, '_>) -> T) -> Result<T, SessionError> {
        let interaction = self.interaction()?;
        Ok(each(&self.outcome.assessor.moment(&interaction, self.outcome.states[self.index])))
    }
}

/// Interactions that were set aside together.
pub(super) struct Together<'s, 'm> {
    pub(super) outcome: &'s Outcome<'m>,
    pub(super) pack: Pack,
    pub(super) first: usize,
}

impl<'m> Together<'_, 'm> {
    /// What is known of the recipients.
    pub(super) fn recipients(&self) -> &Recipients {
        self.outcome.assessor.recipients()
    }

    /// Each of them in the order in which they were given; `None` for what is left out or was not set aside.
    pub(super) fn iter(&self) -> impl Iterator<Item = Option<Kept<'_, 'm>>> {
        (self.first..).zip(self.pack.iter()).map(|(index, packed)| {
            let scope = self.outcome.scope(index);
            let packed = packed.filter(|_| scope != Scope::LeftOut)?;
            Some(Kept { outcome: self.outcome, packed, index, scope })
        })
    }
}

/// What was set aside together, behind the place of its first interaction; `None` behind the last.
type Next<E> = Result<Option<(usize, Pack)>, E>;

/// Takes what was set aside batch by batch.
fn taken<S: Read + Write + Seek, E: From<SessionError>>(
    spool: &mut Spool<S>,
) -> Result<impl FnMut() -> Next<E>, SessionError> {
    let (mut batches, mut first) = (spool.rewind()?.into_iter(), 0);
    Ok(move || {
        let Some(batch) = batches.next() else { return Ok(None) };
        first += batch.count;
        Ok(Some((first - batch.count, spool.read(batch)?)))
    })
}

fn lost() -> SessionError {
    SessionError::Spool(io::ErrorKind::InvalidData.into())
}

impl<'m, S: Read + Write + Seek + Send> Settled<'m, S> {
    /// The rules that were rated by.
    #[must_use]
    pub const fn model(&self) -> &'m Model {
        self.outcome.assessor.model()
    }

    /// Rates every moment now, for reports that ask again and again.
    pub(super) fn rate(&mut self) {
        if self.outcome.rated.is_empty() {
            let rated = |places: Range<usize>| places.map(|index| self.outcome.rated(index)).collect::<Vec<Rated>>();
            let rated = parallel::ranges(self.threads, self.outcome.entries.len(), rated);
            self.outcome.rated = rated.concat();
        }
    }

    /// All moments by whom they served.
    pub(super) fn lives(&mut self) -> Arc<Places> {
        let Self { outcome, threads, lives, .. } = self;
        Arc::clone(lives.get_or_insert_with(|| Arc::new(Places::of_moments(*threads, &*outcome))))
    }

    /// An error if not all of these fields were set aside.
    pub(super) fn needs(&self, fields: Fields) -> Result<(), SessionError> {
        if self.fields.and(fields) == self.fields { Ok(()) } else { Err(SessionError::NotKept) }
    }

    /// Whether the interactions say when they happened; `None` if there are none.
    #[must_use]
    pub const fn timed(&self) -> Option<bool> {
        self.timed
    }

    /// The latest instant there is, also beyond the window: how far the records reach.
    pub(super) fn reach(&self) -> Option<Instant> {
        let Outcome { entries, taken_back, .. } = &self.outcome;
        let kept = entries.iter().enumerate().filter(|(index, _)| !taken_back.contains(index));
        kept.filter_map(|(_, entry)| entry.at()).max()
    }

    /// The latest instant of what is not left out.
    #[must_use]
    pub fn latest(&self) -> Option<Instant> {
        let kept = (0..).zip(&self.outcome.entries).filter(|(index, _)| self.outcome.scope(*index) != Scope::LeftOut);
        kept.filter_map(|(_, entry)| entry.at()).max()
    }

    /// What was set aside and is not left out, in the order in which it was given: made into something
    /// by several threads, and handed over piece by piece in that order, as long as `hand_over` gives back `true`.
    ///
    /// # Errors
    /// What could not be read again; what `make` and `hand_over` say.
    pub fn map<M: Send, E: From<SessionError> + Send>(
        &mut self,
        threads: usize,
        begin: impl Fn() -> M + Sync,
        make: impl Fn(&Kept<'_, 'm>, &mut M) -> Result<(), E> + Sync,
        hand_over: impl FnMut(M) -> Result<bool, E> + Send,
    ) -> Result<(), E> {
        let Self { outcome, spool, .. } = self;
        outcome.map(threads, taken(spool)?, begin, make, hand_over)
    }

    /// What was set aside together: made into something by several threads, and handed over in the order in which it
    /// was given.
    pub(super) fn each_batch<M: Send, E: From<SessionError> + Send>(
        &mut self,
        threads: usize,
        make: impl Fn(&Together<'_, 'm>) -> M + Sync,
        hand_over: impl FnMut(M) -> Result<Then, E> + Send,
    ) -> Result<(), E> {
        let Self { outcome, spool, .. } = self;
        outcome.each_batch(threads, taken(spool)?, make, hand_over)
    }

    /// Hands every moment that was set aside and is not left out to `each`, with everything that led
    /// to its level, in the order in which they were given.
    ///
    /// # Errors
    /// What could not be read again; what `each` says.
    pub fn moments<E: From<SessionError>>(
        &mut self,
        mut each: impl FnMut(&RatedMoment<'_, '_>, When, Scope) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self { outcome, spool, .. } = self;
        let mut first = 0;
        for batch in spool.rewind()? {
            let together = Together { outcome, pack: spool.read(batch)?, first };
            for kept in together.iter().flatten() {
                kept.moment(|moment| each(moment, kept.when(), kept.scope))??;
            }
            first += batch.count;
        }
        Ok(())
    }

    /// The path of every point that was set aside.
    ///
    /// # Errors
    /// What could not be read again.
    pub fn paths(&mut self) -> Result<BTreeSet<String>, SessionError> {
        let found = |together: &Together<'_, 'm>| -> Result<BTreeSet<String>, SessionError> {
            let outlines = together.pack.iter().flatten().map(|packed| packed.outline().ok_or_else(lost));
            outlines.map(|outline| Ok(outline?.point.into_owned())).collect()
        };
        let mut paths = BTreeSet::new();
        self.each_batch(self.threads, found, |found| {
            paths.append(&mut found?);
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        Ok(paths)
    }

    /// What it knows of acts.
    pub(crate) const fn assessor(&self) -> &Assessor<'m> {
        &self.outcome.assessor
    }
}
