//! What keeps a small workbook from taking all memory, or all time: looked at before it is read.

use std::io::{Cursor, Read};

use memchr::{memchr, memchr3, memmem};
use zip::ZipArchive;

use super::container::Book;

/// How much of a part of a workbook may have to be held as a whole.
const LARGEST_PART: u64 = 1 << 30;

/// How much may stand between the beginnings of two cells, or of two texts that cells share.
const LARGEST_CELL: u64 = 1 << 26;

/// How many cells a workbook may have that is read as a whole, and how much text they may hold.
const MOST_CELLS: u64 = 32 << 20;
const MOST_TEXT: u64 = 2 << 30;

/// How many rows a sheet has at most.
const MOST_ROWS: u64 = 1 << 20;

/// How many texts the cells of a workbook may share.
const MOST_TEXTS: u64 = 16 << 20;

/// Bytes can become at most so many times more by the way that archives are packed.
const MOST_PACKED: u64 = 1032;

const TOO_MUCH: &str = "is a workbook that unpacks to more than 1 GiB of texts; save its sheet as CSV";
const DAMAGED: &str = "is a workbook that cannot be read (it is damaged); save it again, or download it again";

/// Refuses a workbook that would take more memory than a file of its size should.
pub(super) fn check(archive: &mut ZipArchive<Cursor<&[u8]>>, book: Book) -> Result<(), String> {
    if book == Book::Ods {
        check_ods(archive)?;
    }
    for index in 0..archive.len() {
        let Ok(mut part) = archive.by_index(index) else { continue };
        let name = part.name().map(|name| name.to_lowercase()).unwrap_or_default();
        let unpacked = part.compressed_size().saturating_mul(MOST_PACKED);
        // cells are read one by one, the texts that they share all at once
        let is_streamed = book != Book::Ods && name.contains("worksheets/");
        if is_streamed && book == Book::Xlsx && unpacked > LARGEST_CELL {
            let scanned = Scan::of(&mut part, &[b"c", b"row"], u64::MAX);
            if scanned.widest > LARGEST_CELL {
                return Err(
                    "is a workbook with a cell of more than 64 MiB; empty that, or save its sheet as CSV".to_owned()
                );
            }
            if scanned.rows > MOST_ROWS {
                return Err("is a workbook with a sheet of more than 1,048,576 rows; save it as CSV".to_owned());
            }
        } else if !is_streamed && book == Book::Xlsx && name.ends_with("sharedstrings.xml") && unpacked > MOST_TEXTS {
            let scanned = Scan::of(&mut part, &[b"si"], LARGEST_PART);
            if scanned.length > LARGEST_PART {
                return Err(TOO_MUCH.to_owned());
            }
            if scanned.count > MOST_TEXTS {
                return Err("is a workbook of more than 16 million texts; save its sheet as CSV".to_owned());
            }
        } else if !is_streamed {
            let largest = if book == Book::Xlsb { LARGEST_PART / 4 } else { LARGEST_PART };
            let length = (unpacked > largest)
                .then(|| std::io::copy(&mut part.by_ref().take(largest + 1), &mut std::io::sink()).ok());
            if length.flatten().is_some_and(|length| length > largest) {
                return Err(TOO_MUCH.to_owned());
            }
        }
    }
    Ok(())
}

/// How often some elements begin in XML, and how much stands between.
#[derive(Default)]
struct Scan {
    length: u64,
    count: u64,
    rows: u64,
    widest: u64,
}

impl Scan {
    /// Scans a part up to its end, or a little further than this length; what cannot be read is
    /// reported where it is read for good.
    fn of(part: &mut impl Read, names: &[&[u8]], most: u64) -> Self {
        let mut scan = Self::default();
        let (mut block, mut kept, mut last) = (vec![0; 1 << 16], 0, 0);
        while scan.length <= most {
            let Ok(count) = part.read(&mut block[kept..]) else { break };
            let (text, ended) = (&block[..kept + count], count == 0);
            // the name of an element may go on in the next block
            let whole = if ended { text.len() } else { text.len().saturating_sub(64) };
            let mut at = 0;
            while let Some(next) = memchr(b'<', &text[at..whole.max(at)]) {
                at += next + 1;
                if names.contains(&local_name(&text[at..])) {
                    let place = scan.length + at as u64;
                    scan.widest = scan.widest.max(place - last);
                    (scan.count, last) = (scan.count + 1, place);
                    scan.rows += u64::from(local_name(&text[at..]) == b"row");
                }
            }
            scan.length += whole as u64;
            scan.widest = scan.widest.max(scan.length - last);
            let is_sheet = most == u64::MAX;
            let is_enough =
                if is_sheet { scan.widest > LARGEST_CELL || scan.rows > MOST_ROWS } else { scan.count > MOST_TEXTS };
            if ended || is_enough {
                break;
            }
            kept = text.len() - whole;
            block.copy_within(whole..whole + kept, 0);
        }
        scan
    }
}

/// The name of the element whose tag goes on so, without its prefix.
fn local_name(tag: &[u8]) -> &[u8] {
    let end =
        tag.iter().position(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n')).unwrap_or(tag.len());
    let name = &tag[..end];
    memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// An `.ods` workbook is read as a whole, a small file may stand for very many cells, and one whose
/// elements do not end would be read for ever.
fn check_ods(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), String> {
    let mut text = Vec::new();
    let part = archive.by_name("content.xml").ok();
    // what cannot be read is reported where it is read for good
    if part.is_none_or(|part| part.take(LARGEST_PART).read_to_end(&mut text).is_err()) {
        return Ok(());
    }
    let Some(cells) = Cells::of(&text) else { return Err(DAMAGED.to_owned()) };
    if cells.count > MOST_CELLS {
        return Err("is a workbook of more than 32 million cells; save its sheet as CSV".to_owned());
    }
    if cells.text > MOST_TEXT {
        return Err(TOO_MUCH.to_owned());
    }
    Ok(())
}

/// How many cells the sheets of an `.ods` workbook have, those included that stand for many, and how
/// long their texts are at most.
#[derive(Default)]
struct Cells {
    count: u64,
    text: u64,
    row: RowOfCells,
}

/// The row that is counted.
#[derive(Default)]
struct RowOfCells {
    repeats: u64,
    cells: u64,
    text: u64,
    blank: u64,
    /// How often the current cell stands there.
    cell: u64,
}

impl Cells {
    /// Counts the cells; nothing where an element does not end, or another ends.
    fn of(text: &[u8]) -> Option<Self> {
        let (mut cells, mut open, mut at) = (Self::default(), Vec::new(), 0);
        while let Some(next) = memchr(b'<', &text[at..]) {
            cells.row.text = cells.row.text.saturating_add((next as u64).saturating_mul(cells.row.cell));
            at += next + 1;
            let rest = &text[at..];
            let (special, end) = match rest {
                [b'!', b'-', b'-', ..] => (true, memmem::find(rest, b"-->")? + 3),
                [b'!', b'[', ..] => (true, memmem::find(rest, b"]]>")? + 3),
                [b'?', ..] => (true, memmem::find(rest, b"?>")? + 2),
                _ => (rest.starts_with(b"!"), tag_end(rest)? + 1),
            };
            at += end;
            let tag = &rest[..end - 1];
            if special {
                cells.row.text = cells.row.text.saturating_add((end as u64).saturating_mul(cells.row.cell));
            } else if let Some(name) = tag.strip_prefix(b"/") {
                let name = name.trim_ascii_end();
                (open.pop()? == name).then_some(())?;
                if local_name(name).ends_with(b"table-cell") {
                    cells.row.cell = 0;
                }
            } else {
                cells.begin(tag);
                if !tag.ends_with(b"/") {
                    let end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
                    open.push(&tag[..end]);
                }
            }
        }
        cells.end_row();
        open.is_empty().then_some(cells)
    }

    fn begin(&mut self, tag: &[u8]) {
        let name = local_name(tag);
        match name {
            b"table-row" => {
                self.end_row();
                self.row = RowOfCells { repeats: number(tag, "number-rows-repeated=", 1), ..RowOfCells::default() };
            }
            b"table-cell" | b"covered-table-cell" => {
                let row = &mut self.row;
                // blank cells count where others follow
                row.cell = number(tag, "number-columns-repeated=", 1);
                row.blank = row.blank.saturating_add(row.cell);
                if !tag.ends_with(b"/") || memmem::find(tag, b"value").is_some() {
                    (row.cells, row.blank) = (row.cells.saturating_add(row.blank), 0);
                    row.text = row.text.saturating_add((tag.len() as u64).saturating_mul(row.cell));
                }
                if tag.ends_with(b"/") {
                    row.cell = 0;
                }
            }
            b"s" => {
                let blanks = number(tag, "text:c=", 1).saturating_mul(self.row.cell.max(1));
                self.row.text = self.row.text.saturating_add(blanks);
            }
            _ => {}
        }
    }

    fn end_row(&mut self) {
        let row = &self.row;
        self.count = self.count.saturating_add(row.cells.saturating_mul(row.repeats));
        self.text = self.text.saturating_add(row.text.saturating_mul(row.repeats.max(1)));
    }
}

/// Where a tag ends: not inside of quotes.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', &tag[at..])?;
        match tag[at] {
            b'>' => return Some(at),
            quote => at += memchr(quote, &tag[at + 1..])? + 2,
        }
    }
}

/// The number that an attribute of a tag has; `otherwise` where it has none.
fn number(tag: &[u8], name: &str, otherwise: u64) -> u64 {
    let Some(at) = memmem::find(tag, name.as_bytes()) else { return otherwise };
    let value = tag[at + name.len()..].strip_prefix(b"\"").or_else(|| tag[at + name.len()..].strip_prefix(b"'"));
    let digits = value.unwrap_or_default();
    let digits = &digits[..digits.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    match std::str::from_utf8(digits).map(str::parse) {
        Ok(Ok(number)) => number,
        // longer than any number that can be meant
        _ if digits.len() > 18 => u64::MAX,
        _ => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_counted_wherever_blocks_end() {
        for lead in [0, 1, 65_470, 65_500, 65_530, 131_000] {
            let text = format!("{}<row r=\"1\"><x:c r=\"A1\"><v>1</v></x:c><c/></row><cols/>", " ".repeat(lead));
            let scan = Scan::of(&mut text.as_bytes(), &[b"c", b"row"], u64::MAX);
            assert_eq!((scan.count, scan.length), (3, text.len() as u64), "{lead}");
            assert!(scan.widest >= lead as u64, "{lead}");
        }
    }

    #[test]
    fn cells_of_ods_are_counted_and_have_to_end() {
        let counted = |text: &str| Cells::of(text.as_bytes()).map(|cells| (cells.count, cells.text > 1 << 30));
        let row = |cell: &str| {
            format!("<t:table><t:table-row table:number-rows-repeated=\"10\">{cell}</t:table-row></t:table>")
        };
        assert_eq!(
            counted(&row("<t:table-cell table:number-columns-repeated='7'>x</t:table-cell>")),
            Some((70, false))
        );
        assert_eq!(counted(&row("<t:table-cell table:number-columns-repeated=\"7\"/>")), Some((0, false)));
        assert_eq!(
            counted(&row("<t:table-cell a='>'><!-- > --><s text:c=\"999999999\"/></t:table-cell>")),
            Some((10, true))
        );
        let blank = "\n<t:table-cell table:number-columns-repeated=\"16384\"/>\n".repeat(9_000);
        assert_eq!(counted(&row(&blank)), Some((0, false)));
        assert_eq!(counted("<?xml?><a><b></a></b>"), None);
        assert_eq!(
            (counted("<a>"), counted("</a>"), counted("<a b='>"), counted("<a/>")),
            (None, None, None, Some((0, false)))
        );
    }
}
