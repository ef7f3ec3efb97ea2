//! Records in: the bytes of any source to checked interactions, nothing lost.
//!
//! [`Records`] reads sources, whatever their form, into a [`Session`](crate::Session), or passes
//! each record to a closure. An [`Observer`] receives notes, rejected records and progress. Files
//! are opened by the caller: a [`Source`] is anything that can be read.
//!
//! ```
//! use serveup::read::{Options, Records, Source};
//! use serveup::{Model, Session};
//!
//! let lines = "{\"recipient\":\"acme\",\"point\":\"delivery\",\"signals\":[\"late\"]}\n";
//! let model = Model::shipped();
//! let options = Options::new(&model);
//! let source = Source::new("lines", std::io::Cursor::new(lines));
//! let (mut records, recipients) = Records::open(vec![source], None, options)?;
//! let mut session = Session::of(&model, recipients);
//! let summary = records.read(&mut session, None, &mut ())?;
//! assert_eq!((summary.accepted, session.len()), (1, 1));
//! # Ok::<(), serveup::read::Error>(())
//! ```

mod advice;
mod ahead;
mod baseline;
pub(crate) mod blocks;
mod bounds;
pub(crate) mod checks;
mod columns;
mod container;
pub(crate) mod content;
mod csv;
mod document;
mod error;
mod event;
pub(crate) mod fast;
mod fields;
mod foreign;
pub(crate) mod form;
pub(crate) mod header;
mod ids;
mod in_order;
pub(crate) mod json;
mod numbering;
pub(crate) mod object;
mod options;
mod quotes;
pub(crate) mod reader;
mod recipients;
pub(crate) mod record_error;
pub(crate) mod recorded;
mod records;
pub(crate) mod rejects;
pub(crate) mod sheet;
pub(crate) mod sink;
mod source;
mod unclosed;
mod unknown;
mod unpack;
mod whole;
mod workbook;
pub(crate) mod written;

use blocks::Blocks;

pub use baseline::baseline;
pub use error::{Error, ErrorKind, Result};
pub use event::{ColumnRenamed, Note, Observer, Rejected};
pub use form::Form;
pub use in_order::{InOrder, RatedRound, RoundLines};
pub use numbering::Numbering;
pub use options::Options;
pub use recipients::recipients;
pub use record_error::{RecordError, RejectReason};
pub use recorded::Recorded;
pub use records::{Records, Summary};
pub use source::Source;
pub use whole::{journey, session};
pub use workbook::WORKBOOK_THREAD;

/// The byte order mark of UTF-8. Where files were joined it is between records, too.
pub(crate) const MARK: &[u8; 3] = b"\xEF\xBB\xBF";

/// What is said of bytes that are no characters.
pub(crate) const HOLDS_NUL: &str = "holds zero bytes, so the file is damaged; get it again";
pub(crate) const NOT_UTF_8: &str = "is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1";

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
