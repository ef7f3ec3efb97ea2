//! Sources read to their end in one call.

use std::io::Cursor;

use super::error::Result;
use super::options::Options;
use super::records::Records;
use super::source::Source;
use crate::assess::Dimension;
use crate::assess::journey::Journey;
use crate::moment::Zone;
use crate::record::window::Window;
use crate::session::{Keeps, Session};

/// Reads all records into a session, which keeps in memory what any rating and any report needs.
///
/// ```
/// use serveup::Model;
/// use serveup::read::{self, Options, Source};
///
/// let lines = "{\"recipient\":\"acme\",\"point\":\"delivery\",\"signals\":[\"late\"]}\n";
/// let model = Model::shipped();
/// let session = read::session([Source::new("lines", std::io::Cursor::new(lines))], Options::new(&model))?;
/// let mut settled = session.settle()?;
/// let (report, failed) = settled.recovery(None, &[])?;
/// assert_eq!((report.failures, failed.len()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`Records::open`] and [`Records::read`]. What is only to be told is not; [`Records`] tells it.
pub fn session(sources: impl IntoIterator<Item = Source>, options: Options<'_>) -> Result<Session<'_>> {
    read(sources, options, Keeps::ALL)
}

/// Reads all records and rolls them up, by one [`Dimension`] or by several. Groups are counted as
/// records come, so that nothing else of them is kept.
///
/// ```
/// use serveup::assess::Dimension;
/// use serveup::Model;
/// use serveup::read::{self, Options, Source};
///
/// let lines = "{\"recipient\":\"acme\",\"point\":\"delivery\",\"signals\":[\"late\"]}\n";
/// let model = Model::shipped();
/// let source = Source::new("lines", std::io::Cursor::new(lines));
/// let journey = read::journey([source], Options::new(&model), Dimension::Point)?;
/// assert_eq!(journey.groups[0].failures, 1);
/// # Ok::<(), serveup::read::Error>(())
/// ```
///
/// # Errors
/// As [`session`]; amounts that do not add up exactly.
pub fn journey(
    sources: impl IntoIterator<Item = Source>,
    options: Options<'_>,
    by: impl Into<Vec<Dimension>>,
) -> Result<Journey> {
    let by = by.into();
    let keeps = if options.takes_back() { Keeps::ALL } else { Keeps::journey(&by) };
    Ok(read(sources, options, keeps)?.settle()?.journey(by)?)
}

fn read(sources: impl IntoIterator<Item = Source>, options: Options<'_>, keeps: Keeps) -> Result<Session<'_>> {
    let (model, zone, threads) = (options.reading.model, options.reading.zone.clone(), options.threads);
    let (mut records, recipients) = Records::open(sources.into_iter().collect(), None, options)?;
    let session = Session::with(model, recipients, Window::default(), keeps, Cursor::new(Vec::new()));
    let mut session = session.zone(zone.unwrap_or(Zone::UTC)).threads(threads);
    records.read(&mut session, None, &mut ())?;
    Ok(session)
}
