//! Records as CSV, and the same as an export: see `serveup_fuzz::csv`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::csv(content));
