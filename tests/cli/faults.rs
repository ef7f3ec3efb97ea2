//! What a machine does to a program: disks full, streams closed, files that
//! change or vanish, pipes that stall, interrupts at any moment, and input that
//! would fill the memory. It must say so, with a documented status, and leave no
//! half of a file behind.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::harness::{BINARY, Serveup, full_disk, lines, names_in, serveup};

const RECORD: &str = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["late"]}"#;
const MAP: &str = "{recipient, point, at}";

/// A folder with records, a table and a map.
fn run(line: &str) -> Serveup {
    serveup(line).file("in", lines([RECORD; 3])).file("map", MAP).file("table", "recipient,point\na,p\n")
}

#[track_caller]
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

/// Waits until a file in the making lies in the folder: then all inputs are open.
#[track_caller]
fn wait_for_part(folder: &Path) {
    for _ in 0..4000 {
        if names_in(folder).iter().any(|name| name.contains(".serveup-")) {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("no file in the making was seen");
}

// ── Full disks ──────────────────────────────────────────────────────────────

#[test]
fn every_command_tells_a_full_disk() {
    for line in [
        "journey in",
        "uplift in",
        "recovery in",
        "calibrate in",
        "decay in",
        "check p in",
        "report in",
        "import --map map table",
        "import --map map table --keep-going",
        "import --inspect table",
        "import --from zendesk --show-map",
        "sql --dialect duckdb",
        "--help",
        "--version",
        "rate --help",
    ] {
        let Some(full) = full_disk() else { return };
        let output = run(line).command().stdout(full).stderr(Stdio::piped()).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert_eq!(text(&output.stderr), "serveup: stdout: cannot be written: no space left\n", "{line}");
    }
}

#[test]
fn a_pipe_needs_a_temporary_file_only_where_it_is_much() {
    for line in ["rate", "rate --in-order", "rate -f json", "journey", "import --map map"] {
        run(line).env("TMPDIR", "/nowhere").stdin(lines([RECORD])).stderr_has("").any_stdout().run();
    }
    let much = lines(vec![RECORD; 120_000]);
    let rows = "cannot write a temporary file; set TMPDIR to a folder with more space: No such file or directory";
    let pipe = "stdin: cannot write a temporary file (No such file or directory";
    for (line, what) in [
        ("rate -f json -o out", rows),
        ("report -o out", rows),
        ("import --map map", rows),
        ("rate in -o out", ""),
        ("import --map map --last-by recipient -o out", pipe),
    ] {
        let ran = run(line).env("TMPDIR", "/nowhere").stdin(&much);
        if what.is_empty() {
            ran.run();
            continue;
        }
        let ran = ran.status(2).stderr_has(&format!("serveup: {what}"));
        assert_eq!(ran.run().names(), ["in", "map", "table"]);
    }
    // in order nothing is kept
    let ran = run("rate --in-order").env("TMPDIR", "/nowhere").stdin(much).any_stdout().run();
    assert_eq!(ran.stdout.lines().count(), 120_001);
}

// ── Closed streams ──────────────────────────────────────────────────────────

#[test]
fn a_closed_stream_is_not_taken_for_a_file() {
    // what is opened next would get the number of the closed stream
    for line in ["rate in", "journey in", "report in", "import --map map in", "sql --dialect spark", "--help"] {
        for closed in [">&-", ">&- 2>&-", "<&- >&- 2>&-"] {
            let run = run(line);
            let output = run.in_shell(&format!("serveup {line} {closed}"));
            assert_eq!(output.status.code(), Some(0), "{line} {closed}");
            assert_eq!(fs::read_to_string(run.path("in")).expect("text"), lines([RECORD; 3]), "{line} {closed}");
            let output = run.in_shell(&format!("serveup rate in {closed} -o out"));
            assert_eq!(output.status.code(), Some(0), "{line} {closed}");
            assert_eq!(fs::read_to_string(run.path("out")).expect("text").lines().count(), 4);
        }
    }
    let run = run("");
    // nobody hears what is said; the status still tells
    for (line, status) in [("rate nowhere", 2), ("rate --nonsense", 2), ("rate in --fail-on-failure", 1)] {
        assert_eq!(run.in_shell(&format!("serveup {line} 2>&-")).status.code(), Some(status), "{line}");
    }
    let output = run.in_shell("serveup rate <&-");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), "note: stdin: no records found\n"));
}

#[test]
fn a_gate_counts_when_the_reader_has_gone() {
    for (line, status) in [
        ("rate in --fail-on-failure", 1),
        ("rate in --fail-on-failure --in-order", 1),
        ("check p in --fail-on-failure", 1),
        ("journey in --require 90%", 3),
        ("--help", 0),
    ] {
        // what breaks the gate comes last, far behind where the reader is missed
        let records = lines(vec![RECORD.replace("late", "on-time"); 2000]) + RECORD;
        let run = run(line).file("in", records);
        let mut process = run.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start");
        drop(process.stdout.take());
        assert_eq!(process.wait_with_output().expect("an end").status.code(), Some(status), "{line}");
    }
}

// ── Interrupts ──────────────────────────────────────────────────────────────

fn kill(process: &Child, signal: &str) {
    let line = format!("kill -{signal} {}", process.id());
    assert!(Command::new("sh").args(["-c", &line]).status().expect("a shell").success());
}

#[test]
fn an_interrupt_leaves_older_files_as_they_were() {
    for line in ["rate - -o out", "journey - -o out", "report - -o out", "import --map map - -o out"] {
        for signals in [&["INT"][..], &["TERM"], &["HUP"], &["INT", "INT"], &["TERM", "INT", "HUP"]] {
            let run = run(&format!("{line} --keep-going --rejects bad")).file("out", "older\n").file("bad", "older\n");
            let mut process = run.start();
            let mut stdin = process.stdin.take().expect("a pipe");
            stdin.write_all(lines([RECORD, "{}"]).as_bytes()).expect("it reads");
            wait_for_part(&run.path("."));
            for signal in signals {
                kill(&process, signal);
            }
            assert_eq!(process.wait().expect("an end").code(), Some(130), "{line} {signals:?}");
            assert_eq!(names_in(&run.path(".")), ["bad", "in", "map", "out", "table"], "{line} {signals:?}");
            for file in ["bad", "out"] {
                assert_eq!(fs::read_to_string(run.path(file)).expect("text"), "older\n", "{line} {signals:?}");
            }
        }
    }
}

#[test]
fn an_interrupt_at_any_moment_ends_with_all_or_nothing() {
    let records = lines(vec![RECORD; 1000]);
    for moment in 0..40 {
        let run = serveup("rate in -o out").file("in", &records).file("out", "older\n");
        let process = run.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a start");
        thread::sleep(Duration::from_millis(moment));
        // it may have ended by itself
        let _ = Command::new("sh").args(["-c", &format!("kill -INT {}", process.id())]).stderr(Stdio::null()).status();
        let status = process.wait_with_output().expect("an end").status;
        let out = fs::read_to_string(run.path("out")).expect("text");
        if status.success() {
            assert_eq!(out.lines().count(), 1001, "after {moment} ms");
        } else {
            // before it has begun the signal itself ends it
            assert!(matches!(status.code(), Some(130) | None), "{status} after {moment} ms");
            assert_eq!(out, "older\n", "{status} after {moment} ms");
        }
        assert_eq!(names_in(&run.path(".")), ["in", "out"], "{status} after {moment} ms");
    }
}

#[test]
fn what_ignores_hangups_goes_on() {
    let run = run("rate - -o out");
    let line = format!("trap '' HUP; exec {BINARY} rate - -o out");
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(run.path("."));
    let mut process = command.stdin(Stdio::piped()).spawn().expect("a shell");
    let mut stdin = process.stdin.take().expect("a pipe");
    writeln!(stdin, "{RECORD}").expect("it reads");
    wait_for_part(&run.path("."));
    kill(&process, "HUP");
    thread::sleep(Duration::from_millis(50));
    writeln!(stdin, "{RECORD}").expect("it still reads");
    drop(stdin);
    assert_eq!(process.wait().expect("an end").code(), Some(0));
    assert_eq!(fs::read_to_string(run.path("out")).expect("text").lines().count(), 3);
}

#[test]
fn a_pipe_that_nobody_writes_to_can_be_interrupted() {
    for line in ["rate pipe", "import --inspect pipe", "levels --check pipe", "rate in --recipients pipe"] {
        let run = run(line);
        assert!(Command::new("mkfifo").arg(run.path("pipe")).status().is_ok_and(|made| made.success()));
        let process = run.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start");
        // long enough to stand before the pipe
        thread::sleep(Duration::from_millis(200));
        kill(&process, "INT");
        let output = process.wait_with_output().expect("an end");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(130), ""), "{line}");
    }
}

// ── Pipes that stall or end ─────────────────────────────────────────────────

#[test]
fn a_pipe_that_stalls_in_a_record_loses_nothing() {
    for line in ["rate", "rate --in-order", "rate -f json", "import --map map -q"] {
        let whole = run(line).stdin(lines([RECORD; 3])).any_stdout().run().stdout;
        let run = run(line);
        let mut process = run.start();
        let mut stdin = process.stdin.take().expect("a pipe");
        let records = lines([RECORD; 3]);
        let (first, rest) = records.split_at(RECORD.len() + 20);
        stdin.write_all(first.as_bytes()).expect("it reads");
        thread::sleep(Duration::from_millis(100));
        stdin.write_all(rest.as_bytes()).expect("it reads");
        drop(stdin);
        let output = process.wait_with_output().expect("an end");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), whole.as_str()), "{line}");
    }
}

#[test]
fn a_pipe_that_is_cut_short_is_told() {
    let whole = lines([RECORD; 3]);
    for line in ["rate", "rate --in-order", "journey", "report", "import --map map", "decay -"] {
        let ran = run(&format!("{line} -o out")).stdin(&whole[..whole.len() - 9]).status(2);
        let ran = ran.stderr_has("stdin:3:").run();
        assert!(ran.stderr.contains("copy it again if it was cut short"), "{line}: {}", ran.stderr);
        assert_eq!(ran.names(), ["in", "map", "table"], "{line}");
    }
}

// ── Files that change ───────────────────────────────────────────────────────

/// Runs the program on a file and a pipe, and does something with the file while the pipe stalls.
fn meanwhile(line: &str, happens: impl FnOnce(&Path)) -> (Serveup, Output) {
    let run = run(line);
    let mut process = run.start();
    let mut stdin = process.stdin.take().expect("a pipe");
    writeln!(stdin, "{RECORD}").expect("it reads");
    wait_for_part(&run.path("."));
    // times of files are not exact to the last bit
    thread::sleep(Duration::from_millis(20));
    happens(&run.path("in"));
    drop(stdin);
    let output = process.wait_with_output().expect("an end");
    (run, output)
}

const ALL: [&str; 8] = [
    "rate in -",
    "rate in - -f json",
    "rate in - --in-order",
    "rate in - --fail-on-failure",
    "journey in -",
    "decay in -",
    "report in -",
    "import --map map - in",
];

#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    let grows = |path: &Path| {
        let mut file = OpenOptions::new().append(true).open(path).expect("a file");
        writeln!(file, "{RECORD}").expect("room");
    };
    let shrinks = |path: &Path| {
        let file = OpenOptions::new().write(true).open(path).expect("a file");
        file.set_len(RECORD.len() as u64 + 1).expect("a length");
    };
    let changes = |path: &Path| fs::write(path, lines([RECORD; 3]).replace("late", "lost")).expect("room");
    for line in ALL {
        let line = format!("{line} -o out --keep-going --rejects bad");
        for happens in [&grows as &dyn Fn(&Path), &shrinks, &changes] {
            let (run, output) = meanwhile(&line, happens);
            assert_eq!(output.status.code(), Some(2), "{line}: {}", text(&output.stderr));
            let told = "serveup: in: changed while it was read; run again when nothing writes to it";
            assert!(text(&output.stderr).contains(told), "{line}: {}", text(&output.stderr));
            assert!(!names_in(&run.path(".")).iter().any(|name| name == "out" || name.contains(".serveup-")), "{line}");
        }
    }
}

#[test]
fn a_file_that_vanishes_while_it_is_read_is_read_to_its_end() {
    let vanishes = |path: &Path| fs::remove_file(path).expect("a file");
    let is_replaced = |path: &Path| {
        fs::write(path.with_file_name("other"), "[]").expect("room");
        fs::rename(path.with_file_name("other"), path).expect("a file");
    };
    for line in ALL {
        let line = format!("{line} -o out --keep-going --rejects bad");
        let (whole, output) = meanwhile(&line, |_| ());
        let status = output.status.code();
        for happens in [&vanishes as &dyn Fn(&Path), &is_replaced] {
            let (run, output) = meanwhile(&line, happens);
            assert_eq!(output.status.code(), status, "{line}: {}", text(&output.stderr));
            let out = |run: &Serveup| fs::read_to_string(run.path("out")).expect("text");
            assert_eq!(out(&run), out(&whole), "{line}");
        }
    }
}

#[test]
fn rows_of_a_file_that_is_not_kept_have_not_left() {
    let records = lines([RECORD, &RECORD.replace("05", "04")]);
    let ran = |flags: &str| {
        serveup(&format!("rate in --in-order {flags}")).file("in", &records).status(2).any_stdout().stderr_has("")
    };
    assert!(ran("").run().stderr.ends_with("(1 row printed before)\n"));
    let ran = ran("-o out").run();
    assert!(ran.stderr.ends_with("(0 rows printed before)\n"), "{}", ran.stderr);
    assert_eq!(ran.names(), ["in"]);
}

// ── Input without end ───────────────────────────────────────────────────────

#[test]
fn a_record_without_end_is_refused_before_it_fills_the_memory() {
    let longest = 64 << 20;
    let told = "record: is longer than 64 MiB; close what it leaves open";
    for (start, place) in [("{\"recipient\":\"", "1:1"), ("recipient,point\na,\"", "2:1")] {
        let mut input = start.as_bytes().to_vec();
        input.resize(start.len() + longest, b'x');
        let run = serveup("rate in").file("in", input).status(2);
        run.stderr_has(&format!("serveup: in:{place}: {told}")).run();
    }
}

#[test]
fn where_memory_runs_out_it_is_told_and_older_files_stay() {
    let many: Vec<String> = (0..300_000)
        .map(|number| {
            format!(r#"{{"id":"r{number}","recipient":"recipient number {number}","point":"p","action":"a"}}"#)
        })
        .collect();
    let run = run("").file("many", lines(many)).file("out", "older");
    // for few records there is room
    let few = run.in_shell("ulimit -v 80000; serveup rate in --no-header");
    assert_eq!((few.status.code(), text(&few.stderr)), (Some(0), ""));
    let none = run.in_shell("ulimit -v 80000; serveup rate many -o out");
    let said = "serveup: out of memory; read fewer records at once, or use more memory\n";
    assert_eq!((none.status.code(), text(&none.stderr)), (Some(2), said));
    assert_eq!(names_in(run.path("").as_path()), ["in", "many", "map", "out", "table"]);
    assert_eq!(fs::read_to_string(run.path("out")).expect("a file"), "older");
}

#[test]
fn what_people_write_by_hand_is_not_read_without_end() {
    let said = "serveup: big: the levels file is too long; keep it under 4096 KiB\n";
    let big = "#".repeat((4 << 20) + 1);
    serveup("levels --check big").file("big", &big).status(2).stderr(said).run();
    serveup("rate in --levels big").file("big", big).file("in", "[]").status(2).stderr(said).run();
    let said = "serveup: big: the map is too long; keep it under 256 KiB\n";
    run("import --map big table").file("big", "#".repeat((256 << 10) + 1)).status(2).stderr(said).run();
    if fs::File::open("/dev/zero").is_ok_and(|mut zero| zero.read(&mut [0]).is_ok()) {
        let said = "serveup: /dev/zero: the levels file is too long; keep it under 4096 KiB\n";
        serveup("levels --check /dev/zero").status(2).stderr(said).run();
    }
}

#[test]
fn more_columns_than_any_spreadsheet_has_are_refused() {
    let table = |columns: usize| format!("a{}\n{}\n", ",b".repeat(columns - 1), ",1".repeat(columns - 1));
    let said = "serveup: in: has 16,385 columns; keep 16,384 at most\n";
    serveup("import --inspect in").file("in", table(16_385)).status(2).stderr(said).run();
    // those there may be are told apart in no time, also where all have one name
    let run = run("import --map map in -q").file("map", "{recipient: .b, point: .b_16383}");
    run.file("in", table(16_384)).stdout("{\"recipient\":\"1\",\"point\":\"1\"}\n").run();
}

// ── Maps without end ────────────────────────────────────────────────────────

#[test]
fn a_map_that_calls_itself_without_end_is_told() {
    let deep = "row 1: map: calls itself too deep; check that it ends";
    for map in ["def f: f | f; f", "def f: 1 + f; f", "def f: [f]; f", "def f: {a: f}; f"] {
        let ran = run("import --map map table -o out").file("map", map).status(2).stderr_has(deep).run();
        assert_eq!(ran.stderr.lines().count(), 1, "{map}: {}", ran.stderr);
        assert_eq!(ran.names(), ["in", "map", "table"]);
    }
    let steps = "row 1: map: takes too many steps and returns nothing; check that it ends";
    for map in ["def f: f; f", "last(repeat(1))", "[repeat(1)]", "until(false; .)", "[recurse(.)]", "def f: f, 1; f"] {
        let ran = run("import --map map table").file("map", map).status(2).stderr_has(steps).run();
        assert_eq!(ran.stderr.lines().count(), 1, "{map}: {}", ran.stderr);
    }
    // other rows are not to blame
    let map = "if .point == \"q\" then def f: [f]; f else {recipient, point} end";
    let table = "recipient,point\na,p\nb,q\nc,r\n";
    let ran = run("import --map map table --keep-going --rejects bad").file("map", map).file("table", table);
    let ran = ran.stdout("{\"recipient\":\"a\",\"point\":\"p\"}\n{\"recipient\":\"c\",\"point\":\"r\"}\n");
    let ran = ran.stderr_has("row 2: map: calls itself too deep").stderr_has("1 rejected").run();
    assert_eq!(ran.read("bad"), "recipient,point\nb,q\n");
    // what ends is let be
    let map = "def f($n): if $n == 0 then \"p\" else f($n - 1) + \"\" end; {recipient, point: f(500)}";
    run("import --map map table -q").file("map", map).stdout("{\"recipient\":\"a\",\"point\":\"p\"}\n").run();
}

#[test]
fn json_inside_a_cell_nests_no_deeper_than_elsewhere() {
    let table = |cell: &str| format!("recipient,point\na,\"{cell}\"\n");
    let run = |cell: &str| {
        let map = "{recipient, point: (.point | fromjson | flatten | join(\"\"))}";
        run("import --map map table -q").file("map", map).file("table", table(&cell.replace('"', "\"\"")))
    };
    let stdout = "{\"recipient\":\"a\",\"point\":\"p[\"}\n";
    run(&format!("{}\"p[\"{}", "[".repeat(128), "]".repeat(128))).stdout(stdout).run();
    let told = "row 1: map: fromjson: the text is nested deeper than 128 levels; flatten it";
    for cell in ["[".repeat(129), "[".repeat(1_000_000), format!("#\"\n{}", "[".repeat(1_000_000))] {
        run(&cell).status(2).stderr_has(told).run();
    }
    run("[1, x")
        .status(2)
        .stderr_has("row 1: map: fromjson: \"[1, x\" is not JSON: byte offset 4: value expected")
        .run();
}
