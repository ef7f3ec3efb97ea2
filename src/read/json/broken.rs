//! What is broken in JSON: where, with what message, and where reading can continue.

use super::{JsonReader, Layout, Step};
use crate::Found;
use crate::read::object::{self, Value};
use crate::read::record_error::RecordError;
use crate::read::unclosed::Unclosed;
use crate::read::{MARK, NOT_UTF_8, Result};

/// What stands in a file of JSON.
const A_RECORD: &str = "a record {…}";

impl JsonReader {
    pub(super) fn unexpected(&mut self, next: Option<u8>, allowed: &str) -> Result<Step> {
        let found = match next {
            None => "found the end of the file; it may have been cut short".to_owned(),
            Some(_) => {
                let start = String::from_utf8_lossy(self.blocks.peek(8)?);
                format!("found {}", Found::text(&start.chars().take(1).collect::<String>()))
            }
        };
        Ok(Step::Broken(RecordError::new(self.position(), format!("expected {allowed}, {found}"))))
    }

    pub(super) fn deep(&self, offset: usize) -> RecordError {
        RecordError::new(self.blocks.position_of(offset), "is nested deeper than 128 levels; flatten it")
    }

    /// Steps over a value where a record belongs.
    pub(super) fn no_object(&mut self) -> Result<Step> {
        let place = self.position();
        if matches!(self.blocks.window().first(), None | Some(b']' | b'}' | b',' | b':')) {
            let next = self.blocks.window().first().copied();
            let allowed = match next {
                Some(b']') => "a record {…} behind the comma",
                _ => A_RECORD,
            };
            return self.unexpected(next, allowed);
        }
        Ok(match self.whole_value()? {
            Ok(length) => {
                self.length = length;
                let window = String::from_utf8_lossy(&self.blocks.window()[..length.min(64)]);
                let found = Value::of(&window).map_or("text", |value| value.in_words());
                let fault = RecordError::new(place, format!("expected {A_RECORD}, found {found}"));
                if self.layout == Layout::Lines { Step::Broken(fault) } else { Step::RecordError(fault) }
            }
            // words, where the value itself begins as none does
            Err(broken) if self.layout == Layout::Lines && broken.is_at(place) => {
                let line = self.blocks.peek_lines(1, 200)?;
                let found = Found::text(String::from_utf8_lossy(line).trim_end());
                let message = format!("expected {A_RECORD}, found {found}");
                Step::Broken(RecordError::new(place, message))
            }
            Err(broken) => Step::Broken(broken),
        })
    }

    /// What is wrong with the value at the start of the window. In lines, whatever was opened in
    /// it at the start of a line, and is still open where it breaks, breaks there as well.
    pub(super) fn broken(&mut self, error: &serde_json::Error) -> Result<RecordError> {
        let (offset, fault) = self.syntax(error)?;
        if self.layout == Layout::Lines {
            self.open = Unclosed::before(&self.blocks.window()[..offset], self.blocks.offset(), &fault);
        }
        Ok(fault)
    }

    /// What is wrong with the value at the start of the window, and how far into it.
    fn syntax(&mut self, error: &serde_json::Error) -> Result<(usize, RecordError)> {
        let window = self.blocks.window();
        // the parser counts lines from 1 and columns in bytes, from where it started
        let mut start = 0;
        for _ in 1..error.line() {
            start += memchr::memchr(b'\n', &window[start..]).map_or(0, |newline| newline + 1);
        }
        let mut offset = (start + error.column().saturating_sub(1)).min(window.len());
        let mut message = object::message(error);
        if error.is_eof() {
            message.push_str("; copy it again if it was cut short");
        } else if let Err(error) = std::str::from_utf8(self.blocks.peek(offset + 4)?)
            && error.error_len().is_some()
        {
            NOT_UTF_8.clone_into(&mut message);
            offset = offset.min(error.valid_up_to());
        }
        Ok((offset, RecordError::new(self.blocks.position_of(offset), message)))
    }

    /// After [`Step::Broken`] in lines: makes what is broken the current record,
    /// up to the next line that starts an object, or to the end of the source.
    fn resynchronize(&mut self) -> Result<()> {
        let first = self.length.max(1).min(self.blocks.window().len());
        let mut from = first;
        loop {
            let window = self.blocks.window();
            let next = memchr::memchr_iter(b'\n', &window[from.saturating_sub(1)..])
                .map(|newline| from.saturating_sub(1) + newline + 1)
                .find(|&start| window[start..].strip_prefix(MARK).unwrap_or(&window[start..]).starts_with(b"{"));
            if let Some(start) = next {
                self.length = start;
                return Ok(());
            }
            // only a byte order mark of the last line may have been read
            from = window.len().saturating_sub(MARK.len()).max(first);
            self.length = window.len();
            if !self.blocks.more()? {
                return Ok(());
            }
        }
    }

    /// After [`Step::Broken`]: steps over what is broken and returns it, up to the next line of
    /// an object in lines, else the rest of the file.
    pub(crate) fn skip_broken(&mut self, mut piece: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if self.layout == Layout::Lines {
            self.resynchronize()?;
            piece(self.raw().trim_ascii_end())
        } else {
            self.rest(piece)
        }
    }

    /// After [`Step::Broken`] in an array or document: returns the rest of the file in pieces.
    fn rest(&mut self, mut piece: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.close();
        loop {
            piece(self.blocks.window())?;
            let length = self.blocks.window().len();
            self.blocks.advance(length);
            if !self.blocks.more()? {
                return Ok(());
            }
        }
    }
}
