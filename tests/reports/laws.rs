//! Laws of the reports: what must hold for every list of records and every
//! levels file, whatever the texts in them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};

use crate::calibrate::cells;
use crate::cases::{Form, at, case, windowed};
use crate::figures::{LEVELS, near, rank};
use crate::formats::{assert_formats_agree, csv, tsv};
use crate::generate::{self, Overlay};
use crate::harness::{Serveup, cell};
use crate::told::list;

/// Each case starts the program many times, so there are not very many.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

// ── Files ───────────────────────────────────────────────────────────────────

/// Every report, some of them by more than one dimension.
const REPORTS: [&str; 9] = [
    "rate",
    "journey",
    "journey --by recipient",
    "journey --by team,action",
    "uplift --period week --by provider",
    "recovery",
    "recovery --link-within 2",
    "decay",
    "calibrate",
];

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn a_list_in_two_files_split_anywhere_is_one_list(
        case in windowed(),
        place in any::<Index>(),
        forms in prop::array::uniform2(select(vec![Form::Lines, Form::Array, Form::Csv])),
    ) {
        let (first, second) = case.records.split_at(place.index(case.records.len() + 1));
        let halves = [("first", forms[0].written(first)), ("second", forms[1].written(second))];
        let whole = [("whole", Form::Lines.written(&case.records))];
        for line in REPORTS {
            let printed = |files: &[(&str, String)]| {
                let run = case.over(&format!("{line} --quiet -f json"), files);
                let output = run.command().output().expect("the program runs");
                let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
                (output.status.code(), text(output.stdout), text(output.stderr))
            };
            let of_whole = printed(&whole);
            // over time there is nothing to tell of records without times
            let refused = line.starts_with("uplift") && !case.timed();
            prop_assert_eq!(of_whole.0, Some(if refused { 2 } else { 0 }), "{}: {}", line, of_whole.2);
            prop_assert_eq!(printed(&halves), of_whole, "{} in {:?}", line, forms);
        }
    }
}

// ── Counts ──────────────────────────────────────────────────────────────────

/// The number at a path like `levels.basic`.
#[track_caller]
fn number(value: &Value, path: &str) -> u64 {
    let found = path.split('.').fold(value, |value, part| &value[part]);
    found.as_u64().unwrap_or_else(|| panic!("{path} in {value}"))
}

/// The sum of the numbers at a path of each of a list.
#[track_caller]
fn sum(list: &[Value], path: &str) -> u64 {
    list.iter().map(|item| number(item, path)).sum()
}

/// How many of a share's `of` it stands for.
#[track_caller]
fn part(share: &Value, of: u64) -> u64 {
    let Some(share) = share["share"].as_f64() else {
        assert_eq!(of, 0, "a share of nothing");
        return 0;
    };
    #[expect(clippy::cast_precision_loss, reason = "the counts of a case are small")]
    let count = (0..=of).find(|count| near(*count as f64 / of as f64, share));
    count.unwrap_or_else(|| panic!("{share} is no share of {of}"))
}

fn count(rows: &[Value], what: impl Fn(&Value) -> bool) -> u64 {
    rows.iter().filter(|row| what(row)).count() as u64
}

const DIMENSIONS: [&str; 10] =
    ["point", "recipient", "transaction", "journey", "channel", "stage", "relation", "provider", "team", "action"];

/// One dimension or several, in any order.
fn by() -> impl Strategy<Value = String> {
    let several = subsequence(&DIMENSIONS[..], 2..=3).prop_shuffle();
    prop_oneof![select(&DIMENSIONS[..]).prop_map(str::to_owned), several.prop_map(|names| names.join(","))]
}

/// What a group counts moments by; all of it adds up over groups.
const COUNTED: [&str; 16] = [
    "count",
    "unremarked",
    "failures",
    "slid",
    "lapses",
    "levels.criminal",
    "levels.basic",
    "levels.expected",
    "levels.desired",
    "levels.surprising",
    "levels.unbelievable",
    "valued.known",
    "value.quantified",
    "value.emotional",
    "value.relational",
    "value.existential",
];

/// The amounts of a list of groups, per kind and unit.
fn amounts(groups: &[Value]) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for amount in groups.iter().flat_map(|group| list(group, "amounts")) {
        *sums.entry(format!("{} {}", amount["kind"], amount["unit"])).or_default() += number(amount, "amount");
    }
    sums
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_groups_of_a_journey_add_up_to_all_moments(case in windowed(), some in by()) {
        let rows = case.rows();
        for by in DIMENSIONS.into_iter().chain([some.as_str()]) {
            let journey = case.document(&format!("journey --by {by}"));
            let (groups, total) = (list(&journey, "groups"), &journey["total"]);
            prop_assert_eq!(number(total, "count"), rows.len() as u64);
            prop_assert_eq!(number(total, "unremarked"), count(&rows, |row| row["reason"] == "unremarked"));
            prop_assert_eq!(number(total, "failures"), count(&rows, |row| row["failure"] == true));
            for counted in COUNTED {
                prop_assert_eq!(sum(groups, counted), number(total, counted), "{} by {}", counted, by);
            }
            prop_assert_eq!(sum(groups, "claims.count"), number(total, "claims.count"));
            prop_assert_eq!(amounts(groups), amounts(std::slice::from_ref(total)), "by {}", by);
            let mut recipients = 0;
            for group in groups.iter().chain([total]) {
                let on = |levels: &[&str]| levels.iter().map(|level| number(group, &format!("levels.{level}"))).sum();
                let remarked: u64 = on(&LEVELS);
                prop_assert_eq!(remarked + number(group, "unremarked"), number(group, "count"), "by {}: {}", by, group);
                prop_assert_eq!(part(&group["top_half"], remarked), on(&LEVELS[3..]));
                prop_assert_eq!(part(&group["sound"], remarked) + number(group, "failures"), remarked);
                prop_assert!(number(group, "recipients") <= number(group, "count"));
                prop_assert_eq!(number(group, "recipients") == 0, number(group, "count") == 0);
                recipients += number(group, "recipients");
            }
            recipients -= number(total, "recipients");
            prop_assert!(recipients >= number(total, "recipients"), "by {}", by);
            if by == "recipient" {
                prop_assert_eq!(recipients, number(total, "recipients"));
                prop_assert!(groups.iter().all(|group| group["recipients"] == 1));
            }
        }
    }

    #[test]
    fn the_periods_of_a_group_add_up_to_its_moments(
        case in windowed(),
        by in by(),
        period in select(vec!["day", "week", "month", "quarter", "year"]),
    ) {
        let line = format!("uplift --by {by} --period {period}");
        if !case.timed() {
            case.run(&line).status(2).stderr_has("periods need `at`").run();
            return Ok(());
        }
        let (uplift, journey) = (case.document(&line), case.document(&format!("journey --by {by}")));
        let (groups, of_journey) = (list(&uplift, "groups"), list(&journey, "groups"));
        prop_assert_eq!(groups.len(), of_journey.len());
        let mut moments = 0;
        for group in groups {
            let series = list(group, "series");
            // `journey` has stages in the order in which they follow each other
            let of_journey = of_journey.iter().find(|of_journey| of_journey["key"] == group["key"]);
            let of_journey = of_journey.expect("the same group");
            for counted in ["count", "unremarked"] {
                prop_assert_eq!(sum(series, counted), number(of_journey, counted), "{}", group);
            }
            moments += sum(series, "count");
            let (mut top_half, mut sound) = (0, 0);
            for point in series {
                let remarked = number(point, "count") - number(point, "unremarked");
                top_half += part(&point["top_half"], remarked);
                sound += part(&point["sound"], remarked);
                prop_assert!(number(point, "recipients") <= number(point, "count"));
                prop_assert_eq!(number(point, "recipients") == 0, number(point, "count") == 0);
                prop_assert_eq!(point["median"].is_null(), remarked == 0);
            }
            let remarked = number(of_journey, "count") - number(of_journey, "unremarked");
            prop_assert_eq!(top_half, part(&of_journey["top_half"], remarked));
            prop_assert_eq!(sound, part(&of_journey["sound"], remarked));
        }
        prop_assert_eq!(moments, case.reported().len() as u64);
    }

    #[test]
    fn every_failure_is_open_attempted_put_right_or_bounced_once(case in windowed(), link: bool) {
        let failures = count(&case.rows(), |row| row["failure"] == true);
        let report = case.document(if link { "recovery --link-within 3" } else { "recovery" });
        let (items, rungs) = (list(&report, "items"), list(&report, "by_response"));
        prop_assert_eq!(number(&report, "failures"), failures);
        prop_assert_eq!(items.len() as u64, failures);
        prop_assert_eq!(sum(rungs, "count"), failures);
        let statuses = ["open", "attempted", "put-right", "bounced"].map(|status| (status.replace('-', "_"), status));
        let mut all = 0;
        for (field, status) in &statuses {
            prop_assert_eq!(number(&report, field), count(items, |item| item["status"] == *status), "{}", report);
            prop_assert_eq!(number(&report, field), sum(rungs, field), "{}", report);
            all += number(&report, field);
        }
        prop_assert_eq!(all, failures);
        for rung in rungs {
            let met = number(rung, "count");
            prop_assert_eq!(statuses.iter().map(|(field, _)| number(rung, field)).sum::<u64>(), met, "{}", rung);
            prop_assert_eq!(count(items, |item| item["response"] == rung["response"]), met, "{}", rung);
        }
    }

    #[test]
    fn every_verdict_beside_facts_is_in_both_tables_once(case in windowed()) {
        let report = case.document("calibrate");
        let both = number(&report, "count");
        let rows = case.rows();
        let moments: Vec<(&Value, &Value)> = case.reported().into_iter().zip(&rows).collect();
        // with signals there are facts; without, a preference may have been compared
        let spoken = |verdict: &str, against: &str, facts: &str, signals: bool| {
            let counts = |(record, row): &&(&Value, &Value)| {
                record["verdict"] == verdict && row[against] == facts && (!signals || record["signals"] != json!([]))
            };
            moments.iter().filter(counts).count() as u64
        };
        for against in ["evidence", "assessed"] {
            let table = &report[against];
            let (mut agree, mut higher, mut lower, mut own, mut equal, mut close) = (0, 0, 0, 0, 0, 0);
            for verdict in serveup::Verdict::ALL {
                let rank = usize::from(verdict.level().rank());
                let row = if verdict.is_open() { &table["open"][verdict.name()] } else { &table["matrix"][rank - 1] };
                for (facts, cell) in serveup::Level::ALL.into_iter().zip(row.as_array().expect("a row")) {
                    let cell = cell.as_u64().expect("a count");
                    let count = |signals| spoken(verdict.name(), against, facts.name(), signals);
                    let (known, may_be) = (count(true), count(false));
                    prop_assert!((known..=may_be).contains(&cell), "{} to {}, not {}: {}", known, may_be, cell, table);
                    let sum = match verdict.allows(facts) {
                        true => &mut agree,
                        false if facts > verdict.level() => &mut higher,
                        false => &mut lower,
                    };
                    *sum += cell;
                    if let Some(word) = verdict.own() {
                        own += cell;
                        equal += if word == facts { cell } else { 0 };
                        close += if word.rank().abs_diff(facts.rank()) <= 1 { cell } else { 0 };
                    }
                }
            }
            prop_assert_eq!(agree + higher + lower, both, "{}", table);
            prop_assert_eq!(number(table, "flatters"), higher, "{}", table);
            prop_assert_eq!(number(table, "undersells"), lower, "{}", table);
            prop_assert_eq!(part(&json!({"share": table["agreement"]}), own), equal, "{}", table);
            prop_assert_eq!(part(&json!({"share": table["within_one"]}), own), close, "{}", table);
            let bands = list(&table["bands"], "matrix").iter().flat_map(|row| row.as_array().expect("a row"));
            let banded: u64 = bands.map(|cell| cell.as_u64().expect("a count")).sum();
            prop_assert_eq!(banded + number(&table["bands"], "left_out"), both, "{}", table);
        }
        let sum = |counts: &Value| -> u64 {
            counts.as_object().expect("counts").values().map(|count| count.as_u64().expect("a count")).sum()
        };
        for row in list(&report, "signals") {
            let count = number(row, "count");
            prop_assert!(count > 0 && count <= both, "{}", row);
            prop_assert_eq!(sum(&row["verdicts"]) + sum(&row["open"]), count, "{}", row);
            let three = ["agrees", "flatters", "undersells"].map(|field| number(row, field));
            prop_assert_eq!(three.iter().sum::<u64>(), count, "{}", row);
        }
        for row in list(&report, "escalator") {
            prop_assert!(number(row, "deliveries") > 0 && number(row, "as_low") <= number(row, "count"), "{}", row);
            prop_assert!(sum(&row["verdicts"]) <= number(row, "count"), "{}", row);
        }
        let tried: u64 = list(&report, "escalator").iter().map(|row| number(row, "count")).sum();
        prop_assert!(tried <= both);
    }

    #[test]
    fn an_act_was_delivered_as_often_as_the_rows_say(case in case()) {
        let rows = case.rows();
        // where nobody else has a say, a row whose act rides says what comes next
        let Overlay { unnamed, memory_days, ref market, .. } = case.rules;
        let act = |row: &Value| match &row["action"] {
            Value::Null if unnamed => row["point"].clone(),
            named => named.clone(),
        };
        let mut moments: Vec<(&Value, &Value)> = rows.iter().zip(&case.records).collect();
        moments.sort_by_key(|(_, record)| at(record));
        let mut acts: BTreeMap<[String; 2], (u64, bool)> = BTreeMap::new();
        for (row, record) in moments {
            if act(row).is_null() { continue }
            let (delivered, rides) = acts.entry([row["recipient"].to_string(), act(row).to_string()]).or_default();
            let omitted = list(record, "signals").contains(&json!("omitted"));
            *delivered += u64::from(!omitted && row["evidence"] != "criminal");
            *rides = !row["next"].is_null();
        }
        let report = case.document("decay");
        let mut listed = BTreeSet::new();
        for found in list(&report, "acts") {
            let name = [found["recipient"].to_string(), found["action"].to_string()];
            prop_assert_eq!(number(found, "delivered"), acts[&name].0, "{}", found);
            prop_assert!(listed.insert(name), "twice: {}", found);
        }
        if market.is_empty() && memory_days.is_none() {
            let riding = acts.iter().filter(|(_, (_, rides))| *rides).map(|(name, _)| name.clone());
            prop_assert_eq!(listed, riding.collect());
        }
    }
}

// ── Formats ─────────────────────────────────────────────────────────────────

/// What people are shown, in one line.
fn shown(run: Serveup) -> String {
    let ran = run.arg("--quiet").arg("-f").arg("table").any_stdout().run();
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1 time`, `2 times`.
fn times(number: &Value, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn rows_are_the_same_in_every_format(case in case()) {
        assert_formats_agree(|| case.run("rate --why"), |document| document.as_array().expect("rows").clone());
        let printed = |line: &str| case.run(line).arg("--quiet").any_stdout().run().stdout;
        let mut explained = tsv(&printed("rate --why -f tsv"));
        for row in &mut explained {
            row.truncate(15);
        }
        prop_assert_eq!(&tsv(&printed("rate -f tsv")), &explained, "without what explains them");
        prop_assert_eq!(&csv(&printed("rate -f csv")), &explained, "without what explains them");
        let rows = case.rows();
        let table = shown(case.run("rate"));
        let last = format!(" {}: ", times(&rows.len().into(), "interaction"));
        let (moments, together) = table.rsplit_once(&last).expect("a last line");
        // nothing else in a line is a rank and its level
        let words: Vec<&str> = moments.split(' ').collect();
        let level = |pair: &[&str]| {
            let (number, name) = (pair[0].trim_start_matches('!'), pair[1].trim_end_matches(','));
            let known = LEVELS.iter().zip(1..).any(|(level, rank)| *level == name && number == rank.to_string());
            known.then(|| format!("{number} {name}"))
        };
        let shown: Vec<String> = words.windows(2).filter_map(level).collect();
        let rated: Vec<String> = rows.iter().map(|row| format!("{} {}", row["rank"], cell(&row["level"]))).collect();
        prop_assert_eq!(shown, rated, "{}", table);
        for level in LEVELS {
            let came = count(&rows, |row| row["level"] == level);
            prop_assert!(came == 0 || together.contains(&format!("{came} {level}")), "{}", table);
        }
    }

    #[test]
    fn groups_are_the_same_in_every_format(case in case(), by in by()) {
        let line = format!("journey --by {by}");
        assert_formats_agree(|| case.run(&line), |document| list(document, "groups").to_vec());
        let total = &case.document(&line)["total"];
        let told = [("count", "interaction"), ("recipients", "recipient"), ("failures", "failure")];
        let told = told.map(|(field, thing)| times(&total[field], thing)).join(", ");
        let table = shown(case.run(&line));
        prop_assert!(table.contains(&format!("{told}, {} slid", total["slid"])), "{}", table);
    }

    #[test]
    fn developments_are_the_same_in_every_format(mut case in case(), by in by()) {
        case.records = generate::distinct(case.records);
        let line = format!("uplift --period day --by {by}");
        assert_formats_agree(|| case.run(&line), |document| list(document, "groups").to_vec());
        let groups = case.document(&line)["groups"].as_array().expect("groups").clone();
        let told = times(&groups.len().into(), "group");
        let few = count(&groups, |group| group["direction"] == "too-few");
        let table = shown(case.run(&line));
        prop_assert!(table.contains(&format!("{told}: ")) && table.contains(&format!("{few} with too little data")), "{}", table);
    }

    #[test]
    fn failures_are_the_same_in_every_format(case in case(), link: bool) {
        let line = if link { "recovery --link-within 3" } else { "recovery" };
        assert_formats_agree(|| case.run(line), |document| list(document, "items").to_vec());
        let report = case.document(line);
        let told = ["open", "attempted", "put_right", "bounced"].map(|field| {
            format!("{} {}", report[field], field.replace('_', " "))
        });
        let table = shown(case.run(line));
        let told = format!("{}: {}", times(&report["failures"], "failure"), told.join(", "));
        prop_assert!(report["failures"] == 0 || table.contains(&told), "{}", table);
    }

    #[test]
    fn acts_are_the_same_in_every_format(case in case()) {
        assert_formats_agree(|| case.run("decay"), |document| list(document, "acts").to_vec());
        let acts = list(&case.document("decay"), "acts").len();
        let told = if acts == 0 { "no act is".to_owned() } else { times(&acts.into(), "act") };
        let table = shown(case.run("decay"));
        prop_assert!(table.contains(&format!("{told} on the escalator")), "{}", table);
    }

    #[test]
    fn verdicts_and_facts_are_the_same_in_every_format(case in case()) {
        assert_formats_agree(|| case.run("calibrate"), cells);
        let report = case.document("calibrate");
        if report["count"] == 0 { return Ok(()) }
        let table = shown(case.run("calibrate"));
        prop_assert!(table.contains(&times(&report["count"], "interaction")), "{}", table);
        for (against, name) in [("evidence", "facts"), ("assessed", "rules")] {
            let [flatters, undersells] = ["flatters", "undersells"].map(|field| times(&report[against][field], "time"));
            prop_assert!(table.contains(&format!("the {name} flatter {flatters}, undersell {undersells}")), "{}", table);
            let rows = LEVELS.iter().zip(list(&report[against], "matrix")).map(|(verdict, row)| {
                let counts = row.as_array().expect("a row").iter().map(|count| match count.as_u64() {
                    Some(0) => "·".to_owned(),
                    _ => count.to_string(),
                });
                format!("{} {verdict} {}", rank(&(*verdict).into()), counts.collect::<Vec<_>>().join(" "))
            });
            let matrix = rows.collect::<Vec<_>>().join(" ");
            prop_assert!(table.contains(&matrix), "{}\n{}", matrix, table);
        }
    }
}
