//! The part of time that is reported.

use crate::moment::Instant;

/// From an instant on, before another: what a report is about. Earlier moments still move the
/// escalator; later ones are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first instant reported.
    pub since: Option<Instant>,
    /// The first instant that is not looked at any more.
    pub until: Option<Instant>,
}

/// What a window does with a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It is reported.
    Reported,
    /// It moves the escalator and is not reported.
    History,
    /// It is left out of everything.
    LeftOut,
}

impl Window {
    /// The same window without what comes after an instant.
    #[must_use]
    pub fn not_after(self, instant: Instant) -> Self {
        let end = Instant::from_micros(instant.micros().saturating_add(1)).unwrap_or(instant);
        Self { until: Some(self.until.map_or(end, |until| until.min(end))), ..self }
    }

    /// Whether it leaves anything out.
    #[must_use]
    pub const fn is_bounded(self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// What happens with a moment; one without a time is reported.
    #[must_use]
    pub fn scope(self, at: Option<Instant>) -> Scope {
        let Some(at) = at else { return Scope::Reported };
        if self.until.is_some_and(|until| at >= until) {
            Scope::LeftOut
        } else if self.since.is_some_and(|since| at < since) {
            Scope::History
        } else {
            Scope::Reported
        }
    }
}
