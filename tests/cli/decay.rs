//! `serveup decay` without files: projections by the rule.

use serde_json::{Value, json};

use crate::harness::{lines, serveup};

/// The projection of an unbelievable act, delivery by delivery, and if missed instead.
const UNBELIEVABLE: [(&str, &str); 6] = [
    // never done before, so nothing is owed: an omission is worth its evidence, expected
    ("unbelievable", "expected"),
    // owed − 1 is desired, but no better than the evidence
    ("surprising", "expected"),
    ("desired", "expected"),
    // from here on the omission is one below what is owed
    ("expected", "basic"),
    ("basic", "criminal"),
    ("basic", "criminal"),
];

fn deliveries(dates: &[&str]) -> Value {
    let delivery = |(index, (level, missed)): (usize, &(&str, &str))| json!({"delivery": index + 1, "at": dates.get(index), "level": level, "if_missed": missed});
    UNBELIEVABLE.iter().enumerate().map(delivery).collect()
}

#[test]
fn the_escalator_runs_down() {
    let document = json!({"start": "unbelievable", "deliveries": deliveries(&[])});
    serveup("decay --level unbelievable --deliveries 6 -f json").json(document.clone()).run();
    // which is what is shown when nothing is asked for
    serveup("decay -f json").json(document).run();
}

#[test]
fn a_rhythm_gives_the_dates() {
    let weeks = ["05", "12", "19", "26"].map(|day| format!("2026-01-{day}T00:00:00Z"));
    let dates = [weeks.as_slice(), &["2026-02-02T00:00:00Z".to_owned(), "2026-02-09T00:00:00Z".to_owned()]].concat();
    let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
    let document = json!({"start": "unbelievable", "deliveries": deliveries(&dates)});
    serveup("decay --from 2026-01-05 --every 7d -f json").json(document).run();
}

#[test]
fn spans_follow_the_calendar_of_the_zone() {
    let at = |flags: &str, dates: &[&str]| {
        let ran = serveup(&format!("decay -f tsv --no-header --deliveries {} {flags}", dates.len())).any_stdout().run();
        let found: Vec<&str> = ran.stdout.lines().filter_map(|row| row.split('\t').nth(1)).collect();
        assert_eq!(found, dates, "{flags}");
    };
    // a month after 31 January is the end of February, two months after it is 31 March
    at("--from 2026-01-31 --every 1mo", &["2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"]);
    // midnight in Berlin, before and after the clocks go forward on 29 March
    let berlin = ["2026-03-21T23:00:00Z", "2026-03-28T23:00:00Z", "2026-04-04T22:00:00Z"];
    at("--from 2026-03-22 --every 1w --timezone Europe/Berlin", &berlin);
    at("--from 2026-01-05T09:30:00Z --every 36h", &["2026-01-05T09:30:00Z", "2026-01-06T21:30:00Z"]);
    at("--from 2026-01-05T09:30:00+01:00 --every 2weeks", &["2026-01-05T08:30:00Z", "2026-01-19T08:30:00Z"]);
}

#[test]
fn other_levels_start_elsewhere() {
    let run = |level: &str, expected: &[&str]| {
        let ran = serveup(&format!("decay --level {level} --deliveries 3 -f csv --no-header")).any_stdout().run();
        assert_eq!(ran.stdout, lines(expected), "{level}");
    };
    run("surprising", &["1,,surprising,expected", "2,,desired,expected", "3,,expected,basic"]);
    // desired does not ride: it stays, and is owed as the baseline once done
    run("desired", &["1,,desired,expected", "2,,desired,basic", "3,,desired,basic"]);
    run("expected", &["1,,expected,expected", "2,,expected,basic", "3,,expected,basic"]);
    // a criminal moment is no delivery, so nothing is ever owed
    run("criminal", &["1,,criminal,expected", "2,,criminal,expected", "3,,criminal,expected"]);
}

#[test]
fn every_format_carries_the_deliveries() {
    let tsv = "delivery\tat\tlevel\tif_missed\n1\t\tunbelievable\texpected\n2\t\tsurprising\texpected\n";
    serveup("decay --deliveries 2").stdout(tsv).run();
    serveup("decay --deliveries 2 -f csv").stdout(tsv.replace('\t', ",")).run();
    let jsonl = "{\"delivery\":1,\"at\":null,\"level\":\"unbelievable\",\"if_missed\":\"expected\"}\n\
                 {\"delivery\":2,\"at\":null,\"level\":\"surprising\",\"if_missed\":\"expected\"}\n";
    serveup("decay --deliveries 2 -f jsonl").stdout(jsonl).run();
}

#[test]
fn a_table_draws_the_escalator() {
    let text = "   worth                               if missed
1  6 unbelievable                      3 expected
2      5 surprising                    3 expected
3          4 desired                   3 expected
4              3 expected              2 basic
5                  2 basic             1 criminal
6                  2 basic             1 criminal

By the rule, not a forecast. \"If missed\" is what leaving it out would be,
instead of that delivery.
";
    serveup("decay -f table").stdout(text).run();
    let text = "   when              worth                               if missed
1  2026-01-05 00:00  6 unbelievable                      3 expected
2  2026-02-05 00:00      5 surprising                    3 expected

By the rule, not a forecast. \"If missed\" is what leaving it out would be,
instead of that delivery.
";
    serveup("decay -f table --deliveries 2 --from 2026-01-05 --every 1mo").stdout(text).run();
    // people read the time of their zone
    let run = serveup("decay -f table --deliveries 2 --from 2026-01-05 --every 1mo --timezone Asia/Tokyo");
    run.stdout(text).run();
}

#[test]
fn rules_of_ones_own_are_kept() {
    let rules = "[[levels]]\nname = \"unbelievable\"\nlasts = 2\n[[levels]]\nname = \"desired\"\nlasts = 3\n";
    let run = || serveup("decay -f csv --no-header --deliveries 7").file("rules.toml", rules);
    let expected = ["unbelievable", "unbelievable", "surprising", "desired", "desired", "desired", "expected"];
    let ran = run().arg("--levels").arg("rules.toml").any_stdout().run();
    let levels: Vec<&str> = ran.stdout.lines().filter_map(|row| row.split(',').nth(2)).collect();
    assert_eq!(levels, expected);
    let text = run().env("SERVEUP_LEVELS", "rules.toml").any_stdout().run().stdout;
    assert_eq!(text, ran.stdout);
}

#[test]
fn what_is_forgotten_in_between_is_new_again() {
    // a gap of 7 days is more than a memory of 5 and no more than one of 7
    let run = |days: u32, levels: &[&str]| {
        let run = serveup("decay --deliveries 3 --from 2026-01-05 --every 7d -f tsv --no-header --levels rules.toml");
        let ran = run.file("rules.toml", format!("[escalator]\nmemory_days = {days}\n")).any_stdout().run();
        let found: Vec<&str> = ran.stdout.lines().filter_map(|row| row.split('\t').nth(2)).collect();
        assert_eq!(found, levels, "a memory of {days} days");
    };
    run(7, &["unbelievable", "surprising", "desired"]);
    run(5, &["unbelievable", "unbelievable", "unbelievable"]);
}

#[test]
fn wrong_flags_are_refused() {
    for (flags, said) in [
        ("--level Basic", "a similar value exists: 'basic'"),
        ("--deliveries 0", "invalid value '0' for '--deliveries <N>'"),
        ("--deliveries 10001", "invalid value '10001' for '--deliveries <N>'"),
        ("--from 2026-01-05", "--from needs --every, the time from one delivery to the next, like --every 7d\n"),
        ("--every 7d", "--from <DATE|PRESET>"),
        ("--from 2026-01-05 --jq .", "the argument '--from <DATE|PRESET>' cannot be used with '--jq <EXPR>'"),
        ("--first-by id", "--first-by needs records; name a file of interactions"),
        ("--from 2026-01-05 --every weekly", "write a length of time, like 7d, 2w, 36h or 1mo"),
        ("--from 2026-01-05 --every 0d", "write a length of time, like 7d, 2w, 36h or 1mo"),
        ("--from 2026-01-05 --every=-7d", "write a length of time, like 7d, 2w, 36h or 1mo"),
        (
            "--from 2026-02-30 --every 7d",
            "serveup: --from: cannot read \"2026-02-30\" as a date; there is no such day or time, so correct it\n",
        ),
        (
            "--from soon --every 7d",
            "serveup: --from: cannot read \"soon\" as a date; write it like 2026-01-05 or 2026-01-05 09:30Z\n",
        ),
        ("--timezone Mars/Base", "serveup: --timezone: unknown time zone \"Mars/Base\""),
        (
            "--from 9999-12-01 --every 30d",
            "serveup: the last delivery would be after the year 9999; use fewer --deliveries or a shorter --every\n",
        ),
    ] {
        serveup(&format!("decay {flags}")).status(2).stderr_has(said).run();
    }
}
