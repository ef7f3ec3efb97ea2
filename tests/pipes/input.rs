//! An input by chance: records in some layout, with up to three things wrong with it.

use std::fs;
use std::path::Path;

use crate::asked::LONG;
use crate::damage::Damage;
use crate::records::{Kind, Record};
use crate::splitmix::SplitMix64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Lines,
    /// In one line.
    Array,
    /// With line breaks.
    ArrayOfLines,
    InteractionsFirst,
    RecipientsFirst,
    /// Objects with a blank between them.
    Blanks,
    /// Objects over several lines.
    Indented,
    Commas,
    Semicolons,
    Tabs,
    /// Exports of help desks.
    Zendesk,
    ServiceNow,
}

impl Layout {
    /// Those that are cut into pieces come more often.
    const ALL: [Self; 16] = [
        Self::Lines,
        Self::Lines,
        Self::Lines,
        Self::Array,
        Self::Array,
        Self::ArrayOfLines,
        Self::ArrayOfLines,
        Self::InteractionsFirst,
        Self::RecipientsFirst,
        Self::Blanks,
        Self::Indented,
        Self::Commas,
        Self::Semicolons,
        Self::Tabs,
        Self::Zendesk,
        Self::ServiceNow,
    ];

    /// What separates the cells of a table.
    pub(crate) const fn delimiter(self) -> Option<u8> {
        match self {
            Self::Commas | Self::ServiceNow => Some(b','),
            Self::Semicolons => Some(b';'),
            Self::Tabs => Some(b'\t'),
            _ => None,
        }
    }

    pub(crate) const fn is_export(self) -> bool {
        matches!(self, Self::Zendesk | Self::ServiceNow)
    }
}

pub(crate) struct Input {
    pub(crate) layout: Layout,
    pub(crate) damages: Vec<Damage>,
    /// Whether something is wrong with the first record, by which the layout is told.
    pub(crate) damaged_at_first: bool,
    pub(crate) bytes: Vec<u8>,
}

/// Rows of exports, to be repeated.
pub(crate) struct Exports {
    zendesk: Vec<Vec<u8>>,
    service_now: Vec<Vec<u8>>,
}

impl Exports {
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/data");
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        let line = |bytes: &[u8]| bytes.trim_ascii_end().to_owned();
        let zendesk = read("zendesk.jsonl").split_inclusive(|&byte| byte == b'\n').map(line).collect();
        let service_now = read("servicenow-log.csv").split_inclusive(|&byte| byte == b'\n').map(line).collect();
        Self { zendesk, service_now }
    }
}

/// A record as it will be written.
struct Written {
    record: Option<Record>,
    bytes: Vec<u8>,
}

/// The columns of a table.
const COLUMNS: [&str; 16] = [
    "id",
    "at",
    "recipient",
    "point",
    "action",
    "signals",
    "value",
    "served.channel",
    "channel",
    "stage",
    "verdict",
    "claimed",
    "said",
    "recovers",
    "tags.region",
    "tags.the \"tier\"",
];

/// How the records of an input are written.
struct Form {
    layout: Layout,
    wide: bool,
    columns: Vec<String>,
}

impl Form {
    fn write(&self, record: &Record) -> Vec<u8> {
        match self.layout.delimiter() {
            Some(delimiter) => record.row(&self.columns, delimiter),
            None => record.json(self.wide, self.layout == Layout::Indented),
        }
    }
}

impl Input {
    /// An input for pieces of this length, of a few of them.
    pub(crate) fn draw(chance: &mut SplitMix64, exports: &Exports, piece: usize) -> Self {
        let layout = chance.pick(&Layout::ALL);
        let size = match chance.below(10) {
            0 => chance.below(piece),
            1..7 => piece + chance.below(5 * piece / 2),
            _ => 2 * piece + chance.below(4 * piece),
        };
        let size = if layout.is_export() { size.min(LONG) } else { size };
        let mut columns: Vec<_> = COLUMNS.map(str::to_owned).into();
        if chance.chance(30) {
            columns.push("mood".to_owned());
        }
        let form = Form { layout, wide: chance.chance(30), columns };
        let mut written = match layout {
            Layout::Zendesk => repeated(&exports.zendesk, size),
            Layout::ServiceNow => repeated(&exports.service_now[1..], size),
            _ => made_up(&form, size, chance),
        };
        let times = chance.pick(&[0, 0, 1, 1, 1, 1, 2, 2, 3]);
        let mut damages = Vec::new();
        let mut damaged_at_first = false;
        while damages.len() < times && !written.is_empty() {
            let damage = chance.pick(&Damage::ALL);
            let index = place(&written, piece, chance);
            if damage == Damage::CutAtTheEnd || damaged(&mut written, index, damage, &form, piece, chance) {
                damaged_at_first |= index == 0;
                damages.push(damage);
            }
        }
        let mut bytes = laid_out(&form, &written, exports, chance);
        if damages.contains(&Damage::CutAtTheEnd) {
            let last = written.last().map_or(0, |last| last.bytes.len());
            damaged_at_first |= written.len() == 1;
            bytes.truncate(bytes.len().saturating_sub(1 + chance.below(last + 4)));
        }
        Self { layout, damages, damaged_at_first, bytes }
    }
}

fn made_up(form: &Form, size: usize, chance: &mut SplitMix64) -> Vec<Written> {
    let kind = Kind::draw(chance);
    let (mut written, mut length) = (Vec::new(), 0);
    while length < size || written.is_empty() {
        let record = kind.record(written.len(), chance);
        let bytes = form.write(&record);
        length += bytes.len() + 1;
        written.push(Written { record: Some(record), bytes });
    }
    written
}

fn repeated(rows: &[Vec<u8>], size: usize) -> Vec<Written> {
    let mut length = 0;
    let begun = |bytes: &Vec<u8>| {
        let fits = length <= size;
        length += bytes.len() + 1;
        fits.then(|| Written { record: None, bytes: bytes.clone() })
    };
    rows.iter().cycle().map_while(begun).collect()
}

/// Which record is to be damaged: one at the beginning, near the end of a piece, at the end, or any.
fn place(written: &[Written], piece: usize, chance: &mut SplitMix64) -> usize {
    let length: usize = written.iter().map(|record| record.bytes.len() + 1).sum();
    let target = match chance.below(10) {
        0 => return chance.below(written.len().min(3)),
        1 => return written.len() - 1 - chance.below(written.len().min(3)),
        2..7 => {
            let end = piece * (1 + chance.below(1 + length / piece));
            (end + chance.below(400)).saturating_sub(200)
        }
        _ => chance.below(length),
    };
    let mut end = 0;
    let behind = |record: &Written| {
        end += record.bytes.len() + 1;
        end > target
    };
    written.iter().position(behind).unwrap_or(written.len() - 1)
}

fn damaged(
    written: &mut [Written],
    index: usize,
    damage: Damage,
    form: &Form,
    piece: usize,
    chance: &mut SplitMix64,
) -> bool {
    let huge = piece / 2 + chance.below(2 * piece);
    let other = written[chance.below(written.len())].record.clone();
    let Written { record, bytes } = &mut written[index];
    if let (Some(record), Some(other)) = (record, other)
        && damage.fields(record, &other, huge, chance)
    {
        *bytes = form.write(record);
        if damage == Damage::FieldTwice && form.layout.delimiter().is_some() {
            bytes.extend(b",;\t1");
        }
        return true;
    }
    damage.bytes(bytes, chance)
}

/// People with what they prefer, as many as asked for.
pub(crate) fn people(count: usize) -> String {
    let person = |number: usize| {
        let values = if number.is_multiple_of(3) { "\"felt-good\"" } else { "\"time\"" };
        format!("{{\"id\":\"c{number}\",\"prefers\":{{\"channel\":\"email\"}},\"values\":[{values}]}}")
    };
    format!("[{}]", (0..count).map(person).collect::<Vec<_>>().join(",\n"))
}

fn laid_out(form: &Form, written: &[Written], exports: &Exports, chance: &mut SplitMix64) -> Vec<u8> {
    let joined = |between: &str| {
        written.iter().map(|record| record.bytes.as_slice()).collect::<Vec<_>>().join(between.as_bytes())
    };
    let around = |before: &str, between: &str, after: &str| {
        [before.as_bytes(), joined(between).as_slice(), after.as_bytes()].concat()
    };
    let people = people(chance.pick(&[0, 3, 40]));
    let key = chance.pick(&["", "\"made\": {\"at\": -12.5e+3, \"by\": [\"}\", \"{\"]}, "]);
    let comma = chance.pick(&[",", ", ", " , "]);
    match form.layout {
        Layout::Lines | Layout::Zendesk => around("", "\n", chance.pick(&["\n", "", "\n\n"])),
        Layout::Array => around("[", comma, "]"),
        Layout::ArrayOfLines => around("[\n", chance.pick(&[",\n", "\n,", ",\n\n  "]), "\n]\n"),
        Layout::InteractionsFirst => {
            around(&format!("{{{key}\"interactions\": ["), comma, &format!("], \"recipients\": {people}}}\n"))
        }
        Layout::RecipientsFirst => {
            around(&format!("{{\"recipients\": {people}, {key}\"interactions\":[\n"), ",\n", "]}")
        }
        Layout::Blanks => around("", " ", ""),
        Layout::Indented => around("", chance.pick(&["\n", "\n\n"]), "\n"),
        Layout::ServiceNow => [exports.service_now[0].as_slice(), b"\n", &joined("\n"), b"\n"].concat(),
        Layout::Commas | Layout::Semicolons | Layout::Tabs => {
            let between = char::from(form.layout.delimiter().unwrap()).to_string();
            let line_break = chance.pick(&["\n", "\r\n"]);
            around(&format!("{}{line_break}", form.columns.join(&between)), line_break, line_break)
        }
    }
}
