//! levels.toml as written: what a file may say, and where it says it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Found, Problem, RuleError};
use crate::level::Level;

pub(super) type Names = BTreeMap<Spanned<String>, String>;

/// The schema of a text that people read as a label.
#[cfg(feature = "schema")]
const LABEL: &str = r"^[^;\x00-\x1f\x7f]*[^;\s\x00-\x1f\x7f][^;\x00-\x1f\x7f]*$";

/// The schema of a name that is used in lists.
#[cfg(feature = "schema")]
const NAME: &str = r"^[^;\s\x00-\x1f\x7f\[{][^;\s\x00-\x1f\x7f]*$";

/// The schema of a step of a journey: parts that are not empty.
#[cfg(feature = "schema")]
const STEP: &str = r"^[^/]+(/[^/]+)*$";

/// The rules of service levels, whole or laid over the shipped ones: what is not said stays as it is.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a levels file")]
pub(crate) struct Written {
    /// The levels, matched by name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 6)))]
    pub(super) levels: Vec<WrittenLevel>,
    /// The categories of value, matched by name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 4)))]
    pub(super) value: Vec<WrittenCategory>,
    /// Which acts slide, and for how long they are remembered.
    #[serde(default)]
    pub(super) escalator: WrittenEscalator,
    /// What everyone takes an act for, from a date on.
    #[serde(default)]
    pub(super) market: Vec<WrittenMarket>,
    /// How people meet failures: the rungs of a ladder, matched by name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 4)))]
    pub(super) response: Vec<WrittenRung>,
    /// Journeys laid out, matched by name.
    #[serde(default)]
    pub(super) journey: Vec<WrittenJourney>,
    /// How loyalty is told.
    #[serde(default)]
    pub(super) loyalty: WrittenLoyalty,
    /// Below these numbers the answer is "too little data".
    #[serde(default)]
    pub(super) enough: WrittenEnough,
    /// The texts of the report page: `serveup levels --page` lists them.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::page::schema"))]
    pub(super) page: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
}

/// One level.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "LevelEntry", extend(
        "if" = {"properties": {"name": {"enum": ["criminal", "basic"]}}, "required": ["name"]},
        "then" = {"properties": {"lasts": false}},
    ))
)]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenLevel {
    /// Its fixed name.
    #[cfg_attr(feature = "schema", schemars(with = "Level"))]
    pub(super) name: Spanned<String>,
    /// What people read in place of the name.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = LABEL)))]
    pub(super) label: Option<Spanned<String>>,
    /// What the recipient lives through at this level.
    pub(super) means: Option<String>,
    /// What takes the next step up from here.
    pub(super) step_up: Option<String>,
    /// Deliveries before an act slides on; acts rest on basic, so neither basic nor criminal has it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU32>"))]
    pub(super) lasts: Option<Spanned<i64>>,
    /// Whether signals of this level count only where value was created.
    pub(super) needs_value: Option<bool>,
    /// The signals that speak for this level, each with one line that says what was observed.
    #[serde(default)]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, String>", extend("propertyNames" = {"pattern": NAME}))
    )]
    pub(super) signals: Names,
}

/// One category of value.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CategoryEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenCategory {
    /// Its fixed name.
    #[cfg_attr(feature = "schema", schemars(with = "crate::value::Category"))]
    pub(super) category: Spanned<String>,
    /// What people read in place of the name.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = LABEL)))]
    pub(super) label: Option<Spanned<String>>,
    /// What it stands for.
    pub(super) means: Option<String>,
    /// The kinds of value in it, each with one line that says what the recipient gained.
    #[serde(default)]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, String>", extend("propertyNames" = {"pattern": NAME}))
    )]
    pub(super) kinds: Names,
}

/// Which acts slide, and for how long they are remembered.
#[derive(Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "EscalatorEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenEscalator {
    /// Only acts that once reached this level slide.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Level>"))]
    pub(super) from: Option<Spanned<String>>,
    /// What stands for the act where none is named.
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::Unnamed>"))]
    pub(super) unnamed: Option<Spanned<String>>,
    /// After more days than this an act is new again; absent: it is never forgotten.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU32>"))]
    pub(super) memory_days: Option<Spanned<i64>>,
}

/// From a date on, everyone takes an act as a level.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "MarketEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenMarket {
    /// The act's name, or the path of a point.
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub(super) act: Spanned<String>,
    /// The date from which on it holds.
    #[cfg_attr(feature = "schema", schemars(with = "String", regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub(super) since: Spanned<toml::Value>,
    /// Basic or better.
    #[cfg_attr(feature = "schema", schemars(with = "Level", extend("not" = {"const": "criminal"})))]
    pub(super) level: Spanned<String>,
}

/// One way to meet a failure.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RungEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenRung {
    /// Its fixed name.
    #[cfg_attr(feature = "schema", schemars(with = "super::Rung"))]
    pub(super) rung: Spanned<String>,
    /// What people read in place of the name.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = LABEL)))]
    pub(super) label: Option<Spanned<String>>,
    /// What it sounds like.
    pub(super) means: Option<String>,
    /// Whether it lies above the line, where service improves.
    pub(super) helps: Option<bool>,
}

/// A journey laid out: its steps in their order.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "JourneyEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenJourney {
    /// What records call it.
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub(super) name: Spanned<String>,
    /// The steps in their order, each a `transaction/point` or a point alone; also those of which nothing is
    /// recorded.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Vec<String>", length(min = 1), extend(
            "uniqueItems" = true,
            "items" = {"type": "string", "pattern": STEP},
        ))
    )]
    pub(super) path: Spanned<Vec<Spanned<String>>>,
}

/// How loyalty is told.
#[derive(Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenLoyalty {
    /// How many of a recipient's last moments count.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU32>"))]
    pub(super) recent: Option<Spanned<i64>>,
}

/// Below these numbers the answer is "too little data".
#[derive(Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "EnoughEntry"))]
#[serde(deny_unknown_fields, expecting = "a table of keys")]
pub(super) struct WrittenEnough {
    /// Remarked interactions.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU32>"))]
    pub(super) interactions: Option<Spanned<i64>>,
    /// Different recipients.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU32>"))]
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
        what: &'static str,
        name: &Spanned<String>,
        all: &[T],
        names: &[&str],
    ) -> Result<T, RuleError> {
        let place = names.iter().position(|known| known == name.get_ref());
        place.and_then(|place| all.get(place).copied()).ok_or_else(|| {
            let problem = Problem::name(key, what, name.get_ref(), names.iter().copied());
            self.error(&name.span(), problem.to_string())
        })
    }

    pub(super) fn level(self, key: &str, name: &Spanned<String>) -> Result<Level, RuleError> {
        self.entry(key, "level", name, &Level::ALL, &Level::NAMES)
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
            let problem = Problem::form("label", Found::text(text), "one line of text, without ;");
            return Err(self.error(&label.span(), problem.to_string()));
        }
        Ok(label.get_ref().clone())
    }

    /// Names are used in lists joined by `;` and on command lines, so they hold neither blanks nor
    /// `;`.
    pub(super) fn name(self, what: &str, name: &Spanned<String>) -> Result<String, RuleError> {
        let text = name.get_ref();
        let fits = !text.is_empty()
            && !text.starts_with(['{', '['])
            && !text.chars().any(|character| character.is_whitespace() || character.is_control() || character == ';');
        if fits {
            return Ok(text.clone());
        }
        let problem = Problem::form(what, Found::text(text), "a name without blanks and ; like handwritten-card");
        Err(self.error(&name.span(), problem.to_string()))
    }
}
