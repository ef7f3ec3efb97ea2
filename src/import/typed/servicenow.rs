//! `ServiceNow` incidents of a table (the list export, and the event log), as the map `servicenow` reads them; its
//! text says what the rules are and why. Answers of the API are left to the map.

use std::borrow::Cow;

use super::{Beside, Cells, Given, Mapped, TableMapper, Unusual, known};
use crate::{Instant, Zone};

/// The mapper of tables with these columns, if they have those that the map asks for.
pub(in crate::import) fn table(columns: &[String]) -> Option<Box<dyn TableMapper>> {
    let place = |name: &str| columns.iter().position(|column| column == name);
    Some(Box::new(Columns {
        number: place("number")?,
        state: place("state").or_else(|| place("incident_state"))?,
        class: place("sys_class_name"),
        caller: place("caller_id"),
        assigned_to: place("assigned_to"),
        resolved_by: place("resolved_by"),
        group: place("assignment_group"),
        category: place("category"),
        contact_type: place("contact_type"),
        codes: [place("close_code"), place("closed_code")],
        opened_at: place("opened_at"),
        resolved_at: place("resolved_at"),
        reopened_at: place("reopened_time"),
        reopens: place("reopen_count"),
        made_sla: place("made_sla"),
        breached: place("has_breached"),
        sla_due: place("sla_due"),
        due: place("due_date"),
    }))
}

/// Where the columns are.
struct Columns {
    number: usize,
    state: usize,
    class: Option<usize>,
    caller: Option<usize>,
    assigned_to: Option<usize>,
    resolved_by: Option<usize>,
    group: Option<usize>,
    category: Option<usize>,
    contact_type: Option<usize>,
    /// In the product, and in the event log.
    codes: [Option<usize>; 2],
    opened_at: Option<usize>,
    resolved_at: Option<usize>,
    reopened_at: Option<usize>,
    reopens: Option<usize>,
    made_sla: Option<usize>,
    breached: Option<usize>,
    sla_due: Option<usize>,
    due: Option<usize>,
}

/// How far an incident has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// On hold the clock of the service level stands still.
    Held,
    Resolved,
    Canceled,
}

impl Stage {
    /// By the names of the product and of the event log, and by raw values. Names of the account's own are left
    /// to the map.
    fn named(state: &str) -> Result<Self, Unusual> {
        Ok(match state {
            "Closed" | "Resolved" | "7" | "6" => Self::Resolved,
            "Active" | "New" | "In Progress" | "-100" | "1" | "2" => Self::Open,
            "On Hold" | "Awaiting User Info" | "Awaiting Problem" | "Awaiting Vendor" | "Awaiting Evidence" | "3" => {
                Self::Held
            }
            "Canceled" | "8" => Self::Canceled,
            _ => return Err(Unusual::Odd),
        })
    }
}

/// A time as the map has it: with a `Z`, or without an offset, and which it is in the zone.
struct At {
    text: String,
    instant: Instant,
}

/// A row, and how its times are meant.
struct Row<'a, 't> {
    cells: &'a Cells<'t>,
    zone: Option<&'a Zone>,
    /// Raw values have their times in UTC.
    utc: bool,
}

impl<'t> Row<'_, 't> {
    /// A cell; nothing for blanks, N/A and the question mark. What starts with an apostrophe is left to the map.
    fn cell(&self, place: Option<usize>) -> Result<Option<&'t str>, Unusual> {
        let text = place.map_or(Ok(""), |place| self.cells.text(place))?;
        let text = known(text).filter(|text| *text != "?");
        if text.is_some_and(|text| text.starts_with('\'')) { Err(Unusual::Odd) } else { Ok(text) }
    }

    fn lower(&self, place: Option<usize>) -> Result<Option<Cow<'t, str>>, Unusual> {
        Ok(self.cell(place)?.map(lower))
    }

    /// One person has one id: 11 and 11.0 are the same, and an address in capitals, too.
    fn person(&self, place: Option<usize>) -> Result<Option<Cow<'t, str>>, Unusual> {
        let Some(text) = self.cell(place)? else { return Ok(None) };
        let whole = text.strip_suffix(".0").filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
        Ok(Some(match whole {
            _ if text.contains('@') => lower(text),
            Some(whole) => whole.into(),
            None => text.into(),
        }))
    }

    fn flag(&self, place: Option<usize>) -> Result<Option<bool>, Unusual> {
        let Some(text) = self.cell(place)? else { return Ok(None) };
        match &*lower(text) {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => Err(Unusual::Odd),
        }
    }

    fn time(&self, place: Option<usize>) -> Result<Option<At>, Unusual> {
        let Some(text) = self.cell(place)? else { return Ok(None) };
        let mut text = clock(text).ok_or(Unusual::Odd)?;
        if self.utc {
            text.push('Z');
        }
        let instant = Instant::parse(&text, Some(self.zone.unwrap_or(&Zone::UTC))).map_err(|_| Unusual::Odd)?;
        Ok(Some(At { text, instant }))
    }

    /// Whether the count in a cell is above zero. What is no plain number is left to the map.
    fn is_above_zero(&self, place: Option<usize>) -> Result<bool, Unusual> {
        match self.cell(place)? {
            None | Some("0") => Ok(false),
            Some(text) if text.len() < 10 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(true)
            }
            Some(_) => Err(Unusual::Odd),
        }
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// The time of a clock, `2026-03-01 09:00` or `1/3/2026 09:00`, with or without seconds, in the form of records.
fn clock(text: &str) -> Option<String> {
    let (date, time) = text.split_once(' ')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let time = match time.as_bytes() {
        [_, _, b':', _, _] => format!("{time}:00"),
        [_, _, b':', _, _, b':', seconds @ ..] if seconds.len() == 2 && seconds != b"60" => time.to_owned(),
        _ => return None,
    };
    let date = match date.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => Cow::from(date),
        _ => {
            let mut parts = date.split('/');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            let fits = |part: &str| matches!(part.len(), 1 | 2) && digits(part);
            let is_date = fits(day) && fits(month) && year.len() == 4 && parts.next().is_none();
            Cow::from(is_date.then(|| format!("{year}-{month:0>2}-{day:0>2}"))?)
        }
    };
    let plain = date.split('-').all(digits) && time.split(':').all(digits);
    plain.then(|| format!("{date}T{time}"))
}

impl Columns {
    /// How the promise of the service level came out, by its marks.
    fn mark(&self, row: &Row<'_, '_>) -> Result<Option<&'static str>, Unusual> {
        let kept = match row.flag(self.made_sla)? {
            Some(made) => Some(made),
            None => row.flag(self.breached)?.map(|breached| !breached),
        };
        Ok(kept.map(|kept| if kept { "on-time" } else { "late" }))
    }

    /// The time that a service level is due; UNKNOWN is none.
    fn sla_due(&self, row: &Row<'_, '_>) -> Result<Option<At>, Unusual> {
        if row.cell(self.sla_due)? == Some("UNKNOWN") { Ok(None) } else { row.time(self.sla_due) }
    }

    /// What is to be said of a resolution: its promises, and whether it was one.
    fn signals(
        &self,
        mark: Option<&'static str>,
        [sla_due, due, resolved_at]: [Option<&At>; 3],
        code: &str,
        reopened: bool,
    ) -> Vec<&'static str> {
        let against = |due: Option<&At>| {
            let (due, at) = due.zip(resolved_at)?;
            Some(if at.instant > due.instant { "late" } else { "on-time" })
        };
        let of_level = match mark {
            Some("late") => mark,
            // with a column of due times an empty one says that nothing had been promised
            _ if self.sla_due.is_some() && sla_due.is_none() => None,
            _ => mark.or_else(|| against(sla_due)),
        };
        let promises = [of_level, against(due)];
        let unsolved = code == "no resolution provided" || code.starts_with("not solved");
        let late = promises.contains(&Some("late"));
        let kept = !late && !unsolved && promises.contains(&Some("on-time"));
        let noted = [(late, "late"), (kept, "on-time"), (reopened, "incomplete"), (unsolved, "unresolved")];
        noted.into_iter().filter_map(|(so, signal)| so.then_some(signal)).collect()
    }
}

impl TableMapper for Columns {
    fn row<'t>(&self, cells: &Cells<'t>, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
        let mut row = Row { cells, zone: beside.zone, utc: false };
        let number = row.cell(Some(self.number))?.ok_or(Unusual::Odd)?;
        if row.lower(self.class)?.is_some_and(|class| class != "incident") {
            return Err(Unusual::LeftOut("no incident"));
        }
        let written = row.cell(Some(self.state))?;
        let stage = written.map(Stage::named).transpose()?;
        let caller = row.person(self.caller)?;
        let [code, other_code] = self.codes;
        let code = row.lower(code)?.map_or_else(|| row.lower(other_code), |code| Ok(Some(code)))?.unwrap_or_default();
        let stage = match stage {
            Some(Stage::Canceled) => return Err(Unusual::LeftOut("canceled")),
            None => return Err(Unusual::LeftOut("no state")),
            Some(_) if code == "duplicate" => return Err(Unusual::LeftOut("duplicate")),
            Some(_) if caller.is_some() && caller == row.person(self.assigned_to)? => {
                return Err(Unusual::LeftOut("opened by staff"));
            }
            Some(stage) => stage,
        };

        row.utc = written.is_some_and(|state| state.starts_with(|first: char| first.is_ascii_digit()));
        let row = &row;
        let resolved = stage == Stage::Resolved;
        let resolved_at = if resolved { row.time(self.resolved_at)? } else { None };
        let reopened_at = row.time(self.reopened_at)?;
        let (sla_due, due) = (self.sla_due(row)?, row.time(self.due)?);
        let mark = self.mark(row)?;
        let in_vain = reopened_at.as_ref().is_some_and(|reopened| {
            !resolved || resolved_at.as_ref().is_some_and(|resolved| resolved.instant > reopened.instant)
        });

        let category = row.cell(self.category)?.map(|category| {
            let category = lower(category);
            let dashed = || category.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
            if category.contains(' ') { Cow::from(dashed()) } else { category }
        });
        let channel = row.lower(self.contact_type)?;
        let team = row.cell(self.group)?.map(Cow::from);
        let provider = row.cell(if resolved { self.resolved_by } else { self.assigned_to })?.map(Cow::from);
        let recipient = caller.unwrap_or_else(|| format!("unknown caller of {number}").into());
        let moment = |id: Cow<'t, str>, at: Option<String>, signals| Given {
            id: Some(id),
            at: at.map(Cow::from),
            recipient: Some(recipient.clone()),
            journey: Some("it-support"),
            category: category.clone(),
            point: "resolution",
            signals: Some(signals),
            channel: channel.clone(),
            stage: Some("end"),
            relation: Some("internal"),
            provider: provider.clone(),
            team: team.clone(),
            ..Given::default()
        };

        let failed = in_vain.then(|| Cow::from(format!("{number}-first-resolution")));
        let reopened = reopened_at.is_some();
        if let Some(id) = &failed {
            given.push(moment(id.clone(), reopened_at.map(|at| at.text), vec!["incomplete"]));
        }
        let opened_at = || Ok(row.time(self.opened_at)?.map(|at| at.text));
        if resolved {
            let again = failed.is_none() && (reopened || row.is_above_zero(self.reopens)?);
            let times = [sla_due.as_ref(), due.as_ref(), resolved_at.as_ref()];
            let signals = self.signals(mark, times, &code, again);
            let at = resolved_at.map_or_else(opened_at, |at| Ok(Some(at.text)))?;
            given.push(Given { recovers: failed, ..moment(number.into(), at, signals) });
            return Ok(());
        }

        // Is the promise of the service level broken, is that of the due date?
        let passed = |due: &At| beside.as_of.is_some_and(|as_of| as_of > due.instant);
        let sla_due = sla_due.filter(passed);
        let overdue = mark == Some("late") || (stage == Stage::Open && sla_due.is_some());
        let due = due.filter(passed);
        let broken = due.is_some();
        if overdue || broken {
            let was_due = [sla_due.filter(|_| overdue), due].into_iter().flatten().map(|due| due.text).min();
            let known = was_due.or_else(|| beside.as_of.map(|as_of| as_of.to_string()));
            let at = known.map_or_else(opened_at, |at| Ok(Some(at)))?;
            let signals = [overdue.then_some("late"), broken.then_some("promise-broken")];
            given.push(moment(number.into(), at, signals.into_iter().flatten().collect()));
        } else if failed.is_none() {
            return Err(Unusual::LeftOut("open"));
        }
        Ok(())
    }
}
