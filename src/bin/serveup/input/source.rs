//! One input file or pipe as bytes that can be read again from the start.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, anyhow};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use serveup::printable;
use tempfile::SpooledTempFile;

/// Where bytes come from. A regular file is read again from its start; of a
/// pipe, what has been read is kept, in an unnamed temporary file where it is much.
pub(crate) struct Source {
    name: String,
    from: From,
    position: u64,
    length: Option<u64>,
    /// Whether its bytes are turned into UTF-8 on the way.
    decoded: bool,
}

enum From {
    File { file: File, stamp: Stamp },
    Pipe { pipe: Box<dyn Read + Send>, spool: Option<SpooledTempFile>, spooled: u64 },
}

impl From {
    /// How many bytes of a pipe are kept in memory before a file is made.
    const IN_MEMORY: usize = 1 << 20;

    fn pipe(pipe: Box<dyn Read + Send>) -> Self {
        Self::Pipe { pipe, spool: Some(SpooledTempFile::new(Self::IN_MEMORY)), spooled: 0 }
    }
}

/// What shows that a file is still the one that was read before.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Source {
    /// Opens a path; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if path.as_os_str() == "-" {
            let from = From::pipe(Box::new(io::stdin()));
            return Ok(Self { name: "stdin".to_owned(), from, position: 0, length: None, decoded: false });
        }
        let name: String = path.display().to_string().chars().flat_map(printable).collect();
        let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
        let metadata = file.metadata().map_err(|error| unreadable(&name, &error))?;
        if metadata.is_dir() {
            return Err(anyhow!("{name}: is a directory; name the files in it"));
        }
        let from = if metadata.is_file() {
            From::File { file, stamp: Stamp::of(&metadata) }
        } else {
            From::pipe(Box::new(file))
        };
        Ok(Self { name, from, position: 0, length: None, decoded: false })
    }

    /// The same with its characters in another encoding than UTF-8: the one
    /// named, or UTF-16 where a byte order mark says so. What comes out is UTF-8.
    pub(crate) fn decoded(path: &Path, encoding: Option<&'static Encoding>) -> Result<Self> {
        let mut source = Self::open(path)?;
        let encoding = encoding.filter(|&encoding| encoding != UTF_8);
        source.decoded = encoding.is_some();
        source.from = match source.from {
            From::File { mut file, stamp } => {
                let mut mark = Vec::new();
                let read = Read::by_ref(&mut file).take(3).read_to_end(&mut mark).and_then(|_| file.rewind());
                read.map_err(|error| unreadable(&source.name, &error))?;
                let utf_16 = matches!(mark[..], [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
                source.decoded = mark != b"\xEF\xBB\xBF" && (encoding.is_some() || utf_16);
                if source.decoded { From::pipe(decoder(Box::new(file), encoding)) } else { From::File { file, stamp } }
            }
            From::Pipe { pipe, spool, spooled } => From::Pipe { pipe: decoder(pipe, encoding), spool, spooled },
        };
        Ok(source)
    }

    /// Whether it is in another encoding than UTF-8, as far as that was said or seen beforehand.
    pub(crate) const fn decoded_from_another(&self) -> bool {
        self.decoded
    }

    /// The name for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads some bytes; none at the end. When read again, ends where the first reading ended.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = self.length.map_or(u64::MAX, |length| length - self.position);
        let room = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let count = loop {
            match self.from.read(self.position, &mut into[..room]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| unreadable(&self.name, &error))?,
            }
        };
        self.from.keep(self.position, &into[..count]).map_err(|error| unkept(&self.name, &error))?;
        self.position += count as u64;
        Ok(count)
    }

    /// Says that it will not be read again, so that a pipe need not be kept.
    pub(crate) fn keep_no_more(&mut self) {
        if let From::Pipe { spool, spooled, .. } = &mut self.from
            && *spooled == self.position
        {
            *spool = None;
        }
    }

    /// Whether it can be read from the start again.
    pub(crate) const fn can_be_read_again(&self) -> bool {
        matches!(self.from, From::File { .. } | From::Pipe { spool: Some(_), .. })
    }

    /// How many bytes there are, where that is known beforehand.
    pub(crate) const fn size(&self) -> Option<u64> {
        match &self.from {
            From::File { stamp, .. } => Some(stamp.length),
            From::Pipe { .. } => None,
        }
    }

    /// How many bytes have been read from the start on.
    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    /// Goes back to the start. A pipe that is not kept cannot, and that is an error.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        match &mut self.from {
            From::File { file, .. } => file.rewind().map_err(|error| unreadable(&self.name, &error))?,
            From::Pipe { spool: None, .. } if self.position > 0 => {
                return Err(anyhow!("{}: a pipe cannot be read a second time", self.name));
            }
            From::Pipe { .. } => {}
        }
        self.position = 0;
        Ok(())
    }

    /// Says that all has been read once: from now on it is no longer and no shorter.
    pub(crate) fn end_here(&mut self) {
        self.length = Some(self.position);
    }

    /// An error if the file is not what it was when it was opened.
    pub(crate) fn unchanged(&self) -> Result<()> {
        let From::File { file, stamp } = &self.from else { return Ok(()) };
        let now = file.metadata().map_err(|error| unreadable(&self.name, &error))?;
        if Stamp::of(&now) == *stamp {
            return Ok(());
        }
        Err(anyhow!("{}: changed while it was read; run again when nothing writes to it", self.name))
    }
}

/// Turns bytes in some encoding into UTF-8; bytes that are UTF-8 already are left as they are.
fn decoder(bytes: Box<dyn Read + Send>, encoding: Option<&'static Encoding>) -> Box<dyn Read + Send> {
    let mut builder = DecodeReaderBytesBuilder::new();
    Box::new(builder.encoding(encoding).bom_override(true).utf8_passthru(true).build(bytes))
}

impl From {
    fn read(&mut self, position: u64, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File { file, .. } => file.read(into),
            Self::Pipe { spool: Some(spool), spooled, .. } if position < *spooled => {
                let room = usize::try_from(*spooled - position).unwrap_or(usize::MAX).min(into.len());
                spool.seek(SeekFrom::Start(position))?;
                spool.read(&mut into[..room])
            }
            Self::Pipe { pipe, .. } => pipe.read(into),
        }
    }

    /// Keeps what has been read of a pipe at this place, if it was read for the first time.
    fn keep(&mut self, position: u64, read: &[u8]) -> io::Result<()> {
        if let Self::Pipe { spool: Some(spool), spooled, .. } = self
            && position == *spooled
        {
            spool.seek(SeekFrom::Start(position))?;
            spool.write_all(read)?;
            *spooled += read.len() as u64;
        }
        Ok(())
    }
}

fn unkept(name: &str, error: &io::Error) -> anyhow::Error {
    let what = match error.kind() {
        io::ErrorKind::StorageFull => "no space left to keep a pipe's content; set TMPDIR to a larger disk".to_owned(),
        _ => format!("a pipe's content cannot be kept in a temporary file: {error}; set TMPDIR to another folder"),
    };
    anyhow!("{name}: {what}")
}

fn unreadable(name: &str, error: &io::Error) -> anyhow::Error {
    let what = match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    anyhow!("{name}: {what}")
}
