//! Projections by the rule: how an act that starts at a level fades, delivery
//! by delivery (section 4 of the model). A projection is not a forecast.

use std::borrow::Cow;
use std::num::NonZeroU32;

use serde::Serialize;

use super::Moments;
use super::sorted::Places;
use crate::level::Level;
use crate::moment::{Every, Instant, MomentError, Zone};
use crate::names::NameId;
use crate::rating::assessor::Assessor;
use crate::rating::escalator::{ActState, Facts, assess, slide};
use crate::rules::Model;
use crate::stats::lower_median;

/// When the deliveries happen.
#[derive(Clone, Debug)]
pub struct Rhythm {
    /// When the first delivery happens.
    pub from: Instant,
    /// The calendar span from one to the next, by the clocks of the zone.
    pub every: Every,
    /// The zone whose calendar counts.
    pub zone: Zone,
}

/// How an act fades.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Projection {
    /// The level of the first delivery.
    pub start: Level,
    /// Each delivery in turn.
    pub deliveries: Vec<Delivery>,
}

/// One delivery of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// Its number, from 1.
    pub delivery: u32,
    /// When it is due, where a rhythm was given.
    pub at: Option<Instant>,
    /// What it is worth.
    pub level: Level,
    /// What omitting it, instead of delivering it, would be.
    pub if_missed: Level,
}

/// Projects an act delivered again and again as well as the first time, with
/// the facts of `start` noted each time.
///
/// # Errors
/// A delivery past the year 9999.
pub fn project(
    model: &Model,
    start: Level,
    deliveries: NonZeroU32,
    rhythm: Option<&Rhythm>,
) -> Result<Projection, MomentError> {
    let done = Facts { evidence: start, lift: start.max(Level::BASELINE), noted: true, ..Facts::NOTHING };
    let omitted = Facts { evidence: Level::BASELINE, lift: Level::BASELINE, omitted: true, ..done };
    let mut state = ActState::NEW;
    let mut rows = Vec::new();
    for delivery in 1..=deliveries.get() {
        let at =
            rhythm.map(|rhythm| rhythm.from.step(&rhythm.every, i64::from(delivery) - 1, &rhythm.zone)).transpose()?;
        let gap = at.zip(rows.last().and_then(|last: &Delivery| last.at)).map(|(at, last)| at.micros_since(last));
        if gap.is_some_and(|gap| model.escalator().forgets(gap)) {
            state = ActState::NEW;
        }
        let level = assess(model, done, Some(state)).level;
        let if_missed = assess(model, omitted, Some(state)).level;
        rows.push(Delivery { delivery, at, level, if_missed });
        state = state.after(model, done);
    }
    Ok(Projection { start, deliveries: rows })
}

/// What the moments of one act with one recipient tell of it.
#[derive(Debug, Default)]
struct ActSeen {
    delivered: u64,
    times: Vec<Instant>,
    /// Whether it was last left out because they like it so.
    declined: bool,
}

impl ActSeen {
    /// Of the moments at these places, in the order of the input.
    fn at(places: &[usize], moments: &impl Moments) -> Self {
        let mut seen = Self::default();
        for &place in &*in_time(places, moments) {
            let facts = moments.facts(place);
            seen.declined = facts.declined;
            if facts.delivered() {
                seen.delivered += 1;
                seen.times.extend(moments.when(place).at);
            }
        }
        seen
    }
}

/// Moments at places in the order of the input, in time order.
fn in_time<'p>(places: &'p [usize], moments: &impl Moments) -> Cow<'p, [usize]> {
    let when = |place: &usize| moments.when(*place);
    // most records come in the order of time
    let mut places = Cow::Borrowed(places);
    if !places.is_sorted_by_key(when) {
        places.to_mut().sort_by_key(when);
    }
    places
}

/// Every act on the escalator, with its number: that of an act with its recipient.
pub(crate) struct NumberedActs {
    pub(crate) acts: Vec<(NameId, Act)>,
    forgotten: u64,
}

impl NumberedActs {
    /// The acts as of an instant whose last delivery is not before `since`, by moments that have been settled, whose
    /// places are known by their acts; the assessor is the one by which they were settled. Without `as_of` the market
    /// does not apply, nothing is forgotten and nothing overdue.
    pub(crate) fn of(
        assessor: &Assessor<'_>,
        (moments, by_act): (&impl Moments, &Places),
        as_of: Option<Instant>,
        since: Option<Instant>,
        threads: usize,
    ) -> Self {
        let escalator = assessor.model().escalator();
        let act = |number: NameId, places: &[usize]| {
            let (recipient, action, state) = assessor.act_at(number.index())?;
            // most are not on the escalator: nothing more is asked of those
            state.worth(assessor.model())?;
            let seen = ActSeen::at(places, moments);
            let last = seen.times.last().copied();
            if since.is_some_and(|since| last.is_none_or(|last| last < since)) {
                return None;
            }
            let act = Act::of(assessor.model(), recipient, action, state, &seen, as_of)?;
            let forgotten = last.zip(as_of).is_some_and(|(last, as_of)| escalator.forgets(as_of.micros_since(last)));
            Some((!forgotten).then_some((number, act)))
        };
        let found = by_act.each(threads, act);
        let all = found.len();
        let mut acts: Vec<(NameId, Act)> = found.into_iter().flatten().collect();
        let forgotten = (all - acts.len()) as u64;
        // soonest to rest first: by date where there is one, else by deliveries left
        acts.sort_by_key(|(_, act)| (act.rests_on.is_none(), act.rests_on, act.left));
        Self { acts, forgotten }
    }
}

impl From<NumberedActs> for Acts {
    fn from(NumberedActs { acts, forgotten }: NumberedActs) -> Self {
        Self { acts: acts.into_iter().map(|(_, act)| act).collect(), forgotten }
    }
}

/// Every act on the escalator.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Acts {
    /// The acts, soonest to rest first.
    pub acts: Vec<Act>,
    /// How many acts are left out because they are forgotten by now.
    #[serde(skip)]
    pub forgotten: u64,
}

/// One act with one recipient on the escalator: where it stands, and how it will fade by the rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Act {
    /// Who is served.
    pub recipient: String,
    /// The act.
    pub action: String,
    /// The best it has been.
    pub peak: Level,
    /// How often it was delivered.
    pub delivered: u64,
    /// The last delivery.
    pub last_at: Option<Instant>,
    /// The step it stands on: what the last flawless delivery was worth.
    #[serde(skip)]
    pub stands_on: Level,
    /// What the next delivery will be worth.
    pub standing: Level,
    /// What the delivery after that will be worth.
    #[serde(skip)]
    pub after: Level,
    /// Further flawless deliveries still above where it rests.
    pub left: u64,
    /// When it comes to rest if its rhythm goes on: `left` + 1 usual gaps after the last
    /// delivery; `None` where no gap is usual.
    pub rests_on: Option<Instant>,
    /// What omitting the next delivery would be; `None` where they like it omitted.
    pub if_missed: Option<Level>,
    /// The lower median of the gaps between deliveries, in days of 24 hours; `None` under two gaps.
    pub usual_gap_days: Option<f64>,
    /// Whether over two usual gaps have passed since the last delivery; `None` where no gap is usual,
    /// or nothing says when to look from. What they like omitted is not overdue.
    pub overdue: Option<bool>,
    /// Whether it was last left out because they like it so (section 3 of the model).
    pub declined: bool,
}

impl Act {
    fn of(
        model: &Model,
        recipient: &str,
        action: &str,
        state: ActState,
        seen: &ActSeen,
        as_of: Option<Instant>,
    ) -> Option<Self> {
        let market = as_of.and_then(|as_of| model.market(action, as_of));
        let worth = |state: ActState| state.worth(model).map(|own| market.map_or(own, |market| own.min(market)));
        let standing = worth(state)?;
        let last = slide(model, state.held, state.deliveries.saturating_sub(1));
        let left = if market == Some(Level::Basic) { 0 } else { left(model, state) };
        let gaps: Vec<i64> = seen.times.windows(2).map(|pair| pair[1].micros_since(pair[0])).collect();
        let gap = lower_median(&gaps).filter(|_| gaps.len() >= 2);
        let last_at = seen.times.last().copied();
        let rests_on = last_at.zip(gap).and_then(|(last, gap)| {
            let micros = gap.checked_mul(i64::try_from(left).ok()?.checked_add(1)?)?.checked_add(last.micros())?;
            Instant::from_micros(micros).ok()
        });
        let omitted = Facts { market, omitted: true, noted: true, ..Facts::NOTHING };
        Some(Self {
            recipient: recipient.to_owned(),
            action: action.to_owned(),
            peak: state.peak,
            delivered: seen.delivered,
            last_at,
            stands_on: market.map_or(last, |market| last.min(market)),
            standing,
            after: worth(ActState { deliveries: state.deliveries.saturating_add(1), ..state })?,
            left,
            rests_on,
            if_missed: (!seen.declined).then(|| assess(model, omitted, Some(state)).level),
            usual_gap_days: gap.map(days),
            overdue: if seen.declined {
                Some(false)
            } else {
                gap.zip(last_at).zip(as_of).map(|((gap, last), as_of)| as_of.micros_since(last) > gap.saturating_mul(2))
            },
            declined: seen.declined,
        })
    }

    /// Whether it rests where it stands, so that it cannot become routine any more.
    #[must_use]
    pub fn is_routine(&self) -> bool {
        self.left == 0 && self.standing >= self.stands_on
    }

    /// When the next delivery is due: a usual gap after the last; `None` where no gap is usual.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let (last, rests) = self.last_at.zip(self.rests_on)?;
        let gap = rests.micros_since(last) / i64::try_from(self.left).ok()?.checked_add(1)?;
        Instant::from_micros(last.micros().checked_add(gap)?).ok()
    }

    /// An act of which nothing is known: for the names of its columns.
    #[must_use]
    pub const fn blank() -> Self {
        Self {
            recipient: String::new(),
            action: String::new(),
            peak: Level::BASELINE,
            delivered: 0,
            last_at: None,
            stands_on: Level::BASELINE,
            standing: Level::BASELINE,
            after: Level::BASELINE,
            left: 0,
            rests_on: None,
            if_missed: None,
            usual_gap_days: None,
            overdue: None,
            declined: false,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a double holds the microseconds of 285 years exactly, and rounds beyond"
)]
pub(super) fn days(micros: i64) -> f64 {
    micros as f64 / 86_400_000_000.0
}

/// Further flawless deliveries before an act rests: what is left of the levels it still has to slide through.
fn left(model: &Model, state: ActState) -> u64 {
    let levels = Level::ALL.into_iter().filter(|level| *level <= state.held);
    let lasting: u64 = levels.filter_map(|level| model.level(level).lasts).map(|lasts| u64::from(lasts.get())).sum();
    lasting.saturating_sub(u64::from(state.deliveries))
}
