//! Chatwoot's report of customer satisfaction, as `chatwoot-csat.jq` maps it; the rules are told there.

use crate::Instant;

use super::{Beside, Cells, Given, Mapped, TableMapper, Unusual, known};

/// The cells of the report, by their order: its headers are in the language of the account.
struct Report;

/// The mapper, if there are as many columns as the report has.
pub(super) fn table(columns: &[String]) -> Option<Box<dyn TableMapper>> {
    let is_list =
        ["feedback_message", "conversation_id"].iter().all(|name| columns.iter().any(|column| column == name));
    (columns.len() >= 8 && !is_list).then(|| Box::new(Report) as Box<dyn TableMapper>)
}

impl TableMapper for Report {
    fn row<'t>(&self, cells: &Cells<'t>, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped {
        let cell = |index| Ok(cells.known(index)?.and_then(without_apostrophe));
        let (agent, rating, comment) = (cell(0)?, cell(1)?, cell(2)?);
        let (mail, phone, link, recorded) = (cell(4)?, cell(5)?, cell(6)?, cell(7)?);
        // the link ends in the number of the conversation
        let conversation = link.and_then(|link| link.rsplit('/').next());
        let recipient = match (mail, phone, conversation) {
            (Some(mail), _, _) => mail.to_ascii_lowercase().into(),
            (None, Some(phone), _) => phone.into(),
            (None, None, Some(conversation)) => format!("visitor of conversation {conversation}").into(),
            (None, None, None) => format!("visitor of conversation in row {}", beside.number).into(),
        };
        given.push(Given {
            id: Some(format!("conversation-{}-row-{}", conversation.unwrap_or("unknown"), beside.number).into()),
            at: Some(utc(recorded.ok_or(Unusual::Odd)?)?.into()),
            recipient: Some(recipient),
            journey: Some("support"),
            transaction: Some("conversation"),
            point: "resolution",
            stage: Some("end"),
            relation: Some("external"),
            provider: agent.map(Into::into),
            verdict: match rating {
                None => None,
                Some("1" | "2") => Some("basic-or-below"),
                Some("3") => Some("expected"),
                Some("4") => Some("expected-or-above"),
                Some("5") => Some("desired-or-above"),
                Some(_) => return Err(Unusual::Odd),
            },
            said: comment.map(Into::into),
            ..Given::default()
        });
        Ok(())
    }
}

/// A cell as it was before it was made safe for spreadsheets.
fn without_apostrophe(cell: &str) -> Option<&str> {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['+', '-', '=', '@']) => known(rest),
        _ => Some(cell),
    }
}

/// A time as the download has it, `2024-08-05 09:12:44 UTC`; other forms are left to the map.
fn utc(recorded: &str) -> Result<String, Unusual> {
    let (day, time) = recorded.strip_suffix(" UTC").and_then(|time| time.split_once(' ')).ok_or(Unusual::Odd)?;
    let at = format!("{day}T{time}Z");
    let is_written_so = Instant::parse(&at, None).is_ok_and(|instant| instant.to_string() == at);
    if is_written_so { Ok(at) } else { Err(Unusual::Odd) }
}
