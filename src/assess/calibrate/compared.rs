//! Verdicts beside levels, in one table: own words, open verdicts, and bands.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::level::Level;
use crate::stats::{Agreement, Share, weighted_kappa};
use crate::verdict::Verdict;

/// How many open verdicts there are.
const OPEN: usize = Verdict::ALL.len() - Level::ALL.len();

/// The names of the open verdicts, in the order of [`Verdict::ALL`].
pub(crate) fn open_names() -> impl Iterator<Item = &'static str> {
    Verdict::NAMES.into_iter().skip(Level::ALL.len())
}

/// How often each verdict stands beside each level, in the order of [`Verdict::ALL`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table([[u64; Level::ALL.len()]; Verdict::ALL.len()]);

impl Table {
    pub(super) fn add(&mut self, verdict: Verdict, level: Level) {
        self.0[verdict.index()][level.index()] += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.as_flattened_mut().iter_mut().zip(other.0.as_flattened()) {
            *count += more;
        }
    }

    fn cells(&self) -> impl Iterator<Item = (Verdict, Level, u64)> {
        let row = |(verdict, row): (Verdict, [u64; 6])| {
            Level::ALL.into_iter().zip(row).map(move |(level, count)| (verdict, level, count))
        };
        Verdict::ALL.into_iter().zip(self.0).flat_map(row)
    }

    fn count(&self, condition: impl Fn(Verdict, Level) -> bool) -> u64 {
        self.cells().filter(|&(verdict, level, _)| condition(verdict, level)).map(|(.., count)| count).sum()
    }
}

/// One comparison of verdicts with something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// Counts of own words, `[verdict][facts]`, lowest level first.
    pub matrix: Agreement,
    /// Counts of each open verdict by level of the facts, lowest level first.
    pub open: OpenRows,
    /// The share of own words that is equal, from 0 to 1; `None` where nothing is compared.
    pub agreement: Option<f64>,
    /// The share of own words at most one level apart, from 0 to 1.
    pub within_one: Option<f64>,
    /// Kappa of own words with quadratic weights (Cohen 1968), at most 1, and 0 for what chance would give;
    /// `None` where undefined.
    pub kappa: Option<f64>,
    /// How often the facts say more than the verdict, own word or open, allows.
    pub flatters: u64,
    /// How often the facts say less than the verdict, own word or open, allows.
    pub undersells: u64,
    /// The same in three bands, of every verdict that lies within one.
    pub bands: Bands,
}

impl Comparison {
    pub(super) fn of(table: &Table) -> Self {
        let matrix = Agreement(std::array::from_fn(|index| table.0[index]));
        Self {
            matrix,
            open: OpenRows(std::array::from_fn(|index| table.0[Level::ALL.len() + index])),
            agreement: matrix.exact().value(),
            within_one: matrix.within_one().value(),
            kappa: matrix.kappa(),
            flatters: table.count(|verdict, level| level > verdict.highest()),
            undersells: table.count(|verdict, level| level < verdict.lowest()),
            bands: Bands::of(table),
        }
    }
}

/// Verdicts and facts in three bands: basic and below, expected, desired and above.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bands {
    /// Counts `[verdict][facts]`, the lowest band first.
    pub matrix: [[u64; 3]; 3],
    /// The share in the same band, from 0 to 1; `None` where nothing is compared.
    pub agreement: Option<f64>,
    /// Kappa with quadratic weights, `None` where undefined.
    pub kappa: Option<f64>,
    /// Open verdicts that lie within no band, such as `expected-or-above`.
    pub left_out: u64,
}

impl Bands {
    fn of(table: &Table) -> Self {
        let (mut matrix, mut left_out) = ([[0; 3]; 3], 0);
        for (verdict, level, count) in table.cells() {
            match band_of(verdict) {
                Some(said) => matrix[said][band(level)] += count,
                None => left_out += count,
            }
        }
        let same =
            Share { count: (0..3).map(|index: usize| matrix[index][index]).sum(), of: matrix.iter().flatten().sum() };
        Self { matrix, agreement: same.value(), kappa: weighted_kappa(&matrix), left_out }
    }
}

/// The band of a level, from 0.
fn band(level: Level) -> usize {
    match level {
        level if level < Level::BASELINE => 0,
        Level::BASELINE => 1,
        _ => 2,
    }
}

/// The band a verdict lies within, if it lies within one.
fn band_of(verdict: Verdict) -> Option<usize> {
    Some(band(verdict.lowest())).filter(|&lowest| lowest == band(verdict.highest()))
}

/// A row of six counts for each open verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRows(pub [[u64; Level::ALL.len()]; OPEN]);

/// A count for each open verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCounts(pub [u64; OPEN]);

impl OpenCounts {
    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl Serialize for OpenRows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        named(serializer, self.0)
    }
}

impl Serialize for OpenCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        named(serializer, self.0)
    }
}

fn named<S: Serializer, T: Serialize>(serializer: S, values: [T; OPEN]) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(OPEN))?;
    for (name, value) in open_names().zip(values) {
        map.serialize_entry(name, &value)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_counts_in_a_band_where_all_it_allows_lies_in_it() {
        let bands = [
            ("criminal", Some(0)),
            ("basic", Some(0)),
            ("expected", Some(1)),
            ("desired", Some(2)),
            ("surprising", Some(2)),
            ("unbelievable", Some(2)),
            ("basic-or-below", Some(0)),
            ("expected-or-below", None),
            ("desired-or-below", None),
            ("surprising-or-below", None),
            ("basic-or-above", None),
            ("expected-or-above", None),
            ("desired-or-above", Some(2)),
            ("surprising-or-above", Some(2)),
        ];
        for (name, band) in bands {
            assert_eq!(name.parse().map(band_of), Ok(band), "{name}");
        }
    }
}
