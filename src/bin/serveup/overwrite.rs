//! No run writes over what it reads, nor two results into one file, however the files are spelled.
#![expect(clippy::disallowed_methods, reason = "inputs and outputs are compared by what the file system knows them by")]

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::output::{behind_links, part};
use serveup::print::text::shown;

/// The files of a run, each with the flag that names it.
#[derive(Debug, Default)]
pub(crate) struct Files {
    read: Vec<Named>,
    written: Vec<Named>,
}

/// A file as it was named; by no flag if it is an input, or standard output. `-` is a standard stream.
#[derive(Debug)]
struct Named {
    flag: &'static str,
    path: PathBuf,
}

impl Files {
    /// Adds files that are read.
    pub(crate) fn read<'a>(mut self, flag: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.read.extend(Named::all(flag, paths));
        self
    }

    /// Adds files that are written.
    pub(crate) fn written<'a>(mut self, flag: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.written.extend(Named::all(flag, paths));
        self
    }

    /// Refuses a run that would destroy a file it reads, or one of its own results.
    pub(crate) fn check(&self) -> Result<()> {
        let read: Vec<_> = self.read.iter().filter_map(|read| Some((Identity::read(read)?, read))).collect();
        let mut written: Vec<(Identity, &Named)> = Vec::new();
        for output in &self.written {
            let Some(identity) = Identity::written(output) else { continue };
            if let Some((_, input)) = read.iter().find(|(other, _)| *other == identity) {
                bail!("{} would overwrite {}; name another file", output.as_output(), input.as_input());
            }
            // what an earlier run left of this output is removed by this one
            let mut removed = part::leftovers(&behind_links(&output.path)).filter_map(|path| Identity::existing(&path));
            if let Some((_, input)) = removed.find_map(|gone| read.iter().find(|(other, _)| *other == gone)) {
                let input = input.as_input();
                bail!(
                    "{} would remove {input}, which looks like the rest of an interrupted run; rename it",
                    output.as_output()
                );
            }
            if let Some((_, other)) = written.iter().find(|(other, _)| *other == identity) {
                bail!("{} and {} are the same file; name two files", other.as_output(), output.as_output());
            }
            written.push((identity, output));
        }
        Ok(())
    }
}

impl Named {
    fn all<'a>(flag: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) -> impl Iterator<Item = Self> {
        paths.into_iter().map(move |path| Self { flag, path: path.clone() })
    }

    fn is_stream(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    fn as_output(&self) -> String {
        match self.flag {
            "" => "standard output".to_owned(),
            flag => format!("{flag} {}", shown(&self.path.to_string_lossy())),
        }
    }

    fn as_input(&self) -> String {
        let path = shown(&self.path.to_string_lossy());
        match self.flag {
            "" if self.is_stream() => "the file on standard input".to_owned(),
            "" => format!("{path}, an input"),
            flag => format!("{path}, the file of {flag}"),
        }
    }
}

/// What identifies a file. Devices and pipes have none: nothing in them is written over.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// Standard output, where it is no file.
    Stdout,
    File(Node),
    /// A file that is not there yet.
    New {
        folder: Node,
        name: OsString,
    },
}

impl Identity {
    fn read(input: &Named) -> Option<Self> {
        if input.is_stream() { stream(&std::io::stdin()) } else { Self::existing(&input.path) }
    }

    fn written(output: &Named) -> Option<Self> {
        if output.is_stream() {
            return stream(&std::io::stdout()).or(Some(Self::Stdout));
        }
        if fs::metadata(&output.path).is_ok() {
            return Self::existing(&output.path);
        }
        let target = behind_links(&output.path);
        let folder = part::folder_of(&target);
        Some(Self::New { folder: node(folder, &fs::metadata(folder).ok()?)?, name: target.file_name()?.to_owned() })
    }

    fn existing(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(Metadata::is_file)?;
        node(path, &metadata).map(Self::File)
    }
}

/// What the file system knows a file or folder by, whatever its names.
#[cfg(unix)]
type Node = (u64, u64);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a path may lead nowhere meanwhile")]
fn node(_: &Path, metadata: &Metadata) -> Option<Node> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// The file that a standard stream was sent to or comes from, if it is one.
#[cfg(unix)]
fn stream(stream: &impl std::os::fd::AsFd) -> Option<Identity> {
    let file = fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
    let metadata = file.metadata().ok().filter(Metadata::is_file)?;
    node(Path::new(""), &metadata).map(Identity::File)
}

#[cfg(not(unix))]
type Node = PathBuf;

#[cfg(not(unix))]
fn node(path: &Path, _: &Metadata) -> Option<Node> {
    fs::canonicalize(path).ok()
}

#[cfg(not(unix))]
fn stream<T>(_: &T) -> Option<Identity> {
    None
}
