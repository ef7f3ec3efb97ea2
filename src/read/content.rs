//! What form a source has, detected from its content and never by its name.

use super::blocks::Blocks;
use super::error::{Error, ErrorKind, Result};
use super::foreign;
use super::form::Form;
use super::skip_mark;
use super::source::Source;
use crate::wording::count;

/// What a source holds, which stands at its first byte that means anything.
pub(crate) enum Content {
    /// JSON values, of which the first is a list: it begins with `[`.
    List(Blocks),
    /// JSON values, of which the first is an object: it begins with `{`.
    Object(Blocks),
    /// Anything else: rows of cells, as far as one can tell, and what separates them, where that is known.
    Table(Blocks, Option<u8>),
    /// No byte, or only white space.
    Empty(Blocks),
}

impl Content {
    /// Looks at the first bytes of a source.
    ///
    /// # Errors
    /// What is no text.
    pub(crate) fn of(source: Source, form: &Form) -> Result<Self> {
        let is_sheet = source.grid().is_some();
        let mut blocks = Blocks::new(source);
        skip_mark(&mut blocks)?;
        if !is_sheet {
            blocks.skip_lines(form.skip)?;
        }
        let next = blocks.skip_blank_lines()?;
        if next.is_none() && form.skip > 0 && (is_sheet || blocks.offset() > 0) {
            let lines = count(form.skip, if is_sheet { "row" } else { "line" });
            let message =
                format!("{}: nothing is left after the {lines} of --skip; use a smaller number", blocks.source.name());
            return Err(Error::new(ErrorKind::Form, message));
        }
        if is_sheet {
            return Ok(if next.is_none() { Self::Empty(blocks) } else { Self::Table(blocks, Some(b',')) });
        }
        let start = blocks.peek_lines(1, 512)?;
        // what stands behind that says which kind of XML
        let lines = if start.starts_with(b"<?xml") { 4 } else { 1 };
        if let Some(what) = foreign::of_text(blocks.peek_lines(lines, 512)?) {
            return Err(Error::new(ErrorKind::Form, format!("{}: {what}", blocks.source.name())));
        }
        if let (Some(_), name) = (&form.sheet, blocks.source.name()) {
            return Err(Error::new(ErrorKind::Form, format!("{name}: is not a workbook; leave --sheet out")));
        }
        Ok(match next {
            None => Self::Empty(blocks),
            Some(b'[') if form.delimiter.is_none() => {
                blocks.skip_space()?;
                Self::List(blocks)
            }
            Some(b'{') if form.delimiter.is_none() => {
                blocks.skip_space()?;
                Self::Object(blocks)
            }
            Some(_) => {
                let told = separator(blocks.peek_lines(1, 16)?);
                if told.is_some() {
                    blocks.skip_lines(1)?;
                }
                Self::Table(blocks, form.delimiter.or(told))
            }
        })
    }
}

/// What a first line like `sep=;` says about the cells below.
fn separator(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line.split_at_checked(4)? {
        (word, [separator]) if word.eq_ignore_ascii_case(b"sep=") => Some(*separator),
        // trimmed away as white space
        (word, []) if word.eq_ignore_ascii_case(b"sep=") => Some(b'\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::separator;

    #[test]
    fn a_first_line_may_name_the_separator() {
        assert_eq!(separator(b"sep=;\r"), Some(b';'));
        assert_eq!(separator(b"SEP=,"), Some(b','));
        assert_eq!(separator(b"\"sep=|\""), Some(b'|'));
        assert_eq!(separator(b"sep=\t"), Some(b'\t'));
        assert_eq!((separator(b"sep=;;"), separator(b"separate"), separator(b"")), (None, None, None));
    }
}
