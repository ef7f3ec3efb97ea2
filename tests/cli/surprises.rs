//! What once went by quietly, each with the input that showed it.

use crate::harness::serveup;

#[test]
fn a_stray_quote_swallows_no_rows() {
    // rows b and c stood inside of what the quotes of a and c enclose
    let rows = "recipient,point,said,signals\na,p,\"x,\nb,p,,promise-broken\nc,p,\"z,late\nd,p,,\n";
    // the fault stands where the quoted cell opens: `a,p,` and then column 5
    let told = "serveup: in:2:5: record 1: there is text after a closing quote; \
                put quotes around the whole cell, and double those inside\n";
    serveup("rate in").file("in", rows).status(2).stderr(told).run();
    let ran = serveup("rate in -f json --keep-going --rejects bad").file("in", rows);
    let ran = ran.columns("recipient level", &["b criminal", "d expected"]).stderr_has("accepted 2 of 4 records").run();
    assert_eq!(ran.read("bad"), "recipient,point,said,signals\na,p,\"x,\nc,p,\"z,late\n");
    serveup("rate in")
        .file("in", "recipient,point\na,\"p\"q\n")
        .status(2)
        .stderr_has("in:2:3: record 1: there is text")
        .run();
    // a quote inside of a cell, doubled quotes and quoted line breaks are fine
    let rows = "recipient,point,said\na,5\" pipe,\"he said \"\"no\"\",\r\nand left\"\r\n";
    serveup("rate in -f json").file("in", rows).columns("recipient point", &["a 5\" pipe"]).run();
}

#[test]
fn an_open_failure_before_the_window_still_puts_a_recipient_at_risk() {
    let mut records = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["promise-broken"]}"#.to_owned();
    for day in 5..8 {
        records +=
            &format!("\n{{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"2026-02-0{day}\",\"signals\":[\"as-hoped\"]}}");
    }
    for flags in ["", "--since 2026-02-01"] {
        let run = serveup(&format!("journey --by recipient in -f json {flags}")).file("in", &records);
        run.stdout_has("\"loyalty\": \"at-risk\"").run();
    }
}

#[test]
fn rejects_never_overwrite_what_is_read_or_printed() {
    let ran = serveup("rate in --keep-going --rejects in").file("in", "[]").status(2);
    let ran = ran.stderr("serveup: --rejects in would overwrite in, an input; name another file\n").run();
    assert_eq!(ran.read("in"), "[]");
    let run = serveup("rate in --keep-going --rejects out -o out").file("in", "[]").status(2);
    run.stderr("serveup: --rejects out and --output out are the same file; name two files\n").run();
}

#[test]
fn a_file_of_rejects_replays_also_when_it_starts_with_no_record() {
    let ran = serveup("rate in --keep-going --rejects bad -f json")
        .file("in", "oops\n{\"recipient\":\"a\",\"point\":\"p\"}\n");
    let ran = ran.columns("recipient", &["a"]).stderr_has("accepted 1 of 2 records, rejected 1").run();
    assert_eq!(ran.read("bad"), "oops\n");
}

#[test]
fn file_names_reach_no_terminal_raw() {
    serveup("rate").arg("no\u{1b}[31m\nx").status(2).stderr("serveup: no\\u{1b}[31m\\u{a}x: no such file\n").run();
}

#[test]
fn more_keys_than_anyone_writes_are_refused() {
    let served: Vec<String> = (0..1001).map(|key| format!("\"k{key}\":\"v\"")).collect();
    let record = format!("{{\"recipient\":\"a\",\"point\":\"p\",\"served\":{{{}}}}}", served.join(","));
    serveup("rate in").file("in", record).status(2).stderr_has("served: has more than 1000 keys; keep 1000").run();
}

#[test]
fn a_report_too_large_to_show_is_refused_with_what_to_do() {
    let mut records = String::from("recipient,at,point\n");
    for point in 0..200 {
        records += &format!("a,2000-01-01,p{point}\na,2020-01-01,p{point}\n");
    }
    let told =
        "serveup: 200 groups in 7306 periods are more than can be shown; choose a longer --period, or group by less\n";
    serveup("uplift --period day in").file("in", records).status(2).stderr(told).run();
}

#[test]
fn acts_are_seen_from_the_day_asked_for() {
    let record = |at: &str| format!("a,{at},p,gift,unexpected,time\n");
    let records = format!("recipient,at,point,action,signals,value\n{}{}", record("2026-01-05"), record("2026-02-05"));
    let run = |day: &str| serveup(&format!("decay in -f jsonl --as-of {day}")).file("in", &records);
    run("2025-12-31").stdout("").run();
    run("2026-01-31").stdout_has("\"delivered\":1,").run();
    run("2026-02-05").stdout_has("\"delivered\":2,").run();
}

#[test]
fn an_act_that_stays_where_it_is_for_long_has_not_slid() {
    let levels = "[[levels]]\nname = 'surprising'\nlasts = 5\n";
    let record = "recipient,at,point,action,signals,value\na,2026-01-05,p,gift,unexpected,time\n";
    let run = |levels: &str| serveup("uplift in -f jsonl --levels l").file("in", record).file("l", levels);
    run(levels).stdout_has("\"slid\":[]").run();
    run("").stdout_has("\"slid\":[{\"action\":\"gift\",\"recipients\":1,\"next\":\"desired\"}]").run();
}

#[test]
fn what_is_wrong_on_the_command_line_reaches_no_terminal_raw() {
    for flag in ["--since", "--until", "--timezone"] {
        let run = serveup("rate in").file("in", "[]").arg(flag).arg("\u{1b}[2J").status(2);
        let ran = run.stderr_has(r"\u{1b}[2J").run();
        assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    }
    let run = serveup("import --from zendesk-csv --last-by id in").file("in", "a\u{7},b\n1,2\n").status(2);
    assert!(!run.stderr_has(r"a\u{7}").run().stderr.contains('\u{7}'));
}
