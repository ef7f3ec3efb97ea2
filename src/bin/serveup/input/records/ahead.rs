//! Records scanned ahead of the reader that goes record by record.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serveup::Scale;

use super::{Records, Recovery, Taker};
use crate::crowd::{self, Then};
use crate::input::pieces::{self, Piece, Scanned};
use crate::input::reader::Reader;
use crate::progress::Passed;

/// When what lies ahead of a reader that goes record by record is tried in pieces again.
pub(super) struct Patience {
    from: u64,
    wait: u64,
}

impl Patience {
    /// How far the reader goes by itself at least.
    const LEAST: u64 = if cfg!(debug_assertions) { 1 << 7 } else { 1 << 16 };

    pub(super) const NEW: Self = Self { from: 0, wait: Self::LEAST };

    /// Whether it is time to try, at this place in the source.
    pub(super) const fn is_over(&self, offset: u64) -> bool {
        offset >= self.from
    }

    /// Waits longer each time that little came of it, as pieces were scanned in vain then.
    pub(super) const fn renew(&mut self, before: u64, after: u64) {
        let little = after.saturating_sub(before) < 4 * pieces::LENGTH as u64;
        self.wait = if little { self.wait.saturating_mul(2) } else { Self::LEAST };
        self.from = after.saturating_add(self.wait);
    }
}

/// How records are scanned ahead.
pub(crate) struct Ahead<'m, N> {
    pub(crate) threads: usize,
    pub(crate) scale: Scale<'m>,
    pub(crate) noter: N,
}

/// Records that were scanned ahead together, and are read again together.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) file: usize,
    pub(super) offset: u64,
    pub(super) length: usize,
    /// The first of them, by its place among the accepted.
    pub(super) first: usize,
    pub(super) count: usize,
}

impl<'m> Records<'m> {
    /// Takes the records that lie ahead, scanned by several threads, up to the
    /// first that is not as usual. How many there were.
    pub(super) fn run_ahead<T: Taker<'m>>(
        &mut self,
        reader: &mut Reader,
        file: usize,
        before: u64,
        ahead: &Ahead<'m, T::Noter>,
        taker: &mut T,
        progress: &mut Passed,
    ) -> Result<u64> {
        let Some((blocks, between)) = reader.stand_behind() else { return Ok(0) };
        let reading = self.intake.reading.clone();
        let (mut count, mut stopped) = (0, None);
        // nobody is called to work where there is none
        let mut first = pieces::cut(blocks, between, Vec::new)?;
        if first.is_none() {
            return Ok(0);
        }
        let spares = Mutex::new(Vec::new());
        let spares = || spares.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = || spares().pop().unwrap_or_default();
        let take = || first.take().map_or_else(|| pieces::cut(blocks, between, spare), |piece| Ok(Some(piece)));
        let scan = |piece: Piece, most| Scanned::of(piece, between, most, &reading, &ahead.scale, &ahead.noter);
        let work = |piece: Piece| scan(piece, usize::MAX);
        let hand_in = |(mut scanned, mut notes): (Scanned, _)| {
            let place = self.accepted;
            let usual = self.check_scanned(&scanned, file, before + count)?;
            count += usual as u64;
            progress.far(scanned.offset, before + count);
            let (offset, end) = (scanned.offset, scanned.end_of(usual));
            let (whole, all) = (scanned.whole, usual == scanned.items.len());
            if usual > 0 {
                self.stretches.push(Stretch { file, offset, length: end, first: place, count: usual });
                if !all {
                    (scanned, notes) = scan(scanned.into_piece(), usual);
                }
                taker.scanned(scanned.items.iter().map(|item| (item.weighed, scanned.texts(item))), notes)?;
            }
            if whole && all {
                spares().push(scanned.into_piece().bytes);
                return Ok(Then::GoOn);
            }
            stopped = Some(scanned.into_rest(end));
            Ok(Then::Stop)
        };
        let left = crowd::in_order(ahead.threads, take, work, hand_in)?;
        // what was taken and not accepted is still to be read, one by one
        if let Some((mut rest, place)) = stopped {
            let mut failed = None;
            for left in left {
                match left {
                    Ok((scanned, _)) => rest.extend_from_slice(&scanned.into_piece().bytes),
                    Err(error) => failed = Some(error),
                }
            }
            blocks.put_back(rest, place, failed);
        }
        Ok(count)
    }

    /// Checks the items of a piece among all records, up to the first that is not as usual. How many those are.
    fn check_scanned(&mut self, scanned: &Scanned, file: usize, before: u64) -> Result<usize> {
        let strange = scanned.unknown.first().filter(|_| self.intake.strict).map(|(item, _)| *item);
        let usual = strange.unwrap_or(scanned.items.len());
        let mut timing = self.timing;
        let odd = scanned.items[..usual].iter().position(|item| {
            let timed = item.weighed.at().is_some();
            let fits = timing.fits(timed).is_ok();
            timing.take(timed);
            !fits
        });
        let usual = odd.unwrap_or(usual);
        let mut known = None;
        for (index, item) in scanned.items[..usual].iter().enumerate() {
            if let Some(id) = scanned.id(item)
                && self.ids.add(id, || scanned.line(item))?.is_some()
            {
                known = Some(index);
                break;
            }
        }
        let usual = known.unwrap_or(usual);
        if let Some(first) = scanned.items[..usual].first() {
            self.timing.take(first.weighed.at().is_some());
        }
        let recoveries = scanned.recoveries.iter().take_while(|recovers| recovers.item < usual);
        self.recoveries.extend(recoveries.map(|recovers| Recovery {
            failure: recovers.failure.clone(),
            record: self.accepted + recovers.item,
            file,
            number: before + recovers.item as u64 + 1,
            place: recovers.place,
            id: scanned.id(&scanned.items[recovers.item]).map(str::to_owned),
            raw: None,
        }));
        for (_, name) in scanned.unknown.iter().take_while(|(item, _)| *item < usual) {
            self.unknown.take(name);
        }
        self.accepted += usual;
        Ok(usual)
    }
}
