//! Gates for scripts: what must not be among the reported interactions.

use serveup::{Level, Rating};

use crate::args::GateArgs;
use crate::exit::Exit;
use crate::messages::{LISTED, count, say};

/// The gates asked for, and what was found.
pub(crate) struct Gate<'a> {
    args: &'a GateArgs,
    seen: u64,
    findings: u64,
}

impl<'a> Gate<'a> {
    pub(crate) const fn new(args: &'a GateArgs) -> Self {
        Self { args, seen: 0, findings: 0 }
    }

    /// Whether any gate was asked for.
    pub(crate) const fn asked(&self) -> bool {
        self.args.fail_below.is_some() || self.args.fail_on_failure
    }

    /// Holds one reported rating against the gates; `tell` gives the line that names it.
    pub(crate) fn consider(&mut self, rating: &Rating<'_>, tell: impl FnOnce(String) -> String) {
        self.seen += 1;
        let below = self.args.fail_below.filter(|&floor| is_below(rating, floor));
        let finding = match below {
            Some(floor) => format!("is {}, below {floor}", rating.assessment.level),
            None if self.args.fail_on_failure && rating.assessment.failure => {
                format!("is a failure: {}", rating.assessment.level)
            }
            None => return,
        };
        self.findings += 1;
        if self.findings <= LISTED {
            say(&format!("gate: {}", tell(finding)));
        }
    }

    /// The exit status, once all is considered.
    pub(crate) fn exit(&self) -> Exit {
        if !self.asked() {
            return Exit::Done;
        }
        if self.findings > LISTED {
            say(&format!("gate: and {} more", count(self.findings - LISTED, "interaction")));
        }
        if self.findings > 0 {
            Exit::GateBroken
        } else if self.seen == 0 {
            say("gate: too little to say: no interaction was reported");
            Exit::TooLittle
        } else {
            Exit::Done
        }
    }
}

/// An act that has only slid is not below anything.
fn is_below(rating: &Rating<'_>, floor: Level) -> bool {
    rating.assessment.level < floor && !rating.assessment.reason.slid()
}
