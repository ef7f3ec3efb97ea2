//! Baselines: a gate that counts only what is new since an earlier run. What is new, known and gone is worked out by hand.

use std::io::Write as _;

use crate::harness::{lines, serveup};

/// A record of one moment.
fn moment(id: &str, point: &str, signal: &str) -> String {
    format!(r#"{{"id":"{id}","recipient":"a","point":"{point}","signals":["{signal}"]}}"#)
}

/// What `rate` prints of these records in a format.
fn rated(records: &str, format: &str) -> String {
    serveup(&format!("rate in -f {format}")).file("in", records).any_stdout().run().stdout
}

/// One case: the records of last night and of tonight, the gate, the exit status and what is said.
fn case(earlier: &[String], now: &[String], gate: &str, status: i32, said: &str) {
    let (earlier, now) = (lines(earlier), lines(now));
    for format in ["tsv", "csv", "json", "jsonl"] {
        let baseline = rated(&earlier, format);
        for order in ["", "--in-order"] {
            let run = serveup(&format!("rate in {order} -f tsv --baseline last-night {gate}"));
            let run = run.file("in", &now).file("last-night", &baseline).any_stdout();
            run.status(status).stderr(said).run();
        }
    }
}

const FAILURES: &str = "--fail-on-failure";

#[test]
fn what_failed_before_is_known_and_holds_nothing_up() {
    let late = [moment("t1", "reply", "late")];
    case(&late, &late, FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
    // worse than before, or elsewhere, it is the same moment still
    let criminal = [moment("t1", "reply", "promise-broken")];
    case(&late, &criminal, FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
    let renamed = [moment("t1", "first-reply", "late")];
    case(&late, &renamed, FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
}

#[test]
fn what_is_new_breaks_the_gate_and_is_named() {
    let (late, both) = (moment("t1", "reply", "late"), |other| [moment("t1", "reply", "late"), other]);
    let named = "gate: in:2:1: record 2 (id \"t2\"): is a failure: basic\n";
    let said = format!("{named}gate: 1 new, 1 known, 0 no longer\n");
    case(std::slice::from_ref(&late), &both(moment("t2", "reply", "chased")), FAILURES, 1, &said);
    // there before, but it did not fail then
    let fine = both(moment("t2", "reply", "on-time"));
    case(&fine, &both(moment("t2", "reply", "chased")), FAILURES, 1, &said);
}

#[test]
fn what_fails_no_longer_is_named() {
    let earlier = [moment("t1", "reply", "late"), moment("t2", "reply", "late"), moment("t3", "reply", "on-time")];
    // t1 was corrected, t2 is not among the records any more, and t3 never failed
    let now = [moment("t1", "reply", "on-time")];
    let said = "gate: 0 new, 0 known, 2 no longer\ngate: no longer: \"t1\"\ngate: no longer: \"t2\"\n";
    case(&earlier, &now, FAILURES, 0, said);
    let many: Vec<_> = (1..=23).map(|number| moment(&format!("t{number}"), "reply", "late")).collect();
    let listed: String = (2..=21).map(|number| format!("gate: no longer: \"t{number}\"\n")).collect();
    let said = format!("gate: 0 new, 1 known, 22 no longer\n{listed}gate: and 2 more no longer\n");
    case(&many, &many[..1], FAILURES, 0, &said);
}

#[test]
fn the_gate_asked_for_now_is_asked_of_both_runs() {
    // expected is below desired, and no failure
    let earlier = [moment("t1", "reply", "late"), moment("t2", "reply", "on-time")];
    case(&earlier, &earlier, "--fail-below desired", 0, "gate: 0 new, 2 known, 0 no longer\n");
    case(&earlier, &earlier, "--fail-below expected", 0, "gate: 0 new, 1 known, 0 no longer\n");
    case(&earlier, &earlier, "--fail-below expected --fail-on-failure", 0, "gate: 0 new, 1 known, 0 no longer\n");
    // an act that has only slid failed neither then nor now
    let slid = |id: usize, signal: &str| {
        format!(
            r#"{{"id":"{id}","recipient":"a","point":"p","action":"note","signals":["{signal}"],"value":["time"]}}"#
        )
    };
    let acts: Vec<_> = std::iter::once(slid(1, "unexpected")).chain((2..=4).map(|id| slid(id, "on-time"))).collect();
    case(&acts, &acts, "--fail-below expected", 0, "gate: 0 new, 0 known, 0 no longer\n");
}

#[test]
fn ids_that_are_missing_are_said() {
    let nameless = r#"{"recipient":"a","point":"reply","signals":["late"]}"#.to_owned();
    let fine = [moment("t1", "reply", "on-time")];
    let note = "note: last-night: 1 row without an id, which no record can be known by\n";
    case(std::slice::from_ref(&nameless), &fine, FAILURES, 0, &format!("{note}gate: 0 new, 0 known, 0 no longer\n"));
    let named = "gate: in:1:1: record 1: is a failure: basic\n";
    let said = format!("{named}gate: 1 new, 0 known, 0 no longer\ngate: 1 of them has no id, and so counts as new\n");
    case(&fine, std::slice::from_ref(&nameless), FAILURES, 1, &said);
}

#[test]
fn an_id_that_comes_twice_is_known_if_one_of_its_rows_is() {
    let twice = "id,failure\nt1,false\nt1,true\n";
    let note = "note: last-night: 1 row with the id of a row before; an id is known if one of its rows is\n";
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let run = run.file("in", lines([moment("t1", "reply", "late")])).file("last-night", twice);
    run.stderr(format!("{note}gate: 0 new, 1 known, 0 no longer\n")).run();
}

#[test]
fn ids_are_the_same_whatever_is_in_them() {
    for id in ["a\\tb", "a\\\\tb", "x;y", "comma, \\\"quoted\\\"", "two\\nlines", "Ünïcode ✓", "'=1", "007"] {
        let late = [moment(id, "reply", "late")];
        case(&late, &late, FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
    }
}

#[test]
fn a_text_that_spreadsheets_must_not_run_is_known() {
    let late = lines([moment("=1+1", "reply", "late"), moment("-x", "reply", "late")]);
    let baseline = serveup("rate in -f csv --escape-formulas").file("in", &late).any_stdout().run().stdout;
    assert!(baseline.contains("\n'=1+1,"), "{baseline}");
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    run.file("in", &late).file("last-night", baseline).stderr("gate: 0 new, 2 known, 0 no longer\n").run();
}

#[test]
fn a_baseline_may_be_compressed_and_its_lines_are_counted_from_the_top() {
    let late = lines([moment("t1", "reply", "late")]);
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout().file("in", &late);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(rated(&late, "csv").as_bytes()).expect("memory");
    let run = run.file("last-night", packed.finish().expect("memory"));
    run.stderr("gate: 0 new, 1 known, 0 no longer\n").run();
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").status(2).file("in", &late);
    run.file("last-night", "\n\nid,failure\nt1,perhaps\n").stderr_has("serveup: last-night:4: failure is").run();
}

#[test]
fn columns_may_stand_in_any_order_and_others_between_them() {
    let baseline = "team;failure;level;id;said\nnorth;true;basic;t1;\"late; again\"\n";
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let run = run.file("in", lines([moment("t1", "reply", "late")])).file("last-night", baseline);
    run.stderr("gate: 0 new, 1 known, 0 no longer\n").run();
}

#[test]
fn before_the_first_night_everything_is_new() {
    for empty in ["", "\n", "[]", "id\tlevel\treason\tfailure\n"] {
        let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
        let run = run.file("in", lines([moment("t1", "reply", "late")])).file("last-night", empty);
        let named = "gate: in:1:1: record 1 (id \"t1\"): is a failure: basic\n";
        run.status(1).stderr(format!("{named}gate: 1 new, 0 known, 0 no longer\n")).run();
    }
}

#[test]
fn with_nothing_reported_there_is_too_little_to_say() {
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let run = run.file("in", "[]").file("last-night", rated(&lines([moment("t1", "reply", "late")]), "jsonl"));
    let said = "note: in: no records found\ngate: 0 new, 0 known, 1 no longer\ngate: no longer: \"t1\"\n\
                gate: too little data: there were no interactions\n";
    run.status(3).stderr(said).run();
}

#[test]
fn a_long_baseline_is_read_like_a_short_one() {
    let rows: String = (0..100_000).map(|id| format!("t{id}\tbasic\tfacts\t{}\n", id % 2 == 0)).collect();
    let baseline = format!("id\tlevel\treason\tfailure\n{rows}");
    let now = lines([moment("t99998", "reply", "late"), moment("t99999", "reply", "late")]);
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let ran = run.file("in", now).file("last-night", baseline).status(1).any_stderr().run();
    let named = "gate: in:2:1: record 2 (id \"t99999\"): is a failure: basic\ngate: 1 new, 1 known, 49999 no longer\n";
    assert!(ran.stderr.starts_with(named), "{}", ran.stderr);
}

#[test]
fn what_is_no_baseline_is_refused() {
    let end = "; a baseline is what serveup rate prints as tsv, csv, json or jsonl\n";
    for (baseline, said) in [
        ("id\tlevel\treason\nt1\tbasic\tfacts\n", "last-night: there is no column failure"),
        ("when  who  where\n2026-03-02  mara  fitting\n", "last-night: there is no column id"),
        ("id,failure\nt1,perhaps\n", "last-night:2: failure is \"perhaps\", not true or false"),
        ("{\"id\":\"t1\",\"level\":\"basic\"}\n", "last-night:1:1: failure is missing"),
        ("{\"id\":\"t1\",\"failure\":true,\"level\":\"bad\"}\n", "last-night:1:1: "),
        ("[{\"id\":\"t1\",\"failure\":true}", "last-night:1:1: "),
    ] {
        let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stderr().status(2);
        let run = run.file("in", lines([moment("t1", "reply", "late")])).file("last-night", baseline);
        let ran = run.run();
        assert!(ran.stderr.starts_with(&format!("serveup: {said}")) && ran.stderr.ends_with(end), "{}", ran.stderr);
    }
    let run = serveup("rate in --baseline last-night").file("in", "[]").file("last-night", "").status(2);
    run.stderr("serveup: --baseline is for a gate; add --fail-below LEVEL or --fail-on-failure\n").run();
    let run = serveup("rate in --fail-on-failure --baseline last-night -o last-night").status(2);
    let run = run.file("in", "[]").file("last-night", "");
    run.stderr("serveup: --output last-night would overwrite last-night, the file of --baseline; name another file\n")
        .run();
}
