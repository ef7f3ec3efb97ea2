//! What follows in a source, cut into chunks of whole records that can be scanned on any thread;
//! and what a scan makes of a chunk.
//!
//! Where a record ends is guessed from the bytes around it. The guess is proven by scanning: a
//! chunk counts only if its last record ends right where it was cut. Anything else is left to the
//! reader that goes record by record, from the last record that was.

use crate::rating::assessor::Weigher;
use memchr::{memchr_iter, memrchr};

use crate::read::Result;
use crate::read::blocks::{Blocks, characters};
use crate::read::ids::IdRuns;
use crate::read::record_error::Position;
use crate::record::draft::Reading;
use crate::record::interaction::Interaction;
use crate::session::{Collector, Prepared};

/// How long a chunk is, or a little less. Unoptimised programs, as tests run
/// them, cut small inputs too.
pub(crate) const LENGTH: usize = if cfg!(debug_assertions) { 1 << 9 } else { 1 << 18 };

/// How long what is at hand must be to be scanned ahead where it is not waited for.
const LEAST: usize = if cfg!(debug_assertions) { 1 << 7 } else { 1 << 14 };

/// Some whole records.
pub(crate) struct Chunk {
    /// Where in the source it starts: right behind a record.
    pub(crate) offset: u64,
    /// The same as line and column.
    pub(crate) place: Position,
    pub(crate) bytes: Vec<u8>,
}

/// How the records of a chunk are written.
pub(crate) trait Format: Sync {
    /// What reads them.
    type Records<'t>: ReadRecords<'t>
    where
        Self: 't;

    /// Where the last record seems to end that another one follows.
    fn last_end(&self, bytes: &[u8]) -> Option<usize>;

    /// Reads the records of a chunk.
    fn records<'t>(&'t self, text: &'t str) -> Self::Records<'t>;
}

/// Reads records of the common kind, one after the other.
pub(crate) trait ReadRecords<'t> {
    /// What comes next. Names of fields that are unknown are passed to `unknown`, also those of a record that is left
    /// to the full reader.
    fn next(&mut self, reading: &Reading<'_>, unknown: &mut dyn FnMut(&str)) -> Next<'_, 't>;
}

/// What comes next in a chunk.
pub(crate) enum Next<'r, 't> {
    Record {
        interaction: &'r Interaction<'t>,
        /// Where in the chunk it starts and ends.
        start: usize,
        end: usize,
        /// How many lines of the chunk are before the one it starts in.
        line: u32,
        /// Whether no text of it holds a quote, a backslash or a control character.
        plain: bool,
    },
    /// Nothing: the chunk ends where a record may end.
    End,
    /// Something that is left to the full reader.
    Odd,
}

/// Takes the next chunk from behind the last record, in exchange for a buffer no longer needed; `None` if too
/// little follows. `last_end` says where the last record seems to end. With `at_hand` the chunk is no longer than what
/// need not be waited for.
pub(crate) fn cut(
    blocks: &mut Blocks,
    last_end: impl FnOnce(&[u8]) -> Option<usize>,
    at_hand: bool,
    spare: impl FnOnce() -> Vec<u8>,
) -> Result<Option<Chunk>> {
    let least = if at_hand {
        blocks.fetch_at_hand(LENGTH);
        LEAST
    } else {
        blocks.fetch(LENGTH)?;
        LENGTH
    };
    let length = blocks.window().len().min(LENGTH);
    if length < least {
        return Ok(None);
    }
    let Some(end) = last_end(&blocks.window()[..length]) else { return Ok(None) };
    take(blocks, end, spare()).map(Some)
}

/// Takes a chunk of this length.
pub(crate) fn take(blocks: &mut Blocks, length: usize, spare: Vec<u8>) -> Result<Chunk> {
    blocks.fetch(length)?;
    let (offset, place) = (blocks.offset(), blocks.position());
    Ok(Chunk { offset, place, bytes: blocks.give(length, spare) })
}

/// What a scan makes of a chunk: the records up to the first that it leaves to the full reader.
pub(crate) struct Scanned {
    /// Where in the source the chunk starts.
    pub(crate) offset: u64,
    place: Position,
    /// The chunk, as far as it is UTF-8.
    text: String,
    /// What follows that.
    behind: Vec<u8>,
    /// The texts that are not in the chunk unchanged.
    others: String,
    pub(crate) items: Vec<Item>,
    /// Their ids.
    pub(crate) ids: IdRuns,
    /// Whether the first has a time, and which is the first that differs.
    pub(crate) timed: Option<bool>,
    pub(crate) mixed: Option<usize>,
    /// Fields that are unknown, each with its item.
    pub(crate) unknown: Vec<(usize, String)>,
    pub(crate) recoveries: Vec<Recovers>,
    /// Whether that was all, and the chunk ended where it should.
    pub(crate) whole: bool,
}

/// One record of a chunk.
pub(crate) struct Item {
    id: Span,
    /// How many lines of the chunk are before the one it starts in.
    line: u32,
    /// Where in the chunk it ends.
    end: u32,
}

/// Where a text is: in the chunk or, counted on from its end, among the others.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

impl Span {
    /// There is no text.
    const NONE: Self = Self { start: u32::MAX, length: 0 };
}

/// A record of a chunk that names the failure it recovers.
pub(crate) struct Recovers {
    /// Which item it is.
    pub(crate) item: usize,
    pub(crate) failure: String,
    pub(crate) place: Position,
}

impl Scanned {
    /// Nothing found in a chunk yet.
    fn begin(Chunk { offset, place, bytes }: Chunk) -> Self {
        let length = bytes.len();
        let mut behind = Vec::new();
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            let valid = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            behind = bytes.split_off(valid);
            String::from_utf8(bytes).unwrap_or_default()
        });
        Self {
            offset,
            place,
            text,
            behind,
            others: String::new(),
            items: Vec::with_capacity(usual_count(length)),
            ids: IdRuns::default(),
            timed: None,
            mixed: None,
            unknown: Vec::new(),
            recoveries: Vec::new(),
            whole: false,
        }
    }

    /// Scans a chunk, or the part of it that holds this many records; with those on their way into a session. Where
    /// they are promised to be `in_order`, up to the first that is earlier than the one before it.
    pub(crate) fn of<F: Format>(
        chunk: Chunk,
        (format, in_order): (&F, bool),
        most: usize,
        reading: &Reading<'_>,
        scale: &Weigher<'_>,
        collector: &Collector<'_>,
    ) -> (Self, Prepared) {
        let mut scanned = Self::begin(chunk);
        let text = std::mem::take(&mut scanned.text);
        let mut prepared = Prepared::begin(collector, text.len(), usual_count(text.len()));
        let mut records = format.records(&text);
        while scanned.items.len() < most {
            let item = scanned.items.len();
            let unknown = &mut scanned.unknown;
            let (interaction, start, end, line, plain) =
                match records.next(reading, &mut |name| unknown.push((item, name.to_owned()))) {
                    Next::Record { interaction, start, end, line, plain } => (interaction, start, end, line, plain),
                    Next::End => {
                        scanned.whole = scanned.behind.is_empty();
                        break;
                    }
                    Next::Odd => break,
                };
            if let Some(failure) = &interaction.recovers {
                let place = position_in(&text, scanned.place, start, line);
                scanned.recoveries.push(Recovers { item, failure: failure.to_string(), place });
            }
            let weighed = scale.weigh(interaction);
            if in_order && prepared.entrants.entries().last().is_some_and(|last| weighed.at() < last.at()) {
                break;
            }
            scale.prepare(&mut prepared.entrants, weighed, interaction);
            let timed = weighed.at().is_some();
            if *scanned.timed.get_or_insert(timed) != timed {
                scanned.mixed.get_or_insert(item);
            }
            let position = collector.wants_positions().then(|| position_in(&text, scanned.place, start, line));
            collector.collect(&mut prepared.collected, interaction, weighed.at(), position, plain);
            let id = interaction.id.as_deref().map_or(Span::NONE, |id| {
                scanned.ids.push(id, scanned.place.line + u64::from(line));
                scanned.span(&text, id)
            });
            scanned.items.push(Item { id, line, end: short(end) });
        }
        let items = scanned.items.len();
        scanned.unknown.retain(|(item, _)| *item < items);
        drop(records);
        scanned.text = text;
        (scanned, prepared)
    }

    /// Where a text is; it is added to the others unless it is a part of the chunk.
    fn span(&mut self, chunk: &str, text: &str) -> Span {
        let length = short(text.len());
        let start = text.as_ptr().addr().wrapping_sub(chunk.as_ptr().addr());
        if start < chunk.len() {
            return Span { start: short(start), length };
        }
        let start = short(chunk.len() + self.others.len());
        self.others.push_str(text);
        Span { start, length }
    }

    fn part(&self, Span { start, length }: Span) -> &str {
        let (start, length) = (start as usize, length as usize);
        match start.checked_sub(self.text.len()) {
            None => &self.text[start..start + length],
            Some(start) => &self.others[start..start + length],
        }
    }

    /// The id of an item.
    pub(crate) fn id(&self, item: &Item) -> Option<&str> {
        (item.id.start != Span::NONE.start).then(|| self.part(item.id))
    }

    /// The line an item starts in.
    pub(crate) fn line(&self, item: &Item) -> u64 {
        self.place.line + u64::from(item.line)
    }

    /// Where in the chunk the first items end, this many.
    pub(crate) fn end_of(&self, count: usize) -> usize {
        count.checked_sub(1).map_or(0, |last| self.items[last].end as usize)
    }

    /// The place in the source of a byte of the chunk.
    fn position_behind(&self, end: usize) -> Position {
        position_in(&self.text, self.place, end, breaks(&self.text.as_bytes()[..end]))
    }

    /// The chunk, to be scanned again.
    pub(crate) fn into_chunk(self) -> Chunk {
        let mut bytes = self.text.into_bytes();
        bytes.extend_from_slice(&self.behind);
        Chunk { offset: self.offset, place: self.place, bytes }
    }

    /// The bytes of the chunk from there on, and the place at which they start.
    pub(crate) fn into_rest(self, end: usize) -> (Vec<u8>, Position) {
        let place = self.position_behind(end);
        let mut bytes = self.into_chunk().bytes;
        bytes.drain(..end);
        (bytes, place)
    }
}

/// How many records there are in so many bytes, mostly: what grows is copied.
const fn usual_count(length: usize) -> usize {
    length / 160
}

/// How many line breaks there are in a part of a chunk.
pub(super) fn breaks(bytes: &[u8]) -> u32 {
    short(memchr_iter(b'\n', bytes).count())
}

/// A length inside a chunk, which is far shorter than four gigabytes.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The place of a byte of a chunk that starts at `place`, this many lines further.
fn position_in(chunk: &str, place: Position, offset: usize, lines: u32) -> Position {
    let before = &chunk.as_bytes()[..offset];
    let (from, first) = memrchr(b'\n', before).map_or((0, place.column), |newline| (newline + 1, 1));
    Position::of_text(place.line + u64::from(lines), first + characters(&before[from..]))
}
