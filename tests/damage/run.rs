//! One case as a process, and what must be true of how it ended.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::asked::Asked;

/// No case may take more memory than this, in kilobytes; as it counts the memory
/// asked for and not only the memory used, threads take much of it.
const MEMORY: u32 = 1 << 20;

/// How a case ended.
pub(crate) struct Ended {
    pub(crate) command: String,
    pub(crate) status: String,
    /// What is wrong with it.
    pub(crate) failure: Option<String>,
}

/// Runs a case in a folder that is empty but for what it is given.
pub(crate) fn run(program: &Path, folder: &Path, asked: &Asked) -> Ended {
    for entry in fs::read_dir(folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, content) in &asked.files {
        fs::write(folder.join(name), content).unwrap();
    }
    let stdin = asked.stdin.map_or_else(Stdio::null, |name| File::open(folder.join(name)).unwrap().into());
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {MEMORY}; exec \"$@\"")).arg("sh").arg(program).args(&asked.args);
    command.current_dir(folder).stdin(stdin).env_remove("SERVEUP_LEVELS").env_remove("RUST_BACKTRACE");
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let status = output.status.code();
    let failure = wrong(folder, asked, status, &output.stdout, &stderr);
    Ended {
        command: asked.args[0].clone(),
        status: output.status.to_string(),
        failure: failure.map(|failure| format!("{failure}; {}\n  {}", output.status, first(&stderr))),
    }
}

fn first(text: &str) -> String {
    text.chars().take(500).collect()
}

/// What is wrong with how a case ended.
fn wrong(folder: &Path, asked: &Asked, status: Option<i32>, stdout: &[u8], stderr: &str) -> Option<String> {
    let has = |flag: &str| asked.args.iter().any(|arg| arg == flag);
    let command = asked.args[0].as_str();
    if !matches!(status, Some(0..=3)) {
        return Some("no documented status".to_owned());
    }
    if stderr.contains("panicked") || stderr.contains("RUST_BACKTRACE") {
        return Some("a panic".to_owned());
    }
    let refused = status == Some(2);
    if refused && stderr.is_empty() {
        return Some("nothing is said".to_owned());
    }
    if refused && !stdout.is_empty() && command != "import" && !has("--in-order") {
        return Some("something is printed, and then all is refused".to_owned());
    }
    if stderr.chars().any(|character| character.is_control() && character != '\n' && character != '\t') {
        return Some("a control character is said".to_owned());
    }
    let out = folder.join("out");
    if has("-o") && (out.exists() == refused || !stdout.is_empty()) {
        return Some("the output is not in the file, or a part of it is".to_owned());
    }
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name();
        let known = ["out", "rejects"].iter().any(|known| name == *known);
        let made = command == "init" && !refused && asked.args.iter().any(|arg| name == **arg);
        if !known && !made && !asked.files.iter().any(|(given, _)| name == *given) {
            return Some(format!("{} was left behind", name.display()));
        }
    }
    for (name, content) in &asked.files {
        if fs::read(folder.join(name)).unwrap() != *content {
            return Some(format!("{name} was written to"));
        }
    }
    if refused {
        return None;
    }
    let printed = if has("-o") { fs::read(out).unwrap() } else { stdout.to_owned() };
    let Ok(text) = std::str::from_utf8(&printed) else { return Some("what is printed is not UTF-8".to_owned()) };
    let json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let good = match asked.args.iter().skip_while(|arg| *arg != "--format").nth(1).map(String::as_str) {
        Some("json") if command != "import" => json(text),
        Some("jsonl") => text.lines().all(json),
        _ => true,
    };
    (!good).then(|| "what is printed is not JSON".to_owned())
}
