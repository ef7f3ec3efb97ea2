//! Records in any form: see `serveup_fuzz::records`.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| serveup_fuzz::records(content));
