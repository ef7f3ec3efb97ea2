//! Where results go: a reader that leaves, a full disk, a file written whole
//! or not at all, an interrupt.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::harness::{FORMATS, full_disk, lines, names_in, serveup};

const GOOD: &str = r#"{"recipient":"acme","point":"p","signals":["late"]}"#;
const BAD: &str = r#"{"recipient":"acme"}"#;

/// More rows than any pipe holds.
fn many() -> String {
    lines(vec![GOOD; 20_000])
}

// ── The ending of a file ────────────────────────────────────────────────────

#[test]
fn the_ending_chooses_the_format_unless_a_flag_does() {
    let record = "{\"id\":\"1\",\"recipient\":\"a\",\"point\":\"p\",\"signals\":[\"late\"]}\n";
    for line in ["rate in", "journey in"] {
        for (ending, format) in [
            ("csv", "csv"),
            ("CSV", "csv"),
            ("tsv", "tsv"),
            ("json", "json"),
            ("jsonl", "jsonl"),
            ("ndjson", "jsonl"),
            ("txt", "table"),
            ("out", "tsv"),
        ] {
            let printed = serveup(&format!("{line} -f {format}")).file("in", record).any_stdout().run().stdout;
            let ran = serveup(&format!("{line} -o results.{ending}")).file("in", record).run();
            assert_eq!(ran.read(&format!("results.{ending}")), printed, "{line}: {ending}");
        }
        let printed = serveup(&format!("{line} -f csv")).file("in", record).any_stdout().run().stdout;
        assert_eq!(serveup(&format!("{line} -f csv -o a.json")).file("in", record).run().read("a.json"), printed);
    }
    let told = "serveup: --output: interactions are always written as JSON lines; name a file that ends in .jsonl\n";
    serveup("import in --jq . -o out.csv").file("in", record).status(2).stderr(told).run();
}

// ── Standard output ─────────────────────────────────────────────────────────

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut runs: Vec<String> = Vec::new();
    for format in FORMATS {
        runs.push(format!("rate in -f {format}"));
        runs.push(format!("rate in -f {format} --in-order"));
        runs.push(format!("decay --deliveries 10000 -f {format}"));
    }
    for line in runs {
        let mut child = serveup(&line).file("in", many());
        child = child.stdin("");
        let mut process = child.start();
        let mut stdout = BufReader::with_capacity(64, process.stdout.take().expect("a pipe"));
        stdout.read_line(&mut String::new()).expect("a line");
        drop(stdout);
        let output = process.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    }
}

#[test]
fn a_reader_that_was_never_there_is_no_error() {
    for line in ["rate in", "check p", "decay", "levels", "levels -f table", "levels --check rules.toml"] {
        let run = serveup(line).file("in", GOOD).file("rules.toml", "");
        let mut command = run.command();
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(process.stdout.take());
        let output = process.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    }
}

#[test]
fn a_full_disk_is_told() {
    let mut runs: Vec<String> = FORMATS.map(|format| format!("rate in -f {format}")).into();
    runs.extend(["rate in --in-order", "check p", "decay", "levels", "levels --check rules.toml"].map(str::to_owned));
    for line in runs {
        let run = serveup(&line).file("in", GOOD).file("rules.toml", "");
        let Some(full) = full_disk() else { return };
        let output = run.command().stdout(full).stderr(Stdio::piped()).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{line}");
        let said = "serveup: stdout: cannot be written: no space left\n";
        assert_eq!(String::from_utf8_lossy(&output.stderr), said, "{line}");
    }
    // a gate that is broken as well changes nothing about that
    let Some(full) = full_disk() else { return };
    let run = serveup("rate in --fail-on-failure").file("in", many());
    let output = run.command().stdout(full).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn in_order_rows_leave_at_once() {
    for format in ["tsv --no-header", "csv --no-header", "jsonl", "table --no-header"] {
        let mut process = serveup(&format!("rate --in-order -f {format}")).start();
        let mut stdin = process.stdin.take().expect("a pipe");
        let stdout = BufReader::new(process.stdout.take().expect("a pipe"));
        let (sender, rows) = mpsc::channel();
        std::thread::spawn(move || stdout.lines().try_for_each(|row| sender.send(row.expect("text"))));
        let record = "{\"recipient\":\"acme\",\"point\":\"p\",\"signals\":[\"on-time\"]}\n";
        for count in [1, 1, 7, 3000, 1, 40, 1] {
            write!(stdin, "{}", record.repeat(count)).expect("it reads");
            // the next record is not written before these rows are there
            for _ in 0..count {
                let row = rows.recv_timeout(Duration::from_secs(20)).expect("a row at once");
                assert!(row.contains("acme"), "{row}");
            }
        }
        drop(stdin);
        assert_eq!(process.wait().expect("an end").code(), Some(0));
    }
}

// ── A file ──────────────────────────────────────────────────────────────────

#[test]
fn a_file_is_written_whole() {
    let rows = serveup("rate in -f json").file("in", GOOD).any_stdout().run().stdout;
    for flag in ["-o out", "--output out", "--output=out"] {
        let ran = serveup(&format!("rate in -f json {flag}")).file("in", GOOD).run();
        assert_eq!(ran.read("out"), rows);
        assert_eq!(ran.names(), ["in", "out"]);
    }
    // a file is no terminal: tsv
    let ran = serveup("rate in -o out").file("in", GOOD).run();
    assert!(ran.read("out").starts_with("id\tat\t"));
    for line in ["check p", "decay", "levels"] {
        let printed = serveup(line).any_stdout().run().stdout;
        assert_eq!(serveup(&format!("{line} -o out")).run().read("out"), printed);
    }
    // a dash is standard output
    serveup("rate in -f json -o -").file("in", GOOD).stdout(rows).run();
}

#[test]
fn an_older_file_is_replaced_and_keeps_its_permissions() {
    let run =
        serveup("rate in -f jsonl -o out").file("in", GOOD).file("out", "something longer than the result".repeat(100));
    fs::set_permissions(run.path("out"), fs::Permissions::from_mode(0o640)).expect("permissions");
    let ran = run.run();
    assert!(ran.read("out").starts_with("{\"id\":null,") && ran.read("out").ends_with("]}\n"));
    let mode = fs::metadata(ran.folder.path().join("out")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(ran.names(), ["in", "out"]);
}

#[test]
fn an_older_file_stays_as_it_was_when_there_is_no_result() {
    let old = "what was there before\n";
    for (line, status) in [
        ("rate bad -o out", 2),
        ("rate bad -o out --in-order", 2),
        ("rate bad -o out --keep-going", 2),
        ("rate nowhere -o out", 2),
        ("rate good -o out --levels nowhere", 2),
        ("rate good -o out --fail-below Basic", 2),
    ] {
        let bad = if line.contains("keep-going") { lines([BAD]) } else { lines([GOOD, GOOD, BAD]) };
        let run = serveup(line).file("good", GOOD).file("bad", bad).file("out", old);
        let ran = run.status(status).stderr_has("").run();
        assert_eq!(ran.read("out"), old, "{line}");
        assert_eq!(ran.names(), ["bad", "good", "out"], "{line}");
    }
    // a broken gate is a result
    let run = serveup("rate good -o out --fail-on-failure").file("good", GOOD).file("out", old);
    assert_ne!(run.status(1).stderr_has("gate: ").run().read("out"), old);
}

#[test]
fn a_link_is_followed() {
    let run = serveup("rate in -f jsonl -o link").file("in", GOOD).file("real", "old");
    symlink("real", run.path("link")).expect("a link");
    let ran = run.run();
    assert!(fs::symlink_metadata(ran.folder.path().join("link")).expect("a link").is_symlink());
    assert!(ran.read("real").starts_with("{\"id\":null,"));
    assert_eq!(ran.names(), ["in", "link", "real"]);
}

#[test]
fn a_link_to_nothing_yet_is_followed_too() {
    let run = serveup("rate in -f jsonl -o link").file("in", GOOD);
    fs::create_dir(run.path("folder")).expect("a folder");
    symlink("folder/real", run.path("link")).expect("a link");
    let ran = run.run();
    assert!(fs::symlink_metadata(ran.folder.path().join("link")).expect("a link").is_symlink());
    assert!(ran.read("folder/real").starts_with("{\"id\":null,"));
}

#[test]
fn a_device_is_left_alone() {
    serveup("rate in -o /dev/null").file("in", GOOD).run();
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    if full_disk().is_some() {
        let said = "serveup: /dev/full: cannot be written: no space left\n";
        serveup("rate in -o /dev/full").file("in", GOOD).status(2).stderr(said).run();
    }
    let rows = serveup("rate in -f tsv").file("in", GOOD).any_stdout().run().stdout;
    serveup("rate in -o /dev/stdout").file("in", GOOD).stdout(rows).run();
}

#[test]
fn where_nothing_can_be_written_nothing_is_left() {
    let said = "serveup: nowhere/out: no such folder\n";
    let ran = serveup("rate in -o nowhere/out").file("in", GOOD).status(2).stderr(said).run();
    assert_eq!(ran.names(), ["in"]);
    let run = serveup("rate in -o folder").file("in", GOOD).status(2);
    fs::create_dir(run.path("folder")).expect("a folder");
    run.stderr("serveup: folder: is a directory; name a file in it\n").run();
    let run = serveup("rate in --keep-going --rejects nowhere/bad").file("in", GOOD).status(2);
    run.stderr("serveup: nowhere/bad: no such folder\n").run();
}

#[test]
fn a_read_only_folder_stays_empty() {
    for line in ["rate in -o folder/out", "check p -o folder/out", "levels -o folder/out"] {
        let Some(run) = serveup(line).file("in", GOOD).by_nobody() else { return };
        let folder = run.path("folder");
        fs::create_dir(&folder).expect("a folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("permissions");
        let ran = run.status(2).stderr("serveup: folder/out: cannot be written: permission denied\n").run();
        assert_eq!(names_in(&ran.folder.path().join("folder")), [""; 0]);
    }
}

#[test]
fn an_interrupt_leaves_no_file() {
    let run = serveup("rate - -o out");
    let mut process = run.start();
    let mut stdin = process.stdin.take().expect("a pipe");
    writeln!(stdin, "{GOOD}").expect("it reads");
    // the input stalls here; the file in the making is there by now or soon
    let folder = run.path(".");
    let mut waited = 0;
    while names_in(&folder).is_empty() {
        assert!(waited < 2000, "no file in the making was seen");
        std::thread::sleep(Duration::from_millis(5));
        waited += 1;
    }
    assert!(!names_in(&folder).contains(&"out".to_owned()));
    let kill = format!("kill -INT {}", process.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    let status = process.wait().expect("an end");
    assert_eq!(status.code(), Some(130));
    assert_eq!(names_in(&folder), [""; 0]);
    drop(stdin);
    let mut said = String::new();
    process.stdout.take().expect("a pipe").read_to_string(&mut said).expect("text");
    process.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!(said, "");
}

// ── What may be printed ─────────────────────────────────────────────────────

#[test]
fn colour_is_for_tables_and_on_demand() {
    let run = |flags: &str| serveup(&format!("rate in {flags}")).file("in", GOOD);
    let plain = run("-f table").any_stdout().run().stdout;
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(run("-f table --color never").any_stdout().run().stdout, plain);
    assert_eq!(run("-f table --color auto").any_stdout().run().stdout, plain);
    let coloured = run("-f table --color always").any_stdout().run().stdout;
    assert!(coloured.contains('\u{1b}'));
    // colour is all that differs
    assert_eq!(without_colour(&coloured), plain);
    // the flag outranks the variable
    assert_eq!(run("-f table --color always").env("NO_COLOR", "1").any_stdout().run().stdout, coloured);
    for format in ["tsv", "csv", "json", "jsonl"] {
        let ran = run(&format!("-f {format} --color always")).any_stdout().run();
        assert!(!ran.stdout.contains('\u{1b}'), "{format}");
    }
}

/// A text without its colours, and without the blanks that they hold at the ends of lines.
fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').expect("the end of an escape").1;
    }
    plain.push_str(rest);
    lines(plain.lines().map(str::trim_end))
}

#[test]
fn controls_in_records_never_reach_a_terminal_raw() {
    let nasty = r"x\u001b[2J\u0007\u202ey\u0085\u200b";
    let record = format!(
        r#"{{"id":"{nasty}","recipient":"{nasty}","journey":"{nasty}","point":"{nasty}","action":"{nasty}","at":"2026-01-05","signals":["late"],"{nasty}":1,"recovers":"{nasty}","served":{{"{nasty}":"{nasty}"}}}}"#
    );
    let who = format!(r#"{{"id":"{nasty}","prefers":{{"{nasty}":"z{nasty}"}}}}"#);
    let run = serveup("rate in -f table --fail-on-failure --recipients who").file("in", record).file("who", who);
    let ran = run.status(1).stdout_has(r"x\u{1b}").stderr_has(r"x\u{1b}[2J\u{7}\u{202e}y\u{85}\u{200b}").run();
    for text in [&ran.stdout, &ran.stderr] {
        let raw =
            |character: char| (character.is_control() && character != '\n') || "\u{202e}\u{200b}".contains(character);
        assert!(!text.contains(raw), "{text:?}");
    }
    let run =
        serveup("check -f table --signal late --fail-on-failure").arg("p\u{1b}[2J").arg("--served").arg("a=\u{1b}");
    let ran = run.arg("--prefers").arg("a=b").status(1).stdout_has(r"p\u{1b}[2J").stderr_has(r"p\u{1b}[2J").run();
    assert!(!(ran.stdout + &ran.stderr).contains('\u{1b}'));
}
