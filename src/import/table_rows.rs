//! Rows of a table cut in chunks, so that threads split them: as far as they are of the common kind.

use std::ops::Range;

use super::latest::Latest;
use super::rows::{Ahead, Rows};
use crate::ordered::{self, Then};
use crate::read::Result;
use crate::read::fast::cells::{self, Split, Splitter};
use crate::read::fast::chunk::{self, Chunk};
use crate::read::fast::parallel::Backoff;
use crate::read::header::{Header, RowCells};

/// What the rows of a table stand under.
#[derive(Clone, Copy)]
pub(super) struct TableRows<'r> {
    pub(super) header: &'r Header,
    pub(super) delimiter: u8,
    /// Columns that are looked at by themselves.
    pub(super) marked: &'r [usize],
    /// Whether a last line with nothing but a first cell is no row.
    pub(super) trailer: bool,
}

impl TableRows<'_> {
    /// Calls `each` with every row, up to the first that is left to the reader that goes row by row; where that starts.
    pub(super) fn split(&self, bytes: &[u8], mut each: impl FnMut(&Splitter<'_>, Range<usize>)) -> Option<usize> {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|error| {
            let valid = &bytes[..error.valid_up_to()];
            std::str::from_utf8(valid).unwrap_or_default()
        });
        let (mut splitter, mut last) = (Splitter::new(text, self.delimiter), 0);
        loop {
            match splitter.next_row(self.header) {
                Split::Row { start, end, .. } if !(self.trailer && splitter.has_only_first()) => {
                    each(&splitter, start..end);
                    last = end;
                }
                Split::End if text.len() == bytes.len() => return None,
                Split::Row { .. } | Split::End | Split::Odd => return Some(last),
            }
        }
    }
}

/// What was found in the rows of a chunk.
struct Looked {
    latest: Option<Latest>,
    /// What names the case in each row, if that is asked for, one behind the other, and where each of them ends.
    cases: String,
    ends: Vec<usize>,
    chunk: Chunk,
    /// Where it is left to the reader that goes row by row.
    rest: Option<usize>,
}

/// Looks at rows ahead of the reader that goes row by row.
pub(super) struct LookingAhead {
    backoff: Backoff,
    threads: usize,
    /// The column that names the case.
    case: Option<usize>,
}

impl LookingAhead {
    pub(super) const fn new(threads: usize, case: Option<usize>) -> Self {
        Self { backoff: Backoff::NEW, threads, case }
    }

    /// Looks at what follows in a table, if it is time for that: for the latest time, if that is wanted, and for the
    /// case of each row, which is passed to `take`; an empty one is none.
    pub(super) fn look(
        &mut self,
        rows: &mut Rows,
        mut latest: Option<&mut Latest>,
        mut take: impl FnMut(&str) + Send,
    ) -> Result<()> {
        let before = rows.blocks().offset();
        if rows.columns().is_none() || !self.backoff.is_over(before) {
            return Ok(());
        }
        let Some((blocks, Ahead::Table(table))) = rows.stand_behind() else { return Ok(()) };
        blocks.read_ahead(self.threads);
        let (case, like) = (self.case, latest.as_deref().map(Latest::anew));
        let mut stopped = None;
        let work = |chunk: Chunk| {
            let (mut latest, mut cases, mut ends) = (like.as_ref().map(Latest::anew), String::new(), Vec::new());
            let rest = table.split(&chunk.bytes, |row, _| {
                if let Some(latest) = &mut latest {
                    table.marked.iter().for_each(|&index| latest.time(row.text(index).as_bytes().trim_ascii()));
                }
                if let Some(case) = case {
                    cases.push_str(row.text(case).trim());
                    ends.push(cases.len());
                }
            });
            Looked { latest, cases, ends, chunk, rest }
        };
        let join = |looked: Looked| {
            if let (Some(latest), Some(found)) = (&mut latest, looked.latest) {
                latest.join(found);
            }
            let mut start = 0;
            for end in looked.ends {
                take(&looked.cases[start..end]);
                start = end;
            }
            stopped = looked.rest.map(|rest| {
                let place = looked.chunk.place.behind(&looked.chunk.bytes[..rest]);
                (looked.chunk.bytes[rest..].to_vec(), place)
            });
            Ok(if stopped.is_some() { Then::Stop } else { Then::GoOn })
        };
        let cut = || chunk::cut(blocks, cells::last_end, false, Vec::new);
        let left = ordered::map(self.threads, cut, work, join)?;
        if let Some(rest) = stopped {
            blocks.put_back(rest, left.into_iter().map(|left| left.map(|looked| looked.chunk.bytes)));
        }
        self.backoff.renew(before, rows.blocks().offset());
        Ok(())
    }
}
