//! What is said of a text that is no moment: what was seen, and what would be read.

use super::{DateFormat, DateFormats, MomentError};
use crate::error::Found;

/// Who wanted to read a moment, and so what may be done.
#[derive(Clone, Copy)]
pub(crate) enum Reader<'f> {
    /// A field of a record, which may be read by formats too.
    Record(&'f DateFormats),
    /// A flag of the command line.
    Flag,
    /// A function of a map.
    #[cfg_attr(not(feature = "import"), allow(dead_code, reason = "maps are for imports"))]
    Map,
}

/// How dates and instants are written.
const FORMS: &str = "write it like 2026-01-05 or 2026-01-05 09:30Z";

impl MomentError {
    /// What is wrong with a text that was given for a moment, and what to do, in a sentence.
    ///
    /// ```
    /// use serveup::Moment;
    ///
    /// let text = "28.02.2026";
    /// let told = Moment::parse(text, None).unwrap_err().about(text);
    /// assert_eq!(told, "cannot read \"28.02.2026\" as a date; write 2026-02-28");
    /// ```
    #[must_use]
    pub fn about(&self, text: &str) -> String {
        self.told(text, Reader::Flag)
    }

    pub(crate) fn told(&self, text: &str, reader: Reader<'_>) -> String {
        let found = Found::text(text);
        let unread = format!("cannot read {found} as a date");
        match self {
            Self::Form => {
                let others = match reader {
                    Reader::Record(formats) => quoted(formats.iter()),
                    Reader::Flag | Reader::Map => String::new(),
                };
                let others = if others.is_empty() { others } else { format!(" (nor with {others})") };
                format!("{unread}{others}; {}", advice(text, reader))
            }
            Self::NoSuchTime => format!("{unread}; there is no such day or time, so correct it"),
            Self::OutOfRange => {
                format!("{unread}; it is outside the years 0001 to 9999, so leave it out if it means \"no date\"")
            }
            Self::NoOffset => {
                format!("{found} has no offset; add one like +01:00, or name the zone with --timezone Europe/Berlin")
            }
        }
    }
}

/// What would be read instead.
fn advice(text: &str, reader: Reader<'_>) -> String {
    let formats = DateFormat::suggested_for(text);
    let since_1970 = formats.first().and_then(DateFormat::since_1970);
    let says = match reader {
        Reader::Record(_) => format!("add --date-format {}", quoted(formats.iter())),
        Reader::Map => format!("read it with {}", in_a_map(&formats)),
        Reader::Flag => String::new(),
    };
    match (formats.as_slice(), reader) {
        ([], Reader::Record(_)) => format!("{FORMS}, or name its form with --date-format '%d/%m/%Y %H:%M'"),
        ([], Reader::Map) => format!("{FORMS}, or read it with instant and its format, like \"%d.%m.%Y %H:%M\""),
        ([], Reader::Flag) => FORMS.to_owned(),
        ([format], reader) => {
            let written = format.parse(text).map_or_else(|_| String::new(), |parsed| format!("write {parsed}"));
            match (since_1970, reader) {
                (_, Reader::Flag) => written,
                (Some(unit), _) => format!("it looks like {unit} since 1970: {says}"),
                (None, _) => format!("{written}, or {says}"),
            }
        }
        (_, Reader::Flag) => format!("the day or the month may come first: {FORMS}"),
        (_, _) => format!("the day or the month may come first: {says}"),
    }
}

/// The formats as a shell takes them.
fn quoted<'f>(formats: impl Iterator<Item = &'f DateFormat>) -> String {
    formats.map(|format| format!("'{format}'")).collect::<Vec<_>>().join(" or ")
}

/// The calls that read these formats in a map.
pub(crate) fn in_a_map(formats: &[DateFormat]) -> String {
    formats.iter().map(|format| format!("instant(\"{format}\")")).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    #[test]
    fn the_way_out_is_named() {
        let none = DateFormats::default();
        let some = DateFormats::from(vec!["%d/%m/%Y".parse().expect("a format")]);
        let told = |text: &str, reader| Moment::parse(text, None).expect_err(text).told(text, reader);
        assert_eq!(
            told("01/02/2026 14:00", Reader::Record(&none)),
            "cannot read \"01/02/2026 14:00\" as a date; the day or the month may come first: \
             add --date-format '%d/%m/%Y %H:%M' or '%m/%d/%Y %H:%M'"
        );
        assert_eq!(
            told("28.02.2026", Reader::Record(&some)),
            "cannot read \"28.02.2026\" as a date (nor with '%d/%m/%Y'); write 2026-02-28, or add --date-format '%d.%m.%Y'"
        );
        assert_eq!(
            told("1767225600", Reader::Record(&none)),
            "cannot read \"1767225600\" as a date; it looks like seconds since 1970: add --date-format '%s'"
        );
        assert_eq!(
            told("1767225600000", Reader::Map),
            "cannot read \"1767225600000\" as a date; it looks like milliseconds since 1970: \
             read it with instant(\"%s%3f\")"
        );
        assert_eq!(
            told("1/2/2026", Reader::Flag),
            "cannot read \"1/2/2026\" as a date; the day or the month may come first: \
             write it like 2026-01-05 or 2026-01-05 09:30Z"
        );
        assert_eq!(
            told("2026-02-01 14:00", Reader::Map),
            "\"2026-02-01 14:00\" has no offset; add one like +01:00, or name the zone with --timezone Europe/Berlin"
        );
    }
}
