//! Work done by several threads at once, and handed in piece by piece in order.

use std::collections::VecDeque;
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
///
/// Gives back what had been taken when no more was wanted, worked on and in order: nothing that
/// `take` gave is lost. An error of `take` is the last of it.
pub(crate) fn in_order<P, W: Send>(
    threads: usize,
    take: impl FnMut() -> Result<Option<P>> + Send,
    work: impl Fn(P) -> W + Sync,
    hand_in: impl FnMut(W) -> Result<Then> + Send,
) -> Result<Vec<Result<W>>> {
    let threads = threads.max(1);
    let queue = Queue { waiting: VecDeque::new(), turn: 0, busy: false, over: false, result: Ok(()) };
    let crowd = Crowd {
        taking: Mutex::new(Taking { take, taken: 0, over: false }),
        queue: Mutex::new(queue),
        hand_in: Mutex::new(hand_in),
        shorter: Condvar::new(),
        most: AHEAD * threads,
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // where the system gives no more threads, those there are do the work
            let _ = std::thread::Builder::new().spawn_scoped(scope, || crowd.toil(&work));
        }
        crowd.toil(&work);
    });
    let queue = crowd.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    queue.result.map(|()| queue.waiting.into_iter().flatten().collect())
}

/// How many pieces, for each thread, may wait to be handed in.
const AHEAD: usize = 2;

struct Crowd<T, H, W> {
    taking: Mutex<Taking<T>>,
    queue: Mutex<Queue<W>>,
    hand_in: Mutex<H>,
    /// Told when the queue has become shorter.
    shorter: Condvar,
    most: usize,
}

struct Taking<T> {
    take: T,
    taken: u64,
    over: bool,
}

/// What has been worked on and not been handed in.
struct Queue<W> {
    /// In the order of turns from the next one on; `None` for what is still worked on.
    waiting: VecDeque<Option<Result<W>>>,
    turn: u64,
    /// Whether someone is handing in.
    busy: bool,
    over: bool,
    result: Result<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, H, W> Crowd<T, H, W> {
    /// What each thread does until there is nothing left to do.
    fn toil<P>(&self, work: &impl Fn(P) -> W)
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
            self.queue_up(number, worked);
            self.hand_in();
            let mut queue = lock(&self.queue);
            while queue.waiting.len() >= self.most && !queue.over {
                queue = self.shorter.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
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

    /// Puts what came of a piece in its place in the queue.
    fn queue_up(&self, number: u64, worked: Result<W>) {
        let mut queue = lock(&self.queue);
        let place = usize::try_from(number - queue.turn).unwrap_or(usize::MAX);
        while queue.waiting.len() <= place {
            queue.waiting.push_back(None);
        }
        queue.waiting[place] = Some(worked);
    }

    /// Hands in what has its turn, unless someone else is at it, who will.
    fn hand_in(&self)
    where
        H: FnMut(W) -> Result<Then>,
    {
        let mut queue = lock(&self.queue);
        while !queue.busy
            && !queue.over
            && let Some(worked) = queue.waiting.front_mut().and_then(Option::take)
        {
            queue.busy = true;
            drop(queue);
            let alarm = Alarm(self);
            let then = worked.and_then(|worked| lock(&self.hand_in)(worked));
            std::mem::forget(alarm);
            queue = lock(&self.queue);
            queue.busy = false;
            queue.waiting.pop_front();
            queue.turn += 1;
            if !matches!(then, Ok(Then::GoOn)) {
                queue.over = true;
                queue.result = then.map(|_| ());
                lock(&self.taking).over = true;
            }
            self.shorter.notify_all();
        }
    }
}

/// Ends everything when it is dropped.
struct Alarm<'c, T, H, W>(&'c Crowd<T, H, W>);

impl<T, H, W> Drop for Alarm<'_, T, H, W> {
    fn drop(&mut self) {
        lock(&self.0.queue).over = true;
        self.0.shorter.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::{AHEAD, Then, in_order};

    fn squares(threads: usize, until: u64, stop: u64, fail: u64) -> (Vec<u64>, Result<Vec<u64>, String>) {
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
        let left = result.map(|left| {
            let left = left.into_iter().map(|squared| squared.expect("no error").0).collect::<Vec<_>>();
            // what was taken and not handed in comes back in order, and nothing between is missing
            assert!(left.iter().copied().eq((handed.len() as u64 + 1..).take(left.len())));
            assert!(next > until || left.len() as u64 + handed.len() as u64 == next);
            left
        });
        (handed, left.map_err(|error| error.to_string()))
    }

    #[test]
    fn everything_is_handed_in_in_order_whatever_the_number_of_threads() {
        for threads in [1, 2, 7] {
            let all: Vec<_> = (1..=500).map(|number| number * number).collect();
            assert_eq!(squares(threads, 500, 0, 0), (all.clone(), Ok(vec![])));
            let (handed, left) = squares(threads, 500, 20, 0);
            assert_eq!(handed, all[..20]);
            assert!(left.is_ok_and(|left| left.len() <= (AHEAD + 1) * threads));
            assert_eq!(squares(threads, 500, 0, 7), (all[..6].to_vec(), Err("no 7".to_owned())));
            assert_eq!(squares(threads, 0, 0, 0), (vec![], Ok(vec![])));
        }
    }
}
