//! What an input comes packed in: nothing, gzip, zstd, or a workbook.

use std::io::{Cursor, Write};

use crate::damage::Damage;
use crate::input::Input;
use crate::splitmix::SplitMix64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    /// In two members.
    Gzip,
    Zstd,
    Workbook,
}

impl Packing {
    /// What an input comes in; only tables that a workbook can hold come in one.
    pub(crate) fn draw(chance: &mut SplitMix64, input: &Input) -> Self {
        match chance.below(10) {
            0 | 1 => Self::Gzip,
            2 | 3 => Self::Zstd,
            4..7 if rows(input).is_some() => Self::Workbook,
            _ => Self::Plain,
        }
    }

    pub(crate) fn pack(self, input: &Input) -> Vec<u8> {
        let bytes = &input.bytes;
        match self {
            Self::Plain => bytes.clone(),
            Self::Gzip => {
                let member = |bytes: &[u8]| {
                    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                    encoder.write_all(bytes).unwrap();
                    encoder.finish().unwrap()
                };
                let (first, second) = bytes.split_at(bytes.len() / 2);
                [member(first), member(second)].concat()
            }
            Self::Zstd => {
                ruzstd::encoding::compress_to_vec(bytes.as_slice(), ruzstd::encoding::CompressionLevel::Fastest)
            }
            Self::Workbook => workbook(&rows(input).unwrap()),
        }
    }
}

/// The rows of a table whose every cell can stand in a workbook.
fn rows(input: &Input) -> Option<Vec<csv::StringRecord>> {
    let delimiter = input.layout.delimiter()?;
    let odd =
        [Damage::Unclosed, Damage::CutInTheMiddle, Damage::Stray, Damage::NotUtf8, Damage::ZeroBytes, Damage::Huge];
    if input.damages.iter().any(|damage| odd.contains(damage)) {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(input.bytes.as_slice());
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().ok()?;
    let fits = |row: &csv::StringRecord| {
        row.iter().all(|cell| !cell.chars().any(|c| c.is_control() || c == '\u{fffe}' || c == '\u{ffff}'))
    };
    rows.iter().all(fits).then_some(rows)
}

/// The smallest workbook that holds these rows.
fn workbook(rows: &[csv::StringRecord]) -> Vec<u8> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text));
    let row = |row: &csv::StringRecord| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData>{}</sheetData></worksheet>",
        rows.iter().map(row).collect::<String>()
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
