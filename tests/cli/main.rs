//! The command line as people and scripts meet it: each test is a run of the
//! binary, and every run states its status, what it prints and what it says.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::disallowed_methods, reason = "tests lay out files of their own and look at what became of them")]

mod baseline;
mod broken;
mod check;
mod columns;
mod dates;
mod decay;
mod errors;
mod faults;
mod files_kept;
mod formulas;
mod gates;
mod harness;
mod help;
mod hostile;
mod init;
mod input;
mod joined;
mod lengths;
mod levels;
mod markdown;
mod messages;
mod output;
mod overlays;
mod parts;
mod plumbing;
mod rate;
mod recipients;
mod rejects;
mod rules;
mod sql;
mod streams;
mod surprises;
mod terminal;
mod threads;
