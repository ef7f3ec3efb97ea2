//! What it means for the ratings that something is known of interactions, or is not: sentences for people.

use super::{PointRow, SignalRow};
use crate::wording::grouped;
use crate::{Field, Level};

/// Signals that say that a promise was kept.
pub(super) const KEPT: [&str; 2] = ["on-time", "as-agreed"];

/// Signals that say that one was not.
pub(super) const FAILED: [&str; 2] = ["late", "promise-broken"];

/// The signal that says that what was needed never came.
pub(super) const UNRESOLVED: &str = "unresolved";

/// Signals that the rules add by themselves.
const DERIVED: [&str; 2] = ["preferred-way", "preference-missed"];

/// How many points are told in a sentence.
const TOLD: usize = 4;

/// A day of 24 hours.
const DAY: i64 = 86_400_000_000;

/// What is known of the interactions.
pub(super) struct Known<'a> {
    pub(super) interactions: u64,
    /// How many have neither signal, value nor verdict.
    pub(super) unremarked: u64,
    pub(super) open_verdicts: u64,
    /// How many promises were kept, and how many were not.
    pub(super) promises: [u64; 2],
    /// How long it is from the earliest to the latest, in microseconds.
    pub(super) lasts: Option<i64>,
    pub(super) fields: &'a [u64],
    pub(super) signals: &'a [SignalRow],
    pub(super) points: &'a [PointRow],
}

impl Known<'_> {
    /// In how many interactions a field is given.
    pub(super) fn of(&self, field: Field) -> u64 {
        self.fields.get(field as usize).copied().unwrap_or(0)
    }

    /// `12 of 40 interactions have`.
    fn part(&self, part: u64, [has, have]: [&str; 2]) -> String {
        let (verb, plural) = (if part == 1 { has } else { have }, if self.interactions == 1 { "" } else { "s" });
        format!("{} of {} interaction{plural} {verb}", grouped(part), grouped(self.interactions))
    }

    /// What a rating can say.
    pub(super) fn can_say(&self) -> Vec<String> {
        let mut told = Vec::new();
        let [kept, failed] = self.promises;
        if kept + failed > 0 {
            let these = self.part(kept + failed, ["says", "say"]);
            told.push(format!(
                "{these} how a promise came out: {} kept, {} late or broken",
                grouped(kept),
                grouped(failed)
            ));
        }
        let ratings = self.of(Field::Verdict);
        if ratings > 0 {
            told.push(format!("{} a rating by the recipient{}", self.part(ratings, ["has", "have"]), self.rated()));
        }
        told
    }

    /// `: 12 of 40 at resolution, 3 of 4 at survey`, where there are several points.
    fn rated(&self) -> String {
        let rated = || self.points.iter().filter(|row| row.ratings > 0);
        if self.points.len() < 2 || rated().count() > TOLD {
            return String::new();
        }
        let one =
            |row: &PointRow| format!("{} of {} at {}", grouped(row.ratings), grouped(row.interactions), row.point);
        format!(": {}", rated().map(one).collect::<Vec<_>>().join(", "))
    }

    /// What stays unknown, and what that means, the weightiest first.
    pub(super) fn unknown(&self) -> Vec<String> {
        let mut told = Vec::new();
        let never = |wanted: fn(Level) -> bool| {
            let names = self.signals.iter().filter(|row| row.known == 0 && wanted(row.level));
            let names = names.map(|row| row.signal.as_str()).filter(|name| !DERIVED.contains(name));
            names.collect::<Vec<_>>().join(", ")
        };
        let (unremarked, interactions) = (self.unremarked, self.interactions);
        if unremarked > 0 {
            let (is, they) = if unremarked == 1 { ("has", "it stays") } else { ("have", "they stay") };
            told.push(format!(
                "{unremarked} of {interactions} {is} no signal, value or verdict; unless the recipient's preferences \
                 or an earlier act decide, {they} out of every share"
            ));
        }
        told.extend(self.promises_unknown().map(str::to_owned));
        let shortfalls = never(|level| level < Level::BASELINE);
        if !shortfalls.is_empty() {
            told.push(format!(
                "no signal ever says {shortfalls}; moments that were so will look better than they were"
            ));
        }
        let lifts = never(|level| level > Level::BASELINE);
        if !lifts.is_empty() {
            told.push(format!("no signal ever says {lifts}; delight of that kind is not seen"));
        }
        let (open, verdicts) = (self.open_verdicts, self.of(Field::Verdict));
        if open > 0 {
            let is = if open == 1 { "is an answer" } else { "are answers" };
            let plural = if verdicts == 1 { "" } else { "s" };
            told.push(format!(
                "{open} of {verdicts} verdict{plural} {is} on a scale, like basic-or-below; how far below or above, only \
                 signals can say"
            ));
        }
        if interactions > 1 && self.lasts.is_some_and(|lasts| lasts < DAY) {
            told.push("all within 24 hours: nothing can be compared over time".to_owned());
        }
        let absent = ABSENT.into_iter().filter(|(field, _)| self.of(*field) == 0);
        told.extend(absent.map(|(_, means)| means.to_owned()));
        if self.of(Field::Served) + self.of(Field::Channel) == 0 {
            told.push("neither served nor channel: preferences can be neither met nor missed".to_owned());
        }
        told
    }

    /// What is not known of promises.
    const fn promises_unknown(&self) -> Option<&'static str> {
        match self.promises {
            [0, 0] => Some(
                "no promise is known (no signal says on-time, as-agreed, late or promise-broken): nothing can be on \
                 time or late",
            ),
            [0, _] => Some(
                "promises are noted only where they were late or broken; note those that were kept as on-time or \
                 as-agreed, or every share is of faults only",
            ),
            [_, 0] => {
                Some("no promise is noted as late or broken: all were kept, or those that were not are not recorded")
            }
            _ => None,
        }
    }
}

/// Fields that are never given, and what that means.
const ABSENT: [(Field, &str); 5] = [
    (Field::At, "no time: records count in file order, and nothing is told over time"),
    (Field::Verdict, "no rating by the recipient (verdict): whether they agree with the facts stays unknown"),
    (Field::Action, "no action: the escalator sees no repeats, so nothing fades"),
    (Field::Value, "no value: a surprise counts only where it is known to be valued, so none can count"),
    (Field::Recovers, "no recovery is named: name them, or let `recovery --link-within DAYS` assume them"),
];
