//! Records made up by chance: good ones, among them what makes it hard to see where one ends.

use serde_json::Value;

use crate::splitmix::SplitMix64;

/// One record: its fields with their values as JSON texts, in the order in which they are written.
#[derive(Clone)]
pub(crate) struct Record(pub(crate) Vec<(String, String)>);

/// Texts as JSON writes them: the ends of records seem to stand in them, escapes, characters of several bytes.
const SAID: [&str; 10] = [
    r#""thank you""#,
    r#""},\n{\"id\":\"x\"""#,
    r#""a } , { \" and \n {""#,
    r#""},{""#,
    r#""}]}""#,
    r#""日本語, ünïcödé 😀""#,
    r#""\u00e9\ud83d\ude00 \\""#,
    r#""tab\tand ; , | \"quotes\"""#,
    r#""\\\\\"""#,
    r#""""#,
];

const VALUES: [&str; 5] = [
    r#"["time"]"#,
    r#"[{"kind":"money","amount":1},{"kind":"time","amount":2}]"#,
    r#"[{"kind":"money","amount":12.50,"unit":"EUR"}, {"kind":"time","amount":2}, "felt-good"]"#,
    "[]",
    r#"["emotional","money"]"#,
];

const SIGNALS: [&str; 7] = [
    r#"["unexpected"]"#,
    r#"["as-agreed"]"#,
    r#"["on-time"]"#,
    r#"["late"]"#,
    r#"["unexpected","preferred-way"]"#,
    r#"["omitted"]"#,
    "[]",
];

const LEVELS: [&str; 4] = ["basic", "expected", "desired", "surprising"];

impl Record {
    fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Gives a field another value, or the record one more field.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.into(),
            None => self.put(name, value),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The record as one object; `indented` over several lines.
    pub(crate) fn json(&self, wide: bool, indented: bool) -> Vec<u8> {
        let (colon, comma) = if wide || indented { (": ", ", ") } else { (":", ",") };
        let members: Vec<_> = self.0.iter().map(|(name, value)| format!("\"{name}\"{colon}{value}")).collect();
        let text = if indented {
            format!("{{\n  {}\n}}", members.join(",\n  "))
        } else {
            format!("{{{}}}", members.join(comma))
        };
        text.into_bytes()
    }

    /// The record as a row under these columns, without a line break.
    pub(crate) fn row(&self, columns: &[String], delimiter: u8) -> Vec<u8> {
        let cells: Vec<_> = columns.iter().map(|column| cell(&self.cell(column), delimiter)).collect();
        cells.join(&char::from(delimiter).to_string()).into_bytes()
    }

    fn cell(&self, column: &str) -> String {
        let (name, key) = column.split_once('.').map_or((column, None), |(name, key)| (name, Some(key)));
        let Some(value) = self.get(name) else { return String::new() };
        match serde_json::from_str::<Value>(value) {
            Ok(value) => in_a_cell(key.map_or(&value, |key| &value[key])),
            Err(_) => value.to_owned(),
        }
    }
}

fn in_a_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(in_a_cell).collect::<Vec<_>>().join(";"),
        Value::Object(amount) if amount.contains_key("kind") => in_a_cell(&amount["kind"]),
        other => other.to_string(),
    }
}

fn cell(text: &str, delimiter: u8) -> String {
    if text.bytes().any(|byte| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n')) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// What the records of one input have in common.
pub(crate) struct Kind {
    timed: bool,
    in_order: bool,
    rising: bool,
    recipients: usize,
    /// How many in a hundred have something odd.
    odd: usize,
    /// How many in a hundred recover another one.
    recoveries: usize,
}

impl Kind {
    pub(crate) fn draw(chance: &mut SplitMix64) -> Self {
        Self {
            timed: chance.chance(85),
            in_order: chance.chance(75),
            rising: chance.chance(75),
            recipients: chance.pick(&[1, 4, 50, 1000]),
            odd: chance.pick(&[0, 5, 30, 60]),
            recoveries: chance.pick(&[0, 3]),
        }
    }

    /// The record of this number.
    pub(crate) fn record(&self, number: usize, chance: &mut SplitMix64) -> Record {
        let mut record = Record(Vec::new());
        if chance.chance(95) {
            record.put("id", format!("\"{}\"", self.id(number)));
        }
        if self.timed {
            let place = if self.in_order { number * 4 } else { chance.below(4 * (number + 1)) };
            record.put("at", at(place));
        }
        record.put("recipient", format!("\"c{}\"", chance.below(self.recipients)));
        record.put("point", format!("\"p{}\"", chance.below(3)));
        if chance.chance(50) {
            record.put("action", format!("\"act {}\"", chance.below(4)));
        }
        if chance.chance(70) {
            record.put("signals", chance.pick(&SIGNALS));
        }
        if chance.chance(40) {
            record.put("value", if chance.chance(self.odd) { chance.pick(&VALUES) } else { VALUES[0] });
        }
        if chance.chance(30) {
            record.put("served", format!("{{\"channel\":\"{}\"}}", chance.pick(&["email", "phone"])));
        }
        if chance.chance(20) {
            let value = if chance.chance(self.odd) { chance.pick(&SAID) } else { r#""north""# };
            record.put(
                "tags",
                format!(r#"{{"region":{value},"the \"tier\"":{}}}"#, chance.pick(&["7", "null", r#""a""#])),
            );
        }
        if chance.chance(30) {
            record.put("channel", format!("\"{}\"", chance.pick(&["email", "phone", "日本"])));
            record.put("stage", format!("\"{}\"", chance.pick(&["beginning", "end"])));
        }
        if chance.chance(15) {
            record.put("verdict", format!("\"{}\"", chance.pick(&LEVELS)));
            record.put("claimed", format!("\"{}\"", chance.pick(&LEVELS)));
        }
        if chance.chance(self.odd) {
            record.put("said", chance.pick(&SAID));
        }
        if chance.chance(self.recoveries) && number > 0 {
            record.put("recovers", format!("\"{}\"", self.id(chance.below(number))));
        }
        if chance.chance(self.odd / 5) {
            record.put("mood", r#""an unknown field""#);
        }
        if chance.chance(self.odd / 2) {
            // odd fields early, and any order
            let place = chance.below(record.0.len());
            record.0.rotate_left(place);
        }
        record
    }

    fn id(&self, number: usize) -> String {
        // an odd factor less than the power of two leaves every id once
        let number = if self.rising { number } else { number * 40_503 % 65_536 + (number & !0xFFFF) };
        format!("r{number}")
    }
}

/// So many minutes after a beginning.
fn at(minutes: usize) -> String {
    let (day, minute) = (minutes / 1440, minutes % 1440);
    let (year, month, day) = (2026 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
    format!("\"{year}-{month:02}-{day:02}T{:02}:{:02}:00Z\"", minute / 60, minute % 60)
}
