//! The same four records in every form.

use crate::data;
use crate::harness::serveup;

const RATED: &str = "2026-03-01T14:00:00\tacme\tdelivery/packaging\tnote\tsurprising
2026-03-08T09:30:00\tacme\tdelivery/packaging\tnote\tdesired
2026-03-09\t1042\tsupport/reply\t\tbasic
2026-03-10T00:00:01\tb & c <ltd>\tsupport/reply\t\texpected
";

/// Times as they come out, however they are written.
fn plain(rows: &str) -> String {
    let rows = rows.lines().map(|row| row.split('\t').skip(1).take(5).collect::<Vec<_>>().join("\t") + "\n");
    rows.collect::<String>()
        .replace("+01:00", "")
        .replace(" 00:00:00", "")
        .replace("T00:00:00\t", "\t")
        .replace("2026-03-01 ", "2026-03-01T")
        .replace("2026-03-08 ", "2026-03-08T")
        .replace("2026-03-10 ", "2026-03-10T")
}

#[track_caller]
fn rated(name: &str, flags: &str, note: &str) {
    let line = format!("rate --timezone Europe/Berlin -f tsv --no-header {flags} in");
    let ran = serveup(&line).file("in", data(name)).file("in.jq", MAP).any_stdout().stderr(note).run();
    assert_eq!(plain(&ran.stdout), RATED, "{name}");
    // and from a pipe
    let line = format!("rate --timezone Europe/Berlin -f tsv --no-header {flags}");
    let piped =
        serveup(&line).stdin(data(name)).file("in.jq", MAP).any_stdout().stderr(note.replace("in: ", "stdin: ")).run();
    assert_eq!(piped.stdout, ran.stdout, "{name}");
}

/// Names of fields as a table has them, to those that records have.
const MAP: &str = r#"with_entries(.key |= ascii_downcase) | .signals |= (split(";") | map(ltrimstr(" ")))
    | .value |= split(";") | .recipient |= tostring"#;

const NOTES: &str = "note: in: sheet \"Moments\" is the only one read; for another, add --sheet: \"Notes\"\n";

#[test]
fn workbooks() {
    for name in ["openpyxl.xlsx", "openpyxl.xlsm", "libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls"] {
        rated(name, "", NOTES);
    }
    for name in ["pandas.xlsx", "pandas.ods", "xlsxwriter.xlsx", "xlwt.xls"] {
        rated(name, "", "");
    }
    rated("gzip.xlsx.gz", "", NOTES);
    rated("zstd.xlsx.zst", "", NOTES);
}

#[test]
fn tables() {
    for name in ["pandas.csv", "pandas.tsv", "pandas-utf16.csv", "miller-pipe.csv", "libreoffice-sep.csv"] {
        rated(name, "", "");
    }
    for name in ["python-cr.csv", "python-semi.csv", "python-utf16be.csv", "miller.tsv", "pyarrow.csv", "sqlite.csv"] {
        rated(name, "", "");
    }
    rated("pandas-index.csv", "", "note: unknown field \"column 1\" in 4 records is ignored\n");
    rated("pandas-latin1.csv", "--encoding latin1", "");
    rated("pandas.tsv", "--delimiter tab", "");
}

#[test]
fn json_values() {
    for name in ["jq-lines.jsonl", "jq-objects.json", "jq-pages.json", "jq-documents.json"] {
        rated(name, "", "");
    }
    for name in ["duckdb.json", "pandas-records.json"] {
        rated(name, "", "");
    }
    rated("pandas-table.json", "--quiet --jq . --at data", "");
    rated("miller-keys.jsonl", "--quiet --map in.jq", "");
    rated("jq-mixed.json", "", "note: unknown field \"page\" in 1 document is ignored\n");
}

#[test]
fn compressed() {
    for name in ["gzip.jsonl.gz", "gzip-members.jsonl.gz", "zstd.jsonl.zst", "zstd-frames.jsonl.zst"] {
        rated(name, "", "");
    }
    for name in ["duckdb.csv.gz", "duckdb.jsonl.gz", "duckdb.jsonl.zst"] {
        rated(name, "", "");
    }
}

#[test]
fn every_command_reads_them() {
    let files =
        ["openpyxl.xlsx", "libreoffice.ods", "gzip.xlsx.gz", "python-utf16be.csv", "duckdb.jsonl.zst", "jq-mixed.json"];
    for command in ["journey", "uplift", "recovery", "calibrate", "decay", "check support/reply", "report"] {
        let run = |name: &str| {
            let run = serveup(&format!("{command} --timezone Europe/Berlin --quiet in")).file("in", data(name));
            let printed = run.any_stdout().run().stdout;
            // instants are given back as they were written
            printed.replace(" 00:00:00", "").replace("2026-03-01 ", "2026-03-01T").replace("2026-03-10 ", "2026-03-10T")
        };
        let wanted = run("pandas.csv");
        assert!(!wanted.is_empty());
        for name in files {
            assert!(run(name) == wanted, "{command} {name}");
        }
    }
}

#[test]
fn cells_of_every_kind() {
    let map = "{id, recipient, point, at, said}";
    let wanted = ["1 2026-03-01T14:00:00 true 0.125", "2 2026-03-08T09:30:00 0.5 14:30:00", "3 2026-03-09 bc 12.5"];
    for name in ["kinds.xlsx", "libreoffice-kinds.ods"] {
        let run = serveup("import in --timezone UTC --quiet --map m.jq").file("in", data(name)).file("m.jq", map);
        let ran = run.any_stdout().run();
        let rows: Vec<serde_json::Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let rows = rows.iter().map(|row| ["id", "at", "recipient", "said"].map(|key| text(row, key)).join(" "));
        let rows = rows.map(|row| row.replace("+00:00", "").replace('Z', "").replace("-09T00:00:00", "-09"));
        // LibreOffice keeps a boolean as a number
        let rows: Vec<_> = rows.map(|row| row.replace("14:00:00 1 ", "14:00:00 true ")).collect();
        assert_eq!(rows, wanted, "{name}");
    }
}
