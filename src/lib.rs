//! # serveup: the six levels of service as a program
//!
//! Service is judged by the person served. This library rates recorded moments
//! on Ron Kaufman's six levels of service, from *criminal* to *unbelievable*,
//! says by which rule, and projects how each act fades when it is repeated. It
//! reads no files, no clock and no environment, and prints nothing.
//!
//! # The model in ten minutes
//!
//! ## Six levels
//!
//! A [`Level`] is an ordinal word, not a quantity: levels are compared and
//! counted, never averaged. What is neither better nor worse than agreed is
//! *expected*, the baseline. It lies in the bottom half: satisfied is not loyal.
//!
//! ```
//! use serveup::{Half, Level};
//!
//! assert_eq!(Level::NAMES, ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"]);
//! assert!(Level::Criminal < Level::Basic);
//! assert_eq!((Level::BASELINE, Level::BASELINE.half()), (Level::Expected, Half::Bottom));
//! ```
//!
//! ## One moment
//!
//! A record is one moment of one person. Its *signals* are observed facts, and
//! each speaks for one level; the [`Model`] knows which. A [`Draft`] takes the
//! fields of a record and gives a checked [`Interaction`], the [`Assessor`] rates
//! it. The lowest shortfall decides: delight does not make up for being late.
//!
//! ```
//! use serveup::{Assessor, Draft, Field, Level, Model, Reading, Reason, Recipients};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut draft = Draft::default();
//! draft.text(&reading, Field::Recipient, "acme".into())?;
//! draft.text(&reading, Field::Point, "delivery".into())?;
//! draft.signal(&reading, 0, "as-hoped")?;
//! draft.signal(&reading, 1, "late")?;
//! let moment = draft.finish()?;
//!
//! let mut assessor = Assessor::new(&model, Recipients::default());
//! let assessment = assessor.rate(&moment)?.assessment;
//! assert_eq!((assessment.level, assessment.reason), (Level::Basic, Reason::Facts));
//!
//! // what is wrong in a record is said with its place, and what would be right
//! let problem = Draft::default().signal(&reading, 0, "lat").unwrap_err();
//! assert!(problem.to_string().starts_with("signals[0]: found \"lat\"; allowed: promise-broken,"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The examples below leave filling in the draft, in just this way, to a function
//! `told` (`examples/told/mod.rs`).
//!
//! ## Value
//!
//! A surprise nobody values is none. Signals of *surprising* and *unbelievable*
//! count only where the moment created value, and if the recipient says what they
//! value, only where it is of that kind. Not recorded and none are both not enough.
//!
//! ```
//! # mod told { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/told/mod.rs")); }
//! # use told::told;
//! use serveup::{Assessor, Field::*, Level, Model, Reading, RecipientDraft, Recipients};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut acme = RecipientDraft::default();
//! acme.id("acme")?;
//! acme.values(&model, 0, "time")?;
//! let mut recipients = Recipients::default();
//! recipients.add(acme.finish()?)?;
//! let mut assessor = Assessor::new(&model, recipients);
//!
//! let gift = [(Recipient, "acme"), (Point, "delivery"), (Signals, "unexpected")];
//! let of_value = |kind| [&gift[..], &[(Value, kind)]].concat();
//! assert_eq!(assessor.rate(&told(&reading, &gift)?)?.assessment.level, Level::Expected);
//! assert_eq!(assessor.rate(&told(&reading, &of_value("money"))?)?.assessment.level, Level::Expected);
//! assert_eq!(assessor.rate(&told(&reading, &of_value("time"))?)?.assessment.level, Level::Surprising);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## The escalator, and a lapse
//!
//! An act that once was *surprising* or better is worth one level less each time
//! it is done again, down to *basic*. A moment rides if it names its `action`.
//! What is not done when it is owed falls one level below what was owed: leaving
//! out what has become basic is *criminal*. Only then is it a failure; an act that
//! has slid to basic is not.
//!
//! ```
//! # mod told { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/told/mod.rs")); }
//! # use told::told;
//! use serveup::{Assessor, Field::*, Level, Model, Reading, Reason, Recipients};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut assessor = Assessor::new(&model, Recipients::default());
//! let note = [(Recipient, "acme"), (Point, "delivery"), (Action, "handwritten-note")];
//! let first = told(&reading, &[&note[..], &[(Signals, "unexpected"), (Value, "felt-good")]].concat())?;
//! let again = told(&reading, &note)?;
//! let omitted = told(&reading, &[&note[..], &[(Signals, "omitted")]].concat())?;
//!
//! let mut rate = |moment| assessor.rate(moment).map(|rating| rating.assessment);
//! assert_eq!(rate(&first)?.level, Level::Surprising);
//! assert_eq!(rate(&again)?.level, Level::Desired);
//! assert_eq!(rate(&again)?.level, Level::Expected);
//! let slid = rate(&again)?;
//! assert_eq!((slid.level, slid.reason, slid.failure), (Level::Basic, Reason::Repeat, false));
//! let lapse = rate(&omitted)?;
//! assert_eq!((lapse.level, lapse.reason, lapse.failure), (Level::Criminal, Reason::Lapse, true));
//! assert_eq!(lapse.owed, Some(Level::Basic));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`escalator`] has the rules as pure functions; [`assess::decay`] projects an act
//! that has not been done yet.
//!
//! ## The market
//!
//! What everyone does by now surprises nobody. A levels file, laid over the shipped
//! one, says from which date on; so the market needs to know `at`.
//!
//! ```
//! # mod told { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/told/mod.rs")); }
//! # use told::told;
//! use serveup::{Assessor, Field::*, Level, Model, Reading, Reason, Recipients};
//!
//! let model = Model::with_overlay("[[market]]\nact = 'next-day'\nsince = 2019-01-01\nlevel = 'expected'\n")?;
//! let reading = Reading { model: &model, zone: None };
//! let mut assessor = Assessor::new(&model, Recipients::default());
//! for (who, at, level, reason) in [
//!     ("ann", "2018-12-31", Level::Surprising, Reason::Facts),
//!     ("bob", "2019-01-01", Level::Expected, Reason::Market),
//! ] {
//!     let moment = [(Recipient, who), (Point, "delivery"), (Action, "next-day"), (At, at)];
//!     let moment = told(&reading, &[&moment[..], &[(Signals, "unexpected"), (Value, "time")]].concat())?;
//!     let assessment = assessor.rate(&moment)?.assessment;
//!     assert_eq!((assessment.level, assessment.reason), (level, reason));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Their own word, and why
//!
//! A *verdict*, the recipient's own word, outranks every computation, and says
//! where the act stands from then on. Every [`Rating`] explains itself: the
//! [`Reason`] names the rule that decided, [`Details::why`] gives at most five lines
//! to check by hand, the last of them the near miss, which is the one thing that would
//! have put the moment higher.
//!
//! ```
//! # mod told { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/told/mod.rs")); }
//! # use told::told;
//! use serveup::{Assessor, Field::*, Level, Model, Reading, Recipients};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut assessor = Assessor::new(&model, Recipients::default());
//! let late = [(Recipient, "acme"), (Point, "delivery"), (Signals, "late"), (Signals, "as-hoped")];
//! let moment = told(&reading, &late)?;
//! assert_eq!(assessor.rate(&moment)?.details.unwrap_or_default().why, [
//!     "noted: late (basic), as-hoped (desired)",
//!     "as-hoped does not make up for late",
//!     "near miss: without late it would have been desired",
//! ]);
//!
//! let moment = told(&reading, &[&late[..], &[(Verdict, "desired")]].concat())?;
//! let rating = assessor.rate(&moment)?;
//! assert_eq!((rating.assessment.level, rating.assessment.assessed), (Level::Desired, Level::Basic));
//! assert_eq!(rating.details.unwrap_or_default().near_miss, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many records, in any order, and roll-ups
//!
//! [`Assessor::rate`] takes moments in time order. Where they come in any order, they
//! are *entered* as they are read, *settled* in [`time_order`], and then drawn up:
//! a brief [`Rating`] each, or a [`RatedMoment`] with everything that led to its level.
//! Between the steps an [`Entry`] of 16 bytes and what its act stood on, 8 bytes,
//! are all that is kept of a record. Reports of [`assess`] take rated moments:
//! roll-ups, periods compared, recoveries, loyalty, calibration.
//!
//! ```
//! # mod told { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/told/mod.rs")); }
//! # use told::told;
//! use serveup::assess::{Dimension, When, journey::JourneyFold};
//! use serveup::{Assessor, Field::*, Level, Model, Reading, Recipients, time_order};
//!
//! let model = Model::shipped();
//! let reading = Reading { model: &model, zone: None };
//! let mut assessor = Assessor::new(&model, Recipients::default());
//! let note = [(Recipient, "acme"), (Point, "delivery"), (Action, "handwritten-note")];
//! let first = [(At, "2026-01-05"), (Signals, "unexpected"), (Value, "felt-good")];
//! let later = told(&reading, &[&note[..], &[(At, "2026-01-12")]].concat())?;
//! let records = [later, told(&reading, &[&note[..], &first].concat())?];
//!
//! let entries = records.iter().map(|record| assessor.enter(record)).collect::<Result<Vec<_>, _>>()?;
//! let mut states = vec![None; entries.len()];
//! for index in time_order(&entries) {
//!     states[index] = assessor.settle(&entries[index]);
//! }
//! let mut fold = JourneyFold::new(vec![Dimension::Point]);
//! for (index, record) in records.iter().enumerate() {
//!     let moment = assessor.moment(record, states[index]);
//!     fold.take(&moment, When { at: entries[index].at(), index: index as u64 })?;
//! }
//! let delivery = &fold.finish(&model, |_| None).groups[0];
//! assert_eq!((delivery.count, delivery.failures), (2, 0));
//! assert_eq!((delivery.worst, delivery.median), (Some(Level::Desired), Some(Level::Desired)));
//! assert_eq!(delivery.top_half.share, Some(1.0));
//! assert!(delivery.top_half.low < Some(0.35), "two moments do not tell much");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//!
//! ```text
//! Draft → Interaction → Evidence → Ledger → Rating → reports
//!         (checked)     (facts)    (acts)   (level, reason, why)
//! ```
//!
//! - [`Model`] holds the rules: the shipped `levels.toml` and at most one overlay.
//! - [`evidence`] weighs the facts of one moment; [`escalator`] says what came
//!   of the act before and what missing it costs; [`ledger`] remembers.
//! - [`assess`] folds rules and rated moments into reports, by the functions of
//!   [`stats`]; [`sql`] writes the rules as one query.
#![forbid(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod assess;
mod error;
#[cfg(feature = "import")]
pub mod import;
mod level;
mod moment;
mod names;
pub mod ordered;
mod period;
#[cfg(feature = "print")]
pub mod print;
mod printable;
mod rating;
#[cfg(feature = "read")]
pub mod read;
mod record;
mod rules;
#[cfg(feature = "schema")]
pub mod schema;
mod session;
mod signal;
pub mod sql;
pub mod stats;
mod value;
pub mod wording;

pub use error::{Allowed, Found, Problem, RuleError, UnknownName, nearest};
pub use level::{Half, Level};
pub use moment::{Days, Every, Instant, Moment, MomentError, Zone};
pub use names::{NameId, Names, TooMany};
pub use period::{Calendar, Period};
pub use printable::{brief, printable};
pub use rating::assessor::Recipients;
pub use rating::escalator::{self, Reason};
pub use rating::row::{Details, ExplainedRating, Rating, RatingField, RatingValue};
pub use rating::why::{LevelWording, RatedMoment, gap};
pub use rating::evidence;
pub use record::draft::{Draft, Reading, RecipientDraft, twice};
pub use record::field::{Field, Shape};
pub use record::interaction::{At, Interaction, InteractionRef, Recipient, Relation, Stage, path};
pub use record::owned::{RecipientRecord, Record, RecordValue};
pub use record::packed::{Fields, Position};
pub use record::row::Row;
pub use record::window::{Scope, Window};
pub use rules::{
    CategoryRule, EffectiveRules, Enough, EscalatorRule, KindRule, Lasts, LevelRow, LevelRule, MarketRow, Model, Rung,
    RungRule, SHIPPED, SignalRule, Unnamed,
};
pub use session::{Keeps, Kept, ReportError, Session, SessionError, Settled, rate_all};
pub use signal::{SignalId, SignalSet};
pub use value::{Amount, Category, Created, ValueId, ValueSet};
