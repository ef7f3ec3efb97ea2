//! Findings in the texts of the report page, which a levels file may translate. In English they are the lines of
//! [`Finding::in_words`] with labels; a test holds them against each other.

use super::words::{Speech, day_of, plain, quoted};
use super::{Change, Finding, LevelWording, NearMiss, NotCounted, Owed, Signals};
use crate::level::Level;
use crate::rating::recipients::Wish;
use crate::rules::{Model, PageTexts, SignalRule};
use crate::verdict::Verdict;

/// The line of a finding in the texts of the page.
pub(in crate::rating) fn line(model: &Model, finding: Finding<'_>) -> String {
    let texts = model.page();
    let translated = texts.get("lang") != PageTexts::shipped().get("lang");
    Translated { model, texts, speech: Speech::new(model, LevelWording::Labels), translated }.line(finding)
}

#[derive(Clone, Copy)]
struct Translated<'m> {
    model: &'m Model,
    texts: &'m PageTexts,
    /// Whether the texts are in another language, which the labels will be of, too.
    translated: bool,
    speech: Speech<'m>,
}

impl Translated<'_> {
    fn fill(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.texts.fill(key, &values)
    }

    /// A level in a sentence. A label of another language than the sentence is in quotes.
    fn say(self, level: Level) -> String {
        if self.translated { plain(self.model.label(level)) } else { self.speech.say(level).into_owned() }
    }

    fn line(self, finding: Finding<'_>) -> String {
        let text = |key: &str| self.texts.get(key).to_owned();
        match finding {
            Finding::Verdict { verdict, assessed } => self.verdict(verdict, assessed),
            Finding::Unremarked => text("why_unremarked"),
            Finding::NoSignal => text("why_no_signal"),
            Finding::NothingNoted => text("why_nothing"),
            Finding::Noted { signals } => {
                let one = |signal: &SignalRule| {
                    self.fill("why_signal", &[("signal", signal.name.clone()), ("level", self.say(signal.level))])
                };
                self.fill("why_noted", &[("signals", self.listed(signals, one))])
            }
            Finding::PreferenceMet { wish, got, more } => self.and_more(self.preferred("why_met", wish, got), more),
            Finding::PreferenceMissed { wish, got, more } => {
                self.and_more(self.preferred("why_missed", wish, got), more)
            }
            Finding::NotCounted { signals, because } => {
                let why = match because {
                    NotCounted::ValueUnknown => "no_value_recorded",
                    NotCounted::NoValue => "no_value_created",
                    NotCounted::NotTheirs => "not_their_value",
                    NotCounted::Omitted => "act_omitted",
                };
                self.fill("why_not_counted", &[("signals", self.signals(signals)), ("why", text(why))])
            }
            Finding::NoMakeUp { lifts, shortfalls } => {
                let values = [("delights", self.signals(lifts)), ("shortfalls", self.signals(shortfalls))];
                self.fill("why_no_make_up", &values)
            }
            Finding::Declined => text("why_declined"),
            Finding::NothingOwed => text("why_nothing_owed"),
            Finding::Missed { owed, because, level } => {
                let values = [("owed", self.say(owed)), ("level", self.say(level))];
                match because {
                    Owed::Market => self.fill("why_owed_market", &values),
                    Owed::DoneBefore => self.fill("why_owed_before", &values),
                    Owed::Repeat { time, held } => {
                        let [owed, level] = values;
                        let values = [owed, level, ("n", time.to_string()), ("held", self.say(held))];
                        self.fill("why_owed_repeat", &values)
                    }
                }
            }
            Finding::Market { level } => self.fill("why_market", &[("level", self.say(level))]),
            Finding::Repeat { time, held, worth } => {
                let values = [("n", time.to_string()), ("held", self.say(held)), ("level", self.say(worth))];
                self.fill("why_repeat", &values)
            }
            Finding::BetterThanEver { peak } => self.fill("why_better", &[("level", self.say(peak))]),
            Finding::Forgotten => text("why_forgotten"),
            Finding::NearMiss(near_miss) => self.fill("why_short", &[("how", self.near_miss(near_miss))]),
        }
    }

    fn verdict(self, verdict: Verdict, assessed: Option<Level>) -> String {
        let level = ("level", self.say(verdict.level()));
        let said = match (verdict.own(), verdict.lowest()) {
            (Some(_), _) => self.fill("why_verdict", &[level]),
            (None, lowest) => {
                let key = if lowest == Level::Criminal { "or_below" } else { "or_above" };
                self.fill("why_answer", &[("answer", self.fill(key, &[level]))])
            }
        };
        let said = ("verdict", said);
        match assessed {
            None => self.fill("why_alone", &[said]),
            Some(assessed) if verdict.own() == Some(assessed) => self.fill("why_same", &[said]),
            Some(assessed) => {
                let key = if verdict.allows(assessed) { "why_allowed" } else { "why_differs" };
                self.fill(key, &[said, ("level", self.say(assessed))])
            }
        }
    }

    /// A wish, and what they got.
    fn preferred(self, key: &str, wish: Wish<'_>, got: &str) -> String {
        // the day since when they wish it comes behind what they wish
        let since = |shown: String| match day_of(wish) {
            Some(day) => self.fill("since", &[("wish", shown), ("day", day)]),
            None => shown,
        };
        let met = key == "why_met";
        let got = self.quoted(got);
        let got = if met { since(got) } else { got };
        let wanted = self.any_of(wish);
        let wanted = if met { wanted } else { since(wanted) };
        self.fill(key, &[("key", plain(wish.key)), ("wanted", wanted), ("got", got)])
    }

    fn and_more(self, what: String, more: usize) -> String {
        if more == 0 { what } else { self.fill("and_more", &[("what", what), ("n", more.to_string())]) }
    }

    fn near_miss(self, near_miss: NearMiss<'_>) -> String {
        let level = ("level", self.say(near_miss.level));
        match near_miss.change {
            Change::Without(signal) => self.fill("short_without", &[("signal", signal.to_owned()), level]),
            Change::Preferred { wish } => {
                let values = [("key", plain(wish.key)), ("wanted", self.any_of(wish)), level];
                self.fill("short_preferred", &values)
            }
            Change::ValueWanted => self.fill("short_value_wanted", &[level]),
            Change::ValueKnown => self.fill("short_value_known", &[level]),
            Change::ValueCreated => self.fill("short_value_created", &[level]),
            Change::Done => self.fill("short_done", &[level]),
            Change::OneTimeFewer => self.fill("short_fewer", &[level]),
            Change::NewToThem => self.fill("short_new", &[level]),
            Change::NoMarket => self.fill("short_no_market", &[level]),
        }
    }

    /// A text of the records, quoted as the language quotes.
    fn quoted(self, text: &str) -> String {
        let plain = quoted(text);
        self.fill("quoted", &[("text", plain[1..plain.len() - 1].to_owned())])
    }

    fn any_of(self, wish: Wish<'_>) -> String {
        let wanted: Vec<String> = wish.wanted.iter().map(|wanted| self.quoted(wanted)).collect();
        let mut wanted = wanted.into_iter();
        let first = wanted.next().unwrap_or_default();
        wanted.fold(first, |one, two| self.fill("or", &[("one", one), ("two", two)]))
    }

    fn signals(self, signals: Signals<'_>) -> String {
        self.listed(signals, |signal| signal.name.clone())
    }

    /// The first few, each shown by `show`, and how many more there are.
    fn listed(self, signals: Signals<'_>, show: impl Fn(&SignalRule) -> String) -> String {
        let listed: Vec<String> = signals.iter().take(Signals::LISTED).map(show).collect();
        let listed = listed.join(", ");
        match signals.iter().count().saturating_sub(Signals::LISTED) {
            0 => listed,
            more => self.fill("listed_more", &[("listed", listed), ("n", more.to_string())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::SignalSet;

    /// Each finding says on the page what it says elsewhere.
    #[test]
    fn in_english_the_page_says_what_everything_else_says() {
        let model = Model::with_overlay("[[levels]]\nname = \"basic\"\nlabel = \"so-so\"\n").expect("rules");
        let signals = |names: &[&str]| {
            let ids = names.iter().map(|name| model.signal(name).expect("a signal"));
            Signals::new(&model, ids.fold(SignalSet::EMPTY, SignalSet::with))
        };
        let one = ["phone".to_owned()];
        let two = ["phone".to_owned(), "a \"note\"".to_owned()];
        let since = crate::Instant::parse("2026-02-01", None).ok();
        let one = Wish { key: "channel", wanted: &one, since: None };
        let two = Wish { key: "channel", wanted: &two, since };
        let own = Verdict::of(Level::Basic);
        let open: Vec<Verdict> = (1..=5).filter_map(|step| Verdict::on_scale(step, 5)).collect();
        let mut findings = vec![
            Finding::Unremarked,
            Finding::NoSignal,
            Finding::NothingNoted,
            Finding::Noted { signals: signals(&["late"]) },
            Finding::Noted { signals: signals(&["late", "chased", "impolite", "unexpected", "on-time", "incomplete"]) },
            Finding::NoMakeUp { lifts: signals(&["unexpected"]), shortfalls: signals(&["late", "chased"]) },
            Finding::Declined,
            Finding::NothingOwed,
            Finding::Market { level: Level::Basic },
            Finding::Repeat { time: 3, held: Level::Desired, worth: Level::Basic },
            Finding::BetterThanEver { peak: Level::Desired },
            Finding::Forgotten,
        ];
        for assessed in [None, Some(Level::Basic), Some(Level::Desired), Some(Level::Criminal)] {
            findings.extend(open.iter().chain([&own]).map(|&verdict| Finding::Verdict { verdict, assessed }));
        }
        for because in [NotCounted::ValueUnknown, NotCounted::NoValue, NotCounted::NotTheirs, NotCounted::Omitted] {
            findings.push(Finding::NotCounted { signals: signals(&["unexpected"]), because });
        }
        for because in [Owed::Market, Owed::DoneBefore, Owed::Repeat { time: 2, held: Level::Surprising }] {
            findings.push(Finding::Missed { owed: Level::Desired, because, level: Level::Basic });
        }
        for wish in [one, two] {
            for more in [0, 2] {
                findings.push(Finding::PreferenceMet { wish, got: "phone", more });
                findings.push(Finding::PreferenceMissed { wish, got: "a; b", more });
            }
        }
        let changes = [
            Change::Without("late"),
            Change::ValueKnown,
            Change::ValueCreated,
            Change::ValueWanted,
            Change::Preferred { wish: one },
            Change::Preferred { wish: two },
            Change::Done,
            Change::OneTimeFewer,
            Change::NewToThem,
            Change::NoMarket,
        ];
        findings.extend(changes.map(|change| Finding::NearMiss(NearMiss { change, level: Level::Basic })));
        for finding in findings {
            assert_eq!(line(&model, finding), finding.in_words(&model, LevelWording::Labels).to_string());
        }
    }
}
