//! Zendesk tickets of the CSV export, as the map `zendesk-csv` reads them; its text says what the rules are and why.

use std::borrow::Cow;

use super::{Beside, Cells, Given, Mapped, TableMapper, Unusual, known};
use crate::moment::Parsed;
use crate::{Instant, Zone};

/// The mapper of tables with these columns, if they have those that the map asks for.
pub(in crate::import) fn table(columns: &[String]) -> Option<Box<dyn TableMapper>> {
    let place = |name: &str| columns.iter().position(|column| column == name);
    Some(Box::new(Columns {
        id: place("Id")?,
        status: place("Status")?,
        requester_id: place("Requester id")?,
        requester: place("Requester"),
        email: place("Requester email"),
        submitter: place("Submitter"),
        assignee: place("Assignee"),
        group: place("Group"),
        tags: place("Tags"),
        via: place("Via"),
        created_at: place("Created at"),
        updated_at: place("Updated at"),
        due: place("Due date"),
        solved_at: place("Solved at"),
        score: place("Satisfaction Score"),
        reopens: place("Reopens"),
        replies: place("Replies"),
        reply: place("First reply time in minutes"),
        reply_in_seconds: place("First reply time in seconds"),
        reply_within_business: place("First reply time in minutes within business hours"),
        first_resolution: place("First resolution time in minutes"),
        full_resolution: place("Full resolution time in minutes"),
    }))
}

/// Where the columns are.
struct Columns {
    id: usize,
    status: usize,
    requester_id: usize,
    requester: Option<usize>,
    email: Option<usize>,
    submitter: Option<usize>,
    assignee: Option<usize>,
    group: Option<usize>,
    tags: Option<usize>,
    via: Option<usize>,
    created_at: Option<usize>,
    updated_at: Option<usize>,
    due: Option<usize>,
    solved_at: Option<usize>,
    score: Option<usize>,
    reopens: Option<usize>,
    replies: Option<usize>,
    reply: Option<usize>,
    reply_in_seconds: Option<usize>,
    reply_within_business: Option<usize>,
    first_resolution: Option<usize>,
    full_resolution: Option<usize>,
}

/// A row, and the zone of its times.
struct Row<'a, 't> {
    cells: &'a Cells<'t>,
    zone: Option<&'a Zone>,
}

/// A time as the map has it: with a `Z`, or without an offset, and which it is in the zone.
#[derive(Clone)]
struct At<'t> {
    text: Cow<'t, str>,
    instant: Instant,
}

impl<'t> Row<'_, 't> {
    fn raw(&self, place: Option<usize>) -> Result<&'t str, Unusual> {
        place.map_or(Ok(""), |place| self.cells.text(place))
    }

    /// A cell; nothing for blanks, N/A and the dash. Without the apostrophe that hides a sign from spreadsheets.
    fn cell(&self, place: Option<usize>) -> Result<Option<&'t str>, Unusual> {
        let Some(text) = known(self.raw(place)?) else { return Ok(None) };
        let shown = text.strip_prefix('\'').filter(|text| text.starts_with(['+', '-', '=', '@']));
        let text = shown.map_or(Some(text), known);
        Ok(text.filter(|text| *text != "-"))
    }

    /// A whole number. Anything else is left to the map.
    fn number(&self, place: Option<usize>) -> Result<Option<i32>, Unusual> {
        let Some(text) = self.cell(place)? else { return Ok(None) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        text.parse().ok().filter(|_| plain).map(Some).ok_or(Unusual::Odd)
    }

    fn time(&self, place: Option<usize>) -> Result<Option<At<'t>>, Unusual> {
        let Some(text) = self.cell(place)? else { return Ok(None) };
        let text = if text.ends_with('Z') { Cow::Borrowed(text) } else { clock(text).ok_or(Unusual::Odd)?.into() };
        let instant = Instant::parse(&text, Some(self.zone.unwrap_or(&Zone::UTC))).map_err(|_| Unusual::Odd)?;
        Ok(Some(At { text, instant }))
    }

    /// So many hours after a time, written as it is.
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range is refused")]
    fn later(&self, time: &At<'_>, hours: f64) -> Result<At<'t>, Unusual> {
        let micros = (hours * 3_600_000_000.0).round() as i64;
        let instant = Instant::from_micros(time.instant.micros().saturating_add(micros)).map_err(|_| Unusual::Odd)?;
        let text = match self.zone {
            _ if time.text.ends_with('Z') => instant.to_string(),
            Some(zone) => instant.to_offset(zone),
            None => instant.to_civil(&Zone::UTC),
        };
        Ok(At { text: text.into(), instant })
    }

    /// How a due date came out at a time; a day is kept by anything on it.
    fn kept(&self, due: &Due<'_>, at: &At<'_>) -> &'static str {
        let late = match due {
            Due::At(due) => at.instant > due.instant,
            Due::Day(day) => match self.zone {
                Some(zone) if has_offset(&at.text) => at.instant.date(zone).to_string().as_str() > *day,
                _ => at.text.get(..10).is_some_and(|date| date > *day),
            },
        };
        if late { "late" } else { "on-time" }
    }
}

/// A due date: a time, or a day.
enum Due<'t> {
    At(At<'t>),
    Day(&'t str),
}

impl Due<'_> {
    fn text(&self) -> &str {
        match self {
            Self::At(at) => &at.text,
            Self::Day(day) => day,
        }
    }
}

/// Whether a time is written with its offset: `Z`, or that of the zone it was counted in.
fn has_offset(text: &str) -> bool {
    text.get(10..).is_some_and(|time| time.ends_with('Z') || time.contains(['+', '-']))
}

/// The time of a clock, `2026-03-01 09:00` with or without seconds, in the form of records.
fn clock(text: &str) -> Option<String> {
    let form = |form: &[u8]| {
        let is = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
        text.len() == form.len() && text.bytes().zip(form).all(is)
    };
    let (date, time) = text.split_at_checked(10)?;
    match time.get(1..)? {
        time if form(b"0000-00-00 00:00") => Some(format!("{date}T{time}:00")),
        time if form(b"0000-00-00 00:00:00") && !time.ends_with("60") => Some(format!("{date}T{time}")),
        _ => None,
    }
}

/// Whether people speak or chat in this channel.
fn is_live(via: &str) -> bool {
    ["phone", "voice", "call", "chat", "messag"].iter().any(|word| via.contains(word))
}

fn verdict(score: &str) -> Result<Option<&'static str>, Unusual> {
    Ok(Some(match score {
        "Offered" | "Not Offered" | "offered" | "unoffered" => return Ok(None),
        "Good" | "good" | "4" => "expected-or-above",
        "Bad" | "bad" | "1" | "2" => "basic-or-below",
        "3" => "expected",
        "5" => "desired-or-above",
        _ => return Err(Unusual::Odd),
    }))
}

impl Columns {
    /// The text of an id; what a spreadsheet rounded is left to the map.
    fn id<'t>(cells: &Cells<'t>, place: usize) -> Result<Option<&'t str>, Unusual> {
        let id = cells.known(place)?.filter(|id| *id != "-");
        if id.is_some_and(|id| id.contains("E+")) {
            return Err(Unusual::Odd);
        }
        Ok(id.map(|id| id.strip_suffix(".0").unwrap_or(id)))
    }

    /// Why a ticket is no service to a customer.
    fn no_service(&self, row: &Row<'_, '_>, via: &str, of_staff: bool) -> Result<Option<&'static str>, Unusual> {
        let tags = row.raw(self.tags)?;
        let tagged = |tag: &str| tags.split([' ', ',']).any(|written| written == tag);
        Ok(Some(match () {
            () if row.cells.text(self.status)?.eq_ignore_ascii_case("deleted") => "deleted",
            () if tagged("closed_by_merge") => "merged",
            () if tagged("spam") => "spam",
            () if via.starts_with("sample") => "test",
            () if via.contains("outgoing") || via.contains("outbound") => "outbound",
            () if of_staff => "opened by staff",
            () => return Ok(None),
        }))
    }

    fn due<'t>(&self, row: &Row<'_, 't>) -> Result<Option<Due<'t>>, Unusual> {
        match row.cell(self.due)? {
            // ten characters are a day, in whatever form the map reads it
            Some(day) if day.chars().count() == 10 => match Parsed::by("%Y-%m-%d", day) {
                Ok(parsed) if parsed.to_string() == day => Ok(Some(Due::Day(day))),
                _ => Err(Unusual::Odd),
            },
            Some(_) => Ok(row.time(self.due)?.map(Due::At)),
            None => Ok(None),
        }
    }

    fn is_over(&self, row: &Row<'_, '_>) -> Result<bool, Unusual> {
        match known(row.cells.text(self.status)?).ok_or(Unusual::Odd)?.to_ascii_lowercase().as_str() {
            "solved" | "closed" => Ok(true),
            "new" | "open" | "pending" | "hold" | "on-hold" => Ok(false),
            _ => Err(Unusual::Odd),
        }
    }
}

impl TableMapper for Columns {
    fn row<'t>(&self, cells: &Cells<'t>, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
        let row = &Row { cells, zone: beside.zone };
        let id = Self::id(cells, self.id)?.ok_or(Unusual::Odd)?;
        let channel = row.cell(self.via)?;
        let via = channel.unwrap_or_default().to_ascii_lowercase();
        let (requester, assignee) = (row.cell(self.requester)?, row.cell(self.assignee)?);
        let of_staff = requester.is_some() && requester == assignee;
        if let Some(why) = self.no_service(row, &via, of_staff)? {
            return Err(Unusual::LeftOut(why));
        }
        let over = self.is_over(row)?;
        let created_at = row.time(self.created_at)?;
        let after = |count: Option<i32>, an_hour: f64| match (&created_at, count) {
            (Some(created_at), Some(count)) => row.later(created_at, f64::from(count) / an_hour).map(Some),
            _ => Ok(None),
        };
        let (first, full) = (row.number(self.first_resolution)?, row.number(self.full_resolution)?);
        let solved_at = row.time(self.solved_at)?.map_or_else(|| after(full, 60.0), |at| Ok(Some(at)))?;
        let solved_at = solved_at.filter(|_| over);
        let reopened = row.number(self.reopens)?.unwrap_or(0) > 0;
        let twice = !over || full.is_some_and(|full| first.is_some_and(|first| first < full));
        let in_vain = if reopened && twice { after(first, 60.0)? } else { None };

        let submitter = row.cell(self.submitter)?;
        let for_customer = submitter.is_some() && requester.is_some() && submitter != requester;
        let reply = match row.number(self.reply)? {
            Some(minutes) => after(Some(minutes), 60.0)?,
            None => after(row.number(self.reply_in_seconds)?, 3600.0)?,
        };
        let replied_at = reply.filter(|_| !for_customer);
        let silent = over
            && replied_at.is_none()
            && !(for_customer || is_live(&via))
            && self.reply.is_some()
            && row.number(self.replies)?.unwrap_or(0) == 0
            && row.cell(self.reply_within_business)?.is_none();

        let verdict = row.cell(self.score)?.map(verdict).transpose()?.flatten();
        let due = self.due(row)?;
        let broken = due
            .as_ref()
            .zip(beside.as_of)
            .is_some_and(|(due, instant)| row.kept(due, &At { text: instant.to_string().into(), instant }) == "late");

        let by_id = Self::id(cells, self.requester_id)?.map(Cow::from);
        let by_email = || Ok(row.cell(self.email)?.map(|email| email.to_ascii_lowercase().into()));
        let recipient = by_id.map_or_else(by_email, |id| Ok(Some(id)))?;
        let group = row.cell(self.group)?;
        let record = |suffix: &str, at: Option<Cow<'t, str>>, point: &'static str| Given {
            id: Some(format!("{id}{suffix}").into()),
            at,
            recipient: recipient.clone(),
            journey: Some("support"),
            transaction: Some("ticket"),
            point,
            channel: channel.map(Cow::from),
            stage: (point != "first-reply").then_some("end"),
            relation: Some("external"),
            provider: assignee.map(Cow::from),
            team: group.map(Cow::from),
            ..Given::default()
        };
        let ended_at = || solved_at.clone().or_else(|| created_at.clone()).map(|at| at.text);
        if let Some(at) = replied_at {
            given.push(record("-first-reply", Some(at.text), "first-reply"));
        }
        if silent {
            let signals = Some(vec!["unresolved"]);
            given.push(Given { signals, ..record("-first-reply", ended_at(), "first-reply") });
        }
        let failed = in_vain.as_ref().map(|_| Cow::from(format!("{id}-first-resolution")));
        if let Some(at) = in_vain {
            let signals = Some(vec!["incomplete"]);
            given.push(Given { signals, ..record("-first-resolution", Some(at.text), "resolution") });
        }
        if over {
            let timely = due.as_ref().zip(solved_at.as_ref()).map(|(due, solved)| row.kept(due, solved));
            let signals = [timely, (reopened && failed.is_none()).then_some("incomplete")];
            given.push(Given {
                signals: Some(signals.into_iter().flatten().collect()),
                recovers: failed,
                verdict: verdict.filter(|_| !reopened),
                ..record("-resolution", ended_at(), "resolution")
            });
        } else if let Some(due) = due.filter(|_| broken) {
            let signals = Some(vec!["promise-broken"]);
            let at = Some(due.text().to_owned().into());
            given.push(Given { signals, ..record("-resolution", at, "resolution") });
        }
        if verdict.is_some() && (reopened || !over) {
            let at = row.time(self.updated_at)?.map(|at| at.text);
            given.push(Given { verdict, ..record("-survey", at, "survey") });
        }
        if given.is_empty() { Err(Unusual::LeftOut("open")) } else { Ok(()) }
    }
}
