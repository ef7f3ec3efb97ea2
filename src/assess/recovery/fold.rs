//! Gathers failures and what may have recovered them, by several threads in any order.

use super::By;
use crate::assess::groups::Groups;
use crate::assess::{Dimension, Key, Rated, When};
use crate::level::Level;
use crate::moment::Days;
use crate::names::{NameId, Names, TooMany};
use crate::record::interaction::Interaction;
use crate::rules::Rung;
use crate::signal::SignalSet;
use crate::value::Quantity;

/// Gathers failures and recoveries. Several gather some each, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecoveryFold {
    pub(super) link_within: Option<Days>,
    pub(super) failures: Vec<Failure>,
    pub(super) named: Vec<(String, Recovery)>,
    pub(super) texts: String,
    pub(super) paths: Names,
    pub(super) actions: Names,
    pub(super) costs: Vec<Quantity>,
    /// What failures are grouped by, where a report is made of them.
    pub(super) kinds: Option<Kinds>,
    /// Every remarked moment of everyone, where a report is made.
    pub(super) past: Vec<Past>,
    /// The moments in which someone took responsibility though nothing had failed.
    pub(super) initiatives: Vec<u64>,
    /// The moments that cost something and name no failure.
    pub(super) unnamed_costs: Vec<u64>,
    /// Every moment, kept only where the next one may be taken for a recovery.
    pub(super) sequence: Vec<(NameId, NameId, Recovery)>,
}

/// Kinds of failures: those that are alike in what their records say of the dimensions they are grouped by.
#[derive(Clone, Debug)]
pub(super) struct Kinds {
    /// What failures are grouped by: these dimensions, and what is not a dimension.
    pub(super) by: Vec<By>,
    pub(super) groups: Groups<()>,
}

impl Kinds {
    fn new(by: Vec<By>) -> Self {
        let dimensions: Vec<Dimension> = by.iter().filter_map(By::dimension).cloned().collect();
        Self { by, groups: Groups::new(dimensions) }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) when: When,
    pub(super) written: Written,
    pub(crate) recipient: NameId,
    pub(super) path: NameId,
    pub(crate) level: Level,
    pub(super) action: Option<NameId>,
    /// What went wrong.
    pub(crate) mistakes: SignalSet,
    /// Its kind, where failures are grouped.
    pub(super) kind: Option<NameId>,
    pub(super) response: Option<Rung>,
    pub(super) reported: bool,
}

/// Where the id and the time of a failure lie among the texts of all, one behind the other: how long each is, where its
/// record has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    start: usize,
    id: Option<usize>,
    at: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    pub(super) when: When,
    pub(super) level: Level,
    pub(super) remarked: bool,
    pub(super) reported: bool,
    pub(super) response: Option<Rung>,
    pub(super) action: Option<NameId>,
    /// The place of its cost among all.
    pub(super) cost: Option<usize>,
}

/// A remarked moment of someone on a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    pub(super) recipient: NameId,
    pub(super) path: NameId,
    pub(super) when: When,
    pub(super) level: Level,
}

/// A moment with its level and its place in time, and the number of whom it served.
#[derive(Clone, Copy)]
pub(crate) struct Lived<'l> {
    pub(crate) interaction: &'l Interaction<'l>,
    pub(crate) rated: Rated,
    pub(crate) when: When,
    pub(crate) recipient: NameId,
    pub(crate) reported: bool,
    /// What went wrong.
    pub(crate) mistakes: SignalSet,
}

impl RecoveryFold {
    /// With `link_within`, the same recipient's next interaction on the same
    /// path in that time is taken for the recovery of a failure that none names.
    #[must_use]
    pub(crate) fn new(link_within: Option<Days>) -> Self {
        Self { link_within, ..Self::default() }
    }

    /// For a report, with the failures grouped by these.
    #[must_use]
    pub(crate) fn by(self, by: Vec<By>) -> Self {
        Self { kinds: Some(Kinds::new(by)), ..self }
    }

    /// Whether it asks for every moment.
    pub(crate) const fn asks_all(&self) -> bool {
        self.kinds.is_some()
    }

    /// Whether a moment with this level may matter though it names no failure.
    pub(crate) const fn asks(&self, rated: Rated) -> bool {
        rated.failure || self.link_within.is_some()
    }

    /// Takes one moment; failures that are not `reported` are not listed.
    pub(crate) fn take(&mut self, lived: Lived<'_>) -> Result<(), TooMany> {
        let Lived { interaction, rated, when, recipient, reported, mistakes } = lived;
        let remarked = rated.remarked();
        if !self.asks_all() && !self.asks(rated) && interaction.recovers.is_none() {
            return Ok(());
        }
        let action = interaction.action.as_deref().map(|action| self.actions.add(action)).transpose()?;
        let action = action.map(|(action, _)| action);
        let cost = interaction.cost.clone().map(|cost| {
            self.costs.push(cost);
            self.costs.len() - 1
        });
        let (level, response) = (rated.level, interaction.response);
        let recovery = Recovery { when, level, remarked, reported, response, action, cost };
        if let Some(failure) = &interaction.recovers {
            self.named.push((failure.clone().into_owned(), recovery));
        } else if cost.is_some() && reported {
            self.unnamed_costs.push(when.index);
        }
        if reported && response == Some(Rung::Responsibility) && !rated.failure {
            self.initiatives.push(when.index);
        }
        let path = self.paths.add(&interaction.path())?.0;
        self.pass_on(recipient, path, when, rated);
        if !self.asks(rated) {
            return Ok(());
        }
        if self.link_within.is_some() {
            // what recovers another failure costs nothing more
            let cost = recovery.cost.filter(|_| interaction.recovers.is_none());
            self.sequence.push((recipient, path, Recovery { cost, ..recovery }));
        }
        if rated.failure {
            let written = self.write(interaction);
            let kind = self.kinds.as_mut().map(|kinds| kinds.groups.of(interaction, when)).transpose()?;
            self.failures.push(Failure {
                when,
                written,
                recipient,
                path,
                level: rated.level,
                action,
                mistakes,
                kind: kind.map(|(kind, ())| kind),
                response: interaction.response,
                reported,
            });
        }
        Ok(())
    }

    /// Keeps what a record says of itself.
    fn write(&mut self, interaction: &Interaction<'_>) -> Written {
        let start = self.texts.len();
        let mut keep = |text: &str| {
            self.texts.push_str(text);
            text.len()
        };
        let id = interaction.id.as_deref().map(&mut keep);
        let at = interaction.at.as_ref().map(|at| keep(&at.text));
        Written { start, id, at }
    }

    /// The id of a failure, as its record has it.
    pub(super) fn id(&self, failure: &Failure) -> Option<&str> {
        let Written { start, id, .. } = failure.written;
        self.texts.get(start..start + id?)
    }

    /// When a failure happened, as its record has it.
    pub(super) fn at(&self, failure: &Failure) -> Option<&str> {
        let Written { start, id, at } = failure.written;
        let start = start + id.unwrap_or_default();
        self.texts.get(start..start + at?)
    }

    /// Passes a moment of which nothing matters but its level.
    pub(crate) fn pass(&mut self, recipient: NameId, path: &str, when: When, level: Rated) -> Result<(), TooMany> {
        let path = self.paths.add(path)?.0;
        self.pass_on(recipient, path, when, level);
        Ok(())
    }

    fn pass_on(&mut self, recipient: NameId, path: NameId, when: When, rated: Rated) {
        if self.asks_all() && rated.remarked() {
            self.past.push(Past { recipient, path, when, level: rated.level });
        }
    }

    /// Takes what another has gathered.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), TooMany> {
        let paths = other.paths.iter().map(|path| Ok(self.paths.add(path)?.0)).collect::<Result<Vec<_>, TooMany>>()?;
        let actions =
            other.actions.iter().map(|action| Ok(self.actions.add(action)?.0)).collect::<Result<Vec<_>, TooMany>>()?;
        let kinds = other.kinds.into_iter().flat_map(|kinds| kinds.groups.into_groups());
        let named = |(name, key, first, ()): (String, Key, When, ())| {
            let kind = self.kinds.as_mut().map(|kinds| kinds.groups.named(&name, key, first)).transpose()?;
            Ok(kind.map(|(kind, ())| kind))
        };
        let kinds = kinds.map(named).collect::<Result<Vec<_>, TooMany>>()?;
        let (costs, texts) = (self.costs.len(), self.texts.len());
        let path = |path: NameId| paths[path.index()];
        let action = |action: Option<NameId>| action.map(|action| actions[action.index()]);
        let recovery =
            |one: Recovery| Recovery { action: action(one.action), cost: one.cost.map(|place| costs + place), ..one };
        let failures = other.failures.into_iter();
        self.failures.extend(failures.map(|failure| Failure {
            path: path(failure.path),
            action: action(failure.action),
            kind: failure.kind.and_then(|kind| kinds[kind.index()]),
            written: Written { start: texts + failure.written.start, ..failure.written },
            ..failure
        }));
        let sequence = other.sequence.into_iter();
        self.sequence.extend(sequence.map(|(recipient, on, one)| (recipient, path(on), recovery(one))));
        self.named.extend(other.named.into_iter().map(|(failure, one)| (failure, recovery(one))));
        self.past.extend(other.past.into_iter().map(|past| Past { path: path(past.path), ..past }));
        self.texts.push_str(&other.texts);
        self.costs.extend(other.costs);
        self.initiatives.extend(other.initiatives);
        self.unnamed_costs.extend(other.unnamed_costs);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rating::escalator::Reason;
    use crate::{Model, Record};

    /// What is known of each failure, with names instead of numbers, and of each recovery that names one.
    fn told(fold: &RecoveryFold) -> Vec<String> {
        let action = |action: Option<NameId>| action.map(|action| fold.actions.name(action));
        let cost = |cost: Option<usize>| cost.map(|place| fold.costs[place].clone());
        let keys: Vec<&Key> = fold.kinds.iter().flat_map(|kinds| kinds.groups.keys()).collect();
        let failures = fold.failures.iter().map(|failure| {
            let kind = failure.kind.map(|kind| keys[kind.index()]);
            let (path, action) = (fold.paths.name(failure.path), action(failure.action));
            format!("{:?} {:?} {path} {action:?} {kind:?} {:?}", fold.id(failure), fold.at(failure), failure.when.index)
        });
        let named = fold.named.iter().map(|(failure, one)| {
            format!("{failure} {:?} {:?} {:?}", action(one.action), cost(one.cost), one.when.index)
        });
        failures.chain(named).collect()
    }

    #[test]
    fn what_several_have_gathered_is_what_one_gathers() {
        let model = Model::shipped();
        let records = (0..12_usize).map(|number| Record {
            id: (number % 4 != 1).then(|| format!("id {}", "x".repeat(number))),
            at: (number % 3 != 1).then(|| "2026-01-05".to_owned()),
            action: (number % 5 > 0).then(|| format!("act {}", number % 3)),
            channel: (number % 2 > 0).then(|| format!("channel {}", number % 5)),
            recovers: (number % 4 == 3).then(|| format!("failure {number}")),
            cost: (number % 4 == 3).then(|| format!("{number} EUR")),
            ..Record::new("r", format!("point {}", number * 7 % 5))
        });
        let records: Vec<Record> = records.collect();
        let records: Vec<_> = records.iter().map(|record| record.check(&model).expect("an interaction")).collect();
        let begin = || RecoveryFold::new(None).by(vec![By::Of(Dimension::Channel)]);
        let rated = |failure| Rated { level: Level::Basic, reason: Reason::Facts, failure };
        let gathered = |places: std::ops::Range<usize>| {
            let mut fold = begin();
            for place in places {
                let (interaction, failure) = (&records[place], place % 4 != 3);
                let when = When { at: None, index: place as u64 };
                let recipient = NameId::at_index(0).expect("room");
                let mistakes = SignalSet::EMPTY;
                let lived = Lived { interaction, rated: rated(failure), when, recipient, reported: true, mistakes };
                fold.take(lived).expect("room");
            }
            fold
        };
        let mut all = told(&gathered(0..12));
        all.sort();
        for cut in 0..=12 {
            let mut one = gathered(cut..12);
            one.merge(gathered(0..cut)).expect("room");
            let mut merged = told(&one);
            merged.sort();
            assert_eq!(merged, all, "{cut}");
        }
    }
}
