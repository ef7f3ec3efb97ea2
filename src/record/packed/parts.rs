//! What a row repeats of its record, in parts, so that nothing is put together that is only printed.

use std::borrow::Cow;

use crate::level::Level;
use crate::record::interaction::{InteractionRef, path};

/// What a row repeats of its record, in parts.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "they are the fields of the record")]
pub struct RowParts<'p> {
    pub id: Option<&'p str>,
    pub at: Option<&'p str>,
    pub recipient: Option<&'p str>,
    pub journey: Option<&'p str>,
    pub transaction: Option<&'p str>,
    pub point: &'p str,
    pub action: Option<&'p str>,
    pub claimed: Option<Level>,
}

impl<'p> RowParts<'p> {
    /// Whether the path of its point is this.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        let mut above = [self.journey, self.transaction].into_iter().flatten();
        let rest = above.try_fold(path, |path, part| path.strip_prefix(part)?.strip_prefix('/'));
        rest == Some(self.point)
    }

    /// The same as a row has it, with the path of the point.
    #[must_use]
    pub fn to_row(&self) -> InteractionRef<'p> {
        InteractionRef {
            id: self.id.map(Cow::Borrowed),
            at: self.at.map(Cow::Borrowed),
            recipient: self.recipient.map(Cow::Borrowed),
            point: path(self.journey, self.transaction, Cow::Borrowed(self.point)),
            action: self.action.map(Cow::Borrowed),
            claimed: self.claimed,
        }
    }
}
