//! The columns to fill in: what each says, how it is written in a cell, and the examples.

use crate::record::draft::RecipientDraft;
use crate::record::field::Field;

/// A column of a table to fill in, with a cell for each example row.
pub(super) struct Column<const ROWS: usize> {
    /// Its name in the header, which readers know it by.
    pub(super) name: &'static str,
    /// How it is written in a cell, beside what the field means.
    pub(super) how: &'static str,
    /// What tells the meaning of its key.
    means: fn(&str) -> &'static str,
    /// What can be chosen in it.
    pub(super) choice: Choice,
    /// How wide it is, in characters.
    pub(super) width: u16,
    pub(super) examples: [&'static str; ROWS],
}

/// What can be chosen in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Any text.
    Free,
    /// A date or a date-time.
    When,
    Level,
    /// A level, or another word of the recipient's scale.
    Verdict,
    /// Signals, also several.
    Signals,
    /// Categories and kinds of value, also several.
    Value,
    Stage,
    Relation,
    Response,
}

impl<const ROWS: usize> Column<ROWS> {
    const fn new(name: &'static str, width: u16, examples: [&'static str; ROWS]) -> Self {
        Self { name, how: "", means: field_means, choice: Choice::Free, width, examples }
    }

    const fn of_recipient(name: &'static str, width: u16, examples: [&'static str; ROWS]) -> Self {
        Self { means: RecipientDraft::means, ..Self::new(name, width, examples) }
    }

    const fn how(self, how: &'static str) -> Self {
        Self { how, ..self }
    }

    const fn choice(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// What the column says, in a sentence.
    pub(super) fn means(&self) -> &'static str {
        let (key, _) = self.name.split_once('.').unwrap_or((self.name, ""));
        (self.means)(key)
    }
}

fn field_means(name: &str) -> &'static str {
    Field::named(name.as_bytes()).map_or("", Field::means)
}

/// Interactions: what people note first comes first. The examples are a good moment, a failure, and
/// a surprise that makes up for it.
pub(super) const INTERACTION: [Column<3>; Field::ALL.len()] = [
    Column::new("at", 17, ["2026-01-05", "2026-01-08", "2026-01-09"]).choice(Choice::When).how(
        "A date like 2026-01-05. Where times of day are given, rate with --timezone, like --timezone Europe/Berlin.",
    ),
    Column::new("recipient", 14, ["ada", "ben", "ben"]).how("Required. Written the same every time."),
    Column::new("point", 14, ["advice", "pick-up", "pick-up"]).how("Required. Written the same every time."),
    Column::new("transaction", 14, ["repair", "repair", "repair"]),
    Column::new("journey", 14, ["bicycle", "bicycle", "bicycle"]),
    Column::new("action", 16, ["", "", "free-lights"]).how("Written the same every time it is done."),
    Column::new("signals", 24, ["as-agreed", "late; chased", "unexpected"])
        .choice(Choice::Signals)
        .how("Names from the sheet signals; several are joined by ;"),
    Column::new("value", 20, ["", "", "felt-good"])
        .choice(Choice::Value)
        .how("Names from the sheet value; several are joined by ; and [] says that there was none."),
    Column::new("verdict", 14, ["", "", "surprising"]).choice(Choice::Verdict).how("A level from the sheet levels."),
    Column::new("said", 40, ["", "I had to call you twice.", "I did not expect that!"]),
    Column::new("claimed", 14, ["", "expected", ""]).choice(Choice::Level).how("A level from the sheet levels."),
    Column::new("channel", 12, ["phone", "", ""]),
    Column::new("served.pace", 14, ["unhurried", "", ""])
        .how("One column for each key: rename this one, or add others like served.cadence."),
    Column::new("stage", 12, ["beginning", "end", "end"]).choice(Choice::Stage).how("beginning, middle or end."),
    Column::new("relation", 12, ["external", "external", "external"])
        .choice(Choice::Relation)
        .how("external or internal."),
    Column::new("provider", 14, ["kim", "kim", "lou"]),
    Column::new("team", 14, ["workshop", "workshop", "workshop"]),
    Column::new("id", 10, ["m1", "m2", "m3"]).how("Only needed where another row recovers this one."),
    Column::new("recovers", 12, ["", "", "m2"]),
    Column::new("response", 16, ["", "", "responsibility"])
        .choice(Choice::Response)
        .how("A rung from the sheet response."),
    Column::new("cost", 12, ["", "", "8 EUR"]).how("An amount and its unit."),
    Column::new("tags.region", 14, ["north", "north", "north"])
        .how("One column for each dimension of your own: rename this one, or add others like tags.tier."),
];

/// The people served.
pub(super) const RECIPIENT: [Column<2>; 7] = [
    Column::of_recipient("id", 14, ["ada", "ben"])
        .how("Required. What the column recipient of the sheet interactions says."),
    Column::of_recipient("name", 24, ["Ada Example", "Ben Example"]),
    Column::of_recipient("since", 14, ["", ""])
        .choice(Choice::When)
        .how("Empty: from the beginning. For a wish learned later, another row with the same id."),
    Column::of_recipient("prefers.channel", 18, ["phone", ""])
        .how("Compared with the column channel; several are joined by ; and any will do."),
    Column::of_recipient("prefers.pace", 18, ["unhurried", ""])
        .how("Compared with the column served.pace: one column for each key."),
    Column::of_recipient("values", 30, ["understood; time", "emotional"])
        .choice(Choice::Value)
        .how("Names from the sheet value; several are joined by ;"),
    Column::of_recipient("worth", 12, ["", "60 EUR"]).how("An amount and its unit."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_column_that_is_explained() {
        let of = |name: &'static str| name.split('.').next().and_then(|name| Field::named(name.as_bytes()));
        let fields: BTreeSet<_> = INTERACTION.iter().filter_map(|column| of(column.name)).map(Field::name).collect();
        assert_eq!(fields, Field::ALL.map(Field::name).into());
        let keys: BTreeSet<_> = RECIPIENT.iter().filter_map(|column| column.name.split('.').next()).collect();
        assert_eq!(keys, RecipientDraft::KEYS.into());
        assert!(INTERACTION.iter().all(|column| !column.means().is_empty()));
        assert!(RECIPIENT.iter().all(|column| !column.means().is_empty()));
    }
}
