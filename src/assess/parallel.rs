//! What several threads make of the parts of something, in their order.

use std::convert::Infallible;

use crate::ordered;

/// What `make` makes of each part, in the order of the parts.
pub(crate) fn each<P, R: Send>(
    threads: usize,
    parts: impl Iterator<Item = P> + Send,
    make: impl Fn(P) -> R + Sync,
) -> Vec<R> {
    let mut results = Vec::with_capacity(parts.size_hint().0);
    let Ok(()) = ordered::parts(threads, parts, make, |one| {
        results.push(one);
        Ok::<_, Infallible>(())
    });
    results
}

/// The lists that `make` makes of the parts, one behind the other; `most` elements in all.
///
/// # Errors
/// The first error of `make`, in the order of the parts.
pub(crate) fn list<P, R: Send, E: Send>(
    threads: usize,
    most: usize,
    parts: impl Iterator<Item = P> + Send,
    make: impl Fn(P) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let mut list = Vec::with_capacity(most);
    ordered::parts(threads, parts, make, |made| {
        list.append(&mut made?);
        Ok(())
    })?;
    Ok(list)
}

/// How many places a thread looks at before it takes the next ones.
const TOGETHER: usize = 1 << 16;

/// What `make` makes of each range of the places under `count`, in their order.
pub(crate) fn ranges<R: Send>(
    threads: usize,
    count: usize,
    make: impl Fn(std::ops::Range<usize>) -> R + Sync,
) -> Vec<R> {
    each(threads, (0..count).step_by(TOGETHER), |start| make(start..count.min(start + TOGETHER)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_in_one_range_and_they_come_in_order() {
        for count in [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 5] {
            for threads in [1, 2, 7] {
                let places: Vec<usize> = ranges(threads, count, |range| range).into_iter().flatten().collect();
                assert!(places.into_iter().eq(0..count), "{count} {threads}");
            }
        }
    }
}
