//! Zendesk tickets, as the map `zendesk` reads them; its text says what the rules are and why. Pages of the API,
//! survey responses, and tickets with targets beside them are left to it.

mod events;
mod ticket;

use std::borrow::Cow;

use serde::Deserialize;

use self::events::{At, Promise, minutes_later};
use self::ticket::{Comment, Rating, Ticket, Took, person};
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
                let by_staff =
                    self.channel() == "side_conversation" || is_staff || self.assignee().as_deref() == Some(requester);
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
        let submitter = self.submitter();
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

    /// What took so long from the beginning on; `an_hour` is how many of its units make one.
    fn after(&self, took: Option<Object<Took>>, an_hour: f64) -> Result<At<'t>, Unusual> {
        let took = took.and_then(|took| took.calendar);
        took.map(|took| minutes_later(&self.created_at, f64::from(took) * 60.0 / an_hour)).transpose()
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

impl<'t> Rating<'t> {
    fn at(&self) -> Option<&Time<'t>> {
        self.updated_at.as_ref().or(self.created_at.as_ref())
    }

    fn said(&self) -> Option<Cow<'t, str>> {
        self.comment.clone().map(|comment| comment.0)
    }

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
    let over = ticket.is_over()?;
    let requester = ticket.requester()?;
    if let Some(why) = ticket.no_service(&requester) {
        return Err(Unusual::LeftOut(why));
    }
    let case = Case::of(&ticket, requester, over, beside.as_of)?;
    given.extend(case.first_reply()?);
    given.extend(case.first_resolution());
    given.extend(if over { Some(case.resolution()?) } else { case.overdue()? });
    given.extend(case.survey()?);
    if given.is_empty() { Err(Unusual::LeftOut("open")) } else { Ok(()) }
}

/// What is known of a ticket that is a service to a customer.
struct Case<'a, 't> {
    ticket: &'a Ticket<'t>,
    id: Cow<'t, str>,
    requester: Cow<'t, str>,
    over: bool,
    as_of: Option<Instant>,
    began: Began,
    /// Whether something was sent automatically.
    automatic: bool,
    talk: Option<Talk<'a, 't>>,
    solved_at: At<'t>,
    reopened: bool,
    /// When it was solved first, if that was in vain.
    in_vain: At<'t>,
}

impl<'a, 't> Case<'a, 't> {
    fn of(
        ticket: &'a Ticket<'t>,
        requester: Cow<'t, str>,
        over: bool,
        as_of: Option<Instant>,
    ) -> Result<Self, Unusual> {
        let messages = ticket.messages(&requester);
        let first = messages.iter().map(|(by, _)| *by).find(|by| *by != By::Automatic);
        let began = ticket.began(&requester, first);
        let metrics = ticket.metric_set.as_ref();
        let solved_at = match metrics.and_then(|metrics| metrics.solved_at.as_ref()) {
            _ if !over => None,
            Some(time) => Some((time.text.clone(), time.instant)),
            None => ticket.after(metrics.and_then(|metrics| metrics.full_resolution_time_in_minutes), 60.0)?,
        };
        let reopened = metrics.and_then(|metrics| metrics.reopens).unwrap_or(0) > 0;
        let first_took = metrics.filter(|_| reopened).and_then(|metrics| metrics.first_resolution_time_in_minutes);
        let in_vain = ticket.after(first_took, 60.0)?.filter(|first| {
            // the metric set counts whole minutes
            !over || solved_at.as_ref().is_some_and(|last| minutes(first.1, last.1) >= 1.0)
        });
        let talk = Talk::of(&messages, solved_at.as_ref().map(|at| at.1));
        if began == Began::Outbound && talk.is_none() {
            return Err(Unusual::LeftOut("outbound"));
        }
        let automatic = messages.iter().any(|(by, _)| *by == By::Automatic);
        let id = person(&ticket.id).ok_or(Unusual::Odd)?;
        Ok(Self { ticket, id, requester, over, as_of, began, automatic, talk, solved_at, reopened, in_vain })
    }

    /// A record of the ticket.
    fn record(&self, point: &'static str, name: &str, at: Option<Cow<'t, str>>) -> Given<'t> {
        Given {
            id: Some(format!("{}-{name}", self.id).into()),
            at,
            recipient: Some(self.requester.clone()),
            journey: Some("support"),
            transaction: Some("ticket"),
            point,
            channel: self.ticket.via.as_ref().and_then(|via| via.channel.clone()).map(|channel| channel.0),
            stage: (point != "first-reply").then_some("end"),
            relation: Some("external"),
            provider: self.ticket.assignee(),
            team: self.ticket.group(),
            ..Given::default()
        }
    }

    /// When it ended. Without a metric set the time it began is the only one that is certain.
    fn ended_at(&self) -> Cow<'t, str> {
        self.solved_at.as_ref().map_or_else(|| self.ticket.created_at.text.clone(), |at| at.0.clone())
    }

    fn replied_at(&self) -> Result<At<'t>, Unusual> {
        let answered = self.talk.as_ref().and_then(|talk| talk.answered).map(|at| (at.text.clone(), at.instant));
        let metrics = self.ticket.metric_set.as_ref();
        match self.began {
            Began::OnBehalf => return Ok(None),
            Began::Outbound => return Ok(answered),
            Began::ByCustomer if self.automatic => return Ok(answered),
            Began::ByCustomer => {}
        }
        let minutes = self.ticket.after(metrics.and_then(|metrics| metrics.reply_time_in_minutes), 60.0)?;
        if minutes.is_some() {
            return Ok(minutes);
        }
        let seconds = self.ticket.after(metrics.and_then(|metrics| metrics.reply_time_in_seconds), 3600.0)?;
        let fulfilled = || {
            let first = self.ticket.metric_events.of(Promise::FirstReply).find(|event| event.is("fulfill"));
            first.and_then(|event| event.time.as_ref()).map(|time| (time.text.clone(), time.instant))
        };
        Ok(seconds.or(answered).or_else(fulfilled))
    }

    /// Whether it is shown that nobody answered.
    fn is_silent(&self) -> bool {
        let metrics = self.ticket.metric_set.as_ref();
        let events = &self.ticket.metric_events;
        let replies = metrics.and_then(|metrics| metrics.replies);
        let no_replies = replies.unwrap_or(0) == 0;
        if self.began == Began::OnBehalf {
            false
        } else if self.ticket.is_live() || self.ticket.from_messaging_channel == Some(true) {
            metrics.is_some_and(|metrics| metrics.reply_time_in_seconds.is_some()) && no_replies
        } else if self.automatic || self.began == Began::Outbound {
            self.talk.is_some()
        } else {
            let took = metrics.and_then(|metrics| metrics.reply_time_in_minutes);
            no_replies
                && took.is_none_or(|took| took.business.is_none())
                && (self.talk.is_some()
                    || replies.is_some()
                    || took.is_some()
                    || events.any(Promise::FirstReply, "activate")
                    || events.any(Promise::FirstReply, "breach"))
        }
    }

    fn chased_first(&self) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.chased_first)
    }

    /// The first reply: when it was given, or was due, or the ticket ended without one.
    fn first_reply(&self) -> Result<Option<Given<'t>>, Unusual> {
        let events = &self.ticket.metric_events;
        let outcome = events.outcome(Promise::FirstReply);
        let (at, outcome, unresolved) = match self.replied_at()? {
            Some((at, _)) => (at, outcome, false),
            None if !self.is_silent() => return Ok(None),
            None if self.over => (self.ended_at(), outcome.map(|_| "late"), true),
            None => match events.overdue_since(Promise::FirstReply, self.ticket, self.as_of)? {
                Some((at, _)) => (at, Some("late"), false),
                None => return Ok(None),
            },
        };
        let signals = [outcome, self.chased_first().then_some("chased"), unresolved.then_some("unresolved")];
        Ok(Some(Given { signals: Some(noted(signals)), ..self.record("first-reply", "first-reply", Some(at)) }))
    }

    /// The solution that was in vain.
    fn first_resolution(&self) -> Option<Given<'t>> {
        let (at, _) = self.in_vain.clone()?;
        let signals = Some(noted([Some("incomplete")]));
        Some(Given { signals, ..self.record("resolution", "first-resolution", Some(at)) })
    }

    /// The last solution.
    fn resolution(&self) -> Result<Given<'t>, Unusual> {
        let events = &self.ticket.metric_events;
        let rating = self.rating()?.filter(|_| self.judges());
        let reason = rating.and_then(Rating::signal);
        let due = self.ticket.due_at.as_ref().zip(self.solved_at.as_ref());
        let due = due.map(|(due, solved)| if solved.1 > due.instant { "late" } else { "on-time" });
        let between = events.outcome(Promise::Between).filter(|outcome| *outcome == "late");
        let facts = [events.outcome(Promise::Solution), between, due, reason.filter(|reason| *reason == "late")];
        // of several promises one that was missed decides
        let timely = facts.iter().flatten().find(|fact| **fact == "late").or_else(|| facts.iter().flatten().next());
        let chased_later = self.talk.as_ref().is_some_and(|talk| talk.chased_later);
        let chased = chased_later || (self.chased_first() && self.began == Began::OnBehalf);
        let signals = [
            timely.copied(),
            (self.reopened && self.in_vain.is_none()).then_some("incomplete"),
            chased.then_some("chased"),
            reason.filter(|reason| *reason != "late"),
        ];
        Ok(Given {
            signals: Some(noted(signals)),
            recovers: self.in_vain.as_ref().map(|_| format!("{}-first-resolution", self.id).into()),
            verdict: rating.map(Rating::verdict).transpose()?.flatten(),
            said: rating.and_then(Rating::said),
            ..self.record("resolution", "resolution", Some(self.ended_at()))
        })
    }

    /// The solution of a ticket still open, where it has been due.
    fn overdue(&self) -> Result<Option<Given<'t>>, Unusual> {
        let late = self.ticket.metric_events.overdue_since(Promise::Solution, self.ticket, self.as_of)?;
        let broken = self.ticket.due_at.as_ref().filter(|due| self.as_of.is_some_and(|as_of| as_of > due.instant));
        let at = [late.as_ref().map(|late| late.0.clone()), broken.map(|due| due.text.clone())];
        let signals = Some(noted([late.map(|_| "late"), broken.map(|_| "promise-broken")]));
        let at = at.into_iter().flatten().min();
        Ok(at.map(|at| Given { signals, ..self.record("resolution", "resolution", Some(at)) }))
    }

    /// The rating, where it was answered.
    fn rating(&self) -> Result<Option<&'a Rating<'t>>, Unusual> {
        let rating = self.ticket.satisfaction_rating.as_deref();
        let verdict = rating.map(Rating::verdict).transpose()?.flatten();
        Ok(rating.filter(|_| verdict.is_some()))
    }

    /// Whether the rating judges the last solution.
    fn judges(&self) -> bool {
        let rated_at = self.ticket.satisfaction_rating.as_deref().and_then(Rating::at);
        self.over
            && match (rated_at, &self.solved_at) {
                (Some(rated_at), Some(solved_at)) => solved_at.1 <= rated_at.instant,
                _ => !self.reopened,
            }
    }

    /// A rating of something else.
    fn survey(&self) -> Result<Option<Given<'t>>, Unusual> {
        let Some(rating) = self.rating()?.filter(|_| !self.judges()) else { return Ok(None) };
        let updated_at = || self.ticket.updated_at.clone().map(|at| at.0);
        let at = rating.at().map(|at| at.text.clone()).or_else(updated_at);
        Ok(Some(Given {
            signals: Some(noted([rating.signal()])),
            verdict: rating.verdict()?,
            said: rating.said(),
            ..self.record("survey", "survey", at)
        }))
    }
}

/// The signals that there are.
fn noted<const N: usize>(signals: [Option<&'static str>; N]) -> Vec<&'static str> {
    signals.into_iter().flatten().collect()
}

/// The minutes from one time to another, as the map counts them.
#[expect(clippy::cast_precision_loss, reason = "microseconds of the years 1 to 9999 lose less than a second")]
fn minutes(from: Instant, to: Instant) -> f64 {
    to.micros_since(from) as f64 / 3_600_000_000.0 * 60.0
}
