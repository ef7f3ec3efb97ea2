//! The page in another language: every text of it comes from the levels file.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use crate::harness::{example, serveup};
use crate::page_read::{asks_for_nothing, tags, text_of};

const ENGLISH: &str = include_str!("../../page.toml");
const GERMAN: &str = include_str!("../../examples/levels.de.toml");

/// What is the same word, or the same sign, in German.
const SAME: &[&str] = &["percent", "span", "share_told", "direction_moved", "times_sign", "why_signal"];

/// The texts of a file by their keys, both forms.
fn texts(file: &str) -> BTreeMap<String, Vec<String>> {
    let file: toml::Table = file.parse().expect("TOML");
    let forms = |value: &Value| match value {
        Value::String(text) => vec![text.clone()],
        Value::Table(forms) => forms.values().map(|form| form.as_str().expect("a text").to_owned()).collect(),
        other => panic!("{other:?}"),
    };
    file["page"].as_table().expect("texts").iter().map(|(key, value)| (key.clone(), forms(value))).collect()
}

/// What stands in a text beside its values.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').enumerate().map(
        |(place, part)| {
            if place == 0 { part } else { part.split_once('}').expect("a placeholder ends").1 }
        },
    )
}

fn page_of(file: &str, levels: &str, flags: &str) -> String {
    let run = serveup(&format!("report -q --levels levels.toml {flags}")).file("levels.toml", levels);
    run.arg(example(file).display().to_string()).any_stdout().run().stdout
}

/// All that is read on a page, by eye or by ear.
fn read(page: &str) -> String {
    let attributes = tags(page).into_iter().flat_map(|tag| {
        let names = ["aria-label", "data-filter", "data-filtered"];
        names.map(|name| tag.attribute(name).unwrap_or_default().to_owned())
    });
    format!("{} {}", text_of(page), attributes.collect::<Vec<_>>().join(" "))
}

#[test]
fn the_german_file_has_every_text() {
    let (english, german) = (texts(ENGLISH), texts(GERMAN));
    let missing: Vec<&String> = english.keys().filter(|key| !german.contains_key(*key)).collect();
    assert_eq!(missing, Vec::<&String>::new(), "write these into examples/levels.de.toml, too");
    for (key, text) in &english {
        assert_eq!(german[key] == *text, SAME.contains(&key.as_str()), "{key}: {text:?}");
        assert_eq!(german[key].len(), text.len(), "{key}");
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/levels.de.toml");
    serveup("levels --check").arg(path).stdout(format!("{path}: good\n")).run();
}

#[test]
fn no_english_is_left_on_the_german_page() {
    let (english, german) = (texts(ENGLISH), texts(GERMAN));
    for flags in ["", "--anonymous", "--period quarter"] {
        for name in ["helpdesk.jsonl", "shop.json", "agency.json", "escalator.jsonl"] {
            let page = page_of(name, GERMAN, flags);
            asks_for_nothing(&page);
            assert!(page.starts_with("<!DOCTYPE html><html lang=\"de\""));
            let read = read(&page);
            for text in english.iter().filter(|(key, _)| !SAME.contains(&key.as_str())).flat_map(|(_, text)| text) {
                for literal in literals(text).filter(|literal| literal.trim().contains(' ')) {
                    assert!(!read.contains(literal), "{name} {flags}: {literal:?} of {text:?}");
                }
            }
            // and much of it is German
            let found = german.values().flatten().filter(|text| literals(text).all(|literal| read.contains(literal)));
            assert!(found.count() > 200, "{name}");
        }
    }
    let read = read(&page_of("helpdesk.jsonl", GERMAN, ""));
    for said in
        ["574 Momente von 48 Empfängern von 2026-01 bis 2026-06.", "1.080", "4 erwünscht", "notiert: late (dürftig)"]
    {
        assert!(read.contains(said), "{said}");
    }
}

#[test]
fn the_texts_in_force_are_printed_to_be_translated() {
    serveup("levels --page").stdout(ENGLISH).run();
    let german = serveup("levels --page --levels levels.toml").file("levels.toml", GERMAN).any_stdout().run().stdout;
    assert_eq!(texts(&german), texts(GERMAN));
    // a text that the file has not yet is there in English
    let some = "[page]\nmoments = { one = \"ein Moment\", other = \"{n} Momente\" }\n";
    let ran = serveup("levels --page --levels some.toml -o all.toml").file("some.toml", some).run();
    let all = texts(&ran.read("all.toml"));
    assert_eq!(
        (all["moments"].join("; "), &all["title"]),
        ("ein Moment; {n} Momente".to_owned(), &texts(ENGLISH)["title"])
    );
}

/// With every text written in letters that are no English, what is left in English comes from the records, from names that
/// are fixed, or has been forgotten.
#[test]
fn no_sentence_is_in_the_program() {
    let foreign = |text: &str| -> String {
        let mut inside = false;
        let swap = |letter: char| {
            inside = letter == '{' || inside && letter != '}';
            let far = char::from_u32(u32::from(letter) + 0x0430 - u32::from('a')).expect("a letter");
            if !inside && letter.is_ascii_lowercase() { far } else { letter }
        };
        text.chars().map(swap).collect()
    };
    let mut levels = "[page]\n".to_owned();
    for (key, forms) in texts(ENGLISH) {
        let quoted = |form: &String| {
            let form = if key == "lang" { form.clone() } else { foreign(form) };
            format!("\"{}\"", form.replace('\\', "\\\\").replace('"', "\\\""))
        };
        let line = match forms.as_slice() {
            [one, other] => format!("{key} = {{ one = {}, other = {} }}\n", quoted(one), quoted(other)),
            all => format!("{key} = {}\n", quoted(&all[0])),
        };
        levels.push_str(&line);
    }
    let shipped = include_str!("../../levels.toml");
    for (name, flags) in [
        ("helpdesk.jsonl", ""),
        ("shop.json", ""),
        ("agency.json", "--anonymous"),
        ("escalator.jsonl", "--since 2026-02"),
    ] {
        let page = page_of(name, &levels, &format!("--title T {flags}"));
        let known = format!("{} {shipped}", std::fs::read_to_string(example(name)).expect("the records"));
        let letters = |text: &str| -> BTreeSet<String> {
            let words = text.split(|letter: char| !letter.is_ascii_lowercase()).filter(|word| word.len() > 1);
            words.map(str::to_owned).collect()
        };
        let known = letters(&known.to_lowercase());
        let (head, rest) = page.split_once("<style>").expect("a style");
        let body = rest.split_once("</style>").expect("it ends").1.split_once("<script>").expect("a script").0;
        // words of neighbouring cells are not one word
        let apart = format!("{head} {body}</body>").replace('<', " <").replace('>', "> ");
        let left: Vec<String> = letters(&read(&apart).replace("{shown}", "").replace("&gt;", "").to_lowercase())
            .into_iter()
            .filter(|word| !known.contains(word))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "{name}");
    }
}

/// Every key that the program looks up is in the file, and every key of the file is looked up.
#[test]
fn every_key_is_used() {
    let english = texts(ENGLISH);
    let mut code = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                code.push_str(&std::fs::read_to_string(entry).expect("a source file"));
            }
        }
    }
    for key in english.keys() {
        assert!(code.contains(&format!("\"{key}\"")), "{key} is not used");
    }
    for call in [
        "word(model, \"",
        "word(page.model, \"",
        "say(model, \"",
        "say_for(model, \"",
        "count(model, \"",
        "texts.get(\"",
        "fill(\"",
        "fill_for(\"",
    ] {
        for key in code.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(english.contains_key(key), "{call}{key}");
        }
    }
}
