//! Records as JSON: an array, a document, lines. Read at once, read in order and
//! read to the end over what is rejected; the rows must be the same.
#![no_main]
#![allow(dead_code)]

include!("program.rs");

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let records = file("records", content);
    let out = file("out", b"");
    let two_passes = run("rate --threads 1 -f jsonl", &[&records, "-o", &out]);
    let rows = std::fs::read(&out).expect("rows");
    std::fs::write(&out, b"").expect("a file");
    let keeping = run("rate --threads 1 -f jsonl --keep-going", &[&records, "-o", &out]);
    if two_passes != 2 {
        assert_eq!(keeping, two_passes, "nothing is rejected of what is taken");
        assert!(std::fs::read(&out).expect("rows") == rows, "and the rows are the same");
    }
    run("rate --in-order --threads 1 -f table --why", &[&records, "-o", "/dev/null"]);
});
