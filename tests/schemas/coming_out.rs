//! What comes out: every output of every command, in full and row by row.

use serde_json::Value;

use crate::harness::{example, serveup};
use crate::{schema, valid, validator, values};

/// A schema that refuses fields it does not name: what the program prints today is exactly that.
fn closed(mut schema: Value) -> Value {
    fn close(schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                    members.insert("additionalProperties".to_owned(), false.into());
                }
                members.values_mut().for_each(close);
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

/// Runs a command for its document and its rows, and holds both against the closed schemas.
#[track_caller]
fn described(asked: &str, command: &str, files: &[&str]) {
    let run = |format: &str| {
        let run = serveup(&format!("{command} -f {format}")).any_stdout().stderr_has("");
        let run = files.iter().fold(run, |run, file| run.arg(example(file).display().to_string()));
        values(&run.run().stdout)
    };
    let what = format!("{command} {files:?}");
    let documents = run("json");
    assert_eq!(documents.len(), 1, "{what}");
    let document = validator(&closed(schema(asked)));
    if asked == "rating" {
        // a list of rows is the document
        documents[0].as_array().expect("rows").iter().for_each(|row| valid(&document, row, &what));
    } else {
        valid(&document, &documents[0], &what);
    }
    let row = validator(&closed(schema(&format!("{asked} --row"))));
    for found in run("jsonl") {
        valid(&row, &found, &what);
    }
}

const FILES: [&str; 4] = ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"];

#[test]
fn ratings_and_reports_of_every_example_are_as_described() {
    for file in FILES {
        for (asked, command) in [
            ("rating", "rate"),
            ("decay-acts", "decay"),
            ("journey", "journey"),
            ("journey", "journey --by recipient"),
            ("journey", "journey --by channel,stage,relation"),
            ("uplift", "uplift"),
            ("uplift", "uplift --period week --by team"),
            ("uplift", "uplift --period quarter"),
            ("uplift", "uplift --period day --since 2026-03-01 --until 2026-03-05"),
            ("uplift", "uplift --period year"),
            ("calibrate", "calibrate"),
            ("uplift", "uplift --by recipient --return-within 14"),
            ("next", "next"),
        ] {
            described(asked, command, &[file]);
        }
    }
    // the escalator's example has no failure
    for file in ["shop.json", "agency.json", "helpdesk.jsonl"] {
        described("recovery", "recovery --link-within 30", &[file]);
        described("recovery-by", "recovery --by signal,team", &[file]);
        described("recovery-by", "recovery --by response", &[file]);
    }
}

#[test]
fn checks_and_projections_are_as_described() {
    for command in [
        "check desk",
        "check desk --signal unexpected --value time --repeat 3 --verdict desired --claimed basic",
        "check desk --signal late --signal impolite --omitted",
    ] {
        described("check", command, &[]);
    }
    for command in ["decay", "decay --from 2026-01-05 --every 1mo", "decay --level criminal --deliveries 1"] {
        described("decay", command, &[]);
    }
    described("check-point", "check pick-up", &["shop.json"]);
    described("check-point", "check first-reply", &["helpdesk.jsonl"]);
    described("check-point", "check first-reply --since 2030-01-01", &["helpdesk.jsonl"]);
}

#[test]
fn the_rules_are_as_described() {
    described("rules", "levels", &[]);
    for word in ["late", "desired", "emotional", "time", "blame"] {
        described("word", &format!("levels {word}"), &[]);
    }
    described("rules", &format!("levels --levels {}", example("memory.toml").display()), &[]);
}

#[test]
fn an_inspection_is_as_described() {
    described("inspection", "import --inspect", &["../maps/orders.csv"]);
    let map = example("../maps/orders.jq").display().to_string();
    described("inspection", &format!("import --inspect --map {map}"), &["../maps/orders.csv"]);
}

#[test]
fn rows_without_times_ids_and_names_are_as_described() {
    let records = r#"[{"recipient": "a", "point": "p", "value": [{"kind": "money", "amount": 0.1}]},
        {"recipient": "a", "point": "p", "signals": ["late"], "value": [{"kind": "money", "amount": "123456789012345"}],
         "tags": {"region": "north"}}]"#;
    for (asked, command) in [
        ("rating", "rate"),
        ("decay-acts", "decay"),
        ("journey", "journey"),
        ("journey", "journey --by action"),
        ("journey", "journey --by tags.region,team"),
        ("recovery", "recovery"),
        ("recovery-by", "recovery --by signal,tags.region"),
        ("calibrate", "calibrate"),
    ] {
        let ran = serveup(&format!("{command} - -f json")).stdin(records).any_stdout().run();
        let schema = validator(&closed(schema(asked)));
        let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let rows = if asked == "rating" { document.as_array().expect("rows").clone() } else { vec![document] };
        for row in rows {
            valid(&schema, &row, command);
        }
    }
}

#[test]
fn what_import_makes_is_what_rate_reads() {
    let schema = validator(&schema("interaction"));
    for (from, file) in [
        ("zendesk", "zendesk.jsonl"),
        ("zendesk-csv", "zendesk.csv"),
        ("intercom", "intercom.jsonl"),
        ("freshdesk", "freshdesk.json"),
        ("chatwoot-csat", "chatwoot-csat-en.csv"),
        ("servicenow", "servicenow.csv"),
    ] {
        let path = format!("{}/tests/import/data/{file}", env!("CARGO_MANIFEST_DIR"));
        let run = serveup(&format!("import --from {from} --keep-going --timezone UTC")).arg(path);
        let made = values(&run.any_stdout().stderr_has("").run().stdout);
        assert!(!made.is_empty(), "{from}");
        for record in made {
            valid(&schema, &record, from);
        }
    }
}

#[test]
fn a_field_more_or_less_is_noticed() {
    // what the tests above rely on
    let schema = validator(&closed(schema("journey")));
    let report = serveup("journey -f json").arg(example("shop.json").display().to_string()).any_stdout().run();
    let report: Value = serde_json::from_str(&report.stdout).expect("JSON");
    valid(&schema, &report, "as printed");
    let changes: [fn(&mut Value); 6] = [
        |report| report["groups"][0]["more"] = 1.into(),
        |report| report["total"]["sound"]["share"] = 1.5.into(),
        |report| report["groups"][0]["levels"]["basic"] = (-1).into(),
        |report| report["total"]["median"] = "good".into(),
        |report| report["groups"][0]["key"]["weather"] = "fine".into(),
        |report| drop(report["total"].as_object_mut().expect("a group").remove("claims")),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = report.clone();
        change(&mut other);
        assert!(!schema.is_valid(&other), "change {number}");
    }
}

#[test]
fn later_versions_may_add_fields() {
    let schema = validator(&schema("rating"));
    let mut row: Value = serveup("check desk -f json").any_stdout().run().stdout.parse().expect("JSON");
    valid(&schema, &row, "a check is a rating and more");
    row["more"] = 1.into();
    valid(&schema, &row, "and may be yet more");
}
