//! Records in: files and pipes to checked interactions, nothing lost.

mod blocks;
mod csv;
mod fields;
mod json;
mod object;
pub(crate) mod place;
mod reader;
mod recipients;
mod records;
mod rejects;
mod scan;
mod source;
mod unknown;

use anyhow::Result;

use blocks::Blocks;

pub(crate) use records::{Intake, Recorded, Records};

/// Consumes a byte order mark of UTF-8 at the start of a source.
fn skip_mark(blocks: &mut Blocks) -> Result<()> {
    while blocks.window().len() < 3 && blocks.more()? {}
    if blocks.window().starts_with(b"\xEF\xBB\xBF") {
        blocks.advance_unseen(3);
    }
    Ok(())
}
