//! Failures, whether they bounced back, and how people met them (section 9 of the model).

mod earlier;
mod failures;
mod fold;
mod links;
mod on_paths;
mod report;
mod strategy;
mod tally;

pub use failures::Failed;
pub(crate) use failures::{Failures, Standing};
pub(crate) use fold::{Lived, RecoveryFold};
pub use report::{Item, RecoveryReport, Response, Status};
pub use strategy::{ActUsed, By, CameBack, Spent, Strategy, StrategyKey};
