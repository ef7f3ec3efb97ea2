//! Levels files: what is taken rates, is shown, and is written as a query.
#![no_main]
#![allow(dead_code)]

include!("program.rs");

const RECORDS: &[u8] = include_bytes!("../../examples/data/escalator.jsonl");

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let rules = file("levels", content);
    let records = file("fixed", RECORDS);
    if run("levels --check", &[&rules]) == 2 {
        return;
    }
    for (line, file) in
        [("rate --threads 1 --keep-going -f table", Some(&records)), ("sql --dialect duckdb", None), ("levels -f json", None)]
    {
        let mut files = vec!["--levels", &rules, "-o", "/dev/null"];
        files.extend(file.map(String::as_str));
        assert_ne!(run(line, &files), 2, "a file that is good works everywhere");
    }
});
