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

use crate::assess::report::{Report, Shown};
use crate::{Model, Zone, brief};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use journey::Points;

/// How much is shown of what there may be much of.
pub const SHOWN: Shown = Shown { moments: 5, failures: LISTED, people: 8 };

/// How many rows of a list are shown before the rest is counted.
const LISTED: usize = 100;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// Nothing may be loaded, and nothing run but what the page itself brings: [`STYLE`] and [`SCRIPT`],
/// by the hashes of their texts. A test says what to write here where one of them has changed.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-EifAB+mZ7fGmYcm9CES/xdkoX07tCJiiiie9bEfTH5Q='; \
    script-src 'sha256-XNffs+B7CQrTiGxV0HzZpLnxu9XXC2kwSOmWT4CBwR0='; \
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
    /// The title; `None`: [`TITLE`].
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
    fn filter(self) -> Option<String> {
        let parts = [("from", self.since), ("until", self.until), ("as of", self.as_of)];
        let parts = parts.into_iter().filter_map(|(word, when)| when.map(|when| format!("{word} {}", brief(when, 60))));
        let words = parts.collect::<Vec<_>>().join(", ");
        (!words.is_empty()).then_some(words)
    }
}

/// The title of a page that is given no other.
pub const TITLE: &str = "How recipients experience this service";

/// The whole page.
#[must_use]
pub fn page(model: &Model, report: &Report, zone: &Zone, heading: Heading<'_>) -> String {
    let title = heading.title.map_or_else(|| TITLE.to_owned(), |title| brief(title, 120));
    let points = Points::of(&report.journey);
    let page = Page { model, report, zone, points: &points };
    let sections = [
        ("headline", "In short", headline::section(page)),
        ("journey", "The journey", journey::section(page)),
        ("escalator", "The escalator", escalator::section(page)),
        ("over-time", "Over time", over_time::section(page)),
        ("failures", "Failures and bounces", failures::section(page)),
        ("value", "Value created", value::section(page)),
        ("at-risk", "Recipients at risk", at_risk::section(page)),
        ("next", "What next", next::section(page)),
        ("levels", "How levels are decided", levels::section(page)),
    ];
    let whole = html! {
        (DOCTYPE)
        html lang="en" class=[page.is_short().then_some("short")] {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                (drawing::patterns())
                header {
                    h1 { (title) }
                    p.shown {
                        (headline::span(page))
                        @if let Some(filter) = heading.filter() { " Shown: only moments " (filter) "." }
                    }
                    p.lead {
                        "Service is taking action that creates value for someone else, and the person served decides \
                         whether it did. Every moment on this page has one of six levels, as the recipient experienced it."
                    }
                    (drawing::legend(model))
                    (levels::meanings(model))
                    @if report.anonymous {
                        p.note {
                            "Recipients and providers are numbered. Their names, what they said and the ids of \
                             records are omitted."
                        }
                    }
                    nav aria-label="On this page" {
                        ul { @for (id, title, _) in &sections { li { a href={ "#" (id) } { (title) } } } }
                    }
                }
                main #main tabindex="-1" {
                    @for (id, title, content) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { a.here href={ "#" (id) } { (title) } }
                            (content)
                        }
                    }
                }
                footer {
                    p {
                        "Levels are counted, and summarised by medians, never averaged. Shares are of the moments of \
                         which something was noted, with 95 % intervals (Wilson, on the number of independent moments; \
                         differences: Newcombe; beyond chance: a score test by recipient, with false discovery rates \
                         after Benjamini and Hochberg). Projections follow the rules; they are not forecasts."
                    }
                    p { "Made by serveup " (env!("CARGO_PKG_VERSION")) "." }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    whole.into_string()
}

/// What was left out of a list: nothing where all of it is shown.
fn left_out(all: usize, shown: usize, what: &str, which: &str) -> Markup {
    let (shown, rest) = (text::grouped(shown as u64), all.saturating_sub(shown) as u64);
    html! {
        @if rest > 0 {
            p.left-out { "The first " (shown) " are listed (" (which) "); " (text::count(rest, &format!("more {what}"))) " " (if rest == 1 { "is" } else { "are" }) " left out." }
        }
    }
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
        html! {
            @match self.report.called(recipient) {
                Some(called) => { (text::name(called)) " " span.aside { "(" (text::name(recipient)) ")" } },
                None => (text::name(recipient)),
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
