//! A source read in blocks: a window of bytes that grows until it holds a
//! whole record, with the line and column of its start.

use memchr::{memchr_iter, memrchr};

use super::error::{Error, ErrorKind, Result};
use super::record_error::{Position, RecordError};
use super::source::Source;

/// How much is asked of the source at first.
const BLOCK: usize = 1 << 18;

/// How many bytes at the start of a source decide its form.
pub(crate) const START: usize = 1 << 16;

/// How long a record may be: it is held as a whole, and what is never closed would fill the memory.
const LONGEST: usize = 64 << 20;

const TOO_LONG: &str =
    "is longer than 64 MiB; close what it leaves open (a quote or a bracket), or name the list of rows with --at";

/// The unread part of a source, as far as it has been fetched.
pub(crate) struct Blocks {
    pub(crate) source: Source,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// The place of the window's first byte. What is consumed is counted once, as it goes: a line may be long, and many
    /// errors in it may need their position.
    place: Position,
    /// What kept more from being read when that was tried ahead of the window.
    failed: Option<Error>,
}

impl Blocks {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), start: 0, end: 0, ended: false, place: Position::START, failed: None }
    }

    /// Has a thread of its own make what follows, where it is made of other bytes and there are many threads: of two,
    /// either makes it while the other scans, and a third would only take their turns.
    pub(crate) fn read_ahead(&mut self, threads: usize) {
        if threads > 2 {
            self.source.read_ahead();
        }
    }

    /// Whether no whole line is available behind the record of this length, and more may have to be waited for.
    pub(crate) fn last_at_hand(&self, length: usize) -> bool {
        let behind = self.window().get(length + 1..).unwrap_or_default();
        memchr::memchr(b'\n', behind).is_none() && (self.ended || !self.source.is_ready())
    }

    /// The bytes fetched and not yet consumed.
    pub(crate) fn window(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether the window reaches to the end of the source.
    pub(crate) const fn ended(&self) -> bool {
        self.ended
    }

    /// The place of the window's first byte.
    pub(crate) fn position(&self) -> Position {
        self.position_of(0)
    }

    /// The line of the window's first byte.
    pub(crate) const fn line(&self) -> u64 {
        self.place.line
    }

    /// The place of the window's first byte at the top of a source; of a sheet its first cell.
    pub(crate) fn top(&self) -> Position {
        match self.source.grid() {
            Some(grid) => Position::of_cell(grid.row(0), 1),
            None => self.position(),
        }
    }

    /// The place of a byte of the window.
    pub(crate) fn position_of(&self, offset: usize) -> Position {
        self.place_at((self.start + offset).min(self.end))
    }

    /// The place of a byte of the buffer, behind the start of the window.
    fn place_at(&self, end: usize) -> Position {
        self.place.behind(&self.buffer[self.start..end])
    }

    /// Fetches more; false at the end of the source.
    pub(crate) fn more(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        // what comes in small parts is not moved for each of them
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            if self.end >= LONGEST {
                let fault = RecordError::new(self.position(), TOO_LONG);
                return Err(Error::of(ErrorKind::Record, &fault, "record", self.source.name()));
            }
            self.buffer.resize((self.buffer.len() * 2).max(BLOCK), 0);
        }
        let count = self.source.read(&mut self.buffer[self.end..])?;
        self.end += count;
        if count == 0 {
            self.ended = true;
        }
        Ok(count > 0)
    }

    /// Fetches until the window is twice as long, for another try at a record
    /// that did not fit; false if the source has ended.
    pub(crate) fn much_more(&mut self) -> Result<bool> {
        let wanted = self.window().len() * 2;
        let grown = self.more()?;
        while grown && self.window().len() < wanted && self.more_for_now() {}
        Ok(grown)
    }

    /// Fetches more; false at the end of the source and where no more can be read, which is an error once the window
    /// is used up: until then its records leave.
    fn more_for_now(&mut self) -> bool {
        self.more().unwrap_or_else(|error| {
            self.failed = Some(error);
            false
        })
    }

    /// Consumes bytes of the window.
    pub(crate) fn advance(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.place = self.place_at(self.start + count);
        self.start += count;
    }

    /// Consumes bytes of the window and gives them away, with the buffer they are in, if little
    /// else is in it; `spare`, a buffer no longer needed, then takes its place.
    pub(crate) fn give(&mut self, count: usize, mut spare: Vec<u8>) -> Vec<u8> {
        let count = count.min(self.end - self.start);
        let (from, rest) = (self.start + count, self.end - self.start - count);
        if rest > count {
            let bytes = self.window()[..count].to_vec();
            self.advance(count);
            return bytes;
        }
        self.place = self.place_at(from);
        if spare.len() < rest.max(BLOCK) {
            spare.resize(rest.max(BLOCK), 0);
        }
        spare[..rest].copy_from_slice(&self.buffer[from..self.end]);
        let mut bytes = std::mem::replace(&mut self.buffer, spare);
        bytes.truncate(from);
        bytes.drain(..self.start);
        (self.start, self.end) = (0, rest);
        bytes
    }

    /// Consumes bytes that are no part of the text, like a byte order mark.
    pub(crate) fn advance_unseen(&mut self, count: usize) {
        self.start += count.min(self.end - self.start);
    }

    /// Consumes white space, and fetches more until something else or the end comes into view.
    /// Returns the next byte.
    pub(crate) fn skip_space(&mut self) -> Result<Option<u8>> {
        loop {
            let space = self.window().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.advance(space);
            if let Some(&next) = self.window().first() {
                return Ok(Some(next));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Consumes so many lines, whatever is in them, if there are so many.
    pub(crate) fn skip_lines(&mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            loop {
                let newline = memchr::memchr(b'\n', self.window());
                self.advance(newline.map_or(self.window().len(), |newline| newline + 1));
                if newline.is_some() {
                    break;
                }
                if !self.more()? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Consumes lines that are blank, as far as something else or the end comes into view; the
    /// blanks that the next line begins with stay. Returns the next byte that is no white space.
    pub(crate) fn skip_blank_lines(&mut self) -> Result<Option<u8>> {
        let mut space = 0;
        loop {
            // goes on where it came to, as more came into view
            space += self.window()[space..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = self.window().get(space).copied();
            if next.is_some() || !self.more()? {
                let lines = memrchr(b'\n', &self.window()[..space]).map_or(0, |newline| newline + 1);
                self.advance(lines);
                return Ok(next);
            }
        }
    }

    /// How many bytes of the source are before the window.
    pub(crate) const fn offset(&self) -> u64 {
        self.source.position() - (self.end - self.start) as u64
    }

    /// Puts bytes that were taken, and that start at this place, before the window again, with what was
    /// taken behind them. What kept more from being read comes to light when the window is not enough.
    pub(crate) fn put_back(
        &mut self,
        (mut bytes, place): (Vec<u8>, Position),
        behind: impl Iterator<Item = Result<Vec<u8>>>,
    ) {
        let mut failed = None;
        for taken in behind {
            match taken {
                Ok(taken) => bytes.extend_from_slice(&taken),
                Err(error) => failed = Some(error),
            }
        }
        bytes.extend_from_slice(self.window());
        (self.start, self.end) = (0, bytes.len());
        self.buffer = bytes;
        self.place = place;
        // what was met behind all of that comes behind it
        self.failed = failed.or_else(|| self.failed.take());
    }

    /// Fetches until there are this many bytes in the window, if the source has them.
    pub(crate) fn fetch(&mut self, wanted: usize) -> Result<bool> {
        while self.window().len() < wanted && self.more()? {}
        Ok(self.window().len() >= wanted)
    }

    /// Fetches until there are this many bytes in the window, as far as they need not be waited for.
    pub(crate) fn fetch_at_hand(&mut self, wanted: usize) {
        while self.window().len() < wanted && self.failed.is_none() && self.source.is_ready() && self.more_for_now() {}
    }

    /// The bytes that come next, this many if the source has them: the same however they come in.
    pub(crate) fn peek(&mut self, wanted: usize) -> Result<&[u8]> {
        self.fetch(wanted)?;
        let window = self.window();
        Ok(&window[..window.len().min(wanted)])
    }

    /// The lines that come next, this many if the source has them, and no more than this many bytes; a
    /// pipe that has not more to give yet is not waited for once they are there.
    pub(crate) fn peek_lines(&mut self, lines: usize, most: usize) -> Result<&[u8]> {
        let end = loop {
            let start = &self.window()[..self.window().len().min(most)];
            match memchr_iter(b'\n', start).nth(lines - 1) {
                Some(newline) => break newline + 1,
                None if start.len() == most || self.ended => break start.len(),
                None => self.more()?,
            };
        };
        Ok(&self.window()[..end])
    }
}

impl Position {
    /// The place behind some bytes of UTF-8 that start here.
    pub(crate) fn behind(self, passed: &[u8]) -> Self {
        match memrchr(b'\n', passed) {
            None => Self { column: self.column + characters(passed), ..self },
            Some(last) => Self {
                line: self.line + memchr_iter(b'\n', passed).count() as u64,
                column: 1 + characters(&passed[last + 1..]),
                ..self
            },
        }
    }
}

/// How many characters begin in these bytes, if they are UTF-8.
pub(super) fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64
}
