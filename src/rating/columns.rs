//! Rows of ratings with columns of one's own choice: fields of the row, and of the record.

use std::borrow::Cow;
use std::str::FromStr;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::error::UnknownName;
use crate::rating::row::{Rating, RatingField, RatingValue};
use crate::record::field::Field;
use crate::record::interaction::{Interaction, Relation, Stage};
use crate::record::packed::Fields;
use crate::record::tag::Tag;
use crate::rules::{Model, Rung};
use crate::verdict::Verdict;

/// A column of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A field of the rating.
    Rating(RatingField),
    /// A field of the record, which the row of a rating does not repeat.
    Record(Field),
    /// How it was done, by this key.
    Served(String),
    /// A dimension of one's own.
    Tag(Tag),
}

/// The fields of a record that can be columns by their own names; the others are in the rating.
const RECORD: [Field; 13] = [
    Field::Journey,
    Field::Transaction,
    Field::Signals,
    Field::Channel,
    Field::Stage,
    Field::Relation,
    Field::Provider,
    Field::Team,
    Field::Verdict,
    Field::Said,
    Field::Recovers,
    Field::Response,
    Field::Cost,
];

impl Column {
    /// The names of all columns, and what stands before a key.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let rating = RatingField::ALL.into_iter().map(RatingField::name);
        rating.chain(RECORD.into_iter().map(Field::name)).chain(["served.KEY", "tags.NAME"])
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Rating(field) => Cow::Borrowed(field.name()),
            Self::Record(field) => Cow::Borrowed(field.name()),
            Self::Served(key) => Cow::Owned(format!("{SERVED}.{key}")),
            Self::Tag(tag) => Cow::Owned(tag.name().to_owned()),
        }
    }

    /// The name of the object that it is in, and its own there; `None` for what is in none.
    fn inside(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Served(key) => Some((SERVED, key)),
            Self::Tag(tag) => Some(("tags", tag.key())),
            Self::Rating(_) | Self::Record(_) => None,
        }
    }

    /// Whether it explains the rating.
    fn explains(&self) -> bool {
        matches!(self, Self::Rating(field) if !RatingField::BRIEF.contains(field))
    }

    /// What has to be known of a record.
    fn fields(&self) -> Fields {
        match self {
            _ if self.explains() => Fields::EXPLAINED,
            Self::Rating(RatingField::Id) => Fields::of(&[Field::Id]),
            Self::Rating(RatingField::At) => Fields::of(&[Field::At]),
            Self::Rating(RatingField::Recipient) => Fields::of(&[Field::Recipient]),
            Self::Rating(RatingField::Point) => Fields::of(&[Field::Journey, Field::Transaction, Field::Point]),
            Self::Rating(RatingField::Action) => Fields::of(&[Field::Action]),
            Self::Rating(RatingField::Claimed | RatingField::Gap) => Fields::of(&[Field::Claimed]),
            Self::Rating(_) => Fields::NONE,
            Self::Record(field) => Fields::of(&[*field]),
            Self::Served(_) => Fields::of(&[Field::Served, Field::Channel]),
            Self::Tag(_) => Fields::of(&[Field::Tags]),
        }
    }
}

const SERVED: &str = "served";

impl FromStr for Column {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let name = name.trim();
        let rating = RatingField::ALL.into_iter().find(|field| field.name() == name).map(Self::Rating);
        let record = || RECORD.into_iter().find(|field| field.name() == name).map(Self::Record);
        let key = || {
            let key = name.strip_prefix(SERVED)?.strip_prefix('.').filter(|key| !key.is_empty())?;
            Some(Self::Served(key.to_owned()))
        };
        let names: Vec<&str> = Self::names().collect();
        let tag = || Tag::named(name).map(Self::Tag);
        rating.or_else(record).or_else(key).or_else(tag).ok_or_else(|| UnknownName::new("column", name, &names))
    }
}

/// The columns of rows, in their order, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    columns: Vec<Column>,
    /// In each place what is printed there: one column, or all that are in one object, at the first of them.
    nested: Vec<Vec<usize>>,
}

impl Columns {
    /// These columns; one that is named again stays where it was.
    #[must_use]
    pub fn new(chosen: impl IntoIterator<Item = Column>) -> Self {
        let (mut columns, mut nested): (Vec<Column>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        for column in chosen {
            if columns.contains(&column) {
                continue;
            }
            let object = column.inside().map(|(object, _)| object);
            let beside = |place: &&mut Vec<usize>| {
                object.is_some() && columns[place[0]].inside().map(|(object, _)| object) == object
            };
            match nested.iter_mut().find(beside) {
                Some(place) => place.push(columns.len()),
                None => nested.push(vec![columns.len()]),
            }
            columns.push(column);
        }
        Self { columns, nested }
    }

    /// Each of them, in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[Column] {
        &self.columns
    }

    /// Whether one of them explains the rating.
    #[must_use]
    pub fn explain(&self) -> bool {
        self.columns.iter().any(Column::explains)
    }

    /// The tags among them.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.columns.iter().filter_map(|column| if let Column::Tag(tag) = column { Some(tag) } else { None })
    }

    /// What has to be known of a record.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.columns.iter().fold(Fields::NONE, |fields, column| fields.and(column.fields()))
    }
}

/// The columns of one row. In cells they come in the order asked for; elsewhere what is in one object comes together.
#[derive(Clone, Copy, Debug)]
pub struct ChosenRow<'r> {
    /// Which.
    pub columns: &'r Columns,
    /// The rules.
    pub model: &'r Model,
    /// The rating; without it the row is blank.
    pub rating: Option<&'r Rating<'r>>,
    /// What was recorded.
    pub interaction: Option<&'r Interaction<'r>>,
    /// Whether columns like `served.channel` are members of an object.
    pub nested: bool,
}

/// What is in one column.
enum Value<'r> {
    Rating(RatingValue<'r>),
    Text(Cow<'r, str>),
    Names(Vec<&'r str>),
    Absent,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rating(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Names(names) => names.serialize(serializer),
            Self::Absent => serializer.serialize_none(),
        }
    }
}

impl<'r> ChosenRow<'r> {
    fn value(&self, column: &Column) -> Value<'r> {
        let (rating, interaction) = (self.rating, self.interaction);
        let text = |text: Option<&'r str>| text.map_or(Value::Absent, |text| Value::Text(Cow::Borrowed(text)));
        match column {
            Column::Rating(field) => rating.map_or(Value::Absent, |rating| Value::Rating(field.of(rating))),
            Column::Served(key) => {
                let mut served = interaction.into_iter().flat_map(Interaction::served);
                text(served.find(|(known, _)| known == key).map(|(_, how)| how))
            }
            Column::Tag(tag) => text(interaction.and_then(|interaction| interaction.tag(tag.key()))),
            Column::Record(Field::Signals) => interaction.map_or(Value::Absent, |interaction| {
                let rules = self.model.signals();
                Value::Names(interaction.signals.iter().map(|signal| rules[signal.index()].name.as_str()).collect())
            }),
            Column::Record(Field::Cost) => {
                let cost = interaction.and_then(|interaction| interaction.cost.as_ref());
                cost.map_or(Value::Absent, |cost| Value::Text(Cow::Owned(cost.to_string())))
            }
            Column::Record(field) => text(interaction.and_then(|interaction| match field {
                Field::Journey => interaction.journey.as_deref(),
                Field::Transaction => interaction.transaction.as_deref(),
                Field::Channel => interaction.channel.as_deref(),
                Field::Stage => interaction.stage.map(Stage::name),
                Field::Relation => interaction.relation.map(Relation::name),
                Field::Provider => interaction.provider.as_deref(),
                Field::Team => interaction.team.as_deref(),
                Field::Verdict => interaction.verdict.map(Verdict::name),
                Field::Said => interaction.said.as_deref(),
                Field::Recovers => interaction.recovers.as_deref(),
                Field::Response => interaction.response.map(Rung::name),
                _ => None,
            })),
        }
    }
}

impl Serialize for ChosenRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Columns { columns, nested } = self.columns;
        let mut row = serializer.serialize_map(None)?;
        if !self.nested {
            for column in columns {
                row.serialize_entry(&column.name(), &self.value(column))?;
            }
            return row.end();
        }
        for place in nested {
            let first = &columns[place[0]];
            match first.inside() {
                None => row.serialize_entry(&first.name(), &self.value(first))?,
                Some((object, _)) => row.serialize_entry(object, &Object { row: self, place })?,
            }
        }
        row.end()
    }
}

/// The columns that are in one object.
struct Object<'r> {
    row: &'r ChosenRow<'r>,
    place: &'r [usize],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.place.iter().map(|&index| &self.row.columns.columns[index]);
        let members = columns.filter_map(|column| Some((column.inside()?.1, self.row.value(column))));
        serializer.collect_map(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::field::Shape;

    #[test]
    fn every_name_is_a_column_and_every_column_has_its_name() {
        for name in Column::names().chain(["served.channel", "served.a.b", "tags.region", "tags.a.b"]) {
            assert_eq!(name.parse::<Column>().expect("a column").name(), name);
        }
        for name in ["", "served", "served.", "tags", "tags.", "tag", "Id", "record"] {
            assert!(name.parse::<Column>().is_err(), "{name}");
        }
        // each field of a record is a column, by its own name or in the rating
        for field in Field::ALL.into_iter().filter(|field| field.shape() != Shape::Pairs) {
            assert!(field.name().parse::<Column>().is_ok(), "{field:?}");
        }
    }

    #[test]
    fn a_column_named_twice_stays_where_it_was() {
        let columns = |names: &[&str]| Columns::new(names.iter().map(|name| name.parse().expect("a column")));
        assert_eq!(columns(&["said", "id", "said"]), columns(&["said", "id"]));
        assert!(columns(&["id", "why"]).explain() && !columns(&["id", "level", "said"]).explain());
    }
}
