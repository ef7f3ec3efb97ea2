//! Reports as scripts read them: every number is recomputed here from the rows
//! of `rate` and the records as written, or worked by hand beside the case.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::disallowed_methods, reason = "tests read the examples and lay out files of their own")]

mod calibrate;
mod calibrate_made;
mod cases;
mod check_point;
mod decay;
mod edges;
mod figures;
mod formats;
mod gates;
#[allow(dead_code, clippy::unwrap_used, reason = "it serves the tests of the core, which use their part of it")]
#[path = "../support/generate.rs"]
mod generate;
#[allow(dead_code, reason = "it serves the tests of the command line too")]
#[path = "../cli/harness.rs"]
mod harness;
mod journey;
mod laws;
mod loyalty;
mod moves;
mod next;
mod next_steps;
mod page;
mod page_read;
#[path = "../support/page.rs"]
mod paged;
mod periods;
mod planned;
mod recovery;
mod small_print;
mod strategy;
mod told;
mod translated;
mod uplift;
