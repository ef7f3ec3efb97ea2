//! The header of a table, and what rows owe it.

/// The cells of a row, wherever they are.
pub(crate) trait RowCells {
    /// How many there are.
    fn count(&self) -> usize;

    /// One of them, without its quotes; nothing where the row ends before it.
    fn cell(&self, index: usize) -> &[u8];

    /// Whether nothing but blanks stands in it.
    fn is_blank(&self, index: usize) -> bool {
        self.cell(index).iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// Whether something stands in the first, and nothing but blanks in the others.
    fn has_only_first(&self) -> bool {
        !self.is_blank(0) && (1..self.count()).all(|index| self.is_blank(index))
    }

    /// Whether nothing but blanks stands in any of them.
    fn are_blank(&self) -> bool {
        (0..self.count()).all(|index| self.is_blank(index))
    }
}

/// The cells of the header, without the blanks around them.
pub(crate) struct Header {
    names: Vec<String>,
    /// How many columns there are up to the last that has a name.
    width: usize,
}

impl Header {
    pub(crate) fn of(names: Vec<String>) -> Self {
        let width = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        Self { names, width }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// How many cells a row has at least.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// Whether a row is the header once more.
    pub(crate) fn is_again(&self, row: &impl RowCells) -> bool {
        let same = |(index, name): (usize, &String)| row.cell(index).trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        self.width > 1 && self.names.iter().enumerate().all(same) && self.beyond(row).is_none()
    }

    /// The first cell that stands beside the table, if there is one.
    pub(crate) fn beyond(&self, row: &impl RowCells) -> Option<usize> {
        (self.names.len()..row.count()).find(|&index| !row.is_blank(index))
    }

    /// Whether a row has the cells that it should have.
    pub(crate) fn fits(&self, row: &impl RowCells) -> bool {
        row.count() >= self.width && self.beyond(row).is_none()
    }
}
