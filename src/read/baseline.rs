//! Ratings that were printed earlier, read back for a gate.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::de::IoRead;

use super::Blocks;
use super::content::Content;
use super::error::{Error, ErrorKind, Result};
use super::form::Form;
use super::source::Source;
use crate::assess::baseline::{Baseline, EarlierRating};
use crate::assess::gate::MomentGate;
use crate::error::Found;
use crate::level::Level;
use crate::rating::escalator::Reason;

/// Reads what an earlier `serveup rate` printed, as tsv, csv, json or jsonl, whether compressed or not, as far as a gate
/// asks for it.
///
/// ```
/// use serveup::assess::gate::MomentGate;
/// use serveup::read::{Source, baseline};
///
/// let earlier = "id\tlevel\treason\tfailure\ns05\tcriminal\tfacts\ttrue\n";
/// let gate = MomentGate { no_failure: true, ..MomentGate::default() };
/// let mut baseline = baseline(Source::new("ratings.tsv", std::io::Cursor::new(earlier)), gate)?;
/// assert!(baseline.knows(Some("s05")));
/// # Ok::<(), serveup::read::Error>(())
/// ```
///
/// # Errors
/// What cannot be read, what is no rating, and a row without a field that the gate asks for.
pub fn baseline(source: Source, gate: MomentGate) -> Result<Baseline> {
    let name = source.name().to_owned();
    let mut baseline = Baseline::new(gate);
    match Content::of(source.opened(&Form::UNKNOWN)?, &Form::UNKNOWN)? {
        Content::Empty(_) => {}
        Content::List(blocks) | Content::Object(blocks) => json(&name, blocks, &mut baseline)?,
        Content::Table(blocks, delimiter) => table(&name, blocks, delimiter, &mut baseline)?,
    }
    Ok(baseline)
}

/// What a baseline is, for whoever named something else.
const WANTED: &str = "a baseline is what serveup rate prints as tsv, csv, json or jsonl";

fn wrong(name: &str, what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Form, format!("{name}: {what}; {WANTED}"))
}

/// The fields that a gate asks for, beside the id.
fn asked(gate: MomentGate) -> impl Iterator<Item = &'static str> {
    let floor = gate.floor.is_some().then_some(["level", "reason"]).into_iter().flatten();
    std::iter::once("id").chain(floor).chain(gate.no_failure.then_some("failure"))
}

/// A row. What the gate does not ask for may be absent.
#[derive(Deserialize)]
struct Row<'r> {
    id: Option<Cow<'r, str>>,
    level: Option<Level>,
    reason: Option<Cow<'r, str>>,
    failure: Option<bool>,
    #[serde(default, deserialize_with = "text_or_nothing")]
    at: Option<Cow<'r, str>>,
    #[serde(default, deserialize_with = "text_or_nothing")]
    recipient: Option<Cow<'r, str>>,
    #[serde(default, deserialize_with = "text_or_nothing")]
    action: Option<Cow<'r, str>>,
}

/// A text; of nothing else is there any use.
fn text_or_nothing<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Cow<'static, str>>, D::Error> {
    Ok(match Value::deserialize(value)? {
        Value::String(text) => Some(Cow::Owned(text)),
        _ => None,
    })
}

impl Row<'_> {
    fn add(&self, baseline: &mut Baseline) -> Result<(), String> {
        let is_there = |field: &&str| match *field {
            "level" => self.level.is_some(),
            "reason" => self.reason.is_some(),
            "failure" => self.failure.is_some(),
            // not every record has an id
            _ => true,
        };
        if let Some(absent) = asked(baseline.gate()).find(|field| !is_there(field)) {
            return Err(format!("{absent} is missing"));
        }
        let reason = self.reason.as_deref().map(reason).transpose()?;
        let Self { level, failure, .. } = *self;
        let [at, recipient, action] = [&self.at, &self.recipient, &self.action].map(Option::as_deref);
        let row = EarlierRating { id: self.id.as_deref(), level, reason, failure, at, recipient, action };
        baseline.add(&row).map_err(|error| error.to_string())
    }
}

fn reason(name: &str) -> Result<Reason, String> {
    name.parse().map_err(|_| format!("unknown reason {}", Found::text(name)))
}

/// A JSON value: a row, or a list of rows, which are taken as they come.
struct Rows<'b>(&'b mut Baseline);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ratings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Row<'_>>()? {
            row.add(self.0).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, row: A) -> Result<(), A::Error> {
        let row = Row::deserialize(serde::de::value::MapAccessDeserializer::new(row))?;
        row.add(self.0).map_err(serde::de::Error::custom)
    }
}

fn json(name: &str, blocks: Blocks, baseline: &mut Baseline) -> Result<()> {
    let mut bytes = Bytes::of(blocks);
    // one value after the other, as lines and joined files have them
    while bytes.behind().skip_space()?.is_some() {
        let place = bytes.blocks.position();
        let mut deserializer = serde_json::Deserializer::new(IoRead::new(&mut bytes));
        let read = Rows(baseline).deserialize(&mut deserializer);
        drop(deserializer);
        if let Some(error) = bytes.failed.take() {
            return Err(error);
        }
        read.map_err(|error| wrong(&place.in_source(name), error))?;
    }
    Ok(())
}

/// The bytes of a source, one after the other, so that what stands behind a value is not taken with it.
struct Bytes {
    blocks: Blocks,
    /// How much of the window has been read; JSON is asked for byte by byte.
    used: usize,
    /// Why no more can be read; the reader of JSON only knows that.
    failed: Option<Error>,
}

impl Bytes {
    fn of(blocks: Blocks) -> Self {
        Self { blocks, used: 0, failed: None }
    }

    /// The source behind what has been read.
    fn behind(&mut self) -> &mut Blocks {
        self.blocks.advance(std::mem::take(&mut self.used));
        &mut self.blocks
    }
}

impl Read for Bytes {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.used == self.blocks.window().len() {
            match self.behind().more() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(error) => {
                    self.failed = Some(error);
                    return Err(io::ErrorKind::Other.into());
                }
            }
        }
        let window = &self.blocks.window()[self.used..];
        let count = window.len().min(to.len());
        to[..count].copy_from_slice(&window[..count]);
        self.used += count;
        Ok(count)
    }
}

fn table(name: &str, mut blocks: Blocks, delimiter: Option<u8>, baseline: &mut Baseline) -> Result<()> {
    let header = blocks.peek_lines(1, 1 << 16)?;
    // ratings as tsv have no quotes; what stands in the way of a cell is escaped
    let tabs = header.contains(&b'\t') && delimiter.is_none_or(|delimiter| delimiter == b'\t');
    let delimiter = if tabs { b'\t' } else { delimiter.unwrap_or(if header.contains(&b';') { b';' } else { b',' }) };
    let above = blocks.line() - 1;
    let bytes = Bytes::of(blocks);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).quoting(!tabs).from_reader(bytes);
    let place = |names: &csv::StringRecord, wanted: &str| names.iter().position(|name| name == wanted);
    let names = reader.headers().map_err(|error| wrong(name, error))?.clone();
    if let Some(absent) = asked(baseline.gate()).find(|field| place(&names, field).is_none()) {
        return Err(wrong(name, format_args!("there is no column {absent}")));
    }
    let [id, level, why, failure] = ["id", "level", "reason", "failure"].map(|field| place(&names, field));
    let about = ["at", "recipient", "action"].map(|field| place(&names, field));
    let mut row = csv::StringRecord::new();
    let ended = loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            ended => break ended,
        }
        let line = above + row.position().map_or(0, csv::Position::line);
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).filter(|cell| !cell.is_empty());
        let at = |what: String| wrong(&format!("{name}:{line}"), what);
        let text = |place| cell(place).map(|text| if tabs { unescaped(text) } else { Cow::Borrowed(text) });
        let [id, when, recipient, action] = [id, about[0], about[1], about[2]].map(text);
        let level = cell(level)
            .map(str::parse)
            .transpose()
            .map_err(|error: crate::error::UnknownName| at(error.to_string()))?;
        let failure = match cell(failure) {
            None => None,
            // spreadsheets write it in capitals
            Some(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Some(other) => return Err(at(format!("failure is {}, not true or false", Found::text(other)))),
        };
        let found = Row { id, level, reason: cell(why).map(Cow::Borrowed), failure, at: when, recipient, action };
        found.add(baseline).map_err(at)?;
    };
    match (reader.into_inner().failed.take(), ended) {
        (Some(error), _) => Err(error),
        (None, ended) => ended.map(drop).map_err(|error| wrong(name, error)),
    }
}

/// A cell of tsv without its escapes: `\t`, `\n`, `\r` and `\\`.
fn unescaped(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\\') {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell.chars();
    while let Some(next) = rest.next() {
        text.push(match next {
            '\\' => match rest.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    Cow::Owned(text)
}
