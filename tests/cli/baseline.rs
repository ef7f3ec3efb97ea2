//! Baselines: a gate that counts only what is new since an earlier run. What is new, known and gone is worked out by hand.

use std::io::Write as _;

use crate::harness::{Serveup, lines, serveup};

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

/// A moment of a day in May, of an act where one is named.
fn on_day(id: &str, day: u32, act: &str, signal: &str) -> String {
    let act = if act.is_empty() { String::new() } else { format!(r#","action":"{act}""#) };
    format!(
        r#"{{"id":"{id}","at":"2026-05-{day:02}","recipient":"ada","point":"desk"{act},"signals":["{signal}"],"value":["time"]}}"#
    )
}

/// One case with flags: tonight's records in any order and in time order, beside what last night printed.
fn tonight(earlier: &str, now: &[String], flags: &str, status: i32, said: &str) {
    for format in ["tsv", "csv", "json", "jsonl"] {
        let baseline = rated(earlier, format);
        for order in ["", "--in-order", "--columns level,team", "--threads 7"] {
            let run = serveup(&format!("rate in {order} -f tsv --baseline last-night --fail-on-failure {flags}"));
            let run = run.file("in", lines(now)).file("last-night", &baseline).any_stdout();
            run.status(status).stderr(said).run();
        }
    }
}

#[test]
fn a_level_that_went_up_or_down_is_the_same_failure_until_it_is_none() {
    let was = |signal: &str| [moment("t1", "reply", signal)];
    // basic, criminal, and basic again
    case(&was("late"), &was("promise-broken"), FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
    case(&was("promise-broken"), &was("late"), FAILURES, 0, "gate: 0 new, 1 known, 0 no longer\n");
    for better in ["on-time", "as-hoped"] {
        let said = "gate: 0 new, 0 known, 1 no longer\ngate: no longer: \"t1\"\n";
        case(&was("promise-broken"), &was(better), FAILURES, 0, said);
    }
    // below desired it was, and expected still is
    case(&was("late"), &was("on-time"), "--fail-below desired", 0, "gate: 0 new, 1 known, 0 no longer\n");
}

#[test]
fn a_failure_under_another_id_is_new_and_the_one_before_is_gone() {
    let said = "gate: in:1:1: record 1 (id \"t1b\"): is a failure: basic\ngate: 1 new, 0 known, 1 no longer\n\
                gate: no longer: \"t1\"\n";
    case(&[moment("t1", "reply", "late")], &[moment("t1b", "reply", "late")], FAILURES, 1, said);
    // ids are compared byte for byte
    let said = said.replace("t1b", "T1");
    case(&[moment("t1", "reply", "late")], &[moment("T1", "reply", "late")], FAILURES, 1, &said);
}

#[test]
fn what_lies_outside_the_window_is_not_said_to_be_gone() {
    let earlier = [on_day("n1", 3, "", "late"), on_day("n2", 4, "", "late"), on_day("n3", 4, "", "late")];
    let now = [earlier[0].clone(), earlier[1].clone(), on_day("n3", 4, "", "on-time"), on_day("n4", 5, "", "late")];
    let named = "gate: in:4:1: record 4 (id \"n4\"): is a failure: basic\n";
    let all = lines(&earlier);
    // all of it is reported: n3 was corrected
    let gone = "gate: no longer: \"n3\"\n";
    tonight(&all, &now, "", 1, &format!("{named}gate: 1 new, 2 known, 1 no longer\n{gone}"));
    // n1 lies before
    let said = format!("{named}gate: 1 new, 1 known, 1 no longer, 1 outside the window\n{gone}");
    tonight(&all, &now, "--since 2026-05-04", 1, &said);
    // all three lie before, and nothing is known of the corrected one
    let said = format!("{named}gate: 1 new, 0 known, 0 no longer, 3 outside the window\n");
    tonight(&all, &now, "--since 2026-05-05", 1, &said);
    // n2 and n3 lie behind
    tonight(&all, &now, "--until 2026-05-03", 0, "gate: 0 new, 1 known, 0 no longer, 2 outside the window\n");
    // what is not read at all is known by its time in the baseline
    let today = &now[3..];
    let named = named.replace("in:4:1: record 4", "in:1:1: record 1");
    let said = format!("{named}gate: 1 new, 0 known, 0 no longer, 3 outside the window\n");
    tonight(&all, today, "--since 2026-05-05", 1, &said);
    // and where it should have been reported, it is gone
    let said = format!(
        "{named}gate: 1 new, 0 known, 2 no longer, 1 outside the window\ngate: no longer: \"n2\"\ngate: no longer: \"n3\"\n"
    );
    tonight(&all, today, "--since 2026-05-04", 1, &said);
}

#[test]
fn times_in_a_baseline_are_read_as_those_of_the_records() {
    let now = "id,at,recipient,point,signals\nn2,05/05/2026,ada,desk,on-time\n";
    for (at, said) in [
        ("04/05/2026", "gate: 0 new, 0 known, 0 no longer, 1 outside the window\n"),
        ("05/05/2026", "gate: 0 new, 0 known, 1 no longer\ngate: no longer: \"n1\"\n"),
        // whatever cannot be read lies nowhere
        ("soon", "gate: 0 new, 0 known, 1 no longer\ngate: no longer: \"n1\"\n"),
        ("", "gate: 0 new, 0 known, 1 no longer\ngate: no longer: \"n1\"\n"),
    ] {
        let flags = "--since 2026-05-05 --date-format %d/%m/%Y --fail-on-failure --baseline last-night -f tsv";
        let run = serveup(&format!("rate in {flags}")).file("in", now).any_stdout();
        run.file("last-night", format!("id,at,failure\nn1,{at},true\n")).stderr(said).run();
    }
}

/// What is said of acts of last night whose records are not read.
fn forgotten(acts: &str) -> String {
    let advice = "add them, and use --since to report only the new ones";
    let their = if acts.starts_with("1 ") { "its" } else { "their" };
    format!("note: {acts} as new because {their} earlier records were not read; {advice}\n")
}

#[test]
fn one_day_alone_forgets_what_acts_did_before() {
    let known = "gate: 0 new, 0 known, 0 no longer";
    let yesterday =
        [on_day("n1", 4, "ride", "unexpected"), on_day("n2", 4, "card", "unexpected"), on_day("n3", 4, "", "on-time")];
    let all = lines(&yesterday);
    let note = forgotten("1 act of last-night counts");
    // the ride is worth a step less today, which only who knows yesterday can tell
    let ride = on_day("n4", 5, "ride", "on-time");
    tonight(&all, std::slice::from_ref(&ride), "", 0, &format!("{note}{known}\n"));
    tonight(&all, std::slice::from_ref(&ride), "-q", 0, &format!("{known}\n"));
    tonight(&all, std::slice::from_ref(&ride), "--since 2026-05-05", 0, &format!("{note}{known}\n"));
    // done twice today, it is one act; with the card they are two
    let both = [ride.clone(), on_day("n5", 5, "ride", "on-time"), on_day("n6", 5, "card", "on-time")];
    tonight(&all, &both, "", 0, &format!("{}{known}\n", forgotten("2 acts of last-night count")));
    // another act, no act, and another's act stand on nothing of yesterday
    let other = on_day("n6", 5, "ride", "on-time").replace("\"ada\"", "\"ben\"");
    tonight(
        &all,
        &[on_day("n4", 5, "call", "on-time"), on_day("n5", 5, "", "on-time"), other],
        "",
        0,
        &format!("{known}\n"),
    );
    // with yesterday's records nothing is forgotten, whatever is reported
    let history = [&yesterday[..], std::slice::from_ref(&ride)].concat();
    for flags in ["", "--since 2026-05-05"] {
        tonight(&all, &history, flags, 0, &format!("{known}\n"));
    }
}

#[test]
fn nothing_is_said_of_acts_that_are_new_for_another_reason() {
    let known = "gate: 0 new, 0 known, 0 no longer\n";
    let yesterday = [on_day("n1", 3, "ride", "unexpected"), on_day("n2", 4, "ride", "on-time")];
    let all = lines(&yesterday);
    // the files of some days: the newest record of the act is read
    let some_days = [yesterday[1].clone(), on_day("n3", 5, "ride", "on-time")];
    tonight(&all, &some_days, "", 0, known);
    // a record that comes late stands before all others
    let late = [on_day("n0", 1, "ride", "unexpected"), yesterday[0].clone(), yesterday[1].clone()];
    tonight(&all, &late, "", 0, known);
    // the rules forget it
    let run = serveup("rate in --levels own.toml -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let run = run.file("own.toml", "[escalator]\nmemory_days = 3\n").file("last-night", rated(&all, "tsv"));
    let weeks = lines([&yesterday[..], &[on_day("n9", 28, "ride", "on-time")]].concat());
    run.file("in", weeks).stderr(known).run();
    // a baseline that names no acts knows of none
    let run = serveup("rate in -f tsv --baseline last-night --fail-on-failure").any_stdout();
    let run = run.file("in", on_day("n9", 28, "ride", "on-time"));
    run.file("last-night", "id,failure\nn1,false\n").stderr(known).run();
}

#[test]
fn rows_of_an_export_are_compared_by_the_ids_that_a_map_gives_them() {
    let map = r#"{id: ("t" + .n), at: .day, recipient: "ada", point: "desk", action: "ride", signals: [.s]}"#;
    let earlier = lines([on_day("t1", 4, "ride", "late"), on_day("t2", 5, "ride", "late")]);
    let baseline = rated(&earlier, "tsv");
    let run = |flags: &str, rows: &str| {
        let run = serveup(&format!("rate in -q -f tsv --baseline last-night --fail-on-failure {flags} --jq")).arg(map);
        run.file("in", format!("n,day,s\n{rows}")).file("last-night", &baseline).any_stdout()
    };
    run("", "1,2026-05-04,late\n2,2026-05-05,late\n").stderr("gate: 0 new, 2 known, 0 no longer\n").run();
    let said = "gate: 0 new, 1 known, 0 no longer, 1 outside the window\n";
    run("--since 2026-05-05", "1,2026-05-04,late\n2,2026-05-05,late\n").stderr(said).run();
    let said = "gate: 0 new, 1 known, 1 no longer\ngate: no longer: \"t1\"\n";
    run("", "2,2026-05-05,late\n").stderr(said).run();
}

#[test]
fn what_lies_outside_the_window_is_known_by_its_record_where_the_baseline_has_no_times() {
    let now = lines([on_day("-n1", 3, "", "late"), on_day("n2", 5, "", "late")]);
    let map = "{id, at, recipient, point, signals}";
    for (flags, map) in [("", None), ("--in-order", None), ("-q --jq", Some(map)), ("-q --in-order --jq", Some(map))] {
        let run = serveup("rate in -f tsv --since 2026-05-05 --baseline last-night --fail-on-failure").any_stdout();
        let run = flags.split_whitespace().chain(map).fold(run, Serveup::arg).file("in", &now);
        let said = "gate: 0 new, 1 known, 1 no longer, 1 outside the window\ngate: no longer: \"n0\"\n";
        run.file("last-night", "id,failure\nn0,true\n'-n1,true\nn2,true\n").stderr(said).run();
    }
}

#[test]
fn only_what_is_new_is_printed_where_that_is_asked_for() {
    // t1 is known, t2 fine, t3 and the one without an id are new
    let late = |id: &str| moment(id, "reply", "late");
    let nameless = r#"{"recipient":"a","point":"reply","signals":["late"]}"#.to_owned();
    let now = lines(&[late("t1"), moment("t2", "reply", "on-time"), late("t3"), nameless]);
    let all = |format: &str| rated(&now, format);
    for format in ["tsv", "csv", "jsonl"] {
        let baseline = rated(&lines(&[late("t1")]), format);
        let kept: Vec<String> = all(format).lines().map(str::to_owned).collect();
        // of csv and tsv the header stays, too
        let places: &[usize] = if format == "jsonl" { &[2, 3] } else { &[0, 3, 4] };
        let expected: String = places.iter().map(|&place| format!("{}\n", kept[place])).collect();
        for flags in ["", "--in-order", "--threads 1"] {
            let run = serveup(&format!("rate in {flags} -f {format} --baseline last {FAILURES} --only-new"));
            let run = run.file("in", &now).file("last", &baseline).any_stdout().any_stderr().status(1).run();
            assert_eq!(run.stdout, expected, "{format} {flags}");
        }
    }
    // columns of one's own, as a table for a chat; and nothing new is no row
    let columns = "rate in -f md --columns id,level --baseline last --only-new";
    let run = serveup(&format!("{columns} {FAILURES}")).file("in", &now).file("last", rated(&now, "tsv"));
    let said = "gate: 1 new, 2 known, 0 no longer\n";
    let run = run.any_stdout().any_stderr().status(1).run();
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(run.stdout.lines().filter(|line| line.contains("basic")).count(), 1, "{}", run.stdout);
    let alone = serveup(&format!("rate in {FAILURES} --only-new")).file("in", &now).any_stderr().status(2).run();
    assert!(alone.stderr.contains("--baseline <FILE>"), "{}", alone.stderr);
}

#[test]
fn an_id_is_known_with_a_quote_in_front_only_where_it_would_be_a_formula() {
    // both are there, and the one that was written so was fine: it is new in the rows as in the count
    let now = moment("=w", "reply", "late");
    let last = "id,level,reason,failure\n=w,expected,facts,false\n'=w,basic,facts,true\n";
    let run = serveup(&format!("rate in --only-new --baseline last {FAILURES}")).file("in", &now).file("last", last);
    let run = run.any_stdout().any_stderr().status(1).run();
    assert!(
        run.stderr.contains("gate: 1 new, 0 known, 1 no longer") && run.stdout.lines().count() == 2,
        "{}",
        run.stdout
    );
    // 'w is another id than w; '=w is how a table keeps =w from being run
    for (earlier, now, status, said) in [
        ("'w", "w", 1, "gate: 1 new, 0 known, 1 no longer"),
        ("'=w", "=w", 0, "gate: 0 new, 1 known, 0 no longer"),
        ("=w", "=w", 0, "gate: 0 new, 1 known, 0 no longer"),
    ] {
        let (earlier, now) = (moment(earlier, "reply", "late"), moment(now, "reply", "late"));
        for flags in ["", "--only-new"] {
            let run = serveup(&format!("rate in {flags} --baseline last {FAILURES}")).file("in", &now);
            let run = run.file("last", rated(&earlier, "tsv")).any_stdout().any_stderr().status(status).run();
            assert!(run.stderr.contains(said), "{}", run.stderr);
            let rows = run.stdout.lines().skip(1).count();
            assert_eq!(rows, usize::from(flags.is_empty() || status == 1), "{}", run.stdout);
        }
    }
}

#[test]
fn a_spreadsheet_may_have_written_true_in_capitals() {
    let late = moment("t1", "reply", "late");
    let run = serveup(&format!("rate in --baseline last {FAILURES}")).file("in", &late);
    let run = run.file("last", "id;level;reason;failure\nt1;basic;facts;TRUE\n").any_stdout().any_stderr().status(0);
    assert!(run.run().stderr.contains("gate: 0 new, 1 known, 0 no longer"));
}
