//! What changed between two periods, and whether that is beyond chance (section 8 of the model).

use super::paired::Paired;
use super::{Cell, Change, Direction, UpliftGroup};
use crate::period::Period;
use crate::rules::Enough;
use crate::stats::{Difference, false_discovery_rates};

impl Change {
    /// The change of a group: with a p where there is enough in both periods.
    pub(super) fn of<'c>(
        compared: Option<(Period, Period)>,
        cell: impl Fn(Period) -> &'c Cell,
        paired: &Paired,
        enough: Enough,
    ) -> Self {
        let Some((from, to)) = compared else { return Self::default() };
        let (before, now) = (cell(from), cell(to));
        let enough = before.enough(enough) && now.enough(enough);
        let [top_half, sound] = [&paired.top_half, &paired.sound];
        let ([top_before, sound_before], [top_now, sound_now]) = (before.shares(), now.shares());
        let p = |p: Option<f64>| p.filter(|_| enough);
        Self {
            from: Some(from),
            to: Some(to),
            top_half: Difference {
                p: p(top_half.p_value(top_before, top_now)),
                ..now.top_half().minus(&before.top_half())
            },
            sound: Difference { p: p(sound.p_value(sound_before, sound_now)), ..now.sound().minus(&before.sound()) },
        }
    }

    fn shares(&mut self) -> [&mut Difference; 2] {
        [&mut self.sound, &mut self.top_half]
    }
}

/// Makes q of each p, with an eye to all comparisons, and says which way each group goes.
pub(super) fn judge(groups: &mut [UpliftGroup]) {
    let shares = groups.iter_mut().flat_map(|group| group.change.shares());
    let mut compared: Vec<(f64, &mut Difference)> = shares.filter_map(|share| Some((share.p?, share))).collect();
    let p: Vec<f64> = compared.iter().map(|(p, _)| *p).collect();
    for ((_, share), q) in compared.iter_mut().zip(false_discovery_rates(&p)) {
        share.q = Some(q);
    }
    for group in groups {
        let Change { top_half, sound, .. } = &group.change;
        group.direction = if sound.q.is_none() && top_half.q.is_none() {
            Direction::TooFew
        } else if sound.fell() || top_half.fell() {
            Direction::Slipping
        } else if sound.rose() || top_half.rose() {
            Direction::Uplifting
        } else {
            Direction::Steady
        };
    }
}
