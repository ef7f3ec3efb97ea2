//! `--keep-going` with its rejects, and the notes: nothing is dropped without being counted.

use crate::harness::{lines, serveup};

/// Good, bad in three ways, good.
const MIXED: &str = r#"{"id":"g1","recipient":"acme","point":"p"}
{"id":"b1","recipient":"acme","point":null}
{"id":"b2","recipient":"acme","point":"p","verdict":"Basic"}
  {"id":"b3","recipient" "acme"}
{"id":"g2","recipient":"acme","point":"p"}
"#;

/// What is said about the bad ones, with the lines they stand on.
fn said(file: &str, lines: [u64; 3], records: [u64; 3], indent: usize) -> String {
    let [one, two, three] = lines;
    let [first, second, third] = records;
    let column = 24 + indent;
    format!(
        "rejected: {file}:{one}:39: record {first} (id \"b1\"): point: is null; write where it happened, like pick-up\n\
         rejected: {file}:{two}:53: record {second} (id \"b2\"): verdict: unknown verdict \"Basic\"; did you mean \"basic\"?\n\
         rejected: {file}:{three}:{column}: record {third}: a colon is missing here, between a name and its value\n"
    )
}

#[test]
fn the_rest_is_rated_and_the_rejects_are_told() {
    let run = || serveup("rate in -f json --keep-going").file("in", MIXED).columns("id", &["g1", "g2"]);
    let told = said("in", [2, 3, 4], [2, 3, 4], 2) + "accepted 2 of 5 records, rejected 3\n";
    run().stderr(&told).run();
    // the notes fall silent, the rejects do not
    run().arg("--quiet").stderr(&told).run();
    run().arg("--in-order").stderr(&told).run();
}

#[test]
fn without_keep_going_nothing_is_rated() {
    serveup("rate in").file("in", MIXED).status(2).stderr_has("serveup: in:2:39: record 2 (id \"b1\")").run();
}

#[test]
fn the_rejects_file_holds_them_as_they_were_and_replays() {
    let bad: Vec<&str> = MIXED.lines().filter(|line| line.contains("\"b")).map(str::trim).collect();
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", MIXED);
    let ran = ran.columns("id", &["g1", "g2"]).stderr_has("accepted 2 of 5 records, rejected 3\n").run();
    assert_eq!(ran.read("bad"), lines(&bad));
    // nothing repaired, nothing changed: the same rejects, and nothing left to rate
    let again = said("bad", [1, 2, 3], [1, 2, 3], 0)
        + "accepted 0 of 3 records, rejected 3\nserveup: every record was rejected\n";
    let ran = ran.then("rate bad --keep-going --rejects worse").status(2).stderr(again).run();
    assert_eq!(ran.read("worse"), ran.read("bad"));
    // repaired, they are rated
    let good = ran
        .read("bad")
        .replace("null", "\"p\"")
        .replace("Basic", "basic")
        .replace("\" \"acme\"", "\":\"acme\",\"point\":\"p\"");
    ran.then("rate good -f json").file("good", good).columns("id", &["b1", "b2", "b3"]).run();
}

#[test]
fn records_of_an_array_replay_as_lines() {
    let array = "[{\"recipient\":\"a\",\"point\":\"p\"},\n {\"recipient\":\"b\", \"point\":\n7},{\"recipient\":\"c\"},\n{\"recipient\":[]},{\"recipient\":\"d\",\"point\":\"p\"}]";
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", array);
    let told = "rejected: in:3:4: record 3: point: is missing; write where it happened, like pick-up\n\
                rejected: in:4:14: record 4: recipient: is an empty list; write who was served\n\
                accepted 3 of 5 records, rejected 2\n";
    let ran = ran.columns("recipient", &["a", "b", "d"]).stderr(told).run();
    assert_eq!(ran.read("bad"), "{\"recipient\":\"c\"}\n{\"recipient\":[]}\n");
}

#[test]
fn the_rest_of_a_broken_array_is_one_reject() {
    let array =
        "[{\"recipient\":\"a\",\"point\":\"p\"},\n{\"recipient\" \"b\"},\n{\"recipient\":\"c\",\"point\":\"p\"}]";
    let told = "rejected: in:2:14: record 2: a colon is missing here, between a name and its value; the rest of the file is not read\naccepted 1 of 2 records, rejected 1\n";
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", array);
    let ran = ran.columns("recipient", &["a"]).stderr(told).run();
    assert_eq!(ran.read("bad"), "{\"recipient\" \"b\"},\n{\"recipient\":\"c\",\"point\":\"p\"}]\n");
    // the files after it are read
    let ran = ran.then("rate in more -f json --keep-going").file("more", "recipient,point\nd,p\n");
    ran.columns("recipient", &["a", "d"]).stderr(told.replace("1 of 2", "2 of 3")).run();
}

#[test]
fn of_a_duplicate_id_the_later_is_rejected() {
    let records = r#"{"id":"x","recipient":"first","point":"p"}
{"id":"y","recipient":"other","point":"p"}
{"id":"x","recipient":"second","point":"p"}
"#;
    let told = "rejected: in:3:1: record 3 (id \"x\"): id: \"x\" was already used on line 1; give every record an id of its own\n\
                accepted 2 of 3 records, rejected 1\n";
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", records);
    let ran = ran.columns("recipient", &["first", "other"]).stderr(told).run();
    assert_eq!(ran.read("bad"), "{\"id\":\"x\",\"recipient\":\"second\",\"point\":\"p\"}\n");
}

#[test]
fn an_id_of_a_rejected_record_is_free() {
    let records = "{\"id\":\"x\",\"recipient\":\"a\"}\n{\"id\":\"x\",\"recipient\":\"a\",\"point\":\"p\"}\n";
    let run = serveup("rate in -f json --keep-going").file("in", records).columns("id", &["x"]);
    run.stderr_has("accepted 1 of 2 records, rejected 1\n").run();
}

#[test]
fn a_rejected_record_does_not_decide_whether_there_are_times() {
    // under --strict the first is rejected for a field nobody knows; the others have times, as all that are left
    let records = r#"{"mood":1,"recipient":"a","point":"p"}
{"recipient":"b","point":"p","at":"2026-01-05"}
{"recipient":"c","point":"p","at":"2026-01-06"}
"#;
    let run =
        serveup("rate in -f json --keep-going --strict --quiet").file("in", records).columns("recipient", &["b", "c"]);
    run.stderr_has("accepted 2 of 3 records, rejected 1\n").run();
}

#[test]
fn rejects_of_csv_keep_the_header() {
    let csv = "id,recipient,point,said\r\n1,a,p,ok\r\n2,,p,\"no,\r\nbody\"\r\n3,b,p\r\n4,c,p,ok\r\n";
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", csv).columns("id", &["1", "4"]);
    let told = "rejected: in:3:3: record 2 (id \"2\"): recipient: is empty; write who was served\n\
                rejected: in:5:6: record 3 (id \"3\"): has 3 cells, but the header has 4; add the missing ones\n\
                accepted 2 of 4 records, rejected 2\n";
    let ran = ran.stderr(told).run();
    assert_eq!(ran.read("bad"), "id,recipient,point,said\n2,,p,\"no,\r\nbody\"\n3,b,p\n");
    let again = told.replace("in:3:3: record 2", "bad:2:3: record 1").replace("in:5:6: record 3", "bad:4:6: record 2");
    let again = again.replace("accepted 2 of 4", "accepted 0 of 2") + "serveup: every record was rejected\n";
    let ran = ran.then("rate bad --keep-going --rejects worse").status(2).stderr(again).run();
    assert_eq!(ran.read("worse"), ran.read("bad"));
}

#[test]
fn empty_cells_at_the_ends_of_a_rejected_row_stay() {
    let tsv = "verdict\trecipient\tpoint\tsaid\n\ta\tp\t\n\t\tp\t\n";
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", tsv).columns("recipient", &["a"]);
    let ran = ran.stderr_has("recipient: is empty").run();
    assert_eq!(ran.read("bad"), "verdict\trecipient\tpoint\tsaid\n\t\tp\t\n");
}

#[test]
fn rejects_of_two_files_of_one_header_have_it_once() {
    let ran = serveup("rate a b --keep-going --rejects bad -f json");
    let ran = ran.file("a", "recipient,point\na,p\nb\n").file("b", "recipient,point\nc,p,q\nd,p\n");
    let ran = ran.columns("recipient", &["a", "d"]).stderr_has("accepted 2 of 4 records, rejected 2\n").run();
    assert_eq!(ran.read("bad"), "recipient,point\nb\nc,p,q\n");
    // of different forms they could not be replayed together
    let said =
        "serveup: c: --rejects cannot hold both tables and JSON, or different tables; run these files one by one\n";
    let run = ran.then("rate a c --keep-going --rejects bad2").file("c", "point,recipient\np,a\n");
    let ran = run.status(2).stderr_has(said).run();
    assert!(!ran.names().contains(&"bad2".to_owned()));
}

#[test]
fn no_reject_leaves_an_empty_file() {
    let run = serveup("rate in --keep-going --rejects bad -f json").file("in", r#"{"recipient":"a","point":"p"}"#);
    let ran = run.columns("recipient", &["a"]).stderr("accepted 1 of 1 record, rejected 0\n").run();
    assert_eq!(ran.read("bad"), "");
}

#[test]
fn after_twenty_rejects_the_rest_is_counted() {
    for (bad, told) in [(20, 20), (21, 20), (1234, 20)] {
        let good = "{\"recipient\":\"a\",\"point\":\"p\"}\n";
        let run = serveup("rate in --keep-going --rejects bad -f json");
        let ran =
            run.file("in", lines(vec!["{}"; bad]) + good).columns("recipient", &["a"]).stderr_has("rejected: ").run();
        let lines: Vec<&str> = ran.stderr.lines().collect();
        let named = lines.iter().filter(|line| line.starts_with("rejected: in:")).count();
        assert_eq!(named, told);
        let rest = match bad - told {
            0 => None,
            1 => Some("rejected: 1 more record"),
            _ => Some("rejected: 1,214 more records"),
        };
        assert_eq!(lines.get(told).filter(|_| bad > told), rest.as_ref());
        let (all, bad_in_words) = if bad == 1234 {
            ("1,235".to_owned(), "1,234".to_owned())
        } else {
            ((bad + 1).to_string(), bad.to_string())
        };
        let last = *lines.last().expect("counts");
        assert_eq!(
            last.replace("rejected 1234", "rejected 1,234"),
            format!("accepted 1 of {all} records, rejected {bad_in_words}")
        );
        assert_eq!(ran.read("bad").lines().count(), bad);
    }
}

#[test]
fn when_nothing_is_left_the_status_is_two() {
    let told = "rejected: in:1:1: record 1: recipient: is missing; write who was served\n\
                accepted 0 of 1 record, rejected 1\n\
                serveup: every record was rejected\n";
    let ran =
        serveup("rate in --keep-going --rejects bad --fail-on-failure").file("in", "{}").status(2).stderr(told).run();
    assert_eq!(ran.read("bad"), "{}\n");
    // no record at all is another thing
    ran.then("rate none --keep-going -f json")
        .file("none", "[]")
        .stdout("[]\n")
        .stderr("note: none: no records found\naccepted 0 of 0 records, rejected 0\n")
        .run();
}

#[test]
fn rejects_need_keep_going() {
    let run = serveup("rate in --rejects bad").file("in", "[]").status(2);
    run.stderr_has("required arguments were not provided:\n  --keep-going").run();
}

#[test]
fn strict_rejects_what_it_would_refuse() {
    let records = r#"{"id":"1","recipient":"a","point":"p","mood":"good"}
{"id":"2","recipient":"a","point":"p","recovers":"1"}
{"id":"3","recipient":"a","point":"p","recovers":"2"}
{"id":"4","recipient":"a","point":"p"}
"#;
    // 1 for its field; 2 because 1, which it recovers, is not among the records that are left
    let run = serveup("rate in --strict --keep-going --rejects bad --quiet -f json").file("in", records);
    let ran = run
        .columns("id", &["3", "4"])
        .stderr_has("rejected: in:1:1: record 1 (id \"1\"): mood: unknown field \"mood\"");
    let ran = ran.stderr_has(
        "rejected: in:2:1: record 2 (id \"2\"): recovers: no record has the id \"1\"; correct it, or leave --strict out\n",
    );
    let ran = ran.stderr_has("accepted 2 of 4 records, rejected 2\n").run();
    assert_eq!(ran.read("bad"), lines(records.lines().take(2)));
}

// ── Notes ───────────────────────────────────────────────────────────────────

#[test]
fn notes_come_once_each_with_a_count() {
    let records = r#"{"recipient":"a","point":"p","mood":1,"weather":{}}
{"recipient":"a","point":"p","mood":2,"recovers":"x"}
{"recipient":"a","point":"p","signals":["unexpected"],"value":["time"],"recovers":"y"}
{"recipient":"a","point":"p","signals":["astonishing"],"value":["time"]}
{"recipient":"a","point":"p","signals":["as-hoped"]}
{"recipient":"a","point":"p","signals":["unexpected"]}
{"recipient":"a","point":"p","action":"n","signals":["unexpected"],"value":["time"]}
"#;
    let run = || serveup("rate in -f json").file("in", records).any_stdout();
    // desired does not ride, a surprise without value does not count, and a named act can be seen
    let notes = "note: 2 records recover failures that are not in the input; the first is \"x\" on line 2\n\
                 note: unknown field \"mood\" in 2 records is ignored\n\
                 note: unknown field \"weather\" in 1 record is ignored\n\
                 note: 2 delights have no `action`, so their repeats cannot be tracked\n";
    run().stderr(notes).run();
    run().arg("--quiet").run();
    run().arg("-q").run();
    let one = r#"{"recipient":"a","point":"p","signals":["unexpected"],"value":["time"],"recovers":"y"}"#;
    let notes = "note: 1 record recovers a failure that is not in the input: \"y\" on line 1\n\
                 note: 1 delight has no `action`, so its repeats cannot be tracked\n";
    serveup("rate in -f json").file("in", one).any_stdout().stderr(notes).run();
}

#[test]
fn what_is_taken_back_has_not_been_done() {
    // under --strict the first is rejected once all is read, for what it recovers is not there: the second is the first
    let gift = |more: &str| {
        format!(r#"{{"recipient":"a","point":"p","action":"note","signals":["unexpected"],"value":["time"]{more}}}"#)
    };
    let records = format!("{}\n{}\n", gift(r#","recovers":"nothing""#), gift(""));
    let run = |flags: &str| serveup(&format!("rate in -f json --quiet {flags}")).file("in", &records);
    run("").columns("level reason", &["surprising facts", "desired repeat"]).run();
    let run = run("--strict --keep-going --threads 2").columns("level reason", &["surprising facts"]);
    run.stderr_has("accepted 1 of 2 records, rejected 1\n").run();
}

#[test]
fn what_is_taken_back_is_in_no_report() {
    // the last in time is rejected under --strict, for what it recovers is not there: without it no act is overdue,
    // no month is the latest, and no point is its own
    let gift = |day: &str| {
        format!(
            r#"{{"id":"{day}","at":"2026-01-{day}","recipient":"a","point":"p","action":"note","signals":["unexpected"],"value":["time"]}}"#
        )
    };
    let left = lines(["01", "08", "15"].map(gift));
    let last = r#"{"id":"x","at":"2026-06-15","recipient":"b","point":"q","action":"call","recovers":"nothing"}"#;
    let all = format!("{left}{last}\n");
    for report in
        ["decay", "journey", "journey --by recipient", "uplift", "recovery", "next", "calibrate", "check p", "report"]
    {
        let format = if report == "report" { "" } else { "-f json" };
        let run = |records: &str, took: &str| {
            let run = serveup(&format!("{report} in --strict --keep-going --quiet {format}"));
            let ran = run.file("in", records).any_stdout().stderr_has(took).run();
            ran.stdout
        };
        let taken_back = run(&all, "accepted 3 of 4 records, rejected 1\n");
        assert_eq!(taken_back, run(&left, "accepted 3 of 3 records, rejected 0\n"), "{report}");
    }
}

#[test]
fn a_column_that_means_nothing_is_noted_once_a_record() {
    // columns without a name, as spreadsheets leave them, are told where they hold something
    let notes = "note: unknown field \"column 3\" in 2 records is ignored\n\
                 note: unknown field \"column 5\" in 1 record is ignored\n\
                 note: unknown field \"mood\" in 2 records is ignored\n";
    let csv = "recipient,point,,mood,\na,p,1,2,3\nb,p,1,2,\n";
    serveup("rate in -f json").file("in", csv).columns("recipient", &["a", "b"]).stderr(notes).run();
}

#[test]
fn very_many_unknown_fields_are_not_all_listed() {
    let fields: Vec<String> = (0..200).map(|number| format!("\"f{number}\":0")).collect();
    let record = format!(r#"{{"recipient":"a","point":"p",{}}}"#, fields.join(","));
    let ran = serveup("rate in -f json")
        .file("in", record)
        .any_stdout()
        .stderr_has("note: unknown field \"f0\" in 1 record is ignored\n")
        .run();
    assert!(ran.stderr.lines().count() <= 51, "{}", ran.stderr);
    assert!(ran.stderr.contains("150 times"), "{}", ran.stderr);
}
