//! `calibrate` in words.

mod changes;
mod distributions;

use unicode_width::UnicodeWidthStr;

use crate::assess::calibrate::{Calibration, Comparison};
use crate::level::Level;
use crate::print::bars::percent;
use crate::print::table::{label, paragraph, shortened};
use crate::rules::Model;
use crate::verdict::Verdict;
use crate::wording::{count, grouped};

/// What verdicts say of the rules: what to change first, then each signal and the escalator, then the tables.
#[must_use]
pub fn in_words(model: &Model, report: &Calibration, width: usize) -> String {
    if report.count == 0 {
        return "no interaction has a verdict beside facts, standing or market; nothing to calibrate\n".to_owned();
    }
    let mut text = paragraph(
        &format!("{} with a verdict beside facts, standing or market", count(report.count, "interaction")),
        width,
    );
    text.push_str(&changes::in_words(model, report, width));
    text.push_str(&distributions::signals(model, &report.signals, width));
    text.push_str(&distributions::escalator(model, &report.escalator, width));
    let kinds = [
        ("facts", "Verdict against what the facts of the moment say", &report.evidence),
        ("rules", "Verdict against the level by the rules, what came before included", &report.assessed),
    ];
    for (against, title, comparison) in kinds {
        text.push('\n');
        text.push_str(&paragraph(title, width));
        text.push_str(&matrix(model, comparison, against, width));
        text.push_str(&figures(model, comparison, against));
    }
    text
}

/// Whether these are enough to draw a conclusion from.
fn enough(model: &Model, number: u64) -> bool {
    number >= u64::from(model.enough().interactions.get())
}

/// What people read for a verdict.
fn said(model: &Model, verdict: Verdict) -> String {
    let level = label(model, verdict.level());
    match verdict.own() {
        Some(own) => format!("{} {level}", own.rank()),
        None if verdict.lowest() == verdict.level() => format!("{level} or above"),
        None => format!("{level} or below"),
    }
}

/// A row per verdict, a column per level of what it is held against: the own words, then the open verdicts that were given.
fn matrix(model: &Model, comparison: &Comparison, against: &str, width: usize) -> String {
    let (own, open) = (&comparison.matrix.0, &comparison.open.0);
    let rows = Verdict::ALL.into_iter().zip(own.iter().chain(open));
    let rows = rows.filter(|(verdict, counts)| !verdict.is_open() || counts.iter().any(|count| *count > 0));
    let rows: Vec<(String, &[u64; 6])> = rows.map(|(verdict, counts)| (said(model, verdict), counts)).collect();
    let side = rows.iter().map(|(said, _)| said.width()).max().unwrap_or(0).min(20);
    let biggest = rows.iter().flat_map(|(_, counts)| counts.iter()).max().copied().unwrap_or(0);
    let room = width.saturating_sub(side + 10) / 6;
    let column = (grouped(biggest).len() + 2).max(5).min(room.max(5));
    let heads: String = Level::ALL.into_iter().map(|level| format!("{:>column$}", level.rank())).collect();
    let mut text = format!("  {:side$}  {against}:{heads}\n", "verdict");
    for (said, counts) in rows {
        let said = shortened(&said, side);
        let padding = " ".repeat(side.saturating_sub(said.width()));
        let counts = counts
            .iter()
            .map(|&count| format!("{:>column$}", if count == 0 { "·".to_owned() } else { grouped(count) }));
        text.push_str(&format!("  {said}{padding}        {}\n", counts.collect::<String>()));
    }
    text
}

/// Agreement beyond chance; only of those that agree in everything it is `1.000`.
fn agreed(kappa: Option<f64>) -> String {
    match kappa.map(|kappa| (kappa, format!("{kappa:.3}"))) {
        None => "undefined".to_owned(),
        Some((kappa, rounded)) if rounded == "1.000" && kappa < 1.0 => ">0.999".to_owned(),
        Some((_, rounded)) => rounded,
    }
}

fn figures(model: &Model, comparison: &Comparison, against: &str) -> String {
    let few = |number: u64| if enough(model, number) { "" } else { " (too little data)" };
    let own = comparison.matrix.total();
    let mut text = format!(
        "  equal {}, within one level {}, weighted kappa {}{}\n",
        percent(comparison.agreement),
        percent(comparison.within_one),
        agreed(comparison.kappa),
        few(own),
    );
    let bands = &comparison.bands;
    text.push_str(&format!(
        "  in three bands (up to {}, {}, above): equal {}, kappa {}{}\n",
        label(model, Level::Basic),
        label(model, Level::BASELINE),
        percent(bands.agreement),
        agreed(bands.kappa),
        few(bands.matrix.iter().flatten().sum()),
    ));
    if bands.left_out > 0 {
        text.push_str(&format!("  {} in no band\n", count(bands.left_out, "open verdict")));
    }
    text.push_str(&format!(
        "  the {against} flatter {}, undersell {}\n",
        count(comparison.flatters, "time"),
        count(comparison.undersells, "time"),
    ));
    text
}
