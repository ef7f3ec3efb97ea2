//! The scripts of docs/scripts.md run as they stand there, two nights of them, and what they send and print is what the
//! page shows. `curl` is a stand-in that keeps what would have been sent.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "the test reads the page and lays out a folder of its own")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The fenced blocks of a language, in their order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    page.split(&fence).skip(1).map(|part| part.split("\n```").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// A folder with the scripts of the page, and what has been sent from it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(page: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        let mut names = Vec::new();
        for script in blocks(page, "sh") {
            let mut lines = script.lines();
            assert_eq!(lines.next(), Some("#!/usr/bin/env bash"), "{script}");
            let says = lines.next().and_then(|line| line.strip_prefix("# ")).expect("what it is");
            let name = says.split([':', ' ']).next().expect("a name");
            assert_eq!(lines.next(), Some("set -euo pipefail"), "{name}");
            folder.executable(name, &script);
            names.push(name.to_owned());
        }
        assert_eq!(names, ["nightly.sh", "to-chat.sh", "ci.sh", "monthly.sh"]);
        folder.executable("bin/curl", "#!/bin/sh\necho \"$*\" >> curl.txt\ncat >> sent.jsonl\n");
        fs::create_dir(folder.path("history")).expect("a folder");
        folder
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn executable(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }

    fn day(&self, day: &str) {
        let name = format!("{day}.jsonl");
        let from = Path::new(ROOT).join("examples/data/nights").join(&name);
        fs::copy(from, self.path("history").join(name)).expect("a day");
    }

    fn run(&self, script: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_serveup")).parent().expect("a folder").display().to_string();
        let path = format!("{}:{program}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command.arg(script).current_dir(self.0.path()).env("PATH", path).env("CHAT_URL", "https://chat.example.com/");
        command.env_remove("GITHUB_STEP_SUMMARY").env_remove("SERVEUP_LEVELS").output().expect("bash")
    }

    #[track_caller]
    fn ends(&self, script: &str, status: i32) -> String {
        let Output { status: ended, stdout, stderr } = self.run(script);
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(ended.code(), Some(status), "{script}: {stdout}{stderr}");
        stderr.into_owned()
    }

    /// The texts that have been sent.
    fn sent(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("sent.jsonl")).unwrap_or_default();
        let messages = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        messages.map(|message| message.expect("JSON")["text"].as_str().expect("a text").to_owned()).collect()
    }
}

/// Whether a program is there; where it is not, the test says so, and fails in a build of the project.
#[expect(clippy::print_stderr, reason = "a test that is skipped must be heard")]
fn there_is(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("SKIPPED: {program} is not here, and the scripts of docs/scripts.md need it");
        assert!(std::env::var_os("CI").is_none(), "{program} is not here");
    }
    found
}

fn page() -> String {
    fs::read_to_string(Path::new(ROOT).join("docs/scripts.md")).expect("the page")
}

#[test]
fn two_nights_run_as_the_page_says() {
    if !there_is("bash") || !there_is("jq") {
        return;
    }
    let page = page();
    let quoted = blocks(&page, "text");
    let folder = Folder::new(&page);
    // the first night only learns
    folder.day("2026-05-04");
    assert_eq!(folder.ends("nightly.sh", 0), "");
    assert_eq!(folder.sent(), [""; 0]);
    // the second tells what was not there
    folder.day("2026-05-05");
    assert_eq!(folder.ends("nightly.sh", 0), "");
    assert_eq!(folder.sent(), quoted[..1]);
    // a third without news sends nothing
    folder.ends("nightly.sh", 0);
    assert_eq!(folder.sent().len(), 1);
    let curl = fs::read_to_string(folder.path("curl.txt")).expect("what curl was asked");
    let asked = "-fsS -H Content-Type: application/json --data-binary @- https://chat.example.com/\n";
    assert_eq!(curl, asked);
    // a night that cannot be assessed leaves the last as it was
    let known = fs::read(folder.path("known.tsv")).expect("the last night");
    fs::write(folder.path("history/2026-05-06.jsonl"), "{\"id\":\"n09\"}\n").expect("a bad day");
    let said = folder.ends("nightly.sh", 2);
    assert!(said.contains("history/2026-05-06.jsonl:1:1: record 1 (id \"n09\"): recipient"), "{said}");
    assert_eq!(fs::read(folder.path("known.tsv")).expect("the last night"), known);
    // nor does one without a record, which may be a copy that failed
    for day in ["2026-05-04", "2026-05-05", "2026-05-06"] {
        fs::write(folder.path("history").join(format!("{day}.jsonl")), "").expect("an empty day");
    }
    folder.ends("nightly.sh", 3);
    assert_eq!(fs::read(folder.path("known.tsv")).expect("the last night"), known);
    // a day that is missing is told, and is not sent
    folder.day("2026-05-05");
    assert!(folder.ends("nightly.sh", 0).contains("gate: 0 new, 2 known, 1 no longer\n"));
    assert_eq!(folder.sent().len(), 1);
    // a failure without an id is not hidden behind another
    let nameless =
        "{\"at\":\"2026-05-06T08:00:00Z\",\"recipient\":\"eve\",\"point\":\"repair\",\"signals\":[\"late\"]}\n";
    fs::write(folder.path("history/2026-05-06.jsonl"), nameless.repeat(2)).expect("a day");
    folder.ends("nightly.sh", 0);
    assert_eq!(folder.sent()[1].matches("| eve |").count(), 2);
}

#[test]
fn a_build_fails_where_a_gate_does_not_hold() {
    if !there_is("bash") {
        return;
    }
    let page = page();
    let folder = Folder::new(&page);
    folder.day("2026-05-04");
    folder.day("2026-05-05");
    let said = folder.ends("ci.sh", 1);
    assert!(blocks(&page, "text").contains(&said), "{said}");
    let summary = fs::read_to_string(folder.path("summary.md")).expect("a summary");
    assert_eq!(blocks(&page, "markdown"), [summary]);
}

#[test]
fn once_a_month_there_is_a_page() {
    if !there_is("bash") || !there_is("jq") {
        return;
    }
    let folder = Folder::new(&page());
    folder.day("2026-05-04");
    folder.day("2026-05-05");
    folder.ends("monthly.sh", 0);
    assert!(fs::read_to_string(folder.path("service.html")).expect("a page").contains("</html>"));
    assert!(folder.sent().is_empty());
    // two months of ten people, of whom most were content in the first and few in the second
    let mut rows = String::new();
    for (month, sound) in [("04", 58), ("05", 20), ("06", 0)] {
        for number in 0..if sound > 0 { 60 } else { 1 } {
            let signal = if number < sound { "on-time" } else { "late" };
            rows.push_str(&format!(
                "{{\"recipient\":\"r{}\",\"at\":\"2026-{month}-{:02}\",\"point\":\"p\",\"team\":\"front\",\"signals\":[\"{signal}\"]}}\n",
                number % 10,
                number % 28 + 1
            ));
        }
    }
    fs::write(folder.path("history/more.jsonl"), rows).expect("records");
    folder.ends("monthly.sh", 0);
    let sent = folder.sent();
    assert!(
        sent.len() == 1 && sent[0].starts_with("Service is slipping\n") && sent[0].contains("front: slipping"),
        "{sent:?}"
    );
}
