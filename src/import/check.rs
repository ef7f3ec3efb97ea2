//! What a map gives, checked by the same rules as the records of `rate`.

use std::borrow::Cow;

use crate::moment::in_a_map;
use crate::{Allowed, DateFormat, Found, Interaction, Moment, MomentError, Problem, Reading};
use jaq_json::Val;

use super::functions::in_zone;
use super::map::Failure;
use super::sandbox::text_of;
use crate::read::Observer;
use crate::read::object::{self, Read, Spans};
use crate::read::unknown::Unknown;
use crate::read::written::{Written, interaction_field};
use crate::record::timing::Timing;

/// Checks interactions, and remembers what one of them cannot show by itself.
pub(super) struct Check<'m> {
    reading: Reading<'m>,
    strict: bool,
    timing: Timing,
    unknown: Unknown,
    spans: Spans,
}

impl<'m> Check<'m> {
    pub(super) fn new(reading: Reading<'m>, strict: bool) -> Self {
        let (timing, unknown, spans) = (
            Timing::default(),
            Unknown::of("interaction", crate::Field::ALL.map(crate::Field::name)),
            Spans::default(),
        );
        Self { reading, strict, timing, unknown, spans }
    }

    /// What a map gave as one line of JSON: without what is not given, with a time in the form that records
    /// have, and with the offset of its zone at one that was read in a zone.
    pub(super) fn write(&self, given: Val) -> Result<String, Failure> {
        let Val::Obj(mut members) = given else {
            let found = Found::text(&text_of(&given));
            let list = if matches!(given, Val::Arr(_)) { "; of a list, .[] gives the elements" } else { "" };
            let allowed = "interactions, which are objects, or empty";
            return Err(Failure::plain(format!("gave {found}; allowed: {allowed}{list}")));
        };
        let fields = std::rc::Rc::make_mut(&mut members);
        fields.retain(|_, value| !matches!(value, Val::Null));
        if let Some(at) = fields.get_mut(&Val::utf8_str("at"))
            && let Val::TStr(_) | Val::Num(_) = &*at
            && let Some(moment) = as_records_have_it(&text_of(at), &self.reading)
        {
            *at = Val::utf8_str(moment);
        }
        Ok(Val::Obj(members).to_string())
    }

    /// The interactions of one row, checked. None is taken if one is refused.
    pub(super) fn interactions<'t>(&mut self, lines: &'t [String]) -> Result<Vec<Interaction<'t>>, Failure> {
        let mut timing = self.timing;
        let mut unknown = Vec::new();
        let mut interactions = Vec::with_capacity(lines.len());
        for (index, line) in lines.iter().enumerate() {
            let several = (lines.len() > 1).then_some(index + 1);
            let flawed = |problem: &Problem| Failure::of_problem(problem, several);
            let interaction = self.interaction(line).map_err(|problem| flawed(&problem))?;
            timing.fits(interaction.at.is_some()).map_err(|problem| flawed(&problem))?;
            timing.take(interaction.at.is_some());
            if let (true, Some(name)) = (self.strict, self.spans.unknown.first()) {
                return Err(flawed(&self.unknown.problem(name)));
            }
            unknown.extend(self.spans.unknown.iter().cloned());
            interactions.push(interaction);
        }
        self.timing = timing;
        for name in &unknown {
            self.unknown.take(name);
        }
        Ok(interactions)
    }

    fn interaction<'t>(&mut self, line: &'t str) -> Result<Interaction<'t>, Problem> {
        let whole = matches!(
            object::read_object(line.as_bytes(), interaction_field, &mut self.spans),
            Read::Whole(length) if length == line.len()
        );
        if !whole || self.spans.deep.is_some() {
            let found = Found::text(line);
            return Err(Problem::form("interaction", found, "what JSON can hold: no bytes, no infinity, keys of text"));
        }
        let written = Written { text: line, spans: &self.spans };
        written.interaction(&self.reading).map_err(|(problem, _)| problem)
    }

    /// Reports unknown fields in the interactions.
    pub(super) fn tell_unknown(&self, observer: &mut dyn Observer) {
        self.unknown.tell(observer);
    }
}

/// A time read by one of the formats, or in the zone, as other commands read it without them.
fn as_records_have_it(text: &str, reading: &Reading<'_>) -> Option<String> {
    let written = match Moment::parse(text, None) {
        Err(MomentError::Form) => Cow::Owned(reading.formats.parse(text).ok()?.to_string()),
        _ => Cow::Borrowed(text),
    };
    match (&reading.zone, written) {
        (Some(zone), written) => in_zone(&written, zone).ok(),
        // what lacks an offset stays as it was found, for the error
        (None, Cow::Owned(written)) => Moment::parse(&written, None).ok().map(|_| written),
        (None, Cow::Borrowed(_)) => None,
    }
}

/// How a map makes a time of what was found, where that was none.
fn hint(problem: &Problem) -> String {
    let found = problem.found.to_string();
    let formats = DateFormat::suggested_for(found.trim_matches('"'));
    let by_format = matches!(&problem.allowed, Allowed::Advice(advice) if advice.contains("--date-format"));
    if formats.is_empty() || !by_format { String::new() } else { format!("; in the map, {}", in_a_map(&formats)) }
}

impl Failure {
    pub(super) fn plain(message: String) -> Self {
        Self { message, found: None, no_column: false }
    }

    /// A problem of one of the interactions of a row: which one, if there are several.
    fn of_problem(problem: &Problem, several: Option<usize>) -> Self {
        let which = several.map(|number| format!("interaction {number}: ")).unwrap_or_default();
        let message = format!("{which}{}{}", problem, hint(problem));
        Self { message, found: Some(problem.found.to_string()), no_column: false }
    }
}
