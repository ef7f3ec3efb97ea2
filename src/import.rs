//! Exports of help desks in: source rows through a map to interactions.
//!
//! `rows` reads the sources, `map` runs a map on each row with the help of
//! `functions`, `check` holds what comes out against the same rules as `rate`,
//! and `walk` does this for all rows and counts them. `presets` are maps that
//! come with the program; `inspect` tells how much of the records is known.

mod check;
mod functions;
mod ground;
pub(crate) mod inspect;
mod last;
pub(crate) mod map;
pub(crate) mod presets;
pub(crate) mod rows;
pub(crate) mod walk;
mod watch;

pub(crate) use ground::STACK;
