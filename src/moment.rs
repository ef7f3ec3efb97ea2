//! Instants and dates: when a moment happened, to the microsecond.

use std::borrow::Cow;
use std::fmt;

use jiff::civil;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

/// A point in time, in microseconds since 1970-01-01T00:00:00Z, from the year 1 to 9999-12-30.
///
/// ```
/// use serveup::Instant;
///
/// let at = Instant::parse("2026-01-05T10:30:00+01:00", None)?;
/// assert_eq!(at.to_string(), "2026-01-05T09:30:00Z");
/// # Ok::<(), serveup::MomentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A zone in which dates begin and date-times without offset are read.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

/// Why a text is not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Not of the form of a date or an instant.
    #[error("a date like 2026-01-05, or an instant like 2026-01-05T09:30:00Z")]
    Form,
    /// No such day or time of day.
    #[error("a day and a time that exist")]
    NoSuchTime,
    /// A date-time with neither an offset nor a zone to read it in.
    #[error("an offset at its end (Z or +01:00), or --timezone Area/City to read it in")]
    NoOffset,
    /// Before the year 1 or at the very end of the year 9999.
    #[error("a moment from 0001-01-01 to 9999-12-30; leave out what only stands for \"no date\"")]
    OutOfRange,
    /// No zone of that name.
    #[error("a zone of the IANA database, like Europe/Berlin or UTC")]
    NoSuchZone,
}

/// What a text said: a whole day, or a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A date, which lasts from one instant to another in the zone it was read in.
    Day {
        /// The first instant of the day.
        start: Instant,
        /// The first instant after it.
        end: Instant,
    },
    /// A point in time.
    Point(Instant),
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of that name (`Europe/Berlin`) in the IANA database bundled with the program.
    pub fn named(name: &str) -> Result<Self, MomentError> {
        let known = TimeZoneDatabase::bundled().get(name).ok().filter(|zone| !zone.is_unknown());
        known.map(Self).ok_or(MomentError::NoSuchZone)
    }

    fn instant(&self, civil: civil::DateTime) -> Result<Instant, MomentError> {
        let stamp = self.0.to_timestamp(civil).map_err(|_| MomentError::OutOfRange)?;
        Instant::from_timestamp(stamp)
    }
}

impl Instant {
    const MICROS_PER_SECOND: i64 = 1_000_000;
    /// 0001-01-01T00:00:00Z.
    const FIRST: Self = Self(-62_135_596_800 * Self::MICROS_PER_SECOND);

    /// The instant so many microseconds after 1970-01-01T00:00:00Z, if it lies in the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, MomentError> {
        Timestamp::from_microsecond(micros).map_err(|_| MomentError::OutOfRange).and_then(Self::from_timestamp)
    }

    fn from_timestamp(stamp: Timestamp) -> Result<Self, MomentError> {
        let instant = Self(stamp.as_microsecond());
        if instant < Self::FIRST { Err(MomentError::OutOfRange) } else { Ok(instant) }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant whose microseconds were kept elsewhere.
    pub(crate) const fn from_kept_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds from an earlier instant to this one; negative if it was later.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads a date (the start of that day in `zone`, UTC if none) or an RFC 3339
    /// instant; a date-time without an offset is read in `zone` and refused without one.
    pub fn parse(text: &str, zone: Option<&Zone>) -> Result<Self, MomentError> {
        Ok(match Moment::parse(text, zone)? {
            Moment::Day { start, .. } => start,
            Moment::Point(instant) => instant,
        })
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The same wall-clock time after a calendar span (`7d`, `1 month`) in `zone`, `times` times over.
    ///
    /// # Errors
    /// A moment past the years there are.
    pub fn step(self, every: &Every, times: i64, zone: &Zone) -> Result<Self, MomentError> {
        let span = every.0.checked_mul(times).map_err(|_| MomentError::OutOfRange)?;
        let zoned = self.timestamp().to_zoned(zone.0.clone());
        let stepped = zoned.checked_add(span).map_err(|_| MomentError::OutOfRange)?;
        Self::from_timestamp(stepped.timestamp())
    }

    /// The date by the clocks of the zone.
    pub(crate) fn date(self, zone: &Zone) -> civil::Date {
        zone.0.to_datetime(self.timestamp()).date()
    }

    /// RFC 3339 with the offset of `zone` at that instant; in UTC where that is no whole number of minutes.
    #[must_use]
    pub fn to_offset(self, zone: &Zone) -> String {
        let stamp = self.timestamp();
        let offset = zone.0.to_offset(stamp);
        if offset.seconds() % 60 != 0 || offset == Offset::UTC {
            return self.to_string();
        }
        stamp.display_with_offset(offset).to_string()
    }

    /// The date and time by the clocks of the zone, without offset: `2026-01-05T09:30:00`.
    #[must_use]
    pub fn to_civil(self, zone: &Zone) -> String {
        zone.0.to_datetime(self.timestamp()).to_string()
    }

    /// The date and the time to the minute in `zone`, for people: `2026-01-05 09:30`.
    #[must_use]
    pub fn to_minute(self, zone: &Zone) -> String {
        self.timestamp().to_zoned(zone.0.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with as many digits of the second as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

static PARSER: DateTimeParser = DateTimeParser::new();

impl Moment {
    /// Reads a date or an RFC 3339 instant, like [`Instant::parse`], and keeps the two apart.
    pub fn parse(text: &str, zone: Option<&Zone>) -> Result<Self, MomentError> {
        let kept = form(text).ok_or(MomentError::Form)?;
        let pieces = PARSER.parse_pieces(&*kept).map_err(|_| MomentError::NoSuchTime)?;
        let date = pieces.date();
        if date.year() < 1 {
            return Err(MomentError::OutOfRange);
        }
        let Some(time) = pieces.time() else { return Self::day(date, zone.unwrap_or(&Zone::UTC)) };
        let civil = date.to_datetime(time);
        match (pieces.to_numeric_offset(), zone) {
            (Some(offset), _) => {
                let stamp = offset.to_timestamp(civil).map_err(|_| MomentError::OutOfRange)?;
                Instant::from_timestamp(stamp).map(Self::Point)
            }
            (None, Some(zone)) => zone.instant(civil).map(Self::Point),
            (None, None) => Err(MomentError::NoOffset),
        }
    }

    fn day(date: civil::Date, zone: &Zone) -> Result<Self, MomentError> {
        let start = zone.instant(date.at(0, 0, 0, 0))?;
        let end = match date.tomorrow() {
            Ok(tomorrow) => zone.instant(tomorrow.at(0, 0, 0, 0)).unwrap_or(Instant(i64::MAX)),
            Err(_) => Instant(i64::MAX),
        };
        Ok(Self::Day { start, end })
    }
}

/// A calendar span between two deliveries.
#[derive(Clone, Debug)]
pub struct Every(jiff::Span);

impl std::str::FromStr for Every {
    type Err = MomentError;

    /// Reads `7d`, `2 weeks`, `36h`, `1mo`; it must lead forward in time.
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let span: jiff::Span = text.parse().map_err(|_| MomentError::Form)?;
        if span.is_positive() { Ok(Self(span)) } else { Err(MomentError::Form) }
    }
}

/// A number of days of 24 hours, one or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(std::num::NonZeroU32);

impl Days {
    /// That many days.
    #[must_use]
    pub const fn new(days: std::num::NonZeroU32) -> Self {
        Self(days)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The same in microseconds.
    #[must_use]
    pub fn micros(self) -> i64 {
        i64::try_from(SignedDuration::from_hours(24 * i64::from(self.get())).as_micros()).unwrap_or(i64::MAX)
    }
}

/// How many digits of a second are kept; further ones are cut, as no instant is finer.
const DIGITS: usize = 6;

/// The text without the digits that are cut, if it has the form of a date or of an RFC 3339
/// instant, whose offset may be missing. jiff reads many forms more.
fn form(text: &str) -> Option<Cow<'_, str>> {
    let rest = shaped(text.as_bytes(), b"0000-00-00")?;
    let [b'T' | b't' | b' ', rest @ ..] = rest else { return rest.is_empty().then_some(Cow::Borrowed(text)) };
    let (second, rest) = (rest.get(6..8)?, shaped(rest, b"00:00:00")?);
    let (digits, rest) = match rest {
        [b'.', rest @ ..] => rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
        _ => (&b"0"[..], rest),
    };
    let offset = match rest {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', offset @ ..] => {
            shaped(offset, b"00:00")?.is_empty() && offset[..2] <= b"23"[..] && offset[3..] <= b"59"[..]
        }
        _ => false,
    };
    if !offset || digits.is_empty() || *second > b"60"[..] {
        return None;
    }
    let (end, cut) = (text.len() - rest.len(), digits.len().saturating_sub(DIGITS));
    Some(if cut == 0 { Cow::Borrowed(text) } else { Cow::Owned([&text[..end - cut], &text[end..]].concat()) })
}

/// What stands behind a start of this shape, in which 0 is any digit.
fn shaped<'t>(text: &'t [u8], shape: &[u8]) -> Option<&'t [u8]> {
    let (start, rest) = text.split_at_checked(shape.len())?;
    let fits = |(byte, of): (&u8, &u8)| if *of == b'0' { byte.is_ascii_digit() } else { byte == of };
    start.iter().zip(shape).all(fits).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> String {
        Instant::parse(text, None).map_or_else(|error| format!("{error:?}"), |at| at.to_string())
    }

    #[test]
    fn instants_read_as_written() {
        assert_eq!(utc("2026-01-05T09:30:00Z"), "2026-01-05T09:30:00Z");
        assert_eq!(utc("2026-01-05t09:30:00z"), "2026-01-05T09:30:00Z");
        assert_eq!(utc("2026-01-05 09:30:00-05:30"), "2026-01-05T15:00:00Z");
        assert_eq!(utc("2026-01-05T09:30:00.1234569Z"), "2026-01-05T09:30:00.123456Z");
        assert_eq!(utc("1969-12-31T23:59:59.9999999Z"), "1969-12-31T23:59:59.999999Z");
        assert_eq!(utc("2026-01-05T09:30:00.123456789012345-00:00"), "2026-01-05T09:30:00.123456Z");
        assert_eq!(utc("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z");
        assert_eq!(utc("2016-12-31T23:59:60.5Z"), "2016-12-31T23:59:59.5Z");
        assert_eq!(utc("2024-02-29"), "2024-02-29T00:00:00Z");
        assert_eq!(utc("0001-01-01"), "0001-01-01T00:00:00Z");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026",
            "2026-1-5",
            "05.01.2026",
            "2026-01-05T09:30Z",
            "2026-01-05T09:30:00.Z",
            "2026-01-05T09:30:00 Z",
        ] {
            assert_eq!(utc(text), "Form", "{text}");
        }
        for text in ["2026-01-05T09:30:00+24:00", "2026-01-05T09:30:00+01", "2026-01-05T09:30:61Z", "２026-01-05"] {
            assert_eq!(utc(text), "Form", "{text}");
        }
        for text in ["2026-02-30", "2026-13-01", "2026-00-01", "2026-01-05T24:00:00Z", "2026-01-05T09:60:00Z"] {
            assert_eq!(utc(text), "NoSuchTime", "{text}");
        }
        for text in ["0000-01-01", "0001-01-01T00:00:00+00:01", "9999-12-31", "9999-12-30T23:00:00-23:59"] {
            assert_eq!(utc(text), "OutOfRange", "{text}");
        }
        assert_eq!(utc("2026-01-05T09:30:00"), "NoOffset");
    }

    #[test]
    fn a_zone_gives_dates_their_start_and_civil_times_their_offset() {
        let berlin = Zone::named("Europe/Berlin").expect("bundled");
        let read = |text| Instant::parse(text, Some(&berlin)).expect("a moment").to_string();
        assert_eq!(read("2026-07-01"), "2026-06-30T22:00:00Z");
        assert_eq!(read("2026-01-05T09:30:00"), "2026-01-05T08:30:00Z");
        assert_eq!(read("2026-01-05T09:30:00Z"), "2026-01-05T09:30:00Z");
        assert_eq!(Zone::named("Europe/Nowhere").err(), Some(MomentError::NoSuchZone));
        // the day the clocks go forward has 23 hours
        let Ok(Moment::Day { start, end }) = Moment::parse("2026-03-29", Some(&berlin)) else {
            panic!("a day");
        };
        assert_eq!(end.micros_since(start), 23 * 3600 * 1_000_000);
    }

    #[test]
    fn steps_follow_the_calendar() {
        let start = Instant::parse("2026-01-31", None).expect("a date");
        let month: Every = "1 month".parse().expect("a span");
        assert_eq!(start.step(&month, 1, &Zone::UTC).expect("in range").to_string(), "2026-02-28T00:00:00Z");
        assert_eq!(start.step(&month, 2, &Zone::UTC).expect("in range").to_string(), "2026-03-31T00:00:00Z");
        assert!("0d".parse::<Every>().is_err());
        assert!("-7d".parse::<Every>().is_err());
        assert!("weekly".parse::<Every>().is_err());
    }
}
