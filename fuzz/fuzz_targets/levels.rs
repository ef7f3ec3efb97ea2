//! Levels files: see `serveup_fuzz::levels`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::levels(content));
