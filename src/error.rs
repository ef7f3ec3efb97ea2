//! What is wrong with a field or a name, and what to do about it.

use std::borrow::Cow;
use std::fmt;

use crate::printable::brief;

/// What was found where something else is wanted, short enough for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found(String);

impl Found {
    const LONGEST: usize = 40;

    /// A text, quoted, shortened after 40 characters, nothing in it that could move a cursor.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(format!("\"{}\"", brief(text, Self::LONGEST)))
    }

    /// What it is, in words that go behind "is": `a number`, `missing`.
    #[must_use]
    pub fn thing(thing: impl Into<String>) -> Self {
        Self(thing.into())
    }

    /// Whether it is a text as written: those alone begin with a quote.
    fn is_text(&self) -> bool {
        self.0.starts_with('"')
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
#[error("{}", unknown(.what, .found, .nearest.as_deref(), .allowed))]
pub struct UnknownName {
    /// What the name should have named: `level`, `signal`.
    pub what: &'static str,
    /// The name as written.
    pub found: Found,
    /// The name that was probably meant.
    pub nearest: Option<String>,
    /// The names there are.
    pub allowed: Vec<String>,
}

impl UnknownName {
    pub(crate) fn new(what: &'static str, name: &str, allowed: &[&str]) -> Self {
        Self {
            what,
            found: Found::text(name),
            nearest: nearest(name, allowed.iter().copied()).map(str::to_owned),
            allowed: allowed.iter().map(ToString::to_string).collect(),
        }
    }
}

/// How many names a message lists; of more it says which command lists them.
const LISTED: usize = 12;

/// A name that is none of those there are: the one that was meant, or else those there are.
fn unknown(what: &str, found: &Found, nearest: Option<&str>, allowed: &[String]) -> String {
    let advice = match (nearest, what) {
        (Some(nearest), _) => format!("did you mean \"{}\"?", brief(nearest, LONGEST_NAME)),
        (None, "field") if allowed.len() > LISTED => "`serveup schema interaction` lists the fields".to_owned(),
        (None, _) if allowed.len() > LISTED => "`serveup levels` lists them".to_owned(),
        (None, _) => format!("write {}", alternatives(allowed.iter().map(String::as_str))),
    };
    format!("unknown {what} {found}; {advice}")
}

/// What would have been right in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One of these names.
    Names {
        /// What each of them names: `level`, `signal`.
        what: &'static str,
        /// The names there are.
        names: Box<[String]>,
    },
    /// What to write, in words that go behind "write".
    Words(Cow<'static, str>),
    /// A whole sentence that names what was found, what is wrong with it, and what to do.
    Advice(String),
}

/// A field of a record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", self.place(), self.message())]
pub struct Problem {
    /// The field, with its place inside where it has parts: `value[2].kind`, `served.channel`.
    pub field: String,
    /// What was found, cut to 40 characters.
    pub found: Found,
    /// The name as written, whole, where a name was looked up: for "did you mean".
    pub name: Option<Box<str>>,
    /// What is allowed there.
    pub allowed: Allowed,
}

impl Problem {
    /// The field as a message names it: keys in it come from the record, and may be of any length.
    #[must_use]
    pub fn place(&self) -> String {
        brief(&self.field, LONGEST_NAME)
    }

    /// Something that is not of the allowed form: `is a number; write text`, `cannot use "soon"; write a date`.
    pub fn form(field: impl Into<String>, found: Found, write: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), found, name: None, allowed: Allowed::Words(write.into()) }
    }

    /// Nothing where something is needed.
    pub fn missing(field: impl Into<String>, write: impl Into<Cow<'static, str>>) -> Self {
        Self::form(field, Found::thing("missing"), write)
    }

    /// The same field, key or column a second time.
    pub fn twice(field: impl Into<String>) -> Self {
        Self::advice(field, Found::thing("given twice"), "is given twice; keep one".to_owned())
    }

    /// Something of which a sentence says what is wrong with it, and what to do.
    pub fn advice(field: impl Into<String>, found: Found, sentence: String) -> Self {
        Self { field: field.into(), found, name: None, allowed: Allowed::Advice(sentence) }
    }

    /// A name that is not one of those there are; `what` says what it should have named.
    pub fn name<'a>(
        field: impl Into<String>,
        what: &'static str,
        name: &str,
        allowed: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let names = allowed.into_iter().map(str::to_owned).collect();
        let allowed = Allowed::Names { what, names };
        Self { field: field.into(), found: Found::text(name), name: Some(name.into()), allowed }
    }
}

impl Problem {
    /// What is wrong with the field, and what to do.
    #[must_use]
    pub fn message(&self) -> String {
        let found = &self.found;
        match &self.allowed {
            Allowed::Advice(sentence) => sentence.clone(),
            Allowed::Words(write) if found.is_text() => format!("cannot use {found}; write {write}"),
            Allowed::Words(write) => format!("is {found}; write {write}"),
            Allowed::Names { what, names } => {
                let name = self.name.as_deref().unwrap_or_default();
                unknown(what, found, nearest(name, names.iter().map(String::as_str)), names)
            }
        }
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
            Problem::form(format!("served.{long}"), Found::thing("a list"), "text").to_string(),
            Problem::name(&long, "signal", &long, [long.as_str(), "late"]).to_string(),
            UnknownName::new("level", &long, &[&long]).to_string(),
            RuleError { line: 1, column: 1, reason: long }.to_string(),
        ];
        for message in messages {
            assert!(message.len() < 700 && message.contains('…'), "{}", message.len());
        }
    }

    #[test]
    fn problems_say_what_is_wrong_and_what_to_do() {
        let many: Vec<String> = (0..13).map(|number| format!("signal-{number}")).collect();
        let many = || many.iter().map(String::as_str);
        for (problem, message) in [
            (Problem::form("at", Found::thing("a list"), "a date"), "at: is a list; write a date"),
            (Problem::form("at", Found::text("soon"), "a date"), "at: cannot use \"soon\"; write a date"),
            (Problem::missing("point", "where it happened"), "point: is missing; write where it happened"),
            (Problem::twice("served.channel"), "served.channel: is given twice; keep one"),
            (Problem::name("a", "signal", "lat", ["late"]), "a: unknown signal \"lat\"; did you mean \"late\"?"),
            (Problem::name("a", "stage", "up", ["end", "middle"]), "a: unknown stage \"up\"; write end or middle"),
            (Problem::name("a", "signal", "up", many()), "a: unknown signal \"up\"; `serveup levels` lists them"),
        ] {
            assert_eq!(problem.to_string(), message);
        }
        let level = UnknownName::new("level", "basik", &["basic", "expected"]);
        assert_eq!(level.to_string(), "unknown level \"basik\"; did you mean \"basic\"?");
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
