//! Rows of ratings, which are the most that is printed, straight from their fields: the same as what any row becomes,
//! but faster.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::LazyLock;

use super::separated::Separated;
use super::{Format, OutputStyle};
use crate::level::Level;
use crate::printable::FORMULA;
use crate::rating::escalator::Assessment;
use crate::rating::row::{Rating, RatingField, RatingValue};

/// Adds rows of ratings to those that were made before.
pub(super) struct RatingRows {
    form: Form,
    ruled: Ruled,
}

/// What a row looks like.
#[derive(Clone, Copy)]
enum Form {
    /// A line of separated values.
    Line { separated: Separated, escape_formulas: bool },
    /// A JSON object.
    Object,
}

impl RatingRows {
    /// Those of a style; `None` where rows are laid out by what else is in them.
    pub(super) fn new(style: OutputStyle) -> Option<Self> {
        let form = match (style.format, Separated::of(style.format)) {
            (_, Some(separated)) => Form::Line { separated, escape_formulas: style.escape_formulas },
            (Format::Json | Format::Jsonl, None) => Form::Object,
            _ => return None,
        };
        Some(Self { form, ruled: Ruled::default() })
    }

    /// Adds the row of a rating, without what stands between two; `plain` says that no text of the record holds a quote,
    /// a backslash or a control character.
    pub(super) fn add(&mut self, bytes: &mut Vec<u8>, rating: &Rating<'_>, plain: bool) -> io::Result<()> {
        let Self { form, ruled } = self;
        let add = |bytes: &mut Vec<u8>, fields: &[RatingField], plain| {
            fields.iter().try_for_each(|field| form.add(bytes, *field, rating, plain))
        };
        add(bytes, RatingField::GIVEN, plain)?;
        ruled.add(bytes, rating, |bytes| add(bytes, RatingField::RULED, true))?;
        if rating.details.is_some() {
            add(bytes, RatingField::EXPLAINING, false)?;
        }
        if let Form::Object = form {
            bytes.push(b'}');
        }
        Ok(())
    }
}

impl Form {
    /// Adds a field with what comes before it.
    #[inline]
    fn add(self, bytes: &mut Vec<u8>, field: RatingField, rating: &Rating<'_>, plain: bool) -> io::Result<()> {
        match self {
            Self::Line { separated, .. } if field != RatingField::ALL[0] => bytes.push(separated.separator()),
            Self::Line { .. } => {}
            Self::Object => bytes.extend_from_slice(&KEYS[field as usize]),
        }
        match (field.of(rating), self) {
            (RatingValue::Absent, Self::Line { .. }) => {}
            (RatingValue::Absent, Self::Object) => bytes.extend_from_slice(b"null"),
            (RatingValue::Number(number), _) => add_number(bytes, number),
            (RatingValue::Flag(flag), _) => bytes.extend_from_slice(if flag { b"true" } else { b"false" }),
            (RatingValue::Name(name), Self::Line { .. }) => bytes.extend_from_slice(name.as_bytes()),
            (RatingValue::Name(name), Self::Object) => add_quoted(bytes, name),
            (RatingValue::Text(text), Self::Line { separated: Separated::Tsv, escape_formulas: false }) if plain => {
                bytes.extend_from_slice(text.as_bytes());
            }
            (RatingValue::Text(text), Self::Line { separated, escape_formulas }) => {
                separated.cell(bytes, harmless(text, escape_formulas).as_bytes());
            }
            (RatingValue::Text(text), Self::Object) if plain => add_quoted(bytes, text),
            (RatingValue::Text(text), Self::Object) => add_text(bytes, text)?,
            (RatingValue::Names(names), Self::Line { separated, .. }) => {
                separated.cell(bytes, names.join(";").as_bytes());
            }
            (RatingValue::Names(names), Self::Object) => add_list(bytes, names.iter().copied())?,
            (RatingValue::Lines(lines), Self::Line { separated, escape_formulas }) => {
                let lines: Vec<_> = lines.iter().map(|line| harmless(line, escape_formulas)).collect();
                separated.cell(bytes, lines.join(";").as_bytes());
            }
            (RatingValue::Lines(lines), Self::Object) => add_list(bytes, lines.iter().map(String::as_str))?,
        }
        Ok(())
    }
}

/// Where what the rules say of ratings stands in the rows that were made before: most rows repeat it.
struct Ruled {
    /// Each in the place of its key, and the last of those that share one.
    places: Vec<(u32, Range<usize>)>,
}

impl Default for Ruled {
    fn default() -> Self {
        Self { places: vec![(0, 0..0); 1 << Self::BITS] }
    }
}

impl Ruled {
    const BITS: u32 = 8;

    /// Adds what `write` writes of a rating, copied where it was written before.
    fn add(
        &mut self,
        bytes: &mut Vec<u8>,
        rating: &Rating<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let key = Self::key(rating);
        let place = &mut self.places[(key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - Self::BITS)) as usize];
        if place.0 == key {
            bytes.extend_from_within(place.1.clone());
            return Ok(());
        }
        let start = bytes.len();
        write(bytes)?;
        *place = (key, start..bytes.len());
        Ok(())
    }

    /// All that [`RatingField::RULED`] is made of, four bits each; never 0.
    fn key(rating: &Rating<'_>) -> u32 {
        // all but what explained rows alone have
        let Assessment { level, assessed, evidence, worth: _, own: _, owed: _, standing, next, reason, failure } =
            rating.assessment;
        let rank = |level: Option<Level>| level.map_or(0, |level| u32::from(level.rank()));
        let parts = [
            rank(Some(level)),
            rank(Some(assessed)),
            rank(Some(evidence)),
            rank(standing),
            rank(next),
            reason as u32,
            u32::from(failure),
            rank(rating.outline.claimed),
        ];
        parts.into_iter().fold(0, |key, part| key << 4 | part)
    }
}

/// What comes before each value of a JSON object.
static KEYS: LazyLock<[Vec<u8>; RatingField::ALL.len()]> = LazyLock::new(|| {
    RatingField::ALL.map(|field| {
        let before = if field == RatingField::ALL[0] { '{' } else { ',' };
        format!("{before}\"{}\":", field.name()).into_bytes()
    })
});

/// A text; where formulas are escaped, one that no spreadsheet takes for such.
fn harmless(text: &str, escape_formulas: bool) -> Cow<'_, str> {
    if escape_formulas && text.starts_with(FORMULA) { Cow::Owned(["'", text].concat()) } else { Cow::Borrowed(text) }
}

fn add_number(bytes: &mut Vec<u8>, number: i8) {
    if number < 0 {
        bytes.push(b'-');
    }
    match number.unsigned_abs() {
        digit @ 0..10 => bytes.push(b'0' + digit),
        // no rank is that high
        number => bytes.extend_from_slice(number.to_string().as_bytes()),
    }
}

fn add_list<'t>(bytes: &mut Vec<u8>, texts: impl Iterator<Item = &'t str>) -> io::Result<()> {
    bytes.push(b'[');
    for (index, text) in texts.enumerate() {
        if index > 0 {
            bytes.push(b',');
        }
        add_text(bytes, text)?;
    }
    bytes.push(b']');
    Ok(())
}

fn add_text(bytes: &mut Vec<u8>, text: &str) -> io::Result<()> {
    // without a way out, the loop looks at many bytes at once
    let is_odd = text.bytes().fold(false, |odd, byte| odd | matches!(byte, 0..b' ' | b'"' | b'\\'));
    if is_odd {
        serde_json::to_writer(bytes, text)?;
    } else {
        add_quoted(bytes, text);
    }
    Ok(())
}

/// Adds a text in which nothing needs escaping.
fn add_quoted(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'"');
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'"');
}
