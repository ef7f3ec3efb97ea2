//! What is decided by a terminal: the format, the colour, the width, the help
//! where nobody could have meant to type records. `script` lends one.

use std::process::{Command, Stdio};

use crate::harness::{BINARY, serveup, skipped};

const RECORDS: &str = r#"{"id":"1","at":"2026-01-05","recipient":"a-recipient-with-a-long-name","journey":"shop","transaction":"order","point":"packaging","signals":["late","unexplained"]}
{"id":"2","at":"2026-01-06","recipient":"b","journey":"shop","transaction":"order","point":"packaging","action":"gift","signals":["unexpected"],"value":["time"]}
{"id":"3","at":"2026-01-07","recipient":"b","journey":"shop","transaction":"order","point":"packaging","action":"gift"}
"#;

/// Runs a line of shell, in which `serveup` is the program, on a terminal of so
/// many columns. What it shows and its status; `None` where no terminal can be had.
fn on_terminal(columns: u32, variables: &[(&str, &str)], line: &str) -> Option<(String, i32)> {
    let tried = Command::new("script").args(["-qec", "exit 7", "/dev/null"]).stdin(Stdio::null()).output();
    if !tried.is_ok_and(|output| output.status.code() == Some(7)) {
        skipped("there is no `script` of util-linux to lend a terminal");
        return None;
    }
    let run = serveup("").file("in", RECORDS);
    let size = if columns > 0 { format!("stty cols {columns}; ") } else { String::new() };
    let mut command = Command::new("script");
    command.args(["-qec", &format!("{size}serveup() {{ '{BINARY}' \"$@\"; }}; {line}"), "/dev/null"]);
    command.current_dir(run.path(".")).env("SHELL", "/bin/sh").stdin(Stdio::null());
    command
        .env_remove("SERVEUP_LEVELS")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .env("TERM", "xterm")
        .envs(variables.iter().copied());
    let output = command.output().expect("script runs");
    let shown = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n").replace('\r', "");
    Some((shown, output.status.code().expect("a status")))
}

#[test]
fn a_terminal_gets_a_coloured_table() {
    let Some((shown, status)) = on_terminal(80, &[], "serveup rate in") else { return };
    assert_eq!(status, 0);
    assert!(shown.contains("\u{1b}[") && shown.contains("3 interactions: "), "{shown}");
    for line in ["check p", "decay", "levels"] {
        let Some((shown, _)) = on_terminal(80, &[], &format!("serveup {line}")) else { return };
        assert!(!shown.contains('\t'), "{shown}");
    }
    // what is sent on is not for people
    let Some((shown, _)) = on_terminal(80, &[], "serveup rate in | cat") else { return };
    assert!(shown.starts_with("id\tat\t"), "{shown}");
}

#[test]
fn ids_are_shown_where_there_is_room() {
    let shows = |columns: u32, line: &str| on_terminal(columns, &[("NO_COLOR", "1")], line).map(|(shown, _)| shown);
    let Some(narrow) = shows(80, "serveup rate in") else { return };
    assert!(narrow.starts_with("when "), "{narrow}");
    let Some(wide) = shows(120, "serveup rate in") else { return };
    assert!(
        wide.starts_with("id  when ") && wide.lines().nth(1).is_some_and(|row| row.starts_with("1   2026")),
        "{wide}"
    );
    // records without ids have no column for them
    let Some(without) = shows(120, r#"sed 's/"id":"[0-9]",//' in | serveup rate -"#) else { return };
    assert!(without.starts_with("when "), "{without}");
}

#[test]
fn a_page_is_not_for_a_terminal() {
    let Some((shown, status)) = on_terminal(80, &[], "serveup report in") else { return };
    let refused = "serveup: the page is for a browser, not a terminal; name a file with -o FILE.html\n";
    assert_eq!((shown.as_str(), status), (refused, 2));
    for line in ["serveup report -q in | head -c 15", "serveup report -q in -o p.html && head -c 15 p.html"] {
        let Some((shown, status)) = on_terminal(80, &[], line) else { return };
        assert_eq!((shown.as_str(), status), ("<!DOCTYPE html>", 0));
    }
}

#[test]
fn colour_goes_by_the_flag_then_the_variable_then_the_terminal() {
    for (variables, flags, coloured) in [
        (&[][..], "", true),
        (&[("NO_COLOR", "1")][..], "", false),
        // set to nothing is not set
        (&[("NO_COLOR", "")][..], "", true),
        (&[("NO_COLOR", "1")][..], "--color always", true),
        (&[][..], "--color never", false),
        (&[][..], "-o /dev/stdout -f table", false),
        // a terminal that knows no escapes
        (&[("TERM", "dumb")][..], "", false),
        (&[("TERM", "dumb")][..], "--color always", true),
        (&[("TERM", "xterm")][..], "", true),
    ] {
        let Some((shown, _)) = on_terminal(80, variables, &format!("serveup rate in {flags}")) else { return };
        assert_eq!(shown.contains('\u{1b}'), coloured, "{variables:?} {flags}: {shown}");
    }
}

#[test]
fn a_table_fits_the_terminal() {
    for (columns, widest) in [(60, 60), (80, 80), (160, 160), (300, 200)] {
        let Some((shown, status)) = on_terminal(columns, &[("NO_COLOR", "1")], "serveup rate in") else { return };
        assert_eq!(status, 0, "{shown}");
        for line in shown.lines() {
            assert!(line.chars().count() <= widest, "{columns}: {line}");
        }
        // the level is never cut, nor is whether it slid
        assert!(
            shown.contains("!2 basic") && shown.contains("5 surprising") && shown.contains("4 desired, slid"),
            "{shown}"
        );
        // where there is room, the reasons are given in full
        let reasons = "worth desired now";
        assert_eq!(shown.contains(reasons), columns >= 160, "{columns}: {shown}");
    }
}

/// Tables are never wider than their terminal, say what they hide, and cut names where they do not differ.
#[test]
fn tables_fit_and_say_what_they_hide() {
    let width = |line: &str| unicode_width::UnicodeWidthStr::width(line);
    let people = [
        "id,recipient,point,at,signals,value,action",
        "1,株式会社さくら銀行本店営業部,予約/窓口対応,2026-01-05,late,,",
        "2,株式会社さくら銀行支店営業部,予約/窓口対応,2026-01-06,unexpected,time,a-very-long-name-of-an-act-for-north",
        "3,\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} of the north side of the river,a/b,2026-01-07,unexpected,time,a-very-long-name-of-an-act-for-south",
    ];
    let people = people.map(|line| format!("echo '{line}'")).join("; ");
    let people = format!("({people}) > who; ");
    for columns in [60, 80, 120, 160] {
        for line in ["rate who", "journey who", "journey --by recipient who", "recovery who", "decay who", "next who"] {
            let Some((shown, status)) =
                on_terminal(columns, &[("NO_COLOR", "1")], &format!("{people}serveup {line} -q"))
            else {
                return;
            };
            assert_eq!(status, 0, "{line} on {columns}: {shown}");
            let wide = shown.lines().find(|line| width(line) > columns as usize);
            assert_eq!(wide, None, "{line} on {columns}: {shown}");
            assert!(!shown.contains("\\u{200d}"), "an emoji is not cut in two: {line} on {columns}: {shown}");
            let hides = |name: &str| shown.contains("not shown at this width: ") && shown.contains(name);
            match line {
                "rate who" => assert_eq!(hides("id"), columns == 60, "{columns}: {shown}"),
                "journey who" => assert_eq!(hides("median"), columns == 60, "{columns}: {shown}"),
                "decay who" => {
                    assert_eq!(hides("rests on"), columns == 60, "{columns}: {shown}");
                    assert!(shown.contains("or-north") && shown.contains("or-south"), "{columns}: {shown}");
                }
                _ => {}
            }
        }
    }
}

/// Colours are those that can be read on white as on black, none where none are wanted.
#[test]
fn colours_are_dark_ones_and_go_where_they_are_not_wanted() {
    let Some((shown, _)) = on_terminal(80, &[], "serveup rate in") else { return };
    assert!(shown.contains("\u{1b}[38;5;1m") && shown.contains("\u{1b}[38;5;2m"), "{shown:?}");
    for bright in ["\u{1b}[38;5;9m", "\u{1b}[38;5;10m", "\u{1b}[38;5;11m", "\u{1b}[9"] {
        assert!(!shown.contains(bright), "{shown:?}");
    }
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let Some((shown, _)) = on_terminal(80, &[(name, value)], "serveup rate in") else { return };
        assert!(!shown.contains('\u{1b}'), "{name}: {shown:?}");
    }
}

#[test]
fn a_terminal_too_narrow_or_without_a_size_is_no_crash() {
    for columns in [0, 1, 20, 40, 43, 44, 50] {
        for line in ["rate in", "check p --signal late", "decay --from 2026-01-05 --every 7d", "levels"] {
            let Some((shown, status)) = on_terminal(columns, &[("NO_COLOR", "1")], &format!("serveup {line}")) else {
                return;
            };
            assert_eq!(status, 0, "{line} on {columns}: {shown}");
        }
    }
}

#[test]
fn nobody_types_records_into_a_terminal() {
    let Some((shown, status)) = on_terminal(80, &[], "serveup rate") else { return };
    assert_eq!(status, 2);
    assert!(
        shown.starts_with("serveup: nothing to read: no file is named, and standard input is a terminal\n"),
        "{shown}"
    );
    assert!(shown.contains("Usage: serveup rate") && shown.contains("--fail-below"), "{shown}");
}

#[test]
fn a_dumb_terminal_is_not_drawn_on() {
    // how far the work has come is shown after a second, and most of these records come late
    let records = r#"r() { yes '{"recipient":"a","point":"p"}' | head -n 3000; }; (r; sleep 1.2; r; r)"#;
    for (term, drawn) in [("xterm", true), ("dumb", false)] {
        let line = format!("{records} | serveup rate - --in-order > out");
        let Some((shown, status)) = on_terminal(80, &[("TERM", term)], &line) else { return };
        assert_eq!(status, 0, "{term}: {shown:?}");
        assert_eq!(shown.contains(" records, "), drawn, "{term}: {shown:?}");
        assert!(drawn || shown.is_empty(), "{term}: {shown:?}");
    }
}
