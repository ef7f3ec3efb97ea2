//! A second reading of the rules: slow, plain, and built another way than the
//! core. Levels are numbers from 1 to 6, signals are texts, nothing is kept
//! from one record to the next: for each record the history of its act is
//! played again from the beginning. It must rate every list of records as the
//! core does, and every hand-worked case as worked by hand.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::{Timestamp, civil};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use serveup::{Level, Model, SHIPPED};
use support::{generate, rate, texts, vectors};

/// The rules of the shipped file and one laid over it, as far as levels depend on them.
#[derive(Default)]
struct Rules {
    level_of: HashMap<String, u8>,
    needs_value: HashSet<u8>,
    lasts: HashMap<u8, usize>,
    category_of: HashMap<String, String>,
    from: u8,
    unnamed: String,
    memory_days: Option<i64>,
    market: Vec<(String, Timestamp, u8)>,
}

fn rank(name: &str) -> u8 {
    let names = ["", "criminal", "basic", "expected", "desired", "surprising", "unbelievable"];
    u8::try_from(names.iter().position(|known| *known == name).expect("a level")).unwrap()
}

fn name(rank: u8) -> &'static str {
    Level::NAMES[usize::from(rank) - 1]
}

impl Rules {
    fn read(overlay: &str) -> Self {
        let mut rules = Self::default();
        for file in [SHIPPED, overlay] {
            let file: toml::Table = file.parse().unwrap();
            let entries = |key: &str| file.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
            let keys = |table: Option<&toml::Value>| -> Vec<String> {
                table.and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys).cloned().collect()
            };
            for entry in entries("levels") {
                let level = rank(entry["name"].as_str().unwrap());
                rules.level_of.extend(keys(entry.get("signals")).into_iter().map(|signal| (signal, level)));
                if let Some(lasts) = entry.get("lasts").and_then(toml::Value::as_integer) {
                    rules.lasts.insert(level, usize::try_from(lasts).unwrap());
                }
                match entry.get("needs_value").and_then(toml::Value::as_bool) {
                    Some(true) => drop(rules.needs_value.insert(level)),
                    Some(false) => drop(rules.needs_value.remove(&level)),
                    None => {}
                }
            }
            for entry in entries("value") {
                let category = entry["category"].as_str().unwrap().to_owned();
                rules.category_of.extend(keys(entry.get("kinds")).into_iter().map(|kind| (kind, category.clone())));
            }
            for entry in entries("market") {
                let since = &entry["since"];
                let text = since.as_datetime().map_or_else(|| since.as_str().unwrap().to_owned(), ToString::to_string);
                let since: civil::Date = text.parse().unwrap();
                let since = since.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
                rules.market.push((
                    entry["act"].as_str().unwrap().into(),
                    since,
                    rank(entry["level"].as_str().unwrap()),
                ));
            }
            let escalator = |key: &str| file.get("escalator").and_then(|table| table.get(key)).cloned();
            rules.from = escalator("from").map_or(rules.from, |from| rank(from.as_str().unwrap()));
            rules.unnamed = escalator("unnamed").map_or(rules.unnamed, |unnamed| unnamed.as_str().unwrap().into());
            rules.memory_days = escalator("memory_days").map_or(rules.memory_days, |days| days.as_integer());
        }
        rules
    }

    /// Kind against kind; a category on either side meets all its kinds.
    fn same_value(&self, one: &str, other: &str) -> bool {
        let category_of = |name: &str| self.category_of.get(name).map(String::as_str).unwrap_or_default().to_owned();
        one == other || category_of(one) == other || category_of(other) == one
    }

    /// Held at a level, what is the next delivery worth after n? All deliveries are laid out in a row.
    fn slide(&self, held: u8, n: usize) -> u8 {
        let (mut row, mut level) = (Vec::new(), held);
        while row.len() <= n {
            let times = self.lasts.get(&level).copied();
            row.extend(vec![level; times.unwrap_or(n + 1)]);
            level -= 1;
        }
        row[n]
    }
}

/// The facts of one record, on its own (§3).
struct Facts {
    evidence: u8,
    lift: u8,
    /// The lowest and the highest level that the verdict allows.
    verdict: Option<(u8, u8)>,
    omitted: bool,
    declined: bool,
    preference_missed: bool,
    noted: bool,
}

/// What a verdict allows.
fn verdict(word: &str) -> (u8, u8) {
    match word.rsplit_once("-or-") {
        Some((level, "below")) => (1, rank(level)),
        Some((level, _)) => (rank(level), 6),
        None => (rank(word), rank(word)),
    }
}

/// What is stated of whoever a record serves, by the time of it: the newest first.
fn stated<'p>(people: &'p [Value], record: &Value) -> Vec<&'p Value> {
    let now = at(record);
    let since = |person: &Value| person["since"].as_str().filter(|since| !since.is_empty()).map(time);
    let counts = |person: &&Value| match (since(person), now) {
        (None, _) => true,
        (Some(since), Some(now)) => since <= now,
        (Some(_), None) => false,
    };
    let mut known: Vec<&Value> =
        people.iter().filter(|person| person["id"] == record["recipient"]).filter(counts).collect();
    known.sort_by_key(|person| std::cmp::Reverse(since(person)));
    known
}

fn facts(rules: &Rules, people: &[Value], record: &Value) -> Facts {
    let stated = stated(people, record);
    let mut served: HashMap<&str, &str> = HashMap::new();
    served.extend(record["channel"].as_str().map(|channel| ("channel", channel)));
    for (key, value) in record["served"].as_object().into_iter().flatten() {
        served.extend(value.as_str().filter(|text| !text.is_empty()).map(|text| (key.as_str(), text)));
    }
    // one text, or any of several
    let wishes = |person: &Value, key: &str| -> Vec<String> {
        let one = person["prefers"][key].as_str().map(str::to_owned);
        let several = texts(&person["prefers"][key]).map(str::to_owned);
        one.into_iter().chain(several).filter(|text| !text.is_empty()).collect()
    };
    let mut compared: Vec<bool> = Vec::new();
    for (key, got) in &served {
        let newest = stated.iter().map(|person| wishes(person, key)).find(|wanted| !wanted.is_empty());
        compared.extend(newest.map(|wanted| wanted.iter().any(|text| text == got)));
    }
    let mut signals: HashSet<&str> = texts(&record["signals"]).collect();
    if !compared.is_empty() {
        signals.insert(if compared.contains(&false) { "preference-missed" } else { "preferred-way" });
    }
    let created = record["value"].as_array().cloned().unwrap_or_default();
    let created: Vec<&str> = created.iter().map(|item| item["kind"].as_str().or(item.as_str()).unwrap()).collect();
    let wanted = stated.iter().map(|person| texts(&person["values"]).collect::<Vec<&str>>());
    let wanted: Vec<&str> = wanted.into_iter().find(|wanted| !wanted.is_empty()).unwrap_or_default();
    let meets = |one: &&str| wanted.is_empty() || wanted.iter().any(|other| rules.same_value(one, other));
    let valued = created.iter().any(meets);
    let counting = signals.iter().map(|signal| rules.level_of[*signal]);
    let counting: Vec<u8> = counting.filter(|level| valued || !rules.needs_value.contains(level)).collect();
    let omitted = signals.contains("omitted");
    // some don't want a review: what they like left out is not missed
    let declined = omitted && !compared.is_empty() && !compared.contains(&false);
    let lift = if omitted && !declined { 3 } else { counting.iter().copied().fold(3, u8::max) };
    let shortfall = counting.into_iter().filter(|level| *level < 3).min();
    Facts {
        evidence: shortfall.unwrap_or(lift),
        lift,
        verdict: record["verdict"].as_str().filter(|word| !word.is_empty()).map(verdict),
        omitted,
        declined,
        preference_missed: signals.contains("preference-missed"),
        noted: !signals.is_empty() || record["value"].is_array(),
    }
}

/// What an act has come to with one recipient (§4).
#[derive(Clone, Copy)]
struct Act {
    peak: u8,
    held: u8,
    n: usize,
    delivered: bool,
    last: Option<Timestamp>,
}

const NEW: Act = Act { peak: 3, held: 3, n: 0, delivered: false, last: None };

impl Act {
    fn own_standing(&self, rules: &Rules) -> Option<u8> {
        // an act never delivered has reached nothing, wherever the rules let acts ride from
        if self.n > 0 && self.peak >= rules.from { Some(rules.slide(self.held, self.n)) } else { None }
    }

    fn unless_forgotten(self, rules: &Rules, at: Option<Timestamp>) -> Self {
        match (rules.memory_days, self.last, at) {
            (Some(days), Some(last), Some(at)) if at - jiff::Span::new().hours(24 * days) > last => NEW,
            _ => self,
        }
    }

    fn after(mut self, rules: &Rules, facts: &Facts, market: Option<u8>, at: Option<Timestamp>) -> Self {
        if facts.omitted || facts.evidence == 1 {
            return self;
        }
        let decided = decision(facts, by_rule(rules, facts, Some(&self), market).0);
        match decided {
            Some(level) if level >= 3 => (self.held, self.n) = (level, 0),
            None if facts.lift > self.peak => (self.held, self.n) = (facts.lift, 0),
            _ => {}
        }
        self.peak = self.peak.max(facts.lift).max(decided.unwrap_or(0));
        self.n += 1;
        (self.delivered, self.last) = (true, at);
        self
    }
}

/// The level that the verdict decided: their own word, or where an answer on a scale moved the assessed level to.
fn decision(facts: &Facts, assessed: u8) -> Option<u8> {
    let (low, high) = facts.verdict?;
    if low == high { Some(low) } else { Some(assessed.max(low).min(high)).filter(|level| *level != assessed) }
}

/// The assessed level, before the verdict is heard, and the rule it is by.
fn by_rule(rules: &Rules, facts: &Facts, act: Option<&Act>, market: Option<u8>) -> (u8, &'static str) {
    let Facts { evidence, lift, omitted, declined, preference_missed, .. } = *facts;
    let own = act.and_then(|act| act.own_standing(rules));
    if declined {
        return (evidence, "facts");
    }
    if omitted || evidence < 3 {
        let baseline = if act.is_some_and(|act| act.delivered) { Some(3) } else { None };
        let assessed = lower(own.or(baseline), market).map_or(evidence, |owed| evidence.min(owed - 1).max(1));
        return (assessed, if assessed < evidence { "lapse" } else { "facts" });
    }
    let repeated = own.filter(|_| act.is_some_and(|act| lift <= act.peak));
    let (worth, rule) = match repeated {
        Some(own) if preference_missed && evidence < own => (evidence, "facts"),
        Some(own) => (own, "repeat"),
        None => (evidence, "facts"),
    };
    match market {
        Some(market) if market < worth => (market, "market"),
        _ => (worth, rule),
    }
}

fn at(record: &Value) -> Option<Timestamp> {
    record["at"].as_str().map(time)
}

fn time(text: &str) -> Timestamp {
    let midnight = format!("{text}T00:00:00Z");
    let stamp: Timestamp = if text.len() == 10 { &midnight } else { text }.parse().unwrap();
    Timestamp::from_microsecond(stamp.as_microsecond()).unwrap()
}

fn path(record: &Value) -> String {
    ["journey", "transaction", "point"].iter().filter_map(|key| record[key].as_str()).collect::<Vec<_>>().join("/")
}

/// Recipient and act, where the record names one.
fn act(rules: &Rules, record: &Value) -> Option<(String, String)> {
    let named = record["action"].as_str().map(str::to_owned);
    let act = if rules.unnamed == "point" { named.or(Some(path(record))) } else { named };
    Some((record["recipient"].as_str().unwrap().to_owned(), act?))
}

/// The lower of those there are.
fn lower(one: Option<u8>, other: Option<u8>) -> Option<u8> {
    one.into_iter().chain(other).min()
}

/// The rating of the record at a place of the input.
fn second(rules: &Rules, people: &[Value], records: &[Value], place: usize) -> Value {
    let record = &records[place];
    let (facts_now, now) = (facts(rules, people, record), at(record));
    let named = act(rules, record);

    // everything that happened to this act before, played again
    let mut before: Vec<usize> = (0..records.len()).collect();
    before.sort_by_key(|&other| (at(&records[other]), other));
    let mut state = NEW;
    for &other in before.iter().take_while(|&&other| other != place) {
        if named.is_some() && act(rules, &records[other]) == named {
            let (then, facts) = (at(&records[other]), facts(rules, people, &records[other]));
            let market = market(rules, &records[other]);
            state = state.unless_forgotten(rules, then).after(rules, &facts, market, then);
        }
    }
    state = state.unless_forgotten(rules, now);

    let own = named.as_ref().and_then(|_| state.own_standing(rules));
    let market = market(rules, record);
    let (assessed, rule) = by_rule(rules, &facts_now, named.as_ref().map(|_| &state), market);
    let decided = decision(&facts_now, assessed);
    let silent = !facts_now.noted && own.is_none() && market.is_none();
    let reason = match (facts_now.verdict, silent) {
        (Some(_), _) if decided.is_some() => "verdict",
        (Some(_), true) => "verdict",
        (None, true) => "unremarked",
        _ => rule,
    };
    let failure = match (decided, facts_now.verdict) {
        (Some(level), _) => level <= 2,
        (None, Some((_, highest))) if highest <= 2 => true,
        _ => facts_now.evidence <= 2 || rule == "lapse",
    };
    let next = named.and_then(|_| state.after(rules, &facts_now, market, now).own_standing(rules));
    json!({
        "level": name(decided.unwrap_or(assessed)),
        "assessed": name(assessed),
        "evidence": name(facts_now.evidence),
        "standing": lower(own, market).map(name),
        "next": lower(next, market).map(name),
        "reason": reason,
        "failure": failure,
    })
}

/// What everyone takes the act as, at the time of a record.
fn market(rules: &Rules, record: &Value) -> Option<u8> {
    let (now, called) = (at(record), record["action"].as_str().map_or_else(|| path(record), str::to_owned));
    let rows = rules.market.iter().filter(|(act, since, _)| *act == called && now.is_some_and(|at| *since <= at));
    rows.max_by_key(|(_, since, _)| *since).map(|(_, _, level)| *level)
}

/// Compares what the second reading says of a record with a row of another origin.
#[track_caller]
fn agree(second: &Value, row: &Value, record: &Value) {
    for (field, value) in second.as_object().unwrap() {
        assert_eq!(value, &row[field], "{field}, second reading (left) and first, of {record}\n{second}\n{row}");
    }
}

#[test]
fn the_second_reading_agrees_with_every_case_worked_by_hand() {
    for (file, case) in vectors() {
        let rules = Rules::read(&case.levels);
        for (place, expected) in case.expected.iter().enumerate() {
            let row = second(&rules, &case.recipients, &case.interactions, place);
            for (field, value) in row.as_object().unwrap() {
                let by_hand = expected.get(field).unwrap_or(value);
                assert_eq!(value, by_hand, "{file}: {field} of row {}: {}", place + 1, case.note);
            }
        }
    }
}

/// A levels file that as often as not changes nothing, people, and records.
fn case() -> impl Strategy<Value = (generate::Overlay, Vec<Value>, Vec<Value>)> {
    let overlay = prop_oneof![Just(generate::Overlay::default()), generate::overlay()];
    (overlay, generate::people(), generate::records())
}

#[test]
fn the_generated_records_try_every_reason_at_every_level_and_every_rule() {
    let mut runner = TestRunner::deterministic();
    let (mut reasons, mut rules) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..1500 {
        let (overlay, people, records) = case().new_tree(&mut runner).unwrap().current();
        let rate =
            |overlay: &generate::Overlay| rate(&Model::with_overlay(&overlay.text()).unwrap(), &people, &records);
        let rows = rate(&overlay);
        for row in &rows {
            reasons.insert(format!("{} {}", row["reason"].as_str().unwrap(), row["level"].as_str().unwrap()));
        }
        let without = [
            ("own", generate::Overlay { own: None, ..overlay.clone() }),
            ("moved", generate::Overlay { moved: Vec::new(), ..overlay.clone() }),
            ("lasts", generate::Overlay { lasts: [None; 6], ..overlay.clone() }),
            ("needs_value", generate::Overlay { needs_value: [None; 6], ..overlay.clone() }),
            ("from", generate::Overlay { from: None, ..overlay.clone() }),
            ("unnamed", generate::Overlay { unnamed: false, ..overlay.clone() }),
            ("memory_days", generate::Overlay { memory_days: None, ..overlay.clone() }),
            ("market", generate::Overlay { market: Vec::new(), ..overlay.clone() }),
        ];
        for (rule, without) in without {
            if !rules.contains(rule) && rate(&without) != rows {
                rules.insert(rule);
            }
        }
        // so have what is known of people, and the place in the input where times are equal
        let model = Model::with_overlay(&overlay.text()).unwrap();
        let levels = |people: &[Value], records: &[Value]| -> Vec<Value> {
            support::rate(&model, people, records).iter().map(|row| row["level"].clone()).collect()
        };
        let known = |field: &str| -> Vec<Value> {
            let part = |person: &Value| json!({"id": person["id"], "since": person["since"], (field): person[field]});
            people.iter().map(part).collect()
        };
        let now = levels(&people, &records);
        rules.extend((levels(&known("values"), &records) != now).then_some("preferences"));
        rules.extend((levels(&known("prefers"), &records) != now).then_some("values"));
        let from_the_beginning: Vec<Value> =
            people.iter().filter(|person| person["since"].is_null()).cloned().collect();
        rules.extend((levels(&from_the_beginning, &records) != now).then_some("since"));
        let mut closed = records.clone();
        for record in &mut closed {
            let open = record["verdict"].as_str().is_some_and(|word| word.contains("-or-"));
            record["verdict"] = if open { Value::Null } else { record["verdict"].clone() };
        }
        rules.extend((levels(&people, &closed) != now).then_some("open"));
        let declined = |row: &Value| texts(&row["why"]).any(|line| line.starts_with("left out, as they like it"));
        rules.extend(rows.iter().any(declined).then_some("declined"));
        if at(&records[0]).is_some() {
            let backwards: Vec<Value> = records.iter().rev().cloned().collect();
            rules.extend((!levels(&people, &backwards).iter().rev().eq(&now)).then_some("ties"));
        }
    }
    let of_file = ["own", "moved", "lasts", "needs_value", "from", "unnamed", "memory_days", "market"];
    assert_eq!(
        rules,
        of_file.into_iter().chain(["preferences", "values", "since", "open", "declined", "ties"]).collect()
    );
    let counts = ["facts", "lapse", "market", "repeat", "unremarked", "verdict"]
        .map(|reason| reasons.iter().filter(|met| met.starts_with(reason)).count());
    // market: basic to surprising; repeat: basic to unbelievable, where it lasts longer than once
    assert_eq!(counts, [6, 2, 4, 5, 1, 6], "{reasons:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_core_and_the_second_reading_rate_alike((overlay, people, records) in case()) {
        let overlay = overlay.text();
        let model = Model::with_overlay(&overlay).unwrap();
        let rules = Rules::read(&overlay);
        let rows = rate(&model, &people, &records);
        for (place, row) in rows.iter().enumerate() {
            agree(&second(&rules, &people, &records, place), row, &records[place]);
        }
    }
}
