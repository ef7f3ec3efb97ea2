//! Freshdesk tickets and ratings, as `freshdesk.jq` maps them; the rules are told there.

mod ratings;

use std::borrow::Cow;

use serde::Deserialize;

use self::ratings::{Answers, Rating, Ratings};
use super::talk::{Member, Talk, member, one_id};
use super::{Beside, Given, Id, Mapped, Object, Text, Time, Unusual};

/// A ticket, or a rating as a row of its own.
#[derive(Deserialize)]
struct Row<'t> {
    #[serde(borrow)]
    id: Id<'t>,
    #[serde(borrow)]
    created_at: Time<'t>,
    #[serde(borrow)]
    updated_at: Option<Time<'t>>,
    #[serde(borrow)]
    group_id: Option<Id<'t>>,

    #[serde(borrow, default, deserialize_with = "member")]
    requester_id: Member<Id<'t>>,
    #[serde(borrow)]
    responder_id: Option<Id<'t>>,
    status: Option<i64>,
    source: Option<i64>,
    spam: Option<bool>,
    deleted: Option<bool>,
    #[serde(borrow)]
    fr_due_by: Option<Time<'t>>,
    #[serde(borrow)]
    due_by: Option<Time<'t>>,
    fr_escalated: Option<bool>,
    is_escalated: Option<bool>,
    nr_escalated: Option<bool>,
    #[serde(borrow, default)]
    stats: Option<Object<Stats<'t>>>,
    #[serde(borrow)]
    conversations: Option<Vec<Object<Message<'t>>>>,
    #[serde(borrow)]
    satisfaction_rating: Option<Ratings<'t>>,
    #[serde(borrow)]
    satisfaction_ratings: Option<Ratings<'t>>,

    // of a rating
    #[serde(borrow, default, deserialize_with = "member")]
    ticket_id: Member<Id<'t>>,
    #[serde(borrow, default, deserialize_with = "member")]
    ratings: Member<Answers<'t>>,
    #[serde(borrow)]
    user_id: Option<Id<'t>>,
    #[serde(borrow)]
    agent_id: Option<Id<'t>>,
    #[serde(borrow)]
    feedback: Option<Text<'t>>,
}

/// The times of a ticket.
#[derive(Default, Deserialize)]
struct Stats<'t> {
    /// Absent it is not known whether anybody replied.
    #[serde(borrow, default, deserialize_with = "member")]
    first_responded_at: Member<Time<'t>>,
    #[serde(borrow)]
    agent_responded_at: Option<Time<'t>>,
    #[serde(borrow)]
    requester_responded_at: Option<Time<'t>>,
    #[serde(borrow)]
    reopened_at: Option<Time<'t>>,
    #[serde(borrow)]
    resolved_at: Option<Time<'t>>,
    #[serde(borrow)]
    closed_at: Option<Time<'t>>,
}

/// A message of a conversation.
#[derive(Deserialize)]
struct Message<'t> {
    incoming: Option<bool>,
    private: Option<bool>,
    auto_response: Option<bool>,
    source: Option<i64>,
    #[serde(borrow)]
    created_at: Time<'t>,
    #[serde(borrow)]
    body_text: Option<Text<'t>>,
}

impl Message<'_> {
    /// Whether it is the note at the end of a ticket that lives on in another one.
    fn is_merge(&self) -> bool {
        let note = "This ticket is closed and merged into ticket";
        self.body_text.as_ref().is_some_and(|Text(text)| text.starts_with(note))
    }

    /// Whether it is public and written by a person: no answer to a survey (6), and no mail to somebody else (8).
    fn counts(&self) -> bool {
        self.private != Some(true) && self.auto_response != Some(true) && !matches!(self.source, Some(6 | 8))
    }
}

/// The first reply, or the resolution: when, and what was observed.
type Moment<'t> = (Cow<'t, str>, Vec<&'static str>);

/// What all interactions of a ticket have in common.
struct Common<'t> {
    id: Cow<'t, str>,
    recipient: Cow<'t, str>,
    channel: Option<Cow<'t, str>>,
    provider: Option<Cow<'t, str>>,
    team: Option<Cow<'t, str>>,
}

impl<'t> Common<'t> {
    fn given(&self, which: &str, at: &str, point: &'static str, stage: Option<&'static str>) -> Given<'t> {
        Given {
            id: Some(format!("{}-{which}", self.id).into()),
            at: Some(at.to_owned().into()),
            recipient: Some(self.recipient.clone()),
            journey: Some("support"),
            transaction: Some("ticket"),
            point,
            channel: self.channel.clone(),
            stage,
            relation: Some("external"),
            provider: self.provider.clone(),
            team: self.team.clone(),
            ..Given::default()
        }
    }
}

/// Maps a row.
pub(super) fn row<'t>(text: &'t str, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
    let row: Object<Row<'t>> = serde_json::from_str(text).map_err(|_| Unusual::Odd)?;
    if row.ticket_id.is_some() && row.ratings.is_some() {
        return row.rating(given);
    }
    if row.spam == Some(true) {
        return Err(Unusual::LeftOut("spam"));
    }
    if row.deleted == Some(true) {
        return Err(Unusual::LeftOut("deleted"));
    }
    if row.conversations.iter().flatten().any(|message| message.is_merge()) {
        return Err(Unusual::LeftOut("merged"));
    }
    row.ticket(beside, given)
}

impl<'t> Row<'t> {
    /// A rating as a row of its own.
    fn rating(&self, given: &mut Vec<Given<'t>>) -> Mapped {
        let ticket = one_id(self.ticket_id.as_ref().and_then(Option::as_ref))?.ok_or(Unusual::Odd)?;
        let survey = one_id(Some(&self.id))?.ok_or(Unusual::Odd)?;
        let verdict = match self.ratings.as_ref().and_then(Option::as_ref) {
            Some(answers) => answers.verdict()?,
            None => None,
        };
        given.push(Given {
            id: Some(format!("{ticket}-survey-{survey}").into()),
            at: Some(self.updated_at.as_ref().unwrap_or(&self.created_at).text.clone()),
            recipient: Some(one_id(self.user_id.as_ref())?.ok_or(Unusual::Odd)?),
            journey: Some("support"),
            transaction: Some("ticket"),
            point: "survey",
            stage: Some("end"),
            relation: Some("external"),
            provider: one_id(self.agent_id.as_ref())?,
            team: one_id(self.group_id.as_ref())?,
            verdict,
            said: self.feedback.as_ref().map(|Text(said)| said.clone()),
            ..Given::default()
        });
        Ok(())
    }

    fn ticket(&self, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
        let requester = one_id(self.requester_id.as_ref().ok_or(Unusual::Odd)?.as_ref())?;
        let provider = one_id(self.responder_id.as_ref())?;
        if requester.is_some() && requester == provider {
            return Err(Unusual::LeftOut("opened by staff"));
        }
        let id = one_id(Some(&self.id))?.ok_or(Unusual::Odd)?;
        let recipient = requester.unwrap_or_else(|| format!("unknown requester of {id}").into());
        let team = one_id(self.group_id.as_ref())?;
        let common = Common { id, recipient, channel: self.source.map(channel), provider, team };

        let unknown = Stats::default();
        let times = self.stats.as_deref().unwrap_or(&unknown);
        let over = matches!(self.status.ok_or(Unusual::Odd)?, 4 | 5);
        let ended_at = times.resolved_at.as_ref().or(times.closed_at.as_ref()).filter(|_| over);
        let in_vain =
            times.reopened_at.as_ref().filter(|reopened| !over || ended_at.is_some_and(|ended| after(ended, reopened)));
        let talk = self.talk(ended_at);
        let outbound = self.is_outbound();
        let asked = !outbound
            || match self.conversations {
                Some(_) => talk.asked_at.is_some(),
                None => times
                    .requester_responded_at
                    .as_ref()
                    .is_some_and(|asked| ended_at.is_none_or(|ended| !after(asked, ended))),
            };
        let ratings = self.ratings()?;
        let judging = ratings.last().filter(|rating| {
            asked
                && over
                && ended_at.is_none_or(|ended| rating.answered_at().is_some_and(|answered| !after(ended, answered)))
        });
        if ratings.iter().rev().skip(1).any(|rating| judging == Some(rating)) {
            // which of two equal ratings it is that judges
            return Err(Unusual::Odd);
        }

        if asked {
            if let Some((at, signals)) = self.reply(times, ended_at, &talk, beside) {
                let reply = common.given("first-reply", &at, "first-reply", None);
                given.push(Given { signals: Some(signals), ..reply });
            }
            if let Some(reopened) = in_vain {
                let first = common.given("first-resolution", &reopened.text, "resolution", Some("end"));
                given.push(Given { signals: Some(vec!["incomplete"]), ..first });
            }
            if let Some((at, signals)) = self.resolution(times, ended_at, in_vain.is_some(), &talk, beside) {
                let resolution = common.given("resolution", &at, "resolution", Some("end"));
                let recovers = in_vain.filter(|_| over).map(|_| format!("{}-first-resolution", common.id).into());
                let (verdict, said) = judging.map_or((None, None), |rating| (rating.verdict, rating.said()));
                given.push(Given { signals: Some(signals), verdict, said, recovers, ..resolution });
            }
        }
        for rating in ratings.iter().take(ratings.len() - usize::from(judging.is_some())) {
            let at = rating.answered_at().ok_or(Unusual::Odd)?;
            let which = format!("survey-{}", rating.id()?);
            let survey = common.given(&which, &at.text, "survey", Some("end"));
            given.push(Given { verdict: rating.verdict, said: rating.said(), ..survey });
        }
        match (given.is_empty(), asked) {
            (false, _) => Ok(()),
            (true, true) => Err(Unusual::LeftOut("open")),
            (true, false) => Err(Unusual::LeftOut("outbound")),
        }
    }

    fn is_outbound(&self) -> bool {
        self.source == Some(10)
    }

    /// What came of the public messages up to the end.
    fn talk(&self, ended_at: Option<&Time<'t>>) -> Talk<&Time<'t>> {
        let mut talk = Talk::default();
        let Some(conversations) = &self.conversations else { return talk };
        let counted = conversations.iter().filter(|message| message.counts());
        let said = counted.filter_map(|message| Some((&message.created_at, message.incoming?)));
        let mut messages: Vec<_> = std::iter::once((&self.created_at, !self.is_outbound()))
            .chain(said)
            .filter(|(at, _)| ended_at.is_none_or(|ended| !after(at, ended)))
            .collect();
        messages.sort_by(|(one, _), (other, _)| one.text.cmp(&other.text));
        for (at, by_customer) in messages {
            talk.message(at, by_customer);
        }
        talk
    }

    /// The time of a reply, unless it is that of an automatic one.
    fn by_person<'s>(&self, time: Option<&'s Time<'t>>) -> Option<&'s Time<'t>> {
        let automatic = |time: &Time<'_>| {
            let mut messages = self.conversations.iter().flatten();
            messages.any(|message| message.auto_response == Some(true) && message.created_at.text == time.text)
        };
        time.filter(|time| !automatic(time))
    }

    /// The first reply: one that came, or one that never came, or has not come in time.
    fn reply(
        &self,
        stats: &Stats<'t>,
        ended_at: Option<&Time<'t>>,
        talk: &Talk<&Time<'t>>,
        beside: &Beside<'_>,
    ) -> Option<Moment<'t>> {
        // whoever called was answered there and then
        if self.source == Some(3) {
            return None;
        }
        let outbound = self.is_outbound();
        let due = self.fr_due_by.as_ref().filter(|_| !outbound);
        let escalated = self.fr_escalated == Some(true) && !outbound;
        let first = stats.first_responded_at.as_ref().and_then(Option::as_ref).filter(|_| !outbound);
        let replied_at = self.by_person(first).or(talk.answered_at);
        let chased = talk.chased_first.then_some("chased");
        if let Some(replied_at) = replied_at {
            let kept = promise(due, Some(replied_at), escalated);
            return Some((replied_at.text.clone(), kept.into_iter().chain(chased).collect()));
        }
        let shown = self.conversations.is_some() || (!outbound && stats.first_responded_at.is_some());
        // what was said in a chat (7) is not in the ticket
        let shown = shown && self.source != Some(7);
        let unanswered = shown && (outbound || self.by_person(stats.agent_responded_at.as_ref()).is_none());
        if matches!(self.status, Some(4 | 5)) && unanswered {
            let late = (due.is_some() || escalated).then_some("late");
            let at = ended_at.unwrap_or(&self.created_at).text.clone();
            return Some((at, late.into_iter().chain(["unresolved"]).chain(chased).collect()));
        }
        let overdue = escalated || (self.status == Some(2) && unanswered && past(due, beside));
        overdue.then(|| (self.broken_at(due, beside), ["late"].into_iter().chain(chased).collect()))
    }

    /// The resolution: one that came, or one that has not come in time.
    fn resolution(
        &self,
        stats: &Stats<'t>,
        ended_at: Option<&Time<'t>>,
        in_vain: bool,
        talk: &Talk<&Time<'t>>,
        beside: &Beside<'_>,
    ) -> Option<Moment<'t>> {
        let outbound = self.is_outbound();
        let due = self.due_by.as_ref().filter(|_| !outbound);
        let escalated = self.is_escalated == Some(true) && !outbound;
        let chased = talk.chased_later.then_some("chased");
        if matches!(self.status, Some(4 | 5)) {
            let later = (self.nr_escalated == Some(true)).then_some("late");
            let kept = later.or_else(|| promise(due, ended_at, escalated));
            let incomplete = (stats.reopened_at.is_some() && !in_vain).then_some("incomplete");
            let at = ended_at.unwrap_or(&self.created_at).text.clone();
            return Some((at, [kept, incomplete, chased].into_iter().flatten().collect()));
        }
        let overdue = escalated || (self.status == Some(2) && past(due, beside));
        overdue.then(|| (self.broken_at(due, beside), ["late"].into_iter().chain(chased).collect()))
    }

    /// Since when a promise of an open ticket has been broken.
    fn broken_at(&self, due: Option<&Time<'t>>, beside: &Beside<'_>) -> Cow<'t, str> {
        match (due, beside.as_of) {
            (Some(due), _) => due.text.clone(),
            (None, Some(as_of)) => as_of.to_string().into(),
            (None, None) => self.updated_at.as_ref().unwrap_or(&self.created_at).text.clone(),
        }
    }

    /// The ratings joined into the ticket that say something, oldest first.
    fn ratings(&self) -> Result<Vec<Rating<'_, 't>>, Unusual> {
        let joined = [&self.satisfaction_rating, &self.satisfaction_ratings].into_iter().flatten();
        let mut ratings = Vec::new();
        for written in joined.flat_map(|Ratings(ratings)| ratings) {
            ratings.extend(Rating::of(written)?);
        }
        let key = |rating: &Rating<'_, 't>| rating.answered_at().map(|at| at.text.clone());
        ratings.sort_by_key(key);
        Ok(ratings)
    }
}

/// Accounts may add channels of their own.
fn channel<'t>(source: i64) -> Cow<'t, str> {
    let known = match source {
        1 => "email",
        2 => "portal",
        3 => "phone",
        5 => "twitter",
        6 => "facebook",
        7 => "chat",
        9 => "widget",
        10 => "outbound-email",
        12 => "bot",
        13 => "whatsapp",
        _ => return format!("source-{source}").into(),
    };
    known.into()
}

/// Whether one time is after another.
fn after(one: &Time<'_>, other: &Time<'_>) -> bool {
    one.instant > other.instant
}

/// Whether a due date is past.
fn past(due: Option<&Time<'_>>, beside: &Beside<'_>) -> bool {
    due.zip(beside.as_of).is_some_and(|(due, as_of)| due.instant < as_of)
}

/// How a due date came out; nothing if there was none.
fn promise(due: Option<&Time<'_>>, done: Option<&Time<'_>>, escalated: bool) -> Option<&'static str> {
    if escalated {
        return Some("late");
    }
    let (due, done) = due.zip(done)?;
    Some(if after(done, due) { "late" } else { "on-time" })
}
