//! Where a record is in its source.

/// A line and a column, both from 1; columns count characters. In a workbook, a row and a column of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The line, or the row.
    pub line: u64,
    /// The character in it, or the column.
    pub column: u64,
    /// Whether it is a cell of a sheet.
    pub is_cell: bool,
}

impl Position {
    /// The first character.
    pub const START: Self = Self::of_text(1, 1);

    /// A character of a text.
    #[must_use]
    pub const fn of_text(line: u64, column: u64) -> Self {
        Self { line, column, is_cell: false }
    }

    /// A cell of a sheet.
    #[must_use]
    pub const fn of_cell(row: u64, column: u64) -> Self {
        Self { line: row, column, is_cell: true }
    }

    /// Where that is, in words for people: `file:12:5`, or `file: sheet "March", cell B3` of a sheet
    /// that is named like `file: sheet "March"`.
    #[must_use]
    pub fn in_source(self, name: &str) -> String {
        let Self { line, column, is_cell } = self;
        if !is_cell {
            return format!("{name}:{line}:{column}");
        }
        let (mut letters, mut rest) = (Vec::new(), column);
        while let Some(before) = rest.checked_sub(1) {
            letters.push(char::from(b'A' + u8::try_from(before % 26).unwrap_or_default()));
            rest = before / 26;
        }
        format!("{name}, cell {}{line}", letters.iter().rev().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn cells_are_called_as_spreadsheets_call_them() {
        let cell = |row, column| Position::of_cell(row, column).in_source("b.xlsx: sheet \"X\"");
        assert_eq!(cell(3, 2), "b.xlsx: sheet \"X\", cell B3");
        let letters = |column| cell(1, column).rsplit(' ').next().map(str::to_owned);
        assert_eq!(
            [1, 26, 27, 52, 702, 703, 16_384].map(letters).map(Option::unwrap_or_default),
            ["A1", "Z1", "AA1", "AZ1", "ZZ1", "AAA1", "XFD1"]
        );
        assert_eq!(Position::of_text(3, 2).in_source("b.csv"), "b.csv:3:2");
    }
}
