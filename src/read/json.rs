//! JSON in: objects, one a line or with white space between them, arrays of them, and documents, one
//! after the other in any mix; record by record, in blocks. Rows of other people's exports are read
//! the same way, whatever each of them is.

mod broken;
mod lists;

use std::borrow::Cow;

use crate::{Field, Found, Interaction, Problem, Reading, Recipient};

use super::Result;
use super::blocks::Blocks;
use super::document::{is_document, skip_nested};
use super::fast::objects::Between;
use super::object::{self, Lookup, Read, Spans, Value};
use super::record_error::{Position, RecordError};
use super::unclosed::Unclosed;
use super::written::{OffsetProblem, Written, interaction_field, recipient_field};
use super::{MARK, NOT_UTF_8};
use lists::{Leads, Lists};

pub(crate) use lists::{Layout, Section};

/// Where the reader stands in the layout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// Between values that are part of no other; `closed` if the one before was a list or a document.
    Top { closed: bool },
    /// In the document, before a key; `first` if none came yet.
    Keys { first: bool },
    /// In a list, before an element.
    List { section: Section, first: bool },
}

/// What the reader found.
pub(crate) enum Step {
    /// A record, to be read with [`JsonReader::interaction`] or [`JsonReader::recipient`].
    Record(Section),
    /// Something that is no record, of a known length: skip it and go on.
    RecordError(RecordError),
    /// A break in the syntax: of lines, what is broken ends before the next
    /// record; of an array or document, it is the rest of the file.
    Broken(RecordError),
    /// A key of the document that is unknown here; its value has been skipped.
    UnknownKey(String, Position),
    /// The end.
    End,
}

/// Reads a JSON source record by record.
pub(crate) struct JsonReader {
    blocks: Blocks,
    layout: Layout,
    /// What is in lines, or in an array of its own.
    section: Section,
    lists: Lists,
    /// Whether all but recipients is stepped over.
    only_recipients: bool,
    spot: Spot,
    /// In how many objects of the document the spot lies, behind the outermost.
    depth: usize,
    /// The lists come upon in the current document.
    seen: [bool; 3],
    /// Whether a document had the list of rows asked for.
    has_rows: bool,
    spans: Spans,
    /// The length of the current record or broken part, from the start of the window.
    length: usize,
    /// What is known to be open where lines broke last.
    open: Unclosed,
}

impl JsonReader {
    /// A reader of interactions.
    pub(crate) fn new(blocks: Blocks) -> Self {
        Self::of(blocks, Section::Interactions, Lists::Ours)
    }

    /// A reader of recipients.
    pub(crate) fn recipients(blocks: Blocks) -> Self {
        Self::of(blocks, Section::Recipients, Lists::Ours)
    }

    /// A reader of the rows of an export; in documents they stand at the end of a path of keys.
    #[cfg(feature = "import")]
    pub(crate) fn rows(blocks: Blocks, path: Vec<String>) -> Self {
        Self::of(blocks, Section::Rows, Lists::Rows(path))
    }

    fn of(blocks: Blocks, section: Section, lists: Lists) -> Self {
        let (layout, spot, depth, length) = (Layout::Lines, Spot::Top { closed: false }, 0, 0);
        let (spans, open, seen) = (Spans::default(), Unclosed::default(), [false; 3]);
        let (only_recipients, has_rows) = (false, false);
        Self { blocks, layout, section, lists, only_recipients, spot, depth, seen, has_rows, spans, length, open }
    }

    /// The same of the recipients in documents alone: all else is stepped over.
    pub(crate) fn only_recipients(self) -> Self {
        Self { only_recipients: true, ..self }
    }

    /// Whether the value in view is a document, which may hold recipients.
    pub(crate) fn is_at_document(&mut self) -> Result<bool> {
        if self.blocks.window().first() != Some(&b'{') {
            return Ok(false);
        }
        match (&self.lists, self.section) {
            (Lists::Rows(path), _) => Ok(!path.is_empty()),
            (Lists::Ours, Section::Recipients) => is_document(&mut self.blocks, recipient_field),
            (Lists::Ours, _) => is_document(&mut self.blocks, interaction_field),
        }
    }

    pub(crate) const fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(crate) const fn blocks_mut(&mut self) -> &mut Blocks {
        &mut self.blocks
    }

    pub(crate) const fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether the list of rows that was asked for has been come upon, or none was.
    #[cfg_attr(not(feature = "import"), expect(dead_code, reason = "only exports have rows"))]
    pub(crate) const fn has_rows(&self) -> bool {
        self.has_rows || matches!(&self.lists, Lists::Rows(path) if path.is_empty())
    }

    /// The bytes of the current record, or of what is broken.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.blocks.window()[..self.length]
    }

    /// Where the current record starts.
    pub(crate) fn position(&self) -> Position {
        self.blocks.position()
    }

    /// Goes to the next record.
    pub(crate) fn next(&mut self) -> Result<Step> {
        self.blocks.advance(self.length);
        self.length = 0;
        loop {
            let next = self.blocks.skip_space()?;
            match (self.spot, next) {
                (Spot::Top { closed }, next) => {
                    if let Some(step) = self.value(closed, next)? {
                        return Ok(step);
                    }
                }
                (Spot::Keys { .. }, Some(b'}')) => {
                    self.blocks.advance(1);
                    if self.depth == 0 {
                        self.close();
                    } else {
                        self.spot = Spot::Keys { first: false };
                        self.depth -= 1;
                    }
                }
                (Spot::Keys { first }, next) => {
                    if let Some(step) = self.key(first, next)? {
                        return Ok(step);
                    }
                }
                (Spot::List { section, first }, next) => match next {
                    Some(b']') => {
                        self.blocks.advance(1);
                        if self.layout == Layout::Document {
                            self.spot = Spot::Keys { first: false };
                        } else {
                            self.close();
                        }
                    }
                    Some(b',') if !first => {
                        self.blocks.advance(1);
                        self.blocks.skip_space()?;
                        return self.element(section);
                    }
                    Some(_) if first => {
                        self.spot = Spot::List { section, first: false };
                        return self.element(section);
                    }
                    next => return self.unexpected(next, "a comma or ]"),
                },
            }
        }
    }

    /// Begins a value that is part of no other.
    fn value(&mut self, closed: bool, next: Option<u8>) -> Result<Option<Step>> {
        let (section, in_documents) = (self.section, matches!(&self.lists, Lists::Rows(path) if !path.is_empty()));
        match next {
            None => return Ok(Some(Step::End)),
            Some(byte) if byte == MARK[0] && self.skip_mark()? => {}
            Some(b'[') if self.only_recipients => self.skip_nested()?,
            Some(b'[') if !in_documents => {
                self.blocks.advance(1);
                self.layout = Layout::Array;
                self.spot = Spot::List { section, first: true };
            }
            // what is known to be broken is not looked at again
            Some(b'{') if self.open.at(self.blocks.offset()).is_none() && self.is_at_document()? => {
                self.blocks.advance(1);
                self.layout = Layout::Document;
                (self.spot, self.seen) = (Spot::Keys { first: true }, [false; 3]);
            }
            Some(b'{') if self.only_recipients => self.skip_nested()?,
            Some(b'{') => {
                self.spot = Spot::Top { closed: false };
                return self.element(section).map(Some);
            }
            next if in_documents => return self.unexpected(next, "{").map(Some),
            next if closed => return self.unexpected(next, "another value, [ or {, or nothing").map(Some),
            _ => return self.element(section).map(Some),
        }
        Ok(None)
    }

    /// Stands behind a list or a document.
    fn close(&mut self) {
        (self.layout, self.spot, self.depth) = (Layout::Lines, Spot::Top { closed: true }, 0);
    }

    /// Steps over a list or an object that is not wanted; what is wrong with it is no matter here.
    fn skip_nested(&mut self) -> Result<()> {
        skip_nested(&mut self.blocks).map(|_| ())
    }

    /// Consumes a byte order mark between records, as where files were joined.
    fn skip_mark(&mut self) -> Result<bool> {
        let marked = self.blocks.fetch(MARK.len())? && self.blocks.window().starts_with(MARK);
        if marked && self.position().column == 1 {
            return super::skip_mark(&mut self.blocks);
        }
        if marked {
            self.blocks.advance(MARK.len());
        }
        Ok(marked)
    }

    /// Reads a key of the document and goes into its list; anything else there is skipped.
    fn key(&mut self, first: bool, next: Option<u8>) -> Result<Option<Step>> {
        match next {
            Some(b',') if !first => {
                self.blocks.advance(1);
                self.blocks.skip_space()?;
            }
            Some(b'"') if first => {}
            next => return self.unexpected(next, if first { "a name in quotes" } else { "a comma or }" }).map(Some),
        }
        let place = self.position();
        let Some(key) = self.whole_key()? else {
            return self.unexpected(self.blocks.window().first().copied(), "a name in quotes").map(Some);
        };
        let colon = self.blocks.skip_space()?;
        if colon != Some(b':') {
            return self.unexpected(colon, "a colon").map(Some);
        }
        self.blocks.advance(1);
        let next = self.blocks.skip_space()?;
        let section = match self.lists.lead(&key, self.depth) {
            Leads::ToList(section) => section,
            Leads::Deeper if next == Some(b'{') => {
                self.blocks.advance(1);
                self.depth += 1;
                self.spot = Spot::Keys { first: true };
                return Ok(None);
            }
            Leads::Deeper | Leads::Nowhere => {
                self.spot = Spot::Keys { first: false };
                return Ok(match self.whole_value()? {
                    Ok(length) => {
                        self.blocks.advance(length);
                        Some(Step::UnknownKey(key, place))
                    }
                    Err(broken) => Some(Step::Broken(broken)),
                });
            }
        };
        if std::mem::replace(&mut self.seen[section as usize], true) {
            let message = Problem::twice(key).to_string();
            return Ok(Some(Step::Broken(RecordError::new(place, message))));
        }
        if section == Section::Rows {
            self.has_rows = true;
        }
        if next != Some(b'[') {
            let place = self.position();
            let message = match self.whole_value()? {
                Err(broken) => return Ok(Some(Step::Broken(broken))),
                Ok(length) => {
                    let window = String::from_utf8_lossy(&self.blocks.window()[..length]);
                    let found = Value::of(&window).map_or("text", |value| value.in_words());
                    Problem::form(key, Found::thing(found), "a list").to_string()
                }
            };
            return Ok(Some(Step::Broken(RecordError::new(place, message))));
        }
        if self.only_recipients && section != Section::Recipients {
            self.spot = Spot::Keys { first: false };
            return self.skip_nested().map(|()| None);
        }
        self.blocks.advance(1);
        self.spot = Spot::List { section, first: true };
        Ok(None)
    }

    /// Consumes a text used as a key.
    fn whole_key(&mut self) -> Result<Option<String>> {
        if self.blocks.window().first() != Some(&b'"') {
            return Ok(None);
        }
        let Ok(length) = self.whole_value()? else { return Ok(None) };
        let key = serde_json::from_slice(&self.blocks.window()[..length]).ok();
        self.blocks.advance(length);
        Ok(key)
    }

    /// The length of the value at the start of the window, once it is there whole.
    fn whole_value(&mut self) -> Result<Result<usize, RecordError>> {
        loop {
            match object::read_value(self.blocks.window()) {
                // a number at the very end of the window may go on behind it
                Read::Whole(end) if end == self.blocks.window().len() && self.blocks.much_more()? => {}
                Read::Whole(end) => return Ok(Ok(end)),
                Read::Short(error) => {
                    if !self.blocks.much_more()? {
                        return Ok(Err(self.broken(&error)?));
                    }
                }
                Read::Broken(error) => return Ok(Err(self.broken(&error)?)),
            }
        }
    }

    /// Reads the record at the start of the window.
    fn element(&mut self, section: Section) -> Result<Step> {
        if let Some(fault) = self.open.at(self.blocks.offset()) {
            return Ok(Step::Broken(fault));
        }
        let lookup: Lookup = match section {
            Section::Rows => return self.row(),
            Section::Interactions => interaction_field,
            Section::Recipients => recipient_field,
        };
        if self.blocks.window().first() != Some(&b'{') {
            return self.no_object();
        }
        loop {
            match object::read_object(self.blocks.window(), lookup, &mut self.spans) {
                Read::Whole(length) => {
                    self.length = length;
                    return Ok(Step::Record(section));
                }
                Read::Short(error) => {
                    if !self.blocks.much_more()? {
                        return Ok(Step::Broken(self.broken(&error)?));
                    }
                }
                Read::Broken(error) => return Ok(Step::Broken(self.broken(&error)?)),
            }
        }
    }

    /// Reads the row at the start of the window, whatever it is.
    fn row(&mut self) -> Result<Step> {
        if matches!(self.blocks.window().first(), None | Some(b']' | b'}' | b',' | b':')) {
            return self.unexpected(self.blocks.window().first().copied(), "a row");
        }
        Ok(match self.whole_value()? {
            Ok(length) => {
                self.length = length;
                if object::too_deep(self.raw()) { Step::RecordError(self.deep(0)) } else { Step::Record(Section::Rows) }
            }
            Err(broken) => Step::Broken(broken),
        })
    }

    /// Steps behind the current record. What is between it and the records ahead, if it is an
    /// interaction of a list.
    pub(crate) fn stand_behind(&mut self) -> Option<Between> {
        let between = match self.spot {
            Spot::Top { closed: false } if self.section == Section::Interactions => Between::Lines,
            Spot::Top { closed: false } if matches!(&self.lists, Lists::Rows(path) if path.is_empty()) => {
                Between::Lines
            }
            Spot::List { section: Section::Interactions | Section::Rows, first: false } => Between::Commas,
            _ => return None,
        };
        self.blocks.advance(self.length);
        self.length = 0;
        Some(between)
    }

    /// The fields of the current record that are unknown here.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = &str> {
        self.spans.unknown.iter().map(String::as_str)
    }

    fn fault(&self, (problem, offset): &OffsetProblem) -> RecordError {
        RecordError::of(problem, self.blocks.position_of(*offset))
    }

    /// Faults of the object as such: a field twice, nesting too deep.
    fn whole(&self) -> Result<(), RecordError> {
        if let Some((key, offset)) = &self.spans.twice {
            let problem = Problem::twice(key.as_str());
            return Err(self.fault(&(problem, *offset)));
        }
        self.spans.deep.map_or(Ok(()), |offset| Err(self.deep(offset)))
    }

    /// The current record as text.
    pub(crate) fn text(&self) -> Result<&str, RecordError> {
        std::str::from_utf8(self.raw())
            .map_err(|error| RecordError::new(self.blocks.position_of(error.valid_up_to()), NOT_UTF_8))
    }

    /// The id of the current record, if it has one that can be read.
    pub(crate) fn id(&self) -> Option<String> {
        Written { text: self.text().ok()?, spans: &self.spans }.plain(Field::Id).map(Cow::into_owned)
    }

    /// The current record, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        let read = || {
            self.whole()?;
            let written = Written { text: self.text()?, spans: &self.spans };
            written.interaction(reading).map_err(|flaw| self.fault(&flaw))
        };
        read().map_err(|fault: RecordError| fault.with_id(self.id()))
    }

    /// The current recipient, checked.
    pub(crate) fn recipient(&self, reading: &Reading<'_>) -> Result<Recipient, RecordError> {
        self.whole()?;
        let written = Written { text: self.text()?, spans: &self.spans };
        written.recipient(reading).map_err(|flaw| self.fault(&flaw))
    }
}
