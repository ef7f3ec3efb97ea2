//! Nothing, one, all alike, no times: every command says something sensible in
//! every format, and no number is without end or no number at all.

use serde_json::Value;

use crate::formats::{csv, markdown, tsv};
use crate::harness::{FORMATS, Serveup};
use crate::told::{EXAMPLES, document_of, interactions, over_example, over_records, text_of};

/// Every command that reads records; `P` is a point of them.
const COMMANDS: [&str; 16] = [
    "rate",
    "rate --why",
    "check P",
    "decay",
    "journey",
    "journey --by recipient",
    "journey --by channel,stage,action --sort worst",
    "uplift",
    "uplift --period day --by recipient",
    "uplift --period year",
    "recovery",
    "recovery --link-within 7",
    "next",
    "recovery --by signal,team",
    "uplift --period day --by recipient --return-within 3",
    "calibrate",
];

/// Whether a word of a text stands for what is no number.
fn is_no_number(word: &str) -> bool {
    ["nan", "inf", "infinity"].contains(&word.to_lowercase().as_str())
}

/// Holds every number of a document against what it can be: a share lies
/// between its bounds, and where one of the three is known all are.
#[track_caller]
fn assert_numbers(value: &Value, what: &str) {
    match value {
        Value::Object(fields) => {
            for (middle, least) in [("share", 0.0), ("diff", -1.0)] {
                let [middle, low, high] = [middle, "low", "high"].map(|name| fields.get(name));
                if let (Some(middle), Some(low), Some(high)) = (middle, low, high) {
                    match [low, middle, high].map(Value::as_f64) {
                        [None, None, None] => {
                            assert!([low, middle, high].into_iter().all(Value::is_null), "{what}: {value}");
                        }
                        [Some(low), Some(middle), Some(high)] => {
                            let rising = [least, low, middle, high, 1.0];
                            // a difference of 1 may be over it by the last digit of a double
                            let in_order = rising.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12);
                            assert!(in_order, "{what}: {value}");
                        }
                        _ => panic!("{what}: {value}"),
                    }
                }
            }
            fields.values().for_each(|value| assert_numbers(value, what));
        }
        Value::Array(items) => items.iter().for_each(|value| assert_numbers(value, what)),
        Value::Number(number) => assert!(number.as_f64().is_some_and(f64::is_finite), "{what}: {number}"),
        _ => {}
    }
}

/// Holds what was printed against what may be.
#[track_caller]
fn assert_printed(stdout: &str, format: &str, what: &str) {
    let mut words = stdout.split(|character: char| !character.is_alphanumeric());
    assert!(!words.any(is_no_number) && !stdout.contains('∞'), "{what}:\n{stdout}");
    match format {
        "table" => assert!(!stdout.trim().is_empty() && stdout.ends_with('\n'), "{what} says nothing"),
        "tsv" | "csv" => {
            let rows = if format == "tsv" { tsv(stdout) } else { csv(stdout) };
            let names = rows.first().unwrap_or_else(|| panic!("{what}: no line of names"));
            assert!(rows.iter().all(|row| row.len() == names.len()), "{what}: rows of different lengths");
        }
        "md" => {
            let rows = markdown(stdout);
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{what}: rows of different lengths");
        }
        "json" => assert_numbers(&serde_json::from_str(stdout).expect("a document"), what),
        _ => {
            for line in stdout.lines() {
                assert_numbers(&serde_json::from_str(line).expect("an object"), what);
            }
        }
    }
}

/// Runs every command over records in every format. `refused` says of which
/// commands it is right that they cannot say anything, and what they say instead.
#[track_caller]
fn assert_sensible(records: &str, point: &str, refused: impl Fn(&str) -> Option<&'static str>) {
    for command in COMMANDS {
        for format in FORMATS {
            let line = format!("{command} --quiet -f {format}").replace('P', point);
            let run: Serveup = over_records(&line, records);
            if let Some(said) = refused(command) {
                let ran = run.status(2).stderr_has(said).run();
                assert_eq!(ran.stderr.lines().count(), 1, "{line}: {}", ran.stderr);
                continue;
            }
            let ran = run.any_stdout().run();
            assert_printed(&ran.stdout, format, &line);
        }
    }
}

fn no_periods(command: &str) -> Option<&'static str> {
    command.starts_with("uplift").then_some("periods need `at`, but the records have none")
}

#[test]
fn nothing() {
    assert_sensible("[]", "p", |_| None);
    // the same as a document, with a recipient whom nobody served
    let document = r#"{"recipients": [{"id": "a"}], "interactions": []}"#;
    for command in COMMANDS {
        let run = |records: &str| over_records(&format!("{command} -q -f json").replace('P', "p"), records);
        assert_eq!(run(document).any_stdout().run().stdout, run("[]").any_stdout().run().stdout, "{command}");
    }
}

#[test]
fn nothing_in_the_time_asked_for() {
    for command in COMMANDS {
        for format in FORMATS {
            let line = format!("{command} --since 2030-01-01 --quiet -f {format}").replace('P', "fitting");
            assert_printed(&over_example(&line, "shop.json").any_stdout().run().stdout, format, &line);
        }
    }
}

#[test]
fn no_byte_is_no_records() {
    for command in COMMANDS {
        for text in ["", " \n\t\n"] {
            over_records(&command.replace('P', "p"), text).any_stdout().stderr_has("no records found").run();
        }
    }
}

#[test]
fn one_interaction() {
    assert_sensible(r#"[{"recipient": "a", "point": "p", "at": "2026-01-05"}]"#, "p", |_| None);
    let told = r#"{"id": "x", "recipient": "a", "point": "p", "at": "2026-01-05T09:30:00.5Z", "action": "note",
        "signals": ["astonishing", "late"], "value": [{"kind": "money", "amount": 0}], "verdict": "criminal",
        "claimed": "unbelievable", "response": "shame", "recovers": "x"}"#;
    assert_sensible(told, "p", |_| None);
}

#[test]
fn all_unremarked() {
    let rows: String = (0..12).map(|number| format!("r{},2026-0{}-05,p\n", number % 6, number % 3 + 1)).collect();
    assert_sensible(&format!("recipient,at,point\n{rows}"), "p", |_| None);
}

#[test]
fn one_recipient() {
    let signals = ["late", "on-time", "as-hoped", "unexpected", "", "promise-broken", "omitted", "astonishing"];
    let rows: String = (0..24)
        .map(|number| {
            let (signal, day) = (signals[number % signals.len()], number + 1);
            format!("only,2026-01-{day:02},p,note,{signal},time,{}\n", if number % 5 == 0 { "expected" } else { "" })
        })
        .collect();
    assert_sensible(&format!("recipient,at,point,action,signals,value,verdict\n{rows}"), "p", |_| None);
}

#[test]
fn everything_equal() {
    let row = "a,2026-01-05T09:30:00Z,p,note,as-hoped,time,expected,desired,phone,end\n";
    let header = "recipient,at,point,action,signals,value,verdict,claimed,channel,stage\n";
    assert_sensible(&format!("{header}{}", row.repeat(20)), "p", |_| None);
    // the same without a verdict, all of them failures
    let row = "a,2026-01-05T09:30:00Z,p,late\n";
    assert_sensible(&format!("recipient,at,point,signals\n{}", row.repeat(20)), "p", |_| None);
}

#[test]
fn no_times_anywhere() {
    for name in ["shop.json", "agency.json"] {
        let mut document: Value = serde_json::from_str(&text_of(name)).expect("a document");
        for record in document["interactions"].as_array_mut().expect("interactions") {
            record.as_object_mut().expect("a record").remove("at");
        }
        let point = if name == "shop.json" { "fitting" } else { "review" };
        assert_sensible(&document.to_string(), point, no_periods);
        // the levels are the same: the records stand in time order already
        let levels =
            |rows: &Value| rows.as_array().expect("rows").iter().map(|row| row["level"].clone()).collect::<Vec<_>>();
        let undated = over_records("rate --quiet -f json", &document.to_string()).any_stdout().run();
        let dated = over_example("rate --quiet -f json", name).any_stdout().run();
        assert_eq!(levels(&document_of(&undated)), levels(&document_of(&dated)), "{name}");
    }
    assert_sensible(r#"[{"recipient": "a", "point": "p"}]"#, "p", no_periods);
}

#[test]
fn the_first_and_the_last_day_there_are() {
    let rows =
        "a,0001-01-01,p,note,unexpected,time\na,9999-12-30,p,note,late,time\na,9999-12-30,p,note,unexpected,time\n";
    let records = format!("recipient,at,point,action,signals,value\n{rows}");
    let too_long = |command: &str| {
        (command.starts_with("uplift") && !command.contains("year")).then_some("choose a longer --period")
    };
    assert_sensible(&records, "p", too_long);
}

#[test]
fn the_examples_have_numbers_throughout() {
    for name in EXAMPLES {
        let points = interactions(&text_of(if name == "escalator.csv" { "escalator.jsonl" } else { name }));
        let point = points[0]["point"].as_str().expect("a point");
        for command in COMMANDS {
            // the other formats carry the values of json, which is shown elsewhere
            for format in ["table", "json"] {
                let line = format!("{command} --quiet -f {format}").replace('P', point);
                assert_printed(&over_example(&line, name).any_stdout().run().stdout, format, &line);
            }
        }
    }
}
