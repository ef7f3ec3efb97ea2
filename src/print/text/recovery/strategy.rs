//! How failures of each kind are met, and what that costs, in words.

use crate::assess::recovery::{RecoveryReport, Spent, Strategy};
use crate::print::bars::{estimate, percent};
use crate::print::table::{hanging, key_in, name, paragraph};
use crate::wording::{count, grouped};

/// How many acts are named.
const ACTS: usize = 4;

/// The groups; nothing where there is nothing to add to the counts of all failures.
pub(super) fn in_words(report: &RecoveryReport, width: usize) -> String {
    let grouped_by = report.by.first().map(|group| &group.key.0).filter(|key| !key.is_empty());
    let mut text = String::new();
    match grouped_by {
        Some(key) => {
            let names: Vec<&str> = key.iter().map(|(name, _)| &**name).collect();
            text.push_str(&paragraph(&format!("Failures and recoveries by {}:", names.join(" and ")), width));
            for group in &report.by {
                text.push_str(&paragraph(&key_in(&group.key.parts(), width), width));
                text.push_str(&lines(group, width));
            }
        }
        None => {
            let worth_saying = report.by.iter().filter(|group| !group.spent.is_empty() || !group.acts.is_empty());
            for group in worth_saying {
                text.push_str(&paragraph("Recoveries:", width));
                text.push_str(&lines(group, width));
            }
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// How one group is met.
pub(in crate::print::text) fn lines(group: &Strategy, width: usize) -> String {
    let few = if group.enough { "" } else { "; too little data" };
    let mut text = hanging(
        "  bounced   ",
        &format!(
            "{} of {}; put right or bounced {}{few}",
            estimate(group.bounced),
            count(group.count, "failure"),
            percent(group.resolved.share),
        ),
        width,
    );
    if !group.acts.is_empty() {
        let of = |act: &crate::assess::recovery::ActUsed| {
            format!("{} ({} of {} bounced)", name(&act.action), grouped(act.bounced), grouped(act.count))
        };
        let mut acts: Vec<String> = group.acts.iter().take(ACTS).map(of).collect();
        let more = group.acts.len().saturating_sub(ACTS);
        if more > 0 {
            acts.push(format!("{more} more"));
        }
        text.push_str(&hanging("  with      ", &acts.join(", "), width));
    }
    for spent in &group.spent {
        text.push_str(&hanging("  spent     ", &costs(spent), width));
    }
    let came = group.came_back;
    if came.of > 0 {
        let days = came.days.map(|days| format!("; records for {days:.0} days afterwards (median)"));
        let words = format!("{} of {}{}", grouped(came.count), count(came.of, "recipient"), days.unwrap_or_default());
        text.push_str(&hanging("  came back ", &words, width));
    }
    text
}

/// What was spent in one unit, and when that is paid back.
fn costs(spent: &Spent) -> String {
    let unit = spent.unit.as_deref().map(|unit| format!(" {}", name(unit))).unwrap_or_default();
    let per = match spent.per_bounce {
        Some(per) if per.fract() == 0.0 => format!(": {per:.0}{unit} per bounce"),
        Some(per) => format!(": {per:.2}{unit} per bounce"),
        None => ": none of them bounced".to_owned(),
    };
    let back = match (spent.purchases, &spent.worth) {
        (Some(purchases), _) if purchases <= 1.0 => "; one more purchase pays it back".to_owned(),
        (Some(purchases), _) => format!("; paid back after {:.0} purchases", purchases.ceil()),
        (None, Some(worth)) if worth.0.is_zero() => "; a purchase is worth 0, so it is never paid back".to_owned(),
        (None, Some(_)) => {
            "; a purchase is worth so little that it is not paid back in any number that counts".to_owned()
        }
        (None, None) => format!("; no recipient has a worth in {}", unit_name(spent)),
    };
    let without = match spent.without_worth {
        0 => String::new(),
        _ if spent.worth.is_none() => String::new(),
        number => format!(" (without {} whose recipient has no worth)", count(number, "failure")),
    };
    format!("{}{unit} on {}{per}{back}{without}", amount(spent), count(spent.failures, "failure"))
}

/// An amount as people write it: 4.50, and not 4.5.
fn amount(spent: &Spent) -> String {
    let exact = spent.amount.0.normalize();
    if exact.scale() == 1 { format!("{exact}0") } else { exact.to_string() }
}

fn unit_name(spent: &Spent) -> String {
    spent.unit.as_deref().map_or_else(|| "this unit".to_owned(), name)
}
