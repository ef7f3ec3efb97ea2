//! Records and recipients, as they may be written under given rules.

use serde_json::{Map, Value, json};

use super::whole;
use crate::level::Level;
use crate::record::draft::{MOST_PAIRS, RecipientDraft};
use crate::record::field::{Field, Shape};
use crate::record::interaction::{Relation, Stage};
use crate::rules::{Model, Rung};
use crate::value::Category;
use crate::verdict::Verdict;

/// A date, or a date-time by RFC 3339 whose offset a zone may give.
const WHEN: &str = "^\\d{4}-\\d{2}-\\d{2}([Tt ]\\d{2}:\\d{2}(:([0-5]\\d|60)(\\.\\d+)?)?( ?([Zz]|UTC|[+-]([01]\\d|2[0-3])(:?[0-5]\\d)?))?)?$";

/// An amount written as a text: zero or more.
const AMOUNT: &str = "^([0-9]+(\\.[0-9]+)?|-0+(\\.0+)?)([eE][+-]?[0-9]+)?$";

/// The same with a unit behind it, or nothing at all.
const QUANTITY: &str = "^$|^\\s*([0-9]+(\\.[0-9]+)?|-0+(\\.0+)?)([eE][+-]?[0-9]+)?(\\s[\\s\\S]*)?$";

/// The schema of one interaction as a record of JSON. Signals and kinds of value
/// are those of the rules given, so a levels file of one's own is heeded.
///
/// ```
/// use serveup::{Model, schema::interaction};
///
/// let schema = interaction(&Model::shipped());
/// assert_eq!(schema["required"], serde_json::json!(["recipient", "point"]));
/// assert_eq!(schema["properties"]["signals"]["items"]["enum"][0], "promise-broken");
/// ```
#[must_use]
pub fn interaction(model: &Model) -> Value {
    whole("Interaction", interaction_object(model))
}

/// The schema of one recipient, as they are in a file or in a document.
#[must_use]
pub fn recipient(model: &Model) -> Value {
    whole("Recipient", recipient_object(model))
}

/// The schema of a JSON file of records as a whole: a list of interactions, or a
/// document that brings its recipients along. In JSON lines each line is an
/// [`interaction`].
#[must_use]
pub fn records(model: &Model) -> Value {
    let list = |of: &str| json!({"type": "array", "items": {"$ref": format!("#/$defs/{of}")}});
    let document = json!({
        "type": "object",
        "properties": {"recipients": list("Recipient"), "interactions": list("Interaction")},
        "anyOf": [{"required": ["interactions"]}, {"required": ["recipients"]}],
    });
    let defs = json!({"Interaction": interaction_object(model), "Recipient": recipient_object(model)});
    whole("Records", json!({"anyOf": [list("Interaction"), document], "$defs": defs}))
}

fn interaction_object(model: &Model) -> Value {
    let mut properties = Map::new();
    for field in Field::ALL {
        let mut schema = written(model, field);
        schema["description"] = field.means().into();
        properties.insert(field.name().to_owned(), schema);
    }
    let required: Vec<&str> = Field::ALL.into_iter().filter(|field| field.required()).map(Field::name).collect();
    json!({
        "description": "One moment, as the person served experienced it.",
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

fn recipient_object(model: &Model) -> Value {
    let keys =
        [required_text(), optional_text(), when(), wishes(), list_of(&json!({"enum": value_names(model)})), quantity()];
    let described = |(key, mut schema): (&str, Value)| {
        schema["description"] = RecipientDraft::means(key).into();
        (key.to_owned(), schema)
    };
    let properties: Map<String, Value> = RecipientDraft::KEYS.into_iter().zip(keys).map(described).collect();
    json!({
        "description": "One person who is served, with what they prefer and value.",
        "type": "object",
        "properties": properties,
        "required": ["id"],
    })
}

/// What a field may hold.
fn written(model: &Model, field: Field) -> Value {
    match (field, field.shape()) {
        (_, Shape::Signals) => {
            let names: Vec<&str> = model.signals().iter().map(|signal| signal.name.as_str()).collect();
            list_of(&json!({"enum": names}))
        }
        (_, Shape::Values) => json!({
            "type": ["array", "string", "null"],
            "maxLength": 0,
            "items": {"anyOf": [{"enum": value_names(model)}, measured(model), unmeasured(model)]},
        }),
        (Field::Tags, Shape::Pairs) => {
            let mut tags = pairs();
            tags["propertyNames"] = json!({"minLength": 1});
            tags
        }
        (_, Shape::Pairs) => pairs(),
        (_, Shape::Quantity) => quantity(),
        (Field::Recipient | Field::Point, Shape::Text) => required_text(),
        (Field::At, Shape::Text) => when(),
        (Field::Verdict, Shape::Text) => one_of(&Verdict::NAMES),
        (Field::Claimed, Shape::Text) => one_of(&Level::NAMES),
        (Field::Stage, Shape::Text) => one_of(&Stage::NAMES),
        (Field::Relation, Shape::Text) => one_of(&Relation::NAMES),
        (Field::Response, Shape::Text) => one_of(&Rung::NAMES),
        (_, Shape::Text) => optional_text(),
    }
}

/// An amount with its unit, as a text or in parts, or one of the ways to give nothing.
fn quantity() -> Value {
    let amount = json!({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": AMOUNT}]});
    let nothing = json!({"type": ["null", "array", "object"], "maxItems": 0, "maxProperties": 0});
    json!({"anyOf": [
        nothing,
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": QUANTITY},
        {
            "type": "object",
            "properties": {"amount": amount, "unit": {"type": ["string", "number", "null"]}},
            "required": ["amount"],
            "additionalProperties": false,
        },
    ]})
}

/// A text that must be there; numbers are kept as written.
fn required_text() -> Value {
    json!({"type": ["string", "number"], "minLength": 1})
}

/// A text or a number, or one of the ways to give nothing.
fn optional_text() -> Value {
    json!({"type": ["string", "number", "null", "array", "object"], "maxItems": 0, "maxProperties": 0})
}

/// A date or an instant, or nothing.
fn when() -> Value {
    json!({
        "type": ["string", "null", "array", "object"],
        "pattern": format!("^$|{WHEN}"),
        "maxItems": 0,
        "maxProperties": 0,
    })
}

/// One of some names, or nothing.
fn one_of(names: &[&str]) -> Value {
    let nothing = [Value::Null, "".into(), json!([]), json!({})];
    json!({"enum": names.iter().map(|name| Value::from(*name)).chain(nothing).collect::<Vec<_>>()})
}

/// A list, or nothing.
fn list_of(item: &Value) -> Value {
    json!({"type": ["array", "object", "string", "null"], "items": item, "maxProperties": 0, "maxLength": 0})
}

/// Texts by key, or nothing.
fn pairs() -> Value {
    json!({
        "type": ["object", "array", "string", "null"],
        "additionalProperties": {"type": ["string", "number", "null"]},
        "maxProperties": MOST_PAIRS,
        "maxItems": 0,
        "maxLength": 0,
    })
}

/// A text by its key, or several any of which will do; or nothing.
fn wishes() -> Value {
    let text = json!({"type": ["string", "number", "null"]});
    let texts = json!({"type": "array", "items": {"type": ["string", "number"]}, "maxItems": MOST_PAIRS});
    let mut wishes = pairs();
    wishes["additionalProperties"] = json!({"anyOf": [text, texts]});
    wishes
}

fn value_names(model: &Model) -> Vec<&str> {
    model.value_names().collect()
}

/// A kind of value with its amount: only what can be measured has one.
fn measured(model: &Model) -> Value {
    let category = |name: &&str| model.value(name).map(|value| model.category_of(value));
    let kinds: Vec<&str> = model.value_names().filter(|name| category(name) == Some(Category::Quantified)).collect();
    json!({
        "type": "object",
        "properties": {
            "kind": {"enum": kinds},
            "amount": {"type": ["number", "string"], "minimum": 0, "pattern": AMOUNT},
            "unit": {"type": ["string", "number", "null"]},
        },
        "required": ["kind", "amount"],
        "additionalProperties": false,
    })
}

/// A kind of value written like one that has an amount.
fn unmeasured(model: &Model) -> Value {
    let nothing = json!({"enum": [null, ""]});
    json!({
        "type": "object",
        "properties": {"kind": {"enum": value_names(model)}, "amount": nothing, "unit": nothing},
        "required": ["kind"],
        "additionalProperties": false,
    })
}
