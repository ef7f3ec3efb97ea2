//! Rows of a table split into cells, sixteen bytes at a time. What is accepted is what csv-core makes of it; rows whose
//! quotes are not as they should be are left to the reader that goes row by row.

use std::borrow::Cow;

use memchr::{memchr_iter, memrchr};
use wide::u8x16;

use crate::read::header::{Header, RowCells};

/// How many line breaks are tried as a place to cut.
const TRIES: usize = 64;

/// Whether rows separated by this byte are split here.
pub(crate) const fn splits(delimiter: u8) -> bool {
    delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\r' | b'\n')
}

/// Where the last row seems to end: behind a line break with an even number of quotes before it, if one is near the end.
/// Where quotes are odd since a cell has a stray one, any line break may do.
pub(crate) fn last_end(bytes: &[u8]) -> Option<usize> {
    let last = memrchr(b'\n', bytes)? + 1;
    let is_odd = |bytes: &[u8]| memchr_iter(b'"', bytes).count() % 2 == 1;
    let (mut end, mut odd) = (last, is_odd(&bytes[..last]));
    for _ in 0..TRIES {
        if !odd {
            return Some(end);
        }
        let Some(before) = memrchr(b'\n', &bytes[..end - 1]) else { break };
        odd ^= is_odd(&bytes[before + 1..end]);
        end = before + 1;
    }
    Some(last)
}

/// Splits the rows of a text, one after the other.
pub(crate) struct Splitter<'t> {
    text: &'t str,
    delimiter: u8,
    specials: Specials<'t>,
    /// Where the last row ends, with its line break, and how many `\n` are before that.
    end: usize,
    line: u32,
    cells: Vec<Cell<'t>>,
}

/// A cell as it is written, without its quotes.
#[derive(Clone, Copy)]
struct Cell<'t> {
    text: &'t str,
    /// Whether it holds doubled quotes.
    doubled: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// A row that starts and ends there, with so many `\n` before it; `plain`: no quote, backslash or control character
    /// is in it, but around cells.
    Row { start: usize, end: usize, line: u32, plain: bool },
    /// The text ends behind a row.
    End,
    /// A row that is left to the full reader, or that goes on behind the text.
    Odd,
}

impl<'t> Splitter<'t> {
    pub(crate) fn new(text: &'t str, delimiter: u8) -> Self {
        let specials = Specials::new(text.as_bytes(), delimiter);
        Self { text, delimiter, specials, end: 0, line: 0, cells: Vec::new() }
    }

    /// Goes to the next row. Line breaks before it are no rows.
    pub(crate) fn next(&mut self) -> Split {
        let bytes = self.text.as_bytes();
        let mut start = self.end;
        while let Some(&byte @ (b'\r' | b'\n')) = bytes.get(start) {
            self.specials.next();
            self.line += u32::from(byte == b'\n');
            start += 1;
        }
        if start == bytes.len() {
            return Split::End;
        }
        self.cells.clear();
        let line = self.line;
        let (mut plain, mut cell) = (true, start);
        loop {
            let Some(at) = self.specials.next() else { return Split::Odd };
            let mut end = at;
            let mut doubled = false;
            let byte = match bytes[at] {
                b'"' if at == cell => {
                    cell += 1;
                    // behind the closing quote the cell ends, or it is none
                    loop {
                        let Some(next) = self.specials.next() else { return Split::Odd };
                        if bytes[next] == b'"' {
                            if bytes.get(next + 1) != Some(&b'"') {
                                end = next;
                                break;
                            }
                            self.specials.next();
                            (doubled, plain) = (true, false);
                        } else if bytes[next] == 0 {
                            return Split::Odd;
                        } else if bytes[next] != self.delimiter || self.delimiter < b' ' || self.delimiter == b'\\' {
                            plain = false;
                            self.line += u32::from(bytes[next] == b'\n');
                        }
                    }
                    match bytes.get(end + 1) {
                        Some(&byte) if byte == self.delimiter || matches!(byte, b'\r' | b'\n') => {
                            self.specials.next();
                            byte
                        }
                        _ => return Split::Odd,
                    }
                }
                byte if byte == self.delimiter || matches!(byte, b'\r' | b'\n') => byte,
                0 => return Split::Odd,
                _ => {
                    plain = false;
                    continue;
                }
            };
            let Some(text) = self.text.get(cell..end) else { return Split::Odd };
            self.cells.push(Cell { text, doubled });
            let behind = if end == at { at + 1 } else { end + 2 };
            if byte == self.delimiter {
                cell = behind;
                continue;
            }
            self.end = behind;
            if byte == b'\r' && bytes.get(behind) == Some(&b'\n') {
                self.specials.next();
                self.end += 1;
            }
            self.line += u32::from(bytes[self.end - 1] == b'\n');
            return Split::Row { start, end: self.end, line, plain };
        }
    }

    /// Goes to the next row with something in a cell. What is no row under this header, or stands behind a byte order
    /// mark, is odd.
    pub(crate) fn next_row(&mut self, header: &Header) -> Split {
        loop {
            match self.next() {
                Split::Row { .. } if self.are_blank() => {}
                Split::Row { start, .. }
                    if header.is_again(self) || !header.fits(self) || self.text[start..].starts_with('\u{feff}') =>
                {
                    return Split::Odd;
                }
                split => return split,
            }
        }
    }

    /// A cell of the current row as it is written, without its quotes; nothing where the row ends before it. Quotes
    /// in it are still doubled.
    pub(crate) fn written(&self, index: usize) -> &'t str {
        self.cells.get(index).map_or("", |cell| cell.text)
    }

    /// A cell of the current row.
    pub(crate) fn text(&self, index: usize) -> Cow<'t, str> {
        match self.cells.get(index) {
            Some(Cell { text, doubled: true }) => Cow::Owned(text.replace("\"\"", "\"")),
            Some(Cell { text, .. }) => Cow::Borrowed(text),
            None => Cow::Borrowed(""),
        }
    }
}

/// As they are written, which tells whether they are blank, or a name that has no quotes.
impl RowCells for Splitter<'_> {
    fn count(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, index: usize) -> &[u8] {
        self.written(index).as_bytes()
    }
}

/// The places of separators, quotes, backslashes and control characters, one after the other.
struct Specials<'t> {
    bytes: &'t [u8],
    delimiter: u8,
    /// Where the sixteen bytes start that `left` has a bit of for each place that has not been given.
    base: usize,
    left: u32,
}

impl<'t> Specials<'t> {
    fn new(bytes: &'t [u8], delimiter: u8) -> Self {
        let mut specials = Self { bytes, delimiter, base: 0, left: 0 };
        specials.left = specials.look();
        specials
    }

    /// The places in the sixteen bytes that come, the first one's the lowest bit.
    fn look(&self) -> u32 {
        let rest = &self.bytes[self.base..];
        let (sixteen, mask) = match rest.first_chunk() {
            Some(sixteen) => (*sixteen, u32::MAX),
            None => {
                let mut padded = [0; 16];
                padded[..rest.len()].copy_from_slice(rest);
                (padded, (1 << rest.len()) - 1)
            }
        };
        let bytes = u8x16::new(sixteen);
        let is = |byte| bytes.simd_eq(u8x16::splat(byte));
        let control = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
        (is(self.delimiter) | is(b'"') | is(b'\\') | control).to_bitmask() & mask
    }

    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.base += 16;
            if self.base >= self.bytes.len() {
                self.base = self.bytes.len();
                return None;
            }
            self.left = self.look();
        }
        let at = self.base + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::{RowCells, Split, Splitter, last_end};

    /// The rows that csv-core makes of a text, each with where it ends.
    fn by_parser(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    }

    /// The rows that are accepted of a text, and where the last of them ends.
    fn split(text: &str, delimiter: u8) -> (Vec<Vec<String>>, usize, bool) {
        let (mut splitter, mut rows, mut last) = (Splitter::new(text, delimiter), Vec::new(), 0);
        loop {
            match splitter.next() {
                Split::Row { start, end, line, plain } => {
                    assert!(last <= start && start < end && end <= text.len());
                    assert_eq!(line as usize, text[..start].matches('\n').count(), "{text:?}");
                    assert!(text[last..start].chars().all(|byte| matches!(byte, '\r' | '\n')));
                    let cells: Vec<_> = (0..splitter.count()).map(|index| splitter.text(index).into_owned()).collect();
                    let odd = |cell: &String| cell.contains(|char: char| char < ' ' || matches!(char, '"' | '\\'));
                    assert!(!plain || !cells.iter().any(odd), "{text:?}");
                    rows.push(cells);
                    last = end;
                }
                Split::End => return (rows, last, true),
                Split::Odd => return (rows, last, false),
            }
        }
    }

    #[test]
    fn rows_are_split_and_what_is_misquoted_is_left() {
        let rows = |text: &str| {
            let (rows, end, whole) = split(text, b',');
            (rows.iter().map(|row| row.join("|")).collect::<Vec<_>>().join("/"), end, whole)
        };
        assert_eq!(rows("a,b\r\n\"c,\"\"d\"\"\",\"e\nf\"\n"), ("a|b/c,\"d\"|e\nf".to_owned(), 21, true));
        assert_eq!(rows("a,b\rc,\"\"\r\n\n\n"), ("a|b/c|".to_owned(), 10, true));
        assert_eq!(rows("5\" pipe,b\nx"), ("5\" pipe|b".to_owned(), 10, false));
        assert_eq!(rows("a,b\n\"c\"d,e\n"), ("a|b".to_owned(), 4, false));
        assert_eq!(rows("a,b\n\"c,d\n"), ("a|b".to_owned(), 4, false));
        assert_eq!(rows("a,b\n\"c,d\""), ("a|b".to_owned(), 4, false));
        assert_eq!(rows(""), (String::new(), 0, true));
    }

    #[test]
    fn a_cut_is_behind_a_line_break_outside_of_quotes() {
        assert_eq!(last_end(b"a\nb\nc"), Some(4));
        assert_eq!(last_end(b"a\n\"b\nc"), Some(2));
        assert_eq!(last_end(b"a\n\"b\nc\"\nd"), Some(8));
        assert_eq!(last_end(b"5\" pipe\nb\nc"), Some(10), "a stray quote");
        assert_eq!(last_end(b"a\rb"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_accepted_is_what_the_parser_makes_of_it(
            parts in proptest::collection::vec(
                select(vec![
                    "a", "bc", ",", ",", ";", "\t", "\"", "\"", "\"\"", "\n", "\r\n", "\r", " ", "\\", "é", "日本語",
                    "sixteen bytes or", "\"x,y\"", "\"x\ny\"", "\"x\"\"y\"",
                ]),
                0..40,
            ),
            delimiter in select(vec![b',', b';', b'\t', b' ', b'\\', b'a']),
        ) {
            let text = parts.concat();
            let (rows, end, _) = split(&text, delimiter);
            // as far as that they are the same, and a row ends there
            prop_assert_eq!(rows, by_parser(&text[..end], delimiter), "{:?}", text);
            prop_assert!(by_parser(&text, delimiter).starts_with(&by_parser(&text[..end], delimiter)), "{:?}", text);
        }
    }
}
