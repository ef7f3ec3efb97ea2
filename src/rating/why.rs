//! Why a moment has its level: a few lines a person can check by hand, and the
//! near miss (section 5 of the model).

use crate::error::Found;
use crate::level::Level;
use crate::rating::escalator::{ActState, Assessment, Facts, Reason, assess};
use crate::rating::evidence::{self, Evidence, Gate, Preference};
use crate::record::interaction::{Interaction, Recipient};
use crate::rules::Model;
use crate::signal::{SignalId, SignalSet};

/// How levels are called in explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelWording {
    /// By their fixed names, for machines.
    Names,
    /// By the labels of the levels file, for people.
    Labels,
}

/// One rated moment with everything that led to its level.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RatedMoment<'r, 'i> {
    /// The rules it was rated by.
    pub model: &'r Model,
    /// What was recorded.
    pub interaction: &'i Interaction<'i>,
    /// What is known of the person served.
    pub recipient: Option<&'r Recipient>,
    /// What the facts say.
    pub evidence: Evidence,
    /// What the escalator was asked.
    pub facts: Facts,
    /// What the act stood on before, where the moment names one.
    pub state: Option<ActState>,
    /// The level, and how it came about.
    pub assessment: Assessment,
}

/// One thing that could have been different.
enum Change<'a> {
    /// A shortfall that need not have happened.
    Without(SignalId),
    /// Value of the kind that was missing.
    Value(Gate),
    /// One preference served as wanted.
    Preferred { key: &'a str, wanted: &'a str },
    /// The act done instead of left out.
    Done,
    /// The time before.
    OneTimeFewer,
    /// No history with this recipient.
    NewToThem,
    /// A market that had not caught up.
    NoMarket,
}

/// How many names a line lists before it counts the rest.
const LISTED: usize = 4;

impl RatedMoment<'_, '_> {
    /// Whether it counts in shares: something was observed, or the escalator or
    /// the market had a say.
    #[must_use]
    pub fn remarked(&self) -> bool {
        self.assessment.reason != Reason::Unremarked
    }

    /// The gap between the provider's claim and the level, in ranks.
    #[must_use]
    pub fn gap(&self) -> Option<i8> {
        self.interaction.claimed.map(|claimed| gap(claimed, self.assessment.level))
    }

    /// At most five short lines: the recipient's word, what was noted, how
    /// preferences compared, what did not count, where the act stood, and the
    /// near miss.
    pub(crate) fn why(&self, wording: LevelWording) -> Vec<String> {
        let lines = [
            self.verdict_line(wording),
            self.noted_line(wording),
            self.preference_line(),
            self.not_counted_line(),
            self.escalator_line(wording),
            self.near_miss(wording).map(|near_miss| format!("near miss: {near_miss}")),
        ];
        // a verdict has no near miss, so there are never more than five
        lines.into_iter().flatten().collect()
    }

    /// The rule that decided, in a few words for a table.
    pub(crate) fn brief(&self, wording: LevelWording) -> String {
        let decisive = |level: Level| {
            let counting = self.evidence.signals.minus(self.evidence.shut_out);
            self.names(counting.and(self.model.signals_of(level)))
        };
        match self.assessment.reason {
            Reason::Verdict => "their own word".to_owned(),
            Reason::Lapse => {
                let owed = self.assessment.owed.map_or("more", |owed| self.say(wording, owed));
                let what = if self.facts.omitted { "omitted".to_owned() } else { decisive(self.facts.evidence) };
                format!("{what}, and {owed} was owed")
            }
            Reason::Market => "everyone does it by now".to_owned(),
            Reason::Repeat => {
                let state = self.state.unwrap_or(ActState::NEW);
                format!("time {} since {}", state.deliveries.saturating_add(1), self.say(wording, state.held))
            }
            Reason::Unremarked => "nothing noted".to_owned(),
            Reason::Facts if self.facts.evidence != Level::BASELINE => decisive(self.facts.evidence),
            Reason::Facts if self.facts.omitted => "omitted, nothing was owed".to_owned(),
            Reason::Facts if !self.evidence.shut_out.is_empty() => {
                let value = match self.evidence.gate {
                    Gate::Unknown => "no value on record",
                    Gate::NoneCreated => "no value created",
                    Gate::NotTheirs | Gate::Open => "not what they value",
                };
                format!("{}, but {value}", self.names(self.evidence.shut_out))
            }
            Reason::Facts => match decisive(Level::BASELINE) {
                names if names.is_empty() => "nothing out of the ordinary".to_owned(),
                names => names,
            },
        }
    }

    fn say(&self, wording: LevelWording, level: Level) -> &str {
        match wording {
            LevelWording::Names => level.name(),
            LevelWording::Labels => self.model.label(level),
        }
    }

    fn names(&self, signals: SignalSet) -> String {
        let shown: Vec<_> = signals.iter().take(LISTED).map(|id| self.signal(id)).collect();
        let rest = signals.len().saturating_sub(LISTED);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        format!("{}{more}", shown.join(", "))
    }

    fn signal(&self, id: SignalId) -> &str {
        &self.model.signals()[id.index()].name
    }

    fn verdict_line(&self, wording: LevelWording) -> Option<String> {
        let verdict = self.facts.verdict?;
        let word = self.say(wording, verdict);
        let assessed = self.assessment.assessed;
        Some(if !self.facts.noted && self.assessment.standing.is_none() {
            format!("the recipient called it {word}, and nothing else was noted")
        } else if assessed == verdict {
            format!("the recipient called it {word}, and by the rules it is")
        } else {
            format!("the recipient called it {word}, by the rules it would be {}", self.say(wording, assessed))
        })
    }

    fn noted_line(&self, wording: LevelWording) -> Option<String> {
        let recorded = self.interaction.signals;
        if recorded.is_empty() {
            return match (self.assessment.reason, &self.interaction.value) {
                (Reason::Unremarked, _) => Some("nothing was noted, so it stays out of every share".to_owned()),
                (Reason::Verdict, _) => None,
                (_, Some(_)) => Some("no signal was noted".to_owned()),
                (_, None) if self.evidence.preference == Preference::NotCompared => {
                    Some("nothing was noted".to_owned())
                }
                _ => None,
            };
        }
        let shown = recorded.iter().take(LISTED).map(|id| {
            let level = self.model.signals()[id.index()].level;
            format!("{} ({})", self.signal(id), self.say(wording, level))
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        let rest = recorded.len().saturating_sub(LISTED);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        Some(format!("noted: {shown}{more}"))
    }

    fn preference_line(&self) -> Option<String> {
        let recipient = self.recipient?;
        match self.evidence.preference {
            Preference::NotCompared => None,
            Preference::Met => Some("served the way they prefer".to_owned()),
            Preference::Missed => {
                let mut missed = evidence::missed(self.interaction, recipient);
                let (key, wanted, got) = missed.next()?;
                let rest = missed.count();
                let more = if rest > 0 { format!(" (and {rest} more)") } else { String::new() };
                Some(format!("they prefer {} {}, got {}{more}", plain(key), quoted(wanted), quoted(got)))
            }
        }
    }

    fn not_counted_line(&self) -> Option<String> {
        let shut_out = self.evidence.shut_out;
        if !shut_out.is_empty() {
            let because = match self.evidence.gate {
                Gate::Unknown => "no value was recorded",
                Gate::NoneCreated => "it created no value",
                Gate::NotTheirs => "the value created is not what they value",
                Gate::Open => return None,
            };
            return Some(format!("does not count: {}, for {because}", self.names(shut_out)));
        }
        let lifts = Level::ALL[Level::BASELINE.index() + 1..].iter().rev();
        let lifts = lifts.flat_map(|&level| self.evidence.signals.and(self.model.signals_of(level)).iter());
        let lifts = lifts.fold(SignalSet::EMPTY, SignalSet::with);
        if lifts.is_empty() {
            None
        } else if self.facts.omitted {
            Some(format!("does not count: {}, for the act was omitted", self.names(lifts)))
        } else if self.evidence.level < Level::BASELINE {
            let shortfalls = self.shortfalls().fold(SignalSet::EMPTY, SignalSet::with);
            Some(format!("{} does not make up for {}", self.names(lifts), self.names(shortfalls)))
        } else {
            None
        }
    }

    /// The shortfalls that count, lowest level first.
    pub fn shortfalls(&self) -> impl Iterator<Item = SignalId> {
        let counting = self.evidence.signals.minus(self.evidence.shut_out);
        Level::ALL[..Level::BASELINE.index()]
            .iter()
            .flat_map(move |&level| counting.and(self.model.signals_of(level)).iter())
    }

    fn escalator_line(&self, wording: LevelWording) -> Option<String> {
        let Assessment { own, owed, reason, assessed, .. } = self.assessment;
        let say = |level| self.say(wording, level);
        let lapse = self.facts.omitted || self.facts.evidence < Level::BASELINE;
        let forgotten = self.state.is_some_and(|state| state.forgotten);
        let time = self.state.map_or(1, |state| state.deliveries.saturating_add(1));
        if lapse {
            return match (owed, self.facts.market) {
                (None, _) if self.facts.omitted => {
                    Some("nothing was owed yet, so leaving it out costs nothing".to_owned())
                }
                (None, _) => None,
                (Some(owed), Some(market)) if owed == market && own.is_none_or(|own| own > market) => {
                    Some(format!("{} was owed, as everyone takes it so, and missed: {}", say(owed), say(assessed)))
                }
                (Some(owed), _) => {
                    let known = match (own, self.state) {
                        (Some(_), Some(state)) => format!("time {time} since it was {}", say(state.held)),
                        _ => "done before".to_owned(),
                    };
                    Some(format!("{} was owed ({known}) and missed: {}", say(owed), say(assessed)))
                }
            };
        }
        if let (Some(market), Some(_)) = (self.facts.market, Some(reason).filter(|&reason| reason == Reason::Market)) {
            return Some(format!("everyone takes it as {} by now", say(market)));
        }
        let state = self.state?;
        match own {
            Some(own) if self.facts.lift <= state.peak => {
                Some(format!("time {time} since it was {}: worth {} now", say(state.held), say(own)))
            }
            Some(_) => Some(format!("better than ever: the best so far was {}", say(state.peak))),
            None if forgotten => Some("longer ago than anyone remembers: new again".to_owned()),
            None => None,
        }
    }

    /// The one change that would have put the moment higher, the smallest step first.
    pub(crate) fn near_miss(&self, wording: LevelWording) -> Option<String> {
        if self.facts.verdict.is_some() || self.assessment.reason == Reason::Unremarked {
            return None;
        }
        let higher = self.changes().into_iter().filter_map(|change| {
            let level = self.level_after(&change)?;
            (level > self.assessment.level).then_some((level, change))
        });
        let (level, change) = higher.min_by_key(|(level, _)| *level)?;
        let level = self.say(wording, level);
        Some(match change {
            Change::Without(signal) => format!("without {} it would have been {level}", self.signal(signal)),
            Change::Value(Gate::NotTheirs) => format!("with value they want it would have been {level}"),
            Change::Value(Gate::Unknown) => format!("with value on record it would have been {level}"),
            Change::Value(_) => format!("with value created it would have been {level}"),
            Change::Preferred { key, wanted } => {
                format!("with {} {} it would have been {level}", plain(key), quoted(wanted))
            }
            Change::Done => format!("had it been done it would have been {level}"),
            Change::OneTimeFewer => format!("one time fewer and it would still have been {level}"),
            Change::NewToThem => format!("new to them it would have been {level}"),
            Change::NoMarket => format!("before everyone took it so it would have been {level}"),
        })
    }

    fn changes(&self) -> Vec<Change<'_>> {
        let mut changes: Vec<Change<'_>> = self.shortfalls().map(Change::Without).collect();
        if !self.evidence.shut_out.is_empty() {
            changes.push(Change::Value(self.evidence.gate));
        }
        if let (Preference::Missed, Some(recipient)) = (self.evidence.preference, self.recipient) {
            let mut missed = evidence::missed(self.interaction, recipient);
            if let (Some((key, wanted, _)), None) = (missed.next(), missed.next()) {
                changes.push(Change::Preferred { key, wanted });
            }
        }
        if self.facts.omitted {
            changes.push(Change::Done);
        }
        if self.facts.market.is_some() {
            changes.push(Change::NoMarket);
        }
        if self.state.is_some_and(|state| state.deliveries > 0) {
            changes.extend([Change::OneTimeFewer, Change::NewToThem]);
        }
        changes
    }

    /// The level had this one thing been different.
    fn level_after(&self, change: &Change<'_>) -> Option<Level> {
        let reserved = self.model.reserved();
        let signals = self.evidence.signals;
        let judged = |signals, gate| {
            let evidence = Evidence::judge(self.model, signals, gate);
            (Facts::new(&evidence, None, self.facts.market), self.state)
        };
        let (facts, state) = match change {
            Change::Without(signal) => judged(signals.without(*signal), self.evidence.gate),
            Change::Value(_) => judged(signals, Gate::Open),
            Change::Preferred { .. } => {
                judged(signals.without(reserved.preference_missed).with(reserved.preferred_way), self.evidence.gate)
            }
            Change::Done => judged(signals.without(reserved.omitted), self.evidence.gate),
            Change::NoMarket => (Facts { market: None, ..self.facts }, self.state),
            Change::OneTimeFewer => {
                let state = self.state?;
                let deliveries = state.deliveries.checked_sub(1).filter(|&deliveries| deliveries > 0)?;
                (self.facts, Some(ActState { deliveries, ..state }))
            }
            Change::NewToThem => (self.facts, Some(ActState::NEW)),
        };
        Some(assess(self.model, facts, state).level)
    }
}

/// A claim minus a level, in ranks; positive: the provider thinks too well of it.
#[must_use]
pub fn gap(claimed: Level, level: Level) -> i8 {
    claimed.rank().cast_signed() - level.rank().cast_signed()
}

/// A text of a record inside a line: short, on one line, and without the `;` that joins lines.
fn plain(text: &str) -> String {
    let quoted = Found::text(text).to_string().replace(';', "\\u{3b}");
    quoted[1..quoted.len() - 1].to_owned()
}

/// The same in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}
