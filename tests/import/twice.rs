//! Presets that have a mapper in Rust beside their map say the same twice: every byte, on every export, whole or
//! damaged, with one thread and with several.

use proptest::prelude::*;
use serveup::import::Preset;

use crate::exports::{content, damaged, exports, hits};
use crate::harness::{Serveup, serveup};
use crate::truth;

/// What an import prints, says and ends with.
fn outcome(run: &Serveup) -> (Option<i32>, String, String) {
    let output = run.command().output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// An import by a preset, and one by its map alone, which bears the same name.
fn twice(preset: &Preset, flags: &[String], export: &[u8]) -> [(Option<i32>, String, String); 2] {
    let ran = serveup("--version").file(preset.name, preset.text).file("in", export).any_stdout().run();
    // without the preset, nothing says where the times stand
    let as_of = if flags.iter().any(|flag| flag == "--as-of") { "" } else { "--as-of 2026-06" };
    let with = |start: &str| {
        let run = ran.then(&format!("import {start} {as_of} in"));
        outcome(&flags.iter().fold(run, Serveup::arg))
    };
    let brought =
        [preset.last_by.map(|column| format!("--last-by {column}")), preset.trailer.then(|| "--trailer".to_owned())];
    let brought = brought.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut by_map = with(&format!("--map {} --threads 1 {brought}", preset.name));
    // what a preset brings along may find no case: a row may be a whole answer of an API
    if by_map.2.contains("by which the last row counts; --inspect") {
        by_map = with(&format!("--map {} --threads 1", preset.name));
    }
    [with(&format!("--from {} --threads 2", preset.name)), by_map]
}

/// All exports there are: the preset, flags, and the bytes.
fn all() -> Vec<(&'static Preset, Vec<String>, Vec<u8>)> {
    let named = |name: &str| Preset::named(name).expect("a preset");
    let files = exports().into_iter().map(|(preset, file, flags)| {
        let flags = flags.split_whitespace().map(str::to_owned).collect();
        (named(&preset), flags, content(&file))
    });
    let cases = truth::cases().into_iter().flat_map(|(preset, cases)| {
        let preset = named(&preset);
        cases.into_iter().map(move |case| (preset, case.flags.clone(), case.export().into_bytes()))
    });
    files.chain(cases).collect()
}

#[test]
fn a_mapper_says_what_its_map_says() {
    for (preset, flags, export) in all() {
        let [mapper, map] = twice(preset, &flags, &export);
        assert_eq!(mapper, map, "{}: {}", preset.name, String::from_utf8_lossy(&export));
    }
}

#[test]
fn what_a_map_cannot_see_changes_nothing() {
    for (preset, flags, export) in all() {
        // a row that is bound to a name may be looked at as a whole
        let (sees, whole) = (preset.text.to_owned(), format!(". as $whole | {}", preset.text));
        let outcomes = [sees, whole].map(|map| {
            let run =
                serveup(&format!("import --map {} in -q", preset.name)).file(preset.name, map).file("in", &export);
            outcome(&flags.iter().fold(run, Serveup::arg))
        });
        assert_eq!(outcomes[0], outcomes[1], "{}", preset.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn and_of_damaged_exports_too(
        export in any::<prop::sample::Index>(), hits in hits(), keep_going in any::<bool>(),
    ) {
        let all = all();
        let (preset, flags, bytes) = &all[export.index(all.len())];
        let mut flags = flags.clone();
        flags.extend(keep_going.then(|| "--keep-going".to_owned()));
        let [mapper, map] = twice(preset, &flags, &damaged(bytes.clone(), hits));
        prop_assert_eq!(mapper, map, "{}", preset.name);
    }
}
