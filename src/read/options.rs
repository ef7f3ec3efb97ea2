//! How records are read.

use super::form::Form;
use crate::record::draft::Reading;

/// How records are read.
#[derive(Clone, Debug)]
pub struct Options<'m> {
    /// The rules with their names, and the zone for civil times.
    pub reading: Reading<'m>,
    /// Whether records that cannot be taken are rejected and counted, and reading goes on.
    pub keep_going: bool,
    /// Whether fields that are unknown, and recoveries of unknown failures, are errors.
    pub strict: bool,
    /// How many threads there are.
    pub threads: usize,
    /// What is known of the form of the sources.
    pub form: Form,
}

impl<'m> Options<'m> {
    /// The first error ends reading, unknown fields are only reported, and there is one thread.
    #[must_use]
    pub fn new(reading: impl Into<Reading<'m>>) -> Self {
        Self { reading: reading.into(), keep_going: false, strict: false, threads: 1, form: Form::UNKNOWN }
    }
}

impl Options<'_> {
    /// Whether records that were accepted may have to be taken back in the end.
    #[must_use]
    pub const fn takes_back(&self) -> bool {
        self.strict && self.keep_going
    }
}
