//! What to change in a levels file, by what recipients said.

use super::{Calibration, SignalRow, TrialRow};
use crate::level::Level;
use crate::rules::Model;

/// One change that verdicts speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Most recipients call the moments that a signal decides alone another level than it speaks for.
    Move {
        /// The signal.
        signal: String,
        /// The level it speaks for.
        from: Level,
        /// The level most verdicts name.
        to: Level,
        /// How many name it.
        said: u64,
        /// Of how many.
        of: u64,
    },
    /// Acts keep a level for another number of deliveries than the rules say.
    Lasts {
        /// The level.
        level: Level,
        /// Deliveries by the rules.
        rule: u32,
        /// Deliveries by the verdicts.
        heard: u32,
        /// Whether it may be more, where verdicts of later deliveries are too few.
        at_least: bool,
    },
}

impl Calibration {
    /// The changes that verdicts speak for, where there are enough of them (`[enough] interactions` of the rules, for
    /// each figure): signals first, in the order of the report.
    #[must_use]
    pub fn advice(&self, model: &Model) -> Vec<Advice> {
        let enough = u64::from(model.enough().interactions.get());
        let moves = self.signals.iter().filter_map(|row| moved(row, enough));
        let lasts = Level::ALL.into_iter().rev().filter_map(|level| self.lasts(model, level, enough));
        moves.chain(lasts).collect()
    }

    /// Whether acts keep a level for as long as the rules say.
    fn lasts(&self, model: &Model, level: Level, enough: u64) -> Option<Advice> {
        let rule = model.level(level).lasts?.get();
        let row = |deliveries| self.escalator.iter().find(|row| row.since == level && row.deliveries == deliveries);
        let mut heard = 1;
        let at_least = loop {
            match row(heard).filter(|row| row.verdicts.0.total() >= enough) {
                None => break true,
                Some(row) if most_below(row, level) => break false,
                Some(_) => heard = u32::saturating_add(heard, 1),
            }
        };
        let fits = if at_least { heard <= rule } else { heard == rule };
        (!fits).then_some(Advice::Lasts { level, rule, heard, at_least })
    }
}

/// The level to which a signal belongs by what most recipients say, if it is another.
fn moved(row: &SignalRow, enough: u64) -> Option<Advice> {
    let of = row.deciding.total();
    let (to, said) = Level::ALL.into_iter().zip(row.deciding.0).find(|(_, said)| said * 2 > of)?;
    let advice = Advice::Move { signal: row.signal.clone(), from: row.level, to, said, of };
    (of >= enough && to != row.level).then_some(advice)
}

fn most_below(row: &TrialRow, level: Level) -> bool {
    let verdicts = row.verdicts.0;
    verdicts.0[..level.index()].iter().sum::<u64>() * 2 > verdicts.total()
}
