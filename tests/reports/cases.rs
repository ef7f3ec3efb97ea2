//! Records with odd texts, for the laws of the reports.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use serveup::{Field, Instant};

use crate::generate::{self, Overlay};
use crate::harness::{Serveup, cell, lines, serveup};
use crate::told::document;

/// A levels file, the people and the records, and perhaps the date from which they are reported.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) rules: Overlay,
    pub(crate) people: Vec<Value>,
    pub(crate) records: Vec<Value>,
    pub(crate) since: Option<String>,
}

/// All that is hard to write in one format or another.
pub(crate) const HARD: [&str; 20] = [
    "\t", "\n", "\r", "\r\n", "\"", "\"\"", "'", ";", ",", "|", "\\", "\\n", " ", "é", "😀", "\u{feff}", "=", "{", "[",
    "-",
];

/// Different texts, hard at their beginning, in their middle or at their end.
pub(crate) fn odd<const COUNT: usize>() -> impl Strategy<Value = [String; COUNT]> {
    let parts = vec(select(&HARD[..]), 1..4).prop_map(|parts| parts.concat());
    vec((parts, 0..3), COUNT).prop_map(|texts| {
        let texts = texts.into_iter().enumerate().map(|(number, (hard, place))| match place {
            0 => format!("{number}{hard}"),
            1 => format!("{number}{hard}x"),
            // a mark at the very beginning of a file is no text
            _ => format!("{}{number}", hard.trim_start_matches('\u{feff}')),
        });
        texts.collect::<Vec<_>>().try_into().expect("so many texts")
    })
}

/// What a record may have beside what levels depend on; numbers choose among odd texts.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    named: bool,
    recovers: Option<Index>,
    response: Option<&'static str>,
    stage: Option<&'static str>,
    relation: Option<&'static str>,
    provider: Option<usize>,
    team: Option<usize>,
    said: Option<usize>,
    unit: usize,
}

pub(crate) fn beside() -> impl Strategy<Value = Beside> {
    let rungs = ["blame", "shame", "justify", "responsibility"];
    let stages = ["beginning", "middle", "end"];
    let words = (
        weighted(0.4, select(rungs.to_vec())),
        weighted(0.5, select(stages.to_vec())),
        weighted(0.5, select(vec!["external", "internal"])),
    );
    let texts = (weighted(0.6, 0_usize..2), weighted(0.6, 0_usize..2), weighted(0.3, 0_usize..2), 0_usize..2);
    (prop::bool::weighted(0.8), weighted(0.5, any::<Index>()), words, texts).prop_map(
        |(named, recovers, (response, stage, relation), (provider, team, said, unit))| Beside {
            named,
            recovers,
            response,
            stage,
            relation,
            provider,
            team,
            said,
            unit,
        },
    )
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let rules = prop_oneof![Just(Overlay::default()), generate::overlay()];
    // told more than once, the same times and all, there are more repeats and lapses
    let records = (generate::records(), 1_usize..5).prop_flat_map(|(records, times)| {
        let records = vec![records; times].concat();
        let count = records.len();
        (Just(records), vec(beside(), count))
    });
    (rules, generate::people(), records, odd::<5>(), odd::<2>(), odd::<2>()).prop_map(
        |(rules, mut people, (mut records, beside), names, texts, ends)| {
            // the first act and the point stay: a levels file may name them
            let new = |old: &Value| match old.as_str().expect("a text") {
                "ann" => names[0].clone(),
                "bob" => names[1].clone(),
                "cy" => names[2].clone(),
                "stay" => names[3].clone(),
                "invoice" => names[4].clone(),
                other => other.to_owned(),
            };
            for person in &mut people {
                person["id"] = new(&person["id"]).into();
            }
            let id = |number: usize| format!("{}-{number}{}", ends[0], ends[1]);
            for (number, beside) in beside.iter().enumerate() {
                let recovered = beside.recovers.map(|index| index.index(records.len()));
                let record = &mut records[number];
                for field in ["recipient", "transaction", "action"] {
                    if record[field].is_string() {
                        record[field] = new(&record[field]).into();
                    }
                }
                let mut put = |field: &str, text: Option<&str>| {
                    if let Some(text) = text {
                        record[field] = text.into();
                    }
                };
                put("id", beside.named.then(|| id(number)).as_deref());
                put("recovers", recovered.map(id).as_deref());
                put("response", beside.response);
                put("stage", beside.stage);
                put("relation", beside.relation);
                put("provider", beside.provider.map(|which| texts[which].as_str()));
                put("team", beside.team.map(|which| texts[1 - which].as_str()));
                put("said", beside.said.map(|which| texts[which].as_str()));
                for value in record.get_mut("value").and_then(Value::as_array_mut).into_iter().flatten() {
                    if value.is_object() {
                        value["unit"] = ["EUR", "\"€\"\t,"][beside.unit].into();
                    }
                }
            }
            Case { rules, people, records, since: None }
        },
    )
}

/// The same, as often as not reported from a date on.
pub(crate) fn windowed() -> impl Strategy<Value = Case> {
    (case(), of(16..28)).prop_map(|(case, day)| {
        let since = day.filter(|_| case.timed()).map(|day| format!("2026-02-{day}"));
        Case { since, ..case }
    })
}

/// When a record happened.
pub(crate) fn at(record: &Value) -> Option<Instant> {
    Some(Instant::parse(record["at"].as_str()?, None).expect("a time"))
}

impl Case {
    /// A run over files, by the case's rules and with what is known of its people.
    pub(crate) fn over(&self, line: &str, files: &[(&str, String)]) -> Serveup {
        let run = serveup(line).file("rules", self.rules.text()).file("people", json!(self.people).to_string());
        let since = self.since.iter().flat_map(|since| ["--since", since.as_str()]);
        let run = ["--levels", "rules", "--recipients", "people"].into_iter().chain(since).fold(run, Serveup::arg);
        files.iter().fold(run, |run, (name, content)| run.file(name, content).arg(*name))
    }

    /// The same over one file with all records.
    pub(crate) fn run(&self, line: &str) -> Serveup {
        self.over(line, &[("records", Form::Lines.written(&self.records))])
    }

    /// The document of a run over all records.
    #[track_caller]
    pub(crate) fn document(&self, line: &str) -> Value {
        document(self.run(line))
    }

    /// The records that are reported.
    pub(crate) fn reported(&self) -> Vec<&Value> {
        let since = self.since.as_ref().map(|since| Instant::parse(since, None).expect("a date"));
        self.records.iter().filter(|record| at(record) >= since).collect()
    }

    /// A row for every record that is reported.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<Value> {
        let rows = self.document("rate").as_array().expect("rows").clone();
        assert_eq!(rows.len(), self.reported().len(), "a row for every record");
        rows
    }

    pub(crate) fn timed(&self) -> bool {
        self.records[0]["at"].is_string()
    }
}

/// A form in which a file holds records.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Lines,
    Array,
    Csv,
}

impl Form {
    pub(crate) fn written(self, records: &[Value]) -> String {
        match self {
            Self::Lines => lines(records.iter().map(Value::to_string)),
            Self::Array => format!("{:#}", json!(records)),
            Self::Csv => as_csv(records),
        }
    }
}

/// Records as csv: lists joined by `;`, an empty list as `[]`, `served.channel` and the like as columns.
pub(crate) fn as_csv(records: &[Value]) -> String {
    let fields = || Field::ALL.into_iter().filter(|field| *field != Field::Served).map(Field::name);
    let served = ["channel", "cadence"];
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = fields().map(str::to_owned).chain(served.map(|key| format!("served.{key}")));
    writer.write_record(header).expect("a header");
    for record in records {
        let value = |value: &Value| if value == &json!([]) { "[]".to_owned() } else { cell(value) };
        let plain = fields().map(|field| value(&record[field]));
        writer.write_record(plain.chain(served.map(|key| cell(&record["served"][key])))).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("all rows")).expect("text")
}
