//! Intercom conversations, as `intercom.jq` maps them; the rules are told there.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::talk::{List, Listed, Member, Talk, member, one_id};
use super::{Beside, Given, Id, Mapped, Object, Seconds, Text, Unusual};

/// A conversation.
#[derive(Deserialize)]
struct Conversation<'t> {
    #[serde(borrow)]
    id: Id<'t>,
    #[serde(borrow)]
    state: Text<'t>,
    created_at: Seconds,
    updated_at: Option<Seconds>,
    #[serde(borrow)]
    source: Object<Source<'t>>,
    #[serde(borrow)]
    contacts: Option<List<Object<Contact<'t>>>>,
    #[serde(borrow)]
    admin_assignee_id: Option<Id<'t>>,
    #[serde(borrow)]
    team_assignee_id: Option<Id<'t>>,
    #[serde(borrow)]
    assignee: Option<Object<Assignee<'t>>>,
    statistics: Option<Object<Statistics>>,
    #[serde(borrow)]
    sla_applied: Option<Object<ServiceLevel<'t>>>,
    first_contact_reply: Option<Object<Reply>>,
    ai_agent_participated: Option<bool>,
    #[serde(borrow)]
    conversation_parts: Option<List<Object<Part<'t>>>>,
    #[serde(borrow)]
    conversation_rating: Option<Object<Rating<'t>>>,
}

/// The message that it began with.
#[derive(Deserialize)]
struct Source<'t> {
    #[serde(borrow, rename = "type")]
    channel: Option<Text<'t>>,
    #[serde(borrow)]
    delivered_as: Option<Text<'t>>,
    #[serde(borrow)]
    author: Option<Object<Author<'t>>>,
}

#[derive(Deserialize)]
struct Author<'t> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'t>>,
    #[serde(borrow)]
    id: Option<Id<'t>>,
    from_ai_agent: Option<bool>,
}

#[derive(Deserialize)]
struct Contact<'t> {
    #[serde(borrow)]
    id: Option<Id<'t>>,
}

#[derive(Deserialize)]
struct Assignee<'t> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'t>>,
    #[serde(borrow)]
    id: Option<Id<'t>>,
}

#[derive(Default, Deserialize)]
struct Statistics {
    /// Absent it is not known whether a teammate replied.
    #[serde(default, deserialize_with = "member")]
    first_admin_reply_at: Member<Seconds>,
    time_to_admin_reply: Option<IgnoredAny>,
    first_contact_reply_at: Option<Seconds>,
    first_close_at: Option<Seconds>,
    last_close_at: Option<Seconds>,
    count_reopens: Option<i64>,
}

#[derive(Deserialize)]
struct ServiceLevel<'t> {
    #[serde(borrow)]
    sla_status: Option<Text<'t>>,
}

#[derive(Deserialize)]
struct Reply {
    created_at: Option<Seconds>,
}

/// Something that was said or done in a conversation.
#[derive(Deserialize)]
struct Part<'t> {
    #[serde(borrow)]
    part_type: Option<Text<'t>>,
    #[serde(borrow)]
    body: Option<Text<'t>>,
    created_at: Seconds,
    #[serde(borrow)]
    author: Option<Object<Author<'t>>>,
}

#[derive(Deserialize)]
struct Rating<'t> {
    rating: Option<i64>,
    #[serde(borrow)]
    remark: Option<Text<'t>>,
    created_at: Option<Seconds>,
    updated_at: Option<Seconds>,
}

/// What the customer said of it.
struct Word<'t> {
    verdict: &'static str,
    said: Option<Cow<'t, str>>,
    given_at: Option<Seconds>,
}

impl Listed for Object<Part<'_>> {
    const NAME: &'static str = "conversation_parts";
}

impl Listed for Object<Contact<'_>> {
    const NAME: &'static str = "contacts";
}

impl Author<'_> {
    fn kind(&self) -> Option<&str> {
        self.kind.as_ref().map(|Text(kind)| kind.as_ref())
    }
}

impl Part<'_> {
    /// Whether it was said in public: a bot that is not the AI agent only says that somebody will answer.
    fn counts(&self) -> bool {
        let is_bot =
            self.kind() == Some("bot") && self.author.as_ref().is_none_or(|author| author.from_ai_agent != Some(true));
        let is_note = self.part_type.as_ref().is_some_and(|Text(kind)| kind.contains("note"));
        self.body.as_ref().is_some_and(|Text(body)| !body.is_empty()) && !is_note && !is_bot
    }

    fn by_customer(&self) -> bool {
        matches!(self.kind(), Some("user" | "lead" | "contact"))
    }

    fn kind(&self) -> Option<&str> {
        self.author.as_deref().and_then(Author::kind)
    }
}

impl Source<'_> {
    /// Who wrote first: nothing if the customer did.
    fn first_word(&self) -> Option<&'static str> {
        match self.delivered_as.as_ref().map(|Text(how)| how.as_ref()) {
            Some("customer_initiated") => None,
            Some("admin_initiated") => Some("outbound"),
            Some("automated" | "campaigns_initiated" | "operator_initiated") => Some("proactive"),
            _ => match self.author.as_deref().and_then(Author::kind) {
                Some("bot") => Some("proactive"),
                Some("admin" | "team") => Some("outbound"),
                _ => None,
            },
        }
    }
}

/// Maps a row.
pub(super) fn row<'t>(text: &'t str, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
    let conversation: Object<Conversation<'t>> = serde_json::from_str(text).map_err(|_| Unusual::Odd)?;
    conversation.map(beside, given)
}

impl<'t> Conversation<'t> {
    fn map(&self, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
        let id = one_id(Some(&self.id))?.ok_or(Unusual::Odd)?;
        let closed = match self.state.0.as_ref() {
            "closed" => true,
            "open" | "snoozed" => false,
            _ => return Err(Unusual::Odd),
        };
        let no_times = Statistics::default();
        let times = self.statistics.as_deref().unwrap_or(&no_times);
        let ours = self.source.first_word();
        let closed_at = times.last_close_at.filter(|_| closed);
        let talk = self.talk(ours.is_some(), closed_at);
        let asked_at = match ours {
            Some(_) => {
                let told = || self.first_contact_reply.as_ref().and_then(|reply| reply.created_at);
                talk.asked_at.or(times.first_contact_reply_at).or_else(told)
            }
            None => Some(self.created_at),
        };

        let level = self.service_level()?;
        let reopened = times.count_reopens.is_some_and(|count| count > 0);
        let in_vain = times
            .first_close_at
            .filter(|first| reopened && (!closed || closed_at.is_some_and(|closed_at| *first < closed_at)));
        let word = self.word()?;
        let judging = word.as_ref().filter(|word| {
            let before = |closed_at| word.given_at.is_some_and(|given_at| given_at < closed_at);
            closed && !closed_at.is_some_and(before)
        });

        let common = Given {
            recipient: Some(self.recipient(ours.is_some())?),
            journey: Some("support"),
            transaction: Some("conversation"),
            channel: self.source.channel.as_ref().map(|Text(channel)| channel.clone()),
            relation: Some("external"),
            provider: self.assigned(self.admin_assignee_id.as_ref(), "admin")?,
            team: self.assigned(self.team_assignee_id.as_ref(), "team")?,
            ..Given::default()
        };
        let named = |which: &str| Some(Cow::Owned(format!("{id}-{which}")));
        let at = |time: Seconds| Ok::<_, Unusual>(Some(Cow::Owned(time.text()?)));

        if let Some(asked_at) = asked_at {
            let ended_at = closed.then(|| closed_at.unwrap_or(self.created_at));
            if let Some((time, signals)) = self.reply(times, ended_at, asked_at, &talk) {
                given.push(Given {
                    id: named("first-reply"),
                    at: at(time)?,
                    point: "first-reply",
                    signals: Some(signals),
                    ..common.clone()
                });
            }
            if let Some(first) = in_vain {
                given.push(Given {
                    id: named("first-resolution"),
                    at: at(first)?,
                    point: "resolution",
                    stage: Some("end"),
                    signals: Some(vec!["incomplete"]),
                    ..common.clone()
                });
            }
            if closed || level == Some("late") {
                let incomplete = (closed && reopened && in_vain.is_none()).then_some("incomplete");
                let chased = talk.chased_later.then_some("chased");
                given.push(Given {
                    id: named("resolution"),
                    at: match (closed, beside.as_of) {
                        (true, _) => at(closed_at.unwrap_or(self.created_at))?,
                        (false, Some(as_of)) => Some(as_of.to_string().into()),
                        (false, None) => at(self.updated_at.ok_or(Unusual::Odd)?)?,
                    },
                    point: "resolution",
                    stage: Some("end"),
                    signals: Some([level, incomplete, chased].into_iter().flatten().collect()),
                    verdict: judging.map(|word| word.verdict),
                    said: judging.and_then(|word| word.said.clone()),
                    recovers: if closed { in_vain.and_then(|_| named("first-resolution")) } else { None },
                    ..common.clone()
                });
            }
        }
        if let Some(word) = word.as_ref().filter(|_| judging.is_none() || asked_at.is_none()) {
            given.push(Given {
                id: named("survey"),
                at: at(word.given_at.or(self.updated_at).ok_or(Unusual::Odd)?)?,
                point: "survey",
                stage: Some("end"),
                verdict: Some(word.verdict),
                said: word.said.clone(),
                ..common
            });
        }
        match (given.is_empty(), asked_at) {
            (false, _) => Ok(()),
            (true, Some(_)) => Err(Unusual::LeftOut("open")),
            (true, None) => Err(Unusual::LeftOut(ours.unwrap_or("open"))),
        }
    }

    /// What came of what was said in public up to the end.
    fn talk(&self, ours: bool, closed_at: Option<Seconds>) -> Talk<Seconds> {
        let mut talk = Talk::default();
        let Some(parts) = &self.conversation_parts else { return talk };
        let first = (!ours).then_some((self.created_at, true));
        let up_to_the_end = |part: &&Object<Part<'_>>| closed_at.is_none_or(|closed_at| part.created_at <= closed_at);
        let said = parts.items.iter().filter(|part| part.counts()).filter(up_to_the_end);
        let said = said.map(|part| (part.created_at, part.by_customer()));
        let mut messages: Vec<_> = first.into_iter().chain(said).collect();
        messages.sort_by_key(|(at, _)| *at);
        for (at, by_customer) in messages {
            talk.message(at, by_customer);
        }
        talk
    }

    /// The first reply: one that came, or, where it is over, one that never came.
    fn reply(
        &self,
        times: &Statistics,
        ended_at: Option<Seconds>,
        asked_at: Seconds,
        talk: &Talk<Seconds>,
    ) -> Option<(Seconds, Vec<&'static str>)> {
        // whoever called was answered there and then
        if self.source.channel.as_ref().is_some_and(|Text(channel)| channel == "phone_call") {
            return None;
        }
        let chased = talk.chased_first.then_some("chased");
        let by_teammate = times.first_admin_reply_at.flatten().filter(|replied_at| *replied_at >= asked_at);
        if let Some(replied_at) = [talk.answered_at, by_teammate].into_iter().flatten().min() {
            return Some((replied_at, chased.into_iter().collect()));
        }
        let complete = self.conversation_parts.as_ref().is_some_and(List::is_complete);
        let shown = complete || (times.first_admin_reply_at.is_some() && self.ai_agent_participated != Some(true));
        let unanswered = shown && (times.time_to_admin_reply.is_none() || complete);
        let ended_at = ended_at.filter(|_| unanswered)?;
        Some((ended_at, ["unresolved"].into_iter().chain(chased).collect()))
    }

    /// What the customer said of it, if they answered, on five steps.
    fn word(&self) -> Result<Option<Word<'t>>, Unusual> {
        let Some(rating) = &self.conversation_rating else { return Ok(None) };
        let verdict = match rating.rating {
            None => return Ok(None),
            Some(1 | 2) => "basic-or-below",
            Some(3) => "expected",
            Some(4) => "expected-or-above",
            Some(5) => "desired-or-above",
            Some(_) => return Err(Unusual::Odd),
        };
        let said = rating.remark.as_ref().map(|Text(said)| said.clone());
        Ok(Some(Word { verdict, said, given_at: rating.updated_at.or(rating.created_at) }))
    }

    fn service_level(&self) -> Result<Option<&'static str>, Unusual> {
        let status = self.sla_applied.as_ref().and_then(|level| level.sla_status.as_ref());
        Ok(match status.map(|Text(status)| status.as_ref()) {
            None | Some("active" | "cancelled") => None,
            Some("hit") => Some("on-time"),
            Some("missed") => Some("late"),
            Some(_) => return Err(Unusual::Odd),
        })
    }

    /// The contact, else whoever wrote first, if that was the customer.
    fn recipient(&self, ours: bool) -> Result<Cow<'t, str>, Unusual> {
        let contact = self.contacts.as_ref().and_then(|contacts| contacts.items.first()?.id.as_ref());
        let author = self.source.author.as_ref().and_then(|author| author.id.as_ref()).filter(|_| !ours);
        one_id(contact)?.map_or_else(|| one_id(author), |contact| Ok(Some(contact)))?.ok_or(Unusual::Odd)
    }

    /// Nobody assigned is null, or 0; some data pipelines have one assignee for both kinds.
    fn assigned(&self, id: Option<&Id<'t>>, kind: &str) -> Result<Option<Cow<'t, str>>, Unusual> {
        let assigned = |id| Ok(one_id(id)?.filter(|id| id != "0"));
        if let Some(id) = assigned(id)? {
            return Ok(Some(id));
        }
        let is_kind = |assignee: &&Assignee<'_>| assignee.kind.as_ref().is_some_and(|Text(text)| text == kind);
        assigned(self.assignee.as_deref().filter(is_kind).and_then(|assignee| assignee.id.as_ref()))
    }
}
