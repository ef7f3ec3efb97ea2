//! What follows in a JSON source, cut into chunks of whole records that can be scanned on any
//! thread; and what a scan makes of a chunk.
//!
//! Where a record ends is guessed from the bytes around it. The guess is proven by scanning: a
//! chunk counts only if its last record ends right where it was cut. Anything else is left to the
//! reader that goes record by record, from the last record that was.

use crate::rating::assessor::Weigher;
use crate::rating::entrants::Entrants;
use memchr::{memchr_iter, memrchr};

use super::record::{self, KeyPredictor};
use crate::read::Result;
use crate::read::blocks::{Blocks, characters};
use crate::read::document::LISTS;
use crate::read::ids::IdRuns;
use crate::read::object::{self, Read, Spans};
use crate::read::record_error::Position;
use crate::read::written::{Written, interaction_field};
use crate::record::draft::{Draft, Reading};
use crate::session::{Collected, Collector};

/// How long a chunk is, or a little less. Unoptimised programs, as tests run
/// them, cut small inputs too.
pub(crate) const LENGTH: usize = if cfg!(debug_assertions) { 1 << 9 } else { 1 << 18 };

/// How many closing braces are tried as a place to cut.
const TRIES: usize = 64;

/// Some whole records.
pub(crate) struct Chunk {
    /// Where in the source it starts: right behind a record.
    pub(crate) offset: u64,
    /// The same as line and column.
    pub(crate) place: Position,
    pub(crate) bytes: Vec<u8>,
}

/// What is between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    /// A line break.
    Lines,
    /// A comma.
    Commas,
}

/// Takes the next chunk from behind the last record, in exchange for a buffer no longer needed;
/// `None` if too little follows.
pub(crate) fn cut(blocks: &mut Blocks, between: Between, spare: impl FnOnce() -> Vec<u8>) -> Result<Option<Chunk>> {
    if !blocks.fetch(LENGTH)? {
        return Ok(None);
    }
    let Some(end) = last_end(&blocks.window()[..LENGTH], between) else { return Ok(None) };
    take(blocks, end, spare()).map(Some)
}

/// Takes a chunk of this length.
pub(crate) fn take(blocks: &mut Blocks, length: usize, spare: Vec<u8>) -> Result<Chunk> {
    blocks.fetch(length)?;
    let (offset, place) = (blocks.offset(), blocks.position());
    Ok(Chunk { offset, place, bytes: blocks.give(length, spare) })
}

/// Where the last record seems to end that another one follows.
fn last_end(bytes: &[u8], between: Between) -> Option<usize> {
    let mut end = bytes.len();
    for _ in 0..TRIES {
        let brace = memrchr(b'}', &bytes[..end])?;
        let after = &bytes[brace + 1..];
        let rest = after.trim_ascii_start();
        let follows = match between {
            Between::Lines => rest.starts_with(b"{") && after[..after.len() - rest.len()].contains(&b'\n'),
            Between::Commas => rest.strip_prefix(b",").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{")),
        };
        if follows {
            return Some(brace + 1);
        }
        end = brace;
    }
    None
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
    /// The items as they go into the ledger.
    pub(super) entrants: Entrants,
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
        // room for most: what grows is copied
        let count = length / 160;
        Self {
            offset,
            place,
            text,
            behind,
            others: String::new(),
            items: Vec::with_capacity(count),
            entrants: Entrants::with_room_for(count),
            ids: IdRuns::default(),
            timed: None,
            mixed: None,
            unknown: Vec::new(),
            recoveries: Vec::new(),
            whole: false,
        }
    }

    /// Scans a chunk, or the part of it that holds this many records; with what was noted of them.
    pub(crate) fn of(
        chunk: Chunk,
        between: Between,
        most: usize,
        reading: &Reading<'_>,
        scale: &Weigher<'_>,
        collector: &Collector<'_>,
    ) -> (Self, Collected) {
        let mut scanned = Self::begin(chunk);
        let text = std::mem::take(&mut scanned.text);
        let mut found = collector.begin(text.len());
        let (mut spans, mut unknown) = (Spans::default(), Vec::new());
        let (mut at, mut line) = (0, 0);
        let mut breaks = memchr_iter(b'\n', text.as_bytes()).peekable();
        let (mut draft, mut predictor) = (Draft::default(), KeyPredictor::NEW);
        while scanned.items.len() < most {
            let Some(start) = next_record(text.as_bytes(), at, between) else {
                scanned.whole = scanned.behind.is_empty() && at == text.len();
                break;
            };
            while breaks.next_if(|&newline| newline < start).is_some() {
                line += 1;
            }
            unknown.clear();
            let item = scanned.items.len();
            let odd;
            let mut plain = true;
            let usual = record::record(&text, start, reading, &mut predictor, &mut draft, &mut unknown);
            let interaction = if let Some((interaction, end)) = usual {
                if between == Between::Lines && unknown.iter().any(|name| LISTS.contains(name)) {
                    break;
                }
                at = end;
                scanned.unknown.extend(unknown.iter().map(|&name| (item, name.to_owned())));
                interaction
            } else {
                let read = object::read_object(&text.as_bytes()[start..], interaction_field, &mut spans);
                let Read::Whole(length) = read else { break };
                if spans.twice.is_some() || spans.deep.is_some() {
                    break;
                }
                // it may be a document, which the reader that goes record by record tells
                if between == Between::Lines && spans.unknown.iter().any(|name| LISTS.contains(&name.as_str())) {
                    break;
                }
                at = start + length;
                let Some(text) = text.get(start..at) else { break };
                let Ok(interaction) = (Written { text, spans: &spans }).interaction(reading) else { break };
                scanned.unknown.extend(spans.unknown.iter().map(|name| (item, name.clone())));
                (odd, plain) = (interaction, false);
                &odd
            };
            if let Some(failure) = &interaction.recovers {
                let place = position_in(&text, scanned.place, start, line);
                scanned.recoveries.push(Recovers { item, failure: failure.to_string(), place });
            }
            let weighed = scale.prepare(&mut scanned.entrants, interaction);
            let timed = weighed.at().is_some();
            if *scanned.timed.get_or_insert(timed) != timed {
                scanned.mixed.get_or_insert(item);
            }
            let position = collector.wants_positions().then(|| position_in(&text, scanned.place, start, line));
            collector.collect(&mut found, interaction, weighed.at(), position, plain);
            let id = interaction.id.as_deref().map_or(Span::NONE, |id| {
                scanned.ids.push(id, scanned.place.line + u64::from(line));
                scanned.span(&text, id)
            });
            scanned.items.push(Item { id, line, end: short(at) });
        }
        scanned.text = text;
        (scanned, found)
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
        let lines = memchr_iter(b'\n', &self.text.as_bytes()[..end]).count();
        position_in(&self.text, self.place, end, short(lines))
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

/// Where the next record starts; `None` if something else follows.
pub(crate) fn next_record(bytes: &[u8], mut at: usize, between: Between) -> Option<usize> {
    let space = |at: usize| at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    at = space(at);
    if between == Between::Commas {
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at = space(at + 1);
    }
    (bytes.get(at) == Some(&b'{')).then_some(at)
}
