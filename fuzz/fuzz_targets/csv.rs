//! Records as CSV, with a header of their own or, where the first byte is odd, a good one.
#![no_main]
#![allow(dead_code)]

include!("program.rs");

const HEADER: &[u8] = b"id,at,recipient,journey,transaction,point,action,signals,value,served.cadence,channel,stage,relation,verdict,claimed,recovers,response,said\n";

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let Some((first, rest)) = content.split_first() else { return };
    let content = if first % 2 == 1 { [HEADER, rest].concat() } else { rest.to_owned() };
    let records = file("csv", &content);
    run("rate --keep-going --threads 1 -f csv --why", &[&records, "-o", "/dev/null"]);
    run("rate --in-order --keep-going --threads 1 -f json", &[&records, "-o", "/dev/null"]);
    run("import --keep-going --inspect", &[&records, "-o", "/dev/null"]);
});
