//! `serveup recovery --by`: how failures of each kind are met, how surely they bounce, and what that costs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::formats::{csv, tsv};
use crate::harness::{Serveup, lines};
use crate::told::{document, list, over_example, over_records, told_example};

/// The groups of a report.
#[track_caller]
fn groups(run: Serveup) -> Vec<Value> {
    list(&document(run), "by").to_vec()
}

#[test]
fn the_socks_are_paid_back_by_the_next_pair_of_shoes() {
    // of four failures s04 and s05 bounced, s07 was put right; the socks cost 4.50 EUR and were the one act named. A
    // pair of shoes brings 79 EUR of mara: 4.5 / 79 of a purchase
    let all = groups(over_example("recovery", "shop.json"));
    assert_eq!(all.len(), 1, "all together");
    let group = &all[0];
    assert_eq!((&group["key"], &group["count"], &group["recipients"]), (&json!({}), &json!(4), &json!(4)));
    assert_eq!((&group["bounced"]["share"], &group["resolved"]["share"]), (&json!(0.5), &json!(0.75)));
    assert_eq!(group["enough"], false);
    assert_eq!(group["acts"], json!([{"action": "gift-of-socks", "count": 1, "bounced": 1}]));
    let spent = json!([{
        "unit": "EUR", "amount": 4.5, "failures": 1, "bounced": 1, "per_bounce": 4.5, "worth": 79, "without_worth": 0,
        "purchases": 4.5 / 79.0,
    }]);
    assert_eq!(group["spent"], spent);
    assert_eq!(group["pays_back_after"], json!(4.5 / 79.0));
    // mara (s11 and more) and jonas (s10 is his recovery; s14 comes later) were met again; ines and obi were not
    let shop = told_example("shop.json");
    let later = |who: &str, id: &str| {
        let place = shop.iter().position(|moment| moment.id() == id).expect("a moment");
        shop[place + 1..].iter().any(|moment| moment.record["recipient"] == who)
    };
    let back = [("mara", "s06"), ("jonas", "s10"), ("ines", "s09"), ("obi", "s13")];
    let back = back.iter().filter(|(who, id)| later(who, id)).count();
    assert_eq!((&group["came_back"]["count"], &group["came_back"]["of"]), (&json!(back), &json!(4)));
    let table = over_example("recovery -f table", "shop.json").any_stdout().run().stdout;
    let line = "  spent     4.50 EUR on 1 failure: 4.50 EUR per bounce; one more purchase pays\n            it back\n";
    assert!(table.contains(line), "{table}");
}

#[test]
fn the_summary_at_the_agency_is_as_worked_by_hand() {
    // the review that was owed (c03) was made good two days later, to surprising: above the desired of c01
    let report = document(over_example("recovery", "retainer.json"));
    let item = &list(&report, "items")[0];
    let fields =
        ["id", "level", "status", "bounce", "hours", "before", "regained", "again"].map(|name| item[name].clone());
    assert_eq!(json!(fields), json!(["c03", "basic", "bounced", 3, 48.0, "desired", true, 0]));
    assert_eq!((&item["signals"], &item["cost"]), (&json!(["omitted", "preference-missed"]), &json!(["120 EUR"])));
    let spent = &report["by"][0]["spent"][0];
    let fields = ["amount", "per_bounce", "worth", "purchases"].map(|name| spent[name].clone());
    assert_eq!(json!(fields), json!([120, 120.0, 450, 120.0 / 450.0]));
    assert_eq!((&report["by"][0]["came_back"]["count"], &report["initiatives"]), (&json!(1), &json!(1)));
}

#[test]
fn one_team_of_the_help_desk_bounces_and_one_does_not() {
    let told = told_example("helpdesk.jsonl");
    let team_of: BTreeMap<&str, &Value> = told.iter().map(|moment| (moment.id(), &moment.record["team"])).collect();
    let report = document(over_example("recovery --by team", "helpdesk.jsonl"));
    let mut counted: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
    for item in list(&report, "items") {
        let team = team_of[item["id"].as_str().expect("an id")].as_str().expect("a team").to_owned();
        let count = counted.entry(team).or_default();
        let bounced = u64::from(item["status"] == "bounced");
        *count = (count.0 + 1, count.1 + bounced, count.2 + bounced + u64::from(item["status"] == "put-right"));
    }
    // worked by a count of the items: the front bounced 23 of 82, the school none of 15
    assert_eq!((counted["front"].0, counted["front"].1), (82, 23));
    assert_eq!((counted["school"].0, counted["school"].1), (15, 0));
    let groups = list(&report, "by");
    assert_eq!(groups.len(), counted.len());
    for group in groups {
        let (count, bounced, resolved) = counted[group["key"]["team"].as_str().expect("a team")];
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let share = |part: u64| json!(part as f64 / count as f64);
        assert_eq!(group["count"], json!(count));
        for (name, part) in [("bounced", bounced), ("resolved", resolved)] {
            let found = &group[name];
            assert_eq!(found["share"], share(part), "{group}");
            let bound = |name: &str| found[name].as_f64().expect("a bound");
            assert!(bound("low") <= bound("share") && bound("share") <= bound("high"), "{group}");
        }
    }
    let counts: Vec<u64> = groups.iter().filter_map(|group| group["count"].as_u64()).collect();
    assert!(counts.is_sorted_by(|one, other| one >= other), "the most failures first");
}

const TWO_MISTAKES: &str = "\
id,at,recipient,point,signals,recovers,action,response
f1,2026-01-01,a,p,late;impolite,,,
f2,2026-01-02,a,p,late,,,
r1,2026-01-03,a,q,as-hoped,f1,call,justify
r2,2026-01-04,a,q,as-hoped,f1,call,responsibility
f3,2026-01-05,b,p,chased,,,shame
f4,2026-01-06,a,p,unwelcome,,,
f5,2026-01-07,a,p,late,,,
i1,2026-01-08,b,q,forewarned,,,responsibility
i2,2026-01-08,b,q,late,,,responsibility
";

#[test]
fn a_failure_is_in_the_group_of_each_of_its_mistakes() {
    let report = document(over_records("recovery --by signal,response", TWO_MISTAKES));
    let mut keys: Vec<(String, u64)> = list(&report, "by")
        .iter()
        .map(|group| (group["key"].to_string(), group["count"].as_u64().expect("a count")))
        .collect();
    keys.sort();
    let expected = [
        // a failure is met as it says itself, else as its last recovery does
        (r#"{"signal":"chased","response":"shame"}"#, 1),
        (r#"{"signal":"impolite","response":"responsibility"}"#, 1),
        (r#"{"signal":"late","response":"responsibility"}"#, 2),
        (r#"{"signal":"late","response":null}"#, 2),
        (r#"{"signal":"unwelcome","response":null}"#, 1),
    ];
    assert_eq!(keys, expected.map(|(key, count)| (key.to_owned(), count)));
    // an act used twice for one failure counts once
    let late = list(&report, "by").iter().find(|group| group["key"]["signal"] == "impolite").expect("a group");
    assert_eq!(late["acts"], json!([{"action": "call", "count": 1, "bounced": 1}]));
    // i1 was done unasked; i2 failed itself, and r2 recovers
    assert_eq!(report["initiatives"], 1);
    // late happened to a before f2 and twice before f5; unwelcome and chased were new
    let again =
        |id: &str| list(&report, "items").iter().find(|item| item["id"] == id).expect("an item")["again"].clone();
    assert_eq!(["f1", "f2", "f3", "f4", "f5"].map(again), [json!(0), json!(1), json!(0), json!(0), json!(2)]);
}

#[test]
fn what_was_before_is_regained_or_not() {
    let records = "\
id,at,recipient,point,signals,recovers
x1,2026-01-01,a,p,as-hoped,
x2,2026-01-02,a,p,,
x3,2026-01-02,a,q,on-time,
f1,2026-01-03,a,p,late,
r1,2026-01-04,a,p,on-time,f1
f2,2026-01-05,a,q,late,
r2,2026-01-06,a,p,as-hoped,f2
f3,2026-01-07,b,p,late,
";
    let report = document(over_records("recovery", records));
    let found = |id: &str| {
        let item = list(&report, "items").iter().find(|item| item["id"] == id).expect("an item");
        (item["before"].clone(), item["regained"].clone())
    };
    // what is unremarked says nothing, and another point is another matter
    assert_eq!(found("f1"), (json!("desired"), json!(false)));
    assert_eq!(found("f2"), (json!("expected"), json!(true)));
    assert_eq!(found("f3"), (Value::Null, Value::Null));
}

#[test]
fn costs_add_up_to_the_cent_in_each_unit_by_itself() {
    // an addition of its own, in whole cents
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut rows = String::from("id,at,recipient,point,signals,recovers,cost\n");
    for number in 0..300_u64 {
        let (unit, cents) = (["EUR", "GBP", ""][usize::try_from(number % 3).expect("small")], number * 7919 % 10_007);
        *sums.entry(unit).or_default() += cents;
        rows.push_str(&format!("f{number},2026-01-01,r{},p,late,,\n", number % 20));
        let cost = format!("{}.{:02} {unit}", cents / 100, cents % 100);
        rows.push_str(&format!("c{number},2026-01-02,r{},p,on-time,f{number},{}\n", number % 20, cost.trim()));
    }
    let spent = groups(over_records("recovery", &rows))[0]["spent"].clone();
    let found: BTreeMap<&str, String> = spent
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["unit"].as_str().unwrap_or_default(), one["amount"].to_string()))
        .collect();
    let expected = sums.iter().map(|(unit, cents)| {
        let text = format!("{}.{:02}", cents / 100, cents % 100);
        (*unit, text.trim_end_matches('0').trim_end_matches('.').to_owned())
    });
    assert_eq!(found, expected.collect::<BTreeMap<_, _>>());
    for one in spent.as_array().expect("a list") {
        // nothing bounced, and nobody's worth is known: nothing to divide by
        let fields = ["per_bounce", "worth", "purchases"].map(|name| one[name].clone());
        assert_eq!(
            (fields, &one["failures"], &one["without_worth"]),
            ([Value::Null, Value::Null, Value::Null], &json!(100), &json!(100))
        );
    }
    // what a double cannot hold stays exact
    let long = "id,recipient,point,signals,recovers,cost\nf,a,p,late,,\nr,a,p,on-time,f,123456789012.345 EUR\ns,a,p,on-time,f,0.000000000001 EUR\n";
    let spent = groups(over_records("recovery", long))[0]["spent"].clone();
    assert_eq!(spent[0]["amount"], json!("123456789012.345000000001"));
}

#[test]
fn a_worth_of_zero_a_missing_one_and_another_unit_are_said_and_not_divided() {
    let records = r#"{"recipients": [
        {"id": "zero", "worth": "0 EUR"}, {"id": "known", "worth": {"amount": 40, "unit": "EUR"}},
        {"id": "pounds", "worth": "40 GBP"}, {"id": "later", "worth": 10},
        {"id": "later", "since": "2026-01-05", "worth": "20 EUR"}
    ], "interactions": [
        {"id": "f1", "at": "2026-01-01", "recipient": "WHO", "point": "p", "signals": ["late"]},
        {"id": "f2", "at": "2026-01-02", "recipient": "WHO", "point": "p", "signals": ["late"]},
        {"id": "r1", "at": "2026-01-06", "recipient": "WHO", "point": "p", "signals": ["as-hoped"], "recovers": "f1", "cost": "12.50 EUR"},
        {"id": "r2", "at": "2026-01-07", "recipient": "WHO", "point": "p", "signals": ["as-hoped"], "recovers": "f2", "cost": {"amount": "7.50", "unit": "EUR"}}
    ]}"#;
    let spent = |who: &str| groups(over_records("recovery", &records.replace("WHO", who)))[0].clone();
    let of = |who: &str| {
        let spent = spent(who)["spent"][0].clone();
        ["amount", "per_bounce", "worth", "without_worth", "purchases"].map(|field| spent[field].clone())
    };
    assert_eq!(of("zero"), [json!(20), json!(10.0), json!(0), json!(0), Value::Null]);
    // two failures of one who buys for 40: half a purchase
    assert_eq!(of("known"), [json!(20), json!(10.0), json!(40), json!(0), json!(0.5)]);
    for unknown in ["pounds", "nobody"] {
        assert_eq!(of(unknown), [json!(20), json!(10.0), Value::Null, json!(2), Value::Null], "{unknown}");
    }
    // the newest statement counts
    assert_eq!(of("later"), [json!(20), json!(10.0), json!(20), json!(0), json!(1.0)]);
    assert_eq!(
        (spent("known")["pays_back_after"].clone(), spent("zero")["pays_back_after"].clone()),
        (json!(0.5), Value::Null)
    );
    for (who, said) in [
        ("zero", "a purchase is worth 0"),
        ("known", "one more purchase pays it back"),
        ("nobody", "no recipient has a worth in EUR"),
    ] {
        let run = over_records("recovery -f table", &records.replace("WHO", who)).any_stdout().run();
        let words: Vec<&str> = run.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{}", run.stdout);
    }
}

#[test]
fn a_cost_without_a_failure_is_said() {
    let records = "id,recipient,point,signals,recovers,cost\nf,a,p,late,,3 EUR\nr,a,p,on-time,f,2 EUR\nx,a,p,on-time,gone,1 EUR\n";
    let ran = over_records("recovery -f json", records).any_stdout();
    let ran = ran.stderr_has("2 costs are in no sum, because their moments recover no failure\n").run();
    let report: Value = serde_json::from_str(&ran.stdout).expect("a document");
    assert_eq!(report["by"][0]["spent"][0]["amount"], 2);
    assert_eq!(list(&report, "items")[0]["cost"], json!(["2 EUR"]));
}

#[test]
fn a_cost_is_read_alike_however_it_is_written() {
    let line = |cost: &str| {
        format!(
            "{{\"id\":\"f\",\"recipient\":\"a\",\"point\":\"p\",\"signals\":[\"late\"]}}\n\
             {{\"id\":\"r\",\"recipient\":\"a\",\"point\":\"p\",\"signals\":[\"on-time\"],\"recovers\":\"f\",\"cost\":{cost}}}\n"
        )
    };
    let table = "id,recipient,point,signals,recovers,Cost\nf,a,p,late,,\nr,a,p,on-time,f,12.5 EUR\n".to_owned();
    let forms = [
        line("\"12.50 EUR\""),
        line("{\"amount\": 12.5, \"unit\": \"EUR\"}"),
        line("{\"unit\": \"EUR\", \"amount\": \"12.50\"}"),
        line("\" 12.5   EUR \""),
        table,
    ];
    for form in forms {
        let spent = groups(over_records("recovery", &form))[0]["spent"][0].clone();
        assert_eq!((&spent["amount"], &spent["unit"]), (&json!(12.5), &json!("EUR")), "{form}");
    }
    let spent = groups(over_records("recovery", &line("7")))[0]["spent"][0].clone();
    assert_eq!((&spent["amount"], &spent["unit"]), (&json!(7), &Value::Null));
    for nothing in ["null", "\"\"", "{}", "[]"] {
        assert_eq!(groups(over_records("recovery", &line(nothing)))[0]["spent"], json!([]), "{nothing}");
    }
    for (wrong, said) in [
        ("\"EUR 12\"", "records:2:"),
        ("\"-1 EUR\"", "cost: cannot use \"-1 EUR\"; write a number, zero or more"),
        ("{\"amount\": 1, \"units\": \"EUR\"}", "cost.units: unknown key \"units\"; did you mean \"unit\"?"),
        ("{\"unit\": \"EUR\"}", "cost.amount: is missing"),
        ("{\"amount\": 1, \"amount\": 2}", "cost.amount: is given twice"),
        ("[1]", "cost: is a list"),
        ("true", "cost: is true"),
    ] {
        over_records("recovery", &line(wrong)).status(2).stderr_has(said).run();
    }
}

#[test]
fn a_gate_on_bounces_ends_in_three_ways() {
    let rows = |bounced: usize, people: usize| {
        let mut rows = String::from("id,recipient,point,signals,recovers\n");
        for number in 0..20 {
            let signal = if number < bounced { "as-hoped" } else { "on-time" };
            rows.push_str(&format!("f{number},r{},p,late,\nr{number},r{0},q,{signal},f{number}\n", number % people));
        }
        rows
    };
    let run = |flags: &str, rows: &str| over_records(&format!("recovery {flags} -f json"), rows).any_stdout();
    // 20 of 20 of 20 people: 20 / (20 + t²) with t = 2.093 is 82 %
    run("--require 80%", &rows(20, 20)).run();
    run("--require 80% --of resolved", &rows(0, 20)).run();
    run("--require 80%", &rows(10, 20))
        .status(1)
        .stderr_has("gate: all: at least ")
        .stderr_has(" bounced, 80.0 % required\n")
        .run();
    let by = run("--require 80% --of resolved --by point", &rows(0, 20).replace("on-time", "late"));
    by.status(1).stderr_has("gate: p: at least 0.0 % put right or bounced, 80.0 % required\n").run();
    let few = "gate: too little data: 1 group with fewer than 10 failures or 5 recipients\n";
    run("--require 80%", &rows(20, 4)).status(3).stderr(few).run();
    run("--require 10% --min-recipients 2", &rows(20, 4)).run();
    let none = "gate: too little data: there are no groups\n";
    run("--require 80%", "recipient,point,signals\na,p,on-time\n").status(3).stderr(none).run();
}

#[test]
fn a_row_of_a_group_has_texts_in_its_cells() {
    let printed = |format: &str| {
        over_example("recovery --by team,response", "helpdesk.jsonl").arg("-f").arg(format).any_stdout().run().stdout
    };
    let table = tsv(&printed("tsv"));
    assert_eq!(csv(&printed("csv")), table);
    assert!(table.iter().flatten().all(|cell| !cell.contains('{')), "no JSON in a cell");
    assert_eq!(table[0][..3], ["key.team", "key.response", "count"]);
    let groups = groups(over_example("recovery --by team,response", "helpdesk.jsonl"));
    assert_eq!(table.len() - 1, groups.len());
    for (cells, group) in table[1..].iter().zip(&groups) {
        assert_eq!(cells[2], group["count"].to_string());
        let acts = list(group, "acts")
            .iter()
            .map(|act| format!("{} {}/{}", act["action"].as_str().expect("a text"), act["bounced"], act["count"]));
        let place = table[0].iter().position(|name| name == "acts").expect("a column");
        assert_eq!(cells[place], acts.collect::<Vec<_>>().join(";"));
    }
    let lines_of: Vec<Value> =
        printed("jsonl").lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines_of, groups);
    let header = lines(["key.team\tcount\trecipients\tenough\tbounced.share"]);
    let none = over_records("recovery --by team -f tsv", "[]").any_stdout().stderr_has("no records found").run().stdout;
    assert!(none.starts_with(header.trim_end()), "{none}");
    let teams: BTreeSet<&str> = groups.iter().filter_map(|group| group["key"]["team"].as_str()).collect();
    assert_eq!(teams.len(), 3);
}
