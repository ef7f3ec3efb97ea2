//! Files as people have them, made by the programs they come from: whatever the form, the same
//! records come out; and what is wrong with a file is said with its place and what to do.
//!
//! How the files in `data` were made stands in `data/README.md`.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "tests lay out files of their own and look at what became of them")]

mod files;
mod filled;
#[allow(dead_code, reason = "it serves the tests of the command line too")]
#[path = "../cli/harness.rs"]
mod harness;
mod in_order;
mod nothing;
mod packed;
mod peopled;
mod tables;
mod tags;
mod values;
mod workbooks;
mod wrong;

/// A file in `data`.
pub(crate) fn data(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The file `in` is refused with this line, and nothing is printed.
#[track_caller]
pub(crate) fn refused(flags: &str, content: impl AsRef<[u8]>, told: &str) {
    harness::serveup(&format!("rate in {flags}"))
        .file("in", content)
        .status(2)
        .stderr(format!("serveup: {told}\n"))
        .run();
}
