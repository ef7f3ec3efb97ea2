//! Statistics on counts: pure functions, each with its source.
//!
//! Levels are ordinal, so they are counted, and summed up by medians and
//! shares; there is no mean of ranks here (section 7 of the model). Moments of one recipient are
//! alike, so intervals and tests count recipients as well as moments (sections 7 and 8).

mod agreement;
mod clusters;
mod compare;
mod distribution;
mod intervals;
mod quantiles;

pub use agreement::{Agreement, weighted_kappa};
pub use clusters::Clusters;
pub use compare::{Pairs, false_discovery_rates};
pub use distribution::{Distribution, lower_median};
pub use intervals::{Difference, Estimate, Share, wilson};
pub use quantiles::{EXPANDS_FROM, T_EXPANSION, Z, t_quantile, t_tails};

#[expect(clippy::cast_precision_loss, reason = "counts of interactions stay far below 2^53")]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sums are exact up to here; an estimate needs no more than 53 bits of them"
)]
const fn sum(sum: u128) -> f64 {
    sum as f64
}

#[expect(clippy::cast_precision_loss, reason = "as above")]
const fn signed(sum: i128) -> f64 {
    sum as f64
}

#[cfg(test)]
#[track_caller]
fn near(found: impl Into<Option<f64>>, wanted: f64, within: f64) {
    let found = found.into();
    assert!(found.is_some_and(|found| (found - wanted).abs() <= within), "{found:?} is not {wanted}");
}
