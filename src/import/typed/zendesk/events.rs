//! What the events of a ticket's clocks say: which targets there were, and which of them were missed.

use std::borrow::Cow;
use std::ops::Deref;

use super::super::{Object, Time, Unusual};
use super::ticket::{Event, Events, Ticket};
use crate::Instant;

/// What an event is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    FirstReply,
    Solution,
    Between,
}

impl Event<'_> {
    pub(super) fn promise(&self) -> Option<Promise> {
        match self.metric.as_ref()?.0.as_ref() {
            "reply_time" if self.instance_id == Some(1) => Some(Promise::FirstReply),
            "resolution_time" | "requester_wait_time" | "agent_work_time" => Some(Promise::Solution),
            "reply_time" | "periodic_update_time" | "pausable_update_time" => Some(Promise::Between),
            _ => None,
        }
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.as_ref().is_some_and(|written| written.0 == kind)
    }

    pub(super) fn target(&self) -> Option<i32> {
        self.sla.as_ref().filter(|_| self.is("apply_sla"))?.target
    }
}

impl<'t> Events<'t> {
    /// Those of a list that came; a breach that is deleted never did.
    pub(super) fn of_those_that_came(mut events: Vec<Object<Event<'t>>>) -> Self {
        events.retain(|event| event.deleted != Some(true));
        Self(events)
    }

    pub(super) fn of(&self, promise: Promise) -> impl Iterator<Item = &Event<'t>> {
        self.0.iter().map(Deref::deref).filter(move |event| event.promise() == Some(promise))
    }

    pub(super) fn any(&self, promise: Promise, kind: &str) -> bool {
        self.of(promise).any(|event| event.is(kind))
    }

    /// How a target came out; nothing if there was none.
    pub(super) fn outcome(&self, promise: Promise) -> Option<&'static str> {
        let kept = || self.of(promise).any(|event| event.target().is_some()).then_some("on-time");
        if self.any(promise, "breach") { Some("late") } else { kept() }
    }

    /// Since when a target of a ticket still open has been missed.
    pub(super) fn overdue_since(
        &self,
        promise: Promise,
        ticket: &Ticket<'_>,
        as_of: Option<Instant>,
    ) -> Result<At<'t>, Unusual> {
        let applied = self.of(promise).filter(|event| event.target().is_some()).last();
        let counted = |event: &&Event<'_>| {
            let metric = event.metric.as_ref().map(|metric| metric.0.as_ref());
            matches!(metric, Some("reply_time" | "resolution_time"))
                && event.sla.as_ref().and_then(|sla| sla.business_hours) == Some(false)
        };
        let due =
            applied.filter(counted).and_then(|applied| Some((applied, applied.target()?))).map(|(applied, target)| {
                let same = |event: &&Event<'_>| {
                    event.is("activate")
                        && event.metric.as_ref().map(|metric| &metric.0)
                            == applied.metric.as_ref().map(|metric| &metric.0)
                        && event.instance_id == applied.instance_id
                };
                let begun = self.0.iter().map(Deref::deref).find(same).and_then(|event| event.time.as_ref());
                minutes_later(begun.unwrap_or(&ticket.created_at), target.into())
            });
        let due = due.transpose()?;
        for event in self.of(promise).filter(|event| event.is("breach")) {
            let since = match (&event.time, &due, as_of) {
                (Some(time), ..) => (time.text.clone(), time.instant),
                (None, Some(due), _) => due.clone(),
                (None, None, Some(as_of)) => (as_of.to_string().into(), as_of),
                // that of the ticket is borrowed from elsewhere
                (None, None, None) => return Err(Unusual::Odd),
            };
            if as_of.is_none_or(|as_of| since.1 <= as_of) {
                return Ok(Some(since));
            }
        }
        Ok(due.filter(|due| as_of.is_some_and(|as_of| due.1 <= as_of)))
    }
}

/// A time, if there is one: as it is written, and which it is.
pub(super) type At<'t> = Option<(Cow<'t, str>, Instant)>;

/// So many minutes after a time.
#[expect(clippy::cast_possible_truncation, reason = "what is out of range is refused")]
pub(super) fn minutes_later<'t>(time: &Time<'_>, minutes: f64) -> Result<(Cow<'t, str>, Instant), Unusual> {
    let micros = (minutes / 60.0 * 3_600_000_000.0).round() as i64;
    let after = Instant::from_micros(time.instant.micros().saturating_add(micros)).map_err(|_| Unusual::Odd)?;
    Ok((after.to_string().into(), after))
}
