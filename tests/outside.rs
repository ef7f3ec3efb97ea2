//! Programs outside that use the library, from what a newcomer would copy, give what `serveup` gives.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking, and reads the examples")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Builds a program of `examples/outside`, with what it depends on in a folder of the build, and runs it.
#[track_caller]
fn outside(name: &str, args: &[&Path], input: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--package", name])
        .current_dir(Path::new(ROOT).join("examples/outside"))
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .expect("cargo");
    assert!(built.status.success(), "{name}: {}", String::from_utf8_lossy(&built.stderr));
    run(Command::new(target.join("debug").join(name)).args(args), input)
}

#[track_caller]
fn serveup(args: &[&str], input: &str) -> String {
    run(Command::new(env!("CARGO_BIN_EXE_serveup")).args(args).env_remove("SERVEUP_LEVELS"), input)
}

#[track_caller]
fn run(command: &mut Command, input: &str) -> String {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert_eq!(told, "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_journey_in_fifteen_lines_is_the_journey_of_the_program() {
    let file = Path::new(ROOT).join("examples/data/helpdesk.jsonl");
    let document = serveup(&["journey", "-f", "json", file.to_str().unwrap()], "");
    let told: serde_json::Value = serde_json::from_str(&outside("journey", &[&file], "")).unwrap();
    assert_eq!(told, serde_json::from_str::<serde_json::Value>(&document).unwrap());
    let main = std::fs::read_to_string(Path::new(ROOT).join("examples/outside/journey/src/main.rs")).unwrap();
    assert!(main.lines().count() <= 15, "{main}");
}

#[test]
fn tickets_of_ones_own_are_rated_as_the_same_records_are_by_the_program() {
    let tickets = concat!(
        r#"{"number": 1, "customer": "acme", "closed": "2026-01-05", "minutes_late": 30, "apologized": true}"#,
        "\n",
        r#"{"number": 2, "customer": "acme", "closed": "2026-01-02", "minutes_late": 0, "apologized": true}"#,
        "\n",
    );
    let records = concat!(
        r#"{"id": 1, "recipient": "acme", "point": "ticket", "at": "2026-01-05", "signals": ["late", "as-hoped"]}"#,
        "\n",
        r#"{"id": 2, "recipient": "acme", "point": "ticket", "at": "2026-01-02", "signals": ["on-time", "as-hoped"]}"#,
        "\n",
    );
    assert_eq!(outside("own_struct", &[], tickets), serveup(&["rate", "-f", "jsonl"], records));
}
