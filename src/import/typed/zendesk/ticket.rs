//! A ticket as exports write it: its members, as far as records come of them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::{Id, Object, Text, Time, known};

/// A ticket: what people and times its records have, and what is known of its talk, its targets and its rating.
#[derive(Deserialize)]
pub(super) struct Ticket<'t> {
    #[serde(borrow)]
    pub(super) id: Id<'t>,
    #[serde(borrow)]
    pub(super) status: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) requester_id: Option<Id<'t>>,
    #[serde(borrow)]
    pub(super) requester: Option<Object<Person<'t>>>,
    #[serde(borrow)]
    submitter_id: Option<Id<'t>>,
    #[serde(borrow)]
    submitter: Option<Object<Person<'t>>>,
    #[serde(borrow)]
    assignee_id: Option<Id<'t>>,
    #[serde(borrow)]
    assignee: Option<Object<Person<'t>>>,
    #[serde(borrow)]
    group_id: Option<Id<'t>>,
    #[serde(borrow)]
    group: Option<Object<Person<'t>>>,
    #[serde(borrow)]
    pub(super) email_cc_ids: Option<Vec<Id<'t>>>,
    #[serde(borrow)]
    pub(super) via: Option<Object<Via<'t>>>,
    pub(super) from_messaging_channel: Option<bool>,
    #[serde(borrow)]
    pub(super) tags: Option<Vec<Text<'t>>>,
    #[serde(borrow)]
    pub(super) created_at: Time<'t>,
    #[serde(borrow)]
    pub(super) updated_at: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) due_at: Option<Time<'t>>,
    #[serde(borrow)]
    pub(super) comments: Option<Vec<Object<Comment<'t>>>>,
    #[serde(borrow)]
    pub(super) metric_set: Option<Object<Metrics<'t>>>,
    #[serde(borrow, default)]
    pub(super) metric_events: Events<'t>,
    #[serde(borrow)]
    pub(super) satisfaction_rating: Option<Object<Rating<'t>>>,
    pub(super) slas: Option<IgnoredAny>,
}

/// Somebody who is spelled out, or a group.
#[derive(Deserialize)]
pub(super) struct Person<'t> {
    #[serde(borrow)]
    pub(super) id: Option<Id<'t>>,
    #[serde(borrow)]
    pub(super) email: Option<Id<'t>>,
    #[serde(borrow)]
    pub(super) role: Option<Text<'t>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Via<'t> {
    #[serde(borrow)]
    pub(super) channel: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) source: Option<Object<Source<'t>>>,
}

#[derive(Deserialize)]
pub(super) struct Source<'t> {
    #[serde(borrow)]
    pub(super) rel: Option<Text<'t>>,
}

#[derive(Deserialize)]
pub(super) struct Comment<'t> {
    #[serde(borrow)]
    pub(super) author_id: Option<Id<'t>>,
    pub(super) public: Option<bool>,
    #[serde(borrow)]
    pub(super) created_at: Time<'t>,
    #[serde(borrow)]
    pub(super) via: Option<Object<Via<'t>>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Metrics<'t> {
    #[serde(borrow)]
    pub(super) solved_at: Option<Time<'t>>,
    pub(super) reopens: Option<i32>,
    pub(super) replies: Option<i32>,
    pub(super) reply_time_in_minutes: Option<Object<Took>>,
    pub(super) reply_time_in_seconds: Option<Object<Took>>,
    pub(super) first_resolution_time_in_minutes: Option<Object<Took>>,
    pub(super) full_resolution_time_in_minutes: Option<Object<Took>>,
}

/// A time by the clock on the wall, and within business hours.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Took {
    pub(super) calendar: Option<i32>,
    pub(super) business: Option<i32>,
}

#[derive(Deserialize)]
pub(super) struct Event<'t> {
    #[serde(borrow)]
    pub(super) metric: Option<Text<'t>>,
    pub(super) instance_id: Option<i32>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) time: Option<Time<'t>>,
    pub(super) sla: Option<Object<Sla>>,
    pub(super) deleted: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Sla {
    pub(super) target: Option<i32>,
    pub(super) business_hours: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Rating<'t> {
    #[serde(borrow)]
    pub(super) score: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) comment: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) reason: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) reason_id: Option<Id<'t>>,
    #[serde(borrow)]
    pub(super) created_at: Option<Time<'t>>,
    #[serde(borrow)]
    pub(super) updated_at: Option<Time<'t>>,
}

impl Rating<'_> {
    /// The signal that the reason is, by its code or its text.
    pub(super) fn signal(&self) -> Option<&'static str> {
        let code = self.reason_id.as_ref().map_or("", |id| &id.0);
        let text = self.reason.as_ref().map_or("", |reason| &reason.0);
        match (code, text) {
            ("5", _) | (_, "The issue took too long to resolve") => Some("late"),
            ("6", _) | (_, "The issue was not resolved") => Some("unresolved"),
            ("8", _) | (_, "The agent's attitude is unsatisfactory") => Some("impolite"),
            _ => None,
        }
    }
}

/// The id of a person or group as one text: 11, "11" and " 11.0 " are one, and so are addresses in capitals.
pub(super) fn person<'t>(id: &Id<'t>) -> Option<Cow<'t, str>> {
    match &id.0 {
        Cow::Borrowed(text) => {
            let text = known(text)?;
            let address = text.contains('@').then(|| text.to_ascii_lowercase().into());
            Some(address.unwrap_or_else(|| text.strip_suffix(".0").unwrap_or(text).into()))
        }
        Cow::Owned(text) => Some(person(&Id(text.as_str().into()))?.into_owned().into()),
    }
}

/// The person or group of an id, or else of what is spelled out.
fn of<'t>(id: Option<&Id<'t>>, spelled_out: Option<&Person<'t>>) -> Option<Cow<'t, str>> {
    id.or_else(|| spelled_out?.id.as_ref()).and_then(person)
}

impl<'t> Ticket<'t> {
    pub(super) fn submitter(&self) -> Option<Cow<'t, str>> {
        of(self.submitter_id.as_ref(), self.submitter.as_deref())
    }

    pub(super) fn assignee(&self) -> Option<Cow<'t, str>> {
        of(self.assignee_id.as_ref(), self.assignee.as_deref())
    }

    pub(super) fn group(&self) -> Option<Cow<'t, str>> {
        of(self.group_id.as_ref(), self.group.as_deref())
    }

    pub(super) fn channel(&self) -> &str {
        self.via.as_ref().and_then(|via| via.channel.as_ref()).map_or("", |channel| &channel.0)
    }
}

/// The events of a ticket, in one list, or in an object with a list for each metric.
#[derive(Default)]
pub(super) struct Events<'t>(pub(super) Vec<Object<Event<'t>>>);

impl<'de: 't, 't> Deserialize<'de> for Events<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrLists;
        impl<'de> Visitor<'de> for ListOrLists {
            type Value = Events<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("events")
            }
            fn visit_unit<E: Error>(self) -> Result<Events<'de>, E> {
                Ok(Events::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Events<'de>, A::Error> {
                let mut events = Vec::new();
                while let Some(event) = list.next_element()? {
                    events.push(event);
                }
                Ok(Events::of_those_that_came(events))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut lists: A) -> Result<Events<'de>, A::Error> {
                let (mut metrics, mut events) = (Vec::<Text<'de>>::new(), Vec::new());
                while let Some((metric, list)) = lists.next_entry::<Text<'de>, Option<Vec<Object<Event<'de>>>>>()? {
                    // of two of one name the map takes the last
                    if metrics.iter().any(|known| known.0 == metric.0) {
                        return Err(A::Error::custom("a metric twice"));
                    }
                    metrics.push(metric);
                    events.extend(list.into_iter().flatten());
                }
                Ok(Events::of_those_that_came(events))
            }
        }
        deserializer.deserialize_any(ListOrLists)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Beside, Unusual};
    use super::super::row as zendesk;

    #[test]
    fn tickets_of_exports_are_not_left_to_the_map() {
        let beside = Beside { number: 1, as_of: None, zone: None };
        let data = concat!(
            include_str!("../../../../tests/import/data/zendesk.jsonl"),
            include_str!("../../../../tests/import/data/zendesk-api.jsonl"),
        );
        for row in data.lines() {
            assert_ne!(zendesk(row, &beside, &mut Vec::new()), Err(Unusual::Odd), "{row}");
        }
    }
}
