//! `serveup uplift`: is it going up, and what next?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use serveup::Instant;

use crate::figures::{assert_same, estimate, newcombe, p_value, q_values, quartile};
use crate::formats::assert_formats_agree;
use crate::harness::Serveup;
use crate::periods::{at, filled};
use crate::told::{EXAMPLES, Told, document, groups_by, key_of, list, over_example, over_records, said, told_example};

const DAY: i64 = 86_400_000_000;

/// The text of a day, counted from 1970.
fn date(day: i64) -> String {
    Instant::from_micros(day * DAY).expect("a day").to_string()[..10].to_owned()
}

/// The day of a date.
fn day(date: &str) -> i64 {
    Instant::parse(date, None).expect("a date").micros().div_euclid(DAY)
}

/// The period of a day in UTC, worked out with digits.
fn period(calendar: &str, of: i64) -> String {
    let text = date(of);
    match calendar {
        "day" => text,
        "month" => text[..7].to_owned(),
        "year" => text[..4].to_owned(),
        "quarter" => {
            let month: u32 = text[5..7].parse().expect("a month");
            format!("{}-Q{}", &text[..4], month.div_ceil(3))
        }
        // an ISO week belongs to the year of its Thursday; 1 January 1970 was one
        "week" => {
            let thursday = (of + 3).div_euclid(7) * 7;
            let year = date(thursday)[..4].to_owned();
            format!("{year}-W{:02}", (thursday - day(&format!("{year}-01-01"))) / 7 + 1)
        }
        other => panic!("no calendar {other}"),
    }
}

fn day_of(moment: &Told) -> i64 {
    moment.micros().expect("a time").div_euclid(DAY)
}

/// All periods from the first to the last moment, those without any included.
fn periods(calendar: &str, told: &[Told]) -> Vec<String> {
    let days: Vec<i64> = told.iter().map(day_of).collect();
    let (first, last) = (days.iter().min().expect("a moment"), days.iter().max().expect("a moment"));
    let mut periods: Vec<String> = (*first..=*last).map(|day| period(calendar, day)).collect();
    periods.dedup();
    periods
}

fn remarked(moments: &[&Told]) -> u64 {
    moments.iter().filter(|moment| moment.remarked()).count() as u64
}

fn top_half(moments: &[&Told]) -> Vec<(String, bool)> {
    said(moments, |moment| moment.rank() >= 4)
}

fn sound(moments: &[&Told]) -> Vec<(String, bool)> {
    said(moments, |moment| !moment.failed())
}

fn recipients(moments: &[&Told]) -> usize {
    moments.iter().map(|moment| moment.record["recipient"].to_string()).collect::<BTreeSet<_>>().len()
}

/// Whether not more than a tenth of a period is still to come at its latest moment of all.
fn finished(calendar: &str, name: &str, told: &[Told]) -> bool {
    let latest = told.iter().filter_map(Told::micros).max().expect("a time");
    let near = latest.div_euclid(DAY);
    let days: Vec<i64> = (near - 800..near + 800).filter(|day| period(calendar, *day) == name).collect();
    match (days.first(), days.last()) {
        (Some(first), Some(last)) => 10 * (latest - first * DAY) >= 9 * (last + 1 - first) * DAY,
        // long ago
        _ => true,
    }
}

fn point(period: &str, finished: bool, moments: &[&Told]) -> Value {
    let ranks: Vec<u64> = moments.iter().filter(|moment| moment.remarked()).map(|moment| moment.rank()).collect();
    json!({
        "period": period,
        "finished": finished,
        "count": moments.len(),
        "recipients": recipients(moments),
        "unremarked": moments.len() - ranks.len(),
        "median": quartile(&ranks, 2),
        "top_half": estimate(&top_half(moments)),
        "sound": estimate(&sound(moments)),
    })
}

/// What changed in each group from its earlier moments to its later ones, and which way it goes.
fn changes(groups: &[(Vec<&Told>, Vec<&Told>)], from: &str, to: &str) -> Vec<(Value, &'static str)> {
    let spoke = |moments: &[&Told]| sound(moments).into_iter().map(|(recipient, _)| recipient).collect::<BTreeSet<_>>();
    let enough = |moments: &[&Told]| remarked(moments) >= 10 && spoke(moments).len() >= 5;
    let compared = |(before, now): &&(Vec<&Told>, Vec<&Told>)| enough(before) && enough(now);
    let p = |(before, now): &(Vec<&Told>, Vec<&Told>)| {
        [p_value(&sound(now), &sound(before)), p_value(&top_half(now), &top_half(before))]
    };
    let p: Vec<f64> = groups.iter().filter(compared).flat_map(p).collect();
    let mut q = q_values(&p).into_iter();
    let mut p = p.into_iter();
    let change = |group: &(Vec<&Told>, Vec<&Told>)| {
        let (before, now) = group;
        let mut shares = [newcombe(&sound(now), &sound(before)), newcombe(&top_half(now), &top_half(before))];
        let mut direction = "too-few";
        for share in &mut shares {
            let sure = compared(&group).then(|| (p.next().expect("a p"), q.next().expect("a q")));
            (share["p"], share["q"]) = (json!(sure.map(|(p, _)| p)), json!(sure.map(|(_, q)| q)));
            let diff = share["diff"].as_f64().unwrap_or_default();
            match sure {
                Some((_, q)) if q <= 0.05 && diff < 0.0 => direction = "slipping",
                Some((_, q)) if q <= 0.05 && diff > 0.0 && direction != "slipping" => direction = "uplifting",
                Some(_) if direction == "too-few" => direction = "steady",
                _ => {}
            }
        }
        let [sound, top_half] = shares;
        (json!({"from": from, "to": to, "sound": sound, "top_half": top_half}), direction)
    };
    groups.iter().map(change).collect()
}

/// The rows of a list sorted, after checking that the most frequent come first.
#[track_caller]
pub(crate) fn most_frequent_first(rows: &[Value], by: &str) -> Vec<Value> {
    let counts: Vec<u64> = rows.iter().map(|row| row[by].as_u64().expect("a count")).collect();
    assert!(counts.iter().rev().is_sorted(), "the most frequent first: {rows:?}");
    let mut rows = rows.to_vec();
    rows.sort_by_key(ToString::to_string);
    rows
}

/// A counted list in the order of the texts of its rows.
fn counted<K: Ord>(counts: BTreeMap<K, u64>, row: impl Fn(K, u64) -> Value) -> Vec<Value> {
    let mut rows: Vec<Value> = counts.into_iter().map(|(key, count)| row(key, count)).collect();
    rows.sort_by_key(ToString::to_string);
    rows
}

const SHORTFALLS: [&str; 11] = [
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
];

/// Those of a period.
fn within<'t>(calendar: &str, moments: &[&'t Told], name: &str) -> Vec<&'t Told> {
    moments.iter().copied().filter(|moment| period(calendar, day_of(moment)) == name).collect()
}

/// Holds a report in UTC against the records of an example whose recipients say nothing of themselves.
#[track_caller]
fn assert_uplift(report: &Value, told: &[Told], calendar: &str, by: &str) {
    let dimensions: Vec<&str> = by.split(',').collect();
    assert_eq!((&report["period"], &report["by"]), (&json!(calendar), &json!(dimensions)));
    let periods = periods(calendar, told);
    let groups = groups_by(told, &dimensions);
    assert_eq!(list(report, "groups").len(), groups.len());
    let over: Vec<&String> = periods.iter().filter(|name| finished(calendar, name, told)).collect();
    let compared = over.split_last_chunk::<2>().map(|(_, [from, to])| (*from, *to));
    let changed = compared.map(|(from, to)| {
        let pairs: Vec<_> = groups
            .iter()
            .map(|(_, moments)| (within(calendar, moments, from), within(calendar, moments, to)))
            .collect();
        changes(&pairs, from, to)
    });
    if let Some(changed) = &changed {
        let enough = changed.iter().filter(|(_, direction)| *direction != "too-few").count();
        assert_eq!(report["compared"], json!(enough));
    }
    for (place, ((values, moments), found)) in groups.iter().zip(list(report, "groups")).enumerate() {
        let key = key_of(&dimensions, values);
        let what = format!("{key} by {calendar}");
        assert_eq!(found["key"], key);
        let of = |name: &str| within(calendar, moments, name);
        let series = periods.iter().map(|name| point(name, finished(calendar, name, told), &of(name)));
        assert_same(&found["series"], &Value::from(series.collect::<Vec<Value>>()), &what);
        let latest = compared.map_or_else(|| periods.last().expect("a period"), |(_, to)| to);
        let (change, direction) = match &changed {
            Some(changed) => changed[place].clone(),
            None => (json!({"from": null, "to": null, "sound": {"diff": null}}), "too-few"),
        };
        assert_same(&found["change"], &change, &what);
        assert_eq!(found["direction"], direction, "{what}");
        let next = &found["next"];
        let mut shortfalls: BTreeMap<&str, u64> = BTreeMap::new();
        for signal in of(latest).iter().filter_map(|moment| moment.record["signals"].as_array()).flatten() {
            let signal = signal.as_str().expect("a name");
            if SHORTFALLS.contains(&signal) {
                *shortfalls.entry(signal).or_default() += 1;
            }
        }
        let expected = counted(shortfalls, |signal, count| json!({"signal": signal, "count": count}));
        assert_eq!(most_frequent_first(list(next, "shortfalls"), "count"), expected, "{what}");
        let mut latest: BTreeMap<(String, String), &Told> = BTreeMap::new();
        for moment in moments.iter().filter(|moment| moment.record["action"].is_string()) {
            let text = |name: &str| moment.record[name].as_str().expect("a text").to_owned();
            latest.insert((text("action"), text("recipient")), moment);
        }
        let mut acts: BTreeMap<(String, String), u64> = BTreeMap::new();
        for ((action, _), moment) in latest {
            if let Some(next) = moment.row["next"].as_str() {
                *acts.entry((action, next.to_owned())).or_default() += 1;
            }
        }
        let row = |(action, next), recipients| json!({"action": action, "recipients": recipients, "next": next});
        assert_eq!(most_frequent_first(list(next, "slid"), "recipients"), counted(acts, row), "{what}");
        assert_eq!((&next["missed_preferences"], &next["uncreated_value"]), (&json!([]), &json!([])), "{what}");
    }
}

#[test]
fn one_point_of_the_help_desk_is_lifted_and_one_slips() {
    let report = document(over_example("uplift --period month", "helpdesk.jsonl"));
    let told = told_example("helpdesk.jsonl");
    // told beside the examples: sound in May and in June, and the bounds of the difference
    let story = [
        ("support/request/first-reply", (15, 25), (21, 22), 0.090, 0.563, "uplifting"),
        ("support/request/resolution", (23, 25), (10, 23), -0.684, -0.199, "slipping"),
        ("support/request/follow-up", (21, 25), (18, 22), -0.265, 0.210, "steady"),
        ("support/onboarding/training", (21, 23), (20, 22), -0.221, 0.219, "steady"),
    ];
    assert_eq!(list(&report, "groups").len(), story.len());
    for (path, may, june, low, high, direction) in story {
        let group = list(&report, "groups").iter().find(|group| group["key"]["point"] == path).expect(path);
        assert_eq!(group["direction"], direction, "{path}");
        let change = &group["change"];
        assert_eq!((&change["from"], &change["to"]), (&json!("2026-05"), &json!("2026-06")));
        let of = |month: &str| -> Vec<&Told> {
            let within = |moment: &&Told| moment.dimension("point") == path && period("month", day_of(moment)) == month;
            told.iter().filter(within).collect()
        };
        let counts = |moments: Vec<(String, bool)>| (moments.iter().filter(|(_, has)| *has).count(), moments.len());
        assert_eq!((counts(sound(&of("2026-05"))), counts(sound(&of("2026-06")))), (may, june), "{path}");
        assert_same(&change["sound"], &newcombe(&sound(&of("2026-06")), &sound(&of("2026-05"))), path);
        for (bound, told) in [("low", low), ("high", high)] {
            let bound = change["sound"][bound].as_f64().expect("a bound");
            assert!((bound - told).abs() < 5e-4, "{path}: {bound} is not {told}");
        }
        let months: Vec<&Value> = list(group, "series").iter().map(|point| &point["period"]).collect();
        assert_eq!(months, ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]);
    }
}

#[test]
fn every_number_of_the_help_desk_equals_one_recomputed_from_its_rows() {
    let told = told_example("helpdesk.jsonl");
    for calendar in ["day", "week", "month", "quarter", "year"] {
        for by in ["point", "team,stage"] {
            let report = document(over_example(&format!("uplift --period {calendar} --by {by}"), "helpdesk.jsonl"));
            assert_uplift(&report, &told, calendar, by);
        }
    }
    for by in ["recipient", "channel", "action"] {
        assert_uplift(&document(over_example(&format!("uplift --by {by}"), "helpdesk.jsonl")), &told, "month", by);
    }
    let escalator = told_example("escalator.jsonl");
    for calendar in ["day", "week", "month"] {
        let report = document(over_example(&format!("uplift --period {calendar}"), "escalator.jsonl"));
        assert_uplift(&report, &escalator, calendar, "point");
    }
}

#[test]
fn months_by_point_are_the_default() {
    let plain = document(over_example("uplift", "helpdesk.jsonl"));
    assert_eq!(document(over_example("uplift --period month --by point", "helpdesk.jsonl")), plain);
    over_example("uplift --period fortnight", "helpdesk.jsonl").status(2).stderr_has("invalid value 'fortnight'").run();
}

#[test]
fn little_is_too_few_to_say() {
    let directions = |run: Serveup| -> BTreeSet<String> {
        let report = document(run);
        list(&report, "groups").iter().map(|group| group["direction"].as_str().expect("a text").to_owned()).collect()
    };
    let too_few = BTreeSet::from(["too-few".to_owned()]);
    // five or six moments a point and week, twelve a recipient in half a year, nineteen months of notes
    assert_eq!(directions(over_example("uplift --period week", "helpdesk.jsonl")), too_few);
    assert_eq!(directions(over_example("uplift --by recipient", "helpdesk.jsonl")), too_few);
    assert_eq!(directions(over_example("uplift", "agency.json")), too_few);
    // a single period compares with nothing
    assert_eq!(directions(over_example("uplift --period year", "helpdesk.jsonl")), too_few);
}

/// Moments in January and February: how many of each signal, dealt out to so many recipients.
pub(crate) fn two_months(january: &[(&str, usize)], february: &[(&str, usize)], recipients: usize) -> String {
    let mut records = String::from("recipient,at,point,signals\n");
    for (month, moments) in [("01", january), ("02", february)] {
        let signals = moments.iter().flat_map(|&(signal, count)| std::iter::repeat_n(signal, count));
        for (number, signal) in signals.enumerate() {
            records.push_str(&format!("r{},2026-{month}-28,p,{signal}\n", number % recipients));
        }
    }
    records
}

/// The direction of the only group.
#[track_caller]
fn the_direction(records: &str) -> String {
    let report = document(over_records("uplift", records));
    assert_eq!(list(&report, "groups").len(), 1);
    report["groups"][0]["direction"].as_str().expect("a text").to_owned()
}

#[test]
fn enough_is_ten_remarked_moments_of_five_people_in_both_periods() {
    let up = |before: usize, after: usize, recipients: usize| {
        the_direction(&two_months(&[("late", before)], &[("on-time", after)], recipients))
    };
    assert_eq!(up(10, 10, 5), "uplifting");
    assert_eq!(up(9, 10, 5), "too-few");
    assert_eq!(up(10, 9, 5), "too-few");
    assert_eq!(up(10, 10, 4), "too-few");
    // the fifth only in silence
    let silent = two_months(&[("late", 12)], &[("on-time", 12)], 4) + "r4,2026-01-28,p,\nr4,2026-02-28,p,\n";
    assert_eq!(the_direction(&silent), "too-few");
    // the tenth is unremarked
    assert_eq!(the_direction(&two_months(&[("late", 9), ("", 1)], &[("on-time", 10)], 5)), "too-few");
    let rules = "[enough]\ninteractions = 3\nrecipients = 2\n";
    let run = |recipients| {
        let records = two_months(&[("late", 4)], &[("on-time", 4)], recipients);
        let run = over_records("uplift --levels rules.toml", &records).file("rules.toml", rules);
        document(run)["groups"][0]["direction"].clone()
    };
    assert_eq!((run(2), run(1)), (json!("uplifting"), json!("too-few")));
}

#[test]
fn what_slips_slips_even_where_something_rises() {
    // sound 20 of 20, then 10 of 20; top half none of 20, then 10 of 20
    assert_eq!(the_direction(&two_months(&[("on-time", 20)], &[("late", 10), ("as-hoped", 10)], 5)), "slipping");
    // the other way round: the top half slips while sound rises
    assert_eq!(the_direction(&two_months(&[("late", 10), ("as-hoped", 10)], &[("on-time", 20)], 5)), "slipping");
    // either of the two alone
    assert_eq!(the_direction(&two_months(&[("on-time", 20)], &[("late", 10), ("on-time", 10)], 5)), "slipping");
    assert_eq!(the_direction(&two_months(&[("as-hoped", 20)], &[("on-time", 20)], 5)), "slipping");
    assert_eq!(the_direction(&two_months(&[("on-time", 20)], &[("as-hoped", 10), ("on-time", 10)], 5)), "uplifting");
    assert_eq!(the_direction(&two_months(&[("late", 10), ("on-time", 10)], &[("on-time", 20)], 5)), "uplifting");
    // nothing moves, or not beyond chance: 18 of 20 and 16 of 20
    assert_eq!(the_direction(&two_months(&[("on-time", 20)], &[("on-time", 20)], 5)), "steady");
    let chance = two_months(&[("late", 2), ("on-time", 18)], &[("late", 4), ("on-time", 16)], 5);
    assert_eq!(the_direction(&chance), "steady");
}

#[test]
fn any_two_periods_may_be_compared() {
    let told = told_example("helpdesk.jsonl");
    let of = |path: &str, month: &str| -> Vec<Told> {
        let within = |moment: &&Told| moment.dimension("point") == path && period("month", day_of(moment)) == month;
        told.iter().filter(within).cloned().collect()
    };
    let report = document(over_example("uplift --compare 2026-01..2026-06", "helpdesk.jsonl"));
    let pairs: Vec<(Vec<Told>, Vec<Told>)> = list(&report, "groups")
        .iter()
        .map(|group| {
            let path = group["key"]["point"].as_str().expect("a path");
            (of(path, "2026-01"), of(path, "2026-06"))
        })
        .collect();
    let pairs: Vec<(Vec<&Told>, Vec<&Told>)> =
        pairs.iter().map(|(before, now)| (before.iter().collect(), now.iter().collect())).collect();
    for (group, (change, direction)) in list(&report, "groups").iter().zip(changes(&pairs, "2026-01", "2026-06")) {
        let path = group["key"].to_string();
        assert_same(&group["change"], &change, &path);
        assert_eq!(group["direction"], direction, "{path}");
        assert_eq!(list(group, "series").len(), 6, "the series is whole");
    }
    // where nothing was recorded there is nothing to compare
    let report = document(over_example("uplift --compare 2025-01..2026-06", "helpdesk.jsonl"));
    assert!(list(&report, "groups").iter().all(|group| group["direction"] == "too-few"));
    assert_same(&report["groups"][0]["change"], &json!({"from": "2025-01", "sound": {"diff": null}}), "2025");
    for (period, compare) in [
        ("day", "2026-01-05..2026-01-06"),
        ("week", "2026-W02..2026-W03"),
        ("quarter", "2026-Q1..2026-Q2"),
        ("year", "2025..2026"),
    ] {
        let report = document(over_example(&format!("uplift --period {period} --compare {compare}"), "helpdesk.jsonl"));
        let change = &report["groups"][0]["change"];
        assert_eq!(format!("{}..{}", change["from"], change["to"]).replace('"', ""), compare);
    }
}

#[test]
fn wrong_periods_to_compare_are_refused() {
    for (period, compare) in [
        ("month", "2026-01"),
        ("month", ""),
        ("month", ".."),
        ("month", "2026-01.."),
        ("month", "..2026-01"),
        ("month", "2026-01-2026-03"),
        ("month", "2026-01...2026-03"),
        ("month", "2026-01..2026-13"),
        ("month", "2026-1..2026-03"),
        ("month", "2026-01..2026-02..2026-03"),
        ("month", "2026-Q1..2026-Q2"),
        ("month", "2026-03..2026-01"),
        ("month", "2026-01..2026-01"),
        ("month", " 2026-01..2026-03"),
        ("month", "January..March"),
        ("week", "2026-01..2026-03"),
        ("week", "2021-W53..2022-W01"),
        ("week", "2026-W00..2026-W01"),
        ("week", "2021-W01..2020-W53"),
        ("quarter", "2026-Q0..2026-Q1"),
        ("quarter", "2026-Q4..2026-Q5"),
        ("day", "2026-02-29..2026-03-01"),
        ("year", "26..27"),
    ] {
        let run = over_example(&format!("uplift --period {period}"), "helpdesk.jsonl").arg("--compare").arg(compare);
        run.status(2).stderr_has("--compare").run();
    }
}

#[test]
fn a_window_is_divided_into_its_own_periods() {
    let report = document(over_example("uplift --since 2026-03-10 --until 2026-05-31", "helpdesk.jsonl"));
    for group in list(&report, "groups") {
        let months: Vec<&Value> = list(group, "series").iter().map(|point| &point["period"]).collect();
        assert_eq!(months, ["2026-03", "2026-04", "2026-05"]);
        assert_eq!((&group["change"]["from"], &group["change"]["to"]), (&json!("2026-04"), &json!("2026-05")));
    }
    let whole = document(over_example("uplift", "helpdesk.jsonl"));
    for group in list(&report, "groups") {
        let all = list(&whole, "groups").iter().find(|other| other["key"] == group["key"]).expect("the same group");
        assert_eq!(group["series"][2], all["series"][4], "May is May");
        assert_ne!(group["series"][0], all["series"][2], "of March only a part");
    }
}

#[test]
fn periods_need_times() {
    let run = over_records("uplift", "recipient,point\na,p\n");
    run.status(2).stderr_has("periods need `at`, but the records have none").run();
}

#[test]
fn too_long_a_time_in_too_short_periods_is_refused() {
    let records = at(&["0001-01-01", "9999-12-30"]);
    for period in ["day", "week", "month", "quarter"] {
        let run = over_records(&format!("uplift --period {period}"), &records);
        run.status(2).stderr_has("choose a longer --period").run();
    }
    assert_eq!(filled(&records, "--period year"), (vec!["0001 1".to_owned(), "9999 1".to_owned()], 9999));
}

#[test]
fn every_format_carries_the_groups() {
    for name in EXAMPLES {
        assert_formats_agree(
            || over_example("uplift --by point,channel", name),
            |document| list(document, "groups").to_vec(),
        );
    }
}

#[test]
fn every_period_of_a_group_is_a_row_where_that_is_asked_for() {
    for name in EXAMPLES {
        assert_formats_agree(
            || over_example("uplift --by point,channel --series", name),
            |document| {
                let row = |group: &Value, point: &Value| {
                    let mut row = json!({"key": group["key"]});
                    let fields = point.as_object().expect("an object").clone();
                    row.as_object_mut().expect("an object").extend(fields);
                    row
                };
                let groups = list(document, "groups").iter();
                groups.flat_map(|group| list(group, "series").iter().map(|point| row(group, point))).collect()
            },
        );
    }
    // the document is the same
    let document =
        |flags: &str| over_example(&format!("uplift -f json {flags}"), "shop.json").any_stdout().run().stdout;
    assert_eq!(document("--series"), document(""));
}

#[test]
fn a_month_begun_yesterday_is_listed_and_marked_and_not_compared() {
    let records = two_months(&[("late", 10)], &[("on-time", 10)], 5);
    // a failure each on the first two days of March
    let begun = format!(
        "{records}{}",
        (0..12).map(|n| format!("r{},2026-03-0{},p,late\n", n % 6, n % 2 + 1)).collect::<String>()
    );
    let report = document(over_records("uplift", &begun));
    let group = &report["groups"][0];
    let finished: Vec<&Value> = list(group, "series").iter().map(|point| &point["finished"]).collect();
    assert_eq!(finished, [true, true, false]);
    assert_eq!((&group["change"]["from"], &group["change"]["to"]), (&json!("2026-01"), &json!("2026-02")));
    assert_eq!((&group["direction"], &report["compared"]), (&json!("uplifting"), &json!(1)));
    over_records("uplift -f table", &begun)
        .stdout_has(
            "1 of 1 point changed beyond chance from 2026-01 to 2026-02; 2026-03 is not over\nyet, so it is not compared",
        )
        .run();
    // asked for, it is compared
    let asked = document(over_records("uplift --compare 2026-02..2026-03", &begun));
    assert_eq!(asked["groups"][0]["direction"], "slipping");
    assert_same(&asked["groups"][0]["series"], &group["series"], "what is listed is the same");
    // as of the last tenth of March it is finished; as of February, January stands alone
    let directions = |as_of: &str| {
        let report = document(over_records(&format!("uplift --as-of {as_of}"), &begun));
        (report["groups"][0]["change"]["to"].clone(), report["groups"][0]["direction"].clone())
    };
    assert_eq!(directions("2026-03-29"), (json!("2026-03"), json!("slipping")));
    assert_eq!(directions("2026-03-27"), (json!("2026-02"), json!("uplifting")));
    assert_eq!(directions("2026-02-20"), (json!(null), json!("too-few")));
    // records that reach further than the window tell that its last period is over
    let window = document(over_records("uplift --until 2026-02", &begun.replace("2026-02-28", "2026-02-15")));
    assert_eq!(window["groups"][0]["change"]["to"], "2026-02");
}

#[test]
fn of_many_comparisons_some_differ_by_chance() {
    // 30 of 30 and 24 of 30, everyone once: alone that is beyond chance, among twenty points it is not
    let mut alone = String::from("recipient,at,point,signals\n");
    for (month, late) in [("01", 0), ("02", 6)] {
        for number in 0..30 {
            let signal = if number < late { "late" } else { "on-time" };
            alone.push_str(&format!("{month}-{number},2026-{month}-28,p,{signal}\n"));
        }
    }
    assert_eq!(the_direction(&alone), "slipping");
    let others = (0..20 * 60).map(|n| {
        let (point, month, number) = (n / 60, if n % 60 < 30 { "01" } else { "02" }, n % 30);
        let signal = if number < 3 + (n / 30 + point) % 2 { "late" } else { "on-time" };
        format!("{month}-{number},2026-{month}-28,q{point},{signal}\n")
    });
    let many = format!("{alone}{}", others.collect::<String>());
    let report = document(over_records("uplift", &many));
    assert_eq!(report["compared"], 21);
    assert!(list(&report, "groups").iter().all(|group| group["direction"] == "steady"));
    let (one, all) = (document(over_records("uplift", &alone)), &report["groups"][0]);
    assert_eq!(one["groups"][0]["change"]["sound"]["p"], all["change"]["sound"]["p"]);
    over_records("uplift -f table", &many).stdout_has("0 of 21 points changed beyond chance").run();
}
