//! The query of `serveup sql --report journey`: every group, in every figure, as `serveup journey` has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use serveup::Tag;
use serveup::assess::Dimension;
use serveup::sql::{TableName, journey_query};

use crate::cases::{CASES, Case};
use crate::engine::Engine;
use crate::fresh;
use crate::generate::ODD;

const RECORDS: usize = 3000;

/// What moments are grouped by: each dimension, alone or with others.
fn by() -> Vec<Vec<Dimension>> {
    let tag = |key: &str| Dimension::Tag(Tag::new(key).expect("a name"));
    vec![
        vec![Dimension::Point],
        vec![Dimension::Recipient],
        vec![Dimension::Stage, Dimension::Relation],
        vec![Dimension::Channel, Dimension::Point],
        vec![Dimension::Action, Dimension::Recipient],
        vec![Dimension::Journey],
        vec![Dimension::Transaction, Dimension::Journey],
        vec![Dimension::Provider, Dimension::Team],
        vec![tag("region")],
        vec![tag(ODD_TAG), Dimension::Point, tag("nobody's")],
    ]
}

/// A tag with what has to be quoted in a query.
const ODD_TAG: &str = "the \"tier\" o'f\\ 日本";

/// Journeys laid out, with steps that nothing is recorded of, and others that the records have beside them; kinds with
/// the sign in their names that stands before an amount.
const PLANNED: Case = Case {
    name: "planned",
    levels: "[[journey]]\nname = 'trip'\npath = ['trip/desk', \"trip/o'hara\", \"o'stay/desk\", 'desk']\n[[journey]]\nname = 'away'\n\
             path = [\"o'er/there\"]\n[[value]]\ncategory = 'quantified'\n[value.kinds]\n'rooms=two' = 'a sign'\n",
    timed: true,
    people: true,
};

fn cases() -> impl Iterator<Item = Case> {
    CASES.into_iter().take(5).chain([PLANNED])
}

/// What an engine is asked of the case at a place: the slow one a question each of some.
fn asked(engine: Engine, place: usize) -> Vec<Vec<Dimension>> {
    let by = by();
    match (engine, place) {
        (Engine::DuckDb, _) => by,
        (Engine::Spark, 0) => [by[3].clone(), by[9].clone()].to_vec(),
        (Engine::Spark, 2) => by[2..3].to_vec(),
        (Engine::Spark, 5) => by[6..7].to_vec(),
        (Engine::Spark, _) => Vec::new(),
    }
}

/// The records of a case with fields that ratings do not ask for: dimensions, claims and amounts of every form.
fn lay_out(case: &Case, all: &Path) -> PathBuf {
    let folder = case.lay_out(all, Some(RECORDS));
    let path = folder.join("interactions.jsonl");
    let lines = fs::read_to_string(&path).expect("records");
    let made = lines.lines().enumerate().map(|(number, line)| {
        let mut record: Map<String, Value> = serde_json::from_str(line).expect("a record");
        if !case.people {
            // more in a group than there are quantiles in the table
            record.insert("recipient".to_owned(), format!("r{}", number % 700).into());
        }
        let mut give = |field: &str, every: usize, value: Value| {
            if number % every != 0 {
                record.insert(field.to_owned(), value);
            }
        };
        give("stage", 3, ["end", "middle", "beginning", ""][number % 4].into());
        give("relation", 2, ["internal", "external"][number / 2 % 2].into());
        give("provider", 5, if number % 7 == 0 { Value::Null } else { ODD[number % ODD.len()].into() });
        give("team", 4, format!("team {}", number % 3).into());
        let region = if number % 11 == 0 { Value::Null } else { ODD[number % ODD.len()].into() };
        give("tags", 3, json!({"region": region, ODD_TAG: (["", "gold", "o'd\\d"][number % 3])}));
        if number % 6 == 0 {
            let kind = if case.name == PLANNED.name { "rooms=two" } else { "money" };
            let value = [
                json!([{"kind": "money", "amount": 0.1, "unit": "E\"U\\R"}, {"kind": "time", "amount": 3}]),
                json!(["money=12.50 EUR", "time = 0.000000000000001  Stunden und mehr "]),
                json!([{"kind": "quantified", "amount": 123_456_789_012_345_u64, "unit": ""}, "understood"]),
                json!([{"kind": "money", "amount": 0, "unit": "EUR"}, {"unit": "eur", "amount": 2.5, "kind": "money"}]),
                json!([kind, "time=7 h", "money=1e-2", {"kind": "time"}]),
            ][number / 6 % 5]
                .clone();
            record.insert("value".into(), value);
        }
        format!("{}\n", Value::Object(record))
    });
    fs::write(&path, made.collect::<String>()).expect("records");
    folder
}

fn names(by: &[Dimension]) -> String {
    by.iter().map(Dimension::name).collect::<Vec<_>>().join(",")
}

/// The groups as the program has them.
fn by_the_program(case: &Case, folder: &Path, by: &[Dimension]) -> Vec<Value> {
    let mut journey = Command::new(env!("CARGO_BIN_EXE_serveup"));
    journey.args(["journey", "interactions.jsonl", "--levels", "levels.toml", "-f", "jsonl", "--quiet", "--by"]);
    journey.arg(names(by));
    if case.people {
        journey.args(["--recipients", "recipients.jsonl"]);
    }
    let output = journey.current_dir(folder).output().expect("serveup");
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    rows(&String::from_utf8(output.stdout).expect("text"))
}

fn rows(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

fn query(case: &Case, engine: Engine, by: &[Dimension]) -> String {
    let table = |name| TableName::new(name, engine.dialect()).expect("a name");
    let people = case.people.then(|| table("recipients"));
    journey_query(&case.model(), engine.dialect(), &table("interactions"), people.as_ref(), by)
}

/// Where an answer differs from the program's: the members that lead there.
fn difference(program: &Value, engine: &Value, at: &str) -> Option<String> {
    let differs = |same: bool| (!same).then(|| format!("{at}: {program} in the program, {engine} in the engine"));
    match (program, engine) {
        (Value::Object(ours), Value::Object(theirs)) => {
            // how loyal someone is served hangs on more than their moments in a group
            let asked = |name: &&String| !["loyalty", "mean_gap"].contains(&name.as_str());
            let members = ours.keys().filter(asked).chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
            let member = |name: &String| {
                let (one, other) = (ours.get(name).unwrap_or(&Value::Null), theirs.get(name)?);
                difference(one, other, &format!("{at}.{name}"))
            };
            let missing = ours.keys().filter(asked).find(|name| !theirs.contains_key(*name));
            missing.map(|name| format!("{at}: no {name}")).or_else(|| members.into_iter().find_map(member))
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            let each = || ours.iter().zip(theirs).find_map(|(one, other)| difference(one, other, at));
            differs(ours.len() == theirs.len()).or_else(each)
        }
        // amounts are exact: an engine writes decimals as texts with all their digits
        (_, Value::String(decimal)) if at.ends_with(".amount") => {
            let exact = |text: &str| Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text));
            let ours = program.as_str().map_or_else(|| program.to_string(), str::to_owned);
            differs(exact(&ours).is_ok_and(|ours| exact(decimal) == Ok(ours)))
        }
        (Value::Number(one), Value::Number(other)) => {
            let apart = one.as_f64().zip(other.as_f64()).map_or(1.0, |(one, other)| (one - other).abs());
            differs(if one.is_f64() { apart < 1e-9 } else { one == other })
        }
        _ => differs(program == engine),
    }
}

/// Where the groups of an answer differ from the program's.
fn differs(program: &[Value], answer: &Path) -> Option<String> {
    let answer = rows(&fs::read_to_string(answer).expect("an answer"));
    if program.len() != answer.len() {
        return Some(format!("{} groups in the program, {} in the engine", program.len(), answer.len()));
    }
    program.iter().zip(&answer).find_map(|(one, other)| difference(one, other, ""))
}

#[track_caller]
fn sums_up_as_the_program(engine: Engine) {
    if !engine.there() {
        return;
    }
    let all = fresh(&format!("journeys-{}", engine.name()));
    let asked = cases().enumerate().map(|(place, case)| (case, asked(engine, place)));
    let asked: Vec<_> =
        asked.filter(|(_, by)| !by.is_empty()).map(|(case, by)| (lay_out(&case, &all), case, by)).collect();
    for (folder, case, by) in &asked {
        for by in by {
            let name = format!("{}-{}.sql", engine.name(), names(by).replace(',', "-"));
            fs::write(folder.join(name), query(case, engine, by)).expect("a query");
        }
    }
    engine.run(&all);
    for (folder, case, by) in &asked {
        for by in by {
            let name = format!("{}-{}.jsonl", engine.name(), names(by).replace(',', "-"));
            let differs = differs(&by_the_program(case, folder, by), &folder.join(name));
            assert_eq!(differs, None, "{} by {}", case.name, names(by));
        }
    }
}

#[test]
fn duckdb_sums_up_as_the_program() {
    sums_up_as_the_program(Engine::DuckDb);
}

#[test]
fn spark_sums_up_as_the_program() {
    sums_up_as_the_program(Engine::Spark);
}

/// What stands in the query, and what someone could have written instead.
const MISTAKES: [(&str, &str); 25] = [
    ("WHEN level = 3 AND reason <> 'unremarked'", "WHEN level = 3"),
    ("reason IN ('repeat', 'market')", "reason IN ('market')"),
    ("claimed > level", "claimed >= level"),
    ("(value_marks & 1) > 0", "(value_marks & 2) > 0"),
    ("'emotional') THEN 8", "'emotional') THEN 16"),
    ("remarked - failures", "moments - failures"),
    ("desired + surprising + unbelievable AS", "surprising + unbelievable AS"),
    (">= 2 * remarked", "> 2 * remarked"),
    (">= 1 * remarked", "> 1 * remarked"),
    (">= 3 * remarked", "> 3 * remarked"),
    ("WHEN speakers < 2 THEN 1e0", "WHEN speakers < 3 THEN 1e0"),
    ("remarked > 0 THEN 1 END) AS speakers", "TRUE THEN 1 END) AS speakers"),
    ("(0, remarked) THEN CAST(n2 AS DOUBLE) / remarked", "(0, remarked) THEN 1e0"),
    ("AS DOUBLE) / (speakers - 1)", "AS DOUBLE) / speakers"),
    (" - 2 * CAST(", " - CAST("),
    ("greatest(1e0, least(", "greatest(0e0, least("),
    ("[speakers - 1]", "[speakers]"),
    ("THEN x.unit END", "THEN x.unit ELSE '' END"),
    ("'place': CASE kind", "'place': CASE unit"),
    ("sum(amount)", "max(amount)"),
    ("WHEN item LIKE '%=%' THEN trim(", "WHEN FALSE THEN trim("),
    ("min(seen) AS seen", "max(seen) AS seen"),
    ("FULL OUTER JOIN", "LEFT JOIN"),
    ("place NULLS LAST, ", ""),
    ("by_channel IS NOT DISTINCT FROM amounts.by_channel", "by_channel = amounts.by_channel"),
];

#[test]
fn a_wrong_figure_in_the_report_is_caught() {
    if !Engine::DuckDb.there() {
        return;
    }
    let all = fresh("journey-mistakes");
    let folder = lay_out(&PLANNED, &all);
    let all_of_them = by();
    let by = [&all_of_them[0], &all_of_them[3]];
    let programs = by.map(|by| by_the_program(&PLANNED, &folder, by));
    let queries = by.map(|by| query(&PLANNED, Engine::DuckDb, by));
    for (number, (right, wrong)) in MISTAKES.into_iter().enumerate() {
        let mistaken = queries.each_ref().map(|query| query.replace(right, wrong));
        assert_ne!(mistaken, queries, "a query has {right}");
        for (place, text) in mistaken.into_iter().enumerate().filter(|(place, text)| *text != queries[*place]) {
            fs::write(folder.join(format!("duckdb-{number:02}-{place}.sql")), text).expect("a query");
        }
    }
    Engine::DuckDb.run(&all);
    let unnoticed = MISTAKES.into_iter().enumerate().filter(|(number, _)| {
        let noticed = |(place, program): (usize, &Vec<Value>)| {
            let answer = folder.join(format!("duckdb-{number:02}-{place}.jsonl"));
            answer.exists() && differs(program, &answer).is_some()
        };
        !programs.iter().enumerate().any(noticed)
    });
    let unnoticed: Vec<_> = unnoticed.map(|(_, mistake)| mistake).collect();
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
}
