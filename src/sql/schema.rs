//! The tables a query reads: names and types of their columns.

use super::{Dialect, TableName};
use crate::record::field::{Field, Shape};

/// The statements that make the tables: what the columns are called and hold.
#[must_use]
pub fn ddl(dialect: Dialect, interactions: &TableName, recipients: Option<&TableName>) -> String {
    let types = Types::of(dialect);
    let fields = Field::ALL.map(|field| {
        let kind = match (field, field.shape()) {
            (Field::At, _) => types.instant,
            (_, Shape::Text | Shape::Quantity) => types.text,
            (_, Shape::Signals | Shape::Values) => types.list,
            (_, Shape::Pairs) => types.map,
        };
        (field.name(), kind)
    });
    let columns: Vec<_> = [("seq", types.whole)].into_iter().chain(fields).collect();
    let mut text =
        table(dialect, interactions, "one row for each interaction, seq is its place in the input", &columns);
    if let Some(recipients) = recipients {
        let columns = [("id", types.text), ("since", types.instant), ("prefers", types.wishes), ("values", types.list)];
        text.push('\n');
        text.push_str(&table(
            dialect,
            recipients,
            "one row for each statement about a recipient: since is when it begins to count, NULL from the beginning",
            &columns,
        ));
    }
    text
}

/// What the engines call the types.
struct Types {
    whole: &'static str,
    text: &'static str,
    instant: &'static str,
    list: &'static str,
    map: &'static str,
    wishes: &'static str,
}

impl Types {
    const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::DuckDb => Self {
                whole: "BIGINT",
                text: "VARCHAR",
                instant: "TIMESTAMPTZ",
                list: "VARCHAR[]",
                map: "MAP(VARCHAR, VARCHAR)",
                wishes: "MAP(VARCHAR, VARCHAR[])",
            },
            Dialect::Spark => Self {
                whole: "BIGINT",
                text: "STRING",
                instant: "TIMESTAMP",
                list: "ARRAY<STRING>",
                map: "MAP<STRING, STRING>",
                wishes: "MAP<STRING, ARRAY<STRING>>",
            },
        }
    }
}

fn table(dialect: Dialect, name: &TableName, about: &str, columns: &[(&str, &str)]) -> String {
    let lines: Vec<_> = columns.iter().map(|(column, kind)| format!("  {} {kind}", dialect.name(column))).collect();
    let using = match dialect {
        Dialect::DuckDb => "",
        Dialect::Spark => " USING parquet",
    };
    format!("-- {about}\nCREATE TABLE {name} (\n{}\n){using};\n", lines.join(",\n"))
}
