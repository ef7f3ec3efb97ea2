//! A parallel map that keeps order: items are taken one at a time, worked on by several threads,
//! and their results handed over in the order in which the items were taken; or taken through several steps, each in
//! that order.
//!
//! Nothing that was taken is lost: what is not handed over any more is given back. That, and working
//! on where the system gives no more threads, is why no other crate does this; `pariter` was measured
//! to take 1.4 times as long, as the thread that hands over does not work.

#[cfg(feature = "measure")]
pub mod alone;

use std::collections::VecDeque;
use std::convert::Infallible;
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

/// As [`map`], of parts that are there already: all of them are wanted, and no thread is started that has none.
///
/// # Errors
/// The first of `hand_over`, in the order of the parts.
///
/// # Panics
/// As [`map`].
pub fn parts<P, W: Send, E: Send>(
    threads: usize,
    mut parts: impl Iterator<Item = P> + Send,
    work: impl Fn(P) -> W + Sync,
    mut hand_over: impl FnMut(W) -> Result<(), E> + Send,
) -> Result<(), E> {
    let threads = threads.min(parts.size_hint().1.unwrap_or(threads));
    map(threads, || Ok(parts.next()), work, |made| hand_over(made).map(|()| Then::GoOn)).map(drop)
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
    mut hand_over: impl FnMut(W) -> Result<Then, E> + Send,
) -> Result<Vec<Result<W, E>>, E> {
    let accept = |result| hand_over(result).map(|then| (None::<Infallible>, then));
    map_in_steps(threads, own, take, work, accept, Vec::new())
}

/// One of several things done in order with what has been accepted.
pub type Step<'s, A, E> = Box<dyn FnMut(&mut A) -> Result<(), E> + Send + 's>;

/// As [`map_with`], where what is left of results that were handed over goes through more steps, one after the
/// other. Each step is done in the order of the items and by one thread at a time, but different steps go on
/// beside each other: so the longest of them bounds what more threads can give, and not all together.
///
/// Of several errors that of the first item counts, as if each item went through all steps before the next. By then
/// items behind it may have been handed over.
///
/// # Errors
/// Those of `take`, `accept` and the steps.
///
/// # Panics
/// As [`map_with`], and where `accept` or a step does.
pub fn map_in_steps<T, P, W: Send, A: Send, E: Send>(
    threads: Threads,
    own: impl Fn() -> T + Sync,
    take: impl FnMut() -> Result<Option<P>, E> + Send,
    work: impl Fn(&mut T, P) -> W + Sync,
    accept: impl FnMut(W) -> Result<(Option<A>, Then), E> + Send,
    steps: Vec<Step<'_, A, E>>,
) -> Result<Vec<Result<W, E>>, E> {
    let count = threads.count.max(1);
    let queue = Queue {
        waiting: VecDeque::new(),
        turn: 0,
        lines: steps.iter().map(|_| VecDeque::new()).collect(),
        busy: vec![false; steps.len() + 1],
        closed: 0,
        result: Ok(()),
    };
    let shared = Shared {
        taking: Mutex::new(Taking { take, taken: 0, over: false }),
        queue: Mutex::new(queue),
        accept: Mutex::new(accept),
        steps: steps.into_iter().map(Mutex::new).collect(),
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

/// How many results, for each thread, may wait for what is done in order.
const AHEAD: usize = 2;

/// What the threads share.
struct Shared<'s, T, H, W, A, E> {
    taking: Mutex<Taking<T>>,
    queue: Mutex<Queue<W, A, E>>,
    accept: Mutex<H>,
    steps: Vec<Mutex<Step<'s, A, E>>>,
    /// Notified when the queue has become shorter.
    shorter: Condvar,
    most: usize,
}

struct Taking<T> {
    take: T,
    taken: u64,
    over: bool,
}

/// What is not done with yet. Handing over comes first, at place 0, and the steps behind it.
struct Queue<W, A, E> {
    /// Results that have not been handed over, in the order of turns from the next one on; `None` for what is still
    /// worked on.
    waiting: VecDeque<Option<Result<W, E>>>,
    turn: u64,
    /// What waits for each step, in order.
    lines: Vec<VecDeque<A>>,
    /// Whether a thread is at each place.
    busy: Vec<bool>,
    /// At how many places, from the first on, nothing is done any more. What is behind them goes on, for it came before.
    closed: usize,
    result: Result<(), E>,
}

/// What is to be done next.
enum Task<W, A, E> {
    HandOver(Result<W, E>),
    Step(usize, A),
}

impl<W, A, E> Queue<W, A, E> {
    /// Something that can be done now: what has come furthest.
    fn next(&mut self) -> Option<Task<W, A, E>> {
        let Self { waiting, lines, busy, closed, .. } = self;
        let free = |place: usize| place >= *closed && !busy[place];
        let mut steps = (0..lines.len()).rev().filter(|step| free(step + 1));
        let step = steps.find_map(|step| Some(Task::Step(step, lines[step].pop_front()?)));
        let next = step.or_else(|| {
            let result = waiting.front_mut().filter(|_| free(0))?.take()?;
            Some(Task::HandOver(result))
        })?;
        busy[next.place()] = true;
        Some(next)
    }

    /// How many results are held.
    fn held(&self) -> usize {
        self.waiting.len() + self.lines.iter().map(VecDeque::len).sum::<usize>()
    }

    /// Passes on what a place is done with.
    fn pass(&mut self, place: usize, passed: Option<A>) {
        if let Some((line, passed)) = self.lines.get_mut(place).zip(passed) {
            line.push_back(passed);
        }
    }

    /// Lets nothing more be done up to this place. Whatever ended places behind it came before.
    fn close(&mut self, place: usize, result: Result<(), E>) {
        if place >= self.closed {
            self.closed = place + 1;
            self.result = result;
        }
    }
}

impl<W, A, E> Task<W, A, E> {
    const fn place(&self) -> usize {
        match self {
            Self::HandOver(_) => 0,
            Self::Step(step, _) => *step + 1,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, H, W, A, E> Shared<'_, T, H, W, A, E> {
    /// What each thread does until there is nothing left to do.
    fn run_worker<O, P>(&self, own: &impl Fn() -> O, work: &impl Fn(&mut O, P) -> W)
    where
        T: FnMut() -> Result<Option<P>, E>,
        H: FnMut(W) -> Result<(Option<A>, Then), E>,
    {
        let stop = StopOnPanic(self);
        let mut own = own();
        while let Some((number, item)) = self.take() {
            self.queue_up(number, item.map(|item| work(&mut own, item)));
            let mut queue = lock(&self.queue);
            loop {
                if let Some(task) = queue.next() {
                    drop(queue);
                    queue = self.run(task);
                } else if queue.held() < self.most || queue.closed > 0 {
                    break;
                } else {
                    queue = self.shorter.wait(queue).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        std::mem::forget(stop);
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

    /// Does what was to be done next.
    fn run(&self, task: Task<W, A, E>) -> MutexGuard<'_, Queue<W, A, E>>
    where
        H: FnMut(W) -> Result<(Option<A>, Then), E>,
    {
        let place = task.place();
        let done = || match task {
            Task::HandOver(result) => lock(&self.accept)(result?),
            Task::Step(step, mut accepted) => {
                lock(&self.steps[step])(&mut accepted)?;
                // behind the last one it is done with, and dropped while nobody waits
                Ok((Some(accepted).filter(|_| step + 1 < self.steps.len()), Then::GoOn))
            }
        };
        #[cfg(feature = "measure")]
        let done = || alone::run(place.checked_sub(1).map_or(alone::Part::HandingOver, alone::Part::Step), done);
        let done = done();
        let mut queue = lock(&self.queue);
        queue.busy[place] = false;
        if place == 0 {
            queue.waiting.pop_front();
            queue.turn += 1;
        }
        let ended = match done {
            Ok((passed, then)) => {
                queue.pass(place, passed);
                (then == Then::Stop).then_some(Ok(()))
            }
            Err(error) => Some(Err(error)),
        };
        self.shorter.notify_all();
        let Some(result) = ended else { return queue };
        queue.close(place, result);
        // whoever takes an item now may have to wait for it, and nobody is to wait for that
        drop(queue);
        lock(&self.taking).over = true;
        lock(&self.queue)
    }
}

/// Lets no other thread wait for one that panicked.
struct StopOnPanic<'s, 'p, T, H, W, A, E>(&'s Shared<'p, T, H, W, A, E>);

impl<T, H, W, A, E> Drop for StopOnPanic<'_, '_, T, H, W, A, E> {
    fn drop(&mut self) {
        let mut queue = lock(&self.0.queue);
        queue.closed = queue.busy.len();
        drop(queue);
        self.0.shorter.notify_all();
        lock(&self.0.taking).over = true;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{AHEAD, Step, Then, Threads, map, map_in_steps, parts};

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

    #[test]
    fn parts_are_handed_over_in_order_until_one_fails_and_one_part_is_made_where_it_is_asked_for() {
        for threads in [1, 2, 7] {
            let mut squares = Vec::new();
            let mut hand_over = |(number, square)| {
                squares.push(square);
                if number == 4 { Err("no 4") } else { Ok(()) }
            };
            assert_eq!(parts(threads, 1..=3, |number| (number, number * number), &mut hand_over), Ok(()));
            assert_eq!(parts(threads, 3..=9, |number| (number, number * number), &mut hand_over), Err("no 4"));
            assert_eq!(squares, [1, 4, 9, 9, 16]);
            let here = std::thread::current().id();
            let work = |()| std::thread::current().id();
            let alone = |made| if made == here { Ok(()) } else { Err("elsewhere") };
            assert_eq!(parts(threads, [()].into_iter(), work, alone), Ok(()));
        }
    }

    /// Numbers from 1 that are taken, handed over, and go through three steps; the multiples of one number are not
    /// passed on to the steps.
    struct Course {
        until: u64,
        dropped: u64,
        /// The last that is wanted.
        stop: u64,
        /// Which number fails where: 0 is taking, 1 handing over, and the others are the steps.
        fails: Vec<(u64, usize)>,
    }

    /// What each place but the first did, and what was not wanted any more.
    type Done = ([Vec<u64>; 4], Result<Vec<u64>, String>);

    impl Course {
        fn check(&self, number: u64, place: usize) -> Result<(), String> {
            if self.fails.contains(&(number, place)) { Err(format!("{number} at {place}")) } else { Ok(()) }
        }

        fn accept(&self, number: u64) -> Result<(Option<u64>, Then), String> {
            self.check(number, 1)?;
            let passed = (!number.is_multiple_of(self.dropped)).then_some(number);
            Ok((passed, if number == self.stop { Then::Stop } else { Then::GoOn }))
        }

        /// By several threads.
        fn run(&self, count: usize) -> Done {
            let (mut next, mut done) = (0, [const { Vec::new() }; 4]);
            let [handed, steps @ ..] = &mut done;
            let take = || {
                next += 1;
                self.check(next, 0)?;
                Ok((next <= self.until).then_some(next))
            };
            let accept = |number| {
                let accepted = self.accept(number)?;
                handed.push(number);
                Ok(accepted)
            };
            let mut boxed: Vec<Step<'_, u64, String>> = Vec::new();
            for (place, did) in (2..).zip(steps) {
                boxed.push(Box::new(move |number| {
                    self.check(*number, place)?;
                    did.push(*number);
                    Ok(())
                }));
            }
            let left = map_in_steps(Threads { count, stack: None }, || (), take, |(), number| number, accept, boxed);
            let left = left.map(|left| left.into_iter().flatten().collect());
            (done, left)
        }

        /// One number after the other.
        fn plainly(&self) -> Done {
            let mut done = [const { Vec::new() }; 4];
            let mut one_by_one = || {
                for number in 1.. {
                    self.check(number, 0)?;
                    if number > self.until {
                        break;
                    }
                    let (passed, then) = self.accept(number)?;
                    done[0].push(number);
                    for place in 2..=4 {
                        if passed.is_some() {
                            self.check(number, place)?;
                            done[place - 1].push(number);
                        }
                    }
                    if then == Then::Stop {
                        break;
                    }
                }
                Ok(())
            };
            let result: Result<(), String> = one_by_one();
            (done, result.map(|()| Vec::new()))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn steps_beside_each_other_do_what_is_done_one_by_one(
            until in 0_u64..60,
            dropped in 1_u64..9,
            stop in 0_u64..90,
            fails in vec((1_u64..90, 0_usize..5), 0..3),
            threads in prop_oneof![Just(1_usize), Just(2), Just(7)],
        ) {
            let course = Course { until, dropped, stop, fails };
            let ((done, left), (plain, expected)) = (course.run(threads), course.plainly());
            match (left, expected) {
                (Ok(left), Ok(_)) => {
                    prop_assert_eq!(&done, &plain);
                    // what was taken and not handed over comes back in order
                    let handed = done[0].len() as u64;
                    prop_assert!(left.iter().copied().eq((handed + 1..).take(left.len())));
                }
                (Err(error), Err(expected)) => {
                    prop_assert_eq!(error, expected);
                    for (done, plain) in done.iter().zip(&plain) {
                        prop_assert!(done.starts_with(plain), "{:?} {:?}", done, plain);
                    }
                }
                (left, expected) => prop_assert!(false, "{:?} instead of {:?}", left, expected),
            }
        }
    }

    #[test]
    fn of_two_errors_that_of_the_first_item_counts_even_if_it_comes_first() {
        let (mut next, begun) = (0, AtomicBool::new(false));
        let take = || {
            next += 1;
            Ok((next <= 2).then_some(next))
        };
        let accept = |number| {
            if number == 2 {
                begun.store(true, Ordering::Relaxed);
                // until the step has failed, most likely
                (0..20_000).for_each(|_| std::thread::yield_now());
                return Err("2 while it is handed over");
            }
            Ok((Some(number), Then::GoOn))
        };
        let step = |_: &mut _| {
            // where the system gives no second thread, it never begins
            (0..1_000_000).take_while(|_| !begun.load(Ordering::Relaxed)).for_each(|_| std::thread::yield_now());
            Err("1 in a step")
        };
        let threads = Threads { count: 2, stack: None };
        let ended = map_in_steps(threads, || (), take, |(), number| number, accept, vec![Box::new(step)]);
        assert_eq!(ended, Err("1 in a step"));
    }
}
