//! What the fuzz targets hold the library to, held by their seeds: once as they are, and once with every
//! length of their beginning that a cut might leave.
#![cfg(all(feature = "import", feature = "read"))]
#![expect(clippy::disallowed_methods, reason = "tests read the seeds")]

use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a library of its own, whose targets call it")]
mod fuzz;

/// How many lengths of a seed are tried.
const CUTS: usize = 16;

#[track_caller]
fn hold(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let seeds: Vec<_> = folder.read_dir().expect("seeds").map(|seed| seed.expect("a seed").path()).collect();
    assert!(seeds.len() > 2, "{}", folder.display());
    for seed in seeds {
        let content = std::fs::read(&seed).expect("a seed");
        for cut in 1..=CUTS {
            check(&content[..content.len() * cut / CUTS]);
        }
    }
}

#[test]
fn several_threads_read_what_one_by_one_reads() {
    hold("records", fuzz::records);
}

#[test]
fn the_same_holds_of_csv() {
    hold("csv", fuzz::csv);
}

#[test]
fn a_levels_file_that_is_good_works_everywhere() {
    hold("levels", fuzz::levels);
}

#[test]
fn exports_lose_no_row() {
    hold("exports", fuzz::exports);
}

#[test]
fn formats_leave_dates_as_they_are() {
    hold("dates", fuzz::dates);
}

#[test]
fn maps_lose_no_row() {
    hold("maps", fuzz::maps);
}
