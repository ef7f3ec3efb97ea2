//! Calendar periods: days, ISO weeks, months, quarters, years, in a zone.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::moment::{Instant, MomentError, Zone};

/// How time is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// Days.
    Day,
    /// ISO weeks, from Monday.
    Week,
    /// Months.
    Month,
    /// Quarters of a year.
    Quarter,
    /// Years.
    Year,
}

impl Calendar {
    /// All of them, the finest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];
}

/// One period of a calendar. Periods of one calendar are ordered by time.
///
/// ```
/// use serveup::{Calendar, Instant, Period, Zone};
///
/// let berlin = Zone::named("Europe/Berlin")?;
/// let at = Instant::parse("2026-03-31T22:30:00Z", None)?;
/// assert_eq!(Period::of(Calendar::Month, at, &Zone::UTC).to_string(), "2026-03");
/// assert_eq!(Period::of(Calendar::Month, at, &berlin).to_string(), "2026-04");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: Date,
    calendar: Order,
}

/// A calendar with an order, so that periods have one; periods of different calendars are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Order {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl From<Calendar> for Order {
    fn from(calendar: Calendar) -> Self {
        match calendar {
            Calendar::Day => Self::Day,
            Calendar::Week => Self::Week,
            Calendar::Month => Self::Month,
            Calendar::Quarter => Self::Quarter,
            Calendar::Year => Self::Year,
        }
    }
}

impl Period {
    /// The period an instant is in, by the clocks of the zone.
    #[must_use]
    pub fn of(calendar: Calendar, at: Instant, zone: &Zone) -> Self {
        Self::around(calendar.into(), at.date(zone))
    }

    fn around(calendar: Order, date: Date) -> Self {
        let start = match calendar {
            Order::Day => date,
            Order::Week => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                date.checked_sub(since_monday.days()).unwrap_or(date)
            }
            Order::Month => date.first_of_month(),
            Order::Quarter => {
                let first = (date.month() - 1) / 3 * 3 + 1;
                Date::new(date.year(), first, 1).unwrap_or(date)
            }
            Order::Year => date.first_of_year(),
        };
        Self { start, calendar }
    }

    /// The period after this one; the same at the end of the year 9999.
    #[must_use]
    pub fn next(self) -> Self {
        let span = match self.calendar {
            Order::Day => 1.day(),
            Order::Week => 1.week(),
            Order::Month => 1.month(),
            Order::Quarter => 3.months(),
            Order::Year => 1.year(),
        };
        Self { start: self.start.checked_add(span).unwrap_or(self.start), calendar: self.calendar }
    }

    /// The period of that name, written as periods of this calendar are: `2026-01-05`, `2026-W02`,
    /// `2026-01`, `2026-Q1` or `2026`. Any other form is an error.
    pub fn named(calendar: Calendar, name: &str) -> Result<Self, MomentError> {
        let order = Order::from(calendar);
        let date = match order {
            Order::Day => Date::from_str(name).ok(),
            Order::Week => name.split_once("-W").and_then(|(year, week)| {
                let week =
                    jiff::civil::ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, jiff::civil::Weekday::Monday);
                week.ok().map(jiff::civil::ISOWeekDate::date)
            }),
            Order::Month => name
                .split_once('-')
                .and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()),
            Order::Quarter => name.split_once("-Q").and_then(|(year, quarter)| {
                let quarter: i8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
                Date::new(year.parse().ok()?, quarter * 3 - 2, 1).ok()
            }),
            Order::Year => name.parse().ok().and_then(|year| Date::new(year, 1, 1).ok()),
        };
        let period = date.map(|date| Self::around(order, date));
        // only the one way in which periods are written names them
        period.filter(|period| period.to_string() == name).ok_or(MomentError::Form)
    }

    /// The period of that name, of whichever calendar.
    ///
    /// # Errors
    /// A text that is not written as periods are.
    pub fn read(name: &str) -> Result<Self, MomentError> {
        Calendar::ALL.into_iter().find_map(|calendar| Self::named(calendar, name).ok()).ok_or(MomentError::Form)
    }

    /// The first instant of the period by the clocks of the zone.
    ///
    /// # Errors
    /// A period before the year 1.
    pub fn start(self, zone: &Zone) -> Result<Instant, MomentError> {
        zone.start_of(self.start)
    }

    /// The first instant after the period by the clocks of the zone; later than all where no other follows.
    #[must_use]
    pub fn end(self, zone: &Zone) -> Instant {
        zone.end_before(Some(self.next().start).filter(|next| *next > self.start))
    }

    /// Whether the period is over at an instant, or but for its last tenth, by the clocks of the zone.
    #[must_use]
    pub fn is_finished(self, at: Instant, zone: &Zone) -> bool {
        let Ok(start) = self.start(zone) else { return true };
        // what follows the last period of all is no instant; ten times 10,000 years have room
        let end = self.end(zone).min(Instant::LAST);
        10 * at.micros_since(start) >= 9 * end.micros_since(start)
    }

    /// All periods from one through another.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |period| Some(period.next()).filter(|next| next > period))
            .take_while(move |period| *period <= last)
    }
}

impl fmt::Display for Period {
    /// `2026-01-05`, `2026-W02`, `2026-01`, `2026-Q1` or `2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.start.year(), self.start.month());
        match self.calendar {
            Order::Day => write!(f, "{}", self.start),
            Order::Week => {
                let week = self.start.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Order::Month => write!(f, "{year:04}-{month:02}"),
            Order::Quarter => write!(f, "{year:04}-Q{}", (month - 1) / 3 + 1),
            Order::Year => write!(f, "{year:04}"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(Calendar, &str, &str); 7] = [
        (Calendar::Day, "2026-01-01", "2026-01-02"),
        (Calendar::Week, "2026-W01", "2026-W02"),
        // 2020 has 53 ISO weeks
        (Calendar::Week, "2020-W53", "2021-W01"),
        (Calendar::Month, "2026-12", "2027-01"),
        (Calendar::Quarter, "2026-Q4", "2027-Q1"),
        (Calendar::Year, "2026", "2027"),
        (Calendar::Month, "2024-02", "2024-03"),
    ];

    #[test]
    fn names_come_back_and_the_next_follows() {
        for (calendar, name, next) in ALL {
            let period = Period::named(calendar, name).expect(name);
            assert_eq!(period.to_string(), name);
            assert_eq!(period.next().to_string(), next);
            assert!(period < period.next());
        }
        for (calendar, name) in [
            (Calendar::Month, "2026-13"),
            (Calendar::Month, "2026-1"),
            (Calendar::Quarter, "2026-Q5"),
            (Calendar::Week, "2026-W54"),
            (Calendar::Year, "26"),
            (Calendar::Day, "2026-02-30"),
            (Calendar::Month, "2026-01-05"),
        ] {
            assert_eq!(Period::named(calendar, name), Err(MomentError::Form), "{name}");
        }
    }

    #[test]
    fn weeks_start_on_monday_by_the_clocks_of_the_zone() {
        // Sunday 2026-01-04 23:30 in Berlin is still the first ISO week
        let at = Instant::parse("2026-01-04T22:30:00Z", None).expect("a moment");
        let berlin = Zone::named("Europe/Berlin").expect("bundled");
        let tokyo = Zone::named("Asia/Tokyo").expect("bundled");
        assert_eq!(Period::of(Calendar::Week, at, &berlin).to_string(), "2026-W01");
        assert_eq!(Period::of(Calendar::Week, at, &tokyo).to_string(), "2026-W02");
    }

    #[test]
    fn periods_last_from_midnight_to_midnight() {
        let berlin = Zone::named("Europe/Berlin").expect("bundled");
        for (name, start, end) in [
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            // its Monday is in the year before
            ("2026-W01", "2025-12-28T23:00:00Z", "2026-01-04T23:00:00Z"),
            ("2026-02", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"),
            ("2026-Q1", "2025-12-31T23:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ] {
            let period = Period::read(name).expect(name);
            let bounds = (period.start(&berlin).map(|start| start.to_string()), period.end(&berlin).to_string());
            assert_eq!(bounds, (Ok(start.to_owned()), end.to_owned()), "{name}");
        }
        let last = Period::read("9999").expect("the last year");
        assert!(last.end(&Zone::UTC) > Instant::LAST);
        for none in ["2026-13", "2026-Q5", "2026-W54", "2026-1", "20260", "Q1 2026", ""] {
            assert_eq!(Period::read(none), Err(MomentError::Form), "{none}");
        }
    }

    #[test]
    fn a_period_is_finished_from_its_last_tenth_on() {
        let at = |text: &str| Instant::parse(text, None).expect("a moment");
        for (period, before, from) in [
            ("2026-04", "2026-04-27T23:59:59.999999Z", "2026-04-28T00:00:00Z"),
            ("2026-04-01", "2026-04-01T21:35:59Z", "2026-04-01T21:36:00Z"),
            ("2026", "2026-11-25T11:59:59Z", "2026-11-25T12:00:00Z"),
            ("9999", "9999-11-20T00:00:00Z", "9999-12-30T00:00:00Z"),
        ] {
            let period = Period::read(period).expect("a period");
            let finished = [before, from].map(|text| period.is_finished(at(text), &Zone::UTC));
            assert_eq!(finished, [false, true], "{period}");
            assert!(!period.is_finished(at("0001-01-01"), &Zone::UTC));
        }
        // in Berlin April has ended two hours before
        let berlin = Zone::named("Europe/Berlin").expect("bundled");
        let april = Period::read("2026-04").expect("a period");
        assert!(april.is_finished(at("2026-04-27T22:00:00Z"), &berlin));
        assert!(!april.is_finished(at("2026-04-27T22:00:00Z"), &Zone::UTC));
    }

    #[test]
    fn empty_periods_are_not_left_out() {
        let first = Period::named(Calendar::Quarter, "2025-Q3").expect("a quarter");
        let last = Period::named(Calendar::Quarter, "2026-Q1").expect("a quarter");
        let names: Vec<_> = first.through(last).map(|period| period.to_string()).collect();
        assert_eq!(names, ["2025-Q3", "2025-Q4", "2026-Q1"]);
    }
}
