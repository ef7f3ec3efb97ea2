//! The format in which a date may be written, guessed from one of them.

use super::format::DateFormat;

impl DateFormat {
    /// The formats in which a text may be a date: none, one, or two where day or month may come first.
    ///
    /// ```
    /// use serveup::DateFormat;
    ///
    /// let formats = |text| DateFormat::suggested_for(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    /// assert_eq!(formats("28/02/2026 14:00"), ["%d/%m/%Y %H:%M"]);
    /// assert_eq!(formats("01/02/2026"), ["%d/%m/%Y", "%m/%d/%Y"]);
    /// assert_eq!(formats("1767225600"), ["%s"]);
    /// assert!(formats("soon").is_empty());
    /// ```
    #[must_use]
    pub fn suggested_for(text: &str) -> Vec<Self> {
        let text = text.trim();
        if text.len() > LONGEST || !text.is_ascii() {
            return Vec::new();
        }
        let formats = match number(text) {
            Some(format) => vec![format.to_owned()],
            None => dates(text)
                .into_iter()
                .filter_map(|(date, rest)| time(rest).map(|time| format!("{date}{time}")))
                .collect(),
        };
        formats.into_iter().map(Self::known).filter(|format| format.parse(text).is_ok()).collect()
    }
}

/// How long a text may be that is taken for a date.
const LONGEST: usize = 60;

/// The format of a date without any sign in it.
fn number(text: &str) -> Option<&'static str> {
    let (whole, rest) = split(text, |byte| byte.is_ascii_digit());
    match (whole.len(), rest.strip_prefix('.')) {
        (8, None) if rest.is_empty() => Some("%Y%m%d"),
        (10, None) if rest.is_empty() => Some("%s"),
        (13, None) if rest.is_empty() => Some("%s%3f"),
        (14, None) if rest.is_empty() => Some("%Y%m%d%H%M%S"),
        (10, Some(fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => Some("%s%.f"),
        _ => None,
    }
}

/// The formats that the date at the start of a text may have, each with what follows it.
fn dates(text: &str) -> Vec<(String, &str)> {
    let (weekday, rest) = weekday(text);
    let (first, after) = split(rest, |byte| byte.is_ascii_digit());
    let found = if first.is_empty() { month_name_first(rest) } else { number_first(first, after) };
    found.into_iter().map(|(date, rest)| (format!("{weekday}{date}"), rest)).collect()
}

/// The format of a day of the week with what parts it from the rest.
fn weekday(text: &str) -> (String, &str) {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let (word, rest) = split(text, |byte| byte.is_ascii_alphabetic());
    let name = word.to_ascii_lowercase();
    let format = match DAYS.iter().find(|day| **day == name || day[..3] == name) {
        Some(_) if name.len() == 3 => "%a",
        Some(_) => "%A",
        None => return (String::new(), text),
    };
    let (between, rest) = split(rest, |byte| matches!(byte, b',' | b' '));
    (format!("{format}{between}"), rest)
}

/// `28/02/2026`, `2026/2/1`, `1-Feb-26`.
fn number_first<'t>(first: &str, rest: &'t str) -> Vec<(String, &'t str)> {
    let (sign, rest) = split(rest, |byte| matches!(byte, b'/' | b'.' | b'-' | b' '));
    let (middle, after) = split(rest, |byte| byte.is_ascii_alphanumeric());
    let (comma, after) = split(after, |byte| byte == b',');
    let Some(after) = after.strip_prefix(sign).filter(|_| sign.len() == 1 && comma.len() < 2) else {
        return Vec::new();
    };
    let (last, rest) = split(after, |byte| byte.is_ascii_digit());
    let year = if last.len() == 4 { "%Y" } else { "%y" };
    match (first.len(), month(middle), last.len()) {
        (4, "%m", 1 | 2) if comma.is_empty() => vec![(format!("%Y{sign}%m{sign}%d"), rest)],
        (1 | 2, "%m", 2 | 4) if comma.is_empty() => {
            let day_first = (format!("%d{sign}%m{sign}{year}"), rest);
            let month_first = (format!("%m{sign}%d{sign}{year}"), rest);
            // nobody who writes points writes the month first
            if sign == "." { vec![day_first] } else { vec![day_first, month_first] }
        }
        (1 | 2, month @ ("%b" | "%B"), 2 | 4) => vec![(format!("%d{sign}{month}{comma}{sign}{year}"), rest)],
        _ => Vec::new(),
    }
}

/// `Feb 1, 2026`.
fn month_name_first(text: &str) -> Vec<(String, &str)> {
    let (name, rest) = split(text, |byte| byte.is_ascii_alphabetic());
    let (blank, rest) = split(rest, |byte| byte == b' ');
    let (day, rest) = split(rest, |byte| byte.is_ascii_digit());
    let (sign, rest) = split(rest, |byte| matches!(byte, b',' | b' '));
    let (year, rest) = split(rest, |byte| byte.is_ascii_digit());
    match (month(name), blank, day.len(), sign, year.len()) {
        (month @ ("%b" | "%B"), " ", 1 | 2, ", " | " ", 4) => vec![(format!("{month} %d{sign}%Y"), rest)],
        _ => Vec::new(),
    }
}

/// How a month is written: as a number, by three letters or whole; nothing where it is none.
fn month(text: &str) -> &'static str {
    match text.len() {
        1 | 2 if text.bytes().all(|byte| byte.is_ascii_digit()) => "%m",
        3 if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => "%b",
        4.. if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => "%B",
        _ => "",
    }
}

/// The format of a time of day with its zone, and with what parts it from the date before it.
fn time(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let (between, rest) = split(text, |byte| !byte.is_ascii_digit());
    if !["T", " ", ", ", ":", " at ", ", at "].contains(&between) {
        return None;
    }
    let (hour, rest) = split(rest, |byte| byte.is_ascii_digit());
    let (minute, rest) = split(rest.strip_prefix(':')?, |byte| byte.is_ascii_digit());
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => split(rest, |byte| byte.is_ascii_digit()),
        None => ("", rest),
    };
    if !matches!((hour.len(), minute.len(), second.len()), (1 | 2, 2, 0 | 2)) {
        return None;
    }
    let (fraction, rest) = match rest.as_bytes() {
        [sign @ (b'.' | b','), digit, ..] if digit.is_ascii_digit() && !second.is_empty() => {
            let (_, rest) = split(&rest[1..], |byte| byte.is_ascii_digit());
            (if *sign == b'.' { "%.f" } else { ",%f" }, rest)
        }
        _ => ("", rest),
    };
    let (blank, after) = split(rest, |byte| byte == b' ');
    let half = after.get(..2).filter(|half| half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm"));
    let (hour, half, rest) = match half {
        Some(_) => ("%I", format!("{blank}%p"), &after[2..]),
        None => ("%H", String::new(), rest),
    };
    let second = if second.is_empty() { "" } else { ":%S" };
    Some(format!("{between}{hour}:%M{second}{fraction}{half}{}", zone(rest)?))
}

/// The format of an offset or of universal time at the end of a text.
fn zone(text: &str) -> Option<String> {
    let (blank, zone) = split(text, |byte| byte == b' ');
    let format = match zone.as_bytes() {
        [] if blank.is_empty() => "",
        b"Z" | b"UTC" | b"GMT" => zone,
        [b'+' | b'-', digits @ ..] if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit) => "%z",
        [b'+' | b'-', _, _, b':', _, _] => "%:z",
        _ => return None,
    };
    Some(format!("{blank}{format}"))
}

/// The start of a text that has only such bytes, which are ASCII, and the rest.
fn split(text: &str, of: impl Fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().take_while(|&byte| of(byte)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_that_read_the_text() {
        let cases: &[(&str, &[&str])] = &[
            ("28.02.2026", &["%d.%m.%Y"]),
            ("1.2.26", &["%d.%m.%y"]),
            ("01/02/2026 14:00", &["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
            ("28/02/2026", &["%d/%m/%Y"]),
            ("02/28/2026", &["%m/%d/%Y"]),
            ("2/28/26 2:05 PM", &["%m/%d/%y %I:%M %p"]),
            ("2/28/26 2:05pm", &["%m/%d/%y %I:%M%p"]),
            ("13-14-2026", &[]),
            ("2026/02/01 14:00:30", &["%Y/%m/%d %H:%M:%S"]),
            ("2026-2-1", &["%Y-%m-%d"]),
            ("2026-02-01 2:05 PM", &["%Y-%m-%d %I:%M %p"]),
            ("2026-02-01 14:00:30,125", &["%Y-%m-%d %H:%M:%S,%f"]),
            ("01-Feb-2026", &["%d-%b-%Y"]),
            ("1 February 2026", &["%d %B %Y"]),
            ("Feb 1, 2026 at 2:05 PM", &["%b %d, %Y at %I:%M %p"]),
            ("Sun, 01 Feb 2026 14:00:00 GMT", &["%a, %d %b %Y %H:%M:%S GMT"]),
            ("Sun, 01 Feb 2026 14:00:00 +0100", &["%a, %d %b %Y %H:%M:%S %z"]),
            // that day was a Sunday
            ("Mon, 01 Feb 2026", &[]),
            ("01/Feb/2026:14:00:00 +0100", &["%d/%b/%Y:%H:%M:%S %z"]),
            ("28.02.2026 14:00 +01:00", &["%d.%m.%Y %H:%M %:z"]),
            ("28.02.2026 14:00 CET", &[]),
            ("28.02.2026 14:00 ", &["%d.%m.%Y %H:%M"]),
            ("28.02.2026 25:00", &[]),
            ("29.02.2026", &[]),
            ("1 Febr 2026", &[]),
            ("20260201", &["%Y%m%d"]),
            ("20260201140000", &["%Y%m%d%H%M%S"]),
            ("1767225600", &["%s"]),
            ("1767225600.25", &["%s%.f"]),
            ("1767225600250", &["%s%3f"]),
            ("46054", &[]),
            ("soon", &[]),
            ("", &[]),
            ("28.02.", &[]),
            ("1/2", &[]),
            ("２８.02.2026", &[]),
        ];
        for (text, formats) in cases {
            let suggested: Vec<String> = DateFormat::suggested_for(text).iter().map(ToString::to_string).collect();
            assert_eq!(suggested, *formats, "{text}");
            for format in suggested {
                assert!(format.parse::<DateFormat>().is_ok(), "{format}");
            }
        }
    }
}
