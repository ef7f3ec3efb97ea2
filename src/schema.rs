//! JSON Schemas (draft 2020-12) of what goes in and what comes out, from the
//! types that read and print it.
//!
//! A schema says as much as a schema can: names, types, ranges. It never refuses a record that the
//! program takes, but for an `at` that only `--date-format` reads. What it cannot say: a field that occurs twice, an id that another record has,
//! `at` on some records only, a day that no calendar has or that is too far away, a date-time that
//! needs a zone, a number of too many digits.

mod outputs;
mod records;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

pub use records::{interaction, recipient, records};

/// The schema of something that is printed: all its fields are there, others may
/// be added by later versions.
///
/// ```
/// use serveup::schema::printed;
///
/// let schema = printed::<serveup::assess::journey::Journey>("What serveup journey prints");
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// assert_eq!(schema["required"], serde_json::json!(["by", "groups", "total"]));
/// ```
#[must_use]
pub fn printed<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    whole(title, for_readers(settings.into_generator().into_root_schema_for::<T>().to_value()))
}

/// The schema of a levels file, whole or laid over the shipped one, as TOML
/// would be in JSON: dates are texts.
///
/// ```
/// let schema = serveup::schema::levels_file();
/// let level = &schema["$defs"]["LevelEntry"];
/// assert_eq!(level["properties"]["lasts"]["minimum"], 1);
/// assert_eq!(level["required"], serde_json::json!(["name"]));
/// ```
#[must_use]
pub fn levels_file() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    whole(
        "Levels file",
        for_readers(settings.into_generator().into_root_schema_for::<crate::rules::Written>().to_value()),
    )
}

/// A self-contained schema; its title comes first.
fn whole(title: &str, schema: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    whole.insert("title".to_owned(), title.into());
    if let Value::Object(members) = schema {
        whole.extend(members.into_iter().filter(|(key, _)| key != "$schema" && key != "title"));
    }
    whole.into()
}

/// The documentation of the types, worded for readers of JSON.
fn for_readers(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("description") {
                *text = text.replace('\n', " ").replace("`None`", "null");
            }
            // the width of a number in memory does not concern readers of JSON
            members.retain(|key, value| key != "format" || value == "date-time");
            members.values_mut().for_each(|value| *value = for_readers(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = for_readers(item.take())),
        _ => {}
    }
    schema
}
