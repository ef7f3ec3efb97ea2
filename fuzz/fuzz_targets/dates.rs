//! Dates and their formats: see `serveup_fuzz::dates`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::dates(content));
