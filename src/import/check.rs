//! What a map gives, checked by the same rules as the records of `rate`.

use std::borrow::Cow;

use crate::moment::in_a_map;
use crate::{Allowed, DateFormat, Field, Found, Interaction, Moment, MomentError, Problem, Reading};
use jaq_json::Val;

use super::functions::in_zone;
use super::map::Failure;
use super::sandbox::text_of;
use crate::read::checks::is_id_again;
use crate::read::object::{self, Read, Spans};
use crate::read::written::{Written, interaction_field};

/// An interaction, and the names of its fields that are unknown.
pub(super) type WithUnknown<'t> = (Interaction<'t>, Vec<String>);

/// Reads interactions from lines of JSON.
pub(super) struct Check<'m> {
    reading: Reading<'m>,
    spans: Spans,
}

impl<'m> Check<'m> {
    pub(super) fn new(reading: Reading<'m>) -> Self {
        Self { reading, spans: Spans::default() }
    }

    /// What a map gave as one line of JSON: without what is not given, with a time in the form that records
    /// have, and with the offset of its zone at one that was read in a zone.
    pub(super) fn write(&self, given: Val) -> Result<String, Failure> {
        let Val::Obj(mut members) = given else {
            let found = Found::text(&text_of(&given));
            let list = if matches!(given, Val::Arr(_)) { "; .[] returns the elements of a list" } else { "" };
            return Err(Failure::plain(format!("returned {found}; return objects, or empty{list}")));
        };
        let fields = std::rc::Rc::make_mut(&mut members);
        fields.retain(|_, value| !matches!(value, Val::Null));
        fields.sort_by_key(|name, _| place_of(name));
        if let Some(at) = fields.get_mut(&Val::utf8_str("at"))
            && let Val::TStr(_) | Val::Num(_) = &*at
            && let Some(moment) = self.as_records_have_it(&text_of(at))
        {
            *at = Val::utf8_str(moment);
        }
        Ok(Val::Obj(members).to_string())
    }

    /// A time read by one of the formats, or in the zone, as other commands read it without them; nothing where it is
    /// as it should be, or cannot be read.
    pub(super) fn as_records_have_it(&self, text: &str) -> Option<String> {
        let Reading { zone, formats, .. } = &self.reading;
        let written = match Moment::parse(text, None) {
            Err(MomentError::Form) => Cow::Owned(formats.parse(text).ok()?.to_string()),
            _ => Cow::Borrowed(text),
        };
        match (zone, written) {
            (Some(zone), written) => in_zone(&written, zone).ok(),
            // what lacks an offset stays as it was found, for the error
            (None, Cow::Owned(written)) => Moment::parse(&written, None).ok().map(|_| written),
            (None, Cow::Borrowed(_)) => None,
        }
    }

    /// The interactions of one row, each checked by itself, with its unknown fields; or the first that is
    /// refused, counted from 0.
    pub(super) fn interactions<'t>(&mut self, lines: &'t [String]) -> Result<Vec<WithUnknown<'t>>, (usize, Problem)> {
        let mut interaction = |(index, line): (usize, &'t String)| {
            let interaction = self.interaction(line).map_err(|problem| (index, problem))?;
            Ok((interaction, self.spans.unknown.iter().map(ToString::to_string).collect()))
        };
        lines.iter().enumerate().map(&mut interaction).collect()
    }

    fn interaction<'t>(&mut self, line: &'t str) -> Result<Interaction<'t>, Problem> {
        let whole = matches!(
            object::read_object(line.as_bytes(), interaction_field, &mut self.spans),
            Read::Whole(length) if length == line.len()
        );
        if !whole || self.spans.deep.is_some() {
            let found = Found::text(line);
            return Err(Problem::form("interaction", found, "what JSON can hold: no bytes, no infinity, text as keys"));
        }
        let written = Written { text: line, spans: &self.spans };
        written.interaction(&self.reading).map_err(|(problem, _)| problem)
    }
}

/// The place of a field among those of a record; what is none of them comes behind.
fn place_of(name: &Val) -> usize {
    let Val::TStr(name) = name else { return Field::ALL.len() };
    Field::ALL.iter().position(|field| field.name().as_bytes() == &name[..]).unwrap_or(Field::ALL.len())
}

/// What else would help where a map has made it.
fn hint(problem: &Problem) -> String {
    if is_id_again(problem) {
        return ", or use the last row of a case with --last-by COLUMN".to_owned();
    }
    let found = problem.found.to_string();
    let formats = DateFormat::suggested_for(found.trim_matches('"'));
    let by_format = matches!(&problem.allowed, Allowed::Advice(advice) if advice.contains("--date-format"));
    if formats.is_empty() || !by_format { String::new() } else { format!("; in the map, {}", in_a_map(&formats)) }
}

impl Failure {
    pub(super) fn plain(message: String) -> Self {
        Self { message, found: None, no_column: false, left_out: false }
    }

    /// A problem of one of the interactions of a row: which one, if there are several.
    pub(super) fn of_problem(problem: &Problem, several: Option<usize>) -> Self {
        let which = several.map(|number| format!("interaction {number}: ")).unwrap_or_default();
        let message = format!("{which}{}{}", problem, hint(problem));
        Self { message, found: Some(problem.found.to_string()), no_column: false, left_out: false }
    }
}
