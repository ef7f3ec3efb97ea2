//! What the tests of the core share: records written as JSON, read into
//! interactions, rated, and given back as the rows `rate` would print.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod generate;

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};
use serveup::{
    Assessor, Draft, Field, Interaction, LevelWording, Model, Rating, Reading, RecipientDraft, Recipients, Shape,
};

/// One interaction, from the fields of a JSON object.
///
/// # Panics
/// When the core refuses a field, with its message.
#[track_caller]
pub(crate) fn interaction<'a>(model: &Model, record: &'a Value) -> Interaction<'a> {
    read(model, record).unwrap_or_else(|problem| panic!("{problem}\nin {record}"))
}

fn read<'a>(model: &Model, record: &'a Value) -> Result<Interaction<'a>, serveup::Problem> {
    let reading = Reading { model, zone: None };
    let mut draft = Draft::default();
    for (key, value) in record.as_object().expect("a record is an object") {
        let field = Field::named(key.as_bytes()).unwrap_or_else(|| panic!("unknown field {key} in {record}"));
        match field.shape() {
            Shape::Text => draft.text(&reading, field, value.as_str().expect("a text").into())?,
            Shape::Signals => {
                for (place, name) in texts(value).enumerate() {
                    draft.signal(&reading, place, name)?;
                }
            }
            Shape::Values => {
                draft.value_known();
                for (place, item) in value.as_array().expect("a list").iter().enumerate() {
                    let id = draft.value(&reading, place, item["kind"].as_str().or(item.as_str()).expect("a kind"))?;
                    if let Some(amount) = item.get("amount") {
                        draft.amount(&reading, place, id, &amount.to_string(), item["unit"].as_str())?;
                    }
                }
            }
            Shape::Pairs => {
                for (key, value) in value.as_object().expect("an object") {
                    draft.served(key.into(), value.as_str().expect("a text").into())?;
                }
            }
        }
    }
    draft.finish()
}

/// The texts of a list, or none where there is no list.
pub(crate) fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().expect("a text"))
}

/// The people served, from JSON objects.
pub(crate) fn recipients(model: &Model, people: &[Value]) -> Recipients {
    let mut recipients = Recipients::default();
    for person in people {
        let mut draft = RecipientDraft::default();
        draft.id(person["id"].as_str().expect("an id")).expect("an id");
        for (key, wanted) in person["prefers"].as_object().unwrap_or(&Map::new()) {
            draft.prefers(key, wanted.as_str().expect("a text")).expect("each key once");
        }
        for (place, name) in texts(&person["values"]).enumerate() {
            draft.values(model, place, name).expect("a category or kind");
        }
        recipients.add(draft.finish().expect("a recipient")).expect("each recipient once");
    }
    recipients
}

/// The rows of the core for records in any order: entered, settled in time order, rated in input order.
pub(crate) fn rate(model: &Model, people: &[Value], records: &[Value]) -> Vec<Value> {
    rate_in(model, people, records, Some(LevelWording::Names))
}

/// The same in another speech, or with brief rows.
pub(crate) fn rate_in(model: &Model, people: &[Value], records: &[Value], speech: Option<LevelWording>) -> Vec<Value> {
    let mut assessor = Assessor::new(model, recipients(model, people));
    let interactions: Vec<_> = records.iter().map(|record| interaction(model, record)).collect();
    let entries: Vec<_> = interactions.iter().map(|one| assessor.enter(one).expect("room")).collect();
    let mut footings = vec![None; entries.len()];
    for index in serveup::time_order(&entries) {
        footings[index] = assessor.settle(&entries[index]);
    }
    let rows = interactions.iter().zip(&entries).zip(footings).map(|((one, entry), footing)| match speech {
        Some(speech) => Rating::of(&assessor.moment(one, footing), speech),
        None => assessor.brief(one.outline(), entry, footing),
    });
    rows.map(|rating| serde_json::to_value(rating).expect("a row")).collect()
}

/// The same, settled in the order of the records, and acts with late ones again.
pub(crate) fn rate_as_read(model: &Model, people: &[Value], records: &[Value]) -> Vec<Value> {
    let mut assessor = Assessor::new(model, recipients(model, people));
    let interactions: Vec<_> = records.iter().map(|record| interaction(model, record)).collect();
    let entries: Vec<_> = interactions.iter().map(|one| assessor.enter(one).expect("room")).collect();
    let mut footings: Vec<_> = entries.iter().map(|entry| assessor.settle(entry)).collect();
    assessor.settle_late(&entries, &mut footings, |_| true);
    let rows = interactions.iter().zip(footings).map(|(one, footing)| {
        let rating = Rating::of(&assessor.moment(one, footing), LevelWording::Names);
        serde_json::to_value(rating).expect("a row")
    });
    rows.collect()
}

/// A hand-worked case.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    /// The reasoning, from the rules alone.
    pub(crate) note: String,
    /// A levels file laid over the shipped one.
    #[serde(default)]
    pub(crate) levels: String,
    #[serde(default)]
    pub(crate) recipients: Vec<Value>,
    pub(crate) interactions: Vec<Value>,
    /// A row for each interaction, with the fields worked out by hand.
    pub(crate) expected: Vec<Map<String, Value>>,
}

/// All hand-worked cases: the file each stands in, and the case.
#[expect(clippy::disallowed_methods, reason = "the cases are data files")]
pub(crate) fn vectors() -> Vec<(String, Vector)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut vectors = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let cases: Vec<Vector> =
            serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        vectors.extend(cases.into_iter().map(|case| (name.clone(), case)));
    }
    vectors
}
