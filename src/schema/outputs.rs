//! What types that print themselves by hand tell a schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::assess::calibrate::{OpenCounts, OpenRows};
use crate::assess::journey::{Exact, Levels, Values};
use crate::assess::recovery::{By, StrategyKey};
use crate::assess::{Dimension, Key};
use crate::level::Level;
use crate::moment::Instant;
use crate::period::Period;
use crate::rating::escalator::Reason;
use crate::rating::row::Rating;
use crate::value::Category;
use crate::verdict::Verdict;

/// Implements `JsonSchema` with a name and an expression.
macro_rules! tell {
    ($type:ty, $name:literal, $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

tell!(Level, "Level", json_schema!({"description": "One of the six levels, lowest first.", "enum": Level::NAMES}));

tell!(Dimension, "Dimension", names("What moments are grouped by.", &Dimension::NAMES));

tell!(
    Instant,
    "Instant",
    json_schema!({"description": "An instant in UTC, as RFC 3339.", "type": "string", "format": "date-time"})
);

tell!(
    Period,
    "Period",
    json_schema!({
        "description": "A day, an ISO week, a month, a quarter or a year.",
        "type": "string",
        "pattern": "^\\d{4}(-\\d{2}-\\d{2}|-W\\d{2}|-\\d{2}|-Q[1-4])?$",
    })
);

tell!(
    Key,
    "Key",
    json_schema!({
        "description": "A value for each dimension asked for; null where it is not given.",
        "type": "object",
        "propertyNames": names("A dimension.", &Dimension::NAMES),
        "additionalProperties": {"type": ["string", "null"]},
    })
);

tell!(
    StrategyKey,
    "StrategyKey",
    json_schema!({
        "description": "A value for each of what was asked for; null where it is not given. Empty: all failures.",
        "type": "object",
        "propertyNames": names("What failures are grouped by.", &By::NAMES),
        "additionalProperties": {"type": ["string", "null"]},
    })
);

tell!(Levels, "Levels", counts("How many on each level.", &Level::NAMES));

tell!(
    Verdict,
    "Verdict",
    json_schema!({"description": "A recipient's own word for a level, or an open verdict.", "enum": Verdict::NAMES})
);

tell!(OpenCounts, "OpenCounts", counts("A count for each open verdict.", &Verdict::NAMES[Level::ALL.len()..]));

tell!(OpenRows, "OpenRows", {
    let six = json_schema!({
        "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 6, "maxItems": 6,
    });
    let names = &Verdict::NAMES[Level::ALL.len()..];
    let properties: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), six.clone().to_value())).collect();
    json_schema!({
        "description": "For each open verdict six counts, by level of the facts, lowest first.",
        "type": "object",
        "properties": properties,
        "required": names,
    })
});

tell!(Values, "Values", counts("Moments that created value, by category.", &Category::NAMES));

tell!(
    Exact,
    "Exact",
    json_schema!({
        "description": "An exact decimal: a number where a double shows the same digits, else a text.",
        "type": ["number", "string"],
        "pattern": "^\\d+(\\.\\d+)?$",
    })
);

/// One of these names, or that of a tag.
fn names(description: &str, names: &[&str]) -> Schema {
    json_schema!({"description": description, "anyOf": [{"enum": names}, {"type": "string", "pattern": "^tags\\."}]})
}

/// An object with a count for each name.
fn counts(description: &str, names: &[&str]) -> Schema {
    let count = |name: &&str| ((*name).to_owned(), json_schema!({"type": "integer", "minimum": 0}).to_value());
    let properties: serde_json::Map<_, _> = names.iter().map(count).collect();
    json_schema!({"description": description, "type": "object", "properties": properties, "required": names})
}

impl JsonSchema for Rating<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Rating".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Row::json_schema(generator)
    }
}

/// One moment with its level, as `serveup rate` prints it.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only told, never made")]
struct Row {
    /// The record's id.
    id: Option<String>,
    /// When it happened, as written.
    at: Option<String>,
    /// Who was served; null only where nobody in particular was, as in `serveup check` without files.
    recipient: Option<String>,
    /// The path of the perception point.
    point: String,
    /// The act's name.
    action: Option<String>,
    /// The level of the moment.
    level: Level,
    /// The same as a number, 1 (criminal) to 6 (unbelievable).
    #[schemars(range(min = 1, max = 6))]
    rank: u8,
    /// The level by the rules, before the recipient's own word.
    assessed: Level,
    /// The level that the facts of the moment alone speak for.
    evidence: Level,
    /// What a flawless repeat was worth before this moment; null where the act was not there yet.
    standing: Option<Level>,
    /// What the same act, done as well again, will be worth.
    next: Option<Level>,
    /// The rule that decided.
    reason: Reason,
    /// Whether something went wrong; an act that only slid is no failure.
    failure: bool,
    /// The provider's own opinion.
    claimed: Option<Level>,
    /// The claim minus the level, in ranks; positive: the provider thinks too well of it.
    #[schemars(range(min = -5, max = 5))]
    gap: Option<i8>,
    /// The categories of value that were created; null where nothing is known of it.
    value: Option<Vec<Category>>,
    /// The smallest change that would have made it better.
    near_miss: Option<String>,
    /// How the level came about, line by line.
    why: Vec<String>,
}
