//! Work done by several threads at once, and handed in piece by piece in order.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

/// What becomes of the work after a piece has been handed in.
pub(crate) enum Then {
    GoOn,
    /// What comes after is not wanted any more.
    Stop,
}

/// Pieces are taken by `take` in order, one at a time; worked on by `work`, as
/// many at a time as there are threads; and what came of them is handed in by `hand_in`
/// in the order in which they were taken. The first error, in that order, ends it all.
pub(crate) fn in_order<P, W>(
    threads: usize,
    take: impl FnMut() -> Result<Option<P>> + Send,
    work: impl Fn(P) -> W + Sync,
    hand_in: impl FnMut(W) -> Result<Then> + Send,
) -> Result<()> {
    let crowd = Crowd {
        taking: Mutex::new(Taking { take, taken: 0, over: false }),
        handing: Mutex::new(Handing { hand_in, turn: 0, over: false, result: Ok(()) }),
        next: Condvar::new(),
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.max(1) {
            scope.spawn(|| crowd.toil(&work));
        }
        crowd.toil(&work);
    });
    crowd.handing.into_inner().unwrap_or_else(PoisonError::into_inner).result
}

struct Crowd<T, H> {
    taking: Mutex<Taking<T>>,
    handing: Mutex<Handing<H>>,
    next: Condvar,
}

struct Taking<T> {
    take: T,
    taken: u64,
    over: bool,
}

struct Handing<H> {
    hand_in: H,
    turn: u64,
    over: bool,
    result: Result<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, H> Crowd<T, H> {
    /// What each thread does until there is nothing left to do.
    fn toil<P, W>(&self, work: &impl Fn(P) -> W)
    where
        T: FnMut() -> Result<Option<P>>,
        H: FnMut(W) -> Result<Then>,
    {
        while let Some((number, piece)) = self.take() {
            let worked = piece.map(|piece| {
                // should the work come to grief, nobody waits for it
                let alarm = Alarm(self);
                let worked = work(piece);
                std::mem::forget(alarm);
                worked
            });
            let mut handing = lock(&self.handing);
            while handing.turn != number && !handing.over {
                handing = self.next.wait(handing).unwrap_or_else(PoisonError::into_inner);
            }
            if handing.over {
                return;
            }
            let then = worked.and_then(|worked| (handing.hand_in)(worked));
            handing.turn += 1;
            if !matches!(then, Ok(Then::GoOn)) {
                handing.over = true;
                handing.result = then.map(|_| ());
                drop(handing);
                lock(&self.taking).over = true;
            }
            self.next.notify_all();
        }
    }

    /// The next piece with its number, or what kept it from being taken.
    fn take<P>(&self) -> Option<(u64, Result<P>)>
    where
        T: FnMut() -> Result<Option<P>>,
    {
        let mut taking = lock(&self.taking);
        if taking.over {
            return None;
        }
        let number = taking.taken;
        let piece = (taking.take)().transpose();
        taking.taken += 1;
        taking.over = !matches!(piece, Some(Ok(_)));
        piece.map(|piece| (number, piece))
    }
}

/// Ends everything when it is dropped.
struct Alarm<'c, T, H>(&'c Crowd<T, H>);

impl<T, H> Drop for Alarm<'_, T, H> {
    fn drop(&mut self) {
        lock(&self.0.handing).over = true;
        self.0.next.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::{Then, in_order};

    fn squares(threads: usize, until: u64, stop: u64, fail: u64) -> (Vec<u64>, Option<String>) {
        let mut next = 0;
        let mut handed = Vec::new();
        let result = in_order(
            threads,
            || {
                next += 1;
                Ok((next <= until).then_some(next))
            },
            |number| (number, number * number),
            |(number, square)| {
                if number == fail {
                    bail!("no {number}");
                }
                handed.push(square);
                Ok(if number == stop { Then::Stop } else { Then::GoOn })
            },
        );
        (handed, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn everything_is_handed_in_in_order_whatever_the_number_of_threads() {
        for threads in [1, 2, 7] {
            let all: Vec<_> = (1..=500).map(|number| number * number).collect();
            assert_eq!(squares(threads, 500, 0, 0), (all.clone(), None));
            assert_eq!(squares(threads, 500, 20, 0), (all[..20].to_vec(), None));
            assert_eq!(squares(threads, 500, 0, 7), (all[..6].to_vec(), Some("no 7".to_owned())));
            assert_eq!(squares(threads, 0, 0, 0), (vec![], None));
        }
    }
}
