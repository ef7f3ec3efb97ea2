//! Which fields of an interaction are set aside.

use crate::record::field::Field;

/// Which fields of an interaction are set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields(pub(super) u32);

impl Fields {
    /// None: nothing is set aside.
    pub const NONE: Self = Self(0);

    /// All of them.
    pub const ALL: Self = Self((1 << Field::ALL.len()) - 1);

    /// What a row of ratings repeats of its record.
    pub const ROW: Self = Self::of(&[
        Field::Id,
        Field::At,
        Field::Recipient,
        Field::Journey,
        Field::Transaction,
        Field::Point,
        Field::Action,
        Field::Claimed,
    ]);

    /// What explains a rating, with the row itself: all that its level hangs on.
    pub const EXPLAINED: Self =
        Self::ROW.and(Self::of(&[Field::Signals, Field::Value, Field::Served, Field::Channel, Field::Verdict]));

    /// Which failures were recovered by what.
    pub(crate) const RECOVERIES: Self = Self::of(&[Field::Id, Field::Recovers]);

    /// These fields.
    #[must_use]
    pub const fn of(fields: &[Field]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < fields.len() {
            bits |= Self::bit(fields[index]);
            index += 1;
        }
        Self(bits)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, those: Self) -> Self {
        Self(self.0 | those.0)
    }

    pub(super) const fn bit(field: Field) -> u32 {
        1 << field as u32
    }

    pub(super) const fn has(self, field: Field) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// Whether nothing is set aside.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
