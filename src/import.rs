//! Exports of help desks in: source rows through a map to interactions.
//!
//! [`Import`] reads the sources and runs a [`Map`] on each row; what comes out is checked by the
//! same rules as any record. [`Preset`]s are maps that come with the program; an [`Inspector`]
//! counts how much of the records is known.

mod batch;
mod case;
mod check;
mod chunks;
mod counts;
mod functions;
mod inspect;
mod latest;
mod map;
mod mapper;
mod marks;
mod members;
mod mentioned;
mod presets;
mod recognised;
mod row_sink;
mod rows;
mod run;
mod sandbox;
mod table_rows;
mod typed;

pub use case::Case;
pub use counts::Counts;
pub use inspect::{
    ColumnRow, FieldRow, Inspection, InspectionRow, Inspector, LeftOutRow, PointRow, SignalRow, ValueRow,
};
pub use latest::{AsOf, Times};
pub use map::{Around, Map};
pub use presets::Preset;
pub use recognised::Recognised;
pub use row_sink::RowSink;
pub use run::{Import, Options};
pub use sandbox::STACK;
