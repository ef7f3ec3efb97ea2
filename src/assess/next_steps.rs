//! What to do next for each recipient, the most urgent first (section 8 of the model).

mod untried;

use std::cmp::Reverse;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::Serialize;

use super::When;
use super::decay::{Act, Acts};
use super::loyalty::{Loyalty, LoyaltyFold};
use super::recovery::{Item, RecoveryFold, Status};
use super::uplift;
use crate::error::{Found, nearest};
use crate::level::Level;
use crate::moment::{Instant, Zone};
use crate::names::{NameId, Names, TooMany};
use crate::printable::brief;
use crate::rating::evidence;
use crate::rating::recipients::Recipients;
use crate::rating::why::RatedMoment;
use crate::rules::{Model, Unnamed};
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

/// Gathers what decides on the next steps.
pub struct NextFold {
    unwelcome: Option<SignalId>,
    recipients: Names,
    people: Vec<Met>,
    actions: Names,
    acts: HashMap<(NameId, NameId), TriedAct, RandomState>,
    wishes: HashMap<(NameId, String), Vec<Compared>, RandomState>,
    recovery: RecoveryFold,
    loyalty: LoyaltyFold,
}

/// When someone was met.
#[derive(Clone, Copy, Debug)]
struct Met {
    first: When,
    reported: bool,
    /// What was created for them.
    created: ValueSet,
}

/// How often a wish was compared, and met, while one statement of it was in force.
#[derive(Clone, Copy, Debug)]
struct Compared {
    since: Option<Instant>,
    compared: u64,
    met: u64,
}

impl NextFold {
    /// A fold that has seen nothing; days are those of the zone.
    #[must_use]
    pub fn new(model: &Model, zone: Zone) -> Self {
        Self {
            unwelcome: model.signal("unwelcome"),
            recipients: Names::default(),
            people: Vec::new(),
            actions: Names::default(),
            acts: HashMap::default(),
            wishes: HashMap::default(),
            recovery: RecoveryFold::default(),
            loyalty: LoyaltyFold::new(model, zone),
        }
    }

    /// Takes one moment. All that happened counts; who has no moment that is `reported` is not listed.
    ///
    /// # Errors
    /// More names than there are numbers for.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When, reported: bool) -> Result<(), TooMany> {
        self.loyalty.take(moment, when)?;
        self.recovery.take(moment, when, true)?;
        let interaction = moment.interaction;
        let (recipient, new) = self.recipients.add(&interaction.recipient)?;
        if new {
            self.people.push(Met { first: when, reported, created: ValueSet::EMPTY });
        }
        let met = &mut self.people[recipient.index()];
        (met.first, met.reported) = (met.first.min(when), met.reported || reported);
        if let Some(created) = &interaction.value {
            met.created = met.created.or(created.named);
        }
        let action = match (&interaction.action, moment.model.escalator().unnamed) {
            (Some(action), _) => Some(self.actions.add(action)?.0),
            (None, Unnamed::Point) => Some(self.actions.add(&interaction.path())?.0),
            (None, Unnamed::Off) => None,
        };
        if let Some(action) = action {
            let unwelcome = self.unwelcome.is_some_and(|signal| moment.evidence.signals.contains(signal));
            self.acts.entry((recipient, action)).or_default().take(moment, when, unwelcome);
        }
        if let Some(known) = moment.recipient {
            for (wish, got) in evidence::compared_wishes(interaction, known) {
                let stated = self.wishes.entry((recipient, wish.key.to_owned())).or_default();
                let place = stated.iter().position(|stated| stated.since == wish.since).unwrap_or_else(|| {
                    stated.push(Compared { since: wish.since, compared: 0, met: 0 });
                    stated.len() - 1
                });
                stated[place].compared += 1;
                stated[place].met += u64::from(wish.is_met_by(got));
            }
        }
        Ok(())
    }

    /// What to do next for everyone reported, or for those named, the most urgent first. `known` is what is known
    /// of the recipients, `acts` are the acts on the escalator as of the same instant.
    ///
    /// # Errors
    /// Someone who is named and was never met.
    pub fn finish(
        self,
        model: &Model,
        known: &Recipients,
        acts: Acts,
        as_of: Option<Instant>,
        named: &[String],
    ) -> Result<Vec<NextSteps>, UnknownRecipient> {
        let Self { recipients, people, actions, acts: tried, wishes, recovery, loyalty, .. } = self;
        let mut wanted = vec![named.is_empty(); people.len()];
        for name in named {
            let reported = |id: &NameId| people[id.index()].reported;
            let called = || {
                let mut called = recipients.iter().filter(|recipient| {
                    known.get(recipient, as_of).and_then(|known| known.name()) == Some(name.as_str())
                });
                called.next().filter(|_| called.next().is_none()).and_then(|recipient| recipients.get(recipient))
            };
            let id = recipients.get(name).filter(reported).or_else(|| called().filter(reported));
            let id = id.ok_or_else(|| unknown(name, recipients.iter().zip(&people)))?;
            wanted[id.index()] = true;
        }
        let mut steps: Vec<NextSteps> = Vec::with_capacity(people.len());
        let values = |recipient: &str| {
            let known = known.get(recipient, as_of);
            known.map(|known| model.with_kinds(known.values())).unwrap_or_default()
        };
        let values: Vec<_> = recipients.iter().map(values).collect();
        let mut done: Vec<Vec<(NameId, TriedAct)>> = vec![Vec::new(); people.len()];
        for ((recipient, action), act) in tried {
            done[recipient.index()].push((action, act));
        }
        let mut ideas = Ideas::new(&done, &values, &actions);
        let loyalty = loyalty.finish();
        for ((recipient, values), done) in recipients.iter().zip(&values).zip(&done) {
            let place = steps.len();
            let untried = if wanted[place] { ideas.of(model, *values, done) } else { Vec::new() };
            let known = known.get(recipient, as_of);
            steps.push(NextSteps {
                recipient: recipient.to_owned(),
                name: known.and_then(|known| known.name()).map(str::to_owned),
                loyalty: loyalty.get(recipient).copied().unwrap_or(Loyalty::Unknown),
                uncreated: known.map_or_else(Vec::new, |known| {
                    let missing = uplift::missing(model, known.values(), people[place].created);
                    missing.map(|value| model.value_name(value).to_owned()).collect()
                }),
                values: known.map_or_else(Vec::new, |known| {
                    known.values().iter().map(|value| model.value_name(value).to_owned()).collect()
                }),
                open: Vec::new(),
                wishes: Vec::new(),
                acts: Vec::new(),
                untried,
            });
            let Some((id, known)) = recipients.get(recipient).zip(known) else { continue };
            steps[place].wishes = known.wishes().map(|wish| kept(&wish, id, &wishes)).collect();
        }
        let place = |recipient: &str| recipients.get(recipient).map(NameId::index);
        for item in recovery.finish(model).items {
            if let Some(place) = place(&item.recipient).filter(|_| item.status.stands()) {
                steps[place].open.push(OpenFailure::of(item, as_of));
            }
        }
        for act in acts.acts {
            let Some(place) = place(&act.recipient) else { continue };
            let action = actions.get(&act.action);
            let unwelcome = done[place].iter().any(|(known, act)| Some(*known) == action && act.unwelcome);
            if !unwelcome && !act.declined && (act.overdue == Some(true) || act.left <= ABOUT_TO_REST) {
                steps[place].acts.push(DueAct::of(act));
            }
        }
        let mut ordered: Vec<(NextSteps, Met)> =
            steps.into_iter().zip(people).zip(wanted).filter_map(|(one, wanted)| wanted.then_some(one)).collect();
        ordered.retain(|(_, met)| met.reported);
        for (steps, _) in &mut ordered {
            steps.acts.sort_by_key(|act| (Reverse(act.overdue == Some(true)), act.if_missed, act.left));
        }
        // a sort that keeps the order of those who are alike: first met first
        ordered.sort_by_key(|(_, met)| met.first);
        ordered.sort_by_cached_key(|(steps, _)| steps.urgency());
        Ok(ordered.into_iter().map(|(steps, _)| steps).collect())
    }
}

/// The error of a name nobody who is listed has, with the nearest of those there are.
fn unknown<'n>(name: &str, people: impl Iterator<Item = (&'n str, &'n Met)>) -> UnknownRecipient {
    let listed = people.filter(|(_, met)| met.reported).map(|(recipient, _)| recipient);
    UnknownRecipient { found: Found::text(name), near: nearest(name, listed).map(|near| brief(near, 60)) }
}

/// A wish in force with how often it was compared and met since it was stated.
fn kept(
    wish: &crate::rating::recipients::Wish<'_>,
    recipient: NameId,
    compared: &HashMap<(NameId, String), Vec<Compared>, RandomState>,
) -> KeptWish {
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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
        let days = item.instant.zip(as_of).map(|(from, to)| super::decay::days(to.micros_since(from)));
        let Item { id, at, point, action, level, status, signals, again, instant, .. } = item;
        Self { id, at, point, action, level, status, signals, again, days, when: instant }
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
