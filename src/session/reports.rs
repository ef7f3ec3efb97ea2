//! Reports of a settled session, one call each.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, Write};
use std::sync::Arc;

use super::settled::Together;
use super::{SessionError, Settled};
use crate::assess::calibrate::{CalibrateFold, Calibration};
use crate::assess::decay::{Acts, NumberedActs};
use crate::assess::highlights::{Highlight, Highlights};
use crate::assess::journey::{Journey, JourneyBook, JourneyNotes};
use crate::assess::loyalty::LoyaltyRule;
use crate::assess::moves::{Ends, Moves, Returned};
use crate::assess::next_steps::{For, UnknownRecipient};
use crate::assess::people::Met;
use crate::assess::point::{self, Point};
use crate::assess::recovery::{By, RecoveryFold};
use crate::assess::report::{People, Report, ReportOptions};
use crate::assess::sorted::Places;
use crate::assess::uplift::{Over, Uplift, UpliftBook, UpliftError, UpliftNotes};
use crate::assess::{Book, Chosen, Count, Dimension, Key, Moments as _, Notes, Noting};
use crate::moment::{Days, Instant};
use crate::names::Names;
use crate::ordered::Then;
use crate::period::{Calendar, Period};
use crate::rating::finding::LevelWording;
use crate::rating::recipients::KnownRecipient;
use crate::rating::row::Rating;
use crate::record::field::Field;
use crate::record::packed::Fields;
use crate::record::window::Scope;

impl<'m, S: Read + Write + Seek + Send> Settled<'m, S> {
    /// How each point of the journey, or any other group, is lived (section 7 of the model); by
    /// recipient also how loyal each is served. Groups by one [`Dimension`], or by several.
    ///
    /// # Errors
    /// More names than can be told apart, amounts that do not add up exactly, what could not be read again; and
    /// [`SessionError::NotKept`] where the session keeps only [what was counted](super::Keeps::journey), and that has been
    /// given away or is another.
    pub fn journey(&mut self, by: impl Into<Vec<Dimension>>) -> Result<Journey, SessionError> {
        let by = by.into();
        let book = self.book(&Count::Journey(by))?;
        match book {
            Book::Served(book) => {
                let (people, lives) = (self.met()?, self.lives());
                Ok(book.finish(self.model(), self.threads, &self.outcome, (&people, &lives))?)
            }
            Book::Journey(book) => Ok(book.finish(self.model(), self.threads, &self.outcome)?),
            // what was counted is what was asked for
            Book::Uplift(_) => Ok(JourneyBook::new(Vec::new()).finish(self.model(), 1, &self.outcome)?),
        }
    }

    /// Whether it is going up (section 8 of the model): the last two periods compared that are finished at an instant, the
    /// latest one if none is named; or those named, earlier first.
    ///
    /// # Errors
    /// Moments without times, too many periods, what could not be read again.
    pub fn uplift(
        &mut self,
        calendar: Calendar,
        by: impl Into<Vec<Dimension>>,
        compare: Option<(Period, Period)>,
        as_of: Option<Instant>,
    ) -> Result<Uplift, ReportError> {
        let by = by.into();
        let (single, zone) = (by == [Dimension::Recipient], self.zone.clone());
        let over = Over { zone: &zone, as_of: as_of.or_else(|| self.reach()), compare };
        let mut uplift = self.over_time(calendar, by)?.finish(self.model(), self.threads, &self.outcome, &over)?;
        let compared = uplift.groups.first().map(|group| (group.change.from, group.change.to));
        if let Some((Some(from), Some(to))) = compared.filter(|_| single) {
            uplift.moves = Some(self.moves(from, to)?);
        }
        Ok(uplift)
    }

    /// All moments by group and period.
    fn over_time(&mut self, calendar: Calendar, by: Vec<Dimension>) -> Result<UpliftBook, SessionError> {
        match self.book(&Count::Uplift(calendar, by))? {
            Book::Uplift(book) => Ok(*book),
            // what was counted is what was asked for
            _ => Ok(UpliftBook::new(calendar, Vec::new())),
        }
    }

    /// Everyone who was met, with how loyal they are served.
    pub(super) fn met(&mut self) -> Result<Arc<[Met]>, SessionError> {
        if let Some(met) = &self.met {
            return Ok(Arc::clone(met));
        }
        // an open failure counts whenever it was: what came before is part of how they are served
        let recovered = self.recovered()?;
        let loyalty = LoyaltyRule::new(self.model(), self.zone.clone(), recovered);
        self.rate();
        let lives = self.lives();
        let met: Arc<[Met]> = Met::all(&self.outcome, &lives, &loyalty, self.threads).into();
        self.met = Some(Arc::clone(&met));
        Ok(met)
    }

    /// Who moved from which loyalty to which between the ends of two periods (section 10 of the model).
    ///
    /// # Errors
    /// What could not be read again.
    pub fn moves(&mut self, from: Period, to: Period) -> Result<Moves, SessionError> {
        let recoveries = self.recoveries()?;
        let end = |period: Period| {
            let end = period.end(&self.zone);
            let recovered = self.recovered_before(&recoveries, Some(end));
            (period, end, LoyaltyRule::new(self.model(), self.zone.clone(), recovered))
        };
        let ends = Ends { from: end(from), to: end(to) };
        let lives = self.lives();
        Ok(Moves::of(&ends, self.threads, &lives, &self.outcome))
    }

    /// Who of those met in a period was met again within so many days after it.
    #[must_use]
    pub fn returned(&self, period: Period, days: Days) -> Returned {
        let (start, end) = (period.start(&self.zone).ok(), period.end(&self.zone));
        let lives = self.lives.clone().unwrap_or_else(|| Places::of_moments(self.threads, &self.outcome).into());
        Returned::of((period, start, end), days, self.threads, &lives, &self.outcome)
    }

    /// What was counted as moments came; else counted now, from what was set aside.
    fn book(&mut self, count: &Count) -> Result<Book, SessionError> {
        if let Some(place) = self.books.iter().position(|(counted, _)| counted == count) {
            return Ok(self.books.swap_remove(place).1);
        }
        self.needs(Fields::ALL)?;
        let (model, threads, zone) = (self.model(), self.threads, self.zone.clone());
        let mut book = Book::new(count);
        let note = |together: &Together<'_, 'm>| -> Result<Notes, SessionError> {
            let mut notes = Notes::new(count);
            let noting = Noting { model, recipients: together.recipients(), zone: &zone };
            for kept in together.iter() {
                match kept.filter(|kept| kept.scope == Scope::Reported) {
                    Some(kept) => notes.note(noting, &kept.interaction()?, kept.when().at),
                    None => notes.pass(),
                }
            }
            Ok(notes)
        };
        self.each_batch(threads, note, |notes| {
            book.add(model, notes?);
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        Ok(book)
    }

    /// How far the recorded facts can be trusted (section 11 of the model).
    ///
    /// # Errors
    /// What could not be read again.
    pub fn calibrate(&mut self) -> Result<Calibration, SessionError> {
        self.needs(Fields::ALL)?;
        let model = self.model();
        let folds = self.fold(
            || CalibrateFold::new(model),
            |fold, kept| {
                if kept.scope == Scope::Reported && kept.has_verdict() {
                    kept.moment(|moment| fold.take(moment))?;
                }
                Ok::<_, SessionError>(())
            },
        )?;
        let mut all = CalibrateFold::new(model);
        for fold in folds {
            all.merge(fold);
        }
        Ok(all.finish(model))
    }

    /// The point of this path as recorded (section 7 of the model), its worst and latest moments explained in this
    /// wording. Of each of its moments, in the order of the input, `found` gets what `find` makes of it, if anything.
    ///
    /// # Errors
    /// More names than can be told apart, amounts that do not add up exactly, what could not be read again.
    #[expect(clippy::needless_pass_by_value, reason = "a closure that is made where it is given")]
    pub fn point<G: Send>(
        &mut self,
        path: &str,
        wording: LevelWording,
        find: Option<impl Fn(&Rating<'_>) -> G + Sync>,
        mut found: impl FnMut(G) + Send,
    ) -> Result<Point, ReportError> {
        self.needs(Fields::ALL)?;
        let (model, threads, zone) = (self.model(), self.threads, self.zone.clone());
        let timed = self.timed == Some(true);
        let mut journey = JourneyBook::new(vec![Dimension::Point]);
        let mut uplift = UpliftBook::new(Calendar::Month, vec![Dimension::Point]);
        let note = |together: &Together<'_, 'm>| -> Result<_, SessionError> {
            let noting = Noting { model, recipients: together.recipients(), zone: &zone };
            let mut journey = JourneyNotes::new(vec![Dimension::Point]);
            let mut uplift = UpliftNotes::new(Calendar::Month, vec![Dimension::Point]);
            let mut findings = Vec::new();
            for kept in together.iter() {
                let kept = match kept.filter(|kept| kept.scope == Scope::Reported) {
                    Some(kept) if kept.outline()?.point == path => kept,
                    _ => {
                        journey.pass();
                        uplift.pass();
                        continue;
                    }
                };
                let (interaction, at) = (kept.interaction()?, kept.when().at);
                journey.note(model, &interaction, at);
                if timed {
                    uplift.note(noting, &interaction, at);
                }
                if let Some(find) = &find {
                    findings.push(kept.moment(|moment| find(&Rating::of(moment, wording)))?);
                }
            }
            Ok((journey, uplift, findings))
        };
        self.each_batch(threads, note, |noted| {
            let (notes, over_time, findings) = noted?;
            journey.add(model, notes);
            uplift.add(over_time);
            findings.into_iter().for_each(&mut found);
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        let chosen = journey.choose(point::SHOWN, threads, &self.outcome).pop().map(|(_, chosen)| chosen);
        let chosen = chosen.unwrap_or_default();
        let mut told = BTreeMap::new();
        self.again(&places(&chosen), |place, moment| {
            told.insert(place, Rating::of(moment, wording).into_owned());
        })?;
        let ratings =
            |places: &mut dyn Iterator<Item = usize>| places.filter_map(|place| told.get(&place).cloned()).collect();
        let moments = [ratings(&mut chosen.worst()), ratings(&mut chosen.latest())];
        let journey = journey.finish(model, threads, &self.outcome).map_err(SessionError::from)?;
        let over = Over { zone: &zone, as_of: self.reach(), compare: None };
        let uplift = uplift.finish(model, threads, &self.outcome, &over).ok();
        let by_point = || RecoveryFold::new(None).by(vec![By::Of(Dimension::Point)]);
        let failures = self.failures(Some(path), by_point)?;
        let mut met = self.outcome.recovery_of(&failures, threads)?.0.by.into_iter();
        let met = met.find(|group| group.key.0.iter().any(|(_, point)| point.as_deref() == Some(path)));
        Ok(Point::of(model, path, journey, uplift, moments, met))
    }

    /// The acts on the escalator (section 4 of the model), as they stand at an instant, the latest one
    /// if none is named; those that were delivered in the window.
    #[must_use]
    pub fn acts(&self, as_of: Option<Instant>) -> Acts {
        let by_act = Places::of_acts(self.threads, &self.outcome);
        self.acts_since(&by_act, as_of.or_else(|| self.latest()), self.outcome.window.since).into()
    }

    /// The same by the places of moments by their acts.
    pub(super) fn acts_since(&self, by_act: &Places, as_of: Option<Instant>, since: Option<Instant>) -> NumberedActs {
        NumberedActs::of(self.assessor(), (&self.outcome, by_act), as_of, since, self.threads)
    }

    /// Everything a page shows.
    ///
    /// # Errors
    /// More names than can be told apart, what could not be read again.
    pub fn report(&mut self, wish: &ReportOptions) -> Result<Report, ReportError> {
        let ReportOptions { calendar, as_of, link_within, shown, anonymous } = *wish;
        let (model, threads) = (self.model(), self.threads);
        self.rate();
        let points = self.over_time(calendar, vec![Dimension::Point])?;
        let zone = self.zone.clone();
        let over = Over { zone: &zone, as_of: as_of.or_else(|| self.reach()), compare: None };
        let uplifts = points.finish_with_together(model, threads, &self.outcome, &over);
        let [together, over_time] = uplifts.map(|uplift| match uplift {
            Ok(uplift) if uplift.groups.is_empty() => Err(UpliftError::NoTimes),
            result => result,
        });
        let failures = self.failures(None, || RecoveryFold::new(link_within).by(vec![By::Of(Dimension::Point)]))?;
        self.recoveries = Some(failures.recoveries().into());
        let recipients = self.journey(Dimension::Recipient)?;
        let (recovery, failed) = self.outcome.recovery_of(&failures, threads)?;
        let recovery = recovery.with_items(failed.part(0..shown.failures));
        drop(failed);
        // an act is due however long ago it was done
        let as_of = as_of.or_else(|| self.latest());
        let by_act = Places::of_acts(threads, &self.outcome);
        let acts = self.acts_since(&by_act, as_of, None);
        let gathered = self.gather_next(&by_act)?;
        let at_risk = For::AtRisk(shown.people);
        let next = self.outcome.next_of(as_of, gathered, (&failures, &acts), at_risk, threads)?.iter().collect();
        let acts = match self.outcome.window.since {
            Some(since) => self.acts_since(&by_act, as_of, Some(since)),
            None => acts,
        };
        drop((failures, by_act));
        let change = together.as_ref().ok().and_then(|together| together.groups.first()).map(|group| &group.change);
        let moves = match change.and_then(|change| change.from.zip(change.to)) {
            Some((from, to)) => Some(self.moves(from, to)?),
            None => None,
        };
        let points = self.points()?;
        let chosen = points.choose(shown.moments, threads, &self.outcome);
        let highlights = self.highlights(chosen)?;
        let journey = points.finish(model, threads, &self.outcome).map_err(SessionError::from)?;
        let people = self.people(anonymous)?;
        let report = Report {
            journey,
            recipients,
            together,
            over_time,
            recovery,
            acts: acts.into(),
            next,
            moves,
            highlights,
            as_of,
            anonymous: false,
            people,
        };
        if anonymous { Ok(report.without_people().map_err(SessionError::from)?) } else { Ok(report) }
    }

    fn points(&mut self) -> Result<JourneyBook, SessionError> {
        match self.book(&Count::Journey(vec![Dimension::Point]))? {
            Book::Journey(book) => Ok(*book),
            _ => Ok(JourneyBook::new(vec![Dimension::Point])),
        }
    }

    /// The moments chosen of each point, in words.
    fn highlights(&mut self, chosen: Vec<(Key, Chosen)>) -> Result<BTreeMap<String, Highlights>, SessionError> {
        let all = chosen.iter().flat_map(|(_, chosen)| places(chosen)).collect();
        let mut told = BTreeMap::new();
        self.again(&all, |place, moment| {
            told.insert(place, Highlight::of(moment));
        })?;
        let moments =
            |places: &mut dyn Iterator<Item = usize>| places.filter_map(|place| told.get(&place).cloned()).collect();
        let highlights = chosen.into_iter().map(|(Key(key), chosen)| {
            let point = key.into_iter().next().and_then(|(_, point)| point).unwrap_or_default();
            (point, Highlights { worst: moments(&mut chosen.worst()), latest: moments(&mut chosen.latest()) })
        });
        Ok(highlights.collect())
    }

    /// Who was met: in the order of the input where they are to be numbered, else by name.
    fn people(&mut self, numbered: bool) -> Result<People, SessionError> {
        let mut people = People::default();
        let outcome = &self.outcome;
        let met = (0..outcome.count()).filter_map(|index| Some((outcome.met(index)?, outcome.when(index).at)));
        if !numbered {
            let known = outcome.assessor.recipients();
            if known.is_empty() {
                return Ok(people);
            }
            for (recipient, at) in met {
                let id = outcome.name(recipient);
                if let Some(name) = known.get(id, at).and_then(KnownRecipient::name)
                    && !people.called.contains_key(id)
                {
                    people.called.insert(id.to_owned(), name.to_owned());
                }
            }
            return Ok(people);
        }
        let mut seen = vec![false; outcome.recipients()];
        for (recipient, _) in met {
            if !std::mem::replace(&mut seen[recipient.index()], true) {
                people.recipients.add(outcome.name(recipient))?;
            }
        }
        let threads = self.threads;
        let serving = |together: &Together<'_, 'm>| -> Result<Names, SessionError> {
            let mut providers = Names::default();
            for kept in together.iter().flatten() {
                kept.text(Field::Provider)?.map_or(Ok(()), |provider| providers.add(provider).map(drop))?;
            }
            Ok(providers)
        };
        self.each_batch(threads, serving, |providers| {
            providers?.iter().try_for_each(|provider| people.providers.add(provider).map(drop))?;
            Ok::<_, SessionError>(Then::GoOn)
        })?;
        Ok(people)
    }
}

/// The places of all that was chosen.
fn places(chosen: &Chosen) -> BTreeSet<usize> {
    chosen.worst().chain(chosen.latest()).collect()
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The session cannot give what it takes.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Moments that cannot be put in periods.
    #[error(transparent)]
    Uplift(#[from] UpliftError),
    /// Someone who is named and was never met.
    #[error(transparent)]
    Unknown(#[from] UnknownRecipient),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Model, Record, Session, Zone};

    #[test]
    fn points_together_are_what_is_counted_without_groups() {
        let model = Model::shipped();
        let mut session = Session::new(&model);
        for number in 0..300 {
            let signal = ["late", "story-told", "unclear"][number % 3];
            let record = Record {
                at: Some(format!("2026-{:02}-{:02}", 1 + number * 7 % 5, 1 + number * 11 % 28)),
                action: (number % 4 == 0).then(|| format!("act {}", number % 5)),
                signals: model.signal(signal).map(|_| signal.to_owned()).into_iter().collect(),
                ..Record::new(format!("r{}", number * 13 % 40), ["a", "b", "c"][number / 2 % 3])
            };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        let mut settled = session.settle().expect("settled");
        let (zone, threads) = (settled.zone.clone(), 2);
        let points = settled.over_time(Calendar::Month, vec![Dimension::Point]).expect("points");
        let alone = settled.over_time(Calendar::Month, Vec::new()).expect("moments");
        let over = Over { zone: &zone, as_of: settled.reach(), compare: None };
        let finish = |book: UpliftBook| book.finish(&model, threads, &settled.outcome, &over).expect("periods");
        let [together, over_time] = points.clone().finish_with_together(&model, threads, &settled.outcome, &over);
        let together = together.expect("periods");
        assert_eq!(together.groups[0].series.len(), 5);
        assert_eq!(together, finish(alone));
        assert_eq!(over_time.expect("periods"), finish(points));
    }

    #[test]
    fn what_fails_over_time_fails_with_all_together_as_by_itself() {
        let model = Model::shipped();
        let at = |times: &[&'static str]| times.iter().map(|at| (*at).to_owned()).collect::<Vec<_>>();
        let cases: [(Vec<String>, usize, [bool; 2]); 5] = [
            (at(&[]), 1, [true, true]),
            (at(&["2026-01-05", "2026-02-05"]), 1, [true, true]),
            // too many days
            (at(&["0206-01-05", "2026-02-05"]), 1, [false, false]),
            // sixty points on ten thousand days are too many, though one group of all is not
            (at(&["2000-01-05", "2026-12-05"]), 60, [true, false]),
            // no times
            (at(&["", ""]), 2, [false, false]),
        ];
        for (times, points, works) in cases {
            let mut session = Session::new(&model);
            for (number, at) in times.iter().cycle().take(times.len() * points).enumerate() {
                let at = Some(at.clone()).filter(|at| !at.is_empty());
                let record = Record { at, ..Record::new("acme", format!("p{}", number / 2)) };
                session.add(&record.check(&model).expect("an interaction")).expect("room");
            }
            let mut settled = session.settle().expect("settled");
            let points = settled.over_time(Calendar::Day, vec![Dimension::Point]).expect("points");
            let alone = settled.over_time(Calendar::Day, Vec::new()).expect("moments");
            let over = Over { zone: &Zone::UTC, as_of: None, compare: None };
            let finish = |book: UpliftBook| book.finish(&model, 2, &settled.outcome, &over);
            let both = points.clone().finish_with_together(&model, 2, &settled.outcome, &over);
            assert_eq!(both, [finish(alone), finish(points)], "{times:?}");
            assert_eq!(both.map(|uplift| uplift.is_ok()), works, "{times:?}");
        }
    }

    #[test]
    fn what_is_rated_once_for_all_is_what_is_rated_one_by_one() {
        let model = Model::shipped();
        let mut session = Session::new(&model);
        for number in 0..50 {
            let signals = vec![["late", "story-told"][number % 2].to_owned()];
            let action = Some("act".to_owned());
            let record = Record { action, signals, ..Record::new(format!("r{}", number % 7), "a") };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        let mut settled = session.settle().expect("settled");
        let one_by_one: Vec<_> = (0..50).map(|index| settled.outcome.rated(index)).collect();
        settled.rate();
        assert_eq!(settled.outcome.rated, one_by_one);
    }
}
