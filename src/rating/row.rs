//! The level of one moment as a row, with what explains it.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::rating::escalator::{Assessment, Facts, assess};
use crate::record::interaction::{Interaction, InteractionRef};
use crate::level::Level;
use crate::rules::Model;
use crate::value::Category;
use crate::rating::why::{RatedMoment, Speech, gap};

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
    /// The rule that decided, in a few words for a table; no field of a row.
    pub brief: String,
}

impl<'a> Rating<'a> {
    /// The rating of a moment, explained.
    #[must_use]
    pub fn of(moment: &RatedMoment<'_, 'a>, speech: Speech) -> Self {
        let details = Details {
            value: categories(moment.model, moment.interaction),
            near_miss: moment.near_miss(speech),
            why: moment.why(speech),
            brief: moment.brief(speech),
        };
        Self { outline: moment.interaction.outline(), assessment: moment.assessment, details: Some(details) }
    }

    /// A row in which nothing happened: for the names of its columns.
    #[must_use]
    pub fn blank(model: &Model, explained: bool) -> Self {
        let facts = Facts {
            evidence: Level::BASELINE,
            lift: Level::BASELINE,
            verdict: None,
            market: None,
            omitted: false,
            preference_missed: false,
            noted: false,
        };
        Self {
            outline: InteractionRef::default(),
            assessment: assess(model, facts, None),
            details: explained.then(Details::default),
        }
    }

    /// The claim minus the level, in ranks; positive: the provider thinks too well of it.
    #[must_use]
    pub fn gap(&self) -> Option<i8> {
        self.outline.claimed.map(|claimed| gap(claimed, self.assessment.level))
    }
}

impl Rating<'_> {
    /// Begins the row of this rating, with room for fields of the caller's
    /// after its own; the caller ends it.
    pub fn open_row<S: Serializer>(&self, serializer: S, more: usize) -> Result<S::SerializeStruct, S::Error> {
        let Self { outline, assessment, .. } = self;
        let own = if self.details.is_some() { 18 } else { 15 };
        let mut row = serializer.serialize_struct("rating", own + more)?;
        row.serialize_field("id", &outline.id)?;
        row.serialize_field("at", &outline.at)?;
        row.serialize_field("recipient", &outline.recipient)?;
        row.serialize_field("point", &outline.point)?;
        row.serialize_field("action", &outline.action)?;
        row.serialize_field("level", &assessment.level)?;
        row.serialize_field("rank", &assessment.level.rank())?;
        row.serialize_field("assessed", &assessment.assessed)?;
        row.serialize_field("evidence", &assessment.evidence)?;
        row.serialize_field("standing", &assessment.standing)?;
        row.serialize_field("next", &assessment.next)?;
        row.serialize_field("reason", &assessment.reason)?;
        row.serialize_field("failure", &assessment.failure)?;
        row.serialize_field("claimed", &outline.claimed)?;
        row.serialize_field("gap", &self.gap())?;
        if let Some(details) = &self.details {
            row.serialize_field("value", &details.value)?;
            row.serialize_field("near_miss", &details.near_miss)?;
            row.serialize_field("why", &details.why)?;
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
