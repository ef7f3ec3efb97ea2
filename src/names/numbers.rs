//! A table that finds numbers by what they stand for, which is kept elsewhere in their order.

use hashbrown::HashTable;

use super::NameId;

/// Numbers from 1 on without a gap, found by a hash: some five bytes each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    table: HashTable<NameId>,
}

impl Numbers {
    /// The number of what has this hash and is the `same`.
    pub(crate) fn find(&self, hash: u64, mut same: impl FnMut(NameId) -> bool) -> Option<NameId> {
        self.table.find(hash, |&number| same(number)).copied()
    }

    /// Has room for one more; `hashes` are those of all numbers there are, in their order. To be called before a number
    /// is looked for that is added if it is not there: it also opens a table that was closed.
    ///
    /// A table that is too small is given back before the larger one is made, and hashes are gone through one after the
    /// other, which takes less memory and time than to move numbers from table to table.
    pub(crate) fn make_room(&mut self, hashes: impl ExactSizeIterator<Item = u64>) {
        if self.table.len() < self.table.capacity() {
            return;
        }
        self.close();
        let mut table = HashTable::with_capacity(hashes.len() + 1);
        for (index, hash) in hashes.enumerate() {
            if let Ok(number) = NameId::at_index(index) {
                table.insert_unique(hash, number, |_| hash);
            }
        }
        self.table = table;
    }

    /// Adds the next number, where there is room.
    pub(crate) fn add(&mut self, hash: u64, number: NameId) {
        self.table.insert_unique(hash, number, |_| hash);
    }

    /// Gives the table back, once no more is looked up.
    pub(crate) fn close(&mut self) {
        self.table = HashTable::new();
    }
}
