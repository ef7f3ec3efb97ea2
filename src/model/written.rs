//! levels.toml as written: what a file may say, and where it says it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Found, Problem, RuleError};
use crate::level::Level;

pub(super) type Names = BTreeMap<Spanned<String>, String>;

/// A levels file as written; every key is optional but the names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a levels file")]
pub(super) struct Written {
    #[serde(default)]
    pub(super) levels: Vec<WrittenLevel>,
    #[serde(default)]
    pub(super) value: Vec<WrittenCategory>,
    #[serde(default)]
    pub(super) escalator: WrittenEscalator,
    #[serde(default)]
    pub(super) market: Vec<WrittenMarket>,
    #[serde(default)]
    pub(super) response: Vec<WrittenRung>,
    #[serde(default)]
    pub(super) loyalty: WrittenLoyalty,
    #[serde(default)]
    pub(super) enough: WrittenEnough,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenLevel {
    pub(super) name: Spanned<String>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) means: Option<String>,
    pub(super) step_up: Option<String>,
    pub(super) lasts: Option<Spanned<i64>>,
    pub(super) needs_value: Option<bool>,
    #[serde(default)]
    pub(super) signals: Names,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenCategory {
    pub(super) category: Spanned<String>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) means: Option<String>,
    #[serde(default)]
    pub(super) kinds: Names,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenEscalator {
    pub(super) from: Option<Spanned<String>>,
    pub(super) unnamed: Option<Spanned<String>>,
    pub(super) memory_days: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenMarket {
    pub(super) act: Spanned<String>,
    pub(super) since: Spanned<toml::Value>,
    pub(super) level: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenRung {
    pub(super) rung: Spanned<String>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) means: Option<String>,
    pub(super) helps: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenLoyalty {
    pub(super) recent: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenEnough {
    pub(super) interactions: Option<Spanned<i64>>,
    pub(super) recipients: Option<Spanned<i64>>,
}

/// A file being read: its text, to turn byte spans into lines.
#[derive(Clone, Copy)]
pub(super) struct File<'a>(pub(super) &'a str);

impl File<'_> {
    pub(super) fn line_column(self, offset: usize) -> (usize, usize) {
        let before = self.0.get(..offset).unwrap_or(self.0);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
    }

    pub(super) fn error(self, span: &Range<usize>, reason: impl Into<String>) -> RuleError {
        let (line, column) = self.line_column(span.start);
        RuleError { line, column, reason: reason.into() }
    }

    pub(super) fn line(self, span: &Range<usize>) -> usize {
        self.line_column(span.start).0
    }

    /// The entry of a fixed set that a name names, or an error that lists them.
    pub(super) fn entry<T: Copy>(
        self,
        key: &str,
        name: &Spanned<String>,
        all: &[T],
        names: &[&str],
    ) -> Result<T, RuleError> {
        let place = names.iter().position(|known| known == name.get_ref());
        place.and_then(|place| all.get(place).copied()).ok_or_else(|| {
            let problem = Problem::name(key, name.get_ref(), names.iter().copied());
            self.error(&name.span(), problem.to_string())
        })
    }

    pub(super) fn level(self, key: &str, name: &Spanned<String>) -> Result<Level, RuleError> {
        self.entry(key, name, &Level::ALL, &Level::NAMES)
    }

    /// A whole number, one or more.
    pub(super) fn positive(self, key: &str, number: &Spanned<i64>) -> Result<NonZeroU32, RuleError> {
        u32::try_from(*number.get_ref()).ok().and_then(NonZeroU32::new).ok_or_else(|| {
            let found = Found::thing(number.get_ref().to_string());
            let problem = Problem::form(key, found, "a whole number from 1 to 4294967295");
            self.error(&number.span(), problem.to_string())
        })
    }

    pub(super) fn label(self, label: &Spanned<String>) -> Result<String, RuleError> {
        let text = label.get_ref();
        if text.trim().is_empty() || text.chars().any(|character| character.is_control() || character == ';') {
            let problem = Problem::form("label", Found::text(text), "what people shall read: one line, without ;");
            return Err(self.error(&label.span(), problem.to_string()));
        }
        Ok(label.get_ref().clone())
    }

    /// Names stand in lists joined by `;` and on command lines, so they hold neither blanks nor `;`.
    pub(super) fn name(self, what: &str, name: &Spanned<String>) -> Result<String, RuleError> {
        let text = name.get_ref();
        let fits = !text.is_empty()
            && !text.starts_with(['{', '['])
            && !text.chars().any(|character| character.is_whitespace() || character.is_control() || character == ';');
        if fits {
            return Ok(text.clone());
        }
        let problem =
            Problem::form(what, Found::text(text), "a name without blanks and semicolons, like handwritten-card");
        Err(self.error(&name.span(), problem.to_string()))
    }
}
