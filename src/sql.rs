//! The same rating as one SQL query, for data that outgrows one machine.
//!
//! [`query`] turns the rules in force into a query over a table of interactions and, where there is
//! one, a table of recipients; [`ddl`] says which columns these have. Each step of the query names
//! the section of the model it computes, and what the rules leave off is not in the query at all.
//!
//! ```
//! use serveup::{Model, sql::{Dialect, TableName, query}};
//!
//! let query = query(&Model::shipped(), Dialect::DuckDb, &TableName::new("interactions", Dialect::DuckDb)?, None);
//! assert!(query.contains("FROM \"interactions\" AS i"));
//! # Ok::<(), serveup::sql::TableNameError>(())
//! ```

mod dialect;
mod facts;
mod ledger;
mod report;
mod schema;
mod wishes;

use std::fmt::Write as _;

pub use dialect::{Dialect, TableName, TableNameError};
pub use schema::ddl;

use crate::assess::Dimension;
use crate::level::Level;
use crate::rules::{Model, Unnamed};

/// The query that rates every row of `interactions` as a [`Session`](crate::Session)
/// would (sections 3 to 5 of the model). It gives the columns `id level rank assessed
/// evidence standing next reason failure`, in the order of `seq`.
///
/// What people prefer and value is taken from `recipients`; without that table no preferences or
/// values are known. The tables are expected to hold what the program would accept: names the rules
/// know, each `seq` once and each recipient once with the same `since`, times on all rows or on none.
#[must_use]
pub fn query(model: &Model, dialect: Dialect, interactions: &TableName, recipients: Option<&TableName>) -> String {
    Steps::rated_from(model, dialect, interactions, recipients, &[]).finish()
}

/// The query that sums up the moments of every group, as [`Settled::journey`](crate::Settled::journey)
/// does: [`query`] with the roll-up of section 7 of the model on top.
///
/// Its rows are the groups, in the same order and with members of the same names and nesting as the `jsonl` of
/// `serveup journey`, without `loyalty`; amounts are decimals, exact to 15 digits behind the point.
#[must_use]
pub fn journey_query(
    model: &Model,
    dialect: Dialect,
    interactions: &TableName,
    recipients: Option<&TableName>,
    by: &[Dimension],
) -> String {
    Steps::rated_from(model, dialect, interactions, recipients, by).roll_up()
}

/// What every query begins with.
const HEADER: &str = "-- serveup: every interaction on one of six levels, by the rules of its levels file.\n\
                      -- Sections are those of the model behind the rules. Levels are ranks here, 1 (criminal) to 6 (unbelievable).\n\
                      WITH\n";

/// The query in the making: one common table expression after the other.
struct Steps<'m> {
    model: &'m Model,
    dialect: Dialect,
    /// Whether there is a table of recipients.
    people: bool,
    /// What moments are grouped by; nothing where they are only rated.
    by: &'m [Dimension],
    text: String,
    /// The step last made, which the next one reads.
    last: &'static str,
}

impl<'m> Steps<'m> {
    /// All steps to the level of every moment.
    fn rated_from(
        model: &'m Model,
        dialect: Dialect,
        interactions: &TableName,
        recipients: Option<&TableName>,
        by: &'m [Dimension],
    ) -> Self {
        let mut steps = Self { model, dialect, people: recipients.is_some(), by, text: HEADER.to_owned(), last: "" };
        steps.facts(interactions, recipients);
        steps.ledger();
        steps
    }

    /// Adds a step: its name (with its columns, where they are listed), what it is for, and its body.
    fn step(&mut self, name: &'static str, about: &str, body: &str) {
        self.named_step(name, about, body);
        self.last = name.split(' ').next().unwrap_or(name);
    }

    /// The same for a step that the next one does not read.
    fn named_step(&mut self, name: &str, about: &str, body: &str) {
        if !self.last.is_empty() {
            self.text.push_str(",\n\n");
        }
        for line in about.lines() {
            let _ = writeln!(self.text, "-- {line}");
        }
        let _ = write!(self.text, "{name} AS (\n  {}\n)", body.replace('\n', "\n  "));
    }

    /// Whether unnamed moments ride, the path standing for the act.
    fn path_rides(&self) -> bool {
        self.model.escalator().unnamed == Unnamed::Point
    }

    /// Whether any market row applies.
    fn market(&self) -> bool {
        !self.model.market_rows().is_empty()
    }

    /// The last words: levels by name, in the order of the input.
    fn finish(self) -> String {
        let Self { dialect, mut text, last, .. } = self;
        let named = |column: &str| format!("  {} AS {column}", dialect.one_of(&Level::NAMES, column));
        let columns = [
            "  id".to_owned(),
            named("level"),
            "  level AS rank".to_owned(),
            named("assessed"),
            named("evidence"),
            named("standing"),
            named("next"),
            "  reason".to_owned(),
            "  failure".to_owned(),
        ];
        let _ = write!(text, "\n\nSELECT\n{}\nFROM {last}\nORDER BY seq\n", columns.join(",\n"));
        text
    }
}

/// The rank of a level, as SQL.
fn rank(level: Level) -> u8 {
    level.rank()
}
