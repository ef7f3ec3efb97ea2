//! Exports in any form, by every preset: see `serveup_fuzz::exports`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::exports(content));
