//! Why a moment has its level: a few lines a person can check by hand, and the
//! step it is short of (section 5 of the model).

#[cfg(feature = "print")]
use std::borrow::Cow;

use crate::level::Level;
use crate::rating::escalator::{ActState, Assessment, Facts, Reason, assess};
use crate::rating::evidence::{self, Evidence, Gate, Preference};
use crate::rating::finding::{Change, Finding, LevelWording, NearMiss, NotCounted, Owed, Signals, Speech, page_line};
use crate::rating::recipients::KnownRecipient;
use crate::record::interaction::Interaction;
use crate::rules::Model;
use crate::signal::{SignalId, SignalSet};

/// One rated moment with everything that led to its level.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RatedMoment<'r, 'i> {
    /// The rules it was rated by.
    pub model: &'r Model,
    /// What was recorded.
    pub interaction: &'i Interaction<'i>,
    /// What is known of the person served.
    pub recipient: Option<KnownRecipient<'r>>,
    /// What the facts say.
    pub evidence: Evidence,
    /// What the escalator was asked.
    pub facts: Facts,
    /// What the act stood on before, where the moment names one.
    pub state: Option<ActState>,
    /// The level, and how it came about.
    pub assessment: Assessment,
}

impl RatedMoment<'_, '_> {
    /// Whether it counts in shares: something was observed, or the escalator or
    /// the market had a say.
    #[must_use]
    pub fn remarked(&self) -> bool {
        self.assessment.remarked()
    }

    /// At most five: the recipient's word, what was noted, how preferences compared, what did not
    /// count, where the act stood, and what would have put it one step up.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding<'_>> {
        self.findings_with(self.near_miss()).collect()
    }

    /// The same where the near miss is known already.
    fn findings_with<'f>(&'f self, near_miss: Option<NearMiss<'f>>) -> impl Iterator<Item = Finding<'f>> {
        let findings = [
            self.verdict(),
            self.noted(),
            self.preference(),
            self.not_counted(),
            self.escalator(),
            near_miss.map(Finding::NearMiss),
        ];
        // an open verdict may be one step short, too; what happened comes before what might have
        findings.into_iter().flatten().take(5)
    }

    /// The findings as lines.
    #[cfg(feature = "print")]
    pub(crate) fn why(&self, wording: LevelWording) -> Vec<String> {
        self.why_with(wording, self.near_miss())
    }

    /// The findings as lines of the report page, in its texts.
    pub(crate) fn why_on_page(&self) -> Vec<String> {
        self.findings().into_iter().map(|finding| page_line(self.model, finding)).collect()
    }

    /// The same where the near miss is known already.
    pub(crate) fn why_with<'f>(&'f self, wording: LevelWording, near_miss: Option<NearMiss<'f>>) -> Vec<String> {
        let speech = Speech::new(self.model, wording);
        self.findings_with(near_miss).map(|finding| speech.line(finding)).collect()
    }

    /// The rule that decided, in a few words for a table.
    #[cfg(feature = "print")]
    pub(crate) fn brief(&self, wording: LevelWording) -> Cow<'static, str> {
        let speech = Speech::new(self.model, wording);
        let decisive = |level: Level| {
            let counting = self.evidence.signals.minus(self.evidence.shut_out);
            self.signals(counting.and(self.model.signals_of(level))).to_string()
        };
        let brief = match self.assessment.reason {
            Reason::Verdict => match self.facts.verdict.filter(|verdict| verdict.is_open()) {
                Some(verdict) => ["their answer: ", &speech.say_verdict(verdict)].concat(),
                None => return Cow::Borrowed("their own word"),
            },
            Reason::Lapse => {
                let owed = self.assessment.owed.map_or(Cow::Borrowed("more"), |owed| speech.say(owed));
                let what = if self.facts.omitted { "omitted".to_owned() } else { decisive(self.facts.evidence) };
                [&what, ", and ", &*owed, " was owed"].concat()
            }
            Reason::Market => return Cow::Borrowed("everyone does it by now"),
            Reason::Repeat => {
                let state = self.state.unwrap_or(ActState::NEW);
                let time = state.deliveries.saturating_add(1).to_string();
                ["time ", &time, " since ", &speech.say(state.held)].concat()
            }
            Reason::Unremarked => return Cow::Borrowed("nothing noted"),
            Reason::Facts if self.facts.declined => return Cow::Borrowed("left out, as they like it"),
            Reason::Facts if self.facts.evidence != Level::BASELINE => decisive(self.facts.evidence),
            Reason::Facts if self.facts.omitted => return Cow::Borrowed("omitted, nothing was owed"),
            Reason::Facts if !self.evidence.shut_out.is_empty() => {
                let value = match self.evidence.gate {
                    Gate::Unknown => ", but no value on record",
                    Gate::NoneCreated => ", but no value created",
                    Gate::NotTheirs | Gate::Open => ", but not what they value",
                };
                [&self.signals(self.evidence.shut_out).to_string(), value].concat()
            }
            Reason::Facts => match decisive(Level::BASELINE) {
                names if names.is_empty() => return Cow::Borrowed("nothing out of the ordinary"),
                names => names,
            },
        };
        Cow::Owned(brief)
    }

    fn signals(&self, set: SignalSet) -> Signals<'_> {
        Signals::new(self.model, set)
    }

    fn signal(&self, id: SignalId) -> &str {
        self.model.signal_name(id)
    }

    fn verdict(&self) -> Option<Finding<'_>> {
        let verdict = self.facts.verdict?;
        let noted = self.facts.noted || self.assessment.standing.is_some();
        Some(Finding::Verdict { verdict, assessed: noted.then_some(self.assessment.assessed) })
    }

    fn noted(&self) -> Option<Finding<'_>> {
        let recorded = self.interaction.signals;
        if !recorded.is_empty() {
            return Some(Finding::Noted { signals: self.signals(recorded) });
        }
        match (self.assessment.reason, &self.interaction.value) {
            (Reason::Unremarked, _) => Some(Finding::Unremarked),
            (Reason::Verdict, _) => None,
            (_, Some(_)) => Some(Finding::NoSignal),
            (_, None) if self.evidence.preference == Preference::NotCompared => Some(Finding::NothingNoted),
            _ => None,
        }
    }

    fn preference(&self) -> Option<Finding<'_>> {
        let recipient = self.recipient?;
        match self.evidence.preference {
            Preference::NotCompared => None,
            Preference::Met => {
                let mut met = evidence::compared_wishes(self.interaction, recipient);
                let (wish, got) = met.next()?;
                Some(Finding::PreferenceMet { wish, got, more: met.count() })
            }
            Preference::Missed => {
                let mut missed = evidence::missed(self.interaction, recipient);
                let (wish, got) = missed.next()?;
                Some(Finding::PreferenceMissed { wish, got, more: missed.count() })
            }
        }
    }

    fn not_counted(&self) -> Option<Finding<'_>> {
        let shut_out = self.evidence.shut_out;
        if !shut_out.is_empty() {
            let because = match self.evidence.gate {
                Gate::Unknown => NotCounted::ValueUnknown,
                Gate::NoneCreated => NotCounted::NoValue,
                Gate::NotTheirs => NotCounted::NotTheirs,
                Gate::Open => return None,
            };
            return Some(Finding::NotCounted { signals: self.signals(shut_out), because });
        }
        let above = Level::ALL[Level::BASELINE.index() + 1..].iter();
        let lifts = above.flat_map(|&level| self.evidence.signals.and(self.model.signals_of(level)).iter());
        let lifts = lifts.fold(SignalSet::EMPTY, SignalSet::with);
        if lifts.is_empty() {
            None
        } else if self.facts.omitted && !self.facts.declined {
            Some(Finding::NotCounted { signals: self.signals(lifts), because: NotCounted::Omitted })
        } else if self.evidence.level < Level::BASELINE {
            let shortfalls = self.shortfalls().fold(SignalSet::EMPTY, SignalSet::with);
            Some(Finding::NoMakeUp { lifts: self.signals(lifts), shortfalls: self.signals(shortfalls) })
        } else {
            None
        }
    }

    /// The shortfalls that count, lowest level first.
    pub fn shortfalls(&self) -> impl Iterator<Item = SignalId> {
        self.evidence.shortfalls(self.model)
    }

    /// What says that something went wrong: the shortfalls that count, an omission, a preference missed.
    #[must_use]
    pub fn mistakes(&self) -> SignalSet {
        let reserved = self.model.reserved();
        let also = [reserved.omitted, reserved.preference_missed].into_iter();
        let also = also.filter(|signal| self.evidence.signals.contains(*signal) && !self.facts.declined);
        self.shortfalls().chain(also).fold(SignalSet::EMPTY, SignalSet::with)
    }

    fn escalator(&self) -> Option<Finding<'_>> {
        let Assessment { own, owed, reason, assessed: level, .. } = self.assessment;
        let time = self.state.map_or(1, |state| state.deliveries.saturating_add(1));
        if self.facts.declined {
            return Some(Finding::Declined);
        }
        if self.facts.lapsed() {
            let Some(owed) = owed else { return self.facts.omitted.then_some(Finding::NothingOwed) };
            let because = match (self.facts.market, own, self.state) {
                (Some(market), ..) if owed == market && own.is_none_or(|own| own > market) => Owed::Market,
                (_, Some(_), Some(state)) => Owed::Repeat { time, held: state.held },
                _ => Owed::DoneBefore,
            };
            return Some(Finding::Missed { owed, because, level });
        }
        if let (Some(level), Reason::Market) = (self.facts.market, reason) {
            return Some(Finding::Market { level });
        }
        let state = self.state?;
        match own {
            Some(worth) if self.facts.lift <= state.peak => Some(Finding::Repeat { time, held: state.held, worth }),
            Some(_) => Some(Finding::BetterThanEver { peak: state.peak }),
            None => state.forgotten.then_some(Finding::Forgotten),
        }
    }

    /// The one change that would have put the moment higher, the smallest step first. Each is asked of this moment alone:
    /// what its act stood on before it stays.
    #[must_use]
    pub fn near_miss(&self) -> Option<NearMiss<'_>> {
        if self.facts.verdict.is_some_and(|verdict| !verdict.is_open()) || self.assessment.reason == Reason::Unremarked
        {
            return None;
        }
        let mut smallest: Option<NearMiss<'_>> = None;
        self.each_change(|change, differently| {
            let level = self.level_had_it_been(differently);
            if level > self.assessment.level && smallest.is_none_or(|smallest| level < smallest.level) {
                smallest = Some(NearMiss { change, level });
            }
        });
        smallest
    }

    /// Hands each thing that could have been different to `each`, with what is put in the place of the facts.
    fn each_change<'f>(&'f self, mut each: impl FnMut(Change<'f>, Differently)) {
        let reserved = self.model.reserved();
        let signals = self.evidence.signals;
        for signal in self.shortfalls() {
            let without = Differently::Signals(signals.without(signal), self.evidence.preference);
            each(Change::Without(self.signal(signal)), without);
        }
        if !self.evidence.shut_out.is_empty() {
            let change = match self.evidence.gate {
                Gate::NotTheirs => Change::ValueWanted,
                Gate::Unknown => Change::ValueKnown,
                Gate::NoneCreated | Gate::Open => Change::ValueCreated,
            };
            each(change, Differently::Value);
        }
        if let (Preference::Missed, Some(recipient)) = (self.evidence.preference, self.recipient) {
            let mut missed = evidence::missed(self.interaction, recipient);
            if let (Some((wish, _)), None) = (missed.next(), missed.next()) {
                let met = signals.without(reserved.preference_missed).with(reserved.preferred_way);
                each(Change::Preferred { wish }, Differently::Signals(met, Preference::Met));
            }
        }
        if self.facts.omitted {
            let done = Differently::Signals(signals.without(reserved.omitted), self.evidence.preference);
            each(Change::Done, done);
        }
        if self.facts.market.is_some() {
            each(Change::NoMarket, Differently::NoMarket);
        }
        if let Some(state) = self.state.filter(|state| state.deliveries > 0) {
            if let Some(deliveries) = state.deliveries.checked_sub(1).filter(|&deliveries| deliveries > 0) {
                each(Change::OneTimeFewer, Differently::State(ActState { deliveries, ..state }));
            }
            each(Change::NewToThem, Differently::State(ActState::NEW));
        }
    }

    fn level_had_it_been(&self, differently: Differently) -> Level {
        let judged = |signals, gate, preference| {
            let evidence = Evidence::judge(self.model, signals, gate, preference);
            Facts::new(&evidence, self.facts.verdict, self.facts.market)
        };
        let (facts, state) = match differently {
            Differently::Signals(signals, preference) => (judged(signals, self.evidence.gate, preference), self.state),
            Differently::Value => (judged(self.evidence.signals, Gate::Open, self.evidence.preference), self.state),
            Differently::NoMarket => (Facts { market: None, ..self.facts }, self.state),
            Differently::State(state) => (self.facts, Some(state)),
        };
        assess(self.model, facts, state).level
    }
}

/// What is put in the place of the facts.
#[derive(Clone, Copy)]
enum Differently {
    Signals(SignalSet, Preference),
    Value,
    NoMarket,
    State(ActState),
}

/// A claim minus a level, in ranks; positive: the provider thinks too well of it.
#[must_use]
pub fn gap(claimed: Level, level: Level) -> i8 {
    claimed.rank().cast_signed() - level.rank().cast_signed()
}
