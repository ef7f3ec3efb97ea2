//! A report without the people in it.

use super::{People, Report};
use crate::names::{Names, TooMany};

impl Report {
    /// The same report with recipients and providers numbered in order of first
    /// appearance in the input, and without names, ids of records and what was
    /// said. Points, acts and preferences stay as they are written.
    pub(crate) fn without_people(self) -> Result<Self, TooMany> {
        let Self { mut recipients, mut recovery, mut acts, mut highlights, mut next, mut moves, people, .. } = self;
        let People { recipients: mut served, providers: mut serving, .. } = people;
        for (_, value) in recipients.groups.iter_mut().filter_map(|group| group.key.as_mut()).flat_map(|key| &mut key.0)
        {
            if let Some(recipient) = value {
                number(&mut served, "recipient", recipient)?;
            }
        }
        for item in &mut recovery.items {
            number(&mut served, "recipient", item.recipient.to_mut())?;
            item.id = None;
        }
        if let Some((_, worst)) = &mut recovery.worst {
            number(&mut served, "recipient", worst.recipient.to_mut())?;
            worst.id = None;
        }
        for act in &mut acts.acts {
            number(&mut served, "recipient", &mut act.recipient)?;
        }
        for person in &mut next {
            number(&mut served, "recipient", &mut person.recipient)?;
            person.name = None;
            person.open.iter_mut().for_each(|open| open.id = None);
        }
        for way in moves.iter_mut().flat_map(|moves| &mut moves.moves) {
            for recipient in &mut way.recipients {
                number(&mut served, "recipient", recipient)?;
            }
        }
        for moment in highlights.values_mut().flat_map(|told| told.worst.iter_mut().chain(&mut told.latest)) {
            number(&mut served, "recipient", &mut moment.recipient)?;
            if let Some(provider) = &mut moment.provider {
                number(&mut serving, "provider", provider)?;
            }
            (moment.id, moment.said) = (None, None);
        }
        let people = People::default();
        Ok(Self { recipients, recovery, acts, highlights, next, moves, people, anonymous: true, ..self })
    }
}

/// Puts the number of a name in its place.
fn number(names: &mut Names, what: &str, name: &mut String) -> Result<(), TooMany> {
    let (id, _) = names.add(name)?;
    *name = format!("{what} {}", id.index() + 1);
    Ok(())
}
