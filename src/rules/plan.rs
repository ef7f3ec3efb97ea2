//! Journeys laid out in a levels file: their steps in order, recorded or not.

/// A journey laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JourneyPlan {
    /// What records call it.
    pub name: String,
    /// Its steps in their order.
    pub steps: Vec<Step>,
}

/// One step of a journey: a perception point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The path of the point, the journey included.
    path: String,
    /// Where the step begins in it.
    start: usize,
}

impl Step {
    /// The step of a journey as it is written there; `None` where a part is empty.
    pub(super) fn new(journey: &str, written: &str) -> Option<Self> {
        let whole = !written.split('/').any(str::is_empty);
        whole.then(|| Self { path: format!("{journey}/{written}"), start: journey.len() + 1 })
    }

    /// The path of its point, the journey included.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The step as it is written: `transaction/point`, or a point alone.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.path[self.start..]
    }

    /// Its transaction, where it names one: all before the last part.
    #[must_use]
    pub fn transaction(&self) -> Option<&str> {
        self.written().rsplit_once('/').map(|(transaction, _)| transaction)
    }
}
