//! Projections by the rule: how an act that starts at a level fades, delivery
//! by delivery. A projection is not a forecast.

use std::num::NonZeroU32;

use serde::Serialize;

use crate::escalator::{Facts, Footing, assess};
use crate::level::Level;
use crate::model::Model;
use crate::moment::{Every, Instant, MomentError, Zone};

/// When the deliveries happen.
#[derive(Clone, Debug)]
pub struct Rhythm {
    /// The first delivery.
    pub from: Instant,
    /// From one to the next.
    pub every: Every,
    /// The zone whose calendar counts.
    pub zone: Zone,
}

/// How an act fades.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Projection {
    /// The level of the first delivery.
    pub start: Level,
    /// Each delivery in turn.
    pub deliveries: Vec<Delivery>,
}

/// One delivery of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its number, from 1.
    pub delivery: u32,
    /// When it is due, where a rhythm was given.
    pub at: Option<Instant>,
    /// What it is worth.
    pub level: Level,
    /// What omitting it, instead of delivering it, would be.
    pub if_missed: Level,
}

/// Projects an act delivered again and again as well as the first time, with
/// the facts of `start` noted each time.
///
/// # Errors
/// A delivery that would lie past the year 9999.
pub fn project(
    model: &Model,
    start: Level,
    deliveries: NonZeroU32,
    rhythm: Option<&Rhythm>,
) -> Result<Projection, MomentError> {
    let done = Facts {
        evidence: start,
        lift: start.max(Level::BASELINE),
        verdict: None,
        market: None,
        omitted: false,
        preference_missed: false,
        noted: true,
    };
    let omitted = Facts { evidence: Level::BASELINE, lift: Level::BASELINE, omitted: true, ..done };
    let mut footing = Footing::NEW;
    let mut rows = Vec::new();
    for delivery in 1..=deliveries.get() {
        let at =
            rhythm.map(|rhythm| rhythm.from.step(&rhythm.every, i64::from(delivery) - 1, &rhythm.zone)).transpose()?;
        let level = assess(model, done, Some(footing)).level;
        let if_missed = assess(model, omitted, Some(footing)).level;
        rows.push(Delivery { delivery, at, level, if_missed });
        footing = footing.after(done);
    }
    Ok(Projection { start, deliveries: rows })
}
