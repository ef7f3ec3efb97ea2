//! Bytes that are compressed by gzip or zstd, read as what they hold.
//!
//! What is compressed may consist of several members, as where files were joined. Nothing of it is
//! passed over: a stream that is cut short or damaged, and anything behind the last member, is an
//! error with its place in the compressed file. Memory is bounded by the window of the format,
//! whatever the bytes expand to.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

/// The widest window that is kept of what was unpacked, as the `zstd` program has it.
const WINDOW: u64 = 1 << 27;

impl Packing {
    /// How a source is compressed that starts so, if it is.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        let skippable = matches!(start, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]);
        match start {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            _ => skippable.then_some(Self::Zstd),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Whether another member can start with this byte.
    const fn may_start(self, byte: u8) -> bool {
        match self {
            Self::Gzip => byte == 0x1F,
            Self::Zstd => matches!(byte, 0x28 | 0x50..=0x5F),
        }
    }
}

/// Why compressed bytes cannot be read to their end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("is cut short: its {name} data stops at byte {at}; copy or download it again", name = .0.name(), at = .1)]
    Cut(Packing, u64),
    #[error("is damaged: its {name} data cannot be unpacked near byte {at} ({why}); copy or download it again", name = .0.name(), at = .1, why = .2)]
    Damaged(Packing, u64, String),
    #[error("its {name} data ends at byte {at}, but the file goes on; cut the rest off, or copy the file again", name = .0.name(), at = .1)]
    Garbage(Packing, u64),
    #[error("is compressed twice; unpack it once with `{name} -d` and name the result", name = .0.name())]
    Twice(Packing),
}

/// Compressed bytes, read as what they hold.
pub(super) struct Unpacked<R> {
    packing: Packing,
    member: Member<Counted<R>>,
    /// What has been unpacked and not been read. It is unpacked in parts of one size, however much is asked for at once: so
    /// much comes before an error, whoever reads.
    part: Vec<u8>,
    used: usize,
}

/// How much is unpacked at once.
const PART: usize = 1 << 16;

enum Member<R> {
    /// Before a member, or behind the last.
    Between(R),
    Gzip(Box<GzDecoder<R>>),
    Zstd(Box<FrameDecoder>, R),
    /// Something went wrong, or all is read.
    Done,
}

impl<R: Read> Unpacked<R> {
    pub(super) fn new(packing: Packing, packed: R) -> Self {
        let source = Counted { source: BufReader::with_capacity(1 << 16, packed), used: 0, ended: false, failed: None };
        Self { packing, member: Member::Between(source), part: Vec::new(), used: 0 }
    }

    /// Opens the member that starts here; `Done` where there is none.
    fn open(packing: Packing, mut source: Counted<R>) -> Result<Member<Counted<R>>, Stopped<R>> {
        loop {
            let next = match source.fill_buf() {
                Ok(rest) => rest.first().copied(),
                Err(error) => return Err(Stopped::by(error, source)),
            };
            match next {
                None if source.used > 0 => return Ok(Member::Done),
                // tapes are filled up with nothing
                Some(0) if packing == Packing::Gzip && source.used > 0 => {
                    source.consume(1);
                    continue;
                }
                Some(byte) if packing.may_start(byte) => {}
                _ => return Err(Stopped::because(Unreadable::Garbage(packing, source.used))),
            }
            if packing == Packing::Gzip {
                return Ok(Member::Gzip(Box::new(GzDecoder::new(source))));
            }
            let mut decoder = Box::new(FrameDecoder::new());
            decoder.set_max_window_size(WINDOW);
            match decoder.init(&mut source) {
                Ok(()) => return Ok(Member::Zstd(decoder, source)),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut (&mut source).take(u64::from(length)), &mut io::sink());
                    match skipped {
                        Ok(skipped) if skipped == u64::from(length) => {}
                        Ok(_) => return Err(Stopped::because(Unreadable::Cut(packing, source.used))),
                        Err(error) => return Err(Stopped::by(error, source)),
                    }
                }
                Err(error) => return Err(Stopped::by(io::Error::other(error), source)),
            }
        }
    }
}

/// What ended the reading, and how far it had come where that is not said yet.
enum Stopped<R> {
    By(io::Error, Box<Counted<R>>),
    Because(Unreadable),
}

impl<R> Stopped<R> {
    fn by(error: io::Error, source: Counted<R>) -> Self {
        Self::By(error, Box::new(source))
    }

    const fn because(why: Unreadable) -> Self {
        Self::Because(why)
    }

    /// The same as an error of reading.
    fn error(self, packing: Packing) -> io::Error {
        let why = match self {
            Self::Because(why) => why,
            Self::By(error, source) => match (source.failed, source.ended) {
                // the file itself cannot be read
                (Some(failed), _) => return failed,
                (None, true) => Unreadable::Cut(packing, source.used),
                (None, false) => Unreadable::Damaged(packing, source.used, error.to_string()),
            },
        };
        io::Error::other(why)
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.used == self.part.len() && !into.is_empty() {
            let mut part = std::mem::take(&mut self.part);
            part.resize(PART, 0);
            self.used = 0;
            let count = self.unpack(&mut part)?;
            part.truncate(count);
            self.part = part;
        }
        let rest = &self.part[self.used..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.used += count;
        Ok(count)
    }
}

impl<R: Read> Unpacked<R> {
    /// Some more of what it holds; nothing at its end.
    fn unpack(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let stopped = match std::mem::replace(&mut self.member, Member::Done) {
                Member::Done => return Ok(0),
                Member::Between(source) => match Self::open(self.packing, source) {
                    Ok(member) => {
                        self.member = member;
                        continue;
                    }
                    Err(stopped) => stopped,
                },
                Member::Gzip(mut decoder) => match decoder.read(into) {
                    Ok(0) => {
                        self.member = Member::Between(decoder.into_inner());
                        continue;
                    }
                    Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                        Stopped::by(error, decoder.into_inner())
                    }
                    read => {
                        self.member = Member::Gzip(decoder);
                        return read;
                    }
                },
                Member::Zstd(mut decoder, mut source) => match unpack(&mut decoder, &mut source, into) {
                    Ok(0) => match decoder.get_checksum_from_data() {
                        Some(sum) if decoder.get_calculated_checksum() != Some(sum) => {
                            Stopped::by(io::Error::other("its checksum is another"), source)
                        }
                        _ => {
                            self.member = Member::Between(source);
                            continue;
                        }
                    },
                    Ok(count) => {
                        self.member = Member::Zstd(decoder, source);
                        return Ok(count);
                    }
                    Err(error) => Stopped::by(error, source),
                },
            };
            return Err(stopped.error(self.packing));
        }
    }
}

/// Some more bytes of a frame of zstd; none at its end.
fn unpack(decoder: &mut FrameDecoder, source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    while decoder.can_collect() == 0 && !decoder.is_finished() {
        decoder
            .decode_blocks(&mut *source, BlockDecodingStrategy::UptoBytes(into.len().max(1)))
            .map_err(|error| io::Error::other(error.to_string()))?;
    }
    decoder.read(into)
}

/// The compressed bytes, with how many of them have been used.
struct Counted<R> {
    source: BufReader<R>,
    used: u64,
    ended: bool,
    /// What kept them from being read.
    failed: Option<io::Error>,
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.source.fill_buf() {
            Ok(rest) => {
                self.ended = rest.is_empty();
                Ok(rest)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = io::Error::from(error.kind());
                self.failed = Some(error);
                Err(told)
            }
        }
    }

    fn consume(&mut self, count: usize) {
        self.used += count as u64;
        self.source.consume(count);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.fill_buf()?;
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    fn pack(packing: Packing, bytes: &[u8]) -> Vec<u8> {
        match packing {
            Packing::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(bytes).expect("bytes");
                encoder.finish().expect("gzip")
            }
            Packing::Zstd => compress_to_vec(bytes, CompressionLevel::Fastest),
        }
    }

    fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let packing = Packing::of(packed).expect("what it is");
        Unpacked::new(packing, packed).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    const BOTH: [Packing; 2] = [Packing::Gzip, Packing::Zstd];

    #[test]
    fn members_are_read_one_after_the_other() {
        for packing in BOTH {
            let joined = [pack(packing, b"one "), pack(packing, b""), pack(packing, b"two")].concat();
            assert_eq!(unpack(&joined).as_deref(), Ok(b"one two".as_slice()), "{packing:?}");
        }
        let skipped = [b"\x5A\x2A\x4D\x18\x03\0\0\0abc".as_slice(), &pack(Packing::Zstd, b"one")].concat();
        assert_eq!(unpack(&skipped).as_deref(), Ok(b"one".as_slice()));
        let filled = [pack(Packing::Gzip, b"one"), vec![0; 600]].concat();
        assert_eq!(unpack(&filled).as_deref(), Ok(b"one".as_slice()));
    }

    #[test]
    fn what_is_cut_short_or_goes_on_is_told_with_its_place() {
        for packing in BOTH {
            let name = packing.name();
            let whole = pack(packing, &b"some words, and some words again; ".repeat(50));
            for length in 4..whole.len() {
                let cut = unpack(&whole[..length]).expect_err("an error");
                assert_eq!(
                    cut,
                    format!("is cut short: its {name} data stops at byte {length}; copy or download it again")
                );
            }
            let longer = [whole.as_slice(), b"and so on"].concat();
            let told = unpack(&longer).expect_err("an error");
            let garbage = format!(
                "its {name} data ends at byte {}, but the file goes on; cut the rest off, or copy the file again",
                whole.len()
            );
            assert_eq!(told, garbage);
        }
    }

    #[test]
    fn a_checksum_that_does_not_fit_is_damage() {
        for packing in BOTH {
            let mut packed = pack(packing, &b"some words ".repeat(9));
            let sum = packed.len() - if packing == Packing::Gzip { 8 } else { 4 };
            packed[sum] ^= 1;
            let told = unpack(&packed).expect_err("an error");
            assert!(told.starts_with("is damaged: its "), "{told}");
        }
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..3000),
            flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            zstd: bool,
        ) {
            let packing = if zstd { Packing::Zstd } else { Packing::Gzip };
            let mut packed = pack(packing, &bytes);
            for (place, to) in &flips {
                let place = place.index(packed.len());
                packed[place] = *to;
            }
            let mut unpacked = Vec::new();
            let read = Unpacked::new(packing, packed.as_slice()).take(1 << 24).read_to_end(&mut unpacked);
            if flips.is_empty() {
                prop_assert!(read.is_ok());
                prop_assert_eq!(unpacked, bytes);
            }
        }
    }
}
