//! `serveup uplift`: who moved from which loyalty to which, who came back, and whether more is created than runs down.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::Serveup;
use crate::next_steps::{all_kinds, compared, created, has, recipients, texts};
use crate::told::{Told, document, in_time, list, over_example, over_records, text_of, told_example};

/// Who is served how, by the roll-up of everything until a day.
fn loyalty_until(name: &str, day: &str) -> BTreeMap<String, String> {
    let report = document(over_example(&format!("journey --by recipient --until {day}"), name));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list(&report, "groups").iter().map(|group| (text(&group["key"]["recipient"]), text(&group["loyalty"]))).collect()
}

#[test]
fn moves_are_between_what_was_known_at_the_end_of_each_period() {
    for (name, compare, from, to) in [
        ("helpdesk.jsonl", "2026-05..2026-06", "2026-05-31", "2026-06-30"),
        ("helpdesk.jsonl", "2026-01..2026-04", "2026-01-31", "2026-04-30"),
        ("agency.json", "2026-02..2026-03", "2026-02-28", "2026-03-31"),
    ] {
        let report = document(over_example(&format!("uplift --by recipient --compare {compare}"), name));
        let (before, after) = (loyalty_until(name, from), loyalty_until(name, to));
        let mut expected: BTreeMap<(Option<&String>, &String), Vec<&str>> = BTreeMap::new();
        for (who, loyalty) in &after {
            expected.entry((before.get(who), loyalty)).or_default().push(who);
        }
        let moves = list(&report["moves"], "moves");
        assert_eq!(moves.len(), expected.len(), "{name} {compare}");
        for way in moves {
            let (from, to) =
                (way["from"].as_str().map(str::to_owned), way["to"].as_str().expect("a loyalty").to_owned());
            let who = &expected[&(from.as_ref(), &to)];
            assert_eq!(way["count"], json!(who.len()), "{way}");
            let mut named = texts(&way["recipients"]);
            assert_eq!(named.len(), who.len().min(20));
            named.sort_unstable();
            assert!(named.iter().all(|name| who.contains(name)), "{way}");
        }
    }
    let by_point = document(over_example("uplift", "agency.json"));
    assert_eq!((&by_point["moves"], &by_point["returned"]), (&Value::Null, &Value::Null));
}

const RECOVERED_LATER: &str = "\
id,at,recipient,point,signals,recovers
f,2026-01-05,a,p,promise-broken,
x,2026-01-06,b,p,as-hoped,
r,2026-02-05,a,p,on-time,f
y,2026-02-06,c,p,on-time,
";

#[test]
fn what_is_recovered_later_was_a_risk_before() {
    let report = document(over_records("uplift --by recipient --compare 2026-01..2026-02", RECOVERED_LATER));
    let mut ways: Vec<Value> = list(&report["moves"], "moves").to_vec();
    ways.sort_by_key(|way| way["recipients"].to_string());
    let way = |from: Value, to: &str, who: &str| json!({"from": from, "to": to, "count": 1, "recipients": [who]});
    let expected = [
        way(json!("at-risk"), "satisfied", "a"),
        way(json!("delighted"), "delighted", "b"),
        way(Value::Null, "satisfied", "c"),
    ];
    assert_eq!(ways, expected);
    let text = "
From the end of 2026-01 to the end of 2026-02:
  1 recipient went from not met yet to satisfied: c
  1 recipient went from at risk to satisfied: a
  1 recipient stayed delighted
";
    let table = over_records("uplift --by recipient --compare 2026-01..2026-02 -f table", RECOVERED_LATER)
        .any_stdout()
        .run()
        .stdout;
    assert!(table.ends_with(text), "{table}");
}

#[test]
fn who_came_back_is_counted_where_the_records_reach() {
    let told = told_example("helpdesk.jsonl");
    let moments = in_time(&told);
    let latest = moments.last().and_then(|moment| moment.micros()).expect("a time");
    let day = 86_400_000_000_i64;
    for (compare, period, days) in [("2026-03..2026-04", "2026-03", 14), ("2026-06..2026-07", "2026-06", 7)] {
        let run = format!("uplift --compare {compare} --return-within {days}");
        let report = document(over_example(&run, "helpdesk.jsonl"));
        let mut last: BTreeMap<&str, &Told> = BTreeMap::new();
        for moment in &moments {
            if moment.record["at"].as_str().expect("a time").starts_with(period) {
                last.insert(moment.record["recipient"].as_str().expect("a text"), moment);
            }
        }
        let (mut levels, mut too_recent) = (BTreeMap::<(bool, u64), (u64, u64)>::new(), 0);
        for (who, moment) in last {
            let at = moment.micros().expect("a time");
            if latest - at < days * day {
                too_recent += 1;
                continue;
            }
            let place = moments.iter().position(|one| one.id() == moment.id()).expect("a place");
            let mut later = moments[place + 1..].iter().filter(|one| one.record["recipient"] == *who);
            let again = later.any(|one| one.micros().expect("a time") - at <= days * day);
            let level = if moment.remarked() { (true, moment.rank()) } else { (false, 0) };
            let counted = levels.entry(level).or_default();
            *counted = (counted.0 + u64::from(again), counted.1 + 1);
        }
        let expected: Vec<Value> = levels
            .into_iter()
            .map(|((remarked, rank), (count, of))| {
                let level = remarked.then(|| serveup::Level::NAMES[usize::try_from(rank).expect("small") - 1]);
                json!({"level": level, "count": count, "of": of})
            })
            .collect();
        let returned = json!({"period": period, "days": days, "levels": expected, "too_recent": too_recent});
        assert_eq!(report["returned"], returned, "{run}");
    }
}

/// What becomes new, runs down and lapses in each month at each point, by a plain reading of the shipped rules.
fn pace_of(name: &str) -> BTreeMap<(String, String), (u64, u64, u64)> {
    let told = told_example(name);
    let known = recipients(&text_of(name));
    let mut pace: BTreeMap<(String, String), (u64, u64, u64)> = BTreeMap::new();
    let mut peaks: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut rested: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for moment in in_time(&told) {
        let (record, row) = (&moment.record, &moment.row);
        let who = record["recipient"].as_str().expect("a text");
        let point = moment.dimension("point").as_str().expect("a path").to_owned();
        let month = record["at"].as_str().expect("a time")[..7].to_owned();
        let counted = pace.entry((point, month)).or_default();
        counted.2 += u64::from(row["reason"] == "lapse");
        let Some(action) = record["action"].as_str() else { continue };
        if has(record, "omitted") || row["evidence"] == "criminal" {
            continue;
        }
        let stated = known.get(who);
        let wanted = all_kinds(stated.map(|one| texts(&one["values"])).unwrap_or_default());
        let got = all_kinds(created(record));
        let valued = !got.is_empty() && (wanted.is_empty() || got.intersection(&wanted).next().is_some());
        let likes = compared(stated, record);
        let lift = if valued && (has(record, "astonishing") || has(record, "story-told")) {
            6
        } else if valued && has(record, "unexpected") {
            5
        } else if has(record, "as-hoped")
            || has(record, "forewarned")
            || has(record, "preferred-way")
            || !likes.is_empty() && likes.iter().all(|(_, met)| *met)
        {
            4
        } else {
            3
        };
        let decided = record["verdict"].as_str().is_some();
        let peak = peaks.entry((who, action)).or_insert(3);
        counted.0 += u64::from(lift > *peak && !decided);
        // it runs down until it has come to rest
        let is_basic = row["standing"] == "basic";
        let was_basic = std::mem::replace(rested.entry((who, action)).or_default(), is_basic);
        counted.1 += u64::from(row["reason"] == "repeat" && !(is_basic && was_basic));
        *peak = (*peak).max(lift);
        if decided {
            *peak = (*peak).max(moment.rank());
        }
    }
    pace
}

#[test]
fn the_pace_is_what_becomes_new_and_what_runs_down() {
    for name in ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"] {
        let pace = pace_of(name);
        let report = document(over_example("uplift", name));
        for group in list(&report, "groups") {
            for point in list(group, "series") {
                let key = (cell(&group["key"]["point"]), cell(&point["period"]));
                let (new, slid, lapsed) = pace.get(&key).copied().unwrap_or_default();
                let expected = json!({"new": new, "slid": slid, "lapsed": lapsed});
                assert_eq!(point["pace"], expected, "{name}: {key:?}");
            }
        }
        assert!(pace.values().any(|(new, ..)| *new > 0), "{name}");
    }
}

fn cell(value: &Value) -> String {
    crate::harness::cell(value)
}

#[test]
fn an_act_runs_down_until_it_rests() {
    // surprising, desired, expected, basic, and then it rests; the sixth is left out
    let rows: String = (1..=6)
        .map(|day| format!("a,2026-01-0{day},p,tea,{},time\n", if day == 6 { "omitted" } else { "unexpected" }))
        .collect();
    let run = |command: &str| -> Serveup {
        over_records(command, &format!("recipient,at,point,action,signals,value\n{rows}"))
    };
    let pace = document(run("uplift"))["groups"][0]["series"][0]["pace"].clone();
    assert_eq!(pace, json!({"new": 1, "slid": 3, "lapsed": 1}));
    let table = run("uplift -f table").any_stdout().run().stdout;
    assert!(table.contains("  pace      1 act became new, 3 deliveries slid, 1 lapse in 2026-01\n"), "{table}");
}
