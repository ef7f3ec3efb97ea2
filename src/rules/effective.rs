//! The rules in force as one document, as `serveup levels` prints them.
#![expect(missing_docs, reason = "they are the rules of the same names")]

use serde::Serialize;

use super::{Model, Rung, Unnamed};
use crate::level::Level;
use crate::signal::SignalSet;
use crate::value::Category;

/// The effective rules as one document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EffectiveRules {
    pub levels: Vec<LevelRow>,
    pub signals: Vec<SignalRow>,
    pub value: Vec<CategoryRow>,
    pub escalator: EscalatorRow,
    pub market: Vec<MarketRow>,
    pub response: Vec<RungRow>,
    pub journey: Vec<JourneyRow>,
    pub loyalty: LoyaltyRow,
    pub enough: crate::Enough,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LevelRow {
    pub level: Level,
    pub rank: u8,
    pub label: String,
    pub half: crate::Half,
    pub means: String,
    pub step_up: String,
    pub lasts: Option<crate::Lasts>,
    pub needs_value: bool,
    pub signals: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalRow {
    pub signal: String,
    pub level: Level,
    pub means: String,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CategoryRow {
    pub category: Category,
    pub label: String,
    pub means: String,
    pub kinds: Vec<KindRow>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindRow {
    pub kind: String,
    pub means: String,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EscalatorRow {
    pub from: Level,
    pub unnamed: Unnamed,
    pub memory_days: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MarketRow {
    pub act: String,
    pub since: crate::Instant,
    pub level: Level,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RungRow {
    pub rung: Rung,
    pub label: String,
    pub means: String,
    pub helps: bool,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JourneyRow {
    pub name: String,
    pub path: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoyaltyRow {
    pub recent: std::num::NonZeroU32,
}

impl EffectiveRules {
    /// The rules of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let names = |set: SignalSet| model.signal_names(set);
        let levels = Level::ALL.into_iter().map(|level| {
            let rule = model.level(level);
            LevelRow {
                level,
                rank: level.rank(),
                label: rule.label.clone(),
                half: level.half(),
                means: rule.means.clone(),
                step_up: rule.step_up.clone(),
                lasts: rule.lasts,
                needs_value: rule.needs_value,
                signals: names(model.signals_of(level)),
            }
        });
        let signals = model.signals().iter().map(|signal| SignalRow {
            signal: signal.name.clone(),
            level: signal.level,
            means: signal.means.clone(),
        });
        let value = Category::ALL.into_iter().map(|category| {
            let rule = model.category(category);
            let kinds = model.kinds().iter().filter(|kind| kind.category == category);
            CategoryRow {
                category,
                label: rule.label.clone(),
                means: rule.means.clone(),
                kinds: kinds.map(|kind| KindRow { kind: kind.name.clone(), means: kind.means.clone() }).collect(),
            }
        });
        let market = model.market_rows().iter();
        let response = Rung::ALL.into_iter().map(|rung| {
            let rule = model.rung(rung);
            RungRow { rung, label: rule.label.clone(), means: rule.means.clone(), helps: rule.helps }
        });
        let journey = model.journeys().iter().map(|plan| JourneyRow {
            name: plan.name.clone(),
            path: plan.steps.iter().map(|step| step.written().to_owned()).collect(),
        });
        let escalator = model.escalator();
        Self {
            levels: levels.collect(),
            signals: signals.collect(),
            value: value.collect(),
            escalator: EscalatorRow {
                from: escalator.from,
                unnamed: escalator.unnamed,
                memory_days: escalator.memory.map(crate::Days::get),
            },
            market: market.map(|row| MarketRow { act: row.act.clone(), since: row.since, level: row.level }).collect(),
            response: response.collect(),
            journey: journey.collect(),
            loyalty: LoyaltyRow { recent: model.recent() },
            enough: model.enough(),
        }
    }
}
