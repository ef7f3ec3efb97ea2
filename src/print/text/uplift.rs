//! `uplift` in words.

use super::next;
use crate::assess::Dimension;
use crate::assess::moves::{Moves, Returned, ReturnedAfter};
use crate::assess::uplift::{Direction, Pace, Point, Uplift, UpliftGroup};
use crate::period::Period;
use crate::print::bars::{percent, points, sparkline};
use crate::print::table::{hanging, key_in, label, name, paragraph};
use crate::rules::{Model, PageTexts};
use crate::stats::{Difference, Estimate, Share};
use crate::wording::{count, grouped};

/// How many things to do next are listed for people.
const NEXT_LISTED: usize = 4;

/// How many recipients of a move are named.
const WHO: usize = 5;

/// Which way each group goes, and what to do next.
#[must_use]
pub fn in_words(model: &Model, report: &Uplift, width: usize) -> String {
    if report.groups.is_empty() {
        return "no interactions to report\n".to_owned();
    }
    let mut text = paragraph(&headline(report), width);
    text.push('\n');
    for group in &report.groups {
        text.push_str(&format!(
            "{}: {}\n",
            key_in(&group.key.parts(), width.saturating_sub(17)),
            if group.direction == Direction::TooFew { "too little data" } else { group.direction.name() }
        ));
        text.push_str(&share(group, "sound", |point| point.sound, group.change.sound, width));
        text.push_str(&share(group, "top half", |point| point.top_half, group.change.top_half, width));
        if let Some(pace) = pace(group) {
            text.push_str(&hanging("  pace      ", &pace, width));
        }
        let mut head = "  next      ";
        for line in
            next::actions(model, PageTexts::shipped(), &group.next).into_iter().map(|next| next.words).take(NEXT_LISTED)
        {
            text.push_str(&hanging(head, &line, width));
            head = "            ";
        }
        text.push('\n');
    }
    let direction = |direction| report.groups.iter().filter(|group| group.direction == direction).count() as u64;
    let counts = format!(
        "{}: {} uplifting, {} slipping, {} steady, {} with too little data",
        count(report.groups.len() as u64, "group"),
        direction(Direction::Uplifting),
        direction(Direction::Slipping),
        direction(Direction::Steady),
        direction(Direction::TooFew),
    );
    text.push_str(&paragraph(&counts, width));
    if let Some(moves) = &report.moves {
        text.push_str(&moved(moves, width));
    }
    if let Some(returned) = &report.returned {
        text.push_str(&back(model, returned, width));
    }
    text
}

/// What became new, slid and lapsed in the later period, where anything did.
fn pace(group: &UpliftGroup) -> Option<String> {
    let at = group.change.to.or_else(|| group.series.last().map(|point| point.period))?;
    let Pace { new, slid, lapsed } = group.series.iter().find(|point| point.period == at)?.pace;
    let words = format!(
        "{} became new, {} slid, {} in {at}",
        count(new, "act"),
        count(slid, "delivery"),
        count(lapsed, "lapse"),
    );
    (new + slid + lapsed > 0).then_some(words)
}

/// Who went from which loyalty to which.
fn moved(moves: &Moves, width: usize) -> String {
    let (Some(from), Some(to)) = (moves.from, moves.to) else { return String::new() };
    let mut text = format!("\n{}", paragraph(&format!("From the end of {from} to the end of {to}:"), width));
    for way in &moves.moves {
        let whence = way.from.map_or("not met yet", next::loyalty);
        let words = if way.from == Some(way.to) {
            format!("{} stayed {}", count(way.count, "recipient"), next::loyalty(way.to))
        } else {
            let mut who: Vec<String> = way.recipients.iter().take(WHO).map(|who| name(who)).collect();
            let more = way.count.saturating_sub(who.len() as u64);
            if more > 0 {
                who.push(format!("{} more", grouped(more)));
            }
            let (whither, who) = (next::loyalty(way.to), who.join(", "));
            format!("{} went from {whence} to {whither}: {who}", count(way.count, "recipient"))
        };
        text.push_str(&hanging("  ", &words, width));
    }
    text
}

/// Who came back, by the level of their last moment.
fn back(model: &Model, returned: &Returned, width: usize) -> String {
    let Returned { period, days, levels, too_recent } = returned;
    let head = format!(
        "Recipients of {period} who came back within {} of their last moment in it, by the level of that moment:",
        count(u64::from(*days), "day")
    );
    let mut text = format!("\n{}", paragraph(&head, width));
    for ReturnedAfter { level, count: again, of } in levels.iter().rev() {
        let level = level.map_or_else(|| "nothing noted".to_owned(), |level| label(model, level));
        let share = Share { count: *again, of: *of }.value();
        text.push_str(&hanging(
            "  ",
            &format!("{level}: {} of {}, {}", grouped(*again), grouped(*of), percent(share)),
            width,
        ));
    }
    if *too_recent > 0 {
        let words = format!("{} left out: the records end too early to tell", count(*too_recent, "recipient"));
        text.push_str(&paragraph(&words, width));
    }
    text
}

/// `3 of 40 points changed beyond chance from 2026-04 to 2026-05`, and what is not compared.
fn headline(report: &Uplift) -> String {
    let what = if report.by == [Dimension::Point] { "point" } else { "group" };
    let change = report.groups.first().map(|group| group.change);
    let between = match change.and_then(|change| change.from.zip(change.to)) {
        Some((from, to)) => format!(" from {from} to {to}"),
        None => String::new(),
    };
    let changed = match report.compared {
        0 => format!("no {what} has enough data to compare{between}"),
        all => format!("{} of {} changed beyond chance{between}", grouped(report.changed()), count(all, what)),
    };
    let last = report.groups.first().and_then(|group| group.series.last()).filter(|point| !point.finished);
    let compared = change.and_then(|change| change.to);
    let unfinished = last.filter(|point| compared != Some(point.period)).map(|point| point.period);
    let unfinished = unfinished.map(|period| format!("; {period} is not over yet, so it is not compared"));
    format!("{changed}{}", unfinished.unwrap_or_default())
}

/// One share of a group over time, and its change.
fn share(group: &UpliftGroup, name: &str, of: fn(&Point) -> Estimate, difference: Difference, width: usize) -> String {
    let skipped = group.series.len().saturating_sub(width / 3);
    let spark = sparkline(group.series.iter().skip(skipped).map(|point| of(point).share));
    hanging(&format!("  {name:<9} {spark}  "), &change(group, of, difference), width)
}

/// `60 % in 2026-05, 95 % in 2026-06: +35 (+12 to +55)`.
fn change(group: &UpliftGroup, of: fn(&Point) -> Estimate, difference: Difference) -> String {
    let (Some(from), Some(to)) = (group.change.from, group.change.to) else {
        let only = group.series.last();
        return only.map_or_else(String::new, |point| format!("{} in {}", percent(of(point).share), point.period));
    };
    let at = |period: Period| {
        let point = group.series.iter().find(|point| point.period == period);
        format!("{} in {period}", percent(point.and_then(|point| of(point).share)))
    };
    let points = match (difference.diff, difference.low, difference.high) {
        (Some(diff), Some(low), Some(high)) => {
            let sure = match difference.p {
                Some(_) if difference.fell() || difference.rose() => ", beyond chance",
                Some(_) if diff != 0.0 => ", may be chance",
                _ => "",
            };
            format!(": {} ({} to {}){sure}", points(diff), points(low), points(high))
        }
        _ => String::new(),
    };
    format!("{}, {}{points}", at(from), at(to))
}
