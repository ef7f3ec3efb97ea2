//! One builder for every run: what is typed, what lies there, what must come
//! of it. Status, standard output and standard error are always compared;
//! success and silence are expected unless the test says otherwise.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::rc::Rc;
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

/// The built program.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_serveup");

/// Every format that rows can be printed in.
pub(crate) const FORMATS: [&str; 6] = ["table", "tsv", "csv", "json", "jsonl", "md"];

/// The user and group without rights that every Unix knows.
pub(crate) const NOBODY: u32 = 65534;

/// What must be on one of the two outputs.
enum Want {
    /// Exactly this.
    Text(String),
    /// All of these, somewhere.
    Parts(Vec<String>),
    /// This value, however it is laid out.
    Json(Value),
    /// A JSON list of rows, of which these columns hold these texts.
    Columns(Vec<String>, Vec<String>),
    /// Something the test looks at by itself.
    Anything,
}

/// A run of the program in a folder of its own.
pub(crate) struct Serveup {
    folder: Rc<TempDir>,
    args: Vec<String>,
    stdin: Option<Vec<u8>>,
    env: Vec<(String, String)>,
    by_nobody: bool,
    status: i32,
    stdout: Want,
    stderr: Want,
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) folder: Rc<TempDir>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A run with the arguments of a line, which are separated by blanks.
pub(crate) fn serveup(line: &str) -> Serveup {
    serveup_in(Rc::new(tempfile::tempdir().expect("a temporary folder")), line)
}

fn serveup_in(folder: Rc<TempDir>, line: &str) -> Serveup {
    Serveup {
        folder,
        args: line.split_whitespace().map(str::to_owned).collect(),
        stdin: None,
        env: Vec::new(),
        by_nobody: false,
        status: 0,
        stdout: Want::Text(String::new()),
        stderr: Want::Text(String::new()),
    }
}

impl Serveup {
    /// One argument more, blanks and all.
    pub(crate) fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// A file in the folder that the program runs in.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("permissions");
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What comes in on standard input; nothing otherwise.
    pub(crate) fn stdin(mut self, content: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(content.as_ref().to_owned());
        self
    }

    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.env.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Runs as a user without rights, even where the tests run as root; `None`
    /// where that cannot be done, which is said aloud.
    pub(crate) fn by_nobody(mut self) -> Option<Self> {
        fs::set_permissions(self.folder.path(), Permissions::from_mode(0o755)).expect("permissions");
        // where it was built nobody may be allowed to look
        let copy = self.path("the-program");
        fs::hard_link(BINARY, &copy).or_else(|_| fs::copy(BINARY, &copy).map(|_| ())).expect("a copy of the program");
        self.by_nobody = true;
        let tried = self.program().arg("--version").stdout(Stdio::null()).status();
        if tried.is_ok_and(|status| status.success()) {
            return Some(self);
        }
        skipped("the program cannot be run by a user without rights here");
        None
    }

    pub(crate) fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// Standard output is exactly this.
    pub(crate) fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = Want::Text(text.into());
        self
    }

    /// Standard output holds this somewhere; may be said several times.
    pub(crate) fn stdout_has(mut self, part: &str) -> Self {
        self.stdout = self.stdout.and(part);
        self
    }

    /// Standard output is this JSON value.
    pub(crate) fn json(mut self, value: Value) -> Self {
        self.stdout = Want::Json(value);
        self
    }

    /// Standard output is a JSON list of rows, and these columns of them, with
    /// a blank between, are these lines; null is `-`, lists are joined by `;`.
    pub(crate) fn columns(mut self, names: &str, lines: &[&str]) -> Self {
        let names = names.split_whitespace().map(str::to_owned).collect();
        self.stdout = Want::Columns(names, lines.iter().map(ToString::to_string).collect());
        self
    }

    /// The test looks at standard output by itself.
    pub(crate) fn any_stdout(mut self) -> Self {
        self.stdout = Want::Anything;
        self
    }

    /// Standard error is exactly this.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = Want::Text(text.into());
        self
    }

    /// Standard error holds this somewhere; may be said several times.
    pub(crate) fn stderr_has(mut self, part: &str) -> Self {
        self.stderr = self.stderr.and(part);
        self
    }

    /// The test looks at standard error by itself.
    pub(crate) fn any_stderr(mut self) -> Self {
        self.stderr = Want::Anything;
        self
    }

    /// The program without its arguments.
    pub(crate) fn program(&self) -> Command {
        let program = if self.by_nobody { self.path("the-program") } else { PathBuf::from(BINARY) };
        let mut command = Command::new(&program);
        if signals_are_ignored() {
            command = Command::new("env");
            command.arg("--default-signal=HUP,INT,TERM").arg(program);
        }
        if self.by_nobody && is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// The command, ready to start.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.program();
        command.args(&self.args).current_dir(self.folder.path());
        command.env_remove("SERVEUP_LEVELS").env_remove("NO_COLOR");
        command.envs(self.env.iter().map(|(key, value)| (key, value)));
        command
    }

    /// Runs a line of shell in the folder, in which `serveup` is the program.
    pub(crate) fn in_shell(&self, line: &str) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("serveup() {{ '{BINARY}' \"$@\"; }}; {line}")]).current_dir(self.folder.path());
        command.env_remove("SERVEUP_LEVELS").env_remove("NO_COLOR").stdin(Stdio::null());
        command.output().expect("a shell")
    }

    /// Starts the program with all three streams in hand.
    pub(crate) fn start(&self) -> Child {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Runs the program to its end and compares status, standard output and standard error.
    #[track_caller]
    pub(crate) fn run(self) -> Ran {
        let mut child = if self.stdin.is_some() {
            self.start()
        } else {
            let mut command = self.command();
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("the program starts")
        };
        let writer = self.stdin.as_ref().map(|content| {
            let (mut stdin, content) = (child.stdin.take().expect("a pipe"), content.clone());
            // a program that needs no more input closes the pipe, which is its right
            thread::spawn(move || stdin.write_all(&content))
        });
        let output = child.wait_with_output().expect("the program ends");
        if let Some(writer) = writer {
            let _ = writer.join().expect("the writer ends");
        }
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut wrong = String::new();
        if output.status.code() != Some(self.status) {
            let _ = writeln!(wrong, "status: {} instead of {}", output.status, self.status);
        }
        for (name, want, found) in [("stdout", &self.stdout, &stdout), ("stderr", &self.stderr, &stderr)] {
            if let Some(difference) = want.difference(found) {
                let _ = writeln!(wrong, "{name}: {difference}");
            }
        }
        assert!(
            wrong.is_empty(),
            "serveup {}\n{wrong}--- stdout\n{}--- stderr\n{}---",
            self.args.join(" "),
            beginning(&stdout),
            beginning(&stderr)
        );
        Ran { folder: self.folder, stdout, stderr }
    }
}

impl Want {
    fn and(self, part: &str) -> Self {
        let mut parts = if let Self::Parts(parts) = self { parts } else { Vec::new() };
        parts.push(part.to_owned());
        Self::Parts(parts)
    }

    /// What is not as it must be.
    fn difference(&self, found: &str) -> Option<String> {
        match self {
            Self::Anything => None,
            Self::Text(text) if text == found => None,
            Self::Text(text) => Some(format!("should be\n{}", beginning(text))),
            Self::Parts(parts) => {
                parts.iter().find(|part| !found.contains(part.as_str())).map(|part| format!("should hold\n{part}"))
            }
            Self::Json(value) => match serde_json::from_str::<Value>(found) {
                Ok(other) if other == *value => None,
                Ok(_) => Some(format!("should be the value\n{value:#}")),
                Err(error) => Some(format!("should be JSON: {error}")),
            },
            Self::Columns(names, lines) => match serde_json::from_str::<Vec<Value>>(found) {
                Ok(rows) => {
                    let chosen: Vec<_> = rows.iter().map(|row| line_of(row, names)).collect();
                    (chosen != *lines)
                        .then(|| format!("the columns {} are\n{chosen:#?}\ninstead of\n{lines:#?}", names.join(", ")))
                }
                Err(error) => Some(format!("should be a JSON list of rows: {error}")),
            },
        }
    }
}

impl Ran {
    /// Another run in the same folder.
    pub(crate) fn then(&self, line: &str) -> Serveup {
        serveup_in(Rc::clone(&self.folder), line)
    }

    /// The text of a file in the folder.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file with text")
    }

    /// The names of all files in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        names_in(self.folder.path())
    }

    /// Standard output as a list of JSON rows.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<Value> {
        serde_json::from_str(&self.stdout).expect("a JSON list of rows")
    }
}

/// The names of all files in a folder, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

/// Some columns of a JSON row as one line.
pub(crate) fn line_of(row: &Value, names: &[String]) -> String {
    let cell = |name: &String| match &row[name] {
        Value::Null => "-".to_owned(),
        other => cell(other),
    };
    names.iter().map(cell).collect::<Vec<_>>().join(" ")
}

/// A JSON value as a cell of tsv or csv holds it.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

/// The file `in` with this content is refused with this message, by every way of reading it.
#[track_caller]
pub(crate) fn refused(content: impl AsRef<[u8]>, message: &str) {
    let run = || serveup("rate in").file("in", content.as_ref()).status(2);
    run().stderr(format!("serveup: in:{message}\n")).run();
    run().arg("-f").arg("json").stderr(format!("serveup: in:{message}\n")).run();
    serveup("rate").stdin(content).status(2).stderr(format!("serveup: stdin:{message}\n")).run();
}

/// Lines, each with its end.
pub(crate) fn lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> String {
    lines.into_iter().fold(String::new(), |text, line| text + line.as_ref() + "\n")
}

/// A file that ships with the project.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}

/// Says aloud that a test could not do its work here.
#[expect(clippy::print_stderr, reason = "a test that is skipped must be heard")]
pub(crate) fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

pub(crate) fn is_root() -> bool {
    // who runs this owns what it makes
    let folder = tempfile::tempdir().expect("a temporary folder");
    folder.path().metadata().expect("metadata").uid() == 0
}

/// Whether this process ignores signals that are tested, as what a script starts in the
/// background does; what it starts would do so too.
fn signals_are_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // hang-up, interrupt and termination are the signals 1, 2 and 15
    mask & (1 | 1 << 1 | 1 << 14) != 0
}

/// A device on which there is never any room.
pub(crate) fn full_disk() -> Option<fs::File> {
    let device = fs::OpenOptions::new().write(true).open("/dev/full");
    if device.is_err() {
        skipped("there is no /dev/full here");
    }
    device.ok()
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(6000) {
        Some((end, _)) => format!("{}… ({} bytes)\n", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
