//! `serveup journey`: every number once more, from the rows of `rate` and the records.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::figures::{LEVELS, assert_same, estimate, float, quartile};
use crate::formats::assert_formats_agree;
use crate::harness::example;
use crate::told::{
    EXAMPLES, Told, document, groups_by, interactions, key_of, list, over, over_example, over_records, real_data, said,
    text_of, told, told_example,
};

/// All that can be asked for, alone and together.
const DIMENSIONS: [&str; 13] = [
    "point",
    "recipient",
    "transaction",
    "journey",
    "channel",
    "stage",
    "relation",
    "provider",
    "team",
    "action",
    "channel,stage,team",
    "provider,action",
    "recipient,point",
];

fn count(moments: &[&Told], what: impl Fn(&Told) -> bool) -> u64 {
    moments.iter().filter(|moment| what(moment)).count() as u64
}

/// The group of these moments, counted by hand.
pub(crate) fn group(moments: &[&Told]) -> Value {
    let remarked: Vec<&Told> = moments.iter().copied().filter(|moment| moment.remarked()).collect();
    let ranks: Vec<u64> = remarked.iter().map(|moment| moment.rank()).collect();
    let because = |reason: &'static str| move |moment: &Told| moment.row["reason"] == reason;
    let levels = LEVELS.map(|level| (level.to_owned(), json!(count(&remarked, |moment| moment.row["level"] == level))));
    let failures = count(moments, Told::failed);
    let known = count(moments, |moment| moment.row["value"].is_array());
    let created = count(moments, |moment| moment.row["value"].as_array().is_some_and(|value| !value.is_empty()));
    let categories = ["quantified", "emotional", "relational", "existential"];
    let value = categories.map(|category| {
        let named =
            |moment: &Told| moment.row["value"].as_array().is_some_and(|value| value.contains(&json!(category)));
        (category.to_owned(), json!(count(moments, named)))
    });
    let gaps: Vec<i64> = moments.iter().filter_map(|moment| moment.row["gap"].as_i64()).collect();
    let claims = |of: fn(i64) -> bool| gaps.iter().filter(|&&gap| of(gap)).count();
    let recipients: BTreeSet<&str> =
        moments.iter().map(|moment| moment.record["recipient"].as_str().expect("a recipient")).collect();
    let heard: BTreeSet<&str> =
        remarked.iter().map(|moment| moment.record["recipient"].as_str().expect("a recipient")).collect();
    json!({
        "count": moments.len(),
        "recipients": recipients.len(),
        "unremarked": moments.len() - remarked.len(),
        "failures": failures,
        "slid": count(moments, because("repeat")) + count(moments, because("market")),
        "lapses": count(moments, because("lapse")),
        "levels": Value::Object(levels.into_iter().collect()),
        "q1": quartile(&ranks, 1),
        "median": quartile(&ranks, 2),
        "q3": quartile(&ranks, 3),
        "worst": quartile(&ranks, 0),
        "enough": remarked.len() >= 10 && heard.len() >= 5,
        "top_half": estimate(&said(&remarked, |moment| moment.rank() >= 4)),
        "sound": estimate(&said(&remarked, |moment| !moment.failed())),
        "valued": {"known": known, "share": (known > 0).then(|| float(created) / float(known))},
        "value": Value::Object(value.into_iter().collect()),
        "claims": {
            "count": gaps.len(), "above": claims(|gap| gap > 0), "equal": claims(|gap| gap == 0),
            "below": claims(|gap| gap < 0), "mean_gap": null,
        },
    })
}

/// The sums of amounts per kind and unit, added up in thousandths.
fn amounts(moments: &[&Told]) -> BTreeMap<(String, Option<String>), u64> {
    let mut sums = BTreeMap::new();
    for value in moments.iter().filter_map(|moment| moment.record["value"].as_array()).flatten() {
        let Some(amount) = value["amount"].as_f64() else { continue };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the amounts of examples are small"
        )]
        let thousandths = (amount * 1000.0).round() as u64;
        let key = (value["kind"].as_str().expect("a kind").to_owned(), value["unit"].as_str().map(str::to_owned));
        *sums.entry(key).or_default() += thousandths;
    }
    sums
}

/// Holds a group against its moments.
#[track_caller]
pub(crate) fn assert_group(found: &Value, moments: &[&Told], what: &str) {
    assert_same(found, &group(moments), what);
    let printed: BTreeMap<(String, Option<String>), f64> = list(found, "amounts")
        .iter()
        .map(|sum| {
            let key = (sum["kind"].as_str().expect("a kind").to_owned(), sum["unit"].as_str().map(str::to_owned));
            (key, sum["amount"].as_f64().expect("an amount"))
        })
        .collect();
    // the double nearest to a sum of thousandths: nothing else prints the same digits
    let expected = amounts(moments).into_iter().map(|(key, thousandths)| (key, float(thousandths) / 1000.0)).collect();
    assert_eq!(printed, expected, "{what}: amounts");
}

/// Holds a whole report against the records.
#[track_caller]
fn assert_journey(found: &Value, told: &[Told], by: &str) {
    let dimensions: Vec<&str> = by.split(',').collect();
    assert_eq!(found["by"], json!(dimensions));
    let mut expected = groups_by(told, &dimensions);
    if dimensions[0] == "stage" {
        // stages follow each other; those of no stage come last
        let stages = ["beginning", "middle", "end"];
        expected.sort_by_key(|(values, _)| stages.iter().position(|stage| values[0] == *stage).unwrap_or(3));
    }
    let keys: Vec<Value> = expected.iter().map(|(values, _)| key_of(&dimensions, values)).collect();
    let found_keys: Vec<Value> = list(found, "groups").iter().map(|group| group["key"].clone()).collect();
    assert_eq!(found_keys, keys, "the groups by {by}, in order of first appearance");
    for ((_, moments), found) in expected.iter().zip(list(found, "groups")) {
        assert_group(found, moments, &format!("{} by {by}", found["key"]));
        assert_eq!(found.get("loyalty").is_some(), by == "recipient", "loyalty belongs to recipients alone");
    }
    let all: Vec<&Told> = told.iter().collect();
    assert_eq!(found["total"]["key"], Value::Null);
    assert_group(&found["total"], &all, &format!("the total by {by}"));
}

#[test]
fn every_number_of_the_help_desk_equals_one_recomputed_from_its_rows() {
    let told = told_example("helpdesk.jsonl");
    for by in DIMENSIONS {
        assert_journey(&document(over_example(&format!("journey --by {by}"), "helpdesk.jsonl")), &told, by);
    }
}

#[test]
fn every_number_of_the_other_examples_does_too() {
    for name in EXAMPLES.into_iter().filter(|name| *name != "helpdesk.jsonl" && *name != "escalator.csv") {
        let told = told_example(name);
        for by in ["point", "recipient", "action", "stage,channel"] {
            assert_journey(&document(over_example(&format!("journey --by {by}"), name)), &told, by);
        }
    }
    let flat = document(over_example("journey", "escalator.csv"));
    assert_eq!(flat, document(over_example("journey", "escalator.jsonl")), "csv and JSON lines hold the same records");
}

#[test]
fn points_are_the_default() {
    let told = told_example("agency.json");
    let found = document(over_example("journey", "agency.json"));
    assert_journey(&found, &told, "point");
    assert_eq!(list(&found, "groups")[0]["key"], json!({"point": "campaign/account/invoice"}));
}

#[test]
fn the_totals_are_those_told_beside_the_examples() {
    let total = |name: &str| document(over_example("journey", name))["total"].clone();
    // helpdesk.jsonl: 12 criminal, 113 basic (4 of them only slid), 255 expected (6 unremarked), 172 desired,
    // 22 surprising; 121 failures. Levels are of remarked moments only: 255 − 6 = 249
    let helpdesk = json!({
        "count": 574, "recipients": 48, "unremarked": 6, "failures": 121,
        "levels": {"criminal": 12, "basic": 113, "expected": 249, "desired": 172, "surprising": 22, "unbelievable": 0},
        // of 568, number 142 is after 125 below expected, 284 is before 125 + 249 = 374, 426 after it
        "q1": "expected", "median": "expected", "q3": "desired", "worst": "criminal", "enough": true,
    });
    assert_same(&total("helpdesk.jsonl"), &helpdesk, "helpdesk.jsonl");
    let slid = told_example("helpdesk.jsonl");
    let slid: Vec<_> = slid.iter().filter(|moment| moment.row["level"] == "basic" && !moment.failed()).collect();
    assert_eq!(slid.len(), 4, "basics that are no failures");
    assert!(slid.iter().all(|moment| moment.row["reason"] == "repeat"));
    // shop.json: 1 criminal, 5 basic, 4 expected (one unremarked), 4 desired, 2 surprising, 1 unbelievable;
    // slid are s08, s12, s15 and s17; the failures are s04, s05, s07 and s13.
    // Claims: s01 4 for 3, s05 2 for 1, s06 5 for 5, s13 3 for 2, s15 5 for 2
    let shop = json!({
        "count": 17, "recipients": 5, "unremarked": 1, "failures": 4, "slid": 4, "lapses": 0,
        "levels": {"criminal": 1, "basic": 5, "expected": 3, "desired": 4, "surprising": 2, "unbelievable": 1},
        // of 16, numbers 4, 8 and 12: 1 + 5 reach to 6, + 3 to 9, + 4 to 13
        "q1": "basic", "median": "expected", "q3": "desired", "worst": "criminal", "enough": true,
        "claims": {"count": 5, "above": 4, "equal": 1, "below": 0, "mean_gap": null},
        // s02 and s08 saved 40 minutes each, s06 was worth 9.95 EUR
        "amounts": [{"kind": "money", "unit": "EUR", "amount": 9.95}, {"kind": "time", "unit": "minutes", "amount": 80}],
        // s02, s06, s08, s10, s14 and s16 created value, s13 is on record without any
        "valued": {"known": 7, "share": 6.0 / 7.0},
        "value": {"quantified": 3, "emotional": 4, "relational": 1, "existential": 0},
    });
    assert_same(&total("shop.json"), &shop, "shop.json");
    // agency.json: 4 basic, 5 expected, 7 desired, 4 surprising, 1 unbelievable; a21 is the lapse;
    // a07, a10, a15, a19 and a20 are repeats that have slid
    let agency = json!({
        "count": 21, "recipients": 4, "unremarked": 0, "failures": 4, "slid": 5, "lapses": 1,
        "levels": {"criminal": 0, "basic": 4, "expected": 5, "desired": 7, "surprising": 4, "unbelievable": 1},
        "amounts": [{"kind": "time", "unit": "hours", "amount": 9}],
    });
    assert_same(&total("agency.json"), &agency, "agency.json");
}

/// A list in another order, the same one every time.
fn shuffled<T: Clone>(items: &[T]) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state: u64 = 20_260_105;
    for place in (1..items.len()).rev() {
        // the generator of Knuth's MMIX
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).expect("31 bits") % (place + 1);
        items.swap(place, other);
    }
    items
}

#[test]
fn groups_come_in_order_of_first_appearance_in_time_however_the_input_is_ordered() {
    let text = text_of("helpdesk.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    let mixed = shuffled(&lines).join("\n");
    let backward = lines.iter().rev().copied().collect::<Vec<_>>().join("\n");
    for by in ["point", "recipient", "team,channel", "action"] {
        let command = format!("journey --by {by}");
        let expected = document(over_example(&command, "helpdesk.jsonl"));
        assert_eq!(document(over_records(&command, &mixed)), expected, "shuffled, by {by}");
        assert_eq!(document(over_records(&command, &backward)), expected, "backward, by {by}");
    }
}

#[test]
fn moments_at_one_time_or_at_none_keep_the_order_of_the_input() {
    let keys = |records: &str| -> Vec<String> {
        let report = document(over_records("journey", records));
        list(&report, "groups")
            .iter()
            .map(|group| group["key"]["point"].as_str().expect("a point").to_owned())
            .collect()
    };
    let at_once = "at,recipient,point\n2026-01-05,a,c\n2026-01-05,a,a\n2026-01-04,a,d\n2026-01-05,a,b\n";
    assert_eq!(keys(at_once), ["d", "c", "a", "b"]);
    // the same instant written in two ways
    let zones =
        "at,recipient,point\n2026-01-05T10:00:00+01:00,a,z\n2026-01-05T09:00:00Z,a,a\n2026-01-05T09:59:59+01:00,a,m\n";
    assert_eq!(keys(zones), ["m", "z", "a"]);
    assert_eq!(keys("recipient,point\na,c\na,a\na,b\na,a\n"), ["c", "a", "b"]);
}

#[test]
fn what_is_not_given_is_a_group_of_its_own_with_null_in_its_key() {
    let records = "\
recipient,point,channel,team,signals
a,p,phone,front,late
b,p,,front,
c,p,phone,,on-time
d,p,,,late
e,p,,,as-hoped
";
    let report = document(over_records("journey --by channel,team", records));
    let found: Vec<(Value, Value)> =
        list(&report, "groups").iter().map(|group| (group["key"].clone(), group["count"].clone())).collect();
    let expected = [
        (json!({"channel": "phone", "team": "front"}), json!(1)),
        (json!({"channel": null, "team": "front"}), json!(1)),
        (json!({"channel": "phone", "team": null}), json!(1)),
        (json!({"channel": null, "team": null}), json!(2)),
    ];
    assert_eq!(found, expected);
    let csv = over_records("journey --by channel,team -f csv --no-header", records).any_stdout().run().stdout;
    let begin: Vec<&str> = csv.lines().filter_map(|row| row.get(..row.match_indices(',').nth(2)?.0)).collect();
    assert_eq!(begin, ["phone,front,1", ",front,1", "phone,,1", ",,2"]);
    // a text is a group, even one that reads like nothing or like two values
    let texts = r#"[{"recipient": "a", "point": "p", "channel": "(not given)"}, {"recipient": "a", "point": "p"},
        {"recipient": "a", "point": "p", "channel": "-"}, {"recipient": "a", "point": "p", "channel": "a,b"},
        {"recipient": "a", "point": "p", "channel": "null"}]"#;
    let report = document(over_records("journey --by channel", texts));
    let found: Vec<&Value> = list(&report, "groups").iter().map(|group| &group["key"]["channel"]).collect();
    assert_eq!(found, [&json!("(not given)"), &Value::Null, &json!("-"), &json!("a,b"), &json!("null")]);
}

#[test]
fn a_dimension_asked_for_twice_is_one_member_of_the_key() {
    let run = over_records("journey --by point,channel,point -f json", r#"[{"recipient": "a", "point": "p"}]"#);
    let text = run.any_stdout().run().stdout;
    assert_eq!(text.matches(r#""point": "p""#).count(), 1, "{text}");
}

#[test]
fn an_unknown_dimension_is_refused() {
    let run = over_example("journey --by", "shop.json");
    run.status(2).stderr_has("invalid value").run();
    let run = over_example("journey --by chanel", "shop.json");
    run.status(2).stderr_has("a similar value exists: 'channel'").run();
}

#[test]
fn sorting_changes_the_order_and_nothing_else() {
    let command = "journey --by provider,channel";
    let unsorted = document(over_example(command, "helpdesk.jsonl"));
    let groups = list(&unsorted, "groups").to_vec();
    let share = |group: &Value, of: &str| group[of]["share"].as_f64().unwrap_or(2.0);
    let name = |group: &Value| ["provider", "channel"].map(|part| group["key"][part].as_str().map(str::to_owned));
    let sorted = |order: &str| document(over_example(&format!("{command} --sort {order}"), "helpdesk.jsonl"));
    // a sort that keeps the order of first appearance where it has no say
    let mut by_name = groups.clone();
    by_name.sort_by_key(name);
    let mut by_count = groups.clone();
    by_count.sort_by_key(|group| std::cmp::Reverse(group["count"].as_u64()));
    let mut by_worst = groups.clone();
    by_worst.sort_by(|one, other| {
        let sound = share(one, "sound").total_cmp(&share(other, "sound"));
        sound.then(share(one, "top_half").total_cmp(&share(other, "top_half")))
    });
    for (order, expected) in [("name", by_name), ("count", by_count), ("worst", by_worst)] {
        let found = sorted(order);
        assert_eq!(list(&found, "groups"), expected, "--sort {order}");
        assert_eq!(found["total"], unsorted["total"]);
        assert_ne!(expected, groups, "{order} is not the order of first appearance");
    }
    over_example("journey --sort best", "helpdesk.jsonl").status(2).stderr_has("invalid value 'best'").run();
}

#[test]
fn the_worst_come_first_and_those_without_a_share_last() {
    // b is never sound, c half of the time, d and a always; d has less in the top half than a; u has nothing noted
    let records = "\
recipient,point,signals
r,u,
r,a,as-hoped
r,d,on-time
r,c,late
r,c,on-time
r,b,late
";
    let report = document(over_records("journey --sort worst", records));
    let order: Vec<&Value> = list(&report, "groups").iter().map(|group| &group["key"]["point"]).collect();
    assert_eq!(order, ["b", "c", "d", "a", "u"]);
}

#[test]
fn every_format_carries_the_groups() {
    for name in EXAMPLES {
        for by in ["point", "recipient", "action,team"] {
            let run = || over_example(&format!("journey --by {by}"), name);
            assert_formats_agree(run, |document| list(document, "groups").to_vec());
        }
    }
    // a key that has to be escaped, and one that is quoted
    let odd = r#"[{"recipient": "a\tb\\c\nd", "point": "p,\"q\"", "value": [{"kind": "time", "amount": 1.5, "unit": "a;b"}]}]"#;
    let run = || over_records("journey --by recipient,point", odd);
    assert_formats_agree(run, |document| list(document, "groups").to_vec());
}

#[test]
fn amounts_are_added_exactly_per_kind_and_unit() {
    let record = |value: &str| format!(r#"{{"recipient": "a", "point": "p", "value": [{value}]}}"#);
    let amount = |kind: &str, amount: &str, unit: &str| match unit {
        "" => format!(r#"{{"kind": "{kind}", "amount": {amount}}}"#),
        unit => format!(r#"{{"kind": "{kind}", "amount": {amount}, "unit": "{unit}"}}"#),
    };
    let records = [
        // as doubles 0.1 + 0.2 is 0.30000000000000004
        record(&amount("money", "0.1", "EUR")),
        record(&format!("{}, {}", amount("money", "0.2", "EUR"), amount("money", "0.70", "GBP"))),
        // one unit is not another, and no unit is none of them
        record(&amount("time", "90", "minutes")),
        record(&amount("time", "1.5", "hours")),
        record(&amount("time", "2", "")),
        record(&amount("time", "30", "minutes")),
        // a category may be measured too
        record(&amount("quantified", "1e-3", "points")),
        // as many digits as there may be, and a sum of more than a double holds
        record(&format!("{}, {}", amount("money", "1.23456789012345e19", "XAU"), amount("money", "67890.01", "XAU"))),
        record(&amount("money", "0.02", "XAU")),
        // no amount is none
        record(r#"{"kind": "time"}"#),
    ];
    let report = document(over_records("journey", &records.join("\n")));
    let mut sums: Vec<Value> = list(&report["total"], "amounts").to_vec();
    sums.sort_by_key(ToString::to_string);
    let mut expected = vec![
        json!({"kind": "money", "unit": "EUR", "amount": 0.3}),
        json!({"kind": "money", "unit": "GBP", "amount": 0.7}),
        json!({"kind": "money", "unit": "XAU", "amount": "12345678901234567890.03"}),
        json!({"kind": "quantified", "unit": "points", "amount": 0.001}),
        json!({"kind": "time", "unit": null, "amount": 2}),
        json!({"kind": "time", "unit": "hours", "amount": 1.5}),
        json!({"kind": "time", "unit": "minutes", "amount": 120}),
    ];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(sums, expected);
    assert_same(&report["total"]["valued"], &json!({"known": 10, "share": 1}), "valued");
    assert_same(&report["total"]["value"], &json!({"quantified": 10, "emotional": 0}), "value");
    // what would have to be rounded is refused and not rounded quietly
    let too_wide = [record(&amount("money", "1e28", "")), record(&amount("money", "0.1", ""))];
    let run = over_records("journey", &too_wide.join("\n"));
    run.status(2).stderr_has("the amounts of money do not add up exactly").run();
}

#[test]
fn a_moment_counts_once_in_each_category_and_an_empty_list_is_an_answer() {
    let records = r#"
{"recipient": "a", "point": "p", "value": ["understood", "felt-good", "emotional", "purpose"]}
{"recipient": "a", "point": "p", "value": []}
{"recipient": "a", "point": "p", "value": null}
{"recipient": "a", "point": "p"}
"#;
    let report = document(over_records("journey", records));
    let expected = json!({
        "valued": {"known": 2, "share": 0.5},
        "value": {"quantified": 0, "emotional": 1, "relational": 0, "existential": 1},
        // a value, even none, was observed; null and no field were not
        "count": 4, "unremarked": 2,
    });
    assert_same(&report["total"], &expected, "the total");
}

#[test]
fn claims_are_counted_and_never_averaged() {
    // desired for basic is too high, expected for desired and criminal for expected are too low, basic for basic is
    // equal; the last moment has no claim, and one that was unremarked counts like any other
    let records = "\
recipient,point,signals,claimed
a,p,late,desired
a,p,as-hoped,expected
a,p,,criminal
a,p,late,basic
a,p,late,
";
    let report = document(over_records("journey", records));
    let claims = json!({"count": 4, "above": 1, "equal": 1, "below": 2, "mean_gap": null});
    assert_eq!(report["total"]["claims"], claims);
    assert_eq!(report["groups"][0]["claims"], claims);
    let table = over_records("journey -f table", records).any_stdout().run().stdout;
    assert!(table.contains("4 claims (1 too\nhigh, 1 equal, 2 too low)"), "{table}");
    let table = over_records("journey -f table", "recipient,point\na,p\n").any_stdout().run().stdout;
    assert!(!table.contains("claim"), "{table}");
}

#[test]
fn a_window_reports_its_part_and_what_came_before_still_moves_the_escalator() {
    let flags = "--since 2026-04-01 --until 2026-05-31";
    let told = told(&example("helpdesk.jsonl"), flags);
    assert!(told.len() > 100 && told.iter().any(|moment| moment.row["reason"] == "repeat"));
    for by in ["point", "channel"] {
        let found = document(over_example(&format!("journey {flags} --by {by}"), "helpdesk.jsonl"));
        assert_journey(&found, &told, by);
    }
    let nothing = document(over_example("journey --since 2030-01-01", "helpdesk.jsonl"));
    assert_eq!(nothing["groups"], json!([]));
    assert_group(&nothing["total"], &[], "nothing reported");
    let run = over_records("journey --since 2026-01-01", "recipient,point\na,p\n");
    run.status(2).stderr_has("--since and --until need `at`").run();
}

#[test]
fn markets_slide_acts_too_and_slid_acts_are_no_failures() {
    // since February everyone takes the report as expected: volt's desired of 9 February and its expected of the
    // 16th are from then on no better than that; the second is so by its own standing, the first by the market
    let rules = "[[market]]\nact = \"real-time-report\"\nsince = 2026-02-03\nlevel = \"expected\"\n";
    let run = over_example("journey --levels rules.toml", "agency.json").file("rules.toml", rules);
    let report = document(run);
    let groups = list(&report, "groups");
    let found = groups.iter().find(|group| group["key"]["point"] == "campaign/results/report").expect("the reports");
    let expected = json!({
        "count": 5, "slid": 2, "failures": 1,
        // surprising, unwelcome, expected on 2 February; then expected twice
        "levels": {"basic": 1, "expected": 3, "desired": 0, "surprising": 1},
    });
    assert_same(found, &expected, "the reports");
}

#[test]
fn real_incidents_have_a_group_and_a_loyalty_for_every_caller() {
    let Some(file) = real_data("servicenow-incidents.jsonl") else { return };
    let report = document(over("journey --by recipient", &file));
    let groups = list(&report, "groups");
    assert_eq!(groups.len(), 5_247);
    let records = interactions(&std::fs::read_to_string(&file).expect("the incidents"));
    assert_eq!(report["total"]["count"], json!(records.len()));
    assert_eq!(report["total"]["recipients"], json!(5_247));
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for record in &records {
        *counts.entry(record["recipient"].as_str().expect("a caller")).or_default() += 1;
    }
    for group in groups {
        let caller = group["key"]["recipient"].as_str().expect("a caller");
        assert_eq!(group["count"], json!(counts[caller]), "{caller}");
        assert_eq!(group["recipients"], json!(1));
        let known = ["unknown", "at-risk", "satisfied", "delighted", "loyal"];
        assert!(known.iter().any(|loyalty| group["loyalty"] == *loyalty), "{caller}: {}", group["loyalty"]);
    }
}
