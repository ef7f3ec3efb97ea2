//! Records as they were written, each beside its row of `rate`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use serveup::Instant;

use crate::harness::{Ran, Serveup, example, serveup};

/// The examples that ship with the project.
pub(crate) const EXAMPLES: [&str; 5] =
    ["shop.json", "agency.json", "escalator.jsonl", "escalator.csv", "helpdesk.jsonl"];

/// A record and what `rate` makes of it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) record: Value,
    pub(crate) row: Value,
}

impl Told {
    /// The record's id.
    #[track_caller]
    pub(crate) fn id(&self) -> &str {
        self.record["id"].as_str().expect("an id")
    }

    /// Whether anything was noted, so that it counts in shares.
    pub(crate) fn remarked(&self) -> bool {
        self.row["reason"] != "unremarked"
    }

    /// Whether it went wrong.
    pub(crate) fn failed(&self) -> bool {
        self.row["failure"] == true
    }

    /// The rank of its level.
    pub(crate) fn rank(&self) -> u64 {
        self.row["rank"].as_u64().expect("a rank")
    }

    /// What a dimension of it is; null where it is not given.
    pub(crate) fn dimension(&self, name: &str) -> Value {
        if name != "point" {
            return self.record[name].clone();
        }
        let path = ["journey", "transaction", "point"].map(|part| self.record[part].as_str());
        Value::from(path.into_iter().flatten().collect::<Vec<_>>().join("/"))
    }

    /// When it happened, in microseconds.
    pub(crate) fn micros(&self) -> Option<i64> {
        self.record["at"].as_str().map(|at| Instant::parse(at, None).expect("an instant").micros())
    }
}

/// A run over a file, with flags before it.
pub(crate) fn over(command: &str, file: &Path) -> Serveup {
    serveup(command).arg(file.display().to_string())
}

/// A run over an example.
pub(crate) fn over_example(command: &str, name: &str) -> Serveup {
    over(command, &example(name))
}

/// A run over records in a file of their own, with flags before it.
pub(crate) fn over_records(command: &str, records: &str) -> Serveup {
    serveup(command).arg("records").file("records", records)
}

/// The JSON document of a run that goes well and says nothing beside.
#[track_caller]
pub(crate) fn document(run: Serveup) -> Value {
    document_of(&run.arg("--quiet").arg("-f").arg("json").any_stdout().run())
}

/// Standard output as one JSON document.
#[track_caller]
pub(crate) fn document_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).expect("a JSON document")
}

/// The list at a place of a document.
#[track_caller]
pub(crate) fn list<'d>(document: &'d Value, name: &str) -> &'d [Value] {
    document[name].as_array().unwrap_or_else(|| panic!("no list {name} in {document}"))
}

/// The interactions of a text of JSON, as written.
pub(crate) fn interactions(text: &str) -> Vec<Value> {
    if let Ok(document) = serde_json::from_str::<Value>(text)
        && let Some(interactions) = document["interactions"].as_array().or(document.as_array())
    {
        return interactions.clone();
    }
    text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

/// The text of an example.
pub(crate) fn text_of(name: &str) -> String {
    fs::read_to_string(example(name)).expect("an example")
}

/// The records of a file beside their rows, in input order; those that are not reported under the flags are left out.
pub(crate) fn told(file: &Path, flags: &str) -> Vec<Told> {
    let records = interactions(&fs::read_to_string(file).expect("a file of records"));
    let rows = document(over(&format!("rate {flags}"), file));
    let rows = rows.as_array().expect("rows");
    if flags.is_empty() {
        assert_eq!(rows.len(), records.len(), "a row for every record");
        return records.into_iter().zip(rows.iter().cloned()).map(|(record, row)| Told { record, row }).collect();
    }
    let mut by_id: HashMap<&str, &Value> =
        records.iter().map(|record| (record["id"].as_str().expect("an id"), record)).collect();
    let mut record = |row: &Value| by_id.remove(row["id"].as_str().expect("an id")).expect("a record for the row");
    rows.iter().map(|row| Told { record: record(row).clone(), row: row.clone() }).collect()
}

/// The records of an example beside their rows.
pub(crate) fn told_example(name: &str) -> Vec<Told> {
    told(&example(name), "")
}

/// Whose the remarked of some moments are, and which of them have something.
pub(crate) fn said(moments: &[&Told], has: impl Fn(&Told) -> bool) -> Vec<(String, bool)> {
    let remarked = moments.iter().filter(|moment| moment.remarked());
    remarked.map(|moment| (moment.record["recipient"].to_string(), has(moment))).collect()
}

/// The moments in time order, equal times in input order.
pub(crate) fn in_time(told: &[Told]) -> Vec<&Told> {
    let mut moments: Vec<&Told> = told.iter().collect();
    moments.sort_by_key(|moment| moment.micros());
    moments
}

/// Groups by dimensions, in order of first appearance in time: the values of the dimensions, and the moments.
pub(crate) fn groups_by<'t>(told: &'t [Told], by: &[&str]) -> Vec<(Vec<Value>, Vec<&'t Told>)> {
    let mut groups: Vec<(Vec<Value>, Vec<&Told>)> = Vec::new();
    for moment in in_time(told) {
        let key: Vec<Value> = by.iter().map(|name| moment.dimension(name)).collect();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, moments)) => moments.push(moment),
            None => groups.push((key, vec![moment])),
        }
    }
    groups
}

/// The key of a group as reports print it.
pub(crate) fn key_of(by: &[&str], values: &[Value]) -> Value {
    by.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned()).collect::<serde_json::Map<_, _>>().into()
}

/// Real data beside the project, where it is present.
pub(crate) fn real_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        crate::harness::skipped(&format!("there is no ../shared/data/{name} here"));
        return None;
    }
    Some(path)
}
