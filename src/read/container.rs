//! What a file of the Office kinds holds: a workbook, or something that is called by its name.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use crate::error::Found;
use crate::wording::count;

/// What is said of workbooks that need a password.
pub(super) const ENCRYPTED: &str = "is encrypted; save a copy without a password, and name that";

/// What is said of archives whose list of contents, which stands at their end, cannot be found.
const CUT: &str = "is a workbook or an archive that is cut short or damaged; copy or download it again";

/// A kind of file that holds others.
#[derive(Clone, Copy)]
pub(super) enum Container {
    Zip,
    /// The kind that Office had before.
    Compound,
}

impl Container {
    /// What starts so.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(Self::Compound),
            _ => None,
        }
    }
}

/// A kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Book {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Book {
    /// The kind of workbook that these bytes are; else what they are, and what to do.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, String> {
        match Container::of(bytes) {
            Some(Container::Zip) => in_zip(bytes),
            _ => in_compound(bytes),
        }
    }
}

fn in_zip(bytes: &[u8]) -> Result<Book, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| CUT.to_owned())?;
    let written: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.replace('\\', "/")).collect();
    let names: Vec<String> = written.iter().map(|name| name.to_lowercase()).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let starts = |folder: &str| names.iter().any(|known| known.starts_with(folder));
    let book = if has("xl/workbook.xml") {
        Book::Xlsx
    } else if has("xl/workbook.bin") {
        Book::Xlsb
    } else if has("mimetype") && has("content.xml") {
        let mut kind = String::new();
        let read = archive.by_name("mimetype").ok().map(|part| part.take(100).read_to_string(&mut kind));
        if !matches!(read, Some(Ok(_))) || !kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            return Err("is a document without sheets; save its table as a workbook or CSV".to_owned());
        }
        Book::Ods
    } else if starts("word/") || starts("ppt/") || has("content.xml") {
        return Err("is a document without sheets; save its table as a workbook or CSV".to_owned());
    } else if has("index/document.iwa") || has("index.zip") {
        return Err("is a Numbers document; export it as .xlsx or CSV".to_owned());
    } else {
        return Err(archive_of(&written));
    };
    super::bounds::check(&mut archive, book)?;
    Ok(book)
}

fn archive_of(names: &[String]) -> String {
    let names: Vec<_> = names.iter().filter(|name| !name.ends_with('/')).collect();
    let mut listed: Vec<_> = names.iter().take(3).map(|name| Found::text(name).to_string()).collect();
    if names.len() > listed.len() {
        listed.push("…".to_owned());
    }
    let files = count(names.len() as u64, "file");
    format!("is a zip archive of {files} ({}); unpack it and name the files in it", listed.join(", "))
}

fn in_compound(bytes: &[u8]) -> Result<Book, String> {
    // the names of what it holds stand in it in UTF-16
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &name).is_some()
    };
    if has("EncryptedPackage") {
        Err(ENCRYPTED.to_owned())
    } else if has("WordDocument") || has("PowerPoint Document") {
        Err("is a document without sheets; save its table as a workbook or CSV".to_owned())
    } else if has("__substg1.0_") {
        Err("is an e-mail; save its attachment and name that".to_owned())
    } else if has("Workbook") || has("Book") {
        Ok(Book::Xls)
    } else {
        Err("is an Office file without a workbook, or one that is cut short; save its table as a workbook or CSV, or download it again".to_owned())
    }
}
