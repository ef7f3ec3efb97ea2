//! The accepted records, read a second time.

use anyhow::{Result, bail};

use super::ahead::Stretch;
use super::{Recorded, Records};
use crate::crowd::{self, Then};
use crate::input::pieces::{self, Piece};
use crate::input::reader::{Reader, Step};
use crate::input::written::Written;
use crate::progress::Passed;

/// What reads records again.
pub(crate) trait Rereader: Sync {
    /// What comes of a stretch of records.
    type Made: Send;

    /// Makes something of a record, the one in this place among the accepted, beside what was made before it.
    fn make(&self, index: usize, written: &Written<'_, '_>, made: &mut Self::Made);

    /// What there is before the first record of a stretch.
    fn begin(&self) -> Self::Made;
}

impl Records<'_> {
    /// Reads the accepted records again, in the same order, as long as `each` and
    /// `hand_in` give back `true`: those scanned ahead by several threads, the others one by one.
    pub(crate) fn read_again_ahead<R: Rereader>(
        &mut self,
        threads: usize,
        rereader: &R,
        mut each: impl FnMut(&Recorded<'_>, usize) -> Result<bool>,
        mut hand_in: impl FnMut(R::Made) -> Result<bool> + Send,
    ) -> Result<()> {
        let mut progress = Passed::over("records", self.readers.iter().map(Reader::size), true, self.intake.quiet);
        let (mut whole, mut index) = (0, 0);
        let mut stretches = std::mem::take(&mut self.stretches).into_iter().peekable();
        for (file, reader) in self.readers.iter_mut().enumerate() {
            reader.unchanged()?;
            reader.rewind()?;
            let mut number = 0;
            loop {
                let mut gone = false;
                if let Some(stretch) = stretches.peek().filter(|stretch| stretch.file == file)
                    && number > 0
                    && let Some((blocks, between)) = reader.stand_behind()
                    && blocks.offset() == stretch.offset
                {
                    let name = blocks.source.name().to_owned();
                    let mut expected = stretch.offset;
                    let take = || {
                        let Some(stretch) = stretches.next_if(|it| it.file == file && it.offset == expected) else {
                            return Ok(None);
                        };
                        expected += stretch.length as u64;
                        Ok(Some((stretch, pieces::take(blocks, stretch.length, Vec::new())?)))
                    };
                    let work = |(stretch, piece): (Stretch, Piece)| {
                        let mut made = rereader.begin();
                        let count = pieces::each_record(&piece, between, |place, written| {
                            rereader.make(stretch.first + place, written, &mut made);
                        });
                        (stretch.offset, stretch.count, (count == stretch.count).then_some(made))
                    };
                    let hand = |(offset, count, made): (u64, usize, Option<R::Made>)| {
                        let Some(made) = made else {
                            bail!("{name}: changed while it was read; run again when nothing writes to it")
                        };
                        number += count as u64;
                        whole += count as u64;
                        index += count;
                        progress.far(offset, whole);
                        gone = !hand_in(made)?;
                        Ok(if gone { Then::Stop } else { Then::GoOn })
                    };
                    crowd::in_order(threads, take, work, hand)?;
                }
                if gone {
                    return Ok(());
                }
                progress.at(reader.offset(), whole);
                match reader.next()? {
                    Step::End => break,
                    Step::Recipient | Step::UnknownKey(..) => {}
                    Step::Fault(_) => number += 1,
                    Step::Broken(_) => {
                        number += 1;
                        reader.skip_broken(|_| Ok(()))?;
                    }
                    Step::Record => {
                        number += 1;
                        whole += 1;
                        if self.refused.contains(&whole) {
                            continue;
                        }
                        index += 1;
                        if !each(&Recorded { reader, reading: &self.intake.reading, number }, index - 1)? {
                            return Ok(());
                        }
                    }
                }
            }
            reader.unchanged()?;
            progress.pass(reader.offset());
        }
        Ok(())
    }

    /// Reads the accepted records again, one by one in the same order, as long as `each` gives back `true`.
    pub(crate) fn read_again(&mut self, each: impl FnMut(&Recorded<'_>, usize) -> Result<bool>) -> Result<()> {
        self.stretches.clear();
        self.read_again_ahead(1, &OneByOne, each, |()| Ok(true))
    }
}

/// Makes nothing: for those who look at every record.
struct OneByOne;

impl Rereader for OneByOne {
    type Made = ();

    fn make(&self, _: usize, _: &Written<'_, '_>, (): &mut ()) {}

    fn begin(&self) {}
}
