//! Good files, and what can be done to their bytes.

use std::fs;
use std::path::Path;

use crate::splitmix::SplitMix64;

/// Files that are good as they are, by what they are for.
pub(crate) struct Corpus {
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) people: Vec<Vec<u8>>,
    pub(crate) levels: Vec<Vec<u8>>,
    pub(crate) exports: Vec<(&'static str, Vec<u8>)>,
    pub(crate) maps: Vec<(Vec<u8>, Vec<u8>)>,
}

const EXPORTS: [(&str, &str); 9] = [
    ("zendesk", "zendesk.jsonl"),
    ("zendesk", "zendesk-api.jsonl"),
    ("zendesk-csv", "zendesk.csv"),
    ("intercom", "intercom.jsonl"),
    ("freshdesk", "freshdesk.json"),
    ("freshdesk", "freshdesk-ratings.json"),
    ("chatwoot-csat", "chatwoot-csat-en.csv"),
    ("servicenow", "servicenow.csv"),
    ("servicenow", "servicenow-log.csv"),
];

/// Records as other programs keep them.
const FILES: [&str; 10] = [
    "openpyxl.xlsx",
    "libreoffice.ods",
    "libreoffice.xls",
    "libreoffice-people.ods",
    "kinds.xlsx",
    "gzip.xlsx.gz",
    "gzip-members.jsonl.gz",
    "zstd-frames.jsonl.zst",
    "jq-mixed.json",
    "pandas-utf16.csv",
];

/// One record of everything, its times and amounts at their limits.
const EVERYTHING: &str = r#"[
{"recipient":"a\u00e9\ud83d\ude00","point":"p","id":"1","at":"0001-01-01","action":"x","signals":["unexpected","late"],"value":[{"kind":"money","amount":123456789012345e13,"unit":"EUR"},"time"],"served":{"channel":"e-mail","pace":"fast"},"channel":"phone","stage":"end","relation":"internal","provider":"q","team":"t","verdict":"basic","claimed":"desired","said":"no; \"yes\"\n","recovers":"2","response":"blame","journey":"j","transaction":"t"},
{"recipient":7,"point":1.50,"id":"2","at":"9999-12-30T23:59:59.999999999+23:59","action":"x","signals":["omitted"],"value":[]},
{"recipient":"a","point":"p","id":"3","at":"2016-12-31T23:59:60-23:59","signals":[],"value":null,"served":{},"team":""}
]"#;

const PEOPLE: &str = r#"[{"id":"acme","name":"Acme","prefers":{"cadence":"weekly","channel":"email"},"values":["felt-good","relational"]},
{"id":"a","prefers":{"channel":"phone"},"values":[]},{"id":"mara","values":["emotional"]}]"#;

const OVERLAYS: [&str; 3] = [
    "[escalator]\nmemory_days = 90\nunnamed = \"point\"\nfrom = \"desired\"\n",
    "[[levels]]\nname = \"desired\"\nlabel = \"Gewünscht\"\nlasts = 3\nneeds_value = true\n[levels.signals]\nsmiled = \"they smiled\"\n",
    "[[market]]\nact = \"handwritten-note\"\nsince = 2026-02-01\nlevel = \"expected\"\n[[value]]\ncategory = \"quantified\"\nkinds = {water = \"litres\"}\n[loyalty]\nrecent = 2\n[enough]\ninteractions = 1\nrecipients = 1\n",
];

impl Corpus {
    /// The examples that ship, and a few more.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| fs::read(root.join(path)).unwrap();
        let data = |name: &str| read(&format!("examples/data/{name}"));
        let helpdesk = data("helpdesk.jsonl");
        // large inputs cost time and find nothing more
        let lines: Vec<_> = helpdesk.split_inclusive(|&byte| byte == b'\n').take(60).collect();
        let (agency, shop, jsonl, csv) =
            (data("agency.json"), data("shop.json"), data("escalator.jsonl"), data("escalator.csv"));
        let mut records = vec![lines.concat(), agency, shop, jsonl, csv, EVERYTHING.into()];
        records.extend(FILES.map(|name| read(&format!("tests/read/data/{name}"))));
        let lines_of_people = PEOPLE.replace("},\n", "}\n").trim_matches(['[', ']']).into();
        Self {
            records,
            people: vec![PEOPLE.into(), lines_of_people, read("tests/read/data/recipients.xlsx")],
            levels: [read("levels.toml"), data("memory.toml")]
                .into_iter()
                .chain(OVERLAYS.map(|overlay| overlay.as_bytes().to_owned()))
                .collect(),
            exports: EXPORTS.map(|(preset, file)| (preset, read(&format!("tests/import/data/{file}")))).into(),
            maps: ["complaints", "orders", "repairs"]
                .map(|name| (read(&format!("examples/maps/{name}.jq")), read(&format!("examples/maps/{name}.csv"))))
                .into(),
        }
    }
}

/// Words that mean something somewhere, or lie at a limit.
pub(crate) const WORDS: [&str; 60] = [
    "criminal",
    "basic",
    "expected",
    "desired",
    "surprising",
    "unbelievable",
    "late",
    "unexpected",
    "omitted",
    "as-agreed",
    "preferred-way",
    "preference-missed",
    "story-told",
    "time",
    "money",
    "emotional",
    "blame",
    "responsibility",
    "beginning",
    "external",
    "acme",
    "e01",
    "a01",
    "handwritten-note",
    "0001-01-01",
    "0000-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59.999999999Z",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2016-12-31T23:59:60Z",
    "2026-03-29T02:30:00",
    "2026-02-30",
    "1969-12-31T23:59:59Z",
    "2026-W05",
    "10000-01-01",
    "-0001-01-01",
    "24:00",
    "",
    " ",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "=1+1",
    "a/b/c",
    "//",
    "ÿ",
    "😀",
    "\\ud800",
    "\\u0000",
    "\\\"",
    "null",
    "true",
    "[]",
    "{}",
    "NaN",
    "-0",
    "1e309",
    "recipient",
];

const NUMBERS: [&str; 14] = [
    "1e999999999",
    "-1e-999999999",
    "18446744073709551616",
    "9223372036854775807",
    "-9223372036854775808",
    "79228162514264337593543950336",
    "0.0000000000000000000000000000000001",
    "1E400",
    "4294967296",
    "-1",
    "00",
    "0x10",
    "1_000",
    "inf",
];

const NOT_TEXT: [&[u8]; 7] =
    [b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80\x80", b"\xe2\x82"];

const SIGNS: [&[u8]; 24] = [
    b"\"",
    b"'",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\\",
    b"=",
    b"#",
    b"\"\"\"",
    b"|",
    b".",
    b"\0",
    b"\x0b",
    b"\xc2\xa0",
    b"(",
    b")",
];

const NESTED: [(&[u8], &[u8]); 6] =
    [(b"[", b"]"), (b"{\"a\":", b"}"), (b"{\"served\":", b"}"), (b"(", b")"), (b"[{\"value\":", b"}]"), (b"a.", b"")];

/// Damages a file; `others` is what may get mixed into it.
pub(crate) fn damage(bytes: &mut Vec<u8>, chance: &mut SplitMix64, others: &[Vec<u8>]) {
    let times = if chance.chance(60) { 1 } else { 2 + chance.below(3) };
    for _ in 0..times {
        let place = chance.below(bytes.len() + 1);
        match chance.below(22) {
            0 => flip(bytes, chance),
            1 => put(bytes, place, chance.below(3), &[chance.draw().to_le_bytes()[0]]),
            2 => put(bytes, place, chance.below(60), b""),
            3 => repeat(bytes, place, chance),
            4 => bytes.truncate(place),
            5 if !others.is_empty() => splice(bytes, place, chance, others),
            6 => nest(bytes, place, chance),
            7 => put(bytes, place, chance.below(4), chance.pick(&NUMBERS).as_bytes()),
            8 => put(bytes, place, chance.below(2), chance.pick(&NOT_TEXT)),
            9 => {
                put(bytes, 0, 0, chance.pick(&[b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"]));
            }
            10 | 11 => put(bytes, place, chance.below(2), chance.pick(&SIGNS)),
            12 => swap_lines(bytes, chance),
            13 if chance.chance(10) => *bytes = utf_16(bytes, chance.chance(50)),
            14 if chance.chance(10) => {
                let long = vec![chance.pick(b"a\"\n,[ \xc3"); 1 << chance.below(19)];
                put(bytes, place, 0, &long);
            }
            15 if chance.chance(10) => bytes.clear(),
            16 => put(bytes, place, 0, chance.pick(&WORDS).as_bytes()),
            17 => number(bytes, place, chance),
            _ => word(bytes, place, chance),
        }
        bytes.truncate(1 << 21);
    }
}

/// Puts something in the place of some bytes.
fn put(bytes: &mut Vec<u8>, place: usize, instead_of: usize, what: &[u8]) {
    let end = (place + instead_of).min(bytes.len());
    bytes.splice(place..end, what.iter().copied());
}

fn flip(bytes: &mut [u8], chance: &mut SplitMix64) {
    for _ in 0..=chance.below(8) {
        if !bytes.is_empty() {
            let place = chance.below(bytes.len());
            bytes[place] ^= 1 << chance.below(8);
        }
    }
}

fn repeat(bytes: &mut Vec<u8>, place: usize, chance: &mut SplitMix64) {
    let end = (place + chance.below(200)).min(bytes.len());
    let times = if chance.chance(10) { chance.below(300) } else { 1 + chance.below(3) };
    let piece = bytes[place..end].repeat(times);
    put(bytes, end, 0, &piece);
}

fn splice(bytes: &mut Vec<u8>, place: usize, chance: &mut SplitMix64, others: &[Vec<u8>]) {
    let other = &others[chance.below(others.len())];
    let from = chance.below(other.len() + 1);
    let until = if chance.chance(50) { other.len() } else { from + chance.below(other.len() - from + 1) };
    let piece = &other[from..until];
    if chance.chance(50) {
        bytes.truncate(place);
    }
    put(bytes, place.min(bytes.len()), 0, piece);
}

fn nest(bytes: &mut Vec<u8>, place: usize, chance: &mut SplitMix64) {
    let (open, close) = chance.pick(&NESTED);
    let depth = chance.pick(&[2, 40, 120, 130, 300, 5_000, 100_000]);
    let depth = if depth > 1_000 && chance.chance(70) { 200 } else { depth };
    let mut piece = open.repeat(depth);
    if chance.chance(50) {
        piece.extend(b"1");
        piece.extend(close.repeat(depth));
    }
    put(bytes, place, 0, &piece);
}

fn swap_lines(bytes: &mut Vec<u8>, chance: &mut SplitMix64) {
    let mut lines: Vec<_> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    if !lines.is_empty() {
        let (one, other) = (chance.below(lines.len()), chance.below(lines.len()));
        lines.swap(one, other);
        *bytes = lines.concat();
    }
}

fn utf_16(bytes: &[u8], little: bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

/// Puts a word in the place of the first one from here on, so that the file stays what it is and says something else.
fn word(bytes: &mut Vec<u8>, place: usize, chance: &mut SplitMix64) {
    let part_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'.' | b'_' | b'+');
    let Some(start) = bytes[place..].iter().position(part_of_word) else { return };
    let start = place + start;
    let end = bytes[start..].iter().position(|byte| !part_of_word(byte)).map_or(bytes.len(), |end| start + end);
    let other = if chance.chance(50) {
        chance.pick(&WORDS).as_bytes().to_owned()
    } else {
        // a word of the same file: names of fields, ids and times come in the wrong places, or twice
        let from = chance.below(bytes.len());
        let words = bytes[from..].split(|byte| !part_of_word(byte)).filter(|word| word.len() > 1);
        words.take(1).flatten().copied().collect()
    };
    put(bytes, start, end - start, &other);
}

/// Puts a number in the place of the first digits from here on.
fn number(bytes: &mut Vec<u8>, place: usize, chance: &mut SplitMix64) {
    let Some(start) = bytes[place..].iter().position(u8::is_ascii_digit) else { return };
    let start = place + start;
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let written = if chance.chance(50) { chance.pick(&NUMBERS).to_owned() } else { chance.below(1 << 20).to_string() };
    put(bytes, start, length, written.as_bytes());
}
