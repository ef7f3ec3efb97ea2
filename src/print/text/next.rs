//! What to do next, in words.

use crate::Model;
use crate::assess::uplift::Next;

use crate::print::table::{label, name, shown};
use crate::wording::{count, grouped};

/// One thing to do.
pub(crate) struct Action {
    /// How many moments or recipients ask for it.
    pub(crate) count: u64,
    /// Where in `next` its count is: the list, and the place in it.
    pub(crate) from: (&'static str, usize),
    /// What to do, and why.
    pub(crate) words: String,
}

/// What to do next, as actions, the most frequent first.
pub(crate) fn actions(model: &Model, next: &Next) -> Vec<Action> {
    let times = |number: u64| if number == 1 { "once".to_owned() } else { format!("{} times", grouped(number)) };
    let shortfalls = next.shortfalls.iter().enumerate().map(|(place, row)| {
        let means = model.signals().iter().find(|signal| signal.name == row.signal).map_or("", |signal| &signal.means);
        let words = format!("end {}, noted {}: {}", name(&row.signal), times(row.count), shown(means));
        Action { count: row.count, from: ("shortfalls", place), words }
    });
    let slid = next.slid.iter().enumerate().map(|(place, row)| {
        let label = label(model, row.next);
        let who = count(row.recipients, "recipient");
        let action = name(&row.action);
        let words = format!("follow {action} with something new: the next is only {label} for {who}");
        Action { count: row.recipients, from: ("slid", place), words }
    });
    let missed = next.missed_preferences.iter().enumerate().map(|(place, row)| {
        let (key, wanted, served) = (name(&row.key), name(&row.wanted), name(&row.served));
        let times = times(row.count);
        let words = format!("serve {key} \"{wanted}\" and not \"{served}\" where they prefer it, missed {times}");
        Action { count: row.count, from: ("missed_preferences", place), words }
    });
    let uncreated = next.uncreated_value.iter().enumerate().map(|(place, row)| {
        let who = count(row.recipients, "recipient");
        let value = if row.recipients == 1 { "values" } else { "value" };
        let words = format!("create {}: {who} {value} it and never got it here", name(&row.kind));
        Action { count: row.recipients, from: ("uncreated_value", place), words }
    });
    let mut actions: Vec<Action> = shortfalls.chain(slid).chain(missed).chain(uncreated).collect();
    actions.sort_by_key(|action| std::cmp::Reverse(action.count));
    actions
}
