//! The command line as people and scripts meet it: each test is a run of the
//! binary, and every run states its status, what it prints and what it says.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::disallowed_methods, reason = "tests lay out files of their own and look at what became of them")]

mod broken;
mod check;
mod decay;
mod errors;
mod faults;
mod gates;
mod harness;
mod help;
mod hostile;
mod input;
mod levels;
mod output;
mod overlays;
mod plumbing;
mod rate;
mod recipients;
mod rejects;
mod rules;
mod sql;
mod surprises;
mod terminal;
mod threads;
