//! Names that shells complete, where any name may be given: a levels file can add its own.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use serveup::Model;

/// A text, completed with names of the shipped rules.
#[derive(Clone)]
pub(super) struct Suggested(fn(&Model) -> Vec<PossibleValue>);

impl Suggested {
    /// The signals, with what was observed.
    pub(super) const SIGNALS: Self = Self(|model| {
        model
            .signals()
            .iter()
            .map(|signal| PossibleValue::new(signal.name.clone()).help(signal.means.clone()))
            .collect()
    });

    /// The categories and kinds of value.
    pub(super) const VALUES: Self =
        Self(|model| model.value_names().map(str::to_owned).map(PossibleValue::new).collect());
}

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)(&Model::shipped()).into_iter()))
    }
}
