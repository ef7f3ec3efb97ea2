//! Journeys laid out in a levels file: their order, what nothing is recorded of, and where the records leave the plan.

use serde_json::{Value, json};

use crate::harness::{Serveup, serveup};
use crate::page_read::{figures, text_of};
use crate::told::{document, list, over_records};

const PLAN: &str = "[[journey]]\nname = \"shoes\"\n\
    path = [\"purchase/fitting\", \"purchase/order\", \"delivery/parcel\", \"return/label\", \"farewell\"]\n";

/// The parcel comes first in time, and a hat before the fitting; the repair is in no plan.
const RECORDS: &str = "\
at,recipient,journey,transaction,point,signals
2026-03-02,ann,shoes,delivery,parcel,late
2026-03-03,bob,hats,purchase,mirror,as-hoped
2026-03-04,ann,shoes,purchase,fitting,as-agreed
2026-03-05,bob,shoes,repair,counter,as-agreed
2026-03-06,ann,shoes,delivery,parcel,on-time
";

fn over(command: &str) -> Serveup {
    over_records(&format!("{command} --levels plan.toml"), RECORDS).file("plan.toml", PLAN)
}

/// Keys and counts of the groups.
fn groups(report: &Value) -> Vec<(Value, u64)> {
    let group = |group: &Value| (group["key"].clone(), group["count"].as_u64().expect("a count"));
    list(report, "groups").iter().map(group).collect()
}

#[track_caller]
fn assert_groups(by: &str, wanted: &[(&[&str], u64)]) {
    let names: Vec<&str> = by.split(',').collect();
    let key = |values: &[&str]| -> Value {
        let value = |value: &&str| if value.is_empty() { Value::Null } else { json!(value) };
        names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(values.iter().map(value))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let wanted: Vec<(Value, u64)> = wanted.iter().map(|(values, count)| (key(values), *count)).collect();
    assert_eq!(groups(&document(over(&format!("journey --by {by}")))), wanted, "{by}");
}

#[test]
fn points_come_in_the_order_of_the_plan_and_the_empty_ones_stand_there() {
    assert_groups(
        "point",
        &[
            (&["shoes/purchase/fitting"], 1),
            (&["shoes/purchase/order"], 0),
            (&["shoes/delivery/parcel"], 2),
            (&["shoes/return/label"], 0),
            (&["shoes/farewell"], 0),
            // the others in order of first appearance
            (&["hats/purchase/mirror"], 1),
            (&["shoes/repair/counter"], 1),
        ],
    );
    let report = document(over("journey"));
    let empty = &report["groups"][1];
    let none = json!({"share": null, "low": null, "high": null});
    assert_eq!((&empty["sound"]["share"], &empty["top_half"]["share"]), (&none["share"], &none["share"]));
    assert_eq!((&empty["recipients"], &empty["median"]), (&json!(0), &Value::Null));
    assert!(empty["levels"].as_object().expect("levels").values().all(|count| *count == 0));
    assert_eq!(report["total"]["count"], json!(5), "the total is of what is recorded");
}

#[test]
fn other_parts_of_the_path_follow_the_plan_and_nothing_else_does() {
    // hats have purchases, too; farewell names no transaction
    assert_groups("transaction", &[(&["purchase"], 2), (&["delivery"], 2), (&["return"], 0), (&["repair"], 1)]);
    assert_groups("journey", &[(&["shoes"], 4), (&["hats"], 1)]);
    let by_both: &[(&[&str], u64)] = &[
        (&["shoes", "purchase"], 1),
        (&["shoes", "delivery"], 2),
        (&["shoes", "return"], 0),
        (&["hats", "purchase"], 1),
        (&["shoes", "repair"], 1),
    ];
    assert_groups("journey,transaction", by_both);
    assert_groups("recipient", &[(&["ann"], 3), (&["bob"], 2)]);
    assert_groups("recipient,journey", &[(&["ann", "shoes"], 3), (&["bob", "hats"], 1), (&["bob", "shoes"], 1)]);
    // without a plan everything is as it was
    let plain = document(over_records("journey", RECORDS));
    let first = ["shoes/delivery/parcel", "hats/purchase/mirror", "shoes/purchase/fitting", "shoes/repair/counter"];
    assert_eq!(groups(&plain).iter().map(|(key, _)| key["point"].clone()).collect::<Vec<_>>(), first);
    // two plans: the second after the first
    let two = format!("{PLAN}[[journey]]\nname = \"hats\"\npath = [\"purchase/mirror\", \"purchase/box\"]\n");
    let report = document(over_records("journey --levels two.toml", RECORDS).file("two.toml", two));
    let points: Vec<_> = groups(&report).into_iter().map(|(key, count)| (key["point"].clone(), count)).collect();
    let last = [("hats/purchase/mirror", 1), ("hats/purchase/box", 0), ("shoes/repair/counter", 1)];
    assert_eq!(points[5..], last.map(|(point, count)| (json!(point), count)));
}

#[test]
fn stages_follow_each_other() {
    let records = "recipient,point,stage\na,p,end\na,p,\na,p,beginning\na,q,middle\na,q,end\n";
    let keys = |by: &str| {
        let report = document(over_records(&format!("journey --by {by}"), records));
        groups(&report).into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let stage = |stage: Value| json!({"stage": stage});
    let wanted = [stage(json!("beginning")), stage(json!("middle")), stage(json!("end")), stage(Value::Null)];
    assert_eq!(keys("stage"), wanted);
    let both = [("beginning", "p"), ("middle", "q"), ("end", "p"), ("end", "q")];
    let both = both.map(|(stage, point)| json!({"stage": stage, "point": point}));
    assert_eq!(keys("stage,point")[..4], both);
}

#[test]
fn where_plan_and_records_differ_is_noted() {
    let notes = "note: 1 point of journey shoes is not in the levels file: repair/counter\n\
        note: nothing is recorded at 3 of the 5 points of journey shoes\n";
    over("journey").any_stdout().stderr(notes).run();
    over("report -o page.html").any_stdout().stderr(notes).run();
    over("journey --quiet").any_stdout().run();
    // groups that are no points do not tell
    over("journey --by transaction").any_stdout().run();
    over("journey --by recipient,point").any_stdout().stderr(notes).run();
    let many: String = (0..7).map(|number| format!("a,shoes,x,p{number}\n")).collect();
    let run = over_records("journey --levels plan.toml", &format!("recipient,journey,transaction,point\n{many}"));
    let notes = "note: 7 points of journey shoes are not in the levels file: x/p0, x/p1, x/p2, x/p3, x/p4 and 2 more\n\
        note: nothing is recorded at 5 of the 5 points of journey shoes\n";
    run.file("plan.toml", PLAN).any_stdout().stderr(notes).run();
}

#[test]
fn a_point_nothing_is_recorded_of_is_too_little_for_a_gate() {
    let moments = |point: &'static str| (0..40).map(move |number| format!("r{number},shoes,{point},on-time\n"));
    let records: String = moments("fitting").chain(moments("order")).collect();
    let records = format!("recipient,journey,point,signals\n{records}");
    let plan = |points: &str| format!("[[journey]]\nname = \"shoes\"\npath = [{points}]\n");
    let run = |points: &str| {
        let run = over_records("journey --quiet --require 90% --levels plan.toml", &records);
        run.file("plan.toml", plan(points)).any_stdout()
    };
    run("\"fitting\", \"order\"").run();
    let little = "gate: too little data: 1 group with fewer than 10 remarked interactions or 5 recipients\n";
    run("\"fitting\", \"order\", \"farewell\"").status(3).stderr(little).run();
}

#[test]
fn one_point_is_shown_as_recorded_whatever_the_plan() {
    let point = document(over("check counter"));
    assert_eq!((&point["key"]["point"], &point["count"]), (&json!("shoes/repair/counter"), &json!(1)));
}

#[test]
fn the_page_shows_the_journey_as_it_is_laid_out() {
    let page = over("report --quiet").any_stdout().run().stdout;
    let text = text_of(&page);
    assert_eq!(text.matches("in the plan, nothing recorded").count(), 3, "{text}");
    // every figure is that of the command, group by group in the same order
    let journey = document(over("journey"));
    let told = figures(&page);
    let mut counts = 0;
    for (place, group) in list(&journey, "groups").iter().enumerate() {
        let is = format!("journey.groups.{place}.count");
        for (_, value) in told.iter().filter(|(name, _)| *name == is) {
            assert_eq!(*value, group["count"].to_string(), "{is}");
            counts += 1;
        }
    }
    assert!(counts >= 7, "{counts}");
    // over time are those of which there is something
    let uplift = document(over("uplift"));
    assert_eq!(list(&uplift, "groups").len(), 4);
}

#[test]
fn the_plan_is_among_the_rules_in_force() {
    let rules = |flags: &str| -> Value {
        let run = serveup(&format!("levels -f json {flags}")).file("plan.toml", PLAN).any_stdout().run();
        serde_json::from_str(&run.stdout).expect("a document")
    };
    let path = ["purchase/fitting", "purchase/order", "delivery/parcel", "return/label", "farewell"];
    assert_eq!(rules("--levels plan.toml")["journey"], json!([{"name": "shoes", "path": path}]));
    let words = serveup("levels -f table --levels plan.toml").file("plan.toml", PLAN).any_stdout().run().stdout;
    let steps = "  journey shoes: purchase/fitting, then purchase/order, then delivery/parcel,\n";
    assert!(words.contains(steps), "{words}");
    assert_eq!(rules("")["journey"], json!([]), "none ship with the program");
}
