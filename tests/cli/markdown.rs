//! `-f md`: a table that any renderer shows as it was meant, whatever texts hold.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

use crate::harness::{example, serveup};

/// The cells of the only table in a text. Nothing but words and code may be in them.
#[track_caller]
pub(crate) fn table(text: &str) -> Vec<Vec<String>> {
    let options = Options::all();
    let (mut rows, mut tables): (Vec<Vec<String>>, _) = (Vec::new(), 0);
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Table(_)) => tables += 1,
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().expect("a row").push(String::new()),
            Event::Text(part) | Event::Code(part) => {
                let cell = rows.last_mut().and_then(|row| row.last_mut()).expect("a cell");
                write!(cell, "{part}").expect("text");
            }
            Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    assert_eq!(tables, 1, "{text}");
    rows
}

/// Texts that Markdown, or those who show it, could take for something else.
const HOSTILE: [&str; 40] = [
    "a|b",
    "||",
    "\\|",
    "\\\\|",
    "`",
    "``a`",
    "`|`",
    "a`b|c``d",
    "\\",
    "a\\",
    "*a* **b** _c_ __d__ ~~e~~",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "<!-- -->",
    "&lt;&amp;&#64;",
    "[a](https://a.b)",
    "![a](https://a.b/c.png)",
    "<https://a.b>",
    "https://a.b www.a.b a@b.c",
    "@all @here #12 !34 GH-56",
    "<@U123> <!channel>",
    ":smile:",
    "deadbeefdeadbeef",
    "# a",
    "- a",
    "+ a",
    "1. a",
    "> a",
    "---",
    "===",
    "| --- | --- |",
    "```",
    "$a$ $$b$$",
    "[^1]",
    "[ ] a",
    "a:b",
    "\"a\" 'b' -- c...",
    "{a}",
    "==a== ^b^ ~c~",
    "Zoë said: 日本語, 100 %!",
];

#[test]
fn hostile_texts_stay_text() {
    let record = |text: &str| json!({"recipient": text, "point": "p", "said": text, "signals": ["late"]}).to_string();
    let records: String = HOSTILE.iter().map(|text| record(text) + "\n").collect();
    let ran = serveup("rate in -f md --columns said,level,recipient").file("in", records).any_stdout().run();
    let rows = table(&ran.stdout);
    assert_eq!(rows[0], ["said", "level", "recipient"]);
    assert_eq!(rows.len(), HOSTILE.len() + 1);
    for (row, text) in rows[1..].iter().zip(HOSTILE) {
        assert_eq!(row, &[text, "basic", text]);
    }
    // each pair of them in one text
    for one in HOSTILE {
        let records: String = HOSTILE.iter().map(|other| record(&format!("{one}{other}")) + "\n").collect();
        let ran = serveup("rate in -f md --columns said").file("in", records).any_stdout().run();
        let expected: Vec<Vec<String>> = HOSTILE.iter().map(|other| vec![format!("{one}{other}")]).collect();
        assert_eq!(table(&ran.stdout)[1..], expected, "{one}");
    }
}

#[test]
fn line_breaks_and_what_cannot_be_seen_are_escaped() {
    let record = json!({"recipient": "a\n| b |\r\n\nc\u{202e}", "point": "p"}).to_string();
    let ran = serveup("rate in -f md --columns recipient").file("in", record).any_stdout().run();
    assert_eq!(table(&ran.stdout)[1], ["a\\u{a}| b |\\u{d}\\u{a}\\u{a}c\\u{202e}"]);
}

#[test]
fn every_reading_command_prints_one_table() {
    for command in [
        "rate",
        "journey",
        "journey --by recipient",
        "uplift",
        "recovery",
        "recovery --by point",
        "next",
        "calibrate",
        "decay",
        "check resolution",
    ] {
        let (name, flags) = command.split_once(' ').unwrap_or((command, ""));
        let run = |format: &str| {
            let file = example("helpdesk.jsonl").display().to_string();
            let (point, flags) = if name == "check" { (flags, "") } else { ("", flags) };
            let run = serveup(&format!("{name} {point}")).arg(file);
            flags
                .split_whitespace()
                .fold(run, super::harness::Serveup::arg)
                .arg("-q")
                .arg("-f")
                .arg(format)
                .any_stdout()
                .run()
                .stdout
        };
        let rows = table(&run("md"));
        assert!(rows.len() > 1 && rows.iter().all(|row| row.len() == rows[0].len()), "{command}");
    }
}
