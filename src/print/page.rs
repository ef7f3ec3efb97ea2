//! One page about a service: a self-contained file.
//!
//! Everything from the records is text: it goes through `text`, is escaped
//! by the templates, and names no anchor. The policy in the page lets nothing
//! run but its own script and style, which it names by their hashes.

mod at_risk;
mod drawing;
mod escalator;
mod failures;
mod headline;
mod journey;
mod levels;
mod moments;
mod next;
mod over_time;
mod pace;
mod person;
mod point;
mod stairs;
mod strategy;
mod text;
mod value;
mod words;

use crate::assess::report::{Report, Shown};
use crate::{Model, Zone, brief};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use journey::Points;
use words::{say, value};

/// How much is shown of what there may be much of.
pub const SHOWN: Shown = Shown { moments: 5, failures: LISTED, people: 8 };

/// How many rows of a list are shown before the rest is counted.
const LISTED: usize = 100;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// Nothing may be loaded, and nothing run but what the page itself brings: [`STYLE`] and [`SCRIPT`],
/// by the hashes of their texts. A test says what to write here where one of them has changed.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-Jj8KH/dmJ+BTgYQYJ/f0gUHV1GSkC6RgjlQFMEToGvM='; \
    script-src 'sha256-00FOBlN2TcIJ+wp2N545diRpEJ4hCKW4c0SNWr/hNz8='; \
    base-uri 'none'; form-action 'none'";

/// What every section looks at.
#[derive(Clone, Copy)]
struct Page<'a> {
    model: &'a Model,
    report: &'a Report,
    zone: &'a Zone,
    points: &'a Points,
}

/// What the head of a page says, as it was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heading<'a> {
    /// The title; `None`: that of the texts of the page.
    pub title: Option<&'a str>,
    /// From when on moments are shown.
    pub since: Option<&'a str>,
    /// Until when moments are shown.
    pub until: Option<&'a str>,
    /// As of when they are looked at.
    pub as_of: Option<&'a str>,
}

impl Heading<'_> {
    /// Which part of the records is shown; nothing where it is all of them.
    fn filter(self, model: &Model) -> Option<Markup> {
        let parts = [("shown_from", self.since), ("shown_until", self.until), ("shown_as_of", self.as_of)];
        let part = |(key, when): (&str, Option<&str>)| Some(model.page().fill(key, &[("when", &brief(when?, 60))]));
        let which = parts.into_iter().filter_map(part).collect::<Vec<_>>().join(", ");
        (!which.is_empty()).then(|| say(model, "shown", &[("which", value(which))]))
    }
}

/// The whole page, in the texts of the model.
#[must_use]
pub fn page(model: &Model, report: &Report, zone: &Zone, heading: Heading<'_>) -> String {
    let word = |key| words::text(model, key);
    let title = brief(heading.title.unwrap_or_else(|| word("title")), 120);
    let points = Points::of(&report.journey);
    let page = Page { model, report, zone, points: &points };
    let sections = [
        ("headline", "headline", headline::section(page)),
        ("journey", "journey", journey::section(page)),
        ("escalator", "escalator", escalator::section(page)),
        ("over-time", "over_time", over_time::section(page)),
        ("failures", "failures_title", failures::section(page)),
        ("value", "value", value::section(page)),
        ("at-risk", "at_risk", at_risk::section(page)),
        ("next", "next", next::section(page)),
        ("levels", "levels", levels::section(page)),
    ];
    let whole = html! {
        (DOCTYPE)
        html lang=(word("lang")) class=[page.is_short().then_some("short")] {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body data-filtered=(word("filtered")) {
                a.skip href="#main" { (word("skip")) }
                (drawing::patterns())
                header {
                    h1 { (title) }
                    p.shown {
                        (headline::span(page))
                        @if let Some(filter) = heading.filter(model) { " " (filter) }
                        @if let Some(at) = report.as_of { " " (say(model, "as_of", &[("day", value(page.date(at)))])) }
                    }
                    p.lead { (word("lead")) }
                    (drawing::legend(model))
                    (levels::meanings(model))
                    @if report.anonymous { p.note { (word("anonymous")) } }
                    nav aria-label=(word("contents")) {
                        ul { @for (id, title, _) in &sections { li { a href={ "#" (id) } { (word(title)) } } } }
                    }
                }
                main #main tabindex="-1" {
                    @for (id, title, content) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { a.here href={ "#" (id) } { (word(title)) } }
                            (content)
                        }
                    }
                }
                footer {
                    p { (word("method")) @if let Some(alike) = headline::alike(page) { " " (alike) } }
                    p { (say(model, "made_by", &[("version", value(env!("CARGO_PKG_VERSION")))])) }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    whole.into_string()
}

impl Page<'_> {
    /// Whether there is little data, and too little at every point: the page says so once and stays short.
    fn is_short(self) -> bool {
        const MOST: u64 = 100;
        let journey = &self.report.journey;
        journey.total.count <= MOST && !journey.groups.iter().any(|group| group.enough)
    }

    /// A recipient: by the name people use, if there is one, and as records call them.
    fn who(self, recipient: &str) -> Markup {
        let model = self.model;
        html! {
            @match self.report.called(recipient) {
                Some(called) => { (text::name(model, called)) " " span.aside { "(" (text::name(model, recipient)) ")" } },
                None => (self.numbered("recipient_number", recipient)),
            }
        }
    }

    /// Somebody who has a number instead of a name where that is asked for.
    fn numbered(self, key: &str, name: &str) -> Markup {
        let number = name.rsplit(' ').next().filter(|_| self.report.anonymous);
        html! {
            @match number {
                Some(number) => bdi { (say(self.model, key, &[("n", value(number))])) },
                None => (text::name(self.model, name)),
            }
        }
    }

    /// The day of an instant by the clocks of the zone.
    fn date(self, at: crate::Instant) -> String {
        let minute = at.to_minute(self.zone);
        minute.get(..10).unwrap_or(&minute).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::{POLICY, SCRIPT, STYLE};

    #[test]
    fn the_policy_names_the_style_and_the_script_as_they_are() {
        for (what, text) in [("style-src", STYLE), ("script-src", SCRIPT)] {
            let named = format!("{what} 'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
            assert!(POLICY.contains(&named), "the page has changed; write into POLICY of src/print/page.rs:\n{named}");
        }
    }
}
