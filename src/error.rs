//! Where something went wrong, what was found, and what is allowed.

use std::borrow::Cow;
use std::fmt;

use crate::printable::brief;

/// What was found where something else is allowed, short enough for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found(String);

impl Found {
    const LONGEST: usize = 40;

    /// A text, quoted, shortened after 40 characters, nothing in it that could move a cursor.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(format!("\"{}\"", brief(text, Self::LONGEST)))
    }

    /// A thing in words: `a number`, `nothing`.
    #[must_use]
    pub fn thing(thing: impl Into<String>) -> Self {
        Self(thing.into())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many characters of a name are shown among others.
const LONGEST_NAME: usize = 80;

/// A name that is not one of the names there are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} {found}; allowed: {}", alternatives(.allowed.iter().map(String::as_str)))]
pub struct UnknownName {
    /// What the name should have named: `level`, `signal`.
    pub what: &'static str,
    /// The name as written.
    pub found: Found,
    /// The names there are.
    pub allowed: Vec<String>,
}

impl UnknownName {
    pub(crate) fn new(what: &'static str, found: Found, allowed: &[&str]) -> Self {
        Self { what, found, allowed: allowed.iter().map(ToString::to_string).collect() }
    }
}

/// What would have been right in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One of these names.
    Names(Vec<String>),
    /// A description in words.
    Words(Cow<'static, str>),
    /// A whole sentence that names what was found, what is wrong with it, and what to do.
    Advice(String),
}

impl Allowed {
    /// One of these names.
    pub fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Names(names.into_iter().map(str::to_owned).collect())
    }
}

/// A field of a record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", self.place(), self.told())]
pub struct Problem {
    /// The field, with its place inside where it has parts: `value[2].kind`, `served.channel`.
    pub field: String,
    /// What was found, cut to 40 characters.
    pub found: Found,
    /// The name as written, whole, where a name was looked up: for "did you mean".
    pub name: Option<String>,
    /// What is allowed there.
    pub allowed: Allowed,
}

impl Problem {
    /// The field as a message names it: keys in it come from the record, and may be of any length.
    #[must_use]
    pub fn place(&self) -> String {
        brief(&self.field, LONGEST_NAME)
    }

    /// Something that is not of the allowed form.
    pub fn form(field: impl Into<String>, found: Found, allowed: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), found, name: None, allowed: Allowed::Words(allowed.into()) }
    }

    /// Something of which a sentence says what is wrong with it, and what to do.
    pub fn advice(field: impl Into<String>, found: Found, sentence: String) -> Self {
        Self { field: field.into(), found, name: None, allowed: Allowed::Advice(sentence) }
    }

    /// A name that is not one of those there are.
    pub fn name<'a>(field: impl Into<String>, name: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            field: field.into(),
            found: Found::text(name),
            name: Some(name.to_owned()),
            allowed: Allowed::names(allowed),
        }
    }
}

impl Problem {
    /// What is wrong with the field, and what to do.
    fn told(&self) -> String {
        match &self.allowed {
            Allowed::Advice(sentence) => sentence.clone(),
            allowed => format!("found {}{}; allowed: {allowed}", self.found, self.did_you_mean()),
        }
    }

    /// ` (did you mean "late"?)`, where a name is near.
    fn did_you_mean(&self) -> String {
        let (Some(name), Allowed::Names(names)) = (&self.name, &self.allowed) else { return String::new() };
        let nearest = nearest(name, names.iter().map(String::as_str));
        nearest.map_or_else(String::new, |nearest| format!(" (did you mean \"{nearest}\"?)"))
    }
}

/// The name most like the one written, if one is like it at all.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
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

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names) => f.write_str(&alternatives(names.iter().map(String::as_str))),
            Self::Words(words) => f.write_str(words),
            Self::Advice(sentence) => f.write_str(sentence),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn alternatives<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| brief(name, LONGEST_NAME)).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A rule of a levels file that is refused, with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {}", brief(.reason, 600))]
pub struct RuleError {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the line, in characters, from 1.
    pub column: usize,
    /// What is wrong and what would be right, in one line.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_is_short_and_harmless() {
        assert_eq!(Found::text("late").to_string(), "\"late\"");
        assert_eq!(Found::text("a\u{1b}[2J").to_string(), "\"a\\u{1b}[2J\"");
        assert_eq!(Found::text("x\u{202e}y").to_string(), "\"x\\u{202e}y\"");
        assert_eq!(Found::text(&"é".repeat(41)).to_string(), format!("\"{}…\"", "é".repeat(40)));
        assert_eq!(Found::text(&"é".repeat(40)).to_string(), format!("\"{}\"", "é".repeat(40)));
    }

    #[test]
    fn messages_are_short_whatever_they_quote() {
        let long = "x".repeat(1 << 20);
        let messages = [
            Problem::form(format!("served.{long}"), Found::thing("a list"), "a text").to_string(),
            Problem::name(&long, &long, [long.as_str(), "late"]).to_string(),
            UnknownName::new("level", Found::text(&long), &[&long]).to_string(),
            RuleError { line: 1, column: 1, reason: long }.to_string(),
        ];
        for message in messages {
            assert!(message.len() < 700 && message.contains('…'), "{}", message.len());
        }
    }

    #[test]
    fn alternatives_read_as_a_sentence() {
        assert_eq!(alternatives([]), "none");
        assert_eq!(alternatives(["a"]), "a");
        assert_eq!(alternatives(["a", "b", "c"]), "a, b or c");
    }

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
