//! The level of one moment as a row, with what explains it.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use strum::VariantArray;

use crate::level::{Half, Level};
use crate::rating::escalator::{Assessment, Facts, assess};
use crate::rating::finding::{LevelWording, Speech};
use crate::rating::why::{RatedMoment, gap};
use crate::record::interaction::{Interaction, InteractionRef};
use crate::rules::Model;
use crate::value::Category;

/// The categories in which a moment created value, each once; `None` if that is unknown.
fn categories(model: &Model, interaction: &Interaction<'_>) -> Option<Vec<&'static str>> {
    let created = interaction.value.as_ref()?;
    let meant = |category| created.named.iter().any(|value| model.category_of(value) == category);
    Some(Category::ALL.into_iter().filter(|&category| meant(category)).map(Category::name).collect())
}

/// A level for one moment, with its reason: a row of `serveup rate`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rating<'a> {
    /// Which moment it was.
    pub outline: InteractionRef<'a>,
    /// Its level, and how it came about.
    pub assessment: Assessment,
    /// What explains it; left out of brief rows.
    pub details: Option<Details>,
}

/// What explains a rating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The categories of value created; `None` if unknown.
    pub value: Option<Vec<&'static str>>,
    /// The one thing that would have put the moment higher, if one thing would.
    pub near_miss: Option<String>,
    /// At most five lines that a person can check by hand.
    pub why: Vec<String>,
}

impl Details {
    /// What explains the level of a moment.
    #[must_use]
    pub fn of(moment: &RatedMoment<'_, '_>, wording: LevelWording) -> Self {
        // it is looked for once: that takes longer than all the rest
        let near_miss = moment.near_miss();
        Self {
            value: categories(moment.model, moment.interaction),
            near_miss: near_miss.map(|near_miss| Speech::new(moment.model, wording).near_miss(near_miss)),
            why: moment.why_with(wording, near_miss),
        }
    }
}

impl<'a> Rating<'a> {
    /// The rating of a moment, explained.
    #[must_use]
    pub fn of(moment: &RatedMoment<'_, 'a>, wording: LevelWording) -> Self {
        Self::outlined(moment, moment.interaction.outline(), Some(wording))
    }

    /// The rating of a moment, without what explains it.
    #[must_use]
    pub fn unexplained(moment: &RatedMoment<'_, 'a>) -> Self {
        Self::outlined(moment, moment.interaction.outline(), None)
    }

    /// The rating of a moment of which the outline is known, explained where that is asked for.
    #[must_use]
    pub fn outlined(moment: &RatedMoment<'_, '_>, outline: InteractionRef<'a>, wording: Option<LevelWording>) -> Self {
        let details = wording.map(|wording| Details::of(moment, wording));
        Self { outline, assessment: moment.assessment, details }
    }

    /// The same of an interaction whose level is known.
    #[must_use]
    pub fn short(interaction: &'a Interaction<'_>, assessment: Assessment) -> Self {
        Self { outline: interaction.outline(), assessment, details: None }
    }

    /// A row in which nothing happened: for the names of its columns.
    #[must_use]
    pub fn blank(model: &Model, explained: bool) -> Self {
        Self {
            outline: InteractionRef::default(),
            assessment: assess(model, Facts::NOTHING, None),
            details: explained.then(Details::default),
        }
    }

    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Rating<'static> {
        let Self { outline, assessment, details } = self;
        Rating { outline: outline.into_owned(), assessment, details }
    }

    /// The claim minus the level, in ranks; positive: the provider thinks too well of it.
    #[must_use]
    pub fn gap(&self) -> Option<i8> {
        self.outline.claimed.map(|claimed| gap(claimed, self.assessment.level))
    }
}

/// A field of a row of ratings. This list is where rows are defined: their order, their short
/// form, their columns and their schema all come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, VariantArray)]
#[expect(missing_docs, reason = "the schema describes each")]
#[strum(serialize_all = "snake_case")]
pub enum RatingField {
    Id,
    At,
    Recipient,
    Point,
    Action,
    Level,
    Rank,
    Assessed,
    Evidence,
    Standing,
    Next,
    Reason,
    Failure,
    Claimed,
    Gap,
    Value,
    NearMiss,
    Why,
}

/// What is in a field of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RatingValue<'r> {
    /// Nothing.
    Absent,
    /// A text of the record.
    Text(&'r str),
    /// A name of the model.
    Name(&'static str),
    /// A rank, or a difference of ranks.
    Number(i8),
    /// Yes or no.
    Flag(bool),
    /// Names of the model.
    Names(&'r [&'static str]),
    /// Lines in words.
    Lines(&'r [String]),
}

impl RatingField {
    /// All fields, in the order of a row.
    pub const ALL: [Self; 18] = *Self::VARIANTS.as_array().expect("all of them");

    /// Those of a row that is not explained.
    pub const BRIEF: &'static [Self] = Self::ALL.split_at(Self::Value as usize).0;

    /// Those that explain a row.
    #[cfg(feature = "print")]
    pub(crate) const EXPLAINING: &'static [Self] = Self::ALL.split_at(Self::Value as usize).1;

    /// Those that repeat texts of the record.
    #[cfg(feature = "print")]
    pub(crate) const GIVEN: &'static [Self] = Self::ALL.split_at(Self::Level as usize).0;

    /// Those between: what the rules say, and the claim that is compared with it.
    #[cfg(feature = "print")]
    pub(crate) const RULED: &'static [Self] = Self::BRIEF.split_at(Self::Level as usize).1;

    /// The name in a row.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What is there in the row of a rating.
    #[must_use]
    #[inline]
    pub fn of<'r>(self, rating: &'r Rating<'_>) -> RatingValue<'r> {
        let Rating { outline, assessment, details } = rating;
        let level = |level: Level| RatingValue::Name(level.name());
        match self {
            Self::Id => outline.id.as_deref().into(),
            Self::At => outline.at.as_deref().into(),
            Self::Recipient => outline.recipient.as_deref().into(),
            Self::Point => RatingValue::Text(&outline.point),
            Self::Action => outline.action.as_deref().into(),
            Self::Level => level(assessment.level),
            Self::Rank => RatingValue::Number(assessment.level.rank().cast_signed()),
            Self::Assessed => level(assessment.assessed),
            Self::Evidence => level(assessment.evidence),
            Self::Standing => assessment.standing.map_or(RatingValue::Absent, level),
            Self::Next => assessment.next.map_or(RatingValue::Absent, level),
            Self::Reason => RatingValue::Name(assessment.reason.name()),
            Self::Failure => RatingValue::Flag(assessment.failure),
            Self::Claimed => outline.claimed.map_or(RatingValue::Absent, level),
            Self::Gap => rating.gap().map_or(RatingValue::Absent, RatingValue::Number),
            Self::Value => {
                let value = details.as_ref().and_then(|details| details.value.as_deref());
                value.map_or(RatingValue::Absent, RatingValue::Names)
            }
            Self::NearMiss => details.as_ref().and_then(|details| details.near_miss.as_deref()).into(),
            Self::Why => details.as_ref().map_or(RatingValue::Absent, |details| RatingValue::Lines(&details.why)),
        }
    }
}

impl<'r> From<Option<&'r str>> for RatingValue<'r> {
    fn from(text: Option<&'r str>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

impl Serialize for RatingValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Name(name) => serializer.serialize_str(name),
            Self::Number(number) => serializer.serialize_i8(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Names(names) => names.serialize(serializer),
            Self::Lines(lines) => lines.serialize(serializer),
        }
    }
}

impl Rating<'_> {
    /// The fields of its row: all of them if it is explained.
    #[must_use]
    pub const fn fields(&self) -> &'static [RatingField] {
        if self.details.is_some() { &RatingField::ALL } else { RatingField::BRIEF }
    }

    /// Begins the row of this rating, with room for fields of the caller's
    /// after its own; the caller ends it.
    pub fn open_row<S: Serializer>(&self, serializer: S, more: usize) -> Result<S::SerializeStruct, S::Error> {
        let mut row = serializer.serialize_struct("rating", self.fields().len() + more)?;
        for field in self.fields() {
            row.serialize_field(field.name(), &field.of(self))?;
        }
        Ok(row)
    }
}

impl Serialize for Rating<'_> {
    /// The row of `serveup rate`; brief rows end after `gap`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.open_row(serializer, 0)?.end()
    }
}

/// A rating with what its level means and what takes it up a step.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedRating<'a> {
    #[cfg_attr(feature = "schema", schemars(flatten))]
    /// The rating.
    pub rating: Rating<'a>,
    /// The half of the scale its level lies in.
    pub half: Half,
    /// What the recipient lives through at that level.
    pub means: &'a str,
    /// What takes the next step up from there.
    pub step_up: &'a str,
}

impl<'a> ExplainedRating<'a> {
    /// The same rating with what the rules say about its level.
    #[must_use]
    pub fn new(model: &'a Model, rating: Rating<'a>) -> Self {
        let rule = model.level(rating.assessment.level);
        Self { half: rating.assessment.level.half(), means: &rule.means, step_up: &rule.step_up, rating }
    }
}

impl Serialize for ExplainedRating<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = self.rating.open_row(serializer, 3)?;
        SerializeStruct::serialize_field(&mut row, "half", &self.half)?;
        SerializeStruct::serialize_field(&mut row, "means", self.means)?;
        SerializeStruct::serialize_field(&mut row, "step_up", self.step_up)?;
        SerializeStruct::end(row)
    }
}
