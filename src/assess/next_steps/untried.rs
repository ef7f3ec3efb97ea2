//! Acts never done for someone that surprised others.

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::MOST_UNTRIED;
use crate::assess::sorted::Places;
use crate::assess::{Moments, Rated, parallel};
use crate::level::Level;
use crate::names::NameId;
use crate::rules::Model;
use crate::stats::{Clusters, Estimate, Share};
use crate::value::ValueSet;

/// What came of each act with each recipient, by its number.
pub(crate) struct Tried {
    /// The place of the first time it was done, well or not.
    first: Vec<Option<usize>>,
    /// Whether it was ever left out because they like it so.
    declined: Vec<bool>,
    /// Whether they ever found it unwelcome.
    unwelcome: Vec<bool>,
}

impl Tried {
    /// As far as moments that have been settled tell, whose places are known by their acts.
    pub(crate) fn of(moments: &impl Moments, by_act: &Places, threads: usize) -> Self {
        let act = |act: NameId, places: &[usize]| {
            let done = places.iter().filter(|place| !moments.facts(**place).omitted);
            let first = done.min_by_key(|place| moments.when(**place)).copied();
            Some((act, first, places.iter().any(|place| moments.facts(*place).declined)))
        };
        let (mut first, mut declined) = (vec![None; moments.acts()], vec![false; moments.acts()]);
        for (act, done, not_wanted) in by_act.each(threads, act) {
            (first[act.index()], declined[act.index()]) = (done, not_wanted);
        }
        Self { first, declined, unwelcome: vec![false; moments.acts()] }
    }

    /// Whether a moment is the first time of an act.
    pub(crate) fn is_first(&self, act: NameId, index: usize) -> bool {
        self.first[act.index()] == Some(index)
    }

    /// They found an act unwelcome.
    pub(super) fn add_unwelcome(&mut self, act: NameId) {
        self.unwelcome[act.index()] = true;
    }

    /// Whether they ever found an act unwelcome.
    pub(super) fn is_unwelcome(&self, act: NameId) -> bool {
        self.unwelcome[act.index()]
    }

    /// Whether an act is nothing new to them: it was done, or is not wanted.
    fn is_known(&self, act: usize) -> bool {
        self.first[act].is_some() || self.declined[act] || self.unwelcome[act]
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

impl Tally {
    fn add(&mut self, more: Self) {
        self.surprised += more.surprised;
        self.of += more.of;
        self.kinds = self.kinds.or(more.kinds);
    }
}

/// By act, and by what those want it was done for.
type Tallies = BTreeMap<NameId, HashMap<ValueSet, Tally, RandomState>>;

/// The acts that surprised someone, for whoever has not seen them yet.
pub(super) struct Ideas<'t> {
    /// Which acts are nothing new to their recipients.
    known: Vec<bool>,
    moments: &'t dyn Moments,
    /// The acts of each recipient.
    acts: Places,
    /// What surprised others, by what someone wants; the best first.
    by_wish: HashMap<ValueSet, Vec<(NameId, Tally)>, RandomState>,
}

impl<'t> Ideas<'t> {
    /// From what was tried and what those acts created that surprised someone, and what each recipient wants, for those
    /// who want one of these: values with all kinds of a category.
    pub(super) fn new(
        model: &Model,
        moments: &'t dyn Moments,
        (tried, created): (Tried, &[(NameId, ValueSet)]),
        wanted: impl Fn(NameId) -> ValueSet + Sync,
        wishes: HashSet<ValueSet, RandomState>,
        threads: usize,
    ) -> Self {
        let add = |tallies: &mut Tallies, act: NameId, more: Tally| {
            let (recipient, action) = moments.act_of(act);
            tallies.entry(action).or_default().entry(wanted(recipient)).or_default().add(more);
        };
        let some = |acts: Range<usize>| {
            let mut tallies = Tallies::new();
            for index in acts {
                if let (Some(first), Ok(act)) = (tried.first[index], NameId::at_index(index)) {
                    let surprised = u64::from(surprises(moments.rated(first)));
                    add(&mut tallies, act, Tally { surprised, of: 1, kinds: ValueSet::EMPTY });
                }
            }
            tallies
        };
        let mut tallies = Tallies::new();
        for (action, by_values) in parallel::ranges(threads, tried.first.len(), some).into_iter().flatten() {
            let of_action = tallies.entry(action).or_default();
            by_values.into_iter().for_each(|(values, more)| of_action.entry(values).or_default().add(more));
        }
        for &(act, kinds) in created {
            add(&mut tallies, act, Tally { kinds, ..Tally::default() });
        }
        let name = |action| moments.action(action);
        let by_wish = wishes.into_iter().map(|wanted| (wanted, ranked(model, &tallies, &name, wanted))).collect();
        let whose = |act: usize| NameId::at_index(act).ok().map(|act| moments.act_of(act).0);
        let acts = Places::of(threads, tried.first.len(), whose);
        let known = (0..tried.first.len()).map(|act| tried.is_known(act)).collect();
        Self { known, moments, acts, by_wish }
    }

    /// The best acts for a recipient who wants these values.
    pub(super) fn of(&self, model: &Model, wanted: ValueSet, recipient: NameId) -> Vec<Untried> {
        let Self { known, moments, acts, by_wish } = self;
        let ranked = by_wish.get(&wanted).map(Vec::as_slice).unwrap_or_default();
        let known = acts.of_recipient(recipient).iter().filter(|act| known[**act]);
        let known = known.filter_map(|&act| Some(moments.act_of(NameId::at_index(act).ok()?).1));
        let known: HashSet<NameId, RandomState> = known.collect();
        let fitting = ranked.iter().filter(|(action, _)| !known.contains(action)).take(MOST_UNTRIED);
        let untried = fitting.map(|(action, tally)| Untried {
            action: moments.action(*action).to_owned(),
            kinds: tally.kinds.iter().map(|kind| model.value_name(kind).to_owned()).collect(),
            surprised: tally.surprised,
            of: tally.of,
            enough: tally.of >= u64::from(model.enough().recipients.get()),
        });
        untried.collect()
    }
}

/// Whether a moment was a surprise.
pub(crate) fn surprises(rated: Rated) -> bool {
    rated.level >= Level::Surprising
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
    tallies: &Tallies,
    name: &impl Fn(NameId) -> &'n str,
    wanted: ValueSet,
) -> Vec<(NameId, Tally)> {
    let of = |(action, by_values): (&NameId, &HashMap<ValueSet, Tally, RandomState>)| {
        let alike = by_values.iter().filter(|(values, _)| wanted.is_empty() || values.meets(wanted));
        let mut tally = Tally::default();
        alike.for_each(|(_, more)| tally.add(*more));
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
