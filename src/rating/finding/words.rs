//! What findings say: a line for each, with levels called by their names or their labels.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::{Change, Finding, LevelWording, NearMiss, NotCounted, Owed};
use crate::error::Found;
use crate::level::Level;
use crate::rating::recipients::Wish;
use crate::rules::Model;
use crate::verdict::Verdict;

/// How many bytes a line usually takes.
const USUAL: usize = 96;

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
    pub(crate) fn say(self, level: Level) -> Cow<'static, str> {
        let label = self.labels.map(|model| model.label(level)).filter(|label| *label != level.name());
        label.map_or(Cow::Borrowed(level.name()), |label| Cow::Owned(quoted(label)))
    }

    /// An open verdict in words: `basic or below`.
    pub(crate) fn say_verdict(self, verdict: Verdict) -> String {
        let bound = match (verdict.own(), verdict.lowest()) {
            (Some(_), _) => "",
            (None, Level::Criminal) => " or below",
            (None, _) => " or above",
        };
        [&self.say(verdict.level()), bound].concat()
    }

    /// A finding in this wording.
    pub(crate) fn line(self, finding: Finding<'_>) -> String {
        let mut line = String::with_capacity(USUAL);
        self.add(&mut line, finding);
        line
    }

    /// What would have put it one step up, in this wording, by itself.
    pub(crate) fn near_miss(self, near_miss: NearMiss<'_>) -> String {
        let mut line = String::with_capacity(USUAL);
        self.add_near_miss(&mut line, near_miss);
        line
    }

    /// Adds a finding to a text. Lines are put together from their parts, not by `write!`, for every row has some.
    fn add(self, text: &mut String, finding: Finding<'_>) {
        let say = |level| self.say(level);
        match finding {
            Finding::Verdict { verdict, assessed } => {
                match verdict.own() {
                    Some(level) => text.extend(["the recipient called it ", &say(level)]),
                    None => text.extend(["the recipient's answer says ", &self.say_verdict(verdict)]),
                }
                match assessed {
                    None => text.push_str(", and nothing else was noted"),
                    Some(assessed) if verdict.own() == Some(assessed) => text.push_str(", and by the rules it is"),
                    Some(assessed) if verdict.allows(assessed) => {
                        text.extend([", and by the rules it is ", &say(assessed)]);
                    }
                    Some(assessed) => text.extend([", by the rules it would be ", &say(assessed)]),
                }
            }
            Finding::Unremarked => text.push_str("nothing was noted, so it stays out of every share"),
            Finding::NoSignal => text.push_str("no signal was noted"),
            Finding::NothingNoted => text.push_str("nothing was noted"),
            Finding::Noted { signals } => {
                text.push_str("noted: ");
                signals.list(text, |text, signal| text.extend([&signal.name, " (", &*say(signal.level), ")"]));
            }
            Finding::PreferenceMet { wish, got, more } => {
                let (key, got) = (plain(wish.key), quoted(got));
                text.extend(["served the way they prefer: ", &key, " ", &got, &since(wish), &and_more(more)]);
            }
            Finding::PreferenceMissed { wish, got, more } => {
                text.extend(["they prefer ", &plain(wish.key), " ", &any_of(wish), &since(wish)]);
                text.extend([", got ", &quoted(got), &and_more(more)]);
            }
            Finding::NotCounted { signals, because } => {
                text.push_str("does not count: ");
                signals.add(text);
                text.push_str(match because {
                    NotCounted::ValueUnknown => ", for no value was recorded",
                    NotCounted::NoValue => ", for it created no value",
                    NotCounted::NotTheirs => ", for the value created is not what they value",
                    NotCounted::Omitted => ", for the act was omitted",
                });
            }
            Finding::NoMakeUp { lifts, shortfalls } => {
                lifts.add(text);
                text.push_str(" does not make up for ");
                shortfalls.add(text);
            }
            Finding::Declined => text.push_str("left out, as they like it: nothing is owed for it"),
            Finding::NothingOwed => text.push_str("nothing was owed yet, so leaving it out costs nothing"),
            Finding::Missed { owed, because, level } => {
                text.push_str(&say(owed));
                match because {
                    Owed::Market => text.push_str(" was owed, as everyone takes it so,"),
                    Owed::DoneBefore => text.push_str(" was owed (done before)"),
                    Owed::Repeat { time, held } => {
                        text.extend([" was owed (time ", &time.to_string(), " since it was ", &say(held), ")"]);
                    }
                }
                text.extend([" and missed: ", &say(level)]);
            }
            Finding::Market { level } => text.extend(["everyone takes it as ", &say(level), " by now"]),
            Finding::Repeat { time, held, worth } => {
                text.extend(["time ", &time.to_string(), " since it was ", &say(held)]);
                text.extend([": worth ", &say(worth), " now"]);
            }
            Finding::BetterThanEver { peak } => text.extend(["better than ever: the best so far was ", &say(peak)]),
            Finding::Forgotten => text.push_str("longer ago than anyone remembers: new again"),
            Finding::NearMiss(near_miss) => {
                text.push_str("one step short: ");
                self.add_near_miss(text, near_miss);
            }
        }
    }

    /// Adds what would have put it one step up to a text.
    fn add_near_miss(self, text: &mut String, near_miss: NearMiss<'_>) {
        match near_miss.change {
            Change::Without(signal) => text.extend(["without ", signal]),
            Change::ValueWanted => text.push_str("with value they want"),
            Change::ValueKnown => text.push_str("with value on record"),
            Change::ValueCreated => text.push_str("with value created"),
            Change::Preferred { wish } => text.extend(["with ", &plain(wish.key), " ", &any_of(wish)]),
            Change::Done => text.push_str("had it been done"),
            Change::OneTimeFewer => text.push_str("one time fewer and"),
            Change::NewToThem => text.push_str("new to them"),
            Change::NoMarket => text.push_str("before everyone took it so"),
        }
        let still = if near_miss.change == Change::OneTimeFewer {
            " it would still have been "
        } else {
            " it would have been "
        };
        text.extend([still, &self.say(near_miss.level)]);
    }
}

impl<'a> Finding<'a> {
    /// The line with levels called as is wanted; `to_string` calls them by their names.
    #[must_use]
    pub fn in_words(self, model: &'a Model, wording: LevelWording) -> impl Display + use<'a> {
        Speech::new(model, wording).line(self)
    }
}

impl Display for Finding<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&Speech::NAMES.line(*self))
    }
}

impl Display for NearMiss<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&Speech::NAMES.near_miss(*self))
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
fn since(wish: Wish<'_>) -> String {
    day_of(wish).map(|day| format!(" (since {day})")).unwrap_or_default()
}

/// How many more there are, where there are any.
fn and_more(more: usize) -> String {
    if more > 0 { format!(" (and {more} more)") } else { String::new() }
}

/// The day, or the instant, since when someone wishes something.
pub(super) fn day_of(wish: Wish<'_>) -> Option<String> {
    wish.since.map(|since| since.to_string().trim_end_matches("T00:00:00Z").to_owned())
}

/// The same in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}
