//! What is wrong with a record, and where it stands.

use std::fmt::Write as _;

use serveup::{Allowed, Found, Problem, printable};

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// A record that cannot be read as it stands.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    /// The record's id, where it is known.
    pub(crate) id: Option<String>,
    /// What is wrong, in one line.
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, id: None, message: message.into() }
    }

    pub(crate) fn of(problem: &Problem, place: Place) -> Self {
        Self::new(place, with_nearest(problem))
    }

    /// Whether it is about what starts there.
    pub(crate) fn is_at(&self, place: Place) -> bool {
        self.place == place
    }

    pub(crate) fn with_id(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// The same fault with something more to know.
    pub(crate) fn and(mut self, more: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(more);
        self
    }

    /// The line a person reads of something that has no number: `file:line:column: thing: …`.
    pub(crate) fn describe_as(&self, thing: &str, file: &str) -> String {
        let Place { line, column } = self.place;
        format!("{file}:{line}:{column}: {thing}: {}", self.message)
    }

    /// The line a person reads: `file:line:column: record N (id …): field: found …; allowed: …`.
    pub(crate) fn describe(&self, file: &str, thing: &str, number: u64) -> String {
        let Place { line, column } = self.place;
        let mut text = format!("{file}:{line}:{column}: {thing} {number}");
        if let Some(id) = &self.id {
            let _ = write!(text, " (id {})", Found::text(id));
        }
        // names of fields come from the record as well, so nothing in it may move a cursor
        text.push_str(": ");
        text.push_str(&printable(&self.message));
        text
    }
}

/// The problem in words, with the nearest allowed name where one is near.
pub(crate) fn with_nearest(problem: &Problem) -> String {
    if let (Some(name), Allowed::Names(names)) = (&problem.name, &problem.allowed)
        && let Some(nearest) = nearest(name, names.iter().map(String::as_str))
    {
        let (place, Problem { found, allowed, .. }) = (problem.place(), problem);
        return format!("{place}: found {found} (did you mean \"{nearest}\"?); allowed: {allowed}");
    }
    problem.to_string()
}

/// The name most like the one written, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().count() > 60 {
        return None;
    }
    let name = name.trim().to_lowercase().replace(['_', ' '], "-");
    let likeness = |other: &str| strsim::jaro_winkler(&name, other);
    names
        .map(|other| (likeness(other), other))
        .filter(|(like, _)| *like > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_one_a_person_would_mean() {
        let names = || ["late", "incomplete", "impolite", "on-time", "basic"].into_iter();
        assert_eq!(nearest("lat", names()), Some("late"));
        assert_eq!(nearest("On Time", names()), Some("on-time"));
        assert_eq!(nearest("BASIC", names()), Some("basic"));
        assert_eq!(nearest("zebra", names()), None);
        assert_eq!(nearest("", names()), None);
    }
}
