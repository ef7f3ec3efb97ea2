//! What to do next, in words: for a group, and for one recipient.

use std::ops::Range;

use serde::Serialize;

use crate::assess::loyalty::Loyalty;
use crate::assess::next_steps::{Agenda, Counts, DueAct, KeptWish, NextSteps, OpenFailure, Untried};
use crate::assess::recovery::Status;
use crate::assess::uplift::Next;
use crate::level::Level;
use crate::moment::Instant;
use crate::print::table::{hanging, label, name, paragraph, path_end, shown, written_day};
use crate::print::{Listed, OutputStyle};
use crate::wording::{count, grouped};
use crate::{Model, PageTexts};

/// One thing to do.
pub(crate) struct Action {
    /// How many moments or recipients ask for it.
    pub(crate) count: u64,
    /// Where in `next` its count is: the list, and the place in it.
    pub(crate) from: (&'static str, usize),
    /// What to do, and why.
    pub(crate) words: String,
}

/// What to do next, as actions, the most frequent first, in these texts.
pub(crate) fn actions(model: &Model, texts: &PageTexts, next: &Next) -> Vec<Action> {
    let shortfalls = next.shortfalls.iter().enumerate().map(|(place, row)| {
        let means = model.signals().iter().find(|signal| signal.name == row.signal).map_or("", |signal| &signal.means);
        let values = [("signal", name(&row.signal)), ("means", shown(means))];
        Action { count: row.count, from: ("shortfalls", place), words: fill_for(texts, "do_fix", row.count, &values) }
    });
    let slid = next.slid.iter().enumerate().map(|(place, row)| {
        let values = [("act", name(&row.action)), ("level", label(model, row.next))];
        let words = fill_for(texts, "do_follow", row.recipients, &values);
        Action { count: row.recipients, from: ("slid", place), words }
    });
    let missed = next.missed_preferences.iter().enumerate().map(|(place, row)| {
        let values =
            [("key", name(&row.key)), ("wanted", quoted(texts, &row.wanted)), ("served", quoted(texts, &row.served))];
        let words = fill_for(texts, "do_serve_instead", row.count, &values);
        Action { count: row.count, from: ("missed_preferences", place), words }
    });
    let uncreated = next.uncreated_value.iter().enumerate().map(|(place, row)| {
        let words = fill_for(texts, "do_create_here", row.recipients, &[("kind", name(&row.kind))]);
        Action { count: row.recipients, from: ("uncreated_value", place), words }
    });
    let mut actions: Vec<Action> = shortfalls.chain(slid).chain(missed).chain(uncreated).collect();
    actions.sort_by_key(|action| std::cmp::Reverse(action.count));
    actions
}

/// A text with values that are made for it.
fn fill(texts: &PageTexts, key: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    texts.fill(key, &values)
}

/// The same for a number.
fn fill_for(texts: &PageTexts, key: &str, number: u64, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    texts.fill_for(key, number, &values)
}

/// A text of the records inside a sentence.
fn quoted(texts: &PageTexts, text: &str) -> String {
    texts.fill("quoted", &[("text", &name(text))])
}

/// What a failure asks for.
fn put_right(model: &Model, texts: &PageTexts, open: &OpenFailure) -> String {
    let id = open.id.as_deref().map(name);
    let day = open.at.as_deref().map(|at| name(written_day(at)));
    let what = match (id, day) {
        (Some(id), Some(day)) => fill(texts, "record_of", &[("id", id), ("day", day)]),
        (Some(id), None) => id,
        (None, Some(day)) => fill(texts, "of_day", &[("day", day)]),
        (None, None) => texts.get("what_went_wrong").to_owned(),
    };
    let signals: Vec<String> = open.signals.iter().map(|signal| name(signal)).collect();
    // where no fact says so, it was their own word, or an answer on a scale
    let why = if signals.is_empty() { texts.get("own_word").to_owned() } else { signals.join(", ") };
    let act = open.action.as_deref().map(name);
    let key = if act.is_some() { "do_put_right_act" } else { "do_put_right" };
    let values = [
        ("what", what),
        ("level", label(model, open.level)),
        ("point", path_end(&open.point, 40)),
        ("act", act.unwrap_or_default()),
        ("why", why),
    ];
    let mut words = fill(texts, key, &values);
    let still = match (open.status, open.days.filter(|days| *days >= 1.0).map(whole_days)) {
        (Status::Attempted, Some(days)) => texts.count("still_attempted_days", days),
        (Status::Attempted, None) => texts.get("still_attempted").to_owned(),
        (_, Some(days)) => texts.count("still_open_days", days),
        (_, None) => texts.get("still_open").to_owned(),
    };
    words.push_str(&format!("; {still}"));
    if open.again > 0 {
        words.push_str(&format!("; {}", texts.count("again_before", open.again)));
    }
    words
}

/// Whole days that have passed.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days between instants, zero or more")]
fn whole_days(days: f64) -> u64 {
    days.max(0.0) as u64
}

/// What an act asks for that is overdue or about to rest.
fn keep(model: &Model, texts: &PageTexts, act: &DueAct) -> String {
    let level = ("level", label(model, act.standing));
    let named = ("act", name(&act.action));
    if act.overdue != Some(true) {
        return if act.next < act.standing {
            fill(texts, "do_follow_them_then", &[named, level, ("then", label(model, act.next))])
        } else {
            fill(texts, "do_follow_them", &[named, level])
        };
    }
    let mut words = fill(texts, "do_again", &[named]);
    let last = act.last_at.map(|last| name(written_day(&last.to_string())));
    let last = last.map(|day| fill(texts, "last_done", &[("day", day)]));
    let gap = act.usual_gap_days.filter(|days| *days >= 1.0).map(|days| texts.count("usual_gap", whole_days(days)));
    let known: Vec<String> = last.into_iter().chain(gap).collect();
    if !known.is_empty() {
        words.push_str(&format!(": {}", known.join(", ")));
    }
    let now = match act.if_missed {
        Some(missed) => fill(texts, "done_now_missed", &[level, ("missed", label(model, missed))]),
        None => fill(texts, "done_now", &[level]),
    };
    format!("{words}; {now}")
}

/// What a wish asks for.
fn prefer(texts: &PageTexts, wish: &KeptWish) -> String {
    let mut wanted = wish.wanted.iter().map(|wanted| quoted(texts, wanted));
    let first = wanted.next().unwrap_or_default();
    let wanted = wanted.fold(first, |one, two| fill(texts, "or", &[("one", one), ("two", two)]));
    let values = [("key", name(&wish.key)), ("wanted", wanted), ("met", texts.number(wish.met))];
    match (wish.met, wish.compared) {
        (_, 0) => fill(texts, "do_serve", &values),
        (met, all) => fill_for(texts, if met == all { "do_keep" } else { "do_serve_met" }, all, &values),
    }
}

/// What an act that they have not seen promises; `alike` says that the others want some of the same value.
fn surprise(texts: &PageTexts, untried: &Untried, alike: bool) -> String {
    let kinds: Vec<String> = untried.kinds.iter().map(|kind| name(kind)).collect();
    let key = if alike { "surprised_of_alike" } else { "surprised_of" };
    let others = fill_for(texts, key, untried.of, &[("surprised", texts.number(untried.surprised))]);
    let key = if kinds.is_empty() { "surprise" } else { "surprise_kinds" };
    let mut words =
        fill(texts, key, &[("act", name(&untried.action)), ("kinds", kinds.join(", ")), ("others", others)]);
    if !untried.enough {
        words.push_str(&format!("; {}", texts.get("surprise_unsure")));
    }
    words
}

/// What is said of someone for whom there is nothing to do.
const FINE: &str = "nothing is open, overdue or missed";

/// What is said where no act is new to them.
const NO_IDEA: &str = "no recorded act that surprised others is new to them; ask what they would not expect";

/// The same of someone of whom it is known what they want.
const NO_IDEA_FOR: &str =
    "no recorded act that surprised others who want the same is new to them; ask what they would not expect";

/// What a step is about: the list of the document it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A failure that nobody put right.
    Open,
    /// An act that is overdue or about to rest.
    Act,
    /// A way in which they like to be served.
    Wish,
    /// Value they want that was never created for them.
    Value,
    /// An act never done for them that surprised others.
    Untried,
    /// There is nothing to do.
    None,
}

/// One step with its numbers, in one row; what does not concern its kind is absent.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "they are the fields of the lists of the document")]
pub struct Step<'a> {
    pub recipient: &'a str,
    pub name: Option<&'a str>,
    pub loyalty: Loyalty,
    pub step: Kind,
    pub words: String,
    pub id: Option<&'a str>,
    pub at: Option<&'a str>,
    pub point: Option<&'a str>,
    pub action: Option<&'a str>,
    pub level: Option<Level>,
    pub status: Option<Status>,
    pub signals: &'a [String],
    pub again: Option<u64>,
    pub days: Option<f64>,
    pub standing: Option<Level>,
    pub next: Option<Level>,
    pub left: Option<u64>,
    pub if_missed: Option<Level>,
    pub overdue: Option<bool>,
    pub last_at: Option<Instant>,
    pub usual_gap_days: Option<f64>,
    pub key: Option<&'a str>,
    pub wanted: &'a [String],
    pub compared: Option<u64>,
    pub met: Option<u64>,
    pub kinds: &'a [String],
    pub surprised: Option<u64>,
    pub of: Option<u64>,
    pub enough: Option<bool>,
}

impl<'a> Step<'a> {
    /// A step of a kind and nothing else: for the names of its columns, too.
    #[must_use]
    pub const fn blank(recipient: &'a str, name: Option<&'a str>, loyalty: Loyalty, kind: Kind) -> Self {
        Self {
            recipient,
            name,
            loyalty,
            step: kind,
            words: String::new(),
            id: None,
            at: None,
            point: None,
            action: None,
            level: None,
            status: None,
            signals: &[],
            again: None,
            days: None,
            standing: None,
            next: None,
            left: None,
            if_missed: None,
            overdue: None,
            last_at: None,
            usual_gap_days: None,
            key: None,
            wanted: &[],
            compared: None,
            met: None,
            kinds: &[],
            surprised: None,
            of: None,
            enough: None,
        }
    }
}

/// The steps for one recipient one row each, in the order of the document: failures, acts, wishes, value, what is untried.
#[must_use]
pub fn steps<'a>(model: &Model, person: &'a NextSteps) -> Vec<Step<'a>> {
    steps_in(model, PageTexts::shipped(), person)
}

/// The same in these texts.
pub(crate) fn steps_in<'a>(model: &Model, texts: &PageTexts, person: &'a NextSteps) -> Vec<Step<'a>> {
    let of =
        |kind, words| Step { words, ..Step::blank(&person.recipient, person.name.as_deref(), person.loyalty, kind) };
    let open = person.open.iter().map(|open| Step {
        id: open.id.as_deref(),
        at: open.at.as_deref(),
        point: Some(&open.point),
        action: open.action.as_deref(),
        level: Some(open.level),
        status: Some(open.status),
        signals: &open.signals,
        again: Some(open.again),
        days: open.days,
        ..of(Kind::Open, put_right(model, texts, open))
    });
    let acts = person.acts.iter().map(|act| Step {
        action: Some(&act.action),
        standing: Some(act.standing),
        next: Some(act.next),
        left: Some(act.left),
        if_missed: act.if_missed,
        overdue: act.overdue,
        last_at: act.last_at,
        usual_gap_days: act.usual_gap_days,
        ..of(Kind::Act, keep(model, texts, act))
    });
    let wishes = person.wishes.iter().map(|wish| Step {
        key: Some(&wish.key),
        wanted: &wish.wanted,
        compared: Some(wish.compared),
        met: Some(wish.met),
        ..of(Kind::Wish, prefer(texts, wish))
    });
    let uncreated = person.uncreated.iter().map(|kind| Step {
        kinds: std::slice::from_ref(kind),
        ..of(Kind::Value, fill(texts, "do_create", &[("kind", name(kind))]))
    });
    let untried = person.untried.iter().map(|untried| Step {
        action: Some(&untried.action),
        kinds: &untried.kinds,
        surprised: Some(untried.surprised),
        of: Some(untried.of),
        enough: Some(untried.enough),
        ..of(Kind::Untried, surprise(texts, untried, !person.values.is_empty()))
    });
    let mut steps: Vec<Step<'_>> = open.chain(acts).chain(wishes).chain(uncreated).chain(untried).collect();
    if steps.is_empty() {
        steps.push(of(Kind::None, FINE.to_owned()));
    }
    steps
}

impl Listed for Agenda<'_> {
    fn length(&self) -> usize {
        self.len()
    }

    fn part(&self, places: Range<usize>) -> impl Iterator<Item: Serialize> {
        Agenda::part(self, places)
    }
}

/// How many cards are shown where nobody is named.
const CARDS: usize = 20;

/// How many steps of a kind are on a card.
const LINES: usize = 3;

/// A card for each recipient; `all` says that none may be left out, as whoever is named wants to see them.
#[must_use]
pub fn in_words(model: &Model, people: &Agenda<'_>, style: OutputStyle, all: bool) -> String {
    if people.is_empty() {
        return "no interactions to report\n".to_owned();
    }
    let width = usize::from(style.width);
    let shown = if all { people.len() } else { CARDS };
    let mut text = String::new();
    for person in people.iter().take(shown) {
        text.push_str(&card(model, &person, width));
        text.push('\n');
    }
    let left_out = people.len().saturating_sub(shown) as u64;
    if left_out > 0 {
        let more = format!(
            "The {shown} most urgent are listed, {} left out; choose some with --for, or list all with -f json.",
            count(left_out, "recipient")
        );
        text.push_str(&paragraph(&more, width));
    }
    let Counts { due, at_risk, open, overdue, missed } = people.counts();
    let everyone = count(people.len() as u64, "recipient");
    let counts = if due == 0 {
        format!("{everyone}: {FINE}")
    } else {
        format!(
            "{everyone}: {} at risk, {} with an open failure, {} with an overdue act, {} with a wish that was not met",
            grouped(at_risk),
            grouped(open),
            grouped(overdue),
            grouped(missed),
        )
    };
    text.push_str(&paragraph(&counts, width));
    text
}

/// How a loyalty is called.
pub(crate) const fn loyalty(loyalty: Loyalty) -> &'static str {
    match loyalty {
        Loyalty::AtRisk => "at risk",
        Loyalty::Satisfied => "satisfied",
        Loyalty::Delighted => "delighted",
        Loyalty::Loyal => "loyal",
        Loyalty::Unknown => "nothing noted",
    }
}

fn card(model: &Model, person: &NextSteps, width: usize) -> String {
    let called = person.name.as_deref().filter(|name| *name != person.recipient);
    let called = called.map(|called| format!(" ({})", name(called))).unwrap_or_default();
    let mut text = paragraph(&format!("{}{called}: {}", name(&person.recipient), loyalty(person.loyalty)), width);
    if !person.is_due() {
        text.push_str(&hanging("  fine    ", FINE, width));
    }
    let mut steps = steps(model, person);
    // a wish that was missed comes first
    steps.sort_by_key(|step| step.step == Kind::Wish && step.met == step.compared);
    for (kind, head) in [
        (Kind::Open, "open"),
        (Kind::Act, "due"),
        (Kind::Wish, "likes"),
        (Kind::Value, "values"),
        (Kind::Untried, "new"),
    ] {
        let of: Vec<&str> = steps.iter().filter(|step| step.step == kind).map(|step| step.words.as_str()).collect();
        let mut head = format!("  {head:<8}");
        for words in of.iter().take(LINES) {
            text.push_str(&hanging(&head, words, width));
            head = " ".repeat(10);
        }
        let more = of.len().saturating_sub(LINES) as u64;
        if more > 0 {
            text.push_str(&hanging(&head, &format!("and {} more", grouped(more)), width));
        }
    }
    if person.untried.is_empty() {
        let words = if person.values.is_empty() { NO_IDEA } else { NO_IDEA_FOR };
        text.push_str(&hanging("  new     ", words, width));
    }
    text
}
