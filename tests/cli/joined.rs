//! Files joined by `cat`: the byte order mark of the second stands in the middle, and is no part of a record.

use crate::harness::{Serveup, serveup};

const HEADER: &str = "id,recipient,point\n";

/// Runs over content as a file and through a pipe.
fn both(line: &str, content: &str) -> [Serveup; 2] {
    [serveup(&format!("{line} in")).file("in", content), serveup(&format!("{line} -")).stdin(content)]
}

#[test]
fn a_mark_before_a_row_is_no_part_of_its_first_cell() {
    let rows = ["r1,acme,p\n", "r2,bolt,p\n", "\"r,3\",x,p\n", "r4,y,p"];
    for between in ["\u{feff}", "\n\r\n\u{feff}", "\u{feff}\u{feff}", "\u{feff}\n\u{feff}"] {
        let content = format!("{HEADER}{}", rows.join(between));
        for run in both("rate -f json", &content) {
            run.columns("id", &["r1", "r2", "r,3", "r4"]).run();
        }
    }
    // elsewhere it is what somebody wrote
    serveup("rate in --no-header").file("in", format!("{HEADER}r1,\u{feff}acme,p\n")).stdout_has("\u{feff}acme").run();
}

#[test]
fn a_mark_before_an_object_is_white_space() {
    let record = |id: &str| format!("{{\"id\":\"{id}\",\"recipient\":\"acme\",\"point\":\"p\"}}");
    for between in ["\n\u{feff}", "\u{feff}", " \u{feff} ", "\n\u{feff}\n\u{feff}"] {
        let content = [record("r1"), record("r2"), record("r3")].join(between) + "\n";
        for run in both("rate -f json", &content) {
            run.columns("id", &["r1", "r2", "r3"]).run();
        }
        for run in both("rate -f json --in-order", &content) {
            run.columns("id", &["r1", "r2", "r3"]).run();
        }
    }
    let people = "{\"id\":\"acme\"}\n\u{feff}{\"id\":\"bolt\"}\n";
    serveup("rate in --recipients who -f json")
        .file("in", record("r1"))
        .file("who", people)
        .columns("id", &["r1"])
        .run();
}

#[test]
fn rejects_behind_a_mark_can_be_read_again() {
    let run = serveup("rate in --keep-going --rejects out.csv -f json")
        .file("in", format!("{HEADER}r1,acme,p\n\u{feff}r2,bolt\n\u{feff}r3,x,p\n"))
        .columns("id", &["r1", "r3"])
        .stderr(
            "rejected: in:3:8: record 2 (id \"r2\"): has 2 cells, but the header has 3; add the missing ones\n\
             accepted 2 of 3 records, rejected 1\n",
        )
        .run();
    assert_eq!(run.read("out.csv"), format!("{HEADER}r2,bolt\n"));
    let good = "{\"id\":\"r1\",\"recipient\":\"acme\",\"point\":\"p\"}";
    let run = serveup("rate in --keep-going --rejects out.jsonl -f json")
        .file("in", format!("{good}\nbroken\n\u{feff}{{\"id\":\"r2\",\"point\":\"p\"}}\n"))
        .columns("id", &["r1"])
        .stderr(
            "rejected: in:2:1: record 2: expected a record {…}, found \"broken\"\n\
             rejected: in:3:1: record 3 (id \"r2\"): recipient: is missing; write who was served\n\
             accepted 1 of 3 records, rejected 2\n",
        )
        .run();
    assert_eq!(run.read("out.jsonl"), "broken\n{\"id\":\"r2\",\"point\":\"p\"}\n");
}
