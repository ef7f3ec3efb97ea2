//! What lies ahead in a JSON source, cut into pieces of whole records that can
//! be scanned on any thread; and what a scan makes of a piece.
//!
//! Where a record ends is guessed from the bytes around it. The guess is proven
//! by scanning: a piece counts only if its last record ends right where it was
//! cut. Whatever is not as usual is left to the reader that goes record by
//! record, from the last record that was.

use anyhow::Result;
use memchr::{memchr_iter, memrchr};
use serveup::{Instant, Interaction, Reading, Scale, Weighed};

use super::blocks::{Blocks, characters};
use super::object::{self, Read, Spans};
use super::place::Place;
use super::usual;
use super::written::{Written, interaction_field};

/// How long a piece is, or a little less. Unoptimised programs, as tests run
/// them, cut small inputs too.
pub(crate) const LENGTH: usize = if cfg!(debug_assertions) { 1 << 9 } else { 1 << 20 };

/// How many closing braces are tried as a place to cut.
const TRIES: usize = 64;

/// Some whole records.
pub(crate) struct Piece {
    /// Where in the source it starts: right behind a record.
    pub(crate) offset: u64,
    /// The same as line and column.
    pub(crate) place: Place,
    pub(crate) bytes: Vec<u8>,
}

/// What stands between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    /// A line break.
    Lines,
    /// A comma.
    Commas,
}

/// Takes the next piece from behind the last record; `None` if too little lies ahead.
pub(crate) fn cut(blocks: &mut Blocks, between: Between) -> Result<Option<Piece>> {
    if !blocks.fetch(LENGTH)? {
        return Ok(None);
    }
    let Some(end) = last_end(&blocks.window()[..LENGTH], between) else { return Ok(None) };
    take(blocks, end).map(Some)
}

/// Takes a piece of this length.
pub(crate) fn take(blocks: &mut Blocks, length: usize) -> Result<Piece> {
    blocks.fetch(length)?;
    let (offset, place) = (blocks.offset(), blocks.place());
    let bytes = blocks.window()[..length.min(blocks.window().len())].to_vec();
    blocks.advance(bytes.len());
    Ok(Piece { offset, place, bytes })
}

/// Goes over the records of a piece that has been scanned before, up to the first that is not as it was.
/// How many there were.
pub(crate) fn each_record(piece: &Piece, between: Between, mut each: impl FnMut(usize, &Written<'_, '_>)) -> usize {
    let mut spans = Spans::default();
    let (mut at, mut count) = (0, 0);
    while let Some(start) = next_record(&piece.bytes, at, between) {
        let Read::Whole(length) = object::read_object(&piece.bytes[start..], interaction_field, &mut spans) else {
            break;
        };
        at = start + length;
        let Ok(text) = std::str::from_utf8(&piece.bytes[start..at]) else { break };
        each(count, &Written { text, spans: &spans });
        count += 1;
    }
    count
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

/// What notes more of records than their facts while they are scanned, on any thread.
pub(crate) trait Noter: Send + Sync {
    /// What has been noted of some records, one after the other.
    type Notes: Send;

    /// Nothing noted yet.
    fn begin(&self) -> Self::Notes;

    /// Notes a record.
    fn note(&self, notes: &mut Self::Notes, interaction: &Interaction<'_>, at: Option<Instant>);
}

/// Notes nothing.
impl Noter for () {
    type Notes = ();

    fn begin(&self) {}

    fn note(&self, (): &mut (), _: &Interaction<'_>, _: Option<Instant>) {}
}

/// What a scan makes of a piece: the records up to the first that is not as usual.
#[derive(Default)]
pub(crate) struct Scanned {
    pub(crate) items: Vec<Item>,
    /// The texts of all items, one after the other.
    pub(crate) texts: String,
    /// Fields with no meaning, each with the item it stands in.
    pub(crate) unknown: Vec<(usize, String)>,
    pub(crate) recoveries: Vec<Recovers>,
    /// Whether that was all, and the piece ended where it should.
    pub(crate) whole: bool,
}

/// One record of a piece.
pub(crate) struct Item {
    pub(crate) weighed: Weighed,
    /// Where its texts end among all texts: id, recipient, act.
    ends: [u32; 3],
    has_id: bool,
    has_act: bool,
    /// The line it starts in.
    pub(crate) line: u64,
    /// Where in the piece it ends.
    pub(crate) end: usize,
}

/// The texts of an item.
pub(crate) struct Texts<'t> {
    pub(crate) id: Option<&'t str>,
    pub(crate) recipient: &'t str,
    pub(crate) act: Option<&'t str>,
}

/// A record of a piece that names the failure it recovers.
pub(crate) struct Recovers {
    /// Which item it is.
    pub(crate) item: usize,
    pub(crate) failure: String,
    pub(crate) place: Place,
}

impl Scanned {
    /// Scans a piece, or the part of it that holds so many records; with what was noted of them.
    pub(crate) fn of<N: Noter>(
        piece: &Piece,
        between: Between,
        most: usize,
        reading: &Reading<'_>,
        scale: &Scale<'_>,
        noter: &N,
    ) -> (Self, N::Notes) {
        // room for most: what grows is copied
        let length = piece.bytes.len();
        let (items, texts) = (Vec::with_capacity(length / 160), String::with_capacity(length / 5));
        let mut scanned = Self { items, texts, ..Self::default() };
        let mut notes = noter.begin();
        let (mut spans, mut unknown) = (Spans::default(), Vec::new());
        let valid = match std::str::from_utf8(&piece.bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&piece.bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
        let (mut at, mut line) = (0, piece.place.line);
        let mut breaks = memchr_iter(b'\n', &piece.bytes).peekable();
        while scanned.items.len() < most {
            let Some(start) = next_record(valid.as_bytes(), at, between) else {
                scanned.whole = at == piece.bytes.len();
                break;
            };
            while breaks.next_if(|&newline| newline < start).is_some() {
                line += 1;
            }
            unknown.clear();
            let item = scanned.items.len();
            let interaction = if let Some((interaction, end)) = usual::record(valid, start, reading, &mut unknown) {
                at = end;
                scanned.unknown.extend(unknown.iter().map(|&name| (item, name.to_owned())));
                interaction
            } else {
                let read = object::read_object(&valid.as_bytes()[start..], interaction_field, &mut spans);
                let Read::Whole(length) = read else { break };
                if spans.twice.is_some() || spans.deep.is_some() {
                    break;
                }
                at = start + length;
                let Some(text) = valid.get(start..at) else { break };
                let Ok(interaction) = (Written { text, spans: &spans }).interaction(reading) else { break };
                scanned.unknown.extend(spans.unknown.iter().map(|name| (item, name.clone())));
                interaction
            };
            if let Some(failure) = &interaction.recovers {
                let place = piece.place_of(start, line);
                scanned.recoveries.push(Recovers { item, failure: failure.to_string(), place });
            }
            let act = scale.act(&interaction);
            let texts = [interaction.id.as_deref(), Some(&*interaction.recipient), act.as_deref()];
            let ends = texts.map(|text| {
                scanned.texts.push_str(text.unwrap_or_default());
                u32::try_from(scanned.texts.len()).unwrap_or(u32::MAX)
            });
            let (has_id, has_act) = (interaction.id.is_some(), act.is_some());
            let weighed = scale.weigh(&interaction);
            noter.note(&mut notes, &interaction, weighed.at());
            scanned.items.push(Item { weighed, ends, has_id, has_act, line, end: at });
        }
        (scanned, notes)
    }

    /// The id of an item.
    pub(crate) fn id(&self, index: usize) -> Option<&str> {
        self.texts(index).id
    }

    /// The texts of an item.
    pub(crate) fn texts(&self, index: usize) -> Texts<'_> {
        let start = index.checked_sub(1).map_or(0, |before| self.items[before].ends[2]);
        let Item { ends: [id, recipient, act], has_id, has_act, .. } = self.items[index];
        let text = |from: u32, to: u32| &self.texts[from as usize..to as usize];
        Texts {
            id: has_id.then(|| text(start, id)),
            recipient: text(id, recipient),
            act: has_act.then(|| text(recipient, act)),
        }
    }
}

impl Piece {
    /// The place of a byte, where its line is known.
    pub(crate) fn place_of(&self, offset: usize, line: u64) -> Place {
        let before = &self.bytes[..offset];
        let (from, first) = memrchr(b'\n', before).map_or((0, self.place.column), |newline| (newline + 1, 1));
        Place { line, column: first + characters(&before[from..]) }
    }
}

/// Where the next record starts; `None` if something else follows.
fn next_record(bytes: &[u8], mut at: usize, between: Between) -> Option<usize> {
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
