//! The rows of an export, whatever its format, one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::table_rows::TableRows;
use crate::read::blocks::Blocks;
use crate::read::content::Content;
use crate::read::fast::objects::Between;
use crate::read::form::Form;
use crate::read::header::RowCells;
use crate::read::json::{self, JsonReader, Layout};
use crate::read::reader::{table_notes, title};
use crate::read::record_error::{Position, RecordError};
use crate::read::sheet::{CellPlaces, DELIMITERS, LOOKED_AT, Sheet};
use crate::read::{ColumnRenamed, Error, ErrorKind, Note, Result, Source};
use crate::wording::grouped;

/// How many columns a table may have.
const MOST_COLUMNS: usize = 16_384;

/// One source, row by row.
pub(crate) struct Rows {
    kind: Kind,
}

enum Kind {
    Table(Table),
    Json(JsonReader),
    /// No byte, or only white space.
    Empty(Blocks),
}

/// How the rows that follow are written.
pub(super) enum Ahead<'r> {
    Json(Between),
    Table(TableRows<'r>),
}

/// What came next in a source.
pub(crate) enum Step {
    Row,
    /// A last line that is no row.
    Trailer,
    /// Something that is no row, of a known length.
    RecordError(RecordError),
    /// A break in the syntax: to be stepped over with [`Rows::skip_broken`].
    Broken(RecordError),
    End,
}

impl Rows {
    /// Detects the form of the rows of a source by its content.
    pub(crate) fn open(source: Source, form: &Form) -> Result<Self> {
        let wrong = |blocks: &Blocks, what: &str| wrong(format!("{}: {what}; leave it out", blocks.source.name()));
        let kind = match Content::of(source, form)? {
            Content::Empty(blocks) => Kind::Empty(blocks),
            Content::List(blocks) if !form.at.is_empty() => {
                return Err(wrong(&blocks, "--at is for a JSON object that holds a list, and this is a list"));
            }
            Content::Table(blocks, _) if !form.at.is_empty() => {
                return Err(wrong(&blocks, "--at is for JSON objects, and this is a table"));
            }
            Content::List(blocks) | Content::Object(blocks) => Kind::Json(JsonReader::rows(blocks, form.at.clone())),
            Content::Table(blocks, delimiter) => Kind::Table(Table::open(blocks, delimiter, form.trailer)?),
        };
        Ok(Self { kind })
    }

    pub(super) const fn blocks(&self) -> &Blocks {
        match &self.kind {
            Kind::Table(table) => table.sheet.blocks(),
            Kind::Json(reader) => reader.blocks(),
            Kind::Empty(blocks) => blocks,
        }
    }

    /// The bytes of a source of JSON.
    pub(super) const fn json_blocks(&mut self) -> Option<&mut Blocks> {
        match &mut self.kind {
            Kind::Json(reader) => Some(reader.blocks_mut()),
            Kind::Table(_) | Kind::Empty(_) => None,
        }
    }

    /// Steps behind the current row, if chunks of rows can be cut there.
    pub(super) fn stand_behind(&mut self) -> Option<(&mut Blocks, Ahead<'_>)> {
        match &mut self.kind {
            Kind::Json(reader) => {
                let between = reader.stand_behind()?;
                Some((reader.blocks_mut(), Ahead::Json(between)))
            }
            Kind::Table(Table { sheet, marked, trailer, .. }) => {
                let (blocks, header, delimiter) = sheet.stand_behind()?;
                Some((blocks, Ahead::Table(TableRows { header, delimiter, marked, trailer: *trailer })))
            }
            Kind::Empty(_) => None,
        }
    }

    /// The name of the source.
    pub(crate) fn name(&self) -> &str {
        self.blocks().source.name()
    }

    /// Whether its texts are in another encoding than UTF-8.
    pub(crate) const fn is_decoded(&self) -> bool {
        self.blocks().source.is_decoded()
    }

    /// Whether there is nothing in it.
    pub(crate) const fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::Empty(_))
    }

    /// The first bytes of JSON: so many if there are, and more if they are at hand. Nothing of a table.
    pub(super) fn json_start(&mut self, wanted: usize) -> Result<Option<&[u8]>> {
        match &mut self.kind {
            Kind::Json(reader) => {
                reader.blocks_mut().fetch(wanted)?;
                Ok(Some(reader.blocks().window()))
            }
            Kind::Table(_) | Kind::Empty(_) => Ok(None),
        }
    }

    /// The names of the columns of a table.
    pub(crate) fn columns(&self) -> Option<&[String]> {
        match &self.kind {
            Kind::Table(table) => Some(&table.names),
            Kind::Json(_) | Kind::Empty(_) => None,
        }
    }

    /// What is worth knowing about the names of the columns.
    pub(crate) fn renamed(&self) -> Vec<ColumnRenamed> {
        match &self.kind {
            Kind::Table(table) => table.renamed(),
            Kind::Json(_) | Kind::Empty(_) => Vec::new(),
        }
    }

    /// What is to be noted of a table once it has been read.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Note> + use<> {
        let again = match &self.kind {
            Kind::Table(table) => table.sheet.headers_again(),
            Kind::Json(_) | Kind::Empty(_) => 0,
        };
        table_notes(&self.blocks().source, again)
    }

    /// Where the header of a table stands.
    pub(crate) fn header_position(&self) -> Option<Position> {
        match &self.kind {
            Kind::Table(table) => Some(table.sheet.header_position()),
            Kind::Json(_) | Kind::Empty(_) => None,
        }
    }

    /// The header of a table, as it stands there.
    pub(crate) fn header(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Table(table) => Some(table.sheet.header()),
            Kind::Json(_) | Kind::Empty(_) => None,
        }
    }

    /// Whether a break in the syntax ends with its line.
    pub(crate) const fn is_lines(&self) -> bool {
        !matches!(&self.kind, Kind::Json(reader) if !matches!(reader.layout(), Layout::Lines))
    }

    /// Goes to the next row.
    pub(crate) fn next(&mut self) -> Result<Step> {
        match &mut self.kind {
            Kind::Table(table) => table.next(),
            Kind::Json(reader) => loop {
                return Ok(match reader.next()? {
                    json::Step::Record(_) => Step::Row,
                    json::Step::RecordError(fault) => Step::RecordError(fault),
                    json::Step::Broken(fault) => Step::Broken(fault),
                    json::Step::UnknownKey(..) => continue,
                    json::Step::End => Step::End,
                });
            },
            Kind::Empty(_) => Ok(Step::End),
        }
    }

    /// Whether the list of rows that was asked for is in the source, once all has been read.
    pub(crate) const fn has_list(&self) -> bool {
        match &self.kind {
            Kind::Json(reader) => reader.has_rows(),
            Kind::Table(_) | Kind::Empty(_) => true,
        }
    }

    /// Steps over what is broken and returns it: up to the next line of an object in lines, else
    /// the rest of the file.
    pub(crate) fn skip_broken(&mut self, piece: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match &mut self.kind {
            Kind::Json(reader) => reader.skip_broken(piece),
            Kind::Table(_) | Kind::Empty(_) => Ok(()),
        }
    }

    /// The bytes of the current row.
    pub(crate) fn raw(&self) -> &[u8] {
        match &self.kind {
            Kind::Table(table) => table.sheet.raw(),
            Kind::Json(reader) => reader.raw(),
            Kind::Empty(_) => &[],
        }
    }

    /// Marks the columns of these names of a table.
    pub(super) fn mark(&mut self, names: &[&str]) {
        if let Kind::Table(table) = &mut self.kind {
            let is_named = |index: &usize| names.contains(&table.names[*index].as_str());
            table.marked = (0..table.names.len()).filter(is_named).collect();
        }
    }

    /// The cells of the current row in the columns that are marked.
    pub(super) fn marked_cells(&self) -> impl Iterator<Item = &[u8]> {
        let table = match &self.kind {
            Kind::Table(table) => Some(table),
            Kind::Json(_) | Kind::Empty(_) => None,
        };
        table.into_iter().flat_map(|table| table.marked.iter().map(|&index| table.sheet.cell(index)))
    }

    /// A cell of the current row of a table, without its quotes.
    pub(super) fn cell(&self, index: usize) -> Option<&[u8]> {
        match &self.kind {
            Kind::Table(table) => Some(table.sheet.cell(index)),
            Kind::Json(_) | Kind::Empty(_) => None,
        }
    }

    /// Where the current row starts.
    pub(crate) fn position(&self) -> Position {
        match &self.kind {
            Kind::Table(table) => table.sheet.position(),
            Kind::Json(reader) => reader.position(),
            Kind::Empty(blocks) => blocks.position(),
        }
    }

    /// The line the current row starts in, faster than its place.
    pub(crate) fn line(&self) -> u64 {
        match &self.kind {
            Kind::Table(table) => table.sheet.position().line,
            Kind::Json(_) | Kind::Empty(_) => self.blocks().line(),
        }
    }

    /// What keeps the current row from being read.
    pub(super) fn fault(&self) -> Option<RecordError> {
        match &self.kind {
            Kind::Table(table) => table.fault(),
            Kind::Json(reader) => reader.text().err(),
            Kind::Empty(blocks) => Some(RecordError::new(blocks.position(), "no rows")),
        }
    }

    /// What tells where the cells of a table stand.
    pub(super) fn cell_places(&self) -> Option<CellPlaces> {
        match &self.kind {
            Kind::Table(table) => Some(table.sheet.places()),
            Kind::Json(_) | Kind::Empty(_) => None,
        }
    }

    /// The place of the current row among the rows of a table.
    pub(super) fn place(&self) -> usize {
        match &self.kind {
            Kind::Table(table) => table.sheet.place(),
            Kind::Json(_) | Kind::Empty(_) => 0,
        }
    }

    /// Adds the cells of the current row of a table, and where each of them ends.
    pub(super) fn copy_cells(&self, cells: &mut Vec<u8>, ends: &mut Vec<usize>) {
        if let Kind::Table(table) = &self.kind {
            table.sheet.copy_cells(cells, ends);
        }
    }

    /// Whether no whole line is available behind the current row.
    pub(super) fn last_at_hand(&self) -> bool {
        self.blocks().last_at_hand(self.raw().len())
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Form, message)
}

/// Rows of cells under a header.
struct Table {
    sheet: Sheet,
    /// The columns as maps name them: each once.
    names: Vec<String>,
    /// Columns that are looked at by themselves.
    marked: Vec<usize>,
    trailer: bool,
}

impl Table {
    fn open(mut blocks: Blocks, known: Option<u8>, trailer: bool) -> Result<Self> {
        let delimiter = match known {
            Some(delimiter) => delimiter,
            None => delimiter(&mut blocks)?,
        };
        if let Some(header) = header_below(&mut blocks, delimiter)? {
            return Err(title(&mut blocks, header));
        }
        let sheet = Sheet::new(blocks, delimiter)?;
        if let Err(error) = std::str::from_utf8(sheet.header()) {
            let before = String::from_utf8_lossy(&sheet.header()[..error.valid_up_to()]).into_owned();
            let Position { line, .. } = sheet.header_position();
            let place = Position::of_text(line, 1 + before.chars().count() as u64);
            let fault = RecordError::new(place, crate::read::NOT_UTF_8);
            return Err(Error::of(ErrorKind::Header, &fault, "header", sheet.blocks().source.name()));
        }
        if let Some(fault) = sheet.header_fault() {
            return Err(Error::of(ErrorKind::Header, &fault, "header", sheet.blocks().source.name()));
        }
        if sheet.names().len() > MOST_COLUMNS {
            let (name, found) = (sheet.blocks().source.name(), grouped(sheet.names().len() as u64));
            let most = grouped(MOST_COLUMNS as u64);
            return Err(wrong(format!("{name}: has {found} columns; keep {most} at most")));
        }
        let names = distinct(sheet.names());
        Ok(Self { sheet, names, marked: Vec::new(), trailer })
    }

    fn renamed(&self) -> Vec<ColumnRenamed> {
        let pairs = self.sheet.names().iter().zip(&self.names).zip(1..);
        let renamed = pairs.filter(|((written, name), _)| written.trim() != **name);
        let column = |((written, name), number): ((&String, &String), usize)| ColumnRenamed {
            number,
            written: written.trim().to_owned(),
            name: name.clone(),
        };
        renamed.map(column).collect()
    }

    /// Goes to the next row.
    fn next(&mut self) -> Result<Step> {
        if self.sheet.next()? {
            let blank = |index| self.sheet.is_blank(index);
            if self.sheet.is_misquoted() {
                return Ok(Step::Row);
            }
            let (count, columns) = (self.sheet.count(), self.names.len());
            let only_first = || !blank(0) && (1..count).all(blank);
            // in a table of two columns a row with an empty second cell is a row
            let may_be_none = columns > 1 && (columns > 2 || count != columns);
            if self.trailer && may_be_none && only_first() && self.sheet.is_last()? {
                return Ok(Step::Trailer);
            }
            return Ok(Step::Row);
        }
        Ok(Step::End)
    }

    /// What keeps the current row from being read: its quotes, the number of its cells, or one of these.
    fn fault(&self) -> Option<RecordError> {
        if let Some(fault) = self.sheet.fault() {
            let single = self.sheet.count() == 1 && self.names.len() > 2;
            return Some(if single { fault.and("if this is a footer, add --trailer") } else { fault });
        }
        let is_text = !self.sheet.is_of_workbook() && std::str::from_utf8(self.sheet.raw()).is_ok();
        if is_text { None } else { (0..self.names.len()).find_map(|index| self.sheet.text(index).err()) }
    }
}

/// Where the header stands, if what stands at the top is a single cell and what is below is a table.
fn header_below(blocks: &mut Blocks, delimiter: u8) -> Result<Option<u64>> {
    let rows = Sheet::rows_of(blocks, delimiter, LOOKED_AT)?;
    let filled = |row: &csv::ByteRecord| row.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
    let filled: Vec<_> = rows.iter().map(|(line, row)| (*line, filled(row))).collect();
    let [(_, 1), rest @ ..] = filled.as_slice() else { return Ok(None) };
    let widest = rest.iter().map(|(_, filled)| *filled).max().unwrap_or(0);
    let header = filled.iter().find(|(_, filled)| *filled == widest);
    Ok(header.filter(|_| widest > 2 && rest.len() > 1).map(|(line, _)| *line))
}

/// The separator that splits the first rows best: into as many cells as the
/// header has, and into the most.
fn delimiter(blocks: &mut Blocks) -> Result<u8> {
    let mut best = (DELIMITERS[0], (0, 1));
    for delimiter in DELIMITERS {
        let columns = Sheet::header_of(blocks, delimiter)?.len();
        let rows = Sheet::rows_of(blocks, delimiter, LOOKED_AT)?;
        let fit = rows.iter().filter(|(_, row)| row.len() == columns).count();
        if columns > 1 && (fit, columns) > best.1 {
            best = (delimiter, (fit, columns));
        }
    }
    Ok(best.0)
}

/// The names of columns, trimmed, each once: the second `Variant` is `Variant_2`,
/// and the fourth column without a name `column_4`.
fn distinct(names: &[String]) -> Vec<String> {
    let written: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    let (mut given, mut next) = (BTreeSet::new(), BTreeMap::new());
    let mut distinct = |(index, name): (usize, &String)| {
        let name = name.trim();
        let name = if name.is_empty() { format!("column_{}", index + 1) } else { name.to_owned() };
        if given.insert(name.clone()) {
            return name;
        }
        // whatever number is taken stays so, and is not tried again
        let number = next.entry(name.clone()).or_insert(2_u64);
        loop {
            let numbered = format!("{name}_{number}");
            *number += 1;
            if !written.contains(numbered.as_str()) && given.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    names.iter().enumerate().map(&mut distinct).collect()
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let named = |names: &[&str]| distinct(&names.iter().map(ToString::to_string).collect::<Vec<_>>()).join(",");
        assert_eq!(named(&["a", "b"]), "a,b");
        assert_eq!(named(&["Variant", " Variant ", "Variant"]), "Variant,Variant_2,Variant_3");
        // a name that is written already is not given to another column
        assert_eq!(named(&["a", "a", "a_2"]), "a,a_3,a_2");
        assert_eq!(named(&["", "x", ""]), "column_1,x,column_3");
    }
}
