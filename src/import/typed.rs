//! Mappers in Rust, for the exports that are read most. Each says what the map of its preset says, field by
//! field, and fifty times as fast. The map stays the reference: it is what people read and change, and a row
//! that a mapper does not understand in every detail it leaves to the map, which gives the interactions, or
//! says what is wrong.
//!
//! A mapper of JSON rows is a function ([`JsonMapper`]); one of tables finds its columns first
//! ([`TableMapper`]). What they give are [`Given`] interactions, in the order of the map.

mod chatwoot_csat;
mod freshdesk;
mod intercom;
mod json;
mod servicenow;
mod talk;
mod zendesk;
mod zendesk_csv;

use std::borrow::Cow;
use std::fmt::Write as _;

use jaq_json::Val;

use crate::record::field::Field;
use crate::{Draft, Instant, Interaction, Problem, Reading, Zone};

pub(super) use json::{Id, Object, Seconds, Text, Time};

/// Why a mapper gives nothing for a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unusual {
    /// The row is left out, for this reason.
    LeftOut(&'static str),
    /// The row is odd: the map has the word.
    Odd,
}

/// What a mapper makes of a row: interactions are given as it goes.
pub(super) type Mapped = Result<(), Unusual>;

/// A mapper of JSON rows: the text of a row, what is known beside it, and where the interactions go.
pub(super) type JsonMapper = for<'t> fn(&'t str, &Beside<'_>, &mut Vec<Given<'t>>) -> Mapped;

/// A mapper of the rows of a table, which knows where its columns are.
pub(super) trait TableMapper {
    /// Maps one row.
    fn row<'t>(&self, cells: &Cells<'t>, beside: &Beside<'_>, given: &mut Vec<Given<'t>>) -> Mapped;
}

/// The mapper of a preset.
#[derive(Clone, Copy, Debug)]
pub(super) enum Typed {
    /// Of JSON rows.
    Json(JsonMapper),
    /// Of tables with these columns; `None` where one is missing that the map asks for.
    Table(fn(&[String]) -> Option<Box<dyn TableMapper>>),
}

/// The mapper of Zendesk's tickets.
pub(super) const ZENDESK: Typed = Typed::Json(zendesk::row);
/// The mapper of Zendesk's table of tickets.
pub(super) const ZENDESK_CSV: Typed = Typed::Table(zendesk_csv::table);
/// The mapper of Freshdesk's tickets and ratings.
pub(super) const FRESHDESK: Typed = Typed::Json(freshdesk::row);
/// The mapper of Intercom's conversations.
pub(super) const INTERCOM: Typed = Typed::Json(intercom::row);
/// The mapper of Chatwoot's report.
pub(super) const CHATWOOT_CSAT: Typed = Typed::Table(chatwoot_csat::table);

/// The mapper of `ServiceNow`'s incidents.
pub(super) const SERVICENOW: Typed = Typed::Table(servicenow::table);

/// What a mapper knows beside the row, as `$row`, `$as_of` and `--timezone` are to a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside<'a> {
    /// The number of the row in its source, from 1.
    pub(super) number: u64,
    /// As of when what is still open is judged.
    pub(super) as_of: Option<Instant>,
    /// The zone for times without offset.
    pub(super) zone: Option<&'a Zone>,
}

/// An interaction as a mapper gives it: fields of a record, as they are written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given<'t> {
    pub(super) id: Option<Cow<'t, str>>,
    pub(super) at: Option<Cow<'t, str>>,
    pub(super) recipient: Option<Cow<'t, str>>,
    pub(super) journey: Option<&'static str>,
    pub(super) transaction: Option<&'static str>,
    /// The transaction, where the export names it.
    pub(super) category: Option<Cow<'t, str>>,
    pub(super) point: &'static str,
    /// `None` where the map gives no list at all.
    pub(super) signals: Option<Vec<&'static str>>,
    pub(super) channel: Option<Cow<'t, str>>,
    pub(super) stage: Option<&'static str>,
    pub(super) relation: Option<&'static str>,
    pub(super) provider: Option<Cow<'t, str>>,
    pub(super) team: Option<Cow<'t, str>>,
    pub(super) verdict: Option<&'static str>,
    pub(super) said: Option<Cow<'t, str>>,
    pub(super) recovers: Option<Cow<'t, str>>,
}

impl Given<'_> {
    /// Its fields that are texts and given, in the order of records; the signals stand between `point` and `channel`.
    fn texts(&self) -> [(Field, Option<&str>); 14] {
        [
            (Field::Id, self.id.as_deref()),
            (Field::At, self.at.as_deref()),
            (Field::Recipient, self.recipient.as_deref()),
            (Field::Journey, self.journey),
            (Field::Transaction, self.transaction.or(self.category.as_deref())),
            (Field::Point, Some(self.point)),
            (Field::Channel, self.channel.as_deref()),
            (Field::Stage, self.stage),
            (Field::Relation, self.relation),
            (Field::Provider, self.provider.as_deref()),
            (Field::Team, self.team.as_deref()),
            (Field::Verdict, self.verdict),
            (Field::Said, self.said.as_deref()),
            (Field::Recovers, self.recovers.as_deref()),
        ]
    }

    /// How many of [`Given::texts`] stand before the signals.
    const BEFORE_SIGNALS: usize = 6;

    /// The interaction, checked by the same rules as any record.
    pub(super) fn check(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, Problem> {
        let mut draft = Draft::default();
        for (field, text) in self.texts() {
            if let Some(text) = text {
                draft.plain_text(reading, field, text)?;
            }
        }
        for (place, signal) in self.signals.iter().flatten().enumerate() {
            draft.signal(reading, place, signal)?;
        }
        draft.finish()
    }

    /// The line that the map would give.
    pub(super) fn line(&self) -> String {
        let mut line = String::from("{");
        let texts = self.texts();
        let (before, behind) = texts.split_at(Self::BEFORE_SIGNALS);
        let put = |line: &mut String, texts: &[(Field, Option<&str>)]| {
            for (field, text) in texts {
                if let Some(text) = text {
                    let comma = if line.len() > 1 { "," } else { "" };
                    let _ = write!(line, "{comma}\"{}\":", field.name());
                    put_text(line, text);
                }
            }
        };
        put(&mut line, before);
        if let Some(signals) = &self.signals {
            // a point stands before them
            line.push_str(",\"signals\":[");
            for (place, signal) in signals.iter().enumerate() {
                let comma = if place > 0 { "," } else { "" };
                let _ = write!(line, "{comma}\"{signal}\"");
            }
            line.push(']');
        }
        put(&mut line, behind);
        line.push('}');
        line
    }
}

/// Writes a text as JSON, as maps write it.
fn put_text(line: &mut String, text: &str) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\' && byte != 0x7f;
    if text.bytes().all(plain) {
        line.push('"');
        line.push_str(text);
        line.push('"');
    } else {
        line.push_str(&Val::utf8_str(text.to_owned()).to_string());
    }
}

/// The cells of a row of a table.
pub(super) struct Cells<'t> {
    /// All of them, one after the other.
    pub(super) bytes: &'t [u8],
    /// Where each of them ends.
    pub(super) ends: &'t [usize],
}

impl<'t> Cells<'t> {
    /// The text of a cell, as it is; nothing where the row ends before it.
    pub(super) fn text(&self, index: usize) -> Result<&'t str, Unusual> {
        let Some(&end) = self.ends.get(index) else { return Ok("") };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let bytes = self.bytes.get(start..end).ok_or(Unusual::Odd)?;
        std::str::from_utf8(bytes).map_err(|_| Unusual::Odd)
    }

    /// The same as `known` of a map has it: without blanks around it, and nothing for blanks and N/A.
    pub(super) fn known(&self, index: usize) -> Result<Option<&'t str>, Unusual> {
        Ok(known(self.text(index)?))
    }
}

/// The text without blanks around it; nothing for blanks and N/A.
pub(super) fn known(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("n/a"))
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[test]
    fn a_line_has_the_fields_of_a_record_in_their_order() {
        let given = Given {
            id: Some("1-a".into()),
            recipient: Some("a\"b".into()),
            point: "first-reply",
            signals: Some(vec!["late", "chased"]),
            said: Some("two\nlines".into()),
            ..Given::default()
        };
        let line =
            r#"{"id":"1-a","recipient":"a\"b","point":"first-reply","signals":["late","chased"],"said":"two\nlines"}"#;
        assert_eq!(given.line(), line);
        let given = Given { recipient: Some("a".into()), point: "p", signals: Some(vec![]), ..Given::default() };
        assert_eq!(given.line(), r#"{"recipient":"a","point":"p","signals":[]}"#);
    }
}
