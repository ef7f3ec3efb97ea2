//! Tables for people: narrow enough for the terminal, readable without colour.

use std::borrow::{Borrow, Cow};
use std::convert::Infallible;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::OutputStyle;
use super::lines::Lines;
use crate::assess::parallel;
use crate::ordered;
use crate::printable::is_plain;
use crate::{Level, Model, brief, printable};

/// How many rows of a long table a thread makes at a time.
const TOGETHER: usize = 512;

/// A column of a table: its name, how wide it is, and what stands in it of a row.
pub(crate) struct Column<'c, R> {
    name: String,
    width: usize,
    cell: Box<dyn Fn(&R) -> String + Sync + 'c>,
}

impl<'c, R> Column<'c, R> {
    /// A column of this width.
    pub(crate) fn new(name: &str, width: usize, cell: impl Fn(&R) -> String + Sync + 'c) -> Self {
        Self { name: name.to_owned(), width, cell: Box::new(cell) }
    }
}

/// A whole table, ending in a line break, made by several threads: of so many rows those at some places are what `rows`
/// makes of them.
pub(crate) fn columns<R, I: Iterator<Item: Borrow<R>>>(
    style: OutputStyle,
    threads: usize,
    count: usize,
    rows: impl Fn(Range<usize>) -> I + Sync,
    columns: &[Column<'_, R>],
) -> String {
    let widths: Vec<usize> = columns.iter().map(|column| column.width).collect();
    let lines = || Lines::new(style, widths.clone());
    let mut text = String::new();
    if style.header {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        text = lines().heading(&names).into_text();
    }
    let some = |start: usize| {
        let mut lines = lines();
        for row in rows(start..count.min(start + TOGETHER)) {
            lines.row(columns.iter().map(|column| Cow::Owned((column.cell)(row.borrow()))));
        }
        lines.into_text()
    };
    let Ok(()) = ordered::parts(threads, (0..count).step_by(TOGETHER), some, |lines| {
        text.push_str(&lines);
        Ok::<_, Infallible>(())
    });
    text
}

/// How wide the widest of so many rows is, as `width` measures those at some places, on several threads.
pub(crate) fn widest(threads: usize, count: usize, width: impl Fn(usize) -> usize + Sync) -> usize {
    let some = |places: Range<usize>| places.map(&width).max();
    parallel::ranges(threads, count, some).into_iter().flatten().max().unwrap_or(0)
}

/// A line that names the columns for which there is no room; nothing where there are none.
pub(crate) fn hidden_columns(hidden: &[(bool, &str)], width: usize) -> String {
    let names: Vec<&str> = hidden.iter().filter(|(is_hidden, _)| *is_hidden).map(|(_, name)| *name).collect();
    if names.is_empty() {
        String::new()
    } else {
        paragraph(&format!("not shown at this width: {}", names.join(", ")), width)
    }
}

/// A text as it may be shown: no controls, no turned-around writing, and short enough to read.
#[must_use]
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 1000;
    brief(text, LONGEST)
}

/// The day of a time as it was written, in whatever form: what stands before its clock.
pub(crate) fn written_day(at: &str) -> &str {
    let digits = |text: &str| text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let clock = at.match_indices(':').find_map(|(colon, _)| {
        let hour = digits(&at[..colon]);
        (1..=2).contains(&hour).then_some(colon - hour)
    });
    let Some(clock) = clock else { return at };
    let day = at[..clock].trim_end_matches([' ', ',', ':', 'T', 't']);
    day.strip_suffix(" a").unwrap_or(day).trim_end_matches(',')
}

/// A name inside a sentence or a list.
pub(crate) fn name(text: &str) -> String {
    shortened(text, 60)
}

/// What the rules call a level.
pub(crate) fn label(model: &Model, level: Level) -> String {
    shortened(model.label(level), 30)
}

/// How many columns of a terminal a text takes.
pub(crate) fn width_of(text: &str) -> usize {
    plain_width(text).unwrap_or_else(|| text.width())
}

/// The same of a text that is plain but for what was left out of it; `None` of any other.
pub(crate) fn plain_width(text: &str) -> Option<usize> {
    if is_plain(text) {
        return Some(text.len());
    }
    let is_plain = text.chars().all(|character| matches!(character, ' '..='~' | '…'));
    is_plain.then(|| text.chars().count())
}

/// A text cut to a width, with `…` where something is missing.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    let text = shown(text);
    if width_of(&text) <= width {
        return text;
    }
    let mut short = String::new();
    let mut used = 1;
    for cluster in clusters(&text) {
        used += cluster.width();
        if used > width {
            break;
        }
        short.push_str(cluster);
    }
    short.push('…');
    short
}

/// The parts of a text that are one sign to the eye: a character with the accents on it, an emoji of several joined.
fn clusters(text: &str) -> Vec<&str> {
    const JOINER: char = '\u{200d}';
    let tone = |character: char| ('\u{1f3fb}'..='\u{1f3ff}').contains(&character);
    let flag = |character: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&character);
    let (mut clusters, mut start) = (Vec::new(), 0);
    let (mut joined, mut flags) = (false, 0_u32);
    for (place, character) in text.char_indices() {
        let on = joined || character.width() == Some(0) || tone(character) || flag(character) && flags % 2 == 1;
        if !on && place > 0 {
            clusters.push(&text[start..place]);
            start = place;
        }
        joined = character == JOINER;
        flags = if flag(character) { flags + 1 } else { 0 };
    }
    if start < text.len() {
        clusters.push(&text[start..]);
    }
    clusters
}

/// A name cut to a width in its middle: ids and numbers often differ only at their end.
pub(crate) fn middle_out(text: &str, width: usize) -> String {
    let text = printable(text);
    if width_of(&text) <= width {
        return text.into_owned();
    }
    let room = width.saturating_sub(1);
    let fitting = |clusters: &mut dyn Iterator<Item = &&str>, room: usize| {
        let mut used = 0;
        let fits = |cluster: &&&str| {
            used += cluster.width();
            used <= room
        };
        clusters.take_while(fits).count()
    };
    let clusters = clusters(&text);
    let head = fitting(&mut clusters.iter(), room / 2);
    let tail = clusters.len() - fitting(&mut clusters.iter().rev(), room - room / 2);
    let (head, tail) = (&clusters[..head], &clusters[tail..]);
    head.iter().chain(&["…"]).chain(tail).copied().collect()
}

/// A key of several parts cut to a width, each part for itself: none of them is lost.
#[must_use]
pub fn key_in(parts: &[String], width: usize) -> String {
    let mut widths: Vec<usize> = parts.iter().map(|part| printable(part).width().min(width)).collect();
    let between = BETWEEN.width() * parts.len().saturating_sub(1);
    // the longest gives way, as long as it is too much for the line
    while widths.iter().sum::<usize>() + between > width {
        match widths.iter_mut().max().filter(|longest| **longest > 4) {
            Some(longest) => *longest -= 1,
            None => break,
        }
    }
    parts.iter().zip(widths).map(|(part, width)| path_end(part, width)).collect::<Vec<_>>().join(BETWEEN)
}

/// What is between the parts of a key.
const BETWEEN: &str = " · ";

/// The end of a path, whole parts where they fit: `…/packaging`.
#[must_use]
pub fn path_end(path: &str, width: usize) -> String {
    end_of(path, '/', width)
}

/// The end of a path whose parts are separated so.
pub(crate) fn end_of(path: &str, separator: char, width: usize) -> String {
    let path = printable(path);
    if width_of(&path) <= width {
        return path.into_owned();
    }
    let mut rest = path.as_ref();
    while let Some((_, after)) = rest.split_once(separator) {
        rest = after;
        if width_of(rest) + 2 <= width {
            return ["…", separator.encode_utf8(&mut [0; 4]), rest].concat();
        }
    }
    // names that are alike often differ only at their end
    middle_out(rest, width)
}

/// A paragraph broken at blanks into lines of at most `width`.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// The same as one text, each line ended.
pub(crate) fn paragraph(text: &str, width: usize) -> String {
    let mut lines = wrapped(text, width);
    lines.push(String::new());
    lines.join("\n")
}

/// A paragraph with its first line after `head` and the others under it.
pub(crate) fn hanging(head: &str, text: &str, width: usize) -> String {
    let indent = head.width();
    let mut block = String::new();
    for (index, line) in wrapped(text, width.saturating_sub(indent).max(20)).into_iter().enumerate() {
        if index == 0 {
            block.push_str(head);
        } else {
            block.push_str(&" ".repeat(indent));
        }
        block.push_str(&line);
        block.push('\n');
    }
    block
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::print::Format;

    #[test]
    fn a_table_in_parts_is_the_table() {
        let style =
            OutputStyle { format: Format::Table, header: true, escape_formulas: false, color: false, width: 60 };
        let rows: Vec<usize> = (0..2 * TOGETHER + 77).collect();
        let word =
            |row: usize| ["plain", "some words that take lines", "日本語の言葉です", "e\u{301}"][row % 4].to_owned();
        let table = [
            Column::<usize>::new("number", 6, ToString::to_string),
            Column::<usize>::new("words", 9, |row| word(*row)),
            Column::<usize>::new("end", 3, |row| "x".repeat(row % 7)),
        ];
        let mut lines = Lines::new(style, vec![6, 9, 3]).heading(&["number", "words", "end"]);
        for row in &rows {
            lines.row([row.to_string(), word(*row), "x".repeat(row % 7)].into_iter().map(Cow::Owned));
        }
        let whole = lines.into_text();
        for threads in [1, 2, 7] {
            assert_eq!(columns(style, threads, rows.len(), |places| rows[places].iter(), &table), whole, "{threads}");
        }
        let none = columns(style, 2, 0, |_| std::iter::empty::<usize>(), &table);
        assert_eq!(none, "number  words      end\n");
        assert_eq!(columns(OutputStyle { header: false, ..style }, 2, 0, |_| std::iter::empty::<usize>(), &table), "");
    }

    #[test]
    fn the_widest_is_found_wherever_it_is() {
        for threads in [1, 2, 7] {
            assert_eq!(widest(threads, 200_000, |place| if place == 190_000 { 9 } else { place % 7 }), 9, "{threads}");
            assert_eq!(widest(threads, 0, |_| 1), 0);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_quick_width_is_the_width(text in "[ -~]{0,12}[ -~…\u{301}\u{200d}\u{fe0f}\u{20e3}\t\u{7f}é日👩·]{0,6}[ -~…]{0,6}") {
            prop_assert_eq!(width_of(&text), text.width());
        }
    }

    #[test]
    fn texts_are_shortened_to_what_fits() {
        assert_eq!(shortened("packaging", 9), "packaging");
        assert_eq!(shortened("packaging", 5), "pack…");
        assert_eq!(shortened("日本語日本語", 7), "日本語…");
        assert_eq!(shortened("a\u{1b}[2J", 20), "a\\u{1b}[2J");
        assert_eq!(path_end("shop/delivery/packaging", 30), "shop/delivery/packaging");
        assert_eq!(path_end("shop/delivery/packaging", 20), "…/delivery/packaging");
        assert_eq!(path_end("shop/delivery/packaging", 12), "…/packaging");
        assert_eq!(path_end("shop/delivery/packaging", 6), "pa…ing");
    }

    #[test]
    fn names_keep_their_end_and_keys_all_their_parts() {
        assert_eq!(middle_out("+49 171 5550102", 20), "+49 171 5550102");
        assert_eq!(middle_out("+49 171 5550102", 7), "+49…102");
        assert_eq!(middle_out("日本語日本語", 7), "日…語");
        // what is one sign to the eye is not cut in two
        let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
        assert_eq!(middle_out(&format!("{family} on the north side"), 9), format!("{family} o…side"));
        assert_eq!(middle_out(&format!("north side of {family}"), 6), format!("no… {family}"));
        assert_eq!(middle_out(&format!("{family}{family}{family}"), 5), format!("{family}…{family}"));
        assert_eq!(shortened("🇩🇪🇫🇷🇮🇹", 4), "🇩🇪…");
        assert_eq!(shortened("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(shortened("👍🏽👍🏽👍🏽", 4), "👍🏽…");
        let key = |parts: &[&str], width| key_in(&parts.iter().map(ToString::to_string).collect::<Vec<_>>(), width);
        assert_eq!(key(&["south", "service/visit/arrival"], 40), "south · service/visit/arrival");
        assert_eq!(key(&["south", "service/visit/arrival"], 20), "south · …/arrival");
        assert_eq!(key(&["service/visit/arrival"], 12), "…/arrival");
        assert_eq!(key(&["a", "b"], 3), "a · b");
    }

    #[test]
    fn the_day_is_what_stands_before_the_clock() {
        for (at, day) in [
            ("2026-01-05T09:30:00Z", "2026-01-05"),
            ("2026-01-05t09:30z", "2026-01-05"),
            ("2026-01-05 09:30:00 +01:00", "2026-01-05"),
            ("2026-01-05", "2026-01-05"),
            ("1/2/2026 9:30", "1/2/2026"),
            ("01/Feb/2026:14:00:00 +0100", "01/Feb/2026"),
            ("Feb 1, 2026 at 2:05 PM", "Feb 1, 2026"),
            ("Sun, 01 Feb 2026, 14:00", "Sun, 01 Feb 2026"),
            ("1767225600", "1767225600"),
            ("", ""),
        ] {
            assert_eq!(written_day(at), day, "{at}");
        }
    }

    #[test]
    fn paragraphs_hang_under_their_head() {
        assert_eq!(hanging("why  ", "one two three four five", 24), "why  one two three four\n     five\n");
        assert_eq!(wrapped("", 10), [""]);
    }
}
