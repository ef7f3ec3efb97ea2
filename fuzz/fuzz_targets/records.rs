//! Records as JSON: an array, a document, lines. Read ahead in pieces on one thread and on several, and read
//! one by one; the rows must be the same, and so they must be when what is rejected is left out.
#![no_main]
#![allow(dead_code)]

include!("program.rs");

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let records = file("records", content);
    let out = file("out", b"");
    let rows = |line: &str| {
        std::fs::write(&out, b"").expect("a file");
        let status = run(line, &[&records, "-o", &out]);
        (status, std::fs::read(&out).expect("rows"))
    };
    let ahead = rows("rate --threads 1 -f tsv");
    assert!(rows("rate --threads 3 -f tsv") == ahead, "threads change nothing");
    let keeping = rows("rate --threads 1 -f tsv --keep-going");
    assert!(rows("rate --threads 3 -f tsv --keep-going") == keeping, "threads change nothing about what is rejected");
    if ahead.0 != 2 {
        assert!(keeping == ahead, "nothing is rejected of what is taken");
    }
    // in order, records are read one by one; what is not in order is refused
    for (flag, expected) in [("", &ahead), (" --keep-going", &keeping)] {
        let one_by_one = rows(&format!("rate --in-order -f tsv{flag}"));
        assert!(one_by_one.0 == 2 || one_by_one == *expected, "reading ahead changes nothing");
    }
    run("rate --in-order --threads 1 -f table --why", &[&records, "-o", "/dev/null"]);
});
