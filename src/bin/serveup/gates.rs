//! Prints the findings of gates and gives their exit status.

use serveup::Model;
use serveup::assess::gate::{MomentFinding, MomentGate, Outcome, ShareFindings};
use serveup::assess::journey::Journey;
use serveup::assess::recovery::RecoveryReport;
use serveup::escalator::Assessment;
use serveup::print::{key_in, short_of};
use serveup::wording::count;

use crate::args::{GateArgs, RequireArgs, RequireBounceArgs};
use crate::exit::Exit;
use crate::messages::{LISTED, say};

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Holds => Self::Done,
            Outcome::Broken => Self::GateBroken,
            Outcome::TooLittle => Self::TooLittle,
        }
    }
}

/// The gate on moments that was asked for, and what was found.
pub(crate) struct Gate {
    asked: MomentGate,
    seen: u64,
    findings: u64,
}

impl Gate {
    pub(crate) const fn new(args: &GateArgs) -> Self {
        let asked = MomentGate { floor: args.fail_below, no_failure: args.fail_on_failure };
        Self { asked, seen: 0, findings: 0 }
    }

    /// What is asked.
    pub(crate) const fn asked(&self) -> MomentGate {
        self.asked
    }

    /// Checks one reported moment; `line` gives the line that names it.
    pub(crate) fn consider(&mut self, assessment: &Assessment, line: impl FnOnce(&str) -> String) {
        self.pass(1);
        if let Some(finding) = self.asked.finding(assessment) {
            self.find(finding, line);
        }
    }

    /// Counts reported ratings.
    pub(crate) const fn pass(&mut self, ratings: u64) {
        self.seen += ratings;
    }

    /// Prints a finding.
    pub(crate) fn find(&mut self, finding: MomentFinding, line: impl FnOnce(&str) -> String) {
        self.findings += 1;
        if self.findings <= LISTED {
            say(&format!("gate: {}", line(&finding.to_string())));
        }
    }

    /// The exit status, once all is considered.
    pub(crate) fn exit(&self) -> Exit {
        let outcome = self.asked.outcome(self.seen, self.findings);
        if self.findings > LISTED {
            say(&format!("gate: {}", count(self.findings - LISTED, "more interaction")));
        }
        if outcome == Outcome::TooLittle {
            say("gate: too little data: there were no interactions");
        }
        outcome.into()
    }
}

/// Checks the lower bound of the share of every group of a roll-up.
pub(crate) fn require(model: &Model, args: &RequireArgs, journey: &Journey) -> Exit {
    args.gate().map_or(Exit::Done, |gate| tell(&gate.check(model, journey)))
}

/// The same of every group of failures.
pub(crate) fn require_of_failures(model: &Model, args: &RequireBounceArgs, report: &RecoveryReport) -> Exit {
    args.gate().map_or(Exit::Done, |gate| tell(&gate.check_failures(model, report)))
}

fn tell(findings: &ShareFindings) -> Exit {
    let outcome = findings.outcome();
    let ShareFindings { of, required, short, too_few, groups, fewest, fewest_recipients } = findings;
    for (key, low) in short.iter().take(usize::try_from(LISTED).unwrap_or(usize::MAX)) {
        let key = if key.is_empty() { "all".to_owned() } else { key_in(key, 80) };
        let (low, required) = short_of(*low, *required);
        say(&format!("gate: {key}: at least {low} {}, {required} required", of.name()));
    }
    let more = (short.len() as u64).saturating_sub(LISTED);
    if more > 0 {
        say(&format!("gate: {}", count(more, "more group")));
    }
    if outcome == Outcome::TooLittle {
        let what = if *groups == 0 {
            "there are no groups".to_owned()
        } else {
            let few = count(*too_few, "group");
            format!("{few} with fewer than {fewest} {} or {fewest_recipients} recipients", findings.counted())
        };
        say(&format!("gate: too little data: {what}"));
    }
    outcome.into()
}
