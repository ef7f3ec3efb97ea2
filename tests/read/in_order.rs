//! Records that are promised to be in time order: many at once are rated as one by one, whatever is at hand.

use std::io::{Cursor, Read, Seek, SeekFrom};

use proptest::prelude::*;
use serveup::read::{self, InOrder, Options, RatedRound, Recorded, Records, Source};
use serveup::{
    Instant, Interaction, Keeps, Kept, Level, Model, Rating, Recipients, Scope, Session, SessionError, Window,
};

type Sessions<'m> = Session<'m, Cursor<Vec<u8>>>;

/// Bytes that come in pieces, as from a pipe, up to a place where no more can be read.
struct Pieces {
    bytes: Cursor<Vec<u8>>,
    lengths: std::iter::Cycle<std::vec::IntoIter<usize>>,
    fails: Option<u64>,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let left = self.fails.map_or(u64::MAX, |end| end.saturating_sub(self.bytes.position()));
        if left == 0 {
            return Err(std::io::Error::other("the cable is out"));
        }
        let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let length = self.lengths.next().unwrap_or(1).clamp(1, most.max(1)).min(most);
        self.bytes.read(&mut into[..length])
    }
}

impl Seek for Pieces {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// What left: the rows, and how many records came together.
#[derive(Default)]
struct Left {
    rows: Vec<String>,
    rounds: usize,
    latest: Option<Instant>,
}

fn row(rating: &Rating<'_>, place: impl std::fmt::Display) -> String {
    let level: Level = rating.assessment.level;
    let why = rating.details.as_ref().map(|details| details.why.join("; ")).unwrap_or_default();
    format!("{place} {:?} {} {why}", rating.outline, level.name())
}

impl<'m> InOrder<'m, Cursor<Vec<u8>>> for Left {
    fn latest(&self) -> Option<Instant> {
        self.latest
    }

    fn record(
        &mut self,
        session: &mut Sessions<'m>,
        recorded: &Recorded<'_>,
        interaction: &Interaction<'_>,
    ) -> read::Result<bool> {
        let at = interaction.at.as_ref().map(|at| at.instant);
        if at < self.latest {
            return Err(read::Error::taker(recorded.line(interaction.id.as_deref(), "too early")));
        }
        self.latest = at;
        let rating = session.rate(interaction, Some(serveup::LevelWording::Names))?;
        self.rows.extend(rating.map(|rating| row(&rating, recorded.line(None, "here"))));
        Ok(true)
    }

    fn round(&mut self, round: RatedRound<'_, 'm, Cursor<Vec<u8>>>) -> read::Result<bool> {
        self.rounds += usize::from(round.latest().is_some());
        self.latest = round.latest().or(self.latest);
        let lines = round.lines();
        let make = |kept: &Kept<'_, '_>, made: &mut Vec<String>| {
            let position = kept.position().unwrap_or(serveup::Position::START);
            let place = lines.line(kept.index, position, None, "here");
            if kept.scope == Scope::Reported {
                made.push(kept.moment(|moment| row(&Rating::of(moment, serveup::LevelWording::Names), &place))?);
            }
            Ok::<_, SessionError>(())
        };
        let hand_over = |made: Vec<String>| {
            self.rows.extend(made);
            Ok(true)
        };
        round.map(Vec::new, make, hand_over)?;
        Ok(true)
    }
}

/// What leaves of these records, and what ended it.
fn left(source: Source, threads: usize, one_by_one: bool) -> (Left, Option<String>) {
    let model = Model::shipped();
    let options = Options { threads, ..Options::new(&model) };
    let keeps = Keeps { positions: true, ..Keeps::ALL };
    let mut session = Session::with(&model, Recipients::default(), Window::default(), keeps, Cursor::default());
    let mut left = Left::default();
    let read = Records::open(vec![source], None, options).and_then(|(mut records, _)| {
        if one_by_one {
            let each = |recorded: &Recorded<'_>, interaction: &Interaction<'_>| {
                left.record(&mut session, recorded, interaction)
            };
            return records.for_each(None, &mut (), each);
        }
        records.in_order(&mut session, None, &mut (), &mut left)
    });
    (left, read.err().map(|error| error.to_string()))
}

fn text(seeds: &[u32], wrong: Option<(usize, u32)>, list: bool) -> String {
    let mut records: Vec<_> = seeds
        .iter()
        .enumerate()
        .map(|(index, seed)| {
            let (said, signal) = match seed % 7 {
                0 => (r#","said":"} , {\n \"{""#, "late"),
                1 => (r#","said":"},{","channel":"日本語""#, "unexpected"),
                2 => (r#","mood":{"a":{"b":[]}}"#, "impolite"),
                _ => ("", "unexpected"),
            };
            // three records at the same time
            let minute = index / 3;
            format!(
                r#"{{"id":"r{index}","at":"2026-01-05T{:02}:{:02}:00Z","recipient":"c{}","point":"p","action":"a{}","value":["time"],"signals":["{signal}"]{said}}}"#,
                minute / 60,
                minute % 60,
                seed % 4,
                seed % 3,
            )
        })
        .collect();
    if let Some((place, kind)) = wrong {
        let place = place % records.len();
        records[place] = match kind {
            0 => records[place].replace("\"point\"", "\"pint\""),
            1 => records[0].clone(),
            2 => records[place].replace("\"at\":\"2026", "\"at\":\"2025"),
            3 => records[place].replace("\"recipient\":", "\"recipient\":,"),
            _ => format!("{}\n7", records[place]),
        };
    }
    if list { format!("[{}]", records.join(",\n")) } else { records.join("\n") }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn many_at_once_leave_as_one_by_one(
        seeds in proptest::collection::vec(0_u32..1000, 1..300),
        wrong in proptest::option::of((0_usize..300, 0_u32..5)),
        list in any::<bool>(),
        lengths in proptest::collection::vec(1_usize..4000, 1..6),
        ready in any::<bool>(),
        fails in proptest::option::of(0_u64..60_000),
        threads in proptest::sample::select(vec![1, 2, 7, 64]),
    ) {
        let text = text(&seeds, wrong, list);
        let pieces = || {
            let (bytes, lengths) = (Cursor::new(text.clone().into_bytes()), lengths.clone().into_iter().cycle());
            // somewhere in what there is
            let fails = fails.map(|place| place % (text.len() as u64 + 1));
            Pieces { bytes, lengths, fails }
        };
        let whole = |one_by_one| left(Source::seekable("in", pieces(), text.len() as u64), threads, one_by_one);
        let (alone, ended) = whole(true);
        for (left, end) in [whole(false), left(Source::new("in", pieces()).ready_when(move || ready), threads, false)] {
            prop_assert_eq!(&left.rows, &alone.rows);
            prop_assert_eq!(&end, &ended);
        }
    }
}

#[test]
fn what_is_at_hand_is_rated_together() {
    let text = text(&[3; 300], None, false);
    let (left, end) = left(Source::seekable("in", Cursor::new(text.into_bytes()), 1), 2, false);
    assert_eq!((left.rows.len(), end), (300, None));
    assert!(left.rounds > 1, "{}", left.rounds);
}
