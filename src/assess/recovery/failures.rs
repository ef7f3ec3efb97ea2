//! All failures, with what came before each and what came of it.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Serialize, Serializer};

use super::earlier::Earlier;
use super::fold::{Failure, Kinds, Recovery, RecoveryFold};
use super::report::{Item, RecoveryReport, Response, Status};
use super::strategy::strategies;
use super::tally::{Answered, by_unit, costs_in_words, costs_of, tallies};
use crate::assess::journey::RollUpError;
use crate::assess::{Moments, When, decay, parallel};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::NameId;
use crate::rating::recipients::Recipients;
use crate::rules::{Model, Rung};

/// Failures with what came before each and what came of it.
pub(crate) struct Failures {
    gathered: RecoveryFold,
    /// Of each its recoveries in time order, and whether they are assumed.
    recoveries: Vec<(Vec<Recovery>, bool)>,
    earlier: Vec<Earlier>,
    /// How many recoveries name no failure before them.
    unmatched: u64,
}

/// A failure that is reported.
struct Case<'f> {
    failure: &'f Failure,
    recoveries: &'f [Recovery],
    assumed: bool,
    earlier: Earlier,
    outcome: Outcome,
    response: Option<Rung>,
    hours: Option<f64>,
}

/// The failures on a level of which the same came, oldest first, by their places.
struct Alike {
    status: Status,
    level: Level,
    failures: Vec<(When, usize)>,
}

/// A failure that still stands, as far as recoveries say that name it.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'f> {
    pub(crate) failure: &'f Failure,
    pub(crate) status: Status,
    pub(crate) again: u64,
}

impl Standing<'_> {
    /// Open ones first, then worst and oldest first.
    pub(crate) fn urgency(&self) -> impl Ord + use<> {
        (self.status, self.failure.level, self.failure.when)
    }
}

impl RecoveryFold {
    /// What came of all that was gathered.
    pub(crate) fn finish(mut self, threads: usize) -> Failures {
        let (recoveries, unmatched) = self.recoveries(threads);
        let earlier = self.earlier(threads);
        (self.past, self.sequence) = (Vec::new(), Vec::new());
        Failures { gathered: self, recoveries, earlier, unmatched }
    }
}

impl Failures {
    /// The id of a failure, as its record has it.
    pub(crate) fn id(&self, failure: &Failure) -> Option<&str> {
        self.gathered.id(failure)
    }

    /// When a failure happened, as its record has it.
    pub(crate) fn at(&self, failure: &Failure) -> Option<&str> {
        self.gathered.at(failure)
    }

    /// The path of a failure.
    pub(crate) fn path(&self, failure: &Failure) -> &str {
        self.gathered.paths.name(failure.path)
    }

    /// The act of a failure, where its record names one.
    pub(crate) fn action(&self, failure: &Failure) -> Option<&str> {
        failure.action.map(|action| self.gathered.actions.name(action))
    }

    /// Each failure with the recoveries that name it.
    fn named(&self) -> impl Iterator<Item = (&Failure, &[Recovery])> {
        let named = self.recoveries.iter().map(|(all, assumed)| if *assumed { &[] } else { all.as_slice() });
        self.gathered.failures.iter().zip(named)
    }

    /// The failures, by their place in the input, that others name, each with the places of those.
    pub(crate) fn recoveries(&self) -> Vec<(usize, Vec<usize>)> {
        let place = |when: When| usize::try_from(when.index).ok();
        let recovered = self.named().filter(|(_, recoveries)| !recoveries.is_empty());
        let places = |recoveries: &[Recovery]| recoveries.iter().filter_map(|recovery| place(recovery.when)).collect();
        recovered.filter_map(|(failure, by)| Some((place(failure.when)?, places(by)))).collect()
    }

    /// The failures that still stand, also those that are not reported; what is only assumed recovers none.
    pub(crate) fn standing(&self) -> impl Iterator<Item = Standing<'_>> {
        self.named().zip(&self.earlier).filter_map(|((failure, recoveries), earlier)| {
            let status = Outcome::of(recoveries).status;
            status.stands().then_some(Standing { failure, status, again: earlier.again })
        })
    }

    /// The failure at this place, with what came of it.
    fn case(&self, place: usize) -> Case<'_> {
        let (failure, (recoveries, assumed)) = (&self.gathered.failures[place], &self.recoveries[place]);
        let first = recoveries.first().and_then(|recovery| recovery.when.at);
        let micros = first.zip(failure.when.at).map(|(to, from)| to.micros_since(from));
        Case {
            failure,
            recoveries,
            assumed: *assumed,
            earlier: self.earlier[place],
            outcome: Outcome::of(recoveries),
            response: failure.response.or_else(|| recoveries.last().and_then(|recovery| recovery.response)),
            hours: micros.map(hours),
        }
    }

    /// The failures that are reported, open first, then worst and oldest first.
    fn alike(&self, threads: usize) -> Vec<Alike> {
        let kinds = Status::ALL.into_iter().flat_map(|status| Level::ALL.map(|level| (status, level)));
        let mut all: Vec<Alike> = kinds.map(|(status, level)| Alike { status, level, failures: Vec::new() }).collect();
        for (place, (failure, (recoveries, _))) in self.gathered.failures.iter().zip(&self.recoveries).enumerate() {
            if failure.reported {
                let status = Outcome::of(recoveries).status as usize;
                all[status * Level::ALL.len() + failure.level.index()].failures.push((failure.when, place));
            }
        }
        let by_time = |mut alike: Alike| {
            // who gathered them did so in the order of the input, which is mostly that of time: a stable sort sees that
            alike.failures.sort_by_key(|(when, _)| *when);
            alike
        };
        parallel::each(threads, all.into_iter(), by_time)
    }

    /// The report of moments whose recipients are known so, and the failures in it, of which it lists none.
    ///
    /// # Errors
    /// Costs that do not add up exactly.
    pub(crate) fn report<'f>(
        &'f self,
        model: &'f Model,
        moments: &'f impl Moments,
        known: &Recipients,
        threads: usize,
    ) -> Result<(RecoveryReport<'f>, Failed<'f>), RollUpError> {
        let alike = self.alike(threads);
        let places: Vec<usize> = alike.iter().flat_map(|alike| &alike.failures).map(|(_, place)| *place).collect();
        let (mut used, mut paid) = (Marked::among(moments.count()), Marked::among(moments.count()));
        for recovery in self.recoveries.iter().flat_map(|(recoveries, _)| recoveries) {
            used.mark(recovery.when.index);
            if recovery.cost.is_some() {
                paid.mark(recovery.when.index);
            }
        }
        let RecoveryFold { named, initiatives, unnamed_costs, kinds, .. } = &self.gathered;
        let named = named.iter().filter(|(_, recovery)| recovery.cost.is_some() && recovery.reported);
        let costly = unnamed_costs.iter().copied().chain(named.map(|(_, recovery)| recovery.when.index));
        let count = |status| {
            let failures = alike.iter().filter(|alike| alike.status == status).map(|alike| alike.failures.len() as u64);
            failures.sum()
        };
        // their order does not matter to the figures: as they lie in memory
        let reported = (0..self.gathered.failures.len()).filter(|&place| self.gathered.failures[place].reported);
        let cases = reported.map(|place| self.case(place));
        let seen = kinds.as_ref().map(|_| Seen::of(moments, threads)).unwrap_or_default();
        let strategy = |kinds: &Kinds| {
            let failures = &self.gathered.failures;
            let whose =
                |place: usize| Some(&failures[place]).filter(|failure| failure.reported).map(|one| one.recipient);
            let met = |place: usize| self.answered(&self.case(place), &seen);
            let worth = |recipient| known.get(moments.name(recipient), seen.latest)?.worth().cloned();
            let tallies = tallies(&kinds.by, failures.len(), whose, met, worth, threads)?;
            Ok::<_, RollUpError>(strategies(
                model,
                kinds,
                tallies,
                |action| self.gathered.actions.name(action),
                threads,
            ))
        };
        let mut before = 0;
        let firsts = alike.iter().filter_map(|alike| {
            let rank = before;
            before += alike.failures.len();
            alike.failures.first().map(|(when, _)| (alike, *when, rank))
        });
        let worst =
            firsts.filter(|(alike, ..)| alike.status.stands()).min_by_key(|(alike, when, ..)| (alike.level, *when));
        let worst = worst.map(|(.., rank)| rank);
        let by = kinds.as_ref().map_or_else(|| Ok(Vec::new()), strategy)?;
        for &place in &places {
            by_unit(costs_of(&self.recoveries[place].0, &self.gathered.costs))?;
        }
        let failed = Failed { failures: self, model, moments, places };
        let report = RecoveryReport {
            failures: failed.len() as u64,
            open: count(Status::Open),
            attempted: count(Status::Attempted),
            put_right: count(Status::PutRight),
            bounced: count(Status::Bounced),
            initiatives: used.without(initiatives.iter().copied()),
            by_response: Response::all(model, cases.map(|case| (case.response, case.outcome.status, case.hours))),
            by,
            items: Vec::new(),
            worst: worst.and_then(|rank| Some((rank, Box::new(failed.part(rank..rank + 1).next()?)))),
            unmatched: self.unmatched,
            stray_costs: paid.without(costly),
        };
        Ok((report, failed))
    }

    /// A failure as far as a strategy asks for it.
    fn answered<'c>(&'c self, case: &Case<'c>, seen: &Seen) -> Answered<'c> {
        let &Case { failure, recoveries, ref outcome, response, .. } = case;
        let end = recoveries.last().map_or(failure.when, |recovery| recovery.when);
        Answered {
            failure,
            recoveries,
            response,
            status: outcome.status,
            came_back: seen.last(failure.recipient).is_some_and(|last| last > end),
            reach: seen.latest.zip(end.at).map(|(latest, end)| decay::days(latest.micros_since(end))),
            costs: &self.gathered.costs,
        }
    }
}

/// The failures of a report, open first, then worst and oldest first: each is made into an item when it is asked for, for
/// all of them take much room.
pub struct Failed<'f> {
    failures: &'f Failures,
    model: &'f Model,
    moments: &'f dyn Moments,
    /// Of failures whose costs add up exactly.
    places: Vec<usize>,
}

impl<'f> Failed<'f> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Item<'f>> {
        self.part(0..self.len())
    }

    /// Some of them, by their places; those there are.
    pub fn part(&self, places: Range<usize>) -> impl Iterator<Item = Item<'f>> {
        self.places.iter().skip(places.start).take(places.len()).map(|place| self.item(*place))
    }

    fn item(&self, place: usize) -> Item<'f> {
        let &Self { failures, model, moments, .. } = self;
        let borrowed = |text: Option<&'f str>| text.map(Cow::Borrowed);
        let Case { failure, recoveries, assumed, earlier, outcome, response, hours } = failures.case(place);
        Item {
            id: borrowed(failures.id(failure)),
            at: borrowed(failures.at(failure)),
            recipient: Cow::Borrowed(moments.name(failure.recipient)),
            point: Cow::Borrowed(failures.path(failure)),
            action: borrowed(failures.action(failure)),
            level: failure.level,
            signals: failure.mistakes.iter().map(|id| Cow::Borrowed(model.signal_name(id))).collect(),
            again: earlier.again,
            status: outcome.status,
            recovered_to: outcome.to,
            before: earlier.level,
            regained: outcome.to.zip(earlier.level).map(|(to, before)| to >= before),
            bounce: outcome.to.map(|to| to.rank().cast_signed() - failure.level.rank().cast_signed()),
            hours,
            response,
            // they add up, as was seen when the report was made
            cost: costs_in_words(costs_of(recoveries, &failures.gathered.costs)).unwrap_or_default(),
            assumed,
        }
    }
}

impl Serialize for Failed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Which moments are marked, by their places.
struct Marked(Vec<bool>);

impl Marked {
    /// None of so many.
    fn among(count: usize) -> Self {
        Self(vec![false; count])
    }

    fn mark(&mut self, place: u64) {
        if let Some(marked) = usize::try_from(place).ok().and_then(|place| self.0.get_mut(place)) {
            *marked = true;
        }
    }

    /// How many of these are not marked.
    fn without(&self, places: impl Iterator<Item = u64>) -> u64 {
        let marked = |place: u64| usize::try_from(place).is_ok_and(|place| self.0.get(place) == Some(&true));
        places.filter(|place| !marked(*place)).count() as u64
    }
}

/// When everyone was met last.
#[derive(Default)]
struct Seen {
    last: Vec<Option<When>>,
    latest: Option<Instant>,
}

impl Seen {
    fn of(moments: &impl Moments, threads: usize) -> Self {
        let length = moments.count().div_ceil(threads.max(1)).max(1);
        let seen = |start: usize| {
            let mut seen = Self::default();
            for index in start..moments.count().min(start + length) {
                if let Some(recipient) = moments.met(index) {
                    seen.see(recipient.index(), moments.when(index));
                }
            }
            seen
        };
        let all = parallel::each(threads, (0..moments.count()).step_by(length), seen);
        all.into_iter().reduce(Self::merge).unwrap_or_default()
    }

    fn see(&mut self, recipient: usize, when: When) {
        if self.last.len() <= recipient {
            self.last.resize(recipient + 1, None);
        }
        self.last[recipient] = self.last[recipient].max(Some(when));
        self.latest = self.latest.max(when.at);
    }

    fn merge(mut self, other: Self) -> Self {
        for (recipient, last) in other.last.into_iter().enumerate() {
            if let Some(last) = last {
                self.see(recipient, last);
            }
        }
        self
    }

    fn last(&self, recipient: NameId) -> Option<When> {
        self.last.get(recipient.index()).copied().flatten()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a double holds the microseconds of 285 years exactly, and rounds beyond"
)]
fn hours(micros: i64) -> f64 {
    micros as f64 / 3_600_000_000.0
}

/// What came of a failure.
struct Outcome {
    status: Status,
    to: Option<Level>,
}

impl Outcome {
    fn of(recoveries: &[Recovery]) -> Self {
        let to = recoveries.iter().rfind(|recovery| recovery.remarked).map(|recovery| recovery.level);
        let status = match to {
            None if recoveries.is_empty() => Status::Open,
            Some(level) if level > Level::BASELINE => Status::Bounced,
            Some(level) if level == Level::BASELINE => Status::PutRight,
            _ => Status::Attempted,
        };
        Self { status, to }
    }
}
