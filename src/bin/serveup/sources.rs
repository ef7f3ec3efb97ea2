//! Files and standard input, opened to be read.
#![expect(clippy::disallowed_methods, reason = "inputs are opened here")]

use std::fs::{File, Metadata};
use std::io;
#[cfg(unix)]
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Result, anyhow, bail};
use serveup::printable;
use serveup::read::Source;

#[cfg(unix)]
use crate::waiting;
use crate::waiting::Waiting;

/// The sources of a run, and what shows whether they are still the files that were opened.
pub(crate) struct Opened {
    sources: Vec<Source>,
    files: Vec<OpenFile>,
}

/// A regular file as it was when it was opened.
struct OpenFile {
    name: String,
    file: File,
    stamp: Stamp,
}

/// What shows that a file is still the one that was opened.
#[derive(PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// Opens all that are named: standard input if none is, and at most once.
pub(crate) fn open_all(paths: &[PathBuf]) -> Result<Opened> {
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        bail!("standard input is named twice; name it once");
    }
    let mut opened = Opened { sources: Vec::new(), files: Vec::new() };
    let stdin = [PathBuf::from("-")];
    for path in if paths.is_empty() { &stdin } else { paths } {
        let (source, file) = open(path)?;
        opened.sources.push(source);
        opened.files.extend(file);
    }
    Ok(opened)
}

/// Whether there is a file of this name.
pub(crate) fn is_file(name: &str) -> bool {
    Path::new(name).is_file()
}

/// Opens a file that is read beside the others.
pub(crate) fn open_one(path: &Path) -> Result<Source> {
    Ok(open(path)?.0)
}

fn open(path: &Path) -> Result<(Source, Option<OpenFile>)> {
    if path.as_os_str() == "-" {
        return Ok((waited_for(Source::new("stdin", Waiting(io::stdin())), io::stdin()), None));
    }
    let name = printable(&path.display().to_string()).into_owned();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(&name, &error))?;
    if metadata.is_dir() {
        bail!("{name}: is a directory; name the files in it");
    }
    if !metadata.is_file() {
        let same = file.try_clone().map_err(|error| unreadable(&name, &error))?;
        return Ok((waited_for(Source::new(&name, Waiting(file)), same), None));
    }
    let stamp = Stamp::of(&metadata);
    let same = file.try_clone().map_err(|error| unreadable(&name, &error))?;
    Ok((Source::seekable(&name, file, stamp.length), Some(OpenFile { name, file: same, stamp })))
}

/// A source that may have to be waited for, which can be asked whether it is.
#[cfg(unix)]
fn waited_for(source: Source, stream: impl AsFd + Send + Sync + 'static) -> Source {
    source.ready_when(move || waiting::has_bytes(&stream))
}

#[cfg(not(unix))]
fn waited_for<S>(source: Source, _: S) -> Source {
    source
}

impl Opened {
    /// Takes the sources, to be read.
    pub(crate) fn take(&mut self) -> Vec<Source> {
        std::mem::take(&mut self.sources)
    }

    /// An error if a file is not what it was when it was opened.
    pub(crate) fn unchanged(&self) -> Result<()> {
        for OpenFile { name, file, stamp } in &self.files {
            let now = file.metadata().map_err(|error| unreadable(name, &error))?;
            if Stamp::of(&now) != *stamp {
                bail!("{name}: changed while it was read; run again when nothing writes to it");
            }
        }
        Ok(())
    }
}

fn unreadable(name: &str, error: &io::Error) -> anyhow::Error {
    let what = match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    anyhow!("{name}: {what}")
}
