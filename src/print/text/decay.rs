//! `decay`: a projection, and every act on the escalator, as tables.

use unicode_width::UnicodeWidthStr;

use crate::assess::decay::{Act, Acts, Projection};
use crate::level::Level;
use crate::moment::Zone;
use crate::print::OutputStyle;
use crate::print::table::{Column, columns, hidden_columns, label, middle_out, paragraph, shown};
use crate::rules::Model;
use crate::wording::count;

/// An act that fades, delivery by delivery.
#[must_use]
pub fn projection(model: &Model, projection: &Projection, zone: &Zone, width: usize) -> String {
    let label = |level: Level| format!("{} {}", level.rank(), label(model, level));
    let mut text = String::new();
    let widest = Level::ALL.into_iter().map(|level| label(level).width()).max().unwrap_or(0);
    let number = projection.deliveries.last().map_or(1, |last| last.delivery.to_string().len());
    let dated = projection.deliveries.iter().any(|delivery| delivery.at.is_some());
    let when = if dated { 18 } else { 0 };
    // what is left of the width is divided into six steps
    let room = width.saturating_sub(number + 2 + when + 2 * (widest + 2)).max(6);
    let step = (room / 5).clamp(1, 4);
    let head = format!("{:number$}  {:when$}", "", if dated { "when" } else { "" });
    let stairs = widest + 5 * step;
    text.push_str(format!("{head}{:stairs$}  if missed", "worth").trim_end());
    text.push('\n');
    for delivery in &projection.deliveries {
        let at = delivery.at.map(|at| at.to_minute(zone)).unwrap_or_default();
        let down = (6 - usize::from(delivery.level.rank())) * step;
        let worth = format!("{}{}", " ".repeat(down), label(delivery.level));
        let padding = " ".repeat(stairs.saturating_sub(worth.width()));
        let line = format!("{:>number$}  {at:when$}{worth}{padding}  {}", delivery.delivery, label(delivery.if_missed));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    let note = "By the rule, not a forecast. \"If missed\" is what leaving it out would be, instead of that delivery.";
    text.push_str(&paragraph(note, width));
    text
}

/// Every act on the escalator, and when it will rest; drawn up by several threads.
#[must_use]
pub fn acts(model: &Model, report: &Acts, zone: &Zone, style: OutputStyle, threads: usize) -> String {
    let width = usize::from(style.width);
    if report.acts.is_empty() {
        let from = label(model, model.escalator().from);
        return format!("no act is on the escalator: none has been {from} or better\n");
    }
    let label = |level: Level| format!("{} {}", level.rank(), label(model, level));
    let if_missed = |act: &Act| act.if_missed.map_or_else(|| "declined".to_owned(), label);
    let widest = |of: &dyn Fn(&Act) -> String| report.acts.iter().map(|act| of(act).width()).max().unwrap_or(0).min(16);
    let (next, missed) = (widest(&|act| label(act.standing)), widest(&if_missed).max("if missed".len()));
    let rests = |act: &Act| match act.rests_on {
        Some(at) => at.to_minute(zone).get(..10).unwrap_or_default().to_owned(),
        None => "-".to_owned(),
    };
    let rhythm = |act: &Act| {
        let late = if act.overdue == Some(true) { " !" } else { "" };
        act.usual_gap_days.map_or_else(|| "-".to_owned(), |days| format!("{}{late}", short_days(days)))
    };
    let rhythms = report.acts.iter().map(|act| rhythm(act).width()).max().unwrap_or(0).clamp(5, 9);
    let longest = |text: fn(&Act) -> &str| report.acts.iter().map(|act| shown(text(act)).width()).max().unwrap_or(0);
    // on a narrow terminal names go before what the last line says in words
    let (recipients, actions) = (longest(|act| &act.recipient), longest(|act| &act.action));
    let room = recipients.min(10) + actions.min(16);
    let rest = width.saturating_sub(next + missed + rhythms + 4 * 2);
    let [left, rests_on] = match rest.saturating_sub(room) {
        18.. => [4, 10],
        12.. => [0, 10],
        _ => [0, 0],
    };
    let shown = [left, rests_on].into_iter().filter(|width| *width > 0);
    let rest = rest.saturating_sub(shown.map(|width| width + 2).sum());
    let who = recipients.clamp(3, (rest * 2 / 5).max(3));
    let act = actions.clamp(3, rest.saturating_sub(who).max(3));
    let mut table = vec![
        Column::<Act>::new("who", who, |row| middle_out(&row.recipient, who)),
        Column::<Act>::new("act", act, |row| middle_out(&row.action, act)),
        Column::<Act>::new("next", next, |row| label(row.standing)),
        Column::<Act>::new("left", 4, |row| format!("{:>4}", row.left)),
        Column::<Act>::new("rests on", 10, rests),
        Column::<Act>::new("if missed", missed, if_missed),
        Column::<Act>::new("every", rhythms, rhythm),
    ];
    for (width, place) in [(rests_on, 4), (left, 3)] {
        if width == 0 {
            table.remove(place);
        }
    }
    let mut text = columns(style, threads, report.acts.len(), |places| report.acts[places].iter(), &table);
    text.push('\n');
    text.push_str(&hidden_columns(&[(left == 0, "left"), (rests_on == 0, "rests on")], width));
    let overdue = report.acts.iter().filter(|act| act.overdue == Some(true)).count() as u64;
    let overdue = if overdue > 0 { format!(", {overdue} overdue (!)") } else { String::new() };
    let means = [
        (left > 0, ", \"left\" how many more are above where it rests"),
        (rests_on > 0, ", at its usual rhythm on that date"),
    ];
    let means: String = means.into_iter().filter(|(shown, _)| *shown).map(|(_, words)| words).collect();
    let end = format!(
        "{} on the escalator{overdue}. By the rule, not a forecast: \"next\" is what the next delivery will be worth{means}.",
        count(report.acts.len() as u64, "act")
    );
    text.push_str(&paragraph(&end, width));
    text
}

/// `7 d`, `0.5 d`.
fn short_days(days: f64) -> String {
    if (days - days.round()).abs() < 0.05 { format!("{days:.0} d") } else { format!("{days:.1} d") }
}
