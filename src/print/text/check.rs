//! `check`: one moment, and one perception point, in words.

use super::recovery;
use crate::assess::point::Point;
use crate::level::Level;
use crate::print::OutputStyle;
use crate::print::bars::{LEGEND, counts_like, diverging, estimate};
use crate::print::table::{hanging, label, middle_out, path_end, shown, written_day};
use crate::rating::row::Rating;
use crate::rules::Model;
use crate::wording::{count, grouped};

/// One moment in words.
#[must_use]
pub fn moment(model: &Model, rating: &Rating<'_>, style: OutputStyle) -> String {
    let width = usize::from(style.width);
    let rule = model.level(rating.assessment.level);
    let label = |level: Level| label(model, level);
    let (rank, half) = (rating.assessment.level.rank(), rating.assessment.level.half().name());
    let slid = if rating.assessment.reason.slid() { ", only slid" } else { "" };
    let failure = if rating.assessment.failure { ", a failure" } else { "" };
    let mut text = hanging(
        &format!("{}: ", path_end(&rating.outline.point, width / 2)),
        &format!("{}{slid}{failure} (level {rank} of 6, {half} half)", label(rating.assessment.level)),
        width,
    );
    text.push('\n');
    text.push_str(&hanging("  means    ", &shown(&rule.means), width));
    let mut head = "  why      ";
    for line in rating.details.iter().flat_map(|details| &details.why) {
        text.push_str(&hanging(head, &shown(line), width));
        head = "           ";
    }
    if let Some(next) = rating.assessment.next {
        let line = format!("done as well again, it will be worth {}", label(next));
        text.push_str(&hanging("  next     ", &line, width));
    }
    if let (Some(claimed), Some(gap)) = (rating.outline.claimed, rating.gap()) {
        let opinion = match gap {
            0 => "and the provider sees it so".to_owned(),
            1.. => format!("{} too high", count(u64::from(gap.unsigned_abs()), "level")),
            _ => format!("{} too low", count(u64::from(gap.unsigned_abs()), "level")),
        };
        text.push_str(&hanging("  claimed  ", &format!("{}, {opinion}", label(claimed)), width));
    }
    text.push_str(&hanging("  step up  ", &shown(&rule.step_up), width));
    text
}

/// One moment as a line.
fn line(model: &Model, rating: &Rating<'_>) -> String {
    let label = label(model, rating.assessment.level);
    let slid = if rating.assessment.reason.slid() { ", slid" } else { "" };
    let why = rating.details.as_ref().map(|details| details.why.join(" · ")).unwrap_or_default();
    let when = rating.outline.at.as_deref().map(|at| shown(written_day(at)) + " ").unwrap_or_default();
    let who = rating.outline.recipient.as_deref().map(|who| middle_out(who, 40)).unwrap_or_default();
    format!("{when}{who}: {label}{slid} · {}", shown(&why))
}

/// One perception point as recorded.
#[must_use]
pub fn point(model: &Model, path: &str, point: &Point, style: OutputStyle) -> String {
    let (group, direction) = (&point.group, point.direction);
    let lines = |ratings: &[Rating<'_>]| ratings.iter().map(|rating| line(model, rating)).collect::<Vec<_>>();
    let moments = [("worst", lines(&point.worst_moments)), ("latest", lines(&point.latest_moments))];
    let width = usize::from(style.width);
    let label = |level: Option<Level>| level.map_or_else(|| "-".to_owned(), |level| label(model, level));
    let counts = format!("{} of {}", count(group.count, "interaction"), count(group.recipients, "recipient"));
    let mut text = hanging(&format!("{}: ", path_end(path, width / 2)), &counts, width);
    text.push('\n');
    if group.count == 0 {
        text.push_str("  none of them in the time asked for\n");
        return text;
    }
    let enough = group.enough;
    let half = (width.saturating_sub(13) / 2).min(30);
    text.push_str(&format!("  {}\n", diverging(&group.levels.0, half, enough)));
    text.push_str(&hanging("  ", LEGEND, width));
    text.push('\n');
    let levels = Level::ALL.into_iter().filter(|level| group.levels.0.0[level.index()] > 0);
    let levels = levels.map(|level| format!("{} {}", grouped(group.levels.0.0[level.index()]), label(Some(level))));
    let levels = levels.collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        ("levels", if levels.is_empty() { "nothing was noted".to_owned() } else { levels }),
        ("middle", format!("{}; half of them from {} to {}", label(group.median), label(group.q1), label(group.q3))),
        ("sound", format!("{}; {}", estimate(group.sound), count(group.failures, "failure"))),
        ("top half", estimate(group.top_half)),
    ];
    if let Some(like) = counts_like("remarked interaction", group.remarked(), group.heard, group.sound) {
        lines.push(("for sound", like));
    }
    if group.remarked() > 0 && !enough {
        lines.push((
            "data",
            format!(
                "too little: {} of {}",
                count(group.remarked(), "remarked interaction"),
                count(group.heard, "recipient")
            ),
        ));
    }
    let asides = [(group.slid, "only slid"), (group.lapses, "lapsed"), (group.unremarked, "unremarked")];
    let asides =
        asides.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{} {what}", grouped(*number)));
    let asides = asides.collect::<Vec<_>>().join(", ");
    if !asides.is_empty() {
        lines.push(("of them", asides));
    }
    if let Some(direction) = direction {
        lines.push(("going", format!("{}, month by month", direction.name())));
    }
    for (head, line) in lines {
        text.push_str(&hanging(&format!("  {head:<9} "), &line, width));
    }
    if point.met.count > 0 {
        text.push_str(&recovery::strategy::lines(&point.met, width));
    }
    for (head, lines) in moments {
        let mut head = format!("  {head:<9} ");
        for line in lines {
            text.push_str(&hanging(&head, &line, width));
            head = " ".repeat(12);
        }
    }
    if let Some(median) = group.median {
        text.push_str(&hanging("  step up   ", &shown(&model.level(median).step_up), width));
    }
    text
}
