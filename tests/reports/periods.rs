//! Periods of `serveup uplift` by the clocks of a zone, when those change and at the turn of a year.

use serde_json::{Value, json};

use crate::figures::{assert_same, estimate, newcombe};
use crate::told::{document, list, over_records};
use crate::uplift::two_months;

/// The periods of a series with something in them, as `name count`; and how many there are in all.
#[track_caller]
pub(crate) fn filled(records: &str, flags: &str) -> (Vec<String>, usize) {
    let report = document(over_records(&format!("uplift {flags}"), records));
    let series = list(&report["groups"][0], "series");
    let name = |point: &Value| format!("{} {}", point["period"].as_str().expect("a name"), point["count"]);
    (series.iter().filter(|point| point["count"] != 0).map(name).collect(), series.len())
}

/// One point, one recipient, at these instants.
pub(crate) fn at(instants: &[&str]) -> String {
    let rows = instants.iter().map(|at| format!("r,{at},p,on-time\n"));
    format!("recipient,at,point,signals\n{}", rows.collect::<String>())
}

#[test]
fn days_weeks_and_months_count_right_when_the_clocks_go_forward() {
    // in Berlin 29 March 2026, a Sunday, begins at 23:00 UTC and ends at 22:00 UTC, an hour short
    let records = at(&[
        "2026-03-28T22:59:59Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T00:59:59Z",
        "2026-03-29T01:00:00Z",
        "2026-03-29T21:59:59Z",
        "2026-03-29T22:00:00Z",
    ]);
    let zone = |period: &str| format!("--period {period} --timezone Europe/Berlin");
    let days = ["2026-03-28 1", "2026-03-29 4", "2026-03-30 1"].map(str::to_owned).to_vec();
    assert_eq!(filled(&records, &zone("day")), (days, 3));
    // the fourteenth ISO week begins on Monday, 30 March
    assert_eq!(filled(&records, &zone("week")), (vec!["2026-W13 5".to_owned(), "2026-W14 1".to_owned()], 2));
    // in UTC all but the first two are of the 29th
    let days = vec!["2026-03-28 2".to_owned(), "2026-03-29 4".to_owned()];
    assert_eq!(filled(&records, "--period day"), (days, 2));
    // February ends by winter time, March by summer time: two periods, one on either side
    let records = at(&[
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
        "2026-04-30T21:59:59Z",
    ]);
    let months = ["2026-02 1", "2026-03 2", "2026-04 2"].map(str::to_owned).to_vec();
    assert_eq!(filled(&records, &zone("month")), (months, 3));
    let quarters = vec!["2026-Q1 3".to_owned(), "2026-Q2 2".to_owned()];
    assert_eq!(filled(&records, &zone("quarter")), (quarters, 2));
}

#[test]
fn days_weeks_and_months_count_right_when_the_clocks_go_back() {
    // in Berlin 25 October 2026, a Sunday, begins at 22:00 UTC and ends at 23:00 UTC; half past two comes twice
    let records = at(&[
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    ]);
    let zone = |period: &str| format!("--period {period} --timezone Europe/Berlin");
    let days = ["2026-10-24 1", "2026-10-25 4", "2026-10-26 1"].map(str::to_owned).to_vec();
    assert_eq!(filled(&records, &zone("day")), (days, 3));
    assert_eq!(filled(&records, &zone("week")), (vec!["2026-W43 5".to_owned(), "2026-W44 1".to_owned()], 2));
    // September ends by summer time, October by winter time
    let records = at(&[
        "2026-09-30T21:59:59Z",
        "2026-09-30T22:00:00Z",
        "2026-10-31T22:59:59Z",
        "2026-10-31T23:00:00Z",
        "2026-11-30T22:59:59Z",
    ]);
    let months = ["2026-09 1", "2026-10 2", "2026-11 2"].map(str::to_owned).to_vec();
    assert_eq!(filled(&records, &zone("month")), (months, 3));
    let years = at(&["2026-12-31T22:59:59Z", "2026-12-31T23:00:00Z"]);
    assert_eq!(filled(&years, &zone("year")), (vec!["2026 1".to_owned(), "2027 1".to_owned()], 2));
}

#[test]
fn two_periods_that_straddle_the_change_are_compared_right() {
    // ten of five people on the last day of March by Berlin's clocks, ten on the first of April;
    // in UTC the hour before midnight of the 31st, all of it in March
    let mut records = String::from("recipient,at,point,signals\n");
    for number in 0..10 {
        records.push_str(&format!("r{},2026-03-31T21:59:{number:02}Z,p,late\n", number % 5));
        records.push_str(&format!("r{},2026-03-31T22:00:{number:02}Z,p,on-time\n", number % 5));
    }
    let berlin = document(over_records("uplift --timezone Europe/Berlin --compare 2026-03..2026-04", &records));
    let of = |sound: bool| (0..10).map(|number| (format!("r{}", number % 5), sound)).collect();
    let change = json!({"from": "2026-03", "to": "2026-04", "sound": newcombe(&of(true), &of(false))});
    assert_same(&berlin["groups"][0]["change"], &change, "in Berlin");
    assert_eq!(berlin["groups"][0]["direction"], "uplifting");
    let utc = document(over_records("uplift", &records));
    assert_eq!(list(&utc["groups"][0], "series").len(), 1);
    assert_eq!(utc["groups"][0]["direction"], "too-few");
    // dates, and times without offset, are those of the zone: the change makes no difference
    let civil = at(&[
        "2026-03-29",
        "2026-03-29T23:59:59",
        "2026-03-30T00:00:00",
        "2026-10-25",
        "2026-10-25T23:59:59",
        "2026-10-26",
    ]);
    let (days, all) = filled(&civil, "--period day --timezone Europe/Berlin");
    assert_eq!(days, ["2026-03-29 2", "2026-03-30 1", "2026-10-25 2", "2026-10-26 1"]);
    // from 29 March to 26 October: 3 + 30 + 31 + 30 + 31 + 31 + 30 + 26
    assert_eq!(all, 212);
}

#[test]
fn empty_periods_are_periods() {
    let mut records = two_months(&[("late", 10)], &[], 5);
    records.push_str("r0,2026-04-27,p,on-time\nr0,2026-04-28,q,on-time\n");
    let report = document(over_records("uplift", &records));
    for group in list(&report, "groups") {
        let months: Vec<&Value> = list(group, "series").iter().map(|point| &point["period"]).collect();
        assert_eq!(months, ["2026-01", "2026-02", "2026-03", "2026-04"], "{}", group["key"]);
    }
    let empty = json!({
        "period": "2026-02", "finished": true, "count": 0, "recipients": 0, "unremarked": 0, "median": null,
        "top_half": estimate(&Vec::new()), "sound": estimate(&Vec::new()),
        "pace": {"new": 0, "slid": 0, "lapsed": 0},
    });
    assert_eq!(report["groups"][0]["series"][1], empty);
    // the last two are March and April, and March has nothing to compare with
    let change = json!({"from": "2026-03", "to": "2026-04", "sound": {"diff": null, "low": null, "high": null}});
    assert_same(&report["groups"][0]["change"], &change, "p");
    assert_eq!(report["groups"][0]["direction"], "too-few");
}

#[test]
fn weeks_at_the_turn_of_a_year_belong_to_the_year_of_their_thursday() {
    // 2020 has 53 weeks: the last from Monday, 28 December, to Sunday, 3 January
    let records = at(&["2020-12-27T23:59:59Z", "2020-12-28", "2021-01-03T23:59:59Z", "2021-01-04"]);
    let weeks = ["2020-W52 1", "2020-W53 2", "2021-W01 1"].map(str::to_owned).to_vec();
    assert_eq!(filled(&records, "--period week"), (weeks, 3));
    let report = document(over_records("uplift --period week --compare 2020-W52..2020-W53", &records));
    let change = &report["groups"][0]["change"];
    assert_eq!((&change["from"], &change["to"]), (&json!("2020-W52"), &json!("2020-W53")));
    // 1 January 2027 is a Friday, so it lies in the last week of 2026, which has 53 as well
    let turn = at(&["2027-01-01", "2027-01-04"]);
    assert_eq!(filled(&turn, "--period week").0, ["2026-W53 1", "2027-W01 1"]);
    // 30 December 2025 is a Tuesday of the first week of 2026
    assert_eq!(filled(&at(&["2025-12-30"]), "--period week").0, ["2026-W01 1"]);
}
