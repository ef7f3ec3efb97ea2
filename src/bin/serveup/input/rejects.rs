//! Records that could not be read: told, counted, kept.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::place::Fault;
use super::reader::Reader;
use crate::messages::{LISTED, count, say};
use crate::output::Output;

/// Records that could not be rated: told, counted, kept.
pub(super) struct Rejects {
    keep_going: bool,
    file: Option<Output>,
    header: Option<Vec<u8>>,
    decided: bool,
    count: u64,
}

impl Rejects {
    pub(super) fn new(path: Option<&Path>, keep_going: bool) -> Result<Self> {
        let file = path.map(|path| Output::open(Some(path))).transpose()?;
        Ok(Self { keep_going, file, header: None, decided: false, count: 0 })
    }

    /// A file of rejects can be replayed only if all sources have one form.
    pub(super) fn expect_header(&mut self, reader: &Reader) -> Result<()> {
        if self.file.is_none() || matches!(reader, Reader::Empty(_)) {
            return Ok(());
        }
        let header = reader.header().map(|header| without_breaks(header).to_owned());
        if !self.decided {
            (self.header, self.decided) = (header.clone(), true);
            return header.map_or(Ok(()), |header| self.keep(&header));
        }
        if self.header == header {
            return Ok(());
        }
        bail!("{}: --rejects cannot hold records of different forms; rate such files one by one", reader.name())
    }

    /// Ends the run with a fault, or tells and counts it.
    pub(super) fn take(&mut self, file: &str, number: u64, fault: &Fault) -> Result<()> {
        let line = fault.describe(file, number);
        if !self.keep_going {
            bail!(line);
        }
        self.count += 1;
        if self.count <= LISTED {
            say(&format!("rejected: {line}"));
        }
        Ok(())
    }

    /// Keeps a whole record, or a header, as a line or lines of its own.
    pub(super) fn keep(&mut self, raw: &[u8]) -> Result<()> {
        self.keep_piece(without_breaks(raw))?;
        self.keep_piece(b"\n")
    }

    /// Keeps a part of one.
    pub(super) fn keep_piece(&mut self, raw: &[u8]) -> Result<()> {
        match &mut self.file {
            Some(file) => file.put(raw).context("keeping the rejected records"),
            None => Ok(()),
        }
    }

    /// Completes the file and tells the counts.
    pub(super) fn conclude(&mut self, rated: usize) -> Result<()> {
        if let Some(file) = self.file.take() {
            file.finish().context("keeping the rejected records")?;
        }
        if !self.keep_going {
            return Ok(());
        }
        if self.count > LISTED {
            say(&format!("rejected: and {} more", count(self.count - LISTED, "record")));
        }
        let rated = rated as u64;
        say(&format!("took {rated} of {}, rejected {}", count(rated + self.count, "record"), self.count));
        if rated == 0 && self.count > 0 {
            bail!("nothing was left to rate");
        }
        Ok(())
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
