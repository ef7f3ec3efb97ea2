//! How the engines differ: quoting, lists, and a handful of functions.

use std::fmt;
use std::fmt::Write as _;

use crate::moment::{Instant, Zone};
use crate::printable::is_hidden;

/// The engine that a query is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB`.
    DuckDb,
    /// Apache Spark SQL.
    Spark,
}

/// The name of a table, quoted for its engine; dots separate catalogue, schema and table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName(String);

/// Why a text cannot name a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableNameError {
    /// Nothing, or nothing before, between or after dots.
    #[error("write a name, or names joined by dots, like lake.service.interactions")]
    Empty,
    /// A character that has no place in a name.
    #[error("write a name without control characters and line breaks")]
    Control,
    /// `${` begins a variable, which Spark replaces even between quotes.
    #[error("write a name without ${{, which Spark takes for a variable")]
    Variable,
}

impl TableName {
    /// The name as people type it, with dots between its parts; each part is quoted.
    ///
    /// # Errors
    /// An empty part, a control character, or what the engine would take for a variable.
    pub fn new(name: &str, dialect: Dialect) -> Result<Self, TableNameError> {
        if name.split('.').any(|part| part.trim().is_empty()) {
            return Err(TableNameError::Empty);
        }
        if name.chars().any(is_hidden) {
            return Err(TableNameError::Control);
        }
        if dialect == Dialect::Spark && name.contains("${") {
            return Err(TableNameError::Variable);
        }
        Ok(Self(name.split('.').map(|part| dialect.name(part)).collect::<Vec<_>>().join(".")))
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Dialect {
    /// A name, quoted.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A text, quoted. What could not be seen is written as its number.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::DuckDb => duckdb_text(text),
            Self::Spark => spark_text(text),
        }
    }

    /// Texts with commas between.
    fn texts(self, texts: &[&str]) -> String {
        texts.iter().map(|text| self.text(text)).collect::<Vec<_>>().join(", ")
    }

    /// A list of texts.
    pub(super) fn list(self, texts: &[&str]) -> String {
        let texts = self.texts(texts);
        match self {
            Self::DuckDb => format!("[{texts}]"),
            Self::Spark => format!("array({texts})"),
        }
    }

    /// The one of some texts at a place counted from 1; nothing where there is no place.
    pub(super) fn one_of(self, texts: &[&str], place: &str) -> String {
        match self {
            Self::DuckDb => format!("{}[{place}]", self.list(texts)),
            // not element_at: of a list without gaps, Spark 4 takes the last entry where the place is NULL
            Self::Spark => format!("elt({place}, {})", self.texts(texts)),
        }
    }

    /// Whether two lists have something in common.
    pub(super) fn overlap(self, one: &str, other: &str) -> String {
        match self {
            Self::DuckDb => format!("list_has_any({one}, {other})"),
            Self::Spark => format!("arrays_overlap({one}, {other})"),
        }
    }

    /// Whether a list holds a text.
    pub(super) fn holds(self, list: &str, text: &str) -> String {
        let text = self.text(text);
        match self {
            Self::DuckDb => format!("list_contains({list}, {text})"),
            Self::Spark => format!("array_contains({list}, {text})"),
        }
    }

    /// Whether a list holds anything; false where there is no list.
    pub(super) fn filled(self, list: &str) -> String {
        match self {
            Self::DuckDb => format!("coalesce(len({list}), 0) > 0"),
            Self::Spark => format!("coalesce(size({list}), 0) > 0"),
        }
    }

    /// A list with one text more.
    pub(super) fn with(self, list: &str, text: &str) -> String {
        let text = self.text(text);
        match self {
            Self::DuckDb => format!("list_append({list}, {text})"),
            Self::Spark => format!("array_append({list}, {text})"),
        }
    }

    /// Whether a list holds what an expression says; nothing where that says nothing.
    pub(super) fn holds_one(self, list: &str, one: &str) -> String {
        match self {
            Self::DuckDb => format!("list_contains({list}, {one})"),
            Self::Spark => format!("array_contains({list}, {one})"),
        }
    }

    /// Whether something, on lines of its own, holds for any key of a map; false where there is no map.
    pub(super) fn any_key(self, map: &str, key: &str, holds: &str) -> String {
        match self {
            Self::DuckDb => format!("coalesce(len([{key} FOR {key} IN map_keys({map}) IF{holds}]), 0) > 0"),
            Self::Spark => format!("coalesce(exists(map_keys({map}), {key} ->{holds}), FALSE)"),
        }
    }

    /// Every entry of a list, made into something else.
    pub(super) fn each(self, list: &str, entry: &str, made: &str) -> String {
        match self {
            Self::DuckDb => format!("[{made} FOR {entry} IN {list}]"),
            Self::Spark => format!("transform({list}, {entry} -> {made})"),
        }
    }

    /// Of a map of lists of texts the entries whose list holds a text that is not empty.
    pub(super) fn saying(self, map: &str) -> String {
        match self {
            Self::DuckDb => format!(
                "map_from_entries([entry FOR entry IN map_entries({map})\n      \
                 IF len([way FOR way IN entry.value IF way <> '']) > 0])"
            ),
            Self::Spark => format!("map_filter({map}, (wish, ways) -> exists(ways, way -> way <> ''))"),
        }
    }

    /// Two maps as one; where both have a key, what the newer says.
    pub(super) fn overlaid(self, older: &str, newer: &str) -> String {
        match self {
            Self::DuckDb => format!("map_concat({older}, {newer})"),
            // a key that comes twice ends the query here
            Self::Spark => {
                format!("map_concat(map_filter({older}, (wish, ways) -> NOT map_contains_key({newer}, wish)), {newer})")
            }
        }
    }

    /// A map of lists of texts with nothing in it.
    pub(super) const fn no_wishes(self) -> &'static str {
        match self {
            Self::DuckDb => "CAST(MAP {} AS MAP(VARCHAR, VARCHAR[]))",
            Self::Spark => "CAST(map() AS MAP<STRING, ARRAY<STRING>>)",
        }
    }

    /// All rows of a group as one list.
    pub(super) fn gathered(self, row: &str) -> String {
        match self {
            Self::DuckDb => format!("list({row})"),
            Self::Spark => format!("collect_list({row})"),
        }
    }

    /// The last of a column that is not NULL, before a window.
    pub(super) fn newest(self, column: &str) -> String {
        match self {
            Self::DuckDb => format!("last_value({column} IGNORE NULLS)"),
            Self::Spark => format!("last_value({column}) IGNORE NULLS"),
        }
    }

    /// A list in order.
    pub(super) fn sorted(self, list: &str) -> String {
        match self {
            Self::DuckDb => format!("list_sort({list})"),
            Self::Spark => format!("sort_array({list})"),
        }
    }

    /// Values with names, as one; on lines of their own where they are many.
    pub(super) fn record(self, fields: &[(&str, &str)]) -> String {
        let (mut text, mut width) = (String::new(), 0);
        for (place, (name, value)) in fields.iter().enumerate() {
            let gap = if value.starts_with('\n') { "" } else { " " };
            let field = match self {
                Self::DuckDb => format!("{name} :={gap}{value}"),
                Self::Spark => format!("'{name}',{gap}{value}"),
            };
            width += field.len();
            if place > 0 {
                let lines = width > 90;
                text.push_str(if lines { ",\n  " } else { ", " });
                width = if lines { field.len() } else { width };
            }
            text.push_str(&field);
        }
        match self {
            Self::DuckDb => format!("struct_pack({text})"),
            Self::Spark => format!("named_struct({text})"),
        }
    }

    /// Values with names of any kind, as one.
    pub(super) fn object(self, fields: &[(&str, String)]) -> String {
        let field = |(name, value): &(&str, String)| match self {
            Self::DuckDb => format!("'{}': {value}", name.replace('\'', "''")),
            Self::Spark => format!("{}, {value}", self.text(name)),
        };
        let fields = fields.iter().map(field).collect::<Vec<_>>().join(", ");
        match self {
            Self::DuckDb => format!("{{{fields}}}"),
            Self::Spark => format!("named_struct({fields})"),
        }
    }

    /// The one of some numbers at a place counted from 1, which must be one of theirs.
    pub(super) fn number_of(self, numbers: &str, place: &str) -> String {
        match self {
            Self::DuckDb => format!("([{numbers}])[{place}]"),
            Self::Spark => format!("element_at(array({numbers}), CAST({place} AS INT))"),
        }
    }

    /// The type of whole numbers of at least 38 digits.
    pub(super) const fn wide(self) -> &'static str {
        match self {
            Self::DuckDb => "HUGEINT",
            Self::Spark => "DECIMAL(38, 0)",
        }
    }

    /// A list of amounts with nothing in it.
    pub(super) const fn no_amounts(self) -> &'static str {
        match self {
            Self::DuckDb => "[]",
            Self::Spark => "CAST(array() AS ARRAY<STRUCT<kind: STRING, unit: STRING, amount: DECIMAL(38, 15)>>)",
        }
    }

    /// What a group of a pattern found in a text; an empty text where it found nothing.
    pub(super) fn part(self, text: &str, pattern: &str, group: u8) -> String {
        format!("regexp_extract({text}, {}, {group})", self.text(pattern))
    }

    /// Columns of a table and every entry of one of its lists, in a row of its own.
    pub(super) fn unfolded(self, list: &str, entry: &str, columns: &[&str], from: &str) -> String {
        let column = |&column: &&str| {
            if column == entry { format!("unnest({list}) AS {entry}") } else { column.to_owned() }
        };
        match self {
            Self::DuckDb => {
                let columns = columns.iter().map(column).collect::<Vec<_>>().join(", ");
                format!("FROM (SELECT {columns} FROM {from}) AS {from}")
            }
            Self::Spark => format!("FROM {from} LATERAL VIEW explode({list}) AS {entry}"),
        }
    }

    /// Goes through a list from its first entry to its last: what is known after each `entry` is made of that and
    /// of what `was` known before.
    pub(super) fn fold(self, list: &str, first: &str, [was, entry]: [&str; 2], made: &str) -> String {
        match self {
            Self::DuckDb => format!("list_reduce({list}, lambda {was}, {entry}:\n{made},\n  {first})"),
            Self::Spark => format!("aggregate({list},\n  {first}, ({was}, {entry}) ->\n{made})"),
        }
    }

    /// A value, and what is made of it in steps, each of the one before, which it calls `name`.
    pub(super) fn steps(self, value: &str, name: &str, steps: &[&str]) -> String {
        let each = |made: String, step: &&str| match self {
            Self::DuckDb => format!("list_transform({made}, lambda {name}:\n{step})"),
            Self::Spark => format!("transform({made}, {name} ->\n{step})"),
        };
        match self {
            Self::DuckDb => format!("({})[1]", steps.iter().fold(format!("[{value}]"), each)),
            Self::Spark => format!("({})[0]", steps.iter().fold(format!("array({value})"), each)),
        }
    }

    /// A list without so many of its first entries.
    pub(super) fn after_first(self, list: &str, first: u8) -> String {
        let from = first + 1;
        match self {
            Self::DuckDb => format!("({list})[{from}:]"),
            Self::Spark => format!("slice({list}, {from}, size(moments))"),
        }
    }

    /// How rows are ordered for those of like length to be worked on together: this engine goes through many lists
    /// in step, as long as any of them has entries.
    pub(super) fn together(self, alike: &str) -> String {
        match self {
            Self::DuckDb => format!("\nORDER BY {alike}"),
            Self::Spark => String::new(),
        }
    }

    /// The entries of two columns of lists of one length, row by row, from a table.
    pub(super) fn side_by_side(self, [one, other]: [(&str, &str); 2], from: &str) -> String {
        let ((lists, each), (others, one)) = (one, other);
        match self {
            Self::DuckDb => {
                format!("FROM (SELECT unnest({lists}) AS {each}, unnest({others}) AS {one} FROM {from}) AS {from}")
            }
            Self::Spark => format!("FROM {from} LATERAL VIEW inline(arrays_zip({lists}, {others})) AS {each}, {one}"),
        }
    }

    /// A member of a JSON object, as text.
    pub(super) fn member(self, json: &str, name: &str) -> String {
        match self {
            Self::DuckDb => format!("json_extract_string({json}, '$.{name}')"),
            Self::Spark => format!("get_json_object({json}, '$.{name}')"),
        }
    }

    /// Microseconds from one instant to another.
    pub(super) fn micros(self, from: &str, to: &str) -> String {
        let micros = match self {
            Self::DuckDb => "epoch_us",
            Self::Spark => "unix_micros",
        };
        format!("{micros}({to}) - {micros}({from})")
    }

    /// Midnight UTC of a date.
    pub(super) fn midnight(self, at: Instant) -> String {
        let text = at.to_minute(&Zone::UTC);
        let date = text.get(..10).unwrap_or(&text);
        match self {
            Self::DuckDb => format!("TIMESTAMPTZ '{date} 00:00:00+00'"),
            Self::Spark => format!("TIMESTAMP '{date} 00:00:00Z'"),
        }
    }
}

/// Backslashes are plain characters here; what cannot be seen is joined in by number.
fn duckdb_text(text: &str) -> String {
    let (mut quoted, mut pieces) = (String::from("'"), 1);
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str("''"),
            seen if !is_hidden(seen) => quoted.push(seen),
            hidden => {
                let _ = write!(quoted, "' || chr({}) || '", u32::from(hidden));
                pieces += 1;
            }
        }
    }
    quoted.push('\'');
    if pieces > 1 { format!("({quoted})") } else { quoted }
}

/// Backslashes begin escapes here, and `${` a variable, even between quotes.
fn spark_text(text: &str) -> String {
    let mut quoted = String::from("'");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '$' if characters.peek() == Some(&'{') => quoted.push_str("\\u0024"),
            seen if !is_hidden(seen) => quoted.push(seen),
            hidden => {
                // four digits each: what is beyond them is written as the two units it has in UTF-16
                for unit in hidden.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_by_number() {
        assert_eq!(duckdb_text("a\u{e0041}b"), "('a' || chr(917569) || 'b')");
        assert_eq!(spark_text("a\u{ad}\u{e0041}b"), "'a\\u00ad\\udb40\\udc41b'");
        assert_eq!(spark_text("日本 😀"), "'日本 😀'");
    }
}
