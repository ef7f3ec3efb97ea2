//! Zendesk tickets, as the map `zendesk` reads them; its text says what the rules are and why. Pages of the API,
//! survey responses, and tickets with targets beside them are left to it.

mod events;
mod ticket;

use std::borrow::Cow;

use serde::Deserialize;

use self::events::{Promise, minutes_later};
use self::ticket::{Comment, Rating, Ticket, Took, of, person};
use super::{Beside, Given, Id, Mapped, Object, Time, Unusual, known};
use crate::Instant;

/// A line of the export.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'t> {
    #[serde(borrow)]
    ticket: Object<Ticket<'t>>,
}

/// Who wrote a message: the customer, an agent, nobody (it was sent automatically), or an agent for agents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Customer,
    Agent,
    Automatic,
    Note,
}

/// How a ticket began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Began {
    ByCustomer,
    OnBehalf,
    Outbound,
}

/// What the messages until the end of a ticket say, where the customer wrote at all.
struct Talk<'a, 't> {
    answered: Option<&'a Time<'t>>,
    chased_first: bool,
    chased_later: bool,
}

impl<'a, 't> Talk<'a, 't> {
    fn of(messages: &[(By, &'a Time<'t>)], end: Option<Instant>) -> Option<Self> {
        let of_people = messages.iter().filter(|(by, _)| matches!(by, By::Customer | By::Agent));
        let talk: Vec<_> = of_people.collect();
        let within = |at: &Time<'_>| end.is_none_or(|end| at.instant <= end);
        let all = talk.last().is_none_or(|(_, at)| within(at));
        let talk = talk.into_iter().filter(|(_, at)| all || within(at));
        let mut talk = talk.skip_while(|(by, _)| *by == By::Agent).peekable();
        talk.peek()?;
        let (mut first, mut run, mut answered, mut chased_later) = (0, 0, None, false);
        for (by, at) in talk {
            match (by, answered) {
                (By::Customer, None) => first += 1,
                (By::Customer, Some(_)) => {
                    run += 1;
                    chased_later |= run > 1;
                }
                (_, None) => answered = Some(*at),
                (_, Some(_)) => run = 0,
            }
        }
        Some(Self { answered, chased_first: first > 1, chased_later })
    }
}

impl<'t> Ticket<'t> {
    fn channel(&self) -> &str {
        self.via.as_ref().and_then(|via| via.channel.as_ref()).map_or("", |channel| &channel.0)
    }

    fn is_call(&self) -> bool {
        self.channel().contains("phone") || self.channel().contains("voice")
    }

    fn is_live(&self) -> bool {
        self.is_call() || self.channel().contains("chat") || self.channel().contains("messaging")
    }

    fn requester(&self) -> Result<Cow<'t, str>, Unusual> {
        let spelled_out = self.requester.as_ref().and_then(|person| person.id.as_ref().or(person.email.as_ref()));
        let requester = spelled_out.or(self.requester_id.as_ref()).and_then(person).ok_or(Unusual::Odd)?;
        // to the map nobody is "null"
        let known = |id: &Id<'_>| person(id).is_some_and(|person| person != "null");
        if requester != "null" && self.email_cc_ids.iter().flatten().all(known) {
            Ok(requester)
        } else {
            Err(Unusual::Odd)
        }
    }

    fn in_copy(&self, who: &str) -> bool {
        self.email_cc_ids.iter().flatten().any(|id| person(id).as_deref() == Some(who))
    }

    /// Why it is no service to a customer.
    fn no_service(&self, requester: &str) -> Option<&'static str> {
        let marked = self.tags.iter().flatten().find_map(|tag| match tag.0.as_ref() {
            "closed_by_merge" => Some("merged"),
            "spam" => Some("spam"),
            _ => None,
        });
        let rel = self.via.as_ref().and_then(|via| via.source.as_ref()?.rel.as_ref());
        let role = self.requester.as_ref().and_then(|person| person.role.as_ref()).map(|role| role.0.as_ref());
        let is_staff = !matches!(role, None | Some("end-user")) && !self.in_copy(requester);
        marked
            .or_else(|| self.channel().starts_with("sample").then_some("test"))
            .or_else(|| rel.is_some_and(|rel| rel.0 == "outbound").then_some("outbound"))
            .or_else(|| self.channel().ends_with("outbound").then_some("outbound"))
            .or_else(|| {
                let by_staff = self.channel() == "side_conversation"
                    || is_staff
                    || of(&self.assignee_id, &self.assignee).as_deref() == Some(requester);
                by_staff.then_some("opened by staff")
            })
    }

    /// All messages, oldest first.
    fn messages(&self, requester: &str) -> Vec<(By, &Time<'t>)> {
        let comments = self.comments.iter().flatten();
        let mut messages: Vec<_> = comments.map(|comment| (self.by(comment, requester), &comment.created_at)).collect();
        messages.sort_by(|(_, one), (_, other)| one.text.cmp(&other.text));
        messages
    }

    fn by(&self, comment: &Comment<'_>, requester: &str) -> By {
        let channel = comment.via.as_ref().and_then(|via| via.channel.as_ref());
        let author = comment.author_id.as_ref().and_then(person);
        match author.as_deref() {
            _ if comment.public != Some(true) => By::Note,
            _ if channel.is_some_and(|channel| channel.0 == "rule") => By::Automatic,
            Some("-1") => By::Automatic,
            Some(author) if author == requester || self.in_copy(author) => By::Customer,
            _ => By::Agent,
        }
    }

    fn began(&self, requester: &str, first: Option<By>) -> Began {
        let submitter = of(&self.submitter_id, &self.submitter);
        let by_customer = match (submitter.as_deref(), first) {
            (Some(submitter), _) if submitter == requester => true,
            (submitter, None) => submitter.is_none_or(|submitter| self.in_copy(submitter)),
            (_, Some(by)) => by == By::Customer,
        };
        match first {
            _ if by_customer => Began::ByCustomer,
            None | Some(By::Note) => Began::OnBehalf,
            _ if self.is_call() || self.channel() == "api" => Began::OnBehalf,
            _ => Began::Outbound,
        }
    }

    fn is_over(&self) -> Result<bool, Unusual> {
        match self.status.as_ref() {
            "solved" | "closed" => Ok(true),
            "new" | "open" | "pending" | "hold" => Ok(false),
            "deleted" => Err(Unusual::LeftOut("deleted")),
            _ => Err(Unusual::Odd),
        }
    }
}

impl Rating<'_> {
    /// What was answered; nothing if nothing was.
    fn verdict(&self) -> Result<Option<&'static str>, Unusual> {
        match self.score.as_ref().and_then(|score| known(&score.0)) {
            None | Some("offered" | "unoffered") => Ok(None),
            Some("good") => Ok(Some("expected-or-above")),
            Some("bad") => Ok(Some("basic-or-below")),
            Some(_) => Err(Unusual::Odd),
        }
    }
}

/// Maps a line of the export.
pub(in crate::import) fn row<'t>(row: &'t str, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
    let wrapped = row.trim_start().strip_prefix('{').is_some_and(|row| row.trim_start().starts_with("\"ticket\""));
    let ticket =
        if wrapped { serde_json::from_str::<Line<'_>>(row).map(|line| line.ticket) } else { serde_json::from_str(row) };
    let ticket: Object<Ticket<'t>> = ticket.map_err(|_| Unusual::Odd)?;
    if ticket.slas.is_some() {
        return Err(Unusual::Odd);
    }
    let id = person(&ticket.id).ok_or(Unusual::Odd)?;
    let over = ticket.is_over()?;
    let requester = ticket.requester()?;
    if let Some(why) = ticket.no_service(&requester) {
        return Err(Unusual::LeftOut(why));
    }
    moments(&ticket, over, &id, &requester, beside.as_of, given)?;
    if given.is_empty() { Err(Unusual::LeftOut("open")) } else { Ok(()) }
}

/// All that a ticket gives.
fn moments<'t>(
    ticket: &Ticket<'t>,
    over: bool,
    id: &str,
    requester: &Cow<'t, str>,
    as_of: Option<Instant>,
    given: &mut Vec<Given<'t>>,
) -> Mapped {
    let no_metrics = Object::default();
    let metrics = ticket.metric_set.as_ref().unwrap_or(&no_metrics);
    let events = &ticket.metric_events;
    let created_at = &ticket.created_at;
    let messages = ticket.messages(requester);
    let first = messages.iter().map(|(by, _)| *by).find(|by| *by != By::Automatic);
    let began = ticket.began(requester, first);
    let after = |took: Option<Object<Took>>, an_hour: f64| {
        let took = took.and_then(|took| took.calendar).map(|took| f64::from(took) * 60.0 / an_hour);
        took.map(|minutes| minutes_later(created_at, minutes)).transpose()
    };

    let solved_at = match &metrics.solved_at {
        _ if !over => None,
        Some(time) => Some((time.text.clone(), time.instant)),
        None => after(metrics.full_resolution_time_in_minutes, 60.0)?,
    };
    let reopened = metrics.reopens.unwrap_or(0) > 0;
    let first_solved_at = if reopened { after(metrics.first_resolution_time_in_minutes, 60.0)? } else { None };
    #[expect(clippy::cast_precision_loss, reason = "microseconds of the years 1 to 9999 lose less than a second")]
    let solved_in_vain = |first: &(Cow<'_, str>, Instant)| match &solved_at {
        Some(last) => last.1.micros_since(first.1) as f64 / 3_600_000_000.0 * 60.0 >= 1.0,
        None => false,
    };
    let in_vain = first_solved_at.filter(|first| !over || solved_in_vain(first));

    let talk = Talk::of(&messages, solved_at.as_ref().map(|at| at.1));
    if began == Began::Outbound && talk.is_none() {
        return Err(Unusual::LeftOut("outbound"));
    }
    let automatic = messages.iter().any(|(by, _)| *by == By::Automatic);
    let answered = talk.as_ref().and_then(|talk| talk.answered).map(|at| (at.text.clone(), at.instant));
    let fulfilled = || {
        let first = events.of(Promise::FirstReply).find(|event| event.is("fulfill"));
        first.and_then(|event| event.time.as_ref()).map(|time| (time.text.clone(), time.instant))
    };
    let replied_at = match began {
        Began::OnBehalf => None,
        Began::Outbound => answered,
        Began::ByCustomer if automatic => answered,
        Began::ByCustomer => match after(metrics.reply_time_in_minutes, 60.0)? {
            Some(at) => Some(at),
            None => after(metrics.reply_time_in_seconds, 3600.0)?.or(answered).or_else(fulfilled),
        },
    };
    let no_replies = metrics.replies.unwrap_or(0) == 0;
    let silent = replied_at.is_none()
        && began != Began::OnBehalf
        && if ticket.is_live() || ticket.from_messaging_channel == Some(true) {
            metrics.reply_time_in_seconds.is_some() && no_replies
        } else if automatic || began == Began::Outbound {
            talk.is_some()
        } else {
            no_replies
                && metrics.reply_time_in_minutes.is_none_or(|took| took.business.is_none())
                && (talk.is_some()
                    || metrics.replies.is_some()
                    || metrics.reply_time_in_minutes.is_some()
                    || events.any(Promise::FirstReply, "activate")
                    || events.any(Promise::FirstReply, "breach"))
        };

    let record = |suffix: &str, at: Option<Cow<'t, str>>, point: &'static str, signals: Vec<&'static str>| Given {
        id: Some(format!("{id}{suffix}").into()),
        at,
        recipient: Some(requester.clone()),
        journey: Some("support"),
        transaction: Some("ticket"),
        point,
        signals: Some(signals),
        channel: ticket.via.as_ref().and_then(|via| via.channel.clone()).map(|channel| channel.0),
        stage: (point != "first-reply").then_some("end"),
        relation: Some("external"),
        provider: of(&ticket.assignee_id, &ticket.assignee),
        team: of(&ticket.group_id, &ticket.group),
        ..Given::default()
    };
    let ended_at = solved_at.as_ref().map_or_else(|| created_at.text.clone(), |at| at.0.clone());
    let outcome = events.outcome(Promise::FirstReply);
    let chased_first = talk.as_ref().is_some_and(|talk| talk.chased_first);
    let reply = match replied_at {
        Some((at, _)) => Some((at, outcome)),
        None if silent && over => Some((ended_at.clone(), outcome.map(|_| "late"))),
        None if silent => events.overdue_since(Promise::FirstReply, ticket, as_of)?.map(|(at, _)| (at, Some("late"))),
        None => None,
    };
    if let Some((at, outcome)) = reply {
        let signals = [outcome, chased_first.then_some("chased"), (silent && over).then_some("unresolved")];
        given.push(record("-first-reply", Some(at), "first-reply", signals.into_iter().flatten().collect()));
    }
    let failed = in_vain.as_ref().map(|_| Cow::from(format!("{id}-first-resolution")));
    if let Some((at, _)) = in_vain {
        given.push(record("-first-resolution", Some(at), "resolution", vec!["incomplete"]));
    }

    let rating = ticket.satisfaction_rating.as_ref();
    let verdict = rating.map(|rating| rating.verdict()).transpose()?.flatten();
    let reason = rating.filter(|_| verdict.is_some()).and_then(|rating| rating.signal());
    let said = rating.and_then(|rating| rating.comment.clone()).map(|comment| comment.0);
    let rated_at = rating.and_then(|rating| rating.updated_at.as_ref().or(rating.created_at.as_ref()));
    let judges = over
        && match (rated_at, &solved_at) {
            (Some(rated_at), Some(solved_at)) => solved_at.1 <= rated_at.instant,
            _ => !reopened,
        };

    if over {
        let reason = reason.filter(|_| judges);
        let due = ticket.due_at.as_ref().zip(solved_at.as_ref());
        let due = due.map(|(due, solved)| if solved.1 > due.instant { "late" } else { "on-time" });
        let between = events.outcome(Promise::Between).filter(|outcome| *outcome == "late");
        let late = reason.filter(|reason| *reason == "late");
        let facts = [events.outcome(Promise::Solution), between, due, late];
        // of several promises one that was missed decides
        let timely = facts.iter().flatten().find(|fact| **fact == "late").or_else(|| facts.iter().flatten().next());
        let chased = talk.as_ref().is_some_and(|talk| talk.chased_later) || (chased_first && began == Began::OnBehalf);
        let signals = [
            timely.copied(),
            (reopened && failed.is_none()).then_some("incomplete"),
            chased.then_some("chased"),
            reason.filter(|reason| *reason != "late"),
        ];
        let mut resolution =
            record("-resolution", Some(ended_at), "resolution", signals.into_iter().flatten().collect());
        resolution.recovers = failed;
        if verdict.is_some() && judges {
            (resolution.verdict, resolution.said) = (verdict, said.clone());
        }
        given.push(resolution);
    } else {
        let late = events.overdue_since(Promise::Solution, ticket, as_of)?;
        let broken = ticket.due_at.as_ref().filter(|due| as_of.is_some_and(|as_of| as_of > due.instant));
        let at = [late.as_ref().map(|late| late.0.clone()), broken.map(|due| due.text.clone())];
        if let Some(at) = at.into_iter().flatten().min() {
            let signals = [late.map(|_| "late"), broken.map(|_| "promise-broken")];
            given.push(record("-resolution", Some(at), "resolution", signals.into_iter().flatten().collect()));
        }
    }
    if verdict.is_some() && !judges {
        let at = rated_at.map(|at| at.text.clone()).or_else(|| ticket.updated_at.clone().map(|at| at.0));
        let signals = reason.into_iter().collect();
        given.push(Given { verdict, said, ..record("-survey", at, "survey", signals) });
    }
    Ok(())
}
