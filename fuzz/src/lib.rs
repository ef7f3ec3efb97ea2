//! What must hold for any input, by the doors that everyone who uses the library goes through.
//! Everything is in memory. The targets call these functions with what the fuzzer finds,
//! `tests/seeds.rs` with the seeds.

use std::io::Cursor;

use serveup::import::{AsOf, Import, Inspector, Map, Options as Rows, Preset, RowSink};
use serveup::read::{self, Note, Observer, Options, Recorded, Records, Rejected, Source, Summary};
use serveup::sql::{self, Dialect, TableName};
use serveup::{
    DateFormat, DateFormats, Interaction, LevelWording, Model, Moment, Rating, Reading, Session, SessionError, Zone,
};

const RECORDS: &str = include_str!("../../examples/data/escalator.jsonl");

const HEADER: &[u8] = b"id,at,recipient,journey,transaction,point,action,signals,value,served.cadence,channel,stage,relation,verdict,claimed,recovers,response,said\n";

const TABLE: &str = "order,customer,brought in,promised,picked up,stars,remark\n\
    R-501,Nora,02.03.2026,06.03.2026,05.03.2026,5,They washed it\nR-502,Emil,02.03.2026,,,x,\n";

/// What makes a map run long, or take much memory.
const ENDLESS: [&str; 13] = [
    "def",
    "range",
    "repeat",
    "recurse",
    "while",
    "until",
    "limit",
    "*",
    "foreach",
    "reduce",
    "..",
    "combinations",
    "implode",
];

/// Records in any form: several threads read what one by one reads, rejects and messages included.
pub fn records(content: &[u8]) {
    let model = Model::shipped();
    let alone = [true, false].map(|keep_going| {
        [true, false].map(|strict| {
            let options = |threads| Options { keep_going, strict, threads, ..reading(&model) };
            let one_by_one = read_one_by_one(&model, content, options(1));
            for threads in [1, 3] {
                let read = read_into_session(&model, content, options(threads));
                assert_eq!(read, one_by_one, "{threads} threads, keep going: {keep_going}, strict: {strict}");
            }
            one_by_one
        })
    });
    let [[_, kept], [_, whole]] = alone;
    if whole.error.is_none() {
        assert_eq!(whole, kept, "nothing is rejected of what is good");
    }
}

/// Records as CSV, with a header of their own or, where the first byte is odd, a good one; and the same as an
/// export.
pub fn csv(content: &[u8]) {
    let Some((first, rest)) = content.split_first() else { return };
    let content = if first % 2 == 1 { [HEADER, rest].concat() } else { rest.to_owned() };
    records(&content);
    let model = Model::shipped();
    let _ = import(&model, &content, None, &mut Inspector::new(&model));
}

/// Levels files: one that is good rates, and is written as a query.
pub fn levels(content: &[u8]) {
    let Ok(text) = std::str::from_utf8(content) else { return };
    let Ok(model) = Model::with_overlay(text) else { return };
    let read = read_into_session(&model, RECORDS.as_bytes(), Options { keep_going: true, ..reading(&model) });
    assert_eq!(read.error, None, "a levels file that is good works everywhere");
    for dialect in [Dialect::DuckDb, Dialect::Spark] {
        let table = TableName::new("interactions", dialect).expect("a good name");
        assert!(!sql::query(&model, dialect, &table, None).is_empty());
    }
}

/// Maps: compiled, and run on two rows. A map is a program and may run for ever, which is no finding; such
/// maps are passed over by what they call.
pub fn maps(content: &[u8]) {
    let Ok(text) = std::str::from_utf8(content) else { return };
    let Ok(map) = Map::new("map", text, None) else { return };
    if !ENDLESS.iter().any(|word| text.contains(word)) {
        let _ = import(&Model::shipped(), TABLE.as_bytes(), Some(map), &mut Lines);
    }
}

/// Exports in any form: every preset, and the map that leaves a row as it is, counts each row once.
pub fn exports(content: &[u8]) {
    let model = Model::shipped();
    let texts = Preset::ALL.into_iter().map(|preset| preset.text).chain(["."]);
    for text in texts {
        let map = Map::new("map", text, None).expect("a map that is known to be good");
        let _ = import(&model, content, Some(map), &mut Lines);
    }
    let _ = import(&model, content, None, &mut Inspector::new(&model));
}

/// Dates, a line each, below a line of formats with `|` between: what RFC 3339 reads means the same
/// whatever the formats are, and what is not read is told in one line.
pub fn dates(content: &[u8]) {
    let Ok(text) = std::str::from_utf8(content) else { return };
    let (formats, dates) = text.split_once('\n').unwrap_or((text, ""));
    let formats: Vec<DateFormat> = formats.split('|').filter_map(|format| format.parse().ok()).collect();
    for format in &formats {
        assert_eq!(format.to_string().parse().as_ref(), Ok(format), "a format is written as it was read");
    }
    let formats = DateFormats::from(formats);
    for date in dates.lines() {
        for zone in [None, Some(&Zone::UTC)] {
            let plain = Moment::parse(date, zone);
            let read = formats.read(date, zone);
            if plain.is_ok() {
                assert_eq!(read, plain, "{date}");
            }
            if let Err(error) = read {
                let told = error.about(date);
                assert!(!told.is_empty() && !told.contains('\n'), "{told}");
            }
        }
    }
}

fn reading(model: &Model) -> Options<'_> {
    let formats = ["%d/%m/%Y %H:%M", "%s"].map(|format| format.parse().expect("a format that is known to be good"));
    let formats = DateFormats::from(formats.to_vec());
    Options::new(Reading { zone: Some(Zone::UTC), formats, ..Reading::from(model) })
}

fn source(content: &[u8]) -> Vec<Source> {
    vec![Source::new("input", Cursor::new(content.to_vec()))]
}

/// All that came of reading.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    summary: Summary,
    rows: Vec<String>,
    rejects: Vec<u8>,
    said: Said,
    error: Option<String>,
}

/// Everything that was said on the way.
#[derive(Debug, Default, PartialEq)]
struct Said(Vec<String>);

impl Observer for Said {
    fn rejected(&mut self, rejected: &Rejected<'_>) {
        self.0.push(rejected.to_string());
    }

    fn note(&mut self, note: &Note) {
        self.0.push(note.to_string());
    }
}

fn read_into_session(model: &Model, content: &[u8], options: Options<'_>) -> Outcome {
    outcome(model, content, options, |records, session, rejects, said| records.read(session, Some(rejects), said))
}

fn read_one_by_one(model: &Model, content: &[u8], options: Options<'_>) -> Outcome {
    outcome(model, content, options, |records, session, rejects, said| {
        let summary = records.for_each(Some(rejects), said, |_, interaction| {
            session.add(interaction)?;
            Ok(true)
        })?;
        session.take_back(summary.taken_back.clone());
        Ok(summary)
    })
}

fn outcome<'m>(
    model: &'m Model,
    content: &[u8],
    options: Options<'m>,
    read: impl FnOnce(&mut Records<'m>, &mut Session<'m>, &mut Vec<u8>, &mut Said) -> read::Result<Summary>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let Outcome { rejects, said, rows, .. } = &mut outcome;
    let read = || {
        let (mut records, recipients) = Records::open(source(content), None, options)?;
        let mut session = Session::of(model, recipients);
        let summary = read(&mut records, &mut session, rejects, said)?;
        session.settle()?.moments(|moment, when, _| {
            let rating = Rating::of(moment, LevelWording::Names);
            rows.push(format!("{when:?} {:?} {rating:?}", moment.interaction));
            Ok::<(), SessionError>(())
        })?;
        Ok::<_, read::Error>(summary)
    };
    match read() {
        Ok(summary) => outcome.summary = summary,
        Err(error) => outcome.error = Some(error.to_string()),
    }
    outcome
}

fn import(model: &Model, content: &[u8], map: Option<Map>, sink: &mut impl RowSink) -> read::Result<()> {
    let is_mapped = map.is_some();
    let options = Options { keep_going: true, ..reading(model) };
    let mut import = Import::open(source(content), map, Rows { read: options, case: None, as_of: AsOf::Unknown })?;
    let counts = import.run(Some(&mut Vec::new()), sink, &mut ())?;
    if is_mapped {
        let known = counts.mapped + counts.rejected + counts.dropped + counts.superseded;
        assert_eq!(counts.read, known, "no row is lost");
    }
    Ok(())
}

/// Takes interactions and does nothing with them.
struct Lines;

impl RowSink for Lines {
    fn wants_lines(&self) -> bool {
        true
    }

    fn mapped(&mut self, _: &Recorded<'_>, interactions: &[Interaction<'_>], lines: &[String]) -> read::Result<()> {
        assert_eq!(interactions.len(), lines.len());
        Ok(())
    }
}
