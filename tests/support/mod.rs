//! What the tests of the core share: records written as JSON, read into
//! interactions, rated, and given back as the rows `rate` would print.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod generate;

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use serde_json::{Map, Value};
use serveup::{
    Field, Interaction, Keeps, Kept, LevelWording, Model, Rating, RecipientRecord, Recipients, Record, Session,
    SessionError, Window,
};

/// A record as written.
///
/// # Panics
/// Where a field means nothing.
#[track_caller]
pub(crate) fn written(record: &Value) -> Record {
    for key in record.as_object().expect("a record is an object").keys() {
        assert!(Field::named(key.as_bytes()).is_some(), "unknown field {key} in {record}");
    }
    serde_json::from_value(record.clone()).unwrap_or_else(|error| panic!("{error}\nin {record}"))
}

fn checked<'r>(model: &Model, record: &'r Record) -> Interaction<'r> {
    record.check(model).unwrap_or_else(|problem| panic!("{problem}\nin {record:?}"))
}

/// The texts of a list, or none where there is no list.
pub(crate) fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().expect("a text"))
}

/// The people served, from JSON objects.
pub(crate) fn recipients(model: &Model, people: &[Value]) -> Recipients {
    let person = |person: &Value| serde_json::from_value::<RecipientRecord>(person.clone()).expect("a recipient");
    let people: Vec<_> = people.iter().map(person).collect();
    Recipients::of(model, &people).expect("each recipient once")
}

/// The rows for records in any order: added, settled in time order, rated in input order from what `rate` sets aside.
pub(crate) fn rate(model: &Model, people: &[Value], records: &[Value]) -> Vec<Value> {
    rate_in(model, people, records, Some(LevelWording::Names))
}

/// The same in another wording, or with brief rows.
pub(crate) fn rate_in(model: &Model, people: &[Value], records: &[Value], wording: Option<LevelWording>) -> Vec<Value> {
    let keeps = if wording.is_some() { Keeps::EXPLAINED_ROWS } else { Keeps::ROWS };
    let (people, spool) = (recipients(model, people), Cursor::new(Vec::new()));
    let mut session = Session::with(model, people, Window::default(), keeps, spool);
    for record in records {
        session.add(&checked(model, &written(record))).expect("room");
    }
    let mut rows = Vec::new();
    let row = |rating: &Rating<'_>| serde_json::to_value(rating).expect("a row");
    let make = |kept: &Kept<'_, '_>, made: &mut Vec<Value>| {
        made.push(match wording {
            Some(wording) => kept.moment(|moment| row(&Rating::of(moment, wording)))?,
            None => row(&kept.brief()?),
        });
        Ok::<_, SessionError>(())
    };
    let mut settled = session.settle().expect("room");
    settled
        .map(1, Vec::new, make, |made| {
            rows.extend(made);
            Ok(true)
        })
        .expect("what was set aside");
    rows
}

/// The same, each rated at once, in time order, and given back in input order.
pub(crate) fn rate_in_time_order(model: &Model, people: &[Value], records: &[Value]) -> Vec<Value> {
    let written: Vec<_> = records.iter().map(written).collect();
    let mut interactions: Vec<_> = written.iter().map(|record| checked(model, record)).enumerate().collect();
    // where times are equal, the place in the input decides
    interactions.sort_by_key(|(_, one)| one.at.as_ref().map(|at| at.instant));
    let mut session = Session::of(model, recipients(model, people));
    let mut rows: Vec<(usize, Value)> = Vec::new();
    for (place, one) in &interactions {
        let rating = session.rate(one, Some(LevelWording::Names)).expect("room").expect("no window leaves it out");
        rows.push((*place, serde_json::to_value(rating).expect("a row")));
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
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
