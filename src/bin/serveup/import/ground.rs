//! What maps work on: JSON values, the program itself, and a zone.

use jaq_core::data::HasLut;
use jaq_core::{DataT, Lut};
use jaq_json::Val;
use serveup::Zone;

/// The kind of data that maps work on.
pub(super) struct Ground;

impl DataT for Ground {
    type V<'a> = Val;
    type Data<'a> = Known<'a>;
}

/// What the functions of a map know beside their arguments.
#[derive(Clone)]
pub(super) struct Known<'a> {
    pub(super) lut: &'a Lut<Ground>,
    /// The zone for times without offset, where one is named.
    pub(super) zone: Option<&'a Zone>,
}

impl<'a> HasLut<'a, Ground> for Known<'a> {
    fn lut(&self) -> &'a Lut<Ground> {
        self.lut
    }
}

/// A value as text: a text as it is, anything else as JSON.
pub(super) fn text_of(value: &Val) -> String {
    match value {
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        other => other.to_string(),
    }
}
