//! Records as serde reads them are what the reader makes of the same text: the same interactions
//! and the same problems.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use serveup::read::{Options, Records, Source};
use serveup::{Field, Level, Model, RecipientRecord, Recipients, Record, Row, rate_all};
use support::generate;

/// What the reader makes of a text with one record: a picture of the interaction, or its error.
fn read(model: &Model, name: &str, text: String) -> Result<String, String> {
    let source = Source::new(name, std::io::Cursor::new(text));
    let (mut records, _) = Records::open(vec![source], None, Options::new(model)).map_err(|error| error.to_string())?;
    let mut read = String::new();
    let summary = records.for_each(None, &mut (), |_, interaction| {
        read = format!("{interaction:?}");
        Ok(true)
    });
    summary.map(|_| read).map_err(|error| error.to_string())
}

/// What serde and the check make of a line of JSON: the error is `None` where it is serde's.
fn check(model: &Model, text: &str) -> Result<String, Option<String>> {
    let record: Record = serde_json::from_str(text).map_err(|_| None)?;
    let checked = record.check(model).map(|interaction| format!("{interaction:?}"));
    checked.map_err(|problem| Some(problem.to_string()))
}

/// Columns that hold one text by its key.
const KEYED: [&str; 3] = ["served.cadence", "tags.region", "tags.the \"tier\" of, 日本"];

/// Something else in a field than is due there, or as due.
fn odd() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!("lat"),
        json!("basic"),
        json!("Basic"),
        json!(7),
        json!(-7),
        json!(1.5),
        json!(true),
        json!(["late"]),
        json!(["lat"]),
        json!([5]),
        json!([null]),
        json!(["time"]),
        json!([{"kind": "money", "amount": 12.5, "unit": "EUR"}]),
        json!([{"kind": "money", "amount": "12.50", "unit": 7}]),
        json!([{"kind": "money", "unit": "EUR"}]),
        json!([{"kind": "time-saved", "amount": -1}]),
        json!([{"kind": "felt-good", "amount": 1}]),
        json!([{"kind": "mony"}]),
        json!([{"amount": 1}]),
        json!([{"kind": "money", "price": 1}]),
        json!([{}]),
        json!({"channel": "email", "cadence": 7, "by": null}),
        json!({"channel": ["email"]}),
        json!({"": "email"}),
        json!({"日本": "a \"quoted\" \\ one\n", "a.b": "c"}),
        json!({"channel": true}),
        json!("2026-01-05"),
        json!("2026-01-05T10:00:00Z"),
        json!("2026-01-05 10:00"),
        json!("beginning"),
        json!("internal"),
        json!("explain"),
    ])
}

/// Cells that may stand in a column.
fn due(column: usize) -> &'static [&'static str] {
    match Field::ALL.get(column) {
        Some(Field::At) => &["", "2026-01-05"],
        Some(Field::Signals) => &["", "late", "late; impolite", "[]"],
        Some(Field::Value) => &["", "[]", "time", "time;money", r#"{"kind": "money", "amount": 2}"#],
        Some(Field::Stage) => &["", "end"],
        Some(Field::Relation) => &["", "internal"],
        Some(Field::Response) => &["", "blame"],
        Some(Field::Verdict | Field::Claimed) => &["", "basic"],
        Some(Field::Recipient | Field::Point) => &["007", "7", "true", "x y"],
        None => &["", "007", "a \"quoted\" one", "日本"],
        _ => &["", "007", "1e5", "true", "x y"],
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn serde_and_the_reader_read_the_same(
        record in generate::record(),
        field in select(&Field::ALL[..]),
        odd in prop::option::of(odd()),
    ) {
        let model = Model::shipped();
        let mut record = record;
        let emptied = odd.as_ref().is_some_and(|odd| odd.as_str() == Some(""));
        match odd {
            Some(odd) => record[field.name()] = odd,
            None => {
                record.as_object_mut().unwrap().remove(field.name());
            }
        }
        let text = record.to_string();
        match (read(&model, "lines", text.clone()), check(&model, &text)) {
            (Ok(read), Ok(checked)) => prop_assert_eq!(read, checked),
            (Err(_), Err(None)) => {}
            (Err(read), Err(Some(problem))) => {
                // as a record, a required text that is empty is one that is missing
                let read = read.replace("is empty", "is missing");
                // and is told after whatever else is wrong, where the reader tells it at its place
                let nothing = format!(": {}: is missing; write {}", field.name(), field.wanted());
                let same = read.ends_with(&format!(": {problem}")) || (emptied && read.ends_with(&nothing));
                prop_assert!(same, "{read}\n{problem}");
            }
            (read, checked) => prop_assert!(false, "{text}\nreader: {read:?}\nserde: {checked:?}"),
        }
        // written again, it is the same record
        if let Ok(written) = serde_json::from_str::<Record>(&text) {
            let again = serde_json::to_string(&written).unwrap();
            prop_assert_eq!(check(&model, &again), check(&model, &text), "{}", again);
        }
    }

    #[test]
    fn rows_of_a_table_are_what_the_reader_makes_of_them(
        cells in prop::collection::vec(any::<Index>(), Field::ALL.len() + KEYED.len()),
        odd in prop::option::of((any::<Index>(), select(&["", "late", "[]", "Basic", "x;y", "{}"][..]))),
        columns in prop::sample::subsequence((0..Field::ALL.len() + KEYED.len()).collect::<Vec<_>>(), 1..=Field::ALL.len() + KEYED.len()),
    ) {
        let model = Model::shipped();
        let name = |column: usize| Field::ALL.get(column).map_or_else(|| KEYED[column - Field::ALL.len()], |field| field.name());
        let required = [Field::Recipient, Field::Point].map(|field| field as usize);
        let pairs = [Field::Served, Field::Tags].map(|field| field as usize);
        let columns = columns.into_iter().filter(|column| !required.contains(column) && !pairs.contains(column));
        let columns: Vec<usize> = required.into_iter().chain(columns).collect();
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(columns.iter().map(|&column| name(column))).unwrap();
        let mut row: Vec<&str> = columns.iter().map(|&column| *cells[column].get(due(column))).collect();
        if let Some((place, cell)) = odd {
            row[place.index(columns.len())] = cell;
        }
        table.write_record(&row).unwrap();
        let text = String::from_utf8(table.into_inner().unwrap()).unwrap();

        let row = csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().next().unwrap().unwrap();
        let checked = row.check(&model).map(|interaction| format!("{interaction:?}"));
        match (read(&model, "table", text.clone()), checked) {
            (Ok(read), Ok(checked)) => prop_assert_eq!(read, checked),
            (Err(read), Err(problem)) => {
                // the reader goes by columns, a record by fields: which problem comes first may differ
                let field = problem.field.split(['[', '.']).next().unwrap();
                prop_assert!(columns.iter().any(|&column| name(column) == field), "{read}\n{problem}");
            }
            (read, checked) => prop_assert!(false, "{text}\nreader: {read:?}\nrow: {checked:?}"),
        }
    }
}

/// What the reader makes of many records that follow each other, which it scans ahead in chunks.
fn read_all(model: &Model, text: String) -> Result<Vec<String>, String> {
    let source = Source::new("in", std::io::Cursor::new(text));
    let (mut records, _) = Records::open(vec![source], None, Options::new(model)).map_err(|error| error.to_string())?;
    let mut read = Vec::new();
    let summary = records.for_each(None, &mut (), |_, interaction| {
        read.push(format!("{interaction:?}"));
        Ok(true)
    });
    summary.map(|_| read).map_err(|error| error.to_string())
}

/// The tags of one record as JSON members, each a name and a value as written: hostile, but no name twice.
fn tags() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let names = vec![
        "region",
        r"r\u0065gion ",
        r#"the \"tier\""#,
        "日本語",
        "a.b",
        " ",
        "a;b,c",
        r"\\",
        r"line\nbreak",
        "recipient",
        "}",
        "a name that is longer than sixteen bytes",
    ];
    let values = select(vec![
        r#""north""#,
        r#""""#,
        "7",
        "1.5",
        "null",
        r#""},\n{\"recipient\":\"x\"""#,
        r#""日本 \u00e9 😀""#,
        r#""tab\tand ; , | \"quotes\"""#,
        r#""a text without escapes, longer than sixteen bytes""#,
    ]);
    (prop::sample::subsequence(names, 0..5), prop::collection::vec(values, 5))
        .prop_map(|(names, values)| names.into_iter().zip(values).collect())
}

fn with_tags(number: usize, tags: &[(&str, &str)], wide: bool) -> String {
    let (colon, comma) = if wide { (" : ", " , ") } else { (":", ",") };
    let members: Vec<_> = tags.iter().map(|(name, value)| format!("\"{name}\"{colon}{value}")).collect();
    format!(r#"{{"id":"r{number}","recipient":"ann","point":"desk","tags":{{{}}}}}"#, members.join(comma))
}

proptest! {
    #![proptest_config(cases(300))]

    /// Scanned ahead, one by one, by serde and as rows of a table: tags are the same, or the same is wrong with them.
    #[test]
    fn tags_are_the_same_whoever_reads_them(
        all in prop::collection::vec((tags(), any::<bool>()), 1..30),
        wrong in prop::option::of(select(vec![
            r#"{"a":"b","a":"c"}"#,
            r#"{"a":"b","":"c"}"#,
            r#"{"a":{"b":"c"}}"#,
            r#"{"a":["b"]}"#,
            r#"{"a":true}"#,
            r#"["a"]"#,
            r#""a""#,
            "7",
        ])),
    ) {
        let model = Model::shipped();
        let mut lines: Vec<_> = all.iter().enumerate().map(|(number, (tags, wide))| with_tags(number, tags, *wide)).collect();
        let alone: Vec<_> = lines.iter().map(|line| read(&model, "in", line.clone()).unwrap()).collect();
        prop_assert_eq!(read_all(&model, lines.join("\n")).unwrap(), alone.clone());
        prop_assert_eq!(read_all(&model, format!("[{}]", lines.join(","))).unwrap(), alone.clone());
        for (line, alone) in lines.iter().zip(&alone) {
            prop_assert_eq!(&check(&model, line).unwrap(), alone, "{}", line);
        }

        // a column for each name, in the order of the names; so are the tags of a record
        let parsed: Vec<Vec<(String, String)>> = all.iter().map(|(tags, _)| tags.iter().map(|(name, value)| {
            let value: Value = serde_json::from_str(value).unwrap();
            let value = value.as_str().map_or_else(|| value.to_string().replace("null", ""), str::to_owned);
            (serde_json::from_str(&format!("\"{name}\"")).unwrap(), value)
        }).collect()).collect();
        let names: std::collections::BTreeSet<&str> = parsed.iter().flatten().map(|(name, _)| name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().filter(|name| name.trim() == *name).collect();
        let mut table = csv::Writer::from_writer(Vec::new());
        let header = ["id", "recipient", "point"].into_iter().map(str::to_owned);
        table.write_record(header.chain(names.iter().map(|name| format!("tags.{name}")))).unwrap();
        let mut expected = Vec::new();
        for (number, tags) in parsed.iter().enumerate() {
            let cell = |name: &&str| tags.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
            let cells: Vec<_> = names.iter().map(cell).collect();
            let id = format!("r{number}");
            table.write_record([id.as_str(), "ann", "desk"].into_iter().chain(cells.iter().copied())).unwrap();
            let tags = names.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect();
            let record = Record { id: Some(id), tags, ..Record::new("ann", "desk") };
            expected.push(format!("{:?}", record.check(&model).unwrap()));
        }
        let text = String::from_utf8(table.into_inner().unwrap()).unwrap();
        prop_assert_eq!(read_all(&model, text).unwrap(), expected);

        if let Some(wrong) = wrong {
            let line = format!(r#"{{"recipient":"ann","point":"desk","tags":{wrong}}}"#);
            let problem = read(&model, "in", line.clone()).unwrap_err();
            let problem = problem.split_once("record 1: ").expect("a place").1.to_owned();
            lines.push(line);
            let number = lines.len();
            lines.push(r#"{"recipient":"ann","point":"desk"}"#.to_owned());
            let among = read_all(&model, lines.join("\n")).unwrap_err();
            prop_assert!(among.ends_with(&format!("record {number}: {problem}")), "{among}\n{problem}");
        }
    }
}

#[test]
fn numbers_are_kept_as_texts_or_refused() {
    let id = |number: &str| {
        serde_json::from_str::<Record>(&format!(r#"{{"id": {number}}}"#)).map(|record| record.id.unwrap_or_default())
    };
    assert_eq!(id("18446744073709551615").unwrap(), "18446744073709551615");
    assert_eq!(id("-5").unwrap(), "-5");
    assert_eq!(id("2.0").unwrap(), "2.0");
    let error = id("18446744073709551616").unwrap_err().to_string();
    assert!(error.contains("too long to be kept as written; put it in quotes"), "{error}");
}

#[test]
fn a_record_goes_into_a_struct_of_ones_own() {
    #[derive(serde::Deserialize)]
    struct Ticket {
        number: u32,
        #[serde(flatten)]
        record: Record,
    }
    let ticket: Ticket =
        serde_json::from_str(r#"{"number": 3, "recipient": 12, "point": "desk", "signals": ["late"], "other": []}"#)
            .unwrap();
    assert_eq!(ticket.number, 3);
    assert_eq!(ticket.record, Record { signals: vec!["late".into()], ..Record::new("12", "desk") });
    let rating = &rate_all(&Model::shipped(), [&ticket.record]).unwrap()[0];
    assert_eq!(rating.assessment.level, Level::Basic);
}

#[test]
fn what_is_wrong_is_said_of_the_record_and_the_field() {
    let model = Model::shipped();
    let good = Record::new("acme", "desk");
    let bad = Record { verdict: Some("desird".into()), ..good.clone() };
    let error = rate_all(&model, [&good, &bad]).unwrap_err().to_string();
    assert!(error.starts_with("record 2: verdict: unknown verdict \"desird\"; did you mean \"desired\"?"), "{error}");
    let timed = Record { at: Some("2026-01-05".into()), ..good.clone() };
    let error = rate_all(&model, [&good, &timed]).unwrap_err().to_string();
    assert!(error.starts_with("record 2: at: is given here, but not in the records before"), "{error}");
    let missing = rate_all(&model, [&Record::default()]).unwrap_err().to_string();
    assert_eq!(missing, "record 1: recipient: is missing; write who was served");
}

#[test]
fn recipients_are_checked_and_stand_once() {
    let model = Model::shipped();
    let acme: RecipientRecord =
        serde_json::from_str(r#"{"id": 7, "name": "Acme", "prefers": {"channel": "phone"}, "values": ["tim"]}"#)
            .unwrap();
    let problem = acme.check(&model).unwrap_err().to_string();
    assert!(problem.starts_with("values[0]: unknown value \"tim\"; did you mean \"time\"?"), "{problem}");
    let acme = RecipientRecord { values: vec!["time".into()], ..acme };
    let checked = acme.check(&model).unwrap();
    assert_eq!((checked.id.as_str(), checked.name.as_deref()), ("7", Some("Acme")));
    assert_eq!(checked.prefers, [("channel".to_owned(), vec!["phone".to_owned()])]);
    let twice = Recipients::of(&model, [&acme, &acme]).unwrap_err().to_string();
    assert!(twice.contains("\"7\" is there already"), "{twice}");
    let nobody = RecipientRecord::default().check(&model).unwrap_err().to_string();
    assert_eq!(nobody, "id: is missing; write what the records call this recipient");
}
