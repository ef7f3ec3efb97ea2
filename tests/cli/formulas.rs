//! `--escape-formulas`: what a spreadsheet would run is kept from it, and nothing else is changed.

use crate::harness::{Serveup, serveup};

/// Texts that begin as formulas do, wherever a record takes a text.
const RECORDS: &str = r#"[
{"id":"=f1","at":"2026-01-05","recipient":"=1+1","journey":"-j","transaction":"t","point":"p","action":"@act","signals":["unexpected"],"value":["time"],"team":"+t","said":"=x"},
{"id":"+f2","at":"2026-01-06","recipient":"=1+1","journey":"-j","transaction":"t","point":"p","action":"@act","signals":["unexpected"],"value":["time"],"team":"+t","claimed":"criminal"},
{"id":"-3","at":"2026-02-06","recipient":"\t=a","journey":"-j","transaction":"t","point":"p","signals":["late"],"verdict":"basic","team":"+t"},
{"id":"@f4","at":"2026-02-07","recipient":"\r-b","journey":"-j","transaction":"t","point":"p","recovers":"-3","response":"responsibility","team":"\n+c","signals":["on-time"]},
{"id":"5","at":"2026-02-08","recipient":"-3","journey":"-j","transaction":"t","point":"p","recovers":"=f1","claimed":"unbelievable","signals":["on-time"]}
]"#;

const OWN: &str = "[[levels]]\nname = 'desired'\nlabel = '=label'\nmeans = '-means'\n";

fn run(command: &str, flags: &str) -> Serveup {
    serveup(&format!("{command} {flags}")).file("in", RECORDS).file("own.toml", OWN).file("t.csv", "=a,b\n@1,-2\n")
}

/// The rows of a table, header and all, with what is escaped in tsv as it was.
fn cells(format: &str, text: &str) -> Vec<Vec<String>> {
    if format == "csv" {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        return reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    }
    let plain = |cell: &str| cell.replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n");
    text.lines().map(|line| line.split('\t').map(plain).collect()).collect()
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[test]
fn every_command_that_prints_rows_escapes_them_where_that_is_asked_for() {
    for (command, some) in [
        ("rate in", true),
        ("rate in --why", true),
        ("rate in --in-order", true),
        ("rate in --threads 2", true),
        ("check =p --signal late", true),
        ("check p in", true),
        ("decay", false),
        ("decay in", true),
        ("journey in", true),
        ("journey in --by recipient", true),
        ("journey in --by team,point", true),
        ("uplift in", true),
        ("recovery in", true),
        ("calibrate in", false),
        ("levels --levels own.toml", true),
        ("import t.csv --inspect", true),
    ] {
        for format in ["tsv", "csv"] {
            let table = |flags: &str| {
                let ran = run(command, &format!("-f {format} {flags}")).any_stdout().stderr_has("").run();
                cells(format, &ran.stdout)
            };
            let (raw, escaped) = (table(""), table("--escape-formulas"));
            assert_eq!(raw.len(), escaped.len(), "{command}");
            let mut found = 0;
            for (raw, escaped) in raw.iter().flatten().zip(escaped.iter().flatten()) {
                // a number is one: -3 in a column of numbers, and not the recipient of that name
                assert!(!is_formula(escaped) || escaped.parse::<f64>().is_ok(), "{command}: {escaped:?}");
                assert!(
                    raw == escaped || escaped.strip_prefix('\'') == Some(raw) && is_formula(raw),
                    "{command}: {escaped:?}"
                );
                found += usize::from(raw != escaped);
            }
            assert_eq!(found > 0, some, "{command} -f {format}");
        }
    }
}

#[test]
fn numbers_stay_numbers_and_texts_that_look_like_them_do_not() {
    let ran = run("rate in", "-f csv --escape-formulas").any_stdout().run();
    let rows = cells("csv", &ran.stdout);
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).expect("a column");
    let of = |name: &str| rows[1..].iter().map(|row| row[column(name)].as_str()).collect::<Vec<_>>();
    assert_eq!(of("id"), ["'=f1", "'+f2", "'-3", "'@f4", "5"]);
    assert_eq!(of("recipient"), ["'=1+1", "'=1+1", "'\t=a", "'\r-b", "'-3"]);
    assert_eq!(of("gap")[1], "-3");
}

#[test]
fn other_formats_have_no_cells_to_escape() {
    for format in ["json", "jsonl", "table"] {
        let plain = run("rate in", &format!("-f {format}")).any_stdout().run().stdout;
        run("rate in", &format!("-f {format} --escape-formulas")).stdout(plain).run();
    }
}
