//! The cases worked by hand from the rules, answered by an engine.

use std::fs;

use serde_json::Value;
use serveup::Model;
use serveup::sql::{TableName, query};

use crate::cases::{COLUMNS, answer};
use crate::engine::Engine;
use crate::fresh;
use crate::support::vectors;

#[test]
fn duckdb_rates_as_worked_by_hand() {
    if !Engine::DuckDb.there() {
        return;
    }
    let all = fresh("vectors");
    let cases = vectors();
    let lines = |values: &[Value]| values.iter().map(|value| format!("{value}\n")).collect::<String>();
    let table = |name| TableName::new(name, Engine::DuckDb.dialect()).expect("a name");
    let folder = |number: usize| all.join(format!("{number:03}"));
    for (number, (file, case)) in cases.iter().enumerate() {
        let folder = folder(number);
        fs::create_dir(&folder).expect("a folder");
        let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
        let model = Model::with_overlay(&case.levels).unwrap_or_else(|error| panic!("{file}: {error}"));
        write("interactions.jsonl", lines(&case.interactions));
        write("recipients.jsonl", lines(&case.recipients.iter().map(in_lists).collect::<Vec<_>>()));
        let recipients = table("recipients");
        write("duckdb.sql", query(&model, Engine::DuckDb.dialect(), &table("interactions"), Some(&recipients)));
    }
    Engine::DuckDb.run(&all);
    let mut wrong = Vec::new();
    for (number, (file, case)) in cases.iter().enumerate() {
        let rows = answer(&folder(number), "duckdb");
        assert_eq!(rows.len(), case.expected.len() + 1, "{file}: {}", case.note);
        for (row, expected) in rows[1..].iter().zip(&case.expected) {
            for (column, cell) in COLUMNS.split('\t').zip(row.split('\t')) {
                let by_hand = expected.get(column).map(|value| match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                if by_hand.is_some_and(|by_hand| by_hand != cell) {
                    wrong.push(format!("{file}: {column} is {cell}, by hand {}: {}", expected[column], case.note));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A recipient with a list of texts for every key, as the column has it.
fn in_lists(recipient: &Value) -> Value {
    let mut recipient = recipient.clone();
    for (_, wanted) in recipient.get_mut("prefers").and_then(Value::as_object_mut).into_iter().flatten() {
        if !wanted.is_array() {
            *wanted = Value::Array(vec![wanted.take()]);
        }
    }
    recipient
}
