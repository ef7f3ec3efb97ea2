//! What to do next for each recipient, the most urgent first (section 8 of the model).

mod untried;

use std::cmp::Reverse;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::{Serialize, Serializer};

use super::decay::Act;
use super::loyalty::Loyalty;
use super::people::Met;
use super::recovery::{Failures, Standing, Status};
use super::sorted::Places;
use super::{Moments, uplift};
use crate::error::{Found, nearest};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::NameId;
use crate::printable::brief;
use crate::rating::escalator::lower;
use crate::rating::evidence;
use crate::rating::recipients::{KnownRecipient, Recipients, Wish};
use crate::rating::why::RatedMoment;
use crate::rules::Model;
use crate::value::ValueSet;

use untried::Ideas;
pub use untried::Untried;
pub(crate) use untried::{Tried, surprises};

/// How few deliveries an act has left, at most, to be about to rest.
const ABOUT_TO_REST: u64 = 1;

/// How many acts that were never done for a recipient are named.
pub const MOST_UNTRIED: usize = 5;

/// A recipient that was asked for is not in the records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--for: no interaction of {found}{}", .near.as_ref().map_or_else(String::new, |near| format!("; did you mean \"{near}\"?")))]
pub struct UnknownRecipient {
    /// Who was asked for.
    pub found: Found,
    /// Whom it is like.
    pub near: Option<String>,
}

/// Gathers what decides on the next steps, beside levels and failures. Several gather some each, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct NextFold {
    /// The acts that someone found unwelcome.
    unwelcome: Vec<NameId>,
    /// What was created where an act surprised the first time.
    surprised: Vec<(NameId, ValueSet)>,
    wishes: Wishes,
    /// What was created for those of whom it is known what they want.
    created: HashMap<NameId, ValueSet, RandomState>,
}

/// By recipient and key, how often a wish was compared while each statement of it was in force.
type Wishes = HashMap<(NameId, String), Vec<Compared>, RandomState>;

/// How often a wish was compared, and met, while one statement of it was in force.
#[derive(Clone, Copy, Debug)]
struct Compared {
    since: Option<Instant>,
    compared: u64,
    met: u64,
}

impl Compared {
    fn add(stated: &mut Vec<Self>, more: Self) {
        match stated.iter_mut().find(|stated| stated.since == more.since) {
            Some(known) => (known.compared, known.met) = (known.compared + more.compared, known.met + more.met),
            None => stated.push(more),
        }
    }
}

/// What is known of everyone beside what the records say.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    pub(crate) model: &'k Model,
    pub(crate) moments: &'k dyn Moments,
    pub(crate) recipients: &'k Recipients,
    pub(crate) as_of: Option<Instant>,
}

impl<'k> Known<'k> {
    /// What is known of a recipient.
    fn stated(&self, recipient: NameId) -> Option<KnownRecipient<'k>> {
        self.recipients.get(self.moments.name(recipient), self.as_of)
    }

    /// The categories and kinds of value they want, with all kinds of those categories.
    fn wanted(&self, recipient: NameId) -> ValueSet {
        self.model.with_kinds(self.stated(recipient).map(KnownRecipient::values).unwrap_or_default())
    }
}

/// For whom it is to be said what to do.
#[derive(Clone, Copy)]
pub(crate) enum For<'n> {
    /// Those named, by their ids or by what people call them; everyone reported where nobody is.
    Named(&'n [String]),
    /// The most urgent of those at risk, at most so many.
    AtRisk(usize),
}

/// What is still to be done for people.
struct Pending<'p> {
    /// The failures that still stand.
    open: Vec<Standing<'p>>,
    /// The acts that are due, each with whom it is done for.
    due: Vec<(NameId, &'p Act)>,
}

/// For how many recipients something is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those for whom a failure stands, an act is due or a wish was missed.
    pub due: u64,
    /// Those who are at risk, whether or not there is anything to do.
    pub at_risk: u64,
    /// Those with a failure that stands.
    pub open: u64,
    /// Those with an overdue act.
    pub overdue: u64,
    /// Those with a wish that was missed.
    pub missed: u64,
}

impl Counts {
    fn add(&mut self, loyalty: Loyalty, pressing: Pressing) {
        let Pressing { worst, overdue, resting, missed_wish } = pressing;
        // of an act that is due it is known what missing it would be: none of them was declined
        self.due += u64::from(worst.is_some() || resting.is_some() || missed_wish);
        self.at_risk += u64::from(loyalty == Loyalty::AtRisk);
        self.open += u64::from(worst.is_some());
        self.overdue += u64::from(overdue.is_some());
        self.missed += u64::from(missed_wish);
    }
}

/// What to do next for some recipients, the most urgent first: of each it is told when it is asked for, for all of it
/// takes much room.
pub struct Agenda<'s> {
    known: Known<'s>,
    wishes: Wishes,
    /// What was created for those of whom it is known what they want.
    created: HashMap<NameId, ValueSet, RandomState>,
    failures: &'s Failures,
    pending: Pending<'s>,
    /// Where in that is what concerns each recipient.
    open_for: Places,
    due_for: Places,
    ideas: Ideas<'s>,
    chosen: Vec<Met>,
    counts: Counts,
}

/// What decides how urgent someone is.
#[derive(Clone, Copy, Default)]
struct Pressing {
    /// The worst and oldest of the failures that stand.
    worst: Option<(Level, Option<Instant>)>,
    /// What omitting the next delivery would be at worst, of the acts that are overdue.
    overdue: Option<Level>,
    /// The same of all acts that are due.
    resting: Option<Level>,
    missed_wish: bool,
}

impl NextFold {
    /// Takes an act that its recipient found unwelcome.
    pub(crate) fn take_unwelcome(&mut self, act: NameId) {
        self.unwelcome.push(act);
    }

    /// Takes the first time of an act, which was a surprise, with what it created.
    pub(crate) fn take_surprise(&mut self, act: NameId, created: ValueSet) {
        self.surprised.push((act, created));
    }

    /// Takes one moment of someone of whom it may be known what they want, whether it is reported or not: all that
    /// happened counts.
    pub(crate) fn take(&mut self, moment: &RatedMoment<'_, '_>, recipient: NameId) {
        let Some(known) = moment.recipient else { return };
        if let Some(created) = &moment.interaction.value {
            let all = self.created.entry(recipient).or_default();
            *all = all.or(created.named);
        }
        for (wish, got) in evidence::compared_wishes(moment.interaction, known) {
            let stated = self.wishes.entry((recipient, wish.key.to_owned())).or_default();
            Compared::add(stated, Compared { since: wish.since, compared: 1, met: u64::from(wish.is_met_by(got)) });
        }
    }

    /// Takes what another has gathered.
    pub(crate) fn merge(&mut self, other: Self) {
        self.unwelcome.extend(other.unwelcome);
        self.surprised.extend(other.surprised);
        for (key, compared) in other.wishes {
            let stated = self.wishes.entry(key).or_default();
            for more in compared {
                Compared::add(stated, more);
            }
        }
        for (recipient, created) in other.created {
            let all = self.created.entry(recipient).or_default();
            *all = all.or(created);
        }
    }

    /// What to do next for those asked for, the most urgent first. `tried` is what moments tell of acts, `failures` are
    /// all there are, `acts` those on the escalator as of the same instant.
    ///
    /// # Errors
    /// Someone who is named and is not reported.
    pub(crate) fn finish<'k>(
        self,
        known: Known<'k>,
        people: &[Met],
        (mut tried, failures, acts): (Tried, &'k Failures, &'k [(NameId, Act)]),
        wanted: For<'_>,
        threads: usize,
    ) -> Result<Agenda<'k>, UnknownRecipient> {
        let Known { model, moments, .. } = known;
        let name = |met: &Met| moments.name(met.recipient);
        let asked = match wanted {
            For::Named(named) => {
                asked(people, named, name, |met| known.stated(met.recipient).and_then(KnownRecipient::name))?
            }
            For::AtRisk(_) => people.iter().map(|met| met.first.is_some() && met.loyalty == Loyalty::AtRisk).collect(),
        };
        self.unwelcome.iter().for_each(|act| tried.add_unwelcome(*act));
        let mut pending = Pending { open: failures.standing().collect(), due: due(acts, &tried, moments) };
        let mut pressing = pending.pressing(people.last().map_or(0, |last| last.recipient.index() + 1));
        let mut chosen: Vec<Met> = people.iter().zip(asked).filter_map(|(met, asked)| asked.then_some(*met)).collect();
        let mut counts = Counts::default();
        for met in &chosen {
            let wishes = known.stated(met.recipient).into_iter().flat_map(KnownRecipient::wishes);
            let mut kept = wishes.map(|wish| kept(&wish, met.recipient, &self.wishes));
            let pressing = &mut pressing[met.recipient.index()];
            pressing.missed_wish = kept.any(|wish| wish.met < wish.compared);
            counts.add(met.loyalty, *pressing);
        }
        // of those who are alike, first met first
        chosen.sort_by_cached_key(|met| (pressing[met.recipient.index()].urgency(met.loyalty), met.first));
        if let For::AtRisk(most) = wanted {
            chosen.truncate(most);
            let few: HashSet<NameId, RandomState> = chosen.iter().map(|met| met.recipient).collect();
            pending.open.retain(|open| few.contains(&open.failure.recipient));
            pending.due.retain(|(recipient, _)| few.contains(recipient));
        }
        let wishes = chosen.iter().map(|met| known.wanted(met.recipient)).collect();
        let of = |recipient| known.wanted(recipient);
        let ideas = Ideas::new(model, moments, (tried, &self.surprised), of, wishes, threads);
        let Pending { open, due: acts } = &pending;
        Ok(Agenda {
            open_for: Places::of(threads, open.len(), |place| Some(open[place].failure.recipient)),
            due_for: Places::of(threads, acts.len(), |place| Some(acts[place].0)),
            known,
            wishes: self.wishes,
            created: self.created,
            failures,
            pending,
            ideas,
            chosen,
            counts,
        })
    }
}

impl Agenda<'_> {
    /// How many recipients there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether there is nobody to tell of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// For how many of all who were asked for something is to be done.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// What to do for each of them.
    pub fn iter(&self) -> impl Iterator<Item = NextSteps> {
        self.part(0..self.len())
    }

    /// The same for some of them, by their places; for those there are.
    pub fn part(&self, places: Range<usize>) -> impl Iterator<Item = NextSteps> {
        self.chosen.iter().skip(places.start).take(places.len()).map(|met| self.of(met))
    }

    fn of(&self, met: &Met) -> NextSteps {
        let Self { known, wishes: compared, failures, pending, ideas, .. } = self;
        let &Known { model, moments, as_of, .. } = known;
        let &Met { recipient, loyalty, .. } = met;
        let mut open: Vec<_> =
            self.open_for.of_recipient(recipient).iter().map(|&place| &pending.open[place]).collect();
        let mut due: Vec<_> = self.due_for.of_recipient(recipient).iter().map(|&place| pending.due[place].1).collect();
        open.sort_by_key(|open| open.urgency());
        due.sort_by_key(|act| (Reverse(act.overdue == Some(true)), act.if_missed, act.left));
        let got = self.created.get(&recipient).copied().unwrap_or_default();
        let stated = known.stated(recipient);
        let values = stated.map(KnownRecipient::values).unwrap_or_default();
        let of = |value| model.value_name(value).to_owned();
        let wishes = stated.into_iter().flat_map(KnownRecipient::wishes);
        NextSteps {
            recipient: moments.name(recipient).to_owned(),
            name: stated.and_then(KnownRecipient::name).map(str::to_owned),
            loyalty,
            values: values.iter().map(of).collect(),
            uncreated: uplift::missing(model, values, got).map(of).collect(),
            open: open.iter().map(|open| OpenFailure::of(model, failures, open, as_of)).collect(),
            wishes: wishes.map(|wish| kept(&wish, recipient, compared)).collect(),
            acts: due.iter().map(|act| DueAct::of(act)).collect(),
            untried: ideas.of(model, model.with_kinds(values), recipient),
        }
    }
}

impl Serialize for Agenda<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The acts that are overdue or about to rest, each with whom it is done for; those that were declined or unwelcome are
/// not due.
fn due<'a>(acts: &'a [(NameId, Act)], tried: &Tried, moments: &dyn Moments) -> Vec<(NameId, &'a Act)> {
    let rests = |act: &Act| act.overdue == Some(true) || act.left <= ABOUT_TO_REST;
    let due = acts.iter().filter(|(number, act)| rests(act) && !act.declined && !tried.is_unwelcome(*number));
    due.map(|(number, act)| (moments.act_of(*number).0, act)).collect()
}

impl Pending<'_> {
    /// How it presses, by the numbers of recipients, of whom there are so many.
    fn pressing(&self, recipients: usize) -> Vec<Pressing> {
        let mut pressing = vec![Pressing::default(); recipients];
        for standing in &self.open {
            if let Some(pressing) = pressing.get_mut(standing.failure.recipient.index()) {
                pressing.stands(standing);
            }
        }
        for (recipient, act) in &self.due {
            if let Some(pressing) = pressing.get_mut(recipient.index()) {
                pressing.due(act);
            }
        }
        pressing
    }
}

impl Pressing {
    fn stands(&mut self, standing: &Standing<'_>) {
        let one = (standing.failure.level, standing.failure.when.at);
        self.worst = Some(self.worst.map_or(one, |worst| worst.min(one)));
    }

    fn due(&mut self, act: &Act) {
        self.resting = lower(self.resting, act.if_missed);
        if act.overdue == Some(true) {
            self.overdue = lower(self.overdue, act.if_missed);
        }
    }

    /// What orders people, the most urgent first: those at risk; those with a failure that stands, the worst and
    /// oldest first; those with an overdue act, the one worst to miss first; those with an act about to rest; those
    /// with a missed wish.
    fn urgency(&self, loyalty: Loyalty) -> impl Ord + use<> {
        let last = |level: Option<Level>| (level.is_none(), level);
        (
            loyalty != Loyalty::AtRisk,
            last(self.worst.map(|(level, _)| level)),
            self.worst.and_then(|(_, at)| at),
            last(self.overdue),
            last(self.resting),
            !self.missed_wish,
        )
    }
}

/// Who of all is asked for: everyone who is reported, or those named by their ids, or by what people call them if that
/// is the name of one alone.
fn asked<'n>(
    people: &[Met],
    named: &[String],
    id: impl Fn(&Met) -> &'n str,
    called: impl Fn(&Met) -> Option<&'n str>,
) -> Result<Vec<bool>, UnknownRecipient> {
    let reported = |met: &Met| met.first.is_some();
    if named.is_empty() {
        return Ok(people.iter().map(reported).collect());
    }
    let mut asked = vec![false; people.len()];
    for name in named {
        let by_id = people.iter().position(|met| reported(met) && id(met) == name);
        let by_name = || {
            let mut called = (0..people.len())
                .filter(|&place| reported(&people[place]) && called(&people[place]) == Some(name.as_str()));
            called.next().filter(|_| called.next().is_none())
        };
        let place = by_id.or_else(by_name).ok_or_else(|| {
            let listed = people.iter().filter(|met| reported(met)).map(&id);
            UnknownRecipient { found: Found::text(name), near: nearest(name, listed).map(|near| brief(near, 60)) }
        })?;
        asked[place] = true;
    }
    Ok(asked)
}

/// A wish in force with how often it was compared and met since it was stated.
fn kept(wish: &Wish<'_>, recipient: NameId, compared: &Wishes) -> KeptWish {
    let stated = compared.get(&(recipient, wish.key.to_owned()));
    let counted = stated.and_then(|stated| stated.iter().find(|stated| stated.since == wish.since));
    KeptWish {
        key: wish.key.to_owned(),
        wanted: wish.wanted.to_vec(),
        compared: counted.map_or(0, |counted| counted.compared),
        met: counted.map_or(0, |counted| counted.met),
    }
}

/// What to do next for one recipient.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextSteps {
    /// Who is served.
    pub recipient: String,
    /// What people call them.
    pub name: Option<String>,
    /// How they are served, by the loyalty rule.
    pub loyalty: Loyalty,
    /// The categories and kinds of value they want; empty: not known.
    pub values: Vec<String>,
    /// Those of them that were never created for them.
    pub uncreated: Vec<String>,
    /// Failures that still stand: open ones first, then worst and oldest first.
    pub open: Vec<OpenFailure>,
    /// How they like to be served, and how often they were.
    pub wishes: Vec<KeptWish>,
    /// Acts that are overdue or about to rest: overdue ones first, then those whose omission would be worst.
    pub acts: Vec<DueAct>,
    /// Acts never done for them that surprised others who want some of the same value; at most five, by the lower
    /// end of the 95 % interval of the share they surprised.
    pub untried: Vec<Untried>,
}

impl NextSteps {
    /// Whether a failure stands, an act is due or a wish was missed.
    #[must_use]
    pub fn is_due(&self) -> bool {
        !self.open.is_empty() || !self.acts.is_empty() || self.wishes.iter().any(|wish| wish.met < wish.compared)
    }
}

/// A failure that nobody put right.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenFailure {
    /// The record's id.
    pub id: Option<String>,
    /// When it happened, as written.
    pub at: Option<String>,
    /// The path of the perception point.
    pub point: String,
    /// The act, where the record names one.
    pub action: Option<String>,
    /// The level of the failure.
    pub level: Level,
    /// Open, or attempted.
    pub status: Status,
    /// What went wrong: the shortfalls noted, an omission, a preference missed; empty where only their word says so.
    pub signals: Vec<String>,
    /// How many failures with a mistake in common they had at this point before.
    pub again: u64,
    /// How many days of 24 hours it has stood; `None` without times.
    pub days: Option<f64>,
}

impl OpenFailure {
    fn of(model: &Model, failures: &Failures, standing: &Standing<'_>, as_of: Option<Instant>) -> Self {
        let &Standing { failure, status, again } = standing;
        let days = failure.when.at.zip(as_of).map(|(from, to)| super::decay::days(to.micros_since(from)));
        Self {
            id: failures.id(failure).map(str::to_owned),
            at: failures.at(failure).map(str::to_owned),
            point: failures.path(failure).to_owned(),
            action: failures.action(failure).map(str::to_owned),
            level: failure.level,
            status,
            signals: model.signal_names(failure.mistakes),
            again,
            days,
        }
    }
}

/// A wish in force, and how often it was met since it was stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptWish {
    /// What it is about, like `channel`.
    pub key: String,
    /// How they like it; any of these will do.
    pub wanted: Vec<String>,
    /// In how many moments that could be compared.
    pub compared: u64,
    /// In how many of them it was met.
    pub met: u64,
}

/// An act on the escalator that is overdue or about to rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueAct {
    /// The act.
    pub action: String,
    /// What the next delivery will be worth.
    pub standing: Level,
    /// What the delivery after that will be worth.
    pub next: Level,
    /// Further flawless deliveries still above where it rests.
    pub left: u64,
    /// What omitting the next delivery would be.
    pub if_missed: Option<Level>,
    /// Whether over two usual gaps have passed since the last delivery; `None` where no gap is usual.
    pub overdue: Option<bool>,
    /// The last delivery.
    pub last_at: Option<Instant>,
    /// The lower median of the gaps between deliveries, in days of 24 hours.
    pub usual_gap_days: Option<f64>,
}

impl DueAct {
    fn of(act: &Act) -> Self {
        Self {
            action: act.action.clone(),
            standing: act.standing,
            next: act.after,
            left: act.left,
            if_missed: act.if_missed,
            overdue: act.overdue,
            last_at: act.last_at,
            usual_gap_days: act.usual_gap_days,
        }
    }
}
