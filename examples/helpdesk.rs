//! Half a year at a made-up help desk, as JSON lines: four perception points,
//! of which one is lifted, one slips, and two stay as they are.
//!
//! ```sh
//! cargo run --example helpdesk > examples/data/helpdesk.jsonl
//! ```
//!
//! The seed is fixed, so every run prints the same bytes. How each point does in
//! a month is planned in [`POINTS`]; chance deals out the rest: who, when, what
//! was noted, and where the recipients see it otherwise.
#![expect(clippy::disallowed_methods, reason = "a program writes to standard output")]

mod splitmix;

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufWriter, Write};

use serde::Serialize;
use splitmix::SplitMix64;

const SEED: u64 = 2026;
/// The months of 2026, January first: their number of days, and the day of the week of their first, Monday being 0.
const MONTHS: [(usize, usize); 6] = [(31, 3), (28, 6), (31, 6), (30, 2), (31, 4), (30, 0)];
/// Clients and, after them, colleagues who are served.
const CLIENTS: usize = 40;
const COLLEAGUES: usize = 8;
/// Only the first clients are ever given something extra, so that acts come round again.
const FAVOURED: usize = 4;

/// One perception point, and what is planned for it.
struct Point {
    transaction: &'static str,
    name: &'static str,
    stage: &'static str,
    team: &'static str,
    providers: [&'static str; 2],
    /// Of a hundred moments, how many are sound, month by month; and of them, how many more than expected.
    sound: [usize; 6],
    lifted: [usize; 6],
    /// What is noted where it goes wrong, and where it goes well.
    shortfalls: &'static [&'static [&'static str]],
    lifts: &'static [&'static str],
    /// An extra, a surprise the first time; and the routine, which is none.
    extra: &'static str,
    routine: &'static str,
    value: &'static [&'static str],
}

const POINTS: [Point; 4] = [
    Point {
        transaction: "request",
        name: "first-reply",
        stage: "end",
        team: "front",
        providers: ["Ada", "Bruno"],
        sound: [45, 48, 52, 55, 60, 96],
        lifted: [12, 14, 16, 18, 20, 60],
        shortfalls: &[
            &["late"],
            &["late"],
            &["late", "chased"],
            &["impolite"],
            &["late", "impolite"],
            &["unexplained"],
        ],
        lifts: &["preferred-way", "preferred-way", "forewarned"],
        extra: "video-answer",
        routine: "receipt",
        value: &["time", "time", "understood", "anxiety-reduced"],
    },
    Point {
        transaction: "request",
        name: "resolution",
        stage: "end",
        team: "workshop",
        providers: ["Chidi", "Dora"],
        sound: [92, 91, 92, 90, 92, 45],
        lifted: [38, 36, 38, 36, 38, 16],
        shortfalls: &[
            &["late"],
            &["late"],
            &["incomplete"],
            &["incomplete", "chased"],
            &["late", "inaccurate"],
            &["unresolved"],
        ],
        lifts: &["as-hoped", "preferred-way", "forewarned"],
        extra: "spare-device",
        routine: "status-note",
        value: &["time", "money", "anxiety-reduced"],
    },
    Point {
        transaction: "request",
        name: "follow-up",
        stage: "end",
        team: "front",
        providers: ["Ada", "Emil"],
        sound: [84, 86, 84, 86, 84, 86],
        lifted: [42, 40, 42, 40, 42, 42],
        shortfalls: &[&["unwelcome"], &["impolite"], &["unexplained"], &["promise-broken"]],
        lifts: &["as-hoped", "preferred-way"],
        extra: "handwritten-card",
        routine: "call-back",
        value: &["felt-good", "understood", "connected-to-provider"],
    },
    Point {
        transaction: "onboarding",
        name: "training",
        stage: "middle",
        team: "school",
        providers: ["Farah", "Goran"],
        sound: [90, 88, 90, 88, 90, 90],
        lifted: [44, 46, 44, 46, 44, 44],
        shortfalls: &[&["hard-to-use"], &["unexplained"], &["incomplete"]],
        lifts: &["preferred-way", "as-hoped"],
        extra: "course-of-their-own",
        routine: "cheat-sheet",
        value: &["understood", "direction", "time", "purpose"],
    },
];

/// How a moment is planned to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    Wrong,
    Plain,
    Lifted,
    Extra,
    Unremarked,
}

/// A moment before anything is noted about it.
struct Moment {
    when: When,
    point: &'static Point,
    recipient: usize,
    plan: Plan,
    /// The place of the failure it recovers.
    recovers: Option<usize>,
}

/// Month from 0, day from 1, second of the day.
type When = (usize, usize, usize);

/// One line of the output.
#[derive(Serialize)]
struct Row {
    id: String,
    at: String,
    recipient: String,
    journey: &'static str,
    transaction: &'static str,
    point: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signals: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    served: Option<Served>,
    channel: &'static str,
    stage: &'static str,
    relation: &'static str,
    provider: &'static str,
    team: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovers: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Kind(&'static str),
    Measured { kind: &'static str, amount: usize, unit: &'static str },
}

#[derive(Serialize)]
struct Served {
    length: &'static str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut random = SplitMix64::new(SEED);
    let mut moments = Vec::new();
    for month in 0..MONTHS.len() {
        plan(&mut random, month, &mut moments);
    }
    let mut order: Vec<usize> = (0..moments.len()).collect();
    order.sort_by_key(|&place| moments[place].when);
    let mut ids = vec![String::new(); moments.len()];
    for (number, &place) in order.iter().enumerate() {
        ids[place] = format!("h{:03}", number + 1);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let mut delivered = HashMap::new();
    for place in order {
        let row = tell(&mut random, &moments[place], place, &ids, &mut delivered);
        writeln!(out, "{}", serde_json::to_string(&row)?)?;
    }
    out.flush()?;
    Ok(())
}

/// Plans a month: the moments of each point, and one that nobody said anything about.
fn plan(random: &mut SplitMix64, month: usize, moments: &mut Vec<Moment>) {
    let mut failures = Vec::new();
    for point in &POINTS {
        for plan in shares(random, point, month) {
            let reach = if plan == Plan::Extra { FAVOURED } else { CLIENTS + COLLEAGUES };
            let mut moment =
                Moment { when: moment(random, month), point, recipient: random.below(reach), plan, recovers: None };
            // nearly half of the follow-ups follow something that went wrong
            if point.name == "follow-up" && !failures.is_empty() && random.chance(45) {
                let place: usize = failures.swap_remove(random.below(failures.len()));
                let failure: &Moment = &moments[place];
                if let Some(when) = days_later(random, failure.when) {
                    moment = Moment { when, recipient: failure.recipient, recovers: Some(place), ..moment };
                }
            }
            if plan == Plan::Wrong && point.transaction == "request" {
                failures.push(moments.len());
            }
            moments.push(moment);
        }
    }
    let point = &POINTS[month % POINTS.len()];
    let recipient = random.below(CLIENTS);
    moments.push(Moment { when: moment(random, month), point, recipient, plan: Plan::Unremarked, recovers: None });
}

/// How the 22 to 25 moments of a point go in a month, in the planned shares, shuffled.
fn shares(random: &mut SplitMix64, point: &Point, month: usize) -> Vec<Plan> {
    let count = 22 + random.below(4);
    let of_count = |percent: usize| (count * percent + 50) / 100;
    let (sound, lifted) = (of_count(point.sound[month]), of_count(point.lifted[month]));
    let extra = lifted / 4;
    let mut plans = vec![Plan::Wrong; count];
    plans[..sound].fill(Plan::Plain);
    plans[..lifted].fill(Plan::Lifted);
    plans[..extra].fill(Plan::Extra);
    for place in (1..count).rev() {
        plans.swap(place, random.below(place + 1));
    }
    plans
}

/// Some time in working hours of a month.
fn moment(random: &mut SplitMix64, month: usize) -> When {
    let days: Vec<usize> = (1..=MONTHS[month].0).filter(|&day| is_working_day(month, day)).collect();
    (month, random.pick(&days), second(random))
}

/// One to three working days later, if that is in the same month.
fn days_later(random: &mut SplitMix64, (month, day, _): When) -> Option<When> {
    let later = random.below(3);
    let day = (day + 1..=MONTHS[month].0).filter(|&day| is_working_day(month, day)).nth(later)?;
    Some((month, day, second(random)))
}

const fn is_working_day(month: usize, day: usize) -> bool {
    (MONTHS[month].1 + day - 1) % 7 < 5
}

/// Between eight and six.
const fn second(random: &mut SplitMix64) -> usize {
    8 * 3600 + random.below(10 * 3600)
}

/// Tells a moment: what was noted, by whom, in which words. `delivered` counts, per recipient and act, how often it was done.
fn tell(
    random: &mut SplitMix64,
    moment: &Moment,
    place: usize,
    ids: &[String],
    delivered: &mut HashMap<(usize, &'static str), u32>,
) -> Row {
    let &Moment { when: (month, day, second), point, recipient, plan, recovers } = moment;
    let times = |act: Option<&'static str>| act.and_then(|act| delivered.get(&(recipient, act))).copied().unwrap_or(0);
    let act = match plan {
        Plan::Extra => Some(point.extra),
        // an extra that has become a matter of course, and then does not come
        Plan::Wrong if times(Some(point.extra)) >= 3 => Some(point.extra),
        Plan::Wrong | Plan::Plain | Plan::Lifted => random.chance(35).then_some(point.routine),
        Plan::Unremarked => None,
    };
    let times = times(act);
    let signals = match plan {
        // only what was done before can be missed
        Plan::Wrong if times > 0 && recovers.is_none() && random.chance(60) => vec!["omitted"],
        Plan::Wrong => random.pick(point.shortfalls).to_vec(),
        Plan::Plain => vec![random.pick(&["on-time", "as-agreed"])],
        Plan::Extra if times == 0 => vec!["unexpected"],
        Plan::Lifted | Plan::Extra => vec![random.pick(point.lifts)],
        Plan::Unremarked => vec![],
    };
    let omitted = signals.contains(&"omitted");
    if let Some(act) = act.filter(|_| !omitted) {
        *delivered.entry((recipient, act)).or_default() += 1;
    }
    let (channels, length) = (["email", "phone", "message", "online"], ["short", "thorough"]);
    Row {
        id: ids[place].clone(),
        at: format!("2026-{:02}-{day:02}T{:02}:{:02}:{:02}Z", month + 1, second / 3600, second / 60 % 60, second % 60),
        recipient: if recipient < CLIENTS {
            format!("client-{:02}", recipient + 1)
        } else {
            format!("colleague-{}", recipient + 1 - CLIENTS)
        },
        journey: "support",
        transaction: point.transaction,
        point: point.name,
        action: act,
        value: value(random, point, plan, omitted),
        served: random.chance(12).then(|| Served { length: random.pick(&length) }),
        channel: random.pick(&channels),
        stage: point.stage,
        relation: if recipient < CLIENTS { "external" } else { "internal" },
        provider: random.pick(&point.providers),
        team: point.team,
        verdict: (plan != Plan::Unremarked && random.chance(12)).then(|| verdict(random, plan)),
        claimed: random.chance(15).then(|| random.pick(&["expected", "desired", "desired", "surprising"])),
        response: response(random, plan, recovers.is_some()),
        recovers: recovers.map(|failure| ids[failure].clone()),
        signals,
    }
}

/// What was created, where anybody noted it.
fn value(random: &mut SplitMix64, point: &Point, plan: Plan, omitted: bool) -> Option<Vec<Value>> {
    let percent = match plan {
        Plan::Extra => 100,
        Plan::Lifted => 60,
        Plan::Plain => 25,
        Plan::Wrong => 20,
        Plan::Unremarked => 0,
    };
    if !random.chance(percent) {
        return None;
    }
    Some(match random.pick(point.value) {
        _ if omitted || plan == Plan::Wrong => vec![],
        "time" if random.chance(60) => {
            vec![Value::Measured { kind: "time", amount: 5 * (1 + random.below(12)), unit: "minutes" }]
        }
        "money" => vec![Value::Measured { kind: "money", amount: 10 * (1 + random.below(9)), unit: "EUR" }],
        kind => vec![Value::Kind(kind)],
    })
}

/// The recipient's own word: mostly what the facts say, and now and then not.
fn verdict(random: &mut SplitMix64, plan: Plan) -> &'static str {
    random.pick(match plan {
        Plan::Wrong => &["basic", "basic", "basic", "basic", "criminal", "expected"],
        Plan::Plain | Plan::Unremarked => {
            &["expected", "expected", "expected", "expected", "expected", "expected", "desired", "basic"]
        }
        Plan::Lifted => &["desired", "desired", "desired", "desired", "surprising", "expected"],
        Plan::Extra => &["surprising", "surprising", "surprising", "desired", "unbelievable"],
    })
}

/// How people met a failure: the better, the better it was put right.
fn response(random: &mut SplitMix64, plan: Plan, recovers: bool) -> Option<&'static str> {
    let rungs: &[&str] = match (recovers, plan) {
        (true, Plan::Lifted | Plan::Extra) => &["responsibility", "responsibility", "responsibility", "justify"],
        (true, Plan::Plain) => &["responsibility", "justify", "justify", "shame"],
        (true, _) => &["blame", "justify"],
        (false, Plan::Wrong) => &["blame", "shame", "justify", "responsibility"],
        (false, _) => return None,
    };
    random.chance(if recovers { 80 } else { 20 }).then(|| random.pick(rungs))
}
