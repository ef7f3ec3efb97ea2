//! Results out: to standard output, or to a file that is written whole or not at all.
#![expect(clippy::disallowed_methods, reason = "outputs are opened, written and replaced here and in output/part.rs")]

pub(crate) mod part;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use tempfile::NamedTempFile;

use crate::interrupt;
use crate::waiting::Waiting;

/// Where results go. Writing to a reader that has gone away is no error; see [`Output::gone`].
pub(crate) struct Output {
    to: BufWriter<Target>,
    name: String,
    gone: bool,
}

enum Target {
    Stdout(Waiting<io::Stdout>),
    /// A device or a pipe, written directly.
    Direct(Waiting<File>),
    /// A regular file, in the making beside its target.
    Whole {
        file: NamedTempFile,
        target: PathBuf,
        replaces: bool,
    },
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::Direct(file) => file.write(bytes),
            Self::Whole { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::Direct(file) => file.flush(),
            Self::Whole { file, .. } => file.flush(),
        }
    }
}

impl Output {
    /// Opens the output: a file, or standard output for `None` and `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Ok(Self::stdout());
        };
        let name = serveup::printable(&path.display().to_string()).into_owned();
        let target = behind_links(path);
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(anyhow!("{name}: is a directory; name a file in it"));
        }
        // /dev/stdout and the like lead to what is open already, which is not to be replaced
        let open_already =
            ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"].iter().any(|open| path.starts_with(open));
        if open_already || existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let file = OpenOptions::new().append(true).open(path).map_err(|error| unwritable(&name, &error))?;
            return Ok(Self::over(Target::Direct(Waiting(file)), name));
        }
        let file = interrupt::begin(|| part::begin(&target, existing.as_ref()));
        let file = file.map_err(|error| unwritable(&name, &error))?;
        Ok(Self::over(Target::Whole { file, target, replaces: true }, name))
    }

    /// Opens a file that must not be there yet, nor when it is finished.
    fn create_new(path: &Path) -> Result<Self> {
        let name = serveup::printable(&path.display().to_string()).into_owned();
        let target = behind_links(path);
        if fs::symlink_metadata(&target).is_ok() {
            return Err(unwritable(&name, &io::ErrorKind::AlreadyExists.into()));
        }
        let file = interrupt::begin(|| part::begin(&target, None)).map_err(|error| unwritable(&name, &error))?;
        Ok(Self::over(Target::Whole { file, target, replaces: false }, name))
    }

    fn stdout() -> Self {
        Self::over(Target::Stdout(Waiting(io::stdout())), "stdout".to_owned())
    }

    fn over(target: Target, name: String) -> Self {
        Self { to: BufWriter::with_capacity(1 << 16, target), name, gone: false }
    }

    /// Whether the reader has gone away, so that nothing need be written any more.
    pub(crate) const fn gone(&self) -> bool {
        self.gone
    }

    /// Whether nothing of it is to be seen before it is finished.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.to.get_ref(), Target::Whole { .. })
    }

    /// Flushes what has been written so far.
    pub(crate) fn flush_now(&mut self) -> Result<()> {
        let result = self.to.flush();
        self.settle(result)
    }

    /// Writes bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if self.gone {
            return Ok(());
        }
        let result = self.to.write_all(bytes);
        self.settle(result)
    }

    fn settle(&mut self, result: io::Result<()>) -> Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            Err(error) => Err(unwritable(&self.name, &error)),
            Ok(()) => Ok(()),
        }
    }

    /// Completes the results: what was written is there now.
    pub(crate) fn finish(self) -> Result<()> {
        self.complete(true)
    }

    /// Completes what is written beside the results, which are still to come.
    pub(crate) fn finish_beside(self) -> Result<()> {
        self.complete(false)
    }

    fn complete(mut self, last: bool) -> Result<()> {
        if self.gone {
            // what could not be handed on is dropped without another try
            let _ = self.to.into_parts();
            return Ok(());
        }
        self.flush_now()?;
        let name = self.name;
        let (target, _) = self.to.into_parts();
        if let Target::Whole { file, target, replaces } = target {
            // some disks report a lack of room only now, or would lose the file with the power
            let kept = file.as_file().sync_all().and_then(|()| {
                let part = file.path().to_owned();
                let persist = || if replaces { file.persist(&target) } else { file.persist_noclobber(&target) };
                interrupt::finish(&part, last, persist).map_err(|error| error.error)
            });
            kept.map_err(|error| unwritable(&name, &error)).context("the result is lost")?;
            part::sync_folder(&target).map_err(|error| unwritable(&name, &error)).context("the result may get lost")?;
        }
        Ok(())
    }
}

/// Writes a text that is the whole result: to a file, or to standard output for `None` and `-`.
pub(crate) fn write_text(path: Option<&Path>, text: &[u8]) -> Result<()> {
    let mut output = Output::open(path)?;
    output.put(text)?;
    output.finish()
}

/// Writes a file that is not there yet: whole or not at all, and never over another.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<()> {
    let mut output = Output::create_new(path)?;
    output.put(content)?;
    output.finish()
}

/// The result of something that wrote to standard output by itself, like help; flushes it.
pub(crate) fn printed(result: io::Result<()>) -> Result<()> {
    Output::stdout().settle(result.and_then(|()| io::stdout().flush()))
}

/// Makes a folder for files to be written into, unless it is there.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| anyhow!("{}: cannot create the folder: {error}", folder.display()))
}

/// Where links lead to, also where that is not there yet: what they point at is
/// replaced, not the link.
pub(crate) fn behind_links(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

/// Why results could not be written, in words.
#[derive(Debug)]
pub(crate) struct Unwritten(String);

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritten {}

fn unwritable(name: &str, error: &io::Error) -> anyhow::Error {
    let what = match error.kind() {
        io::ErrorKind::NotFound => "no such folder".to_owned(),
        io::ErrorKind::AlreadyExists => "exists already and is not overwritten; name another file".to_owned(),
        io::ErrorKind::PermissionDenied => "cannot be written: permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "cannot be written: the file system is read-only".to_owned(),
        io::ErrorKind::StorageFull => "cannot be written: no space left".to_owned(),
        io::ErrorKind::FileTooLarge => "cannot be written: the file would be too large (ulimit -f)".to_owned(),
        _ => format!("cannot be written: {error}"),
    };
    Unwritten(format!("{name}: {what}")).into()
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes).map_err(|error| io::Error::other(Unwritten(format!("{error:#}"))))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flush_now().map_err(|error| io::Error::other(Unwritten(format!("{error:#}"))))
    }
}
