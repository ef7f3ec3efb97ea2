//! Records in: files and pipes to checked interactions, nothing lost.

pub(crate) mod blocks;
mod csv;
mod fields;
pub(crate) mod json;
pub(crate) mod object;
mod open;
mod pieces;
pub(crate) mod place;
mod quotes;
mod reader;
mod recipients;
mod records;
pub(crate) mod rejects;
mod scan;
pub(crate) mod sheet;
pub(crate) mod source;
pub(crate) mod timing;
pub(crate) mod unknown;
mod usual;
pub(crate) mod written;

use std::path::PathBuf;

use anyhow::{Result, bail};

use blocks::Blocks;

pub(crate) use pieces::{Noter, Texts};
pub(crate) use records::{Ahead, Intake, Recorded, Records, Rereader, Taker};
pub(crate) use written::Written;

/// The sources that are named: standard input if none is, and at most once.
pub(crate) fn sources(files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        bail!("standard input is named twice; name it once");
    }
    Ok(if files.is_empty() { vec![PathBuf::from("-")] } else { files.to_vec() })
}

/// The byte order mark of UTF-8. Where files were joined it stands between records, too.
pub(crate) const MARK: &[u8; 3] = b"\xEF\xBB\xBF";

/// Consumes byte order marks at the start of a line. Whether there was one.
pub(crate) fn skip_mark(blocks: &mut Blocks) -> Result<bool> {
    let mut skipped = false;
    loop {
        while blocks.window().len() < MARK.len() && MARK.starts_with(blocks.window()) && blocks.more()? {}
        if !blocks.window().starts_with(MARK) {
            return Ok(skipped);
        }
        blocks.advance_unseen(MARK.len());
        skipped = true;
    }
}
