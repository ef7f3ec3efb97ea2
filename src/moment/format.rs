//! Dates in forms of one's own, each described by a format as of `strptime`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, date};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::{Instant, Moment, MomentError, Zone, with_offset};
use crate::error::Found;

/// A form in which dates are written, as `strftime` and `strptime` describe it: `%d/%m/%Y %H:%M`.
///
/// What the letters mean is told by [jiff](https://docs.rs/jiff/0.2/jiff/fmt/strtime/index.html#conversion-specifications).
/// `%s` reads seconds since 1970, and `%s%3f`, as a whole, milliseconds.
///
/// ```
/// use serveup::DateFormat;
///
/// let day_first: DateFormat = "%d/%m/%Y".parse()?;
/// assert_eq!(day_first.to_string(), "%d/%m/%Y");
/// assert!("DD/MM/YYYY".parse::<DateFormat>().is_err());
/// # Ok::<(), serveup::DateFormatError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat(String);

/// Why a text describes no form of dates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read dates with {found}; {reason}")]
pub struct DateFormatError {
    /// The format as written, shortened.
    pub found: Found,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

/// The formats in which dates may be written beside that of RFC 3339, in the order in which they are tried.
///
/// ```
/// use serveup::{DateFormats, Moment, Zone};
///
/// let formats = DateFormats::from(vec!["%d/%m/%Y".parse()?, "%m/%d/%Y".parse()?]);
/// let read = |text| formats.read(text, None);
/// // both formats read it: the first counts
/// assert_eq!(read("01/02/2026"), Moment::parse("2026-02-01", None));
/// // there is no month 28
/// assert_eq!(read("02/28/2026"), Moment::parse("2026-02-28", None));
/// # Ok::<(), serveup::DateFormatError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateFormats(Vec<DateFormat>);

/// What a format has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A day.
    Day(Date),
    /// A day and a time, in a zone that has to be named elsewhere.
    Clock(DateTime),
    /// A point in time, with the offset it was written with.
    At(Timestamp, Offset),
}

/// Milliseconds since 1970, in the two ways in which people write them with `date`.
const MILLISECONDS: [&str; 2] = ["%s%3f", "%s%3N"];

/// What formats end in that read times in UTC.
const UNIVERSAL: [&str; 3] = ["Z", "UTC", "GMT"];

impl DateFormat {
    /// What the text means by this format.
    pub(crate) fn parse(&self, text: &str) -> Result<Parsed, MomentError> {
        Parsed::by(&self.0, text)
    }

    /// Whether it reads seconds, or milliseconds, since 1970.
    pub(crate) fn since_1970(&self) -> Option<&'static str> {
        match self.0.as_str() {
            "%s" => Some("seconds"),
            text => MILLISECONDS.contains(&text).then_some("milliseconds"),
        }
    }

    /// A format that is known to be good.
    pub(super) const fn known(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DateFormat {
    type Err = DateFormatError;

    /// Takes a format by which a date can be written and read back.
    fn from_str(text: &str) -> Result<Self, DateFormatError> {
        let refused = |reason: &str| DateFormatError { found: Found::text(text), reason: reason.to_owned() };
        if !text.contains('%') {
            return Err(refused("write its parts with percent signs, like %d/%m/%Y %H:%M"));
        }
        if MILLISECONDS.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        if text.contains("%Z") {
            return Err(refused("%Z is ambiguous (CET and IST name several zones); use %z, %:z or %Q, or --timezone"));
        }
        let (day, hour) = (date(2001, 11, 23), 14);
        let sample = day.at(hour, 45, 56, 0).to_zoned(TimeZone::UTC).map_err(|_| refused("no date"))?;
        let jiff = |error: jiff::Error| {
            let told = error.to_string();
            let told = told.split_once("failed: ").map_or(told.as_str(), |(_, told)| told);
            refused(told)
        };
        let written = jiff::fmt::strtime::format(text, &sample).map_err(jiff)?;
        let read = BrokenDownTime::parse(text, &written).map_err(jiff)?;
        if read.timestamp().is_none() {
            if read.to_date().ok() != Some(day) {
                return Err(refused("add what names a day and its year, like %d/%m/%Y"));
            }
            if read.hour().is_some() && read.to_time().ok().map(Time::hour) != Some(hour) {
                return Err(refused("add %p to tell morning from afternoon, or use %H"));
            }
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<Vec<DateFormat>> for DateFormats {
    fn from(formats: Vec<DateFormat>) -> Self {
        Self(formats)
    }
}

impl DateFormats {
    /// What a text means: by RFC 3339, as [`Moment::parse`] has it, or where it is of another form
    /// by the first of the formats that reads it. A date is a day in `zone` (UTC if none); a
    /// date-time without offset is read in `zone`, and refused without one.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn read(&self, text: &str, zone: Option<&Zone>) -> Result<Moment, MomentError> {
        match Moment::parse(text, zone) {
            Err(MomentError::Form) if !self.0.is_empty() => self.parse(text)?.moment(zone),
            read => read,
        }
    }

    /// What a text means by the first of the formats that reads it.
    pub(crate) fn parse(&self, text: &str) -> Result<Parsed, MomentError> {
        let mut reason = MomentError::Form;
        for format in &self.0 {
            match format.parse(text) {
                Ok(parsed) => return Ok(parsed),
                Err(MomentError::Form) => {}
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// The formats, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &DateFormat> {
        self.0.iter()
    }
}

impl Parsed {
    /// What the text means by a format, checked or not.
    pub(crate) fn by(format: &str, text: &str) -> Result<Self, MomentError> {
        let text = text.trim();
        if MILLISECONDS.contains(&format) {
            let millis = text.parse().map_err(|_| MomentError::Form)?;
            let stamp = Timestamp::from_millisecond(millis).map_err(|_| MomentError::OutOfRange)?;
            return Ok(Self::At(stamp, Offset::UTC));
        }
        let read = BrokenDownTime::parse(format, text).map_err(|_| MomentError::Form)?;
        if let Some(stamp) = read.timestamp() {
            let fraction = i64::from(read.subsec_nanosecond().unwrap_or(0));
            let fraction = SignedDuration::from_nanos(if stamp.as_second() < 0 { -fraction } else { fraction });
            let stamp = stamp.checked_add(fraction).map_err(|_| MomentError::OutOfRange)?;
            return Ok(Self::At(stamp, Offset::UTC));
        }
        let day = read.to_date().map_err(|_| MomentError::NoSuchTime)?;
        if day.year() < 1 {
            return Err(MomentError::OutOfRange);
        }
        if read.hour().is_none() {
            return Ok(Self::Day(day));
        }
        let clock = day.to_datetime(read.to_time().map_err(|_| MomentError::NoSuchTime)?);
        // an offset or a zone that the text names, and one that the format spells out at its end
        let zone = match (read.offset(), read.iana_time_zone()) {
            (Some(offset), _) => TimeZone::fixed(offset),
            (None, Some(name)) => Zone::named(name).map_err(|_| MomentError::Form)?.0,
            (None, None) if UNIVERSAL.iter().any(|name| format.ends_with(name)) && !format.ends_with("%Z") => {
                TimeZone::UTC
            }
            (None, None) => return Ok(Self::Clock(clock)),
        };
        let stamp = zone.to_timestamp(clock).map_err(|_| MomentError::OutOfRange)?;
        Ok(Self::At(stamp, zone.to_offset(stamp)))
    }

    /// The moment it is; what has neither an offset nor a zone is refused.
    fn moment(self, zone: Option<&Zone>) -> Result<Moment, MomentError> {
        match (self, zone) {
            (Self::Day(day), zone) => Moment::day(day, zone.unwrap_or(&Zone::UTC)),
            (Self::Clock(clock), Some(zone)) => zone.instant(clock).map(Moment::Point),
            (Self::Clock(_), None) => Err(MomentError::NoOffset),
            (Self::At(stamp, _), _) => Instant::from_timestamp(stamp).map(Moment::Point),
        }
    }
}

impl fmt::Display for Parsed {
    /// In the form that records have: a date, a date-time, or one with its offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Clock(clock) => write!(f, "{clock}"),
            Self::At(stamp, offset) => f.write_str(&with_offset(*stamp, *offset)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(format: &str) -> String {
        format.parse::<DateFormat>().map_or_else(|error| error.reason, |_| "good".to_owned())
    }

    #[test]
    fn formats_name_a_day() {
        for good in
            ["%d/%m/%Y", "%d.%m.%y %H:%M", "%F", "%m/%d/%Y %I:%M %p", "%s", "%s%3f", "%s%.f", "%G-W%V-%u", "%Y%j"]
        {
            assert_eq!(refused(good), "good", "{good}");
        }
        for good in ["%Y-%m-%d %H:%M %z", "%Y-%m-%d %H:%M %Q", "%Y-%m-%d %H:%MZ", "%a, %d %b %Y %H:%M:%S GMT"] {
            assert_eq!(refused(good), "good", "{good}");
        }
        let day = "add what names a day and its year, like %d/%m/%Y";
        for lacking in ["%H:%M", "%d.%m.", "%m/%Y", "%Y", "%%"] {
            assert_eq!(refused(lacking), day, "{lacking}");
        }
        assert_eq!(refused("DD/MM/YYYY"), "write its parts with percent signs, like %d/%m/%Y %H:%M");
        assert_eq!(refused("%d/%m/%Y %I:%M"), "add %p to tell morning from afternoon, or use %H");
        assert!(refused("%d/%m/%Y %Z").starts_with("%Z is ambiguous"));
        for unknown in ["%d/%m/%Y %", "%K", "%d/%m/%Y %c"] {
            assert_ne!(refused(unknown), "good", "{unknown}");
        }
    }

    #[test]
    fn the_first_format_that_reads_a_text_counts() {
        let formats = ["%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M %z", "%s", "%s%3f"];
        let formats = DateFormats::from(formats.map(|format| format.parse().expect(format)).to_vec());
        let utc = |text: &str, zone: Option<&Zone>| match formats.read(text, zone) {
            Ok(Moment::Day { start, .. }) => format!("from {start}"),
            Ok(Moment::Point(instant)) => instant.to_string(),
            Err(error) => format!("{error:?}"),
        };
        let berlin = Zone::named("Europe/Berlin").expect("bundled");
        assert_eq!(utc("01/02/2026", None), "from 2026-02-01T00:00:00Z");
        assert_eq!(utc("02/28/2026", None), "from 2026-02-28T00:00:00Z");
        assert_eq!(utc(" 01/02/2026 ", Some(&berlin)), "from 2026-01-31T23:00:00Z");
        assert_eq!(utc("01/02/2026 14:00", None), "NoOffset");
        assert_eq!(utc("01/02/2026 14:00", Some(&berlin)), "2026-02-01T13:00:00Z");
        assert_eq!(utc("01/02/2026 14:00 -0330", Some(&berlin)), "2026-02-01T17:30:00Z");
        // 2026-01-01T00:00:00Z is 56 years of 365 days and 14 leap days after 1970
        assert_eq!(utc(&((56 * 365 + 14) * 86400).to_string(), None), "2026-01-01T00:00:00Z");
        assert_eq!(utc("1767225600250", None), "2026-01-01T00:00:00.25Z");
        // the forms of RFC 3339 come first, and what they refuse for another reason stays refused
        assert_eq!(utc("2026-02-01", None), "from 2026-02-01T00:00:00Z");
        assert_eq!(utc("2026-02-30", None), "NoSuchTime");
        assert_eq!(utc("30/02/2026", None), "NoSuchTime");
        assert_eq!(utc("01/01/0000", None), "OutOfRange");
        assert_eq!(utc("soon", None), "Form");
        assert_eq!(DateFormats::default().read("01/02/2026", None), Err(MomentError::Form));
    }
}
