//! `serveup rate`: the rows in every format, the window of time, the order.

use serde_json::{Value, json};

use crate::harness::{FORMATS, Ran, cell, example, lines, serveup, skipped};

/// A surprise, its repeat, and a moment about which the recipient has a word of their own.
const STORY: &str = r#"{"id":"n1","at":"2026-01-05","recipient":"acme","journey":"care","point":"thanks","action":"note","signals":["unexpected"],"value":["felt-good"]}
{"id":"n2","at":"2026-01-12","recipient":"acme","journey":"care","point":"thanks","action":"note","claimed":"surprising"}
{"id":"n3","at":"2026-01-19","recipient":"bolt","point":"parcel","signals":["late"],"verdict":"expected"}
"#;

/// The note every week, four times: surprising, desired, expected, basic.
const WEEKLY: &str = r#"{"id":"w1","at":"2026-01-05","recipient":"acme","point":"thanks","action":"note","signals":["unexpected"],"value":["time"]}
{"id":"w2","at":"2026-01-12T23:59:59Z","recipient":"acme","point":"thanks","action":"note"}
{"id":"w3","at":"2026-01-19","recipient":"acme","point":"thanks","action":"note"}
{"id":"w4","at":"2026-01-26","recipient":"acme","point":"thanks","action":"note"}
"#;

const HEADER: [&str; 15] = [
    "id",
    "at",
    "recipient",
    "point",
    "action",
    "level",
    "rank",
    "assessed",
    "evidence",
    "standing",
    "next",
    "reason",
    "failure",
    "claimed",
    "gap",
];

#[test]
fn tsv_is_the_default_in_a_pipe() {
    let rows = lines([
        HEADER.join("\t").as_str(),
        "n1\t2026-01-05\tacme\tcare/thanks\tnote\tsurprising\t5\tsurprising\tsurprising\t\tdesired\tfacts\tfalse\t\t",
        "n2\t2026-01-12\tacme\tcare/thanks\tnote\tdesired\t4\tdesired\texpected\tdesired\texpected\trepeat\tfalse\tsurprising\t1",
        "n3\t2026-01-19\tbolt\tparcel\t\texpected\t3\tbasic\tbasic\t\t\tverdict\tfalse\t\t",
    ]);
    serveup("rate in").file("in", STORY).stdout(&rows).run();
    serveup("rate in --format tsv").file("in", STORY).stdout(rows).run();
}

#[test]
fn json_explains_every_row() {
    let rows = json!([
        {
            "id": "n1", "at": "2026-01-05", "recipient": "acme", "point": "care/thanks", "action": "note",
            "level": "surprising", "rank": 5, "assessed": "surprising", "evidence": "surprising", "standing": null,
            "next": "desired", "reason": "facts", "failure": false, "claimed": null, "gap": null,
            "value": ["emotional"], "near_miss": null, "why": ["noted: unexpected (surprising)"],
        },
        {
            "id": "n2", "at": "2026-01-12", "recipient": "acme", "point": "care/thanks", "action": "note",
            "level": "desired", "rank": 4, "assessed": "desired", "evidence": "expected", "standing": "desired",
            "next": "expected", "reason": "repeat", "failure": false, "claimed": "surprising", "gap": 1,
            "value": null, "near_miss": null,
            "why": ["nothing was noted", "time 2 since it was surprising: worth desired now"],
        },
        {
            "id": "n3", "at": "2026-01-19", "recipient": "bolt", "point": "parcel", "action": null,
            "level": "expected", "rank": 3, "assessed": "basic", "evidence": "basic", "standing": null,
            "next": null, "reason": "verdict", "failure": false, "claimed": null, "gap": null,
            "value": null, "near_miss": null,
            "why": ["the recipient called it expected, by the rules it would be basic", "noted: late (basic)"],
        },
    ]);
    let ran = serveup("rate in -f json").file("in", STORY).json(rows.clone()).run();
    let jsonl = ran.then("rate in -f jsonl").any_stdout().run();
    let objects: Vec<Value> = jsonl.stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(Value::from(objects), rows);
    // fields come in the order of the contract
    let order =
        HEADER.into_iter().chain(["value", "near_miss", "why"]).map(|name| jsonl.stdout.find(&format!("\"{name}\":")));
    assert!(order.is_sorted_by(|one, other| one.is_some() && one < other));
}

#[test]
fn all_formats_carry_the_same_values() {
    for name in ["shop.json", "agency.json", "escalator.jsonl", "escalator.csv", "helpdesk.jsonl"] {
        let run = |format: &str| {
            let path = example(name).display().to_string();
            serveup(&format!("rate --quiet {format}")).arg(path).any_stdout().run()
        };
        let rows = run("-f json").rows();
        for (brief, names) in [(true, &HEADER[..]), (false, &[&HEADER[..], &["value", "near_miss", "why"]].concat())] {
            let expected: Vec<Vec<String>> =
                rows.iter().map(|row| names.iter().map(|name| cell(&row[name])).collect()).collect();
            let why = if brief { "" } else { "--why" };
            let tsv = table_of(&run(&format!("-f tsv {why}")), b'\t');
            let csv = table_of(&run(&format!("-f csv {why}")), b',');
            assert_eq!(tsv[0], names);
            assert_eq!(tsv[1..], expected, "{name}");
            assert_eq!(csv, tsv, "{name}");
            let bare = table_of(&run(&format!("-f csv --no-header {why}")), b',');
            assert_eq!(bare, csv[1..], "{name}");
        }
        let lines = run("-f jsonl").stdout;
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(lines, rows, "{name}");
    }
}

/// The cells of a printed tsv or csv without escapes in it.
fn table_of(ran: &Ran, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).delimiter(delimiter).quoting(delimiter == b',');
    let mut reader = reader.from_reader(ran.stdout.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_table_is_for_people() {
    let table = "\
id  when        who   where        level             why
n1  2026-01-05  acme  care/thanks   5 surprising     unexpected
n2  2026-01-12  acme  care/thanks   4 desired, slid  time 2 since surprising
n3  2026-01-19  bolt  parcel        3 expected       their own word

3 interactions: 1 expected, 1 desired (1 only slid), 1 surprising; 0 failures
";
    let ran = serveup("rate in -f table").file("in", STORY).stdout(table).run();
    let headless = table.split_once('\n').expect("a header").1;
    ran.then("rate in -f table --no-header").stdout(headless).run();
}

#[test]
fn a_long_table_has_one_header_and_one_line_of_counts() {
    let record = r#"{"recipient":"acme","point":"parcel","signals":["on-time"]}"#;
    let ran = serveup("rate in -f table").file("in", lines(vec![record; 1234])).any_stdout().run();
    assert_eq!(ran.stdout.matches("when ").count(), 1);
    assert_eq!(ran.stdout.matches(" 3 expected  on-time\n").count(), 1234);
    assert!(ran.stdout.ends_with("\n\n1,234 interactions: 1,234 expected; 0 failures\n"));
}

#[test]
fn what_would_break_a_row_is_escaped() {
    let record = r#"{"id":"a\tb","recipient":"c\\d","point":"e\nf\rg","action":"say \"hi\", you"}"#;
    let tail = |cells: &[&str], by: &str| cells.join(by);
    let rest = ["expected", "3", "expected", "expected", "", "", "unremarked", "false", "", ""];
    let tsv = format!("a\\tb\t\tc\\\\d\te\\nf\\rg\tsay \"hi\", you\t{}\n", tail(&rest, "\t"));
    let csv = format!("a\tb,,c\\d,\"e\nf\rg\",\"say \"\"hi\"\", you\",{}\n", tail(&rest, ","));
    serveup("rate in -f tsv --no-header").file("in", record).stdout(tsv).run();
    serveup("rate in -f csv --no-header").file("in", record).stdout(csv).run();
}

#[test]
fn no_record_is_no_row_in_every_format() {
    let (tsv, csv) = (HEADER.join("\t") + "\n", HEADER.join(",") + "\n");
    for (flags, stdout) in [
        ("-f tsv", tsv.as_str()),
        ("-f tsv --no-header", ""),
        ("-f csv", csv.as_str()),
        ("-f csv --no-header", ""),
        ("-f tsv --in-order", tsv.as_str()),
        ("-f json", "[]\n"),
        ("-f json --no-header", "[]\n"),
        ("-f jsonl", ""),
        ("-f table", "no interactions to report\n"),
    ] {
        for none in ["[]", " [ ]\n", r#"{"recipients": [], "interactions": []}"#, "recipient,point\n"] {
            let run = serveup(&format!("rate {flags} in")).file("in", none);
            run.stdout(stdout).stderr("note: in: no records found\n").run();
        }
    }
    let why = csv.replace("gap\n", "gap,value,near_miss,why\n");
    serveup("rate -f csv --why in").file("in", "[]").stdout(why).stderr("note: in: no records found\n").run();
}

#[test]
fn times_are_given_back_as_written() {
    let written = ["2026-01-05", "2026-01-05T10:00:00+01:00", "2026-01-05 09:00:00.5Z", "2016-12-31T23:59:60Z"];
    let records = written.map(|at| format!(r#"{{"recipient":"acme","point":"p","at":"{at}"}}"#));
    serveup("rate in -f json").file("in", lines(records)).columns("at", &written).run();
}

#[test]
fn since_leaves_rows_out_and_keeps_the_history() {
    let run = |flags: &str, rows: &[&str]| {
        serveup(&format!("rate -f json {flags} in")).file("in", WEEKLY).columns("id level", rows).run();
    };
    run("", &["w1 surprising", "w2 desired", "w3 expected", "w4 basic"]);
    // what came before still moves the escalator
    run("--since 2026-01-19", &["w3 expected", "w4 basic"]);
    run("--since 2026-01-19T00:00:01Z", &["w4 basic"]);
    // a date lasts through its end, an instant is the first that is left out
    run("--until 2026-01-12", &["w1 surprising", "w2 desired"]);
    run("--until 2026-01-12T23:59:59Z", &["w1 surprising"]);
    run("--until 2026-01-12T23:59:59.000001Z", &["w1 surprising", "w2 desired"]);
    run("--since 2026-01-06 --until 2026-01-19", &["w2 desired", "w3 expected"]);
    run("--since 2027-01-01", &[]);
    run("--since 2026-01-19 --in-order", &["w3 expected", "w4 basic"]);
    run("--until 2026-01-12 --in-order", &["w1 surprising", "w2 desired"]);
}

#[test]
fn bounds_are_read_in_the_zone() {
    // 03:00 in London is 22:00 of the day before in New York
    let record = r#"{"id":"x","recipient":"acme","point":"p","at":"2026-01-06T03:00:00Z"}"#;
    let run = |flags: &str, rows: &[&str]| {
        serveup(&format!("rate -f json {flags} in")).file("in", record).columns("id", rows).run();
    };
    run("--since 2026-01-06", &["x"]);
    run("--since 2026-01-06 --timezone America/New_York", &[]);
    run("--until 2026-01-05", &[]);
    run("--until 2026-01-05 --timezone America/New_York", &["x"]);
}

#[test]
fn a_window_of_time_needs_times() {
    let said = "serveup: --since and --until need `at`, but the records have none\n";
    for flag in ["--since", "--until"] {
        let timeless = r#"{"recipient":"acme","point":"p"}"#;
        serveup(&format!("rate {flag} 2026-01-05 in")).file("in", timeless).status(2).stderr(said).run();
        let form = "write it like 2026-01-05 or 2026-01-05 09:30Z, or a period like 2026-02, 2026-Q1, 2026-W05 or 2026";
        let said = format!("serveup: {flag}: cannot read \"yesterday\" as a date; {form}\n");
        serveup(&format!("rate {flag} yesterday in")).file("in", WEEKLY).status(2).stderr(said).run();
        // of no records nobody can say that they have no times
        serveup(&format!("rate {flag} 2026-01-05 -f json in"))
            .file("in", "[]")
            .stdout("[]\n")
            .stderr("note: in: no records found\n")
            .run();
    }
}

#[test]
fn a_zone_decides_when_dates_begin() {
    // the day begins in Auckland at 11:00 UTC of the day before, so there the dated moment is the first
    let records = r#"{"id":"dated","at":"2026-01-05","recipient":"acme","point":"p","action":"note","signals":["unexpected"],"value":["time"]}
{"id":"timed","at":"2026-01-04T12:00:00Z","recipient":"acme","point":"p","action":"note","signals":["unexpected"],"value":["time"]}
"#;
    let ran = serveup("rate in -f json").file("in", records);
    let ran = ran.columns("id level", &["dated desired", "timed surprising"]).run();
    let zoned = ran.then("rate in -f json --timezone Pacific/Auckland");
    zoned.columns("id level", &["dated surprising", "timed desired"]).run();
}

#[test]
fn a_zone_reads_times_without_offset() {
    // 00:30 in Berlin is 23:30 UTC of the day before, in January
    let records = r#"{"id":"b","at":"2026-01-05T00:30:00","recipient":"acme","point":"p"}"#;
    let run = |flags: &str| serveup(&format!("rate in -f json --timezone Europe/Berlin {flags}")).file("in", records);
    run("--until 2026-01-04T23:30:00Z").columns("id at", &[]).run();
    run("--until 2026-01-04T23:30:01Z").columns("id at", &["b 2026-01-05T00:30:00"]).run();
}

#[test]
fn order_in_the_file_does_not_matter_where_times_differ() {
    for name in ["helpdesk.jsonl", "escalator.jsonl"] {
        let text = std::fs::read_to_string(example(name)).expect("an example");
        let sorted: Vec<&str> = text.lines().collect();
        let mut shuffled = sorted.clone();
        // Fisher-Yates with a small generator, the same every time
        let mut state = 0x5EED_u64;
        for last in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = (state >> 33) as usize % (last + 1);
            shuffled.swap(last, other);
        }
        assert_ne!(sorted, shuffled);
        let ran = serveup("rate --quiet -f jsonl sorted").file("sorted", lines(&sorted)).any_stdout().run();
        let other = ran.then("rate --quiet -f jsonl shuffled").file("shuffled", lines(&shuffled)).any_stdout().run();
        let by_id = |ran: &Ran| {
            let mut rows: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
            rows.sort();
            rows
        };
        assert_eq!(by_id(&ran), by_id(&other));
        // rows come in the order of the input
        let first: Value = serde_json::from_str(other.stdout.lines().next().expect("a row")).expect("an object");
        assert!(shuffled[0].contains(&format!("\"id\":{}", first["id"])));
    }
}

#[test]
fn equal_times_and_no_times_count_in_the_order_of_the_input() {
    let record = |id: &str, at: &str| {
        format!(
            r#"{{"id":"{id}",{at}"recipient":"acme","point":"p","action":"note","signals":["unexpected"],"value":["time"]}}"#
        )
    };
    for at in ["", r#""at":"2026-01-05","#] {
        let records = lines(["first", "second", "third"].map(|id| record(id, at)));
        let rows = ["first surprising", "second desired", "third expected"];
        serveup("rate in -f json").file("in", records).columns("id level", &rows).run();
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in FORMATS {
        let run = || {
            let path = example("helpdesk.jsonl").display().to_string();
            serveup(&format!("rate -f {format}")).arg(path).any_stdout().stderr_has("").run().stdout
        };
        assert_eq!(run(), run());
    }
}

#[test]
fn in_order_prints_the_same_rows() {
    for name in ["helpdesk.jsonl", "escalator.csv", "shop.json"] {
        for format in ["tsv", "csv --why", "json", "table"] {
            let run = |flag: &str| {
                let path = example(name).display().to_string();
                serveup(&format!("rate --quiet {flag} -f {format}")).arg(path).any_stdout().run().stdout
            };
            assert_eq!(run(""), run("--in-order"), "{name} as {format}");
        }
    }
}

#[test]
fn a_broken_promise_of_order_says_how_many_rows_had_left() {
    let records = lines(
        ["2026-01-05", "2026-01-12", "2026-01-11"]
            .map(|at| format!(r#"{{"id":"{at}","recipient":"acme","point":"p","at":"{at}"}}"#)),
    );
    let said = "serveup: in:3:1: record 3 (id \"2026-01-11\"): at: is before 2026-01-12T00:00:00Z, the time of an earlier \
                record; leave --in-order out (2 rows printed before)\n";
    let ran = serveup("rate in --in-order").file("in", &records).status(2);
    ran.stdout_has("2026-01-05\t").stdout_has("2026-01-12\t").stderr(said).run();
}

#[test]
fn a_bad_record_in_order_says_how_many_rows_had_left() {
    let records = "{\"recipient\":\"acme\",\"point\":\"p\"}\n{\"recipient\":\"acme\"}\n";
    let said =
        "serveup: in:2:1: record 2: point: is missing; write where it happened, like pick-up (1 row printed before)\n";
    let ran = serveup("rate in --in-order").file("in", records).status(2).stdout_has("\tacme\tp\t");
    ran.stderr(said).run();
}

#[test]
fn with_an_output_file_a_broken_promise_leaves_nothing() {
    let records =
        lines(["2026-01-12", "2026-01-05"].map(|at| format!(r#"{{"recipient":"a","point":"p","at":"{at}"}}"#)));
    let ran = serveup("rate in --in-order -o out").file("in", records).status(2).stderr_has("is before").run();
    assert_eq!(ran.names(), ["in"]);
}

#[test]
fn real_incidents_are_rated_whole() {
    let path = "../shared/data/servicenow-incidents.jsonl";
    if !std::path::Path::new(path).exists() {
        return skipped("the real incidents are not here");
    }
    let path = std::fs::canonicalize(path).expect("a path").display().to_string();
    let ran = serveup("rate --no-header -f tsv --quiet").arg(path).any_stdout().run();
    let levels: Vec<&str> = ran.stdout.lines().filter_map(|row| row.split('\t').nth(5)).collect();
    assert_eq!(levels.len(), 24_918);
    // as many as there are records with a shortfall
    assert_eq!(levels.iter().filter(|level| **level == "basic").count(), 9_182);
}
