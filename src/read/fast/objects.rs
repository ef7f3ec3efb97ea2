//! Chunks of JSON: where records end there, and how they are read.

use memchr::memrchr;

use super::chunk::{Format, Next, ReadRecords, breaks};
use super::record::{self, KeyPredictor, Usual};
use crate::read::document::LISTS;
use crate::read::object::{self, Read, Spans};
use crate::read::written::{Written, interaction_field};
use crate::record::draft::{Draft, Reading};
use crate::record::interaction::Interaction;

/// How many closing braces are tried as a place to cut.
const TRIES: usize = 64;

/// What is between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    /// A line break.
    Lines,
    /// A comma.
    Commas,
}

impl Format for Between {
    type Records<'t> = Objects<'t>;

    fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        let mut end = bytes.len();
        for _ in 0..TRIES {
            let brace = memrchr(b'}', &bytes[..end])?;
            let after = &bytes[brace + 1..];
            let rest = after.trim_ascii_start();
            let follows = match self {
                Self::Lines => rest.starts_with(b"{") && after[..after.len() - rest.len()].contains(&b'\n'),
                Self::Commas => rest.strip_prefix(b",").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{")),
            };
            if follows {
                return Some(brace + 1);
            }
            end = brace;
        }
        None
    }

    fn records<'t>(&'t self, text: &'t str) -> Objects<'t> {
        Objects {
            text,
            between: *self,
            at: 0,
            line: 0,
            draft: Draft::default(),
            predictor: KeyPredictor::NEW,
            names: Vec::new(),
            spans: Spans::default(),
            odd: None,
        }
    }
}

/// Reads the objects of a chunk.
pub(crate) struct Objects<'t> {
    text: &'t str,
    between: Between,
    /// Where the last one ends, and how many line breaks are before that.
    at: usize,
    line: u32,
    draft: Draft<'t>,
    predictor: KeyPredictor,
    /// The unknown fields of the current one.
    names: Vec<&'t str>,
    spans: Spans,
    /// The current one, where it is not of the common kind.
    odd: Option<Interaction<'t>>,
}

impl<'t> ReadRecords<'t> for Objects<'t> {
    fn next(&mut self, reading: &Reading<'_>, unknown: &mut dyn FnMut(&str)) -> Next<'_, 't> {
        let (text, between) = (self.text, self.between);
        let Some(start) = next_record(text.as_bytes(), self.at, between) else {
            return if self.at == text.len() { Next::End } else { Next::Odd };
        };
        let line = self.line + breaks(&text.as_bytes()[self.at..start]);
        self.names.clear();
        let usual = record::record(text, start, reading, &mut self.predictor, &mut self.draft, &mut self.names);
        if let Some(Usual { interaction, end, breaks }) = usual {
            if between == Between::Lines && self.names.iter().any(|name| LISTS.contains(name)) {
                return Next::Odd;
            }
            (self.at, self.line) = (end, line + breaks);
            self.names.iter().for_each(|name| unknown(name));
            return Next::Record { interaction, start, end, line, plain: true };
        }
        let spans = &mut self.spans;
        let Read::Whole(length) = object::read_object(&text.as_bytes()[start..], interaction_field, spans) else {
            return Next::Odd;
        };
        if spans.twice.is_some() || spans.deep.is_some() {
            return Next::Odd;
        }
        // it may be a document, which the reader that goes record by record tells
        if between == Between::Lines && spans.unknown.iter().any(|name| LISTS.contains(&name.as_str())) {
            return Next::Odd;
        }
        let end = start + length;
        let Some(text) = text.get(start..end) else { return Next::Odd };
        let Ok(interaction) = (Written { text, spans }).interaction(reading) else { return Next::Odd };
        (self.at, self.line) = (end, line + breaks(text.as_bytes()));
        spans.unknown.iter().for_each(|name| unknown(name));
        Next::Record { interaction: self.odd.insert(interaction), start, end, line, plain: false }
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::Model;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn records_know_in_which_line_they_start(
            records in proptest::collection::vec(
                (
                    select(vec![
                        r#"{"recipient":"c","point":"p"}"#,
                        "{\"recipient\":\"c\",\n\"point\" : \"p\",\"signals\":[\n\"late\"]}",
                        "{\n\"recipient\":\"c\",\"point\":\"p\"\n}",
                        // these are read by the full reader
                        "{\"recipient\":\"\\u0063\",\n\"point\":\"p\"}",
                        "{\"recipient\":\"c\",\"point\":\"p\",\"cost\":\n1e1\r\n}",
                    ]),
                    select(vec!["\n", "\n\n", " \r\n\t", "\n \n\n"]),
                ),
                0..9,
            ),
        ) {
            let model = Model::shipped();
            let reading = Reading::from(&model);
            let text: String = records.iter().flat_map(|(record, between)| [*record, *between]).collect();
            let mut objects = Between::Lines.records(text.trim_end());
            for _ in &records {
                let Next::Record { start, line, .. } = objects.next(&reading, &mut |_| ()) else {
                    return Err(TestCaseError::fail(format!("no record: {text:?}")));
                };
                prop_assert_eq!(line as usize, text[..start].matches('\n').count(), "{:?}", text);
            }
            prop_assert!(matches!(objects.next(&reading, &mut |_| ()), Next::End));
        }
    }
}
