//! Lines of separated values: in tsv escaped, in csv quoted where that is needed.

use super::Format;

/// How the cells of a line are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separated {
    /// By tabs, escaped as jq's @tsv does.
    Tsv,
    /// By commas, quoted as RFC 4180 has it.
    Csv,
}

impl Separated {
    /// That of a format, if its lines are separated values.
    pub(super) const fn of(format: Format) -> Option<Self> {
        match format {
            Format::Tsv => Some(Self::Tsv),
            Format::Csv => Some(Self::Csv),
            Format::Table | Format::Json | Format::Jsonl | Format::Md => None,
        }
    }

    /// What stands between two cells.
    pub(super) const fn separator(self) -> u8 {
        match self {
            Self::Tsv => b'\t',
            Self::Csv => b',',
        }
    }

    /// Adds a line.
    pub(super) fn line<'c>(self, bytes: &mut Vec<u8>, cells: impl Iterator<Item = &'c [u8]>) {
        let start = bytes.len();
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                bytes.push(self.separator());
            }
            self.cell(bytes, cell);
        }
        // an empty line would be no record
        if self == Self::Csv && bytes.len() == start {
            bytes.extend_from_slice(b"\"\"");
        }
        bytes.push(b'\n');
    }

    /// Adds a cell.
    pub(super) fn cell(self, bytes: &mut Vec<u8>, cell: &[u8]) {
        if self.is_plain(cell) {
            bytes.extend_from_slice(cell);
        } else {
            self.escape(bytes, cell);
        }
    }

    /// Whether a cell stands in a line as it is.
    fn is_plain(self, cell: &[u8]) -> bool {
        // without a way out, the loops look at many bytes at once
        match self {
            Self::Tsv => !cell.iter().fold(false, |odd, byte| odd | matches!(byte, b'\t' | b'\n' | b'\r' | b'\\')),
            Self::Csv => !cell.iter().fold(false, |odd, byte| odd | matches!(byte, b',' | b'"' | b'\n' | b'\r')),
        }
    }

    #[cold]
    fn escape(self, bytes: &mut Vec<u8>, cell: &[u8]) {
        if self == Self::Csv {
            bytes.push(b'"');
        }
        for &byte in cell {
            match (self, byte) {
                (Self::Tsv, b'\t') => bytes.extend_from_slice(b"\\t"),
                (Self::Tsv, b'\n') => bytes.extend_from_slice(b"\\n"),
                (Self::Tsv, b'\r') => bytes.extend_from_slice(b"\\r"),
                (Self::Tsv, b'\\') => bytes.extend_from_slice(b"\\\\"),
                (Self::Csv, b'"') => bytes.extend_from_slice(b"\"\""),
                (_, byte) => bytes.push(byte),
            }
        }
        if self == Self::Csv {
            bytes.push(b'"');
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tsv_escapes_what_would_break_a_line() {
        let mut bytes = Vec::new();
        Separated::Tsv.line(&mut bytes, [&b"a\tb"[..], b"c\\d\r\n", b"", b"\"e, f\""].into_iter());
        assert_eq!(String::from_utf8_lossy(&bytes), "a\\tb\tc\\\\d\\r\\n\t\t\"e, f\"\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn lines_of_csv_are_those_of_the_crate(lines in vec(vec("[a ,;'\"\\\\\t\r\n#é]{0,20}", 0..4), 0..4)) {
            let (mut ours, mut theirs) = (Vec::new(), csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()));
            for line in &lines {
                Separated::Csv.line(&mut ours, line.iter().map(String::as_bytes));
                theirs.write_record(line).expect("a line");
            }
            let theirs = theirs.into_inner().expect("lines");
            prop_assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
        }
    }
}
