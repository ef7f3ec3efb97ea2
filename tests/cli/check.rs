//! `serveup check POINT`: one moment described by flags.

use serde_json::json;

use crate::harness::{lines, serveup};

#[test]
fn a_file_in_place_of_the_point_is_refused() {
    let run = serveup("check shop.json").file("shop.json", "[]").status(2);
    run.stderr(
        "serveup: shop.json: is a file; name the point before it, like serveup check delivery/packaging shop.json\n",
    )
    .run();
    serveup("check shop.json").any_stdout().run();
}

#[test]
fn a_surprise_the_third_time() {
    // slide(surprising, 2) = expected; once more it will be basic; one time fewer it was desired
    let row = json!({
        "id": null, "at": null, "recipient": null, "point": "delivery/packaging", "action": "delivery/packaging",
        "level": "expected", "rank": 3, "assessed": "expected", "evidence": "surprising", "standing": "expected",
        "next": "basic", "reason": "repeat", "failure": false, "claimed": null, "gap": null, "value": ["emotional"],
        "near_miss": "one time fewer and it would still have been desired",
        "why": [
            "noted: unexpected (surprising)",
            "time 3 since it was surprising: worth expected now",
            "one step short: one time fewer and it would still have been desired",
        ],
        "half": "bottom",
        "means": "Normal, average, what the industry does, as agreed. Satisfied, which is not yet loyal.",
        "step_up": "Ask how this person likes it, and serve them that way.",
    });
    serveup("check delivery/packaging --signal unexpected --value emotional --repeat 3 -f json").json(row).run();
}

#[test]
fn a_surprise_without_value_on_record() {
    let run = serveup("check delivery/packaging --signal unexpected --repeat 1 -f json").any_stdout().run();
    let row: serde_json::Value = serde_json::from_str(&run.stdout).expect("an object");
    assert_eq!((&row["level"], &row["reason"], &row["value"]), (&json!("expected"), &json!("facts"), &json!(null)));
    assert_eq!(row["why"][1], "does not count: unexpected, for no value was recorded");
    assert_eq!(row["near_miss"], "with value on record it would have been surprising");
}

#[test]
fn every_flag_says_something_about_the_moment() {
    let run = |flags: &str, columns: &str, line: &str| {
        let ran = serveup(&format!("check p -f jsonl {flags}")).any_stdout().run();
        let row = serde_json::from_str(&ran.stdout).expect("an object");
        let names: Vec<String> = columns.split(' ').map(str::to_owned).collect();
        assert_eq!(crate::harness::line_of(&row, &names), line, "{flags}");
    };
    run("", "level reason failure", "expected unremarked false");
    run("--signal late --signal chased", "level reason failure half", "basic facts true bottom");
    run(
        "--signal astonishing --value time --value felt-good",
        "level value half",
        "unbelievable quantified;emotional top",
    );
    run("--prefers cadence=weekly --served cadence=weekly", "level reason", "desired facts");
    run(
        "--prefers cadence=weekly --served cadence=monthly",
        "level near_miss",
        "expected with cadence \"weekly\" it would have been desired",
    );
    run("--prefers a=b=c --served a=b=c", "level", "desired");
    // of several texts any will do
    run("--prefers a=b --prefers c=d --prefers a=e --served a=e", "level", "desired");
    run("--verdict basic", "level assessed reason failure", "basic expected verdict true");
    run("--claimed surprising", "level claimed gap", "expected surprising 2");
    run("--claimed criminal --signal as-hoped", "level claimed gap", "desired criminal -3");
    run("--omitted", "level reason next", "expected facts -");
    run("--omitted --repeat 2", "level reason failure", "basic lapse true");
}

#[test]
fn those_before_were_alike_but_without_omission_verdict_and_claim() {
    let run = |flags: &str, line: &str| {
        let ran = serveup(&format!("check p -f jsonl --signal unexpected --value time {flags}")).any_stdout().run();
        let row = serde_json::from_str(&ran.stdout).expect("an object");
        assert_eq!(crate::harness::line_of(&row, &["level".into(), "reason".into(), "next".into()]), line, "{flags}");
    };
    run("--repeat 1", "surprising facts desired");
    run("--repeat 2", "desired repeat expected");
    run("--repeat 4", "basic repeat basic");
    run("--repeat 1000000", "basic repeat basic");
    // basic was owed after three surprises, all delivered
    run("--repeat 4 --omitted", "criminal lapse basic");
    run("--repeat 4 --signal omitted", "criminal lapse basic");
    // the verdict is of this one alone: were those before called unbelievable too, it would be held there
    run("--repeat 3 --verdict unbelievable", "unbelievable verdict surprising");
    run("--repeat 3 --verdict basic", "basic verdict basic");
    // late every time, it was a delivery every time: basic is owed after three, so late is criminal
    run("--repeat 4 --signal late", "criminal lapse basic");
}

#[test]
fn a_table_is_for_people() {
    let text = "\
delivery/packaging: expected, only slid (level 3 of 6, bottom half)

  means    Normal, average, what the industry does, as agreed. Satisfied, which
           is not yet loyal.
  why      noted: unexpected (surprising)
           time 3 since it was surprising: worth expected now
           one step short: one time fewer and it would still have been desired
  next     done as well again, it will be worth basic
  step up  Ask how this person likes it, and serve them that way.
";
    serveup("check delivery/packaging --signal unexpected --value emotional --repeat 3 -f table").stdout(text).run();
    let text = "\
pick-up: criminal, a failure (level 1 of 6, bottom half)

  means    A service promise was broken, or a minimum that anyone may expect was
           violated.
  why      the recipient called it criminal, by the rules it would be basic
           noted: late (basic)
  claimed  desired, 3 levels too high
  step up  Keep the promise: give them what they were told they would get, and
           put the harm right as a moment of its own.
";
    serveup("check pick-up --signal late --verdict criminal --claimed desired -f table").stdout(text).run();
    let run = serveup("check p --signal late --claimed basic -f table")
        .stdout_has("  claimed  basic, and the provider sees it so\n");
    run.stdout_has("p: basic, a failure (level 2 of 6, bottom half)\n").run();
    serveup("check p --claimed basic -f table").stdout_has("  claimed  basic, 1 level too low\n").run();
}

#[test]
fn tsv_and_csv_hold_one_row() {
    let run = serveup("check p --signal late").any_stdout().run();
    let rows: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][..6], ["id", "at", "recipient", "point", "action", "level"]);
    assert_eq!(rows[0][15..], ["value", "near_miss", "why", "half", "means", "step_up"]);
    assert_eq!(rows[1][..6], ["", "", "", "p", "p", "basic"]);
    assert_eq!(
        rows[1][17..19],
        ["noted: late (basic);one step short: without late it would have been expected", "bottom"]
    );
    let csv = serveup("check p --signal late -f csv --no-header").any_stdout().run();
    assert!(csv.stdout.starts_with(",,,p,p,basic,2,") && csv.stdout.lines().count() == 1);
}

#[test]
fn wrong_flags_are_refused_by_name() {
    for (flags, said) in [
        ("p --signal lat", "serveup: --signal: unknown signal \"lat\"; did you mean \"late\"?"),
        ("p --value tim", "serveup: --value: unknown value \"tim\"; did you mean \"time\"?"),
        ("p --served a=b --served a=c", "serveup: --served: is given twice; keep one\n"),
        (
            "p --prefers weekly",
            "invalid value 'weekly' for '--prefers <KEY=TEXT>': write a key and a text, like channel=email",
        ),
        ("p --served =x", "invalid value '=x' for '--served <KEY=TEXT>'"),
        ("p --verdict Basic", "a similar value exists: 'basic'"),
        ("p --claimed good", "[possible values: criminal, basic, expected, desired, surprising, unbelievable]"),
        ("p --repeat 0", "invalid value '0' for '--repeat <N>'"),
        ("p --repeat many", "invalid value 'many' for '--repeat <N>'"),
        ("--signal late", "<POINT>"),
    ] {
        serveup(&format!("check {flags}")).status(2).stderr_has(said).run();
    }
    serveup("check").arg("").status(2).stderr_has("a value is required for '<POINT>'").run();
}

#[test]
fn rules_of_ones_own_are_kept() {
    let run = || {
        serveup("check p --signal handwritten-card --value time -f jsonl --repeat 2").file(
            "rules.toml",
            lines([
                "[[levels]]",
                "name = \"surprising\"",
                "lasts = 2",
                "[levels.signals]",
                "handwritten-card = \"a card\"",
            ]),
        )
    };
    run().arg("--levels").arg("rules.toml").stdout_has("\"level\":\"surprising\",\"rank\":5").run();
    run().env("SERVEUP_LEVELS", "rules.toml").stdout_has("\"level\":\"surprising\",\"rank\":5").run();
    run().status(2).stderr_has("--signal: unknown signal \"handwritten-card\"; ").run();
}
