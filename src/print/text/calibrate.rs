//! `calibrate` in words.

use unicode_width::UnicodeWidthStr;

use crate::assess::calibrate::{Calibration, Comparison, SignalRow};
use crate::level::Level;
use crate::print::bars::percent;
use crate::print::table::{label, paragraph, shortened, shown};
use crate::rules::Model;
use crate::wording::{count, grouped};

/// How verdicts and facts agree.
#[must_use]
pub fn in_words(model: &Model, report: &Calibration, width: usize) -> String {
    if report.count == 0 {
        return "no interaction has both a verdict and facts; nothing to calibrate\n".to_owned();
    }
    let mut text = format!("{} with both a verdict and facts\n", count(report.count, "interaction"));
    let kinds = [
        ("Verdict against what the facts of the moment say", &report.evidence),
        ("Verdict against the level by the rules, what came before included", &report.assessed),
    ];
    for (title, comparison) in kinds {
        text.push('\n');
        text.push_str(&paragraph(title, width));
        text.push_str(&matrix(model, comparison, width));
        text.push_str(&figures(comparison));
    }
    if !report.signals.is_empty() {
        text.push_str("\nSignals present where facts and verdict disagree:\n");
        let name = report.signals.iter().map(|row| shown(&row.signal).width()).max().unwrap_or(0).min(width / 2);
        for SignalRow { signal, count, flatters, undersells } in &report.signals {
            let signal = shortened(signal, name);
            let padding = " ".repeat(name.saturating_sub(signal.width()));
            let line = format!("  {signal}{padding}  in {count}: too good {flatters}, too bad {undersells}\n");
            text.push_str(&line);
        }
    }
    text
}

/// The 6 × 6 table: a row per verdict, a column per level of the facts.
fn matrix(model: &Model, comparison: &Comparison, width: usize) -> String {
    let label = |level: Level| format!("{} {}", level.rank(), label(model, level));
    let side = Level::ALL.into_iter().map(|level| label(level).width()).max().unwrap_or(0).min(20);
    let biggest = comparison.matrix.0.iter().flatten().max().copied().unwrap_or(0);
    let room = width.saturating_sub(side + 10) / 6;
    let column = (grouped(biggest).len() + 2).max(5).min(room.max(5));
    let mut text = format!("  {:side$}  facts:", "verdict");
    let heads: String = Level::ALL.into_iter().map(|level| format!("{:>column$}", level.rank())).collect();
    text.push_str(&format!("{heads}\n"));
    for (verdict, row) in Level::ALL.into_iter().zip(comparison.matrix.0) {
        let label = shortened(&label(verdict), side);
        let padding = " ".repeat(side.saturating_sub(label.width()));
        let counts: String = row
            .iter()
            .map(|&count| format!("{:>column$}", if count == 0 { "·".to_owned() } else { grouped(count) }))
            .collect();
        text.push_str(&format!("  {label}{padding}        {counts}\n"));
    }
    text
}

/// Agreement beyond chance; only of those that agree in everything it is `1.000`.
fn agreed(kappa: f64) -> String {
    match format!("{kappa:.3}") {
        rounded if rounded == "1.000" && kappa < 1.0 => ">0.999".to_owned(),
        rounded => rounded,
    }
}

fn figures(comparison: &Comparison) -> String {
    let kappa = comparison.kappa.map_or_else(|| "undefined".to_owned(), agreed);
    format!(
        "  equal {}, within one level {}, weighted kappa {kappa}\n  the facts flatter {}, undersell {}\n",
        percent(comparison.agreement),
        percent(comparison.within_one),
        count(comparison.flatters, "time"),
        count(comparison.undersells, "time"),
    )
}
