//! Of several rows per case the last one counts, in file order.

use crate::harness::serveup;
use crate::through::{SHOWS, all, counts, import, refused, shown, superseded};

const SAYS: &str = r#"{recipient: "r", point: "p", said: .t}"#;

#[test]
fn of_a_table() {
    // blank cases stand for themselves; blanks around one do not make another
    let table = "case,t\n1,a\n2,b\n,c\n1,d\n ,e\n 1 ,f\n3,g\n01,h\n";
    let run = import("--last-by case", SAYS, table).stdout(shown(["b", "c", "e", "f", "g", "h"]));
    run.stderr(superseded(&counts(8, 6, 6, 0, 0), 2)).run();
    import("", SAYS, table).stdout(shown(["a", "b", "c", "d", "e", "f", "g", "h"])).stderr(all(8)).run();
}

#[test]
fn of_json() {
    let lines = r#"{"case":1,"t":"a"}
{"case":"1","t":"b"}
{"t":"c"}
{"case":null,"t":"d"}
{"case":2,"t":"e"}
"#;
    // a number is the case that it is written as; without one a row stands for itself
    let counts = superseded(&counts(5, 4, 4, 0, 0), 1);
    import("--last-by case", SAYS, lines).stdout(shown(["b", "c", "d", "e"])).stderr(&counts).run();
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    import("--last-by case", SAYS, &array).stdout(shown(["b", "c", "d", "e"])).stderr(&counts).run();
    let object = format!("{{\"x\":1,\"rows\":{array}}}");
    import("--last-by case --at rows", SAYS, object).stdout(shown(["b", "c", "d", "e"])).stderr(&counts).run();
}

#[test]
fn of_a_pipe() {
    let table = "case,t\n1,a\n2,b\n1,c\n";
    for content in [table.as_bytes().to_owned(), utf_16(table), format!("\u{feff}{table}").into_bytes()] {
        for line in ["import --map m.jq --last-by case", "import --map m.jq --last-by case -"] {
            let run = serveup(line).file("m.jq", SAYS).stdin(&content).stdout(shown(["b", "c"]));
            run.stderr(superseded(&counts(3, 2, 2, 0, 0), 1)).run();
        }
        // and of a file
        let run = import("--last-by case", SAYS, &content).stdout(shown(["b", "c"]));
        run.stderr(superseded(&counts(3, 2, 2, 0, 0), 1)).run();
    }
}

fn utf_16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn of_several_files() {
    let run = |files: &str| {
        let run = serveup(&format!("import --map m.jq --last-by case {files}")).file("m.jq", SAYS);
        run.file("x", "case,t\n1,a\n2,b\n").file("y", "t;case\nc;1\nd;3\n").stdin("[{\"case\":3,\"t\":\"e\"}]")
    };
    run("x y -").stdout(shown(["b", "c", "e"])).stderr(superseded(&counts(5, 3, 3, 0, 0), 2)).run();
    // the order of the files decides which is the last
    run("- y x").stdout(shown(["d", "a", "b"])).stderr(superseded(&counts(5, 3, 3, 0, 0), 2)).run();
}

#[test]
fn a_column_that_is_not_there_is_an_error() {
    let told = "in:1:1: there is no column \"Case\", by which the last row is used; there are: case, t";
    refused("--last-by Case", SAYS, "case,t\n1,a\n", told);
    refused("--last-by Case --keep-going", SAYS, "case,t\n1,a\n", told);
    // in any of the files
    let run = serveup("import --map m.jq --last-by case x y").file("m.jq", SAYS).file("x", "case,t\n1,a\n");
    run.file("y", "t\nb\n")
        .status(2)
        .stderr("serveup: y:1:1: there is no column \"case\", by which the last row is used; there are: t\n")
        .run();
}

#[test]
fn a_key_that_no_row_has_is_an_error() {
    let told = "no row has \"Case\", by which the last row is used; --inspect lists what there is";
    refused("--last-by Case", SAYS, "{\"case\":1,\"t\":\"a\"}\n{\"case\":1,\"t\":\"b\"}\n", told);
    // where there is no row nothing is missed
    import("--last-by Case", SAYS, "[]").stderr(counts(0, 0, 0, 0, 0)).run();
}

#[test]
fn a_key_inside_of_an_object_is_reached_by_dots() {
    let lines = r#"{"a":{"b":{"c":1}},"t":"a"}
{"a":{"b":{"c":2}},"t":"b"}
{"a":{"b":{"c":1}},"t":"c"}
{"a":{"b":1},"t":"d"}
{"a.b.c":2,"t":"e"}
"#;
    // a name that is written so comes first; what leads nowhere names no case
    let run = import("--last-by a.b.c", SAYS, lines).stdout(shown(["c", "d", "e"]));
    run.stderr(superseded(&counts(5, 3, 3, 0, 0), 2)).run();
}

#[test]
fn columns_are_named_as_maps_name_them() {
    let table = "case, case ,t\n1,7,a\n2,7,b\n";
    import("-q --last-by case", SAYS, table).stdout(shown(["a", "b"])).run();
    import("-q --last-by case_2", SAYS, table).stdout(shown(["b"])).run();
}

#[test]
fn a_last_row_that_is_rejected_lets_no_earlier_one_through() {
    // the flag that changed within the case: what came before is not its outcome
    let map = r#"{recipient: .who, point: "p", said: .t}"#;
    let table = "case,who,t\n1,r,a\n1,,b\n2,r,c\n";
    let told = "rejected: in:3:1: row 2: m.jq: recipient: is empty; write who was served\n";
    let run = import("--last-by case --keep-going", map, table).stdout(shown(["c"]));
    run.stderr(told.to_owned() + &superseded(&counts(3, 1, 1, 1, 0), 1)).run();
    // numbers of rows count all of them
    let run = import("--last-by case", map, table).status(2);
    run.stderr("serveup: in:3:1: row 2: m.jq: recipient: is empty; write who was served\n").run();
}

#[test]
fn a_row_that_was_superseded_is_not_looked_at() {
    // the first is wrong for the map, and nobody asks
    let map = r#"{recipient: "r", point: "p", said: (.t | lookup("t"; {good: "ok"}))}"#;
    let run = import("--last-by case", map, "case,t\n1,bad\n1,good\n").stdout(shown(["ok"]));
    run.stderr(superseded(&counts(2, 1, 1, 0, 0), 1)).run();
}

#[test]
fn rows_that_cannot_be_read_belong_to_no_case() {
    let told = "rejected: in:3:2: row 2: has 1 cell, but the header has 2; add the missing ones\n";
    let run = import("--last-by case --keep-going", SAYS, "case,t\n1,a\n1\n2,b\n2,c\n").stdout(shown(["a", "c"]));
    run.stderr(told.to_owned() + &superseded(&counts(4, 2, 2, 1, 0), 1)).run();
    let told = "rejected: in:2:9: row 2: a colon is missing here, between a name and its value\n";
    let lines = "{\"case\":1,\"t\":\"a\"}\n{\"case\" 1}\n{\"case\":1,\"t\":\"b\"}\n";
    let run = import("--last-by case --keep-going", SAYS, lines).stdout(shown(["b"]));
    run.stderr(told.to_owned() + &superseded(&counts(3, 1, 1, 1, 0), 1)).run();
    // of a broken array it is the rest
    let array = "[{\"case\":1,\"t\":\"a\"},\n{\"case\" 1},{\"case\":1,\"t\":\"b\"}]";
    let run = import("--last-by case --keep-going", SAYS, array).stdout(shown(["a"]));
    run.stderr_has("the rest of the file is not read").stderr_has(&counts(2, 1, 1, 1, 0)).run();
}

#[test]
fn rows_of_last_cases_keep_their_places() {
    let map = r#"{recipient: "r", point: "p", said: "\($row.line) \($row.number)"}"#;
    let run = import("-q --last-by case", map, "\u{feff}case,t\n1,a\n\n1,\"b\nc\"\n2,d\n");
    run.stdout(shown(["4 2", "6 3"])).run();
}

#[test]
fn a_trailer_is_no_case() {
    let run = import("--last-by case --trailer", SAYS, "case,t\n1,a\n1,b\n1\n").stdout(shown(["b"]));
    let told = superseded(&counts(2, 1, 1, 0, 0), 1);
    run.stderr(format!("{}; beside them 1 trailer line\n", told.trim_end())).run();
}

#[test]
fn a_column_without_a_single_case_makes_every_row_its_own() {
    import("--last-by b", SHOWS, "a,b\n1,\n2,\n")
        .stdout(shown([r#"{"a":"1","b":""}"#, r#"{"a":"2","b":""}"#]))
        .stderr(all(2))
        .run();
}
