//! Acts never done for someone that surprised others.

use std::collections::BTreeMap;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::MOST_UNTRIED;
use crate::assess::When;
use crate::level::Level;
use crate::names::NameId;
use crate::rating::why::RatedMoment;
use crate::rules::Model;
use crate::stats::{Clusters, Estimate, Share};
use crate::value::ValueSet;

/// What is gathered of one act with one recipient.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Act {
    /// The first time it was done, well or not: its level, and what was created.
    first: Option<(When, Level, ValueSet)>,
    /// Whether they ever found it unwelcome.
    pub(super) unwelcome: bool,
    /// Whether it was ever left out because they like it so.
    declined: bool,
}

impl Act {
    pub(super) fn take(&mut self, moment: &RatedMoment<'_, '_>, when: When, unwelcome: bool) {
        self.unwelcome |= unwelcome;
        self.declined |= moment.facts.declined;
        if !moment.facts.omitted && self.first.is_none_or(|(first, ..)| when < first) {
            let created = moment.interaction.value.as_ref().map(|created| created.named).unwrap_or_default();
            self.first = Some((when, moment.assessment.level, created));
        }
    }
}

impl Act {
    /// Adds what another has gathered of it.
    pub(super) fn merge(&mut self, other: Self) {
        self.unwelcome |= other.unwelcome;
        self.declined |= other.declined;
        if let Some(first) = other.first
            && self.first.is_none_or(|known| first.0 < known.0)
        {
            self.first = Some(first);
        }
    }
}

/// An act never done for a recipient that surprised others who want some of the same value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Untried {
    /// The act.
    pub action: String,
    /// The categories and kinds of value it created for those it surprised.
    pub kinds: Vec<String>,
    /// For how many of the others it was surprising or better the first time.
    pub surprised: u64,
    /// For how many of the others it was done.
    pub of: u64,
    /// Whether those are as many recipients as the rules ask for before they call something enough.
    pub enough: bool,
}

/// How an act went the first time, with those who want the same value.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    surprised: u64,
    of: u64,
    kinds: ValueSet,
}

/// What is gathered of acts, by whom they were done for and which they are.
pub(super) type Tried = HashMap<(NameId, NameId), Act, RandomState>;

/// The acts that surprised someone, for whoever has not seen them yet.
pub(super) struct Ideas<'t, F> {
    tried: &'t Tried,
    name: F,
    /// What surprised others, by what someone wants; the best first.
    by_wish: HashMap<ValueSet, Vec<(NameId, Tally)>, RandomState>,
}

impl<'t, 'n, F: Fn(NameId) -> &'n str> Ideas<'t, F> {
    /// From what was done for each recipient, and what each wants, for those who want one of these: values with all
    /// kinds of a category.
    pub(super) fn new(
        model: &Model,
        tried: &'t Tried,
        wanted: impl Fn(NameId) -> ValueSet,
        wishes: HashSet<ValueSet, RandomState>,
        name: F,
    ) -> Self {
        // by act, and by what those want it was done for
        let mut tallies: BTreeMap<NameId, HashMap<ValueSet, Tally, RandomState>> = BTreeMap::new();
        for ((recipient, action), act) in tried {
            let Some((_, level, created)) = act.first else { continue };
            let tally = tallies.entry(*action).or_default().entry(wanted(*recipient)).or_default();
            tally.of += 1;
            if level >= Level::Surprising {
                tally.surprised += 1;
                tally.kinds = tally.kinds.or(created);
            }
        }
        let by_wish = wishes.into_iter().map(|wanted| (wanted, ranked(model, &tallies, &name, wanted))).collect();
        Self { tried, name, by_wish }
    }

    /// The best acts for a recipient who wants these values.
    pub(super) fn of(&self, model: &Model, wanted: ValueSet, recipient: NameId) -> Vec<Untried> {
        let Self { tried, name, by_wish } = self;
        let ranked = by_wish.get(&wanted).map(Vec::as_slice).unwrap_or_default();
        let never = |action: NameId| {
            let act = tried.get(&(recipient, action));
            act.is_none_or(|act| act.first.is_none() && !act.unwelcome && !act.declined)
        };
        let fitting = ranked.iter().filter(|(action, _)| never(*action)).take(MOST_UNTRIED);
        let untried = fitting.map(|(action, tally)| Untried {
            action: name(*action).to_owned(),
            kinds: tally.kinds.iter().map(|kind| model.value_name(kind).to_owned()).collect(),
            surprised: tally.surprised,
            of: tally.of,
            enough: tally.of >= u64::from(model.enough().recipients.get()),
        });
        untried.collect()
    }
}

/// The share that was surprised, of recipients with one first time each.
fn share(tally: &Tally) -> Estimate {
    let (one, all) = (u128::from(tally.surprised), u128::from(tally.of));
    let clusters = Clusters { recipients: tally.of, n2: all, nx: one, x2: one };
    Share { count: tally.surprised, of: tally.of }.estimate(&clusters)
}

/// All acts that surprised those who want some of these values (anybody where nothing is known of what is wanted),
/// by the lower end of the interval of their share: few of few come after many of many.
fn ranked<'n>(
    model: &Model,
    tallies: &BTreeMap<NameId, HashMap<ValueSet, Tally, RandomState>>,
    name: &impl Fn(NameId) -> &'n str,
    wanted: ValueSet,
) -> Vec<(NameId, Tally)> {
    let of = |(action, by_values): (&NameId, &HashMap<ValueSet, Tally, RandomState>)| {
        let alike = by_values.iter().filter(|(values, _)| wanted.is_empty() || values.meets(wanted));
        let tally = alike.fold(Tally::default(), |sum, (_, tally)| Tally {
            surprised: sum.surprised + tally.surprised,
            of: sum.of + tally.of,
            kinds: sum.kinds.or(tally.kinds),
        });
        // what creates nothing they want is no surprise to them (section 3 of the model)
        let useless = !wanted.is_empty() && !tally.kinds.is_empty() && !model.with_kinds(tally.kinds).meets(wanted);
        (tally.surprised > 0 && !useless).then_some((*action, tally))
    };
    let low = |(action, tally): (NameId, Tally)| (share(&tally).low.unwrap_or_default(), action, tally);
    let mut ranked: Vec<(f64, NameId, Tally)> = tallies.iter().filter_map(of).map(low).collect();
    ranked.sort_by(|(low, one, _), (other, another, _)| {
        other.total_cmp(low).then_with(|| name(*one).cmp(name(*another)))
    });
    ranked.into_iter().map(|(_, action, tally)| (action, tally)).collect()
}
