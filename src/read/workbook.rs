//! Workbooks in: a sheet of them as rows of texts, which are read on like any table, and beside it
//! the sheet of the people served.
//!
//! What a cell shows counts: a formula by the value that was saved with it, a date as a date or a
//! date-time, a number as it was typed. The rows are set aside as CSV, in memory or in an unnamed
//! temporary file, and where each stands in the sheet is remembered beside them: messages name cells.

mod chosen;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufWriter, Cursor, Seek, Write};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader as _, Sheet, Xls, Xlsb, Xlsx};
use tempfile::SpooledTempFile;

use super::container::{Book, Container};
use super::error::{Error, ErrorKind, Result};
use super::form::Form;
use super::source::{Source, spool};
use crate::error::Found;
use chosen::Chosen;
pub(super) use chosen::Wanted;

/// How large a workbook may be: it is held as a whole.
const LARGEST: usize = 512 << 20;

/// How much text the rows of a sheet may hold.
const MOST_TEXT: u64 = 1 << 30;

/// How many rows a sheet has at most.
const MOST_ROWS: u32 = 1 << 20;

/// How much of that is kept in memory before a file is made.
const IN_MEMORY: usize = 1 << 22;

/// From here on a number does not tell all its digits.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// Whether a source that starts so may be a workbook.
pub(super) fn may_be(start: &[u8]) -> bool {
    Container::of(start).is_some()
}

/// Where the rows of a sheet stand in it, and what cannot be read of them.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// The number of each row, the header included, from 1.
    rows: Vec<u32>,
    /// What is wrong with a cell of a row, by its row and its column from 0.
    faults: BTreeMap<(u32, usize), String>,
    /// The other sheets that can be read.
    others: Vec<String>,
}

impl Grid {
    /// The number of the row in this place, the header being the first.
    pub(crate) fn row(&self, place: usize) -> u64 {
        self.rows.get(place).or(self.rows.last()).copied().map_or(1, u64::from)
    }

    /// What is wrong with a cell.
    pub(super) fn fault(&self, place: usize, column: usize) -> Option<&str> {
        self.faults.get(&(*self.rows.get(place)?, column)).map(String::as_str)
    }

    /// The other sheets of the workbook.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }
}

/// The name of the thread that workbooks are read on. What reads them may panic where one is damaged,
/// which is an error like any other: a panic hook need not tell of panics on this thread.
pub const WORKBOOK_THREAD: &str = "reading a workbook";

/// The rows of the sheets that are wanted.
pub(super) fn opened(mut source: Source, form: &Form, wanted: Wanted) -> Result<Source> {
    let name = source.name().to_owned();
    let wrong = |what: String| Error::new(ErrorKind::Form, format!("{name}: {what}"));
    let Some(bytes) = source.whole(LARGEST)? else {
        return Err(wrong("is a workbook larger than 512 MiB; save its sheet as CSV".to_owned()));
    };
    let read = std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().name(WORKBOOK_THREAD.to_owned());
        let reader = reader.spawn_scoped(scope, || read(bytes, form, wanted));
        reader.map_or_else(
            |error| Err(unread(&error)),
            |reader| reader.join().unwrap_or_else(|_| Err(unread(&"it is damaged"))),
        )
    });
    let (rows, recipients) = read.map_err(wrong)?;
    let source = |SheetRows { sheet, text, grid, size }| {
        let name = format!("{name}: sheet \"{}\"", crate::printable(&sheet));
        Source::of_sheet(&name, text, size, grid)
    };
    Ok(source(rows).with_recipients(recipients.map(source)))
}

/// The rows of a sheet, set aside.
struct SheetRows {
    sheet: String,
    text: SpooledTempFile,
    grid: Grid,
    size: u64,
}

/// The rows of the sheet that is asked for, or of the first; and those of the people served, if there are any.
fn read(bytes: Vec<u8>, form: &Form, wanted: Wanted) -> Result<(SheetRows, Option<SheetRows>), String> {
    let bytes: Arc<[u8]> = bytes.into();
    let book = Book::of(&bytes)?;
    let mut read = Workbook::open(book, bytes)?;
    let Chosen { sheet, recipients, others } = Chosen::of(read.sheets(), form.sheet.as_deref(), wanted)?;
    let mut rows_of = |sheet: String, skip: u64| {
        let in_sheet = |what: String| format!("sheet {}: {what}", Found::text(&sheet));
        let mut rows = Rows::new(skip);
        read.each_cell(&sheet, &mut rows).map_err(in_sheet)?;
        let (text, grid, size) = rows.finish().map_err(in_sheet)?;
        Ok::<_, String>(SheetRows { sheet, text, grid, size })
    };
    let rows = rows_of(sheet, form.skip)?;
    let recipients = recipients.map(|sheet| rows_of(sheet, 0)).transpose()?;
    let recipients = recipients.filter(|rows| !rows.grid.rows.is_empty());
    Ok((SheetRows { grid: Grid { others, ..rows.grid }, ..rows }, recipients))
}

type Bytes = Cursor<Arc<[u8]>>;

/// An open workbook.
enum Workbook {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

impl Workbook {
    fn open(book: Book, bytes: Arc<[u8]>) -> Result<Self, String> {
        let bytes = Cursor::new(bytes);
        Ok(match book {
            Book::Xlsx => Self::Xlsx(Box::new(Xlsx::new(bytes).map_err(|error| unread(&error))?)),
            Book::Xlsb => Self::Xlsb(Box::new(Xlsb::new(bytes).map_err(|error| unread(&error))?)),
            Book::Xls => Self::Xls(Box::new(Xls::new(bytes).map_err(|error| unread(&error))?)),
            Book::Ods => Self::Ods(Box::new(Ods::new(bytes).map_err(|error| unread(&error))?)),
        })
    }

    fn sheets(&self) -> &[Sheet] {
        match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        }
    }

    /// Hands over every cell of a sheet that has something in it.
    fn each_cell(&mut self, sheet: &str, rows: &mut Rows) -> Result<(), String> {
        let range = match self {
            // these two need not hold all cells at once
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| unread(&error))?;
                while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unread(&error))? {
                    let unsaved = cell.formula.is_some() && cell.value == DataRef::Empty;
                    rows.cell(cell.pos, &cell.value, unsaved)?;
                }
                return Ok(());
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| unread(&error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| unread(&error))? {
                    rows.cell(cell.get_position(), cell.get_value(), false)?;
                }
                return Ok(());
            }
            Self::Xls(book) => book.worksheet_range(sheet).map_err(|error| unread(&error))?,
            Self::Ods(book) => book.worksheet_range(sheet).map_err(|error| unread(&error))?,
        };
        let (first, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = |start: u32, further: usize| start.saturating_add(u32::try_from(further).unwrap_or(u32::MAX));
            rows.cell((place(first, row), place(left, column)), &borrowed(value), false)?;
        }
        Ok(())
    }
}

fn unread(error: &dyn std::fmt::Display) -> String {
    let error = error.to_string();
    if error.to_lowercase().contains("password") {
        return super::container::ENCRYPTED.to_owned();
    }
    format!("is a workbook that cannot be read ({error}); save it again, or download it again")
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(at) => DataRef::DateTime(*at),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The rows of a sheet, set aside as CSV.
struct Rows {
    text: csv::Writer<BufWriter<SpooledTempFile>>,
    /// How many rows at the top are left out.
    skip: u64,
    /// The current row from 0, and its cells.
    row: u32,
    cells: Vec<String>,
    /// How many cells the header has.
    width: Option<usize>,
    grid: Grid,
    size: u64,
}

impl Rows {
    fn new(skip: u64) -> Self {
        let spool = BufWriter::new(spool(IN_MEMORY));
        let text = csv::WriterBuilder::new().flexible(true).from_writer(spool);
        Self { text, skip, row: 0, cells: Vec::new(), width: None, grid: Grid::default(), size: 0 }
    }

    /// Takes a cell; rows come in their order.
    fn cell(&mut self, (row, column): (u32, u32), value: &DataRef<'_>, unsaved: bool) -> Result<(), String> {
        if u64::from(row) < self.skip {
            return Ok(());
        }
        if row >= MOST_ROWS {
            return Err(unread(&"it has more than 1,048,576 rows"));
        }
        if row != self.row {
            if row < self.row {
                return Err(unread(&"its rows are in no order"));
            }
            self.end_row()?;
            self.row = row;
        }
        let error = |error: &dyn std::fmt::Display| {
            Some(format!("this cell has the error {error}; correct its formula, or empty it"))
        };
        let fault = match value {
            DataRef::Empty if unsaved => {
                Some("this cell has a formula without a value; open the workbook and save it".to_owned())
            }
            DataRef::Error(what) => error(what),
            DataRef::String(text) if is_error(text) => error(text),
            DataRef::SharedString(text) if is_error(text) => error(text),
            DataRef::Float(number) if number.abs() >= INEXACT => Some(
                "this number is too long for a workbook to hold exactly; format the column as text and enter it again"
                    .to_owned(),
            ),
            _ => None,
        };
        if fault.is_none() && *value == DataRef::Empty {
            return Ok(());
        }
        let column = column as usize;
        if column >= 16_384 {
            return Err(unread(&"it has more than 16,384 columns"));
        }
        if let Some(fault) = fault {
            self.grid.faults.insert((row + 1, column), fault);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        let cell = &mut self.cells[column];
        cell.clear();
        write_value(cell, value);
        if unsaved && cell.is_empty() {
            cell.push('=');
        }
        Ok(())
    }

    /// Sets the current row aside, unless it is blank.
    fn end_row(&mut self) -> Result<(), String> {
        let used = self.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if used > 0 {
            let width = used.max(*self.width.get_or_insert(used));
            let row = (0..width).map(|column| self.cells.get(column).map_or("", String::as_str));
            self.size += row.clone().map(|cell| cell.len() as u64).sum::<u64>();
            if self.size > MOST_TEXT {
                return Err("is a sheet of more than 1 GiB of text; save it as CSV".to_owned());
            }
            self.text.write_record(row).map_err(|error| unkept(&error))?;
            self.grid.rows.push(self.row + 1);
        }
        self.cells.iter_mut().for_each(String::clear);
        Ok(())
    }

    /// The rows as a text to be read, with where they stand, and how long it is.
    fn finish(mut self) -> Result<(SpooledTempFile, Grid, u64), String> {
        self.end_row()?;
        let text = self.text.into_inner().map_err(|error| unkept(&error))?;
        let mut text = text.into_inner().map_err(|error| unkept(&error))?;
        let size = text.flush().and_then(|()| text.stream_position()).map_err(|error| unkept(&error))?;
        text.rewind().map_err(|error| unkept(&error))?;
        Ok((text, self.grid, size))
    }
}

fn unkept(error: &dyn std::fmt::Display) -> String {
    format!("its rows cannot be written to a temporary file ({error}); set TMPDIR to a folder with more space")
}

/// Writes what a cell shows.
fn write_value(into: &mut String, value: &DataRef<'_>) {
    let written = match value {
        DataRef::Int(number) => write!(into, "{number}"),
        DataRef::Float(number) => write!(into, "{}", number_shown(*number)),
        DataRef::String(text) => into.write_str(text),
        DataRef::DurationIso(text) => into.write_str(&duration_shown(text)),
        DataRef::SharedString(text) => into.write_str(text),
        DataRef::Bool(is) => write!(into, "{is}"),
        DataRef::DateTime(at) => {
            into.push_str(&date_shown(at));
            Ok(())
        }
        DataRef::DateTimeIso(text) => into.write_str(whole_seconds(text)),
        DataRef::Error(error) => write!(into, "{error}"),
        DataRef::Empty => Ok(()),
    };
    debug_assert!(written.is_ok(), "a text takes whatever is written into it");
}

/// Whether a text is what a spreadsheet shows for an error; some save nothing else of it.
fn is_error(text: &str) -> bool {
    let numbered =
        || text.strip_prefix("Err:").is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
    ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"].contains(&text) || numbered()
}

/// A number as it was typed: a workbook shows fifteen digits of it, and keeps a few more.
fn number_shown(number: f64) -> f64 {
    if number.fract() == 0.0 {
        // there is only one nought
        return number + 0.0;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// A date, a date with a time, or a time.
fn date_shown(at: &ExcelDateTime) -> String {
    let serial = at.as_f64();
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let time = if milli == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{milli:03}")
    };
    if serial < 0.0 || at.is_duration() {
        format!("{}", number_shown(serial))
    } else if serial < 1.0 {
        time
    } else if time == "00:00:00" {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    }
}

/// A duration like `PT14H30M00S` as a cell shows it.
fn duration_shown(text: &str) -> Cow<'_, str> {
    let parts = || {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, seconds) = rest.split_once('M')?;
        let seconds = whole_seconds(seconds.strip_suffix('S')?);
        let all_digits = [hours, minutes, seconds].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        all_digits.then(|| Cow::Owned(format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}")))
    };
    parts().unwrap_or(Cow::Borrowed(text))
}

/// A date-time without a fraction of a second that is none.
fn whole_seconds(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    use calamine::ExcelDateTimeType::DateTime;

    #[test]
    fn dates_are_shown_to_the_second() {
        let shown = |serial| date_shown(&ExcelDateTime::new(serial, DateTime, false));
        assert_eq!(shown(46082.0), "2026-03-01");
        assert_eq!(shown(46_082.583_333_333_336), "2026-03-01T14:00:00");
        assert_eq!(shown(46_082.583_333_333_33), "2026-03-01T14:00:00");
        assert_eq!(shown(46_082.999_999_999_9), "2026-03-02");
        assert_eq!(shown(0.25), "06:00:00");
        let mac = |serial| date_shown(&ExcelDateTime::new(serial, DateTime, true));
        assert_eq!(mac(44620.5), "2026-03-01T12:00:00");
        assert_eq!(whole_seconds("2026-03-01T14:00:00.000000000"), "2026-03-01T14:00:00");
        assert_eq!(whole_seconds("2026-03-01T14:00:00.5"), "2026-03-01T14:00:00.5");
        assert_eq!(
            (duration_shown("PT14H30M00S"), duration_shown("PT30H5M0S")),
            ("14:30:00".into(), "30:05:00".into())
        );
        assert_eq!((duration_shown("PT1H2M3.5S"), duration_shown("P1D")), ("PT1H2M3.5S".into(), "P1D".into()));
    }

    #[test]
    fn numbers_are_as_they_were_typed() {
        let shown = |number| number_shown(number).to_string();
        assert_eq!((shown(42.0), shown(-0.0), shown(0.1 + 0.2)), ("42".into(), "0".into(), "0.3".into()));
        assert_eq!((shown(12.5), shown(123_456_789_012_345.0)), ("12.5".into(), "123456789012345".into()));
        assert_eq!(shown(9_007_199_254_740_991.0), "9007199254740991");
    }

    #[test]
    fn rows_are_padded_and_blank_ones_left_out() {
        let mut rows = Rows::new(1);
        let text = |text| DataRef::SharedString(text);
        for (place, value) in [
            ((0, 0), text("a title")),
            ((2, 1), text("recipient")),
            ((2, 2), text("point")),
            ((4, 2), text("a, \"b\"\nc")),
            ((5, 1), text(" ")),
            ((6, 3), DataRef::Float(3.0)),
        ] {
            rows.cell(place, &value, false).expect("a cell");
        }
        let (mut csv, grid, size) = rows.finish().expect("rows");
        let mut read = String::new();
        csv.read_to_string(&mut read).expect("text");
        assert_eq!(read, ",recipient,point\n,,\"a, \"\"b\"\"\nc\"\n,,,3\n");
        assert_eq!((grid.rows.as_slice(), size), ([3, 5, 7].as_slice(), read.len() as u64));
        assert!(Rows::new(0).finish().expect("no rows").1.rows.is_empty());
    }
}
