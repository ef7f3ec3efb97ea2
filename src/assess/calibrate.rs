//! Verdicts against facts: how far the recorded signals can be trusted (section 11 of the model).

use serde::Serialize;

use crate::level::Level;
use crate::rating::evidence::Preference;
use crate::rating::why::RatedMoment;
use crate::rules::Model;
use crate::signal::SignalId;
use crate::stats::Agreement;
use crate::verdict::Verdict;

/// Gathers moments that have both a verdict and facts.
#[derive(Clone, Debug)]
pub struct CalibrateFold {
    count: u64,
    evidence: Agreement,
    assessed: Agreement,
    /// Per signal: moments that have it, flattered, undersold.
    signals: Vec<(u64, u64, u64)>,
}

impl CalibrateFold {
    /// A fold over the signals of these rules.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let signals = vec![(0, 0, 0); model.signals().len()];
        Self { count: 0, evidence: Agreement::default(), assessed: Agreement::default(), signals }
    }

    /// Takes one moment; without a verdict, or without signals and compared preferences, it is not counted.
    pub fn take(&mut self, moment: &RatedMoment<'_, '_>) {
        let Some(verdict) = moment.facts.verdict.and_then(Verdict::own) else { return };
        if moment.interaction.signals.is_empty() && moment.evidence.preference == Preference::NotCompared {
            return;
        }
        self.count += 1;
        let evidence = moment.evidence.level;
        self.evidence.add(verdict, evidence);
        self.assessed.add(verdict, moment.assessment.assessed);
        for signal in moment.evidence.signals.iter() {
            let (count, flatters, undersells) = &mut self.signals[signal.index()];
            *count += 1;
            *flatters += u64::from(evidence > verdict);
            *undersells += u64::from(evidence < verdict);
        }
    }

    /// The report.
    #[must_use]
    pub fn finish(self, model: &Model) -> Calibration {
        let row = |(index, (count, flatters, undersells)): (usize, (u64, u64, u64))| SignalRow {
            signal: SignalId::new(index).map(|id| model.signals()[id.index()].name.clone()).unwrap_or_default(),
            count,
            flatters,
            undersells,
        };
        let mut signals: Vec<_> = self.signals.into_iter().enumerate().map(row).collect();
        signals.retain(|row| row.flatters + row.undersells > 0);
        signals.sort_by_key(|row| std::cmp::Reverse(row.flatters + row.undersells));
        Calibration {
            count: self.count,
            evidence: Comparison::of(&self.evidence),
            assessed: Comparison::of(&self.assessed),
            signals,
        }
    }
}

/// How verdicts and facts agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calibration {
    /// Moments with both.
    pub count: u64,
    /// Verdict against what the facts of the moment say.
    pub evidence: Comparison,
    /// Verdict against the level by the rules.
    pub assessed: Comparison,
    /// The signals present where facts and verdict disagree, most often first.
    pub signals: Vec<SignalRow>,
}

/// One comparison of verdicts with something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// Counts, `[verdict][facts]`, lowest level first.
    pub matrix: Agreement,
    /// The share that is equal, from 0 to 1; `None` where nothing is compared.
    pub agreement: Option<f64>,
    /// The share at most one level apart, from 0 to 1.
    pub within_one: Option<f64>,
    /// Kappa with quadratic weights (Cohen 1968), at most 1, and 0 for what chance would give;
    /// `None` where undefined.
    pub kappa: Option<f64>,
    /// How often the facts say more than the recipient.
    pub flatters: u64,
    /// How often the facts say less than the recipient.
    pub undersells: u64,
}

impl Comparison {
    fn of(matrix: &Agreement) -> Self {
        Self {
            matrix: *matrix,
            agreement: matrix.exact().value(),
            within_one: matrix.within_one().value(),
            kappa: matrix.kappa(),
            flatters: matrix.second_higher(),
            undersells: matrix.second_lower(),
        }
    }
}

/// One signal where facts and verdict disagree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalRow {
    /// The signal.
    pub signal: String,
    /// Moments with a verdict that have it.
    pub count: u64,
    /// Of them, how often the facts said more than the recipient.
    pub flatters: u64,
    /// Of them, how often the facts said less than the recipient.
    pub undersells: u64,
}

/// One cell of the two tables: a row in tsv, csv and jsonl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "they are the columns of the same names")]
pub struct Cell {
    pub against: &'static str,
    pub verdict: Level,
    pub facts: Level,
    pub count: u64,
}

impl Cell {
    /// One with nothing in it: for the names of its columns.
    pub const BLANK: Self = Self { against: "evidence", verdict: Level::BASELINE, facts: Level::BASELINE, count: 0 };
}

impl Calibration {
    /// The cells of the two tables, row by row.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let both = [("evidence", &self.evidence), ("assessed", &self.assessed)];
        let levels = || Level::ALL.into_iter();
        let pairs = move |(against, comparison): (&'static str, &Comparison)| {
            let matrix = comparison.matrix.0;
            levels().flat_map(move |verdict| levels().map(move |facts| (verdict, facts))).map(
                move |(verdict, facts)| Cell { against, verdict, facts, count: matrix[verdict.index()][facts.index()] },
            )
        };
        both.into_iter().flat_map(pairs).collect()
    }
}
