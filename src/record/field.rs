//! The fields of a record: their names, and what each holds.

use strum::VariantArray;

/// A field of an interaction, as records name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, VariantArray)]
#[repr(u8)]
#[expect(missing_docs, reason = "Field::means describes each")]
#[strum(serialize_all = "lowercase")]
pub enum Field {
    Id,
    At,
    Recipient,
    Journey,
    Transaction,
    Point,
    Action,
    Signals,
    Value,
    Served,
    Channel,
    Stage,
    Relation,
    Provider,
    Team,
    Verdict,
    Claimed,
    Said,
    Recovers,
    Response,
    Cost,
    Tags,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One text.
    Text,
    /// A list of signal names.
    Signals,
    /// A list of categories, kinds, and kinds with amounts.
    Values,
    /// Texts by key.
    Pairs,
    /// An amount with its unit.
    Quantity,
}

impl Field {
    /// All fields, in the order people would write them.
    pub const ALL: [Self; 22] = *Self::VARIANTS.as_array().expect("all of them");

    /// The name in a record.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The field of that name.
    #[must_use]
    pub const fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"id" => Self::Id,
            b"at" => Self::At,
            b"recipient" => Self::Recipient,
            b"journey" => Self::Journey,
            b"transaction" => Self::Transaction,
            b"point" => Self::Point,
            b"action" => Self::Action,
            b"signals" => Self::Signals,
            b"value" => Self::Value,
            b"served" => Self::Served,
            b"channel" => Self::Channel,
            b"stage" => Self::Stage,
            b"relation" => Self::Relation,
            b"provider" => Self::Provider,
            b"team" => Self::Team,
            b"verdict" => Self::Verdict,
            b"claimed" => Self::Claimed,
            b"said" => Self::Said,
            b"recovers" => Self::Recovers,
            b"response" => Self::Response,
            b"cost" => Self::Cost,
            b"tags" => Self::Tags,
            _ => return None,
        })
    }

    /// What the field holds.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::Signals => Shape::Signals,
            Self::Value => Shape::Values,
            Self::Served | Self::Tags => Shape::Pairs,
            Self::Cost => Shape::Quantity,
            _ => Shape::Text,
        }
    }

    /// What it says, in a sentence.
    #[must_use]
    pub const fn means(self) -> &'static str {
        match self {
            Self::Id => "Unique, if given.",
            Self::At => {
                "When it happened: an RFC 3339 instant or a date (other forms need --date-format); on all records or on none."
            }
            Self::Recipient => "Who was served.",
            Self::Journey => "The journey that the perception point belongs to; the first part of its path.",
            Self::Transaction => "The transaction within the journey; the second part of its path.",
            Self::Point => "The perception point; the last part of its path.",
            Self::Action => "The name of the act; only repeats of named acts are tracked (the escalator).",
            Self::Signals => "What was observed.",
            Self::Value => "The value created for the recipient; an empty list means none, no list means unknown.",
            Self::Served => {
                "How the recipient was served, by key, such as cadence: weekly; compared with what they prefer."
            }
            Self::Channel => "The channel; also compared with what they prefer.",
            Self::Stage => "The part of the journey.",
            Self::Relation => "Whether a customer or a colleague was served.",
            Self::Provider => "Who served.",
            Self::Team => "Team of the provider.",
            Self::Verdict => {
                "The recipient's own verdict, which decides the level; or what an answer on a scale can say, like basic-or-below."
            }
            Self::Claimed => "The provider's own opinion of the level; it changes no rating.",
            Self::Said => "What the recipient said; shown, never scored.",
            Self::Recovers => "The id of the failure that this moment recovers.",
            Self::Response => "How a failure was met, from worst to best.",
            Self::Cost => "What it cost the provider, with its unit, such as 12.50 EUR.",
            Self::Tags => {
                "Dimensions of your own, by name, such as region: north; group by them with --by tags.region."
            }
        }
    }

    /// What to write in it, in words.
    #[must_use]
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Recipient => "who was served",
            Self::Point => "where it happened, like pick-up",
            Self::Tags => "an object of texts, like {\"region\": \"north\"}",
            _ => self.shape().in_words(),
        }
    }

    /// The name of a column that holds one of its texts by key, as an example.
    pub(crate) const fn column(self) -> &'static str {
        if matches!(self, Self::Tags) { "tags.region" } else { "served.channel" }
    }

    /// Whether every record must have it.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, Self::Recipient | Self::Point)
    }
}

impl Shape {
    /// What is allowed in such a field, in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Signals => "a list of signals, like [\"late\"]",
            Self::Values => "a list of the value created, like [\"time\"]",
            Self::Quantity => "an amount with its unit, like \"12.50 EUR\" or {\"amount\": 12.50, \"unit\": \"EUR\"}",
            Self::Pairs => "an object of texts, like {\"channel\": \"email\"}",
        }
    }
}
