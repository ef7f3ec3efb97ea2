//! Maps: compiled, and run on two rows. A map is a program and may run for ever,
//! which is no finding; such inputs are passed over by their length and what they call.
#![no_main]
#![allow(dead_code)]

include!("program.rs");

const TABLE: &[u8] = b"order,customer,brought in,promised,picked up,stars,remark\n\
R-501,Nora,02.03.2026,06.03.2026,05.03.2026,5,They washed it\nR-502,Emil,02.03.2026,,,x,\n";

/// What makes a program run long, or take much memory.
const ENDLESS: [&str; 13] =
    ["def", "range", "repeat", "recurse", "while", "until", "limit", "*", "foreach", "reduce", "..", "combinations", "implode"];

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let Ok(text) = std::str::from_utf8(content) else { return };
    let map = file("map", content);
    let table = file("table", TABLE);
    if ENDLESS.iter().any(|word| text.contains(word)) {
        let _ = import::map::Map::compile("map", text, None);
    } else {
        run("import --keep-going", &["--map", &map, "-o", "/dev/null", &table]);
    }
});
