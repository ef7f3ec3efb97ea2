//! What a session keeps of interactions, collected on any thread.

use crate::assess::Dimension;
use crate::assess::journey::JourneyNotes;
use crate::moment::Instant;
use crate::record::interaction::Interaction;
use crate::record::packed::{Fields, Pack};
use crate::record::position::Position;
use crate::record::window::{Scope, Window};
use crate::rules::Model;

/// What a session sets aside of its interactions, beside their times, facts and acts.
#[derive(Clone, Debug)]
pub struct Keeps {
    /// These of their fields.
    pub fields: Fields,
    /// Whether also of those before the window.
    pub history: bool,
    /// Whether where they stand in the input is kept too.
    pub positions: bool,
    /// The roll-up that is counted as they come, by these dimensions; then it needs none of their fields.
    pub by: Option<Vec<Dimension>>,
}

impl Keeps {
    /// Everything: for any rating and any report.
    pub const ALL: Self = Self { fields: Fields::ALL, history: true, positions: false, by: None };

    /// Nothing but times, facts and acts.
    pub const NOTHING: Self = Self { fields: Fields::NONE, history: false, positions: false, by: None };

    /// What a journey by these dimensions needs: nothing, for its groups are counted as interactions come;
    /// by recipient everything, for it also says how loyal each is served.
    #[must_use]
    pub fn journey(by: &[Dimension]) -> Self {
        if by == [Dimension::Recipient] { Self::ALL } else { Self { by: Some(by.to_owned()), ..Self::NOTHING } }
    }

    /// What rows need that are not explained.
    pub const ROWS: Self = Self { fields: Fields::ROW, history: false, positions: false, by: None };
}

/// Sets aside what a session keeps of interactions, on any thread.
#[derive(Clone)]
pub(crate) struct Collector<'m> {
    pub(super) model: &'m Model,
    pub(super) window: Window,
    pub(super) keeps: Keeps,
}

/// What is kept of some interactions, one after the other.
pub(crate) struct Collected {
    pub(super) pack: Pack,
    pub(super) journey: Option<JourneyNotes>,
}

impl Collector<'_> {
    /// Nothing collected yet; there is room for what a source of so many bytes usually gives.
    pub(crate) fn begin(&self, bytes: usize) -> Collected {
        let pack = if self.keeps.fields.is_empty() { Pack::default() } else { Pack::with_room_for(bytes) };
        Collected { pack, journey: self.keeps.by.clone().map(JourneyNotes::new) }
    }

    /// Whether it asks where interactions stand.
    pub(crate) const fn wants_positions(&self) -> bool {
        self.keeps.positions
    }

    /// Collects what is kept of one; `plain` says that no text of it holds a backslash or a control character.
    pub(crate) fn collect(
        &self,
        collected: &mut Collected,
        interaction: &Interaction<'_>,
        at: Option<Instant>,
        position: Option<Position>,
        plain: bool,
    ) {
        let scope = self.window.scope(at);
        if !self.keeps.fields.is_empty() {
            if scope == Scope::Reported || scope == Scope::History && self.keeps.history {
                collected.pack.push(interaction, self.keeps.fields, position, plain);
            } else {
                collected.pack.skip();
            }
        }
        if let Some(journey) = &mut collected.journey {
            if scope == Scope::Reported {
                journey.note(self.model, interaction, at);
            } else {
                journey.pass();
            }
        }
    }
}
