//! The ways in which the same bytes come to the program, and what came of a run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::asked::Asked;
use crate::splitmix::SplitMix64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// A file, by its name.
    File,
    /// Standard input is the file.
    Redirected,
    /// A pipe on standard input, written in one go.
    OneWrite,
    /// The same in small pieces.
    SmallWrites,
    /// The same in pieces that are about as long as the program's own.
    OddWrites,
    /// A named pipe.
    Fifo,
    /// Standard input is a socket.
    Socket,
}

impl Delivery {
    pub(crate) const ALL: [Self; 7] =
        [Self::File, Self::Redirected, Self::OneWrite, Self::SmallWrites, Self::OddWrites, Self::Fifo, Self::Socket];
}

/// Everything that can be seen of a run.
#[derive(PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// What it wrote to files, by name.
    files: Vec<(String, Vec<u8>)>,
}

/// The file and the named pipe are called as the program calls standard input, so that messages are the same.
const NAME: &str = "stdin";

/// Where files and the named pipe stand, in the folder of a case.
const FOLDERS: [&str; 2] = ["file", "fifo"];

/// Lays out what a case reads.
pub(crate) fn lay_out(folder: &Path, asked: &Asked, bytes: &[u8], people: &str) {
    for name in FOLDERS {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    fs::write(folder.join("file").join(NAME), bytes).unwrap();
    fs::write(folder.join("people"), people).unwrap();
    fs::write(folder.join("map.jq"), &asked.map).unwrap();
    let fifo = folder.join("fifo").join(NAME);
    if !fifo.exists() {
        assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    }
}

/// The command line of a run.
pub(crate) fn line(asked: &Asked, delivery: Delivery, threads: usize) -> Vec<String> {
    let mut args = asked.args.clone();
    if asked.threads {
        args.extend(["--threads".to_owned(), threads.to_string()]);
    }
    match delivery {
        Delivery::File | Delivery::Fifo => args.push(NAME.to_owned()),
        Delivery::Socket if asked.may_be_bare => {}
        _ => args.push("-".to_owned()),
    }
    args
}

/// Runs the program on what has been laid out.
pub(crate) fn run(
    program: &Path,
    folder: &Path,
    args: &[String],
    delivery: Delivery,
    bytes: &[u8],
    chance: &mut SplitMix64,
) -> Ran {
    let folder = folder.join(FOLDERS[usize::from(delivery == Delivery::Fifo)]);
    let mut command = Command::new(program);
    command.args(args).current_dir(&folder).env_remove("SERVEUP_LEVELS").env_remove("NO_COLOR");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = folder.join(NAME);
    let mut socket = None;
    match delivery {
        Delivery::File | Delivery::Fifo => {}
        Delivery::Redirected => drop(command.stdin(File::open(&input).unwrap())),
        Delivery::OneWrite | Delivery::SmallWrites | Delivery::OddWrites => drop(command.stdin(Stdio::piped())),
        Delivery::Socket => {
            let (ours, theirs) = UnixStream::pair().unwrap();
            command.stdin(OwnedFd::from(theirs));
            socket = Some(ours);
        }
    }
    let mut child = command.spawn().expect("the program starts");
    // its end of the socket is closed here, or the program's going away would not be seen
    drop(command);
    let stdin = child.stdin.take();
    let output = thread::scope(|scope| {
        let writer = scope.spawn(|| match (stdin, socket) {
            (Some(stdin), _) => feed(stdin, bytes, delivery, chance),
            (_, Some(socket)) => feed(socket, bytes, delivery, chance),
            _ if delivery == Delivery::Fifo => {
                OpenOptions::new().write(true).open(&input).and_then(|fifo| feed(fifo, bytes, delivery, chance))
            }
            _ => Ok(()),
        });
        let output = child.wait_with_output().expect("the program ends");
        // who writes waits for a reader, which may have gone before it opened the named pipe
        while delivery == Delivery::Fifo && !writer.is_finished() {
            drop(OpenOptions::new().read(true).write(true).open(&input));
            thread::sleep(Duration::from_micros(200));
        }
        // a program that needs no more input closes the pipe, which is its right
        let _ = writer.join().expect("the writer ends");
        output
    });
    let files = written(&folder);
    Ran { status: output.status.code(), stdout: output.stdout, stderr: output.stderr, files }
}

/// How many pauses there are at most in one delivery.
const PAUSES: usize = 20;

/// Writes it all, in pieces as the delivery wants them.
fn feed(mut to: impl Write, bytes: &[u8], delivery: Delivery, chance: &mut SplitMix64) -> io::Result<()> {
    const ODD: [usize; 14] =
        [511, 512, 513, 1023, 1025, 1536, 4095, 65_535, 65_536, 65_537, 100_000, 262_143, 262_144, 262_145];
    let mut left = bytes;
    let mut pauses = 0;
    while !left.is_empty() {
        let length = match delivery {
            Delivery::OneWrite => left.len(),
            Delivery::SmallWrites => 1 + chance.below(100),
            _ => chance.pick(&ODD),
        };
        let (piece, rest) = left.split_at(length.min(left.len()));
        to.write_all(piece)?;
        left = rest;
        let pause = delivery != Delivery::SmallWrites || chance.below(bytes.len() / 50 + 1) < PAUSES;
        if pause && pauses < PAUSES {
            pauses += 1;
            thread::sleep(Duration::from_micros(50 + chance.below(400) as u64));
        }
    }
    Ok(())
}

/// Takes away the files that a run wrote, and gives them back.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name != NAME {
            files.push((name, fs::read(entry.path()).unwrap()));
            fs::remove_file(entry.path()).unwrap();
        }
    }
    files.sort();
    files
}

impl Ran {
    /// What of it is another than in the run on the file; columns may have to be as wide as there, or not.
    pub(crate) fn differs_from(&self, file: &Self, widths_may_differ: bool) -> Option<String> {
        let columns = |text: &[u8]| if widths_may_differ { words(text) } else { text.to_owned() };
        let stdout = (columns(&file.stdout), columns(&self.stdout));
        let texts = [("stdout", &stdout.0, &stdout.1), ("stderr", &file.stderr, &self.stderr)];
        let mut told = Vec::new();
        if self.status != file.status {
            told.push(format!("status {:?} instead of {:?}", self.status, file.status));
        }
        told.extend(texts.into_iter().filter_map(|(name, of_file, here)| difference(name, of_file, here)));
        let names = |ran: &Self| ran.files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if names(self) == names(file) {
            let pairs = file.files.iter().zip(&self.files);
            told.extend(pairs.filter_map(|((name, of_file), (_, here))| difference(name, of_file, here)));
        } else {
            told.push(format!("files {:?} instead of {:?}", names(self), names(file)));
        }
        (!told.is_empty()).then(|| told.join("\n  "))
    }

    /// What was printed, wherever.
    pub(crate) fn printed(&self) -> &[u8] {
        self.files.iter().find(|(name, _)| name == "out").map_or(&self.stdout, |(_, content)| content)
    }
}

/// The words of a table, whatever the columns they stand in.
fn words(text: &[u8]) -> Vec<u8> {
    let mut words: Vec<_> = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(&b'\n')
}

/// Where two texts part.
fn difference(name: &str, of_file: &[u8], here: &[u8]) -> Option<String> {
    if of_file == here {
        return None;
    }
    let same = of_file.iter().zip(here).take_while(|(one, other)| one == other).count();
    let line = of_file[..same].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let from = line.max(same.saturating_sub(100));
    let part = |text: &[u8]| String::from_utf8_lossy(&text[from..text.len().min(same + 150)]).into_owned();
    Some(format!(
        "{name}: {} bytes instead of {}, from byte {same} on\n    here {:?}\n    file {:?}",
        here.len(),
        of_file.len(),
        part(here),
        part(of_file)
    ))
}
