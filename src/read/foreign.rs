//! What holds no records, called what it is, with the way out.

/// What a source is that starts with these bytes, if it is none that is read.
pub(super) fn of_bytes(start: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 22] = [
        (b"PAR1", "is a Parquet file; read it with DuckDB, see docs/sql.md"),
        (b"ARROW1", "is an Arrow file; read it with DuckDB, see docs/sql.md"),
        (b"FEA1", "is a Feather file; read it with DuckDB, see docs/sql.md"),
        (b"ORC", "is an ORC file; save its table as CSV or Parquet, see docs/sql.md"),
        (b"Obj\x01", "is an Avro file; read it with DuckDB, see docs/sql.md"),
        (b"SQLite f", "is an SQLite database; export its table as CSV: sqlite3 -header -csv FILE 'select …'"),
        (b"%PDF", "is a PDF; ask its author for a workbook or CSV"),
        (b"{\\rtf", "is a text document; save its table as a workbook or CSV"),
        (b"\x89PNG", "is an image; type its table into a workbook"),
        (b"\xFF\xD8\xFF", "is an image; type its table into a workbook"),
        (b"GIF8", "is an image; type its table into a workbook"),
        (b"II*\0", "is an image; type its table into a workbook"),
        (b"MM\0*", "is an image; type its table into a workbook"),
        (b"BZh", "is compressed by bzip2; unpack it: bzip2 -dc FILE | serveup …"),
        (b"\xFD7zXZ\0", "is compressed by xz; unpack it: xz -dc FILE | serveup …"),
        (b"\x04\x22\x4D\x18", "is compressed by lz4; unpack it: lz4 -dc FILE | serveup …"),
        (b"7z\xBC\xAF\x27\x1C", "is a 7z archive; unpack it and name the files in it"),
        (b"Rar!", "is a RAR archive; unpack it and name the files in it"),
        (b"PK\x05\x06", "is an empty zip archive; name a file with records"),
        (b"\x7FELF", "is a program; name a file with records"),
        (b"\xFF\xFE\0\0", "is UTF-32; save it as UTF-8"),
        (b"\0\0\xFE\xFF", "is UTF-32; save it as UTF-8"),
    ];
    KNOWN.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, what)| *what)
}

/// The same of its first line, or so many bytes of it.
pub(super) fn of_text(start: &[u8]) -> Option<&'static str> {
    if start.get(257..262) == Some(b"ustar") {
        return Some("is a tar archive; unpack it and name the files in it");
    }
    if start.get(8..12) == Some(b"DUCK") {
        return Some("is a DuckDB database; query it with DuckDB, see docs/sql.md");
    }
    if start.len() > 1 && start.iter().all(|byte| *byte == 0) {
        return Some("contains nothing but zero bytes; copy or download it again");
    }
    if start.contains(&0) {
        return Some("is not text, or in another encoding; if it is text, add its --encoding, like utf-16le");
    }
    let start = start.trim_ascii_start();
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()));
    let has = |word: &str| memchr::memmem::find(start, word.as_bytes()).is_some();
    if ["<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<div", "<style", "<script"]
        .into_iter()
        .any(begins)
    {
        return Some(
            "is a web page, whatever its name; if it shows a table, save that as a workbook or CSV; if it was downloaded, it may be a login page",
        );
    }
    if begins("<?xml") || begins("<workbook") || begins("<office:") {
        let spreadsheet = has("office:spreadsheet") || has("Excel.Sheet") || begins("<workbook");
        return Some(if has("<office:document") {
            "is an OpenDocument file in XML; open it and save it as .ods, .xlsx or CSV"
        } else if spreadsheet {
            "is a spreadsheet in XML; open it and save it as .xlsx or CSV"
        } else {
            "is XML; save its table as a workbook, CSV or JSON"
        });
    }
    None
}

/// The same of what has no header: tables that programs exchanged before there was CSV.
pub(super) fn of_table(start: &[u8]) -> Option<&'static str> {
    let begins = |text: &[u8]| start.starts_with(text);
    if begins(b"ID;P") {
        return Some("is a SYLK file; open it and save it as .xlsx or CSV");
    }
    if begins(b"TABLE\n0,1") || begins(b"TABLE\r\n0,1") {
        return Some("is a DIF file; open it and save it as .xlsx or CSV");
    }
    None
}
