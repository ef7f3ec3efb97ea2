//! What is set aside of interactions until their levels are known.

use std::io::{self, Read, Seek, Write};

use super::SessionError;
use crate::record::packed::Pack;

/// What is set aside of interactions: written once, and then read as often as is needed.
pub(super) struct Spool<S> {
    to: S,
    batches: Vec<Batch>,
}

/// Interactions that were set aside together.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    data: usize,
    texts: usize,
    pub(super) count: usize,
}

impl<S: Read + Write + Seek> Spool<S> {
    pub(super) const fn new(to: S) -> Self {
        Self { to, batches: Vec::new() }
    }

    pub(super) fn push(&mut self, pack: &Pack, count: usize) -> Result<(), SessionError> {
        let written = self.to.write_all(&pack.data).and_then(|()| self.to.write_all(pack.texts.as_bytes()));
        written.map_err(SessionError::Spool)?;
        self.batches.push(Batch { data: pack.data.len(), texts: pack.texts.len(), count });
        Ok(())
    }

    /// Goes back to the first batch, and says which there are, to be read in this order.
    pub(super) fn rewind(&mut self) -> Result<Vec<Batch>, SessionError> {
        self.to.rewind().map_err(SessionError::Spool)?;
        Ok(self.batches.clone())
    }

    /// Goes on behind a batch.
    pub(super) fn skip(&mut self, batch: Batch) -> Result<(), SessionError> {
        let length = i64::try_from(batch.data + batch.texts).map_err(|_| io::ErrorKind::InvalidData.into());
        length.and_then(|length| self.to.seek_relative(length)).map_err(SessionError::Spool)
    }

    pub(super) fn read(&mut self, batch: Batch) -> Result<Pack, SessionError> {
        let mut read = |length| {
            let mut bytes = vec![0; length];
            self.to.read_exact(&mut bytes).map(|()| bytes)
        };
        let (data, texts) = (read(batch.data), read(batch.texts));
        let texts = texts.and_then(|texts| String::from_utf8(texts).map_err(|_| io::ErrorKind::InvalidData.into()));
        let pack = data.and_then(|data| Ok(Pack { data, texts: texts? }));
        pack.map_err(SessionError::Spool)
    }
}
