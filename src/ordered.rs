//! A parallel map that keeps order: items are taken one at a time, worked on by several threads,
//! and their results handed over in the order in which the items were taken.
//!
//! Nothing that was taken is lost: what is not handed over any more is given back. That, and working
//! on where the system gives no more threads, is why no other crate does this; `pariter` was measured
//! to take 1.4 times as long, as the thread that hands over does not work.

#[cfg(feature = "measure")]
pub mod alone;

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Whether to go on after a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The next one is wanted.
    GoOn,
    /// No more is wanted.
    Stop,
}

/// Takes items with `take`, makes results of them with `work`, on this many threads, and hands them
/// over with `hand_over`. The first error, in that order, ends it all.
///
/// Returns the results that were not wanted any more, in order; an error of `take` is the last of them.
///
/// # Errors
/// Those of `take` and `hand_over`.
///
/// # Panics
/// Where `take`, `work` or `hand_over` do.
///
/// ```
/// use serveup::ordered::{self, Then};
///
/// let (mut numbers, mut squares) = (1..=4, Vec::new());
/// let take = || Ok::<_, std::fmt::Error>(numbers.next());
/// let hand_over = |square| {
///     squares.push(square);
///     Ok(Then::GoOn)
/// };
/// ordered::map(2, take, |number| number * number, hand_over)?;
/// assert_eq!(squares, [1, 4, 9, 16]);
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub fn map<P, W: Send, E: Send>(
    threads: usize,
    take: impl FnMut() -> Result<Option<P>, E> + Send,
    work: impl Fn(P) -> W + Sync,
    hand_over: impl FnMut(W) -> Result<Then, E> + Send,
) -> Result<Vec<Result<W, E>>, E> {
    let threads = Threads { count: threads, stack: None };
    map_with(threads, || (), take, |(), item| work(item), hand_over)
}

/// How many threads there are, and how much stack the ones that are started get, where not the usual.
#[derive(Clone, Copy, Debug)]
pub struct Threads {
    /// How many, with the one that asks.
    pub count: usize,
    /// In bytes.
    pub stack: Option<usize>,
}

/// As [`map`], where each thread works with something of its own, which `own` makes on it.
///
/// # Errors
/// As [`map`].
///
/// # Panics
/// As [`map`], and where `own` does.
pub fn map_with<T, P, W: Send, E: Send>(
    threads: Threads,
    own: impl Fn() -> T + Sync,
    take: impl FnMut() -> Result<Option<P>, E> + Send,
    work: impl Fn(&mut T, P) -> W + Sync,
    hand_over: impl FnMut(W) -> Result<Then, E> + Send,
) -> Result<Vec<Result<W, E>>, E> {
    let count = threads.count.max(1);
    let queue = Queue { waiting: VecDeque::new(), turn: 0, busy: false, over: false, result: Ok(()) };
    let shared = Shared {
        taking: Mutex::new(Taking { take, taken: 0, over: false }),
        queue: Mutex::new(queue),
        hand_over: Mutex::new(hand_over),
        shorter: Condvar::new(),
        most: AHEAD * count,
    };
    std::thread::scope(|scope| {
        for _ in 1..count {
            let builder = std::thread::Builder::new();
            let builder = threads.stack.map_or_else(std::thread::Builder::new, |stack| builder.stack_size(stack));
            // where the system gives no more threads, those there are do the work
            let _ = builder.spawn_scoped(scope, || shared.run_worker(&own, &work));
        }
        shared.run_worker(&own, &work);
    });
    let queue = shared.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    queue.result.map(|()| queue.waiting.into_iter().flatten().collect())
}

/// How many results, for each thread, may wait to be handed over.
const AHEAD: usize = 2;

/// What the threads share.
struct Shared<T, H, W, E> {
    taking: Mutex<Taking<T>>,
    queue: Mutex<Queue<W, E>>,
    hand_over: Mutex<H>,
    /// Notified when the queue has become shorter.
    shorter: Condvar,
    most: usize,
}

struct Taking<T> {
    take: T,
    taken: u64,
    over: bool,
}

/// Results that have not been handed over.
struct Queue<W, E> {
    /// In the order of turns from the next one on; `None` for what is still worked on.
    waiting: VecDeque<Option<Result<W, E>>>,
    turn: u64,
    /// Whether a thread is handing over.
    busy: bool,
    over: bool,
    result: Result<(), E>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, H, W, E> Shared<T, H, W, E> {
    /// What each thread does until there is nothing left to do.
    fn run_worker<O, P>(&self, own: &impl Fn() -> O, work: &impl Fn(&mut O, P) -> W)
    where
        T: FnMut() -> Result<Option<P>, E>,
        H: FnMut(W) -> Result<Then, E>,
    {
        let stop = StopOnPanic(self);
        let mut own = own();
        std::mem::forget(stop);
        while let Some((number, item)) = self.take() {
            let result = item.map(|item| {
                let stop = StopOnPanic(self);
                let result = work(&mut own, item);
                std::mem::forget(stop);
                result
            });
            self.queue_up(number, result);
            self.hand_over();
            let mut queue = lock(&self.queue);
            while queue.waiting.len() >= self.most && !queue.over {
                queue = self.shorter.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// The next item with its number, or what kept it from being taken.
    fn take<P>(&self) -> Option<(u64, Result<P, E>)>
    where
        T: FnMut() -> Result<Option<P>, E>,
    {
        let mut taking = lock(&self.taking);
        if taking.over {
            return None;
        }
        let number = taking.taken;
        #[cfg(feature = "measure")]
        let item = alone::run(alone::Part::Taking, &mut taking.take).transpose();
        #[cfg(not(feature = "measure"))]
        let item = (taking.take)().transpose();
        taking.taken += 1;
        taking.over = !matches!(item, Some(Ok(_)));
        item.map(|item| (number, item))
    }

    /// Puts a result in its place in the queue.
    fn queue_up(&self, number: u64, result: Result<W, E>) {
        let mut queue = lock(&self.queue);
        let place = usize::try_from(number - queue.turn).unwrap_or(usize::MAX);
        while queue.waiting.len() <= place {
            queue.waiting.push_back(None);
        }
        queue.waiting[place] = Some(result);
    }

    /// Hands over the results whose turn it is, unless another thread is doing so; that thread goes
    /// on with them.
    fn hand_over(&self)
    where
        H: FnMut(W) -> Result<Then, E>,
    {
        let mut queue = lock(&self.queue);
        while !queue.busy
            && !queue.over
            && let Some(result) = queue.waiting.front_mut().and_then(Option::take)
        {
            queue.busy = true;
            drop(queue);
            let stop = StopOnPanic(self);
            let hand_over = |result| lock(&self.hand_over)(result);
            #[cfg(feature = "measure")]
            let hand_over = |result| alone::run(alone::Part::HandingOver, || hand_over(result));
            let then = result.and_then(hand_over);
            std::mem::forget(stop);
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

/// Lets no other thread wait for one that panicked.
struct StopOnPanic<'s, T, H, W, E>(&'s Shared<T, H, W, E>);

impl<T, H, W, E> Drop for StopOnPanic<'_, T, H, W, E> {
    fn drop(&mut self) {
        lock(&self.0.queue).over = true;
        self.0.shorter.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{AHEAD, Then, map};

    fn squares(threads: usize, until: u64, stop: u64, fail: u64) -> (Vec<u64>, Result<Vec<u64>, String>) {
        let mut next = 0;
        let mut handed = Vec::new();
        let result = map(
            threads,
            || {
                next += 1;
                Ok((next <= until).then_some(next))
            },
            |number| (number, number * number),
            |(number, square)| {
                if number == fail {
                    return Err(format!("no {number}"));
                }
                handed.push(square);
                Ok(if number == stop { Then::Stop } else { Then::GoOn })
            },
        );
        let left = result.map(|left| {
            let left = left.into_iter().map(|squared| squared.expect("no error").0).collect::<Vec<_>>();
            // what was taken and not handed over comes back in order, and nothing between is missing
            assert!(left.iter().copied().eq((handed.len() as u64 + 1..).take(left.len())));
            assert!(next > until || left.len() as u64 + handed.len() as u64 == next);
            left
        });
        (handed, left)
    }

    #[test]
    fn everything_is_handed_over_in_order_whatever_the_number_of_threads() {
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
