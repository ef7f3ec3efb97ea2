//! Records rated all at once.

use super::{Keeps, Session, SessionError, Settled};
use crate::rating::finding::LevelWording;
use crate::rating::row::Rating;
use crate::record::interaction::Interaction;
use crate::record::owned::Record;
use crate::rules::Model;

/// Rates records, whatever their order, each with its explanation; the ratings stand in the order of
/// the records.
///
/// ```
/// use serveup::{Level, Model, Record, rate_all};
///
/// let lines = [
///     r#"{"recipient": "acme", "point": "delivery", "at": "2026-03-02", "signals": ["late"]}"#,
///     r#"{"recipient": "acme", "point": "delivery", "at": "2026-03-01", "signals": ["as-hoped"]}"#,
/// ];
/// let records = lines.map(serde_json::from_str::<Record>).into_iter().collect::<Result<Vec<_>, _>>()?;
/// let ratings = rate_all(&Model::shipped(), &records)?;
/// assert_eq!([ratings[0].assessment.level, ratings[1].assessment.level], [Level::Basic, Level::Desired]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first record that is no interaction; otherwise as [`Session::add`].
pub fn rate_all<'r>(
    model: &Model,
    records: impl IntoIterator<Item = &'r Record>,
) -> Result<Vec<Rating<'static>>, SessionError> {
    Session::new(model).rate_all(records)
}

impl Session<'_> {
    /// Rates records, whatever their order, each with its explanation, after what has been added
    /// before; the ratings stand in the order of the records.
    ///
    /// # Errors
    /// The first record that is no interaction; otherwise as [`Session::add`].
    pub fn rate_all<'r>(
        mut self,
        records: impl IntoIterator<Item = &'r Record>,
    ) -> Result<Vec<Rating<'static>>, SessionError> {
        // nothing is read again of what only moves the escalator
        (self.collector.keeps, self.aside.books) = (Keeps::NOTHING, Vec::new());
        let first = self.len();
        let mut interactions: Vec<Interaction<'r>> = Vec::new();
        for record in records {
            let number = interactions.len() + 1;
            let checked = record.check(self.model()).map_err(|problem| SessionError::Record { number, problem })?;
            let added = self.add(&checked).map_err(|error| match error {
                SessionError::Problem(problem) => SessionError::Record { number, problem },
                other => other,
            });
            added?;
            interactions.push(checked);
        }
        let Settled { outcome, .. } = self.settle()?;
        let rated = interactions.iter().zip(&outcome.states[first..]);
        Ok(rated
            .map(|(interaction, state)| Rating::of(&outcome.assessor.moment(interaction, *state), LevelWording::Names))
            .map(Rating::into_owned)
            .collect())
    }
}
