//! Instants and dates: when a moment happened, to the microsecond.

mod format;
mod guess;
mod unread;
mod written;

use std::fmt;

use jiff::civil;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

#[cfg(feature = "import")]
pub(crate) use format::Parsed;
pub use format::{DateFormat, DateFormatError, DateFormats};
pub(crate) use unread::Reader;
#[cfg(feature = "import")]
pub(crate) use unread::in_a_map;
use written::Written;

use crate::zones::{self, UnknownZone};

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
    #[error("write it like 2026-01-05 or 2026-01-05 09:30Z")]
    Form,
    /// No such day or time of day.
    #[error("no such day or time of day")]
    NoSuchTime,
    /// A date-time with neither an offset nor a zone to read it in.
    #[error("no offset, and no time zone was named")]
    NoOffset,
    /// Before the year 1 or at the very end of the year 9999.
    #[error("outside the years 0001 to 9999")]
    OutOfRange,
}

/// What a text means: a whole day, or a point in time.
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

    /// The zone of that name (`Europe/Berlin`) in the IANA database bundled with the program, or the one
    /// that Windows (`W. Europe Standard Time`) or Rails (`Berlin`) calls so.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let database = TimeZoneDatabase::bundled();
        let known = |name: &str| database.get(name).ok().filter(|zone| !zone.is_unknown());
        known(name).or_else(|| known(zones::elsewhere(name)?)).map(Self).ok_or_else(|| UnknownZone::new(name))
    }

    /// The first instant of a day.
    pub(crate) fn start_of(&self, date: civil::Date) -> Result<Instant, MomentError> {
        self.instant(date.at(0, 0, 0, 0))
    }

    /// The first instant of the day after a period; later than all where there is no such day.
    pub(crate) fn end_before(&self, next: Option<civil::Date>) -> Instant {
        next.and_then(|next| self.start_of(next).ok()).unwrap_or(Instant(i64::MAX))
    }

    fn instant(&self, civil: civil::DateTime) -> Result<Instant, MomentError> {
        let stamp = self.0.to_timestamp(civil).map_err(|_| MomentError::OutOfRange)?;
        Instant::from_timestamp(stamp)
    }
}

impl Instant {
    const MICROS_PER_SECOND: i64 = 1_000_000;
    /// The last instant there is, at the end of the year 9999.
    pub const LAST: Self = Self(253_402_207_200 * Self::MICROS_PER_SECOND);
    /// 0001-01-01T00:00:00Z.
    const FIRST: Self = Self(-62_135_596_800 * Self::MICROS_PER_SECOND);

    /// The instant this many microseconds after 1970-01-01T00:00:00Z, if it is in the years 1 to
    /// 9999.
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
        Moment::parse(text, zone).map(Moment::start)
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
        with_offset(stamp, zone.0.to_offset(stamp))
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

/// RFC 3339 with the offset; in UTC where that is no whole number of minutes.
fn with_offset(stamp: Timestamp, offset: Offset) -> String {
    if offset.seconds() % 60 != 0 || offset == Offset::UTC {
        return stamp.to_string();
    }
    stamp.display_with_offset(offset).to_string()
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

impl Moment {
    /// Reads a date or an RFC 3339 instant, like [`Instant::parse`], and keeps the two apart. Of an instant
    /// the seconds may be left out; the offset may follow a blank, be `UTC`, or have no colon or minutes.
    pub fn parse(text: &str, zone: Option<&Zone>) -> Result<Self, MomentError> {
        match written::utc(text.as_bytes()) {
            Some(micros) => Ok(Self::Point(Instant(micros))),
            None => Self::parse_any(text, zone),
        }
    }

    /// The same, whatever form the text has.
    fn parse_any(text: &str, zone: Option<&Zone>) -> Result<Self, MomentError> {
        let written = Written::read(text.as_bytes()).ok_or(MomentError::Form)?;
        let date = civil::Date::new(written.year, written.month, written.day).map_err(|_| MomentError::NoSuchTime)?;
        if written.year < 1 {
            return Err(MomentError::OutOfRange);
        }
        let Some(time) = written.time else {
            return Self::day(date, zone.unwrap_or(&Zone::UTC));
        };
        // a leap second reads as :59
        let time = civil::Time::new(time.hour, time.minute, time.second.min(59), time.micros * 1000)
            .map_err(|_| MomentError::NoSuchTime)
            .map(|clock| (clock, time.offset_seconds))?;
        let civil = date.to_datetime(time.0);
        match (time.1, zone) {
            (Some(seconds), _) => {
                let offset = Offset::from_seconds(seconds).map_err(|_| MomentError::NoSuchTime)?;
                let stamp = offset.to_timestamp(civil).map_err(|_| MomentError::OutOfRange)?;
                Instant::from_timestamp(stamp).map(Self::Point)
            }
            (None, Some(zone)) => zone.instant(civil).map(Self::Point),
            (None, None) => Err(MomentError::NoOffset),
        }
    }

    /// The first instant of a day, or the point in time.
    #[must_use]
    pub const fn start(self) -> Instant {
        let (Self::Day { start: instant, .. } | Self::Point(instant)) = self;
        instant
    }

    fn day(date: civil::Date, zone: &Zone) -> Result<Self, MomentError> {
        Ok(Self::Day { start: zone.start_of(date)?, end: zone.end_before(date.tomorrow().ok()) })
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
        assert_eq!(Instant::LAST.to_string(), "9999-12-30T22:00:00Z");
        assert_eq!(utc("0001-01-01"), "0001-01-01T00:00:00Z");
    }

    #[test]
    fn what_is_read_in_one_go_is_read_the_same_in_full() {
        let two = |number: u32| format!("{number:02}");
        let same = |text: &str| {
            let full = Moment::parse_any(text, None);
            assert_eq!(Moment::parse(text, None), full, "{text}");
            if let Some(micros) = written::utc(text.as_bytes()) {
                assert_eq!(full, Ok(Moment::Point(Instant(micros))), "{text}");
            }
        };
        // every day of years of each kind, and those that are none
        for year in [0, 1, 4, 100, 400, 1600, 1899, 1900, 1969, 1970, 2000, 2023, 2024, 2100, 9998, 9999] {
            for (month, day) in (0..15).flat_map(|month| (0..34).map(move |day| (month, day))) {
                same(&format!("{year:04}-{}-{}T23:59:58Z", two(month), two(day)));
            }
        }
        for clock in (0..100).flat_map(|one| [(one, 0, 0), (0, one, 0), (0, 0, one)]) {
            same(&format!("2024-02-29T{}:{}:{}Z", two(clock.0), two(clock.1), two(clock.2)));
        }
        // every byte in every place
        for place in 0..20 {
            for byte in (0_u8..128).map(char::from) {
                let mut text = "2026-01-05T09:30:00Z".to_owned();
                text.replace_range(place..=place, &byte.to_string());
                same(&text);
            }
        }
    }

    #[test]
    fn instants_may_be_written_shorter() {
        for text in [
            "2026-01-05T09:30Z",
            "2026-01-05 09:30Z",
            "2026-01-05 09:30 Z",
            "2026-01-05T09:30:00 Z",
            "2026-01-05 09:30 UTC",
            "2026-01-05 09:30:00 UTC",
            "2026-01-05T10:30+01:00",
            "2026-01-05 10:30:00 +01:00",
            "2026-01-05T10:30:00+0100",
            "2026-01-05 10:30:00+01",
            "2026-01-05 06:00 -0330",
        ] {
            assert_eq!(utc(text), "2026-01-05T09:30:00Z", "{text}");
        }
        assert_eq!(utc("2026-01-05 09:30:00.25 +0000"), "2026-01-05T09:30:00.25Z");
        assert_eq!(utc("2016-12-31 23:59:60 UTC"), "2016-12-31T23:59:59Z");
        assert_eq!(utc("2026-01-05T09:30"), "NoOffset");
        assert_eq!(utc("2026-01-05 09:30"), "NoOffset");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026",
            "2026-1-5",
            "05.01.2026",
            "2026-01-05T09:30:00.Z",
            "2026-01-05T09:30 ",
            "2026-01-05T09:30:00  Z",
            "2026-01-05T09",
            "2026-01-05T09:3",
            "2026-01-05T9:30",
            "2026-01-05T09:30.5Z",
            "2026-01-05T09:30+1",
            "2026-01-05T09:30+100",
            "2026-01-05T09:30 CET",
            "2026-01-05T09:30:61 Z",
        ] {
            assert_eq!(utc(text), "Form", "{text}");
        }
        for text in ["2026-01-05T09:30:00+24:00", "2026-01-05T09:30+0160", "2026-01-05T09:30:61Z", "２026-01-05"] {
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
        assert!(Zone::named("Europe/Nowhere").is_err());
        let tokyo = Zone::named("Tokyo Standard Time").expect("what Windows calls it");
        assert_eq!(
            Instant::parse("2026-01-05", Some(&tokyo)).map(|at| at.to_string()).as_deref(),
            Ok("2026-01-04T15:00:00Z")
        );
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
