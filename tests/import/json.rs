//! JSON: arrays, lines and lists inside of objects; what is broken in them, and what must not be lost of them.

use crate::harness::{lines, serveup};
use crate::through::{SHOWS, all, counts, import, refused, sees, shown};

const ROWS: [&str; 2] = [r#"{"id":1}"#, r#"{"id":2,"x":[null,{"y":"é"}]}"#];

#[test]
fn arrays_lines_and_objects_in_a_row() {
    let [one, two] = ROWS;
    for content in [
        format!("[{one},{two}]"),
        format!("\u{feff}\n [\n{one} ,\r\n{two}\n]\n\n"),
        format!("{one}\n{two}\n"),
        format!("\u{feff}{one}\r\n\r\n{two}"),
        format!("{one}{two}"),
        // as jq prints them
        "{\n  \"id\": 1\n}\n{\n  \"id\": 2,\n  \"x\": [null, {\"y\": \"\\u00e9\"}]\n}\n".to_owned(),
    ] {
        sees("", &content, &ROWS);
        serveup("import --map m.jq -q").file("m.jq", SHOWS).stdin(&content).stdout(shown(ROWS)).run();
    }
    import("", SHOWS, "[]").stderr(counts(0, 0, 0, 0, 0)).run();
    // where lines are looked for, an object that holds a list is one row
    sees("", r#"{"tickets":[1]}"#, &[r#"{"tickets":[1]}"#]);
}

#[test]
fn places_of_rows() {
    let map = r#"{recipient: "r", point: "p", said: "\($row.file) \($row.line) \($row.number)"}"#;
    let said = ["in 1 1", "in 3 2", "in 3 3"];
    import("-q", map, "[{},\n\n{}, {\n}]").stdout(shown(said)).run();
    import("-q", map, "{}\n\n{} {\n}").stdout(shown(said)).run();
    import("-q --at a", map, "{\"a\":[{},\n\n{}, {\n}]}").stdout(shown(said)).run();
    let run = serveup("import --map m.jq -q").file("m.jq", map).stdin("{}").stdout(shown(["stdin 1 1"]));
    run.run();
}

// ── A list inside of an object ──────────────────────────────────────────────

#[test]
fn a_list_in_an_object() {
    let rows = format!("[{},{}]", ROWS[0], ROWS[1]);
    for (at, content) in [
        ("tickets", format!("{{\"tickets\":{rows}}}")),
        (
            "tickets",
            format!("{{\"next\":null,\"count\":2,\"deep\":{{\"tickets\":[9]}},\"tickets\":{rows},\"end\":[3]}}"),
        ),
        (
            "data.tickets",
            format!("{{\"tickets\":[9],\"data\":{{\"x\":{{\"tickets\":[9]}},\"tickets\":{rows}}},\"y\":1}}"),
        ),
        // the keys in another order, or only the last of them, lead elsewhere
        (
            "data.tickets",
            format!("{{\"tickets\":{{\"data\":[9],\"tickets\":[9]}},\"data\":{{\"data\":[9],\"tickets\":{rows}}}}}"),
        ),
        ("a.b.c", format!("\u{feff}\n{{\"a\":{{\"b\":{{\"c\":{rows}}},\"z\":0}}}}\n")),
    ] {
        sees(&format!("--at {at}"), &content, &ROWS);
        let run = serveup(&format!("import --map m.jq -q --at {at}")).file("m.jq", SHOWS).stdin(&content);
        run.stdout(shown(ROWS)).run();
    }
    import("--at t", SHOWS, r#"{"t":[]}"#).stderr(counts(0, 0, 0, 0, 0)).run();
}

#[test]
fn a_list_that_is_not_there_is_an_error() {
    for (at, content) in [
        ("t", "{}"),
        ("t", r#"{"T":[]}"#),
        ("a.t", r#"{"a":{}}"#),
        ("a.t", r#"{"a":[]}"#),
        ("a.t", r#"{"a":1,"t":[]}"#),
    ] {
        let told = format!("in: there is no list at \"{at}\"; correct --at");
        refused(&format!("--at {at}"), SHOWS, content, &told);
        import(&format!("--at {at} --keep-going"), SHOWS, content).status(2).stderr(format!("serveup: {told}\n")).run();
    }
    for (value, found) in [("{}", "an empty object"), ("null", "null"), ("3", "a number"), ("\"x\"", "text")] {
        let told = format!("in:1:6: row 1: t: is {found}; write a list");
        refused("--at t", SHOWS, format!("{{\"t\":{value}}}"), &told);
    }
    let twice = "in:1:13: row 2: t: is given twice; keep one";
    refused("--at t", SHOWS, r#"{"t":[{}]  ,"t":[]}"#, twice);
    refused(
        "--at t",
        SHOWS,
        "[{}]",
        "in: --at is for a JSON object that holds a list, and this is a list; leave it out",
    );
    refused("--at t", SHOWS, "t\n1\n", "in: --at is for JSON objects, and this is a table; leave it out");
    import("--at t --delimiter ,", SHOWS, "{}").status(2).stderr_has("cannot be used with").run();
    let none = format!("note: in: no records found\n{}", counts(0, 0, 0, 0, 0));
    import("--at t", SHOWS, "").stderr(none).run();
}

// ── What is broken ──────────────────────────────────────────────────────────

#[test]
fn a_broken_line_is_refused_or_left_out() {
    let broken = "{\"id\":1}\n{\"id\" 2}\n  {\"id\":3}\noops\n{\"id\":4}\n";
    // the colon is missing in column 7
    refused("", SHOWS, broken, "in:2:7: row 2: a colon is missing here, between a name and its value");
    // what is broken ends before the next line that starts an object; the indented one does not
    let said = format!(
        "rejected: in:2:7: row 2: a colon is missing here, between a name and its value\n{}",
        counts(3, 2, 2, 1, 0)
    );
    let run = import("--keep-going --rejects bad", SHOWS, broken).stdout(shown([r#"{"id":1}"#, r#"{"id":4}"#]));
    assert_eq!(run.stderr(said).run().read("bad"), "{\"id\" 2}\n  {\"id\":3}\noops\n");
    let said =
        format!("rejected: in:2:1: row 2: this is not a JSON value; put text in quotes\n{}", counts(3, 2, 2, 1, 0));
    let run = import("--keep-going", SHOWS, "{\"id\":1}\noops\n{\"id\":4}\n");
    run.stdout(shown([r#"{"id":1}"#, r#"{"id":4}"#])).stderr(said).run();
}

#[test]
fn the_rest_of_a_broken_array_is_one_reject() {
    for (flags, start, end) in [("", "[", "]"), ("--at t", "{\"t\":[", "],\"next\":null}")] {
        let broken = format!("{start}{{\"id\":1}},\n{{\"id\" 2}},\n{{\"id\":3}}{end}\n");
        refused(flags, SHOWS, &broken, "in:2:7: row 2: a colon is missing here, between a name and its value");
        let said = "rejected: in:2:7: row 2: a colon is missing here, between a name and its value; the rest of the file is not read\n";
        let run = import(&format!("{flags} --keep-going --rejects bad"), SHOWS, &broken);
        let ran = run.stdout(shown([r#"{"id":1}"#])).stderr(said.to_owned() + &counts(2, 1, 1, 1, 0)).run();
        assert!(ran.read("bad").starts_with("{\"id\" 2},\n{\"id\":3}"), "{}", ran.read("bad"));
        // the files after it are read
        let line = format!("import --map m.jq {flags} --keep-going in more");
        let run = ran.then(&line).file("more", format!("{start}{{\"id\":9}}{end}"));
        run.stdout(shown([r#"{"id":1}"#, r#"{"id":9}"#])).stderr(said.to_owned() + &counts(3, 2, 2, 1, 0)).run();
    }
}

#[test]
fn what_is_cut_short_is_told() {
    let end = "found the end of the file; it may have been cut short";
    refused("", SHOWS, "[{}", &format!("in:1:4: row 2: expected a comma or ], {end}"));
    refused("", SHOWS, "[{},", &format!("in:1:5: row 2: expected a row, {end}"));
    refused("", SHOWS, "[", &format!("in:1:2: row 1: expected a comma or ], {end}"));
    refused("--at t", SHOWS, r#"{"t":[{}]"#, &format!("in:1:10: row 2: expected a comma or }}, {end}"));
    let eof = "copy it again if it was cut short";
    refused("", SHOWS, "{}\n{\"id\":", &format!("in:2:6: row 2: the file ends inside a value; {eof}"));
    refused("", SHOWS, "[{\"id\":\"x", &format!("in:1:9: row 1: the file ends inside text; {eof}"));
    // what stood before goes through
    let run = import("--keep-going", SHOWS, "{\"id\":1}\n{\"id\":").stdout(shown([r#"{"id":1}"#]));
    run.stderr_has("rejected: in:2:6: row 2: the file ends").stderr_has(&counts(2, 1, 1, 1, 0)).run();
}

#[test]
fn what_stands_behind_the_end_is_told() {
    refused("", SHOWS, "[{}] x", "in:1:6: row 2: expected another value, [ or {, or nothing, found \"x\"");
    // a second document is read on its own
    let two = "{\"t\":[{}]}\n{\"t\":[{}]}\n";
    import("--at t", SHOWS, two).stdout(shown(["{}", "{}"])).stderr(counts(2, 2, 2, 0, 0)).run();
    refused("--at t", SHOWS, "{\"t\":[{}]}\n[]\n", "in:2:1: row 2: expected {, found \"[\"");
    refused("", SHOWS, "[{},]", "in:1:5: row 2: expected a row, found \"]\"");
    refused("", SHOWS, "[{} {}]", "in:1:5: row 2: expected a comma or ], found \"{\"");
}

#[test]
fn nesting_without_end_is_refused() {
    let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let map = r#"{recipient: "r", point: "p", said: "\(has("x"))"}"#;
    import("-q", map, nested(127)).stdout(shown(["true"])).run();
    // the object, and 128 lists in it
    let told = "in:1:1: row 1: is nested deeper than 128 levels; flatten it";
    refused("", map, nested(128), told);
    refused("", map, nested(100_000), told);
    let mixed = format!("{}\n{{\"x\":1}}\n", nested(100_000));
    let run = import("--keep-going", map, mixed).stdout(shown(["true"]));
    run.stderr(format!("rejected: {told}\n{}", counts(2, 1, 1, 1, 0))).run();
    // never closed
    import("", map, "[".repeat(100_000)).status(2).stderr_has("serveup: in:1:").run();
}

#[test]
fn what_is_not_utf_8_is_an_error() {
    refused(
        "",
        SHOWS,
        b"{\"id\":\"caf\xe9\"}",
        "in:1:11: row 1: is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1",
    );
    sees("--encoding latin1", b"{\"id\":\"caf\xe9\"}", &[r#"{"id":"café"}"#]);
}

#[test]
fn rows_that_are_no_objects_are_for_the_map_to_judge() {
    let list = r#"[3, "x", null, true, [1], {"id":1}]"#;
    import("", SHOWS, list).stdout(shown(["3", "\"x\"", "null", "true", "[1]", r#"{"id":1}"#])).stderr(all(6)).run();
    let map = r#"{recipient: column("id"), point: "p"}"#;
    refused("", map, list, "in:1:2: row 1: m.jq: there is no column \"id\"; the row is not an object");
}

// ── What must not be lost ───────────────────────────────────────────────────

#[test]
fn numbers_keep_every_digit() {
    // 2^53 + 1 is no double; zeros at an end are digits too
    let texts = ["9007199254740993", "123456789012345678901234567890", "1.10", "1e3", "0.30000000000000004"];
    let rows = texts.map(|text| format!("{{\"id\":{text}}}"));
    let map = r#"{recipient: .id, point: "p", id: "\(.id)", said: (.id | tostring)}"#;
    let expected =
        texts.map(|text| format!("{{\"id\":\"{text}\",\"recipient\":{text},\"point\":\"p\",\"said\":\"{text}\"}}"));
    let run = import("-o out -q", map, lines(&rows)).run();
    assert_eq!(run.read("out"), lines(&expected));
    // and rate takes them for the texts they are
    run.then("rate out -f json")
        .columns("recipient id", &texts.map(|text| format!("{text} {text}")).each_ref().map(String::as_str))
        .run();
}

#[test]
fn leading_zeros_of_texts_stay() {
    let map = r#"{recipient: .id, point: "p"}"#;
    let expected = |id: &str| format!("{{\"recipient\":\"{id}\",\"point\":\"p\"}}\n");
    for id in ["007", "9007199254740993", "1.50", "1e3", "+49 30", "0x10"] {
        import("-q", map, format!("id,x\n{id},\n")).stdout(expected(id)).run();
        import("-q", map, format!("{{\"id\":\"{id}\"}}")).stdout(expected(id)).run();
    }
}

#[test]
fn texts_go_through_as_they_are() {
    let text = r#"tab\t quote\" back\\slash \u0000 \u202e é 😀 \n"#;
    let map = r#"{recipient: "r", point: "p", said: .t}"#;
    let ran = import("-q", map, format!("{{\"t\":\"{text}\"}}")).any_stdout().run();
    let wanted: serde_json::Value = serde_json::from_str(&format!("\"{text}\"")).expect("a text");
    assert_eq!(crate::through::values(&ran.stdout)[0]["said"], wanted);
    assert_eq!(ran.stdout.lines().count(), 1);
}
