//! Chunks of records scanned by several threads ahead of the reader that goes record by record.

use std::sync::{Mutex, PoisonError};

use super::chunk::{self, Between, Chunk, Scanned};
use crate::ordered::{self, Then};
use crate::rating::assessor::Weigher;
use crate::rating::entrants::Entrants;
use crate::read::Result;
use crate::read::blocks::Blocks;
use crate::read::options::Options;
use crate::session::{Collected, Collector};

/// When to try chunks again after reading record by record.
pub(crate) struct Backoff {
    from: u64,
    wait: u64,
}

impl Backoff {
    /// How far the reader goes record by record at least.
    const LEAST: u64 = if cfg!(debug_assertions) { 1 << 7 } else { 1 << 16 };

    pub(crate) const NEW: Self = Self { from: 0, wait: Self::LEAST };

    /// Whether it is time to try, at this place in the source.
    pub(crate) const fn is_over(&self, offset: u64) -> bool {
        offset >= self.from
    }

    /// Up to which place in the source the reader goes record by record.
    #[cfg_attr(not(feature = "import"), expect(dead_code, reason = "only rows of exports are taken so"))]
    pub(crate) const fn until(&self) -> u64 {
        self.from
    }

    /// Waits longer each time that few records were accepted, because those chunks were scanned for
    /// nothing.
    pub(crate) const fn renew(&mut self, before: u64, after: u64) {
        let little = after.saturating_sub(before) < 4 * chunk::LENGTH as u64;
        self.wait = if little { self.wait.saturating_mul(2) } else { Self::LEAST };
        self.from = after.saturating_add(self.wait);
    }
}

/// Scans the records that follow, and passes those that are accepted to `take`, chunk by chunk in
/// their order. `check` returns how many records of a chunk are accepted. What comes after the first
/// that is not is put back, to be read one by one.
pub(in crate::read) fn scan<'m>(
    blocks: &mut Blocks,
    between: Between,
    options: &Options<'m>,
    (scale, collector): &(Weigher<'m>, Collector<'m>),
    mut check: impl FnMut(&Scanned) -> Result<usize> + Send,
    mut take: impl FnMut(&Entrants, Collected) -> Result<()> + Send,
) -> Result<()> {
    // no thread is started where there is nothing for it
    let mut first = chunk::cut(blocks, between, Vec::new)?;
    if first.is_none() {
        return Ok(());
    }
    let spares = Mutex::new(Vec::new());
    let spares = || spares.lock().unwrap_or_else(PoisonError::into_inner);
    let spare = || spares().pop().unwrap_or_default();
    let mut stopped = None;
    let next = || first.take().map_or_else(|| chunk::cut(blocks, between, spare), |chunk| Ok(Some(chunk)));
    let scan = |chunk: Chunk, most| Scanned::of(chunk, between, most, &options.reading, scale, collector);
    let hand_over = |(mut scanned, mut collected): (Scanned, Collected)| {
        let usual = check(&scanned)?;
        let end = scanned.end_of(usual);
        let (whole, all) = (scanned.whole, usual == scanned.items.len());
        if usual > 0 {
            if !all {
                (scanned, collected) = scan(scanned.into_chunk(), usual);
            }
            take(&scanned.entrants, collected)?;
        }
        if whole && all {
            spares().push(scanned.into_chunk().bytes);
            return Ok(Then::GoOn);
        }
        stopped = Some(scanned.into_rest(end));
        Ok(Then::Stop)
    };
    let left = ordered::map(options.threads, next, |chunk| scan(chunk, usize::MAX), hand_over)?;
    // what was taken and not accepted is put back, to be read one by one
    if let Some(rest) = stopped {
        blocks.put_back(rest, left.into_iter().map(|left| left.map(|(scanned, _)| scanned.into_chunk().bytes)));
    }
    Ok(())
}
