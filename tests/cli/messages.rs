//! The page of all messages: each is made with the program from the input shown beside it. `SERVEUP_BLESS=1` writes
//! the page anew.

mod cases;
mod rare;
mod runs;
mod sources;

use std::fmt::Write as _;
use std::path::Path;

use crate::harness::serveup;
use cases::{Case, SECTIONS};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/messages.md");

const HEAD: &str = "# Messages

Every error says what is wrong, then what to do. An error in a file begins with its place,
`file:line:column: record N (id …): field:`; for workbooks it is the sheet and the cell. An error ends the run with status
2, and nothing is printed; with `--keep-going` the other records are read, and the line begins with `rejected:`. A line with
`note:` is no error, and `--quiet` suppresses it. A line with `gate:` says why a gate did not pass.

This page has an input for each message. `in` is the file that the command reads, shown with ⏎ for a new line; messages
are shown without the `serveup:` in front. `cargo test --test cli messages` makes each of them and compares.
";

const OTHERS: &str = "
## Messages that take more than a small text file

A workbook, an archive, a terminal, a full disk, or gigabytes; … stands for what was found.

| message |
| --- |
";

/// What is said on standard error, without what comes before and after the message.
fn message(case: &Case) -> String {
    let run = case.files.iter().fold(serveup(case.line), |run, (name, text)| run.file(name, text));
    let run = case.more.iter().fold(run, |run, arg| run.arg(*arg));
    let output = run.command().stdin(std::process::Stdio::null()).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| case.like.is_empty() || line.contains(case.like)).unwrap_or_default();
    line.strip_prefix("serveup: ").or_else(|| line.strip_prefix("error: ")).unwrap_or(line).to_owned()
}

/// A text in a cell of the page, as code.
fn code(text: &str) -> String {
    let text = text.trim_end_matches('\n').replace('\n', "⏎").replace('|', "\\|");
    let text: String = text.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect();
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn page() -> String {
    let (mut page, mut silent) = (HEAD.to_owned(), Vec::new());
    for (title, cases) in SECTIONS {
        let _ = write!(page, "\n## {title}\n\n| message | input | what to do |\n| --- | --- | --- |\n");
        for case in *cases {
            let message = message(case);
            if message.is_empty() {
                silent.push(format!("{} {:?} says nothing like {:?}", case.line, case.files, case.like));
            }
            let flags = case.more.iter().map(|arg| format!(" '{arg}'")).collect::<String>();
            let mut input = code(&format!("serveup {}{flags}", case.line));
            for (name, text) in case.files {
                let _ = write!(input, ", {} is {}", code(name), code(text));
            }
            let _ = writeln!(page, "| {} | {input} | {} |", code(&message), case.advice);
        }
    }
    page.push_str(OTHERS);
    let listed: std::collections::BTreeSet<String> = sources::messages(Path::new(env!("CARGO_MANIFEST_DIR")))
        .into_iter()
        .filter(|message| rare::RARE.contains(&message.fixed.as_str()))
        .map(|message| code(message.whole.trim()))
        .collect();
    for message in listed {
        let _ = writeln!(page, "| {message} |");
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    page
}

#[test]
fn the_page_has_every_message_as_it_is() {
    let page = page();
    if std::env::var_os("SERVEUP_BLESS").is_some() {
        std::fs::write(PAGE, &page).expect("the page is written");
    }
    let written = std::fs::read_to_string(PAGE).expect("the page");
    for (made, written) in page.lines().zip(written.lines()) {
        assert_eq!(made, written, "SERVEUP_BLESS=1 writes the page anew");
    }
    assert_eq!(page.lines().count(), written.lines().count());
}

#[test]
fn every_message_of_the_program_is_on_the_page() {
    let written = std::fs::read_to_string(PAGE).expect("the page").replace("\\|", "|");
    let mut missing = Vec::new();
    let mut needless: Vec<&str> = rare::RARE.to_vec();
    let made = written.split(OTHERS).next().unwrap_or_default();
    for sources::Message { file, fixed: text, .. } in sources::messages(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        if made.contains(&text) {
            continue;
        }
        match needless.iter().position(|rare| *rare == text) {
            Some(place) => drop(needless.swap_remove(place)),
            None if rare::RARE.contains(&text.as_str()) => {}
            None => missing.push(format!("{file}: {text:?}")),
        }
    }
    assert!(missing.is_empty(), "add an input for each, or list it as rare:\n{}", missing.join("\n"));
    assert!(needless.is_empty(), "not rare, or gone: {needless:#?}");
}
