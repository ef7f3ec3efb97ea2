//! What moments can be grouped by.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::UnknownName;
use crate::record::interaction::{Interaction, Relation, Stage};
use crate::record::tag::Tag;

/// A dimension of an interaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the fields of a record of the same names")]
pub enum Dimension {
    /// The path of the perception point.
    Point,
    Recipient,
    Transaction,
    Journey,
    Channel,
    Stage,
    Relation,
    Provider,
    Team,
    Action,
    /// A dimension of one's own.
    Tag(Tag),
}

/// By this one alone.
impl From<Dimension> for Vec<Dimension> {
    fn from(dimension: Dimension) -> Self {
        vec![dimension]
    }
}

impl Dimension {
    /// All dimensions that every record may have; tags are beside them.
    pub const ALL: [Self; 10] = [
        Self::Point,
        Self::Recipient,
        Self::Transaction,
        Self::Journey,
        Self::Channel,
        Self::Stage,
        Self::Relation,
        Self::Provider,
        Self::Team,
        Self::Action,
    ];

    /// Their names, in the same order.
    pub const NAMES: [&'static str; 10] =
        ["point", "recipient", "transaction", "journey", "channel", "stage", "relation", "provider", "team", "action"];

    /// The names that can be asked for, and how a tag is.
    pub(crate) const FORMS: [&'static str; Self::NAMES.len() + 1] = {
        let mut forms = ["tags.NAME"; Self::NAMES.len() + 1];
        forms.split_at_mut(Self::NAMES.len()).0.copy_from_slice(&Self::NAMES);
        forms
    };

    /// The name in a record; `point` means the whole path.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Point => "point",
            Self::Recipient => "recipient",
            Self::Transaction => "transaction",
            Self::Journey => "journey",
            Self::Channel => "channel",
            Self::Stage => "stage",
            Self::Relation => "relation",
            Self::Provider => "provider",
            Self::Team => "team",
            Self::Action => "action",
            Self::Tag(tag) => return Cow::Owned(tag.name().to_owned()),
        })
    }

    /// The tag that it is, if it is one.
    #[must_use]
    pub const fn tag(&self) -> Option<&Tag> {
        if let Self::Tag(tag) = self { Some(tag) } else { None }
    }

    /// The value of an interaction; `None` where it is not given.
    #[must_use]
    pub fn of<'a>(&self, interaction: &'a Interaction<'_>) -> Option<Cow<'a, str>> {
        match self {
            Self::Point => Some(interaction.path()),
            Self::Recipient => Some(Cow::Borrowed(&interaction.recipient)),
            Self::Transaction => interaction.transaction.as_deref().map(Cow::Borrowed),
            Self::Journey => interaction.journey.as_deref().map(Cow::Borrowed),
            Self::Channel => interaction.channel.as_deref().map(Cow::Borrowed),
            Self::Stage => interaction.stage.map(Stage::name).map(Cow::Borrowed),
            Self::Relation => interaction.relation.map(Relation::name).map(Cow::Borrowed),
            Self::Provider => interaction.provider.as_deref().map(Cow::Borrowed),
            Self::Team => interaction.team.as_deref().map(Cow::Borrowed),
            Self::Action => interaction.action.as_deref().map(Cow::Borrowed),
            Self::Tag(tag) => interaction.tag(tag.key()).map(Cow::Borrowed),
        }
    }
}

impl Dimension {
    /// Adds the value of an interaction to a text; `false` where it is not given.
    pub(super) fn push(&self, interaction: &Interaction<'_>, text: &mut String) -> bool {
        if *self == Self::Point {
            interaction.push_path(text);
            return true;
        }
        let value = self.of(interaction);
        text.push_str(value.as_deref().unwrap_or_default());
        value.is_some()
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl FromStr for Dimension {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = Self::ALL.into_iter().find(|dimension| dimension.name() == name);
        let tag = || Tag::named(name).map(Self::Tag);
        known.or_else(tag).ok_or_else(|| UnknownName::new("dimension", name, &Self::FORMS))
    }
}

impl serde::Serialize for Dimension {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}
