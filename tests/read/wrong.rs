//! What is no table and no JSON is called what it is, with the way out.

use crate::{data, refused};

#[test]
fn what_holds_no_records_is_called_by_its_name() {
    let zip = data("zip-of-tables.zip");
    let cut = &data("openpyxl.xlsx")[..3000];
    let told = "in: is a web page, whatever its name; if it opens as a table, save that as a workbook or CSV; if it was downloaded, is it a page to log in?";
    refused("", data("pandas-html.xls"), told);
    refused("", "<!DOCTYPE html>\n<html><body>Log in", told);
    refused(
        "",
        zip,
        "in: is a zip archive of 2 files (\"pandas.csv\", \"pandas.tsv\"); unpack it, and name the files in it",
    );
    refused("", data("document.docx"), "in: is a document without sheets; save its table as a workbook or CSV");
    refused("", data("encrypted.xlsx"), "in: is encrypted; open it, save it without a password, and name that");
    refused("", "%PDF-1.7\n%\u{e2}", "in: is a PDF, which holds no table; ask whoever made it for a workbook or CSV");
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
    refused("", tar, "in: is a tar archive; unpack it, and name the files in it");
    refused("", cut, "in: is a workbook or an archive that is cut short or damaged; copy or download it again");
}

#[test]
fn a_small_file_cannot_take_all_memory() {
    let told = "in: is a workbook of more than 32 million cells; save its sheet as CSV";
    refused("", data("repeated.ods"), told);
}

#[test]
fn a_workbook_that_is_damaged_is_no_crash() {
    let told =
        "in: is a workbook that cannot be read: it is damaged; open it and save it again, or copy or download it again";
    refused("", data("damaged.xls"), told);
}
