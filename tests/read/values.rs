//! JSON values one after the other, in any mix.

use crate::harness::serveup;
use crate::refused;

fn record(id: &str) -> String {
    format!(r#"{{"recipient":"{id}","point":"p","served":{{"channel":"email"}}}}"#)
}

#[track_caller]
fn recipients(content: &str, wanted: &[&str]) {
    serveup("rate in -f json").file("in", content).columns("recipient", wanted).run();
    serveup("rate -f json --threads 1").stdin(content).columns("recipient", wanted).run();
}

#[test]
fn lists_objects_and_documents_follow_each_other() {
    let (a, b, c) = (record("a"), record("b"), record("c"));
    for content in [
        format!("[{a}][{b}]{c}"),
        format!("[{a}]\n{b}\n[]\n[{c}]"),
        format!("{a}{b}{c}"),
        format!("{a}\n[{b}]{{\"interactions\":[{c}]}}"),
        format!("{{\"interactions\":[{a}]}}{{\"interactions\":[{b},{c}]}}"),
        format!("{{\"interactions\":[{a}]}}\n[{b}]\n{c}\n"),
        format!("[{a}]\u{feff}[{b}]\n\u{feff}{c}"),
    ] {
        recipients(&content, &["a", "b", "c"]);
    }
}

#[test]
fn many_records_lie_between() {
    let lines = |from: usize, to: usize| (from..to).map(|id| record(&format!("r{id}")) + "\n").collect::<String>();
    let list = |from: usize, to: usize| format!("[{}]", lines(from, to).trim_end().replace('\n', ","));
    let content = format!(
        "{}{}{}{{\"interactions\":{}}}\n{}",
        lines(0, 300),
        list(300, 700),
        lines(700, 900),
        list(900, 1300),
        lines(1300, 1500)
    );
    let wanted: Vec<_> = (0..1500).map(|id| format!("r{id}")).collect();
    recipients(&content, &wanted.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn recipients_of_later_documents_count_for_all_records() {
    let who = r#"{"recipients":[{"id":"a","prefers":{"channel":"email"}}]}"#;
    let content = format!("{{\"interactions\":[{}]}}{}{who}", record("a"), record("b"));
    let wanted = ["a desired", "b expected"];
    serveup("rate in -f json").file("in", &content).columns("recipient level", &wanted).run();
    serveup("rate -f json").stdin(&content).columns("recipient level", &wanted).run();
    // where no document stands at the start, nobody knows of them in time
    let told = "in:1:74: recipient: is in a document behind other records; put that document first, or name a file with --recipients";
    refused("", format!("{}{who}", record("a")), told);
}

#[test]
fn a_record_with_a_list_of_its_own_is_a_record() {
    let odd = r#"{"recipient":"b","point":"p","interactions":[]}"#;
    let note = "note: unknown field \"interactions\" in 1 record is ignored\n";
    let run = serveup("rate in -f json").file("in", format!("{}\n{odd}\n{}", record("a"), record("c")));
    run.columns("recipient", &["a", "b", "c"]).stderr(note).run();
}

#[test]
fn what_is_none_of_these_is_told() {
    let wanted = "expected another value, [ or {, or nothing, found";
    refused("", format!("[{}]x", record("a")), &format!("in:1:61: record 2: {wanted} \"x\""));
    refused("", format!("[{}],[]", record("a")), &format!("in:1:61: record 2: {wanted} \",\""));
    let run = serveup("rate in -f json --keep-going --rejects bad");
    let run = run.file("in", format!("[{}] oops\n{}", record("a"), record("b"))).columns("recipient", &["a", "b"]);
    let told = format!("rejected: in:1:62: record 2: {wanted} \"o\"\naccepted 2 of 3 records, rejected 1\n");
    assert_eq!(run.stderr(told).run().read("bad"), "oops\n");
}

#[test]
fn a_list_that_breaks_ends_its_file() {
    let broken = format!("[{}][{{\"recipient\" 1}}]\n{}", record("a"), record("b"));
    let run = serveup("rate in -f json --keep-going").file("in", broken).columns("recipient", &["a"]);
    let said = "rejected: in:1:75: record 2: a colon is missing here, between a name and its value; the rest of the file is not read\n";
    run.stderr(format!("{said}accepted 1 of 2 records, rejected 1\n")).run();
}

#[test]
fn recipients_come_in_any_mix() {
    let who = r#"[{"id":"a","prefers":{"channel":"email"}}]{"id":"b"}{"recipients":[{"id":"c","prefers":{"channel":"email"}}],"interactions":[{}]}"#;
    let content = ["a", "b", "c"].map(record).concat();
    let run = serveup("rate in -f json --recipients who").file("in", content).file("who", who);
    run.columns("recipient level", &["a desired", "b expected", "c desired"]).run();
}

#[test]
fn pages_of_an_export_are_read_one_after_the_other() {
    let pages = r#"{"t":[{"n":1}],"next":"x"}{"next":null,"t":[{"n":2},{"n":3}]}"#;
    let map = r#"{recipient: "r\(.n)", point: "p"}"#;
    let wanted = "{\"recipient\":\"r1\",\"point\":\"p\"}\n{\"recipient\":\"r2\",\"point\":\"p\"}\n{\"recipient\":\"r3\",\"point\":\"p\"}\n";
    serveup("import in --at t --map m.jq --quiet").file("in", pages).file("m.jq", map).stdout(wanted).run();
    let lists = r#"[{"n":1}][{"n":2}]{"n":3}"#;
    serveup("import in --map m.jq --quiet").file("in", lists).file("m.jq", map).stdout(wanted).run();
}

#[test]
fn a_document_among_lines_is_one_however_it_is_read() {
    let names = |letter: &str| (0..40).map(|id| format!("{letter}{id}")).collect::<Vec<_>>();
    let lines = |names: &[String]| names.iter().map(|name| record(name) + "\n").collect::<String>();
    let (before, after) = (names("b"), names("a"));
    let document = format!("{{\"interactions\":[{}],\"recipient\":\"x\",\"point\":\"p\"}}\n", record("inside"));
    let content = format!("{}{document}{}", lines(&before), lines(&after));
    let wanted = [before, vec!["inside".to_owned()], after].concat();
    for flags in ["--quiet", "--quiet --in-order", "--quiet --threads 2"] {
        let run = serveup(&format!("rate in -f json {flags}")).file("in", &content);
        run.columns("recipient", &wanted.iter().map(String::as_str).collect::<Vec<_>>()).run();
    }
}
