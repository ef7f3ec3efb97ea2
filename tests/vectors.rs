//! The core against answers it did not produce: cases worked by hand from the
//! rules, in `tests/vectors/*.json`, each with its reasoning in a note.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use serveup::{Level, Model};
use support::{rate, vectors};

/// The fields a hand-worked row may name.
const WORKED: [&str; 10] =
    ["level", "reason", "assessed", "evidence", "standing", "next", "failure", "near_miss", "gap", "value"];

#[test]
fn the_core_rates_as_worked_by_hand() {
    let mut wrong = Vec::new();
    for (file, case) in vectors() {
        let model = Model::with_overlay(&case.levels).unwrap_or_else(|error| panic!("{file}: {error}: {}", case.note));
        let rows = rate(&model, &case.recipients, &case.interactions);
        assert_eq!(rows.len(), case.expected.len(), "{file}: a row for each interaction: {}", case.note);
        for (number, (row, expected)) in rows.iter().zip(&case.expected).enumerate() {
            let differing = expected.iter().filter(|(field, value)| row[field.as_str()] != **value);
            for (field, value) in differing {
                let (number, found) = (number + 1, &row[field]);
                wrong.push(format!("{file}, row {number}: {field} is {found}, by hand {value}\n  {}", case.note));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_case_gives_its_reasoning_and_every_row_level_and_reason() {
    for (file, case) in vectors() {
        assert!(case.note.len() > 40, "{file}: a note that says why: {:?}", case.note);
        for row in &case.expected {
            assert!(row.contains_key("level") && row.contains_key("reason"), "{file}: {row:?}: {}", case.note);
            for field in row.keys() {
                assert!(WORKED.contains(&field.as_str()), "{file}: unknown field {field}: {}", case.note);
            }
        }
    }
}

#[test]
fn every_reason_meets_every_level_it_can() {
    let met: BTreeSet<String> = vectors()
        .iter()
        .flat_map(|(_, case)| &case.expected)
        .map(|row| format!("{} {}", row["reason"].as_str().unwrap(), row["level"].as_str().unwrap()))
        .collect();
    let every = |reason: &str, levels: &[Level]| -> BTreeSet<String> {
        levels.iter().map(|level| format!("{reason} {level}")).collect()
    };
    let [criminal, basic, expected, desired, surprising, unbelievable] = Level::ALL;
    let mut possible = every("verdict", &Level::ALL);
    possible.extend(every("facts", &Level::ALL));
    // what was owed is one above at least, and never more than the evidence, which is expected at best
    possible.extend(every("lapse", &[criminal, basic]));
    possible.extend(every("market", &[basic, expected, desired, surprising]));
    possible.extend(every("repeat", &[basic, expected, desired, surprising]));
    possible.extend(every("unremarked", &[expected]));
    assert_eq!(met, possible);
    assert!(!met.contains(&format!("repeat {unbelievable}")), "with lasts = 1 no repeat is unbelievable");
}
