//! The page of `serveup report` in a real browser: quiet, complete, readable
//! by everyone, and with the figures of the other commands.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "tests lay out pages and read what the browser makes of them")]

mod browser;
#[path = "../support/page.rs"]
mod paged;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use browser::{Browser, Found};
use paged::{ATTACK, Documents};

const EXAMPLES: [&str; 4] = ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"];

/// Real records, where they lie beside the project.
const SHARED: &str = "../shared/data/servicenow-incidents.jsonl";

/// A page and the records it tells of.
struct Page {
    records: PathBuf,
    html: PathBuf,
}

impl Page {
    #[track_caller]
    fn new(folder: &Path, name: &str, records: PathBuf, flags: &[&str]) -> Self {
        let html = folder.join(format!("{name}.html"));
        let output = Command::new(env!("CARGO_BIN_EXE_serveup"))
            .args(["report", "-q"])
            .arg(&records)
            .arg("-o")
            .arg(&html)
            .args(flags)
            .env_remove("SERVEUP_LEVELS")
            .output()
            .expect("serveup");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { records, html }
    }
}

/// All pages, laid out once.
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    fs::create_dir_all(&folder).expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |name: &str, content: &str| {
        let path = folder.join(name);
        fs::write(&path, content).expect("records");
        path
    };
    let mut pages: Vec<Page> =
        EXAMPLES.iter().map(|name| Page::new(&folder, name, root.join("examples/data").join(name), &[])).collect();
    if root.join(SHARED).exists() {
        pages.push(Page::new(&folder, "shared", root.join(SHARED), &[]));
    }
    pages.push(Page::new(&folder, "attack", write("attack.json", ATTACK), &[]));
    pages.push(Page::new(&folder, "anonymous", root.join("examples/data/helpdesk.jsonl"), &["--anonymous"]));
    pages.push(Page::new(&folder, "none", write("none.json", "[]"), &[]));
    let untimed = r#"{"recipient":"a","point":"p","signals":["late"]}"#;
    pages.push(Page::new(&folder, "untimed", write("untimed.json", untimed), &[]));
    pages
});

/// What the browser found, asked once for all tests; `None` where there is no browser.
static FOUND: LazyLock<Option<Vec<Found>>> = LazyLock::new(|| {
    let browser = Browser::there()?;
    Some(browser.look(PAGES.iter().map(|page| page.html.as_path())))
});

/// Each page with what was found.
fn found() -> impl Iterator<Item = (&'static Page, &'static Found)> {
    PAGES.iter().zip(FOUND.iter().flatten())
}

#[test]
fn pages_are_quiet_and_fit_every_width_light_dark_and_on_paper() {
    for (page, found) in found() {
        assert_eq!(found.heard, Vec::<String>::new(), "{}", page.html.display());
        assert!(found.views >= 9, "{} views", found.views);
    }
}

#[test]
fn everyone_can_read_them() {
    for (page, found) in found() {
        assert_eq!(found.unreadable, Vec::<String>::new(), "{}", page.html.display());
    }
}

#[test]
fn the_figures_are_those_of_the_other_commands() {
    for (page, found) in found() {
        let file = page.records.display().to_string();
        let counts = Documents::of(&file, &[], &[], &[]).compare(&file, &found.figures);
        if file.ends_with("helpdesk.jsonl") {
            // there are nine kinds of moves from one loyalty to another, and more of all else
            assert!(counts.iter().all(|(_, count)| *count > 8), "{counts:?}");
        }
    }
}

#[test]
fn without_scripts_everything_is_there() {
    for (page, found) in found() {
        assert!(found.without_scripts.figures == found.figures, "{}", page.html.display());
        assert_eq!(found.without_scripts.text, found.text, "{}", page.html.display());
        assert_eq!(found.without_scripts.controls, 0, "{}: what does nothing is not there", page.html.display());
        // a link to moments opens them
        assert!(found.without_scripts.opened, "{}", page.html.display());
    }
}

#[test]
fn tables_are_sorted_and_filtered_with_the_keyboard() {
    let tried: Vec<_> = found().filter(|(page, _)| page.records.ends_with("helpdesk.jsonl")).collect();
    for (page, found) in &tried {
        assert_eq!(found.keyboard, Vec::<String>::new(), "{}", page.html.display());
        assert!(found.steps >= 8, "{} steps were tried", found.steps);
    }
    assert!(FOUND.is_none() || tried.len() == 2);
}

#[test]
fn an_attack_does_nothing_and_is_shown() {
    let Some((_, found)) = found().find(|(page, _)| page.records.ends_with("attack.json")) else { return };
    assert_eq!(found.hit, None, "something ran");
    for shown in [
        "<script>window.hit=1</script>",
        "</svg><script>window.hit=5</script>",
        "</style><script>window.hit=6</script>/",
        "javascript:window.hit=7",
        "\"><img src=x onerror=window.hit=4>",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "&lt;script&gt;window.hit=13&lt;/script&gt;",
        "\\u{202e}evil",
    ] {
        assert!(found.text.contains(shown), "{shown}");
    }
}
