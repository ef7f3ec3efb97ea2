//! What is no table and no JSON is called what it is, with the way out.

use crate::harness::serveup;
use crate::{data, refused};

#[test]
fn what_holds_no_records_is_called_by_its_name() {
    let zip = data("zip-of-tables.zip");
    let cut = &data("openpyxl.xlsx")[..3000];
    let told = "in: is a web page, whatever its name; if it shows a table, save that as a workbook or CSV; if it was downloaded, it may be a login page";
    refused("", data("pandas-html.xls"), told);
    refused("", "<!DOCTYPE html>\n<html><body>Log in", told);
    refused(
        "",
        zip,
        "in: is a zip archive of 2 files (\"pandas.csv\", \"pandas.tsv\"); unpack it and name the files in it",
    );
    refused("", data("document.docx"), "in: is a document without sheets; save its table as a workbook or CSV");
    refused("", data("encrypted.xlsx"), "in: is encrypted; save a copy without a password, and name that");
    refused("", "%PDF-1.7\n%\u{e2}", "in: is a PDF; ask its author for a workbook or CSV");
    refused("", b"PAR1\x15\x04\x15", "in: is a Parquet file; read it with DuckDB, see docs/sql.md");
    refused("", b"\x89PNG\r\n\x1a\n\0\0", "in: is an image; type its table into a workbook");
    refused("", b"BZh91AY&SY", "in: is compressed by bzip2; unpack it: bzip2 -dc FILE | serveup …");
    refused("", b"\xFD7zXZ\0\0\x04", "in: is compressed by xz; unpack it: xz -dc FILE | serveup …");
    refused(
        "",
        "SQLite format 3\0",
        "in: is an SQLite database; export its table as CSV: sqlite3 -header -csv FILE 'select …'",
    );
    refused("", "<?xml version=\"1.0\"?><a/>", "in: is XML; save its table as a workbook, CSV or JSON");
    let spreadsheet = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>";
    refused("", spreadsheet, "in: is a spreadsheet in XML; open it and save it as .xlsx or CSV");
    let mut tar = b"in.csv".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\x0000");
    tar.resize(1024, 0);
    refused("", tar, "in: is a tar archive; unpack it and name the files in it");
    refused("", cut, "in: is a workbook or an archive that is cut short or damaged; copy or download it again");
}

#[test]
fn what_other_programs_write_is_told_with_the_way_out() {
    refused("", data("duckdb.parquet"), "in: is a Parquet file; read it with DuckDB, see docs/sql.md");
    refused("", data("libreoffice.slk"), "in: is a SYLK file; open it and save it as .xlsx or CSV");
    refused("", data("libreoffice.dif"), "in: is a DIF file; open it and save it as .xlsx or CSV");
    let flat = "<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"urn:oasis\">\n";
    refused("", flat, "in: is an OpenDocument file in XML; open it and save it as .ods, .xlsx or CSV");
    refused("", b"\xFF\xFE\0\0r\0\0\0", "in: is UTF-32; save it as UTF-8");
    refused("", vec![0; 4096], "in: contains nothing but zero bytes; copy or download it again");
    let told = "in:1:1: record 1: recipient: is missing";
    let way = "if the records are in the list \"data\", add --jq . --at data";
    refused("", data("pandas-table.json"), &format!("{told}; {way}"));
    let way = "\"columns\" is not a field serveup knows; to read an export, add --from, --map or --jq";
    refused("", data("pandas-split.json"), &format!("{told}; {way}"));
    refused("", data("miller-keys.jsonl"), &format!("{told}; rename \"Recipient\" to recipient"));
    let told = "in:2:56: record 1: signals[0]: unknown signal \"[unexpected]\"; write it without brackets: unexpected";
    refused("--timezone UTC", data("duckdb-lists.csv"), told);
}

#[test]
fn what_is_no_table_says_why() {
    let neither = "is neither JSON nor a header with recipient and point";
    let log = "2026-01-01 12:00:00 INFO started\n2026-01-01 12:00:01 WARN slow\n";
    let told = |found: &str, advice: &str| format!("in:1:1: {found} {neither}; {advice}");
    let lines = "lines without columns, like those of a log, have to be converted to CSV or JSON first";
    refused("", log, &told("\"2026-01-01 12:00:00 INFO started\"", lines));
    let advice = "with this --delimiter the header is a single cell; leave --delimiter out";
    refused("--delimiter ;", "recipient,point\na,p\n", &told("\"recipient,point\"", advice));
    let advice = "if it is not in UTF-16LE, leave --encoding out or change it";
    refused("--encoding utf-16le", "ab", &told("\"扡\"", advice));
    refused(
        "",
        "[{\"recipient\":\"a\",\"point\":\"p\"},]",
        "in:1:32: record 2: expected a record {…} behind the comma, found \"]\"",
    );
    refused("", "{\"recipient\":\"a\",}", "in:1:18: record 1: nothing follows this comma; delete it");
    let wide = [b"recipient,point\na,p".as_slice(), &vec![b','; 5_000_000]].concat();
    let told =
        "in:2:1: record: has more than 4 million cells; if the separator is another one, name it with --delimiter";
    refused("", wide, told);
}

#[test]
fn a_small_file_cannot_take_all_memory() {
    let told = "in: is a workbook of more than 32 million cells; save its sheet as CSV";
    refused("", data("repeated.ods"), told);
}

#[test]
fn a_workbook_that_does_not_end_is_damaged() {
    use std::io::{Cursor, Read as _, Write as _};
    let mut book = zip::ZipArchive::new(Cursor::new(data("pandas.ods"))).expect("an archive");
    let mut cut = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["mimetype", "META-INF/manifest.xml", "styles.xml", "content.xml"] {
        let mut text = String::new();
        book.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        cut.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        cut.write_all(text.replace("</table:table>", "").as_bytes()).expect("text");
    }
    let told = "in: is a workbook that cannot be read (it is damaged); save it again, or download it again";
    refused("", cut.finish().expect("an archive").into_inner(), told);
}

#[test]
fn a_workbook_that_is_damaged_is_no_crash() {
    let told = "in: is a workbook that cannot be read (it is damaged); save it again, or download it again";
    refused("", data("damaged.xls"), told);
}

#[test]
fn outputs_are_what_their_names_say() {
    let run = |line: &str| serveup(line).file("in", "recipient,point,at\na,p,2026-01-05\n");
    let told = "serveup: --output: cannot write .xlsx files; name a file that ends in .csv, which spreadsheets open\n";
    let ran = run("rate in -o x.xlsx").status(2).stderr(told).run();
    assert_eq!(ran.names(), ["in"]);
    run("journey in -o x.csv.gz").status(2).stderr_has("compress the output: serveup … | gzip > FILE.gz").run();
    run("rate in -o x.html -f csv").run();
    let told = "serveup: x.csv: the page is HTML; name a file that ends in .html\n";
    run("report in -o x.csv").status(2).stderr(told).run();
}
