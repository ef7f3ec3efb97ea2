//! `serveup journey --by recipient`: served for loyalty, by the rule.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Serveup;
use crate::recovery::outcomes;
use crate::told::{Told, document, groups_by, list, over, over_example, over_records, real_data, told, told_example};

/// Each recipient and their loyalty, in the order of the report.
#[track_caller]
fn loyalties(run: Serveup) -> Vec<(String, String)> {
    let report = document(run.arg("--by").arg("recipient"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list(&report, "groups").iter().map(|group| (text(&group["key"]["recipient"]), text(&group["loyalty"]))).collect()
}

#[track_caller]
fn assert_loyal(run: Serveup, expected: &[(&str, &str)]) {
    let found = loyalties(run);
    let found: Vec<(&str, &str)> = found.iter().map(|(who, loyalty)| (who.as_str(), loyalty.as_str())).collect();
    assert_eq!(found, expected);
}

/// Moments of one recipient, told as `at signals`, and what loyalty they come to.
#[track_caller]
fn assert_one(moments: &str, expected: &str) {
    assert_eq!(loyalty_of(moments, "journey"), expected, "{moments}");
}

/// The loyalty that moments told as `id at signals [recovers]` come to, `-` where nothing is given.
#[track_caller]
fn loyalty_of(moments: &str, command: &str) -> String {
    let given = |cell: Option<&str>| cell.filter(|cell| *cell != "-").unwrap_or_default().to_owned();
    let mut records = String::from("id,at,recipient,point,signals,recovers\n");
    for moment in moments.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut cells = moment.split_whitespace();
        let [id, at, signals, recovers] = [(); 4].map(|()| given(cells.next()));
        records.push_str(&format!("{id},{at},r,p,{signals},{recovers}\n"));
    }
    let found = loyalties(over_records(command, &records));
    assert_eq!(found.len(), 1, "one recipient");
    found[0].1.clone()
}

#[test]
fn the_examples_are_as_worked_by_hand() {
    // told in examples/data/README.md
    let shop =
        [("mara", "loyal"), ("tomas", "satisfied"), ("obi", "at-risk"), ("jonas", "delighted"), ("ines", "delighted")];
    assert_loyal(over_example("journey", "shop.json"), &shop);
    let agency = [("quill", "at-risk"), ("volt", "delighted"), ("harbour", "delighted"), ("acorn", "at-risk")];
    assert_loyal(over_example("journey", "agency.json"), &agency);
}

#[test]
fn of_whom_nothing_is_noted_nothing_is_known() {
    assert_one("x1 2026-01-05 -", "unknown");
    assert_one("x1 2026-01-05 -\n x2 2026-01-06 -\n x3 2026-01-07 -\n x4 2026-01-08 -", "unknown");
}

#[test]
fn none_of_the_last_moments_in_the_top_half_is_satisfied() {
    assert_one("x1 2026-01-05 as-agreed", "satisfied");
    // the delight lies four remarked moments back, and what is unremarked does not push it out
    assert_one(
        "x1 2026-01-05 as-hoped\n x2 2026-01-06 on-time\n x3 2026-01-07 on-time\n x4 2026-01-08 on-time",
        "satisfied",
    );
    assert_one("x1 2026-01-05 as-hoped\n x2 2026-01-06 on-time\n x3 2026-01-07 -\n x4 2026-01-08 on-time", "delighted");
    // a failure that is past recalling is no risk, though nobody recovered it
    assert_one(
        "x1 2026-01-05 late\n x2 2026-01-06 on-time\n x3 2026-01-07 on-time\n x4 2026-01-08 on-time",
        "satisfied",
    );
}

#[test]
fn any_of_the_last_moments_in_the_top_half_is_delighted() {
    assert_one("x1 2026-01-05 as-hoped", "delighted");
    assert_one("x1 2026-01-05 as-hoped\n x2 2026-01-06 as-hoped", "delighted");
    assert_one("x1 2026-01-05 as-hoped\n x2 2026-01-06 on-time\n x3 2026-01-07 as-hoped", "delighted");
}

#[test]
fn all_of_them_on_as_many_days_is_loyal() {
    assert_one("x1 2026-01-05 as-hoped\n x2 2026-01-06 forewarned\n x3 2026-01-07 as-hoped", "loyal");
    // what came before does not count, and what is unremarked in between does not either
    assert_one(
        "x0 2026-01-04 late\n x1 2026-01-05 as-hoped\n x2 2026-01-06 as-hoped\n x3 2026-01-07 -\n x4 2026-01-08 as-hoped",
        "loyal",
    );
    // two of them on one day are two days
    assert_one(
        "x1 2026-01-05T09:00:00Z as-hoped\n x2 2026-01-05T17:00:00Z as-hoped\n x3 2026-01-07T09:00:00Z as-hoped",
        "delighted",
    );
    assert_one("x1 2026-01-05 as-hoped\n x2 2026-01-05 as-hoped\n x3 2026-01-05 as-hoped", "delighted");
    // where nobody knows the day, nobody can say that they were different
    assert_one("x1 - as-hoped\n x2 - as-hoped\n x3 - as-hoped", "delighted");
}

#[test]
fn the_order_is_that_of_time_and_not_of_the_input() {
    let moments = "x4 2026-01-08 as-hoped\n x1 2026-01-05 late\n x3 2026-01-07 as-hoped\n x2 2026-01-06 as-hoped";
    assert_one(moments, "loyal");
}

#[test]
fn days_are_those_of_the_zone() {
    // 22:30 and 23:30 in UTC are one day there; in Berlin, an hour ahead, midnight lies between them
    let moments =
        "x1 2026-01-05T22:30:00Z as-hoped\n x2 2026-01-05T23:30:00Z as-hoped\n x3 2026-01-07T09:00:00Z as-hoped";
    assert_eq!(loyalty_of(moments, "journey"), "delighted");
    assert_eq!(loyalty_of(moments, "journey --timezone Europe/Berlin"), "loyal");
    // and the other way round: 00:30 in Berlin is the evening before in UTC
    let moments =
        "x1 2026-01-05T22:30:00Z as-hoped\n x2 2026-01-06T22:30:00Z as-hoped\n x3 2026-01-06T23:30:00Z as-hoped";
    assert_eq!(loyalty_of(moments, "journey --timezone Europe/Berlin"), "loyal");
    assert_eq!(loyalty_of(moments, "journey"), "delighted");
}

/// Three moments liked on three days, which by themselves are loyal.
const LIKED: &str = "\n y1 2026-03-01 as-hoped\n y2 2026-03-02 as-hoped\n y3 2026-03-03 as-hoped";

#[test]
fn an_open_or_merely_attempted_crime_is_a_risk_at_any_time() {
    let open = "x1 2026-01-05 promise-broken";
    assert_one(&format!("{open}{LIKED}"), "at-risk");
    // attempted: with nothing noted, or with less than expected
    assert_one(&format!("{open}\n x2 2026-01-06 - x1{LIKED}"), "at-risk");
    assert_one(&format!("{open}\n x2 2026-01-06 late x1{LIKED}"), "at-risk");
    // put right or bounced it is forgiven
    assert_one(&format!("{open}\n x2 2026-01-06 as-agreed x1{LIKED}"), "loyal");
    assert_one(&format!("{open}\n x2 2026-01-06 as-hoped x1{LIKED}"), "loyal");
    // even where nothing else is known of them
    assert_one("x1 2026-01-05 unresolved", "at-risk");
}

#[test]
fn any_failure_that_stands_is_a_risk_among_the_last_moments_only() {
    assert_one("x1 2026-01-05 late", "at-risk");
    assert_one("x1 2026-01-05 late\n x2 2026-01-06 as-hoped\n x3 2026-01-07 as-hoped", "at-risk");
    assert_one(&format!("x1 2026-01-05 late{LIKED}"), "loyal");
    // attempted: the recovery is unremarked, so the failure is still the last remarked moment
    assert_one("x1 2026-01-05 late\n x2 2026-01-06 - x1", "at-risk");
    // attempted with another failure: both stand
    assert_one("x1 2026-01-05 late\n x2 2026-01-06 incomplete x1", "at-risk");
    // put right
    assert_one("x1 2026-01-05 late\n x2 2026-01-06 as-agreed x1", "satisfied");
    assert_one("x1 2026-01-05 late\n x2 2026-01-06 as-hoped x1", "delighted");
    // a recovery told before its failure recovers nothing
    assert_one("x2 2026-01-04 as-hoped x1\n x1 2026-01-05 late", "at-risk");
}

#[test]
fn their_own_word_decides_what_a_failure_is() {
    let records = "recipient,at,point,signals,verdict\na,2026-01-05,p,late,expected\nb,2026-01-05,p,as-hoped,basic\n";
    assert_loyal(over_records("journey", records), &[("a", "satisfied"), ("b", "at-risk")]);
}

#[test]
fn an_act_that_only_slid_is_no_risk() {
    // surprising, desired, expected, basic, basic: the last three are none of them in the top half, and none a failure
    let records = "\
recipient,at,point,action,signals,value
a,2026-01-05,p,note,unexpected,felt-good
a,2026-01-06,p,note,on-time,
a,2026-01-07,p,note,on-time,
a,2026-01-08,p,note,on-time,
a,2026-01-09,p,note,on-time,
";
    assert_loyal(over_records("journey", records), &[("a", "satisfied")]);
}

#[test]
fn what_came_before_the_window_is_part_of_how_they_are_served() {
    let records = "\
id,recipient,at,point,signals,recovers
x1,a,2026-01-05,p,promise-broken,
x2,a,2026-03-01,p,as-hoped,
x3,a,2026-03-02,p,as-hoped,
x4,a,2026-03-03,p,as-hoped,
y1,b,2026-01-05,p,promise-broken,
y2,b,2026-03-01,p,as-agreed,y1
";
    let march = || over_records("journey --since 2026-03-01", records);
    assert_loyal(march(), &[("a", "at-risk"), ("b", "satisfied")]);
    let without = records.replace("x1,a,2026-01-05,p,promise-broken,\n", "");
    assert_loyal(over_records("journey --since 2026-03-01", &without), &[("a", "loyal"), ("b", "satisfied")]);
}

#[test]
fn how_many_are_recent_is_a_rule_of_ones_own() {
    let records = "recipient,at,point,signals\na,2026-01-05,p,late\na,2026-01-06,p,as-hoped\na,2026-01-07,p,as-hoped\n";
    let run = || over_records("journey", records).file("rules.toml", "[loyalty]\nrecent = 2\n");
    assert_loyal(run(), &[("a", "at-risk")]);
    assert_loyal(run().arg("--levels").arg("rules.toml"), &[("a", "loyal")]);
}

/// Loyalty by a plain reading of the rule, for moments that all have a time.
pub(crate) fn by_the_rule(told: &[Told]) -> Vec<(String, String)> {
    let outcomes: BTreeMap<String, &str> =
        outcomes(told, None).into_iter().map(|outcome| (outcome.id, outcome.status)).collect();
    let stands =
        |moment: &Told| matches!(outcomes.get(moment.id()).copied(), Some("open" | "attempted")) && moment.failed();
    let judge = |(key, moments): (Vec<Value>, Vec<&Told>)| {
        let remarked: Vec<&Told> = moments.into_iter().filter(|moment| moment.remarked()).collect();
        let recent = &remarked[remarked.len().saturating_sub(3)..];
        let top = recent.iter().filter(|moment| moment.rank() >= 4).count();
        let mut days: Vec<&str> =
            recent.iter().map(|moment| &moment.record["at"].as_str().expect("a time")[..10]).collect();
        days.dedup();
        let crime = remarked.iter().any(|moment| moment.rank() == 1 && stands(moment));
        let loyalty = if crime || recent.iter().any(|moment| stands(moment)) {
            "at-risk"
        } else if remarked.is_empty() {
            "unknown"
        } else if top == 3 && days.len() == 3 {
            "loyal"
        } else if top > 0 {
            "delighted"
        } else {
            "satisfied"
        };
        (key[0].as_str().expect("a recipient").to_owned(), loyalty.to_owned())
    };
    groups_by(told, &["recipient"]).into_iter().map(judge).collect()
}

#[test]
fn the_help_desk_is_judged_as_a_plain_reading_of_the_rule_judges_it() {
    let expected = by_the_rule(&told_example("helpdesk.jsonl"));
    for loyalty in ["at-risk", "satisfied", "delighted"] {
        assert!(expected.iter().any(|(_, found)| found == loyalty), "somebody is {loyalty}");
    }
    assert_eq!(loyalties(over_example("journey", "helpdesk.jsonl")), expected);
}

#[test]
fn real_callers_are_judged_as_a_plain_reading_of_the_rule_judges_them() {
    let Some(file) = real_data("servicenow-incidents.jsonl") else { return };
    // two thousand lines are enough here, and quick to read again
    let text = std::fs::read_to_string(&file).expect("the incidents");
    let some: Vec<&str> = text.lines().take(2_000).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("some.jsonl");
    std::fs::write(&file, some.join("\n")).expect("a file");
    assert_eq!(loyalties(over("journey", &file)), by_the_rule(&told(&file, "")));
}
