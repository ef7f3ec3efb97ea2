//! What is known of the people served, at any time.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::{Found, Problem};
use crate::moment::Instant;
use crate::record::draft::{MOST_PAIRS, Reading};
use crate::record::interaction::{Interaction, Recipient};
use crate::record::owned::RecipientRecord;
use crate::value::{Quantity, ValueSet};

/// What is known of the people served, by id.
///
/// Wishes are learned over time: someone may be stated more than once, each time with its own `since`. For each
/// key, and for what they value as a whole, the newest statement counts that is not after the moment (section 3
/// of the model).
#[derive(Clone, Debug, Default)]
pub struct Recipients {
    known: HashMap<String, Stated, foldhash::fast::RandomState>,
    /// Whether any statement says from when on it counts.
    dated: bool,
}

/// From when on something counts; `None`: from the beginning.
type Since = Option<Instant>;

/// What is stated from then and then on, oldest first.
type InTime<T> = Vec<(Since, T)>;

/// All that is stated of one of them, each part oldest first.
#[derive(Clone, Debug, Default)]
struct Stated {
    sinces: Vec<Since>,
    names: InTime<String>,
    /// By key.
    wishes: Vec<(String, InTime<Vec<String>>)>,
    values: InTime<ValueSet>,
    worth: InTime<Quantity>,
}

impl Recipients {
    /// All of these, checked by the names of a model; by a [`Reading`] with a zone also where `since` has no offset.
    ///
    /// # Errors
    /// The first problem: of a record by itself, or a statement that is there already.
    pub fn of<'m, 'r>(
        reading: impl Into<Reading<'m>>,
        records: impl IntoIterator<Item = &'r RecipientRecord>,
    ) -> Result<Self, Problem> {
        let (reading, mut recipients) = (reading.into(), Self::default());
        records.into_iter().try_for_each(|record| recipients.add(record.check(&reading)?))?;
        Ok(recipients)
    }

    /// Adds a statement.
    ///
    /// # Errors
    /// The same id twice with the same `since`, or more than a thousand keys in all.
    pub fn add(&mut self, recipient: Recipient) -> Result<(), Problem> {
        let Recipient { id, name, since, prefers, values, worth } = recipient;
        let known = self.known.entry(id);
        let id = Found::text(known.key());
        let stated = known.or_default();
        if let Err(place) = stated.sinces.binary_search(&since) {
            stated.sinces.insert(place, since);
        } else {
            let advice = match since {
                None => format!("{id} is there already; give one of the two a `since`, or keep one"),
                Some(_) => format!("{id} is there already with the same `since`; keep one"),
            };
            return Err(Problem::advice("id", id, advice));
        }
        for (key, wanted) in prefers {
            let place = match stated.wishes.iter().position(|(known, _)| *known == key) {
                Some(place) => place,
                None if stated.wishes.len() == MOST_PAIRS => {
                    let found = format!("more than {MOST_PAIRS} keys for {id} in all");
                    let advice = format!("has {found}; keep {MOST_PAIRS} at most");
                    return Err(Problem::advice("prefers", Found::thing(found), advice));
                }
                None => {
                    stated.wishes.push((key, Vec::new()));
                    stated.wishes.len() - 1
                }
            };
            insert(&mut stated.wishes[place].1, since, wanted);
        }
        if let Some(name) = name {
            insert(&mut stated.names, since, name);
        }
        if !values.is_empty() {
            insert(&mut stated.values, since, values);
        }
        if let Some(worth) = worth {
            insert(&mut stated.worth, since, worth);
        }
        self.dated |= since.is_some();
        Ok(())
    }

    /// What is known of a recipient at that time; without a time what is known from the beginning.
    #[must_use]
    pub fn get(&self, id: &str, at: Option<Instant>) -> Option<KnownRecipient<'_>> {
        if self.known.is_empty() {
            return None;
        }
        Some(KnownRecipient { stated: self.known.get(id)?, at })
    }

    /// The same of whom an interaction serves, when it happens.
    pub(crate) fn of_interaction(&self, interaction: &Interaction<'_>) -> Option<KnownRecipient<'_>> {
        self.get(&interaction.recipient, interaction.at.as_ref().map(|at| at.instant))
    }

    /// Whether nothing is known of anyone.
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether any statement says from when on it counts, which takes records with a time.
    #[must_use]
    pub const fn are_dated(&self) -> bool {
        self.dated
    }
}

/// Puts something into its place in time, which is mostly the last.
fn insert<T>(stated: &mut InTime<T>, since: Since, what: T) {
    let place = stated.partition_point(|(earlier, _)| *earlier <= since);
    stated.insert(place, (since, what));
}

/// The newest that is not after a time.
fn in_force<T>(stated: &[(Since, T)], at: Option<Instant>) -> Option<&(Since, T)> {
    // what counts from the beginning comes first
    let by_then = stated.partition_point(|(since, _)| since.is_none() || *since <= at);
    stated.get(by_then.checked_sub(1)?)
}

/// What is known of someone at the time of a moment.
#[derive(Clone, Copy, Debug)]
pub struct KnownRecipient<'r> {
    stated: &'r Stated,
    at: Option<Instant>,
}

/// A wish in force: one way in which someone likes to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Wish<'r> {
    /// What it is about, like `channel`.
    pub key: &'r str,
    /// How they like it: any of these will do.
    pub wanted: &'r [String],
    /// Since when they wish so; `None`: from the beginning.
    pub since: Option<Instant>,
}

impl<'r> KnownRecipient<'r> {
    /// What people call them.
    #[must_use]
    pub fn name(self) -> Option<&'r str> {
        in_force(&self.stated.names, self.at).map(|(_, name)| name.as_str())
    }

    /// Their wishes, in the order in which their keys were first stated.
    pub fn wishes(self) -> impl Iterator<Item = Wish<'r>> {
        self.stated.wishes.iter().filter_map(move |(key, stated)| {
            let (since, wanted) = in_force(stated, self.at)?;
            Some(Wish { key, wanted, since: *since })
        })
    }

    /// What they value; empty: not known.
    #[must_use]
    pub fn values(self) -> ValueSet {
        in_force(&self.stated.values, self.at).map_or(ValueSet::EMPTY, |(_, values)| *values)
    }

    /// What one more purchase of theirs brings.
    #[must_use]
    pub fn worth(self) -> Option<&'r Quantity> {
        in_force(&self.stated.worth, self.at).map(|(_, worth)| worth)
    }
}

impl Wish<'_> {
    /// Whether this is how they like it: exact text.
    #[must_use]
    pub fn is_met_by(&self, got: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted == got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    /// The channel wanted and what is valued, on the days of January 2026 that are given.
    fn known(stated: &[(Option<u8>, &str, &str)], day: Option<u8>) -> (String, usize) {
        let model = Model::shipped();
        let records: Vec<_> = stated
            .iter()
            .map(|(since, channel, value)| RecipientRecord {
                id: "a".to_owned(),
                since: since.map(|day| format!("2026-01-{day:02}")),
                prefers: [("channel", *channel)]
                    .into_iter()
                    .filter(|(_, channel)| !channel.is_empty())
                    .map(|(key, channel)| (key.to_owned(), vec![channel.to_owned()]))
                    .collect(),
                values: [*value].into_iter().filter(|value| !value.is_empty()).map(str::to_owned).collect(),
                ..RecipientRecord::default()
            })
            .collect();
        let recipients = Recipients::of(&model, &records).expect("good statements");
        let at = day.map(|day| Instant::parse(&format!("2026-01-{day:02}"), None).expect("a day"));
        let known = recipients.get("a", at).expect("someone");
        let channel = known.wishes().next().map(|wish| wish.wanted.join("|")).unwrap_or_default();
        (channel, known.values().iter().count())
    }

    #[test]
    fn the_newest_statement_that_is_not_after_the_moment_counts() {
        let stated = [(Some(10), "phone", ""), (None, "email", "time"), (Some(20), "", "money")];
        let email = ("email".to_owned(), 1);
        let phone = ("phone".to_owned(), 1);
        assert_eq!(known(&stated, Some(9)), email);
        assert_eq!(known(&stated, Some(10)), phone);
        // on the twentieth nothing is said of the channel, so what was said before counts on
        assert_eq!(known(&stated, Some(20)), phone);
        // without a time only what counts from the beginning
        assert_eq!(known(&stated, None), email);
        assert_eq!(known(&stated[..1], Some(9)), (String::new(), 0));
    }

    #[test]
    fn the_order_of_statements_does_not_matter() {
        let mut stated = [(Some(10), "phone", ""), (None, "email", "time"), (Some(20), "app", "money")];
        let expected: Vec<_> = (1..30).map(|day| known(&stated, Some(day))).collect();
        stated.reverse();
        assert_eq!((1..30).map(|day| known(&stated, Some(day))).collect::<Vec<_>>(), expected);
    }
}
