//! `--inspect` on what a rating of an export can and cannot say: dates, promises, ratings, points, and why rows were
//! left out. All numbers are worked by hand.

use serde_json::{Value, json};

use crate::exports::content;
use crate::harness::{lines, serveup};
use crate::through::import;

/// Six cases of two desks, out of order of time; two are left out, one is no case at all.
const TABLE: &str = "case,point,at,what,stars,why\n\
                     1,resolution,2026-03-04T10:00:00Z,late,1,\n\
                     2,resolution,2026-03-02T23:30:00-05:00,on-time,,\n\
                     3,first-reply,2026-03-02T08:00:00Z,as-agreed,,\n\
                     4,resolution,2026-03-03T08:00:00Z,unresolved,5,\n\
                     5,,,,,outbound\n\
                     6,,,,,spam\n\
                     7,,,,,outbound\n\
                     8,,,,,nothing\n";

const MAP: &str = r#"
if .why == "nothing" then empty elif .why != "" then left_out(.why) else
{recipient: .case, point, at, signals: [.what | known | select(.)], verdict: (.stars | known | verdict(5))} end"#;

fn inspected(map: &str, table: &str) -> Value {
    let ran = import("--inspect -q -f json", map, table).any_stdout().run();
    serde_json::from_str(&ran.stdout).expect("a document")
}

/// Whether this sentence is among those of that name.
fn says(document: &Value, list: &str, sentence: &str) -> bool {
    document[list].as_array().expect("a list").iter().any(|line| line == sentence)
}

#[test]
fn dates_points_promises_ratings_and_reasons_are_counted() {
    let document = inspected(MAP, TABLE);
    assert_eq!([&document["rows"], &document["mapped"], &document["dropped"]], [8, 4, 4]);
    // 23:30 five hours behind is 4:30 of the next day, so it is neither
    assert_eq!([&document["first_at"], &document["last_at"]], ["2026-03-02T08:00:00Z", "2026-03-04T10:00:00Z"]);
    assert_eq!(
        document["left_out"],
        json!([
            {"reason": "outbound", "rows": 2, "cases": 0},
            {"reason": "spam", "rows": 1, "cases": 0},
            {"reason": null, "rows": 1, "cases": 0},
        ])
    );
    // of the three resolutions one was late and one on time; two were rated; one was never solved
    assert_eq!(
        document["points"],
        json!([
            {"point": "resolution", "interactions": 3, "promises": 2, "ratings": 2, "unresolved": 1},
            {"point": "first-reply", "interactions": 1, "promises": 1, "ratings": 0, "unresolved": 0},
        ])
    );
    assert_eq!(
        document["can_say"],
        json!([
            "3 of 4 interactions say how a promise came out: 2 kept, 1 late or broken",
            "2 of 4 interactions have a rating by the recipient: 2 of 3 at resolution",
        ])
    );
    // both kinds of promises and a rating are there, so nothing is said to be missing of them
    for sentence in document["unknown"].as_array().expect("a list") {
        let sentence = sentence.as_str().expect("a text");
        assert!(!sentence.contains("promise is") && !sentence.contains("no rating"), "{sentence}");
        assert!(!sentence.contains("promises are") && !sentence.contains("24 hours"), "{sentence}");
    }
}

#[test]
fn the_same_in_rows() {
    let rows = "point\tresolution\t3\t4\t\npromise\tresolution\t2\t3\t\nrating\tresolution\t2\t3\t\n\
                unresolved\tresolution\t1\t3\t\npoint\tfirst-reply\t1\t4\t\npromise\tfirst-reply\t1\t1\t\n\
                rating\tfirst-reply\t0\t1\t\nunresolved\tfirst-reply\t0\t1\t\nleft-out\toutbound\t2\t8\t\n\
                left-out\tspam\t1\t8\t\nleft-out\t\t1\t8\t\nat\tfirst\t4\t4\t2026-03-02T08:00:00Z\n\
                at\tlast\t4\t4\t2026-03-04T10:00:00Z\n";
    let ran = import("--inspect -q", MAP, TABLE).any_stdout().run();
    assert!(ran.stdout.ends_with(rows), "{}", ran.stdout);
    let ran = import("--inspect -q -f csv", MAP, TABLE).any_stdout().run();
    assert!(ran.stdout.ends_with(&rows.replace('\t', ",")), "{}", ran.stdout);
    import("--inspect -q -f jsonl", MAP, TABLE)
        .stdout_has("{\"what\":\"left-out\",\"name\":\"outbound\",\"known\":2,\"of\":8,\"example\":null}\n")
        .run();
}

#[test]
fn the_same_for_people() {
    let ran = import("--inspect -q -f table", MAP, TABLE).any_stdout().run();
    let start = "\n4 interactions from 4 rows, 4 dropped by the map\n\
                 from 2026-03-02T08:00:00Z to 2026-03-04T10:00:00Z\n\n\
                 left out              rows\n\
                 outbound                 2\n\
                 spam                     1\n\
                 (no reason given)        1\n\n\
                 field  ";
    assert!(ran.stdout.contains(start), "{}", ran.stdout);
    let end = "\n\
               point                 interactions  with promise  with rating  unresolved\n\
               resolution                       3             2            2           1\n\
               first-reply                      1             1            0           0\n\n\
               What a rating of this can say:\n\
               - 3 of 4 interactions say how a promise came out: 2 kept, 1 late or broken\n\
               - 2 of 4 interactions have a rating by the recipient: 2 of 3 at resolution\n\n\
               What stays unknown, and what that means:\n";
    assert!(ran.stdout.contains(end), "{}", ran.stdout);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    // where no reason is given, the number alone is enough
    let ran = import("--inspect -q -f table", "select(.why == \"\") | {recipient: .case, point, at}", TABLE);
    let ran = ran.stdout_has("4 interactions from 4 rows, 4 dropped by the map\n").run();
    assert!(!ran.stdout.contains("left out"), "{}", ran.stdout);
    // one time, or none
    let one = import("--inspect -q -f table", "select(.case == \"1\") | {recipient: .case, point, at}", TABLE);
    one.stdout_has("0 dropped".replace('0', "7").as_str()).stdout_has("\nall at 2026-03-04T10:00:00Z\n\n").run();
    let none = import("--inspect -q -f table", "{recipient: .case, point: \"p\"}", TABLE);
    none.stdout_has("8 interactions from 8 rows, 0 dropped by the map\n\nfield").run();
}

#[test]
fn cases_left_out_of_pages_are_counted_by_themselves() {
    let page = r#"{"tickets":[{"id":1,"requester_id":7,"status":"closed","via":{"channel":"web"},"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z"},
        {"id":2,"requester_id":7,"status":"deleted","via":{"channel":"web"},"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z"}],"next_page":null}"#;
    let deleted = r#"{"id":3,"requester_id":7,"status":"deleted","via":{"channel":"web"},"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z"}"#;
    let rows = lines([page.replace("\n        ", ""), deleted.to_owned()]);
    let run = |format: &str| serveup(&format!("import --from zendesk --inspect -q in -f {format}")).file("in", &rows);
    let document: Value = serde_json::from_str(&run("json").any_stdout().run().stdout).expect("a document");
    assert_eq!(document["left_out"], json!([{"reason": "deleted", "rows": 1, "cases": 1}]));
    run("table")
        .stdout_has("left out              rows  cases within rows\ndeleted                  1                  1\n")
        .run();
    run("tsv").stdout_has("left-out\tdeleted\t1\t2\t\nleft-out-case\tdeleted\t1\t1\t\n").run();
}

/// One interaction for each list of signals, an hour apart.
fn with_signals(signals: &[&str]) -> Value {
    let rows = signals.iter().enumerate().map(|(hour, signal)| format!("2026-03-02T1{hour}:00:00Z,{signal}"));
    let table = lines(std::iter::once("at,what".to_owned()).chain(rows));
    inspected(r#"{recipient: "a", point: "p", at, signals: (.what | split(" "))}"#, &table)
}

#[test]
fn what_is_not_known_of_promises() {
    let no_promise = "no promise is known (no signal says on-time, as-agreed, late or promise-broken): nothing can be on \
                      time or late";
    let faults_only = "promises are noted only where they were late or broken; note those that were kept as on-time or \
                       as-agreed, or every share is of faults only";
    let kept_only = "no promise is noted as late or broken: all were kept, or those that were not are not recorded";
    for (signals, wanted, can) in [
        (vec!["impolite", "unresolved"], Some(no_promise), None),
        (
            vec!["late", "promise-broken"],
            Some(faults_only),
            Some("2 of 2 interactions say how a promise came out: 0 kept, 2 late or broken"),
        ),
        (
            vec!["on-time", "impolite"],
            Some(kept_only),
            Some("1 of 2 interactions says how a promise came out: 1 kept, 0 late or broken"),
        ),
        (
            vec!["as-agreed"],
            Some(kept_only),
            Some("1 of 1 interaction says how a promise came out: 1 kept, 0 late or broken"),
        ),
        // of what was on time and broken all the same, the broken promise counts, and once
        (
            vec!["on-time promise-broken late", "as-agreed"],
            None,
            Some("2 of 2 interactions say how a promise came out: 1 kept, 1 late or broken"),
        ),
    ] {
        let document = with_signals(&signals);
        for sentence in [no_promise, faults_only, kept_only] {
            assert_eq!(says(&document, "unknown", sentence), wanted == Some(sentence), "{signals:?}: {document}");
        }
        assert_eq!(document["can_say"], json!(can.into_iter().collect::<Vec<_>>()), "{signals:?}");
    }
}

#[test]
fn what_is_all_of_one_day_tells_nothing_over_time() {
    let within = "all within 24 hours: nothing can be compared over time";
    for (times, wanted) in [
        (vec!["2026-03-02T09:00:00Z", "2026-03-03T08:59:59Z"], true),
        (vec!["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"], false),
        (vec!["2026-03-02T09:00:00Z"], false),
        (vec!["2026-03-03T08:00:00Z", "2026-03-03T08:00:00Z"], true),
    ] {
        let table = lines(std::iter::once("at").chain(times.iter().copied()));
        let document = inspected(r#"{recipient: "a", point: "p", at}"#, &table);
        assert_eq!(says(&document, "unknown", within), wanted, "{times:?}");
    }
}

#[test]
fn who_rated_is_told_by_point_where_that_can_be_read() {
    // at every point one more than at the one before, each but the first rated once
    let told = |points: u32| {
        let rows = (1..=points).flat_map(|point| (0..point).map(move |row| format!("p{point},{}", u8::from(row == 0))));
        let table = lines(std::iter::once("point,rated".to_owned()).chain(rows));
        let map = r#"{recipient: "a", point, verdict: (if .rated == "1" then "expected" else null end)}"#;
        inspected(map, &table)["can_say"].clone()
    };
    assert_eq!(told(1), json!(["1 of 1 interaction has a rating by the recipient"]));
    assert_eq!(told(2), json!(["2 of 3 interactions have a rating by the recipient: 1 of 2 at p2, 1 of 1 at p1"]));
    assert_eq!(
        told(4),
        json!([
            "4 of 10 interactions have a rating by the recipient: 1 of 4 at p4, 1 of 3 at p3, 1 of 2 at p2, 1 of 1 at p1"
        ])
    );
    assert_eq!(told(5), json!(["5 of 15 interactions have a rating by the recipient"]));
}

#[test]
fn very_many_points_are_not_all_listed() {
    let rows = (1..=60).map(|row| format!("p{row}"));
    let document = inspected(r#"{recipient: "a", point}"#, &lines(std::iter::once("point".to_owned()).chain(rows)));
    let points = document["points"].as_array().expect("a list");
    assert_eq!(
        (points.len(), &points[0]["point"], &points[0]["interactions"]),
        (51, &json!("(other points)"), &json!(10))
    );
}

#[test]
fn an_export_that_a_preset_reads_is_named() {
    let general = "\nA map makes interactions of these rows: --from PRESET, or --map FILE.jq.\n";
    for (file, last) in [
        ("zendesk.csv", "\nThis looks like Zendesk's CSV: --from zendesk-csv.\n"),
        ("zendesk.jsonl", "\nThis looks like Zendesk's JSON: --from zendesk.\n"),
        ("servicenow.csv", "\nThis looks like ServiceNow's incidents: --from servicenow.\n"),
        ("stars.csv", general),
    ] {
        let run = serveup(&format!("import --inspect -q -f table {file}")).file(file, content(file)).any_stdout();
        let ran = run.run();
        assert!(ran.stdout.ends_with(last), "{file}: {}", ran.stdout);
        // by a pipe too; and every row is still there
        let piped = serveup("import --inspect -q -f table").stdin(content(file)).any_stdout().run();
        assert_eq!(piped.stdout, ran.stdout, "{file}");
    }
    let preset = |files: &[&str]| {
        let run = serveup(&format!("import --inspect -q -f json {}", files.join(" ")));
        let run = files.iter().fold(run, |run, file| run.file(file, content(file)));
        serde_json::from_str::<Value>(&run.any_stdout().run().stdout).expect("a document")["preset"].clone()
    };
    assert_eq!(preset(&["zendesk.csv"]), "zendesk-csv");
    assert_eq!(preset(&["zendesk.jsonl", "zendesk-api.jsonl"]), "zendesk");
    assert_eq!(preset(&["zendesk.jsonl", "freshdesk.json"]), Value::Null);
    assert_eq!(preset(&["zendesk.jsonl", "stars.csv"]), Value::Null);
    // a map that was asked for is not doubted here
    let run = serveup("import --inspect --jq empty -q -f json in").file("in", content("zendesk.jsonl")).any_stdout();
    assert_eq!(serde_json::from_str::<Value>(&run.run().stdout).expect("a document")["preset"], Value::Null);
}
