//! Records as rows of a table, whose cells are texts.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::Problem;
use crate::record::draft::Reading;
use crate::record::field::{Field, Shape};
use crate::record::interaction::Interaction;
use crate::record::owned::{Record, RecordValue};

/// One interaction as a row under a header of field names: lists joined by `;`, and columns like
/// `served.channel` or `tags.region`. Every cell is a text, so that `007` stays `007`.
///
/// ```
/// use serveup::{Model, Row};
///
/// let table = "recipient,point,signals,served.channel\n007,delivery,late; impolite,phone\n";
/// let model = Model::shipped();
/// for row in csv::Reader::from_reader(table.as_bytes()).deserialize::<Row>() {
///     let row = row?;
///     let interaction = row.check(&model)?;
///     assert_eq!((&*interaction.recipient, interaction.signals.len()), ("007", 2));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(pub Record);

impl Row {
    /// The checked interaction, as [`Record::check`] gives it.
    ///
    /// # Errors
    /// The first field, in the order of [`Field::ALL`], that is missing or cannot be read.
    pub fn check<'m>(&self, reading: impl Into<Reading<'m>>) -> Result<Interaction<'_>, Problem> {
        self.0.check(reading)
    }

    fn put(&mut self, field: Field, cell: String) {
        let Self(record) = self;
        match field.shape() {
            Shape::Text | Shape::Quantity => record.set(field, cell),
            Shape::Signals => record.signals = items(&cell).map(str::to_owned).collect(),
            Shape::Values => {
                record.value = (!cell.trim().is_empty()).then(|| items(&cell).map(value).collect());
            }
            Shape::Pairs => {}
        }
    }
}

impl From<Row> for Record {
    fn from(Row(record): Row) -> Self {
        record
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cells;
        impl<'de> Visitor<'de> for Cells {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row under a header of field names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut cells: A) -> Result<Row, A::Error> {
                let mut row = Row::default();
                let mut seen = [false; Field::ALL.len()];
                while let Some((column, cell)) = cells.next_entry::<String, String>()? {
                    let keyed = [(Field::Served, "served."), (Field::Tags, "tags.")].into_iter();
                    let mut keyed = keyed.filter_map(|(field, before)| Some((field, column.strip_prefix(before)?)));
                    match (Field::named(column.as_bytes()), keyed.next()) {
                        (Some(field), _) if field.shape() != Shape::Pairs => {
                            if std::mem::replace(&mut seen[field as usize], true) {
                                return Err(Error::duplicate_field(field.name()));
                            }
                            row.put(field, cell);
                        }
                        (_, Some((field, key))) if !key.is_empty() => {
                            let pairs = if field == Field::Tags { &mut row.0.tags } else { &mut row.0.served };
                            pairs.push((key.to_owned(), cell));
                        }
                        _ => {}
                    }
                }
                Ok(row)
            }
        }
        deserializer.deserialize_map(Cells)
    }
}

/// One item of a list of value: a name, or an object with an amount where JSON can be read.
fn value(item: &str) -> RecordValue {
    #[cfg(feature = "read")]
    if item.starts_with('{')
        && let Ok(value) = serde_json::from_str(item)
    {
        return value;
    }
    RecordValue::from(item)
}

/// The items of a list joined by `;`, blanks around them left out.
pub(crate) fn items(cell: &str) -> impl Iterator<Item = &str> {
    let cell = if cell.trim() == "[]" { "" } else { cell };
    cell.split(';').map(str::trim).filter(move |_| !cell.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn lists_are_joined_by_semicolons() {
        assert_eq!(items("late; impolite").collect::<Vec<_>>(), ["late", "impolite"]);
        assert_eq!(items("").count() + items("  ").count() + items("[]").count(), 0);
        assert_eq!(items("late;").collect::<Vec<_>>(), ["late", ""]);
    }
}
