//! The rules in words.

use crate::level::Level;
use crate::print::table::{hanging, label, name, paragraph, shortened, shown};
use crate::rules::{Meaning, Model, Rung, Unnamed, WordKind};
use crate::value::Category;
use crate::wording::count;

/// The rules in force.
#[must_use]
pub fn in_words(model: &Model, width: usize) -> String {
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
        let since = row.since.to_minute(&crate::Zone::UTC);
        let since = since.get(..10).unwrap_or(&since);
        let label = label(model, row.level);
        text.push_str(&hanging(
            "  market  ",
            &format!("since {since}, everyone takes {} as {label}", name(&row.act)),
            width,
        ));
    }
    for plan in model.journeys() {
        let steps = plan.steps.iter().map(|step| name(step.written())).collect::<Vec<_>>().join(", then ");
        text.push_str(&hanging("  journey ", &format!("{}: {steps}", name(&plan.name)), width));
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

/// What a word means.
#[must_use]
pub fn meanings(model: &Model, meanings: &[Meaning], width: usize) -> String {
    let one = |meaning: &Meaning| {
        let Meaning { word, is, level, category, means, .. } = meaning;
        let of = match (is, level, category) {
            (WordKind::Signal, Some(level), _) => format!(" that speaks for {}", label(model, *level)),
            (WordKind::Kind, _, Some(category)) => format!(", {}", shortened(&model.category(*category).label, 30)),
            _ => String::new(),
        };
        let head = meaning.label.as_ref().filter(|label| *label != word);
        let head = head.map_or_else(|| name(word), |label| format!("{} ({})", name(label), name(word)));
        let mut text = hanging(&format!("{head}: "), &format!("{}{of}", is.in_words()), width);
        text.push('\n');
        match (is, level) {
            (WordKind::Level, Some(level)) => level_in_words(model, *level, width, &mut text),
            _ => text.push_str(&hanging("  means  ", &shown(means), width)),
        }
        text
    };
    let texts: Vec<String> = meanings.iter().map(one).collect();
    format!("{}\n", texts.iter().map(|text| text.trim_end()).collect::<Vec<_>>().join("\n\n"))
}

fn level_in_words(model: &Model, level: Level, width: usize, text: &mut String) {
    let rule = model.level(level);
    text.push_str(&format!("{} {} ({} half)\n", level.rank(), label(model, level), level.half().name()));
    text.push_str(&hanging("    means    ", &shown(&rule.means), width));
    let signals = model.signals_of(level).iter().map(|id| name(model.signal_name(id)));
    let signals = signals.collect::<Vec<_>>().join(", ");
    let needs = if rule.needs_value { " (only where value was created)" } else { "" };
    text.push_str(&hanging("    signals  ", &format!("{signals}{needs}"), width));
    let lasts = match rule.lasts {
        Some(lasts) => {
            format!("{}, then it slides", count(u64::from(lasts.get()), "delivery"))
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
