//! Presets that have a mapper in Rust beside their map say the same twice: every byte, on every export, whole or
//! damaged, by chunks of rows on several threads and row by row on one.

use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;
use serveup::import::Preset;

use crate::exports::{content, damaged, exports, hits};
use crate::harness::{Serveup, lines, serveup};
use crate::truth::{self, Case};

/// What an import prints, says and ends with.
type Outcome = (Option<i32>, String, String);

fn outcome(run: &Serveup, flags: &[String]) -> Outcome {
    let output = run.command().args(flags).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// An export, and how it is read.
#[derive(Clone)]
struct Export {
    preset: &'static Preset,
    flags: Vec<String>,
    bytes: Vec<u8>,
}

/// An import by a preset, and one by its map alone, which bears the same name, and may ask where a row stands: so it
/// is not read by chunks.
fn twice(Export { preset, flags, bytes }: &Export) -> [Outcome; 2] {
    // without the preset, nothing says where the times stand
    let as_of = if flags.iter().any(|flag| flag == "--as-of") { "" } else { "--as-of 2026-06" };
    let with = |start: &str| {
        let run = serveup(&format!("import {start} {as_of} in")).file("in", bytes);
        outcome(&run.file(preset.name, format!("$row as $place | {}", preset.text)), flags)
    };
    let brought =
        [preset.last_by.map(|column| format!("--last-by {column}")), preset.trailer.then(|| "--trailer".to_owned())];
    let brought = brought.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut by_map = with(&format!("--map {} --threads 1 {brought}", preset.name));
    // what a preset brings along may find no case: a row may be a whole answer of an API
    if by_map.2.contains("by which the last row is used; --inspect") {
        by_map = with(&format!("--map {} --threads 1", preset.name));
    }
    // a map of one's own is told of columns that it may have misspelt
    let told = by_map.2.split_inclusive('\n').filter(|line| !line.starts_with("note: in: there is no column "));
    by_map.2 = told.collect();
    [with(&format!("--from {} --threads 2", preset.name)), by_map]
}

fn named(name: &str) -> &'static Preset {
    Preset::named(name).expect("a preset")
}

/// The exports that presets are tried on.
fn files() -> impl Iterator<Item = Export> {
    exports().into_iter().map(|(preset, file, flags)| {
        let flags = flags.split_whitespace().map(str::to_owned).collect();
        Export { preset: named(&preset), flags, bytes: content(&file) }
    })
}

/// All exports there are, one by one: the files, and every case that was worked by hand.
static ALL: LazyLock<Vec<Export>> = LazyLock::new(|| {
    let cases = truth::cases().into_iter().flat_map(|(preset, cases)| {
        let preset = named(&preset);
        cases.into_iter().map(move |case| Export { preset, bytes: case.export().into_bytes(), flags: case.flags })
    });
    files().chain(cases).collect()
});

/// Cases that are read in the same way, as one export.
struct Joined {
    flags: Vec<String>,
    /// The header of a table; of JSON there is none.
    header: String,
    rows: String,
    /// The numbers of their cases, where one row of several counts.
    numbers: HashSet<String>,
}

/// The same with cases of the same form in one export, since to start the program takes longer than to read them: lines of
/// JSON, and tables with the same header. Other forms stay by themselves.
fn joined() -> Vec<Export> {
    let mut all: Vec<_> = files().collect();
    for (preset, cases) in truth::cases() {
        let preset = named(&preset);
        let mut groups: Vec<Joined> = Vec::new();
        for case in cases {
            let Some((header, rows, numbers)) = parts(preset, &case) else {
                all.push(Export { preset, bytes: case.export().into_bytes(), flags: case.flags });
                continue;
            };
            let fits = |group: &&mut Joined| {
                group.flags == case.flags && group.header == header && group.numbers.is_disjoint(&numbers)
            };
            if let Some(group) = groups.iter_mut().find(fits) {
                group.rows.push_str(&rows);
                group.numbers.extend(numbers);
            } else {
                groups.push(Joined { flags: case.flags, header, rows, numbers });
            }
        }
        all.extend(groups.into_iter().map(|Joined { mut flags, header, rows, .. }| {
            // one row must not hide those behind it
            flags.push("--keep-going".to_owned());
            Export { preset, flags, bytes: (header + &rows).into_bytes() }
        }));
    }
    all
}

/// The header and the rows of a case, and the numbers of the cases in it, if it can be joined with others.
fn parts(preset: &Preset, case: &Case) -> Option<(String, String, HashSet<String>)> {
    // what says where the rows begin, end or count is of the whole export
    let of_whole = |flag: &String| ["--last-by", "--skip", "--trailer", "--at"].contains(&flag.as_str());
    if case.flags.iter().any(of_whole) {
        return None;
    }
    if case.text.is_empty() {
        let number = |row: &Value| match (preset.last_by, row) {
            (None, _) => Some(None),
            (Some(column), row) => row.get(column)?.as_str().map(|number| Some(number.trim().to_owned())),
        };
        let numbers: Option<Vec<_>> = case.rows.iter().map(number).collect();
        return Some((
            String::new(),
            lines(case.rows.iter().map(Value::to_string)),
            numbers?.into_iter().flatten().collect(),
        ));
    }
    let (header, rows) = case.text.split_once('\n')?;
    let is_plain = !preset.trailer && preset.last_by.is_none() && !header.starts_with(['{', '[', '\u{feff}']);
    (is_plain && !rows.is_empty())
        .then(|| (format!("{header}\n"), lines([rows.trim_end_matches('\n')]), HashSet::new()))
}

#[test]
fn a_mapper_says_what_its_map_says() {
    for export in joined() {
        let [mapper, map] = twice(&export);
        assert_eq!(mapper, map, "{}: {}", export.preset.name, String::from_utf8_lossy(&export.bytes));
        assert_eq!(mapper.0, Some(0), "{}: {}", export.preset.name, mapper.2);
    }
}

#[test]
fn joining_loses_no_row() {
    let rows = |exports: &[Export]| exports.iter().map(|export| export.bytes.len()).sum::<usize>();
    let (joined, headers) = (joined(), |export: &Export| export.bytes.split(|byte| *byte == b'\n').count());
    assert!(joined.len() * 4 < ALL.len(), "{} of {}", joined.len(), ALL.len());
    // the headers of tables are there once
    assert!(rows(&joined) <= rows(&ALL));
    let of_json = |exports: &[Export]| {
        let json = exports.iter().filter(|export| export.bytes.starts_with(b"{")).cloned();
        json.map(|export| headers(&export) - 1).sum::<usize>()
    };
    assert_eq!(of_json(&joined), of_json(&ALL));
}

/// The value with each of the objects in it, one after the other, replaced by a list of its members, or of one of them.
fn with_lists(value: &Value) -> Vec<Value> {
    let mut variants = Vec::new();
    match value {
        Value::Object(members) => {
            let all: Vec<_> = members.values().cloned().collect();
            variants.extend(all.iter().map(|value| Value::Array(vec![value.clone()])));
            variants.push(Value::Array(all));
            for (name, inner) in members {
                for variant in with_lists(inner) {
                    let mut members = members.clone();
                    members.insert(name.clone(), variant);
                    variants.push(Value::Object(members));
                }
            }
        }
        Value::Array(items) => {
            for (place, inner) in items.iter().enumerate() {
                for variant in with_lists(inner) {
                    let mut items = items.clone();
                    items[place] = variant;
                    variants.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    variants
}

#[test]
fn a_list_is_no_object_to_a_mapper_either() {
    for (preset, row) in [
        (
            "zendesk",
            r#"{"id":1,"status":"open","created_at":"2026-03-01T09:00:00Z","requester_id":2,"via":{"channel":"email","source":{"rel":null}},"metric_set":{"reopens":0},"metric_events":[{"metric":"reply_time","instance_id":1,"type":"apply_sla","sla":{"target":60}}],"satisfaction_rating":{"score":"good"},"comments":[{"author_id":2,"public":true,"created_at":"2026-03-01T09:00:00Z"}]}"#,
        ),
        (
            "freshdesk",
            r#"{"id":1,"status":5,"source":1,"requester_id":2,"created_at":"2026-03-01T09:00:00Z","stats":{"first_responded_at":"2026-03-01T10:00:00Z"},"conversations":[{"incoming":true,"created_at":"2026-03-01T09:30:00Z"}],"satisfaction_rating":{"id":3,"created_at":"2026-03-02T09:00:00Z","ratings":[{"question":"default_question","value":103}]}}"#,
        ),
        (
            "intercom",
            r#"{"id":"1","state":"closed","created_at":1772355600,"source":{"type":"email","author":{"type":"user"}},"contacts":{"contacts":[{"id":"9"}]},"assignee":{"type":"admin"},"statistics":{"first_admin_reply_at":1772359200},"sla_applied":{"sla_status":"hit"},"first_contact_reply":{"created_at":1772355600},"conversation_rating":{"rating":4},"conversation_parts":{"conversation_parts":[{"part_type":"comment","body":"x","created_at":1772359200,"author":{"type":"admin"}}]}}"#,
        ),
    ] {
        let row: Value = serde_json::from_str(row).expect("a row");
        let bytes = lines(with_lists(&row).iter().map(Value::to_string)).into_bytes();
        let [mapper, map] = twice(&Export { preset: named(preset), flags: vec!["--keep-going".to_owned()], bytes });
        assert_eq!(mapper, map, "{preset}");
        assert!(mapper.2.contains("rejected: "), "{preset}: some of them are no rows: {}", mapper.2);
    }
}

#[test]
fn what_a_map_cannot_see_changes_nothing() {
    for Export { preset, flags, bytes } in joined() {
        // a row that is bound to a name may be looked at as a whole
        let (sees, whole) = (preset.text.to_owned(), format!(". as $whole | {}", preset.text));
        let outcomes = [sees, whole].map(|map| {
            let run = serveup(&format!("import --map {} in -q", preset.name)).file(preset.name, map).file("in", &bytes);
            outcome(&run, &flags)
        });
        assert_eq!(outcomes[0], outcomes[1], "{}", preset.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn and_of_damaged_exports_too(
        export in any::<prop::sample::Index>(), hits in hits(), keep_going in any::<bool>(),
    ) {
        let mut export = ALL[export.index(ALL.len())].clone();
        export.flags.extend(keep_going.then(|| "--keep-going".to_owned()));
        export.bytes = damaged(export.bytes, hits);
        let [mapper, map] = twice(&export);
        prop_assert_eq!(mapper, map, "{}", export.preset.name);
    }
}
