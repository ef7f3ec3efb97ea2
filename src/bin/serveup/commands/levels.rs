//! `serveup levels`: the rules in force, in words; or whether a file is good.

use anyhow::Result;
use serde::Serialize;
use serveup::{Category, Level, Model, Rung, SignalSet, Unnamed};

use crate::args::{Format, LevelsArgs};
use crate::exit::Exit;
use crate::messages::count;
use crate::output::{Output, write_text};
use crate::render;
use crate::render::table::{hanging, label, name, paragraph, shortened, shown};
use crate::settings::{self, Look};

pub(crate) fn run(args: &LevelsArgs) -> Result<Exit> {
    if let Some(path) = &args.check {
        settings::model(Some(path))?;
        write_text(None, format!("{}: good\n", path.display()).as_bytes())?;
        return Ok(Exit::Done);
    }
    let model = settings::model(args.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        output.put(in_words(&model, usize::from(look.width)).as_bytes())?;
        output.finish()?;
    } else {
        let rules = Rules::of(&model);
        let Some(sample) = rules.levels.last().cloned() else { return output.finish().map(|()| Exit::Done) };
        render::document(look, output, &rules, &rules.levels, &sample)?;
    }
    Ok(Exit::Done)
}

/// The effective rules as one document.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Rules {
    levels: Vec<LevelRow>,
    signals: Vec<SignalRow>,
    value: Vec<CategoryRow>,
    escalator: EscalatorRow,
    market: Vec<MarketRow>,
    response: Vec<RungRow>,
    loyalty: LoyaltyRow,
    enough: serveup::Enough,
}

#[derive(Clone, Serialize, schemars::JsonSchema)]
pub(super) struct LevelRow {
    level: Level,
    rank: u8,
    label: String,
    half: serveup::Half,
    means: String,
    step_up: String,
    lasts: Option<serveup::Lasts>,
    needs_value: bool,
    signals: Vec<String>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct SignalRow {
    signal: String,
    level: Level,
    means: String,
}

#[derive(Serialize, schemars::JsonSchema)]
struct CategoryRow {
    category: Category,
    label: String,
    means: String,
    kinds: Vec<KindRow>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct KindRow {
    kind: String,
    means: String,
}

#[derive(Serialize, schemars::JsonSchema)]
struct EscalatorRow {
    from: Level,
    unnamed: Unnamed,
    memory_days: Option<u32>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct MarketRow {
    act: String,
    since: serveup::Instant,
    level: Level,
}

#[derive(Serialize, schemars::JsonSchema)]
struct RungRow {
    rung: Rung,
    label: String,
    means: String,
    helps: bool,
}

#[derive(Serialize, schemars::JsonSchema)]
struct LoyaltyRow {
    recent: std::num::NonZeroU32,
}

impl Rules {
    fn of(model: &Model) -> Self {
        let names = |set: SignalSet| set.iter().map(|id| model.signals()[id.index()].name.clone()).collect();
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
        let escalator = model.escalator();
        Self {
            levels: levels.collect(),
            signals: signals.collect(),
            value: value.collect(),
            escalator: EscalatorRow {
                from: escalator.from,
                unnamed: escalator.unnamed,
                memory_days: escalator.memory.map(serveup::Days::get),
            },
            market: market.map(|row| MarketRow { act: row.act.clone(), since: row.since, level: row.level }).collect(),
            response: response.collect(),
            loyalty: LoyaltyRow { recent: model.recent() },
            enough: model.enough(),
        }
    }
}

/// The model so that a newcomer understands it.
fn in_words(model: &Model, width: usize) -> String {
    let mut text = String::new();
    text.push_str(&paragraph(
        "Service is judged by the person served, on six levels. Facts noted about a moment are its signals; \
         each speaks for one level. The lowest shortfall decides, else the highest lift, else it is as expected.",
        width,
    ));
    text.push('\n');
    for level in Level::ALL.into_iter().rev() {
        level_in_words(model, level, width, &mut text);
    }
    text.push_str(&paragraph(&escalator_in_words(model), width));
    text.push('\n');
    for row in model.market_rows() {
        let since = row.since.to_minute(&serveup::Zone::UTC);
        let since = since.get(..10).unwrap_or(&since);
        let label = label(model, row.level);
        text.push_str(&hanging(
            "  market  ",
            &format!("since {since}, everyone takes {} as {label}", name(&row.act)),
            width,
        ));
    }
    text.push_str("Value, in the eyes of the person served:\n");
    for category in Category::ALL {
        let rule = model.category(category);
        let kinds = model.kinds().iter().filter(|kind| kind.category == category).map(|kind| name(&kind.name));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        text.push_str(&hanging(
            &format!("  {:<13}", shortened(&rule.label, 30)),
            &format!("{}: {kinds}", shown(&rule.means)),
            width,
        ));
    }
    text.push_str("\nHow people respond to a failure; only what is above the line helps:\n");
    let mut above = true;
    for rung in Rung::ALL.into_iter().rev() {
        let rule = model.rung(rung);
        if above && !rule.helps {
            text.push_str(&format!("  {}\n", "-".repeat(14)));
            above = false;
        }
        text.push_str(&hanging(&format!("  {:<16}", shortened(&rule.label, 30)), &shown(&rule.means), width));
    }
    text
}

fn level_in_words(model: &Model, level: Level, width: usize, text: &mut String) {
    let rule = model.level(level);
    text.push_str(&format!("{} {} ({} half)\n", level.rank(), label(model, level), level.half().name()));
    text.push_str(&hanging("    means    ", &shown(&rule.means), width));
    let signals = model.signals_of(level).iter().map(|id| name(&model.signals()[id.index()].name));
    let signals = signals.collect::<Vec<_>>().join(", ");
    let needs = if rule.needs_value { " (only where value was created)" } else { "" };
    text.push_str(&hanging("    signals  ", &format!("{signals}{needs}"), width));
    let lasts = match rule.lasts {
        Some(lasts) => {
            format!("{}, then it slides", count(u64::from(lasts.get()), "delivery").replace("deliverys", "deliveries"))
        }
        None if level == Level::Criminal => "an act never slides here".to_owned(),
        None => "an act that has slid here rests".to_owned(),
    };
    text.push_str(&hanging("    lasts    ", &lasts, width));
    text.push_str(&hanging("    step up  ", &shown(&rule.step_up), width));
    text.push('\n');
}

fn escalator_in_words(model: &Model) -> String {
    let escalator = model.escalator();
    let unnamed = match escalator.unnamed {
        Unnamed::Off => "Only interactions that name an action ride it",
        Unnamed::Point => "Where no action is named, the perception point stands for the act",
    };
    let memory = match escalator.memory {
        Some(days) => format!("after {} without it, an act is new again", count(u64::from(days.get()), "day")),
        None => "nothing is ever forgotten".to_owned(),
    };
    format!(
        "The escalator: an act that once was {} or better slides down a level each time it is repeated. It never \
         becomes {} by being done, only by not being done once it is owed. {unnamed}; {memory}.",
        label(model, escalator.from),
        label(model, Level::Criminal),
    )
}
