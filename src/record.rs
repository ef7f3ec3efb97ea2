//! An interaction and a recipient: their fields, as drafts and checked.

pub(crate) mod draft;
pub(crate) mod field;
pub(crate) mod interaction;
pub(crate) mod owned;
pub(crate) mod packed;
pub(crate) mod position;
pub(crate) mod row;
#[cfg(any(feature = "read", feature = "template"))]
pub(crate) mod sheets;
pub(crate) mod tag;
pub(crate) mod timing;
pub(crate) mod window;
