//! `serveup check POINT FILE…`: one perception point as recorded.

use serde_json::{Value, json};

use crate::figures::assert_same;
use crate::formats::assert_formats_agree;
use crate::harness::{Serveup, example, serveup};
use crate::journey::assert_group;
use crate::told::{
    EXAMPLES, Told, document, document_of, list, over_example, over_records, text_of, told, told_example,
};

/// A run over a point of an example.
fn check(point: &str, flags: &str, name: &str) -> Serveup {
    let run = serveup("check").arg(point).arg(example(name).display().to_string());
    flags.split_whitespace().fold(run, Serveup::arg)
}

#[test]
fn the_full_path_and_its_last_part_mean_the_same_point() {
    let full = document(check("support/request/first-reply", "", "helpdesk.jsonl"));
    assert_eq!(full["key"], json!({"point": "support/request/first-reply"}));
    assert_eq!(document(check("first-reply", "", "helpdesk.jsonl")), full);
    // a part in the middle is no name, nor is the end of a part
    for name in ["request/first-reply", "reply", "support", "support/request", "FIRST-REPLY", "first-reply "] {
        let run = check(name, "", "helpdesk.jsonl").status(2).stderr_has("support/request/first-reply");
        run.stderr_has(&format!("nothing is recorded at {}", json!(name))).run();
    }
}

#[test]
fn a_name_that_means_several_points_is_refused_with_their_list() {
    let records =
        "recipient,journey,point,signals\na,shop,counter,late\na,home,counter,on-time\na,,door,late\na,home,door,\n";
    let run = serveup("check counter records").file("records", records).status(2);
    run.stderr_has("\"counter\" is the end of 2 paths").stderr_has("home/counter, shop/counter").run();
    // a path that is the name itself is meant, though another ends so
    let door = document(serveup("check door records").file("records", records));
    assert_eq!((&door["key"], &door["count"]), (&json!({"point": "door"}), &json!(1)));
    for moments in ["worst_moments", "latest_moments"] {
        let points: Vec<&Value> = list(&door, moments).iter().map(|row| &row["point"]).collect();
        assert_eq!(points, ["door"], "{moments}");
    }
    let door = document(serveup("check home/door records").file("records", records));
    assert_eq!((&door["count"], &door["unremarked"]), (&json!(1), &json!(1)));
}

#[test]
fn an_unknown_name_is_refused_with_the_list_of_points() {
    let run = check("fiting", "", "shop.json").status(2).stderr_has("nothing is recorded at \"fiting\"");
    run.stderr_has("shoes/purchase/fitting").stderr_has("stock/hand-over/note").run();
    serveup("check").arg("").arg("records").file("records", "[]").status(2).stderr_has("<POINT>").run();
}

#[test]
fn no_records_are_no_rows_and_no_error() {
    let report = document(over_records("check p", "[]"));
    assert_same(&report, &json!({"count": 0, "worst_moments": [], "latest_moments": []}), "[]");
    over_records("check p -f json --fail-on-failure", "[]").any_stdout().status(3).stderr_has("too little data").run();
}

#[test]
fn the_group_is_that_of_the_journey() {
    for name in EXAMPLES {
        let journey = document(over_example("journey", name));
        let told = if name == "escalator.csv" { Vec::new() } else { told_example(name) };
        for group in list(&journey, "groups") {
            let path = group["key"]["point"].as_str().expect("a path");
            let found = document(check(path, "", name));
            let fields = group.as_object().expect("a group");
            assert!(fields.len() >= 18);
            for (field, value) in fields {
                assert_eq!(found[field], *value, "{name}: {field} of {path}");
            }
            if name != "escalator.csv" {
                let moments: Vec<&Told> = told.iter().filter(|moment| moment.dimension("point") == path).collect();
                assert_group(&found, &moments, path);
            }
        }
    }
}

/// Holds the moments shown against the rows of a point.
#[track_caller]
fn assert_moments(found: &Value, moments: &[&Told], what: &str) {
    let rows: Vec<&Value> = moments.iter().map(|moment| &moment.row).collect();
    let shown = |name: &str| -> Vec<&Value> { list(found, name).iter().collect() };
    for name in ["worst_moments", "latest_moments"] {
        for moment in shown(name) {
            assert!(rows.contains(&moment), "{what}: {name} holds what rate does not say: {moment}");
        }
    }
    let mut latest = moments.to_vec();
    latest.sort_by_key(|moment| moment.micros());
    let latest: Vec<&Value> = latest.iter().rev().take(5).map(|moment| &moment.row).collect();
    assert_eq!(shown("latest_moments"), latest, "{what}: the latest, the last one first");
    let remarked: Vec<&&Told> = moments.iter().filter(|moment| moment.remarked()).collect();
    let mut ranks: Vec<u64> = remarked.iter().map(|moment| moment.rank()).collect();
    ranks.sort_unstable();
    ranks.truncate(5);
    let worst = shown("worst_moments");
    let found: Vec<u64> = worst.iter().map(|row| row["rank"].as_u64().expect("a rank")).collect();
    assert_eq!(found, ranks, "{what}: the worst, the lowest first");
    assert!(worst.iter().all(|row| row["reason"] != "unremarked"), "{what}: what is unremarked is not bad");
    for (place, row) in worst.iter().enumerate() {
        assert!(!worst[place + 1..].contains(row), "{what}: each once");
    }
}

#[test]
fn the_worst_and_the_latest_moments_are_rows_of_rate() {
    for name in EXAMPLES.into_iter().filter(|name| *name != "escalator.csv") {
        let told = told_example(name);
        let journey = document(over_example("journey", name));
        for group in list(&journey, "groups") {
            let path = group["key"]["point"].as_str().expect("a path");
            let moments: Vec<&Told> = told.iter().filter(|moment| moment.dimension("point") == path).collect();
            assert_moments(&document(check(path, "", name)), &moments, &format!("{name}: {path}"));
        }
    }
}

#[test]
fn a_row_is_the_row_of_rate_to_the_letter() {
    let rate = over_example("rate -f jsonl", "agency.json").any_stdout().run().stdout;
    let text = check("go-live", "-f jsonl", "agency.json").any_stdout().run().stdout;
    for id in ["a09", "a15", "a19"] {
        let row = rate.lines().find(|row| row.contains(&format!("\"id\":\"{id}\""))).expect("a row");
        assert_eq!(text.matches(row).count(), 2, "{id} is among the worst and the latest:\n{text}");
    }
    // rows are for machines, whatever the levels are called
    let labels = "[[levels]]\nname = \"surprising\"\nlabel = \"überraschend\"\n";
    let named = check("go-live", "-f jsonl --levels labels.toml", "agency.json").file("labels.toml", labels);
    named.stdout(text).run();
}

#[test]
fn moments_at_one_time_or_at_none_are_latest_by_the_input() {
    let records: String = (1..=7).map(|number| format!("m{number},r,p,late\n")).collect();
    let records = format!("id,recipient,point,signals\n{records}");
    let report = document(over_records("check p", &records));
    let ids = |name: &str| -> Vec<&Value> { list(&report, name).iter().map(|row| &row["id"]).collect() };
    assert_eq!(ids("latest_moments"), ["m7", "m6", "m5", "m4", "m3"]);
    assert_eq!(ids("worst_moments").len(), 5);
    assert_eq!(report["count"], json!(7));
}

#[test]
fn only_the_moments_of_the_point_are_held_against_the_gates() {
    // of the shop's points fitting has no failure, pick-up has one
    check("fitting", "--fail-on-failure", "shop.json").any_stdout().run();
    let run = check("pick-up", "--fail-on-failure -f json", "shop.json").any_stdout().status(1);
    let ran = run.stderr_has("gate: ").stderr_has("s05").run();
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    // the report is printed all the same
    assert_eq!(document_of(&ran), document(check("pick-up", "", "shop.json")));
    // s15 and s17 have only slid to basic: no failure, and below nothing
    check("counter", "--fail-on-failure", "shop.json").any_stdout().run();
    check("counter", "--fail-below expected", "shop.json").any_stdout().run();
    // s08 and s12 have slid as well, and s02 is surprising: but unbelievable is s16 alone
    let run = check("counter", "--fail-below unbelievable", "shop.json").any_stdout().status(1).stderr_has("s02");
    assert_eq!(run.run().stderr.lines().count(), 1);
    // s01 is expected, s14 desired
    let run = check("fitting", "--fail-below desired", "shop.json").any_stdout().status(1).stderr_has("s01");
    assert_eq!(run.run().stderr.lines().count(), 1);
    check("fitting", "--fail-below expected", "shop.json").any_stdout().run();
    check("fitting", "--fail-below nice", "shop.json").status(2).stderr_has("invalid value 'nice'").run();
}

#[test]
fn the_help_desks_failures_at_a_point_are_as_many_as_the_gate_finds() {
    let told = told_example("helpdesk.jsonl");
    let point = "support/request/first-reply";
    let failed: Vec<&Told> =
        told.iter().filter(|moment| moment.dimension("point") == point && moment.failed()).collect();
    let ran = check(point, "--fail-on-failure", "helpdesk.jsonl").any_stdout().status(1).stderr_has("gate: ").run();
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 21, "the first 20, and how many more");
    for (line, moment) in lines[..20].iter().zip(&failed) {
        assert!(line.starts_with("gate: ") && line.contains(moment.id()), "{line} is not about {}", moment.id());
    }
    assert!(lines[20].contains(&(failed.len() - 20).to_string()), "{}", lines[20]);
}

#[test]
fn nothing_reported_is_too_little_for_a_gate() {
    let run = check("fitting", "--fail-on-failure --since 2030-01-01 -f json", "shop.json");
    let ran = run.any_stdout().status(3).stderr_has("too little data").run();
    let nothing = json!({
        "key": {"point": "shoes/purchase/fitting"}, "count": 0, "recipients": 0, "median": null,
        "worst_moments": [], "latest_moments": [], "sound": {"share": null, "low": null, "high": null},
    });
    assert_same(&document_of(&ran), &nothing, "nothing in the window");
    // without a gate it is no error
    check("fitting", "--since 2030-01-01", "shop.json").any_stdout().run();
}

#[test]
fn a_window_shows_its_part_and_history_still_counts() {
    let flags = "--since 2026-05-01 --until 2026-05-31";
    let told = told(&example("helpdesk.jsonl"), flags);
    for path in ["support/request/first-reply", "support/onboarding/training"] {
        let moments: Vec<&Told> = told.iter().filter(|moment| moment.dimension("point") == path).collect();
        let found = document(check(path, flags, "helpdesk.jsonl"));
        assert_group(&found, &moments, path);
        assert_moments(&found, &moments, path);
    }
}

#[test]
fn flags_that_describe_a_moment_and_files_exclude_each_other() {
    for flags in [
        "--signal late",
        "--value time",
        "--prefers channel=email",
        "--served channel=email",
        "--verdict basic",
        "--claimed basic",
        "--omitted",
        "--repeat 2",
    ] {
        check("fitting", flags, "shop.json").status(2).stderr_has("cannot be used with").run();
    }
}

#[test]
fn several_files_are_one_stream_and_a_dash_is_standard_input() {
    let text = text_of("escalator.jsonl");
    let (one, other) = text.split_at(text.match_indices('\n').nth(7).expect("eight lines").0 + 1);
    let whole = document(over_records("check thank-you", &text));
    let run = serveup("check thank-you one other").file("one", one).file("other", other);
    assert_eq!(document(run), whole);
    let run = serveup("check thank-you one -").file("one", one).stdin(other);
    assert_eq!(document(run), whole);
}

#[test]
fn the_direction_is_that_of_uplift_and_the_step_up_that_of_the_level_in_the_middle() {
    let uplift = document(over_example("uplift", "helpdesk.jsonl"));
    let levels = document_of(&serveup("levels -f json").any_stdout().run());
    for group in list(&uplift, "groups") {
        let path = group["key"]["point"].as_str().expect("a path");
        let found = document(check(path, "", "helpdesk.jsonl"));
        assert_eq!(found["direction"], group["direction"], "{path}");
        let level = list(&levels, "levels").iter().find(|level| level["level"] == found["median"]).expect("a level");
        assert_eq!(found["step_up"], level["step_up"], "{path}");
    }
    // without times nobody knows where it goes
    let undated = document(over_records("check p", "recipient,point,signals\na,p,late\n"));
    assert_eq!(undated["direction"], Value::Null);
}

#[test]
fn every_format_carries_the_point() {
    for point in ["support/request/first-reply", "resolution"] {
        assert_formats_agree(|| check(point, "", "helpdesk.jsonl"), |document| vec![document.clone()]);
    }
    assert_formats_agree(|| check("order", "", "shop.json"), |document| vec![document.clone()]);
}

#[test]
fn how_failures_at_a_point_are_met_is_what_recovery_says_of_it() {
    for flags in ["", "--since 2026-03-01"] {
        let point = document(over_example(&format!("check first-reply {flags}"), "helpdesk.jsonl"));
        let report = document(over_example(&format!("recovery --by point {flags}"), "helpdesk.jsonl"));
        let path = "support/request/first-reply";
        let met = list(&report, "by").iter().find(|group| group["key"]["point"] == path).expect("it failed");
        assert_eq!(point["met"], *met);
        assert_eq!(met["count"], point["failures"]);
    }
    let table = over_example("check first-reply -f table", "helpdesk.jsonl").any_stdout().run().stdout;
    assert!(table.contains("  bounced   ") && table.contains("  with      "), "{table}");
    // where nothing failed nothing is said
    let table = over_example("check order -f table", "shop.json").any_stdout().run().stdout;
    assert!(!table.contains("  bounced   "), "{table}");
}
