//! Exports of help desks in: tables and JSON through maps to interactions, with
//! every row accounted for. Every run states its status, what it prints and what it says.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::disallowed_methods, reason = "tests lay out files of their own and look at what became of them")]

mod counts;
mod exports;
mod functions;
#[allow(dead_code, reason = "it serves the tests of the command line too")]
#[path = "../cli/harness.rs"]
mod harness;
mod inspect;
mod inspect_meaning;
mod json;
mod last_by;
mod laws;
mod maps;
mod pipeline;
mod presets;
mod recognised;
mod scales;
mod stars;
mod tables;
mod threads;
mod through;
mod truth;
mod twice;
