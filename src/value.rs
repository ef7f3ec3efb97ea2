//! The four value categories, their kinds, and amounts (section 6 of the model).

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

/// What kind of thing the person served gained. Categories are told apart, not
/// ranked, so they have no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Can be measured; may carry an amount and a unit.
    Quantified,
    /// Felt.
    Emotional,
    /// Between people.
    Relational,
    /// For a whole life.
    Existential,
}

impl Category {
    /// All four, in the order people are shown them.
    pub const ALL: [Self; 4] = [Self::Quantified, Self::Emotional, Self::Relational, Self::Existential];

    /// The names, in the same order.
    pub const NAMES: [&'static str; 4] = ["quantified", "emotional", "relational", "existential"];

    /// The fixed name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self.index()]
    }

    /// The place in [`Category::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A category or a kind of the effective rules, as a place: the four
/// categories first, then the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(u8);

impl ValueId {
    /// How many kinds a rulebook may hold.
    pub const MAX_KINDS: usize = 124;

    /// The place of a category.
    #[must_use]
    pub const fn category(category: Category) -> Self {
        Self(category as u8)
    }

    pub(crate) fn kind(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|&kind| usize::from(kind) < Self::MAX_KINDS).map(|kind| Self(kind + 4))
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// The value of these bits; `None` where the rules have fewer.
    pub(crate) const fn from_bits(bits: u8) -> Option<Self> {
        if (bits as usize) < Self::MAX_KINDS + 4 { Some(Self(bits)) } else { None }
    }

    /// The category itself, or else the place of the kind in [`Model::kinds`](crate::Model::kinds): no failure,
    /// but the other of two.
    pub fn resolve(self) -> Result<Category, usize> {
        let index = usize::from(self.0);
        Category::ALL.get(index).copied().ok_or(index.saturating_sub(Category::ALL.len()))
    }
}

/// A set of categories and kinds of one rulebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValueSet(u128);

impl ValueSet {
    /// Nothing.
    pub const EMPTY: Self = Self(0);

    pub(crate) const fn bits(self) -> u128 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Puts a category or kind in.
    pub const fn insert(&mut self, value: ValueId) {
        self.0 |= 1 << value.0;
    }

    /// Whether the category or kind was named.
    #[must_use]
    pub const fn contains(self, value: ValueId) -> bool {
        self.0 & (1 << value.0) != 0
    }

    /// Whether nothing was named.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What either set holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have something in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What was named, categories first.
    pub fn iter(self) -> impl Iterator<Item = ValueId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let lowest = u8::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
            rest &= rest - 1;
            Some(ValueId(lowest))
        })
    }
}

/// A measured amount of one quantified kind, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The kind it measures, or the category `quantified` itself.
    pub value: ValueId,
    /// The unit as written, where one was given.
    pub unit: Option<String>,
    /// The amount, zero or more, of at most 15 significant digits.
    pub amount: Decimal,
}

/// An amount with its unit, exact: what a moment cost, or what one more purchase brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The amount, zero or more, of at most 15 significant digits.
    pub amount: Decimal,
    /// The unit as written, where one was given.
    pub unit: Option<String>,
}

impl Quantity {
    /// What is written as `12.50 EUR`, or without a unit; `None` where that is no amount.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (amount, unit) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        Some(Self {
            amount: exact(amount)?,
            unit: Some(unit.trim()).filter(|unit| !unit.is_empty()).map(str::to_owned),
        })
    }
}

/// What a moment created in the recipient's eyes, by the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Created {
    /// The categories and kinds named; empty says that nothing was created.
    pub named: ValueSet,
    /// The amounts given with them.
    pub amounts: Vec<Amount>,
}

/// The sum of two amounts; `None` where it cannot be kept exactly.
pub(crate) fn exact_sum(one: Decimal, other: Decimal) -> Option<Decimal> {
    one.checked_add(other).filter(|sum| sum.scale() >= one.scale().max(other.scale()))
}

/// How many significant digits an amount may have: as many as any double keeps, so that no other program
/// changes it on the way.
const MOST_DIGITS: usize = 15;

/// An amount as written, `12.50` or `1.25e1`: zero or more, and of no more digits than are kept exactly.
pub(crate) fn exact(text: &str) -> Option<Decimal> {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (negative, plain) = text.strip_prefix('-').map_or((false, text), |plain| (true, plain));
    let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
        Some((mantissa, exponent)) if all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) => {
            (mantissa, exponent)
        }
        Some(_) => return None,
        None => (plain, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let behind = i64::try_from(digits.len() - significant.len()).ok()? - i64::try_from(fraction.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some(Decimal::ZERO);
    }
    if negative || significant.len() > MOST_DIGITS {
        return None;
    }
    let power = behind.checked_add(exponent.parse().ok()?)?;
    let up = 10_i128.checked_pow(u32::try_from(power.max(0)).ok()?)?;
    let scale = u32::try_from(power.min(0).checked_neg()?).ok()?;
    Decimal::try_from_i128_with_scale(significant.parse::<i128>().ok()?.checked_mul(up)?, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_numbers_of_few_digits() {
        for (text, amount) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("0e400", "0"),
            ("12.50", "12.5"),
            ("007", "7"),
            ("1e3", "1000"),
            ("1.25E+1", "12.5"),
            ("125e-1", "12.5"),
            ("1e28", "10000000000000000000000000000"),
            ("1e-28", "0.0000000000000000000000000001"),
            ("999999999999999", "999999999999999"),
            ("0.00123456789012345", "0.00123456789012345"),
            ("1000000000000000000.000", "1000000000000000000"),
        ] {
            assert_eq!(exact(text).map(|amount| amount.normalize().to_string()).as_deref(), Some(amount), "{text}");
        }
        for text in [
            "",
            "-",
            "-1",
            "-1e-30",
            "+1",
            "1_000",
            "_1",
            "1,5",
            "1.",
            ".5",
            "1.2.3",
            "e3",
            "1e",
            "1e+",
            "1e1_0",
            "1e1.5",
            " 1",
            "1 ",
            "0x10",
            "١٢",
            "NaN",
            "inf",
            "1000000000000001",
            "1.234567890123456",
            "1e29",
            "1e-29",
            "1e400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
        ] {
            assert_eq!(exact(text), None, "{text}");
        }
        let zeros = "0".repeat(1000);
        assert_eq!(exact(&format!("{zeros}1.5{zeros}")), Decimal::try_from_i128_with_scale(15, 1).ok());
    }
}
