//! # serveup: the six levels of service as a program
//!
//! Service is judged by the person served. This library rates recorded moments
//! on Ron Kaufman's six levels of service, from *criminal* to *unbelievable*,
//! says by which rule, and projects how each act fades when it is repeated. It
//! reads no files, no clock and no environment, and prints nothing.
//!
//! ```
//! use serveup::{Level, Model, Record, rate_all};
//!
//! let lines = r#"{"recipient": "acme", "point": "delivery", "signals": ["as-hoped", "late"]}
//!                {"recipient": "acme", "point": "question", "signals": ["as-hoped"]}"#;
//! let records = lines.lines().map(serde_json::from_str).collect::<Result<Vec<Record>, _>>()?;
//! let ratings = rate_all(&Model::shipped(), &records)?;
//! assert_eq!(ratings[0].assessment.level, Level::Basic);
//! assert_eq!(ratings[1].assessment.level, Level::Desired);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! A [`Record`] is one moment of one person as it is written; checked against the
//! [`Model`] it is an [`Interaction`]. Its *signals* are observed facts, and each
//! speaks for one level; the model knows which. A [`Session`] rates it. The lowest
//! shortfall decides: delight does not make up for being late.
//!
//! ```
//! use serveup::{Level, Model, Reason, Record, Session};
//!
//! let model = Model::shipped();
//! let record: Record = serde_json::from_str(
//!     r#"{"recipient": "acme", "point": "delivery", "signals": ["as-hoped", "late"]}"#,
//! )?;
//! let interaction = record.check(&model)?;
//! let mut session = Session::new(&model);
//! let rating = session.rate(&interaction, None)?.expect("no window leaves it out");
//! assert_eq!((rating.assessment.level, rating.assessment.reason), (Level::Basic, Reason::Facts));
//!
//! // what is wrong in a record is said with its place, and what would be right
//! let record = Record { signals: vec!["lat".into()], ..record };
//! let problem = record.check(&model).unwrap_err().to_string();
//! assert!(problem.starts_with("signals[0]: unknown signal \"lat\"; did you mean \"late\"?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Value
//!
//! A surprise nobody values is none. Signals of *surprising* and *unbelievable*
//! count only where the moment created value, and if the recipient says what they
//! value, only where it is of that kind. Not recorded and none are both not enough.
//!
//! ```
//! use serveup::{Level, Model, RecipientRecord, Recipients, Record, Session};
//!
//! let model = Model::shipped();
//! let acme: RecipientRecord = serde_json::from_str(r#"{"id": "acme", "values": ["time"]}"#)?;
//! let gifts: Vec<Record> = serde_json::from_str(r#"[
//!     {"recipient": "acme", "point": "delivery", "signals": ["unexpected"]},
//!     {"recipient": "acme", "point": "delivery", "signals": ["unexpected"], "value": ["money"]},
//!     {"recipient": "acme", "point": "delivery", "signals": ["unexpected"], "value": ["time"]}
//! ]"#)?;
//! let ratings = Session::of(&model, Recipients::of(&model, &[acme])?).rate_all(&gifts)?;
//! let levels: Vec<Level> = ratings.iter().map(|rating| rating.assessment.level).collect();
//! assert_eq!(levels, [Level::Expected, Level::Expected, Level::Surprising]);
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
//! use serveup::{Level, Model, Reason, Record, rate_all};
//!
//! let note = Record { action: Some("handwritten-note".into()), ..Record::new("acme", "delivery") };
//! let first = Record {
//!     signals: vec!["unexpected".into()],
//!     value: Some(vec!["felt-good".into()]),
//!     ..note.clone()
//! };
//! let omitted = Record { signals: vec!["omitted".into()], ..note.clone() };
//! let ratings = rate_all(&Model::shipped(), &[first, note.clone(), note.clone(), note, omitted])?;
//! let levels: Vec<Level> = ratings.iter().map(|rating| rating.assessment.level).collect();
//! assert_eq!(levels, [Level::Surprising, Level::Desired, Level::Expected, Level::Basic, Level::Criminal]);
//!
//! let (slid, lapse) = (ratings[3].assessment, ratings[4].assessment);
//! assert_eq!((slid.reason, slid.failure), (Reason::Repeat, false));
//! assert_eq!((lapse.reason, lapse.failure, lapse.owed), (Reason::Lapse, true, Some(Level::Basic)));
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
//! use serveup::{Level, Model, Reason, Record, rate_all};
//!
//! let model = Model::with_overlay("[[market]]\nact = 'next-day'\nsince = 2019-01-01\nlevel = 'expected'\n")?;
//! let before: Record = serde_json::from_str(r#"{
//!     "recipient": "ann", "at": "2018-12-31", "point": "delivery", "action": "next-day",
//!     "signals": ["unexpected"], "value": ["time"]
//! }"#)?;
//! let after = Record { recipient: "bob".into(), at: Some("2019-01-01".into()), ..before.clone() };
//! let ratings = rate_all(&model, &[before, after])?;
//! let of = |index: usize| (ratings[index].assessment.level, ratings[index].assessment.reason);
//! assert_eq!(of(0), (Level::Surprising, Reason::Facts));
//! assert_eq!(of(1), (Level::Expected, Reason::Market));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Their own word, and why
//!
//! A *verdict* in the recipient's own word outranks every computation, and says
//! where the act stands from then on. An answer on a scale says less: it is an open
//! [`Verdict`], which allows its level and all below it, or all above it, and moves
//! the computed level no further than that. One star leaves a broken promise what it
//! was, and lowers a moment by whose facts nothing went wrong.
//!
//! ```
//! use serveup::{Level, Model, Reason, Record, Verdict, rate_all};
//!
//! let stars = Verdict::on_scale(1, 5).expect("there is such a step");
//! assert_eq!(stars.name(), "basic-or-below");
//! let delivery = |signal: &str| Record {
//!     signals: vec![signal.into()],
//!     verdict: Some(stars.name().into()),
//!     ..Record::new("acme", "delivery")
//! };
//! let ratings = rate_all(&Model::shipped(), &[delivery("promise-broken"), delivery("on-time")])?;
//! let of = |index: usize| (ratings[index].assessment.level, ratings[index].assessment.reason);
//! assert_eq!(of(0), (Level::Criminal, Reason::Facts));
//! assert_eq!(of(1), (Level::Basic, Reason::Verdict));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every [`Rating`] explains itself: the [`Reason`] names the rule that decided,
//! [`Details::why`] gives at most five lines to check by hand, the last of them the near
//! miss, which is the one thing that would have put the moment higher. Programs read the
//! same as values: [`RatedMoment::findings`].
//!
//! ```
//! use serveup::{Level, Model, Record, rate_all};
//!
//! let late: Record = serde_json::from_str(
//!     r#"{"recipient": "acme", "point": "delivery", "signals": ["late", "as-hoped"]}"#,
//! )?;
//! let called = Record { verdict: Some("desired".into()), ..late.clone() };
//! let ratings = rate_all(&Model::shipped(), &[late, called])?;
//! assert_eq!(ratings[0].details.as_ref().expect("it is explained").why, [
//!     "noted: late (basic), as-hoped (desired)",
//!     "as-hoped does not make up for late",
//!     "one step short: without late it would have been desired",
//! ]);
//! assert_eq!((ratings[1].assessment.level, ratings[1].assessment.assessed), (Level::Desired, Level::Basic));
//! assert_eq!(ratings[1].details.as_ref().expect("it is explained").near_miss, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many records, in any order, and roll-ups
//!
//! [`Session::rate`] takes moments in time order and rates each at once. Where they come in
//! any order, they are [added](Session::add) and then [settled](Session::settle); a [`Settled`]
//! session gives ratings again, and reports, one call each: roll-ups, periods compared,
//! recoveries, calibration. All of them serialize. With the feature `read`, the module `read`
//! takes whole files, as fast as the program does.
//!
//! ```
//! use serveup::assess::Dimension;
//! use serveup::{Level, Model, Record, Session};
//!
//! let records: Vec<Record> = serde_json::from_str(r#"[
//!     {"recipient": "acme", "at": "2026-01-12", "point": "delivery", "action": "handwritten-note"},
//!     {"recipient": "acme", "at": "2026-01-05", "point": "delivery", "action": "handwritten-note",
//!      "signals": ["unexpected"], "value": ["felt-good"]}
//! ]"#)?;
//! let model = Model::shipped();
//! let mut session = Session::new(&model);
//! for record in &records {
//!     session.add(&record.check(&model)?)?;
//! }
//! let delivery = &session.settle()?.journey(Dimension::Point)?.groups[0];
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
//! Record → Interaction → Evidence → Session → Rating → reports
//!          (checked)     (facts)    (acts)    (level, reason, why)
//! ```
//!
//! - [`Model`] holds the rules: the shipped `levels.toml` and at most one overlay.
//! - [`evidence`] weighs the facts of one moment; [`escalator`] says what came
//!   of the act before and what missing it costs; a [`Session`] remembers.
//! - [`assess`] folds rules and rated moments into reports, by the functions of
//!   [`stats`]; [`sql`] writes the rules as one query; with the feature `template`, the module
//!   `template` makes a table to fill in.
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
#[cfg_attr(not(feature = "import"), allow(dead_code, reason = "imports ask more of a reader than records do"))]
pub mod read;
mod record;
mod rules;
#[cfg(feature = "schema")]
pub mod schema;
mod session;
mod signal;
pub mod sql;
pub mod stats;
#[cfg(feature = "template")]
pub mod template;
mod value;
mod verdict;
pub mod wording;
mod zones;

pub use error::{Allowed, Found, Problem, RuleError, UnknownName, nearest};
pub use level::{Half, Level};
pub use moment::{DateFormat, DateFormatError, DateFormats, Days, Every, Instant, Moment, MomentError, Zone};
pub use names::{NameId, Names, TooMany};
pub use period::{Calendar, Period};
pub use printable::{brief, printable};
pub use rating::columns::{ChosenRow, Column, Columns};
pub use rating::escalator::{self, Reason};
pub use rating::evidence;
pub use rating::finding::{Change, Finding, LevelWording, NearMiss, NotCounted, Owed, Signals};
pub use rating::recipients::{KnownRecipient, Recipients, Wish};
pub use rating::row::{Details, ExplainedRating, Rating, RatingField, RatingValue};
pub use rating::why::{RatedMoment, gap};
pub use record::draft::{Draft, Reading, RecipientDraft};
pub use record::field::{Field, Shape};
pub use record::interaction::{At, Interaction, InteractionRef, Recipient, Relation, Stage, path};
pub use record::owned::{RecipientRecord, Record, RecordValue};
pub use record::packed::Fields;
pub use record::position::Position;
pub use record::row::Row;
pub use record::tag::Tag;
pub use record::window::{Scope, Window};
pub use rules::{
    CategoryRule, EffectiveRules, Enough, EscalatorRule, JourneyPlan, KindRule, Lasts, LevelRow, LevelRule, MarketRow,
    Meaning, Model, PAGE_TEXTS, PageTexts, Rung, RungRule, SHIPPED, SignalRule, Step, Unnamed, WordKind,
};
pub use session::{Keeps, Kept, MissedTag, ReportError, Session, SessionError, Settled, rate_all};
pub use signal::{SignalId, SignalSet};
pub use value::{Amount, Category, Created, Quantity, ValueId, ValueSet};
pub use verdict::Verdict;
pub use zones::UnknownZone;
