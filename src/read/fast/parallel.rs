//! Chunks of records scanned by several threads ahead of the reader that goes record by record.

use std::sync::{Mutex, PoisonError};

use super::chunk::{self, Chunk, Format, Scanned};
use crate::moment::Instant;
use crate::ordered::{self, Then, Threads};
use crate::rating::assessor::Weigher;
use crate::rating::entry::Entry;
use crate::read::blocks::Blocks;
use crate::read::options::Options;
use crate::read::{Error, Result};
use crate::session::{Collector, Prepared, Steps};

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

/// How far records are scanned ahead.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) enum Extent {
    /// All that follow, waited for.
    All,
    /// As many as make a round and are at hand, as long as they are in time order behind this time.
    InOrder(Option<Instant>),
}

impl Extent {
    /// How many chunks a round has for so many threads: what is held of them is the same however long the input is.
    fn most(self, threads: usize) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::InOrder(_) => threads.saturating_mul(2).max(16),
        }
    }
}

/// Scans the records that follow, and takes those that are accepted through `steps`, chunk by chunk in
/// their order. `check` returns how many records of a chunk are accepted. What comes after the first
/// that is not is put back, to be read one by one. Returns whether there was such a one.
pub(in crate::read) fn scan<'m, F: Format>(
    blocks: &mut Blocks,
    (format, extent): (&F, Extent),
    options: &Options<'m>,
    (scale, collector): &(Weigher<'m>, Collector<'m>),
    mut check: impl FnMut(&Scanned) -> Result<usize> + Send,
    steps: Steps<'_, Error>,
) -> Result<bool> {
    let (in_order, mut latest) = match extent {
        Extent::All => (false, None),
        Extent::InOrder(latest) => (true, latest),
    };
    // no thread is started where there is nothing for it
    let last_end = |bytes: &[u8]| format.last_end(bytes);
    let mut first = chunk::cut(blocks, last_end, in_order, Vec::new)?;
    if first.is_none() {
        return Ok(false);
    }
    blocks.read_ahead(options.threads);
    let spares = Mutex::new(Vec::new());
    let spares = || spares.lock().unwrap_or_else(PoisonError::into_inner);
    let spare = || spares().pop().unwrap_or_default();
    let mut stopped = None;
    let mut left = extent.most(options.threads);
    let next = || {
        let Some(rest) = left.checked_sub(1) else { return Ok(None) };
        left = rest;
        first.take().map_or_else(|| chunk::cut(blocks, last_end, in_order, spare), |chunk| Ok(Some(chunk)))
    };
    let way = (format, in_order);
    let scan = |chunk: Chunk, most| Scanned::of(chunk, way, most, &options.reading, scale, collector);
    let accept = |(mut scanned, mut prepared): (Scanned, Prepared)| {
        let late = in_order && prepared.entrants.entries().first().is_some_and(|first| first.at() < latest);
        let usual = if late { 0 } else { check(&scanned)? };
        let end = scanned.end_of(usual);
        let (whole, all) = (scanned.whole, usual == scanned.items.len());
        if usual > 0 && !all {
            (scanned, prepared) = scan(scanned.into_chunk(), usual);
        }
        let accepted = (usual > 0).then_some(prepared);
        latest = accepted.as_ref().and_then(|accepted| accepted.entrants.entries().last()).map_or(latest, Entry::at);
        if whole && all {
            spares().push(scanned.into_chunk().bytes);
            return Ok((accepted, Then::GoOn));
        }
        stopped = Some(scanned.into_rest(end));
        Ok((accepted, Then::Stop))
    };
    let (threads, work) =
        (Threads { count: options.threads, stack: None }, |(): &mut (), chunk| scan(chunk, usize::MAX));
    let left = ordered::map_in_steps(threads, || (), next, work, accept, steps)?;
    // what was taken and not accepted is put back, to be read one by one
    let odd = stopped.is_some();
    if let Some(rest) = stopped {
        blocks.put_back(rest, left.into_iter().map(|left| left.map(|(scanned, _)| scanned.into_chunk().bytes)));
    }
    Ok(odd)
}
