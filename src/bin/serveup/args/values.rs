//! Texts of the command line as values.

use std::ffi::OsStr;
use std::num::{NonZeroU32, NonZeroUsize};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use serveup::assess::Dimension;
use serveup::assess::recovery::By;
use serveup::{Column, Every, Level, Verdict, nearest};

pub(super) fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::NAMES).try_map(|name| name.parse::<Level>())
}

pub(super) fn verdict() -> impl TypedValueParser<Value = Verdict> {
    PossibleValuesParser::new(Verdict::NAMES).try_map(|name| name.parse::<Verdict>())
}

pub(super) fn dimension() -> impl TypedValueParser<Value = Dimension> {
    Grouping { names: &Dimension::NAMES, parse: |name| name.parse().ok() }
}

/// A column of rows.
pub(super) fn column(name: &str) -> Result<Column, String> {
    name.parse().map_err(|_| match nearest(&name.replace('_', "-"), Column::names()) {
        Some(near) => format!("did you mean \"{near}\"? serveup rate --help lists the columns"),
        None => "serveup rate --help lists the columns".to_owned(),
    })
}

/// What failures are grouped by.
pub(super) fn by() -> impl TypedValueParser<Value = By> {
    Grouping { names: &By::NAMES, parse: |name| name.parse().ok() }
}

/// What can be grouped by: one of some names, or a tag, whatever its name.
#[derive(Clone)]
struct Grouping<T> {
    names: &'static [&'static str],
    parse: fn(&str) -> Option<T>,
}

impl<T> Grouping<T> {
    /// The names, and how a tag is written.
    fn forms(&self) -> impl Iterator<Item = &'static str> + use<T> {
        self.names.iter().copied().chain(["tags.NAME"])
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Grouping<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        if let Some(known) = value.to_str().and_then(self.parse) {
            return Ok(known);
        }
        // the names are said, and the nearest of them
        PossibleValuesParser::new(self.forms()).parse_ref(command, arg, value)?;
        Err(Error::new(ErrorKind::InvalidValue).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.forms().map(PossibleValue::new)))
    }
}

/// A share from 0 to 1, or from 0 % to 100 %.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let (digits, whole) = text.strip_suffix('%').map_or((text, 1.0), |digits| (digits.trim_end(), 100.0));
    let share = digits.parse::<f64>().ok().map(|share| share / whole);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a share from 0 to 1, or from 0% to 100%".to_owned())
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write a key and a text, like channel=email".to_owned()),
    }
}

/// The most threads that can be asked for: far more than help anyone, far fewer than a system refuses.
pub(crate) const MOST_THREADS: usize = 256;

pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().filter(|number: &NonZeroUsize| number.get() <= MOST_THREADS);
    number.ok_or_else(|| format!("write a whole number from 1 to {MOST_THREADS}"))
}

pub(super) fn days(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "write a whole number of days, 1 or more".to_owned())
}

pub(super) fn span(text: &str) -> Result<Every, String> {
    text.parse().map_err(|_| "write a length of time, like 7d, 2w, 36h or 1mo".to_owned())
}
