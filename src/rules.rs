//! The rules in force: levels, signals, value, escalator, market, rungs.
//!
//! A [`Model`] is always checked; it is made from the shipped `levels.toml` and
//! at most one overlay, and there is no other way to get one.

mod effective;
mod meaning;
mod overlay;
mod page;
mod plan;
mod written;

pub use effective::{EffectiveRules, LevelRow};
pub use meaning::{Meaning, WordKind};
pub use page::{PAGE_TEXTS, PageTexts};
#[cfg(feature = "print")]
pub(crate) use page::{TextPart, text_parts};
pub use plan::{JourneyPlan, Step};
#[cfg(feature = "schema")]
pub(crate) use written::Written;

use std::fmt;
use std::num::NonZeroU32;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde::Serialize;

use crate::error::RuleError;
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::Lexicon;
use crate::signal::{SignalId, SignalSet};
use crate::value::{Category, ValueId, ValueSet};

/// The rules file shipped with the program, as text.
pub const SHIPPED: &str = include_str!("../levels.toml");

/// How long an act is worth a level: a number of deliveries, one or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Lasts(NonZeroU32);

impl Lasts {
    /// The number of deliveries.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

/// What the rules say about one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRule {
    /// What people read in place of the name.
    pub label: String,
    /// What the recipient lives through at this level.
    pub means: String,
    /// What takes the next step up from here.
    pub step_up: String,
    /// Deliveries before an act slides on; `None`: it rests here.
    pub lasts: Option<Lasts>,
    /// Whether signals of this level count only where value was created.
    pub needs_value: bool,
}

/// One observable fact and the level it speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalRule {
    /// The name records use.
    pub name: String,
    /// What was observed, in one line.
    pub means: String,
    /// The level it speaks for.
    pub level: Level,
}

/// What the rules say about one value category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryRule {
    /// What people read in place of the name.
    pub label: String,
    /// What it means.
    pub means: String,
}

/// One kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindRule {
    /// The name records use.
    pub name: String,
    /// What the recipient gained, in one line.
    pub means: String,
    /// The category it belongs to.
    pub category: Category,
}

/// Whether moments that name no act ride the escalator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Unnamed {
    /// Only interactions that name an `action` ride.
    Off,
    /// Without an `action`, the path stands for the act.
    Point,
}

/// Which acts ride, and for how long they are remembered (section 4 of the model).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscalatorRule {
    /// Only acts that once reached this level slide.
    pub from: Level,
    /// What is the act where none is named.
    pub unnamed: Unnamed,
    /// After a longer gap than this an act is new again; `None`: never.
    pub memory: Option<Days>,
}

impl EscalatorRule {
    /// Whether an act is new again after a gap of so many microseconds.
    pub(crate) fn forgets(self, gap: i64) -> bool {
        self.memory.is_some_and(|memory| gap > memory.micros())
    }
}

/// From a date on, everyone takes an act as a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketRow {
    /// The act's name, or the path of a point.
    pub act: String,
    /// Midnight UTC of the date.
    pub since: Instant,
    /// Basic or better.
    pub level: Level,
}

/// How people met a failure; a ladder, worst first (Kaufman; section 9 of the model).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Rung {
    /// Somebody else's fault.
    Blame,
    /// My fault, and I feel bad.
    Shame,
    /// Nobody's fault.
    Justify,
    /// I do all I can. The only one above the line, unless a levels file says otherwise.
    Responsibility,
}

impl Rung {
    /// All four, lowest first.
    pub const ALL: [Self; 4] = [Self::Blame, Self::Shame, Self::Justify, Self::Responsibility];
    /// The names, lowest first.
    pub const NAMES: [&'static str; 4] = ["blame", "shame", "justify", "responsibility"];

    /// The fixed name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the rules say about one rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RungRule {
    /// What people read in place of the name.
    pub label: String,
    /// What it sounds like.
    pub means: String,
    /// Whether it lies above the line, where service improves.
    pub helps: bool,
}

/// Below these numbers the answer of a comparison or a gate is "too little data" (section 7 of the model).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enough {
    /// Remarked interactions.
    pub interactions: NonZeroU32,
    /// Different recipients.
    pub recipients: NonZeroU32,
}

impl Enough {
    /// Whether so many remarked interactions, of so many recipients, are enough.
    #[must_use]
    pub fn is_met(self, remarked: u64, recipients: u64) -> bool {
        remarked >= u64::from(self.interactions.get()) && recipients >= u64::from(self.recipients.get())
    }
}

/// A checked set of rules.
///
/// ```
/// use serveup::{Level, Model};
///
/// let model = Model::shipped();
/// assert_eq!(model.signal("late").map(|id| model.signals()[id.index()].level), Some(Level::Basic));
///
/// let french = Model::with_overlay("[[levels]]\nname = \"basic\"\nlabel = \"minimal\"\n")?;
/// assert_eq!(french.label(Level::Basic), "minimal");
/// # Ok::<(), serveup::RuleError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    levels: [LevelRule; 6],
    signals: Vec<SignalRule>,
    signal_ids: Lexicon<SignalId>,
    of_level: [SignalSet; 6],
    needing_value: SignalSet,
    reserved: Reserved,
    categories: [CategoryRule; 4],
    kinds: Vec<KindRule>,
    value_ids: Lexicon<ValueId>,
    kinds_of: [ValueSet; 4],
    escalator: EscalatorRule,
    market: HashMap<String, Vec<(Instant, Level)>, FixedState>,
    market_rows: Vec<MarketRow>,
    rungs: [RungRule; 4],
    journeys: Vec<JourneyPlan>,
    recent: NonZeroU32,
    enough: Enough,
    page: PageTexts,
}

/// The three signals the rules themselves use; no file can move them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reserved {
    pub(crate) omitted: SignalId,
    pub(crate) preferred_way: SignalId,
    pub(crate) preference_missed: SignalId,
}

impl Reserved {
    /// Their names and the levels they stay on.
    const LEVELS: [(&'static str, Level); 3] =
        [("omitted", Level::Expected), ("preferred-way", Level::Desired), ("preference-missed", Level::Expected)];
}

impl Model {
    /// The rules shipped with the program.
    ///
    /// # Panics
    /// Never: the shipped file is part of the program, and a test reads it.
    #[must_use]
    pub fn shipped() -> Self {
        Self::with_overlay("").expect("the shipped levels.toml is part of the program and tested")
    }

    /// The shipped rules with the text of a user's levels file laid over them.
    ///
    /// # Errors
    /// The first rule that is refused, with its line and column in `text`.
    pub fn with_overlay(text: &str) -> Result<Self, RuleError> {
        let mut rules = overlay::Rules::default();
        rules.lay_over(SHIPPED)?;
        rules.lay_over(text)?;
        rules.check()
    }

    /// What the rules say about a level.
    #[must_use]
    pub const fn level(&self, level: Level) -> &LevelRule {
        &self.levels[level.index()]
    }

    /// What people read for a level.
    #[must_use]
    pub fn label(&self, level: Level) -> &str {
        &self.level(level).label
    }

    /// All signals, in the order of the files.
    #[must_use]
    pub fn signals(&self) -> &[SignalRule] {
        &self.signals
    }

    /// What some of them are called, in the order of the files.
    #[must_use]
    pub fn signal_names(&self, signals: SignalSet) -> Vec<String> {
        signals.iter().map(|id| self.signal_name(id).to_owned()).collect()
    }

    /// What one of them is called.
    #[must_use]
    pub fn signal_name(&self, signal: SignalId) -> &str {
        &self.signals[signal.index()].name
    }

    /// The signal of that name.
    #[must_use]
    pub fn signal(&self, name: &str) -> Option<SignalId> {
        self.signal_ids.get(name)
    }

    /// The signals that speak for a level.
    #[must_use]
    pub const fn signals_of(&self, level: Level) -> SignalSet {
        self.of_level[level.index()]
    }

    /// The signals that count only where value was created.
    #[must_use]
    pub const fn signals_needing_value(&self) -> SignalSet {
        self.needing_value
    }

    pub(crate) const fn reserved(&self) -> Reserved {
        self.reserved
    }

    /// What the rules say about a category.
    #[must_use]
    pub const fn category(&self, category: Category) -> &CategoryRule {
        &self.categories[category.index()]
    }

    /// All kinds of value, in the order of the files.
    #[must_use]
    pub fn kinds(&self) -> &[KindRule] {
        &self.kinds
    }

    /// The category or kind of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<ValueId> {
        self.value_ids.get(name)
    }

    /// Every name that can be used for value: the categories, then the kinds.
    pub fn value_names(&self) -> impl Iterator<Item = &str> {
        Category::NAMES.into_iter().chain(self.kinds.iter().map(|kind| kind.name.as_str()))
    }

    /// The name of a category or kind.
    #[must_use]
    pub fn value_name(&self, value: ValueId) -> &str {
        match value.resolve() {
            Ok(category) => category.name(),
            Err(kind) => &self.kinds[kind].name,
        }
    }

    /// The category a category or kind belongs to.
    #[must_use]
    pub fn category_of(&self, value: ValueId) -> Category {
        value.resolve().unwrap_or_else(|kind| self.kinds[kind].category)
    }

    /// The set with all kinds of each category it names: a category on either
    /// side meets all its kinds (section 3 of the model).
    #[must_use]
    pub fn with_kinds(&self, set: ValueSet) -> ValueSet {
        Category::ALL
            .into_iter()
            .filter(|&category| set.contains(ValueId::category(category)))
            .fold(set, |wider, category| wider.or(self.kinds_of[category.index()]))
    }

    /// Which acts slide, and for how long they are remembered.
    #[must_use]
    pub const fn escalator(&self) -> EscalatorRule {
        self.escalator
    }

    /// The market rows, in the order of the file.
    #[must_use]
    pub fn market_rows(&self) -> &[MarketRow] {
        &self.market_rows
    }

    /// What everyone takes an act as at an instant: the level of the newest
    /// market row not after it, if there is one (section 4 of the model).
    #[must_use]
    pub fn market(&self, act: &str, at: Instant) -> Option<Level> {
        if self.market.is_empty() {
            return None;
        }
        let rows = self.market.get(act)?;
        let before = rows.partition_point(|(since, _)| *since <= at);
        Some(rows[before.checked_sub(1)?].1)
    }

    /// The journeys laid out, in the order of the files.
    #[must_use]
    pub fn journeys(&self) -> &[JourneyPlan] {
        &self.journeys
    }

    /// What the rules say about a rung of the response ladder.
    #[must_use]
    pub const fn rung(&self, rung: Rung) -> &RungRule {
        &self.rungs[rung as usize]
    }

    /// How many of a recipient's last moments decide on loyalty.
    #[must_use]
    pub const fn recent(&self) -> NonZeroU32 {
        self.recent
    }

    /// The texts of the report page.
    #[must_use]
    pub const fn page(&self) -> &PageTexts {
        &self.page
    }

    /// How much is enough for a comparison or a gate.
    #[must_use]
    pub const fn enough(&self) -> Enough {
        self.enough
    }
}
