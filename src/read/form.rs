//! What form a source has, detected from its content and never by its name.

use super::blocks::Blocks;
use super::error::{Error, ErrorKind, Result};
use super::skip_mark;
use super::source::Source;

/// The form of a source, positioned at its first significant byte.
pub(crate) enum Form {
    /// A list, or lists one after the other: it begins with `[`.
    List(Blocks),
    /// Objects, one or more: it begins with `{`.
    Objects(Blocks),
    /// Anything else: rows of cells, as far as one can tell.
    Table(Blocks),
    /// No byte, or only white space.
    Empty(Blocks),
}

impl Form {
    /// Looks at the first bytes of a source.
    ///
    /// # Errors
    /// What is no text.
    pub(crate) fn of(source: Source) -> Result<Self> {
        let mut blocks = Blocks::new(source);
        skip_mark(&mut blocks)?;
        let next = blocks.skip_blank_lines()?;
        refuse_binary(&mut blocks)?;
        Ok(match next {
            None => Self::Empty(blocks),
            Some(b'[') => {
                blocks.skip_space()?;
                Self::List(blocks)
            }
            Some(b'{') => {
                blocks.skip_space()?;
                Self::Objects(blocks)
            }
            Some(_) => Self::Table(blocks),
        })
    }
}

/// Refuses what is no text, with the way out where there is one.
fn refuse_binary(blocks: &mut Blocks) -> Result<()> {
    let start = blocks.peek_lines(1, 512)?;
    let what = if start.starts_with(b"\x1F\x8B") {
        "is compressed; unpack it"
    } else if start.starts_with(b"PK\x03\x04") {
        "is a spreadsheet or an archive; save its table as CSV"
    } else if start.contains(&0) {
        "looks like UTF-16, or is no text; name its encoding, like --encoding utf-16le"
    } else {
        return Ok(());
    };
    let name = blocks.source.name();
    Err(Error::new(ErrorKind::Form, format!("{name}: {what}")))
}
