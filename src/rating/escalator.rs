//! The escalator: how an act fades each time it is repeated, and what missing
//! it costs (section 4 of the model; Kaufman).
//!
//! Everything here is a pure function of the facts of a moment and of the state of the act before
//! it.

use std::fmt;

use serde::Serialize;

use crate::level::Level;
use crate::rating::evidence::Evidence;
use crate::rules::Model;
use crate::verdict::Verdict;

/// The facts of one moment as far as the escalator asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The level the facts speak for.
    pub evidence: Level,
    /// The highest lift that counts, else the baseline.
    pub lift: Level,
    /// The recipient's own word, or what their scale can say.
    pub verdict: Option<Verdict>,
    /// What everyone takes the act as at that time.
    pub market: Option<Level>,
    /// Whether the act was left out.
    pub omitted: bool,
    /// Whether it was left out because this recipient likes it so.
    pub declined: bool,
    /// Whether a preference was missed.
    pub preference_missed: bool,
    /// Whether anything was observed: a signal, a compared preference or value.
    pub noted: bool,
}

impl Facts {
    /// A moment of which nothing was observed.
    pub const NOTHING: Self = Self {
        evidence: Level::BASELINE,
        lift: Level::BASELINE,
        verdict: None,
        market: None,
        omitted: false,
        declined: false,
        preference_missed: false,
        noted: false,
    };

    /// The facts from weighed evidence, with the verdict and the market.
    #[must_use]
    pub const fn new(evidence: &Evidence, verdict: Option<Verdict>, market: Option<Level>) -> Self {
        Self {
            evidence: evidence.level,
            lift: evidence.lift,
            verdict,
            market,
            omitted: evidence.omitted,
            declined: evidence.declined(),
            preference_missed: evidence.preference_missed,
            noted: evidence.noted,
        }
    }

    /// Whether the act was done at all: not omitted, and not criminal.
    #[must_use]
    pub fn delivered(self) -> bool {
        !self.omitted && self.evidence > Level::Criminal
    }

    /// The level that the verdict decided: their own word, even where the rules say the same, or the level to which
    /// an open one moves the assessed level. `assessed` is asked only of an open one.
    fn decided(self, assessed: impl FnOnce() -> Level) -> Option<Level> {
        let verdict = self.verdict?;
        verdict.own().or_else(|| {
            let assessed = assessed();
            Some(verdict.moved(assessed)).filter(|level| *level != assessed)
        })
    }

    /// Whether something may have been owed and was not given; of what is declined that is not asked.
    pub(crate) fn lapsed(self) -> bool {
        self.omitted || self.evidence < Level::BASELINE
    }
}

/// The state of an act with one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActState {
    /// The best it has been.
    pub peak: Level,
    /// The level it slides from.
    pub held: Level,
    /// Deliveries since `held` was set.
    pub deliveries: u32,
    /// Whether a gap longer than the memory has made it new again.
    pub forgotten: bool,
}

impl ActState {
    /// An act this recipient has not seen before.
    pub const NEW: Self = Self { peak: Level::BASELINE, held: Level::BASELINE, deliveries: 0, forgotten: false };

    /// What a flawless repeat is worth to this recipient now; `None` if the act
    /// does not ride: it never reached the level from which acts do. An act
    /// never delivered has reached nothing, wherever the rules let acts ride from.
    #[must_use]
    pub fn worth(self, model: &Model) -> Option<Level> {
        (self.deliveries > 0 && self.peak >= model.escalator().from).then(|| slide(model, self.held, self.deliveries))
    }

    /// Whether an act that rides has slid, the next delivery being worth
    /// `next`, or is about to: the delivery after that will be worth less.
    #[must_use]
    pub fn fades(self, model: &Model, next: Level) -> bool {
        let later = Self { deliveries: self.deliveries.saturating_add(1), ..self };
        self.worth(model).is_some() && (next < self.held || later.worth(model) < Some(next))
    }

    /// Whether a moment with these facts makes the act new to them: a lift better than ever sets what it slides from.
    pub(crate) fn renewed(self, model: &Model, facts: Facts) -> bool {
        facts.delivered()
            && facts.lift > self.peak
            && facts.decided(|| Rule::of(model, facts, Some(self)).assessed).is_none()
    }

    /// Whether a flawless repeat is worth less than the delivery before it was.
    pub(crate) fn runs_down(self, model: &Model) -> bool {
        self.worth(model).is_some_and(|worth| worth < slide(model, self.held, self.deliveries.saturating_sub(1)))
    }

    /// The state after a moment with these facts.
    #[must_use]
    pub fn after(self, model: &Model, facts: Facts) -> Self {
        if !facts.delivered() {
            return self;
        }
        let decided = facts.decided(|| Rule::of(model, facts, Some(self)).assessed);
        self.after_decided(facts, decided)
    }

    /// The same where it is known to which level a verdict decided, if one did.
    fn after_decided(self, facts: Facts, decided: Option<Level>) -> Self {
        if !facts.delivered() {
            return self;
        }
        let anew = match decided {
            Some(level) => (level >= Level::BASELINE).then_some(level),
            None => (facts.lift > self.peak).then_some(facts.lift),
        };
        let (held, deliveries) = anew.map_or((self.held, self.deliveries), |held| (held, 0));
        let peak = self.peak.max(facts.lift).max(decided.unwrap_or(Level::Criminal));
        Self { peak, held, deliveries: deliveries.saturating_add(1), forgotten: false }
    }
}

/// The level of an act held at a level, after a number of deliveries: each level lasts its number
/// of deliveries, then the one below; a level without a number rests.
///
/// ```
/// use serveup::{escalator::slide, Level, Model};
///
/// let model = Model::shipped();
/// let ranks: Vec<u8> = (0..6).map(|n| slide(&model, Level::Unbelievable, n).rank()).collect();
/// assert_eq!(ranks, [6, 5, 4, 3, 2, 2]);
/// ```
#[must_use]
pub fn slide(model: &Model, held: Level, deliveries: u32) -> Level {
    let (mut level, mut left) = (held, deliveries);
    while let Some(lasts) = model.level(level).lasts {
        match left.checked_sub(lasts.get()) {
            Some(rest) => (level, left) = (level.below(), rest),
            None => break,
        }
    }
    level
}

/// The rule that decided a level (section 5 of the model).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::EnumString, strum::IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Reason {
    /// The recipient's own word.
    Verdict,
    /// What was owed pushed it below its evidence.
    Lapse,
    /// Everyone takes it as less by now.
    Market,
    /// Its own standing decided: done before.
    Repeat,
    /// The facts of the moment.
    Facts,
    /// Nothing was observed.
    Unremarked,
}

impl Reason {
    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the act has only slid: nothing special any more, but nothing went wrong.
    #[must_use]
    pub const fn slid(self) -> bool {
        matches!(self, Self::Repeat | Self::Market)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The level of one moment, and how it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assessment {
    /// The assessed level, moved into what the verdict allows.
    pub level: Level,
    /// The level by the rules, verdict or not.
    pub assessed: Level,
    /// The level the facts of the moment alone speak for.
    pub evidence: Level,
    /// What the act was worth by itself, before the market was applied; in a lapse, the level it
    /// fell to.
    pub worth: Level,
    /// What a flawless repeat was worth to this recipient.
    pub own: Option<Level>,
    /// What the recipient was owed, where the act lapsed.
    pub owed: Option<Level>,
    /// The lower of own standing and market.
    pub standing: Option<Level>,
    /// The standing afterwards: what the same act, done as well again, will be worth.
    pub next: Option<Level>,
    /// The rule that decided.
    pub reason: Reason,
    /// Whether something went wrong; an act that only slid is no failure.
    pub failure: bool,
}

impl Assessment {
    /// Whether it counts in shares: something was observed, or the escalator or the market had a say.
    #[must_use]
    pub fn remarked(&self) -> bool {
        self.reason != Reason::Unremarked
    }
}

/// How much became new, and how much ran down: is more created than runs down?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pace {
    /// Acts that became new to someone: better than ever.
    pub new: u64,
    /// Deliveries that were worth less than the one before, for the act had been done before.
    pub slid: u64,
    /// Lapses: what was owed and was not done, or not done well.
    pub lapsed: u64,
}

impl Pace {
    /// Adds that of other moments.
    pub const fn add(&mut self, more: Self) {
        self.new += more.new;
        self.slid += more.slid;
        self.lapsed += more.lapsed;
    }
}

/// What the rules make of a moment, before the verdict is heard.
#[derive(Clone, Copy)]
struct Rule {
    own: Option<Level>,
    standing: Option<Level>,
    owed: Option<Level>,
    worth: Level,
    assessed: Level,
    reason: Reason,
}

impl Rule {
    fn of(model: &Model, facts: Facts, state: Option<ActState>) -> Self {
        let own = state.and_then(|state| state.worth(model));
        let standing = lower(own, facts.market);
        if facts.declined {
            // left out as they like it: neither standing nor market counts
            let Facts { evidence, .. } = facts;
            return Self { own, standing, owed: None, worth: evidence, assessed: evidence, reason: Reason::Facts };
        }
        let (worth, owed, reason) = if facts.lapsed() {
            // a flawless delivery before is owed again, at the baseline, even if it never rode
            let before = state.filter(|state| state.deliveries > 0).map(|_| Level::BASELINE);
            let owed = lower(own.or(before), facts.market);
            let worth = owed.map_or(facts.evidence, |owed| facts.evidence.min(owed.below()));
            (worth, owed, if worth < facts.evidence { Reason::Lapse } else { Reason::Facts })
        } else {
            match (own, state) {
                (Some(own), Some(state)) if facts.lift <= state.peak => {
                    if facts.preference_missed && facts.evidence < own {
                        (facts.evidence, None, Reason::Facts)
                    } else {
                        (own, None, Reason::Repeat)
                    }
                }
                _ => (facts.evidence, None, Reason::Facts),
            }
        };
        let (assessed, reason) = match facts.market {
            // in a lapse what was owed is no more than the market gives, so it never lowers it further
            Some(market) if market < worth => (market, Reason::Market),
            _ => (worth, reason),
        };
        Self { own, standing, owed, worth, assessed, reason }
    }
}

/// Assesses one moment. `state` is the state of the act before it, `None` where the moment names no
/// act.
#[must_use]
pub fn assess(model: &Model, facts: Facts, state: Option<ActState>) -> Assessment {
    let Rule { own, standing, owed, worth, assessed, reason: by_rule } = Rule::of(model, facts, state);
    let silent = !facts.noted && standing.is_none();
    let decided = facts.decided(|| assessed);
    let reason = match facts.verdict {
        Some(_) if decided.is_some() || silent => Reason::Verdict,
        None if silent => Reason::Unremarked,
        _ => by_rule,
    };
    let next = state.and_then(|state| state.after_decided(facts, decided).worth(model));
    Assessment {
        level: decided.unwrap_or(assessed),
        assessed,
        evidence: facts.evidence,
        worth,
        own,
        owed,
        standing,
        next: lower(next, facts.market),
        reason,
        failure: match (decided, facts.verdict) {
            (Some(level), _) => level <= Level::Basic,
            (None, Some(verdict)) if verdict.highest() <= Level::Basic => true,
            (None, _) => facts.evidence <= Level::Basic || by_rule == Reason::Lapse,
        },
    }
}

/// The rule that would decide if nothing had been said: never [`Reason::Verdict`] or
/// [`Reason::Unremarked`].
pub(crate) fn by_rule(model: &Model, facts: Facts, state: Option<ActState>) -> Reason {
    Rule::of(model, facts, state).reason
}

/// The lower of the levels that exist.
pub(crate) fn lower(one: Option<Level>, other: Option<Level>) -> Option<Level> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_shown_by_its_name() {
        for reason in
            [Reason::Verdict, Reason::Lapse, Reason::Market, Reason::Repeat, Reason::Facts, Reason::Unremarked]
        {
            assert_eq!(reason.to_string(), reason.name());
            assert_eq!(format!("{reason:>12}").trim_start(), reason.name());
        }
    }
}
