//! Records and rows that could not be read: told, counted, kept.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::place::Fault;
use crate::messages::{LISTED, count, say};
use crate::output::Output;

/// What could not be taken: told, counted, kept.
pub(crate) struct Rejects {
    /// What is rejected: `record`, `row`.
    thing: &'static str,
    keep_going: bool,
    file: Option<Output>,
    header: Option<Vec<u8>>,
    decided: bool,
    /// Whether a mark must tell that what is kept is UTF-8, as its source was not.
    marked: bool,
    count: u64,
}

impl Rejects {
    /// Opens the file that keeps them, if there is one.
    pub(crate) fn new(thing: &'static str, path: Option<&Path>, keep_going: bool) -> Result<Self> {
        let file = path.map(|path| Output::open(Some(path))).transpose()?;
        Ok(Self { thing, keep_going, file, header: None, decided: false, marked: false, count: 0 })
    }

    /// A file of rejects can be replayed only if all sources have one form: CSV
    /// of the same header, or JSON, which has none.
    pub(crate) fn expect_header(&mut self, source: &str, header: Option<&[u8]>) -> Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        let header = header.map(|header| without_breaks(header).to_owned());
        if !self.decided {
            (self.header, self.decided) = (header, true);
            return Ok(());
        }
        if self.header == header {
            return Ok(());
        }
        bail!("{source}: --rejects cannot hold records of different forms; take such files one by one")
    }

    /// Ends the run with a fault, or tells and counts it.
    pub(crate) fn take(&mut self, file: &str, number: u64, fault: &Fault) -> Result<()> {
        let line = fault.describe(file, self.thing, number);
        if !self.keep_going {
            bail!(line);
        }
        self.count += 1;
        if self.count == 1 {
            self.begin()?;
        }
        if self.count <= LISTED {
            say(&format!("rejected: {line}"));
        }
        Ok(())
    }

    /// Says that the source was in another encoding than UTF-8, which is what is kept.
    pub(crate) const fn mark(&mut self) {
        self.marked = true;
    }

    /// Keeps what stands before the first of them.
    fn begin(&mut self) -> Result<()> {
        if self.marked {
            self.keep_piece(b"\xEF\xBB\xBF")?;
        }
        self.header.clone().map_or(Ok(()), |header| self.keep(&header))
    }

    /// Keeps a whole record, or a header, as a line or lines of its own.
    pub(crate) fn keep(&mut self, raw: &[u8]) -> Result<()> {
        self.keep_piece(without_breaks(raw))?;
        self.keep_piece(b"\n")
    }

    /// Keeps a part of one.
    pub(crate) fn keep_piece(&mut self, raw: &[u8]) -> Result<()> {
        match &mut self.file {
            Some(file) => file.put(raw).context("keeping the rejected records"),
            None => Ok(()),
        }
    }

    /// Completes the file and tells how many were not listed. How many there were.
    pub(crate) fn conclude(&mut self) -> Result<u64> {
        if let Some(file) = self.file.take() {
            file.finish_beside().context("keeping the rejected records")?;
        }
        if self.count > LISTED {
            say(&format!("rejected: and {} more", count(self.count - LISTED, self.thing)));
        }
        Ok(self.count)
    }
}

/// Bytes without the line breaks before and after them.
fn without_breaks(raw: &[u8]) -> &[u8] {
    let inside = |byte: &u8| !matches!(byte, b'\r' | b'\n');
    match (raw.iter().position(inside), raw.iter().rposition(inside)) {
        (Some(first), Some(last)) => &raw[first..=last],
        _ => &[],
    }
}
