//! What findings say: a line for each, with levels called by their names or their labels.

use std::fmt::{self, Display, Formatter};

use super::{Change, Finding, LevelWording, NearMiss, NotCounted, Owed};
use crate::error::Found;
use crate::level::Level;
use crate::rating::recipients::Wish;
use crate::rules::Model;
use crate::verdict::Verdict;

/// What levels are called in a sentence.
#[derive(Clone, Copy)]
pub(crate) struct Speech<'m> {
    labels: Option<&'m Model>,
}

impl<'m> Speech<'m> {
    const NAMES: Self = Self { labels: None };

    pub(crate) fn new(model: &'m Model, wording: LevelWording) -> Self {
        Self { labels: Some(model).filter(|_| wording == LevelWording::Labels) }
    }

    /// The level's name; or its label, quoted, for it need not be a word of this language.
    pub(crate) fn say(self, level: Level) -> Said<'m> {
        let label = self.labels.map(|model| model.label(level)).filter(|label| *label != level.name());
        Said { level, label }
    }

    /// An open verdict in words: `basic or below`.
    pub(crate) fn say_verdict(self, verdict: Verdict) -> String {
        let bound = match (verdict.own(), verdict.lowest()) {
            (Some(_), _) => "",
            (None, Level::Criminal) => " or below",
            (None, _) => " or above",
        };
        format!("{}{bound}", self.say(verdict.level()))
    }

    /// A finding in this wording.
    pub(crate) fn line(self, finding: Finding<'_>) -> String {
        Line { finding, speech: self }.to_string()
    }

    /// What would have put it one step up, in this wording, by itself.
    pub(crate) fn near_miss(self, near_miss: NearMiss<'_>) -> String {
        struct Alone<'a, 'm>(NearMiss<'a>, Speech<'m>);
        impl Display for Alone<'_, '_> {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                self.0.write(f, self.1)
            }
        }
        Alone(near_miss, self).to_string()
    }
}

/// A level in a sentence.
pub(crate) struct Said<'m> {
    level: Level,
    label: Option<&'m str>,
}

impl Display for Said<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.label {
            None => f.write_str(self.level.name()),
            Some(label) => f.write_str(&quoted(label)),
        }
    }
}

struct Line<'a, 'm> {
    finding: Finding<'a>,
    speech: Speech<'m>,
}

impl Display for Line<'_, '_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.finding.write(f, self.speech)
    }
}

impl<'a> Finding<'a> {
    /// The line with levels called as is wanted; `to_string` calls them by their names.
    #[must_use]
    pub fn in_words(self, model: &'a Model, wording: LevelWording) -> impl Display + use<'a> {
        Line { finding: self, speech: Speech::new(model, wording) }
    }

    fn write(self, f: &mut Formatter<'_>, speech: Speech<'_>) -> fmt::Result {
        let say = |level| speech.say(level);
        match self {
            Self::Verdict { verdict, assessed } => {
                match verdict.own() {
                    Some(level) => write!(f, "the recipient called it {}", say(level))?,
                    None => write!(f, "the recipient's answer says {}", speech.say_verdict(verdict))?,
                }
                match assessed {
                    None => f.write_str(", and nothing else was noted"),
                    Some(assessed) if verdict.own() == Some(assessed) => f.write_str(", and by the rules it is"),
                    Some(assessed) if verdict.allows(assessed) => {
                        write!(f, ", and by the rules it is {}", say(assessed))
                    }
                    Some(assessed) => write!(f, ", by the rules it would be {}", say(assessed)),
                }
            }
            Self::Unremarked => f.write_str("nothing was noted, so it stays out of every share"),
            Self::NoSignal => f.write_str("no signal was noted"),
            Self::NothingNoted => f.write_str("nothing was noted"),
            Self::Noted { signals } => {
                f.write_str("noted: ")?;
                signals.list(f, |f, signal| write!(f, "{} ({})", signal.name, say(signal.level)))
            }
            Self::PreferenceMet { wish, got, more } => {
                write!(f, "served the way they prefer: {} {}{}", plain(wish.key), quoted(got), Since(wish))?;
                if more > 0 { write!(f, " (and {more} more)") } else { Ok(()) }
            }
            Self::PreferenceMissed { wish, got, more } => {
                write!(f, "they prefer {} {}{}, got {}", plain(wish.key), any_of(wish), Since(wish), quoted(got))?;
                if more > 0 { write!(f, " (and {more} more)") } else { Ok(()) }
            }
            Self::NotCounted { signals, because } => {
                let because = match because {
                    NotCounted::ValueUnknown => "no value was recorded",
                    NotCounted::NoValue => "it created no value",
                    NotCounted::NotTheirs => "the value created is not what they value",
                    NotCounted::Omitted => "the act was omitted",
                };
                write!(f, "does not count: {signals}, for {because}")
            }
            Self::NoMakeUp { lifts, shortfalls } => write!(f, "{lifts} does not make up for {shortfalls}"),
            Self::Declined => f.write_str("left out, as they like it: nothing is owed for it"),
            Self::NothingOwed => f.write_str("nothing was owed yet, so leaving it out costs nothing"),
            Self::Missed { owed, because, level } => match because {
                Owed::Market => {
                    write!(f, "{} was owed, as everyone takes it so, and missed: {}", say(owed), say(level))
                }
                Owed::DoneBefore => write!(f, "{} was owed (done before) and missed: {}", say(owed), say(level)),
                Owed::Repeat { time, held } => write!(
                    f,
                    "{} was owed (time {time} since it was {}) and missed: {}",
                    say(owed),
                    say(held),
                    say(level)
                ),
            },
            Self::Market { level } => write!(f, "everyone takes it as {} by now", say(level)),
            Self::Repeat { time, held, worth } => {
                write!(f, "time {time} since it was {}: worth {} now", say(held), say(worth))
            }
            Self::BetterThanEver { peak } => write!(f, "better than ever: the best so far was {}", say(peak)),
            Self::Forgotten => f.write_str("longer ago than anyone remembers: new again"),
            Self::NearMiss(near_miss) => {
                f.write_str("one step short: ")?;
                near_miss.write(f, speech)
            }
        }
    }
}

impl NearMiss<'_> {
    fn write(self, f: &mut Formatter<'_>, speech: Speech<'_>) -> fmt::Result {
        match self.change {
            Change::Without(signal) => write!(f, "without {signal} it would have been ")?,
            Change::ValueWanted => f.write_str("with value they want it would have been ")?,
            Change::ValueKnown => f.write_str("with value on record it would have been ")?,
            Change::ValueCreated => f.write_str("with value created it would have been ")?,
            Change::Preferred { wish } => {
                write!(f, "with {} {} it would have been ", plain(wish.key), any_of(wish))?;
            }
            Change::Done => f.write_str("had it been done it would have been ")?,
            Change::OneTimeFewer => f.write_str("one time fewer and it would still have been ")?,
            Change::NewToThem => f.write_str("new to them it would have been ")?,
            Change::NoMarket => f.write_str("before everyone took it so it would have been ")?,
        }
        speech.say(self.level).fmt(f)
    }
}

impl Display for Finding<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write(f, Speech::NAMES)
    }
}

impl Display for NearMiss<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write(f, Speech::NAMES)
    }
}

/// A text of a record inside a line: short, on one line, and without the `;` that joins lines.
pub(super) fn plain(text: &str) -> String {
    let quoted = Found::text(text).to_string().replace(';', "\\u{3b}");
    quoted[1..quoted.len() - 1].to_owned()
}

/// The texts of a wish, any of which will do.
fn any_of(wish: Wish<'_>) -> String {
    wish.wanted.iter().map(|wanted| quoted(wanted)).collect::<Vec<_>>().join(" or ")
}

/// Since when someone wishes something, where it was not so from the beginning.
struct Since<'a>(Wish<'a>);

impl Display for Since<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match day_of(self.0) {
            Some(day) => write!(f, " (since {day})"),
            None => Ok(()),
        }
    }
}

/// The day, or the instant, since when someone wishes something.
pub(super) fn day_of(wish: Wish<'_>) -> Option<String> {
    wish.since.map(|since| since.to_string().trim_end_matches("T00:00:00Z").to_owned())
}

/// The same in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}
