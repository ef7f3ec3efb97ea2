//! What every command prints in every format, read back by Python, jq and `DuckDB`: whoever reads it, the values are those
//! of the JSON.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::engine::{Engine, folder};
use crate::fresh;

/// A command, and where its rows are in its JSON document; `None` where the document is no list of them.
const COMMANDS: [(&str, &str, Option<&[&str]>); 17] = [
    ("rate", "rate", Some(&[])),
    ("rate-why", "rate --why", Some(&[])),
    (
        "rate-columns",
        "rate --columns tags.region,said,served.cadence,signals,cost,team,id,point,provider,action,why,channel",
        None,
    ),
    ("check-point", "check POINT", Some(&[])),
    ("journey", "journey", Some(&["groups"])),
    ("journey-by-recipient", "journey --by recipient", Some(&["groups"])),
    ("journey-by-several", "journey --by tags.region,team,action", Some(&["groups"])),
    ("uplift", "uplift --period week", Some(&["groups"])),
    ("uplift-by", "uplift --period week --by team,tags.region", Some(&["groups"])),
    ("uplift-series", "uplift --period week --series", None),
    ("recovery", "recovery", Some(&["items"])),
    ("recovery-by", "recovery --by tags.region,signal,action", Some(&["by"])),
    ("next", "next", None),
    ("calibrate", "calibrate", None),
    ("decay-acts", "decay", Some(&["acts"])),
    ("decay", "decay --level unbelievable --from 2026-01-05 --every 7d", Some(&["deliveries"])),
    ("check", "check POINT --signal unexpected --value money --repeat 3 --claimed desired", Some(&[])),
];

/// Commands that print without reading.
const READ_NOTHING: [&str; 2] = ["decay", "check"];

const FORMATS: [&str; 5] = ["json", "jsonl", "csv", "tsv", "md"];

/// Texts in which readers could lose their way, or that they could take for something else.
const ODD: [&str; 18] = [
    "a\tb",
    "two\nlines",
    "\r",
    "a\r\nb",
    "\\t \\\\ \\",
    "\"quoted\", and so",
    "it's; joined;",
    "a | b `code` **c**",
    "=1+1",
    "007",
    "1e5",
    "NULL",
    "true",
    "日本語 é 😀",
    " blanks ",
    "{\"a\": [1]}",
    "\u{2028}\u{85}\u{1b}[31m",
    "#'-- /*",
];

/// Records with odd texts wherever texts are free.
fn odd_records() -> String {
    let odd = |number: usize| ODD[number % ODD.len()];
    let line = |number: usize| {
        let mut record = Map::new();
        let mut give = |name: &str, value: Value| record.insert(name.to_owned(), value);
        give("id", format!("{}{number}", odd(number)).into());
        give("at", format!("2026-0{}-{:02}T10:00:00Z", 1 + number / 90, 1 + number % 28).into());
        give("recipient", odd(number / 3).into());
        give("point", if number.is_multiple_of(4) { "desk".into() } else { odd(number / 5).into() });
        give("action", odd(number / 7).into());
        give(
            "signals",
            [json!(["unexpected", "on-time"]), json!(["late", "chased"]), json!([]), json!(["as-hoped"])][number % 4]
                .clone(),
        );
        give(
            "value",
            [json!(["money=12.50 EUR", "felt-good"]), json!([]), json!([{"kind": "time", "amount": 0.1}])][number % 3]
                .clone(),
        );
        give("served", json!({"cadence": odd(number + 1), odd(number + 2): "x"}));
        give("tags", json!({"region": odd(number + 3)}));
        for (place, name) in ["team", "provider", "channel", "said"].into_iter().enumerate() {
            if !(number + place).is_multiple_of(3) {
                give(name, odd(number + place).into());
            }
        }
        if number.is_multiple_of(6) {
            give("verdict", ["basic", "desired", "surprising"][number / 6 % 3].into());
            give("claimed", "desired".into());
        }
        if number % 4 == 3 && number > 8 {
            give("recovers", format!("{}{}", odd(number - 2), number - 2).into());
            give("cost", format!("0.1 {}", odd(number).trim()).into());
            give("response", "responsibility".into());
        }
        format!("{}\n", Value::Object(record))
    };
    (0..180).map(line).collect()
}

/// Prints a command over a file in every format into a folder of its own.
fn print(all: &Path, name: &str, line: &str, rows: Option<&[&str]>, file: Option<(&Path, &str)>) {
    let folder = all.join(name);
    fs::create_dir(&folder).expect("a folder");
    for format in FORMATS {
        let point = file.map_or("desk", |(_, point)| point);
        let mut run = Command::new(env!("CARGO_BIN_EXE_serveup"));
        run.args(line.split(' ').map(|part| if part == "POINT" { point } else { part }));
        run.args(["-f", format, "-q"]).env_remove("SERVEUP_LEVELS");
        if let Some((path, _)) = file {
            run.args(
                ["--as-of", "2026-07-01"].iter().filter(|_| line.starts_with("decay") || line.starts_with("next")),
            );
            run.arg(path);
        }
        let output = run.output().expect("serveup");
        assert!(output.status.success(), "{line} -f {format}: {}", String::from_utf8_lossy(&output.stderr));
        fs::write(folder.join(format!("out.{format}")), output.stdout).expect("a file");
    }
    // of a row of rate, what explains it is left to JSON unless asked for
    let left_out: &[&str] = if line == "rate" { &["value", "near_miss", "why"] } else { &[] };
    let brief = line.starts_with("journey") || line.starts_with("check POINT") && rows.is_some() && file.is_some();
    fs::write(folder.join("case.json"), json!({"rows": rows, "left_out": left_out, "brief": brief}).to_string())
        .expect("a file");
}

fn jq_is_there() -> bool {
    let there = Command::new("jq").arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "jq is not here; .ci/run installs it");
        let _ = writeln!(std::io::stderr(), "SKIPPED: formats are not read back: jq is not here; .ci/run installs it");
    }
    there
}

#[test]
fn every_format_of_every_command_is_read_back_with_the_same_values() {
    if !Engine::DuckDb.there() || !jq_is_there() {
        return;
    }
    let all = fresh("formats");
    let odd = fresh("formats-in").join("odd.jsonl");
    fs::write(&odd, odd_records()).expect("records");
    let example = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name);
    let files = [
        ("odd", odd, "desk"),
        ("helpdesk", example("helpdesk.jsonl"), "training"),
        ("shop", example("shop.json"), "parcel"),
    ];
    for (name, line, rows) in COMMANDS {
        if READ_NOTHING.contains(&name) {
            print(&all, name, line, rows, None);
            continue;
        }
        for (of, file, point) in &files {
            print(&all, &format!("{of}-{name}"), line, rows, Some((file, point)));
        }
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new("python3")
        .arg(here.join("tests/engines/read_back.py"))
        .arg(&all)
        .env("PYTHONPATH", folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3");
    let (said, counts) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}{counts}");
    let counts: Map<String, Value> = serde_json::from_str(&counts).expect("counts");
    let empty: Vec<_> = counts.iter().filter(|(_, rows)| **rows == json!(0)).map(|(name, _)| name).collect();
    assert_eq!(counts.len(), 2 + 3 * (COMMANDS.len() - 2));
    assert!(empty.is_empty(), "nothing was printed: {empty:?}");
}
