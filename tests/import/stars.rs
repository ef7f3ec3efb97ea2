//! One star does not soften what happened: orders that came late or never, and what their customers answered.

use std::path::Path;

use crate::harness::{Serveup, serveup};

/// Each order's level, reason and whether it is a failure, worked by hand from the file `stars.csv`.
const AFTER: [&str; 10] = [
    // two days late is basic; one star says basic or below, and leaves it there
    "O-01 basic facts true",
    // nine days late breaks the promise, which is criminal; one star allows that
    "O-02 criminal facts true",
    // never came: unresolved
    "O-03 criminal facts true",
    // came on the day, which is expected; one star moves it to the highest it allows
    "O-04 basic verdict true",
    // a day late is basic; four stars say expected or above, and lift it there
    "O-05 expected verdict false",
    // came on the day; five stars say desired or above
    "O-06 desired verdict false",
    // never came
    "O-07 criminal facts true",
    // came on the day; four stars leave it there
    "O-08 expected facts false",
    // three days late, and no answer
    "O-09 basic facts true",
    // came on the day; three stars are the middle, so it is their word
    "O-10 expected verdict false",
];

/// The same where a map turns stars into levels, as their word: it decides, whatever happened.
const BEFORE: [&str; 10] = [
    "O-01 basic verdict true",
    "O-02 basic verdict true",
    "O-03 basic verdict true",
    "O-04 basic verdict true",
    "O-05 expected verdict false",
    "O-06 desired verdict false",
    "O-07 basic verdict true",
    "O-08 expected verdict false",
    "O-09 basic facts true",
    "O-10 expected verdict false",
];

const ANSWER: &str = "verdict(.stars | known; 5)";

const WORD: &str = r#"(.stars | known | lookup("stars"; {"1": "basic", "2": "basic", "3": "expected", "4": "expected", "5": "desired"}))"#;

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/data").join(name);
    std::fs::read_to_string(path).expect("a file of the tests")
}

/// A gate over the orders, through a map.
fn gate(map: &str) -> Serveup {
    let run = serveup("rate --map stars.jq stars.csv --fail-below basic -q -f json");
    run.file("stars.jq", map).file("stars.csv", data("stars.csv"))
}

#[test]
fn a_bad_answer_leaves_a_broken_promise_what_it_was() {
    let map = data("stars.jq");
    let named = [(3, 2, "O-02"), (4, 3, "O-03"), (8, 7, "O-07")].map(|(line, number, id)| {
        format!("gate: stars.csv:{line}:1: interaction {number} (id \"{id}\"): is criminal, below basic\n")
    });
    gate(&map).status(1).columns("id level reason failure", &AFTER).stderr(named.concat()).run();

    assert!(map.contains(ANSWER), "{map}");
    gate(&map.replace(ANSWER, WORD)).columns("id level reason failure", &BEFORE).run();
}
