//! Maps, compiled and run: see `serveup_fuzz::maps`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::maps(content));
