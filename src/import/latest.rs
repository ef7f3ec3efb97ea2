//! The latest time in an export: as of then, what is still open is judged.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::rows::{Rows, Step};
use super::table_rows::LookingAhead;
use crate::moment::Parsed;
use crate::ordered::{self, Then};
use crate::read::Result;
use crate::read::blocks::Blocks;
use crate::{Instant, Zone};

/// Where the times of an export stand, and how they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The members of these names, wherever they are in a row; of a table the columns.
    pub names: &'static [&'static str],
    /// The formats of times that are neither RFC 3339 nor seconds since 1970.
    pub formats: &'static [&'static str],
}

/// As of when what is still open is judged.
#[derive(Clone, Copy, Debug, Default)]
pub enum AsOf {
    /// Nothing says when; then what is open stays unjudged.
    #[default]
    Unknown,
    /// The instant that was asked for.
    Given(Instant),
    /// The latest time in the export.
    Latest(Times),
}

/// Finds the latest time while rows go by.
pub(super) struct Latest {
    times: Times,
    finders: Vec<Finder<'static>>,
    zone: Zone,
    /// Whether dates with slashes have the day first.
    day_first: bool,
    /// The latest that is written in the usual form, which compares as it is written.
    usual: Option<[u8; USUAL]>,
    /// The latest that a clock shows, with what is written.
    clock: Option<([u16; 6], String)>,
    other: Option<Instant>,
}

/// How much of a source is looked at at once, and how much of that again.
const STRETCH: usize = 1 << 18;
const OVERLAP: usize = 1 << 9;

/// The length of `2026-03-01T09:00:00Z`.
const USUAL: usize = 20;

impl Latest {
    pub(super) fn of(times: Times, zone: Option<&Zone>) -> Self {
        let finders = times.names.iter().map(Finder::new).collect();
        // without a zone times are read as `hours` reads them
        let zone = zone.cloned().unwrap_or(Zone::UTC);
        let day_first = times.formats.iter().any(|format| format.starts_with("%d/"));
        Self { times, finders, zone, day_first, usual: None, clock: None, other: None }
    }

    /// Looks at all rows of a source.
    pub(super) fn survey(&mut self, rows: &mut Rows, threads: usize) -> Result<()> {
        if let Some(blocks) = rows.json_blocks() {
            return self.stretches(blocks, threads);
        }
        let mut ahead = LookingAhead::new(threads, None);
        loop {
            ahead.look(rows, Some(self), |_| {})?;
            match rows.next()? {
                Step::End => return Ok(()),
                Step::Broken(_) => rows.skip_broken(|_| Ok(()))?,
                Step::Row => self.row(rows),
                Step::RecordError(_) | Step::Trailer => {}
            }
        }
    }

    /// Looks at all of a source of JSON, stretch by stretch: where its rows end does not matter.
    fn stretches(&mut self, blocks: &mut Blocks, threads: usize) -> Result<()> {
        blocks.read_ahead(threads);
        let like = self.anew();
        let mut over = false;
        let take = || {
            if over {
                return Ok(None);
            }
            blocks.fetch(STRETCH)?;
            let stretch = blocks.window().to_vec();
            over = blocks.ended();
            // a time that is cut at the end is seen whole with the next stretch
            blocks.advance_unseen(stretch.len().saturating_sub(OVERLAP));
            Ok(Some(stretch))
        };
        let look = |stretch: Vec<u8>| {
            let mut latest = like.anew();
            latest.members(&stretch);
            latest
        };
        let join = |latest: Self| {
            self.join(latest);
            Ok(Then::GoOn)
        };
        ordered::map(threads, take, look, join).map(drop)
    }

    /// The same with nothing found.
    pub(super) fn anew(&self) -> Self {
        Self::of(self.times, Some(&self.zone))
    }

    /// The latest of both.
    pub(super) fn join(&mut self, other: Self) {
        self.usual = self.usual.max(other.usual);
        self.other = self.other.max(other.other);
        if other.clock.as_ref().map(|(shown, _)| shown) > self.clock.as_ref().map(|(shown, _)| shown) {
            self.clock = other.clock;
        }
    }

    /// Looks at a row.
    pub(super) fn row(&mut self, rows: &Rows) {
        match rows.columns() {
            Some(_) => rows.marked_cells().for_each(|cell| self.time(cell.trim_ascii())),
            None => self.members(rows.raw()),
        }
    }

    /// Looks at the members of the names, however deep they are.
    fn members(&mut self, raw: &[u8]) {
        for finder in 0..self.finders.len() {
            let mut from = 0;
            while let Some(found) = self.finders[finder].find(&raw[from..]) {
                let start = from + found;
                from = start + self.finders[finder].needle().len();
                if let Some(time) = value_behind(raw, start, from) {
                    self.time(&time);
                }
            }
        }
    }

    /// Looks at a time as it is written.
    pub(super) fn time(&mut self, written: &[u8]) {
        if let Some(usual) = usual(written) {
            self.usual = self.usual.max(Some(usual));
        } else if let Some(shown) = clock(written, self.day_first) {
            // clocks of one zone compare as they are
            if self.clock.as_ref().is_none_or(|(latest, _)| shown > *latest)
                && let Some(text) = std::str::from_utf8(written).ok().filter(|text| self.instant(text).is_some())
            {
                self.clock = Some((shown, text.to_owned()));
            }
        } else if let Ok(text) = std::str::from_utf8(written) {
            self.other = self.other.max(self.instant(text));
        }
    }

    fn instant(&self, text: &str) -> Option<Instant> {
        let zone = Some(&self.zone);
        if let Ok(seconds) = text.parse::<i64>() {
            // seconds and milliseconds since 1970 are told apart by their size
            let micros = if seconds < 100_000_000_000 { 1_000_000 } else { 1_000 };
            return Instant::from_micros(seconds.checked_mul(micros)?).ok();
        }
        let by_format = || {
            let parsed = self.times.formats.iter().find_map(|format| Parsed::by(format, text).ok())?;
            Instant::parse(&parsed.to_string(), zone).ok()
        };
        Instant::parse(text, zone).ok().or_else(by_format)
    }

    /// The latest that was found.
    pub(super) fn found(self) -> Option<Instant> {
        let usual = self.usual.as_ref().and_then(|usual| std::str::from_utf8(usual).ok());
        let clock = self.clock.as_ref().map(|(_, text)| text.as_str());
        [usual, clock].into_iter().flatten().filter_map(|text| self.instant(text)).chain(self.other).max()
    }
}

/// The time in the form that compares as it is written: an instant of UTC in whole seconds.
fn usual(written: &[u8]) -> Option<[u8; USUAL]> {
    let written: [u8; USUAL] = written.try_into().ok()?;
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    written.iter().zip(b"0000-00-00T00:00:00Z").all(fits).then_some(written)
}

/// What a clock shows, from the year to the second: `2026-03-01 09:00:00`, or with the day first `1/3/2026 09:00`. Days
/// that not every month has are left to those who know months.
fn clock(written: &[u8], day_first: bool) -> Option<[u16; 6]> {
    let (date, time) = written.split_at_checked(memchr::memchr(b' ', written)?)?;
    let number = |part: &[u8]| {
        let is_number = matches!(part.len(), 1..=4) && part.iter().all(u8::is_ascii_digit);
        is_number.then(|| part.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
    };
    let mut times = time.get(1..)?.split(|byte| *byte == b':').map(number);
    let (hour, minute, second) = (times.next()??, times.next()??, times.next().unwrap_or(Some(0))?);
    let separator = if date.get(4) == Some(&b'-') { b'-' } else { b'/' };
    let mut dates = date.split(|byte| *byte == separator).map(number);
    let (one, month, other) = (dates.next()??, dates.next()??, dates.next()??);
    let (year, day) = if separator == b'-' { (one, other) } else { (other, one) };
    let is_read = separator == b'-' || day_first;
    let is_whole = times.next().is_none() && dates.next().is_none() && year >= 1000;
    let is_one = (1..=12).contains(&month) && (1..=28).contains(&day) && hour < 24 && minute < 60 && second < 60;
    (is_read && is_whole && is_one).then_some([year, month, day, hour, minute, second])
}

/// The text, or number, of the member whose name stands from `start` to `end`.
fn value_behind(raw: &[u8], start: usize, end: usize) -> Option<Cow<'_, [u8]>> {
    let is_name = start > 0 && raw[start - 1] == b'"' && raw.get(end) == Some(&b'"');
    let value = raw.get(end + 1..).filter(|_| is_name)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    if value.first() != Some(&b'"') {
        return value.get(..value.iter().take_while(|byte| byte.is_ascii_digit()).count()).map(Cow::Borrowed);
    }
    let end = memchr::memchr(b'"', &value[1..])?;
    let text = value.get(1..=end)?;
    if !text.contains(&b'\\') {
        return Some(Cow::Borrowed(text));
    }
    // some programs write / and + with a backslash
    let written: Option<Result<String, _>> = serde_json::Deserializer::from_slice(value).into_iter().next();
    written?.ok().map(|text| Cow::Owned(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Latest, Times};

    fn latest(row: &str) -> Option<String> {
        let mut latest = Latest::of(Times { names: &["at"], formats: &["%d/%m/%Y %H:%M"] }, None);
        latest.members(row.as_bytes());
        latest.found().map(|instant| instant.to_string())
    }

    #[test]
    fn times_are_found_however_they_are_written() {
        let day = Some("2026-03-05T10:00:00Z".to_owned());
        for row in [
            r#"{"at":"2026-03-05T10:00:00Z","x":{"at":"2026-03-04T10:00:00Z"},"due":"2027-01-01T00:00:00Z"}"#,
            r#"{"x":[{"at" : "2026-03-05T11:00:00+01:00"}], "at": "2026-03-05T09:00:00Z"}"#,
            r#"{"at":1772704800}"#,
            r#"{"at":1772704800000}"#,
            r#"{"at":"05\/03\/2026 10:00"}"#,
            r#"{"at":"2026-03-05T11:00:00\u002B01:00"}"#,
            r#"{"at":null,"said":"at: \"at\"","at":"2026-03-05T10:00:00Z"}"#,
        ] {
            assert_eq!(latest(row), day, "{row}");
        }
        assert_eq!(latest(r#"{"bat":"2026-03-05T10:00:00Z","at":"soon","at":"cut"#), None);
    }
}
