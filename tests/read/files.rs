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
        .replace(" 00:00:00", "")
        .replace("T00:00:00\t", "\t")
        .replace("2026-03-01 ", "2026-03-01T")
        .replace("2026-03-08 ", "2026-03-08T")
        .replace("2026-03-10 ", "2026-03-10T")
}

#[track_caller]
fn rated(name: &str, flags: &str, note: &str) {
    let line = format!("rate --timezone Europe/Berlin -f tsv --no-header {flags} in");
    let ran = serveup(&line).file("in", data(name)).any_stdout().stderr(note).run();
    assert_eq!(plain(&ran.stdout), RATED, "{name}");
    // and from a pipe
    let line = format!("rate --timezone Europe/Berlin -f tsv --no-header {flags}");
    let piped = serveup(&line).stdin(data(name)).any_stdout().stderr(note.replace("in: ", "stdin: ")).run();
    assert_eq!(piped.stdout, ran.stdout, "{name}");
}

const NOTES: &str = "note: in: sheet \"Moments\" is read alone; --sheet reads another: \"Notes\"\n";

#[test]
fn workbooks() {
    for name in ["openpyxl.xlsx", "openpyxl.xlsm", "libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls"] {
        rated(name, "", NOTES);
    }
    for name in ["pandas.xlsx", "pandas.ods", "xlsxwriter.xlsx"] {
        rated(name, "", "");
    }
    rated("gzip.xlsx.gz", "", NOTES);
}

#[test]
fn tables() {
    for name in ["pandas.csv", "pandas.tsv", "pandas-utf16.csv", "miller-pipe.csv", "libreoffice-sep.csv"] {
        rated(name, "", "");
    }
    rated("pandas-latin1.csv", "--encoding latin1", "");
    rated("pandas.tsv", "--delimiter tab", "");
}

#[test]
fn json_values() {
    for name in ["jq-lines.jsonl", "jq-objects.json", "jq-pages.json", "jq-documents.json"] {
        rated(name, "", "");
    }
    rated("jq-mixed.json", "", "note: 1 document has an unknown field \"page\"; nothing reads it\n");
}

#[test]
fn compressed() {
    for name in ["gzip.jsonl.gz", "gzip-members.jsonl.gz", "zstd.jsonl.zst", "zstd-frames.jsonl.zst"] {
        rated(name, "", "");
    }
}
