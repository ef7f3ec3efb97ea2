//! A JSON object as written in the source, to an interaction or a recipient.

use std::borrow::Cow;

use crate::{Draft, Field, Found, Interaction, Problem, Reading, Recipient, RecipientDraft, nearest};

use super::fields::{FieldError, put, put_recipient};
use super::object::{self, Spans, Value};

/// A problem, and how far into the text of the object it is.
pub(crate) type OffsetProblem = (Problem, usize);

/// The text of an object, and where its fields are in it.
pub(crate) struct Written<'t, 's> {
    pub(crate) text: &'t str,
    pub(crate) spans: &'s Spans,
}

/// The place of a field among the fields of an interaction.
pub(crate) fn interaction_field(name: &[u8]) -> Option<usize> {
    Field::named(name).map(|field| field as usize)
}

/// The place of a key among the keys of a recipient.
pub(crate) fn recipient_field(name: &[u8]) -> Option<usize> {
    RecipientDraft::KEYS.iter().position(|known| known.as_bytes() == name)
}

impl<'t> Written<'t, '_> {
    /// A field's value, its raw text, and where that is.
    fn value(&self, field: usize, name: &str) -> Result<Option<(Value<'t>, &'t str, usize)>, OffsetProblem> {
        let Some(span) = self.spans.get(field) else { return Ok(None) };
        let start = span.start;
        let raw = self.text.get(span).unwrap_or_default();
        let broken = |message: String| {
            let advice = format!("has a broken escape ({message}); write the character itself");
            (Problem::advice(name, Found::thing(message), advice), start)
        };
        Ok(Some((Value::read(raw, self.spans.plain).map_err(broken)?, raw, start)))
    }

    /// A field's text, where it is one.
    pub(crate) fn plain(&self, field: Field) -> Option<Cow<'t, str>> {
        match self.value(field as usize, field.name()) {
            Ok(Some((Value::Text(text), ..))) => Some(text).filter(|text| !text.is_empty()),
            Ok(Some((Value::Number(text), ..))) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// The object as an interaction, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'t>, OffsetProblem> {
        let mut draft = Draft::default();
        for field in Field::ALL {
            if let Some((value, raw, start)) = self.value(field as usize, field.name())? {
                put(&mut draft, reading, field, value).map_err(|misfit| flaw(misfit, raw, start))?;
            }
        }
        draft.finish().map_err(|problem| (self.lacking(problem), 0))
    }

    /// The problem of an object without a recipient or a point, with what it may be instead.
    fn lacking(&self, problem: Problem) -> Problem {
        let unknown = || self.spans.unknown.iter().map(String::as_str);
        let advise = |advice: String| {
            let sentence = format!("is {}; {advice}", problem.found);
            Problem::advice(problem.field.clone(), problem.found.clone(), sentence)
        };
        if let Some(near) = unknown().find(|name| nearest(name, [problem.field.as_str()].into_iter()).is_some()) {
            let near = Found::text(near);
            return advise(format!("rename {near} to {}", problem.field));
        }
        let has_field = (0..Field::ALL.len()).any(|field| self.spans.get(field).is_some());
        let Some(first) = unknown().next().filter(|_| !has_field) else { return problem };
        let mut list = None;
        object::members(self.text, |key, raw| {
            let is_list = raw.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
            list = Some(key).filter(|_| is_list);
            list.is_none()
        });
        match list {
            Some(list) if list.chars().all(|char| char.is_alphanumeric() || "_-".contains(char)) => {
                advise(format!("if the records are in the list {}, add --jq . --at {list}", Found::text(&list)))
            }
            _ => advise(format!(
                "{} is not a field serveup knows; to read an export, add --from, --map or --jq",
                Found::text(first)
            )),
        }
    }

    /// The object as a recipient, checked.
    pub(crate) fn recipient(&self, reading: &Reading<'_>) -> Result<Recipient, OffsetProblem> {
        let mut draft = RecipientDraft::default();
        for (key, name) in RecipientDraft::KEYS.into_iter().enumerate() {
            if let Some((value, raw, start)) = self.value(key, name)? {
                put_recipient(&mut draft, reading, name, value).map_err(|misfit| flaw(misfit, raw, start))?;
            }
        }
        draft.finish().map_err(|problem| (problem, 0))
    }
}

/// A misfit in a field's raw text at `start`.
fn flaw((problem, inside): FieldError<'_>, raw: &str, start: usize) -> OffsetProblem {
    let offset = inside.map_or(0, |inside| inside.as_ptr().addr().saturating_sub(raw.as_ptr().addr()));
    (problem, start + offset)
}
