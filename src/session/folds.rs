//! Folds over what was set aside, on several threads, and single moments read again.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};
use std::sync::{Mutex, PoisonError};

use super::settled::Together;
use super::{Kept, SessionError, Settled};
use crate::ordered::Then;
use crate::rating::why::RatedMoment;

impl<'m, S: Read + Write + Seek + Send> Settled<'m, S> {
    /// Folds what was set aside: each thread takes some of it, in any order, into a fold of its own. The folds come in no
    /// order, so what is made of them must not depend on who took what.
    ///
    /// # Errors
    /// What could not be read again; the first error of `take` in the order of the input.
    pub(super) fn fold<F: Send, E: From<SessionError> + Send>(
        &mut self,
        begin: impl Fn() -> F + Sync,
        take: impl Fn(&mut F, &Kept<'_, 'm>) -> Result<(), E> + Sync,
    ) -> Result<Vec<F>, E> {
        let (threads, folds) = (self.threads, Mutex::new(Vec::new()));
        let lock = || folds.lock().unwrap_or_else(PoisonError::into_inner);
        let work = |together: &Together<'_, 'm>| -> Result<(), E> {
            // one that no other thread is using
            let free = lock().pop();
            let mut fold = free.unwrap_or_else(&begin);
            let taken = together.iter().flatten().try_for_each(|kept| take(&mut fold, &kept));
            lock().push(fold);
            taken
        };
        self.each_batch(threads, work, |taken| taken.map(|()| Then::GoOn))?;
        Ok(folds.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hands the moments at these places to `each`, in the order of the input, as far as they were set aside.
    pub(super) fn again(
        &mut self,
        places: &BTreeSet<usize>,
        mut each: impl FnMut(usize, &RatedMoment<'_, '_>),
    ) -> Result<(), SessionError> {
        let Self { outcome, spool, .. } = self;
        let mut first = 0;
        for batch in spool.rewind()? {
            if places.range(first..first + batch.count).next().is_none() {
                spool.skip(batch)?;
            } else {
                let together = Together { outcome: &*outcome, pack: spool.read(batch)?, first };
                for kept in together.iter().flatten().filter(|kept| places.contains(&kept.index)) {
                    kept.moment(|moment| each(kept.index, moment))?;
                }
            }
            first += batch.count;
        }
        Ok(())
    }
}
