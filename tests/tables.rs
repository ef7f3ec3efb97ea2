//! Rows of a table that threads split in chunks are what the reader makes of them row by row: the same records at the
//! same places, the same errors, notes and rejects, whatever stands in cells and however the bytes come.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::select;
use serveup::import::{self, AsOf, Case, Import, Map, Times};
use serveup::read::{Note, Observer, Options, Records, Rejected, Source, Summary};
use serveup::{Keeps, Model, Recipients, Session, Window};

/// Everything that a reading says.
#[derive(Debug, PartialEq)]
struct Told {
    /// Each record and where it stands; or the error that ended it all.
    records: Result<Vec<String>, String>,
    summary: Option<String>,
    noted: Vec<String>,
    rejects: String,
}

#[derive(Default)]
struct Notes(Vec<String>);

impl Observer for Notes {
    fn rejected(&mut self, rejected: &Rejected<'_>) {
        self.0.push(rejected.to_string());
    }

    fn note(&mut self, note: &Note) {
        self.0.push(note.to_string());
    }
}

/// Bytes as a pipe gives them, a few at a time.
struct Slowly(Cursor<Vec<u8>>);

impl Read for Slowly {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = into.len().min(333);
        self.0.read(&mut into[..most])
    }
}

/// How the bytes of a table come.
#[derive(Clone, Copy, Debug)]
enum Way {
    File,
    Pipe,
    GzipFile,
    GzipPipe,
}

const WAYS: [Way; 4] = [Way::File, Way::Pipe, Way::GzipFile, Way::GzipPipe];

fn source(bytes: &[u8], way: Way) -> Source {
    let bytes = match way {
        Way::File | Way::Pipe => bytes.to_vec(),
        Way::GzipFile | Way::GzipPipe => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    };
    let size = bytes.len() as u64;
    match way {
        Way::File | Way::GzipFile => Source::seekable("in", Cursor::new(bytes), size),
        Way::Pipe | Way::GzipPipe => Source::new("in", Slowly(Cursor::new(bytes))),
    }
}

fn session(model: &Model) -> Session<'_> {
    let keeps = Keeps { positions: true, ..Keeps::ALL };
    Session::with(model, Recipients::default(), Window::default(), keeps, Cursor::new(Vec::new()))
}

/// What a session was given, each with where it stands.
fn given(session: Session<'_>) -> Vec<String> {
    let mut given = Vec::new();
    let make = |kept: &serveup::Kept<'_, '_>, made: &mut Vec<String>| {
        let position = kept.position();
        kept.moment(|moment| made.push(format!("{position:?} {:?}", moment.interaction)))
    };
    let hand_over = |made: Vec<String>| {
        given.extend(made);
        Ok::<_, serveup::SessionError>(true)
    };
    session.settle().unwrap().map(1, Vec::new, make, hand_over).unwrap();
    given
}

fn told(read: Result<(Summary, Vec<String>), String>, notes: Notes, rejects: &[u8], more: &str) -> Told {
    let summary = read.as_ref().ok().map(|(summary, _)| format!("{summary:?} {more}"));
    let rejects = String::from_utf8_lossy(rejects).into_owned();
    Told { records: read.map(|(_, records)| records), summary, noted: notes.0, rejects }
}

/// Reads records; `by_chunks` or one by one.
fn records(source: Source, options: Options<'_>, model: &Model, by_chunks: bool) -> Told {
    let (mut notes, mut rejects, mut session) = (Notes::default(), Vec::new(), session(model));
    let (mut records, _) = match Records::open(vec![source], None, options) {
        Ok(opened) => opened,
        Err(error) => return told(Err(error.to_string()), notes, &rejects, ""),
    };
    let mut one_by_one = Vec::new();
    let read = if by_chunks {
        records.read(&mut session, Some(&mut rejects), &mut notes)
    } else {
        records.for_each(Some(&mut rejects), &mut notes, |recorded, interaction| {
            one_by_one.push(format!("{:?} {interaction:?}", Some(recorded.position())));
            Ok(true)
        })
    };
    let timed = format!("{:?}", records.timed());
    let read = read.map_err(|error| error.to_string());
    let read = read.map(|summary| (summary, if by_chunks { given(session) } else { one_by_one }));
    told(read, notes, &rejects, &timed)
}

const MAP: &str = r#"if .point == "left" then {left_out: "that"} else {id: (.id // null), at: (.at // null), recipient, point: (.point // "desk"), signals: ((.signals // "") | split(";")), said: .said} end | with_entries(select(.value != null and .value != ""))"#;

/// Imports rows; `by_chunks` or one by one.
fn rows(source: Source, options: import::Options<'_>, model: &Model, by_chunks: bool) -> Told {
    let (mut notes, mut rejects, mut session) = (Notes::default(), Vec::new(), session(model));
    let map = Map::new("map.jq", MAP, None).unwrap();
    let mut import = match Import::open(vec![source], Some(map), options) {
        Ok(import) => import,
        Err(error) => return told(Err(error.to_string()), notes, &rejects, ""),
    };
    let mut one_by_one = Vec::new();
    let read = if by_chunks {
        import.read(&mut session, Some(&mut rejects), &mut notes)
    } else {
        import.for_each(Some(&mut rejects), &mut notes, |recorded, interaction| {
            one_by_one.push(format!("{:?} {interaction:?}", Some(recorded.position())));
            Ok(true)
        })
    };
    let counts = read.as_ref().map(|(_, counts)| format!("{counts:?}")).unwrap_or_default();
    let read = read.map_err(|error| error.to_string());
    let read = read.map(|(summary, _)| (summary, if by_chunks { given(session) } else { one_by_one }));
    told(read, notes, &rejects, &counts)
}

/// A table, most rows of which are good.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let header = select(vec![
        "id,recipient,point,signals,said",
        "recipient,point,id,said,signals,mood,served.pace",
        "Recipient, POINT ,at,signals,said,,",
        "\"recipient\",point,\"sig\"\"nals\",said,id",
    ]);
    let good = prop_oneof![
        8 => "[a-z]{1,9}",
        2 => Just(String::new()),
        1 => select(vec!["\"x,y\"", "\"two\nlines\"", "\"a \"\"b\"\"\"", "\"\"\"\"", "\"\r\n\"", "5\" pipe", "é日本", "a\\b", "\"\n\n\n,\n\""])
            .prop_map(str::to_owned),
        1 => select(vec!["late", "late;chased", "expected", "2026-01-05", "left"]).prop_map(str::to_owned),
    ];
    let bad = prop_oneof![
        select(vec![
            "\n",
            "\r\n",
            ",,,,",
            " , ,\t, ,",
            "\"never closed,x,y\n",
            "\"a\"b,c,d,e,f\n",
            "a,b\n",
            "\u{feff}a,b,c,d,e\n",
            "a,b,c,late,e,f,g,h,i\n",
            "a,b,c,,e,,,,\n",
            "recipient,point,id,said,signals\n",
            "id,recipient,point,signals,said\n",
            "a\rb,c\r",
            "\"",
            "total,,,,\n",
            "only\n",
            "\"\"\n",
            "\u{fffd},b,c,d,e\n",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        Just(b"\xff,b,c,d,e\n".to_vec()),
    ];
    let row = prop_oneof![
        30 => (proptest::collection::vec(good, 5), select(vec!["\n", "\n", "\n", "\r\n", "\r"]))
            .prop_map(|(cells, end)| (cells.join(",") + end).into_bytes()),
        1 => bad,
    ];
    (header, proptest::collection::vec(row, 0..150))
        .prop_map(|(header, rows)| [header.as_bytes(), b"\n", &rows.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_read_in_chunks_as_they_are_one_by_one(
        bytes in table(), way in select(WAYS.to_vec()), threads in select(vec![1, 2, 7]), keep_going in prop::bool::weighted(0.8),
        strict in prop::bool::weighted(0.1),
    ) {
        let model = Model::shipped();
        let options = |threads| Options { keep_going, strict: strict && !keep_going, threads, ..Options::new(&model) };
        let one_by_one = records(source(&bytes, Way::File), options(1), &model, false);
        let by_chunks = records(source(&bytes, way), options(threads), &model, true);
        prop_assert_eq!(one_by_one, by_chunks, "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn rows_are_imported_in_chunks_as_they_are_one_by_one(
        bytes in table(), way in select(WAYS.to_vec()), threads in select(vec![1, 2, 7]), keep_going in prop::bool::weighted(0.8),
        case in select(vec![None, Some("recipient"), Some("id")]), first: bool, latest: bool, trailer: bool,
    ) {
        let model = Model::shipped();
        let options = |threads| {
            let mut read = Options { keep_going, threads, ..Options::new(&model) };
            read.form.trailer = trailer;
            let case = case.map(|column| Case { column: column.to_owned(), first, asked: true });
            let as_of = if latest { AsOf::Latest(Times { names: &["at", "said"], formats: &[] }) } else { AsOf::Unknown };
            import::Options { read, case, as_of }
        };
        let one_by_one = rows(source(&bytes, Way::File), options(1), &model, false);
        let by_chunks = rows(source(&bytes, way), options(threads), &model, true);
        prop_assert_eq!(one_by_one, by_chunks, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn what_is_unpacked_beside_the_scan_says_the_same_of_damage() {
    let model = Model::shipped();
    let row = |number: u32| format!("r{number},c{},desk,late,\n", number % 9);
    let table: String =
        std::iter::once("id,recipient,point,signals,said\n".to_owned()).chain((0..20_000).map(row)).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(table.as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0x5A);
    let longer = [whole.as_slice(), b"and more"].concat();
    let twice = [whole.as_slice(), &whole].concat();
    for bytes in [&whole[..middle], &damaged, &longer, &twice] {
        let read = |threads, is_file: bool, by_chunks| {
            let source = if is_file {
                Source::seekable("in", Cursor::new(bytes.to_vec()), bytes.len() as u64)
            } else {
                Source::new("in", Slowly(Cursor::new(bytes.to_vec())))
            };
            records(source, Options { threads, ..Options::new(&model) }, &model, by_chunks)
        };
        let one_by_one = read(1, true, false);
        assert!(one_by_one.records.is_err(), "{one_by_one:?}");
        for threads in [1, 2, 7] {
            for is_file in [true, false] {
                assert_eq!(read(threads, is_file, true), one_by_one);
            }
        }
    }
}

/// Gives so many bytes at a time.
struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

#[test]
fn a_row_whose_quotes_are_wrong_ends_where_its_line_ends_however_it_comes() {
    let model = Model::shipped();
    for odd in ["\"a\"b,c,d,e\n", "\"a\"b,c,d,e\r\n", "\"a\"b,c\r", "\"a\"b,\"c\nd\",e\n", "a,\"b\"\"c\"d,e\n"] {
        let table = format!("recipient,point,said\nann,desk,one\n{odd}bob,desk,two\n{odd}").into_bytes();
        let options = || Options { keep_going: true, ..Options::new(&model) };
        let whole = records(source(&table, Way::File), options(), &model, false);
        for length in 1..=table.len() {
            let pieces = Source::new("in", Pieces(Cursor::new(table.clone()), length));
            assert_eq!(records(pieces, options(), &model, false), whole, "{odd:?} in pieces of {length}");
        }
    }
}
