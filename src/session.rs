//! A session: interactions in, in any order; settled in time order; ratings and reports out.
//!
//! What is kept of each interaction while others are still to come is an entry of 16 bytes, what its act stood on, and,
//! where reports ask for it, the number of whom it serves. What ratings and reports need beyond that is set aside in a
//! [`Spool`]: in memory, or in whatever the caller provides, such as a temporary file.

mod all;
mod aside;
#[cfg(feature = "read")]
mod chunk;
mod collector;
mod entered;
mod failures;
mod folds;
#[cfg(feature = "read")]
mod in_order;
mod next;
mod recovered;
mod reports;
mod settled;
mod spool;
mod tags;

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek, Write};

use crate::assess::journey::RollUpError;
use crate::error::Problem;
use crate::moment::Zone;
use crate::names::{NameId, TooMany};
use crate::rating::assessor::Assessor;
use crate::rating::entry::time_order;
use crate::rating::finding::LevelWording;
use crate::rating::recipients::Recipients;
use crate::rating::row::Rating;
use crate::rating::why::RatedMoment;
use crate::record::interaction::Interaction;
use crate::record::position::Position;
use crate::record::window::{Scope, Window};
use crate::rules::Model;

pub use all::rate_all;
use aside::Aside;
#[cfg(feature = "read")]
pub(crate) use chunk::{Prepared, Steps};
pub use collector::Keeps;
pub(crate) use collector::{Collected, Collector};
use entered::{Entered, Settling};
#[cfg(feature = "read")]
pub(crate) use in_order::Round;
pub use reports::ReportError;
use settled::Outcome;
pub use settled::{Kept, Settled};
pub use tags::MissedTag;

/// Why a session cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// More different names than can be told apart.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Moments that cannot be rolled up.
    #[error(transparent)]
    RollUp(#[from] RollUpError),
    /// An interaction that does not go with those before it.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// A record that is no interaction.
    #[error("record {number}: {problem}")]
    Record {
        /// Its number among those given, from 1.
        number: usize,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A report of what was not kept: not of all moments, or asked for once before.
    #[error("the session did not keep what this report is made of, or has given it away; open it with Keeps::ALL")]
    NotKept,
    /// What was set aside could not be written or read.
    #[error("cannot write a temporary file; set TMPDIR to a folder with more space")]
    Spool(#[source] io::Error),
}

/// How many interactions that come one by one are set aside together.
const MOST: usize = 4096;

/// Takes interactions in any order: [add](Session::add) them and [settle](Session::settle), for reports; or
/// [rate](Session::rate) them one by one, for an answer at once. What was rated so is in no report.
///
/// ```
/// use serveup::assess::Dimension;
/// use serveup::{Model, Record, Session};
///
/// let model = Model::shipped();
/// let mut session = Session::new(&model);
/// for at in ["2026-01-12", "2026-01-05"] {
///     let late = vec!["late".to_owned()];
///     let record = Record { at: Some(at.into()), signals: late, ..Record::new("acme", "delivery") };
///     session.add(&record.check(&model)?)?;
/// }
/// let journey = session.settle()?.journey(Dimension::Point)?;
/// assert_eq!((journey.groups[0].count, journey.groups[0].failures), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Session<'m, S = Cursor<Vec<u8>>> {
    assessor: Assessor<'m>,
    window: Window,
    collector: Collector<'m>,
    entered: Entered,
    aside: Aside<S>,
    /// What came one by one and is not set aside yet.
    collected: Collected,
    recipients: Vec<NameId>,
    taken_back: BTreeSet<usize>,
    threads: usize,
}

impl<'m> Session<'m> {
    /// Keeps everything in memory, knows nothing of the recipients, and reports all of time.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self::with(model, Recipients::default(), Window::default(), Keeps::ALL, Cursor::new(Vec::new()))
    }

    /// The same, with what is known of the recipients.
    #[must_use]
    pub fn of(model: &'m Model, recipients: Recipients) -> Self {
        Self::with(model, recipients, Window::default(), Keeps::ALL, Cursor::new(Vec::new()))
    }
}

impl<'m, S: Read + Write + Seek + Send> Session<'m, S> {
    /// Reports what lies in the window, keeps what is said, and sets it aside in `spool`.
    #[must_use]
    pub fn with(model: &'m Model, recipients: Recipients, window: Window, keeps: Keeps, spool: S) -> Self {
        let aside = Aside::new(&keeps, spool);
        let assessor = Assessor::new(model, recipients);
        let collector = Collector { weigher: assessor.scale(), zone: Zone::UTC, window, keeps };
        Self {
            assessor,
            window,
            collected: collector.begin(0),
            collector,
            entered: Entered::default(),
            aside,
            recipients: Vec::new(),
            taken_back: BTreeSet::new(),
            threads: 1,
        }
    }

    /// The same with the zone whose calendar counts in reports; without this it is UTC.
    #[must_use]
    pub fn zone(self, zone: Zone) -> Self {
        let collector = Collector { zone, ..self.collector };
        Self { collected: collector.begin(0), collector, ..self }
    }

    /// The same with so many threads to count with; without this it is one.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: threads.max(1), ..self }
    }

    /// The rules it rates by.
    #[must_use]
    pub const fn model(&self) -> &'m Model {
        self.assessor.model()
    }

    /// Whether any recipient has wishes that count only from some time on, which takes records with a time.
    #[must_use]
    pub fn has_dated_wishes(&self) -> bool {
        self.assessor.recipients().are_dated()
    }

    /// How many interactions it has been given.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entered.entries.len()
    }

    /// Whether it has been given none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entered.entries.is_empty()
    }

    /// Whether the interactions say when they happened; `None` if there are none.
    #[must_use]
    pub const fn timed(&self) -> Option<bool> {
        self.entered.timing.timed()
    }

    /// How many lifts the escalator cannot follow, because they name no act.
    #[must_use]
    pub const fn unseen_lifts(&self) -> u64 {
        self.entered.unseen_lifts
    }

    /// The tags asked for by [`Keeps::tags`] that no interaction so far has; none where there are no interactions.
    #[must_use]
    pub fn missed_tags(&self) -> Vec<MissedTag> {
        let mut seen = self.aside.tags.clone();
        seen.merge(self.collected.tags.clone());
        if self.timed().is_none() { Vec::new() } else { seen.missed(&self.collector.keeps.tags) }
    }

    /// Takes an interaction. Whether ids are unique is not checked here, as it is where files are read: of several
    /// failures with one id the last is the one that is recovered.
    ///
    /// # Errors
    /// A time where those before have none, or none where they have one; more names than can be
    /// told apart; what cannot be set aside.
    pub fn add(&mut self, interaction: &Interaction<'_>) -> Result<(), SessionError> {
        self.add_at(interaction, || Position::START)
    }

    /// Takes an interaction that stands in this place of its source.
    pub(crate) fn add_at(
        &mut self,
        interaction: &Interaction<'_>,
        position: impl FnOnce() -> Position,
    ) -> Result<(), SessionError> {
        self.entered.timing.fits(interaction.at.is_some())?;
        let position = self.collector.wants_positions().then(position);
        let (weighed, act) = self.assessor.weigh(interaction);
        self.collector.collect(&mut self.collected, interaction, weighed.at(), position, false);
        let recipient = self.assessor.recipient(&interaction.recipient)?;
        let entry = self.assessor.enroll(weighed, recipient, act.as_deref())?;
        let Self { assessor, window, entered, .. } = self;
        let (model, (_, ledger)) = (assessor.model(), assessor.books());
        entered.push(entry, weighed.facts, &mut Settling { model, window: *window, ledger });
        self.recipients.push(recipient);
        if self.recipients.len() >= MOST { self.set_aside() } else { Ok(()) }
    }

    /// Sets aside what came one by one.
    fn set_aside(&mut self) -> Result<(), SessionError> {
        if self.recipients.is_empty() {
            return Ok(());
        }
        let collected = std::mem::replace(&mut self.collected, self.collector.begin(0));
        let recipients = std::mem::take(&mut self.recipients);
        self.aside.take((self.assessor.model(), &self.collector.keeps), collected, &recipients)
    }

    /// Takes interactions back that turned out not to count, by their place among those given, from 0.
    pub fn take_back(&mut self, places: BTreeSet<usize>) {
        self.taken_back = places;
    }

    /// Rates one interaction at once, in the order of the calls: for those who have them in time
    /// order. Nothing is kept of it but its act: do not mix it with what is [added](Session::add), which would then stand on
    /// it. With a wording it is explained. `None` for what lies outside the window.
    ///
    /// # Errors
    /// As [`Session::assess`].
    pub fn rate<'i>(
        &mut self,
        interaction: &'i Interaction<'i>,
        wording: Option<LevelWording>,
    ) -> Result<Option<Rating<'i>>, SessionError> {
        let moment = self.assess(interaction)?;
        let rating = |moment: &RatedMoment<'_, 'i>| match wording {
            Some(wording) => Rating::of(moment, wording),
            None => Rating::unexplained(moment),
        };
        Ok(moment.filter(|(scope, _)| *scope == Scope::Reported).map(|(_, moment)| rating(&moment)))
    }

    /// The same with everything that led to the level, and what the window does with it.
    ///
    /// # Errors
    /// A time where those before have none, or none where they have one; more recipients or acts
    /// than can be told apart.
    pub fn assess<'i>(
        &mut self,
        interaction: &'i Interaction<'i>,
    ) -> Result<Option<(Scope, RatedMoment<'_, 'i>)>, SessionError> {
        self.entered.timing.fits(interaction.at.is_some())?;
        self.collector.look_at_tags(&mut self.aside.tags, interaction);
        let entry = self.assessor.enter(interaction)?;
        self.entered.note(&entry, self.assessor.model());
        let scope = self.window.scope(entry.at());
        if scope == Scope::LeftOut {
            return Ok(None);
        }
        let state = self.assessor.settle(&entry);
        Ok(Some((scope, self.assessor.moment(interaction, state))))
    }

    /// Moves the escalator as if an interaction had come so many times, one after the other, before
    /// those that are rated at once.
    ///
    /// # Errors
    /// More recipients or acts than can be told apart.
    pub fn repeat(&mut self, interaction: &Interaction<'_>, times: u32) -> Result<(), SessionError> {
        let entry = self.assessor.enter(interaction)?;
        let mut rest = times;
        while rest > 0 {
            let state = self.assessor.settle(&entry);
            rest -= 1;
            // an act at rest stays there: a million times more change only the count
            if rest > 1_000_000 && state.is_some_and(|state| state.deliveries > 1_000_000) {
                rest %= 2;
            }
        }
        Ok(())
    }

    /// Settles all interactions in time order.
    ///
    /// # Errors
    /// What cannot be set aside.
    pub fn settle(mut self) -> Result<Settled<'m, S>, SessionError> {
        self.set_aside()?;
        let Self { mut assessor, window, entered, aside, taken_back, collector, threads, .. } = self;
        let Entered { entries, mut states, timing, lateness, .. } = entered;
        let Aside { spool, mut books, served, .. } = aside;
        let left_out = |index: usize| window.scope(entries[index].at()) == Scope::LeftOut;
        if !taken_back.is_empty() {
            assessor.forget();
            for index in time_order(&entries).filter(|index| !left_out(*index) && !taken_back.contains(index)) {
                states[index] = assessor.settle(&entries[index]);
            }
        }
        let late = if taken_back.is_empty() { lateness.late() } else { &[] };
        assessor.settle_late(late, &entries, &mut states, |index| !left_out(index));
        assessor.close();
        if !taken_back.is_empty() {
            books.clear();
        }
        Ok(Settled {
            outcome: Outcome { assessor, window, entries, states, taken_back, rated: Vec::new(), served },
            spool,
            books,
            recoveries: None,
            failures: None,
            acts: None,
            lives: None,
            met: None,
            fields: collector.keeps.fields,
            timed: timing.timed(),
            zone: collector.zone,
            threads,
        })
    }
}
