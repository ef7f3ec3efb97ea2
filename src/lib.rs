//! # serveup: the six levels of service as a program
//!
//! Service is judged by the person served. This library rates recorded moments
//! on Ron Kaufman's six levels of service, from *criminal* to *unbelievable*,
//! says by which rule, and projects how each act fades when it is repeated.
//!
//! Data flows one way:
//!
//! ```text
//! Draft → Interaction → Evidence → Ledger → Rating → reports
//!         (checked)     (facts)    (acts)   (level, reason, why)
//! ```
//!
//! - [`Model`] holds the rules: the shipped `levels.toml` and at most one overlay.
//! - [`Draft`] checks the fields of a record and gives an [`Interaction`].
//! - [`evidence`] weighs the facts of one moment; [`escalator`] says what came
//!   of the act before and what missing it costs; [`ledger`] remembers.
//! - [`Assessor`] puts them together: interactions in, [`Rating`]s out.
//! - [`assess`] folds rules and ratings into reports; [`sql`] writes the rules as one query.
//!
//! The core reads no files, no clock and no environment, and prints nothing.
//!
//! ```
//! use serveup::{Assessor, Draft, Field, Level, Model, Reading, Recipients};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut assessor = Assessor::new(&model, Recipients::default());
//!
//! let mut draft = Draft::default();
//! draft.text(&reading, Field::Recipient, "acme".into())?;
//! draft.text(&reading, Field::Point, "delivery".into())?;
//! draft.signal(&reading, 0, "late")?;
//! let interaction = draft.finish()?;
//!
//! let rating = assessor.rate(&interaction)?;
//! assert_eq!(rating.assessment.level, Level::Basic);
//! assert_eq!(rating.details.map(|details| details.why), Some(vec![
//!     "noted: late (basic)".to_owned(),
//!     "near miss: without late it would have been expected".to_owned(),
//! ]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod assess;
mod draft;
mod error;
pub mod escalator;
pub mod evidence;
mod field;
mod interaction;
pub mod ledger;
mod level;
mod model;
mod moment;
mod names;
mod period;
mod rate;
#[cfg(feature = "schema")]
pub mod schema;
mod signal;
pub mod sql;
pub mod stats;
mod value;
mod why;

pub use draft::{Draft, Reading, RecipientDraft, twice};
pub use error::{Allowed, Found, Problem, RuleError, UnknownName, printable};
pub use escalator::Reason;
pub use field::{Field, Shape};
pub use interaction::{At, Interaction, Outline, Recipient, Relation, Stage, path};
pub use level::{Half, Level};
pub use model::{
    CategoryRule, Enough, EscalatorRule, KindRule, Lasts, LevelRule, MarketRow, Model, Rung, RungRule, SHIPPED,
    SignalRule, Unnamed,
};
pub use moment::{Days, Every, Instant, Moment, MomentError, Zone};
pub use names::{NameId, Names, TooMany};
pub use period::{Calendar, Period};
pub use rate::{Assessor, Details, Entry, Rating, Recipients, Scale, Weighed, time_order};
pub use signal::{SignalId, SignalSet};
pub use value::{Amount, Category, Created, ValueId, ValueSet};
pub use why::{RatedMoment, Speech, gap};
