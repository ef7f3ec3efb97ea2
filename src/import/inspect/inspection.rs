//! What is known of an export: as a document, and as rows of tsv, csv and jsonl.

use serde::Serialize;

use crate::Level;

/// What is known.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inspection {
    /// Rows that count: without those that a later row of the same case supersedes.
    pub rows: u64,
    /// Rows that gave interactions.
    pub mapped: u64,
    /// Rows for which the map gave nothing.
    pub dropped: u64,
    /// Why rows, or cases within rows, were left out, the most frequent reason first.
    pub left_out: Vec<LeftOutRow>,
    /// Interactions that came of them; absent without a map.
    pub interactions: Option<u64>,
    /// When the earliest interaction happened.
    pub first_at: Option<String>,
    /// When the latest one happened.
    pub last_at: Option<String>,
    /// The columns of the source.
    pub columns: Vec<ColumnRow>,
    /// The fields of the interactions.
    pub fields: Vec<FieldRow>,
    /// The signals of the rules.
    pub signals: Vec<SignalRow>,
    /// The points of the interactions, the most frequent first.
    pub points: Vec<PointRow>,
    /// What a rating can say: one sentence each.
    pub can_say: Vec<String>,
    /// What stays unknown, and what that means for the rating: one sentence each.
    pub unknown: Vec<String>,
    /// The preset that reads this export, where there is no map and the export is unmistakable.
    pub preset: Option<&'static str>,
}

/// A reason for which the map left something out.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOutRow {
    /// The reason; null where the map gave none.
    pub reason: Option<String>,
    /// How many rows were left out for it.
    pub rows: u64,
    /// How many cases were left out for it of rows that hold several, as pages of an API do.
    pub cases: u64,
}

/// A point of the interactions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PointRow {
    /// Its name.
    pub point: String,
    /// How many interactions are at it.
    pub interactions: u64,
    /// In how many of them a signal says how a promise came out.
    pub promises: u64,
    /// How many of them have a verdict, which is what a rating by the recipient becomes.
    pub ratings: u64,
    /// In how many of them the recipient never got what they needed.
    pub unresolved: u64,
}

/// A column of the source, or a key of its JSON, with its path.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ColumnRow {
    /// The name, or the path of a key.
    pub column: String,
    /// In how many rows something stands there.
    pub filled: u64,
    /// The first that stands there.
    pub example: Option<String>,
    /// What stands there how often, most often first, where that is little.
    pub values: Vec<ValueRow>,
    /// Whether there were more different texts than are told.
    #[serde(skip)]
    pub(super) many: bool,
}

/// A text that stands in a column again and again.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValueRow {
    /// The text.
    pub value: String,
    /// How often it occurs.
    pub count: u64,
}

/// A field of the interactions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldRow {
    /// Its name.
    pub field: &'static str,
    /// In how many interactions it is known.
    pub known: u64,
}

/// A signal of the rules.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalRow {
    /// Its name.
    pub signal: String,
    /// Its level.
    pub level: Level,
    /// In how many interactions it is noted.
    pub known: u64,
}

/// One thing that was counted: a row in tsv, csv and jsonl.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InspectionRow<'a> {
    /// What was counted: a `column`, `field` or `signal`; a `point`, and the `promise`, `rating` and `unresolved` of its
    /// interactions; `left-out` rows and `left-out-case` by reason; and `at`, the `first` and the `last`.
    pub what: &'static str,
    /// Its name; the reason of what was left out, empty if there is none.
    pub name: &'a str,
    /// How many there are.
    pub known: u64,
    /// Of how many.
    pub of: u64,
    /// The first text of a column, or a time.
    pub example: Option<&'a str>,
}

impl<'a> InspectionRow<'a> {
    /// One with nothing in it: for the names of its columns.
    pub const BLANK: Self = Self::counted("column", "", 0, 0);

    const fn counted(what: &'static str, name: &'a str, known: u64, of: u64) -> Self {
        Self { what, name, known, of, example: None }
    }

    const fn with(self, example: Option<&'a str>) -> Self {
        Self { example, ..self }
    }
}

impl Inspection {
    /// Everything that was counted, as rows.
    #[must_use]
    pub fn rows(&self) -> Vec<InspectionRow<'_>> {
        let counted = InspectionRow::counted;
        let interactions = self.interactions.unwrap_or(0);
        let columns = self.columns.iter().map(|ColumnRow { column, filled, example, .. }| {
            counted("column", column, *filled, self.rows).with(example.as_deref())
        });
        let fields = self.fields.iter().map(|FieldRow { field, known }| counted("field", field, *known, interactions));
        let signals =
            self.signals.iter().map(|SignalRow { signal, known, .. }| counted("signal", signal, *known, interactions));
        let points = self.points.iter().flat_map(|row| {
            let PointRow { point, interactions: here, promises, ratings, unresolved } = row;
            [
                counted("point", point, *here, interactions),
                counted("promise", point, *promises, *here),
                counted("rating", point, *ratings, *here),
                counted("unresolved", point, *unresolved, *here),
            ]
        });
        let cases: u64 = self.left_out.iter().map(|row| row.cases).sum();
        let left_out = self.left_out.iter().flat_map(|LeftOutRow { reason, rows, cases: here }| {
            let name = reason.as_deref().unwrap_or_default();
            let (rows, here) =
                (counted("left-out", name, *rows, self.rows), counted("left-out-case", name, *here, cases));
            [rows, here].into_iter().filter(|row| row.known > 0)
        });
        let times = [("first", &self.first_at), ("last", &self.last_at)].into_iter();
        let at = self.fields.iter().find(|row| row.field == "at").map_or(0, |row| row.known);
        let times = times
            .filter(|(_, time)| time.is_some())
            .map(|(name, time)| counted("at", name, at, interactions).with(time.as_deref()));
        columns.chain(fields).chain(signals).chain(points).chain(left_out).chain(times).collect()
    }
}
