//! Records and rows that could not be taken: reported, counted, kept.

use std::io::Write;

use super::error::{Error, ErrorKind, Result};
use super::event::{Observer, Rejected};
use super::record_error::RecordError;

/// What could not be taken.
pub(crate) struct Rejects<'w> {
    /// What is rejected: `record`, `row`.
    thing: &'static str,
    keep_going: bool,
    kept: Option<&'w mut (dyn Write + Send)>,
    header: Option<Vec<u8>>,
    decided: bool,
    /// Whether a mark must tell that what is kept is UTF-8, as its source was not.
    marked: bool,
    count: u64,
}

impl<'w> Rejects<'w> {
    /// Nothing is rejected yet; what will be is written to `kept`, if there is such a thing.
    pub(crate) fn new(thing: &'static str, kept: Option<&'w mut (dyn Write + Send)>, keep_going: bool) -> Self {
        Self { thing, keep_going, kept, header: None, decided: false, marked: false, count: 0 }
    }

    /// Rejects can be replayed only if all sources have one form: CSV of the same header, or JSON,
    /// which has none.
    pub(crate) fn expect_header(&mut self, source: &str, header: Option<&[u8]>) -> Result<()> {
        if self.kept.is_none() {
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
        let message = format!(
            "{source}: --rejects cannot hold both tables and JSON, or different tables; run these files one by one"
        );
        Err(Error::new(ErrorKind::Form, message))
    }

    /// Ends reading with an error, or reports and counts it.
    pub(crate) fn take(
        &mut self,
        source: &str,
        number: u64,
        fault: &RecordError,
        observer: &mut dyn Observer,
    ) -> Result<()> {
        if !self.keep_going {
            return Err(Error::of_numbered(ErrorKind::Record, fault, source, self.thing, number));
        }
        self.count += 1;
        if self.count == 1 {
            self.begin()?;
        }
        observer.rejected(&Rejected { thing: self.thing, source, number, fault });
        Ok(())
    }

    /// Says that the source was in another encoding than UTF-8, which is what is kept.
    pub(crate) const fn mark(&mut self) {
        self.marked = true;
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Keeps what stands before the first of them.
    fn begin(&mut self) -> Result<()> {
        if self.marked {
            self.keep_part(super::MARK)?;
        }
        self.header.clone().map_or(Ok(()), |header| self.keep(&header))
    }

    /// Keeps a whole record, or a header, as a line or lines of its own.
    pub(crate) fn keep(&mut self, raw: &[u8]) -> Result<()> {
        self.keep_part(without_breaks(raw))?;
        self.keep_part(b"\n")
    }

    /// Keeps a part of one.
    pub(crate) fn keep_part(&mut self, raw: &[u8]) -> Result<()> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        kept.write_all(raw).map_err(|error| Error::because("cannot write the rejected records", error))
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
