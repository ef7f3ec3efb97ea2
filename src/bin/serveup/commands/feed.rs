//! What records come from: files of them, or exports through a map.

use std::io::Write;

use anyhow::Result;
use serveup::import::{Counts, Import, Map, Options};
use serveup::read::{self, InOrder, Observer, Recorded, Records, Source, Summary};
use serveup::{Interaction, Recipients, Session};
use tempfile::SpooledTempFile;

/// Records, or rows of exports that become records.
pub(super) enum Feed<'m> {
    Records(Box<Records<'m>>),
    Export(Box<Import<'m>>),
}

impl<'m> Feed<'m> {
    /// What is rejected of it.
    pub(super) const fn thing(mapped: bool) -> &'static str {
        if mapped { "row" } else { "record" }
    }

    /// Opens all sources and reads the recipients.
    pub(super) fn open(
        sources: Vec<Source>,
        recipients: Option<Source>,
        map: Option<Map>,
        options: Options<'m>,
        observer: &mut dyn Observer,
    ) -> Result<(Self, Recipients)> {
        let Some(map) = map else {
            let (records, recipients) = Records::open(sources, recipients, options.read)?;
            return Ok((Self::Records(Box::new(records)), recipients));
        };
        let recipients = recipients.map(|source| read::recipients(source, &options.read, observer)).transpose()?;
        let import = Import::open(sources, Some(map), options)?;
        Ok((Self::Export(Box::new(import)), recipients.unwrap_or_default()))
    }

    /// How many bytes all sources have, where that is known beforehand.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::Records(records) => records.size(),
            Self::Export(import) => import.size(),
        }
    }

    /// Whether the records say when they happened; `None` if there are none.
    pub(super) fn timed(&self) -> Option<bool> {
        match self {
            Self::Records(records) => records.timed(),
            Self::Export(import) => import.timed(),
        }
    }

    /// Whether a record with this id was accepted so far.
    pub(super) fn has_id(&self, id: &str) -> bool {
        match self {
            Self::Records(records) => records.has_id(id),
            Self::Export(import) => import.has_id(id),
        }
    }

    /// Adds all records to a session. Of exports also what became of the rows.
    pub(super) fn read(
        &mut self,
        session: &mut Session<'m, SpooledTempFile>,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
    ) -> read::Result<(Summary, Option<Counts>)> {
        match self {
            Self::Records(records) => records.read(session, rejects, observer).map(|summary| (summary, None)),
            Self::Export(import) => counted(import.read(session, rejects, observer)),
        }
    }

    /// Passes the records, which are promised to be in time order, to `taker`, with the session that rates them; those
    /// of exports one by one.
    pub(super) fn in_order<T: InOrder<'m, SpooledTempFile>>(
        &mut self,
        session: &mut Session<'m, SpooledTempFile>,
        rejects: Option<&mut (dyn Write + Send)>,
        observer: &mut dyn Observer,
        taker: &mut T,
    ) -> read::Result<(Summary, Option<Counts>)> {
        match self {
            Self::Records(records) => {
                records.in_order(session, rejects, observer, taker).map(|summary| (summary, None))
            }
            Self::Export(import) => {
                let each = |recorded: &Recorded<'_>, interaction: &Interaction<'_>| {
                    taker.record(session, recorded, interaction)
                };
                counted(import.for_each(rejects, observer, each))
            }
        }
    }
}

fn counted(read: read::Result<(Summary, Counts)>) -> read::Result<(Summary, Option<Counts>)> {
    read.map(|(summary, counts)| (summary, Some(counts)))
}
