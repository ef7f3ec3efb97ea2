//! What goes in: a schema takes every record the program takes, and refuses what it refuses where a schema can.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::harness::serveup;
use crate::{schema, text, valid, validator, values};

#[test]
fn every_example_is_as_described() {
    let interaction = validator(&schema("interaction"));
    let recipient = validator(&schema("recipient"));
    let records = validator(&schema("records"));
    let mut seen = 0;
    for file in ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"] {
        for value in values(&text(&format!("examples/data/{file}"))) {
            if value["interactions"].is_array() || value.is_array() {
                valid(&records, &value, file);
            }
            for person in value["recipients"].as_array().into_iter().flatten() {
                valid(&recipient, person, file);
            }
            let list = value["interactions"].as_array().or(value.as_array()).cloned().unwrap_or(vec![value]);
            for record in list {
                valid(&interaction, &record, file);
                seen += 1;
            }
        }
    }
    assert!(seen > 600, "{seen} records");
}

#[test]
fn ten_wrong_records_are_refused_by_both() {
    let schema = validator(&schema("interaction"));
    for (record, field) in [
        (json!({"point": "desk"}), "recipient: is missing"),
        (json!({"recipient": "ann", "point": ""}), "point: is empty"),
        (json!({"recipient": ["ann"], "point": "desk"}), "recipient: is a list"),
        (json!({"recipient": "ann", "point": "desk", "signals": ["lat"]}), "signals[0]: unknown signal \"lat\""),
        (json!({"recipient": "ann", "point": "desk", "signals": "late"}), "signals: is text"),
        (json!({"recipient": "ann", "point": "desk", "verdict": "good"}), "verdict: unknown verdict \"good\""),
        (json!({"recipient": "ann", "point": "desk", "at": "05.03.2026"}), "at: cannot read \"05.03.2026\""),
        (json!({"recipient": "ann", "point": "desk", "value": ["gold"]}), "value[0]: unknown value \"gold\""),
        (
            json!({"recipient": "ann", "point": "desk", "value": [{"kind": "felt-good", "amount": 5}]}),
            "value[0].amount: ",
        ),
        (json!({"recipient": "ann", "point": "desk", "response": "excuse"}), "response: unknown response \"excuse\""),
    ] {
        assert!(!schema.is_valid(&record), "{record}");
        let (text, message) = (format!("{record}\n"), "in:1:");
        serveup("rate in").file("in", text).status(2).stderr_has(message).stderr_has(field).run();
    }
}

/// What may stand somewhere, rightly or wrongly.
fn candidates() -> Vec<Value> {
    let list = r#"[
        null, true, false, 0, 5, -1, 1.5, 1e20, "", " ", "5", "late", "basic", "Basic", "money", "customer", "external",
        "internal", "beginning", "end", "blame", "responsibility", "late;chased", [], [null], [true], [5], [""], ["late"],
        ["late", "chased"], ["late", "lat"], ["basic"], ["money"], ["quantified", "time"], ["gold"], [[]], [{}],
        [["late"]], {}, {"a": 1}, {"a": "b"}, {"a": null}, {"a": ""}, {"a": []}, {"a": {}}, {"a": true}, {"": "b"}, {"": null},
        {"channel": "email", "cadence": "weekly"}, {"kind": "money"},
        [{"kind": "money"}], [{"kind": "money", "amount": 5}], [{"kind": "money", "amount": 0}],
        [{"kind": "money", "amount": -5}], [{"kind": "money", "amount": 2.5, "unit": "EUR"}],
        [{"kind": "money", "unit": "EUR"}], [{"kind": "money", "amount": "5"}], [{"kind": "money", "amount": "1e3"}],
        [{"kind": "money", "amount": "+1"}], [{"kind": "money", "amount": "-1"}], [{"kind": "money", "amount": "-0"}],
        [{"kind": "money", "amount": "1_000"}], [{"kind": "money", "amount": "1e"}],
        [{"kind": "money", "amount": ".5"}], [{"kind": "money", "amount": "5."}], [{"kind": "money", "amount": "-0.0e1"}],
        [{"kind": "money", "amount": "-0.1"}], [{"kind": "money", "amount": "007.50"}], [{"kind": "money", "amount": "1E+3"}],
        [{"kind": "money", "amount": "x"}], [{"kind": "money", "amount": "5 EUR"}],
        [{"kind": "money", "amount": ""}], [{"kind": "money", "amount": null}], [{"kind": "money", "amount": [5]}],
        [{"kind": "money", "amount": true}], [{"kind": "money", "amount": 5, "unit": 5}],
        [{"kind": "money", "amount": 5, "unit": null}], [{"kind": "money", "amount": 5, "unit": ""}],
        [{"kind": "money", "amount": 5, "unit": ["EUR"]}], [{"kind": "money", "unit": null}],
        [{"kind": "felt-good"}], [{"kind": "felt-good", "amount": 5}], [{"kind": "felt-good", "amount": null}],
        [{"kind": "emotional", "unit": "tears"}], [{"kind": "gold", "amount": 5}], [{"kind": ""}], [{"kind": null}],
        [{"kind": 5}], [{"amount": 5}], {"amount": 5}, {"amount": "5", "unit": "EUR"}, {"amount": "5 EUR"}, {"unit": "EUR"},
        {"amount": -5}, {"amount": 5, "unit": null}, {"amount": 5, "unit": true}, {"amount": null}, "5 EUR", "5.50  US dollars", "EUR 5", "-5 EUR", [{"kind": "money", "cost": 5}], [{"kind": "quantified", "amount": 5}]
    ]"#;
    serde_json::from_str(list).expect("a list")
}

/// Texts that stand for times, rightly or wrongly.
const TIMES: [&str; 34] = [
    "2026-03-05",
    "2026-03-05T10:00:00Z",
    "2026-03-05t10:00:00z",
    "2026-03-05 10:00:00+01:00",
    "2026-03-05T10:00:00.123456789-23:59",
    "2026-12-31T23:59:60Z",
    "2026-03-05T10:00Z",
    "2026-03-05 10:00 UTC",
    "2026-03-05 10:00:00 +01:00",
    "2026-03-05T10:00:00.5 -0330",
    "2026-03-05 10:00:00+01",
    "0001-01-01",
    "9999-12-30",
    "2026-3-5",
    "2026-03",
    "20260305",
    "2026-03-05T",
    "2026-03-05T10Z",
    "2026-03-05T10:00.5Z",
    "2026-03-05T10:00  Z",
    "2026-03-05T10:00 CET",
    "2026-03-05T10:00+0160",
    "2026-03-05T10:00+1",
    "2026-03-05T10:00:00+24:00",
    "2026-03-05T10:00:00+1:00",
    "2026-03-05T10:00:00.Z",
    "2026-03-05T10:00:61Z",
    "2026-03-05T10:00:00Z ",
    " 2026-03-05",
    "05.03.2026",
    "today",
    "2026-03-05T10:00:00+01:60",
    "+2026-03-05",
    "12026-03-05",
];

/// Which of these records `rate` takes and which it rejects.
fn rated(records: &[Value]) -> Vec<bool> {
    // the last is good, so that there is something to rate
    let mut lines: String = (0..).zip(records).fold(String::new(), |lines, (number, record): (u32, _)| {
        let mut record = record.clone();
        record["number"] = number.into();
        format!("{lines}{record}\n")
    });
    let good = json!({"recipient": "ann", "point": "desk", "at": records[0].get("at").map(|_| "2026-03-05")});
    lines.push_str(&good.to_string());
    let run = serveup("rate in --keep-going --rejects rejects --timezone UTC -f jsonl").file("in", lines);
    let ran = run.any_stdout().stderr_has("").run();
    let rejected: BTreeSet<u64> =
        values(&ran.read("rejects")).iter().map(|record| record["number"].as_u64().expect("a number")).collect();
    (0..records.len() as u64).map(|number| !rejected.contains(&number)).collect()
}

fn record(field: &str, value: Value) -> Value {
    let mut record = Map::from_iter([("recipient".to_owned(), json!("ann")), ("point".to_owned(), json!("desk"))]);
    record.insert(field.to_owned(), value);
    record.into()
}

#[test]
fn whatever_stands_in_a_field_both_say_the_same() {
    let schema = schema("interaction");
    let fields: Vec<&String> = schema["properties"].as_object().expect("fields").keys().collect();
    assert_eq!(fields.len(), 22);
    let schema = validator(&schema);
    // times are on all records or on none, so they are tried apart
    let fields = fields.into_iter().filter(|field| *field != "at");
    let records: Vec<Value> =
        fields.flat_map(|field| candidates().into_iter().map(|value| record(field, value))).collect();
    // an id is unique: each is tried alone
    let (ids, others): (Vec<Value>, Vec<Value>) = records.into_iter().partition(|record| record.get("id").is_some());
    let mut taken = rated(&others);
    taken.extend(ids.iter().flat_map(|record| rated(std::slice::from_ref(record))));
    let (mut good, mut bad) = (0, 0);
    for (record, taken) in others.iter().chain(&ids).zip(taken) {
        assert_eq!(schema.is_valid(record), taken, "the schema, and whether rate takes it: {record}");
        *(if taken { &mut good } else { &mut bad }) += 1;
    }
    assert!(good > 300 && bad > 1000, "{good} good, {bad} bad");
}

#[test]
fn whatever_stands_for_a_time_both_say_the_same() {
    let schema = validator(&schema("interaction"));
    let records: Vec<Value> = TIMES.into_iter().map(|text| record("at", text.into())).collect();
    let taken = rated(&records);
    for (record, taken) in records.iter().zip(&taken) {
        assert_eq!(schema.is_valid(record), *taken, "{record}");
    }
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 13);
    for nothing in [json!(null), json!(""), json!([]), json!({})] {
        assert!(schema.is_valid(&record("at", nothing)));
    }
    for wrong in [json!(20_260_305), json!(true), json!(["2026-03-05"]), json!({"a": 1})] {
        assert!(!schema.is_valid(&record("at", wrong.clone())));
        assert_eq!(rated(&[record("at", wrong)]), [false]);
    }
}

#[test]
fn whatever_stands_in_a_recipient_both_say_the_same() {
    let schema = schema("recipient");
    let keys: Vec<String> = schema["properties"].as_object().expect("keys").keys().cloned().collect();
    let schema = validator(&schema);
    assert_eq!(keys, ["id", "name", "since", "prefers", "values", "worth"]);
    for key in &keys {
        for value in candidates() {
            let mut person = Map::from_iter([("id".to_owned(), json!("ann"))]);
            person.insert(key.clone(), value);
            let person = Value::from(person);
            let taken = schema.is_valid(&person);
            let document = json!({"recipients": [person], "interactions": []}).to_string();
            let run = serveup("rate - --quiet -f jsonl").stdin(document);
            let run = if taken { run } else { run.status(2).stderr_has("recipient 1: ") };
            run.run();
        }
    }
    assert!(!schema.is_valid(&json!({"name": "Ann"})));
}

#[test]
fn a_file_as_a_whole_both_say_the_same() {
    let schema = validator(&schema("records"));
    let good = json!({"recipient": "ann", "point": "desk"});
    for (file, taken) in [
        (json!([good]), true),
        (json!([]), true),
        (json!({"interactions": [good]}), true),
        (json!({"recipients": [{"id": "ann"}], "interactions": [good]}), true),
        (json!({"recipients": [{"id": "ann"}]}), true),
        (json!({}), false),
        (json!([good, {"point": "desk"}]), false),
        (json!({"recipients": [{"name": "Ann"}], "interactions": [good]}), false),
        (json!({"recipients": {}, "interactions": [good]}), false),
        (json!({"interactions": {}}), false),
        (json!([[good]]), false),
        (json!(5), false),
    ] {
        assert_eq!(schema.is_valid(&file), taken, "{file}");
        let run = serveup("rate - -f json").stdin(file.to_string()).any_stdout().stderr_has("");
        run.status(if taken { 0 } else { 2 }).run();
    }
}

#[test]
fn what_a_schema_cannot_say_is_what_its_documentation_lists() {
    let schema = validator(&schema("interaction"));
    for (records, said) in [
        (r#"{"recipient":"ann","point":"desk","point":"till"}"#, "point: is given twice"),
        (r#"{"id":"a","recipient":"ann","point":"desk"}{"id":"a","recipient":"ann","point":"desk"}"#, "id: \"a\""),
        (r#"{"recipient":"ann","point":"desk","at":"2026-01-01"}{"recipient":"ann","point":"desk"}"#, "at: "),
        (r#"{"recipient":"ann","point":"desk","at":"9999-12-31"}"#, "at: cannot read \"9999-12-31\""),
        (r#"{"recipient":"ann","point":"desk","at":"2026-02-30"}"#, "at: cannot read \"2026-02-30\""),
        (r#"{"recipient":"ann","point":"desk","at":"2026-02-20T10:00:00"}"#, "\" has no offset"),
        (
            r#"{"recipient":"ann","point":"desk","value":[{"kind":"money","amount":1234567890123456}]}"#,
            "amount: cannot use",
        ),
    ] {
        for record in values(records) {
            valid(&schema, &record, records);
        }
        serveup("rate in").file("in", records).status(2).stderr_has(said).run();
    }
}

#[test]
fn names_are_those_of_the_rules_in_force() {
    let own = "[[levels]]\nname = 'desired'\n[levels.signals]\nhandwritten-card = 'by hand'\n\n\
        [[value]]\ncategory = 'quantified'\n[value.kinds]\nmiles = 'less far to go'\n";
    let record = json!({"recipient": "ann", "point": "desk", "signals": ["handwritten-card"],
        "value": [{"kind": "miles", "amount": 5}]});
    let asked = serveup("schema interaction --levels own.toml").file("own.toml", own).any_stdout().run().stdout;
    assert!(validator(&asked.parse().expect("JSON")).is_valid(&record));
    assert!(!validator(&schema("interaction")).is_valid(&record));
    let (file, text) = ("in", record.to_string());
    serveup("rate in --levels own.toml").file(file, &text).file("own.toml", own).any_stdout().run();
    serveup("rate in").file(file, text).status(2).stderr_has("signals[0]: unknown signal \"handwritten-card\"").run();
}
