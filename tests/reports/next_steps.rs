//! `serveup next`: what to do next for each recipient; every number is recomputed from rows of `rate`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::formats::{csv, flat, same_cell, tsv};
use crate::harness::{cell, example, lines};
use crate::loyalty::by_the_rule;
use crate::recovery::outcomes;
use crate::told::{Told, document, in_time, list, over, over_example, over_records, text_of, told, told_example};

/// The recipients of a file, by id; those of the examples are each stated once.
pub(crate) fn recipients(text: &str) -> BTreeMap<String, Value> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let known = document["recipients"].as_array().cloned().unwrap_or_default();
    known.into_iter().map(|one| (one["id"].as_str().expect("an id").to_owned(), one)).collect()
}

/// The kinds that a name of value stands for: itself, and of a category all its kinds.
fn kinds_of(name: &str) -> BTreeSet<String> {
    let kinds: &[&str] = match name {
        "quantified" => &["money", "time"],
        "emotional" => &["understood", "felt-good", "anxiety-reduced"],
        "relational" => &["connected-to-people", "connected-to-provider"],
        "existential" => &["purpose", "direction"],
        _ => &[],
    };
    kinds.iter().copied().chain([name]).map(str::to_owned).collect()
}

pub(crate) fn all_kinds<'v>(names: impl IntoIterator<Item = &'v str>) -> BTreeSet<String> {
    names.into_iter().flat_map(kinds_of).collect()
}

pub(crate) fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// What a record says was created, by name.
pub(crate) fn created(record: &Value) -> Vec<&str> {
    let entries = record["value"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry.as_str().or(entry["kind"].as_str())).collect()
}

pub(crate) fn has(record: &Value, signal: &str) -> bool {
    texts(&record["signals"]).contains(&signal)
}

/// The wishes of a recipient that can be compared with how a record says they were served, and whether each was met.
pub(crate) fn compared<'k>(known: Option<&'k Value>, record: &Value) -> Vec<(&'k str, bool)> {
    let Some(prefers) = known.and_then(|known| known["prefers"].as_object()) else { return Vec::new() };
    let served = |key: &str| {
        let channel = (key == "channel").then(|| record["channel"].as_str()).flatten();
        record["served"][key].as_str().or(channel)
    };
    let met = |wanted: &Value, got: &str| wanted == got || texts(wanted).contains(&got);
    prefers.iter().filter_map(|(key, wanted)| Some((key.as_str(), met(wanted, served(key)?)))).collect()
}

/// What says that something went wrong, by the shipped rules.
fn mistakes(known: Option<&Value>, record: &Value) -> BTreeSet<String> {
    const WRONG: [&str; 13] = [
        "promise-broken",
        "minimum-violated",
        "unresolved",
        "late",
        "incomplete",
        "inaccurate",
        "impolite",
        "unexplained",
        "chased",
        "unwelcome",
        "hard-to-use",
        "omitted",
        "preference-missed",
    ];
    let missed = compared(known, record).iter().any(|(_, met)| !met).then_some("preference-missed");
    let noted = texts(&record["signals"]).into_iter().chain(missed);
    noted.filter(|signal| WRONG.contains(signal)).map(str::to_owned).collect()
}

fn micros(text: &str) -> i64 {
    serveup::Instant::parse(text, None).expect("an instant").micros()
}

/// Recomputes the whole document from the records and their rows, for the shipped rules and whoever has times.
#[track_caller]
#[expect(
    clippy::too_many_lines,
    clippy::cast_precision_loss,
    reason = "the rules from top to bottom, as one reads them"
)]
fn assert_recomputed(report: &Value, told: &[Told], known: &BTreeMap<String, Value>) {
    let moments = in_time(told);
    let latest = moments.last().and_then(|moment| moment.micros());
    let mut of: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for moment in &moments {
        of.entry(moment.record["recipient"].as_str().expect("a text")).or_default().push(moment);
    }
    let people = report.as_array().expect("a list");
    assert_eq!(people.len(), of.len(), "everyone is there");
    let became = outcomes(told, None);
    let loyalties: BTreeMap<String, String> = by_the_rule(told).into_iter().collect();
    let values: BTreeMap<&str, BTreeSet<String>> = of
        .keys()
        .map(|who| (*who, all_kinds(known.get(*who).map(|one| texts(&one["values"])).unwrap_or_default())))
        .collect();
    for person in people {
        let who = person["recipient"].as_str().expect("a text");
        let (moments, stated) = (&of[who], known.get(who));
        assert_eq!(person["loyalty"].as_str(), loyalties.get(who).map(String::as_str), "{who}");
        // failures that stand, each with how often the like happened before
        let failed: Vec<&&Told> = moments.iter().filter(|moment| moment.failed()).collect();
        let mut open = BTreeMap::new();
        for (place, failure) in failed.iter().enumerate() {
            let status = became.iter().find(|outcome| outcome.id == failure.id()).expect("an outcome").status;
            if !["open", "attempted"].contains(&status) {
                continue;
            }
            let wrong = mistakes(stated, &failure.record);
            let alike = |before: &&&&Told| {
                before.dimension("point") == failure.dimension("point")
                    && mistakes(stated, &before.record).intersection(&wrong).next().is_some()
            };
            let again = failed[..place].iter().filter(alike).count();
            let days = latest.zip(failure.micros()).map(|(to, from)| (to - from) as f64 / 86_400e6);
            open.insert(failure.id().to_owned(), (status, failure.rank(), wrong, again, days));
        }
        assert_eq!(list(person, "open").len(), open.len(), "{who}");
        for found in list(person, "open") {
            let (status, rank, wrong, again, days) = &open[found["id"].as_str().expect("an id")];
            assert_eq!((&found["status"], &found["again"]), (&json!(status), &json!(again)), "{found}");
            assert_eq!(found["level"], serveup::Level::NAMES[usize::try_from(*rank).expect("small") - 1]);
            assert_eq!(texts(&found["signals"]).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), *wrong);
            assert_eq!(found["days"].as_f64(), *days);
        }
        // wishes
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (key, met) in moments.iter().flat_map(|moment| compared(stated, &moment.record)) {
            let count = counts.entry(key).or_default();
            *count = (count.0 + 1, count.1 + u64::from(met));
        }
        for wish in list(person, "wishes") {
            let count = counts.remove(wish["key"].as_str().expect("a key")).unwrap_or_default();
            assert_eq!((wish["compared"].as_u64(), wish["met"].as_u64()), (Some(count.0), Some(count.1)), "{who}");
        }
        assert_eq!(counts, BTreeMap::new(), "{who}");
        // acts: where they stand is the last row; with the shipped rules a level lasts one delivery
        let mut acts: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
        for moment in moments {
            if let Some(action) = moment.record["action"].as_str() {
                acts.entry(action).or_default().push(moment);
            }
        }
        let mut due = BTreeMap::new();
        for (action, moments) in &acts {
            let last = moments.last().expect("a moment");
            let Some(standing) = last.row["next"].as_str() else { continue };
            let rank = serveup::Level::NAMES.iter().position(|name| *name == standing).expect("a level") + 1;
            let delivered: Vec<&&Told> = moments
                .iter()
                .filter(|moment| !has(&moment.record, "omitted") && moment.row["evidence"] != "criminal")
                .collect();
            let times: Vec<i64> = delivered.iter().filter_map(|moment| moment.micros()).collect();
            let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
            gaps.sort_unstable();
            let gap = (gaps.len() >= 2).then(|| gaps[(gaps.len() - 1) / 2]);
            let overdue = gap.map(|gap| latest.expect("times") - times.last().expect("a time") > 2 * gap);
            let declined = has(&last.record, "omitted")
                && !compared(stated, &last.record).is_empty()
                && compared(stated, &last.record).iter().all(|(_, met)| *met);
            let unwelcome = moments.iter().any(|moment| has(&moment.record, "unwelcome"));
            let left = rank - 2;
            if !declined && !unwelcome && (overdue == Some(true) || left <= 1) {
                let name = |rank: usize| serveup::Level::NAMES[rank - 1];
                let missed = (rank - 1).clamp(1, 3);
                due.insert(
                    (*action).to_owned(),
                    json!([standing, name((rank - 1).max(2)), left, name(missed), overdue]),
                );
            }
        }
        let found = list(person, "acts").iter().map(|act| {
            let fields = ["standing", "next", "left", "if_missed", "overdue"].map(|field| act[field].clone());
            (act["action"].as_str().expect("an act").to_owned(), json!(fields))
        });
        assert_eq!(found.collect::<BTreeMap<_, _>>(), due, "{who}");
        // what was never done for them, and surprised others who want some of the same
        let mut first: BTreeMap<&str, BTreeMap<&str, &Told>> = BTreeMap::new();
        for moment in in_time(told) {
            let Some(action) = moment.record["action"].as_str() else { continue };
            if !has(&moment.record, "omitted") {
                let other = moment.record["recipient"].as_str().expect("a text");
                first.entry(action).or_default().entry(other).or_insert(moment);
            }
        }
        let mut ideas = BTreeMap::new();
        for (action, first) in &first {
            let mine = acts.get(action).map(Vec::as_slice).unwrap_or_default();
            let spoiled = mine.iter().any(|moment| {
                has(&moment.record, "unwelcome") || !has(&moment.record, "omitted") || moment.row["reason"] == "facts"
            });
            let wanted = &values[who];
            let alike = |other: &&&str| wanted.is_empty() || values[**other].intersection(wanted).next().is_some();
            let others: Vec<&Told> = first.keys().filter(alike).map(|other| first[other]).collect();
            let surprised: Vec<&&Told> = others.iter().filter(|moment| moment.rank() >= 5).collect();
            let kinds: BTreeSet<&str> = surprised.iter().flat_map(|moment| created(&moment.record)).collect();
            let meant = all_kinds(kinds.iter().copied());
            let in_vain = !wanted.is_empty() && !kinds.is_empty() && meant.intersection(wanted).next().is_none();
            if !spoiled && !surprised.is_empty() && !in_vain {
                ideas.insert((*action).to_owned(), (surprised.len(), others.len(), kinds));
            }
        }
        let untried = list(person, "untried");
        assert_eq!(untried.len(), ideas.len().min(5), "{who}: {ideas:?}");
        let mut before = f64::INFINITY;
        for found in untried {
            let (surprised, all, kinds) = &ideas[found["action"].as_str().expect("an act")];
            assert_eq!((&found["surprised"], &found["of"]), (&json!(surprised), &json!(all)), "{who}");
            assert_eq!(texts(&found["kinds"]).into_iter().collect::<BTreeSet<_>>(), *kinds, "{who}");
            assert_eq!(found["enough"], *all >= 5, "{who}");
            let (count, of) = (*surprised as u64, *all as u64);
            let mut clusters = serveup::stats::Clusters::default();
            (0..of).for_each(|place| clusters.add(1, u64::from(place < count)));
            let low = serveup::stats::Share { count, of }.estimate(&clusters).low.expect("a bound");
            assert!(low <= before, "{who}: the surest first");
            before = low;
        }
        // value
        let got = all_kinds(moments.iter().flat_map(|moment| created(&moment.record)));
        let wanted = stated.map(|stated| texts(&stated["values"])).unwrap_or_default();
        let missing = wanted.into_iter().filter(|name| kinds_of(name).intersection(&got).next().is_none());
        assert_eq!(
            texts(&person["uncreated"]).into_iter().collect::<BTreeSet<_>>(),
            missing.collect::<BTreeSet<_>>(),
            "{who}"
        );
    }
    // the most urgent first
    let rank = |name: &Value| serveup::Level::NAMES.iter().position(|level| *level == *name).unwrap_or(9);
    let key = |person: &Value| {
        let worst = list(person, "open")
            .iter()
            .map(|open| (rank(&open["level"]), open["at"].as_str().map(micros).unwrap_or_default()));
        let due = |overdue: bool| {
            let acts = list(person, "acts").iter().filter(|act| !overdue || act["overdue"] == true);
            acts.map(|act| rank(&act["if_missed"])).min().unwrap_or(9)
        };
        let missed = list(person, "wishes").iter().any(|wish| wish["met"] != wish["compared"]);
        (person["loyalty"] != "at-risk", worst.min().unwrap_or((9, 0)), due(true), due(false), !missed)
    };
    assert!(people.is_sorted_by_key(key), "the most urgent first");
}

#[test]
fn every_number_is_that_of_the_rows() {
    for name in ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"] {
        let report = document(over_example("next", name));
        assert_recomputed(&report, &told_example(name), &recipients(&text_of(name)));
    }
    let file = example("agency.json");
    let report = document(over("next --until 2026-03-01", &file));
    assert_recomputed(&report, &told(&file, "--until 2026-03-01"), &recipients(&text_of("agency.json")));
}

#[test]
fn what_to_do_next_at_the_agency_is_as_worked_by_hand() {
    let report = document(over_example("next", "agency.json"));
    let who: Vec<&str> =
        report.as_array().expect("a list").iter().filter_map(|one| one["recipient"].as_str()).collect();
    // at risk are acorn (a14, basic, of 24 February) and quill (a21, basic, of 27 March), the older failure first; of
    // the others harbour has a failure that stands (a03), and volt waits for a report that is overdue
    assert_eq!(who, ["acorn", "quill", "harbour", "volt"]);
    // acorn was served by email once in four times (a08), weekly always; it got the relation it values, and no money
    assert_eq!(report[0]["wishes"][0], json!({"key": "channel", "wanted": ["phone"], "compared": 4, "met": 3}));
    assert_eq!(report[0]["wishes"][1], json!({"key": "cadence", "wanted": ["weekly"], "compared": 4, "met": 4}));
    assert_eq!((&report[0]["values"], &report[0]["uncreated"]), (&json!(["relational", "money"]), &json!(["money"])));
    // only its own word says what went wrong
    let open = &report[0]["open"][0];
    assert_eq!((&open["id"], &open["signals"], &open["level"]), (&json!("a14"), &json!([]), &json!("basic")));
    // nothing that surprised one of them creates what another wants: the report time, the watch less worry, the
    // templates understanding
    assert!(report.as_array().expect("a list").iter().all(|one| one["untried"] == json!([])));
    // three reports, a week apart; over 39 days ago
    let act = &report[3]["acts"][0];
    let fields = ["action", "standing", "next", "left", "if_missed", "overdue"].map(|name| &act[name]);
    assert_eq!(json!(fields), json!(["real-time-report", "basic", "basic", 0, "criminal", true]));
}

#[test]
fn what_would_surprise_next_in_the_shop_is_as_worked_by_hand() {
    let ines = document(over_example("next --for ines", "shop.json"));
    // she values feeling good and relations: the socks made mara feel good, the heel was hers already
    let untried = json!([
        {"action": "gift-of-socks", "kinds": ["money", "felt-good"], "surprised": 1, "of": 1, "enough": false}
    ]);
    assert_eq!(ines[0]["untried"], untried);
    // by name, too
    assert_eq!(document(over_example("next", "shop.json").arg("--for").arg("Ines Caldera")), ines);
    // of tomas it is known that he values time, and what saved him time he has seen
    assert_eq!(document(over_example("next --for tomas", "shop.json"))[0]["untried"], json!([]));
}

#[test]
fn a_client_who_declines_reviews_is_not_called_for_one() {
    let report = document(over_example("next", "retainer.json"));
    let of =
        |who: &str| report.as_array().expect("a list").iter().find(|one| one["recipient"] == who).expect("someone");
    let (cedar, elm) = (of("cedar"), of("elm"));
    assert_eq!((&cedar["loyalty"], &elm["loyalty"]), (&json!("loyal"), &json!("delighted")));
    // no review in c02 and c04, as it likes; by email in c06
    let wishes = json!([
        {"key": "review", "wanted": ["none"], "compared": 2, "met": 2},
        {"key": "channel", "wanted": ["email"], "compared": 1, "met": 1}
    ]);
    assert_eq!(cedar["wishes"], wishes);
    assert_eq!((&cedar["open"], &cedar["acts"]), (&json!([]), &json!([])));
    let summary = json!([
        {"action": "sunday-summary", "kinds": ["time"], "surprised": 1, "of": 1, "enough": false}
    ]);
    assert_eq!((&cedar["untried"], &cedar["uncreated"]), (&summary, &json!(["time"])));
    assert_eq!((&elm["untried"], &elm["uncreated"]), (&json!([]), &json!(["purpose"])));
    assert_recomputed(&report, &told_example("retainer.json"), &recipients(&text_of("retainer.json")));
}

/// An act that surprises a and b, for people of different wishes.
const SURPRISES: &str = r#"{"recipients": [
    {"id": "a", "values": ["time"]}, {"id": "b", "values": ["quantified"]}, {"id": "c", "values": ["money"]},
    {"id": "d", "values": ["purpose"]}, {"id": "e"}, {"id": "f"}
], "interactions": [
    {"at": "2026-01-01", "recipient": "a", "point": "p", "action": "lift", "signals": ["unexpected"], "value": ["time"]},
    {"at": "2026-01-02", "recipient": "b", "point": "p", "action": "lift", "signals": ["unexpected"], "value": ["time"]},
    {"at": "2026-01-02", "recipient": "b", "point": "p", "action": "rebate", "signals": ["unexpected"], "value": ["money"]},
    {"at": "2026-01-03", "recipient": "a", "point": "p", "action": "rebate", "signals": ["unexpected"], "value": ["money"]},
    {"at": "2026-01-03", "recipient": "c", "point": "p", "signals": ["as-agreed"]},
    {"at": "2026-01-03", "recipient": "d", "point": "p", "signals": ["as-agreed"]},
    {"at": "2026-01-03", "recipient": "e", "point": "p", "signals": ["as-agreed"]},
    {"at": "2026-01-03", "recipient": "f", "point": "p", "action": "rebate", "signals": ["unexpected", "unwelcome"], "value": ["money"]},
    {"at": "2026-01-03", "recipient": "f", "point": "p", "action": "lift", "signals": ["omitted"]}
]}"#;

#[test]
fn what_surprised_whoever_wants_the_same_is_untried() {
    let report = document(over_records("next", SURPRISES));
    let untried = |who: &str| {
        let person = report.as_array().expect("a list").iter().find(|one| one["recipient"] == who).expect("someone");
        let of =
            |one: &Value| format!("{} {}/{}", one["action"].as_str().expect("an act"), one["surprised"], one["of"]);
        list(person, "untried").iter().map(of).collect::<Vec<_>>()
    };
    // c wants money: of those who want some of that, b was surprised by the rebate; the lift creates time
    assert_eq!(untried("c"), ["rebate 1/1"]);
    // nobody else wants purpose
    assert_eq!(untried("d"), [""; 0]);
    // of e nothing is known: the lift surprised two of two; the rebate b alone, for it is not what a wants, and f
    // found it unwelcome
    assert_eq!(untried("e"), ["lift 2/2", "rebate 1/3"]);
    // left out is never done; what was unwelcome is never proposed
    assert_eq!(untried("f"), ["lift 2/2"]);
    // and both have seen both
    assert_eq!((untried("a"), untried("b")), (Vec::new(), Vec::new()));
}

#[test]
fn an_act_that_is_unwelcome_or_declined_is_not_due() {
    let rows = |last: &str| {
        let mut rows = String::from("recipient,at,point,action,signals,value,served.review\n");
        for (day, signals) in [(1, "unexpected"), (2, "on-time"), (3, last)] {
            rows.push_str(&format!("a,2026-01-0{day},p,review,{signals},time,none\n"));
        }
        rows.push_str("a,2026-03-01,p,,on-time,,\n");
        rows
    };
    let acts = |last: &str| {
        let recipients = "id,prefers.review\na,none\n";
        let run = over_records("next --recipients people", &rows(last)).file("people", recipients);
        document(run)[0]["acts"].clone()
    };
    assert_eq!(acts("on-time")[0]["overdue"], true);
    assert_eq!(acts("unwelcome"), json!([]));
    // left out as they like it
    assert_eq!(acts("omitted"), json!([]));
}

#[test]
fn a_wish_is_counted_since_it_was_stated() {
    let records = r#"{"recipients": [
        {"id": "a", "prefers": {"channel": "email", "pace": "slow"}},
        {"id": "a", "since": "2026-02-01", "prefers": {"channel": ["phone", "chat"]}}
    ], "interactions": [
        {"at": "2026-01-05", "recipient": "a", "point": "p", "channel": "phone"},
        {"at": "2026-01-06", "recipient": "a", "point": "p", "channel": "email"},
        {"at": "2026-02-05", "recipient": "a", "point": "p", "channel": "chat"},
        {"at": "2026-02-06", "recipient": "a", "point": "p", "channel": "email"}
    ]}"#;
    let wishes = |flags: &str| document(over_records(&format!("next {flags}"), records))[0]["wishes"].clone();
    let pace = json!({"key": "pace", "wanted": ["slow"], "compared": 0, "met": 0});
    let phone = json!({"key": "channel", "wanted": ["phone", "chat"], "compared": 2, "met": 1});
    assert_eq!(wishes(""), json!([phone, pace]));
    let email = json!({"key": "channel", "wanted": ["email"], "compared": 2, "met": 1});
    assert_eq!(wishes("--as-of 2026-01-31"), json!([email, pace]));
}

#[test]
fn who_is_not_reported_is_not_listed_and_history_counts() {
    let records = "id,recipient,at,point,signals\nx,a,2026-01-05,p,promise-broken\ny,b,2026-01-06,p,late\nz,a,2026-02-01,p,on-time\n";
    let report = document(over_records("next --since 2026-02-01", records));
    assert_eq!(report.as_array().map(Vec::len), Some(1));
    assert_eq!((&report[0]["recipient"], &report[0]["open"][0]["id"]), (&json!("a"), &json!("x")));
    let ran = over_records("next --since 2026-02-01 --for b", records).status(2);
    ran.stderr("serveup: --for: no interaction of \"b\"\n").run();
}

#[test]
fn a_name_nobody_has_is_answered_with_the_nearest() {
    let near = "serveup: --for: no interaction of \"acron\"; did you mean \"acorn\"?\n";
    over_example("next --for acron", "agency.json").status(2).stderr(near).run();
    over_example("next --for zzz", "agency.json").status(2).stderr("serveup: --for: no interaction of \"zzz\"\n").run();
}

#[test]
fn where_all_is_well_it_says_so_and_names_the_next_surprise() {
    let records = "\
recipient,at,point,action,signals,value
a,2026-01-05,p,note,unexpected,time
b,2026-01-05,p,cake,unexpected,felt-good
";
    let text = "\
a: delighted
  fine    nothing is open, overdue or missed
  new     surprise them with cake (felt-good): the first time, it surprised 1 of
          1 other; too little data to be sure

b: delighted
  fine    nothing is open, overdue or missed
  new     surprise them with note (time): the first time, it surprised 1 of 1
          other; too little data to be sure

2 recipients: nothing is open, overdue or missed
";
    over_records("next -f table", records).stdout(text).run();
    // one alone has nobody to learn from
    let alone = "\
a: delighted
  fine    nothing is open, overdue or missed
  new     no recorded act that surprised others is new to them; ask what they
          would not expect

1 recipient: nothing is open, overdue or missed
";
    over_records("next -f table", &records[..records.find("b,").expect("b")]).stdout(alone).run();
    let none = "note: records: no records found\n";
    over_records("next -f table", "[]").stdout("no interactions to report\n").stderr(none).run();
    over_records("next -f json", "[]").stdout("[]\n").stderr(none).run();
}

#[test]
fn a_card_says_what_is_open_due_liked_and_new() {
    let card = "\
volt (Volt Bikes): delighted
  due     do real-time-report again: last done on 2026-02-16, usually every 7
          days; done now it is basic, left out it would be criminal
  likes   keep channel \"message\": met in all of 3 moments
  new     no recorded act that surprised others who want the same is new to
          them; ask what they would not expect

1 recipient: 0 at risk, 0 with an open failure, 1 with an overdue act, 0 with a
wish that was not met
";
    over_example("next --for volt -f table", "agency.json").stdout(card).run();
}

#[test]
fn without_a_name_the_most_urgent_are_shown() {
    let rows = (0..25).map(|number| format!("r{number:02},p,on-time\n")).collect::<String>();
    let records = format!("recipient,point,signals\n{rows}");
    let ran = over_records("next -f table", &records).any_stdout().run();
    assert_eq!(ran.stdout.matches("fine    ").count(), 20);
    let more =
        "The 20 most urgent are listed, 5 recipients left out; choose some with --for, or\nlist all with -f json.\n";
    assert!(ran.stdout.contains(more), "{}", ran.stdout);
    assert_eq!(document(over_records("next", &records)).as_array().map(Vec::len), Some(25));
}

#[test]
fn a_row_has_the_numbers_of_one_step_and_its_words() {
    for name in ["shop.json", "agency.json", "helpdesk.jsonl"] {
        let report = document(over_example("next", name));
        let mut expected = Vec::new();
        for person in report.as_array().expect("a list") {
            for (list_name, step) in [("open", "open"), ("acts", "act"), ("wishes", "wish"), ("untried", "untried")] {
                for entry in list(person, list_name) {
                    expected.push((person["recipient"].clone(), step, entry.clone()));
                }
            }
        }
        let printed = |format: &str| over_example("next", name).arg("-f").arg(format).any_stdout().run().stdout;
        let rows: Vec<Value> =
            printed("jsonl").lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        let steps: Vec<&Value> = rows.iter().filter(|row| row["step"] != "none" && row["step"] != "value").collect();
        assert_eq!(steps.len(), expected.len(), "{name}");
        for (row, (recipient, step, entry)) in steps.iter().zip(&expected) {
            assert_eq!((&row["recipient"], &row["step"]), (recipient, &json!(step)), "{name}");
            assert!(entry.as_object().expect("fields").iter().all(|(field, value)| row[field] == *value), "{row}");
        }
        let table = tsv(&printed("tsv"));
        assert_eq!(csv(&printed("csv")), table);
        for (cells, row) in table[1..].iter().zip(&rows) {
            let row: Vec<(String, String)> = flat(row);
            assert_eq!(row.iter().map(|(field, _)| field).collect::<Vec<_>>(), table[0].iter().collect::<Vec<_>>());
            assert!(row.iter().zip(cells).all(|((_, wanted), cell)| same_cell(cell, wanted)), "{cells:?}");
        }
        assert!(table.iter().flatten().all(|cell| !cell.contains('{')), "no JSON in a cell");
        assert!(rows.iter().all(|row| !cell(&row["words"]).is_empty()), "{name}");
    }
    let header = lines([
        "recipient\tname\tloyalty\tstep\twords\tid\tat\tpoint\taction\tlevel\tstatus\tsignals\tagain\tdays\tstanding\tnext\tleft\tif_missed\toverdue\tlast_at\tusual_gap_days\tkey\twanted\tcompared\tmet\tkinds\tsurprised\tof\tenough",
    ]);
    over_records("next -f tsv", "[]").stdout(header).stderr("note: records: no records found\n").run();
}
