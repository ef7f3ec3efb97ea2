//! Where texts end that are kept one behind the other.

use std::ops::Range;

/// The ends of texts, which never fall: four bytes each, however much text there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ends {
    /// Each end without what is above four bytes.
    low: Vec<u32>,
    /// For each 4 GiB, which text is the first that ends beyond them.
    beyond: Vec<usize>,
}

/// What the low four bytes of an end are.
const LOW: u64 = u32::MAX as u64;

impl Ends {
    pub(super) fn push(&mut self, end: u64) {
        while end >> 32 > self.beyond.len() as u64 {
            self.beyond.push(self.low.len());
        }
        self.low.push(u32::try_from(end & LOW).unwrap_or(u32::MAX));
    }

    /// From where to where a text goes.
    #[inline]
    pub(super) fn range(&self, index: usize) -> Range<usize> {
        index.checked_sub(1).map_or(0, |before| self.end(before))..self.end(index)
    }

    fn end(&self, index: usize) -> usize {
        let low = self.low[index];
        // few have that much text
        let above = if self.beyond.is_empty() { 0 } else { self.beyond.partition_point(|&first| first <= index) };
        usize::try_from((above as u64) << 32 | u64::from(low)).unwrap_or(usize::MAX)
    }

    pub(super) fn len(&self) -> usize {
        self.low.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_come_back_however_far_they_are() {
        let all =
            [0, 7, 7, LOW - 1, LOW, LOW + 1, LOW + 1, 3 << 32, (3 << 32) + 5, (7 << 32) - 1, 7 << 32, u64::MAX >> 20];
        let mut ends = Ends::default();
        for end in all {
            ends.push(end);
        }
        assert_eq!((0..ends.len()).map(|index| ends.range(index).end as u64).collect::<Vec<_>>(), all);
        assert_eq!((ends.range(0).start, ends.range(8).start), (0, 3 << 32));
    }
}
