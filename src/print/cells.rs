//! Any row as flat cells, for tsv and csv: nested fields get dotted names,
//! lists are joined by `;`, what is absent is empty. Nothing in a cell is JSON: of a list of objects each is a few words,
//! and what is too much for that has no column.

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;

use serde::ser::{self, Serialize};

use serde_json::{Map, Value};

use super::{Format, OutputStyle};
use crate::assess::LEFT_TO_JSON;
use crate::printable::FORMULA;

/// One row as texts, one after the other, with the names of its columns if asked for.
#[derive(Default)]
pub(crate) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
    names: Option<Names>,
    escape_formulas: bool,
    /// Whether numbers are rounded, for people.
    rounds: bool,
}

#[derive(Default)]
struct Names {
    full: Vec<String>,
    path: Vec<Cow<'static, str>>,
}

impl Cells {
    /// No cells yet. Texts that a spreadsheet would run as formulas may be kept from it: numbers never are.
    pub(crate) fn new(style: OutputStyle) -> Self {
        let markdown = style.format == Format::Md;
        Self { escape_formulas: style.escape_formulas && !markdown, rounds: markdown, ..Self::default() }
    }

    /// Takes the cells of a row, in place of what was there.
    pub(crate) fn fill<T: Serialize>(&mut self, row: &T) -> Result<(), Unfit> {
        self.text.clear();
        self.ends.clear();
        row.serialize(&mut *self)
    }

    /// The names of the columns of a row.
    pub(crate) fn names<T: Serialize>(row: &T) -> Result<Vec<String>, Unfit> {
        let mut cells = Self { names: Some(Names::default()), ..Self::default() };
        row.serialize(&mut cells)?;
        Ok(cells.names.map(|names| names.full).unwrap_or_default())
    }

    /// The cells, in the order of the columns.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
        if let Some(names) = &mut self.names {
            names.full.push(names.path.join("."));
        }
    }

    fn put(&mut self, text: impl fmt::Display) -> Result<(), Unfit> {
        write!(self.text, "{text}").map_err(|error| Unfit(error.to_string()))?;
        self.end();
        Ok(())
    }

    fn put_text(&mut self, text: &str) {
        self.add_text(text);
        self.end();
    }

    /// Adds a text to the cell.
    fn add_text(&mut self, text: &str) {
        if self.escape_formulas && text.starts_with(FORMULA) {
            self.text.push(b'\'');
        }
        self.text.extend_from_slice(text.as_bytes());
    }
}

/// A value that has no form as cells.
#[derive(Debug)]
pub(crate) struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Scalars are written as they are displayed.
macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Unfit> {
            self.put(value)
        })*
    };
}

/// Shapes that rows do not have.
macro_rules! unfit {
    ($($method:ident($($argument:ty),*) -> $result:ty),*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, Unfit> {
            Err(Unfit(concat!(stringify!($method), " has no form as a cell").to_owned()))
        })*
    };
}

impl<'c> ser::Serializer for &'c mut Cells {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = List<'c>;
    type SerializeTuple = ser::Impossible<(), Unfit>;
    type SerializeTupleStruct = ser::Impossible<(), Unfit>;
    type SerializeTupleVariant = ser::Impossible<(), Unfit>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = ser::Impossible<(), Unfit>;

    scalars!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_char: char);
    unfit!(serialize_bytes(&[u8]) -> (), serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant);

    fn serialize_f64(self, value: f64) -> Result<(), Unfit> {
        if self.rounds { self.put((value * 1000.0).round() / 1000.0) } else { self.put(value) }
    }

    fn serialize_str(self, text: &str) -> Result<(), Unfit> {
        self.put_text(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unfit> {
        self.end();
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Unfit> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unfit> {
        self.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Unfit> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Unfit> {
        if name == LEFT_TO_JSON { Ok(()) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'c>, Unfit> {
        Ok(List { cells: self, first: true })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unfit> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unfit> {
        Ok(self)
    }
}

impl ser::SerializeStruct for &mut Cells {
    type Ok = ();
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unfit> {
        if let Some(names) = &mut self.names {
            names.path.push(Cow::Borrowed(name));
        }
        value.serialize(&mut **self)?;
        if let Some(names) = &mut self.names {
            names.path.pop();
        }
        Ok(())
    }

    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

impl ser::SerializeMap for &mut Cells {
    type Ok = ();
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        if let Some(names) = &mut self.names {
            let key = serde_json::to_value(key).map_err(ser::Error::custom)?;
            names.path.push(Cow::Owned(key.as_str().unwrap_or_default().to_owned()));
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        value.serialize(&mut **self)?;
        if let Some(names) = &mut self.names {
            names.path.pop();
        }
        Ok(())
    }

    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

/// A list in one cell.
pub(crate) struct List<'c> {
    cells: &'c mut Cells,
    first: bool,
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        if !std::mem::replace(&mut self.first, false) {
            self.cells.text.push(b';');
        }
        let text = match serde_json::to_value(value).map_err(ser::Error::custom)? {
            Value::String(text) => text,
            Value::Object(fields) => {
                in_words(&fields).ok_or_else(|| Unfit("an object has no form in a cell".to_owned()))?
            }
            number @ (Value::Number(_) | Value::Bool(_)) => number.to_string(),
            _ => return Err(Unfit("a list has no form in a cell".to_owned())),
        };
        // a spreadsheet that separates cells by `;` begins one here
        self.cells.add_text(&text);
        Ok(())
    }

    fn end(self) -> Result<(), Unfit> {
        self.cells.end();
        Ok(())
    }
}

/// An object of a list in a few words: an amount as records have it (`time=20 minutes`), an act with how often it
/// bounced (`apology 2/5`), or a name with its number (`late=12`).
fn in_words(fields: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let shown = |name: &str| fields.get(name).filter(|value| !value.is_null()).map(plain);
    if let Some(amount) = shown("amount") {
        let kind = text("kind").map(|kind| format!("{kind}=")).unwrap_or_default();
        let unit = text("unit").map(|unit| format!(" {unit}")).unwrap_or_default();
        return Some(format!("{kind}{amount}{unit}"));
    }
    if let (Some(action), Some(bounced), Some(count)) = (text("action"), shown("bounced"), shown("count")) {
        return Some(format!("{action} {bounced}/{count}"));
    }
    let (mut names, mut numbers) =
        (fields.values().filter(|value| value.is_string()), fields.values().filter(|value| value.is_number()));
    match (names.next(), numbers.next(), fields.len()) {
        (Some(name), Some(number), 2) => Some(format!("{}={number}", plain(name))),
        _ => None,
    }
}

/// A text as it is, a number as it is written.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Row {
        id: Option<&'static str>,
        share: Share,
        list: Vec<&'static str>,
        things: Vec<Sum>,
    }

    #[derive(serde::Serialize)]
    struct Sum {
        kind: &'static str,
        unit: Option<&'static str>,
        amount: f64,
    }

    #[derive(serde::Serialize)]
    struct Share {
        low: f64,
        high: Option<f64>,
    }

    #[test]
    fn rows_become_cells_with_dotted_names() {
        let row = Row {
            id: None,
            share: Share { low: 0.25, high: None },
            list: vec!["a", "b"],
            things: vec![
                Sum { kind: "time", unit: None, amount: 0.5 },
                Sum { kind: "money", unit: Some("EUR"), amount: 1.0 },
            ],
        };
        assert_eq!(Cells::names(&row).expect("fits"), ["id", "share.low", "share.high", "list", "things"]);
        let mut cells = Cells::default();
        cells.fill(&row).expect("fits");
        let texts: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
        assert_eq!(texts, ["", "0.25", "", "a;b", "time=0.5;money=1.0 EUR"]);
    }

    #[test]
    fn formulas_are_escaped_where_that_is_asked_for() {
        let share = Share { low: -0.25, high: None };
        let row = Row { id: Some("=1+1"), share, list: vec!["-a", "b", "@c"], things: Vec::new() };
        let texts = |mut cells: Cells| {
            cells.fill(&row).expect("fits");
            cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>()
        };
        let style = |escape_formulas| OutputStyle {
            format: Format::Csv,
            header: true,
            escape_formulas,
            color: false,
            width: 80,
        };
        assert_eq!(texts(Cells::new(style(false))), ["=1+1", "-0.25", "", "-a;b;@c", ""]);
        assert_eq!(texts(Cells::new(style(true))), ["'=1+1", "-0.25", "", "'-a;b;'@c", ""]);
    }
}
