//! Reports as one JSON document, or as its rows: what is long is made by several threads.

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::rows::{Chunk, Rows};
use super::{Format, OutputStyle};
use crate::ordered;

/// How many elements of a list a thread writes at a time.
const TOGETHER: usize = 256;

/// How many bytes those usually take.
const ROOM: usize = 1 << 17;

/// A long list, of which several threads take some elements at a time.
pub trait Listed: Sync {
    /// How many it lists.
    fn length(&self) -> usize;

    /// Those at some places, as far as there are any, in order.
    fn part(&self, places: Range<usize>) -> impl Iterator<Item: Serialize>;
}

impl<E: Serialize + Sync> Listed for Vec<E> {
    fn length(&self) -> usize {
        self.len()
    }

    fn part(&self, places: Range<usize>) -> impl Iterator<Item: Serialize> {
        self.iter().skip(places.start).take(places.len())
    }
}

/// What is one JSON document.
#[derive(Clone, Copy, Debug)]
pub enum Document<'d, D, L = Vec<()>> {
    /// A value as it is.
    Whole(&'d D),
    /// A long list.
    List(&'d L),
    /// A value with a long list, by the name of that. The value itself holds it empty.
    With(&'d D, &'static str, &'d L),
}

impl<D: Serialize, L: Listed> Document<'_, D, L> {
    /// Writes it as `serde_json` writes all of it, but on several threads.
    fn write<W: Write + Send>(&self, threads: usize, to: W) -> io::Result<W> {
        // not all of it at once: a report of many groups is long
        let mut to = io::BufWriter::new(to);
        match *self {
            Self::Whole(document) => serde_json::to_writer_pretty(&mut to, document)?,
            Self::List(list) => self::list(list, 1, threads, &mut to)?,
            Self::With(document, name, elements) => {
                let shell = serde_json::to_string_pretty(document)?;
                // no text in JSON holds a line break, so this is a name in the document itself
                let name = format!("\n  \"{name}\": ");
                let place = shell.find(&format!("{name}[]")).map(|place| place + name.len());
                let place = place.ok_or_else(|| io::Error::other("the document has no such list that is empty"))?;
                to.write_all(&shell.as_bytes()[..place])?;
                list(elements, 2, threads, &mut to)?;
                to.write_all(&shell.as_bytes()[place + "[]".len()..])?;
            }
        }
        to.write_all(b"\n")?;
        to.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// Writes a list whose elements lie so deep in their document.
fn list(list: &impl Listed, depth: usize, threads: usize, to: &mut (impl Write + Send)) -> io::Result<()> {
    let length = list.length();
    if length == 0 {
        return to.write_all(b"[]");
    }
    let deep = || -> io::Result<PrettyFormatter<'_>> {
        let mut pretty = PrettyFormatter::new();
        (0..depth).try_for_each(|_| pretty.begin_array(&mut io::sink()))?;
        Ok(pretty)
    };
    let work = |start: usize| -> io::Result<Vec<u8>> {
        let (mut bytes, mut first) = (Vec::with_capacity(ROOM), start == 0);
        for element in list.part(start..length.min(start + TOGETHER)) {
            let mut pretty = deep()?;
            pretty.begin_array_value(&mut bytes, std::mem::take(&mut first))?;
            element.serialize(&mut Serializer::with_formatter(&mut bytes, pretty))?;
        }
        Ok(bytes)
    };
    to.write_all(b"[")?;
    ordered::parts(threads, (0..length).step_by(TOGETHER), work, |bytes| to.write_all(&bytes?))?;
    let mut pretty = deep()?;
    pretty.end_array_value(&mut *to)?;
    pretty.end_array(to)
}

/// Rows that come in parts, to be made by several threads.
pub struct InParts<'s, I, F, S> {
    /// The parts.
    pub parts: I,
    /// Adds the rows of a part to those that it is given.
    pub rows: F,
    /// A row that shows the columns, where there is none.
    pub sample: &'s S,
}

/// Prints a report: as one JSON document, or as its rows in the other machine formats.
///
/// # Errors
/// What cannot be written, or has no form as a row.
pub fn document<W: Write + Send, D: Serialize, L: Listed, P>(
    style: OutputStyle,
    threads: usize,
    to: W,
    document: &Document<'_, D, L>,
    rows: InParts<
        '_,
        impl IntoIterator<Item = P, IntoIter: Send>,
        impl Fn(P, &mut Chunk) -> io::Result<()> + Sync,
        impl Serialize + Sync,
    >,
) -> io::Result<W> {
    if style.format == Format::Json {
        return document.write(threads, to);
    }
    let InParts { parts, rows, sample } = rows;
    let mut printed = Rows::new(style, to);
    let work = |part: P| -> io::Result<Chunk> {
        let mut chunk = Chunk::new(style);
        rows(part, &mut chunk)?;
        Ok(chunk)
    };
    ordered::parts(threads, parts.into_iter(), work, |chunk| printed.append(chunk?, sample))?;
    printed.close(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Report {
        name: &'static str,
        list: Vec<Element>,
        inner: Inner,
    }

    #[derive(Serialize)]
    struct Inner {
        list: Vec<Element>,
    }

    #[derive(Clone, Serialize)]
    struct Element {
        number: usize,
        words: Vec<String>,
    }

    const STYLE: OutputStyle =
        OutputStyle { format: Format::Json, header: true, escape_formulas: false, color: false, width: 80 };

    #[test]
    fn several_threads_write_what_one_writes() {
        let element = |number: usize| Element { number, words: vec!["\n  \"list\": []".to_owned(); number % 3] };
        for length in [0, 1, 2, TOGETHER, TOGETHER + 1, 5 * TOGETHER + 7] {
            let list: Vec<Element> = (0..length).map(element).collect();
            let report = |list| Report { name: "\n  \"list\": []", list, inner: Inner { list: Vec::new() } };
            let whole = report(list.clone());
            let json = |value: &dyn Fn(Vec<u8>) -> Vec<u8>| String::from_utf8(value(Vec::new())).expect("text");
            let expected = |value: &str| format!("{value}\n");
            for threads in [1, 2, 7] {
                let written = json(&|to| {
                    let with = Document::With(&report(Vec::new()), "list", &list).write(threads, to);
                    with.expect("written")
                });
                assert_eq!(written, expected(&serde_json::to_string_pretty(&whole).expect("json")));
                let written = json(&|to| Document::<(), _>::List(&list).write(threads, to).expect("written"));
                assert_eq!(written, expected(&serde_json::to_string_pretty(&list).expect("json")));
            }
        }
    }

    #[test]
    fn rows_in_parts_are_the_rows_one_after_the_other() {
        let numbers: Vec<usize> = (0..100).collect();
        for format in [Format::Csv, Format::Tsv, Format::Jsonl, Format::Md] {
            let rows = |threads, length| {
                let element = |number: &usize| Element { number: *number, words: Vec::new() };
                let parts = numbers.chunks(length);
                let some = |part: &[usize], chunk: &mut Chunk| {
                    part.iter().map(element).try_for_each(|element| chunk.row(&element))
                };
                let style = OutputStyle { format, ..STYLE };
                let whole: Document<'_, ()> = Document::Whole(&());
                let rows = InParts { parts, rows: some, sample: &element(&0) };
                let written = document(style, threads, Vec::new(), &whole, rows).expect("written");
                String::from_utf8(written).expect("text")
            };
            let one = rows(1, 100);
            assert!(one.lines().count() >= 100);
            for (threads, length) in [(1, 1), (2, 3), (7, 10)] {
                assert_eq!(rows(threads, length), one);
            }
        }
    }
}
