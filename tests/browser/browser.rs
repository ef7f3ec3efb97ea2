//! Finding the browser, and having it look at pages.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::paged::Figure;

/// Debian's chromium, driven by a script.
pub(crate) struct Browser {
    driver: PathBuf,
}

/// What was found in a page.
pub(crate) struct Found {
    /// In how many views it was looked at: widths, light, dark, paper.
    pub(crate) views: u64,
    /// Messages, errors, requests and overflow in all of them.
    pub(crate) heard: Vec<String>,
    /// Serious findings of the accessibility checker.
    pub(crate) unreadable: Vec<String>,
    /// The figures.
    pub(crate) figures: Vec<Figure>,
    /// What is to be read, with every detail opened.
    pub(crate) text: String,
    /// The same without scripts.
    pub(crate) without_scripts: Plain,
    /// What went wrong with the keyboard.
    pub(crate) keyboard: Vec<String>,
    /// What was tried with it.
    pub(crate) steps: u64,
    /// What an attack left behind, if it ran.
    pub(crate) hit: Option<String>,
}

/// A page where scripts are not allowed.
pub(crate) struct Plain {
    pub(crate) figures: Vec<Figure>,
    pub(crate) text: String,
    /// Buttons and inputs, which would do nothing.
    pub(crate) controls: u64,
    /// Whether a link to moments in closed details shows them.
    pub(crate) opened: bool,
}

impl Browser {
    /// The browser, if it has been set up here. Where it has not, the test says so
    /// aloud and does nothing, except that it fails where `CI` is set.
    #[track_caller]
    pub(crate) fn there() -> Option<Self> {
        let driver = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser");
        let missing = if !Path::new(CHROMIUM).exists() {
            format!("there is no {CHROMIUM}")
        } else if !driver.join("node_modules/playwright-core").is_dir() {
            format!("playwright-core is not in {}", driver.display())
        } else {
            return Some(Self { driver });
        };
        let aloud = format!("{missing}; .ci/run puts it there");
        assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "{aloud}");
        // not by a macro, whose words are kept back where the test passes
        let _ = writeln!(std::io::stderr(), "SKIPPED: no page is looked at in a browser: {aloud}");
        None
    }

    /// Looks at all pages, by the script beside this file.
    #[track_caller]
    pub(crate) fn look<'p>(&self, pages: impl Iterator<Item = &'p Path>) -> Vec<Found> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/look.mjs");
        let output =
            Command::new("node").arg(script).arg(&self.driver).arg(CHROMIUM).args(pages).output().expect("node");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("json");
        found.iter().map(Found::of).collect()
    }
}

/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

fn texts(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

fn figures(list: &Value) -> Vec<Figure> {
    let pair = |pair: &Value| match texts(pair).as_slice() {
        [is, value] => (is.clone(), value.clone()),
        _ => panic!("a figure is a pair"),
    };
    list.as_array().expect("a list").iter().map(pair).collect()
}

impl Found {
    #[track_caller]
    fn of(found: &Value) -> Self {
        let plain = &found["plain"];
        Self {
            views: found["views"].as_u64().expect("a number"),
            heard: texts(&found["heard"]),
            unreadable: texts(&found["unreadable"]),
            figures: figures(&found["figures"]),
            text: found["text"].as_str().expect("a text").to_owned(),
            without_scripts: Plain {
                figures: figures(&plain["figures"]),
                text: plain["text"].as_str().expect("a text").to_owned(),
                controls: plain["controls"].as_u64().expect("a number"),
                opened: plain["opened"].as_bool().expect("yes or no"),
            },
            keyboard: texts(&found["keyboard"]),
            steps: found["steps"].as_u64().expect("a number"),
            hit: found["hit"].as_str().map(str::to_owned),
        }
    }
}
