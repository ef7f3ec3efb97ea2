//! Streams as other programs hand them over: non-blocking, or with a limit on the size of files.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::harness::{lines, names_in, serveup};

const RECORD: &str = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["late"]}"#;

/// Both ends of a stream, of which the program's does not block, as those of some parents do.
fn not_blocking() -> (UnixStream, Stdio) {
    let (ours, its) = UnixStream::pair().expect("a pair");
    its.set_nonblocking(true).expect("a mode");
    (ours, Stdio::from(OwnedFd::from(its)))
}

#[test]
fn streams_that_do_not_block_are_waited_for() {
    let records = lines(vec![RECORD; 5000]);
    for line in [
        "rate",
        "rate --in-order",
        "rate -f json",
        "journey",
        "report",
        "import --map map -q",
        "rate - --strict --keep-going",
    ] {
        let run = || serveup(line).file("map", "{recipient, point, at}");
        let wanted = run().stdin(&records).any_stdout().stderr_has("").run();
        let (mut stdin, its_stdin) = not_blocking();
        let (mut stdout, its_stdout) = not_blocking();
        let (mut stderr, its_stderr) = not_blocking();
        let run = run();
        let mut command = run.command();
        let mut process = command.stdin(its_stdin).stdout(its_stdout).stderr(its_stderr).spawn().expect("a start");
        drop(command);
        let records = records.clone();
        let writer = thread::spawn(move || {
            for piece in records.as_bytes().chunks(100_000) {
                thread::sleep(Duration::from_millis(20));
                stdin.write_all(piece).expect("it reads");
            }
        });
        // nothing is read before there can be no room left
        thread::sleep(Duration::from_millis(200));
        let (mut shown, mut said) = (String::new(), String::new());
        stdout.read_to_string(&mut shown).expect("text");
        stderr.read_to_string(&mut said).expect("text");
        writer.join().expect("an end");
        assert_eq!((process.wait().expect("an end").code(), said), (Some(0), wanted.stderr), "{line}");
        assert!(shown == wanted.stdout, "{line}: {} bytes instead of {}", shown.len(), wanted.stdout.len());
    }
}

#[test]
fn a_file_that_may_not_grow_is_told_like_a_full_disk() {
    let told = "cannot be written: the file would be too large (ulimit -f)";
    for (line, said) in [
        ("serveup rate in -o out", format!("serveup: out: {told}\n")),
        ("serveup rate in --in-order -o out", format!("serveup: out: {told} (0 rows printed before)\n")),
        ("serveup rate in -f json -o out", format!("serveup: out: {told}\n")),
        ("serveup import --map map in -q -o out", format!("serveup: out: {told}\n")),
        ("serveup rate in > shown", format!("serveup: stdout: {told}\n")),
        (
            "serveup rate in -q --keep-going --rejects out -o /dev/null",
            format!("serveup: cannot write the rejected records: out: {told}\n"),
        ),
    ] {
        let bad = if line.contains("rejects") { "{\"recipient\":\"a\"}" } else { "" };
        let records = if bad.is_empty() { lines(vec![RECORD; 2000]) } else { lines(vec![bad; 20_000]) };
        let run = serveup("").file("in", records).file("out", "older").file("map", "{recipient, point, at}");
        let output = run.in_shell(&format!("ulimit -f 4; {line}"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {stderr}");
        assert!(stderr.ends_with(&said), "{line}: {stderr}");
        assert_eq!(fs::read_to_string(run.path("out")).expect("text"), "older", "{line}");
        let names: Vec<_> = names_in(&run.path("")).into_iter().filter(|name| name != "shown").collect();
        assert_eq!(names, ["in", "map", "out"], "{line}");
    }
}
