//! Input that is made to take long: it is counted as any other. Nothing here looks at a clock, but where the
//! time grew with the square of the size again, these tests would take minutes.

use crate::harness::{Serveup, serveup};

const GOOD: &str = "{\"recipient\":\"r\",\"point\":\"p\"}\n";

fn rate(content: impl AsRef<[u8]>) -> Serveup {
    serveup("rate in --keep-going -f jsonl").file("in", content).any_stdout()
}

/// What is said where one record is taken and so many are rejected.
fn took_one_and(rejected: u64) -> String {
    format!("records, rejected {rejected}\n")
}

// ── JSON lines ──────────────────────────────────────────────────────────────

#[test]
fn brackets_that_are_never_closed_are_a_reject_for_every_line() {
    for (line, end) in [
        ("{\"a\":[\n", ""),
        ("{\"a\":\n", ""),
        ("{\"a\":[\n", "}\n"),
        ("{\"a\":[{}, \"}\",\n", "x"),
        ("{\"a\":\n", "\"\\"),
    ] {
        let content = GOOD.to_owned() + &line.repeat(40_000) + end;
        rate(&content).stderr_has(&took_one_and(40_000)).run();
    }
    // what is no object goes as far as the next line that opens one
    let content = "[\n{\"a\":[\n".repeat(40_000) + GOOD;
    rate(GOOD.to_owned() + "x\n" + &content).stderr_has("accepted 2 of 40,003 records, rejected 40001\n").run();
}

#[test]
fn lines_that_are_nested_in_one_another_around_bytes_that_are_no_text() {
    let mut content = (GOOD.to_owned() + &"{\"a\":\n".repeat(50_000)).into_bytes();
    content.extend_from_slice(b"\"\xFF\"");
    content.extend_from_slice("}".repeat(50_000).as_bytes());
    // it ends where it does, and is one record that is no text
    let ran = rate(&content).stderr_has(&took_one_and(1)).run();
    assert_eq!(ran.stderr.matches("rejected: in:50002:2: ").count(), 1, "{}", ran.stderr);
}

#[test]
fn what_is_closed_in_something_open_is_a_record_of_its_own() {
    let content = "{\"a\":[\n{\"recipient\":\"r\",\"point\":\"p\"},\n{\"c\":[\n{\"d\":1}\n]\n}\n{\"e\":\n";
    let told = "rejected: in:7:1: record 1: a comma or ] is missing here\n\
         rejected: in:2:30: record 3: expected a record {…}, found \",\"\n\
         rejected: in:3:1: record 4: recipient: is missing; if the records are in the list \"c\", add --jq . --at c\n\
         rejected: in:8:1: record 5: the file ends inside a value; copy it again if it was cut short\n\
         accepted 1 of 5 records, rejected 4\n";
    rate(content).stderr(told).run();
}

// ── One long line ───────────────────────────────────────────────────────────

#[test]
fn each_of_many_faults_in_one_line_has_its_column() {
    let content = format!("[{}]", "1, ".repeat(100_000) + GOOD.trim_end());
    let told = "rejected: in:1:59: record 20: expected a record {…}, found a number\n";
    rate(content).stderr_has(told).stderr_has(&took_one_and(100_000)).run();
}

#[test]
fn a_document_may_have_any_number_of_keys() {
    let keys: String = (0..40_000).map(|key| format!("\"k{key}\": 1, ")).collect();
    let content = format!("{{{keys}\"interactions\": [{}]}}", GOOD.trim_end());
    rate(content).stderr_has("note: other unknown fields are ignored (39,950 times)\n").run();
}

// ── CSV ─────────────────────────────────────────────────────────────────────

#[test]
fn stray_quotes_are_a_reject_for_every_line() {
    let table = |line: &str| "recipient,point\nr,p\n".to_owned() + &line.repeat(40_000);
    // each line is inside of quotes when it starts inside, and when it does not
    for line in ["p\"q,\"r\n", "b\",\"c\n"] {
        rate(table(line)).stderr_has(&took_one_and(40_000)).run();
    }
    // two lines are one row
    rate(table("\"\n")).stderr_has(&took_one_and(20_000)).run();
}

#[test]
fn a_misquoted_row_shows_no_id_from_the_lines_it_would_swallow() {
    let table = "id,recipient,point\n\"1,r,p\n2,r,p\n3,r,p\"x\n4,\"r,p\n5,r\",\"p\n6,r,p\"x\n";
    let told = |place: &str, record: &str| {
        let allowed = "put quotes around the whole cell, and double those inside";
        format!("rejected: in:{place}: record {record}: there is text after a closing quote; {allowed}\n")
    };
    let told = told("2:1", "1") + &told("6:6", "4 (id \"4\")") + &told("6:6", "5 (id \"5\")");
    rate(table).stderr(told + "accepted 3 of 6 records, rejected 3\n").run();
}

#[test]
fn short_rows_under_many_columns() {
    let columns: String = (0..50_000).map(|column| format!(",c{column}")).collect();
    let rows = "x\n".repeat(50_000);
    let told = "rejected 50000\nserveup: every record was rejected\n";
    serveup("rate in --keep-going -q")
        .file("in", format!("recipient,point{columns}\n{rows}"))
        .status(2)
        .stderr_has(told)
        .run();
}

// ── Maps ────────────────────────────────────────────────────────────────────

fn map(map: &str, text: &str) -> Serveup {
    let table = format!("recipient,point\n{text},p\n");
    serveup("import --map map in -q").file("map", map).file("in", table)
}

#[test]
fn ranges_are_counted() {
    let told = "row 1: map: takes too many steps and returns nothing; check that it ends";
    for range in [
        "last(range(1e9))",
        "[range(1e9)]",
        "[range(0; 1; 1e-9)]",
        "[limit(1e9; repeat(1))]",
        "skip(1e9; range(infinite))",
    ] {
        map(&format!("{range} | {{recipient: \"r\", point: \"p\"}}"), "r").status(2).stderr_has(told).run();
    }
    let numbers = "{recipient: ([range(5), range(2; 4), range(5; 0; -2), range(0; 1; 0.5)] | tostring), point: \"p\"}";
    let stdout = "{\"recipient\":\"[0,1,2,3,4,2,3,5,3,1,0,0.5]\",\"point\":\"p\"}\n";
    map(numbers, "r").stdout(stdout).run();
    let numbers = "{recipient: ([range(0, 1; 3, 4)] | tostring), point: (try [range(0; 2; \"a\")] catch \"no\")}";
    map(numbers, "r").stdout("{\"recipient\":\"[0,1,2,0,1,2,3,1,2,1,2,3]\",\"point\":\"no\"}\n").run();
}

#[test]
fn values_that_fill_the_memory_end_the_import() {
    let told = "serveup: the map uses more than 1 GiB of memory for one row; check that it ends\n";
    for value in ["\"x\" * 100000000000", "[range(4) | \"\\(.)\" * 400000000]"] {
        let ran = map(&format!("{value} | {{recipient: \"r\", point: \"p\"}}"), "r").arg("-o").arg("out");
        let ran = ran.status(2).stderr(told).run();
        assert_eq!(ran.names(), ["in", "map"]);
    }
    // what is given back counts no more
    map("reduce range(8) as $x (.; (\"x\" * 200000000 | length) as $y | .) | {recipient, point}", "r")
        .stdout("{\"recipient\":\"r\",\"point\":\"p\"}\n")
        .run();
}

#[test]
fn many_matches_are_replaced() {
    let text = "ab".repeat(10_000);
    let replaced = |map_text: &str, stdout: &str| {
        let stdout = format!("{{\"recipient\":\"{stdout}\",\"point\":\"p\"}}\n");
        map(map_text, &text).stdout(stdout).run();
    };
    replaced("{recipient: (.recipient | gsub(\"a\"; \"\") | length | tostring), point}", "10000");
    replaced(
        "{recipient: (.recipient[:4000] | gsub(\"(?<x>[ab])\"; \"<\\(.x)>\") | length | tostring), point}",
        "12000",
    );
    replaced("{recipient: (.recipient | sub(\"b\"; \"c\") | .[:4]), point}", "acab");
    // several texts for a match, and what is none, are as jq has them
    replaced("{recipient: ([\"ab\" | gsub(\"[ab]\"; \"x\", \"y\")] | join(\" \")), point}", "xx xy yx yy");
    replaced("{recipient: (\"ab\" | try gsub(\"a\"; 1) catch \"no\"), point}", "no");
}
