//! Rows cut in chunks, so that threads find out themselves where each of them ends.

use std::sync::Arc;

use super::batch::Batch;
use super::mapper::{Done, Job, Mapper};
use super::rows::{Ahead, Rows};
use crate::ordered::{self, Then, Threads};
use crate::read::Result;
use crate::read::fast::cells;
use crate::read::fast::chunk::{self, Format};

/// Cuts what follows into chunks of rows, has threads map them, and passes what they give to `accept`, with how many
/// rows were before, up to the first row that is left to the reader that goes row by row. How many rows there were.
pub(super) fn chunks(
    rows: &mut Rows,
    threads: Threads,
    job: &Job<'_, '_>,
    name: &Arc<str>,
    mut number: u64,
    mut accept: impl FnMut(&mut Done, u64) -> Result<Then> + Send,
) -> Result<u64> {
    let places = rows.cell_places();
    let Some((blocks, ahead)) = rows.stand_behind() else { return Ok(number) };
    blocks.read_ahead(threads.count);
    let mut stopped = None;
    let accept = |mut done: Done| {
        let then = accept(&mut done, number)?;
        number += done.outcomes.len() as u64;
        stopped = done.rest.take();
        Ok(if stopped.is_some() { Then::Stop } else { then })
    };
    let own = || Mapper::new(job);
    let last_end = |bytes: &[u8]| match &ahead {
        Ahead::Json(between) => between.last_end(bytes),
        Ahead::Table(_) => cells::last_end(bytes),
    };
    let take = || chunk::cut(blocks, last_end, false, Vec::new);
    let map = |mapper: &mut Mapper<'_, '_>, chunk| match &ahead {
        Ahead::Json(between) => mapper.map_chunk(chunk, *between, name),
        Ahead::Table(table) => {
            let (batch, rest) = Batch::split(name, chunk, table, places.clone());
            Done { rest, ..mapper.map(batch) }
        }
    };
    let left = ordered::map_with(threads, own, take, map, accept)?;
    // what was taken and not accepted is put back, to be read row by row
    if let Some(rest) = stopped {
        blocks.put_back(rest, left.into_iter().map(|left| left.map(|done| done.batch.into_bytes())));
    }
    Ok(number)
}
