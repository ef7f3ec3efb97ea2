//! What explains a level, as values: each finding serializes under a fixed tag and displays as a
//! line that a person can check by hand.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use crate::level::Level;
use crate::rating::recipients::Wish;
use crate::rules::{Model, SignalRule};
use crate::signal::SignalSet;
use crate::verdict::Verdict;

mod translated;
mod words;

pub(super) use translated::line as page_line;
pub(super) use words::Speech;

/// How levels are called in explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelWording {
    /// By their fixed names, for machines.
    Names,
    /// By the labels of the levels file, for people; in a sentence a custom label is in quotes.
    Labels,
}

/// One thing that explains a level: a line of [`Details::why`](crate::Details::why).
///
/// ```
/// use serveup::{Finding, Model, Record, Session};
///
/// let model = Model::shipped();
/// let record = Record { signals: vec!["late".into()], ..Record::new("acme", "delivery") };
/// let interaction = record.check(&model)?;
/// let mut session = Session::new(&model);
/// let (_, moment) = session.assess(&interaction)?.expect("no window leaves it out");
/// let findings = moment.findings();
/// assert!(matches!(&findings[0], Finding::Noted { signals } if signals.names().eq(["late"])));
/// assert_eq!(findings[1].to_string(), "one step short: without late it would have been expected");
/// assert_eq!(serde_json::to_value(&findings[0])?["finding"], "noted");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "finding", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Finding<'a> {
    /// The recipient's own word, or what their scale can say.
    Verdict {
        /// What they called it.
        verdict: Verdict,
        /// What it would be by the rules; `None` where nothing else was noted.
        assessed: Option<Level>,
    },
    /// Nothing was noted, so the moment counts in no share.
    Unremarked,
    /// Value was noted, but no signal.
    NoSignal,
    /// Neither value nor a signal was noted.
    NothingNoted,
    /// The signals noted.
    Noted {
        /// These, in the order of the rules.
        signals: Signals<'a>,
    },
    /// They were served the way they prefer.
    PreferenceMet {
        /// The wish in force.
        wish: Wish<'a>,
        /// What they got.
        got: &'a str,
        /// How many more preferences were met.
        more: usize,
    },
    /// They were served in another way than they prefer.
    PreferenceMissed {
        /// The wish in force.
        wish: Wish<'a>,
        /// What they got.
        got: &'a str,
        /// How many more preferences were missed.
        more: usize,
    },
    /// Signals that count for nothing.
    NotCounted {
        /// These.
        signals: Signals<'a>,
        /// Why.
        because: NotCounted,
    },
    /// Delight that does not make up for what went wrong.
    NoMakeUp {
        /// The delight.
        lifts: Signals<'a>,
        /// What went wrong.
        shortfalls: Signals<'a>,
    },
    /// The act was left out because they like it so; nothing is owed for it.
    Declined,
    /// The act was left out, and nothing was owed.
    NothingOwed,
    /// What was owed was missed.
    Missed {
        /// What was owed.
        owed: Level,
        /// Why.
        because: Owed,
        /// What that comes to.
        level: Level,
    },
    /// Everyone takes it as less by now.
    Market {
        /// As what.
        level: Level,
    },
    /// It was done before.
    Repeat {
        /// How often by now.
        time: u32,
        /// The level it slides from.
        held: Level,
        /// What it is worth now.
        worth: Level,
    },
    /// It is better than it ever was.
    BetterThanEver {
        /// The best before.
        peak: Level,
    },
    /// It was done before, longer ago than the rules remember.
    Forgotten,
    /// The one change that would have put the moment higher.
    NearMiss(NearMiss<'a>),
}

/// Why signals count for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotCounted {
    /// Nobody noted whether value was created.
    ValueUnknown,
    /// None was created.
    NoValue,
    /// None that this recipient values.
    NotTheirs,
    /// The act was left out.
    Omitted,
}

/// Why something was owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owed {
    /// Everyone takes it so.
    Market,
    /// It was done before.
    DoneBefore,
    /// It was done so often since it was held at that level.
    Repeat {
        /// How often.
        time: u32,
        /// The level.
        held: Level,
    },
}

/// One thing that could have been different, and the level then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NearMiss<'a> {
    /// What could have been different.
    pub change: Change<'a>,
    /// The level it would have been.
    pub level: Level,
}

/// One thing that could have been different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change<'a> {
    /// A shortfall that need not have happened.
    Without(&'a str),
    /// Value on record.
    ValueKnown,
    /// Value created.
    ValueCreated,
    /// Value of a kind they want.
    ValueWanted,
    /// One preference served as wanted.
    Preferred {
        /// The wish.
        wish: Wish<'a>,
    },
    /// The act done instead of left out.
    Done,
    /// The time before.
    OneTimeFewer,
    /// No history with this recipient.
    NewToThem,
    /// A market that had not caught up.
    NoMarket,
}

/// Some signals of the rules.
#[derive(Clone, Copy)]
pub struct Signals<'a> {
    rules: &'a [SignalRule],
    set: SignalSet,
}

impl<'a> Signals<'a> {
    pub(super) fn new(model: &'a Model, set: SignalSet) -> Self {
        Self { rules: model.signals(), set }
    }

    /// Each with its rule, in the order of the rules.
    pub fn iter(self) -> impl Iterator<Item = &'a SignalRule> {
        self.set.iter().map(move |signal| &self.rules[signal.index()])
    }

    /// Their names, in the same order.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.iter().map(|signal| signal.name.as_str())
    }

    /// How many names a line lists before it counts the rest.
    const LISTED: usize = 4;

    /// Adds the first few to a text, each by `show`, and how many more there are.
    fn list(self, text: &mut String, mut show: impl FnMut(&mut String, &SignalRule)) {
        for (index, signal) in self.iter().take(Self::LISTED).enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            show(text, signal);
        }
        let rest = self.set.len().saturating_sub(Self::LISTED);
        if rest > 0 {
            text.extend([" and ", &rest.to_string(), " more"]);
        }
    }

    /// Adds the names of the first few to a text, and how many more there are.
    pub(super) fn add(self, text: &mut String) {
        self.list(text, |text, signal| text.push_str(&signal.name));
    }
}

impl Display for Signals<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.add(&mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for Signals<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// As a list of names.
impl Serialize for Signals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}
