//! Many records with every feature of the rules, quickly made: few names and
//! many coincidences, and all that SQL could trip over in the names.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use serveup::{Level, Model, Verdict};

use crate::splitmix::SplitMix64;
use crate::support::generate::instant;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600 * SECOND;
const START: i64 = 20_500 * DAY;

/// Texts with quotes, escapes, variables, comments, line breaks and other writing.
pub(crate) const ODD: [&str; 12] = [
    "o'hara",
    "back\\slash",
    "say \"so\"",
    "`tick`",
    "${HOME}",
    "tab\tand\nline",
    "\\u0041 -- no comment",
    "naïve 🎁 日本",
    "per%cent_",
    "nul\0l",
    "semi;colon",
    " blanks ",
];

const ACTS: [&str; 4] = ["gift", "trip/desk", "invoice", "desk"];
const KEYS: [&str; 3] = ["channel", "cadence", "it's \\ \"own\""];
const WAYS: [&str; 4] = ["email", "weekly", "", "odd \\'way\""];

/// Who is served: some with odd names, most with a number; about `count` of them.
fn recipient(chance: &mut SplitMix64, count: usize) -> String {
    if chance.chance(10) { chance.pick(&ODD).to_owned() } else { format!("r{}", chance.below(count)) }
}

/// A text field that may be missing, null or empty, which all say "not given".
fn maybe(record: &mut Map<String, Value>, field: &str, chance: &mut SplitMix64, given: usize, text: &str) {
    if chance.chance(given) {
        record.insert(field.to_owned(), text.into());
    } else if chance.chance(10) {
        record.insert(field.to_owned(), if chance.chance(50) { Value::Null } else { "".into() });
    }
}

fn pairs(chance: &mut SplitMix64) -> Value {
    let keys = KEYS.iter().filter(|_| chance.chance(45)).copied().collect::<Vec<_>>();
    Value::Object(keys.into_iter().map(|key| (key.to_owned(), chance.pick(&WAYS).into())).collect())
}

/// Categories and kinds of the rules, as many as asked for.
fn values(model: &Model, chance: &mut SplitMix64, count: usize, objects: bool) -> Value {
    let names: Vec<&str> = model.value_names().collect();
    let one = |chance: &mut SplitMix64| {
        let name = chance.pick(&names);
        match chance.below(if objects { 4 } else { 1 }) {
            1 => json!({ "kind": name }),
            2 if name == "money" => json!({"unit": "E\"U\\R", "kind": name, "amount": 12.50}),
            _ => name.into(),
        }
    };
    (0..count).map(|_| one(chance)).collect()
}

/// What someone prefers: none, one or several texts a key, empty ones among them.
fn wishes(chance: &mut SplitMix64) -> Value {
    let keys = KEYS.iter().filter(|_| chance.chance(45)).copied().collect::<Vec<_>>();
    let ways = |chance: &mut SplitMix64| {
        let count = [0, 1, 1, 1, 2, 3][chance.below(6)];
        (0..count).map(|_| Value::from(chance.pick(&WAYS))).collect::<Value>()
    };
    Value::Object(keys.into_iter().map(|key| (key.to_owned(), ways(chance))).collect())
}

/// What people prefer and value, as JSON lines in any order; not everyone is known. Where there are times, some are
/// stated several times: from the beginning or not, at the same instants as moments or just beside them.
pub(crate) fn people(model: &Model, chance: &mut SplitMix64, count: usize, timed: bool) -> String {
    let names = ODD.iter().map(ToString::to_string).chain((0..count).map(|number| format!("r{number}")));
    let mut lines = Vec::new();
    for id in names {
        if !chance.chance(85) {
            continue;
        }
        let mut sinces = vec![None];
        if timed && chance.chance(60) {
            for _ in 0..=chance.below(4) {
                let day = i64::try_from(chance.below(30)).expect("a day");
                sinces.push(Some(START + day * DAY + [0, 0, -1, 1][chance.below(4)]));
            }
            sinces.sort_unstable();
            sinces.dedup();
            if chance.chance(30) {
                sinces.remove(0);
            }
        }
        for since in sinces {
            let mut person = json!({"id": id, "name": "no matter", "prefers": wishes(chance)});
            if let Some(since) = since {
                person["since"] = instant(since, [0i8, 5, -3][chance.below(3)]).into();
            }
            let wanted = chance.below(4);
            if wanted < 3 {
                person["values"] = values(model, chance, wanted, false);
            }
            lines.insert(chance.below(lines.len() + 1), format!("{person}\n"));
        }
    }
    lines.concat()
}

/// The signals of one moment: none, one or several, also the same twice.
fn signals(model: &Model, chance: &mut SplitMix64) -> Value {
    let names: Vec<&str> = model.signals().iter().map(|signal| signal.name.as_str()).collect();
    let lifts: Vec<&str> =
        model.signals().iter().filter(|s| s.level > Level::BASELINE).map(|s| s.name.as_str()).collect();
    let count = [0, 0, 1, 1, 1, 2, 3][chance.below(7)];
    let one = |chance: &mut SplitMix64| match chance.below(10) {
        0 => "omitted",
        1 => "preference-missed",
        2..=5 if !lifts.is_empty() => chance.pick(&lifts),
        _ => chance.pick(&names),
    };
    (0..count).map(|_| one(chance)).collect()
}

/// Records as JSON lines. Times, if any: many equal, many exactly days apart, not in order.
pub(crate) fn records(model: &Model, chance: &mut SplitMix64, count: usize, timed: bool) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let mut record = Map::new();
        record.insert("recipient".into(), recipient(chance, count / 60 + 1).into());
        let id = if chance.chance(10) { format!("{}{number}", chance.pick(&ODD)) } else { format!("i{number}") };
        maybe(&mut record, "id", chance, 95, &id);
        maybe(&mut record, "journey", chance, 40, "trip");
        let transaction = if chance.chance(70) { "trip" } else { "o'stay" };
        maybe(&mut record, "transaction", chance, 15, transaction);
        record.insert("point".into(), if chance.chance(85) { "desk" } else { chance.pick(&ODD) }.into());
        let act = if chance.chance(85) { chance.pick(&ACTS) } else { chance.pick(&ODD) };
        maybe(&mut record, "action", chance, 80, act);
        if timed {
            let day = i64::try_from(number * 24 / count + chance.below(6)).expect("a day");
            let around = [0, 0, 0, -1, 1, 7 * 3600 * SECOND + 250_000][chance.below(6)];
            let (micros, hours) = (START + day * DAY + around, [0i8, 0, 0, 5, -3][chance.below(5)]);
            let text = instant(micros, hours);
            let text = if around == 0 && hours == 0 { &text[..10] } else { &text };
            record.insert("at".into(), text.into());
        }
        if chance.chance(90) {
            record.insert("signals".into(), signals(model, chance));
        }
        match chance.below(10) {
            0 => drop(record.insert("value".into(), json!([]))),
            1 => drop(record.insert("value".into(), Value::Null)),
            2..=8 => {
                let many = 1 + chance.below(2);
                record.insert("value".into(), values(model, chance, many, true));
            }
            _ => {}
        }
        if chance.chance(60) {
            record.insert("served".into(), pairs(chance));
        }
        let channel = chance.pick(&WAYS);
        maybe(&mut record, "channel", chance, 50, channel);
        // open ones often, so that several meet on one act
        let verdict = if chance.chance(80) { 6 + chance.below(8) } else { chance.below(6) };
        maybe(&mut record, "verdict", chance, 40, Verdict::NAMES[verdict]);
        let claimed = Level::NAMES[chance.below(6)];
        maybe(&mut record, "claimed", chance, 20, claimed);
        maybe(&mut record, "said", chance, 10, "unbelievable");
        let _ = writeln!(lines, "{}", Value::Object(record));
    }
    lines
}
