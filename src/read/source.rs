//! Where bytes come from: anything that can be read, once, from its start to its end.
//!
//! [`Source::opened`] is the one opener of whatever is read: it unpacks what is compressed, makes rows
//! of workbooks, turns other encodings into UTF-8, and calls what is none of these by its name.
//!
//! A source cannot go back. What must be read twice, as a document whose recipients stand behind
//! its records, is recorded from the start: see [`Source::twice`].

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use tempfile::SpooledTempFile;

use super::ahead::Ahead;
use super::error::{Error, ErrorKind, Result};
use super::foreign;
use super::form::Form;
use super::unpack::{Packing, Unpacked, Unreadable};
use super::workbook::{self, Grid, Wanted};
use crate::printable::printable;

/// One input, as bytes to be read once.
pub struct Source {
    name: String,
    bytes: Bytes,
    position: u64,
    size: Option<u64>,
    /// Whether its bytes are turned into UTF-8 on the way.
    decoded: bool,
    /// The sheet of a workbook that its bytes are the rows of.
    grid: Option<Arc<Grid>>,
    /// The people served, where they have a sheet of their own beside it.
    recipients: Option<Box<Self>>,
    /// Where its bytes are made of others on the way, and those can go back: how to open them again.
    origin: Option<(Arc<Mutex<dyn ReadSeek>>, Form)>,
    /// What says whether reading it would not wait; `None` where that is unknown.
    ready: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
    made: Made,
}

/// Whether the bytes of a source are made of others on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    No,
    /// Of a file, which may be read again.
    OfFile,
    /// Of what comes by a pipe, for which one may have to wait.
    OfPipe,
}

enum Bytes {
    Once(Box<dyn Read + Send>),
    Seekable(Arc<Mutex<dyn ReadSeek>>),
    Recorded(Arc<Mutex<Recording>>),
}

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("position", &self.position).finish_non_exhaustive()
    }
}

impl Source {
    /// Something that can be read, with the name that messages call it by.
    pub fn new(name: &str, bytes: impl Read + Send + 'static) -> Self {
        Self::of(name, Bytes::Once(Box::new(bytes)))
    }

    /// The same where it can go back to its start, as files can: then nothing need be recorded
    /// to read it twice. `size` is how many bytes it has.
    pub fn seekable(name: &str, bytes: impl Read + Seek + Send + 'static, size: u64) -> Self {
        Self { size: Some(size), ..Self::of(name, Bytes::Seekable(Arc::new(Mutex::new(bytes)))) }.ready_when(|| true)
    }

    /// The same with what says whether reading it now would not wait, as for the writer of a pipe. Of records that are
    /// promised to be in time order, only as many are taken together.
    #[must_use]
    pub fn ready_when(self, ready: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { ready: Some(Arc::new(ready)), ..self }
    }

    /// Whether reading it now does not wait, as far as that is known.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(|ready| ready())
    }

    fn of(name: &str, bytes: Bytes) -> Self {
        let name = printable(name).into_owned();
        Self {
            name,
            bytes,
            position: 0,
            size: None,
            decoded: false,
            grid: None,
            recipients: None,
            origin: None,
            ready: None,
            made: Made::No,
        }
    }

    /// The same as the text it holds, whatever it is packed in.
    ///
    /// # Errors
    /// What cannot be read, and what holds no text.
    pub(crate) fn opened(self, form: &Form) -> Result<Self> {
        self.opened_for(form, Wanted::Rows)
    }

    /// The same with what is wanted of it where it is a workbook.
    pub(super) fn opened_for(self, form: &Form, wanted: Wanted) -> Result<Self> {
        let base = match &self.bytes {
            Bytes::Seekable(base) => Some(Arc::clone(base)),
            Bytes::Once(_) | Bytes::Recorded(_) => None,
        };
        let (mut start, mut source) = self.peeked()?;
        let packing = Packing::of(&start);
        if let Some(packing) = packing {
            let bytes = Box::new(Unpacked::new(packing, source.bytes));
            // a part of what is packed may be too little to give anything
            let ready = source.ready.filter(|_| base.is_some());
            source = Self { bytes: Bytes::Once(bytes), size: None, ready, ..source };
            (start, source) = source.peeked()?;
            if let Some(packing) = Packing::of(&start) {
                let message = format!("{}: {}", source.name, Unreadable::Twice(packing));
                return Err(Error::new(ErrorKind::Form, message));
            }
        }
        if let Some(what) = foreign::of_bytes(&start) {
            return Err(Error::new(ErrorKind::Form, format!("{}: {what}", source.name)));
        }
        if workbook::may_be(&start) {
            return workbook::opened(source, form, wanted);
        }
        let source = source.decoded(form.encoding, &start);
        let made = match &base {
            _ if packing.is_none() && !source.decoded => Made::No,
            Some(_) => Made::OfFile,
            None => Made::OfPipe,
        };
        let origin = base.filter(|_| made != Made::No).map(|base| (base, form.clone()));
        Ok(Self { origin, made, ..source })
    }

    /// A source whose bytes are the rows of a sheet.
    pub(super) fn of_sheet(name: &str, rows: impl Read + Seek + Send + 'static, size: u64, grid: Grid) -> Self {
        Self { grid: Some(Arc::new(grid)), ..Self::seekable(name, rows, size) }
    }

    /// The same with the sheet of the people served beside it.
    pub(super) fn with_recipients(self, recipients: Option<Self>) -> Self {
        Self { recipients: recipients.map(Box::new), ..self }
    }

    /// Takes the sheet of the people served, if there is one beside it.
    pub(super) fn take_recipients(&mut self) -> Option<Self> {
        self.recipients.take().map(|recipients| *recipients)
    }

    /// The sheet of a workbook that its bytes are the rows of.
    pub(crate) fn grid(&self) -> Option<&Arc<Grid>> {
        self.grid.as_ref()
    }

    /// All its bytes, up to so many; `None` if there are more.
    pub(super) fn whole(&mut self, most: usize) -> Result<Option<Vec<u8>>> {
        let (mut bytes, mut block) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            match self.read(&mut block)? {
                0 => return Ok(Some(bytes)),
                count if bytes.len() + count > most => return Ok(None),
                count => bytes.extend_from_slice(&block[..count]),
            }
        }
    }

    /// Its first bytes, which are read again: so many that every form that is no text shows itself.
    fn peeked(mut self) -> Result<(Vec<u8>, Self)> {
        let mut start = [0; 8];
        let mut length = 0;
        while length < start.len() {
            match self.read(&mut start[length..])? {
                0 => break,
                count => length += count,
            }
        }
        self.position = 0;
        let start = start[..length].to_vec();
        if matches!(self.bytes, Bytes::Seekable(_)) {
            self.rewind()?;
            return Ok((start, self));
        }
        let whole = Cursor::new(start.clone()).chain(self.bytes);
        Ok((start, Self { bytes: Bytes::Once(Box::new(whole)), ..self }))
    }

    /// Whether it is a workbook, as far as its first bytes tell.
    pub(crate) fn may_be_workbook(self) -> Result<(bool, Self)> {
        let (start, source) = self.peeked()?;
        Ok((workbook::may_be(&start), source))
    }

    /// The same with its characters in another encoding than UTF-8: the one named, or UTF-16
    /// where a byte order mark says so. What comes out is UTF-8.
    fn decoded(self, encoding: Option<&'static Encoding>, start: &[u8]) -> Self {
        let encoding = encoding.filter(|&encoding| encoding != UTF_8);
        let utf_16 = matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        if start.starts_with(super::MARK) || (encoding.is_none() && !utf_16) {
            return self;
        }
        let ready = self.ready.filter(|_| matches!(self.bytes, Bytes::Seekable(_)));
        let bytes = Bytes::Once(decoder(Box::new(self.bytes), encoding));
        Self { bytes, decoded: true, ready, ..self }
    }

    /// Whether it is in another encoding than UTF-8, as far as that is known beforehand.
    #[must_use]
    pub const fn is_decoded(&self) -> bool {
        self.decoded
    }

    /// The name for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes there are, where that is known beforehand.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// How many bytes have been read.
    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    fn rewind(&self) -> Result<()> {
        match &self.bytes {
            Bytes::Seekable(bytes) => {
                lock(bytes).seek(SeekFrom::Start(0)).map_err(|error| unreadable(&self.name, error))?;
                Ok(())
            }
            Bytes::Recorded(recording) => lock(recording).replay().map_err(|error| unkept(&self.name, &error)),
            Bytes::Once(_) => Ok(()),
        }
    }

    /// Reads some bytes; none at the end.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = loop {
            match self.bytes.read(into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(&self.name, error)),
                Ok(count) => break count,
            }
        };
        self.position += count as u64;
        Ok(count)
    }

    /// Has its bytes made by a thread of its own from now on, if they are made of others and need not be kept.
    pub(super) fn read_ahead(&mut self) {
        let is_kept = matches!(&self.bytes, Bytes::Recorded(recording) if lock(recording).spool.is_some());
        if self.made == Made::No || is_kept {
            return;
        }
        let bytes = std::mem::replace(&mut self.bytes, Bytes::Once(Box::new(io::empty())));
        match Ahead::of(bytes, self.made == Made::OfFile) {
            Ok(ahead) => self.bytes = Bytes::Once(Box::new(ahead)),
            Err(bytes) => self.bytes = bytes.unwrap_or_else(|| Bytes::Once(Box::new(io::empty()))),
        }
        self.made = Made::No;
    }

    /// The same source, for a first reading, and what gives it for a second one from the start.
    pub(crate) fn twice(self) -> (Self, Replay) {
        let Self { name, bytes, size, decoded, grid, origin, ready, made, .. } = self;
        let source = |bytes| {
            let (name, grid, ready) = (name.clone(), grid.clone(), ready.clone());
            Self { name, bytes, position: 0, size, decoded, grid, recipients: None, origin: None, ready, made }
        };
        match (bytes, origin) {
            (Bytes::Seekable(bytes), _) => {
                let again = source(Bytes::Seekable(Arc::clone(&bytes)));
                (source(Bytes::Seekable(bytes)), Replay::Whole(again))
            }
            (once, Some((base, form))) => {
                let again = Self { ready: ready.clone(), ..Self::of(&name, Bytes::Seekable(base)) };
                (source(once), Replay::Packed(again, form))
            }
            (once, None) => {
                let recording = Arc::new(Mutex::new(Recording::of(once)));
                let again = source(Bytes::Recorded(Arc::clone(&recording)));
                (source(Bytes::Recorded(recording)), Replay::Whole(again))
            }
        }
    }
}

/// A source that has been read once, or in part, and can be read again.
pub(crate) enum Replay {
    /// As it was.
    Whole(Source),
    /// It is to be opened once more.
    Packed(Source, Form),
}

impl Replay {
    /// The source from its start.
    pub(crate) fn source(self) -> Result<Source> {
        let source = match self {
            Self::Whole(source) => source,
            Self::Packed(source, form) => {
                source.rewind()?;
                return source.opened(&form);
            }
        };
        source.rewind()?;
        Ok(source)
    }

    /// Marks that it need not be read again.
    pub(crate) fn forget(self) {
        if let Self::Whole(Source { bytes: Bytes::Recorded(recording), .. }) = self {
            lock(&recording).spool = None;
        }
    }
}

/// Bytes that are kept as they are read, in an unnamed temporary file where they are many.
struct Recording {
    bytes: Bytes,
    /// What was read first; `None` where that is not to be kept.
    spool: Option<SpooledTempFile>,
    /// Whether what was read first is read again.
    replaying: bool,
}

impl Recording {
    /// How many bytes are kept in memory before a file is made.
    const IN_MEMORY: usize = 1 << 20;

    fn of(bytes: Bytes) -> Self {
        Self { bytes, spool: Some(spool(Self::IN_MEMORY)), replaying: false }
    }

    fn replay(&mut self) -> io::Result<()> {
        self.replaying = true;
        self.spool.as_mut().map_or(Ok(()), Seek::rewind)
    }
}

impl Read for Recording {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.replaying
            && let Some(spool) = &mut self.spool
        {
            match spool.read(into)? {
                0 => self.spool = None,
                count => return Ok(count),
            }
        }
        let count = self.bytes.read(into)?;
        if let Some(spool) = &mut self.spool {
            spool.write_all(&into[..count]).map_err(|error| io::Error::other(Unkept(error)))?;
        }
        Ok(count)
    }
}

/// Bytes that are kept in memory while they are so few, and in an unnamed temporary file where they are more.
#[expect(clippy::disallowed_methods, reason = "the only I/O of the library: what has to be read twice, or at once")]
pub(super) fn spool(in_memory: usize) -> SpooledTempFile {
    SpooledTempFile::new(in_memory)
}

/// What kept bytes from being kept.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unkept(io::Error);

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Once(bytes) => bytes.read(into),
            Self::Seekable(bytes) => lock(bytes).read(into),
            Self::Recorded(recording) => lock(recording).read(into),
        }
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Turns bytes in some encoding into UTF-8; bytes that are UTF-8 already are left as they are.
fn decoder(bytes: Box<dyn Read + Send>, encoding: Option<&'static Encoding>) -> Box<dyn Read + Send> {
    let mut builder = DecodeReaderBytesBuilder::new();
    Box::new(builder.encoding(encoding).bom_override(true).utf8_passthru(true).build(bytes))
}

fn unkept(name: &str, error: &io::Error) -> Error {
    let what = match error.kind() {
        io::ErrorKind::StorageFull => {
            "no space left for a temporary file; set TMPDIR to a folder with more space".to_owned()
        }
        _ => format!("cannot write a temporary file ({error}); set TMPDIR to another folder"),
    };
    Error::new(ErrorKind::Io, format!("{name}: {what}"))
}

fn unreadable(name: &str, error: io::Error) -> Error {
    let error = match error.downcast::<Unkept>() {
        Ok(Unkept(error)) => return unkept(name, &error),
        Err(error) => error,
    };
    match error.downcast::<Unreadable>() {
        Ok(packed) => Error::new(ErrorKind::Io, format!("{name}: {packed}")),
        Err(error) => Error::new(ErrorKind::Io, format!("{name}: cannot be read ({error})")),
    }
}

#[cfg(test)]
mod tests;
