//! No record is lost: what was taken and what was rejected is what there is, counted by another reader.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::asked::Asked;
use crate::damage::Damage;
use crate::delivery::Ran;
use crate::input::{Input, Layout};

/// What a run says against the count of records, if that can be known.
pub(crate) fn broken(asked: &Asked, input: &Input, ran: &Ran) -> Option<String> {
    if !matches!(ran.status, Some(0 | 1 | 3)) || input.damaged_at_first {
        // by the first record the layout is told
        return None;
    }
    let import = asked.has("import");
    let there = count(input, import)?;
    let stderr = String::from_utf8_lossy(&ran.stderr);
    let taken = if asked.has("--keep-going") {
        let told = stderr.lines().filter_map(|line| if import { read_of(line) } else { took_of(line) });
        let [(taken, rejected)] = told.collect::<Vec<_>>()[..] else {
            // without a map there is nothing to tell
            return (!(import && asked.has("--inspect"))).then(|| "nothing is said of how many were taken".to_owned());
        };
        if taken + rejected != there {
            return Some(format!("{taken} taken and {rejected} rejected, but there are {there}"));
        }
        taken
    } else {
        there
    };
    if !asked.has("rate") || asked.has("--since") {
        return None;
    }
    let rows = rows(asked.format(), ran.printed())?;
    (rows != taken).then(|| format!("{rows} rows of {taken} records taken"))
}

/// `accepted N of M records, rejected R`.
fn took_of(line: &str) -> Option<(usize, usize)> {
    let rest = line.strip_prefix("serveup: ").unwrap_or(line).strip_prefix("accepted ")?;
    let (taken, rest) = rest.split_once(" of ")?;
    let (_, rejected) = rest.split_once(" rejected ")?;
    Some((number(taken)?, number(rejected)?))
}

/// `read N rows: M mapped to I interactions, R rejected, D dropped by the map, S superseded by another row of the case`:
/// what was read without being rejected, and what was rejected.
fn read_of(line: &str) -> Option<(usize, usize)> {
    let (read, rest) = line.strip_prefix("serveup: ").unwrap_or(line).strip_prefix("read ")?.split_once(": ")?;
    let read = number(read.split(' ').next()?)?;
    // numbers are grouped by commas only from thousands on
    let rest = rest.replace(", ", "; ");
    let part_of =
        |word: &str| rest.split("; ").find(|part| part.contains(word)).map_or(Some(0), |part| number(first(part)));
    let (mapped, rejected) = (part_of(" mapped ")?, part_of(" rejected")?);
    let (dropped, older) = (part_of(" dropped ")?, part_of(" superseded ")?);
    (mapped + rejected + dropped + older == read).then_some((read - rejected, rejected))
}

fn first(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// A number that may be grouped.
fn number(text: &str) -> Option<usize> {
    text.replace([',', ' ', '\u{a0}', '\u{202f}'], "").parse().ok()
}

/// How many rows of ratings were printed, where that can be counted.
fn rows(format: &str, printed: &[u8]) -> Option<usize> {
    match format {
        "tsv" => Some(lines(printed).saturating_sub(1)),
        "jsonl" => Some(lines(printed)),
        "csv" => Some(csv::Reader::from_reader(printed).byte_records().count()),
        "json" => serde_json::from_slice::<Vec<IgnoredAny>>(printed).ok().map(|rows| rows.len()),
        _ => None,
    }
}

fn lines(text: &[u8]) -> usize {
    text.split_inclusive(|&byte| byte == b'\n').count()
}

/// How many records there are. A break in the syntax of a list ends it, and the rest is one; one between
/// values ends with the line before the next object.
fn count(input: &Input, import: bool) -> Option<usize> {
    let bytes = &input.bytes;
    if let Some(delimiter) = input.layout.delimiter() {
        // the other reader takes a quote that is never closed for the rest of the file
        let quotes = [Damage::Unclosed, Damage::CutInTheMiddle, Damage::Stray];
        if input.damages.iter().any(|damage| quotes.contains(damage)) {
            return None;
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(&bytes[..]);
        return Some(reader.byte_records().count());
    }
    // to an import, a document is a row
    let is_document = matches!(input.layout, Layout::InteractionsFirst | Layout::RecipientsFirst) && !import;
    if is_document {
        let (count, end) = document(bytes);
        return Some(count + end.map_or(1, |end| values(bytes, end)));
    }
    Some(values(bytes, 0))
}

/// Where the value that starts here ends, if it is one.
fn value(bytes: &[u8], at: usize) -> Option<usize> {
    let mut values = Deserializer::from_slice(&bytes[at..]).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(at + values.byte_offset())
}

fn space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// How many values stand in the list whose bracket has been opened, and where it ends unless its syntax breaks.
fn list(bytes: &[u8], mut at: usize) -> (usize, Option<usize>) {
    let mut count = 0;
    at = space(bytes, at);
    if bytes.get(at) == Some(&b']') {
        return (0, Some(at + 1));
    }
    while let Some(end) = value(bytes, at) {
        count += 1;
        at = space(bytes, end);
        match bytes.get(at) {
            Some(b']') => return (count, Some(at + 1)),
            Some(b',') => at = space(bytes, at + 1),
            _ => break,
        }
    }
    (count, None)
}

/// How many records stand in a document, and where it ends unless its syntax breaks.
fn document(bytes: &[u8]) -> (usize, Option<usize>) {
    let mut count = 0;
    let mut walk = || {
        let mut at = space(bytes, 0) + 1;
        loop {
            at = space(bytes, at);
            let end = value(bytes, at)?;
            let key = &bytes[at..end];
            at = space(bytes, end);
            (bytes.get(at) == Some(&b':')).then_some(())?;
            at = space(bytes, at + 1);
            if key == b"\"interactions\"" {
                (bytes.get(at) == Some(&b'[')).then_some(())?;
                let (there, end) = list(bytes, at + 1);
                count += there;
                at = end?;
            } else {
                at = value(bytes, at)?;
            }
            at = space(bytes, at);
            match bytes.get(at) {
                Some(b',') => at += 1,
                Some(b'}') => return Some(at + 1),
                _ => return None,
            }
        }
    };
    let end = walk();
    (count, end)
}

/// How many records stand in the values from there on: objects, and lists of them.
fn values(bytes: &[u8], at: usize) -> usize {
    let (mut count, mut at) = (0, space(bytes, at));
    while at < bytes.len() {
        if bytes[at] == b'[' {
            let (there, end) = list(bytes, at + 1);
            count += there;
            let Some(end) = end else { return count + 1 };
            at = space(bytes, end);
            continue;
        }
        count += 1;
        let end = value(bytes, at);
        let good = end.filter(|_| bytes[at] == b'{');
        at = good.unwrap_or_else(|| {
            let behind = end.unwrap_or(at).max(at + 1) - 1;
            let breaks = bytes[behind..].windows(2).position(|pair| pair == b"\n{");
            breaks.map_or(bytes.len(), |line_break| behind + line_break + 1)
        });
        at = space(bytes, at);
    }
    count
}
