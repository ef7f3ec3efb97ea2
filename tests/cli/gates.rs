//! Gates for scripts: what must not be among the reported interactions.

use std::io::{BufRead, BufReader, Read};

use crate::harness::{FORMATS, full_disk, lines, serveup};

/// A note that slides to basic by being done; the last time it is left out.
fn slide(times: usize) -> String {
    let first = r#"{"id":"1","recipient":"a","point":"p","action":"note","signals":["unexpected"],"value":["time"]}"#
        .to_owned();
    let next =
        |id: usize| format!(r#"{{"id":"{id}","recipient":"a","point":"p","action":"note","signals":["on-time"]}}"#);
    lines(std::iter::once(first).chain((2..=times).map(next)))
}

fn moment(id: &str, more: &str) -> String {
    format!(r#"{{"id":"{id}","recipient":"a","point":"p",{more}}}"#)
}

#[test]
fn a_gate_that_holds_is_silent() {
    let records = lines([moment("1", r#""signals":["on-time"]"#), moment("2", r#""signals":["as-hoped"]"#)]);
    for gate in
        ["--fail-below expected", "--fail-below criminal", "--fail-on-failure", "--fail-below basic --fail-on-failure"]
    {
        serveup(&format!("rate in -f json {gate}")).file("in", &records).columns("id", &["1", "2"]).run();
    }
}

#[test]
fn what_is_below_breaks_the_gate_and_is_named() {
    let records = lines([
        moment("late", r#""signals":["late"]"#),
        moment("fine", r#""signals":["on-time"]"#),
        moment("broken", r#""signals":["promise-broken"]"#),
        moment("liked", r#""signals":["as-hoped"]"#),
    ]);
    let run = |gate: &str, said: &str| {
        let run = serveup(&format!("rate in -f json {gate}")).file("in", &records).status(1).stderr(said);
        // the rows are printed all the same
        run.columns("id", &["late", "fine", "broken", "liked"]).run();
        let run =
            serveup(&format!("rate in -f json --in-order --quiet {gate}")).file("in", &records).status(1).stderr(said);
        run.columns("id", &["late", "fine", "broken", "liked"]).run();
    };
    let late = "gate: in:1:1: record 1 (id \"late\"): is basic, below expected\n";
    let broken = "gate: in:3:1: record 3 (id \"broken\"): is criminal, below expected\n";
    run("--fail-below expected", &format!("{late}{broken}"));
    run("--fail-below basic", &broken.replace("expected", "basic"));
    let fine = "gate: in:2:1: record 2 (id \"fine\"): is expected, below desired\n";
    run("--fail-below desired", &format!("{late}{fine}{broken}").replace("below expected", "below desired"));
    let failures = "gate: in:1:1: record 1 (id \"late\"): is a failure: basic\n\
                    gate: in:3:1: record 3 (id \"broken\"): is a failure: criminal\n";
    run("--fail-on-failure", failures);
    // one line each, whatever it breaks
    run("--fail-on-failure --fail-below expected", &format!("{late}{broken}"));
}

#[test]
fn what_has_only_slid_does_not_count() {
    let all = ["1 surprising", "2 desired", "3 expected", "4 basic", "5 basic"];
    for gate in ["--fail-below expected", "--fail-below surprising", "--fail-on-failure"] {
        serveup(&format!("rate in -f json {gate}")).file("in", slide(5)).columns("id level", &all).run();
    }
    // nor what the market took down
    let rules = "[[market]]\nact = \"note\"\nsince = 2026-01-01\nlevel = \"basic\"\n";
    let record = moment("1", r#""at":"2026-01-05","action":"note","signals":["unexpected"],"value":["time"]"#);
    let run = serveup("rate in -f json --levels rules.toml --fail-below expected --fail-on-failure");
    run.file("rules.toml", rules).file("in", record).columns("level reason", &["basic market"]).run();
}

#[test]
fn what_was_owed_and_left_out_counts() {
    let records = slide(4) + &moment("5", r#""action":"note","signals":["omitted"]"#);
    let said = "gate: in:5:1: record 5 (id \"5\"): is criminal, below expected\n";
    let run = serveup("rate in -f json --fail-below expected").file("in", &records).status(1).stderr(said);
    let ran = run.columns("level", &["surprising", "desired", "expected", "basic", "criminal"]).run();
    let said = "gate: in:5:1: record 5 (id \"5\"): is a failure: criminal\n";
    ran.then("rate in -f json --fail-on-failure").any_stdout().status(1).stderr(said).run();
}

#[test]
fn their_own_word_counts() {
    let records = lines([
        moment("low", r#""signals":["as-hoped"],"verdict":"basic""#),
        moment("high", r#""signals":["late"],"verdict":"desired""#),
    ]);
    for gate in ["--fail-below expected", "--fail-on-failure"] {
        let ran = serveup(&format!("rate in {gate}"))
            .file("in", &records)
            .status(1)
            .any_stdout()
            .stderr_has("(id \"low\")")
            .run();
        assert_eq!(ran.stderr.lines().count(), 1);
    }
}

#[test]
fn only_what_is_reported_counts() {
    let records = lines([
        moment("1", r#""at":"2026-01-05","signals":["late"]"#),
        moment("2", r#""at":"2026-01-12","signals":["on-time"]"#),
    ]);
    serveup("rate in -f json --fail-on-failure --since 2026-01-06").file("in", &records).columns("id", &["2"]).run();
    let run = serveup("rate in -f json --fail-on-failure --until 2026-01-06").file("in", records).status(1);
    run.columns("id", &["1"]).stderr_has("record 1 (id \"1\")").run();
}

#[test]
fn nothing_reported_is_too_little_for_a_gate() {
    let said = "gate: too little data: there were no interactions\n";
    for gate in ["--fail-below expected", "--fail-on-failure", "--fail-on-failure --in-order"] {
        let run = serveup(&format!("rate in -f json {gate}")).file("in", "[]").status(3).stdout("[]\n");
        run.stderr(format!("note: in: no records found\n{said}")).run();
        let record = moment("1", r#""at":"2026-01-05","signals":["late"]"#);
        let run = serveup(&format!("rate in -f json {gate} --since 2027-01-01")).file("in", record);
        run.status(3).stdout("[]\n").stderr(said).run();
    }
    // without a gate it is nothing
    serveup("rate in -f json").file("in", "[]").stdout("[]\n").stderr("note: in: no records found\n").run();
}

#[test]
fn after_twenty_findings_the_rest_is_counted() {
    let bad = moment("", r#""signals":["late"]"#).replace(r#""id":"","#, "");
    for (number, last) in [
        (20, "gate: in:20:1: record 20: is basic, below expected"),
        (21, "gate: 1 more interaction"),
        (1025, "gate: 1,005 more interactions"),
    ] {
        let run = serveup("rate in --fail-below expected").file("in", lines(vec![bad.as_str(); number]));
        let ran = run.status(1).any_stdout().stderr_has("gate: in:1:1: record 1: is basic, below expected\n").run();
        assert_eq!(ran.stderr.lines().count(), number.min(21));
        assert_eq!(ran.stderr.lines().last(), Some(last));
    }
}

#[test]
fn a_misspelt_level_is_a_usage_error() {
    for (line, level) in [("rate in", "Basic"), ("rate in", "expcted"), ("check p", "good"), ("rate in", "")] {
        let run = serveup(&format!("{line} --fail-below")).arg(level).file("in", slide(5)).status(2);
        run.stderr_has("'--fail-below <LEVEL>'").run();
    }
}

#[test]
fn check_has_gates_too() {
    let said = "gate: p: is basic, below expected\n";
    serveup("check p --signal late --fail-below expected").any_stdout().status(1).stderr(said).run();
    let said = "gate: p: is a failure: basic\n";
    serveup("check p --signal late --fail-on-failure -f table").stdout_has("p: basic").status(1).stderr(said).run();
    serveup("check p --signal late --fail-below basic").any_stdout().run();
    serveup("check p --signal unexpected --value time --repeat 5 --fail-below desired").any_stdout().run();
}

#[test]
fn not_assessed_outranks_a_broken_gate() {
    // the gate breaks at the first row, and then the order does
    let records = lines([
        moment("1", r#""at":"2026-01-12","signals":["late"]"#),
        moment("2", r#""at":"2026-01-05","signals":["late"]"#),
    ]);
    let run = serveup("rate in --in-order --fail-on-failure").file("in", &records).any_stdout().status(2);
    run.stderr_has("gate: in:1:1: record 1 (id \"1\")").stderr_has("is before").run();
    if full_disk().is_some() {
        let run = serveup("rate in --fail-on-failure -o /dev/full").file("in", records).status(2);
        run.stderr_has("serveup: /dev/full: cannot be written: no space left\n").run();
    }
}

#[test]
fn a_gate_still_counts_when_the_reader_has_gone() {
    // more rows than a pipe holds, and what breaks the gate is the last
    let good = moment("x", r#""signals":["on-time"]"#).replace(r#""id":"x","#, "");
    let records = lines(vec![good.as_str(); 20_000]) + &moment("bad", r#""signals":["late"]"#);
    for format in FORMATS {
        let mut child = serveup(&format!("rate - --fail-below expected -f {format}")).start();
        let mut stdin = child.stdin.take().expect("a pipe");
        let content = records.clone();
        let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, content.as_bytes()));
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        stdout.read_line(&mut String::new()).expect("a line");
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        writer.join().expect("the writer ends").expect("all is read");
        assert_eq!(stderr, "gate: stdin:20001:1: record 20001 (id \"bad\"): is basic, below expected\n", "{format}");
        assert_eq!(child.wait().expect("an end").code(), Some(1), "{format}");
    }
}

#[test]
fn a_gate_by_what_no_record_has_is_an_error_and_never_holds() {
    let records: String = (0..20)
        .map(|place| {
            let tags = r#""tags":{"region":"north"},"signals":["as-hoped"]"#;
            format!("{{\"id\":\"{place}\",\"recipient\":\"r{place}\",\"point\":\"p\",{tags}}}\n")
        })
        .collect();
    let run = |line: &str, status| serveup(line).file("in", &records).any_stdout().any_stderr().status(status).run();
    run("journey in --by tags.region --require 60%", 0);
    for (line, name) in [
        ("journey in --by tags.regoin --require 60%", "tags.regoin"),
        ("journey in --by point,team --require 60%", "team"),
        ("recovery in --by channel --require 0%", "channel"),
    ] {
        // nothing failed, so that there are no groups of failures to be levelled
        let status = if line.starts_with("recovery") { 3 } else { 2 };
        let said = run(line, status).stderr;
        let named = format!(
            "serveup: --by: no record has \"{name}\", so the gate has nothing to check; correct it, or add it to the records\n"
        );
        assert_eq!(said.contains(&named), status == 2, "{said}");
    }
    // without a gate it is no error
    run("journey in --by team", 0);
}
