//! Interactions in, ratings out.
//!
//! Rating takes three steps, so that records may be read in any order: each
//! interaction is *entered* as it is read, the entries are *settled* in the time
//! order of each act, and a *rating* is drawn up for each from what its act stood on.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::error::{Found, Problem};
use crate::escalator::{Assessment, Facts, Footing, assess};
use crate::evidence::Evidence;
use crate::interaction::{Interaction, Outline, Recipient};
use crate::ledger::{ActId, Ledger};
use crate::level::Level;
use crate::model::{Model, Unnamed};
use crate::moment::Instant;
use crate::names::{NameId, TooMany};
use crate::value::Category;
use crate::why::{RatedMoment, Speech, gap};

/// What is known of the people served, by id.
#[derive(Clone, Debug, Default)]
pub struct Recipients(HashMap<String, Recipient, foldhash::fast::RandomState>);

impl Recipients {
    /// Adds one; the same id twice is a problem.
    pub fn add(&mut self, recipient: Recipient) -> Result<(), Problem> {
        if self.0.contains_key(&recipient.id) {
            return Err(Problem::form(
                "id",
                Found::text(&recipient.id),
                "each recipient once; this one is there already",
            ));
        }
        self.0.insert(recipient.id.clone(), recipient);
        Ok(())
    }

    /// The recipient of that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Recipient> {
        if self.0.is_empty() { None } else { self.0.get(id) }
    }
}

/// An interaction weighed by itself: its time and its facts, before its act is found.
#[derive(Clone, Copy, Debug)]
pub struct Weighed {
    at: i64,
    facts: Packed,
    timed: bool,
}

impl Weighed {
    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Option<Instant> {
        self.timed.then(|| Instant::from_kept_micros(self.at))
    }
}

/// What is kept of an interaction between reading and rating it: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    at: i64,
    act: Option<ActId>,
    facts: Packed,
    timed: bool,
}

impl Entry {
    /// Whether it notes a lift that could fade, but names no act for the escalator to see.
    #[must_use]
    pub fn lift_unseen(&self, model: &Model) -> bool {
        self.act.is_none() && self.facts.facts().lift >= model.escalator().from.max(Level::Desired)
    }

    /// The act with its recipient, where the moment names one.
    #[must_use]
    pub const fn act(&self) -> Option<ActId> {
        self.act
    }

    /// Whether the act was done at all: not omitted, and not criminal.
    #[must_use]
    pub fn delivered(&self) -> bool {
        self.facts.facts().delivered()
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Option<Instant> {
        self.timed.then(|| Instant::from_kept_micros(self.at))
    }
}

/// [`Facts`] in 16 bits: four levels of three bits, three flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed(u16);

impl Packed {
    fn new(facts: Facts) -> Self {
        let level = |level: Option<Level>| level.map_or(0, |level| u16::from(level.rank()));
        let flags = [facts.omitted, facts.preference_missed, facts.noted];
        let bits = flags.into_iter().fold(0, |bits, flag| bits << 1 | u16::from(flag));
        let levels = [Some(facts.evidence), Some(facts.lift), facts.verdict, facts.market];
        Self(levels.into_iter().fold(bits, |bits, next| bits << 3 | level(next)))
    }

    fn facts(self) -> Facts {
        let level = |shift: u16| Level::from_rank(u8::try_from(self.0 >> shift & 0b111).unwrap_or(0));
        let flag = |shift: u16| self.0 >> shift & 1 == 1;
        Facts {
            evidence: level(9).unwrap_or(Level::BASELINE),
            lift: level(6).unwrap_or(Level::BASELINE),
            verdict: level(3),
            market: level(0),
            omitted: flag(14),
            preference_missed: flag(13),
            noted: flag(12),
        }
    }
}

/// The order in which entries are settled: by time, equal times and no times in
/// input order, each as its place in the input.
///
/// Most records of an export come in the order of time, so only those that are
/// late are sorted, and merged with the others.
pub fn time_order(entries: &[Entry]) -> impl Iterator<Item = usize> {
    let mut late: Vec<(i64, usize)> = timeliness(entries).filter_map(|(place, late)| late.then_some(place)).collect();
    late.sort_unstable();
    let (mut late, mut timely) = (late.into_iter().peekable(), timeliness(entries));
    let mut next = None;
    std::iter::from_fn(move || {
        next = next.or_else(|| timely.find(|(_, late)| !late).map(|(place, _)| place));
        // where times are equal, the place in the input decides
        let first = late.next_if(|late| next.is_none_or(|timely| *late < timely)).or_else(|| next.take());
        first.map(|(_, index)| index)
    })
}

/// The time and the place of each entry, and whether an earlier one has a later time.
fn timeliness(entries: &[Entry]) -> impl Iterator<Item = ((i64, usize), bool)> {
    let mut latest = i64::MIN;
    entries.iter().enumerate().map(move |(index, entry)| {
        let late = entry.at < latest;
        latest = latest.max(entry.at);
        ((entry.at, index), late)
    })
}

/// Rates interactions by a model, with what is known of the recipients.
///
/// ```
/// use serveup::{Assessor, Draft, Field, Level, Model, Reading, Recipients};
///
/// let model = Model::shipped();
/// let reading = Reading { model: &model, zone: None };
/// let mut assessor = Assessor::new(&model, Recipients::default());
/// let mut levels = Vec::new();
/// for _ in 0..3 {
///     let mut draft = Draft::default();
///     draft.text(&reading, Field::Recipient, "acme".into())?;
///     draft.text(&reading, Field::Point, "delivery".into())?;
///     draft.text(&reading, Field::Action, "handwritten-note".into())?;
///     draft.signal(&reading, 0, "unexpected")?;
///     draft.value(&reading, 0, "felt-good")?;
///     levels.push(assessor.rate(&draft.finish()?)?.assessment.level);
/// }
/// assert_eq!(levels, [Level::Surprising, Level::Desired, Level::Expected]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Assessor<'m> {
    scale: Scale<'m>,
    ledger: Ledger,
}

/// What weighs an interaction by itself: the rules, and what is known of the
/// recipients. It changes nothing, so any number of threads can share it.
#[derive(Clone, Debug)]
pub struct Scale<'m> {
    model: &'m Model,
    recipients: Arc<Recipients>,
}

impl Scale<'_> {
    /// The interaction's time and facts.
    #[must_use]
    pub fn weigh(&self, interaction: &Interaction<'_>) -> Weighed {
        let (_, facts) = self.facts(interaction);
        let at = interaction.at.as_ref().map(|at| at.instant);
        Weighed { at: at.map_or(0, Instant::micros), facts: Packed::new(facts), timed: at.is_some() }
    }

    /// The name its act goes by; `None` where it has no act the escalator can see.
    #[must_use]
    pub fn act<'i>(&self, interaction: &'i Interaction<'_>) -> Option<Cow<'i, str>> {
        match (&interaction.action, self.model.escalator().unnamed) {
            (Some(action), _) => Some(Cow::Borrowed(action)),
            (None, Unnamed::Point) => Some(interaction.path()),
            (None, Unnamed::Off) => None,
        }
    }

    fn facts(&self, interaction: &Interaction<'_>) -> (Evidence, Facts) {
        let recipient = self.recipients.get(&interaction.recipient);
        let evidence = Evidence::weigh(self.model, interaction, recipient);
        let market = interaction.at.as_ref().filter(|_| !self.model.market_rows().is_empty()).and_then(|at| {
            let act = interaction.action.as_deref().map_or_else(|| interaction.path(), Cow::Borrowed);
            self.model.market(&act, at.instant)
        });
        let facts = Facts::new(&evidence, interaction.verdict, market);
        (evidence, facts)
    }
}

impl<'m> Assessor<'m> {
    /// An assessor that has seen nothing yet.
    #[must_use]
    pub fn new(model: &'m Model, recipients: Recipients) -> Self {
        Self { scale: Scale { model, recipients: Arc::new(recipients) }, ledger: Ledger::default() }
    }

    /// The rules it rates by.
    #[must_use]
    pub const fn model(&self) -> &'m Model {
        self.scale.model
    }

    /// What it weighs interactions with, to be shared.
    #[must_use]
    pub fn scale(&self) -> Scale<'m> {
        self.scale.clone()
    }

    /// Enters an interaction, in the order of the input: weighs its facts and finds its act.
    /// To be settled before it has a level.
    ///
    /// # Errors
    /// More recipients or acts than can be told apart; so with all that enters.
    pub fn enter(&mut self, interaction: &Interaction<'_>) -> Result<Entry, TooMany> {
        let (weighed, act) = (self.scale.weigh(interaction), self.scale.act(interaction));
        let recipient = self.recipient(&interaction.recipient)?;
        self.enroll(weighed, recipient, act.as_deref())
    }

    /// The number of a recipient; equal texts are one recipient.
    pub fn recipient(&mut self, recipient: &str) -> Result<NameId, TooMany> {
        self.ledger.recipient(recipient)
    }

    /// Enters an interaction that has been weighed: finds its act.
    pub fn enroll(&mut self, weighed: Weighed, recipient: NameId, act: Option<&str>) -> Result<Entry, TooMany> {
        let act = act.map(|act| self.ledger.act(recipient, act)).transpose()?;
        let Weighed { at, facts, timed } = weighed;
        Ok(Entry { at, act, facts, timed })
    }

    /// Enters interactions that have been weighed, in their order, as one by one
    /// but faster: finds their recipients and acts. Entries and numbers of
    /// recipients are added to what is there.
    pub fn enroll_all<'n>(
        &mut self,
        moments: impl Iterator<Item = (Weighed, &'n str, Option<&'n str>)> + Clone,
        entries: &mut Vec<Entry>,
        recipients: &mut Vec<NameId>,
    ) -> Result<(), TooMany> {
        let from = recipients.len();
        self.ledger.recipients(moments.clone().map(|(_, recipient, _)| recipient), recipients)?;
        let acts = moments.clone().zip(&recipients[from..]).map(|((.., act), &recipient)| (recipient, act));
        let mut weighed = moments.map(|(weighed, ..)| weighed);
        self.ledger.acts(acts, |act| {
            entries.extend(weighed.next().map(|Weighed { at, facts, timed }| Entry { at, act, facts, timed }));
        })
    }

    /// Settles an entry; to be called once for each, in time order or in that of
    /// the input. Gives back what its act stood on before it, `None` where it names
    /// no act. Where entries came late, [`Assessor::settle_late`] settles them again.
    pub fn settle(&mut self, entry: &Entry) -> Option<Footing> {
        let act = entry.act?;
        Some(self.ledger.settle(self.scale.model, act, entry.at(), entry.facts.facts()))
    }

    /// Forgets what has been settled, so that all can be settled again.
    pub fn forget(&mut self) {
        self.ledger.forget();
    }

    /// Settles the acts again of which an entry came after a later one, now in
    /// time order. `entries` are all, each with its footing; `counts` says which
    /// of them, by their place, are to be settled at all.
    ///
    /// What an act stands on hangs on nothing but its own moments, so nothing else
    /// changes when moments of others come late.
    pub fn settle_late(
        &mut self,
        entries: &[Entry],
        footings: &mut [Option<Footing>],
        mut counts: impl FnMut(usize) -> bool,
    ) {
        let late = self.ledger.take_late();
        if late.is_empty() {
            return;
        }
        let of_late_act = |entry: &Entry| entry.act.is_some_and(|act| late.contains(&act));
        let places = (0..entries.len()).filter(|&index| of_late_act(&entries[index]) && counts(index));
        // where times are equal, the place in the input decides
        let mut order: Vec<(i64, usize)> = places.map(|index| (entries[index].at, index)).collect();
        order.sort_unstable();
        for (_, index) in order {
            footings[index] = self.settle(&entries[index]);
        }
    }

    /// The recipient and the act of a place in the ledger, and what the act stands on now.
    #[must_use]
    pub fn act_at(&self, index: usize) -> Option<(&str, &str, Footing)> {
        self.ledger.act_at(index)
    }

    /// The level of an entry on the footing it was settled on.
    #[must_use]
    pub fn assessment(&self, entry: &Entry, footing: Option<Footing>) -> Assessment {
        assess(self.scale.model, entry.facts.facts(), footing)
    }

    /// The brief rating of an entry on the footing it was settled on.
    #[must_use]
    pub fn brief<'a>(&self, outline: Outline<'a>, entry: &Entry, footing: Option<Footing>) -> Rating<'a> {
        Rating { outline, assessment: self.assessment(entry, footing), details: None }
    }

    /// An interaction on the footing it was settled on, with everything that led to its level.
    #[must_use]
    pub fn moment<'i>(&self, interaction: &'i Interaction<'i>, footing: Option<Footing>) -> RatedMoment<'_, 'i> {
        let Scale { model, recipients } = &self.scale;
        let (evidence, facts) = self.scale.facts(interaction);
        RatedMoment {
            model,
            interaction,
            recipient: recipients.get(&interaction.recipient),
            evidence,
            facts,
            footing,
            assessment: assess(model, facts, footing),
        }
    }

    /// Enters, settles and rates one interaction, explained; for callers that have them in time order.
    /// One that is earlier than an interaction before it is rated by its place in the calls.
    ///
    /// # Errors
    /// More recipients or acts than can be told apart.
    pub fn rate<'i>(&mut self, interaction: &'i Interaction<'i>) -> Result<Rating<'i>, TooMany> {
        let entry = self.enter(interaction)?;
        let footing = self.settle(&entry);
        Ok(Rating::of(&self.moment(interaction, footing), Speech::Names))
    }
}

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
    pub outline: Outline<'a>,
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
            outline: Outline::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_sixteen_bytes_and_a_footing_eight() {
        assert_eq!(size_of::<Entry>(), 16);
        assert_eq!(size_of::<Option<Footing>>(), 8);
    }

    #[test]
    fn entries_are_settled_by_time_and_then_by_place() {
        let facts = Packed(0);
        let entry = |&at: &i64| Entry { at, act: None, facts, timed: true };
        for times in [&[][..], &[1], &[3, 1, 2, 2, 3, 3, 0, 7, 5, 7, 6, 7], &[5, 4, 3, 2, 1], &[0, 0, 0]] {
            let entries: Vec<Entry> = times.iter().map(entry).collect();
            let mut sorted: Vec<usize> = (0..times.len()).collect();
            sorted.sort_by_key(|&index| times[index]);
            assert_eq!(time_order(&entries).collect::<Vec<_>>(), sorted, "{times:?}");
        }
    }

    #[test]
    fn packed_facts_come_back_whole() {
        let maybe = || [None].into_iter().chain(Level::ALL.map(Some));
        for (evidence, lift) in Level::ALL.into_iter().flat_map(|one| Level::ALL.map(|other| (one, other))) {
            for (verdict, market) in maybe().flat_map(|one| maybe().map(move |other| (one, other))) {
                for flags in 0..8 {
                    let (omitted, preference_missed, noted) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
                    let facts = Facts { evidence, lift, verdict, market, omitted, preference_missed, noted };
                    assert_eq!(Packed::new(facts).facts(), facts);
                }
            }
        }
    }
}
