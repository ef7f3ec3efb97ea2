//! Verdicts against facts, standing and market: how far the recorded signals and the escalator can be trusted
//! (section 11 of the model).

mod advice;
mod compared;
mod trial;

use serde::Serialize;

use super::journey::Levels;
use crate::level::Level;
use crate::rating::escalator::{Reason, by_rule};
use crate::rating::why::RatedMoment;
use crate::rules::Model;
use crate::stats::{Distribution, Share, Z, float, wilson};
use crate::verdict::Verdict;

pub use advice::Advice;
use compared::Table;
pub use compared::{Bands, Comparison, OpenCounts, OpenRows};
use trial::Trial;
pub use trial::TrialRow;

/// Gathers moments that have a verdict and an assessment that says something.
#[derive(Clone, Debug)]
pub struct CalibrateFold {
    count: u64,
    evidence: Table,
    assessed: Table,
    signals: Vec<Heard>,
    trial: Trial,
}

/// What was said where a signal is present.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    verdicts: Verdicts,
    deciding: Distribution,
}

/// How often each verdict was given, in the order of [`Verdict::ALL`].
#[derive(Clone, Copy, Debug, Default)]
struct Verdicts([u64; Verdict::ALL.len()]);

impl Verdicts {
    fn add(&mut self, verdict: Verdict) {
        self.0[verdict.index()] += 1;
    }

    fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }

    /// How many of them satisfy a condition.
    fn count(&self, condition: impl Fn(Verdict) -> bool) -> u64 {
        self.0.iter().zip(Verdict::ALL).filter(|(_, verdict)| condition(*verdict)).map(|(count, _)| count).sum()
    }

    /// The own words among them.
    fn own(&self) -> Levels {
        Levels(Distribution(std::array::from_fn(|index| self.0[index])))
    }

    /// The open ones.
    fn open(&self) -> OpenCounts {
        OpenCounts(std::array::from_fn(|index| self.0[Level::ALL.len() + index]))
    }
}

impl CalibrateFold {
    /// A fold over the signals of these rules.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        Self {
            count: 0,
            evidence: Table::default(),
            assessed: Table::default(),
            signals: vec![Heard::default(); model.signals().len()],
            trial: Trial::default(),
        }
    }

    /// Takes one moment. It counts where there is a verdict beside facts (a signal, a compared preference or value),
    /// a standing or a market row.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>) {
        let RatedMoment { model, evidence, facts, state, assessment, .. } = moment;
        let Some(verdict) = facts.verdict else { return };
        if !facts.noted && assessment.standing.is_none() {
            return;
        }
        self.count += 1;
        self.evidence.add(verdict, evidence.level);
        self.assessed.add(verdict, assessment.assessed);
        for signal in evidence.signals.iter() {
            self.signals[signal.index()].verdicts.add(verdict);
        }
        match by_rule(model, *facts, *state) {
            Reason::Repeat => self.trial.add(*state, assessment.own, verdict),
            Reason::Facts => {
                let counting = evidence.signals.minus(evidence.shut_out);
                let mut deciding = counting.and(model.signals_of(evidence.level)).iter();
                if let (Some(signal), None, Some(level)) = (deciding.next(), deciding.next(), verdict.own()) {
                    self.signals[signal.index()].deciding.add(level);
                }
            }
            _ => {}
        }
    }

    /// Takes what another has gathered.
    pub(crate) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.evidence.merge(&other.evidence);
        self.assessed.merge(&other.assessed);
        for (heard, more) in self.signals.iter_mut().zip(other.signals) {
            heard.verdicts.merge(&more.verdicts);
            heard.deciding.merge(&more.deciding);
        }
        self.trial.merge(other.trial);
    }

    /// The report.
    #[must_use]
    pub fn finish(self, model: &Model) -> Calibration {
        let rows = self.signals.iter().zip(model.signals()).map(|(heard, rule)| {
            let Heard { verdicts, deciding } = heard;
            SignalRow {
                signal: rule.name.clone(),
                level: rule.level,
                count: verdicts.count(|_| true),
                verdicts: verdicts.own(),
                open: verdicts.open(),
                agrees: verdicts.count(|verdict| verdict.allows(rule.level)),
                flatters: verdicts.count(|verdict| verdict.highest() < rule.level),
                undersells: verdicts.count(|verdict| verdict.lowest() > rule.level),
                deciding: *deciding,
            }
        });
        let mut signals: Vec<SignalRow> = rows.filter(|row| row.count > 0).collect();
        signals.sort_by(|one, other| {
            other.out_of_place().total_cmp(&one.out_of_place()).then(other.count.cmp(&one.count))
        });
        Calibration {
            count: self.count,
            evidence: Comparison::of(&self.evidence),
            assessed: Comparison::of(&self.assessed),
            signals,
            escalator: self.trial.finish(model),
        }
    }
}

/// How verdicts, facts and the escalator agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calibration {
    /// Moments with a verdict beside facts, a standing or a market row.
    pub count: u64,
    /// Verdict against what the facts of the moment say.
    pub evidence: Comparison,
    /// Verdict against the level by the rules.
    pub assessed: Comparison,
    /// The signals present, the one most out of place first.
    pub signals: Vec<SignalRow>,
    /// The escalator on trial: flawless repeats of acts on it, by the level the act was held at and by deliveries
    /// since.
    pub escalator: Vec<TrialRow>,
}

/// What recipients said where a signal is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalRow {
    /// The signal.
    pub signal: String,
    /// The level it speaks for.
    pub level: Level,
    /// Moments with a verdict that have it.
    pub count: u64,
    /// Their verdicts that are an own word.
    pub verdicts: Levels,
    /// Their open verdicts.
    pub open: OpenCounts,
    /// Verdicts that allow the level of the signal.
    pub agrees: u64,
    /// Verdicts below it.
    pub flatters: u64,
    /// Verdicts above it.
    pub undersells: u64,
    /// The own words of the moments that it decides alone: no other signal speaks for the level of the evidence, and
    /// neither standing nor market changes that.
    #[serde(skip)]
    pub deciding: Distribution,
}

impl SignalRow {
    /// How surely verdicts lie on one side of its level: the lower 95 % bound of their share.
    fn out_of_place(&self) -> f64 {
        let one_side = Share { count: self.flatters.max(self.undersells), of: self.count };
        one_side.value().map_or(0.0, |share| wilson(share, float(self.count), Z).0)
    }
}

/// One cell of the two tables: a row in tsv, csv and jsonl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "they are the columns of the same names")]
pub struct Cell {
    pub against: &'static str,
    pub verdict: Verdict,
    pub facts: Level,
    pub count: u64,
}

impl Cell {
    /// One with nothing in it: for the names of its columns.
    pub const BLANK: Self =
        Self { against: "evidence", verdict: Verdict::of(Level::BASELINE), facts: Level::BASELINE, count: 0 };
}

impl Calibration {
    /// The cells of the two tables, row by row; the rows of open verdicts come after those of own words.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let row = |against, verdict, counts: [u64; 6]| {
            Level::ALL.into_iter().zip(counts).map(move |(facts, count)| Cell { against, verdict, facts, count })
        };
        let table = |(against, comparison): (&'static str, &Comparison)| {
            let rows = comparison.matrix.0.into_iter().chain(comparison.open.0);
            let cells = Verdict::ALL.into_iter().zip(rows).flat_map(|(verdict, counts)| row(against, verdict, counts));
            cells.collect::<Vec<_>>()
        };
        [("evidence", &self.evidence), ("assessed", &self.assessed)].into_iter().flat_map(table).collect()
    }
}
