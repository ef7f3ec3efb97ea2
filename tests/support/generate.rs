//! Records, people and levels files with every feature of the rules, few names
//! and many coincidences: repeats, ties, gaps of exactly so many days.

use jiff::Timestamp;
use jiff::tz::Offset;
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use serveup::{Level, Verdict};

/// Signals below the baseline, in every generated levels file.
pub(crate) const SHORTFALLS: [&str; 6] = ["promise-broken", "unresolved", "late", "impolite", "chased", "unwelcome"];

/// Signals above it.
pub(crate) const LIFTS: [&str; 5] = ["preferred-way", "as-hoped", "unexpected", "astonishing", "story-told"];

/// Signals that a generated levels file may move, and one of its own.
const MOVABLE: [&str; 3] = ["forewarned", "incomplete", "on-time"];
const OWN: &str = "handwritten-card";

/// What value can be named.
const VALUES: [&str; 8] =
    ["quantified", "money", "time", "emotional", "felt-good", "understood", "connected-to-people", "purpose"];

static CHANNELS: [&str; 3] = ["email", "phone", ""];
static CADENCES: [&str; 2] = ["weekly", "daily"];

/// One act's name is another one's path: equal names are one act.
const ACTS: [&str; 3] = ["gift", "trip/desk", "invoice"];
const RECIPIENTS: [&str; 3] = ["ann", "bob", "cy"];

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600 * SECOND;
const START: i64 = 20_500 * DAY;

fn any_level() -> impl Strategy<Value = Level> {
    select(&Level::ALL[..])
}

/// A levels file that changes the rules in the ways the second reading knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    pub(crate) own: Option<Level>,
    pub(crate) moved: Vec<(&'static str, Level)>,
    pub(crate) lasts: [Option<u32>; 6],
    pub(crate) needs_value: [Option<bool>; 6],
    pub(crate) from: Option<Level>,
    pub(crate) unnamed: bool,
    pub(crate) memory_days: Option<u32>,
    pub(crate) market: Vec<(&'static str, u8, Level)>,
}

impl Overlay {
    /// As a file.
    pub(crate) fn text(&self) -> String {
        let line = |key: &str, value: Option<String>| value.map_or(String::new(), |value| format!("{key} = {value}\n"));
        let quoted = |level: Level| format!("'{level}'");
        let levels = Level::ALL.map(|level| {
            let own = (OWN, self.own.unwrap_or(Level::Surprising));
            let signals = self.moved.iter().copied().chain([own]).filter(|(_, to)| *to == level);
            [
                line("[[levels]]\nname", Some(quoted(level))),
                line("lasts", self.lasts[level.index()].map(|lasts| lasts.to_string())),
                line("needs_value", self.needs_value[level.index()].map(|needs| needs.to_string())),
                "[levels.signals]\n".to_owned(),
                signals.map(|(signal, _)| line(signal, Some("'as this file has it'".to_owned()))).collect(),
            ]
            .concat()
        });
        let escalator = [
            "[escalator]\n".to_owned(),
            line("from", self.from.map(quoted)),
            line("unnamed", self.unnamed.then(|| "'point'".to_owned())),
            line("memory_days", self.memory_days.map(|days| days.to_string())),
        ];
        let market = self.market.iter().map(|(act, day, level)| {
            let since = instant(START + i64::from(*day) * DAY, 0);
            format!("[[market]]\nact = '{act}'\nsince = {}\nlevel = '{level}'\n", &since[..10])
        });
        levels.into_iter().chain(escalator).chain(market).collect()
    }
}

/// Levels files, about half of each kind of rule as shipped.
pub(crate) fn overlay() -> impl Strategy<Value = Overlay> {
    let lasts = || weighted(0.2, 1u32..4);
    let lasts =
        [Just(None).boxed(), Just(None).boxed(), lasts().boxed(), lasts().boxed(), lasts().boxed(), lasts().boxed()];
    let needs_value = proptest::array::uniform6(weighted(0.15, any::<bool>()));
    let moved = subsequence(&MOVABLE[..], 0..=2).prop_flat_map(|names| {
        let count = names.len();
        (Just(names), vec(any_level(), count)).prop_map(|(names, levels)| names.into_iter().zip(levels).collect())
    });
    let row = (select(&["gift", "trip/desk", "desk"][..]), 0u8..12, select(&Level::ALL[1..]));
    let market = vec(row, 0..4).prop_map(|mut rows| {
        rows.sort_by_key(|(act, day, _)| (*act, *day));
        rows.dedup_by_key(|(act, day, _)| (*act, *day));
        rows.reverse();
        rows
    });
    let market = prop_oneof![Just(Vec::new()), market];
    let escalator = (weighted(0.3, any_level()), any::<bool>(), of(1u32..4));
    (of(any_level()), moved, lasts, needs_value, escalator, market).prop_map(
        |(own, moved, lasts, needs_value, (from, unnamed, memory_days), market)| Overlay {
            own,
            moved,
            lasts,
            needs_value,
            from,
            unnamed,
            memory_days,
            market,
        },
    )
}

/// People who prefer and value this and that, some of them stated more than once, in any order; not every
/// recipient is known.
pub(crate) fn people() -> impl Strategy<Value = Vec<Value>> {
    let stated = || vec((weighted(0.5, 0u8..12), wishes(&CHANNELS), wishes(&CADENCES), values()), 0..=3);
    let values = |(since, channel, cadence, values): (Option<u8>, Option<Value>, Option<Value>, Vec<&'static str>)| {
        let since = since.map(|day| Value::from(&instant(START + i64::from(day) * DAY, 0)[..10]));
        (since, json!(object([("channel", channel), ("cadence", cadence)])), json!(values))
    };
    proptest::array::uniform3(stated()).prop_map(move |people| {
        let mut stated = Vec::new();
        for (id, statements) in RECIPIENTS.iter().zip(people) {
            let mut days = Vec::new();
            for (since, prefers, values) in statements.into_iter().map(values) {
                // each with its own `since`
                if !days.contains(&since) {
                    stated.push(object([
                        ("id", Some((*id).into())),
                        ("since", since.clone()),
                        ("prefers", Some(prefers)),
                        ("values", Some(values)),
                    ]));
                    days.push(since);
                }
            }
        }
        stated
    })
}

/// One text, or several any of which will do.
fn wishes(known: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
    let one = select(&known[..2]).prop_map(Value::from);
    let several = subsequence(known, 0..=2).prop_map(|texts| json!(texts));
    weighted(0.6, prop_oneof![3 => one, 1 => several])
}

fn values() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(&VALUES[..], 0..=2)
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Value {
    let given = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(given.collect::<Map<_, _>>())
}

fn signals() -> impl Strategy<Value = Vec<&'static str>> {
    let neutral = select(&["as-agreed", "omitted", "omitted", "preference-missed", OWN][..]);
    let one = prop_oneof![
        2 => select(&SHORTFALLS[..]),
        4 => select(&LIFTS[..]),
        3 => neutral,
        1 => select(&MOVABLE[..]),
    ];
    prop_oneof![4 => Just(Vec::new()), 6 => vec(one, 1..4), 1 => Just(vec!["omitted"])]
}

fn value() -> impl Strategy<Value = Option<Value>> {
    let names = prop_oneof![1 => Just(Vec::new()), 4 => subsequence(&VALUES[..], 1..=2)];
    let written = names.prop_map(|names| {
        let with_amount =
            |name| if name == "money" { json!({"kind": name, "amount": 5, "unit": "EUR"}) } else { json!(name) };
        names.into_iter().map(with_amount).collect::<Value>()
    });
    weighted(0.75, written)
}

/// Where a moment lies; `trip/desk` comes about in two ways.
fn place() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>, &'static str)> {
    prop_oneof![
        4 => Just((None, None, "desk")),
        3 => Just((Some("trip"), None, "desk")),
        1 => Just((None, Some("trip"), "desk")),
        1 => Just((Some("trip"), Some("stay"), "desk")),
    ]
}

/// One record without a time.
pub(crate) fn record() -> impl Strategy<Value = Value> {
    let act = weighted(0.8, prop_oneof![5 => Just(ACTS[0]), 1 => Just(ACTS[1]), 1 => Just(ACTS[2])]);
    let recipient = prop_oneof![4 => Just("ann"), 2 => Just("bob"), 1 => Just("cy")];
    let served = (of(select(&CHANNELS[..])), of(select(&CADENCES[..])));
    let channel = weighted(0.4, select(&CHANNELS[..2]));
    let words = (weighted(0.3, select(&Verdict::ALL[..])), weighted(0.2, any_level()));
    (recipient, place(), act, signals(), value(), (served, channel), words).prop_map(
        |(recipient, (journey, transaction, point), act, signals, value, (served, channel), (verdict, claimed))| {
            object([
                ("recipient", Some(recipient.into())),
                ("journey", journey.map(Value::from)),
                ("transaction", transaction.map(Value::from)),
                ("point", Some(point.into())),
                ("action", act.map(Value::from)),
                ("signals", Some(json!(signals))),
                ("value", value),
                (
                    "served",
                    Some(object([("channel", served.0.map(Value::from)), ("cadence", served.1.map(Value::from))])),
                ),
                ("channel", channel.map(Value::from)),
                ("verdict", verdict.map(|verdict| verdict.name().into())),
                ("claimed", claimed.map(|level| level.name().into())),
            ])
        },
    )
}

/// Instants around the starts of a dozen days, in any order: many equal, many exactly days apart.
fn times(count: usize) -> impl Strategy<Value = Vec<i64>> {
    let around = select(&[0, 0, 0, 0, -1, 1, 7 * 3600 * SECOND][..]);
    let one = (0i64..12, around).prop_map(|(day, off)| START + day * DAY + off);
    (vec(one, count), any::<bool>()).prop_map(|(mut times, in_order)| {
        if in_order {
            times.sort_unstable();
        }
        times
    })
}

/// An instant as RFC 3339, with an offset of so many hours.
pub(crate) fn instant(micros: i64, hours: i8) -> String {
    let civil = Offset::constant(hours).to_datetime(Timestamp::from_microsecond(micros).unwrap());
    format!("{civil:.6}{hours:+03}:00")
}

/// Records, all with times (equal ones among them, and not in order) or all without.
pub(crate) fn records() -> impl Strategy<Value = Vec<Value>> {
    vec(record(), 1..12).prop_flat_map(|records| {
        let count = records.len();
        let hours = vec(select(&[0i8, 0, 5, -3][..]), count);
        let written = (Just(records), times(count), hours).prop_map(|(mut records, times, hours)| {
            for (record, (micros, hours)) in records.iter_mut().zip(times.into_iter().zip(hours)) {
                let midnight = micros % DAY == 0 && hours == 0;
                let text = instant(micros, hours);
                record["at"] = if midnight { text[..10].into() } else { text.into() };
            }
            records
        });
        (written, prop::bool::weighted(0.75)).prop_map(|(mut records, timed)| {
            if !timed {
                for record in &mut records {
                    record.as_object_mut().unwrap().remove("at");
                }
            }
            records
        })
    })
}

/// Gives records different times, in the order they are in, some exactly days apart; and ids.
pub(crate) fn distinct(mut records: Vec<Value>) -> Vec<Value> {
    for (number, record) in records.iter_mut().enumerate() {
        let number = i64::try_from(number).unwrap();
        record["at"] = instant(START + number * DAY / 2, 0).into();
        record["id"] = format!("r{number}").into();
    }
    records
}
