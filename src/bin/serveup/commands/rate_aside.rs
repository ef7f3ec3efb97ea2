//! Heads of rows set aside while records are read, in a temporary file where
//! they are many, so that the records need not be read again.

use std::io::{Read, Seek, Write};

use anyhow::{Context, Result};
use serveup::{Instant, Interaction, NameId};
use tempfile::SpooledTempFile;

use super::assessed::{Keeper, Levels};
use crate::crowd::{self, Then};
use crate::input::Noter;
use crate::progress::Passed;
use crate::render::Lines;
use crate::render::briefs::Heads;
use crate::settings::{Part, Window};

/// How many bytes are kept in memory before a file is made.
const IN_MEMORY: usize = 1 << 22;

/// All heads, in the order of the records.
pub(super) struct Aside {
    spool: SpooledTempFile,
    stretches: Vec<Stretch>,
    /// Why no more could be set aside.
    pub(super) full: Option<std::io::Error>,
}

/// Heads set aside together.
struct Stretch {
    length: usize,
    count: usize,
}

impl Aside {
    pub(super) fn new() -> Self {
        Self { spool: SpooledTempFile::new(IN_MEMORY), stretches: Vec::new(), full: None }
    }

    /// Draws up the rows of the reported records on several threads, and hands
    /// them to `print` in order, as long as it gives back `true`.
    pub(super) fn rows(
        mut self,
        levels: Levels<'_, '_>,
        threads: usize,
        quiet: bool,
        mut print: impl FnMut(Lines) -> Result<bool> + Send,
    ) -> Result<()> {
        let lost = "reading what was set aside in a temporary file";
        self.spool.rewind().context(lost)?;
        let total = self.stretches.iter().map(|stretch| Some(stretch.length as u64));
        let mut progress = Passed::over("rows", total, true, quiet);
        let (mut drawn, mut rows_drawn) = (0, 0);
        let (mut stretches, mut first) = (self.stretches.into_iter(), 0);
        let take = || {
            let Some(Stretch { length, count }) = stretches.next() else { return Ok(None) };
            let mut heads = vec![0; length];
            self.spool.read_exact(&mut heads).context(lost)?;
            first += count;
            Ok(Some((first - count, Heads(heads))))
        };
        let work = |(first, heads): (usize, Heads)| {
            let (mut rows, mut count) = (Vec::with_capacity(heads.0.len() * 2), 0);
            for (head, (part, level)) in heads.iter().zip(levels.from(first)) {
                if let (Some(head), Part::Reported) = (head, part) {
                    head.complete(&mut rows, &level);
                    count += 1;
                }
            }
            (heads.0.len() as u64, count, Lines::of_tsv(rows, count))
        };
        let hand_in = |(length, count, rows)| {
            (drawn, rows_drawn) = (drawn + length, rows_drawn + count);
            progress.far(drawn, rows_drawn);
            Ok(if print(rows)? { Then::GoOn } else { Then::Stop })
        };
        crowd::in_order(threads, take, work, hand_in).map(drop)
    }
}

/// Draws up heads.
pub(super) struct Drawing {
    window: Window,
}

impl Noter for Drawing {
    type Notes = Heads;

    fn begin(&self) -> Heads {
        Heads::default()
    }

    fn note(&self, heads: &mut Heads, interaction: &Interaction<'_>, at: Option<Instant>, plain: bool) {
        if self.window.part(at) == Part::Reported {
            heads.add(interaction, plain);
        } else {
            heads.pass();
        }
    }
}

impl Keeper for Aside {
    type Noter = Drawing;

    fn noter(&self, window: Window) -> Drawing {
        Drawing { window }
    }

    fn keep(&mut self, Heads(heads): Heads, recipients: &[NameId]) -> Result<()> {
        if self.full.is_none() {
            self.full = self.spool.write_all(&heads).err();
            self.stretches.push(Stretch { length: heads.len(), count: recipients.len() });
        }
        Ok(())
    }
}
