//! What to do next for each recipient, the most urgent first (section 8 of the model).

mod untried;

use std::cmp::Reverse;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::decay::{Act, Acts};
use super::loyalty::{Loyalty, LoyaltyRule};
use super::recovery::{Item, Status};
use super::{Moments, When, uplift};
use crate::error::{Found, nearest};
use crate::level::Level;
use crate::moment::Instant;
use crate::names::NameId;
use crate::printable::brief;
use crate::rating::evidence;
use crate::rating::recipients::{KnownRecipient, Recipients, Wish};
use crate::rating::why::RatedMoment;
use crate::record::window::Scope;
use crate::rules::Model;
use crate::signal::SignalId;
use crate::value::ValueSet;

pub use untried::Untried;
use untried::{Act as TriedAct, Ideas};

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
#[derive(Clone, Debug)]
pub(crate) struct NextFold {
    unwelcome: Option<SignalId>,
    acts: HashMap<(NameId, NameId), TriedAct, RandomState>,
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
pub(crate) struct Known<'k, M> {
    pub(crate) model: &'k Model,
    pub(crate) moments: &'k M,
    pub(crate) recipients: &'k Recipients,
    pub(crate) as_of: Option<Instant>,
}

/// Someone who was met, with the places of their moments.
struct Met {
    recipient: NameId,
    /// When they were met first in a moment that is reported; `None` if they never were.
    first: Option<When>,
    moments: Vec<u32>,
}

impl NextFold {
    /// A fold that has seen nothing.
    #[must_use]
    pub(crate) fn new(model: &Model) -> Self {
        Self {
            unwelcome: model.signal("unwelcome"),
            acts: HashMap::default(),
            wishes: HashMap::default(),
            created: HashMap::default(),
        }
    }

    /// Takes one moment, whether it is reported or not: all that happened counts.
    pub(crate) fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When, recipient: NameId, action: Option<NameId>) {
        if let Some(action) = action {
            let unwelcome = self.unwelcome.is_some_and(|signal| moment.evidence.signals.contains(signal));
            self.acts.entry((recipient, action)).or_default().take(moment, when, unwelcome);
        }
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
        for (key, act) in other.acts {
            self.acts.entry(key).or_default().merge(act);
        }
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

    /// What to do next for everyone reported, or for those named, the most urgent first. `failures` are all there
    /// are, `acts` those on the escalator as of the same instant.
    ///
    /// # Errors
    /// Someone who is named and is not reported.
    pub(crate) fn finish(
        self,
        known: &Known<'_, impl Moments>,
        loyalty: &LoyaltyRule,
        failures: Vec<Item>,
        acts: Acts,
        named: &[String],
    ) -> Result<Vec<NextSteps>, UnknownRecipient> {
        let &Known { model, moments, recipients, as_of } = known;
        let Self { acts: tried, wishes, created, .. } = self;
        let people = met(moments);
        let name = |met: &Met| moments.name(met.recipient);
        let stated = |met: &Met| recipients.get(name(met), as_of);
        let values = |met: &Met| stated(met).map(KnownRecipient::values).unwrap_or_default();
        let asked = asked(&people, named, name, |met| stated(met).and_then(KnownRecipient::name))?;

        let places: HashMap<NameId, usize, RandomState> =
            people.iter().enumerate().map(|(place, met)| (met.recipient, place)).collect();
        let mut done: Vec<Vec<(NameId, TriedAct)>> = vec![Vec::new(); people.len()];
        for ((recipient, action), act) in tried {
            if let Some(place) = places.get(&recipient) {
                done[*place].push((action, act));
            }
        }
        // by number, to be found again
        for done in &mut done {
            done.sort_unstable_by_key(|(action, _)| *action);
        }
        let wanted: Vec<ValueSet> = people.iter().map(|met| model.with_kinds(values(met))).collect();
        let mut ideas = Ideas::new(&done, &wanted, |action| moments.action(action));
        let mut steps: Vec<NextSteps> = Vec::new();
        for (place, met) in people.iter().enumerate() {
            if !asked[place] {
                steps.push(NextSteps::default());
                continue;
            }
            let lived = met.moments.iter().map(|&index| index as usize);
            let lived = lived.map(|index| (moments.when(index), moments.assessment(index)));
            let got = created.get(&met.recipient).copied().unwrap_or_default();
            let of = |value| model.value_name(value).to_owned();
            steps.push(NextSteps {
                recipient: name(met).to_owned(),
                name: stated(met).and_then(KnownRecipient::name).map(str::to_owned),
                loyalty: loyalty.judge(lived),
                values: values(met).iter().map(of).collect(),
                uncreated: uplift::missing(model, values(met), got).map(of).collect(),
                wishes: stated(met)
                    .into_iter()
                    .flat_map(KnownRecipient::wishes)
                    .map(|wish| kept(&wish, met.recipient, &wishes))
                    .collect(),
                untried: ideas.of(model, wanted[place], &done[place]),
                ..NextSteps::default()
            });
        }
        let by_name: HashMap<String, usize, RandomState> = people
            .iter()
            .enumerate()
            .filter(|(place, _)| asked[*place])
            .map(|(place, met)| (name(met).to_owned(), place))
            .collect();
        for item in failures.into_iter().filter(|item| item.status.stands()) {
            if let Some(&place) = by_name.get(&item.recipient) {
                steps[place].open.push(OpenFailure::of(item, as_of));
            }
        }
        let unwelcome: HashSet<(usize, &str), RandomState> = (0..)
            .zip(&done)
            .flat_map(|(place, done)| done.iter().map(move |(action, tried)| (place, *action, tried.unwelcome)))
            .filter(|(.., unwelcome)| *unwelcome)
            .map(|(place, action, _)| (place, moments.action(action)))
            .collect();
        for act in acts.acts {
            let Some(&place) = by_name.get(&act.recipient) else { continue };
            let spoiled = act.declined || unwelcome.contains(&(place, act.action.as_str()));
            if !spoiled && (act.overdue == Some(true) || act.left <= ABOUT_TO_REST) {
                steps[place].acts.push(DueAct::of(act));
            }
        }
        let mut ordered: Vec<(NextSteps, Option<When>)> = steps
            .into_iter()
            .zip(&people)
            .zip(asked)
            .filter_map(|((steps, met), asked)| asked.then_some((steps, met.first)))
            .collect();
        for (steps, _) in &mut ordered {
            steps.acts.sort_by_key(|act| (Reverse(act.overdue == Some(true)), act.if_missed, act.left));
        }
        // of those who are alike, first met first
        ordered.sort_by_cached_key(|(steps, first)| (steps.urgency(), *first));
        Ok(ordered.into_iter().map(|(steps, _)| steps).collect())
    }
}

/// Everyone who was met in what is not left out.
fn met(moments: &impl Moments) -> Vec<Met> {
    let mut people: Vec<Met> = Vec::new();
    let mut places: Vec<Option<usize>> = Vec::new();
    for index in 0..moments.count() {
        let Some(recipient) = moments.met(index) else { continue };
        if places.len() <= recipient.index() {
            places.resize(recipient.index() + 1, None);
        }
        let place = *places[recipient.index()].get_or_insert_with(|| {
            people.push(Met { recipient, first: None, moments: Vec::new() });
            people.len() - 1
        });
        let met = &mut people[place];
        met.moments.extend(u32::try_from(index));
        if moments.scope(index) == Scope::Reported {
            let when = moments.when(index);
            met.first = Some(met.first.map_or(when, |first| first.min(when)));
        }
    }
    people
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

    /// What orders recipients, the most urgent first: those at risk; those with a failure that stands, the worst and
    /// oldest first; those with an overdue act, the one worst to miss first; those with an act about to rest; those
    /// with a missed wish.
    fn urgency(&self) -> impl Ord + use<> {
        let overdue = self.acts.iter().filter(|act| act.overdue == Some(true)).filter_map(|act| act.if_missed).min();
        let resting = self.acts.iter().filter_map(|act| act.if_missed).min();
        let worst = self.open.iter().min_by_key(|open| (open.level, open.when));
        let last = |level: Option<Level>| (level.is_none(), level);
        (
            self.loyalty != Loyalty::AtRisk,
            last(worst.map(|open| open.level)),
            worst.and_then(|open| open.when),
            last(overdue),
            last(resting),
            !self.wishes.iter().any(|wish| wish.met < wish.compared),
        )
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
    #[serde(skip)]
    when: Option<Instant>,
}

impl OpenFailure {
    fn of(item: Item, as_of: Option<Instant>) -> Self {
        let days = item.when.at.zip(as_of).map(|(from, to)| super::decay::days(to.micros_since(from)));
        let Item { id, at, point, action, level, status, signals, again, when, .. } = item;
        Self { id, at, point, action, level, status, signals, again, days, when: when.at }
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
    fn of(act: Act) -> Self {
        let Act { action, standing, after: next, left, if_missed, overdue, last_at, usual_gap_days, .. } = act;
        Self { action, standing, next, left, if_missed, overdue, last_at, usual_gap_days }
    }
}
