//! What a session keeps of interactions, collected on any thread.

use super::tags::TagsSeen;
use crate::assess::{Count, Dimension, Notes, Noting};
use crate::moment::{Instant, Zone};
use crate::period::Calendar;
use crate::rating::assessor::Weigher;
use crate::record::interaction::Interaction;
use crate::record::packed::{Fields, Pack};
use crate::record::position::Position;
use crate::record::tag::Tag;
use crate::record::window::{Scope, Window};

/// What a session sets aside of its interactions, beside their times, facts and acts.
#[derive(Clone, Debug)]
pub struct Keeps {
    /// These of their fields.
    pub fields: Fields,
    /// Whether also of those before the window.
    pub history: bool,
    /// Whether where they stand in the input is kept too.
    pub positions: bool,
    /// Whether the number of whom each serves is kept: four bytes, which reports ask for.
    pub recipients: bool,
    /// What is counted as they come; that needs none of their fields, but their recipients.
    pub counts: Vec<Count>,
    /// The tags that are asked for, so that it can be told which of them no interaction has.
    pub tags: Vec<Tag>,
}

impl Keeps {
    /// Everything: for any rating and any report.
    pub const ALL: Self = Self {
        fields: Fields::ALL,
        history: true,
        positions: false,
        recipients: true,
        counts: Vec::new(),
        tags: Vec::new(),
    };

    /// Nothing but times, facts and acts.
    pub const NOTHING: Self = Self {
        fields: Fields::NONE,
        history: false,
        positions: false,
        recipients: false,
        counts: Vec::new(),
        tags: Vec::new(),
    };

    /// What a journey by these dimensions needs: no fields, for its groups are counted as interactions come; by
    /// recipient which failures were recovered, for it also says how loyal each is served.
    #[must_use]
    pub fn journey(by: &[Dimension]) -> Self {
        Self::counting(Count::Journey(by.to_owned()), by)
    }

    /// What groups by these dimensions over time need: no fields; by recipient which failures were recovered, for it also
    /// says how loyal each is served.
    #[must_use]
    pub fn uplift(calendar: Calendar, by: &[Dimension]) -> Self {
        Self::counting(Count::Uplift(calendar, by.to_owned()), by)
    }

    fn counting(count: Count, by: &[Dimension]) -> Self {
        let tags = by.iter().filter_map(Dimension::tag).cloned().collect();
        let groups = Self { counts: vec![count], recipients: true, tags, ..Self::NOTHING };
        if by == [Dimension::Recipient] { Self { fields: Fields::RECOVERIES, history: true, ..groups } } else { groups }
    }

    /// What a page needs, in periods of this calendar.
    #[must_use]
    pub fn report(calendar: Calendar) -> Self {
        let (point, recipient) = (vec![Dimension::Point], vec![Dimension::Recipient]);
        let journeys = [Count::Journey(point.clone()), Count::Journey(recipient)];
        let counts = journeys.into_iter().chain([Count::Uplift(calendar, point)]).collect();
        Self { counts, ..Self::ALL }
    }

    /// What rows need that are not explained.
    pub const ROWS: Self = Self::rows(Fields::ROW);

    /// What rows need that are explained.
    pub const EXPLAINED_ROWS: Self = Self::rows(Fields::EXPLAINED);

    const fn rows(fields: Fields) -> Self {
        Self { fields, history: false, positions: false, recipients: false, counts: Vec::new(), tags: Vec::new() }
    }
}

/// Sets aside what a session keeps of interactions, on any thread.
#[derive(Clone)]
pub(crate) struct Collector<'m> {
    pub(super) weigher: Weigher<'m>,
    pub(super) zone: Zone,
    pub(super) window: Window,
    pub(super) keeps: Keeps,
}

/// What is kept of some interactions, one after the other.
#[derive(Default)]
pub(crate) struct Collected {
    pub(super) pack: Pack,
    pub(super) notes: Vec<Notes>,
    pub(super) tags: TagsSeen,
}

impl Collector<'_> {
    /// Nothing collected yet; there is room for what a source of so many bytes usually gives.
    pub(crate) fn begin(&self, bytes: usize) -> Collected {
        let pack = if self.keeps.fields.is_empty() { Pack::default() } else { Pack::with_room_for(bytes) };
        Collected { pack, notes: self.keeps.counts.iter().map(Notes::new).collect(), tags: TagsSeen::default() }
    }

    /// Notes the tags of an interaction, where any are asked for.
    pub(super) fn look_at_tags(&self, seen: &mut TagsSeen, interaction: &Interaction<'_>) {
        if !self.keeps.tags.is_empty() {
            interaction.tags().for_each(|(key, _)| seen.add(key, &self.keeps.tags));
        }
    }

    fn noting(&self) -> Noting<'_> {
        Noting { model: self.weigher.model(), recipients: self.weigher.recipients(), zone: &self.zone }
    }

    /// Whether it asks where interactions stand.
    pub(crate) const fn wants_positions(&self) -> bool {
        self.keeps.positions
    }

    /// Collects what is kept of one; `plain` says that no text of it holds a quote, a backslash or a
    /// control character.
    pub(crate) fn collect(
        &self,
        collected: &mut Collected,
        interaction: &Interaction<'_>,
        at: Option<Instant>,
        position: Option<Position>,
        plain: bool,
    ) {
        self.look_at_tags(&mut collected.tags, interaction);
        let scope = self.window.scope(at);
        if !self.keeps.fields.is_empty() {
            if scope == Scope::Reported || scope == Scope::History && self.keeps.history {
                collected.pack.push(interaction, self.keeps.fields, position, plain);
            } else {
                collected.pack.skip();
            }
        }
        for notes in &mut collected.notes {
            if scope == Scope::Reported {
                notes.note(self.noting(), interaction, at);
            } else {
                notes.pass();
            }
        }
    }
}
